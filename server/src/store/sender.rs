//! Senders: credentials sealed, how each is, and what its provider has approved.

use super::SqlStore;
use super::dialect::Dialect;
use super::row;
use super::sql::statements;
use super::value::{Row, Set, args, cells};
use async_trait::async_trait;
use dispatch::brand::SenderState;
use dispatch::channel::Channel;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId, SenderId};
use dispatch::pace::Slowed;
use dispatch::port::{NewSender, SenderAccess, Senders};
use dispatch::sender::SenderCheck;
use dispatch::starter;
use dispatch::time::Timestamp;
use dispatch::view::SenderDetail;

/// What [`sender_access`](SqlStore::sender_access) reads.
macro_rules! access {
    () => {
        "SELECT account_id, id, channel, brand_id, phone_number_id, waba_id, access_token, verify_token, callback_url, checked, per_second, slowed \
            FROM sender "
    };
}

statements! {
    // The earlier sender stays for the receipts of its messages.
    REPLACE_SENDER = ["UPDATE sender SET replaced_at = $3 \
        WHERE account_id = $1 AND brand_id = $2 AND channel = $4 AND replaced_at IS NULL"];
    ADD_SENDER = ["INSERT INTO sender (id, account_id, brand_id, channel, phone_number_id, waba_id, display_number, \
            access_token, app_secret, verify_token, state, sandbox, callback_url, created_at, replaced_at, portfolio_id) \
        SELECT $3, b.account_id, b.id, $12, $4, $5, $6, $7, $8, $9, 'ready', $10, NULL, $11, NULL, $13 \
        FROM brand b WHERE b.account_id = $1 AND b.id = $2"];
    // Another number of the business account may have told already to which portfolio it belongs.
    PORTFOLIO = ["SELECT max(portfolio_id) FROM sender WHERE account_id = $1 AND waba_id = $2 AND channel = 'whatsapp'"];
    ADD_PORTFOLIO = ["INSERT INTO portfolio (account_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING"];
    // What the provider has approved for every number of its own accord.
    KNOW_LIBRARY = ["INSERT INTO template_review (account_id, sender_id, name, language, review, category, changed_at, tries) \
        SELECT $2, $3, name, language, 'approved', category, $4, 0 FROM ",
        {name: text, language: text, category: text}, " s WHERE true ON CONFLICT DO NOTHING"];
    SENDER_ACCESS = [(access), "WHERE account_id = $1 AND id = $2"];
    // One that wants new credentials cannot be told anything until it has them.
    UNSUBSCRIBED = [(access), "WHERE replaced_at IS NULL AND state <> 'reconnect' \
        AND (callback_url IS NULL OR substr(callback_url, 1, length($1)) <> $1) ORDER BY id"];
    SUBSCRIBED = ["UPDATE sender SET callback_url = $3 WHERE account_id = $1 AND id = $2"];
    SET_SENDER_STATE = ["UPDATE sender SET state_since = CASE WHEN state = $3 THEN state_since ELSE $4 END, state = $3, \
            error_code = coalesce($5, error_code), error_at = CASE WHEN CAST($5 AS TEXT) IS NULL THEN error_at ELSE $4 END \
        WHERE account_id = $1 AND id = $2"];
    NOTE_CHECK = ["UPDATE sender SET checked_at = $3, checked = $4, per_second = CASE WHEN $6 = 1 THEN $7 ELSE per_second END, \
            state_since = CASE WHEN state = coalesce($5, state) THEN state_since ELSE $3 END, state = coalesce($5, state) \
        WHERE account_id = $1 AND id = $2"];
    NOTE_SLOWED = ["UPDATE sender SET slowed = $3 WHERE account_id = $1 AND id = $2"];
    UNCHECKED = [(access), "WHERE replaced_at IS NULL AND channel = 'whatsapp' AND state <> 'reconnect' \
        AND callback_url IS NOT NULL AND coalesce(checked_at, 0) < $1 ORDER BY coalesce(checked_at, 0), id LIMIT $2"];
    SENDERS = ["SELECT id, phone_number_id, display_number, state, sandbox, waba_id, callback_url, created_at, replaced_at, \
            state_since, error_code, error_at, callback_at, verified_at, checked_at, checked \
        FROM sender WHERE account_id = $1 AND brand_id = $2 AND channel = $3 \
        ORDER BY CASE WHEN replaced_at IS NULL THEN 0 ELSE 1 END, replaced_at DESC, id DESC"];
}

#[async_trait]
impl<DB: Dialect> Senders for SqlStore<DB> {
    async fn connect_sender(
        &self,
        account: AccountId,
        new: &NewSender,
        now: Timestamp,
    ) -> Result<()> {
        let seal = |secret| row::seal(&self.sealer, &row::sender_context(new.id), secret);
        let mut write = self.write().await?;
        let portfolio = if new.channel == Channel::Whatsapp {
            let known = write.rows(&PORTFOLIO, args![account, new.waba_id]).await?;
            let known = known.into_iter().next().map(|mut row| row.text_or_none()).transpose()?;
            Some(known.flatten().unwrap_or_else(|| new.waba_id.clone()))
        } else {
            None
        };
        let sender = args![
            account,
            new.brand,
            new.id,
            new.phone_number_id,
            new.waba_id,
            new.display_number,
            seal(&new.access_token)?,
            seal(&new.app_secret)?,
            seal(&new.verify_token)?,
            new.sandbox,
            now,
            new.channel,
            portfolio
        ];
        write.run(&REPLACE_SENDER, args![account, new.brand, now, new.channel]).await?;
        match write.run_unless_taken(&ADD_SENDER, sender).await? {
            // Somebody else connects one at this moment.
            None => Err(Error::Conflict),
            Some(touched) => {
                row::found(touched)?;
                if let Some(portfolio) = portfolio {
                    write.run(&ADD_PORTFOLIO, args![account, portfolio]).await?;
                }
                if new.knows_library {
                    let mut set = Set::new();
                    for variant in starter::all() {
                        set.push(&cells![variant.name, variant.language, variant.category]);
                    }
                    write.run(&KNOW_LIBRARY, args![set, account, new.id, now]).await?;
                }
                write.commit().await
            }
        }
    }

