//! A stored version is given to the provider: a draft as it stands, or a text of the library.

use super::{Ports, parse_id};
use crate::channel::TrackingStatus;
use crate::error::{Error, Result};
use crate::id::BrandId;
use crate::language::Language;
use crate::port::{Adoption, VersionKey};
use crate::template::Review;
use crate::template::check::{check, passes};
use crate::tenant::{Permission, Viewer};

/// What came of it; of several the last counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// Nothing: it is in review, or has been answered.
    Nothing,
    /// It is in effect without a review.
    Adopted,
    /// It is on its way to the provider.
    Submitted,
}

/// Submits the newest version of a brand's text, or the library's where the brand has none of its own. A draft
/// that the provider knows already takes effect at once. Answers what came of it.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on `body` with `checks` when it does not pass, `stopped` when
/// the provider has stopped that very text; `Limit` with `sender`.
pub async fn submit_template(
    ports: &Ports<'_>,
    viewer: &Viewer,
    brand: &str,
    status: &str,
    language: &str,
) -> Result<Given> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(brand)?;
    let status: TrackingStatus = parse_id(status)?;
    let language: Language = parse_id(language)?;
    let view = ports.store.template(viewer.account, brand, status, &language).await?;
    let newest = view.newest().ok_or(Error::NotFound)?;
    if !newest.variant.review.is_submittable() {
        return Ok(Given::Nothing);
    }
    if !passes(&check(&newest.variant.content, newest.chosen, status)) {
        return Err(Error::invalid("body", "checks"));
    }
    let key = VersionKey { brand, status, language, version: newest.variant.version };
    let known = view.known_as(&newest.variant.content, newest.chosen);
    // What was refused keeps its name: it was given away, and is never changed.
    if let Some(known) = known.filter(|_| newest.variant.review == Review::Draft && key.version > 0)
    {
        if known.variant.review == Review::Disabled {
            return Err(Error::invalid("body", "stopped"));
        }
        let (revision, known) = (newest.revision, known.variant.version);
        let key = key.clone();
        let adoption = Adoption { key, revision, known, by: viewer.user, at: ports.now() };
        match ports.store.adopt_template(viewer.account, &adoption, ports.ids).await {
            // It was given away before, to another number, and keeps the name it had there.
            Err(Error::Conflict) => {}
            done => return done.map(|()| Given::Adopted),
        }
    }
    ports.store.submit_template(viewer.account, &key, viewer.user, ports.now(), ports.ids).await?;
    Ok(Given::Submitted)
}
