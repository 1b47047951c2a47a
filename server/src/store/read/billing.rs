//! What is charged: usage of a month, invoices with their lines, prices in force.

use crate::store::SqlStore;
use crate::store::dialect::Dialect;
use crate::store::row as shared;
use crate::store::sql::statements;
use crate::store::value::{Row, args};
use dispatch::channel::Channel;
use dispatch::country::Country;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, InvoiceId};
use dispatch::money::Money;
use dispatch::plan::{Plan, Rate, rate_in_force};
use dispatch::time::{Month, Timestamp};
use dispatch::view::{InvoiceDetail, InvoiceLineView, InvoiceView, PriceView, UsageLine};

/// An invoice and how many messages it bills.
macro_rules! invoice_columns {
    () => {
        "SELECT i.id, i.number, i.month, i.state, i.micros, i.currency, i.issued_at, \
            (SELECT coalesce(CAST(sum(l.quantity) AS BIGINT), 0) FROM invoice_line l WHERE l.invoice_id = i.id AND l.kind = 'charge') \
        FROM invoice i "
    };
}

statements! {
    // A reversal stands on the line of what it gives back: one less.
    USAGE = ["SELECT c.brand_id, b.name, c.channel, c.country, abs(c.micros), c.currency, \
            CAST(sum(CASE c.kind WHEN 'charge' THEN 1 ELSE -1 END) AS BIGINT), CAST(sum(c.micros) AS BIGINT) \
        FROM charge c JOIN brand b ON b.id = c.brand_id \
        WHERE c.account_id = $1 AND c.charged_at >= $2 AND c.charged_at < $3 \
        GROUP BY c.brand_id, b.name, c.channel, c.country, abs(c.micros), c.currency \
        ORDER BY lower(b.name), c.brand_id, c.channel, c.country, abs(c.micros), c.currency"];
    INVOICES = [(invoice_columns), "WHERE i.account_id = $1 ORDER BY i.month DESC, i.id DESC"];
    INVOICE = [(invoice_columns), "WHERE i.account_id = $1 AND i.id = $2"];
    ACCOUNT = ["SELECT id, name, company_country, plan, created_at FROM account WHERE id = $1"];
    LINES = ["SELECT l.id, b.name, l.channel, l.country, l.kind, l.unit_micros, l.quantity, l.micros, l.currency \
        FROM invoice_line l JOIN brand b ON b.id = l.brand_id WHERE l.account_id = $1 AND l.invoice_id = $2 ORDER BY l.position"];
    LEDGER = ["SELECT coalesce(CAST(sum(c.micros) AS BIGINT), 0) FROM invoice_line l \
        JOIN charge c ON c.invoice_line_id = l.id WHERE l.account_id = $1 AND l.invoice_id = $2"];
    PRICES = ["SELECT a.company_country, r.id, r.company_country, r.plan, r.channel, r.micros, r.currency, r.valid_from \
        FROM account a CROSS JOIN rate r WHERE a.id = $1 AND r.channel = $2 AND r.valid_from <= $3"];
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn read_usage(
        &self,
        account: AccountId,
        month: Month,
    ) -> Result<Vec<UsageLine>> {
        let rows = self.rows(&USAGE, args![account, month.start(), month.end()]).await?;
        rows.into_iter()
            .map(|mut row| {
                let (brand, brand_name) = (row.read()?, row.text()?);
                let (channel, country) = (row.read()?, row.read()?);
                let unit_price = Money::new(row.int()?, row.read()?);
                let quantity = row.int()?;
                let amount = Money::new(row.int()?, unit_price.currency);
                Ok(UsageLine { brand, brand_name, channel, country, unit_price, quantity, amount })
            })
            .collect()
    }

    pub(super) async fn read_invoices(&self, account: AccountId) -> Result<Vec<InvoiceView>> {
        let rows = self.rows(&INVOICES, args![account]).await?;
        rows.into_iter().map(|mut row| invoice_view(&mut row)).collect()
    }

    pub(super) async fn read_invoice(
        &self,
        account: AccountId,
        id: InvoiceId,
    ) -> Result<Option<InvoiceDetail>> {
        let Some(mut row) = self.row(&INVOICE, args![account, id]).await? else { return Ok(None) };
        let invoice = invoice_view(&mut row)?;
        let mut row = self.row(&ACCOUNT, args![account]).await?.ok_or(Error::Corrupt)?;
        let holder = shared::account_view(&mut row)?;
        let rows = self.rows(&LINES, args![account, id]).await?;
        let lines = rows.into_iter().map(|mut row| line_view(&mut row)).collect::<Result<_>>()?;
        let mut row = self.row(&LEDGER, args![account, id]).await?.ok_or(Error::Corrupt)?;
        let ledger_total = Money::new(row.int()?, invoice.total.currency);
        Ok(Some(InvoiceDetail { invoice, account: holder, lines, ledger_total }))
    }

    pub(super) async fn read_prices(
        &self,
        account: AccountId,
        channel: Channel,
        at: Timestamp,
    ) -> Result<Vec<PriceView>> {
        let mut home: Option<Country> = None;
        let mut rates = Vec::new();
        for mut row in self.rows(&PRICES, args![account, channel, at]).await? {
            home = Some(row.read()?);
            rates.push(Rate {
                id: row.text()?,
                company_country: row.read_or_none()?,
                plan: row.read()?,
                channel: row.read()?,
                price: Money::new(row.int()?, row.read()?),
                valid_from: row.time()?,
            });
        }
        let Some(home) = home else { return Ok(Vec::new()) };
        let in_force = |plan: &Plan| rate_in_force(&rates, home, *plan, channel, at);
        Ok(Plan::ALL
            .iter()
            .filter_map(in_force)
            .map(|rate| PriceView {
                rate: rate.id.clone(),
                plan: rate.plan,
                price: rate.price,
                valid_from: rate.valid_from,
            })
            .collect())
    }
}

fn invoice_view(row: &mut Row) -> Result<InvoiceView> {
    Ok(InvoiceView {
        id: row.read()?,
        number: row.text()?,
        month: row.read()?,
        state: row.read()?,
        total: Money::new(row.int()?, row.read()?),
        issued_at: row.time()?,
        messages: row.int()?,
    })
}

fn line_view(row: &mut Row) -> Result<InvoiceLineView> {
    let (id, brand_name) = (row.read()?, row.text()?);
    let (channel, country, kind) = (row.read()?, row.read()?, row.read()?);
    let (unit, quantity, micros, currency) = (row.int()?, row.int()?, row.int()?, row.read()?);
    Ok(InvoiceLineView {
        id,
        brand_name,
        channel,
        country,
        kind,
        unit_price: Money::new(unit, currency),
        quantity,
        amount: Money::new(micros, currency),
    })
}
