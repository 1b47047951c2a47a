//! Reading a send before anything is looked up.

use serde_json::Value;

use super::error::ApiError;
use crate::state::identity::digits;

const OPAQUE_LIMIT: usize = 512;
const TEXT_LIMIT: usize = 4_096;

/// Message types of the Cloud API that the sandbox does not speak.
const OTHER_TYPES: [&str; 10] = [
    "interactive",
    "image",
    "document",
    "video",
    "audio",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "order",
];

const KNOWN_KEYS: [&str; 10] = [
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "template",
    "text",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
];

/// A send whose outer shape is right.
pub(crate) struct Envelope<'a> {
    pub to: To<'a>,
    pub what: What<'a>,
    pub opaque: Option<&'a str>,
    pub answers: Option<&'a str>,
}

/// Whom it is for.
pub(crate) enum To<'a> {
    Phone {
        /// As written by the caller, echoed in the answer.
        input: &'a str,
        digits: String,
    },
    User(&'a str),
}

/// What is sent.
pub(crate) enum What<'a> {
    Template { name: &'a str, language: &'a str, components: &'a Value },
    Text { body: &'a str },
}

impl<'a> Envelope<'a> {
    pub(crate) fn read(body: &'a Value) -> Result<Self, ApiError> {
        match text(body, "messaging_product")? {
            "whatsapp" => {}
            _ => return Err(ApiError::bad_value("messaging_product must be whatsapp.")),
        }
        if let Some(object) = body.as_object()
            && let Some(key) = object.keys().find(|key| {
                !KNOWN_KEYS.contains(&key.as_str()) && !OTHER_TYPES.contains(&key.as_str())
            })
        {
            let key: String = key.chars().take(64).collect();
            return Err(ApiError::invalid(format!("Unexpected key \"{key}\".")));
        }
        match body["recipient_type"].as_str() {
            Some("individual") => {}
            None if body["recipient_type"].is_null() => {}
            _ => return Err(ApiError::bad_value("recipient_type must be individual.")),
        }
        let to = To::read(body)?;
        let opaque = optional(body, "biz_opaque_callback_data")?;
        if opaque.is_some_and(|opaque| opaque.chars().count() > OPAQUE_LIMIT) {
            return Err(ApiError::invalid("biz_opaque_callback_data has at most 512 characters."));
        }
        let answers = optional(&body["context"], "message_id")?;
        Ok(Self { to, what: What::read(body)?, opaque, answers })
    }
}

impl<'a> To<'a> {
    fn read(body: &'a Value) -> Result<Self, ApiError> {
        if let Some(input) = optional(body, "to")? {
            let digits = digits(input)
                .ok_or_else(|| ApiError::invalid("Param to must be a valid phone number."))?;
            return Ok(Self::Phone { input, digits });
        }
        match optional(body, "recipient")? {
            Some(user) => Ok(Self::User(user)),
            None => Err(ApiError::missing("to")),
        }
    }
}

impl<'a> What<'a> {
    fn read(body: &'a Value) -> Result<Self, ApiError> {
        // Meta's default.
        let kind = optional(body, "type")?.unwrap_or("text");
        match kind {
            "template" => {
                let template = part(body, "template")?;
                let language = part(template, "language")?;
                if !language["policy"].is_null() && language["policy"] != "deterministic" {
                    return Err(ApiError::bad_value("language.policy must be deterministic."));
                }
                Ok(Self::Template {
                    name: text(template, "name")?,
                    language: text(language, "code")?,
                    components: &template["components"],
                })
            }
            "text" => {
                let body = text(part(body, "text")?, "body")?;
                if body.is_empty() || body.chars().count() > TEXT_LIMIT {
                    return Err(ApiError::bad_value("text.body has 1 to 4096 characters."));
                }
                Ok(Self::Text { body })
            }
            other if OTHER_TYPES.contains(&other) => Err(ApiError::new(
                131_051,
                format!("The sandbox speaks template and text messages, not {other}."),
            )),
            _ => Err(ApiError::bad_value("type is not a message type.")),
        }
    }
}

fn part<'a>(value: &'a Value, key: &str) -> Result<&'a Value, ApiError> {
    match &value[key] {
        Value::Null => Err(ApiError::missing(key)),
        part @ Value::Object(_) => Ok(part),
        _ => Err(ApiError::bad_value(format!("{key} must be an object."))),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str, ApiError> {
    optional(value, key)?.ok_or_else(|| ApiError::missing(key))
}

fn optional<'a>(value: &'a Value, key: &str) -> Result<Option<&'a str>, ApiError> {
    match &value[key] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(ApiError::bad_value(format!("{key} must be a string."))),
    }
}
