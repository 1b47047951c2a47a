//! Why a provider refused or stopped a text, and what of it the text itself shows: the proposal for its repair.
//!
//! The provider gives a word and sometimes a sentence. The word alone does not say where; the findings of
//! [`check`](super::check) and [`doubt`](super::doubt) do, because they look for what its reviewers look for.

use super::category::Category;
use super::check::{Finding, FindingCode, Place, Severity};
use crate::words::words;

words! {
    /// Why a text was refused or stopped.
    Why {
        /// It threatens, insults or worse.
        AbusiveContent = "abusive_content",
        /// It reads as another category than the chosen one.
        IncorrectCategory = "incorrect_category",
        /// Its form: tags, letters, parts.
        InvalidFormat = "invalid_format",
        /// It advertises, and was to be news.
        Promotional = "promotional",
        /// It looks like a fraud.
        Scam = "scam",
        /// Language and text do not fit.
        TagContentMismatch = "tag_content_mismatch",
        /// The business account has as many templates as it may.
        Full = "template_limit",
        /// Paused for three hours: people disliked it.
        FirstPause = "first_pause",
        /// Paused for six: they did again. The next time it is over.
        SecondPause = "second_pause",
        /// Held back while the first reactions are looked at; lifted by hand.
        Pacing = "rate_limiting_pause",
        /// Nothing was said.
        Unsaid = "none",
        /// Something we have no words for.
        Other = "other",
    }
}

/// A provider's answer taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: Why,
    /// The word itself; empty where none was given.
    pub code: String,
    /// What the provider says about it in its own sentence; may be empty.
    pub said: String,
}

impl Refusal {
    /// Reads `WORD`, or `WORD: a sentence`.
    #[must_use]
    pub fn read(reason: &str) -> Self {
        let (code, said) = reason.split_once(':').unwrap_or((reason, ""));
        let code = code.trim();
        let why = match code.to_ascii_lowercase().parse() {
            Ok(why) => why,
            Err(_) if code.is_empty() => Why::Unsaid,
            Err(_) => Why::Other,
        };
        Self { why, code: code.to_owned(), said: said.trim().to_owned() }
    }
}

impl Why {
    /// Whether it is about the category: another choice settles it as well as other words do.
    #[must_use]
    pub const fn is_of_category(self) -> bool {
        matches!(self, Self::Promotional | Self::IncorrectCategory)
    }

    /// Whether a finding is what such a refusal comes from.
    #[must_use]
    pub fn is_shown_by(self, finding: &Finding) -> bool {
        use FindingCode as Code;
        match self {
            Self::Promotional | Self::IncorrectCategory => finding.code == Code::Promotional,
            Self::InvalidFormat => {
                is_seen_by_reviewers(finding.place)
                    && (finding.severity == Severity::Fault || finding.code == Code::Capitals)
            }
            Self::AbusiveContent => finding.code == Code::Capitals,
            Self::Scam => matches!(finding.code, Code::ShortLink | Code::Secrets),
            Self::TagContentMismatch => finding.code == Code::OtherLanguage,
            Self::Full
            | Self::FirstPause
            | Self::SecondPause
            | Self::Pacing
            | Self::Unsaid
            | Self::Other => false,
        }
    }

    /// Whether a text shows anything of it at all, so that its absence says something.
    #[must_use]
    pub const fn has_signs(self) -> bool {
        matches!(
            self,
            Self::Promotional
                | Self::IncorrectCategory
                | Self::InvalidFormat
                | Self::Scam
                | Self::TagContentMismatch
        )
    }
}

/// Text messages and mails are nobody's business at WhatsApp.
const fn is_seen_by_reviewers(place: Place) -> bool {
    !matches!(place, Place::Sms | Place::Subject | Place::MailText | Place::MailPage)
}

/// What could be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The findings that show it, by their place in the list that was given.
    pub spots: Vec<usize>,
    /// The category that would settle it.
    pub category: Option<Category>,
}

/// What could be done about a refusal: its places among what was found in the text as it stands, and the
/// category it would pass as. `chosen` and `predicted` are the text's.
#[must_use]
pub fn propose(why: Why, findings: &[Finding], chosen: Category, predicted: Category) -> Proposal {
    let spots = findings.iter().enumerate().filter(|(_, finding)| why.is_shown_by(finding));
    let category = match (why, chosen) {
        (Why::Promotional | Why::IncorrectCategory, Category::Utility) => Some(Category::Marketing),
        (Why::IncorrectCategory, Category::Marketing) if predicted == Category::Utility => {
            Some(Category::Utility)
        }
        _ => None,
    };
    Proposal { spots: spots.map(|(index, _)| index).collect(), category }
}

