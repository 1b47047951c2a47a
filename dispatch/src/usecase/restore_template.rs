//! An earlier text, the library's, or that of another language becomes the draft.

use super::{Ports, parse_id};
use crate::channel::TrackingStatus;
use crate::error::{Error, Result};
use crate::id::BrandId;
use crate::language::{self, Language};
use crate::port::NewDraft;
use crate::tenant::{Permission, Viewer};

/// Which text becomes the draft of which.
#[derive(Debug, Clone, Default)]
pub struct RestoreTemplate {
    /// Of which brand.
    pub brand: String,
    /// About which news.
    pub status: String,
    /// The language that is read.
    pub language: String,
    /// The version that is read; 0 for the library's.
    pub version: String,
    /// The language that gets the draft: the same, or another.
    pub into: String,
}

/// Makes the draft. A draft that is already there is replaced; its text stays nowhere, so the screen asks first.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict`; `Invalid` on `into`.
pub async fn restore_template(
    ports: &Ports<'_>,
    viewer: &Viewer,
    input: &RestoreTemplate,
) -> Result<(i64, i64)> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(&input.brand)?;
    let status: TrackingStatus = parse_id(&input.status)?;
    let language: Language = parse_id(&input.language)?;
    let into: Language = input.into.parse().map_err(|_| Error::invalid("into", "unknown"))?;
    if !language::OF_TEMPLATES.contains(&into.code()) {
        return Err(Error::invalid("into", "unknown"));
    }
    let wanted: i64 = input.version.trim().parse().map_err(|_| Error::NotFound)?;
    let source = ports.store.template(viewer.account, brand, status, &language).await?;
    let version = source
        .versions
        .iter()
        .chain(&source.library)
        .find(|version| version.variant.version == wanted)
        .ok_or(Error::NotFound)?;
    let target = ports.store.template(viewer.account, brand, status, &into).await?;
    let newest = target.versions.first();
    let draft = NewDraft {
        brand,
        status,
        language: into,
        from: newest.map_or((0, 0), |newest| (newest.variant.version, newest.revision)),
        category: version.chosen,
        content: version.variant.content.clone(),
        by: viewer.user,
        at: ports.now(),
    };
    ports.store.save_draft(viewer.account, &draft, ports.ids).await
}
