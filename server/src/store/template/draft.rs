//! Drafts, and giving them away for review.

use super::{Change, OWN_BRAND};
use crate::store::dialect::Dialect;
use crate::store::sql::{Sql, statements};
use crate::store::value::args;
use crate::store::{SqlStore, Write};
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, IdSource, SenderId, UserId};
use dispatch::port::{Adoption, NewDraft, VersionKey};
use dispatch::starter;
use dispatch::template::provider_name;
use dispatch::time::Timestamp;
use dispatch::view::TemplateChange;

statements! {
    LATEST = ["SELECT version, revision, submitted_at FROM template_version \
        WHERE account_id = $1 AND brand_id = $2 AND status = $3 AND language = $4 ORDER BY version DESC LIMIT 1"];
    ADD_VERSION = ["INSERT INTO template_version (account_id, brand_id, status, language, version, name, category, content, \
            revision, submitted_at, edited_by, edited_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, NULL, $9, $10)"];
    CHANGE_DRAFT = ["UPDATE template_version SET category = $7, content = $8, revision = revision + 1, edited_by = $9, edited_at = $10 \
        WHERE account_id = $1 AND brand_id = $2 AND status = $3 AND language = $4 AND version = $5 AND revision = $6 AND submitted_at IS NULL"];
    DISCARD = ["DELETE FROM template_version \
        WHERE account_id = $1 AND brand_id = $2 AND status = $3 AND language = $4 AND version = $5 AND submitted_at IS NULL"];
    NAME_OF = ["SELECT name FROM template_version \
        WHERE account_id = $1 AND brand_id = $2 AND status = $3 AND language = $4 AND version = $5"];
    NAME_OF_KNOWN = ["SELECT name FROM template_version WHERE account_id = $1 AND brand_id = $2 AND status = $3 AND language = $4 \
        AND version = $5 AND submitted_at IS NOT NULL"];
    ADOPT = ["UPDATE template_version SET name = $7, submitted_at = $8 WHERE account_id = $1 AND brand_id = $2 AND status = $3 \
        AND language = $4 AND version = $5 AND revision = $6 AND submitted_at IS NULL"];
    SENDER_OF = ["SELECT id FROM sender WHERE account_id = $1 AND brand_id = $2 AND channel = 'whatsapp' AND replaced_at IS NULL"];
    FREEZE = ["UPDATE template_version SET submitted_at = $6 \
        WHERE account_id = $1 AND brand_id = $2 AND status = $3 AND language = $4 AND version = $5 AND submitted_at IS NULL"];
    // Once more only after a refusal: what is in review or speaks is left alone.
    SUBMIT = ["INSERT INTO template_review (account_id, sender_id, name, language, review, submitted_at, changed_at, try_at, tries) \
        VALUES ($1, $2, $3, $4, 'submitted', $5, $5, $5, 0) ON CONFLICT (sender_id, name, language) DO UPDATE SET \
            review = 'submitted', submitted_at = excluded.submitted_at, changed_at = excluded.changed_at, try_at = excluded.try_at, \
            tries = 0, reason = NULL WHERE template_review.review IN ('draft', 'rejected')"];
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn write_draft(
        &self,
        account: AccountId,
        draft: &NewDraft,
        ids: &dyn IdSource,
    ) -> Result<(i64, i64)> {
        let content = serde_json::to_string(&draft.content).map_err(|_| Error::Corrupt)?;
        let NewDraft { brand, status, language, by, at, category, .. } = draft;
        let mut write = self.write().await?;
        write.rows(&OWN_BRAND, args![account, *brand]).await?.pop().ok_or(Error::NotFound)?;
        let latest = write.rows(&LATEST, args![account, *brand, *status, *language]).await?.pop();
        let latest = match latest {
            None => (0, 0, Some(Timestamp::from_micros(0))),
            Some(mut row) => (row.int()?, row.int()?, row.time_or_none()?),
        };
        if draft.from != (latest.0, latest.1) {
            return Err(Error::Conflict);
        }
        let written = match latest {
            (version, revision, None) => {
                let values = args![
                    account, *brand, *status, *language, version, revision, *category, content,
                    *by, *at
                ];
                if write.run(&CHANGE_DRAFT, values).await? == 0 {
                    return Err(Error::Conflict);
                }
                (version, revision + 1)
            }
            (version, _, Some(_)) => {
                let next = version + 1;
                let name = provider_name(*brand, *status, next);
                let values = args![
                    account, *brand, *status, *language, next, name, *category, content, *by, *at
                ];
                // Taken by somebody who writes at this moment.
                write.run_unless_taken(&ADD_VERSION, values).await?.ok_or(Error::Conflict)?;
                (next, 1)
            }
        };
        let what = if written.1 == 1 { TemplateChange::Created } else { TemplateChange::Edited };
        let change = Change {
            brand: *brand,
            status: *status,
            language,
            version: written.0,
            what,
            by: *by,
            detail: String::new(),
        };
        write.note(account, change, *at, ids).await?;
        write.commit().await?;
        Ok(written)
    }

    pub(super) async fn remove_draft(
        &self,
        account: AccountId,
        key: &VersionKey,
        by: Option<UserId>,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()> {
        let mut write = self.write().await?;
        let values = args![account, key.brand, key.status, key.language, key.version];
        if write.run(&DISCARD, values).await? == 0 {
            return Err(Error::NotFound);
        }
        write.note(account, of_key(key, TemplateChange::Discarded, by), at, ids).await?;
        write.commit().await
    }

    pub(super) async fn mark_submitted(
        &self,
        account: AccountId,
        key: &VersionKey,
        by: Option<UserId>,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()> {
        let mut write = self.write().await?;
        let VersionKey { brand, status, language, version } = key;
        let name = write.name_of(account, key, &NAME_OF).await?;
        let limit = Error::Limit { what: "sender" };
        let mut row = write.rows(&SENDER_OF, args![account, *brand]).await?.pop().ok_or(limit)?;
        let sender: SenderId = row.read()?;
        write.run(&FREEZE, args![account, *brand, *status, *language, *version, at]).await?;
        if write.run(&SUBMIT, args![account, sender, name, *language, at]).await? == 1 {
            write.note(account, of_key(key, TemplateChange::Submitted, by), at, ids).await?;
        }
        write.commit().await
    }

    pub(super) async fn mark_adopted(
        &self,
        account: AccountId,
        adoption: &Adoption,
        ids: &dyn IdSource,
    ) -> Result<()> {
        let Adoption { key, revision, known, by, at } = adoption;
        let VersionKey { brand, status, language, version } = key;
        let mut write = self.write().await?;
        let of_known = VersionKey { version: *known, ..key.clone() };
        let name = write.name_of(account, &of_known, &NAME_OF_KNOWN).await?;
        let values = args![account, *brand, *status, *language, *version, *revision, name, *at];
        if write.run(&ADOPT, values).await? == 0 {
            let values = args![account, *brand, *status, *language, *version];
            let is_there = write.rows(&NAME_OF, values).await?.pop().is_some();
            return Err(if is_there { Error::Conflict } else { Error::NotFound });
        }
        let change = of_key(key, TemplateChange::Adopted, *by);
        write.note(account, Change { detail: known.to_string(), ..change }, *at, ids).await?;
        write.commit().await
    }
}

impl<DB: Dialect> Write<DB> {
    /// What a version is called at the provider.
    async fn name_of(
        &mut self,
        account: AccountId,
        key: &VersionKey,
        of_own: &'static Sql,
    ) -> Result<String> {
        let VersionKey { brand, status, language, version } = key;
        if *version > 0 {
            let values = args![account, *brand, *status, *language, *version];
            return self.rows(of_own, values).await?.pop().ok_or(Error::NotFound)?.text();
        }
        self.rows(&OWN_BRAND, args![account, *brand]).await?.pop().ok_or(Error::NotFound)?;
        let of_library = starter::variants(*status).iter().find(|v| v.language == *language);
        of_library.map(|variant| variant.name.clone()).ok_or(Error::NotFound)
    }
}

fn of_key(key: &VersionKey, what: TemplateChange, by: Option<UserId>) -> Change<'_> {
    Change {
        brand: key.brand,
        status: key.status,
        language: &key.language,
        version: key.version,
        what,
        by,
        detail: String::new(),
    }
}
