//! Numbers of an account: every number is one the account may use; what is kept is where answers
//! are told.

use axum::{
    Json,
    body::Bytes,
    extract::{OriginalUri, Path, Query, State},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{access::Caller, error::SmsError, form::Form, is_e164, send::is_web_url};
use crate::state::{Sandbox, draw, sms::Sender};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Asked {
    phone_number: Option<String>,
}

/// The numbers used so far; one that is asked for by name is always there.
pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    OriginalUri(uri): OriginalUri,
    caller: Caller,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, SmsError> {
    let Query(asked) = asked.map_err(|_| SmsError::parameter("Ask with PhoneNumber alone."))?;
    let world = &mut *sandbox.world();
    if let Some(number) = &asked.phone_number {
        check_number(number)?;
        if world.sms.sender(&caller.account, number).is_none() {
            world.set_sms_sender(&caller.account, number, Sender::default());
        }
    }
    let mut numbers: Vec<Value> = world
        .sms
        .senders()
        .filter(|(account, sender, _)| ***account == *caller.account && is_e164(sender))
        .filter(|(_, sender, _)| asked.phone_number.as_ref().is_none_or(|one| *one == ***sender))
        .map(|(account, sender, about)| view(account, sender, about))
        .collect();
    numbers.sort_by_key(|number| number["phone_number"].as_str().map(str::to_owned));
    Ok(Json(json!({
        "incoming_phone_numbers": numbers,
        "page": 0,
        "page_size": numbers.len(),
        "uri": uri.to_string(),
        "next_page_uri": null,
    })))
}

pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), SmsError> {
    let form = Form::read(&body);
    let number =
        form.get("PhoneNumber").ok_or_else(|| SmsError::parameter("PhoneNumber is required."))?;
    check_number(number)?;
    let said = said(&form)?;
    let about = sandbox.world().set_sms_sender(&caller.account, number, said);
    Ok((StatusCode::CREATED, Json(view(&caller.account, number, &about))))
}

pub(super) async fn update(
    State(sandbox): State<Sandbox>,
    OriginalUri(uri): OriginalUri,
    caller: Caller,
    Path((_, file)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Value>, SmsError> {
    let said = said(&Form::read(&body))?;
    let sid = file.strip_suffix(".json").unwrap_or(&file);
    let world = &mut *sandbox.world();
    let number = world
        .sms
        .senders()
        .find(|(account, sender, _)| {
            ***account == *caller.account && sid_of(account, sender) == sid
        })
        .map(|(_, sender, _)| sender.clone())
        .ok_or_else(|| SmsError::unknown(uri.path()))?;
    let about = world.set_sms_sender(&caller.account, &number, said);
    Ok(Json(view(&caller.account, &number, &about)))
}

fn said(form: &Form) -> Result<Sender, SmsError> {
    let sms_url = form.get("SmsUrl").map(str::to_owned);
    if sms_url.as_deref().is_some_and(|url| !is_web_url(url)) {
        return Err(SmsError::new(21_502, "SmsUrl is not a valid URL."));
    }
    if form.get("SmsMethod").is_some_and(|method| method != "POST") {
        return Err(SmsError::parameter("The sandbox tells answers by POST alone."));
    }
    Ok(Sender {
        sms_url,
        name: form.get("FriendlyName").map(|name| name.chars().take(64).collect()),
    })
}

fn check_number(number: &str) -> Result<(), SmsError> {
    let is_right = is_e164(number);
    is_right.then_some(()).ok_or_else(|| SmsError::new(21_421, "PhoneNumber is invalid."))
}

/// The same number of the same account always has the same sid.
fn sid_of(account: &str, number: &str) -> String {
    let half = |salt| draw::digest(&format!("{salt}:{account}:{number}"));
    format!("PN{:016x}{:016x}", half("number"), half("sid"))
}

fn view(account: &str, number: &str, about: &Sender) -> Value {
    let sid = sid_of(account, number);
    json!({
        "sid": sid,
        "account_sid": account,
        "phone_number": number,
        "friendly_name": about.name.as_deref().unwrap_or(number),
        "sms_url": about.sms_url.as_deref().unwrap_or_default(),
        "sms_method": "POST",
        "capabilities": { "sms": true, "mms": false, "voice": false },
        "api_version": "2010-04-01",
        "uri": format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}.json"),
    })
}
