//! A message on a phone, in either direction, with what will be told about it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{faults::Channel, sms::Sms};

/// One message, as accepted. Nothing in it changes afterwards but which updates are still owed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Order of acceptance; never reused within one journal.
    pub seq: u64,
    /// The message id of the Cloud API, or an SMS's sid.
    pub id: String,
    /// The business's `phone_number_id`, or the number or name an SMS comes from.
    pub number: Arc<str>,
    /// The person's digits, without plus.
    pub phone: Arc<str>,
    pub side: Side,
    pub kind: Kind,
    pub content: Content,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opaque: Option<String>,
    /// The message this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// Unix milliseconds.
    pub at: u64,
    /// What happens to it, in order of happening.
    pub plan: Vec<Step>,
    /// Bit n: step n has not been accepted by the callback yet.
    pub owed: u8,
    /// The person hides the phone number: updates carry the user id only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// It is an SMS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<Box<Sms>>,
}

/// Who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    Business,
    Person,
}

/// What it was sent as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Kind {
    Template {
        name: Arc<str>,
        language: Arc<str>,
        category: Category,
    },
    Text,
    /// A tap on a template's quick reply.
    Button {
        payload: String,
    },
}

/// What the person sees.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<Heading>,
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
}

/// What stands above the body. Text is plain in the journal and for programs, the rest has a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Heading {
    Text(String),
    Media {
        /// `image`, `video` or `document`.
        #[serde(rename = "type")]
        kind: String,
        #[serde(flatten)]
        file: File,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filename: Option<String>,
    },
    Location {
        latitude: String,
        longitude: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
}

/// Where a file comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum File {
    Link(String),
    Id(String),
}

/// A button with its values filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Button {
    QuickReply { text: String, payload: String },
    Url { text: String, url: String },
    PhoneNumber { text: String, phone_number: String },
    CopyCode { text: String, code: String },
    Other { text: String },
}

/// A template's category; it decides what a message costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Category {
    Utility,
    Marketing,
    Authentication,
}

impl Category {
    pub(crate) fn read(text: &str) -> Option<Self> {
        [Self::Utility, Self::Marketing, Self::Authentication]
            .into_iter()
            .find(|category| category.as_str().eq_ignore_ascii_case(text))
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Utility => "UTILITY",
            Self::Marketing => "MARKETING",
            Self::Authentication => "AUTHENTICATION",
        }
    }

    /// As pricing objects of webhooks write it.
    pub(crate) fn in_pricing(self) -> &'static str {
        match self {
            Self::Utility => "utility",
            Self::Marketing => "marketing",
            Self::Authentication => "authentication",
        }
    }
}

/// Something that happens to a message and is told to the callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Step {
    pub stage: Stage,
    /// When it happens on the phone, Unix milliseconds.
    pub at: u64,
    /// When it is told; later than `at` under the fault `late_receipt`.
    pub told: u64,
}

/// Stages a message goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// SMS only.
    Queued,
    Sent,
    Delivered,
    Read,
    /// Undeliverable, with the code of the Cloud API; an SMS that never left, with Twilio's.
    Failed(u32),
    /// An SMS that left and that the carrier could not deliver.
    Undelivered(u32),
    /// Written by the person; told to the business.
    Received,
}

impl Stage {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed(_) => "failed",
            Self::Undelivered(_) => "undelivered",
            Self::Received => "received",
        }
    }
}

impl Message {
    /// How far it has come; `None` while it is only accepted.
    pub(crate) fn stage(&self, now: u64) -> Option<Stage> {
        self.plan.iter().filter(|step| step.at <= now).map(|step| step.stage).max()
    }

    /// The code it fails with, known from the start because outcomes are drawn.
    pub(crate) fn failure(&self) -> Option<u32> {
        self.plan.iter().find_map(|step| match step.stage {
            Stage::Failed(code) | Stage::Undelivered(code) => Some(code),
            _ => None,
        })
    }

    /// Whether it shows on the phone: written there, or sent there and deliverable.
    pub(crate) fn is_on_phone(&self) -> bool {
        let arrives = |step: &Step| matches!(step.stage, Stage::Delivered | Stage::Received);
        match self.sms {
            Some(_) => self.plan.iter().any(arrives),
            None => self.failure().is_none(),
        }
    }

    /// The steps still owed, with their place in the plan.
    pub(crate) fn owed_steps(&self) -> impl Iterator<Item = (u8, &Step)> {
        (0u8..).zip(&self.plan).filter(|(index, _)| self.owed & (1 << index) != 0)
    }

    pub(crate) fn channel(&self) -> Channel {
        if self.is_sms() { Channel::Sms } else { Channel::WhatsApp }
    }

    pub(crate) fn is_sms(&self) -> bool {
        self.sms.is_some()
    }

    /// What draws of this message hang on.
    pub(crate) fn draw_key(&self) -> String {
        match &self.sms {
            Some(_) => super::sms::key(&self.number, &self.phone, &self.content.body),
            None => Self::key(&self.number, &self.phone, self.opaque.as_deref()),
        }
    }

    /// What draws of a WhatsApp message hang on.
    pub(crate) fn key(number: &str, phone: &str, opaque: Option<&str>) -> String {
        opaque.map_or_else(|| format!("{number}>{phone}"), str::to_owned)
    }
}
