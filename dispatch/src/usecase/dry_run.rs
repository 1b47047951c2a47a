//! What the last 30 days would have become, if a change were saved.

use super::{Ports, parse_id};
use crate::error::{Error, Result};
use crate::forecast::{DryRun, RUN_UP, Replay, SPAN, Spread, Wish, check_wish};
use crate::id::{BrandId, EventId};
use crate::tenant::{Permission, Viewer};
use crate::time::Timestamp;
use crate::zone::Zones;
use std::time::Duration;

/// How far a dry run reaches.
#[derive(Debug, Clone, Copy)]
pub struct Extent<'a> {
    /// How old news may be.
    pub stale_after: Duration,
    /// How clocks are set around the world.
    pub zones: &'a dyn Zones,
    /// How many events are read at a time.
    pub page: i64,
    /// How many pages are looked at; of more, the newest.
    pub pages: usize,
}

impl<'a> Extent<'a> {
    /// As far as an answer can be waited for: two hundred thousand events. A page of eight thousand is read as
    /// quickly as a larger one and takes a few megabytes.
    #[must_use]
    pub const fn new(stale_after: Duration, zones: &'a dyn Zones) -> Self {
        Self { stale_after, zones, page: 8_000, pages: 25 }
    }
}

/// Judges the stored events of 30 days under the settings as they stand and as proposed. It is a second
/// of computing: call it where it holds up nobody. `spread` does most of it.
///
/// # Errors
/// `Denied`, `NotFound`; `Conflict` when the matrix has changed since the wish was made; `Invalid` on
/// `channel`, `cap` and `texts` (a text that could not be saved either).
pub async fn dry_run(
    ports: &Ports<'_>,
    viewer: &Viewer,
    extent: Extent<'_>,
    wish: &Wish,
    spread: Spread<'_>,
) -> Result<DryRun> {
    viewer.need(Permission::Read)?;
    let brand: BrandId = parse_id(&wish.brand)?;
    let channel = check_wish(wish)?;
    let (account, store, now) = (viewer.account, ports.store, ports.now());
    let file = store.brand_file(account, brand).await?.ok_or(Error::NotFound)?;
    if wish
        .version
        .is_some_and(|version| Some(version) != file.settings(channel).map(|set| set.version))
    {
        return Err(Error::Conflict);
    }
    let prices = store.prices(account, channel, now).await?;
    let price = prices.into_iter().find(|price| price.plan == file.plan).map(|price| price.price);

    let since = now.minus(SPAN);
    let start = Start::find(ports, viewer, brand, since, extent).await?;
    let proposals = wish.proposals(&file);
    let terms = (extent.stale_after, extent.zones);
    let mut replay = Replay::new(file, &proposals, terms, start.counted_from);
    let ends = start.pages.iter().skip(1).copied().map(Some).chain([None]);
    let mut waiting = Vec::new();
    for (from, until) in start.pages.iter().zip(ends) {
        let mut events = waiting;
        events.extend(store.history(account, brand, *from, until).await?);
        // The last moment's events may go on in the next page, and are heard together.
        waiting = match until {
            Some(_) => events.split_off(Replay::last_moment(&events)),
            None => Vec::new(),
        };
        let unknown = replay.unknown(&events);
        if !unknown.is_empty() {
            let before = start.began;
            replay.remember(store.contacts_before(account, brand, &unknown, before).await?);
        }
        let page = replay.open(events);
        let people = store.gather_people(&page.events).await?;
        replay.take(page, people, spread);
    }
    Ok(replay.finish(now, start.of, price))
}

/// Where a replay begins.
struct Start {
    /// The first events of its pages, in order.
    pages: Vec<EventId>,
    /// At this moment.
    began: Timestamp,
    /// What was received before is not counted.
    counted_from: Timestamp,
    /// How many events the span has, when not all are looked at.
    of: Option<i64>,
}

impl Start {
    /// At the run-up, or later when there are more events than are looked at.
    async fn find(
        ports: &Ports<'_>,
        viewer: &Viewer,
        brand: BrandId,
        since: Timestamp,
        extent: Extent<'_>,
    ) -> Result<Self> {
        let (account, store) = (viewer.account, ports.store);
        let began = since.minus(RUN_UP);
        let from = EventId::least(began);
        let mut pages = store.history_pages(account, brand, from, extent.page).await?;
        if pages.len() < extent.pages {
            pages.push(from);
            pages.reverse();
            return Ok(Self { pages, began, counted_from: since, of: None });
        }
        pages.truncate(extent.pages);
        pages.reverse();
        let began = pages.first().map_or(began, |first| first.minted_at());
        if began <= since {
            return Ok(Self { pages, began, counted_from: since, of: None });
        }
        let of = store.history_size(account, brand, EventId::least(since)).await?;
        Ok(Self { pages, began, counted_from: began, of: Some(of) })
    }
}
