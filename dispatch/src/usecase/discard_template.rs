//! A draft is thrown away; what spoke before goes on speaking.

use super::{Ports, parse_id};
use crate::error::{Error, Result};
use crate::port::VersionKey;
use crate::tenant::{Permission, Viewer};

/// Discards the draft of a brand's text.
///
/// # Errors
/// `Denied`; `NotFound` when that version is no draft.
pub async fn discard_template(
    ports: &Ports<'_>,
    viewer: &Viewer,
    brand: &str,
    status: &str,
    language: &str,
    version: &str,
) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let key = VersionKey {
        brand: parse_id(brand)?,
        status: parse_id(status)?,
        language: parse_id(language)?,
        version: version.trim().parse().map_err(|_| Error::NotFound)?,
    };
    ports.store.discard_draft(viewer.account, &key, viewer.user, ports.now(), ports.ids).await
}
