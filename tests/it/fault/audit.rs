//! What a run came to, counted from outside: by the API, and by what lies on the sandbox's phones.

use super::scene::Scene;
use super::shop::Shop;
use super::trouble::Troubles;
use super::{Kind, Plan};
use crate::process::load;
use anyhow::{Result, bail, ensure};
use dispatch::pace::LONGEST_REST;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};
use tokio::task::JoinHandle;

/// The words of a message that never go back to an earlier one.
const FORWARD: [&str; 6] = ["accepted", "sent", "cancelled", "failed", "delivered", "read"];

fn rank(status: &str) -> Option<usize> {
    FORWARD.iter().position(|word| *word == status)
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

/// Looks at all messages again and again.
pub struct Watch {
    looking: JoinHandle<()>,
    seen: Arc<Mutex<Seen>>,
}

/// What the watch saw.
#[derive(Debug, Default)]
pub struct Seen {
    furthest: HashMap<String, String>,
    /// Steps back.
    back: Vec<String>,
}

impl Seen {
    fn look(&mut self, messages: &[Value]) {
        for message in messages {
            let (id, status) = (text(message, "id"), text(message, "status"));
            let before = self.furthest.get(id).and_then(|word| rank(word));
            if before > rank(status) {
                self.back.push(format!("{id}: {} then {status}", self.furthest[id]));
            }
            if rank(status).is_some() {
                self.furthest.insert(id.to_owned(), status.to_owned());
            }
        }
    }
}

impl Watch {
    /// From now on.
    pub fn start(shop: Arc<Shop>) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let notes = seen.clone();
        let looking = tokio::spawn(async move {
            loop {
                // Nobody answers while the server is away.
                if let Ok(messages) = shop.list("messages").await {
                    notes.lock().expect("whole").look(&messages);
                }
                tokio::time::sleep(Duration::from_millis(700)).await;
            }
        });
        Self { looking, seen }
    }

    /// Waits until every message is at its end and the provider has nothing more to tell.
    pub async fn until_still(self, shop: &Shop, plan: &Plan) -> Result<Seen> {
        let began = Instant::now();
        loop {
            let state = stillness(shop, plan).await;
            match state {
                Ok(None) => break,
                Ok(Some(state)) if began.elapsed() > plan.patience => {
                    bail!("not at its end after {:?}: {state}", plan.patience)
                }
                Err(error) if began.elapsed() > plan.patience => return Err(error),
                _ => tokio::time::sleep(Duration::from_millis(300)).await,
            }
        }
        self.looking.abort();
        Ok(std::mem::take(&mut *self.seen.lock().expect("whole")))
    }
}

/// None when everything is at its end.
async fn stillness(shop: &Shop, plan: &Plan) -> Result<Option<String>> {
    let messages = shop.list("messages").await?;
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for message in &messages {
        *states.entry(text(message, "status")).or_default() += 1;
    }
    let ended = |word: &str| matches!(word, "read" | "failed" | "cancelled");
    let open: usize = states.iter().filter(|(word, _)| !ended(word)).map(|(_, n)| n).sum();
    let phones = shop.phones().await?;
    let owed: u64 = phones.iter().filter_map(|one| one["webhooks_owed"].as_u64()).sum();
    let all_there = messages.len() >= plan.parcels as usize;
    let still = open == 0 && owed == 0 && all_there;
    Ok((!still).then(|| format!("{states:?}, {owed} receipts on their way")))
}

/// Everything there is to count with.
pub struct Audit<'a> {
    pub plan: &'a Plan,
    pub kind: Kind,
    pub shop: &'a Shop,
    pub seen: Seen,
    pub troubles: &'a Troubles,
}

/// What was counted.
#[derive(Debug)]
pub struct Figures {
    pub kind: Kind,
    pub seed: u64,
    pub parcels: u32,
    pub taken: u32,
    pub put_off: u32,
    pub hung_up: u32,
    pub troubles: BTreeMap<String, u32>,
    /// Attempts of every outcome, as their codes tell them.
    pub attempts: usize,
    pub told: usize,
    /// Without an event, a decision, or a message that came to its end.
    pub lost: Vec<String>,
    /// Told again although nothing was unknown.
    pub twice: Vec<String>,
    /// Told again because the outcome stayed unknown past the deadline.
    pub unknown: Vec<String>,
    /// Given up, with the reason.
    pub failed: Vec<String>,
    pub back: Vec<String>,
    pub delivered: usize,
    pub charged: i64,
    /// From a kill to the next message at a phone, at the longest.
    pub resumed: Duration,
    /// From a kill until what it had left in the air was known to be, at the longest.
    pub known: Duration,
    pub panics: usize,
    pub took: Duration,
}

