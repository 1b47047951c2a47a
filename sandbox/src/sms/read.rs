//! Messages as the API shows them.

use axum::{
    Json,
    extract::{OriginalUri, Path, Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::{
    access::Caller,
    error::{SmsError, undelivered},
};
use crate::state::{
    Sandbox,
    message::{Message, Side, Stage},
    now,
};

/// What one segment costs, in thousandths of a euro. Only its being there matters.
const PRICE_THOUSANDTHS: u32 = 70;
/// The most in one answer.
const PAGE_LIMIT: usize = 1_000;

pub(super) async fn show(
    State(sandbox): State<Sandbox>,
    OriginalUri(uri): OriginalUri,
    caller: Caller,
    Path((_, file)): Path<(String, String)>,
) -> Result<Json<Value>, SmsError> {
    let world = sandbox.world();
    let sid = file.strip_suffix(".json").unwrap_or(&file);
    let message =
        world.sms_message(&caller.account, sid).ok_or_else(|| SmsError::unknown(uri.path()))?;
    Ok(Json(view(message, now())))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Asked {
    to: Option<String>,
    from: Option<String>,
    page_size: Option<usize>,
}

/// The newest first, in one page.
pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    OriginalUri(uri): OriginalUri,
    caller: Caller,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, SmsError> {
    let Query(asked) =
        asked.map_err(|_| SmsError::parameter("Ask with To, From and PageSize alone."))?;
    let size = asked.page_size.unwrap_or(50).min(PAGE_LIMIT);
    let now = now();
    let world = sandbox.world();
    let messages: Vec<Value> = world
        .messages()
        .rev()
        .filter(|one| one.sms.as_ref().is_some_and(|sms| *sms.account == *caller.account))
        .map(|message| (ends(message), message))
        .filter(|((from, to), _)| {
            asked.from.as_ref().is_none_or(|asked| asked == from)
                && asked.to.as_ref().is_none_or(|asked| asked == to)
        })
        .take(size)
        .map(|(_, message)| view(message, now))
        .collect();
    Ok(Json(json!({
        "messages": messages,
        "page": 0,
        "page_size": size,
        "start": 0,
        "end": messages.len().saturating_sub(1),
        "uri": uri.to_string(),
        "first_page_uri": uri.to_string(),
        "next_page_uri": null,
        "previous_page_uri": null,
    })))
}

/// From and to.
pub(super) fn ends(message: &Message) -> (String, String) {
    let (shop, person) = (message.number.to_string(), format!("+{}", message.phone));
    match message.side {
        Side::Business => (shop, person),
        Side::Person => (person, shop),
    }
}

/// A Message resource.
pub(super) fn view(message: &Message, now: u64) -> Value {
    let Some(sms) = &message.sms else { return Value::Null };
    let stage = message.stage(now).unwrap_or(Stage::Queued);
    let at = |wanted: Stage| {
        let mut steps = message.plan.iter();
        steps.find(|step| step.stage == wanted && step.at <= now).map(|step| rfc2822(step.at))
    };
    let newest = message.plan.iter().filter(|step| step.at <= now).map(|step| step.at).max();
    let error = match stage {
        Stage::Failed(code) | Stage::Undelivered(code) => Some(code),
        _ => None,
    };
    let sent = if message.side == Side::Business { at(Stage::Sent) } else { at(Stage::Received) };
    let price = sent.as_ref().map(|_| {
        let thousandths = sms.segments * PRICE_THOUSANDTHS;
        format!("-{}.{:03}00", thousandths / 1_000, thousandths % 1_000)
    });
    let (from, to) = ends(message);
    let account = &*sms.account;
    let uri = format!("/2010-04-01/Accounts/{account}/Messages/{}", message.id);
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": message.content.body,
        "date_created": rfc2822(message.at),
        "date_sent": sent,
        "date_updated": rfc2822(newest.unwrap_or(message.at)),
        "direction": match message.side {
            Side::Business => "outbound-api",
            Side::Person => "inbound",
        },
        "error_code": error,
        "error_message": error.map(undelivered),
        "from": from,
        "messaging_service_sid": sms.service,
        "num_media": "0",
        "num_segments": sms.segments.to_string(),
        "price": price,
        "price_unit": "EUR",
        "sid": message.id,
        "status": stage.as_str(),
        "subresource_uris": { "media": format!("{uri}/Media.json") },
        "to": to,
        "uri": format!("{uri}.json"),
    })
}

/// As the API writes times: to the second, in UTC.
fn rfc2822(millis: u64) -> String {
    i64::try_from(millis / 1_000)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|at| at.format(&Rfc2822).ok())
        .unwrap_or_default()
}
