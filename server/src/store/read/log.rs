//! The log: decisions with their messages, newest first, and how many there are.
//!
//! One statement per way in: each walks the index of what is searched for, and the other filters only
//! sift what it finds. All of them take the same parameters.

use super::any;
use crate::store::SqlStore;
use crate::store::dialect::Dialect;
use crate::store::row as shared;
use crate::store::sql::{Sql, statements};
use crate::store::value::{Row, args};
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId, DecisionId, MessageId};
use dispatch::message::MessageState;
use dispatch::money::Money;
use dispatch::time::Timestamp;
use dispatch::view::{LogCounts, LogFilter, LogRow, LogTab, Page, ReasonCount};

/// The filters beside the one that leads, and the page.
macro_rules! sifted {
    () => {
        "AND d.id < $2 \
        AND ($4 = 'all' OR ($4 = 'sent' AND d.message_id IS NOT NULL) OR ($4 = 'not_sent' AND d.verdict = 'skip') \
            OR ($4 = 'held' AND m.state = 'held') OR ($4 = 'failed' AND m.state IN ('failed', 'unknown')) \
            OR ($4 = 'waiting' AND m.state = 'failed')) \
        AND ($5 = '' OR d.brand_id = $5) AND ($6 = '' OR d.status = $6) AND ($7 = '' OR d.country = $7) \
        AND ($8 = '' OR d.reason = $8) AND ($9 = '' OR m.state = $9) \
        AND ($10 = '' OR d.order_number = $10) AND ($11 = '' OR d.tracking_number = $11) AND ($12 = '' OR d.phone = $12) \
        AND ($13 = '' OR d.delivery_id = $13) AND ($14 = '' OR d.message_id = $14) \
        AND ($15 = '' OR d.message_id IN (SELECT a.message_id FROM attempt a WHERE a.provider_id = $15 AND a.account_id = $1)) \
        AND ($16 = '' OR d.message_id IN (SELECT b.message_id FROM charge b WHERE b.invoice_line_id = $16 AND b.account_id = $1)) \
        AND ($17 = '' OR coalesce(m.channel, d.channel) = $17) AND ($18 = '' OR d.id >= $18) \
        ORDER BY d.id DESC LIMIT $3"
    };
}

statements! {
    EVERYTHING = [(log_columns), "FROM decision d ", log_joins, "WHERE d.account_id = $1 ", (sifted)];
    BY_REASON = [(log_columns), "FROM decision d ", log_joins, "WHERE d.account_id = $1 AND d.reason = $8 ", (sifted)];
    BY_ORDER = [(log_columns), "FROM decision d ", log_joins, "WHERE d.account_id = $1 AND d.order_number = $10 ", (sifted)];
    BY_TRACKING = [(log_columns), "FROM decision d ", log_joins, "WHERE d.account_id = $1 AND d.tracking_number = $11 ", (sifted)];
    BY_PHONE = [(log_columns), "FROM decision d ", log_joins, "WHERE d.account_id = $1 AND d.phone = $12 ", (sifted)];
    // The account is looked at last: its index is in the order asked for and so would tempt away from the few
    // rows that are meant. CROSS JOIN keeps SQLite to the order written.
    BY_DELIVERY = [(log_columns), "FROM event x CROSS JOIN decision d ", log_joins,
        "WHERE x.delivery_id = $13 AND d.event_id = x.id AND d.account_id = $1 ", (sifted)];
    BY_MESSAGE = [(log_columns), "FROM message x CROSS JOIN decision d ", log_joins,
        "WHERE x.id = $14 AND d.id = x.decision_id AND d.account_id = $1 ", (sifted)];
    BY_PROVIDER = [(log_columns), "FROM (SELECT DISTINCT message_id FROM attempt WHERE provider_id = $15) x \
        CROSS JOIN message y CROSS JOIN decision d ", log_joins,
        "WHERE y.id = x.message_id AND d.id = y.decision_id AND d.account_id = $1 ", (sifted)];
    BY_LINE = [(log_columns), "FROM (SELECT DISTINCT message_id FROM charge WHERE invoice_line_id = $16) x \
        CROSS JOIN message y CROSS JOIN decision d ", log_joins,
        "WHERE y.id = x.message_id AND d.id = y.decision_id AND d.account_id = $1 ", (sifted)];
    // Few messages are in trouble, so these lead, by an index of their own.
    IN_TROUBLE = [(log_columns), "FROM message x JOIN decision d ON d.id = x.decision_id ", log_joins,
        "WHERE x.account_id = $1 AND x.trouble = 1 ", (sifted)];
    // Fewer still can be sent again.
    WAITING = [(log_columns), "FROM stranded x CROSS JOIN message y CROSS JOIN decision d ", log_joins,
        "WHERE x.account_id = $1 AND y.id = x.message_id AND d.id = y.decision_id ", (sifted)];

    COUNT_WAITING = ["SELECT count(*) FROM stranded WHERE account_id = $1 AND ($2 = '' OR brand_id = $2)"];
    COUNT_DECISIONS = ["SELECT count(*), count(CASE WHEN verdict = 'skip' THEN 1 END) FROM decision \
        WHERE account_id = $1 AND id >= $2 AND decided_at >= $3 AND ($4 = '' OR brand_id = $4)"];
    COUNT_TROUBLE = ["SELECT count(CASE WHEN state = 'held' THEN 1 END), count(CASE WHEN state <> 'held' THEN 1 END) FROM message \
        WHERE account_id = $1 AND id >= $2 AND trouble = 1 AND created_at >= $3 AND ($4 = '' OR brand_id = $4)"];
    REASONS = ["SELECT reason, count(*), max(decided_at) FROM decision \
        WHERE account_id = $1 AND id >= $2 AND reason IS NOT NULL AND verdict = 'skip' AND decided_at >= $3 AND ($4 = '' OR brand_id = $4) \
        GROUP BY reason ORDER BY count(*) DESC, reason"];
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn read_log(
        &self,
        account: AccountId,
        filter: &LogFilter,
    ) -> Result<Page<LogRow>> {
        let parameters = args![
            account,
            first_of(filter),
            filter.limit + 1,
            tab_word(filter.tab),
            any(filter.brand.as_ref()),
            any(filter.status.as_ref()),
            any(filter.country.as_ref()),
            any(filter.reason.as_ref()),
            any(filter.state.as_ref()),
            any(filter.order_number.as_ref()),
            any(filter.tracking_number.as_ref()),
            any(filter.phone.as_ref()),
            any(filter.delivery.as_ref()),
            any(filter.message.as_ref()),
            any(filter.provider_id.as_ref()),
            any(filter.invoice_line.as_ref()),
            any(filter.channel.as_ref()),
            any(filter.since.map(DecisionId::least).as_ref())
        ];
        let rows = self.rows(way_in(filter), parameters).await?;
        let rows = rows.into_iter().map(|mut row| log_row(&mut row)).collect::<Result<_>>()?;
        Ok(shared::page(rows, filter.limit))
    }

    pub(super) async fn count_log(
        &self,
        account: AccountId,
        brand: Option<BrandId>,
        since: Timestamp,
    ) -> Result<LogCounts> {
        let first = DecisionId::least(since);
        let parameters = args![account, first, since, any(brand.as_ref())];
        let mut row = self.row(&COUNT_DECISIONS, parameters).await?.ok_or(Error::Corrupt)?;
        let (all, not_sent) = (row.int()?, row.int()?);
        let first = MessageId::least(since);
        let parameters = args![account, first, since, any(brand.as_ref())];
        let mut row = self.row(&COUNT_TROUBLE, parameters).await?.ok_or(Error::Corrupt)?;
        let (held, failed) = (row.int()?, row.int()?);
        let parameters = args![account, any(brand.as_ref())];
        let mut row = self.row(&COUNT_WAITING, parameters).await?.ok_or(Error::Corrupt)?;
        Ok(LogCounts { all, not_sent, held, failed, waiting: row.int()? })
    }

    pub(super) async fn count_reasons(
        &self,
        account: AccountId,
        brand: Option<BrandId>,
        since: Timestamp,
    ) -> Result<Vec<ReasonCount>> {
        let first = DecisionId::least(since);
        let rows = self.rows(&REASONS, args![account, first, since, any(brand.as_ref())]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(ReasonCount { reason: row.read()?, count: row.int()?, last_at: row.time()? })
            })
            .collect()
    }
}