impl Audit<'_> {
    /// Counts, and says what does not hold.
    pub async fn count(mut self, scene: &Scene) -> Result<Figures> {
        let shop = self.shop;
        let messages = shop.list("messages").await?;
        self.seen.look(&messages);
        let phones = shop.phones().await?;
        let usage = shop.list("usage").await?;
        let delivered =
            messages.iter().filter(|m| matches!(text(m, "status"), "delivered" | "read")).count();
        let failed =
            messages.iter().filter(|m| matches!(text(m, "status"), "failed" | "cancelled"));
        let failed: Vec<String> =
            failed.map(|m| format!("{} {}", text(m, "order_number"), text(m, "failure"))).collect();
        let (twice, unknown) = self.told_again(&messages, &phones);
        let charges = messages.iter().filter(|message| !message["charge"].is_null()).count();
        let charged = usage.iter().filter_map(|line| line["quantity"].as_i64()).sum();
        let (resumed, known) = self.resumed(&messages);
        let load = |count: &std::sync::atomic::AtomicU32| count.load(Ordering::Relaxed);
        let figures = Figures {
            kind: self.kind,
            seed: self.plan.seed,
            parcels: self.plan.parcels,
            taken: load(&shop.taken),
            put_off: load(&shop.put_off),
            hung_up: load(&shop.hung_up),
            troubles: self.troubles.count.clone(),
            attempts: messages.iter().filter_map(|m| m["attempts"].as_array()).map(Vec::len).sum(),
            told: phones.len(),
            lost: self.lost(&messages).await?,
            twice,
            unknown,
            failed,
            back: self.seen.back,
            delivered,
            charged,
            resumed,
            known,
            panics: scene.read_log().matches("panicked at").count(),
            took: Duration::ZERO,
        };
        ensure!(figures.lost.is_empty(), "lost: {:?}\n{figures}", figures.lost);
        ensure!(figures.twice.is_empty(), "told twice: {:?}\n{figures}", figures.twice);
        ensure!(figures.back.is_empty(), "back: {:?}\n{figures}", figures.back);
        ensure!(figures.panics == 0, "panics:\n{}\n{figures}", scene.read_log());
        ensure!(delivered == charges, "{charges} messages have a charge\n{figures}");
        ensure!(usize::try_from(charged) == Ok(delivered), "charges are not deliveries\n{figures}");
        // Ten seconds are the promise; the rest is for machines that have other things to do.
        ensure!(figures.resumed < Duration::from_secs(30), "resumed late\n{figures}");
        ensure!(figures.known < Duration::from_secs(45), "known late\n{figures}");
        Ok(figures)
    }

    /// Parcels that did not become one event, one decision and one message.
    async fn lost(&self, messages: &[Value]) -> Result<Vec<String>> {
        let count = |rows: &[Value], name: &str| {
            let mut found: HashMap<String, usize> = HashMap::new();
            for row in rows {
                *found.entry(text(row, name).to_owned()).or_default() += 1;
            }
            found
        };
        let events = self.shop.list("events").await?;
        let decisions = self.shop.list("decisions").await?;
        let decided = count(&decisions, "event_id");
        let (by_order, told) = (count(&events, "order_number"), count(messages, "order_number"));
        let mut lost = Vec::new();
        for event in &events {
            if decided.get(text(event, "id")) != Some(&1) {
                lost.push(format!("event {}", text(event, "id")));
            }
        }
        for number in 0..self.plan.parcels {
            let order = format!("L-{number}");
            let found = (by_order.get(&order).copied(), told.get(&order).copied());
            if found != (Some(1), Some(1)) {
                lost.push(format!("{order}: {found:?} of event and message"));
            }
        }
        Ok(lost)
    }

    /// People who were told more than once: without a reason, and because nobody knew.
    fn told_again(&self, messages: &[Value], phones: &[Value]) -> (Vec<String>, Vec<String>) {
        let mut by_phone: HashMap<&str, Vec<&str>> = HashMap::new();
        for one in phones {
            by_phone
                .entry(text(one, "to"))
                .or_default()
                .push(text(one, "biz_opaque_callback_data"));
        }
        let by_number: HashMap<&str, &Value> =
            messages.iter().map(|message| (text(message, "to"), message)).collect();
        let (mut twice, mut unknown) = (Vec::new(), Vec::new());
        for number in 0..self.plan.parcels {
            let phone = load::phone(number);
            let Some(told) = by_phone.get(phone.as_str()).filter(|told| told.len() > 1) else {
                continue;
            };
            let waited = by_number.get(phone.as_str()).is_some_and(|m| self.waited(m, told));
            if waited { &mut unknown } else { &mut twice }.push(format!("{phone}: {told:?}"));
        }
        (twice, unknown)
    }

    /// Whether each try that reached the phone began only after the one before had been waited for.
    fn waited(&self, message: &Value, told: &[&str]) -> bool {
        let all: Vec<&Value> = message["attempts"].as_array().into_iter().flatten().collect();
        let distinct: HashSet<&&str> = told.iter().collect();
        let starts: Vec<i64> = all
            .iter()
            .filter(|attempt| told.contains(&text(attempt, "id")))
            .filter_map(|attempt| millis(text(attempt, "started_at")))
            .collect();
        let deadline = i64::try_from(self.plan.unknown_after.as_millis()).unwrap_or(i64::MAX);
        distinct.len() == told.len()
            && starts.len() == told.len()
            && starts.windows(2).all(|pair| pair[1] - pair[0] >= deadline)
    }

    /// How long it took after kills until something that waited left again, and until what was in the air was known.
    /// What was tried before waits for its next try, and a number that was too fast rests, killed or not: neither says
    /// anything here.
    fn resumed(&self, messages: &[Value]) -> (Duration, Duration) {
        let kills = &self.troubles.kills;
        let left: Vec<(i64, i64)> = messages
            .iter()
            .filter_map(|message| {
                let attempts = message["attempts"].as_array()?.iter();
                let first = attempts.filter_map(|a| millis(text(a, "started_at"))).min()?;
                Some((millis(text(message, "created_at"))?, first))
            })
            .collect();
        let too_fast: Vec<i64> = messages
            .iter()
            .filter_map(|message| message["attempts"].as_array())
            .flatten()
            .filter(|attempt| attempt["code"] == "130429")
            .filter_map(|attempt| millis(text(attempt, "finished_at")))
            .collect();
        let longest = i64::try_from(LONGEST_REST.as_millis()).unwrap_or(i64::MAX);
        let resumed = kills.iter().filter_map(|kill| {
            let waited = left.iter().filter(|(came, first)| came < kill && first > kill);
            let next = waited.map(|(_, first)| first).min()?;
            let rests = too_fast.iter().any(|at| at < next && at + longest > *kill);
            u64::try_from(next - kill).ok().filter(|_| !rests)
        });
        let attempts = messages.iter().filter_map(|m| m["attempts"].as_array()).flatten();
        let known = attempts.filter(|attempt| attempt["code"] == "lease_expired").filter_map(|a| {
            let (began, ended) = (millis(text(a, "started_at"))?, millis(text(a, "finished_at"))?);
            let kill = kills.iter().filter(|kill| **kill >= began && **kill <= ended).min()?;
            u64::try_from(ended - kill).ok()
        });
        let longest = |all: &mut dyn Iterator<Item = u64>| {
            Duration::from_millis(all.max().unwrap_or_default())
        };
        (longest(&mut { resumed }), longest(&mut { known }))
    }
}

