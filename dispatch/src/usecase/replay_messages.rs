//! What failed for a reason that was mended is sent again: one message, or all that are picked.

use super::{Ports, filled, parse};
use crate::channel::Channel;
use crate::error::{Error, Result};
use crate::id::{BrandId, MessageId, ReplayId};
use crate::message::MessageState;
use crate::money::Money;
use crate::plan::{Rate, rate_in_force};
use crate::port::{ReplayBatch, SentAgain, Store};
use crate::stranded::{LeftOut, LeftOuts, Replay, ReplayFilter};
use crate::tenant::{Permission, Viewer};
use crate::time::Timestamp;
use crate::view::AccountView;
use crate::zone::Zones;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Messages looked at and written in one commit.
pub const REPLAY_STEP: i64 = 1_000;
/// Messages named one by one.
pub const MOST_REPLAY_IDS: usize = 1_000;
/// Messages a preview looks at, and a replay sends; the rest can follow with the next.
pub const MOST_REPLAYED: i64 = 100_000;

/// What sending again depends on besides what is stored.
#[derive(Debug, Clone, Copy)]
pub struct ReplayTerms<'a> {
    /// How clocks are set around the world.
    pub zones: &'a dyn Zones,
    /// How old news may be.
    pub stale_after: Duration,
}

/// Which messages, as typed; what is empty does not narrow.
#[derive(Debug, Clone, Default)]
pub struct PickReplay {
    /// Ids of messages.
    pub ids: Option<Vec<String>>,
    /// Id of a brand.
    pub brand: String,
    /// Code of a destination.
    pub country: String,
    /// Word of a channel.
    pub channel: String,
    /// Id of the sender they failed from.
    pub sender: String,
    /// Word for why they wait ([`crate::stranded::Stranded`]).
    pub reason: String,
    /// Given up at this moment or later.
    pub since: String,
    /// Given up before this moment.
    pub until: String,
}

impl PickReplay {
    /// Reads it.
    ///
    /// # Errors
    /// `Invalid` on the field.
    pub fn read(&self) -> Result<ReplayFilter> {
        fn word<T: std::str::FromStr>(field: &'static str, text: &str) -> Result<Option<T>> {
            filled(text).map(|text| parse(field, text)).transpose()
        }
        let moment = |field, text: &str| {
            let read = |text: &str| text.parse().map_err(|_| Error::invalid(field, "time"));
            filled(text).map(read).transpose()
        };
        let ids = self.ids.as_ref().map(|ids| {
            if ids.len() > MOST_REPLAY_IDS {
                return Err(Error::invalid("ids", "too_many"));
            }
            let ids: Result<BTreeSet<MessageId>> = ids.iter().map(|id| parse("ids", id)).collect();
            Ok(ids?.into_iter().collect())
        });
        Ok(ReplayFilter {
            ids: ids.transpose()?,
            brand: word("brand", &self.brand)?,
            country: word("country", &self.country.trim().to_uppercase())?,
            channel: word("channel", &self.channel)?,
            sender: word("sender", &self.sender)?,
            reason: word("reason", &self.reason)?,
            since: moment("since", &self.since)?,
            until: moment("until", &self.until)?,
        })
    }
}

/// What sending again would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplayPreview {
    /// How many would go, for each channel.
    pub again: BTreeMap<Channel, i64>,
    /// Of which brands.
    pub brands: BTreeSet<BrandId>,
    /// How many would not.
    pub left_out: LeftOuts,
    /// What it costs if all of them arrive; none when nothing would go.
    pub cost: Option<Money>,
    /// Whether there are more than were looked at.
    pub more: bool,
}

impl ReplayPreview {
    /// How many would go.
    #[must_use]
    pub fn count(&self) -> i64 {
        self.again.values().sum()
    }
}

