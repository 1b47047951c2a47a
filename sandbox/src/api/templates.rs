//! `/{version}/{waba-id}/message_templates` and single templates.

use std::collections::HashMap;

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
    settings::Limits,
    state::{Sandbox, message::Category, now, template::TemplateKey, world::World},
    templates::{
        Catalogue, Kept, Record, Standing, Template,
        change::Change,
        problem::Problem,
        standing::{Editing, Reason},
    },
};

/// Templates one WABA can have.
const MOST: usize = 6_000;
/// How long the name of a deleted approved template stays blocked.
const BLOCKED_MS: u64 = 30 * DAY_MS;
const DAY_MS: u64 = 24 * 3_600 * 1_000;
/// The score's date of the starter templates: the first day of 2026.
const STARTED: u64 = 1_767_225_600;
/// Templates that can be deleted by id in one call.
const MOST_AT_ONCE: usize = 100;

pub(super) async fn create(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(waba): Object,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = json_body(body)?;
    let world = &mut *sandbox.world();
    let number = owned(world, &waba, &app)?;
    let now = now();
    let limit = world.limits.templates_per_hour;
    if !world.number_mut(&number).may_create(limit, now) {
        return Err(ApiError::new(
            80_008,
            "This account has created as many templates as it may within an hour.",
        ));
    }
    let template = Template::read(&body).map_err(ApiError::template)?;
    samples(world, &template, &app).map_err(ApiError::template)?;
    admit(&world.number_mut(&number).templates, &template, now).map_err(ApiError::template)?;
    let record = Record { quality_at: now, ..Record::default() };
    let key = world.submit(&number, template, record, now);
    let kept = world.template(&key).ok_or_else(|| ApiError::unknown_object(&key.name))?;
    let answer = json!({
        "id": kept.id(&number).to_string(),
        "status": kept.record.standing.as_str(),
        "category": kept.template.category.as_str(),
    });
    sandbox.bell.notify_one();
    Ok(Json(answer).into_response())
}

/// A header's sample is a file this app has uploaded, of the right kind.
fn samples(world: &World, template: &Template, app: &App) -> Result<(), Problem> {
    let Some((kind, handles)) = template.samples() else { return Ok(()) };
    for handle in handles {
        let sample = handle.as_str().and_then(|handle| world.sample(handle, &app.secret));
        match sample {
            Some(upload) if upload.suits(kind) => {}
            Some(_) => {
                return Err(Problem::sample(format!("The header's sample is no {kind}.")));
            }
            None => {
                return Err(Problem::sample(
                    "header_handle is not a handle of an upload. Upload the sample first; a media \
                     id is something else.",
                ));
            }
        }
    }
    Ok(())
}

/// The rules that look at the other templates of the WABA.
fn admit(catalogue: &Catalogue, template: &Template, now: u64) -> Result<(), Problem> {
    if catalogue.get(&template.name, &template.language).is_some() {
        return Err(Problem::taken());
    }
    if catalogue.is_blocked(&template.name, now) {
        return Err(Problem::blocked(&template.name));
    }
    if catalogue.all().count() >= MOST {
        return Err(Problem::full());
    }
    unlike_others(catalogue, template)
}