/// An instant of the API in milliseconds since 1970.
fn millis(text: &str) -> Option<i64> {
    let at = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
    let since = SystemTime::from(at.ok()?).duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parcels, taken, put_off, hung_up, attempts, told, delivered, charged, .. } =
            self;
        writeln!(f, "{:?}, seed {}, {:.1} s", self.kind, self.seed, self.took.as_secs_f64())?;
        let troubles: Vec<String> =
            self.troubles.iter().map(|(name, count)| format!("{name} {count}")).collect();
        writeln!(f, "  what went wrong      {}", troubles.join(", "))?;
        writeln!(
            f,
            "  parcels              {parcels}; webhooks {taken} taken, {put_off} put off, {hung_up} hung up on"
        )?;
        writeln!(
            f,
            "  messages             {attempts} attempts, {told} at phones, {delivered} delivered, {charged} charged"
        )?;
        writeln!(f, "  lost                 {}", self.lost.len())?;
        writeln!(f, "  told twice           {}", self.twice.len())?;
        writeln!(f, "  unknown too long     {} {}", self.unknown.len(), self.unknown.join(" "))?;
        writeln!(f, "  given up             {} {}", self.failed.len(), self.failed.join(", "))?;
        writeln!(f, "  steps back           {}", self.back.len())?;
        writeln!(
            f,
            "  after a kill         {:.1} s to the next message, {:.1} s until all in the air was known",
            self.resumed.as_secs_f64(),
            self.known.as_secs_f64()
        )
    }
}
