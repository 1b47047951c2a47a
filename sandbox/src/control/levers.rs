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
        now,
        portfolio::Excess,
        sms::{Sender, is_sid},
    },
    templates::news::Field,
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
    /// `STANDARD` or `HIGH`; the latter is announced.
    throughput: Option<Throughput>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
enum Throughput {
    Standard,
    High,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortfolioFace {
    phone_number_id: String,
    /// The number is put into this portfolio.
    portfolio: Option<String>,
    /// People within a day; -1 is any number.
    people: Option<i64>,
    excess: Option<Excess>,
    code: Option<u32>,
    window_ms: Option<u64>,
}

/// Sets the tier of a number's portfolio, and tells its numbers.
pub(super) async fn set_portfolio(State(sandbox): State<Sandbox>, body: Body) -> Answer {
    let asked: PortfolioFace = read(body)?;
    let id = asked.phone_number_id;
    if !is_numeric_id(&id) || asked.portfolio.as_deref().is_some_and(|id| !is_numeric_id(id)) {
        return Err(Refusal::bad("phone_number_id and portfolio have digits only."));
    }
    let people = match asked.people {
        None => None,
        Some(-1) => Some(None),
        Some(people) => match u32::try_from(people) {
            Ok(people) if people > 0 => Some(Some(people)),
            _ => return Err(Refusal::bad("people is a number of people, or -1 for any number.")),
        },
    };
    let now = now();
    let world = &mut *sandbox.world();
    if asked.portfolio.is_some() {
        world.number_mut(&id).portfolio = asked.portfolio;
    }
    let portfolio = world.number_mut(&id).portfolio();
    let set = world.portfolio_mut(&id);
    set.people = people.unwrap_or(set.people);
    set.excess = asked.excess.unwrap_or(set.excess);
    set.code = asked.code.unwrap_or(set.code);
    set.window_ms = asked.window_ms.unwrap_or(set.window_ms);
    let (whole, count) = (set.clone(), set.count(now));
    if people.is_some() {
        world.tell_capability(&portfolio, now);
        sandbox.bell.notify_one();
    }
    Ok(Json(json!({ "portfolio": portfolio, "limit": whole, "reached": count })))
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
    if let Some(throughput) = asked.throughput {
        let number = world.number_mut(&id);
        number.is_fast = throughput == Throughput::High;
        if number.is_fast {
            let value = json!({
                "display_phone_number": number.display_digits(),
                "event": "THROUGHPUT_UPGRADE",
            });
            world.tell_number(&id, Field::Number, value, now());
            sandbox.bell.notify_one();
        }
    }
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
