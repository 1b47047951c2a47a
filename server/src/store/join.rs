//! Requests of sign-up pages: the page writes them, callbacks look them up and confirm them, so they belong to
//! no port's file. The number of a request is known here by a fingerprint alone.

use super::dialect::Dialect;
use super::sql::statements;
use super::value::{Row, Set, args, cells};
use super::{SqlStore, Write};
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId, JoinId};
use dispatch::join::{JoinCode, JoinRequest};
use dispatch::time::Timestamp;
use std::collections::{HashMap, HashSet};

/// A request.
macro_rules! join_columns {
    () => {
        "SELECT id, brand_id, code, agreed, text_version, asked_at, expires_at, confirmed_at FROM join_request "
    };
}

statements! {
    ASK = ["INSERT INTO join_request (id, account_id, brand_id, code, number_mark, agreed, text_version, asked_at, expires_at, confirmed_at) \
        SELECT $3, b.account_id, b.id, $4, $5, $6, $7, $8, $9, NULL FROM brand b WHERE b.account_id = $1 AND b.id = $2"];
    ONE = [(join_columns), "WHERE account_id = $1 AND brand_id = $2 AND id = $3 AND expires_at > $4"];
    OPEN = [(join_columns), "WHERE account_id = $1 AND brand_id = $2 AND code = $3 AND number_mark = $4 \
        AND confirmed_at IS NULL AND expires_at > $5 ORDER BY id LIMIT 1"];
    // Marked first: a message that comes twice, or two at once, find it open once.
    CONFIRM = ["UPDATE join_request SET confirmed_at = s.at FROM ", {id: text, at: bigint},
        " s WHERE join_request.id = s.id AND confirmed_at IS NULL RETURNING join_request.id"];
    SWEEP = ["DELETE FROM join_request WHERE expires_at <= $1"];
}

impl<DB: Dialect> SqlStore<DB> {
    /// The fingerprint of a number, another for each brand.
    fn number_mark(&self, brand: BrandId, address: &str) -> String {
        self.sealer.mark("number of a sign-up page", &format!("{brand} {address}"))
    }

    pub(super) async fn keep_join(
        &self,
        account: AccountId,
        address: &str,
        request: &JoinRequest,
    ) -> Result<()> {
        let agreed = serde_json::to_string(&request.agreed).map_err(|_| Error::Corrupt)?;
        let kept = args![
            account,
            request.brand,
            request.id,
            request.code.to_string(),
            self.number_mark(request.brand, address),
            agreed,
            request.text_version,
            request.asked_at,
            request.expires_at
        ];
        super::row::found(self.run(&ASK, kept).await?)
    }

    pub(super) async fn one_join(
        &self,
        account: AccountId,
        brand: BrandId,
        id: JoinId,
        now: Timestamp,
    ) -> Result<Option<JoinRequest>> {
        self.row(&ONE, args![account, brand, id, now]).await?.map(request).transpose()
    }

    pub(super) async fn join_of_code(
        &self,
        account: AccountId,
        brand: BrandId,
        code: JoinCode,
        address: &str,
        now: Timestamp,
    ) -> Result<Option<JoinRequest>> {
        let mark = self.number_mark(brand, address);
        let asked = args![account, brand, code.to_string(), mark, now];
        self.row(&OPEN, asked).await?.map(request).transpose()
    }

    pub(super) async fn sweep_expired_joins(&self, now: Timestamp) -> Result<u64> {
        self.run(&SWEEP, args![now]).await
    }
}

impl<DB: Dialect> Write<DB> {
    /// Confirms requests within this transaction; answers those that were open until now.
    pub(super) async fn confirm_joins(
        &mut self,
        confirmed: &HashMap<JoinId, Timestamp>,
    ) -> Result<HashSet<JoinId>> {
        if confirmed.is_empty() {
            return Ok(HashSet::new());
        }
        // In one order, so that two processes never wait for each other.
        let mut confirmed: Vec<_> = confirmed.iter().collect();
        confirmed.sort();
        let mut set = Set::new();
        for (id, at) in confirmed {
            set.push(&cells![*id, *at]);
        }
        let rows = self.rows(&CONFIRM, args![set]).await?;
        rows.into_iter().map(|mut row| row.read()).collect()
    }
}

fn request(mut row: Row) -> Result<JoinRequest> {
    Ok(JoinRequest {
        id: row.read()?,
        brand: row.read()?,
        code: row.read()?,
        agreed: row.json()?,
        text_version: row.text()?,
        asked_at: row.time()?,
        expires_at: row.time()?,
        confirmed_at: row.time_or_none()?,
    })
}
