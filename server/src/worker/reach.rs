//! The daily limit of portfolios, on the way from the queue to the desk: claimed messages get their places, those
//! that wait go when places become free, and the provider is asked now and then what the limits are.
//!
//! Numbers of a portfolio without a limit pass by: for them nothing is asked and nothing written.

use super::Crew;
use super::desk::Ended;
use dispatch::attempt::{Answer, Claimed, Recheck};
use dispatch::error::Result;
use dispatch::id::{AttemptId, SenderId};
use dispatch::port::{Admission, Finished, Portfolio, ReachTerms, Settlement};
use dispatch::reach::DAILY_LIMIT;
use dispatch::usecase::{give_back, hand_on, refresh_sender};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often places are looked for that have become free otherwise than by the hour they were planned for.
const ROUND: Duration = Duration::from_secs(2);
/// Every so many rounds it is looked whom to ask the provider about.
const REFRESH_EVERY: u64 = 15;
/// What the provider told is asked for anew after this long.
const TOLD_FOR: Duration = Duration::from_secs(24 * 3600);
/// Numbers asked about at a time.
const REFRESHED: i64 = 20;
/// When a message stands in the queue again whose place could not be asked for.
const AGAIN: Duration = Duration::from_secs(2);

/// Which of this worker's numbers belong to a portfolio with a limit.
#[derive(Default)]
pub(super) struct Gate {
    limited: Mutex<HashMap<SenderId, Portfolio>>,
}

impl Gate {
    /// Learns it of numbers that are owned from now on.
    pub(super) async fn learn(&self, crew: &Crew, senders: &[SenderId]) -> Result<()> {
        if senders.is_empty() {
            return Ok(());
        }
        let found = crew.store.limited(senders, crew.unknown_reach).await?;
        let mut limited = self.limited.lock().unwrap_or_else(PoisonError::into_inner);
        for sender in senders {
            limited.remove(sender);
        }
        limited.extend(found);
        Ok(())
    }

    fn limited(&self) -> HashMap<SenderId, Portfolio> {
        self.limited.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets claimed messages through: those that may go, and those that are settled already. What waits for a
    /// place is gone from among them.
    pub(super) async fn admit(
        &self,
        crew: &Crew,
        claimed: Vec<Claimed>,
        now: dispatch::time::Timestamp,
    ) -> Vec<(Claimed, Option<Finished>)> {
        let limited = self.limited();
        if limited.is_empty() {
            return claimed.into_iter().map(|one| (one, None)).collect();
        }
        let mut asked: HashMap<&Portfolio, Vec<&Claimed>> = HashMap::new();
        for one in claimed.iter().filter(|one| one.recheck == Recheck::Passed) {
            if let Some(portfolio) = limited.get(&one.sender) {
                asked.entry(portfolio).or_default().push(one);
            }
        }
        let mut admitted = HashMap::new();
        let mut unasked = Vec::new();
        let terms = terms(crew);
        for (portfolio, those) in asked {
            match crew.store.admit(portfolio, &those, terms, now).await {
                Ok(passed) => admitted.extend(passed),
                Err(error) => {
                    tracing::warn!(%error, "places of a portfolio could not be asked for; they will be again");
                    unasked.extend(those.iter().map(|one| one.message));
                }
            }
        }
        let pass = |one: Claimed| {
            if unasked.contains(&one.message) {
                let back = give_back(&one, "store_unavailable", now.plus(AGAIN), now);
                return Some((one, Some(back)));
            }
            match admitted.get(&one.message) {
                Some(Admission::Held(_)) => None,
                Some(Admission::Next) => {
                    let handed_on = hand_on(&one, DAILY_LIMIT, now);
                    Some((one, handed_on))
                }
                Some(Admission::Go) | None => Some((one, None)),
            }
        };
        claimed.into_iter().filter_map(pass).collect()
    }

    /// Gives back the places of those to whom nothing was sent and nothing will be.
    pub(super) async fn give_back_places(&self, crew: &Crew, ended: &[Ended]) {
        let limited = self.limited();
        if limited.is_empty() {
            return;
        }
        let mut unsent: HashMap<&Portfolio, Vec<(String, AttemptId)>> = HashMap::new();
        for Ended { finished, claimed, .. } in ended.iter().filter(|one| is_unsent(&one.finished)) {
            if let Some(portfolio) = limited.get(&finished.sender) {
                unsent.entry(portfolio).or_default().push((claimed.to.clone(), finished.attempt));
            }
        }
        for (portfolio, unsent) in unsent {
            if let Err(error) = crew.store.give_back_places(portfolio, &unsent).await {
                tracing::warn!(%error, "places that were not used stay taken for a day");
            }
        }
    }
}

/// Whether it is certain that nothing was sent, and over.
fn is_unsent(finished: &Finished) -> bool {
    let is_over = matches!(
        finished.settlement,
        Settlement::Failed { .. } | Settlement::Next { .. } | Settlement::Cancelled(_)
    );
    is_over && !matches!(finished.answer, Some(Answer::Accepted { .. } | Answer::Unknown(_)))
}

fn terms(crew: &Crew) -> ReachTerms {
    ReachTerms { unknown: crew.unknown_reach, stale_after: crew.stale_after }
}

/// Lets those go for whom a place has become free, and keeps what is known of the limits fresh.
pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    for round in 0u64.. {
        if let Err(error) = move_up(&crew).await {
            tracing::warn!(%error, "what waits for places could not be looked at");
        }
        if round % REFRESH_EVERY == REFRESH_EVERY - 1
            && let Err(error) = refresh(&crew).await
        {
            tracing::warn!(%error, "the limits of numbers could not be asked for");
        }
        tokio::select! {
            () = ending.cancelled() => return,
            () = tokio::time::sleep(ROUND) => {}
        }
    }
}

async fn move_up(crew: &Crew) -> Result<()> {
    let mut moved = 0;
    for portfolio in crew.store.find_waiting_portfolios().await? {
        moved += crew.store.move_up(&portfolio, terms(crew), crew.clock.now()).await?;
    }
    if moved > 0 {
        crew.wakes.sender.ring();
    }
    Ok(())
}

async fn refresh(crew: &Crew) -> Result<()> {
    let now = crew.clock.now();
    for sender in crew.store.find_unchecked(now.minus(TOLD_FOR), REFRESHED).await? {
        let url = format!("{}/callbacks/{}/{}", crew.base_url, sender.channel, sender.id);
        refresh_sender(&*crew.store, &*crew.provider, &sender, &url, now).await?;
    }
    Ok(())
}
