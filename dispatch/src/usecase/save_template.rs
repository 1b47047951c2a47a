//! A text is written down, and given to the provider when that is wanted.

use super::{Ports, parse, parse_id};
use crate::channel::TrackingStatus;
use crate::error::{Error, Result};
use crate::id::BrandId;
use crate::language::{self, Language};
use crate::port::{Adoption, NewDraft, VersionKey};
use crate::starter;
use crate::template::check::{Finding, FindingCode, check, passes};
use crate::template::sample::{Failure, try_all};
use crate::template::{Category, Content, Review};
use crate::tenant::{Permission, Viewer};

/// What the editor sends.
#[derive(Debug, Clone, Default)]
pub struct SaveTemplate {
    /// Of which brand.
    pub brand: String,
    /// About which news.
    pub status: String,
    /// In which language.
    pub language: String,
    /// The version it was written from.
    pub version: String,
    /// And its revision.
    pub revision: String,
    /// The chosen category.
    pub category: String,
    /// What it says.
    pub content: Content,
    /// Whether it goes to the provider.
    pub submit: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is stored; with what will still have to be repaired before it is submitted.
    Stored {
        /// As which version.
        version: i64,
        /// Its revision.
        revision: i64,
        /// What was found.
        findings: Vec<Finding>,
    },
    /// It is stored and on its way to the provider.
    Submitted {
        /// As which version.
        version: i64,
    },
    /// Nothing was stored, because nothing is new: the text is in review, or has been answered.
    Unchanged,
    /// It is stored and needs no review: to the provider it is a version it knows, whose standing it has.
    Adopted {
        /// As which version.
        version: i64,
    },
    /// It is stored as a draft: to the provider it is a text that it has stopped for good.
    Stopped,
    /// Nothing was stored: hostile characters, or more text than anybody reads.
    Refused(Vec<Finding>),
}

/// Stores the draft. A draft may be unfinished; only what no screen should ever show again is refused. What
/// is submitted must pass every check and every sample that has all a parcel can have; what the provider
/// knows already takes effect without it, because it would refuse the same text a second time.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict`; `Invalid` on what is no status, language or category; `Limit` with
/// `sender` when a brand without a number submits.
pub async fn save_template(
    ports: &Ports<'_>,
    viewer: &Viewer,
    input: &SaveTemplate,
) -> Result<Saved> {
    viewer.need(Permission::Edit)?;
    let key = VersionKey {
        brand: parse_id::<BrandId>(&input.brand)?,
        status: parse_id::<TrackingStatus>(&input.status)?,
        language: parse_language(&input.language)?,
        version: 0,
    };
    let category: Category = parse("category", &input.category)?;
    let number = |text: &str| text.trim().parse::<i64>().map_err(|_| Error::Conflict);
    let from = (number(&input.version)?, number(&input.revision)?);

    let findings = check(&input.content, category, key.status);
    let unfit = |f: &Finding| matches!(f.code, FindingCode::Characters | FindingCode::FarTooLong);
    if findings.iter().any(unfit) {
        return Ok(Saved::Refused(findings));
    }
    let view = ports.store.template(viewer.account, key.brand, key.status, &key.language).await?;
    let is_new = view.newest().is_none_or(|newest| {
        newest.variant.review.is_submittable()
            || (newest.variant.version, newest.revision) != from
            || newest.chosen != category
            || newest.variant.content != input.content
    });
    if !is_new {
        return Ok(Saved::Unchanged);
    }
    let draft = NewDraft {
        brand: key.brand,
        status: key.status,
        language: key.language.clone(),
        from,
        category,
        content: input.content.clone(),
        by: viewer.user,
        at: ports.now(),
    };
    let (version, revision) = ports.store.save_draft(viewer.account, &draft, ports.ids).await?;
    let ready = passes(&findings) && renders(&input.content, &key);
    if !(input.submit && ready) {
        return Ok(Saved::Stored { version, revision, findings });
    }
    let key = VersionKey { version, ..key };
    let by = viewer.user;
    match view.known_as(&input.content, category) {
        Some(known) if known.variant.review == Review::Disabled => Ok(Saved::Stopped),
        Some(known) => {
            let known = known.variant.version;
            let adoption = Adoption { key, revision, known, by, at: ports.now() };
            ports.store.adopt_template(viewer.account, &adoption, ports.ids).await?;
            Ok(Saved::Adopted { version })
        }
        None => {
            ports.store.submit_template(viewer.account, &key, by, ports.now(), ports.ids).await?;
            Ok(Saved::Submitted { version })
        }
    }
}

/// Whether every sample that lacks nothing gives a message that fits.
fn renders(content: &Content, key: &VersionKey) -> bool {
    let word = starter::status_word(&key.language, key.status);
    let failed = try_all(content, key.status, word, &key.language);
    failed.iter().all(|failed| matches!(failed.why, Failure::Missing(_)))
}

/// One of the languages the provider takes.
fn parse_language(text: &str) -> Result<Language> {
    let language: Language = text.parse().map_err(|_| Error::NotFound)?;
    if language::OF_TEMPLATES.contains(&language.code()) {
        Ok(language)
    } else {
        Err(Error::invalid("language", "unknown"))
    }
}
