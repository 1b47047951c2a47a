//! `/{version}/{waba-id}/message_templates` and single templates.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{Query, State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    access::{App, Object},
    error::ApiError,
    json_body,
    nodes::select,
    subscribed::owned,
    success,
};
use crate::{
    state::{Sandbox, journal::Fact, message::Category, now, number::Number, world::World},
    templates::{Catalogue, Kept, Standing, Template, review, rules::Problem},
};

/// Templates one WABA can have.
const MOST: usize = 6_000;
/// How long the name of a deleted approved template stays blocked.
const BLOCKED_MS: u64 = 30 * 24 * 3_600 * 1_000;

pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(waba): Object,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = json_body(body)?;
    let world = &mut *sandbox.world();
    let number = owned(world, &waba, &app)?;
    let template = Template::read(&body).map_err(ApiError::template)?;
    let catalogue = &world.number_mut(&number).templates;
    admit(catalogue, &template).map_err(ApiError::template)?;
    let standing = review(&template);
    let kept = Kept { template: Arc::new(template), standing };
    let answer = json!({
        "id": kept.id(&number).to_string(),
        "status": standing.as_str(),
        "category": kept.template.category.as_str(),
    });
    let body = kept.template.source.clone();
    world.record(Fact::Template { number, standing, body });
    Ok(Json(answer).into_response())
}

/// The rules that look at the other templates of the WABA.
fn admit(catalogue: &Catalogue, template: &Template) -> Result<(), Problem> {
    if catalogue.get(&template.name, &template.language).is_some() {
        return Err(Problem::taken());
    }
    if catalogue.is_blocked(&template.name, now()) {
        return Err(Problem::blocked(&template.name));
    }
    if catalogue.all().count() >= MOST {
        return Err(Problem::full());
    }
    let twin = catalogue.all().find(|kept| {
        template.category != Category::Authentication && kept.template.has_wording_of(template)
    });
    twin.map_or(Ok(()), |kept| Err(Problem::same_wording(&kept.template.name)))
}

pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(waba): Object,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, ApiError> {
    let world = &mut *sandbox.world();
    let number = owned(world, &waba, &app)?;
    let number = &*world.number_mut(&number);
    let wanted = |kept: &&Kept| {
        let template = &kept.template;
        let is = |key: &str, value: &str| {
            query.get(key).is_none_or(|asked| asked.eq_ignore_ascii_case(value))
        };
        is("name", &template.name)
            && is("language", &template.language)
            && is("category", template.category.as_str())
            && is("status", kept.standing.as_str())
    };
    let number_of = |key: &str| query.get(key).and_then(|text| text.parse::<usize>().ok());
    let limit = number_of("limit").unwrap_or(25).clamp(1, 1_000);
    let start = number_of("after").unwrap_or(0);
    let found: Vec<&Kept> = number.templates.all().filter(wanted).collect();
    let fields = query.get("fields").map(String::as_str);
    let page: Vec<Value> = found
        .iter()
        .skip(start)
        .take(limit)
        .map(|kept| select(&view(number, kept), fields))
        .collect();
    let end = start.saturating_add(page.len());
    let mut paging = json!({
        "cursors": { "before": start.to_string(), "after": end.to_string() },
    });
    if end < found.len() {
        paging["next"] =
            json!(format!("/v25.0/{waba}/message_templates?limit={limit}&after={end}"));
    }
    Ok(Json(json!({ "data": page, "paging": paging })).into_response())
}

pub(super) async fn edit(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(id): Object,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let change = json_body(body)?;
    let world = &mut *sandbox.world();
    let (number, kept) = find(world, &id)
        .filter(|(number, _)| number.secret.as_deref() == Some(app.secret.as_str()))
        .ok_or_else(|| ApiError::unknown_object(&id))?;
    if kept.standing == Standing::Pending {
        return Err(ApiError::template(Problem::in_review()));
    }
    let mut source = kept.template.source.clone();
    for key in ["category", "components", "message_send_ttl_seconds"] {
        if let Some(value) = change.get(key) {
            source[key] = value.clone();
        }
    }
    let number = number.id.to_string();
    let template = Template::read(&source).map_err(ApiError::template)?;
    let standing = review(&template);
    world.record(Fact::Template { number, standing, body: template.source });
    Ok(success())
}

pub(super) async fn delete(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(waba): Object,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, ApiError> {
    let world = &mut *sandbox.world();
    let number = owned(world, &waba, &app)?;
    let name = query.get("name").ok_or_else(|| ApiError::missing("name"))?;
    let one = query.get("hsm_id");
    let gone: Vec<Kept> = world
        .number_mut(&number)
        .templates
        .languages_of(name)
        .filter(|kept| one.is_none_or(|id| kept.id(&number).to_string() == *id))
        .cloned()
        .collect();
    if gone.is_empty() {
        return Err(ApiError::invalid(format!("There is no template named {name} to delete.")));
    }
    // One language deleted leaves the name free; only a whole approved template blocks it.
    let blocks = one.is_none() && gone.iter().any(|kept| kept.standing == Standing::Approved);
    for kept in gone {
        world.record(Fact::TemplateDeleted {
            number: number.clone(),
            name: kept.template.name.clone(),
            language: kept.template.language.clone(),
            blocked_until: blocks.then(|| now() + BLOCKED_MS),
        });
    }
    Ok(success())
}

/// The template with this id, and its number.
pub(super) fn find<'a>(world: &'a World, id: &str) -> Option<(&'a Number, &'a Kept)> {
    let id: u64 = id.parse().ok()?;
    world.numbers().find_map(|number| {
        let kept = number.templates.all().find(|kept| kept.id(&number.id) == id)?;
        Some((number, kept))
    })
}

/// A template as `GET` shows it.
pub(super) fn view(number: &Number, kept: &Kept) -> Value {
    let mut view = kept.template.source.clone();
    view["id"] = json!(kept.id(&number.id).to_string());
    view["status"] = json!(kept.standing.as_str());
    view["quality_score"] = json!({ "score": "UNKNOWN" });
    view["rejected_reason"] = json!("NONE");
    view
}
