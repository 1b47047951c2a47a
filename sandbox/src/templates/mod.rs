//! Message templates: what they are, the rules for creating them, and filling them in.

pub(crate) mod catalogue;
pub(crate) mod change;
pub(crate) mod fill;
pub(crate) mod news;
pub(crate) mod problem;
pub(crate) mod record;
pub(crate) mod rules;
pub(crate) mod standing;
pub(crate) mod text;

use serde_json::{Value, json};

use self::text::Text;
pub(crate) use self::{
    catalogue::{Catalogue, Kept},
    record::Record,
    standing::Standing,
};
use crate::state::message::Category;

/// A template as its rules left it.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub name: String,
    pub language: String,
    pub category: Category,
    pub format: Format,
    pub header: Option<Header>,
    pub body: Text,
    pub footer: Option<String>,
    pub buttons: Vec<ButtonKind>,
    /// The create body, read back as `GET` shows it.
    pub source: Value,
}

impl Template {
    /// Kind and handles of a media header's samples.
    pub(crate) fn samples(&self) -> Option<(&'static str, &[Value])> {
        let Some(Header::Media(kind)) = self.header else { return None };
        let components = self.source["components"].as_array()?;
        let header = components.iter().find(|component| component["type"] == "HEADER")?;
        let handles = header["example"]["header_handle"].as_array()?;
        Some((kind, handles.as_slice()))
    }

    /// Whether its body has these words, whatever the case.
    pub(crate) fn contains(&self, words: &str) -> bool {
        self.body.source().to_lowercase().contains(&words.to_lowercase())
    }

    /// The same in another category. Its time to live is forgotten, as at Meta.
    pub(crate) fn in_category(&self, category: Category) -> Self {
        let mut other = self.clone();
        other.category = category;
        other.source["category"] = json!(category.as_str());
        if let Some(source) = other.source.as_object_mut() {
            source.remove("message_send_ttl_seconds");
        }
        other
    }
}

/// How variables are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Positional,
    Named,
}

impl Format {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Positional => "POSITIONAL",
            Self::Named => "NAMED",
        }
    }
}

/// What stands above the body.
#[derive(Debug, Clone)]
pub(crate) enum Header {
    Text(Text),
    /// `image`, `video` or `document`, in lower case.
    Media(&'static str),
    Location,
}

/// What a button does.
#[derive(Debug, Clone)]
pub(crate) enum ButtonKind {
    QuickReply { text: String },
    Url { text: String, url: Text },
    PhoneNumber { text: String, phone_number: String },
    CopyCode { text: String },
    Other { text: String },
}

impl ButtonKind {
    /// As `sub_type` of a send names it.
    pub(crate) fn sub_type(&self) -> &'static str {
        match self {
            Self::QuickReply { .. } => "quick_reply",
            Self::Url { .. } => "url",
            Self::PhoneNumber { .. } => "phone_number",
            Self::CopyCode { .. } => "copy_code",
            Self::Other { .. } => "other",
        }
    }
}
