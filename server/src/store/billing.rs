//! Closing a month: charges become an invoice, once.

use super::SqlStore;
use super::dialect::Dialect;
use super::sql::statements;
use super::value::{Set, args, cells};
use async_trait::async_trait;
use dispatch::error::Result;
use dispatch::id::{AccountId, IdSource, InvoiceId};
use dispatch::invoice::{InvoiceState, draw_up, number};
use dispatch::ledger::Tally;
use dispatch::money::Money;
use dispatch::port::Billing;
use dispatch::time::{Month, Timestamp};

statements! {
    TO_BILL = ["SELECT DISTINCT account_id FROM charge WHERE invoice_line_id IS NULL AND charged_at < $1 ORDER BY account_id"];
    // Two closings of one account wait for each other here.
    LOCK = ["UPDATE account SET name = name WHERE id = $1"];
    EXISTS = ["SELECT id FROM invoice WHERE account_id = $1 AND month = $2"];
    COUNT = ["SELECT count(*) FROM invoice WHERE account_id = $1"];
    // Marked with the invoice's id first: what arrives while the lines are made is not marked, so lines
    // and charges cannot disagree.
    MARK = ["UPDATE charge SET invoice_line_id = $1 WHERE account_id = $2 AND invoice_line_id IS NULL AND charged_at < $3"];
    TALLIES = ["SELECT brand_id, channel, country, kind, micros, currency, count(*) FROM charge \
        WHERE account_id = $1 AND invoice_line_id = $2 \
        GROUP BY brand_id, channel, country, kind, micros, currency"];
    ADD = ["INSERT INTO invoice (id, account_id, number, month, state, currency, micros, issued_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"];
    ADD_LINES = ["INSERT INTO invoice_line (id, account_id, invoice_id, position, brand_id, channel, country, kind, currency, unit_micros, quantity, micros) \
        SELECT id, account_id, invoice_id, position, brand_id, channel, country, kind, currency, unit_micros, quantity, micros FROM ",
        {id: text, account_id: text, invoice_id: text, position: bigint, brand_id: text, channel: text, country: text, kind: text,
         currency: text, unit_micros: bigint, quantity: bigint, micros: bigint}, " s"];
    BILL = ["UPDATE charge SET invoice_line_id = l.id FROM invoice_line l WHERE l.invoice_id = $1 \
        AND charge.account_id = $2 AND charge.invoice_line_id = $1 \
        AND charge.brand_id = l.brand_id AND charge.channel = l.channel AND charge.country = l.country \
        AND charge.kind = l.kind AND charge.currency = l.currency AND charge.micros = l.unit_micros"];
}

#[async_trait]
impl<DB: Dialect> Billing for SqlStore<DB> {
    async fn accounts_to_bill(&self, month: Month) -> Result<Vec<AccountId>> {
        let rows = self.rows(&TO_BILL, args![month.end()]).await?;
        rows.into_iter().map(|mut row| row.read()).collect()
    }

    async fn close_month(
        &self,
        account: AccountId,
        month: Month,
        now: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<Option<InvoiceId>> {
        let mut write = self.write().await?;
        write.run(&LOCK, args![account]).await?;
        if !write.rows(&EXISTS, args![account, month]).await?.is_empty() {
            return Ok(None);
        }
        // Of an unfinished month, what is charged from this moment on belongs to the next invoice.
        let until = month.end().min(now);
        let id = InvoiceId::mint(now, ids);
        write.run(&MARK, args![id, account, until]).await?;
        let mut tallies = Vec::new();
        for mut row in write.rows(&TALLIES, args![account, id]).await? {
            tallies.push(Tally {
                brand: row.read()?,
                channel: row.read()?,
                country: row.read()?,
                kind: row.read()?,
                unit_price: Money::new(row.int()?, row.read()?),
                quantity: row.int()?,
            });
        }
        let Some(invoice) = draw_up(account, id, month, tallies, now, ids)? else {
            return Ok(None);
        };
        let count = match write.rows(&COUNT, args![account]).await?.pop() {
            Some(mut row) => row.int()?,
            None => 0,
        };
        let header = args![
            invoice.id,
            account,
            number(month, count + 1),
            month,
            InvoiceState::Open,
            invoice.total.currency,
            invoice.total.micros,
            now
        ];
        write.run(&ADD, header).await?;
        let mut lines = Set::new();
        for (position, line) in (1i64..).zip(&invoice.lines) {
            let tally = &line.tally;
            lines.push(&cells![
                line.line,
                account,
                invoice.id,
                position,
                tally.brand,
                tally.channel,
                tally.country,
                tally.kind,
                tally.unit_price.currency,
                tally.unit_price.micros,
                tally.quantity,
                line.amount.micros
            ]);
        }
        write.run(&ADD_LINES, args![lines]).await?;
        write.run(&BILL, args![invoice.id, account]).await?;
        write.commit().await?;
        Ok(Some(invoice.id))
    }
}