/// Looks what sending again would do.
///
/// # Errors
/// `Denied`, `NotFound` when the brand is not the account's, or when the store does not answer.
pub async fn preview_replay(
    store: &dyn Store,
    terms: ReplayTerms<'_>,
    viewer: &Viewer,
    filter: &ReplayFilter,
    now: Timestamp,
) -> Result<ReplayPreview> {
    viewer.need(Permission::Read)?;
    let prices = Prices::of(store, viewer, filter, now).await?;
    let mut preview = ReplayPreview::default();
    let (mut after, mut seen) = (None, 0);
    loop {
        let page = store.stranded(viewer.account, filter, after, REPLAY_STEP).await?;
        let full = page.len() >= usize::try_from(REPLAY_STEP).unwrap_or(usize::MAX);
        for one in &page {
            let price = prices.of_channel(one.channel);
            match one.look(price.is_some(), now, terms.stale_after) {
                Ok(_) => {
                    *preview.again.entry(one.channel).or_default() += 1;
                    preview.brands.insert(one.brand);
                    let costs = [preview.cost, price].into_iter().flatten();
                    preview.cost = costs.map(Ok).reduce(|a, b| a?.plus(b?)).transpose()?;
                }
                Err(reason) => *preview.left_out.entry(reason).or_default() += 1,
            }
        }
        seen += i64::try_from(page.len()).unwrap_or(i64::MAX);
        after = page.last().map(|one| one.message).or(after);
        preview.more = full && seen >= MOST_REPLAYED;
        if !full || preview.more {
            break;
        }
    }
    if let Some(ids) = &filter.ids {
        let gone = i64::try_from(ids.len()).unwrap_or(i64::MAX) - seen;
        if gone > 0 {
            preview.left_out.insert(LeftOut::NotWaiting, gone);
        }
    }
    Ok(preview)
}

/// What a replay has done so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// As it stands.
    pub replay: Replay,
    /// What was left out of the first step, one by one.
    pub left: Vec<(MessageId, LeftOut)>,
    /// The last of the step, when others may follow.
    pub next: Option<MessageId>,
}

/// Who asks for a replay, and how far it may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All there are: what is more than one step goes on by itself.
    Whole,
    /// One step of so many, after a message.
    One(i64, Option<MessageId>),
}

/// Sends messages again. Asked twice under one id, it is done once, and answers how that stands.
///
/// # Errors
/// `Denied`, `NotFound` when the brand is not the account's, `Conflict` when the id is somebody else's, or when the
/// store does not answer: then nothing was sent, or it goes on by itself.
pub async fn replay_messages(
    ports: &Ports<'_>,
    terms: ReplayTerms<'_>,
    viewer: &Viewer,
    filter: ReplayFilter,
    id: Option<ReplayId>,
    reach: Reach,
) -> Result<Replayed> {
    viewer.need(Permission::Edit)?;
    let (store, now, account) = (ports.store, ports.now(), viewer.account);
    let prices = Prices::of(store, viewer, &filter, now).await?;
    let total = match &filter.ids {
        Some(ids) => i64::try_from(ids.len()).unwrap_or(i64::MAX),
        None => store.count_stranded(account, &filter, MOST_REPLAYED).await?,
    };
    let (step, after) = match reach {
        Reach::Whole => (REPLAY_STEP, None),
        Reach::One(step, after) => (step.clamp(1, REPLAY_STEP), after),
    };
    let begun = Replay {
        account,
        id: id.unwrap_or_else(|| ReplayId::mint(now, ports.ids)),
        by: viewer.user,
        at: now,
        filter,
        total,
        looked_at: 0,
        sent: 0,
        left_out: LeftOuts::new(),
        after,
        ended_at: None,
    };
    let mut made = look_on(store, terms, &prices, &begun, step, now).await?;
    let next = made.batch.replay.after.filter(|_| made.batch.replay.ended_at.is_none());
    if let Reach::One(..) = reach {
        made.batch.replay.ended_at = Some(now);
    }
    if let Some(ids) = made.batch.replay.filter.ids.as_ref().filter(|_| next.is_none()) {
        let found: BTreeSet<_> = made.seen.iter().copied().collect();
        let missing: Vec<_> = ids.iter().filter(|id| !found.contains(id)).copied().collect();
        let count = i64::try_from(missing.len()).unwrap_or(i64::MAX);
        if count > 0 && after.is_none() {
            made.batch.replay.left_out.insert(LeftOut::NotWaiting, count);
            made.left.extend(missing.into_iter().map(|id| (id, LeftOut::NotWaiting)));
        }
    }
    made.batch.before = None;
    match store.commit_replay(&made.batch).await? {
        Some(sent) => {
            let replay = Replay { sent, ..made.batch.replay };
            Ok(Replayed { replay, left: made.left, next })
        }
        // Pressed twice.
        None => {
            let known = store.replay(account, begun.id).await?.ok_or(Error::Conflict)?;
            Ok(Replayed { replay: known.replay, left: Vec::new(), next: None })
        }
    }
}

