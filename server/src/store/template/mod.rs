//! Templates: one file for what is read, one for drafts and their submission, one for the provider's word.

/// The version that a template `r` of the sender `n` is: the newest of those that share its name there.
macro_rules! newest_of_name {
    () => {
        "LEFT JOIN template_version v ON v.brand_id = n.brand_id AND v.name = r.name AND v.language = r.language \
            AND NOT EXISTS (SELECT 1 FROM template_version later WHERE later.brand_id = v.brand_id AND later.name = v.name \
                AND later.language = v.language AND later.version > v.version) "
    };
}

/// What is known of a sender's templates, with the version each is.
macro_rules! standings {
    () => {
        concat!(
            "SELECT r.name, r.language, n.brand_id, v.status, v.version, \
                r.review, r.category, r.impending, r.impending_at, r.reason, r.quality, r.submitted_at, r.changed_at \
            FROM template_review r JOIN sender n ON n.id = r.sender_id ",
            newest_of_name!()
        )
    };
}

mod draft;
mod media;
mod read;
mod word;

use super::dialect::Dialect;
use super::sql::{Sql, statements};
use super::value::{Row, args};
use super::{SqlStore, Write};
use async_trait::async_trait;
use dispatch::channel::TrackingStatus;
use dispatch::error::Result;
use dispatch::id::{AccountId, BrandId, ChangeId, IdSource, SenderId, UserId};
use dispatch::language::Language;
use dispatch::port::{
    Adoption, NewDraft, NewMedia, Shelf, Submission, Submitted, TemplateNews, Templates, VersionKey,
};
use dispatch::template::media::Media;
use dispatch::template::{Category, Review, Standing};
use dispatch::time::Timestamp;
use dispatch::view::{TemplateAlert, TemplateChange, TemplateChangeView, TemplateView};
use std::collections::BTreeMap;

statements! {
    OWN_BRAND = ["SELECT id FROM brand WHERE account_id = $1 AND id = $2"];
    NOTE_CHANGE = ["INSERT INTO template_change (id, account_id, brand_id, status, language, version, at, what, user_id, detail) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"];
}

/// Every statement of this folder's files.
pub(in crate::store) fn statements() -> impl Iterator<Item = &'static Sql> {
    [ALL, draft::ALL, media::ALL, read::ALL, word::ALL].into_iter().flatten().copied()
}

/// A change of a template's timeline.
struct Change<'a> {
    brand: BrandId,
    status: TrackingStatus,
    language: &'a Language,
    version: i64,
    what: TemplateChange,
    by: Option<UserId>,
    detail: String,
}

impl<DB: Dialect> Write<DB> {
    async fn note(
        &mut self,
        account: AccountId,
        change: Change<'_>,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()> {
        let Change { brand, status, language, version, what, by, detail } = change;
        let id = ChangeId::mint(at, ids);
        let values = args![id, account, brand, status, *language, version, at, what, by, detail];
        self.run(&NOTE_CHANGE, values).await.map(drop)
    }
}

#[async_trait]
impl<DB: Dialect> Templates for SqlStore<DB> {
    async fn templates(&self, account: AccountId, brand: BrandId) -> Result<Vec<TemplateView>> {
        self.read_templates(account, brand).await
    }

    async fn template(
        &self,
        account: AccountId,
        brand: BrandId,
        status: TrackingStatus,
        language: &Language,
    ) -> Result<TemplateView> {
        self.read_template(account, brand, status, language).await
    }

    async fn shelf(&self, account: AccountId, brand: BrandId) -> Result<Shelf> {
        self.read_shelf(account, brand).await
    }

    async fn twins(
        &self,
        account: AccountId,
        brand: BrandId,
    ) -> Result<BTreeMap<(TrackingStatus, Language), String>> {
        self.read_twins(account, brand).await
    }

    async fn save_draft(
        &self,
        account: AccountId,
        draft: &NewDraft,
        ids: &dyn IdSource,
    ) -> Result<(i64, i64)> {
        self.write_draft(account, draft, ids).await
    }

    async fn discard_draft(
        &self,
        account: AccountId,
        key: &VersionKey,
        by: Option<UserId>,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()> {
        self.remove_draft(account, key, by, at, ids).await
    }

    async fn submit_template(
        &self,
        account: AccountId,
        key: &VersionKey,
        by: Option<UserId>,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()> {
        self.mark_submitted(account, key, by, at, ids).await
    }

    async fn adopt_template(
        &self,
        account: AccountId,
        adoption: &Adoption,
        ids: &dyn IdSource,
    ) -> Result<()> {
        self.mark_adopted(account, adoption, ids).await
    }

    async fn keep_media(
        &self,
        account: AccountId,
        brand: BrandId,
        new: &NewMedia,
        at: Timestamp,
    ) -> Result<()> {
        self.write_media(account, brand, new, at).await
    }

    async fn find_media(&self, name: &str) -> Result<Option<Media>> {
        self.read_media(name).await
    }

    async fn template_history(
        &self,
        account: AccountId,
        brand: BrandId,
        status: TrackingStatus,
        language: &Language,
    ) -> Result<Vec<TemplateChangeView>> {
        self.read_template_history(account, brand, status, language).await
    }

    async fn template_alerts(
        &self,
        account: AccountId,
        since: Timestamp,
    ) -> Result<Vec<TemplateAlert>> {
        self.read_template_alerts(account, since).await
    }

    async fn due_submissions(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<Submission>> {
        self.take_submissions(now, until, limit).await
    }

    async fn note_submission(
        &self,
        submission: &Submission,
        ended: &Submitted,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()> {
        self.write_submission(submission, ended, at, ids).await
    }

    async fn note_template_news(
        &self,
        account: AccountId,
        sender: SenderId,
        news: &[TemplateNews],
        ids: &dyn IdSource,
    ) -> Result<u64> {
        self.hear_news(account, sender, news, ids).await
    }

    async fn due_polls(
        &self,
        now: Timestamp,
        soon: Timestamp,
        later: Timestamp,
        limit: i64,
    ) -> Result<Vec<(AccountId, SenderId)>> {
        self.take_polls(now, soon, later, limit).await
    }
}

/// A standing as a row tells it, with the moment of its submission; none where the provider has not heard.
type Known = Option<(Standing, Option<Timestamp>)>;

/// The eight cells of a review.
fn known(row: &mut Row) -> Result<Known> {
    let review: Option<Review> = row.read_or_none()?;
    let (category, impending): (Option<Category>, Option<Category>) =
        (row.read_or_none()?, row.read_or_none()?);
    let impending = impending.zip(row.time_or_none()?);
    let (reason, quality) = (row.text_or_none()?, row.text_or_none()?);
    let (submitted_at, changed_at) = (row.time_or_none()?, row.time_or_none()?);
    let (Some(review), Some(changed_at)) = (review, changed_at) else { return Ok(None) };
    let standing = Standing { review, reason, category, impending, quality, changed_at };
    Ok(Some((standing, submitted_at)))
}
