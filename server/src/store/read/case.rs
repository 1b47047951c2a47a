//! One decision with everything that led to it and followed from it: the detail page.

use super::log::log_row;
use crate::store::SqlStore;
use crate::store::dialect::Dialect;
use crate::store::row as shared;
use crate::store::sql::statements;
use crate::store::value::args;
use dispatch::channel::Channel;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, DecisionId, MessageId};
use dispatch::money::Money;
use dispatch::time::Timestamp;
use dispatch::view::{
    AttemptView, CaseView, ChargeView, MessageView, NextView, ReceiptView, ReplayedView,
};

statements! {
    DECISION = [(log_columns), "FROM decision d ", log_joins, "WHERE d.account_id = $1 AND d.id = $2"];
    CONTEXT = ["SELECT b.name, g.record, d.rules, d.others, ", (event_columns), "FROM decision d \
        JOIN event e ON e.id = d.event_id JOIN brand b ON b.id = d.brand_id \
        LEFT JOIN ruling g ON g.account_id = d.account_id AND g.id = d.ruling WHERE d.account_id = $1 AND d.id = $2"];
    DECISION_OF = ["SELECT decision_id FROM message WHERE account_id = $1 AND id = $2"];
    MESSAGE = ["SELECT id, state, channel, recipient, template, template_version, language, rendered, created_at, failure, \
            (SELECT w.due_at FROM watch w WHERE w.message_id = message.id AND w.step = message.step), fallbacks, step, \
            (SELECT x.reason FROM stranded x WHERE x.message_id = message.id AND message.state = 'failed') \
        FROM message WHERE account_id = $1 AND id = $2"];
    REPLAYS = ["SELECT r.id, p.name, r.at FROM replayed x JOIN replay r ON r.id = x.replay_id LEFT JOIN person p ON p.id = r.user_id \
        WHERE r.account_id = $1 AND x.message_id = $2 ORDER BY r.at, r.id"];
    // They are counted anew when somebody has the message sent again.
    ATTEMPTS = ["SELECT a.id, a.number, a.channel, a.started_at, a.finished_at, a.outcome, a.provider_id, a.code, a.detail, a.receipts \
        FROM attempt a WHERE a.account_id = $1 AND a.message_id = $2 ORDER BY a.step, a.id"];
    // Not yet applied: they know the message only by the provider's id.
    WAITING = ["SELECT a.channel, r.kind, r.occurred_at, r.received_at, r.code, r.detail \
        FROM attempt a JOIN receipt_inbox r ON r.provider_id = a.provider_id AND r.sender_id = a.sender_id \
        WHERE a.account_id = $1 AND r.account_id = $1 AND a.message_id = $2"];
    CHARGES = ["SELECT c.id, c.kind, c.micros, c.currency, c.charged_at, c.rate_id, c.plan, l.invoice_id, l.id \
        FROM charge c LEFT JOIN invoice_line l ON l.id = c.invoice_line_id \
        WHERE c.account_id = $1 AND c.message_id = $2 ORDER BY c.kind"];
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn decision_of(
        &self,
        account: AccountId,
        message: MessageId,
    ) -> Result<Option<DecisionId>> {
        let row = self.row(&DECISION_OF, args![account, message]).await?;
        row.map(|mut row| row.read()).transpose()
    }

    pub(super) async fn read_case(
        &self,
        account: AccountId,
        decision: DecisionId,
    ) -> Result<Option<CaseView>> {
        let Some(mut row) = self.row(&DECISION, args![account, decision]).await? else {
            return Ok(None);
        };
        let line = log_row(&mut row)?;
        let Some(mut row) = self.row(&CONTEXT, args![account, decision]).await? else {
            return Ok(None);
        };
        let brand_name = row.text()?;
        let (rules, others) = shared::rules_and_others(&mut row)?;
        let event = shared::event(&mut row)?;
        let mut message = match line.message {
            Some(id) => self.read_message(account, id).await?,
            None => None,
        };
        if let Some(message) = &mut message {
            message.due_at = line.due_at;
            message.name.clone_from(&event.facts.name);
        }
        Ok(Some(CaseView {
            row: line,
            brand_name,
            connection: event.connection,
            source: event.source,
            event: super::event::event_view(event),
            rules,
            others,
            message,
        }))
    }

    async fn read_message(&self, account: AccountId, id: MessageId) -> Result<Option<MessageView>> {
        let Some(mut row) = self.row(&MESSAGE, args![account, id]).await? else { return Ok(None) };
        let (attempts, receipts) = self.read_attempts(account, id).await?;
        let mut view = MessageView {
            id: row.read()?,
            state: row.read()?,
            channel: row.read()?,
            next: None,
            to: row.text()?,
            name: None,
            template: row.text()?,
            template_version: row.int()?,
            language: row.read()?,
            rendered: row.json()?,
            created_at: row.time()?,
            failure: row.text_or_none()?,
            due_at: None,
            waits: None,
            replays: self.read_replays(account, id).await?,
            attempts,
            receipts,
            charges: self.read_charges(account, id).await?,
        };
        let at = row.time_or_none()?;
        let next = shared::next_fallback(&mut row)?.1.filter(|_| !view.state.reached());
        view.next = next.map(|next| NextView {
            channel: next.channel,
            at: at.filter(|_| next.after.is_some()),
            after: next.after,
        });
        view.waits = row.read_or_none()?;
        Ok(Some(view))
    }

    async fn read_replays(&self, account: AccountId, id: MessageId) -> Result<Vec<ReplayedView>> {
        let rows = self.rows(&REPLAYS, args![account, id]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(ReplayedView { replay: row.read()?, by: row.text_or_none()?, at: row.time()? })
            })
            .collect()
    }

    /// The attempts, and what was said of them in the order in which it came.
    async fn read_attempts(
        &self,
        account: AccountId,
        id: MessageId,
    ) -> Result<(Vec<AttemptView>, Vec<ReceiptView>)> {
        let (mut attempts, mut receipts) = (Vec::new(), Vec::new());
        for mut row in self.rows(&ATTEMPTS, args![account, id]).await? {
            let attempt = AttemptView {
                id: row.read()?,
                number: row.int()?,
                channel: row.read()?,
                started_at: row.time()?,
                finished_at: row.time_or_none()?,
                outcome: row.read_or_none()?,
                provider_id: row.text_or_none()?,
                code: row.text_or_none()?,
                detail: row.text_or_none()?,
            };
            if let Some(said) = row.text_or_none()? {
                receipts.extend(receipts_of(attempt.channel, &said)?);
            }
            attempts.push(attempt);
        }
        for mut row in self.rows(&WAITING, args![account, id]).await? {
            let receipt = ReceiptView {
                channel: row.read()?,
                kind: row.read()?,
                occurred_at: row.time()?,
                received_at: row.time()?,
                code: row.text_or_none()?,
                detail: row.text_or_none()?,
            };
            // Said a second time.
            let same = |r: &ReceiptView| (r.channel, r.kind) == (receipt.channel, receipt.kind);
            if !receipts.iter().any(same) {
                receipts.push(receipt);
            }
        }
        receipts.sort_by_key(|receipt| (receipt.received_at, receipt.kind));
        Ok((attempts, receipts))
    }

    async fn read_charges(&self, account: AccountId, id: MessageId) -> Result<Vec<ChargeView>> {
        let rows = self.rows(&CHARGES, args![account, id]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(ChargeView {
                    id: row.read()?,
                    kind: row.read()?,
                    amount: Money::new(row.int()?, row.read()?),
                    charged_at: row.time()?,
                    rate: row.text()?,
                    plan: row.read()?,
                    invoice: row.read_or_none()?,
                    invoice_line: row.read_or_none()?,
                })
            })
            .collect()
    }
}

/// What an attempt has heard, to be shown.
fn receipts_of(channel: Channel, said: &str) -> Result<Vec<ReceiptView>> {
    shared::heard(said)?
        .into_iter()
        .map(|said| {
            let text = |place: usize| said.get(place).and_then(|cell| cell.as_str());
            let time = |place: usize| {
                let micros = said.get(place).and_then(serde_json::Value::as_i64);
                micros.map(Timestamp::from_micros).ok_or(Error::Corrupt)
            };
            Ok(ReceiptView {
                channel,
                kind: text(0).and_then(|word| word.parse().ok()).ok_or(Error::Corrupt)?,
                occurred_at: time(1)?,
                received_at: time(2)?,
                code: text(3).map(str::to_owned),
                detail: text(4).map(str::to_owned),
            })
        })
        .collect()
}
