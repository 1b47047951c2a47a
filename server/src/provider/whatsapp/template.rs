//! Our templates in the Cloud API's words: tags become parameters, named after the tag.
//!
//! Parameters stand in the order in which tags are first used, so the same list serves named templates
//! and positional ones (`{{1}}`), which merchants may have had approved elsewhere.

use dispatch::template::{
    Button, ButtonAct, Content, Header, Rendered, RenderedAct, RenderedButton, RenderedHeader, Tag,
    TextError, Variant, tags, with_placeholders,
};
use serde_json::{Value, json};

/// How a template names its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameters {
    /// `{{first_name}}`: what we create.
    Named,
    /// `{{1}}`: what others created.
    Positional,
}

/// What a reviewer sees of a picture or document: handles of uploaded samples.
#[derive(Debug, Clone, Default)]
pub struct Samples {
    /// Of the header's picture or document.
    pub header_handle: Option<String>,
}

/// A text with its tags as the provider writes them.
fn written(text: &str, tags: &[Tag], parameters: Parameters) -> Result<String, TextError> {
    with_placeholders(text, |tag| match parameters {
        Parameters::Named => format!("{{{{{tag}}}}}"),
        Parameters::Positional => {
            let place = tags.iter().position(|t| *t == tag).unwrap_or_default() + 1;
            format!("{{{{{place}}}}}")
        }
    })
}

/// A component whose text has parameters, with a sample of each.
fn text_component(kind: &str, text: &str, parameters: Parameters) -> Result<Value, TextError> {
    let tags = tags(text)?;
    let mut component = json!({"type": kind, "text": written(text, &tags, parameters)?});
    if tags.is_empty() {
        return Ok(component);
    }
    let lower = kind.to_lowercase();
    component["example"] = match parameters {
        Parameters::Named => {
            let samples: Vec<_> = tags
                .iter()
                .map(|tag| json!({"param_name": tag.word(), "example": tag.sample()}))
                .collect();
            json!({ format!("{lower}_text_named_params"): samples })
        }
        Parameters::Positional => {
            let samples: Vec<_> = tags.iter().map(|tag| tag.sample()).collect();
            // A body has a list of sets of samples, a header one set.
            match kind {
                "BODY" => json!({ "body_text": [samples] }),
                _ => json!({ format!("{lower}_text"): samples }),
            }
        }
    };
    Ok(component)
}

fn header(
    header: &Header,
    samples: &Samples,
    parameters: Parameters,
) -> Result<Option<Value>, TextError> {
    let media = |format: &str| {
        let handle = samples.header_handle.clone().unwrap_or_default();
        json!({"type": "HEADER", "format": format, "example": {"header_handle": [handle]}})
    };
    Ok(match header {
        Header::None => None,
        Header::Text(text) => {
            let mut component = text_component("HEADER", text, parameters)?;
            component["format"] = json!("TEXT");
            Some(component)
        }
        Header::Image(_) => Some(media("IMAGE")),
        Header::Document(_) => Some(media("DOCUMENT")),
        Header::Location => Some(json!({"type": "HEADER", "format": "LOCATION"})),
    })
}

fn button(button: &Button) -> Result<Value, TextError> {
    Ok(match &button.act {
        ButtonAct::Reply { .. } => json!({"type": "QUICK_REPLY", "text": button.label}),
        ButtonAct::Phone { number } => {
            json!({"type": "PHONE_NUMBER", "text": button.label, "phone_number": number})
        }
        ButtonAct::Url { url } => {
            // The one variable of an address is always `{{1}}` (contract §6.2).
            let written = with_placeholders(url, |_| "{{1}}".to_owned())?;
            let mut value = json!({"type": "URL", "text": button.label, "url": written});
            if let Some(tag) = tags(url)?.first() {
                value["example"] = json!([with_placeholders(url, |_| tag.sample().to_owned())?]);
            }
            value
        }
    })
}

/// The `components` of a template: what is created and what an edit replaces.
///
/// # Errors
/// What is wrong with a text.
pub fn components(
    content: &Content,
    samples: &Samples,
    parameters: Parameters,
) -> Result<Vec<Value>, TextError> {
    let mut components = Vec::with_capacity(4);
    components.extend(header(&content.header, samples, parameters)?);
    components.push(text_component("BODY", &content.body, parameters)?);
    if let Some(footer) = &content.footer {
        components.push(json!({"type": "FOOTER", "text": footer}));
    }
    if !content.buttons.is_empty() {
        let buttons = content.buttons.iter().map(button).collect::<Result<Vec<_>, _>>()?;
        components.push(json!({"type": "BUTTONS", "buttons": buttons}));
    }
    Ok(components)
}

