//! Consent: who may be written to, and who said no. Records are only ever appended.

use crate::channel::{Channel, TrackingStatus};
use crate::country::Country;
use crate::error::{Error, Result};
use crate::id::{BrandId, ConsentId, UserId};
use crate::template::Category;
use crate::tenant::is_bidi_control;
use crate::time::Timestamp;
use crate::words::words;
use std::collections::{BTreeMap, BTreeSet};

words! {
    /// What a record says.
    ConsentKind {
        /// The person agreed.
        OptIn = "opt_in",
        /// The person said no; wins over everything and takes effect at once.
        OptOut = "opt_out",
        /// The person said which news they want to hear.
        Choice = "choice",
        /// The person took back what they had said where nothing had been said before: nothing stands. Not a yes.
        TakenBack = "taken_back",
    }
}

words! {
    /// What the person was asked about. Each needs consent of its own.
    Purpose {
        /// News about their own orders and parcels.
        Tracking = "tracking",
        /// Advertising.
        Marketing = "marketing",
    }
}

words! {
    /// Where a record comes from.
    ConsentSource {
        /// A word typed on the channel itself.
        Keyword = "keyword",
        /// The provider's word: they told it, or their network, that they want no more.
        Provider = "provider",
        /// One click on a link, or the button a mail program shows.
        Link = "link",
        /// The customer's own page.
        Page = "page",
        /// The brand's sign-up page, confirmed by a message from the number.
        SignUpPage = "sign_up_page",
        /// The shop's data or API.
        Api = "api",
        /// A member, by hand.
        Member = "member",
        /// A file of the shop's.
        Import = "import",
    }
}

impl Purpose {
    /// What a template of this category needs consent for.
    #[must_use]
    pub const fn of(category: Category) -> Self {
        match category {
            Category::Utility => Self::Tracking,
            Category::Marketing => Self::Marketing,
        }
    }

    /// What a word or click is about: a no ends everything, a yes never reaches further than the news.
    #[must_use]
    pub const fn meant_by(kind: ConsentKind) -> &'static [Self] {
        match kind {
            ConsentKind::OptOut | ConsentKind::TakenBack => Self::ALL,
            ConsentKind::OptIn | ConsentKind::Choice => &[Self::Tracking],
        }
    }
}

impl ConsentSource {
    /// Whether the person said it themselves. What they said themselves, the shop cannot take back.
    #[must_use]
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Keyword | Self::Provider | Self::Link | Self::Page | Self::SignUpPage)
    }
}

/// The channels on which an address is reached.
#[must_use]
pub fn channels_of(address: &str) -> &'static [Channel] {
    if address.contains('@') { &[Channel::Email] } else { &[Channel::Whatsapp, Channel::Sms] }
}

/// Reads a number as people type it, with the country of whoever it belongs to: the server's tables do.
pub type ReadPhone = fn(&str, Option<Country>) -> Option<String>;

/// Longest words a record keeps, in characters.
const LONGEST_WORDS: usize = 1_000;

/// Words that are kept as proof, on one line; none when nothing was written.
///
/// # Errors
/// `Invalid` on the given field.
pub fn parse_words(field: &'static str, text: &str) -> Result<Option<String>> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().any(|c| c.is_control() || is_bidi_control(c)) {
        Err(Error::invalid(field, "characters"))
    } else if text.chars().count() > LONGEST_WORDS {
        Err(Error::invalid(field, "too_long"))
    } else {
        Ok((!text.is_empty()).then_some(text))
    }
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Which record.
    pub id: ConsentId,
    /// Of which brand.
    pub brand: BrandId,
    /// On which channel.
    pub channel: Channel,
    /// E.164 or e-mail.
    pub address: String,
    /// Asked about what.
    pub purpose: Purpose,
    /// Yes, no, or which news.
    pub kind: ConsentKind,
    /// From where.
    pub source: ConsentSource,
    /// Where the shop collected it, in its own words (`checkout`).
    pub origin: Option<String>,
    /// The words that were used.
    pub text: String,
    /// The version of those words.
    pub text_version: Option<String>,
    /// What shows it: an order's number, the provider's id of a message.
    pub proof: Option<String>,
    /// The member who wrote it down by hand.
    pub user: Option<UserId>,
    /// Of a choice: the news that is switched off.
    pub silent: BTreeSet<TrackingStatus>,
    /// When the person said it.
    pub at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
}

