//! `templates`: what messages say. At present everybody uses the starter library.

use super::key::Caller;
use super::paging::{self, Paging};
use super::problem::Problem;
use axum::extract::Query;
use axum::response::Response;
use dispatch::starter;
use dispatch::template::Variant;
use dispatch::tenant::Scope;
use serde_json::{Value, json};

/// `GET /api/v1/templates`
pub async fn list(caller: Caller, Query(paging): Query<Paging>) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let page = paging.cut(starter::all().collect(), |variant| key(variant))?;
    Ok(paging::answer(page, |variant| key(variant), show))
}

fn key(variant: &Variant) -> String {
    format!("{}.{}", variant.name, variant.language)
}

fn show(variant: &Variant) -> Value {
    json!({
        "name": variant.name,
        "version": variant.version,
        "language": variant.language,
        "tracking_status": variant.status,
        "category": variant.category,
        "review": variant.review,
        "header": variant.content.header,
        "body": variant.content.body,
        "footer": variant.content.footer,
        "buttons": variant.content.buttons,
        "sms": variant.content.sms,
        "email": variant.content.email,
    })
}
