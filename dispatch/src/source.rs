//! Event sources: what can be connected, and how a connection proves itself.

use crate::error::{Error, Result};
use crate::id::{AccountId, BrandId, ConnectionId};
use crate::words::words;
use std::fmt;

words! {
    /// A system that tells us what happened. The word is the path segment and the API's `source`.
    Source {
        /// Sendcloud's webhooks and event subscriptions.
        Sendcloud = "sendcloud",
        /// The simulator inside Facteur; its deliveries take the same way.
        Simulator = "simulator",
        /// CloudEvents posted to the API.
        Cloudevents = "cloudevents",
        /// Our own lookout for parcels that are late; nobody can post to it.
        Lookout = "lookout",
    }
}

words! {
    /// Whether a connection accepts deliveries.
    ConnectionState {
        /// Accepts.
        Active = "active",
        /// Switched off by the merchant: answers 404.
        Removed = "removed",
    }
}

words! {
    /// What became of a raw delivery.
    DeliveryState {
        /// Kept; not looked at yet.
        Stored = "stored",
        /// Turned into at least one event.
        Understood = "understood",
        /// Understood, and nothing a customer could care about (or told before).
        Ignored = "ignored",
        /// Could not be understood; the reason says why, the bytes are kept.
        Failed = "failed",
    }
}

/// A secret text: never printed, never serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text as secret.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// Takes a key as a person pastes it.
    ///
    /// # Errors
    /// `Invalid` on the given field.
    pub fn parse(field: &'static str, text: &str) -> Result<Self> {
        Self::parse_within(field, text, 512)
    }

    /// Takes an access token, which platforms make longer than keys.
    ///
    /// # Errors
    /// `Invalid` on the given field.
    pub fn parse_long(field: &'static str, text: &str) -> Result<Self> {
        Self::parse_within(field, text, 4096)
    }

    fn parse_within(field: &'static str, text: &str, most: usize) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            Err(Error::invalid(field, "required"))
        } else if text.len() > most {
            Err(Error::invalid(field, "too_long"))
        } else if text.chars().any(char::is_control) {
            Err(Error::invalid(field, "format"))
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The text itself, for the one place that must compare or send it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How a delivery proves that it comes from the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The source's own signature over the raw body; any of the secrets may have made it.
    Signature,
    /// A fixed value in a header of the merchant's choice.
    Header(String),
}

/// A configured source, as the hook needs it.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Whose.
    pub account: AccountId,
    /// For which brand.
    pub brand: BrandId,
    /// Which.
    pub id: ConnectionId,
    /// From what.
    pub source: Source,
    /// How deliveries prove themselves.
    pub proof: Proof,
    /// Current key first, then the previous one.
    pub secrets: Vec<Secret>,
    /// Accepts or not.
    pub state: ConnectionState,
}
