//! What is known of a sender is asked for anew.

use super::note_check;
use crate::error::Result;
use crate::port::{Provider, SenderAccess, Store};
use crate::time::Timestamp;

/// Asks the provider about a number nobody has asked about for long, so that limits are known that it raised or
/// lowered meanwhile. Where it does not answer, what was known stands.
///
/// # Errors
/// When the store does not answer.
pub async fn refresh_sender(
    store: &dyn Store,
    provider: &dyn Provider,
    sender: &SenderAccess,
    callback_url: &str,
    now: Timestamp,
) -> Result<()> {
    let check = provider.check(sender, callback_url).await;
    if check.is_told() { note_check(store, sender, &check, now).await } else { Ok(()) }
}