/// Goes on with replays that are not through, a step of each. Answers how many messages were looked at.
///
/// # Errors
/// When the store does not answer; nothing is lost then, and nothing is sent twice.
pub async fn continue_replays(
    store: &dyn Store,
    terms: ReplayTerms<'_>,
    now: Timestamp,
    limit: i64,
) -> Result<usize> {
    let mut seen = 0;
    for replay in store.unfinished_replays(limit).await? {
        let Some(account) = store.account(replay.account).await? else { continue };
        let prices = Prices { rates: store.rates().await?, account, now };
        let made = look_on(store, terms, &prices, &replay, REPLAY_STEP, now).await?;
        // Another worker may have been faster.
        if store.commit_replay(&made.batch).await?.is_some() {
            seen += made.seen.len();
        }
    }
    Ok(seen)
}

struct Step {
    batch: ReplayBatch,
    seen: Vec<MessageId>,
    left: Vec<(MessageId, LeftOut)>,
}

/// Looks at the next messages of a replay.
async fn look_on(
    store: &dyn Store,
    terms: ReplayTerms<'_>,
    prices: &Prices,
    replay: &Replay,
    step: i64,
    now: Timestamp,
) -> Result<Step> {
    let room = step.min(MOST_REPLAYED - replay.looked_at).max(0);
    let page = store.stranded(replay.account, &replay.filter, replay.after, room).await?;
    let count = i64::try_from(page.len()).unwrap_or(i64::MAX);
    let looked_at = replay.looked_at + count;
    let is_last = count < step || looked_at >= MOST_REPLAYED;
    let mut after = Replay {
        looked_at,
        after: page.last().map(|one| one.message).or(replay.after),
        ended_at: is_last.then_some(now),
        total: replay.total.max(looked_at),
        ..replay.clone()
    };
    let (mut again, mut let_go, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for one in &page {
        let has_price = prices.of_channel(one.channel).is_some();
        match one.look(has_price, now, terms.stale_after) {
            Ok(sender) => {
                let before = replay.sent + i64::try_from(again.len()).unwrap_or(0);
                again.push(SentAgain {
                    message: one.message,
                    step: one.step,
                    sender,
                    // Until it leaves, the person may say no, and newer news may come.
                    state: MessageState::Held,
                    due_at: one.due(before, replay.at, terms.zones),
                    good_until: one.good_until(terms.stale_after),
                    subject: one.subject.clone(),
                });
            }
            Err(reason) => {
                *after.left_out.entry(reason).or_default() += 1;
                left.push((one.message, reason));
                if reason.is_final() {
                    let_go.push(one.message);
                }
            }
        }
    }
    let seen = page.iter().map(|one| one.message).collect();
    let batch = ReplayBatch { replay: after, before: Some(replay.looked_at), again, let_go };
    Ok(Step { batch, seen, left })
}

/// What messages of an account cost now.
struct Prices {
    rates: Vec<Rate>,
    account: AccountView,
    now: Timestamp,
}

impl Prices {
    async fn of(
        store: &dyn Store,
        viewer: &Viewer,
        filter: &ReplayFilter,
        now: Timestamp,
    ) -> Result<Self> {
        let account = store.account(viewer.account).await?.ok_or(Error::NotFound)?;
        if let Some(brand) = filter.brand {
            store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;
        }
        Ok(Self { rates: store.rates().await?, account, now })
    }

    fn of_channel(&self, channel: Channel) -> Option<Money> {
        let AccountView { company_country, plan, .. } = self.account;
        let rate = rate_in_force(&self.rates, company_country, plan, channel, self.now);
        rate.map(|rate| rate.price)
    }
}
