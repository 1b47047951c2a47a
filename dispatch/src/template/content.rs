//! What a variant says: the WhatsApp message, and its twins for the other channels.

use super::tag::Tag;
use super::text::{Piece, TextError, pieces, tags, with_placeholders};
use crate::words::words;
use serde::{Deserialize, Serialize};

/// Everything a merchant writes for one status in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// What stands above.
    #[serde(default)]
    pub header: Header,
    /// The text.
    pub body: String,
    /// A quiet line below, without tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// Up to ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
    /// The same as a text message; the body where none is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<String>,
    /// The same as a mail; made of the body where none is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

/// What stands above the text of a WhatsApp message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "of")]
pub enum Header {
    /// Nothing.
    #[default]
    None,
    /// A line in bold, with one tag at most.
    Text(String),
    /// A picture: an https address, or a tag of kind image.
    Image(String),
    /// A document: an https address with at most one tag at its end.
    Document(String),
    /// The pickup point on a map.
    Location,
}

words! {
    /// The kinds of header, as the editor offers them.
    HeaderKind {
        /// Nothing.
        None = "none",
        /// A line in bold.
        Text = "text",
        /// A picture.
        Image = "image",
        /// A document.
        Document = "document",
        /// A place on a map.
        Location = "location",
    }
}

impl Header {
    /// Of which kind it is.
    #[must_use]
    pub const fn kind(&self) -> HeaderKind {
        match self {
            Self::None => HeaderKind::None,
            Self::Text(_) => HeaderKind::Text,
            Self::Image(_) => HeaderKind::Image,
            Self::Document(_) => HeaderKind::Document,
            Self::Location => HeaderKind::Location,
        }
    }

    /// Its text or address; empty where it has none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Image(text) | Self::Document(text) => text,
            Self::None | Self::Location => "",
        }
    }

    /// A header of a kind with a text.
    #[must_use]
    pub fn of(kind: HeaderKind, text: &str) -> Self {
        let text = text.to_owned();
        match kind {
            HeaderKind::None => Self::None,
            HeaderKind::Text => Self::Text(text),
            HeaderKind::Image => Self::Image(text),
            HeaderKind::Document => Self::Document(text),
            HeaderKind::Location => Self::Location,
        }
    }
}

/// A button below a WhatsApp message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What it does.
    #[serde(flatten)]
    pub act: ButtonAct,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ButtonAct {
    /// Opens a page: an https address, with one tag at its end at most.
    Url {
        /// The address.
        url: String,
    },
    /// Answers, and does something for the customer.
    Reply {
        /// What.
        action: ReplyAction,
    },
    /// Calls a number.
    Phone {
        /// E.164.
        number: String,
    },
}

words! {
    /// The kinds of buttons, as the editor offers them.
    ButtonKind {
        /// Opens a page.
        Url = "url",
        /// Answers.
        Reply = "reply",
        /// Calls.
        Phone = "phone",
    }
}

words! {
    /// What a quick reply does when it is tapped.
    ReplyAction {
        /// Ends this brand's messages.
        Stop = "stop",
        /// Asks where the parcel is.
        Track = "track",
        /// Asks for another time.
        Reschedule = "reschedule",
        /// Wants to speak with somebody.
        Support = "support",
        /// Says that the parcel has arrived.
        Confirm = "confirm",
    }
}

impl ButtonAct {
    /// Of which kind it is.
    #[must_use]
    pub const fn kind(&self) -> ButtonKind {
        match self {
            Self::Url { .. } => ButtonKind::Url,
            Self::Reply { .. } => ButtonKind::Reply,
            Self::Phone { .. } => ButtonKind::Phone,
        }
    }
}

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Email {
    /// The subject, with tags.
    pub subject: String,
    /// The text, with tags.
    pub text: String,
    /// The page, with tags; made of the text where none is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
}

/// An address that ends in at most one tag: what stands before it, and the tag.
///
/// # Errors
/// The first fault of the text; a tag that is not at the end is left in `Err(None)`.
pub fn address(text: &str) -> Result<(&str, Option<Tag>), Option<TextError>> {
    let pieces = pieces(text).map_err(Some)?;
    match pieces.as_slice() {
        [] => Ok(("", None)),
        [Piece::Text(fixed)] => Ok((fixed, None)),
        [Piece::Tag { tag, .. }] => Ok(("", Some(*tag))),
        [Piece::Text(fixed), Piece::Tag { tag, .. }] => Ok((fixed, Some(*tag))),
        _ => Err(None),
    }
}

