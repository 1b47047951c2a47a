//! Finished text. Rendering gives either a whole message or the names of the tags that have no value: a raw
//! tag can never reach a customer.

use super::content::{Button, ButtonAct, Content, Email, Header, ReplyAction, address};
use super::tag::Tag;
use super::text::{Piece, TextError, TextFault, pieces};
use super::values::{Values, clean};
use serde::{Deserialize, Serialize};

/// A finished message, and the values the provider needs to build the same from the approved template.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rendered {
    /// What stands above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<RenderedHeader>,
    /// The text as the customer reads it.
    pub body: String,
    /// Quiet line below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// The buttons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<RenderedButton>,
    /// The body's tags with their values, in order of first use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(Tag, String)>,
    /// What a mail has besides its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Letter>,
}

/// What a mail has besides its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// The page; values in it are escaped.
    pub html: String,
    /// Who it is from, as mail programs show it.
    pub from: String,
    /// Where one click stops the brand's mails (RFC 8058).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
}

/// What stands above a finished message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RenderedHeader {
    /// A line in bold.
    Text {
        /// As the customer reads it.
        text: String,
        /// Its tag with its value, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<(Tag, String)>,
    },
    /// A picture.
    Image {
        /// Its address.
        link: String,
    },
    /// A document.
    Document {
        /// Its address.
        link: String,
        /// The name under which it is shown.
        name: String,
    },
    /// A place.
    Location {
        /// Degrees north.
        latitude: String,
        /// Degrees east.
        longitude: String,
        /// Its name.
        name: String,
    },
}

/// A button of a finished message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedButton {
    /// What stands on it.
    pub label: String,
    /// What it does.
    #[serde(flatten)]
    pub does: RenderedAct,
}

/// What a button of a finished message does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RenderedAct {
    /// Opens a page.
    Url {
        /// The whole address.
        url: String,
        /// What was put at the end of the approved address, if anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        suffix: Option<String>,
    },
    /// Answers.
    Reply {
        /// What is done then.
        action: ReplyAction,
    },
    /// Calls.
    Phone {
        /// Whom.
        number: String,
    },
}

/// Why a template gives no finished text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// These tags have neither value nor fallback.
    #[error("no value for {0:?}")]
    Missing(Vec<Tag>),
    /// The text itself is wrong (checked at writing; here for completeness).
    #[error(transparent)]
    Text(#[from] TextError),
}

/// Fills texts and remembers what is missing.
struct Pen<'a> {
    values: &'a Values,
    missing: Vec<Tag>,
}

impl Pen<'_> {
    /// The text with its tags filled, and their values in the order of first use.
    fn fill(&mut self, text: &str) -> Result<(String, Vec<(Tag, String)>), TextError> {
        let mut used: Vec<(Tag, String)> = Vec::new();
        let mut filled = String::with_capacity(text.len() + 64);
        for piece in pieces(text)? {
            match piece {
                Piece::Text(words) => filled.push_str(words),
                Piece::Tag { tag, fallback, .. } => {
                    // The first use of a tag decides, so that the provider's one parameter fits all uses.
                    let earlier = used.iter().find(|(t, _)| *t == tag).map(|(_, v)| v.clone());
                    let known = earlier.is_some();
                    let value = earlier
                        .or_else(|| self.values.get(tag).map(str::to_owned))
                        .or_else(|| fallback.map(clean));
                    match value {
                        Some(value) => {
                            filled.push_str(&value);
                            if !known {
                                used.push((tag, value));
                            }
                        }
                        None => self.miss(tag),
                    }
                }
            }
        }
        Ok((filled, used))
    }

    fn miss(&mut self, tag: Tag) {
        if !self.missing.contains(&tag) {
            self.missing.push(tag);
        }
    }

    fn header(&mut self, header: &Header) -> Result<Option<RenderedHeader>, TextError> {
        Ok(match header {
            Header::None => None,
            Header::Text(text) => {
                let (text, mut values) = self.fill(text)?;
                Some(RenderedHeader::Text { text, value: values.pop() })
            }
            Header::Image(text) => Some(RenderedHeader::Image { link: self.fill(text)?.0 }),
            Header::Document(text) => {
                let link = self.fill(text)?.0;
                let name = link.rsplit('/').next().filter(|name| !name.is_empty());
                let name = name.unwrap_or("document").to_owned();
                Some(RenderedHeader::Document { link, name })
            }
            Header::Location => {
                let Some((latitude, longitude)) =
                    self.values.get(Tag::PickupLocation).and_then(|at| at.split_once(','))
                else {
                    self.miss(Tag::PickupLocation);
                    return Ok(None);
                };
                let (latitude, longitude) = (latitude.to_owned(), longitude.to_owned());
                let name = self.values.get(Tag::PickupPoint).unwrap_or_default().to_owned();
                Some(RenderedHeader::Location { latitude, longitude, name })
            }
        })
    }

    fn button(&mut self, button: &Button) -> Result<RenderedButton, TextError> {
        let does = match &button.act {
            ButtonAct::Url { url } => {
                let (fixed, tag) = address(url).map_err(|error| {
                    error.unwrap_or(TextError { at: 0..url.len(), kind: TextFault::Unclosed })
                })?;
                let (filled, mut values) = self.fill(url)?;
                match (tag, values.pop()) {
                    // What is put at the end must not begin a path or query of its own.
                    (Some(_), Some((_, value))) if !fixed.is_empty() => {
                        let suffix = escape(&value);
                        RenderedAct::Url { url: format!("{fixed}{suffix}"), suffix: Some(suffix) }
                    }
                    (Some(_), Some((_, value))) => {
                        RenderedAct::Url { url: filled, suffix: Some(value) }
                    }
                    _ => RenderedAct::Url { url: filled, suffix: None },
                }
            }
            ButtonAct::Reply { action } => RenderedAct::Reply { action: *action },
            ButtonAct::Phone { number } => RenderedAct::Phone { number: number.clone() },
        };
        Ok(RenderedButton { label: button.label.clone(), does })
    }

    fn done<T>(self, finished: T) -> Result<T, RenderError> {
        if self.missing.is_empty() { Ok(finished) } else { Err(RenderError::Missing(self.missing)) }
    }
}