impl ConsentRecord {
    /// A record of this moment about the news, without proof: what makers of records start from.
    #[must_use]
    pub fn new(
        id: ConsentId,
        brand: BrandId,
        channel: Channel,
        address: &str,
        kind: ConsentKind,
        source: ConsentSource,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            brand,
            channel,
            address: address.to_owned(),
            purpose: Purpose::Tracking,
            kind,
            source,
            origin: None,
            text: String::new(),
            text_version: None,
            proof: None,
            user: None,
            silent: BTreeSet::new(),
            at: now,
            recorded_at: now,
        }
    }
}

/// Where an address stands on one channel for one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standpoint {
    /// Yes or no.
    pub kind: ConsentKind,
    /// Whether the person said it themselves.
    pub own: bool,
    /// Since when.
    pub since: Timestamp,
}

impl Standpoint {
    /// Whether a later word replaces this one: not an older one, and not the shop's word where the
    /// person has said no. The store's statement says the same.
    #[must_use]
    pub fn gives_way_to(&self, next: &Self) -> bool {
        let final_for_shops = self.kind == ConsentKind::OptOut && self.own;
        next.since >= self.since && (next.own || !final_for_shops)
    }
}

/// Everything an address has said to a brand, as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position {
    /// By channel and purpose; nothing said is no entry, or what was taken back.
    pub said: BTreeMap<(Channel, Purpose), Standpoint>,
    /// The news switched off, by channel, and since when.
    pub silent: BTreeMap<Channel, (BTreeSet<TrackingStatus>, Timestamp)>,
}

impl Position {
    /// What these records amount to, in whatever order they come.
    #[must_use]
    pub fn of<'a>(records: impl IntoIterator<Item = &'a ConsentRecord>) -> Self {
        let mut records: Vec<&ConsentRecord> = records.into_iter().collect();
        records.sort_by_key(|record| (record.recorded_at, record.at));
        let mut position = Self::default();
        for record in records {
            if record.kind == ConsentKind::Choice {
                let newer = position
                    .silent
                    .get(&record.channel)
                    .is_none_or(|(_, since)| record.at >= *since);
                if newer {
                    position.silent.insert(record.channel, (record.silent.clone(), record.at));
                }
                continue;
            }
            let (kind, own, since) = (record.kind, record.source.is_own(), record.at);
            let next = Standpoint { kind, own, since };
            let key = (record.channel, record.purpose);
            if position.said.get(&key).is_none_or(|now| now.gives_way_to(&next)) {
                position.said.insert(key, next);
            }
        }
        position
    }

    /// What was said about a purpose on a channel.
    #[must_use]
    pub fn kind(&self, channel: Channel, purpose: Purpose) -> Option<ConsentKind> {
        let kind = self.said.get(&(channel, purpose))?.kind;
        (kind != ConsentKind::TakenBack).then_some(kind)
    }

    /// Whether the news is stopped on a channel.
    #[must_use]
    pub fn is_stopped(&self, channel: Channel) -> bool {
        self.kind(channel, Purpose::Tracking) == Some(ConsentKind::OptOut)
    }

    /// The news switched off on any of these channels.
    #[must_use]
    pub fn silent_on(&self, channels: &[Channel]) -> BTreeSet<TrackingStatus> {
        channels
            .iter()
            .filter_map(|channel| self.silent.get(channel))
            .flat_map(|(statuses, _)| statuses.iter().copied())
            .collect()
    }
}

/// What an inbound text means for consent: a word alone, whatever its case, accents and punctuation.
#[must_use]
pub fn keyword(text: &str) -> Option<ConsentKind> {
    if text.len() > 80 {
        return None;
    }
    let word: String = text
        .trim()
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace())
        .flat_map(char::to_uppercase)
        .map(without_accent)
        .collect();
    let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
    keyword_lists().find(|(_, words)| words.contains(&word.as_str())).map(|(kind, _)| kind)
}

/// People leave accents out, and some keyboards have none.
fn without_accent(capital: char) -> char {
    match capital {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ä' => 'A',
        'È' | 'É' | 'Ê' | 'Ë' => 'E',
        'Ì' | 'Í' | 'Î' | 'Ï' => 'I',
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' => 'O',
        'Ù' | 'Ú' | 'Û' | 'Ü' => 'U',
        'Ç' => 'C',
        'Ñ' => 'N',
        other => other,
    }
}

/// The words that mean something alone, in capitals and without accents.
pub fn keyword_lists() -> impl Iterator<Item = (ConsentKind, &'static [&'static str])> {
    [(ConsentKind::OptOut, STOP_WORDS), (ConsentKind::OptIn, START_WORDS)].into_iter()
}

