//! Whether a text will be taken for news about an order or for advertising, and which words decide it.
//!
//! The provider judges the content, not the wish: anything that promotes, also beside news, is marketing
//! (contract §6.3). The words are those its reviewers name, in the languages of the library. It is a
//! prediction: the provider's answer decides.

use super::check::{Finding, FindingCode, Place, Severity};
use super::content::Content;
use crate::words::words;

words! {
    /// Meta's categories; they decide the operator's cost and which consent is needed.
    Category {
        /// About the customer's own order.
        Utility = "utility",
        /// Anything that advertises.
        Marketing = "marketing",
    }
}

/// Beginnings of words that advertise, in lower case. `%` needs a digit before it.
const SELLING: &[&str] = &[
    // English
    "discount",
    "coupon",
    "promo",
    "voucher",
    "sale",
    "sales",
    "bargain",
    "special offer",
    "offer",
    "offers",
    "deal",
    "deals",
    "free gift",
    "gift card",
    "shop now",
    "buy now",
    "buy again",
    "order again",
    "new collection",
    "new arrivals",
    "exclusive",
    "limited time",
    "last chance",
    "black friday",
    "cyber monday",
    "save up to",
    "loyalty points",
    "recommend",
    "refer a friend",
    "subscribe",
    "newsletter",
    "upgrade",
    "cashback",
    "discover our",
    "check out our",
    // French
    "remise",
    "réduction",
    "soldes",
    "code promo",
    "bon d'achat",
    "offre",
    "offres",
    "profitez",
    "cadeau",
    "nouvelle collection",
    "nouveautés",
    "exclusif",
    "exclusive",
    "dernière chance",
    "parrainez",
    "découvrez",
    "achetez",
    "vente privée",
    "ventes privées",
    "fidélité",
    // German
    "rabatt",
    "gutschein",
    "angebot",
    "sonderangebot",
    "schlussverkauf",
    "gratis",
    "neue kollektion",
    "nur heute",
    "jetzt kaufen",
    "jetzt shoppen",
    "entdecken sie",
    "empfehlen sie",
    "treuepunkte",
    // Dutch
    "korting",
    "aanbieding",
    "kortingscode",
    "uitverkoop",
    "cadeau",
    "nieuwe collectie",
    "koop nu",
    "ontdek",
    "actie",
    // Spanish
    "descuento",
    "oferta",
    "rebajas",
    "cupón",
    "regalo",
    "nueva colección",
    "compra ahora",
    "descubre",
    "última oportunidad",
    "aprovecha",
    // Italian
    "sconto",
    "offerta",
    "saldi",
    "coupon",
    "regalo",
    "nuova collezione",
    "acquista ora",
    "scopri",
    "approfitta",
    "ultima occasione",
];

/// What a text will be taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prediction {
    /// The likely category.
    pub category: Category,
    /// The words that decide: where they stand (bytes) and as they are written.
    pub because: Vec<(Place, std::ops::Range<usize>, String)>,
}

/// Judges a content by its words.
#[must_use]
pub fn predict(content: &Content) -> Prediction {
    let mut because = Vec::new();
    let mut look = |place: Place, text: &str| {
        because.extend(found(text, SELLING, true).map(|at| {
            let words = text[at.clone()].to_owned();
            (place, at, words)
        }));
    };
    look(Place::Header, content.header.text());
    look(Place::Body, &content.body);
    look(Place::Footer, content.footer.as_deref().unwrap_or_default());
    for (index, button) in content.buttons.iter().enumerate() {
        look(Place::Button(index), &button.label);
    }
    let category = if because.is_empty() { Category::Utility } else { Category::Marketing };
    Prediction { category, because }
}

/// Where phrases stand in a text as whole words, without overlaps, in order. They are in lower case.
pub(super) fn phrases(text: &str, wanted: &[&str]) -> Found {
    found(text, wanted, false)
}

/// Places in a text, in bytes.
pub(super) type Found = std::vec::IntoIter<std::ops::Range<usize>>;

fn found(text: &str, wanted: &[&str], percents: bool) -> Found {
    let lower: Vec<(usize, char)> =
        text.char_indices().map(|(at, c)| (at, c.to_lowercase().next().unwrap_or(c))).collect();
    let end_of = |index: usize| lower.get(index).map_or(text.len(), |(at, _)| *at);
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    let mut index = 0;
    while index < lower.len() {
        let starts = index == 0 || !lower[index - 1].1.is_alphanumeric();
        let longest = wanted
            .iter()
            .filter(|_| starts)
            .filter_map(|phrase| fits(&lower, index, phrase))
            .max()
            .or_else(|| percent(&lower, index).filter(|_| starts && percents));
        match longest {
            Some(end) => {
                found.push(lower[index].0..end_of(end));
                index = end;
            }
            None => index += 1,
        }
    }
    found.into_iter()
}

/// Whether a phrase stands here as whole words; answers where it ends.
fn fits(lower: &[(usize, char)], from: usize, phrase: &str) -> Option<usize> {
    let mut at = from;
    for wanted in phrase.chars() {
        let (_, c) = lower.get(at)?;
        let same = *c == wanted || (wanted == '\'' && *c == '’');
        if !same {
            return None;
        }
        at += 1;
    }
    let ends = lower.get(at).is_none_or(|(_, c)| !c.is_alphanumeric());
    ends.then_some(at)
}

/// `10 %`, `20%`: a share of a price is what advertising says with figures.
fn percent(lower: &[(usize, char)], from: usize) -> Option<usize> {
    let mut at = from;
    while lower.get(at).is_some_and(|(_, c)| c.is_ascii_digit()) {
        at += 1;
    }
    if at == from {
        return None;
    }
    while lower.get(at).is_some_and(|(_, c)| c.is_whitespace()) {
        at += 1;
    }
    lower.get(at).filter(|(_, c)| *c == '%').map(|_| at + 1)
}

/// What a chosen category that will not hold says about itself.
pub(super) fn findings(content: &Content, chosen: Category) -> Vec<Finding> {
    if chosen == Category::Marketing {
        return Vec::new();
    }
    predict(content)
        .because
        .into_iter()
        .map(|(place, at, words)| Finding {
            place,
            at: Some(at),
            severity: Severity::Warning,
            code: FindingCode::Promotional,
            detail: words,
            repair: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Vec<String> {
        let content = Content { body: body.into(), ..Content::default() };
        predict(&content).because.into_iter().map(|(_, _, words)| words).collect()
    }

    #[test]
    fn words_that_sell_are_named_and_news_is_left_alone() {
        assert_eq!(of("Your parcel is here. Enjoy 10 % off!"), ["10 %"]);
        assert_eq!(of("Profitez d’un Bon d’achat"), ["Profitez", "Bon d’achat"]);
        assert_eq!(of("Your order has been delivered by the dealer."), Vec::<String>::new());
        assert_eq!(of("Wholesale parcels leave at 10."), Vec::<String>::new());
        assert_eq!(of("Special offer"), ["Special offer"]);
    }
}
