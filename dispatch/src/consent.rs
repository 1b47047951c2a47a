//! Consent: who may be written to, and who said no. Records are only ever appended.

use crate::channel::Channel;
use crate::id::{AccountId, BrandId, ConsentId};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What a record says.
    ConsentKind {
        /// The person agreed.
        OptIn = "opt_in",
        /// The person said no; wins over everything and takes effect at once.
        OptOut = "opt_out",
    }
}

words! {
    /// Where a record comes from.
    ConsentSource {
        /// A word typed on the channel itself.
        Keyword = "keyword",
        /// The link in a message.
        Link = "link",
        /// The shop's data or API.
        Api = "api",
        /// A member, by hand.
        Member = "member",
    }
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Whose customer.
    pub account: AccountId,
    /// Which record.
    pub id: ConsentId,
    /// Of which brand.
    pub brand: BrandId,
    /// On which channel.
    pub channel: Channel,
    /// E.164 or e-mail.
    pub address: String,
    /// Yes or no.
    pub kind: ConsentKind,
    /// From where.
    pub source: ConsentSource,
    /// The words that were used.
    pub text: String,
    /// When.
    pub at: Timestamp,
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
        .map(|c| match c {
            'Ê' | 'É' | 'È' => 'E',
            'Á' | 'À' => 'A',
            other => other,
        })
        .collect();
    match word.trim() {
        "STOP" | "ARRET" | "ARRETER" | "DESINSCRIRE" | "UNSUBSCRIBE" | "STOPP" | "ABMELDEN"
        | "BAJA" | "AFMELDEN" | "ANNULLA" => Some(ConsentKind::OptOut),
        "START" | "REPRENDRE" => Some(ConsentKind::OptIn),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_alone_opts_out_and_a_sentence_does_not() {
        for word in ["STOP", " stop ", "Arrêt", "ARRÊT", "arret.", "Stop!", "ARRE\u{302}T"] {
            assert_eq!(keyword(word), Some(ConsentKind::OptOut), "{word}");
        }
        assert_eq!(keyword("start"), Some(ConsentKind::OptIn));
        for text in ["please stop by at noon", "", "merci", "stopwatch"] {
            assert_eq!(keyword(text), None, "{text}");
        }
    }
}
