//! What a database costs that has grown: rows of past messages are written by plain statements, then the same is asked of
//! it as of an empty one.

use crate::meter::Latencies;
use crate::now_millis;
use crate::process::{Demo, load};
use anyhow::{Context as _, Result};
use dispatch::id::{AccountId, MessageId};
use dispatch::time::{Clock, Timestamp};
use dispatch::view::LogFilter;
use server::security::random::{SystemClock, SystemIds};
use server::security::seal::Sealer;
use server::store::bare::{Bare, Owner, Written};
use std::time::{Duration, Instant};

/// Messages in a commit.
const COMMIT: u32 = 500;
/// Past messages come over so long, the newest a minute ago.
const SPAN: Duration = Duration::from_secs(25 * 24 * 3600);
/// Questions of each kind.
const QUESTIONS: u32 = 100;
/// As many messages have one phone.
const OF_ONE: u32 = 5;

/// What the log costs there.
pub struct Grown {
    pub first_page: Latencies,
    pub by_order: Latencies,
    pub by_tracking: Latencies,
    pub by_phone: Latencies,
    /// On disk for each message, indexes included, without the raw delivery.
    pub bytes_per_message: f64,
}

fn owner(demo: &Demo) -> Result<Owner> {
    let text = |pointer: &str| {
        let found = demo.0.pointer(pointer).and_then(serde_json::Value::as_str);
        found.map(str::to_owned).context(pointer.to_owned())
    };
    Ok(Owner {
        account: text("/account_id")?,
        brand: text("/brand_id")?,
        connection: text("/connections/0/id")?,
        sender: text("/sender/id")?,
    })
}

fn phone(n: u32) -> String {
    format!("+3362{:07}", n / OF_ONE)
}

/// Writes so many past messages of the demo account and asks for its log.
pub async fn measure(url: &str, demo: &Demo, messages: u32) -> Result<Grown> {
    let owner = owner(demo)?;
    let account: AccountId = owner.account.parse()?;
    let store = server::store::open(url, Sealer::new(&[7; 32])).await?;
    let bare = Bare::open(url).await?;
    bare.settle().await?;
    let (before, raw_before) = store.stored_bytes().await?;
    let began = SystemClock.now().minus(SPAN);
    let body = load::body(0, now_millis());
    let step = SPAN / messages.max(1);
    let mut known = Vec::new();
    for first in (0..messages).step_by(COMMIT as usize) {
        let part: Vec<Written> = (first..(first + COMMIT).min(messages))
            .map(|n| {
                let at: Timestamp = began.plus(step * n);
                let id = MessageId::mint(at, &SystemIds).to_string();
                Written {
                    id: id.trim_start_matches("msg").to_owned(),
                    number: format!("{n:08}"),
                    phone: phone(n),
                }
            })
            .collect();
        bare.fill(&owner, &part, &body).await?;
        known.extend(part.into_iter().step_by((messages / QUESTIONS).max(1) as usize));
    }
    bare.settle().await?;
    let (after, raw_after) = store.stored_bytes().await?;
    #[expect(clippy::cast_precision_loss, reason = "bytes of a disk")]
    let bytes = (after - before - (raw_after - raw_before)) as f64;

    let ask = async |filter: &dyn Fn(&Written) -> LogFilter| {
        let mut took = Vec::new();
        for one in known.iter().cycle().take(QUESTIONS as usize) {
            let began = Instant::now();
            let page = store.log(account, &LogFilter { limit: 50, ..filter(one) }).await?;
            took.push(began.elapsed());
            anyhow::ensure!(!page.rows.is_empty(), "{:?} finds nothing", filter(one));
        }
        anyhow::Ok(Latencies::new(took))
    };
    Ok(Grown {
        first_page: ask(&|_| LogFilter::default()).await?,
        by_order: ask(&|one| LogFilter {
            order_number: Some(format!("L-{}", one.number)),
            ..LogFilter::default()
        })
        .await?,
        by_tracking: ask(&|one| LogFilter {
            tracking_number: Some(format!("PAST{}", one.number)),
            ..LogFilter::default()
        })
        .await?,
        by_phone: ask(&|one| LogFilter { phone: Some(one.phone.clone()), ..LogFilter::default() })
            .await?,
        bytes_per_message: bytes / f64::from(messages.max(1)),
    })
}
