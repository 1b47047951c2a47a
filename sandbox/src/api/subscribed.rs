//! `/{version}/{waba-id}/subscribed_apps`: where a WABA's webhooks go.

use std::time::Duration;

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    access::{App, Object},
    error::ApiError,
    json_body, success,
};
use crate::state::{
    Sandbox, draw,
    journal::Fact,
    now,
    number::Subscription,
    world::{Claim, World},
};

/// The id of the number behind a WABA this app may use.
pub(super) fn owned(world: &mut World, waba: &str, app: &App) -> Result<String, ApiError> {
    match world.claim_waba(waba, &app.secret) {
        Claim::Yours(number) => Ok(number.id.to_string()),
        Claim::Anothers => Err(ApiError::not_yours()),
        Claim::Unknown => Err(ApiError::unknown_object(waba)),
    }
}

pub(super) async fn subscribe(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(waba): Object,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = json_body(body)?;
    let number = owned(&mut sandbox.world(), &waba, &app)?;
    let Some(callback) = body["override_callback_uri"].as_str() else {
        // The app's own callback: the sandbox has no app dashboard to set one in.
        return Err(ApiError::missing("override_callback_uri"));
    };
    let Some(verify_token) = body["verify_token"].as_str() else {
        return Err(ApiError::missing("verify_token"));
    };
    verify(&sandbox, callback, verify_token).await?;
    let subscription = Subscription { callback: callback.to_owned(), secret: app.secret.clone() };
    sandbox.world().record(Fact::Subscribed { number, subscription });
    // Receipts may have been waiting for it.
    sandbox.bell.notify_one();
    Ok(success())
}

/// The GET handshake: the callback must answer 200 and the challenge alone.
async fn verify(sandbox: &Sandbox, callback: &str, token: &str) -> Result<(), ApiError> {
    let refuse = |why: String| {
        ApiError::invalid(format!(
            "The callback was not verified: {why}. It must answer GET with hub.challenge when \
             hub.verify_token is right; nothing was changed."
        ))
    };
    let mut url = reqwest::Url::parse(callback)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| ApiError::bad_value("override_callback_uri must be an http(s) address."))?;
    let challenge = (draw::digest(&format!("{callback}{}", now())) % 10_000_000_000).to_string();
    url.query_pairs_mut()
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.challenge", &challenge)
        .append_pair("hub.verify_token", token);
    let answer = sandbox
        .http
        .get(url)
        .timeout(Duration::from_secs(5))
        .send()
        .await
        .map_err(|_| refuse("it could not be reached".to_owned()))?;
    let status = answer.status();
    if status != reqwest::StatusCode::OK {
        return Err(refuse(format!("it answered {}", status.as_u16())));
    }
    let text = answer.text().await.map_err(|_| refuse("its answer was cut off".to_owned()))?;
    if text.trim() == challenge {
        Ok(())
    } else {
        Err(refuse("it answered 200 without the challenge".to_owned()))
    }
}

pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(waba): Object,
) -> Result<Response, ApiError> {
    let world = &mut *sandbox.world();
    let number = owned(world, &waba, &app)?;
    let subscription = world.number(&number).and_then(|number| number.subscription.as_ref());
    let data: Vec<_> = subscription
        .iter()
        .map(|subscription| {
            json!({
                "whatsapp_business_api_data": {
                    "id": (draw::digest(&subscription.secret) % 1_000_000_000_000).to_string(),
                    "name": "Sandbox app",
                    "link": "https://www.facebook.com/games/",
                },
                "override_callback_uri": subscription.callback,
            })
        })
        .collect();
    Ok(Json(json!({ "data": data })).into_response())
}

pub(super) async fn unsubscribe(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(waba): Object,
) -> Result<Response, ApiError> {
    let world = &mut *sandbox.world();
    let number = owned(world, &waba, &app)?;
    world.record(Fact::Unsubscribed { number });
    Ok(success())
}
