//! What the list is asked to show. The URL is the state: every link is this, changed in one place.

use crate::page::Ask;
use crate::route;
use dispatch::brand::BrandState;
use dispatch::channel::Channel;
use dispatch::country::Country;
use dispatch::decision::RuleCode;
use dispatch::event::EventStatus;
use dispatch::id::{BrandId, DecisionId, DeliveryId, InvoiceLineId};
use dispatch::message::MessageState;
use dispatch::time::{Date, Timestamp};
use dispatch::view::{LogFilter, LogRow, LogTab};

/// Rows of one page.
pub(super) const ROWS: i64 = 50;

/// The word for every brand in the query.
const ALL_BRANDS: &str = "all";

/// The query of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub tab: LogTab,
    /// What was typed into the search box.
    pub q: String,
    pub brand: Brands,
    pub status: Option<EventStatus>,
    pub country: Option<Country>,
    pub reason: Option<RuleCode>,
    pub state: Option<MessageState>,
    pub channel: Option<Channel>,
    /// First day of what is shown, by the account's clock.
    pub since: Option<Date>,
    /// Last day of it.
    pub until: Option<Date>,
    pub line: Option<InvoiceLineId>,
    pub delivery: Option<DeliveryId>,
    pub before: Option<DecisionId>,
    /// The case shown beside the list.
    pub open: Option<DecisionId>,
}

/// Which brands the list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Brands {
    /// Nothing said: the one in the top bar.
    #[default]
    Current,
    /// Every one, said so.
    All,
    /// This one, said so.
    One(BrandId),
}

impl Asked {
    pub(super) fn of(ask: &Ask) -> Self {
        let brand = match (ask.query("brand").as_str(), ask.query_as("brand")) {
            (ALL_BRANDS, _) => Brands::All,
            (_, Some(id)) => Brands::One(id),
            _ => Brands::Current,
        };
        Self {
            tab: match ask.query("tab").as_str() {
                "sent" => LogTab::Sent,
                "not_sent" => LogTab::NotSent,
                "held" => LogTab::Held,
                "failed" => LogTab::Failed,
                "waiting" => LogTab::Waiting,
                _ => LogTab::All,
            },
            q: ask.query("q").trim().to_owned(),
            brand,
            status: ask.query_as("status"),
            country: ask.query_as("country"),
            reason: ask.query_as("reason"),
            state: ask.query_as("state"),
            channel: ask.query_as("channel"),
            since: day(&ask.query("since")),
            until: day(&ask.query("until")),
            line: ask.query_as("line"),
            delivery: ask.query_as("delivery"),
            before: ask.query_as("before"),
            open: ask.query_as("open"),
        }
    }

    /// The brand that is filtered by. What names one thing (a search, an invoice's line, a delivery)
    /// is looked for in every brand.
    pub(super) fn brand(&self, ask: &Ask) -> Option<BrandId> {
        let names_one = !self.q.is_empty() || self.line.is_some() || self.delivery.is_some();
        match self.brand {
            Brands::One(id) => Some(id),
            Brands::All => None,
            Brands::Current if names_one => None,
            Brands::Current => {
                let brands = &ask.desk.guest.as_ref()?.brands;
                let in_use =
                    brands.iter().filter(|brand| brand.state == BrandState::Active).count();
                // With one brand there is nothing to choose, and an archived one's rows are its past.
                (in_use > 1).then(|| ask.brand().map(|brand| brand.id)).flatten()
            }
        }
    }

    pub(super) fn filter(&self, ask: &Ask) -> LogFilter {
        LogFilter {
            brand: self.brand(ask),
            tab: self.tab,
            status: self.status,
            country: self.country,
            reason: self.reason,
            state: self.state,
            channel: self.channel,
            since: self.since.map(|first| ask.zone.start_of(first)),
            until: self.until.map(|last| ask.zone.start_of(Date::from_days(last.days() + 1))),
            delivery: self.delivery,
            invoice_line: self.line,
            before: self.before,
            limit: ROWS,
            ..LogFilter::default()
        }
    }

