//! The history of settings: who changed what.

use super::dialect::Dialect;
use super::sql::statements;
use super::value::{Row, args};
use super::{SqlStore, row};
use async_trait::async_trait;
use dispatch::channel::Channel;
use dispatch::error::Result;
use dispatch::id::{AccountId, BrandId, ChangeId};
use dispatch::port::{Changes, ChangesAsked};
use dispatch::view::{ChangeView, Page};

/// A change with its author's name.
macro_rules! change_with_author {
    () => {
        "SELECT c.id, c.kind, c.of_change, p.name, c.at, c.version, c.changes \
        FROM setting_change c LEFT JOIN person p ON p.id = c.user_id \
        WHERE c.account_id = $1 AND c.brand_id = $2 AND c.channel = $3 "
    };
}

statements! {
    OWN_BRAND = ["SELECT id FROM brand WHERE account_id = $1 AND id = $2"];
    CHANGES = [(change_with_author), "AND c.version > $4 AND c.id < $5 ORDER BY c.id DESC LIMIT $6"];
    CHANGE = [(change_with_author), "AND c.id = $4"];
}

#[async_trait]
impl<DB: Dialect> Changes for SqlStore<DB> {
    async fn changes(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
        asked: ChangesAsked,
    ) -> Result<Page<ChangeView>> {
        row::found(self.rows(&OWN_BRAND, args![account, brand]).await?.len() as u64)?;
        // After every id there is.
        let before = asked.before.map_or_else(|| "~".to_owned(), |id| id.to_string());
        let limit = asked.limit.saturating_add(1);
        let values = args![account, brand, channel, asked.above, before, limit];
        let rows = self.rows(&CHANGES, values).await?;
        let limit = usize::try_from(asked.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        let rows = rows.into_iter().take(limit).map(view).collect::<Result<_>>()?;
        Ok(Page { rows, more })
    }

    async fn change(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
        id: ChangeId,
    ) -> Result<Option<ChangeView>> {
        self.row(&CHANGE, args![account, brand, channel, id]).await?.map(view).transpose()
    }
}

fn view(mut row: Row) -> Result<ChangeView> {
    Ok(ChangeView {
        id: row.read()?,
        kind: row.read()?,
        of: row.read_or_none()?,
        by: row.text_or_none()?,
        at: row.time()?,
        version: row.int()?,
        difference: row::difference(&row.text()?)?,
    })
}