/// Percent-encodes all but the letters that need none anywhere in an address.
fn escape(value: &str) -> String {
    use std::fmt::Write as _;
    let mut escaped = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => {
                // Writing into a String cannot fail.
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
    }
    escaped
}

/// The WhatsApp message for one parcel.
///
/// # Errors
/// The tags without a value, or what is wrong with a text.
pub fn render(content: &Content, values: &Values) -> Result<Rendered, RenderError> {
    let mut pen = Pen { values, missing: Vec::new() };
    let header = pen.header(&content.header)?;
    let (body, used) = pen.fill(&content.body)?;
    let buttons = content.buttons.iter().map(|b| pen.button(b)).collect::<Result<Vec<_>, _>>()?;
    let footer = content.footer.clone();
    pen.done(Rendered { header, body, footer, buttons, values: used, mail: None })
}

/// The text message for one parcel: its own text, else the body.
///
/// # Errors
/// As [`render`].
pub fn render_sms(content: &Content, values: &Values) -> Result<String, RenderError> {
    let mut pen = Pen { values, missing: Vec::new() };
    let (text, _) = pen.fill(content.sms.as_deref().unwrap_or(&content.body))?;
    pen.done(text)
}

/// A finished mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The page; values in it are escaped.
    pub html: String,
}

/// The mail for one parcel: its own texts, else the body under the header or the news.
///
/// # Errors
/// As [`render`].
pub fn render_mail(content: &Content, values: &Values) -> Result<RenderedMail, RenderError> {
    let made;
    let mail = match &content.email {
        Some(mail) => mail,
        None => {
            let subject = match &content.header {
                Header::Text(text) => text.clone(),
                // A dash stands the same in every language; a colon does not.
                _ => {
                    let order = if values.get(Tag::OrderNumber).is_some() {
                        " (<<order_number>>)"
                    } else {
                        ""
                    };
                    format!("<<{}>> – <<{}>>{order}", Tag::CompanyName, Tag::Status)
                }
            };
            // Without the quiet line, which says how to answer STOP: a mail has a link for that.
            made = Email { subject, text: content.body.clone(), html: None };
            &made
        }
    };
    let mut pen = Pen { values, missing: Vec::new() };
    let (subject, _) = pen.fill(&mail.subject)?;
    let (text, _) = pen.fill(&mail.text)?;
    let html = match &mail.html {
        None => paragraphs(&text),
        Some(page) => {
            let mut filled = String::with_capacity(page.len() + 64);
            for piece in pieces(page)? {
                match piece {
                    Piece::Text(markup) => filled.push_str(markup),
                    Piece::Tag { tag, fallback, .. } => {
                        match values.get(tag).map(str::to_owned).or_else(|| fallback.map(clean)) {
                            Some(value) => filled.push_str(&escape_markup(&value)),
                            None => pen.miss(tag),
                        }
                    }
                }
            }
            filled
        }
    };
    pen.done(RenderedMail { subject, text, html })
}

fn paragraphs(text: &str) -> String {
    text.split("\n\n")
        .map(|part| format!("<p>{}</p>", escape_markup(part).replace('\n', "<br>")))
        .collect()
}

fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn body(text: &str) -> Content {
        Content { body: text.into(), ..Content::default() }
    }

    #[test]
    fn a_missing_value_takes_the_fallback_and_without_one_is_named() {
        let values = Values::default().with(Tag::Carrier, "DHL");
        let text = render(&body("Hi <<first_name|there>>, by <<carrier>>."), &values);
        assert_eq!(text.map(|r| r.body), Ok("Hi there, by DHL.".into()));
        let none = render(&body("Order <<order_number>> by <<carrier>>."), &values);
        assert_eq!(none, Err(RenderError::Missing(vec![Tag::OrderNumber])));
    }

    #[test]
    fn every_part_is_filled() {
        let content = Content {
            header: Header::Location,
            buttons: vec![Button {
                label: "Track".into(),
                act: ButtonAct::Url { url: "https://a.example/t/<<order_number>>".into() },
            }],
            ..body("At <<pickup_point>>.")
        };
        let values = Values::default()
            .with(Tag::PickupPoint, "Le Fournil")
            .with(Tag::PickupLocation, "48.85, 2.35")
            .with(Tag::OrderNumber, "A/1?x");
        let rendered = render(&content, &values).expect("a message");
        let place = Some(RenderedHeader::Location {
            latitude: "48.85".into(),
            longitude: "2.35".into(),
            name: "Le Fournil".into(),
        });
        assert_eq!(rendered.header, place);
        let does = RenderedAct::Url {
            url: "https://a.example/t/A%2F1%3Fx".into(),
            suffix: Some("A%2F1%3Fx".into()),
        };
        assert_eq!(rendered.buttons[0].does, does);
        let none = render(&content, &Values::default());
        let missing = vec![Tag::PickupLocation, Tag::PickupPoint, Tag::OrderNumber];
        assert_eq!(none, Err(RenderError::Missing(missing)));
    }

    #[test]
    fn a_mail_escapes_what_a_parcel_says() {
        let email = Email {
            subject: "By <<carrier>>".into(),
            text: "By <<carrier>>".into(),
            html: Some("<p>By <<carrier>></p>".into()),
        };
        let content = Content { email: Some(email), ..body("x") };
        let mail = render_mail(&content, &Values::default().with(Tag::Carrier, "\"A\" & B"))
            .expect("a mail");
        assert_eq!(
            (mail.text.as_str(), mail.html.as_str()),
            ("By \"A\" & B", "<p>By &quot;A&quot; &amp; B</p>")
        );
    }

    #[test]
    fn a_mail_without_a_subject_says_whose_what_and_which() {
        let values =
            Values::default().with(Tag::CompanyName, "Maison Sauvel").with(Tag::Status, "Livré");
        let subject = |values: &Values| render_mail(&body("x"), values).map(|mail| mail.subject);
        assert_eq!(subject(&values), Ok("Maison Sauvel – Livré".to_owned()));
        let values = values.with(Tag::OrderNumber, "48501");
        assert_eq!(subject(&values), Ok("Maison Sauvel – Livré (48501)".to_owned()));
    }

    /// Something that looks like one of our tags.
    fn has_raw_tag(text: &str) -> bool {
        text.find("<<").is_some_and(|start| text[start..].contains(">>"))
    }

    proptest! {
        /// Whatever is written and whatever a parcel says, either there is no message, or no tag in it.
        #[test]
        fn no_raw_tag_reaches_a_customer(
            text in r"(<<first_name>>|<<carrier\|x>>|<<|>>|<|>|\||[ -~é]){0,20}",
            value in r"(<<|>>|<|>|\{\{|carrier|[ -~é]){0,12}",
        ) {
            let values = Values::default().with(Tag::FirstName, &value).with(Tag::Carrier, &value);
            let content = Content {
                header: Header::Text(text.clone()),
                sms: Some(text.clone()),
                email: Some(Email { subject: text.clone(), text: text.clone(), html: Some(text.clone()) }),
                buttons: vec![Button {
                    label: "x".into(),
                    act: ButtonAct::Url { url: format!("https://a.example/{text}") },
                }],
                ..body(&text)
            };
            if let Ok(rendered) = render(&content, &values) {
                prop_assert!(!has_raw_tag(&rendered.body), "{}", rendered.body);
                if let Some(RenderedHeader::Text { text, .. }) = &rendered.header {
                    prop_assert!(!has_raw_tag(text));
                }
                for button in &rendered.buttons {
                    if let RenderedAct::Url { url, .. } = &button.does {
                        prop_assert!(!has_raw_tag(url));
                    }
                }
            }
            if let Ok(text) = render_sms(&content, &values) {
                prop_assert!(!has_raw_tag(&text));
            }
            if let Ok(mail) = render_mail(&content, &values) {
                prop_assert!(!has_raw_tag(&mail.subject) && !has_raw_tag(&mail.text) && !has_raw_tag(&mail.html));
            }
        }
    }
}