#[cfg(test)]
mod tests {
    use super::super::category::predict;
    use super::super::check::check;
    use super::super::content::{Button, ButtonAct, Content};
    use super::super::doubt::doubts;
    use super::*;
    use crate::channel::TrackingStatus;
    use crate::language::Language;

    fn of(why: Why, content: &Content, chosen: Category) -> (Vec<String>, Option<Category>) {
        let mut findings = check(content, chosen, TrackingStatus::Delivered);
        findings.extend(doubts(content, &Language::english()));
        let proposal = propose(why, &findings, chosen, predict(content).category);
        let words = |index: &usize| match (&findings[*index].place, &findings[*index].at) {
            (Place::Body, Some(at)) => content.body[at.clone()].to_owned(),
            (place, _) => format!("{place:?}"),
        };
        (proposal.spots.iter().map(words).collect(), proposal.category)
    }

    fn body(text: &str) -> Content {
        Content { body: text.into(), ..Content::default() }
    }

    #[test]
    fn a_reason_is_a_word_and_perhaps_a_sentence() {
        let read = |text: &str| {
            let Refusal { why, code, said } = Refusal::read(text);
            (why, code, said)
        };
        assert_eq!(read("PROMOTIONAL"), (Why::Promotional, "PROMOTIONAL".into(), String::new()));
        assert_eq!(
            read("INVALID_FORMAT: No: it is odd."),
            (Why::InvalidFormat, "INVALID_FORMAT".into(), "No: it is odd.".into())
        );
        assert_eq!(read("100: Same body."), (Why::Other, "100".into(), "Same body.".into()));
        assert_eq!(read(" ").0, Why::Unsaid);
        assert_eq!(read("NONE").0, Why::Unsaid);
        assert_eq!(read("rate_limiting_pause").0, Why::Pacing);
    }

    #[test]
    fn advertising_is_shown_word_by_word_and_marketing_would_settle_it() {
        let mut text = body("Your parcel is here. Enjoy 10 % off your next order!");
        text.footer = Some("A special offer".into());
        for why in [Why::Promotional, Why::IncorrectCategory] {
            let (spots, category) = of(why, &text, Category::Utility);
            assert_eq!(spots, ["10 %", "Footer"], "{why}");
            assert_eq!(category, Some(Category::Marketing));
            // As marketing it may say so.
            assert_eq!(of(why, &text, Category::Marketing), (vec![], None));
        }
        // News that was submitted as advertising.
        let news = body("Your parcel is here.");
        let settled = of(Why::IncorrectCategory, &news, Category::Marketing);
        assert_eq!(settled, (vec![], Some(Category::Utility)));
    }

    #[test]
    fn a_bad_form_is_shown_where_reviewers_see_it() {
        let mut text = body(
            "<<first_name|you>>, by <<carrier|us>> <<order_number|x>> at your own front door now.",
        );
        text.sms = Some("<<nobody>>".into());
        let (spots, category) = of(Why::InvalidFormat, &text, Category::Utility);
        assert_eq!(spots, ["<<first_name|you>>", "<<order_number|x>>"]);
        assert_eq!(category, None);
        let shouted = body("YOUR PARCEL IS AT YOUR DOOR NOW");
        assert_eq!(of(Why::InvalidFormat, &shouted, Category::Utility).0.len(), 1);
        assert_eq!(of(Why::AbusiveContent, &shouted, Category::Utility).0.len(), 1);
    }

    #[test]
    fn what_looks_like_a_fraud_or_another_language_is_shown() {
        let mut text = body("To get your parcel, tell us your card number at bit.ly/x1 today.");
        text.buttons = vec![Button {
            label: "Open".into(),
            act: ButtonAct::Url { url: "https://tinyurl.com/x".into() },
        }];
        let (spots, _) = of(Why::Scam, &text, Category::Utility);
        assert_eq!(spots, ["card number", "bit.ly", "Target(0)"]);
        let french = body("Votre colis est chez nous, et nous vous écrirons bientôt.");
        assert_eq!(of(Why::TagContentMismatch, &french, Category::Utility).0, ["Votre"]);
        let english = body("Your parcel is here, and we will write to you.");
        assert_eq!(of(Why::TagContentMismatch, &english, Category::Utility).0, [""; 0]);
    }

    #[test]
    fn what_a_text_cannot_show_has_no_places() {
        let text = body("Enjoy 10 % off, <<first_name>>");
        for why in
            [Why::Full, Why::FirstPause, Why::SecondPause, Why::Pacing, Why::Unsaid, Why::Other]
        {
            assert_eq!(of(why, &text, Category::Utility), (vec![], None), "{why}");
            assert!(!why.has_signs());
        }
    }
}
