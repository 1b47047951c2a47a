//! `POST /api/v1/messages/replay`: sends again what failed for a reason that was mended.

use super::key::Caller;
use super::problem::Problem;
use crate::http::state::AppState;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use dispatch::error::Error;
use dispatch::id::MessageId;
use dispatch::stranded::LeftOuts;
use dispatch::tenant::Scope;
use dispatch::usecase::{self, PickReplay, REPLAY_STEP, Reach};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize, Default)]
// A filter that is misspelt would send everything.
#[serde(default, deny_unknown_fields)]
struct Input {
    ids: Option<Vec<String>>,
    brand: String,
    country: String,
    channel: String,
    sender: String,
    reason: String,
    since: String,
    until: String,
    dry_run: bool,
    limit: Option<i64>,
    cursor: String,
}

/// `POST /api/v1/messages/replay`
pub async fn replay(
    State(state): State<AppState>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    caller.need(Scope::Write)?;
    let input: Input =
        serde_json::from_slice(&body).map_err(|error| Problem::bad_body(error.to_string()))?;
    let limit = input.limit.unwrap_or(REPLAY_STEP);
    if !(1..=REPLAY_STEP).contains(&limit) {
        return Err(Error::invalid("limit", "range").into());
    }
    let after = match input.cursor.as_str() {
        "" => None,
        cursor => Some(cursor.parse::<MessageId>().map_err(|_| Problem::bad_query("cursor"))?),
    };
    let pick = PickReplay {
        ids: input.ids,
        brand: input.brand,
        country: input.country,
        channel: input.channel,
        sender: input.sender,
        reason: input.reason,
        since: input.since,
        until: input.until,
    };
    let (filter, terms, viewer) = (pick.read()?, state.replay_terms(), &caller.viewer);
    if input.dry_run {
        let (store, now) = (&*state.store, state.clock.now());
        let seen = usecase::preview_replay(store, terms, viewer, &filter, now).await?;
        let document = json!({
            "dry_run": true,
            "replayed": seen.count(),
            "left_out": counts(&seen.left_out),
            "cost_at_most": seen.cost,
            "more": seen.more,
        });
        return Ok(Json(document).into_response());
    }
    let reach = Reach::One(limit, after);
    let done = usecase::replay_messages(&state.ports(), terms, viewer, filter, None, reach).await?;
    state.wakes.sender.ring();
    let left: Vec<Value> = done
        .left
        .iter()
        .map(|(id, reason)| json!({ "message_id": id, "reason": reason, "waits_on": !reason.is_final() }))
        .collect();
    let document = json!({
        "dry_run": false,
        "id": done.replay.id,
        "replayed": done.replay.sent,
        "left_out": counts(&done.replay.left_out),
        "messages_left_out": left,
        "next_cursor": done.next,
    });
    Ok(Json(document).into_response())
}

fn counts(left: &LeftOuts) -> Value {
    left.iter().map(|(reason, count)| (reason.word().to_owned(), json!(count))).collect()
}
