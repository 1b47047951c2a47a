//! Templates: versions a brand writes, and what the provider says of them.
//!
//! A version is written and then, once submitted, never changed: an edit makes the next one, while the
//! approved one goes on speaking. What the provider says belongs to a sender: another number begins anew.
//! Versions that are one text to the provider share its name for them, and with it their standing.

use crate::channel::TrackingStatus;
use crate::error::Result;
use crate::id::{AccountId, BrandId, IdSource, SenderId, UserId};
use crate::language::Language;
use crate::port::Shelf;
use crate::template::media::Media;
use crate::template::{Category, Content, News, Review, Variant};
use crate::time::Timestamp;
use crate::view::{TemplateAlert, TemplateChangeView, TemplateView};
use async_trait::async_trait;
use std::collections::BTreeMap;

/// A text to be stored as the draft of a brand's status and language.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// Of which brand.
    pub brand: BrandId,
    /// About which news.
    pub status: TrackingStatus,
    /// In which language.
    pub language: Language,
    /// The version and revision it was written from; 0 and 0 for a first text.
    pub from: (i64, i64),
    /// The chosen category.
    pub category: Category,
    /// What it says.
    pub content: Content,
    /// Who wrote it.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// One version, by what names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionKey {
    /// Of which brand.
    pub brand: BrandId,
    /// About which news.
    pub status: TrackingStatus,
    /// In which language.
    pub language: Language,
    /// Which; 0 for the library's.
    pub version: i64,
}

/// A draft that needs no review, because to the provider it is a version that it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The draft.
    pub key: VersionKey,
    /// The revision whose text was compared.
    pub revision: i64,
    /// The version it is to the provider; 0 for the library's.
    pub known: i64,
    /// Who gave it away.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// A file that a brand keeps for its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMedia {
    /// Its public name, which changes with the file.
    pub name: String,
    /// The file.
    pub media: Media,
    /// How many a brand may keep.
    pub most: i64,
}

/// A version that is to be given to the provider.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Whose.
    pub account: AccountId,
    /// To which sender's business account.
    pub sender: SenderId,
    /// What.
    pub variant: Variant,
    /// How often it was tried.
    pub tries: u32,
}

/// What the provider says about one template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateNews {
    /// The name at the provider.
    pub name: String,
    /// Its language.
    pub language: Language,
    /// The provider's id, when it is told.
    pub provider_id: Option<String>,
    /// What is new.
    pub what: News,
    /// When, by the provider's clock; the moment of asking for what was asked.
    pub at: Timestamp,
}

/// How a submission ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// The provider has it.
    Taken {
        /// The provider's id, when it is told.
        provider_id: Option<String>,
        /// Where it stands at once.
        review: Review,
        /// Its category.
        category: Option<Category>,
    },
    /// Refused for good, with the code and the provider's words.
    Refused {
        /// The provider's code.
        code: String,
        /// Its words.
        words: String,
    },
    /// To be tried again then.
    Again(Timestamp),
}

/// The store's part in templates.
#[async_trait]
pub trait Templates: Send + Sync {
    /// Everything a brand says: each status in each language it has of its own or in the library, in the
    /// order of the statuses, then by language.
    ///
    /// # Errors
    /// `NotFound` when the account has no such brand.
    async fn templates(&self, account: AccountId, brand: BrandId) -> Result<Vec<TemplateView>>;

    /// What a brand says about one status in one language; without versions where nothing was written.
    ///
    /// # Errors
    /// As [`Templates::templates`].
    async fn template(
        &self,
        account: AccountId,
        brand: BrandId,
        status: TrackingStatus,
        language: &Language,
    ) -> Result<TemplateView>;

    /// What a brand can say about every status, with where each text stands at its sender.
    ///
    /// # Errors
    /// As [`Templates::templates`].
    async fn shelf(&self, account: AccountId, brand: BrandId) -> Result<Shelf>;

    /// Writes a draft: over the one it was written from, or as the next version where that was submitted.
    /// Answers version and revision.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when somebody else has written meanwhile.
    async fn save_draft(
        &self,
        account: AccountId,
        draft: &NewDraft,
        ids: &dyn IdSource,
    ) -> Result<(i64, i64)>;

    /// Throws the draft away.
    ///
    /// # Errors
    /// `NotFound` when that version is no draft.
    async fn discard_draft(
        &self,
        account: AccountId,
        key: &VersionKey,
        by: Option<UserId>,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()>;

    /// Marks a version as submitted to the brand's sender; the provider gets it soon after. A library's
    /// version is 0. Doing it twice changes nothing.
    ///
    /// # Errors
    /// `NotFound`; `Limit` with `sender` when the brand has none.
    async fn submit_template(
        &self,
        account: AccountId,
        key: &VersionKey,
        by: Option<UserId>,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()>;

    /// Makes a draft final under the name, and so with the standing, of the version it is to the provider:
    /// what is heard of the name from then on is about both.
    ///
    /// # Errors
    /// `NotFound` when either is no such version; `Conflict` when the draft was written on or given away
    /// meanwhile.
    async fn adopt_template(
        &self,
        account: AccountId,
        adoption: &Adoption,
        ids: &dyn IdSource,
    ) -> Result<()>;

    /// Keeps a file for ever; the same file a second time changes nothing.
    ///
    /// # Errors
    /// `NotFound`; `Limit` with `files`.
    async fn keep_media(
        &self,
        account: AccountId,
        brand: BrandId,
        new: &NewMedia,
        at: Timestamp,
    ) -> Result<()>;

    /// The file at a public address: a door for everybody who knows it.
    async fn find_media(&self, name: &str) -> Result<Option<Media>>;

    /// Which of a brand's newest texts say word for word what the newest of another of the account's brands in
    /// use does, by status and language, with that brand's name; the first by name where there are several.
    async fn twins(
        &self,
        account: AccountId,
        brand: BrandId,
    ) -> Result<BTreeMap<(TrackingStatus, Language), String>>;

    /// What happened to a status's text in a language, newest first.
    async fn template_history(
        &self,
        account: AccountId,
        brand: BrandId,
        status: TrackingStatus,
        language: &Language,
    ) -> Result<Vec<TemplateChangeView>>;

    /// Texts of brands in use that somebody should look at: refused, stopped or recategorised at the brand's
    /// sender, or in review since before `since`. Of each text the newest submitted version counts.
    async fn template_alerts(
        &self,
        account: AccountId,
        since: Timestamp,
    ) -> Result<Vec<TemplateAlert>>;

    /// Submissions of all accounts that are due, oldest first; each is not due again before `until`.
    async fn due_submissions(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<Submission>>;

    /// Writes down how a submission ended.
    async fn note_submission(
        &self,
        submission: &Submission,
        ended: &Submitted,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()>;

    /// Writes down what the provider says of a sender's templates. What is older than what is known of a
    /// review, or about a template we do not know, is left alone. Answers how many were news.
    async fn note_template_news(
        &self,
        account: AccountId,
        sender: SenderId,
        news: &[TemplateNews],
        ids: &dyn IdSource,
    ) -> Result<u64>;

    /// Senders of all accounts whose templates should be asked for. One with a template in review is due
    /// again at `soon`, also when its next asking was to be later; any other at `later`.
    async fn due_polls(
        &self,
        now: Timestamp,
        soon: Timestamp,
        later: Timestamp,
        limit: i64,
    ) -> Result<Vec<(AccountId, SenderId)>>;
}
