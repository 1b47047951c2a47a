//! Who is asking: from the cookie to the desk a page reads from.

use super::session::Visit;
use super::state::AppState;
use app::backend::{Desk, Guest, Invited};
use app::{act, route};
use dispatch::error::Result;
use dispatch::tenant::Viewer;
use http::request::Parts;
use std::sync::Arc;

/// Loads the signed-in person, if any, with the account they have open. Everything is read again for
/// every request: somebody taken out of an account has lost it with their next click.
///
/// # Errors
/// `Unavailable`.
pub async fn guest(state: &AppState, visit: &Visit) -> Result<Option<Guest>> {
    let Some(user) = visit.user().await? else { return Ok(None) };
    let (person, memberships, opened) = futures::try_join!(
        state.store.find_user(user),
        state.store.find_memberships(user),
        visit.account()
    )?;
    let Some(person) = person else { return Ok(None) };
    let membership = memberships
        .iter()
        .find(|membership| Some(membership.account) == opened)
        .or_else(|| memberships.first());
    let Some(membership) = membership else { return Ok(None) };
    let viewer = Viewer { account: membership.account, user: Some(user), role: membership.role };
    let (account, brands) = futures::try_join!(
        state.store.account(viewer.account),
        state.store.brands(viewer.account)
    )?;
    let Some(account) = account else { return Ok(None) };
    visit.note_seen(state.clock.now()).await?;
    Ok(Some(Guest { viewer, user: person, account, memberships, brands }))
}

/// The invitation whose link a request opens; none for any other page, and for a link that is no longer good.
///
/// # Errors
/// `Unavailable`.
pub async fn invited(state: &AppState, parts: &Parts) -> Result<Option<Invited>> {
    if parts.uri.path() != route::SIGN_UP {
        return Ok(None);
    }
    let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let Some((_, token)) = query.into_iter().find(|(name, _)| name == act::INVITATION) else {
        return Ok(None);
    };
    let hash = state.secrets.hash_token(&token);
    let found = state.store.find_invitation(&hash, state.clock.now()).await?;
    Ok(found.map(|(_, account, to)| Invited { account, email: to.email, role: to.role }))
}

/// The desk of a request. What was handed over is taken only where a page will show it.
#[must_use]
pub fn desk(
    state: &AppState,
    visit: &Visit,
    guest: Option<Guest>,
    handover: Option<app::backend::Handover>,
) -> Desk {
    Desk { guest, session: visit.handle(), handover, ..nobody(state) }
}

/// The desk of somebody who is not known.
#[must_use]
pub fn nobody(state: &AppState) -> Desk {
    let dry_runs = state.dry_runs.clone();
    Desk {
        store: state.store.clone(),
        clock: state.clock.clone(),
        ids: state.ids.clone(),
        zones: state.zones.clone(),
        links: state.links.clone(),
        guest: None,
        site: state.site.clone(),
        session: None,
        handover: None,
        invited: None,
        dry_runs: Arc::new(move |viewer, wish| {
            let dry_runs = dry_runs.clone();
            Box::pin(async move { dry_runs.run(viewer, wish).await })
        }),
    }
}
