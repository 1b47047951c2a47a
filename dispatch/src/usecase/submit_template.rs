//! A stored version is given to the provider: a draft as it stands, or a text of the library.

use super::{Ports, parse_id};
use crate::channel::TrackingStatus;
use crate::error::{Error, Result};
use crate::id::BrandId;
use crate::language::Language;
use crate::port::VersionKey;
use crate::template::check::{check, passes};
use crate::tenant::{Permission, Viewer};

/// Submits the newest version of a brand's text, or the library's where the brand has none of its own.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on `body` with `checks` when it does not pass; `Limit` with `sender`.
pub async fn submit_template(
    ports: &Ports<'_>,
    viewer: &Viewer,
    brand: &str,
    status: &str,
    language: &str,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(brand)?;
    let status: TrackingStatus = parse_id(status)?;
    let language: Language = parse_id(language)?;
    let view = ports.store.template(viewer.account, brand, status, &language).await?;
    let newest = view.newest().ok_or(Error::NotFound)?;
    if !newest.variant.review.is_submittable() {
        return Ok(());
    }
    if !passes(&check(&newest.variant.content, newest.chosen, status)) {
        return Err(Error::invalid("body", "checks"));
    }
    let key = VersionKey { brand, status, language, version: newest.variant.version };
    ports.store.submit_template(viewer.account, &key, viewer.user, ports.now(), ports.ids).await
}