impl Content {
    /// The same without the words that stand in for missing values.
    #[must_use]
    pub fn without_fallbacks(&self) -> Self {
        let plain = |text: &str| {
            let bare = with_placeholders(text, |tag| format!("<<{tag}>>"));
            bare.unwrap_or_else(|_| text.to_owned())
        };
        let button = |button: &Button| {
            let act = match &button.act {
                ButtonAct::Url { url } => ButtonAct::Url { url: plain(url) },
                other => other.clone(),
            };
            Button { label: button.label.clone(), act }
        };
        let mail = |mail: &Email| Email {
            subject: plain(&mail.subject),
            text: plain(&mail.text),
            html: mail.html.as_deref().map(plain),
        };
        Self {
            header: Header::of(self.header.kind(), &plain(self.header.text())),
            body: plain(&self.body),
            footer: self.footer.clone(),
            buttons: self.buttons.iter().map(button).collect(),
            sms: self.sms.as_deref().map(plain),
            email: self.email.as_ref().map(mail),
        }
    }

    /// What a provider gets to see of it: two contents of which this is equal are one template there. The
    /// words for missing values and the twins for other channels never leave us; a header's picture or
    /// document, the tag that ends an address and what a reply does travel with each message.
    #[must_use]
    pub fn for_review(&self) -> Self {
        let Self { header, body, footer, buttons, .. } = self.without_fallbacks();
        let header = match header {
            Header::Image(_) | Header::Document(_) => Header::of(header.kind(), ""),
            other => other,
        };
        let button = |Button { label, act }| {
            let act = match act {
                ButtonAct::Url { url } => {
                    let slot = with_placeholders(&url, |_| "<>".to_owned());
                    ButtonAct::Url { url: slot.unwrap_or(url) }
                }
                ButtonAct::Reply { .. } => ButtonAct::Reply { action: ReplyAction::Stop },
                other => other,
            };
            Button { label, act }
        };
        let buttons = buttons.into_iter().map(button).collect();
        Self { header, body, footer, buttons, sms: None, email: None }
    }

    /// Every tag of the WhatsApp message, in the order of its parts.
    ///
    /// # Errors
    /// The first fault of a text.
    pub fn tags(&self) -> Result<Vec<Tag>, TextError> {
        let mut found = tags(self.header.text())?;
        if matches!(self.header, Header::Location) {
            found.push(Tag::PickupLocation);
        }
        found.extend(tags(&self.body)?);
        for button in &self.buttons {
            if let ButtonAct::Url { url } = &button.act {
                found.extend(tags(url)?);
            }
        }
        let mut once = Vec::with_capacity(found.len());
        for tag in found {
            if !once.contains(&tag) {
                once.push(tag);
            }
        }
        Ok(once)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_kept_as_json_and_come_back_the_same() {
        let content = Content {
            header: Header::Text("Order <<order_number>>".into()),
            body: "Hello".into(),
            footer: None,
            buttons: vec![
                Button {
                    label: "Stop".into(),
                    act: ButtonAct::Reply { action: ReplyAction::Stop },
                },
                Button {
                    label: "Track".into(),
                    act: ButtonAct::Url { url: "https://a.example/<<tracking_number>>".into() },
                },
            ],
            sms: Some("Hi".into()),
            email: None,
        };
        let text = serde_json::to_string(&content).expect("JSON");
        assert_eq!(serde_json::from_str::<Content>(&text).expect("a content"), content);
        let least: Content = serde_json::from_str(r#"{"body":"x"}"#).expect("a content");
        assert_eq!(least, Content { body: "x".into(), ..Content::default() });
    }

    #[test]
    fn what_travels_with_each_message_is_not_what_a_reviewer_sees() {
        let button = |act| Button { label: "Go".into(), act };
        let content = |image: &str, word: &str, tag: &str, action| Content {
            header: Header::Image(image.into()),
            body: format!("Hello <<first_name|{word}>>, it is here."),
            buttons: vec![
                button(ButtonAct::Url { url: format!("https://a.example/<<{tag}>>") }),
                button(ButtonAct::Reply { action }),
            ],
            sms: Some(word.into()),
            ..Content::default()
        };
        let one = content("https://a.example/1.png", "there", "tracking_number", ReplyAction::Stop);
        let other = content("https://a.example/2.png", "you", "order_number", ReplyAction::Track);
        assert_eq!(one.for_review(), other.for_review());
        assert_ne!(one.without_fallbacks(), other.without_fallbacks());
        let words = Content { body: one.body.replace("there", "you"), ..one.clone() };
        assert_eq!(one.without_fallbacks(), words.without_fallbacks());
        for seen in [
            Content { body: one.body.replace("here", "near"), ..one.clone() },
            Content { header: Header::Document("https://a.example/1.png".into()), ..one.clone() },
            Content { footer: Some("Bye".into()), ..one.clone() },
        ] {
            assert_ne!(seen.for_review(), one.for_review());
        }
    }

    #[test]
    fn an_address_ends_in_one_tag_at_most() {
        let address = |text| address(text).ok();
        assert_eq!(address("https://a/<<carrier>>"), Some(("https://a/", Some(Tag::Carrier))));
        assert_eq!(address("https://a/<<carrier>>/x"), None);
        assert_eq!(address("<<proof_url>>"), Some(("", Some(Tag::ProofUrl))));
    }
}
