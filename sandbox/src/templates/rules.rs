//! The rules a template is created by, with the subcodes of their errors.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{ButtonKind, Format, Header, Template, problem::Problem, text::Text};
use crate::state::message::Category;

const LANGUAGES: &str = "af sq ar ar_EG ar_AE ar_LB ar_MA ar_QA ar_SA az bn bg ca zh_CN zh_HK \
    zh_TW hr cs da nl en en_GB en_US en_AU en_CA en_IN et fil fi fr fr_CA fr_BE ka de el gu ha he \
    hi hu id ga it ja kn kk rw_RW ko ky_KG lo lv lt mk ms ml mr nb fa pl pt_BR pt_PT pa ro ru sr \
    sk sl es es_AR es_ES es_MX es_CL es_CO es_PE es_VE sw sv ta te th tr uk ur uz vi zu";

const HEADER_LIMIT: usize = 60;
const BODY_LIMIT: usize = 1_024;
const FOOTER_LIMIT: usize = 60;
const LABEL_LIMIT: usize = 25;
const URL_LIMIT: usize = 2_000;

impl Template {
    /// Reads a create body under every rule that looks at one template alone.
    pub(crate) fn read(source: &Value) -> Result<Self, Problem> {
        let name = string(source, "name")?;
        if name.chars().count() > 512 {
            return Err(Problem::too_long("name", 512));
        }
        if name.is_empty()
            || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        {
            return Err(Problem::plain(
                "A template's name has lower-case letters, digits and underscores only.",
            ));
        }
        let language = string(source, "language")?;
        if !LANGUAGES.split_whitespace().any(|known| known == language) {
            return Err(Problem::plain(format!("The language {language} is not supported.")));
        }
        let category = Category::read(string(source, "category")?).ok_or_else(|| {
            Problem::plain("category is one of UTILITY, MARKETING, AUTHENTICATION.")
        })?;
        let format = match source["parameter_format"].as_str().map(str::to_ascii_uppercase) {
            None if source["parameter_format"].is_null() => Format::Positional,
            Some(format) if format == "POSITIONAL" => Format::Positional,
            Some(format) if format == "NAMED" => Format::Named,
            _ => return Err(Problem::plain("parameter_format is positional or named.")),
        };
        time_to_live(&source["message_send_ttl_seconds"], category)?;
        let empty = Vec::new();
        let components = source["components"].as_array().unwrap_or(&empty);
        let mut read = Parts::default();
        for component in components {
            read.add(component, format)?;
        }
        let body = read.body.ok_or_else(|| Problem::body("A template has exactly one BODY."))?;
        let mut source = source.clone();
        source["category"] = json!(category.as_str());
        source["parameter_format"] = json!(format.as_str());
        Ok(Self {
            name: name.to_owned(),
            language: language.to_owned(),
            category,
            format,
            header: read.header,
            body,
            footer: read.footer,
            buttons: read.buttons.unwrap_or_default(),
            source: upper_cased(source),
        })
    }

    /// Whether body and footer say the same.
    pub(crate) fn has_wording_of(&self, other: &Self) -> bool {
        self.body == other.body && self.footer == other.footer
    }
}

/// How long Meta tries to deliver, in seconds; -1 is thirty days.
fn time_to_live(given: &Value, category: Category) -> Result<(), Problem> {
    let range = match category {
        Category::Utility => 30..=43_200,
        Category::Authentication => 30..=900,
        Category::Marketing => 43_200..=2_592_000,
    };
    let has_default = category != Category::Marketing;
    match given.as_i64() {
        None if given.is_null() => Ok(()),
        Some(-1) if has_default => Ok(()),
        Some(seconds) if range.contains(&seconds) => Ok(()),
        _ => Err(Problem::plain(format!(
            "message_send_ttl_seconds of a {} template is between {} and {}.",
            category.as_str(),
            range.start(),
            range.end(),
        ))),
    }
}

/// Components as far as they were read.
#[derive(Default)]
struct Parts {
    header: Option<Header>,
    body: Option<Text>,
    footer: Option<String>,
    buttons: Option<Vec<ButtonKind>>,
}

impl Parts {
    fn add(&mut self, component: &Value, format: Format) -> Result<(), Problem> {
        match string(component, "type")?.to_ascii_uppercase().as_str() {
            "HEADER" if self.header.is_none() => self.header = Some(header(component, format)?),
            "BODY" if self.body.is_none() => self.body = Some(body(component, format)?),
            "FOOTER" if self.footer.is_none() => self.footer = Some(footer(component)?),
            "BUTTONS" if self.buttons.is_none() => self.buttons = Some(buttons(component)?),
            "HEADER" => return Err(Problem::header("A template has at most one HEADER.")),
            "BODY" => return Err(Problem::body("A template has exactly one BODY.")),
            "FOOTER" => return Err(Problem::footer("A template has at most one FOOTER.")),
            "BUTTONS" => return Err(Problem::plain("A template has at most one BUTTONS.")),
            other => return Err(Problem::plain(format!("Unknown component type {other}."))),
        }
        Ok(())
    }
}