    /// Whether anything narrows the list, beyond tab and brand.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.q.is_empty()
            || self.status.is_some()
            || self.country.is_some()
            || self.reason.is_some()
            || self.state.is_some()
            || self.channel.is_some()
            || self.since.is_some()
            || self.until.is_some()
            || self.line.is_some()
            || self.delivery.is_some()
    }

    /// The same question with nothing but its tab.
    pub(super) fn cleared(&self) -> Self {
        Self { tab: self.tab, brand: self.brand, ..Self::default() }
    }

    /// The link to a changed question: from its first page, nothing opened.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut asked = Self { before: None, open: None, ..self.clone() };
        change(&mut asked);
        asked.url()
    }

    /// The link that opens a row beside this page of the list. The fragment makes narrow screens show
    /// the case alone.
    pub(super) fn opening(&self, row: &LogRow) -> String {
        let asked = Self { open: Some(row.decision), ..self.clone() };
        format!("{}#case", asked.url())
    }

    /// The link back to this page of the list without a case.
    pub(super) fn closed(&self) -> String {
        Self { open: None, ..self.clone() }.url()
    }

    /// The pairs of the query, without those that say nothing.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        fn word(value: Option<impl ToString>) -> String {
            value.map(|value| value.to_string()).unwrap_or_default()
        }
        let pairs = [
            ("tab", tab_word(self.tab).to_owned()),
            ("q", self.q.clone()),
            (
                "brand",
                match self.brand {
                    Brands::Current => String::new(),
                    Brands::All => ALL_BRANDS.to_owned(),
                    Brands::One(id) => id.to_string(),
                },
            ),
            ("status", word(self.status)),
            ("country", word(self.country)),
            ("reason", word(self.reason)),
            ("state", word(self.state)),
            ("channel", word(self.channel)),
            ("since", word(self.since)),
            ("until", word(self.until)),
            ("line", word(self.line)),
            ("delivery", word(self.delivery)),
            ("before", word(self.before)),
            ("open", word(self.open)),
        ];
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    pub(super) fn url(&self) -> String {
        let pairs = self.pairs();
        let pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        route::with_query(route::MESSAGES, &pairs)
    }
}

/// A day as date fields send it, of the years in which there can be a message.
fn day(text: &str) -> Option<Date> {
    let at: Timestamp = text.get(..10).filter(|day| *day == text)?.parse().ok()?;
    Some(at.date()).filter(|date| (2000..=2999).contains(&date.year))
}

const fn tab_word(tab: LogTab) -> &'static str {
    match tab {
        LogTab::All => "",
        LogTab::Sent => "sent",
        LogTab::NotSent => "not_sent",
        LogTab::Held => "held",
        LogTab::Failed => "failed",
        LogTab::Waiting => "waiting",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_starts_at_the_first_page_and_keeps_the_rest() {
        let asked = Asked {
            tab: LogTab::NotSent,
            country: "DE".parse().ok(),
            before: "dec_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().ok(),
            ..Asked::default()
        };
        assert_eq!(
            asked.with(|asked| asked.reason = Some(RuleCode::StatusOn)),
            "/messages?tab=not_sent&country=DE&reason=status_on"
        );
        assert_eq!(asked.cleared().url(), "/messages?tab=not_sent");
    }

    #[test]
    fn a_day_is_read_as_date_fields_send_it() {
        assert_eq!(day("2026-11-20").map(|date| date.to_string()).as_deref(), Some("2026-11-20"));
        let odd =
            ["", "20.11.2026", "2026-11-31", "9999-12-31", "0001-01-01", "2026-11-20T10:00:00Z"];
        for text in odd.into_iter().chain(["2026-11-2é", "\u{202e}"]) {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