/// Nothing else says the same.
fn unlike_others(catalogue: &Catalogue, template: &Template) -> Result<(), Problem> {
    if template.category == Category::Authentication {
        return Ok(());
    }
    let itself = |kept: &&Kept| {
        kept.template.name == template.name && kept.template.language == template.language
    };
    let mut others = catalogue.all().filter(|kept| !itself(kept));
    match others.find(|kept| kept.template.has_wording_of(template)) {
        Some(kept) => Err(Problem::same_wording(&kept.template.name)),
        None => Ok(()),
    }
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
            && is("status", kept.record.standing.as_str())
            && is("quality_score", kept.record.quality.as_str())
            && query.get("content").is_none_or(|words| template.contains(words))
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
        .map(|kept| select(&view(&number.id, kept), fields))
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

/// Replaces components, category or time to live, and puts the template into review again.
pub(super) fn edit(
    sandbox: &Sandbox,
    app: &App,
    id: &str,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let change = json_body(body)?;
    let now = now();
    let world = &mut *sandbox.world();
    let (key, kept) = owned_template(world, id, app)?;
    let record = may_edit(kept, &change, &world.limits, now).map_err(ApiError::template)?;
    let mut source = kept.template.source.clone();
    for part in ["category", "components", "message_send_ttl_seconds"] {
        if let Some(value) = change.get(part) {
            source[part] = value.clone();
        }
    }
    let template = Template::read(&source).map_err(ApiError::template)?;
    if change.get("components").is_some() {
        samples(world, &template, app).map_err(ApiError::template)?;
    }
    unlike_others(&world.number_mut(&key.number).templates, &template)
        .map_err(ApiError::template)?;
    world.submit(&key.number, template, record, now);
    sandbox.bell.notify_one();
    Ok(success())
}

/// The record of a template that may be edited now, with the edit counted where edits are.
fn may_edit(kept: &Kept, change: &Value, limits: &Limits, now: u64) -> Result<Record, Problem> {
    let mut record = kept.record.clone();
    match record.standing.editing() {
        Editing::No => return Err(Problem::not_editable(record.standing)),
        Editing::Free => return Ok(record),
        Editing::Limited => {}
    }
    let asked = change["category"].as_str();
    if asked.is_some_and(|asked| !kept.template.category.as_str().eq_ignore_ascii_case(asked)) {
        return Err(Problem::category_is_fixed());
    }
    let month = now.saturating_sub(30 * DAY_MS);
    record.edits.retain(|at| *at > month);
    let exceeds = |since, limit: Option<u32>| {
        limit.is_some_and(|limit| {
            u32::try_from(record.edits_since(since)).is_ok_and(|count| count >= limit)
        })
    };
    if exceeds(now.saturating_sub(DAY_MS), limits.edits_per_day)
        || exceeds(month, limits.edits_per_month)
    {
        return Err(Problem::edited_too_often());
    }
    record.edits.push(now);
    Ok(record)
}

/// Lifts a pause by hand.
pub(super) async fn unpause(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(id): Object,
) -> Result<Response, ApiError> {
    let now = now();
    let world = &mut *sandbox.world();
    let (key, kept) = owned_template(world, &id, &app)?;
    let refuse =
        |reason: &str| Ok(Json(json!({ "success": false, "reason": reason })).into_response());
    if kept.record.standing != Standing::Paused {
        return refuse("The template is not paused.");
    }
    if kept.record.pause.is_some_and(|pause| pause.lift_from > now) {
        return refuse("The template was paused too recently. Wait at least five minutes.");
    }
    let lifted = Change::Moved { to: Standing::Approved, reason: Reason::None };
    world.change(&key, &lifted, now);
    sandbox.bell.notify_one();
    Ok(success())
}

pub(super) async fn delete(
    State(sandbox): State<Sandbox>,
    app: App,
    Object(waba): Object,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, ApiError> {
    let now = now();
    let world = &mut *sandbox.world();
    let number = owned(world, &waba, &app)?;
    let asked = Deletion::read(&query)?;
    let catalogue = &world.number_mut(&number).templates;
    let gone: Vec<Kept> =
        catalogue.all().filter(|kept| asked.covers(kept, &number)).cloned().collect();
    // By ids, all of them or none.
    let expected = if let Deletion::Ids(ids) = &asked { ids.len() } else { 1 };
    if gone.len() < expected {
        return Err(ApiError::invalid(format!("There is no template {asked} to delete.")));
    }
    if gone.iter().any(|kept| kept.record.standing == Standing::Disabled) {
        return Err(ApiError::template(Problem::not_deletable()));
    }
    // One language deleted leaves the name free; only a whole approved template blocks it.
    let blocks = matches!(asked, Deletion::Name(_))
        && gone.iter().any(|kept| kept.record.standing.is_sendable());
    world.delete_templates(&number, &gone, blocks.then(|| now + BLOCKED_MS), now);
    sandbox.bell.notify_one();
    Ok(success())
}

/// What is to be deleted.
enum Deletion<'a> {
    /// All languages.
    Name(&'a str),
    One {
        id: &'a str,
        name: &'a str,
    },
    Ids(Vec<String>),
}

impl<'a> Deletion<'a> {
    fn read(query: &'a HashMap<String, String>) -> Result<Self, ApiError> {
        let get = |key: &str| query.get(key).map(String::as_str);
        match (get("name"), get("hsm_id"), get("hsm_ids")) {
            (Some(name), None, None) => Ok(Self::Name(name)),
            (Some(name), Some(id), None) => Ok(Self::One { id, name }),
            (None, None, Some(list)) => {
                // `[1,2]`, with or without quotes around the ids.
                let ids = list.trim_matches(['[', ']']).split(',');
                let mut ids: Vec<String> =
                    ids.map(|id| id.trim().trim_matches('"').to_owned()).collect();
                ids.sort_unstable();
                ids.dedup();
                if ids.len() > MOST_AT_ONCE {
                    return Err(ApiError::invalid("hsm_ids names at most 100 templates."));
                }
                Ok(Self::Ids(ids))
            }
            (None, _, None) => Err(ApiError::missing("name")),
            (_, _, Some(_)) => {
                Err(ApiError::invalid("hsm_ids does not go together with name or hsm_id."))
            }
        }
    }

    fn covers(&self, kept: &Kept, number: &str) -> bool {
        let id = || kept.id(number).to_string();
        match self {
            Self::Name(name) => kept.template.name == *name,
            Self::One { id: wanted, name } => kept.template.name == *name && id() == *wanted,
            Self::Ids(ids) => ids.contains(&id()),
        }
    }
}

impl std::fmt::Display for Deletion<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => write!(f, "named {name}"),
            Self::One { id, name } => write!(f, "named {name} with the id {id}"),
            Self::Ids(ids) => write!(f, "for each of {}", ids.join(", ")),
        }
    }
}

/// The template with this id, when it is this app's.
pub(super) fn owned_template<'a>(
    world: &'a World,
    id: &str,
    app: &App,
) -> Result<(TemplateKey, &'a Kept), ApiError> {
    let owner = |key: &TemplateKey| world.number(&key.number)?.secret.as_deref();
    let key = world.find_template(id).filter(|key| owner(key) == Some(app.secret.as_str()));
    let found = key.and_then(|key| world.template(&key).map(|kept| (key, kept)));
    found.ok_or_else(|| ApiError::unknown_object(id))
}

/// A template as `GET` shows it.
pub(super) fn view(number: &str, kept: &Kept) -> Value {
    let record = &kept.record;
    let scored = if record.quality_at == 0 { STARTED } else { record.quality_at / 1_000 };
    let mut view = kept.template.source.clone();
    view["id"] = json!(kept.id(number).to_string());
    view["status"] = json!(record.standing.as_str());
    view["quality_score"] = json!({ "score": record.quality.as_str(), "date": scored });
    view["rejected_reason"] = json!(record.reason.as_str());
    if let Some(category) = record.previous_category {
        view["previous_category"] = json!(category.as_str());
    }
    if let Some(coming) = record.coming {
        view["correct_category"] = json!(coming.category.as_str());
    }
    view
}