/// What the rows come before: the row of the page above, or the end of the time that is asked for. Ids begin with
/// their moment, so one comparison serves both.
fn first_of(filter: &LogFilter) -> String {
    let end = filter.until.map(DecisionId::least);
    shared::before(filter.before.into_iter().chain(end).min())
}

/// The statement whose index finds the fewest rows: the most exact filter first.
const fn way_in(filter: &LogFilter) -> &'static Sql {
    match filter {
        LogFilter { message: Some(_), .. } => &BY_MESSAGE,
        LogFilter { provider_id: Some(_), .. } => &BY_PROVIDER,
        LogFilter { delivery: Some(_), .. } => &BY_DELIVERY,
        LogFilter { tracking_number: Some(_), .. } => &BY_TRACKING,
        LogFilter { order_number: Some(_), .. } => &BY_ORDER,
        LogFilter { phone: Some(_), .. } => &BY_PHONE,
        LogFilter { invoice_line: Some(_), .. } => &BY_LINE,
        LogFilter { tab: LogTab::Waiting, .. } => &WAITING,
        LogFilter { tab: LogTab::Held | LogTab::Failed, .. } => &IN_TROUBLE,
        LogFilter {
            state: Some(MessageState::Failed | MessageState::Unknown | MessageState::Held),
            ..
        } => &IN_TROUBLE,
        LogFilter { reason: Some(_), .. } => &BY_REASON,
        _ => &EVERYTHING,
    }
}

const fn tab_word(tab: LogTab) -> &'static str {
    match tab {
        LogTab::All => "all",
        LogTab::Sent => "sent",
        LogTab::NotSent => "not_sent",
        LogTab::Held => "held",
        LogTab::Failed => "failed",
        LogTab::Waiting => "waiting",
    }
}

/// A row of the log from `log_columns`.
pub(super) fn log_row(row: &mut Row) -> Result<LogRow> {
    Ok(LogRow {
        decision: row.read()?,
        event: row.read()?,
        message: row.read_or_none()?,
        brand: row.read()?,
        at: row.time()?,
        channel: row.read()?,
        carried: row.read_or_none()?,
        status: row.read()?,
        country: row.read_or_none()?,
        order_number: row.text_or_none()?,
        tracking_number: row.text_or_none()?,
        phone: row.text_or_none()?,
        verdict: row.read()?,
        reason: row.read_or_none()?,
        state: row.read_or_none()?,
        failure: row.text_or_none()?,
        due_at: row.time_or_none()?,
        charged: match (row.int_or_none()?, row.read_or_none()?) {
            (Some(micros), Some(currency)) => Some(Money::new(micros, currency)),
            _ => None,
        },
    })
}
