//! Playing Meta's reviewers, and what becomes of templates after their review.

use std::time::Duration;

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, read};
use crate::{
    review::{Order, What},
    state::{Sandbox, message::Category, now, template::TemplateKey},
    templates::{
        Standing,
        change::Change,
        record::Coming,
        standing::{Reason, Score},
    },
};

type Body = Result<Bytes, BytesRejection>;
type Answer = Result<Json<Value>, Refusal>;

/// Longer delays are typing errors: a year, in milliseconds.
const LONGEST_MS: u64 = 365 * 24 * 3_600 * 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrder {
    phone_number_id: Option<String>,
    name: Option<String>,
    language: Option<String>,
    verdict: Option<Verdict>,
    reason: Option<Reason>,
    delay_ms: Option<u64>,
    count: Option<u64>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Approve,
    Reject,
    Recategorise,
    Hold,
}

/// Orders a verdict; without one, sets how long reviews take from now on.
pub(super) async fn order(State(sandbox): State<Sandbox>, body: Body) -> Answer {
    let asked: NewOrder = read(body)?;
    if asked.delay_ms.is_some_and(|ms| ms > LONGEST_MS) {
        return Err(Refusal::bad("delay_ms is at most a year."));
    }
    if asked.reason.is_some() && asked.verdict != Some(Verdict::Reject) {
        return Err(Refusal::bad("reason goes with the verdict reject."));
    }
    let Some(verdict) = asked.verdict else {
        let NewOrder { phone_number_id: None, name: None, language: None, count: None, .. } = asked
        else {
            return Err(Refusal::bad("Say verdict: approve, reject, recategorise or hold."));
        };
        let Some(ms) = asked.delay_ms else {
            return Err(Refusal::bad("Say verdict, or delay_ms alone for all reviews."));
        };
        sandbox.world().reviews.pace = Duration::from_millis(ms);
        return Ok(Json(state(&sandbox)));
    };
    let what = match verdict {
        Verdict::Approve => What::Approve,
        Verdict::Recategorise => What::Recategorise,
        Verdict::Hold => What::Hold,
        Verdict::Reject => What::Reject { reason: asked.reason.unwrap_or(Reason::InvalidFormat) },
    };
    let order = Order {
        phone_number_id: asked.phone_number_id,
        name: asked.name,
        language: asked.language,
        what,
        delay_ms: asked.delay_ms,
        left: asked.count.unwrap_or(1),
    };
    sandbox.world().order(order, now());
    sandbox.bell.notify_one();
    Ok(Json(state(&sandbox)))
}

pub(super) async fn list(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(state(&sandbox))
}

pub(super) async fn clear(State(sandbox): State<Sandbox>) -> Json<Value> {
    sandbox.world().reviews.clear();
    Json(state(&sandbox))
}

/// Orders in force, and the templates that wait for a verdict.
fn state(sandbox: &Sandbox) -> Value {
    let world = sandbox.world();
    let waiting: Vec<Value> = world
        .numbers()
        .flat_map(|number| number.templates.all().map(|kept| (&*number.id, kept)))
        .filter_map(|(number, kept)| {
            let review = kept.record.review.as_ref()?;
            Some(json!({
                "phone_number_id": number,
                "name": kept.template.name,
                "language": kept.template.language,
                "since": super::instant(review.since),
                "decided_at": review.at.map(super::instant),
            }))
        })
        .collect();
    json!({
        "delay_ms": u64::try_from(world.reviews.pace.as_millis()).unwrap_or(u64::MAX),
        "data": world.reviews.orders(),
        "waiting": waiting,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateChange {
    phone_number_id: String,
    name: String,
    language: String,
    status: Option<Standing>,
    /// With `REJECTED`.
    #[serde(default)]
    reason: Reason,
    /// With `PAUSED`: by pacing, which has to be lifted by hand.
    #[serde(default)]
    pacing: bool,
    /// With `PAUSED`: how long it lasts, or how long a pacing cannot be lifted.
    pause_ms: Option<u64>,
    quality: Option<Score>,
    category: Option<Category>,
    /// With `category`: announced now, done after this long. Without: done at once.
    notice_ms: Option<u64>,
}

pub(super) async fn change(State(sandbox): State<Sandbox>, body: Body) -> Answer {
    let asked: TemplateChange = read(body)?;
    let now = now();
    let changes = asked.changes(now)?;
    let key = TemplateKey {
        number: asked.phone_number_id.as_str().into(),
        name: asked.name,
        language: asked.language,
    };
    let world = &mut *sandbox.world();
    let unknown = || Refusal::unknown("This number has no such template in this language.");
    world.template(&key).ok_or_else(unknown)?;
    for change in changes {
        world.change(&key, &change, now);
    }
    sandbox.bell.notify_one();
    let kept = world.template(&key).ok_or_else(unknown)?;
    Ok(Json(json!({
        "name": key.name,
        "language": key.language,
        "id": kept.id(&key.number).to_string(),
        "status": kept.record.standing.as_str(),
        "rejected_reason": kept.record.reason.as_str(),
        "quality_score": kept.record.quality.as_str(),
        "category": kept.template.category.as_str(),
    })))
}

impl TemplateChange {
    fn changes(&self, now: u64) -> Result<Vec<Change>, Refusal> {
        let mut changes = Vec::new();
        let is_pause = self.status == Some(Standing::Paused);
        if !is_pause && (self.pacing || self.pause_ms.is_some()) {
            return Err(Refusal::bad("pacing and pause_ms go with the status PAUSED."));
        }
        if self.reason != Reason::None && self.status != Some(Standing::Rejected) {
            return Err(Refusal::bad("reason goes with the status REJECTED."));
        }
        if self.notice_ms.is_some() && self.category.is_none() {
            return Err(Refusal::bad("notice_ms goes with category."));
        }
        changes.extend(self.quality.map(Change::Scored));
        changes.extend(self.category.map(|category| match self.notice_ms {
            Some(ms) => Change::Announced(Coming { category, at: now.saturating_add(ms) }),
            None => Change::Recategorised(category),
        }));
        changes.extend(self.status.map(|to| match to {
            Standing::Paused if self.pacing => Change::Paced { ms: self.pause_ms },
            Standing::Paused => Change::Paused { ms: self.pause_ms },
            to => Change::Moved { to, reason: self.reason },
        }));
        if changes.is_empty() {
            return Err(Refusal::bad("Say status, quality or category: what happens to it."));
        }
        Ok(changes)
    }
}