/// In the languages of the starter library. Words that could be about an order, like the English
/// "cancel", are left out unless they are what people of a language write to end messages.
#[rustfmt::skip]
const STOP_WORDS: &[&str] = &[
    // English, and understood everywhere.
    "STOP", "STOP ALL", "STOPALL", "UNSUBSCRIBE", "QUIT",
    // French
    "ARRET", "ARRETER", "ARRETEZ", "DESINSCRIRE", "DESINSCRIPTION", "DESABONNER",
    // German
    "STOPP", "ABMELDEN", "ABBESTELLEN",
    // Dutch
    "STOPPEN", "AFMELDEN", "UITSCHRIJVEN",
    // Spanish
    "BAJA", "ALTO", "CANCELAR", "PARAR", "DARME DE BAJA",
    // Italian
    "FERMA", "DISDICI", "BASTA", "ANNULLA", "CANCELLAMI",
    // Portuguese
    "SAIR",
];

/// The ways back, in the same languages.
#[rustfmt::skip]
const START_WORDS: &[&str] = &[
    "START", "UNSTOP", "SUBSCRIBE",
    "REPRENDRE", "INSCRIRE",
    "STARTEN", "ANMELDEN",
    "HERVATTEN", "AANMELDEN",
    "ALTA", "REANUDAR",
    "RIPRENDI", "INIZIA",
];

#[cfg(test)]
mod tests {
    use super::*;

    struct Zero;

    impl crate::id::IdSource for Zero {
        fn random(&self) -> u128 {
            0
        }
    }

    fn record(kind: ConsentKind, source: ConsentSource, seconds: i64) -> ConsentRecord {
        let now = Timestamp::from_seconds(seconds);
        let (id, brand) = (ConsentId::mint(now, &Zero), BrandId::mint(now, &Zero));
        ConsentRecord::new(id, brand, Channel::Whatsapp, "+33639980042", kind, source, now)
    }

    fn stands(records: &[ConsentRecord]) -> Option<ConsentKind> {
        Position::of(records).kind(Channel::Whatsapp, Purpose::Tracking)
    }

    #[test]
    fn what_a_person_said_themselves_only_they_take_back() {
        use ConsentKind::{OptIn, OptOut};
        use ConsentSource::{Api, Import, Keyword, Member, Page};
        let stop = record(OptOut, Keyword, 10);
        for source in [Api, Import, Member] {
            assert_eq!(
                stands(&[stop.clone(), record(OptIn, source, 20)]),
                Some(OptOut),
                "{source}"
            );
        }
        assert_eq!(stands(&[stop.clone(), record(OptIn, Page, 20)]), Some(OptIn));
        let by_hand = record(OptOut, Member, 10);
        assert_eq!(stands(&[by_hand, record(OptIn, Member, 20)]), Some(OptIn));
        // What was said earlier and heard of later changes nothing.
        let mut late = record(OptIn, Page, 5);
        late.recorded_at = Timestamp::from_seconds(30);
        assert_eq!(stands(&[late, stop]), Some(OptOut));
        assert_eq!(stands(&[]), None);
    }

    #[test]
    fn the_last_choice_stands_and_says_nothing_about_consent() {
        let mut first = record(ConsentKind::Choice, ConsentSource::Page, 10);
        first.silent = [TrackingStatus::Shipped].into();
        let second = record(ConsentKind::Choice, ConsentSource::Page, 20);
        let position = Position::of(&[second.clone(), first.clone()]);
        assert!(position.said.is_empty());
        assert_eq!(position.silent_on(&[Channel::Whatsapp]), BTreeSet::new());
        assert_eq!(Position::of(&[first]).silent_on(&[Channel::Sms, Channel::Whatsapp]).len(), 1);
    }

    #[test]
    fn a_word_alone_opts_out_and_a_sentence_does_not() {
        for word in ["STOP", " stop ", "Arrêt", "ARRÊT", "arret.", "Stop!", "ARRE\u{302}T"] {
            assert_eq!(keyword(word), Some(ConsentKind::OptOut), "{word}");
        }
        for word in [
            "stopp",
            "Abmelden",
            "stoppen",
            "Afmelden!",
            "baja",
            "Alto",
            "cancelar",
            "ferma",
            "Disdici",
            "BASTA",
            "Désinscription",
            "stop  all",
            "Dárme de baja",
        ] {
            assert_eq!(keyword(word), Some(ConsentKind::OptOut), "{word}");
        }
        for word in ["start", "Reprendre", "anmelden", "AANMELDEN", "alta", "riprendi"] {
            assert_eq!(keyword(word), Some(ConsentKind::OptIn), "{word}");
        }
        for text in
            ["please stop by at noon", "", "merci", "stopwatch", "basta così, grazie", "cancel"]
        {
            assert_eq!(keyword(text), None, "{text}");
        }
    }
}
