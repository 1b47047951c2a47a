//! What the provider says of templates: how submissions end, its news, and when to ask again.

use super::{Change, known};
use crate::store::dialect::Dialect;
use crate::store::sql::statements;
use crate::store::value::{Row, Set, args, cells};
use crate::store::{SqlStore, Write};
use dispatch::channel::TrackingStatus;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId, IdSource, SenderId};
use dispatch::language::Language;
use dispatch::port::{Submission, Submitted, TemplateNews};
use dispatch::starter;
use dispatch::template::{Review, Standing, Variant};
use dispatch::time::Timestamp;
use dispatch::view::TemplateChange;
use std::collections::HashMap;

statements! {
    STANDINGS_AT = [(standings), "WHERE r.account_id = $1 AND r.sender_id = $2"];
    // Taken for a while, so that nobody else submits the same meanwhile.
    TAKE_DUE = ["UPDATE template_review SET try_at = $2, tries = tries + 1 WHERE try_at <= $1 AND (sender_id, name, language) IN ( \
        SELECT sender_id, name, language FROM template_review WHERE try_at <= $1 ORDER BY try_at LIMIT $3", skip_locked, ") \
        RETURNING sender_id, name, language, tries"];
    DUE = ["SELECT n.account_id, r.sender_id, r.name, r.language, v.status, v.version, v.category, v.content FROM ",
        {sender_id: text, name: text, language: text}, " r JOIN sender n ON n.id = r.sender_id ", (newest_of_name)];
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

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn take_submissions(
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

    pub(super) async fn write_submission(
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

    pub(super) async fn hear_news(
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

    pub(super) async fn take_polls(
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

impl<DB: Dialect> Write<DB> {
    async fn brand_of(&mut self, account: AccountId, sender: SenderId) -> Result<BrandId> {
        let row = self.rows(&BRAND_OF, args![account, sender]).await?.pop();
        row.ok_or(Error::NotFound)?.read()
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