    async fn sender_access(
        &self,
        account: AccountId,
        sender: SenderId,
    ) -> Result<Option<SenderAccess>> {
        let row = self.row(&SENDER_ACCESS, args![account, sender]).await?;
        row.map(|mut row| self.access(&mut row)).transpose()
    }

    async fn find_unsubscribed(&self, base_url: &str) -> Result<Vec<SenderAccess>> {
        // With the slash, or port 3000 would be found in port 30001.
        let under = format!("{}/", base_url.trim_end_matches('/'));
        let rows = self.rows(&UNSUBSCRIBED, args![under]).await?;
        rows.into_iter().map(|mut row| self.access(&mut row)).collect()
    }

    async fn subscribed(
        &self,
        account: AccountId,
        sender: SenderId,
        callback_url: &str,
    ) -> Result<()> {
        row::found(self.run(&SUBSCRIBED, args![account, sender, callback_url]).await?)
    }

    async fn set_sender_state(
        &self,
        account: AccountId,
        sender: SenderId,
        state: SenderState,
        code: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let code = code.map(str::to_owned);
        row::found(self.run(&SET_SENDER_STATE, args![account, sender, state, now, code]).await?)
    }

    async fn note_check(
        &self,
        account: AccountId,
        sender: SenderId,
        check: &SenderCheck,
        now: Timestamp,
    ) -> Result<()> {
        let said = serde_json::to_string(check).map_err(|_| Error::Corrupt)?;
        let (told, per_second) = (check.is_told(), check.per_second.map(i64::from));
        let args = args![account, sender, now, said, check.state(), told, per_second];
        row::found(self.run(&NOTE_CHECK, args).await?)
    }

    async fn note_slowed(
        &self,
        account: AccountId,
        sender: SenderId,
        slowed: &Slowed,
    ) -> Result<()> {
        let slowed = serde_json::to_string(slowed).map_err(|_| Error::Corrupt)?;
        row::found(self.run(&NOTE_SLOWED, args![account, sender, slowed]).await?)
    }

    async fn find_unchecked(&self, before: Timestamp, limit: i64) -> Result<Vec<SenderAccess>> {
        let rows = self.rows(&UNCHECKED, args![before, limit]).await?;
        rows.into_iter().map(|mut row| self.access(&mut row)).collect()
    }

    async fn senders_on(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
    ) -> Result<Vec<SenderDetail>> {
        let rows = self.rows(&SENDERS, args![account, brand, channel]).await?;
        rows.into_iter().map(|mut row| sender_detail(&mut row)).collect()
    }
}

impl<DB: Dialect> SqlStore<DB> {
    fn access(&self, row: &mut Row) -> Result<SenderAccess> {
        let (account, id) = (row.read()?, row.read()?);
        let (channel, brand) = (row.read()?, row.read()?);
        let (phone_number_id, waba_id) = (row.text()?, row.text()?);
        let context = row::sender_context(id);
        Ok(SenderAccess {
            account,
            id,
            channel,
            brand,
            phone_number_id,
            waba_id,
            access_token: row::unseal(&self.sealer, &context, &row.text()?)?,
            verify_token: row::unseal(&self.sealer, &context, &row.text()?)?,
            callback_url: row.text_or_none()?,
            per_second: {
                let said = check(row)?.and_then(|check| check.per_second);
                let told = row.int_or_none()?.and_then(|number| u32::try_from(number).ok());
                told.or(said)
            },
            // Only a hint: what cannot be read is learned again.
            slowed: row.text_or_none()?.and_then(|text| serde_json::from_str(&text).ok()),
        })
    }
}

/// What the provider said when it was last asked.
fn check(row: &mut Row) -> Result<Option<SenderCheck>> {
    row.text_or_none()?
        .map(|said| serde_json::from_str(&said).map_err(|_| Error::Corrupt))
        .transpose()
}

fn sender_detail(row: &mut Row) -> Result<SenderDetail> {
    let id = row.read()?;
    Ok(SenderDetail {
        sender: row::sender_view(id, row)?,
        waba_id: row.text()?,
        callback_url: row.text_or_none()?,
        created_at: row.time()?,
        replaced_at: row.time_or_none()?,
        state_since: row.time_or_none()?,
        error_code: row.text_or_none()?,
        error_at: row.time_or_none()?,
        callback_at: row.time_or_none()?,
        verified_at: row.time_or_none()?,
        checked_at: row.time_or_none()?,
        check: check(row)?,
    })
}
