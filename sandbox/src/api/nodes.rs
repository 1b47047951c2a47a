//! `/{version}/{id}`: a number, a WABA, a template or an upload.

use std::collections::HashMap;

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest as _, Query, Request, State},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    access::{App, Node},
    error::ApiError,
    templates, uploads,
};
use crate::state::{
    Sandbox,
    number::{Number, number_of},
};

const DEFAULT_FIELDS: &str = "id,verified_name,display_phone_number,quality_rating";

pub(super) async fn show(
    State(sandbox): State<Sandbox>,
    app: App,
    node: Node,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, ApiError> {
    let id = match node {
        Node::Object(id) => id,
        Node::Upload(id) => return uploads::show(&sandbox, &app, &id),
    };
    let fields = query.get("fields").map(String::as_str);
    let world = &mut *sandbox.world();
    if world.find_template(&id).is_some() {
        let (key, kept) = templates::owned_template(world, &id, &app)?;
        let whole = templates::view(&key.number, kept);
        return Ok(Json(select(&whole, fields)).into_response());
    }
    // A WABA's id looks like a number's: it is one only when its number is known.
    let waba_name = number_of(&id)
        .and_then(|number| world.number(number))
        .filter(|number| number.secret.as_deref() == Some(app.secret.as_str()))
        .filter(|_| world.number(&id).is_none())
        .map(|number| (number.verified_name().to_owned(), number.portfolio()));
    if let Some((name, portfolio)) = waba_name {
        let owner = json!({ "id": portfolio, "name": name });
        let whole = json!({
            "id": id, "name": name, "currency": "EUR", "timezone_id": "1", "owner_business_info": owner,
        });
        return Ok(Json(select(&whole, fields)).into_response());
    }
    world.claim(&id, &app.secret).ok_or_else(ApiError::not_yours)?;
    let tier = world.tier_of(&id);
    let whole = number_node(world.number_mut(&id), &tier);
    Ok(Json(select(&whole, Some(fields.unwrap_or(DEFAULT_FIELDS)))).into_response())
}

/// `POST`: an edit of a template, or a piece of an upload.
pub(super) async fn act(
    State(sandbox): State<Sandbox>,
    app: App,
    node: Node,
    request: Request,
) -> Result<Response, ApiError> {
    match node {
        // An upload may be larger than any other body, and is not held in memory.
        Node::Upload(id) => uploads::receive(&sandbox, &app, &id, request).await,
        Node::Object(id) => {
            let body = Bytes::from_request(request, &()).await;
            templates::edit(&sandbox, &app, &id, body)
        }
    }
}

fn number_node(number: &Number, tier: &str) -> Value {
    let level = if number.is_fast { "HIGH" } else { "STANDARD" };
    json!({
        "id": &*number.id,
        "display_phone_number": number.display_number(),
        "verified_name": number.verified_name(),
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "platform_type": "CLOUD_API",
        "throughput": { "level": level },
        "whatsapp_business_manager_messaging_limit": tier,
    })
}

/// The fields asked for, and always the id; fields it has not are left out, as Graph does.
pub(super) fn select(whole: &Value, fields: Option<&str>) -> Value {
    let Some(fields) = fields else { return whole.clone() };
    let mut chosen = json!({ "id": whole["id"] });
    for field in fields.split(',').map(str::trim) {
        if let Some(value) = whole.get(field) {
            chosen[field] = value.clone();
        }
    }
    chosen
}
