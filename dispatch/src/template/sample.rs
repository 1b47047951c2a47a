//! Parcels to try a text on: the ordinary one, and those that break carelessly written texts.

use super::content::Content;
use super::render::{RenderError, render, render_mail, render_sms};
use super::tag::{Provided, Tag};
use super::values::Values;
use crate::channel::TrackingStatus;
use crate::language::Language;
use crate::words::words;

words! {
    /// The parcels a preview offers and every check goes through.
    Sample {
        /// Everything is known.
        Ordinary = "ordinary",
        /// Nobody told the name.
        MissingName = "missing_name",
        /// A carrier with a name of ninety characters.
        LongCarrier = "long_carrier",
        /// Arabic name and pickup point: written from right to left.
        Arabic = "arabic",
        /// Only what every parcel of this news brings.
        Least = "least",
    }
}

/// Ninety characters.
const LONG: &str =
    "Internationale Paketzustellungsgesellschaft Nordrhein-Westfalen und Niedersachsen mbH & Co";

impl Sample {
    /// Its values in a language, for one news.
    #[must_use]
    pub fn values(self, status: TrackingStatus, status_word: &str, language: &Language) -> Values {
        let mut values = Values::default();
        for tag in Tag::ALL.iter().copied() {
            let provided = tag.provided(status);
            let told = match self {
                Self::Least => provided == Provided::Always,
                _ => provided != Provided::Never,
            };
            if told {
                values.set(tag, tag.sample(), language);
            }
        }
        values.set(Tag::Status, status_word, language);
        let mut set = |tag: Tag, value: &str| {
            if tag.provided(status) != Provided::Never {
                values.set(tag, value, language);
            }
        };
        match self {
            Self::Ordinary | Self::Least => {}
            Self::MissingName => return values.without(Tag::FirstName).without(Tag::Name),
            Self::LongCarrier => set(Tag::Carrier, LONG),
            Self::Arabic => {
                set(Tag::FirstName, "ليلى");
                set(Tag::Name, "ليلى الفاسي");
                set(Tag::PickupPoint, "مخبز الياسمين");
                set(Tag::Carrier, "أرامكس");
            }
        }
        values
    }
}

/// A sample that a content fails, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Which.
    pub sample: Sample,
    /// Why.
    pub why: Failure,
}

/// Why a sample fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// These tags have neither value nor fallback: such a parcel gets no message.
    Missing(Vec<Tag>),
    /// The text itself is wrong.
    Text,
    /// Filled, it is longer than the provider takes.
    TooLong(usize),
}

/// Tries a content on every sample. A parcel that only lacks what the source did not tell is not an error
/// of the text, and still named: its customer would get no message.
#[must_use]
pub fn try_all(
    content: &Content,
    status: TrackingStatus,
    status_word: &str,
    language: &Language,
) -> Vec<Failed> {
    let mut failed = Vec::new();
    for sample in Sample::ALL.iter().copied() {
        let values = sample.values(status, status_word, language);
        let why = match render(content, &values) {
            Err(RenderError::Missing(tags)) => Some(Failure::Missing(tags)),
            Err(RenderError::Text(_)) => Some(Failure::Text),
            Ok(rendered) => {
                let length = rendered.body.chars().count();
                (length > super::check::BODY).then_some(Failure::TooLong(length))
            }
        };
        let twins = || {
            let sms = render_sms(content, &values).err();
            sms.or_else(|| render_mail(content, &values).err()).map(|error| match error {
                RenderError::Missing(tags) => Failure::Missing(tags),
                RenderError::Text(_) => Failure::Text,
            })
        };
        if let Some(why) = why.or_else(twins) {
            failed.push(Failed { sample, why });
        }
    }
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_fallbacks_fails_the_parcels_that_lack_something() {
        assert_eq!(LONG.chars().count(), 90);
        let content = Content { body: "Hi <<first_name>>, it comes.".into(), ..Content::default() };
        let status = TrackingStatus::Delivered;
        let failed = try_all(&content, status, "Delivered", &Language::english());
        let missing = Failure::Missing(vec![Tag::FirstName]);
        let named = |sample| Failed { sample, why: missing.clone() };
        assert_eq!(failed, [named(Sample::MissingName), named(Sample::Least)]);
        let content = Content { body: "Hi <<first_name|there>>!".into(), ..Content::default() };
        assert_eq!(try_all(&content, status, "Delivered", &Language::english()), []);
    }
}