fn header(component: &Value, format: Format) -> Result<Header, Problem> {
    let kind = component["format"].as_str().unwrap_or("TEXT").to_ascii_uppercase();
    match kind.as_str() {
        "TEXT" => {
            let source = string(component, "text")?;
            if source.chars().count() > HEADER_LIMIT {
                return Err(Problem::too_long("header", HEADER_LIMIT));
            }
            if source.trim().is_empty() || source.contains(['*', '~', '`', '\n']) {
                return Err(Problem::header("A header is one line of plain text, without markup."));
            }
            let text = Text::parse(source);
            variables(&text, format).map_err(Problem::header)?;
            if text.slot_count() > 1 {
                return Err(Problem::header("A header has at most one variable."));
            }
            samples(component, &text, format, "header_text").map_err(Problem::header)?;
            Ok(Header::Text(text))
        }
        "IMAGE" => media(component, "image"),
        "VIDEO" => media(component, "video"),
        "DOCUMENT" => media(component, "document"),
        "LOCATION" => Ok(Header::Location),
        other => Err(Problem::header(format!("Unknown header format {other}."))),
    }
}

fn media(component: &Value, kind: &'static str) -> Result<Header, Problem> {
    match component["example"]["header_handle"].as_array() {
        Some(handles) if !handles.is_empty() => Ok(Header::Media(kind)),
        _ => Err(Problem::header("A media header needs example.header_handle.")),
    }
}

fn body(component: &Value, format: Format) -> Result<Text, Problem> {
    let source = string(component, "text")?;
    if source.chars().count() > BODY_LIMIT {
        return Err(Problem::too_long("body", BODY_LIMIT));
    }
    if source.trim().is_empty() {
        return Err(Problem::body("The body is empty."));
    }
    let text = Text::parse(source);
    variables(&text, format).map_err(Problem::body)?;
    if text.starts_or_ends_with_slot() {
        return Err(Problem::new(
            2_388_299,
            "Leading or trailing parameters not allowed",
            "Variables can't be at the start or end of the template.",
        ));
    }
    if text.has_adjacent_slots() {
        return Err(Problem::body("Two variables need text between them."));
    }
    if text.slot_count() > 0 && text.word_count() < 2 * text.slot_count() + 1 {
        return Err(Problem::new(
            2_388_293,
            "Parameters To Words Ratio Exceeds Limit",
            "There are too many variables for the length of the text. Write more words.",
        ));
    }
    samples(component, &text, format, "body_text").map_err(Problem::body)?;
    Ok(text)
}

fn footer(component: &Value) -> Result<String, Problem> {
    let text = string(component, "text")?;
    if text.chars().count() > FOOTER_LIMIT {
        return Err(Problem::too_long("footer", FOOTER_LIMIT));
    }
    if text.trim().is_empty() || text.contains("{{") {
        return Err(Problem::footer("A footer is plain text without variables."));
    }
    Ok(text.to_owned())
}

/// Names of variables: 1..n without gaps, or lower-case words.
fn variables(text: &Text, format: Format) -> Result<(), String> {
    let slots = text.slots();
    match format {
        Format::Positional => {
            let gapless = (1..=slots.len()).all(|n| slots.contains(&n.to_string().as_str()));
            gapless
                .then_some(())
                .ok_or_else(|| "Variables are numbered from {{1}}, without gaps.".into())
        }
        Format::Named => {
            let letter = |b: u8| b.is_ascii_lowercase() || b == b'_';
            let named = |name: &&str| {
                name.bytes().next().is_some_and(letter)
                    && name.bytes().all(|b| letter(b) || b.is_ascii_digit())
            };
            match slots.iter().find(|name| !named(name)) {
                None => Ok(()),
                Some(name) => Err(format!(
                    "{{{{{name}}}}} is not a variable's name: lower-case letters and underscores."
                )),
            }
        }
    }
}

/// Every variable has a sample.
fn samples(component: &Value, text: &Text, format: Format, key: &str) -> Result<(), String> {
    let slots = text.slots();
    if slots.is_empty() {
        return Ok(());
    }
    let example = &component["example"];
    let missing = |name: &str| format!("The variable {{{{{name}}}}} has no sample.");
    match format {
        Format::Positional => {
            let given = &example[key];
            // `body_text` holds one list per set of samples, `header_text` is the list itself.
            let row = given.get(0).filter(|first| first.is_array()).unwrap_or(given);
            let count = row.as_array().map_or(0, Vec::len);
            slots.get(count).map_or(Ok(()), |name| Err(missing(name)))
        }
        Format::Named => {
            let given = example[format!("{key}_named_params")].as_array();
            let has = |name: &str| {
                given.is_some_and(|all| {
                    all.iter().any(|one| one["param_name"] == name && one["example"].is_string())
                })
            };
            slots.iter().find(|name| !has(name)).map_or(Ok(()), |name| Err(missing(name)))
        }
    }
}