/// The body of `POST /{waba}/message_templates` for a variant.
///
/// # Errors
/// What is wrong with the variant's text.
pub fn create_body(
    variant: &Variant,
    samples: &Samples,
    parameters: Parameters,
) -> Result<Value, TextError> {
    Ok(json!({
        "name": variant.name,
        "language": variant.language.code(),
        "category": variant.category.word().to_uppercase(),
        "parameter_format": match parameters {
            Parameters::Named => "NAMED",
            Parameters::Positional => "POSITIONAL",
        },
        "components": components(&variant.content, samples, parameters)?,
    }))
}

fn text_parameter(tag: Tag, value: &str, parameters: Parameters) -> Value {
    match parameters {
        Parameters::Named => json!({"type": "text", "parameter_name": tag.word(), "text": value}),
        Parameters::Positional => json!({"type": "text", "text": value}),
    }
}

fn header_parameter(header: &RenderedHeader, parameters: Parameters) -> Option<Value> {
    Some(match header {
        RenderedHeader::Text { value, .. } => {
            let (tag, value) = value.as_ref()?;
            text_parameter(*tag, value, parameters)
        }
        RenderedHeader::Image { link } => json!({"type": "image", "image": {"link": link}}),
        RenderedHeader::Document { link, name } => {
            json!({"type": "document", "document": {"link": link, "filename": name}})
        }
        RenderedHeader::Location { latitude, longitude, name } => {
            json!({"type": "location", "location":
                {"latitude": latitude, "longitude": longitude, "name": name, "address": name}})
        }
    })
}

fn button_component(index: usize, button: &RenderedButton) -> Option<Value> {
    let (sub_type, parameter) = match &button.does {
        RenderedAct::Url { suffix, .. } => {
            ("url", json!({"type": "text", "text": suffix.as_ref()?}))
        }
        RenderedAct::Reply { action } => {
            ("quick_reply", json!({"type": "payload", "payload": action.word()}))
        }
        RenderedAct::Phone { .. } => return None,
    };
    Some(json!({"type": "button", "sub_type": sub_type, "index": index.to_string(),
        "parameters": [parameter]}))
}

/// The `template` object of a send, from rendered text.
#[must_use]
pub fn send_object(
    name: &str,
    language: &str,
    rendered: &Rendered,
    parameters: Parameters,
) -> Value {
    // A part without parameters must not be mentioned (error 132000).
    let mut components = Vec::new();
    if let Some(parameter) = rendered.header.as_ref().and_then(|h| header_parameter(h, parameters))
    {
        components.push(json!({"type": "header", "parameters": [parameter]}));
    }
    if !rendered.values.is_empty() {
        let values: Vec<_> =
            rendered.values.iter().map(|(tag, v)| text_parameter(*tag, v, parameters)).collect();
        components.push(json!({"type": "body", "parameters": values}));
    }
    let buttons = rendered.buttons.iter().enumerate();
    components.extend(buttons.filter_map(|(index, button)| button_component(index, button)));
    let mut template = json!({"name": name, "language": {"code": language}});
    if !components.is_empty() {
        template["components"] = Value::Array(components);
    }
    template
}

#[cfg(test)]
mod tests {
    use super::*;
    use dispatch::starter;
    use dispatch::template::{Values, render};

    fn delivered() -> &'static Variant {
        starter::all().find(|v| v.name == "facteur_delivered").expect("a starter template")
    }

    #[test]
    fn every_tag_becomes_a_parameter_with_a_sample() {
        for parameters in [Parameters::Named, Parameters::Positional] {
            for variant in starter::all() {
                let body = create_body(variant, &Samples::default(), parameters)
                    .expect("a body")
                    .to_string();
                assert!(!body.contains("<<") && !body.contains(">>"), "{body}");
            }
        }
        let body =
            create_body(delivered(), &Samples::default(), Parameters::Named).expect("a body");
        assert_eq!(body["components"][0]["type"], "BODY");
        let text = body["components"][0]["text"].as_str().expect("a text");
        assert!(text.contains("{{first_name}}") && text.contains("{{companyname}}"));
        let samples = &body["components"][0]["example"]["body_text_named_params"];
        assert_eq!(samples[0], json!({"param_name": "first_name", "example": "Camille"}));
        let body =
            create_body(delivered(), &Samples::default(), Parameters::Positional).expect("a body");
        assert!(body["components"][0]["text"].as_str().is_some_and(|t| t.contains("{{1}}")));
    }

    #[test]
    fn a_send_carries_the_values_in_the_templates_own_order() {
        let values = Values::default().with(Tag::FirstName, "Ada").with(Tag::CompanyName, "Lune");
        let rendered = render(&delivered().content, &values).expect("a text");
        let named = send_object("t", "en", &rendered, Parameters::Named);
        let list = named["components"][0]["parameters"].as_array().expect("parameters");
        assert_eq!(list.len(), rendered.values.len());
        assert_eq!(list[0], json!({"type": "text", "parameter_name": "first_name", "text": "Ada"}));
        let bare = Rendered { values: vec![], ..rendered };
        assert!(send_object("t", "en", &bare, Parameters::Named).get("components").is_none());
    }
}
