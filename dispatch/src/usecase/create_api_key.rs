//! A key for the REST API is made.

use super::{Ports, parse};
use crate::error::{Faults, Result};
use crate::id::ApiKeyId;
use crate::port::{NewApiKey, Secrets};
use crate::source::Secret;
use crate::tenant::{Permission, Scope, Viewer, parse_name};

/// The prefix of keys, so that scanners for leaked keys can recognise them.
pub const PREFIX: &str = "fct_";

/// How much of a key is kept readable: the prefix and four more.
const HINT: usize = 8;

/// Keeps a key's hash and answers the key, which is not kept.
///
/// # Errors
/// `Denied`; `Invalid` on `name` or `scope`, `Several` on both.
pub async fn create_api_key(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    viewer: &Viewer,
    name: &str,
    scopes: &[String],
) -> Result<(ApiKeyId, Secret)> {
    viewer.need(Permission::ManageKeys)?;
    let mut faults = Faults::default();
    let name = faults.read(parse_name("name", name));
    let chosen =
        scopes.iter().map(|word| parse::<Scope>("scope", word)).collect::<Result<Vec<_>>>();
    let chosen = faults.read(chosen);
    faults.unless(chosen.as_ref().is_none_or(|chosen| !chosen.is_empty()), "scope", "choose");
    let (Some(name), Some(mut chosen)) = (name, chosen) else { return Err(faults.told()) };
    faults.over()?;
    chosen.sort_unstable();
    chosen.dedup();
    let now = ports.now();
    let key = secrets.token(PREFIX);
    let new = NewApiKey {
        id: ApiKeyId::mint(now, ports.ids),
        name,
        hint: key.expose().chars().take(HINT).collect(),
        hash: secrets.hash_token(key.expose()),
        scopes: chosen.iter().map(ToString::to_string).collect(),
        at: now,
    };
    ports.store.create_api_key(viewer.account, &new).await?;
    Ok((new.id, key))
}
