//! Filling a template with the parameters of one send, under the documented errors.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

use super::{ButtonKind, Format, Header, Template, text::Text};
use crate::{
    api::error::ApiError,
    state::message::{Button, Content, File, Heading},
};

const HEADER_LIMIT: usize = 60;
const BODY_LIMIT: usize = 1_024;
const URL_LIMIT: usize = 2_000;
const PAYLOAD_LIMIT: usize = 256;
const CODE_LIMIT: usize = 15;

impl Template {
    /// What the person will read, when the parameters fit.
    pub(crate) fn fill(&self, components: &Value) -> Result<Content, ApiError> {
        let given = Given::read(components)?;
        let header = match &self.header {
            None if given.header.is_empty() => None,
            None => return Err(count("header", given.header.len(), 0)),
            Some(Header::Text(text)) => {
                Some(Heading::Text(self.text("header", text, given.header, HEADER_LIMIT)?))
            }
            Some(Header::Media(kind)) => Some(media(given.header, kind)?),
            Some(Header::Location) => Some(location(given.header)?),
        };
        Ok(Content {
            header,
            body: self.text("body", &self.body, given.body, BODY_LIMIT)?,
            footer: self.footer.clone(),
            buttons: self.buttons(&given.buttons)?,
        })
    }

    fn text(
        &self,
        place: &str,
        text: &Text,
        given: &[Value],
        limit: usize,
    ) -> Result<String, ApiError> {
        let slots = text.slots();
        if given.len() != slots.len() {
            return Err(count(place, given.len(), slots.len()));
        }
        if slots.is_empty() {
            return Ok(text.fill(|_| Cow::Borrowed("")));
        }
        let mut values = BTreeMap::new();
        for (parameter, position) in given.iter().zip(1..) {
            let name = match self.format {
                Format::Positional => position.to_string(),
                Format::Named => parameter["parameter_name"]
                    .as_str()
                    .ok_or_else(|| ApiError::missing(&format!("{place}: parameter_name")))?
                    .to_owned(),
            };
            if !slots.contains(&name.as_str()) {
                return Err(ApiError::new(
                    132_018,
                    format!("{place}: the template has no parameter named {name}"),
                ));
            }
            if values.insert(name.clone(), value(place, parameter)?).is_some() {
                return Err(ApiError::new(132_018, format!("{place}: {name} is given twice")));
            }
        }
        let filled = text.fill(|name| Cow::Borrowed(values.get(name).copied().unwrap_or_default()));
        let length = filled.chars().count();
        if length > limit {
            return Err(ApiError::new(
                132_005,
                format!("{place}: {length} characters after substitution, {limit} are allowed"),
            ));
        }
        Ok(filled)
    }

    fn buttons(&self, given: &[(usize, &Value)]) -> Result<Vec<Button>, ApiError> {
        for (index, component) in given {
            let Some(button) = self.buttons.get(*index) else {
                return Err(ApiError::new(
                    132_018,
                    format!("buttons: the template has no button at index {index}"),
                ));
            };
            let sub_type = component["sub_type"].as_str().unwrap_or_default();
            let other = matches!(button, ButtonKind::Other { .. });
            if !other && !button.sub_type().eq_ignore_ascii_case(sub_type) {
                return Err(ApiError::new(
                    132_018,
                    format!(
                        "buttons: button at index {index} is of type {}, not {sub_type}",
                        button.sub_type()
                    ),
                ));
            }
            if given.iter().filter(|(other, _)| other == index).count() > 1 {
                return Err(ApiError::new(
                    132_018,
                    format!("buttons: index {index} is given twice"),
                ));
            }
        }
        let for_index = |index| given.iter().find(|(at, _)| *at == index).map(|(_, c)| *c);
        self.buttons
            .iter()
            .enumerate()
            .map(|(index, button)| button.fill(index, for_index(index)))
            .collect()
    }
}

impl ButtonKind {
    fn fill(&self, index: usize, given: Option<&Value>) -> Result<Button, ApiError> {
        let parameters = given.map(|component| list(&component["parameters"])).unwrap_or_default();
        let missing = || {
            ApiError::new(
                131_008,
                format!(
                    "buttons: Button at index {index} of type {} requires a parameter",
                    self.sub_type()
                ),
            )
        };
        Ok(match self {
            Self::QuickReply { text } => {
                let payload = match parameters {
                    [] => text.as_str(),
                    [one] if one["type"] == "payload" => {
                        one["payload"].as_str().ok_or_else(missing)?
                    }
                    _ => return Err(wrong_type("buttons", "payload")),
                };
                if payload.chars().count() > PAYLOAD_LIMIT {
                    return Err(ApiError::new(
                        132_018,
                        format!("buttons: a payload has at most {PAYLOAD_LIMIT} characters"),
                    ));
                }
                Button::QuickReply { text: text.clone(), payload: payload.to_owned() }
            }
            Self::Url { text, url } => {
                let expected = url.slot_count();
                let ending = match parameters {
                    [] if expected == 0 => "",
                    [] => return Err(missing()),
                    [one] if expected == 1 => value("buttons", one)?,
                    more => return Err(count("buttons", more.len(), expected)),
                };
                let url = url.fill(|_| Cow::Borrowed(ending));
                let plain = url.bytes().all(|b| b.is_ascii_graphic());
                if !plain || url.len() > URL_LIMIT {
                    return Err(ApiError::new(
                        132_018,
                        "buttons: the url is longer than 2000 characters or not percent-encoded",
                    ));
                }
                Button::Url { text: text.clone(), url }
            }
            Self::PhoneNumber { text, phone_number } => {
                Button::PhoneNumber { text: text.clone(), phone_number: phone_number.clone() }
            }
            Self::CopyCode { text } => {
                let code = match parameters {
                    [one] if one["type"] == "coupon_code" => one["coupon_code"].as_str(),
                    [] => return Err(missing()),
                    _ => return Err(wrong_type("buttons", "coupon_code")),
                };
                let code = code.ok_or_else(missing)?;
                if code.len() > CODE_LIMIT || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    return Err(ApiError::new(
                        132_018,
                        "buttons: a coupon code has at most 15 letters and digits",
                    ));
                }
                Button::CopyCode { text: text.clone(), code: code.to_owned() }
            }
            Self::Other { text } => Button::Other { text: text.clone() },
        })
    }
}

