//! Our templates in the Cloud API's words: tags become parameters, named after the tag.
//!
//! Parameters stand in the order in which tags are first used, so the same list serves named templates
//! and positional ones (`{{1}}`), which merchants may have had approved elsewhere.

use dispatch::template::{Rendered, Tag, TextError, Variant, tags, with_placeholders};
use serde_json::{Value, json};

/// How a template names its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameters {
    /// `{{first_name}}`: what we create.
    Named,
    /// `{{1}}`: what others created.
    Positional,
}

/// What reviewers see in the place of a tag: every parameter needs a sample.
#[must_use]
pub const fn sample(tag: Tag) -> &'static str {
    match tag {
        Tag::Carrier => "PostNL",
        Tag::CompanyName => "Maison Lune",
        Tag::WhatsappNumber => "+33 1 39 00 00 00",
        Tag::FirstName => "Camille",
        Tag::OrderNumber => "F-2026-1247",
        Tag::TrackingNumber => "3SYZXG132912330",
        Tag::TrackingUrl => "https://track.example.com/3SYZXG132912330",
        Tag::PickupPoint => "Le Fournil de Camille",
    }
}

/// The body of `POST /{waba}/message_templates` for a variant.
///
/// # Errors
/// What is wrong with the variant's text.
pub fn create_body(variant: &Variant, parameters: Parameters) -> Result<Value, TextError> {
    let tags = tags(&variant.body)?;
    let text = with_placeholders(&variant.body, |tag| match parameters {
        Parameters::Named => format!("{{{{{tag}}}}}"),
        Parameters::Positional => {
            let place = tags.iter().position(|t| *t == tag).unwrap_or_default() + 1;
            format!("{{{{{place}}}}}")
        }
    })?;
    let mut body = json!({"type": "BODY", "text": text});
    if !tags.is_empty() {
        body["example"] = match parameters {
            Parameters::Named => {
                let samples: Vec<_> = tags
                    .iter()
                    .map(|tag| json!({"param_name": tag.word(), "example": sample(*tag)}))
                    .collect();
                json!({ "body_text_named_params": samples })
            }
            Parameters::Positional => {
                let samples: Vec<_> = tags.iter().map(|tag| sample(*tag)).collect();
                json!({ "body_text": [samples] })
            }
        };
    }
    let mut components = Vec::with_capacity(4);
    if let Some(header) = &variant.header {
        components.push(json!({"type": "HEADER", "format": "TEXT", "text": header}));
    }
    components.push(body);
    if let Some(footer) = &variant.footer {
        components.push(json!({"type": "FOOTER", "text": footer}));
    }
    if !variant.buttons.is_empty() {
        let buttons: Vec<_> =
            variant.buttons.iter().map(|b| json!({"type": "QUICK_REPLY", "text": b})).collect();
        components.push(json!({"type": "BUTTONS", "buttons": buttons}));
    }
    Ok(json!({
        "name": variant.name,
        "language": variant.language.code(),
        "category": variant.category.word().to_uppercase(),
        "parameter_format": match parameters {
            Parameters::Named => "NAMED",
            Parameters::Positional => "POSITIONAL",
        },
        "components": components,
    }))
}

/// The `template` object of a send, from rendered text.
#[must_use]
pub fn send_object(
    name: &str,
    language: &str,
    rendered: &Rendered,
    parameters: Parameters,
) -> Value {
    let values: Vec<_> = rendered
        .values
        .iter()
        .map(|(tag, value)| match parameters {
            Parameters::Named => {
                json!({"type": "text", "parameter_name": tag.word(), "text": value})
            }
            Parameters::Positional => json!({"type": "text", "text": value}),
        })
        .collect();
    let mut template = json!({"name": name, "language": {"code": language}});
    // A part without parameters must not be mentioned (error 132000).
    if !values.is_empty() {
        template["components"] = json!([{"type": "body", "parameters": values}]);
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
                let body = create_body(variant, parameters).expect("a body").to_string();
                assert!(!body.contains("<<") && !body.contains(">>"), "{body}");
            }
        }
        let body = create_body(delivered(), Parameters::Named).expect("a body");
        assert_eq!(body["components"][0]["type"], "BODY");
        let text = body["components"][0]["text"].as_str().expect("a text");
        assert!(text.contains("{{first_name}}") && text.contains("{{companyname}}"));
        let samples = &body["components"][0]["example"]["body_text_named_params"];
        assert_eq!(samples[0], json!({"param_name": "first_name", "example": "Camille"}));
        let body = create_body(delivered(), Parameters::Positional).expect("a body");
        assert!(body["components"][0]["text"].as_str().is_some_and(|t| t.contains("{{1}}")));
    }

    #[test]
    fn a_send_carries_the_values_in_the_templates_own_order() {
        let values = Values::default().with(Tag::FirstName, "Ada").with(Tag::CompanyName, "Lune");
        let rendered = render(delivered(), &values).expect("a text");
        let named = send_object("t", "en", &rendered, Parameters::Named);
        let list = named["components"][0]["parameters"].as_array().expect("parameters");
        assert_eq!(list.len(), rendered.values.len());
        assert_eq!(list[0], json!({"type": "text", "parameter_name": "first_name", "text": "Ada"}));
        let bare = Rendered { values: vec![], ..rendered };
        assert!(send_object("t", "en", &bare, Parameters::Named).get("components").is_none());
    }
}
