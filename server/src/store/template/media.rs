//! Files for headers, each at a public address of its own.

use super::OWN_BRAND;
use crate::store::SqlStore;
use crate::store::dialect::Dialect;
use crate::store::sql::statements;
use crate::store::value::args;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId};
use dispatch::port::NewMedia;
use dispatch::template::media::Media;
use dispatch::time::Timestamp;

statements! {
    OTHERS = ["SELECT count(*) FROM header_media WHERE account_id = $1 AND brand_id = $2 AND name <> $3"];
    KEEP = ["INSERT INTO header_media (name, account_id, brand_id, kind, file, bytes, created_at) \
        VALUES ($3, $1, $2, $4, $5, $6, $7) ON CONFLICT (name) DO NOTHING"];
    FIND = ["SELECT kind, file, bytes FROM header_media WHERE name = $1"];
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn write_media(
        &self,
        account: AccountId,
        brand: BrandId,
        new: &NewMedia,
        at: Timestamp,
    ) -> Result<()> {
        let NewMedia { name, media, most } = new;
        let mut write = self.write().await?;
        write.rows(&OWN_BRAND, args![account, brand]).await?.pop().ok_or(Error::NotFound)?;
        let others = write.rows(&OTHERS, args![account, brand, *name]).await?.pop();
        if others.ok_or(Error::Corrupt)?.int()? >= *most {
            return Err(Error::Limit { what: "files" });
        }
        let file = args![account, brand, *name, media.kind.word(), media.file, media.bytes, at];
        write.run(&KEEP, file).await?;
        write.commit().await
    }

    pub(super) async fn read_media(&self, name: &str) -> Result<Option<Media>> {
        let row = self.row(&FIND, args![name]).await?;
        row.map(|mut row| Ok(Media { kind: row.read()?, file: row.text()?, bytes: row.bytes()? }))
            .transpose()
    }
}
