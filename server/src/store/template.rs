//! Templates: versions, what the provider says of them, and their timeline.

use super::dialect::Dialect;
use super::sql::statements;
use super::value::{Row, Set, args, cells};
use super::{SqlStore, Write};
use async_trait::async_trait;
use dispatch::channel::TrackingStatus;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId, ChangeId, IdSource, SenderId, UserId};
use dispatch::language::Language;
use dispatch::port::{NewDraft, Shelf, Submission, Submitted, TemplateNews, Templates, VersionKey};
use dispatch::starter;
use dispatch::template::{Category, Review, Standing, Variant, provider_name};
use dispatch::time::Timestamp;
use dispatch::view::{
    TemplateAlert, TemplateChange, TemplateChangeView, TemplateTrouble, TemplateView, VersionView,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The brand's own versions with the word of its sender's provider.
macro_rules! versions {
    () => {
        "SELECT v.status, v.language, v.version, v.name, v.category, v.content, v.revision, v.edited_at, p.name, \
            r.review, r.category, r.impending, r.impending_at, r.reason, r.quality, r.submitted_at, r.changed_at \
        FROM template_version v LEFT JOIN person p ON p.id = v.edited_by \
            LEFT JOIN sender n ON n.brand_id = v.brand_id AND n.channel = 'whatsapp' AND n.replaced_at IS NULL \
            LEFT JOIN template_review r ON r.sender_id = n.id AND r.name = v.name AND r.language = v.language \
        WHERE v.account_id = $1 AND v.brand_id = $2 "
    };
}

/// What is known of a sender's templates, with the version each is.
macro_rules! standings {
    () => {
        "SELECT r.name, r.language, n.brand_id, v.status, v.version, \
            r.review, r.category, r.impending, r.impending_at, r.reason, r.quality, r.submitted_at, r.changed_at \
        FROM template_review r JOIN sender n ON n.id = r.sender_id \
            LEFT JOIN template_version v ON v.brand_id = n.brand_id AND v.name = r.name AND v.language = r.language "
    };
}

statements! {
    OWN_BRAND = ["SELECT id FROM brand WHERE account_id = $1 AND id = $2"];
    VERSIONS = [(versions), "ORDER BY v.status, v.language, v.version DESC"];
    VERSIONS_OF = [(versions), "AND v.status = $3 AND v.language = $4 ORDER BY v.version DESC"];
    STANDINGS = [(standings), "WHERE n.account_id = $1 AND n.brand_id = $2 AND n.channel = 'whatsapp' AND n.replaced_at IS NULL"];
    STANDINGS_AT = [(standings), "WHERE r.account_id = $1 AND r.sender_id = $2"];
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
    SENDER_OF = ["SELECT id FROM sender WHERE account_id = $1 AND brand_id = $2 AND channel = 'whatsapp' AND replaced_at IS NULL"];
    FREEZE = ["UPDATE template_version SET submitted_at = $6 \
        WHERE account_id = $1 AND brand_id = $2 AND status = $3 AND language = $4 AND version = $5 AND submitted_at IS NULL"];
    // Once more only after a refusal: what is in review or speaks is left alone.
    SUBMIT = ["INSERT INTO template_review (account_id, sender_id, name, language, review, submitted_at, changed_at, try_at, tries) \
        VALUES ($1, $2, $3, $4, 'submitted', $5, $5, $5, 0) ON CONFLICT (sender_id, name, language) DO UPDATE SET \
            review = 'submitted', submitted_at = excluded.submitted_at, changed_at = excluded.changed_at, try_at = excluded.try_at, \
            tries = 0, reason = NULL WHERE template_review.review IN ('draft', 'rejected')"];
    NOTE_CHANGE = ["INSERT INTO template_change (id, account_id, brand_id, status, language, version, at, what, user_id, detail) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"];
    HISTORY = ["SELECT c.at, c.what, c.version, p.name, c.detail FROM template_change c LEFT JOIN person p ON p.id = c.user_id \
        WHERE c.account_id = $1 AND c.brand_id = $2 AND c.status = $3 AND c.language = $4 ORDER BY c.id DESC LIMIT 500"];
    // The library's texts have no row of a version; their names end in the status. Only what becomes advertising is
    // trouble: the other way more people get it.
    ALERTS = ["SELECT n.brand_id, coalesce(v.status, substr(r.name, 9)), r.language, r.review, r.impending, \
            CASE WHEN r.category = 'marketing' AND coalesce(v.category, 'utility') = 'utility' THEN 1 ELSE 0 END \
        FROM template_review r JOIN sender n ON n.id = r.sender_id AND n.replaced_at IS NULL \
            JOIN brand b ON b.id = n.brand_id AND b.state = 'active' \
            LEFT JOIN template_version v ON v.brand_id = n.brand_id AND v.name = r.name AND v.language = r.language \
        WHERE r.account_id = $1 AND (r.review IN ('rejected', 'paused', 'disabled') OR r.impending = 'marketing' \
                OR (r.category = 'marketing' AND coalesce(v.category, 'utility') = 'utility') OR (r.review = 'submitted' AND r.submitted_at < $2)) \
            AND NOT EXISTS (SELECT 1 FROM template_version w WHERE w.brand_id = n.brand_id AND w.status = coalesce(v.status, substr(r.name, 9)) \
                AND w.language = r.language AND w.version > coalesce(v.version, 0) AND w.submitted_at IS NOT NULL) \
        ORDER BY n.brand_id, r.name, r.language LIMIT 100"];
    // Taken for a while, so that nobody else submits the same meanwhile.
    TAKE_DUE = ["UPDATE template_review SET try_at = $2, tries = tries + 1 WHERE try_at <= $1 AND (sender_id, name, language) IN ( \
        SELECT sender_id, name, language FROM template_review WHERE try_at <= $1 ORDER BY try_at LIMIT $3", skip_locked, ") \
        RETURNING sender_id, name, language, tries"];
    DUE = ["SELECT n.account_id, s.sender_id, s.name, s.language, v.status, v.version, v.category, v.content FROM ",
        {sender_id: text, name: text, language: text}, " s JOIN sender n ON n.id = s.sender_id \
        LEFT JOIN template_version v ON v.brand_id = n.brand_id AND v.name = s.name AND v.language = s.language"];
    // The news of a category is newer than the answer to the submission, even when it was heard before.
    TAKEN = ["UPDATE template_review SET try_at = NULL, review = $4, provider_id = coalesce($5, provider_id), category = coalesce(category, $6), \
            reason = $7, changed_at = $8 WHERE sender_id = $1 AND name = $2 AND language = $3 AND try_at IS NOT NULL"];
    TRY_AGAIN = ["UPDATE template_review SET try_at = $4 WHERE sender_id = $1 AND name = $2 AND language = $3 AND try_at IS NOT NULL"];
    BRAND_OF = ["SELECT brand_id FROM sender WHERE account_id = $1 AND id = $2"];
    // A verdict about what is being submitted comes before its answer now and then: it has arrived.
    // Somebody else may have heard later news, or the same, since the standing was read: that stays.
    HEAR = ["INSERT INTO template_review (account_id, sender_id, name, language, review, provider_id, category, impending, impending_at, \
            reason, quality, submitted_at, changed_at, try_at, tries) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, $12, NULL, 0) ON CONFLICT (sender_id, name, language) DO UPDATE SET \
            review = excluded.review, provider_id = coalesce(excluded.provider_id, template_review.provider_id), category = excluded.category, \
            impending = excluded.impending, impending_at = excluded.impending_at, reason = excluded.reason, quality = excluded.quality, \
            changed_at = excluded.changed_at, \
            try_at = CASE WHEN excluded.review <> 'submitted' AND template_review.tries > 0 THEN NULL ELSE template_review.try_at END \
        WHERE template_review.changed_at < excluded.changed_at OR (template_review.changed_at = excluded.changed_at AND ( \
            template_review.review <> excluded.review OR template_review.category IS DISTINCT FROM excluded.category \
            OR template_review.impending IS DISTINCT FROM excluded.impending OR template_review.reason IS DISTINCT FROM excluded.reason \
            OR template_review.quality IS DISTINCT FROM excluded.quality))"];
    ASK_AT = ["INSERT INTO template_poll (sender_id, due_at) VALUES ($1, $2) ON CONFLICT (sender_id) DO UPDATE SET due_at = excluded.due_at"];
    // What was submitted since the last asking does not wait for the next one.
    DUE_POLLS = ["SELECT n.account_id, n.id, (SELECT count(*) FROM template_review r WHERE r.sender_id = n.id AND r.review = 'submitted') \
        FROM sender n LEFT JOIN template_poll p ON p.sender_id = n.id \
        WHERE n.channel = 'whatsapp' AND n.replaced_at IS NULL AND n.state <> 'reconnect' AND (p.due_at IS NULL OR p.due_at <= $1 \
            OR (p.due_at > $2 AND EXISTS (SELECT 1 FROM template_review r WHERE r.sender_id = n.id AND r.review = 'submitted'))) \
        ORDER BY n.id LIMIT $3"];
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
        self.own_brand(account, brand).await?;
        let rows = self.rows(&VERSIONS, args![account, brand]).await?;
        let mut found: BTreeMap<(TrackingStatus, Language), TemplateView> = BTreeMap::new();
        let mut view = |status: TrackingStatus, language: &Language, version: VersionView| {
            let empty = TemplateView {
                status,
                language: language.clone(),
                versions: vec![],
                library: None,
            };
            let view = found.entry((status, language.clone())).or_insert(empty);
            match version.variant.version {
                0 => view.library = Some(version),
                _ => view.versions.push(version),
            }
        };
        for mut row in rows {
            let version = version_view(&mut row)?;
            let (status, language) = (version.variant.status, version.variant.language.clone());
            view(status, &language, version);
        }
        let known = self.library_standings(account, brand).await?;
        for variant in starter::all() {
            view(variant.status, &variant.language, library_view(variant, &known));
        }
        Ok(found.into_values().collect())
    }

    async fn template(
        &self,
        account: AccountId,
        brand: BrandId,
        status: TrackingStatus,
        language: &Language,
    ) -> Result<TemplateView> {
        self.own_brand(account, brand).await?;
        let rows = self.rows(&VERSIONS_OF, args![account, brand, status, *language]).await?;
        let versions =
            rows.into_iter().map(|mut row| version_view(&mut row)).collect::<Result<_>>()?;
        let of_library = starter::variants(status).iter().find(|v| v.language == *language);
        let library = match of_library {
            Some(variant) => {
                Some(library_view(variant, &self.library_standings(account, brand).await?))
            }
            None => None,
        };
        Ok(TemplateView { status, language: language.clone(), versions, library })
    }

    async fn shelf(&self, account: AccountId, brand: BrandId) -> Result<Shelf> {
        self.own_brand(account, brand).await?;
        let wanted: BTreeSet<_> =
            TrackingStatus::ALL.iter().map(|status| (brand, *status)).collect();
        Ok(self.shelves(&wanted).await?.remove(&brand).unwrap_or_default())
    }

    async fn save_draft(
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

    async fn discard_draft(
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

    async fn submit_template(
        &self,
        account: AccountId,
        key: &VersionKey,
        by: Option<UserId>,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()> {
        let mut write = self.write().await?;
        let VersionKey { brand, status, language, version } = key;
        let of_library = || starter::variants(*status).iter().find(|v| v.language == *language);
        let name = if *version == 0 {
            write.rows(&OWN_BRAND, args![account, *brand]).await?.pop().ok_or(Error::NotFound)?;
            of_library().map(|variant| variant.name.clone()).ok_or(Error::NotFound)?
        } else {
            let values = args![account, *brand, *status, *language, *version];
            let mut row = write.rows(&NAME_OF, values).await?.pop().ok_or(Error::NotFound)?;
            row.text()?
        };
        let limit = Error::Limit { what: "sender" };
        let mut row = write.rows(&SENDER_OF, args![account, *brand]).await?.pop().ok_or(limit)?;
        let sender: SenderId = row.read()?;
        write.run(&FREEZE, args![account, *brand, *status, *language, *version, at]).await?;
        if write.run(&SUBMIT, args![account, sender, name, *language, at]).await? == 1 {
            write.note(account, of_key(key, TemplateChange::Submitted, by), at, ids).await?;
        }
        write.commit().await
    }

    async fn template_history(
        &self,
        account: AccountId,
        brand: BrandId,
        status: TrackingStatus,
        language: &Language,
    ) -> Result<Vec<TemplateChangeView>> {
        let rows = self.rows(&HISTORY, args![account, brand, status, *language]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(TemplateChangeView {
                    at: row.time()?,
                    what: row.read()?,
                    version: row.int()?,
                    by: row.text_or_none()?,
                    detail: row.text()?,
                })
            })
            .collect()
    }

    async fn template_alerts(
        &self,
        account: AccountId,
        since: Timestamp,
    ) -> Result<Vec<TemplateAlert>> {
        let rows = self.rows(&ALERTS, args![account, since]).await?;
        rows.into_iter()
            .map(|mut row| {
                let (brand, status, language) = (row.read()?, row.read()?, row.read()?);
                let review: Review = row.read()?;
                let impending: Option<Category> = row.read_or_none()?;
                let impending = impending.filter(|category| *category == Category::Marketing);
                let trouble = match review {
                    Review::Rejected => TemplateTrouble::Rejected,
                    Review::Paused => TemplateTrouble::Paused,
                    Review::Disabled => TemplateTrouble::Disabled,
                    _ if row.flag()? => TemplateTrouble::Recategorised,
                    _ if impending.is_some() => TemplateTrouble::Impending,
                    _ => TemplateTrouble::Overdue,
                };
                Ok(TemplateAlert { brand, status, language, trouble })
            })
            .collect()
    }

    async fn due_submissions(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<Submission>> {
        let mut write = self.write().await?;
        let taken = write.rows(&TAKE_DUE, args![now, until, limit]).await?;
        let (mut set, mut tries) = (Set::new(), HashMap::new());
        for mut row in taken {
            let key: (SenderId, String, Language) = (row.read()?, row.text()?, row.read()?);
            set.push(&cells![key.0, key.1, key.2]);
            tries.insert(key, u32::try_from(row.int()?).unwrap_or(u32::MAX));
        }
        if set.is_empty() {
            return Ok(Vec::new());
        }
        let rows = write.rows(&DUE, args![set]).await?;
        write.commit().await?;
        let mut due = Vec::with_capacity(rows.len());
        for mut row in rows {
            let account = row.read()?;
            let (sender, name, language): (SenderId, String, Language) =
                (row.read()?, row.text()?, row.read()?);
            let status: Option<TrackingStatus> = row.read_or_none()?;
            let variant = match status {
                Some(status) => Variant {
                    status,
                    name: name.clone(),
                    version: row.int()?,
                    language: language.clone(),
                    category: row.read()?,
                    review: Review::Submitted,
                    content: row.json()?,
                },
                None => {
                    let found = starter::all().find(|v| v.name == name && v.language == language);
                    // A text the library no longer has is submitted by nobody.
                    let Some(variant) = found else { continue };
                    variant.clone()
                }
            };
            let tries = tries.get(&(sender, name, language)).copied().unwrap_or(1);
            due.push(Submission { account, sender, variant, tries });
        }
        Ok(due)
    }

    async fn note_submission(
        &self,
        submission: &Submission,
        ended: &Submitted,
        at: Timestamp,
        ids: &dyn IdSource,
    ) -> Result<()> {
        let Submission { account, sender, variant, .. } = submission;
        let mut write = self.write().await?;
        let (review, provider_id, category, reason) = match ended {
            Submitted::Again(then) => {
                let values = args![*sender, variant.name, variant.language, *then];
                write.run(&TRY_AGAIN, values).await?;
                return write.commit().await;
            }
            Submitted::Taken { provider_id, review, category } => {
                (*review, provider_id.clone(), *category, None)
            }
            Submitted::Refused { code, words } => {
                (Review::Rejected, None, None, Some(format!("{code}: {words}")))
            }
        };
        let values = args![
            *sender,
            variant.name,
            variant.language,
            review,
            provider_id,
            category,
            reason,
            at
        ];
        // Whoever was slower than the provider's own news leaves them alone.
        if write.run(&TAKEN, values).await? == 1 && review != Review::Submitted {
            let brand = write.brand_of(*account, *sender).await?;
            let change = Change {
                brand,
                status: variant.status,
                language: &variant.language,
                version: variant.version,
                what: TemplateChange::Reviewed,
                by: None,
                detail: reviewed(review, reason.as_deref()),
            };
            write.note(*account, change, at, ids).await?;
        }
        write.commit().await
    }

    async fn note_template_news(
        &self,
        account: AccountId,
        sender: SenderId,
        news: &[TemplateNews],
        ids: &dyn IdSource,
    ) -> Result<u64> {
        if news.is_empty() {
            return Ok(0);
        }
        let mut write = self.write().await?;
        let brand = write.brand_of(account, sender).await?;
        let rows = write.rows(&STANDINGS_AT, args![account, sender]).await?;
        let mut known = HashMap::new();
        for mut row in rows {
            let (key, place, standing) = standing_row(&mut row)?;
            known.insert(key, (place, standing));
        }
        let mut count = 0;
        for new in news {
            let key = (new.name.clone(), new.language.clone());
            let of_library =
                starter::all().find(|v| v.name == new.name && v.language == new.language);
            let (place, mut standing) = match (known.remove(&key), of_library) {
                (Some((Some(place), standing)), _) => (place, standing),
                (Some((None, standing)), Some(variant)) => ((variant.status, 0), standing),
                (None, Some(variant)) => ((variant.status, 0), Standing::unknown()),
                // Somebody else's, or a version that was thrown away.
                (_, None) => continue,
            };
            let first = standing.review == Review::Draft;
            let before = standing.clone();
            if !standing.hear(&new.what, new.at) {
                known.insert(key, (Some(place), standing));
                continue;
            }
            let values = args![
                account,
                sender,
                new.name,
                new.language,
                standing.review,
                new.provider_id,
                standing.category,
                standing.impending.map(|(category, _)| category),
                standing.impending.map(|(_, at)| at),
                standing.reason,
                standing.quality,
                standing.changed_at
            ];
            if write.run(&HEAR, values).await? == 0 {
                continue;
            }
            count += 1;
            // What the library's texts were from the beginning is no news to anybody.
            let quiet = first && place.1 == 0;
            for (what, detail) in changes(&before, &standing).into_iter().filter(|_| !quiet) {
                let change = Change {
                    brand,
                    status: place.0,
                    language: &new.language,
                    version: place.1,
                    what,
                    by: None,
                    detail,
                };
                write.note(account, change, new.at, ids).await?;
            }
            known.insert(key, (Some(place), standing));
        }
        write.commit().await?;
        Ok(count)
    }

    async fn due_polls(
        &self,
        now: Timestamp,
        soon: Timestamp,
        later: Timestamp,
        limit: i64,
    ) -> Result<Vec<(AccountId, SenderId)>> {
        let rows = self.rows(&DUE_POLLS, args![now, soon, limit]).await?;
        let mut due = Vec::with_capacity(rows.len());
        for mut row in rows {
            let (account, sender): (AccountId, SenderId) = (row.read()?, row.read()?);
            let again = if row.int()? > 0 { soon } else { later };
            self.run(&ASK_AT, args![sender, again]).await?;
            due.push((account, sender));
        }
        Ok(due)
    }
}

impl<DB: Dialect> SqlStore<DB> {
    async fn own_brand(&self, account: AccountId, brand: BrandId) -> Result<()> {
        self.row(&OWN_BRAND, args![account, brand]).await?.map(drop).ok_or(Error::NotFound)
    }

    /// What the provider says of the library's texts at the brand's sender.
    async fn library_standings(
        &self,
        account: AccountId,
        brand: BrandId,
    ) -> Result<HashMap<(String, Language), Known>> {
        let rows = self.rows(&STANDINGS, args![account, brand]).await?;
        rows.into_iter()
            .map(|mut row| {
                let key = (row.text()?, row.read()?);
                for _ in 0..3 {
                    row.skip()?;
                }
                Ok((key, known(&mut row)?))
            })
            .collect()
    }
}

impl<DB: Dialect> Write<DB> {
    async fn brand_of(&mut self, account: AccountId, sender: SenderId) -> Result<BrandId> {
        let row = self.rows(&BRAND_OF, args![account, sender]).await?.pop();
        row.ok_or(Error::NotFound)?.read()
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

/// What the timeline says about a move: one line for each thing that moved.
fn changes(before: &Standing, after: &Standing) -> Vec<(TemplateChange, String)> {
    let mut changes = Vec::new();
    // A submission may be answered with a refusal whose reason is told a moment later.
    let says_why = before.reason.is_none() && after.reason.is_some();
    if before.review != after.review || says_why {
        let detail = reviewed(after.review, after.reason.as_deref());
        changes.push((TemplateChange::Reviewed, detail));
    }
    if let Some(category) = after.category.filter(|c| before.category.is_some_and(|b| b != *c)) {
        changes.push((TemplateChange::Recategorised, category.word().to_owned()));
    }
    if let Some((category, _)) = after.impending.filter(|_| before.impending != after.impending) {
        changes.push((TemplateChange::Impending, category.word().to_owned()));
    }
    if let Some(quality) = after.quality.clone().filter(|_| before.quality != after.quality) {
        changes.push((TemplateChange::Quality, quality));
    }
    changes
}

/// `rejected PROMOTIONAL`: the state, and the provider's word for why.
fn reviewed(review: Review, reason: Option<&str>) -> String {
    reason.map_or_else(|| review.word().to_owned(), |reason| format!("{review} {reason}"))
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

/// Which version a template is.
type VersionPlace = (TrackingStatus, i64);

fn standing_row(row: &mut Row) -> Result<((String, Language), Option<VersionPlace>, Standing)> {
    let key = (row.text()?, row.read()?);
    row.skip()?;
    let status: Option<TrackingStatus> = row.read_or_none()?;
    let place = status.zip(row.int_or_none()?);
    let standing = known(row)?.map_or_else(Standing::unknown, |(standing, _)| standing);
    Ok((key, place, standing))
}

fn version_view(row: &mut Row) -> Result<VersionView> {
    let (status, language, version) = (row.read()?, row.read()?, row.int()?);
    let name = row.text()?;
    let chosen: Category = row.read()?;
    let content = row.json()?;
    let revision = row.int()?;
    let (edited_at, edited_by) = (row.time()?, row.text_or_none()?);
    let known = known(row)?;
    let variant = Variant {
        status,
        name,
        version,
        language,
        category: chosen,
        review: Review::Draft,
        content,
    };
    Ok(view(variant, chosen, known, revision, edited_by, edited_at))
}

fn library_view(variant: &Variant, known: &HashMap<(String, Language), Known>) -> VersionView {
    let key = (variant.name.clone(), variant.language.clone());
    let known = known.get(&key).cloned().flatten();
    let variant = Variant { review: Review::Draft, ..variant.clone() };
    let chosen = variant.category;
    view(variant, chosen, known, 0, None, Timestamp::from_micros(0))
}

fn view(
    variant: Variant,
    chosen: Category,
    known: Known,
    revision: i64,
    edited_by: Option<String>,
    edited_at: Timestamp,
) -> VersionView {
    let (standing, submitted_at) = known.unzip();
    let submitted_at = submitted_at.flatten();
    let changed_at = standing.as_ref().map(|standing| standing.changed_at);
    let standing = standing.unwrap_or_else(Standing::unknown);
    let variant = Variant {
        review: standing.review,
        category: standing.category.unwrap_or(variant.category),
        ..variant
    };
    VersionView {
        variant,
        revision,
        chosen,
        reason: standing.reason,
        quality: standing.quality,
        impending: standing.impending,
        submitted_at,
        changed_at,
        edited_by,
        edited_at,
    }
}
