//! What was sent and has not arrived in its time: the next channel stands in.

use crate::channel::Channel;
use crate::error::Result;
use crate::id::{IdSource, ReceiptId};
use crate::port::{Watch, WatchEnd, Watched};
use crate::time::Timestamp;
use crate::zone::Zones;

/// Looks at the messages whose time is over. Answers for how many the next channel stands in.
///
/// # Errors
/// When the store does not answer; nothing is lost then, the same messages come again.
pub async fn keep_watch(
    store: &dyn Watch,
    ids: &dyn IdSource,
    zones: &dyn Zones,
    now: Timestamp,
    limit: i64,
) -> Result<usize> {
    let watched = store.watched(now, limit).await?;
    if watched.is_empty() {
        return Ok(0);
    }
    let ends: Vec<_> = watched
        .into_iter()
        .map(|one| {
            let end = end(&one, ids, zones, now);
            (one, end)
        })
        .collect();
    store.end_watch(&ends, now).await?;
    Ok(ends.iter().filter(|(_, end)| matches!(end, WatchEnd::Next(..))).count())
}

fn end(one: &Watched, ids: &dyn IdSource, zones: &dyn Zones, now: Timestamp) -> WatchEnd {
    // Nothing has come back to us: a mail has no better receipt.
    if one.channel == Channel::Email && one.accepted && one.failed.is_none() {
        return WatchEnd::Delivered(ReceiptId::mint(now, ids));
    }
    match (&one.next, &one.failed) {
        (Some(next), _) if !one.overtaken => {
            let until = one.quiet.until(one.tracking_status, one.country, now, zones);
            WatchEnd::Next(Box::new(next.clone()), until.unwrap_or(now))
        }
        (_, Some(code)) => WatchEnd::Failed(code.clone()),
        _ => WatchEnd::Leave,
    }
}