fn buttons(component: &Value) -> Result<Vec<ButtonKind>, Problem> {
    let empty = Vec::new();
    let given = component["buttons"].as_array().unwrap_or(&empty);
    if given.is_empty() || given.len() > 10 {
        return Err(Problem::plain("BUTTONS holds one to ten buttons."));
    }
    let read: Vec<_> = given.iter().map(button).collect::<Result<_, _>>()?;
    let count = |kind: &str| read.iter().filter(|button| button.sub_type() == kind).count();
    for (kind, limit) in [("url", 2), ("phone_number", 1), ("copy_code", 1)] {
        if count(kind) > limit {
            return Err(Problem::plain(format!("A template has at most {limit} {kind} buttons.")));
        }
    }
    // Quick replies stand together, and so do the others: one change of kind at most.
    let quick: Vec<bool> = read.iter().map(|button| button.sub_type() == "quick_reply").collect();
    if quick.windows(2).filter(|pair| pair[0] != pair[1]).count() > 1 {
        return Err(Problem::plain("Quick replies stand together, and so do other buttons."));
    }
    let labels: HashSet<_> = given.iter().filter_map(|button| button["text"].as_str()).collect();
    let labelled = given.iter().filter(|button| button["text"].is_string()).count();
    if labels.len() < labelled {
        return Err(Problem::plain("Two buttons have the same text."));
    }
    Ok(read)
}

fn button(given: &Value) -> Result<ButtonKind, Problem> {
    let kind = string(given, "type")?.to_ascii_uppercase();
    let text = match (kind.as_str(), given["text"].as_str()) {
        (_, Some(text)) => text.to_owned(),
        ("COPY_CODE", None) => "Copy code".to_owned(),
        (_, None) => return Err(Problem::plain("A button needs a text.")),
    };
    if text.trim().is_empty() {
        return Err(Problem::plain("A button needs a text."));
    }
    if text.chars().count() > LABEL_LIMIT {
        return Err(Problem::too_long("button text", LABEL_LIMIT));
    }
    Ok(match kind.as_str() {
        "QUICK_REPLY" => ButtonKind::QuickReply { text },
        "URL" => {
            let source = string(given, "url")?;
            if source.chars().count() > URL_LIMIT {
                return Err(Problem::too_long("button url", URL_LIMIT));
            }
            if !source.starts_with("https://") && !source.starts_with("http://") {
                return Err(Problem::plain("A button's url begins with https:// or http://."));
            }
            let url = Text::parse(source);
            if url.slot_count() > 1 || (url.slot_count() == 1 && !url.ends_with_slot()) {
                return Err(Problem::plain("A button's url has one variable at most, at its end."));
            }
            if url.slot_count() == 1 && given["example"].is_null() {
                return Err(Problem::plain("A button's url with a variable needs an example."));
            }
            ButtonKind::Url { text, url }
        }
        "PHONE_NUMBER" => {
            let phone_number = string(given, "phone_number")?.to_owned();
            if phone_number.chars().count() > 20 {
                return Err(Problem::too_long("button phone_number", 20));
            }
            ButtonKind::PhoneNumber { text, phone_number }
        }
        "COPY_CODE" => ButtonKind::CopyCode { text },
        "OTP" | "CATALOG" | "MPM" | "SPM" | "FLOW" | "VOICE_CALL" | "REQUEST_CONTACT_INFO" => {
            ButtonKind::Other { text }
        }
        other => return Err(Problem::plain(format!("Unknown button type {other}."))),
    })
}

fn string<'a>(value: &'a Value, key: &str) -> Result<&'a str, Problem> {
    value[key].as_str().ok_or_else(|| Problem::plain(format!("The parameter {key} is required.")))
}

/// Types and formats read back in upper case, however they were written.
fn upper_cased(mut source: Value) -> Value {
    let raise = |value: &mut Value, key: &str| {
        if let Some(text) = value.get(key).and_then(Value::as_str).map(str::to_ascii_uppercase) {
            value[key] = json!(text);
        }
    };
    for component in source["components"].as_array_mut().into_iter().flatten() {
        raise(component, "type");
        raise(component, "format");
        let Some(buttons) = component.get_mut("buttons").and_then(Value::as_array_mut) else {
            continue;
        };
        for button in buttons {
            raise(button, "type");
        }
    }
    source
}