/// The components of one send, by place.
#[derive(Default)]
struct Given<'a> {
    header: &'a [Value],
    body: &'a [Value],
    buttons: Vec<(usize, &'a Value)>,
}

impl<'a> Given<'a> {
    fn read(components: &'a Value) -> Result<Self, ApiError> {
        if components.is_null() {
            return Ok(Self::default());
        }
        let components = components
            .as_array()
            .ok_or_else(|| ApiError::invalid("template.components must be an array"))?;
        let mut given = Self::default();
        for component in components {
            let kind = component["type"]
                .as_str()
                .ok_or_else(|| ApiError::missing("template.components[].type"))?;
            let parameters = &component["parameters"];
            if !parameters.is_null() && !parameters.is_array() {
                return Err(ApiError::invalid("parameters must be an array"));
            }
            match kind.to_ascii_lowercase().as_str() {
                "header" => given.header = list(parameters),
                "body" => given.body = list(parameters),
                "button" => given.buttons.push((index(component)?, component)),
                "footer" if list(parameters).is_empty() => {}
                _ => {
                    return Err(ApiError::invalid(
                        "template.components[].type must be one of header, body, button",
                    ));
                }
            }
        }
        Ok(given)
    }
}

/// `index` as a number or as text.
fn index(component: &Value) -> Result<usize, ApiError> {
    let index = &component["index"];
    let number = match index {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        Value::Null => return Err(ApiError::missing("template.components[].index")),
        _ => None,
    };
    number
        .and_then(|number| usize::try_from(number).ok())
        .ok_or_else(|| ApiError::bad_value("a button's index is a number from 0 to 9"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The text of one parameter, when it may stand in a message.
fn value<'a>(place: &str, parameter: &'a Value) -> Result<&'a str, ApiError> {
    let text = match parameter["type"].as_str() {
        Some("text") => &parameter["text"],
        Some("currency") => &parameter["currency"]["fallback_value"],
        Some("date_time") => &parameter["date_time"]["fallback_value"],
        Some(_) => return Err(wrong_type(place, "text")),
        None => return Err(ApiError::missing(&format!("{place}: parameters[].type"))),
    };
    let text = text.as_str().filter(|text| !text.is_empty()).ok_or_else(|| {
        ApiError::new(131_008, format!("{place}: a parameter of type text has no text value"))
    })?;
    if text.contains(['\n', '\r', '\t']) || text.contains("     ") {
        return Err(ApiError::new(
            132_018,
            format!(
                "{place}: a parameter cannot have new lines, tabs or more than four spaces in a row"
            ),
        ));
    }
    Ok(text)
}

fn media(given: &[Value], kind: &str) -> Result<Heading, ApiError> {
    let [one] = given else { return Err(wrong_type("header", kind)) };
    if one["type"] != kind {
        return Err(wrong_type("header", kind));
    }
    let media = &one[kind];
    let is_address = |link: &str| link.starts_with("http://") || link.starts_with("https://");
    let file = match (media["id"].as_str(), media["link"].as_str()) {
        (Some(id), None) if !id.is_empty() => File::Id(id.to_owned()),
        (None, Some(link)) if is_address(link) => File::Link(link.to_owned()),
        _ => {
            let details = format!("header: {kind} needs exactly one of id and link");
            return Err(ApiError::bad_value(details));
        }
    };
    let filename = media["filename"].as_str().map(str::to_owned);
    Ok(Heading::Media { kind: kind.to_owned(), file, filename })
}

fn location(given: &[Value]) -> Result<Heading, ApiError> {
    let [one] = given else { return Err(wrong_type("header", "location")) };
    if one["type"] != "location" {
        return Err(wrong_type("header", "location"));
    }
    let place = &one["location"];
    let text = |key: &str| place[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    Ok(Heading::Location {
        latitude: degrees(&place["latitude"], 90.0)?,
        longitude: degrees(&place["longitude"], 180.0)?,
        name: text("name"),
        address: text("address"),
    })
}

/// A coordinate, written as a number or as text.
fn degrees(given: &Value, most: f64) -> Result<String, ApiError> {
    let text = match given {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Err(ApiError::missing("header: location.latitude and longitude")),
    };
    match text.parse::<f64>() {
        Ok(degrees) if degrees.abs() <= most => Ok(text),
        _ => Err(ApiError::bad_value("header: latitude and longitude are degrees")),
    }
}

fn count(place: &str, given: usize, expected: usize) -> ApiError {
    ApiError::new(
        132_000,
        format!(
            "{place}: number of localizable_params ({given}) does not match the expected number \
             of params ({expected})"
        ),
    )
}

fn wrong_type(place: &str, expected: &str) -> ApiError {
    ApiError::new(132_012, format!("{place}: the template expects a parameter of type {expected}"))
}
