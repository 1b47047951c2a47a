//! Faults, limits, names, and starting over.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, read};
use crate::{
    settings::Limits,
    sms,
    state::{
        Sandbox,
        faults::{Channel, FaultKind},
        identity::is_numeric_id,
        journal::Fact,
        sms::{Sender, is_sid},
    },
};

type Body = Result<Bytes, BytesRejection>;
type Answer = Result<Json<Value>, Refusal>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFault {
    kind: FaultKind,
    #[serde(rename = "match", default = "everything")]
    matches: String,
    channel: Option<Channel>,
    count: Option<u64>,
    #[serde(default)]
    ms: u64,
    code: Option<u32>,
}

fn everything() -> String {
    "*".to_owned()
}

pub(super) async fn add_fault(State(sandbox): State<Sandbox>, body: Body) -> Answer {
    let asked: NewFault = read(body)?;
    if asked.ms == 0 && matches!(asked.kind, FaultKind::Latency | FaultKind::LateReceipt) {
        return Err(Refusal::bad("Say ms: how many milliseconds late."));
    }
    let names_an_error = matches!(asked.kind, FaultKind::Error | FaultKind::FailedReceipt);
    if names_an_error != asked.code.is_some() {
        return Err(Refusal::bad("Say code with error and failed_receipt, and only with them."));
    }
    let NewFault { kind, matches, channel, count, ms, code } = asked;
    let world = &mut *sandbox.world();
    let fault = world.faults.add(kind, &matches, channel, count, ms, code);
    Ok(Json(json!(fault)))
}

pub(super) async fn faults(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(json!({ "data": sandbox.world().faults.all() }))
}

pub(super) async fn clear_faults(State(sandbox): State<Sandbox>) -> Json<Value> {
    sandbox.world().faults.clear();
    Json(json!({ "data": [] }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reset {
    seed: Option<u64>,
}

pub(super) async fn reset(State(sandbox): State<Sandbox>, body: Body) -> Answer {
    let asked: Reset = read(body)?;
    let world = &mut *sandbox.world();
    world.reset(asked.seed);
    Ok(Json(json!({ "seed": world.seed })))
}

pub(super) async fn limits(State(sandbox): State<Sandbox>) -> Json<Limits> {
    Json(sandbox.world().limits)
}

pub(super) async fn set_limits(
    State(sandbox): State<Sandbox>,
    body: Body,
) -> Result<Json<Limits>, Refusal> {
    let limits: Limits = read(body)?;
    sandbox.world().limits = limits;
    Ok(Json(limits))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberFace {
    phone_number_id: String,
    name: Option<String>,
    display: Option<String>,
}

pub(super) async fn set_number(State(sandbox): State<Sandbox>, body: Body) -> Answer {
    let asked: NumberFace = read(body)?;
    let id = asked.phone_number_id;
    if !is_numeric_id(&id) {
        return Err(Refusal::bad("phone_number_id has digits only."));
    }
    let too_long = |text: &Option<String>| text.as_ref().is_some_and(|t| t.chars().count() > 100);
    if too_long(&asked.name) || too_long(&asked.display) {
        return Err(Refusal::bad("name and display have at most 100 characters."));
    }
    let world = &mut *sandbox.world();
    let number = world.number_mut(&id);
    let fact = Fact::Number {
        number: id.clone(),
        secret: number.secret.clone(),
        name: asked.name.or_else(|| number.name.clone()),
        display: asked.display.or_else(|| number.display.clone()),
    };
    world.record(fact);
    let number = world.number_mut(&id);
    Ok(Json(json!({
        "phone_number_id": id,
        "waba_id": number.waba(),
        "name": number.verified_name(),
        "display": number.display_number(),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SmsFace {
    account_sid: String,
    sender: String,
    sms_url: Option<String>,
    name: Option<String>,
}

pub(super) async fn set_sender(State(sandbox): State<Sandbox>, body: Body) -> Answer {
    let SmsFace { account_sid, sender, sms_url, name } = read(body)?;
    if !is_sid("AC", &account_sid) {
        return Err(Refusal::bad("account_sid is AC and 32 hexadecimal digits."));
    }
    if !sms::is_sender(&sender) {
        return Err(Refusal::bad("sender is a number with plus, a short code, or a name."));
    }
    if sms_url.as_deref().is_some_and(|url| !sms::is_web_url(url)) {
        return Err(Refusal::bad("sms_url is an http or https address."));
    }
    if name.as_ref().is_some_and(|name| name.chars().count() > 100) {
        return Err(Refusal::bad("name has at most 100 characters."));
    }
    let said = Sender { sms_url, name };
    let about = sandbox.world().set_sms_sender(&account_sid, &sender, said);
    Ok(Json(json!({
        "account_sid": account_sid,
        "sender": sender,
        "sms_url": about.sms_url,
        "name": about.name,
    })))
}

pub(super) async fn state(State(sandbox): State<Sandbox>) -> Json<Value> {
    let world = sandbox.world();
    let counts = world.counts();
    Json(json!({
        "seed": world.seed,
        "numbers": counts.numbers,
        "phones": counts.phones,
        "messages": counts.messages,
        "mails": counts.mails,
        "smtp": format!("smtp://{}", sandbox.settings.smtp_addr),
        "accepted": counts.accepted,
        "webhooks_owed": world.owed(),
        "faults": world.faults.all().len(),
        "limits": world.limits,
    }))
}
