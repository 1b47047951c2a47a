//! What screens and decisions read of templates.

use super::{Known, OWN_BRAND, known};
use crate::store::SqlStore;
use crate::store::dialect::Dialect;
use crate::store::sql::statements;
use crate::store::value::{Row, args};
use dispatch::channel::TrackingStatus;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId};
use dispatch::language::Language;
use dispatch::port::Shelf;
use dispatch::starter;
use dispatch::template::{Category, Review, Standing, Variant};
use dispatch::time::Timestamp;
use dispatch::view::{
    TemplateAlert, TemplateChangeView, TemplateTrouble, TemplateView, VersionView,
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

statements! {
    VERSIONS = [(versions), "ORDER BY v.status, v.language, v.version DESC"];
    VERSIONS_OF = [(versions), "AND v.status = $3 AND v.language = $4 ORDER BY v.version DESC"];
    STANDINGS = [(standings), "WHERE n.account_id = $1 AND n.brand_id = $2 AND n.channel = 'whatsapp' AND n.replaced_at IS NULL"];
    // Word for word: what is written by the same code is the same text. Of each the newest, as the list shows it.
    TWINS = ["SELECT v.status, v.language, min(b.name) FROM template_version v \
            JOIN brand b ON b.account_id = v.account_id AND b.id <> v.brand_id AND b.state = 'active' \
            JOIN template_version w ON w.brand_id = b.id AND w.status = v.status AND w.language = v.language AND w.content = v.content \
        WHERE v.account_id = $1 AND v.brand_id = $2 \
            AND NOT EXISTS (SELECT 1 FROM template_version x WHERE x.brand_id = v.brand_id AND x.status = v.status \
                AND x.language = v.language AND x.version > v.version) \
            AND NOT EXISTS (SELECT 1 FROM template_version y WHERE y.brand_id = w.brand_id AND y.status = w.status \
                AND y.language = w.language AND y.version > w.version) \
        GROUP BY v.status, v.language"];
    HISTORY = ["SELECT c.at, c.what, c.version, p.name, c.detail FROM template_change c LEFT JOIN person p ON p.id = c.user_id \
        WHERE c.account_id = $1 AND c.brand_id = $2 AND c.status = $3 AND c.language = $4 ORDER BY c.id DESC LIMIT 500"];
    // The library's texts have no row of a version; their names end in the status. Only what becomes advertising is
    // trouble: the other way more people get it.
    ALERTS = ["SELECT n.brand_id, coalesce(v.status, substr(r.name, 9)), r.language, r.review, r.impending, \
            CASE WHEN r.category = 'marketing' AND coalesce(v.category, 'utility') = 'utility' THEN 1 ELSE 0 END \
        FROM template_review r JOIN sender n ON n.id = r.sender_id AND n.replaced_at IS NULL \
            JOIN brand b ON b.id = n.brand_id AND b.state = 'active' ", (newest_of_name), " \
        WHERE r.account_id = $1 AND (r.review IN ('rejected', 'paused', 'disabled') OR r.impending = 'marketing' \
                OR (r.category = 'marketing' AND coalesce(v.category, 'utility') = 'utility') OR (r.review = 'submitted' AND r.submitted_at < $2)) \
            AND NOT EXISTS (SELECT 1 FROM template_version w WHERE w.brand_id = n.brand_id AND w.status = coalesce(v.status, substr(r.name, 9)) \
                AND w.language = r.language AND w.version > coalesce(v.version, 0) AND w.submitted_at IS NOT NULL) \
        ORDER BY n.brand_id, r.name, r.language LIMIT 100"];
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn read_templates(
        &self,
        account: AccountId,
        brand: BrandId,
    ) -> Result<Vec<TemplateView>> {
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

    pub(super) async fn read_template(
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

    pub(super) async fn read_shelf(&self, account: AccountId, brand: BrandId) -> Result<Shelf> {
        self.own_brand(account, brand).await?;
        let wanted: BTreeSet<_> =
            TrackingStatus::ALL.iter().map(|status| (brand, *status)).collect();
        Ok(self.shelves(&wanted).await?.remove(&brand).unwrap_or_default())
    }

    pub(super) async fn read_twins(
        &self,
        account: AccountId,
        brand: BrandId,
    ) -> Result<BTreeMap<(TrackingStatus, Language), String>> {
        self.own_brand(account, brand).await?;
        let rows = self.rows(&TWINS, args![account, brand]).await?;
        rows.into_iter().map(|mut row| Ok(((row.read()?, row.read()?), row.text()?))).collect()
    }

    pub(super) async fn read_template_history(
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

    pub(super) async fn read_template_alerts(
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
