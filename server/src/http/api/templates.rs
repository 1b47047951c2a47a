//! `templates`: what brands say, each version with where it stands; the library's texts are version 0.

use super::key::Caller;
use super::paging::{self, Paging};
use super::problem::Problem;
use crate::http::state::AppState;
use axum::extract::{Query, State};
use axum::response::Response;
use dispatch::id::BrandId;
use dispatch::tenant::Scope;
use dispatch::view::VersionView;
use serde::Deserialize;
use serde_json::{Value, json};

/// Of which brand; of each when nobody says.
#[derive(Debug, Default, Deserialize)]
pub struct Of {
    #[serde(default)]
    brand: String,
}

/// A version with its brand.
type Row = (BrandId, VersionView);

/// `GET /api/v1/templates?brand=`
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Query(of): Query<Of>,
    Query(paging): Query<Paging>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let (store, account) = (&state.store, caller.viewer.account);
    let brands = match of.brand.as_str() {
        "" => store.brands(account).await?.into_iter().map(|brand| brand.id).collect(),
        id => vec![id.parse().map_err(|_| dispatch::error::Error::NotFound)?],
    };
    let mut rows: Vec<Row> = Vec::new();
    for brand in brands {
        for view in store.templates(account, brand).await? {
            let versions = view.versions.into_iter().chain(view.library);
            rows.extend(versions.map(|version| (brand, version)));
        }
    }
    let page = paging.cut(rows, key)?;
    Ok(paging::answer(page, key, |row| show(&row)))
}

fn key((brand, version): &Row) -> String {
    let variant = &version.variant;
    format!("{brand}.{}.{}", variant.name, variant.language)
}

fn show((brand, version): &Row) -> Value {
    let variant = &version.variant;
    json!({
        "brand": brand,
        "name": variant.name,
        "version": variant.version,
        "language": variant.language,
        "tracking_status": variant.status,
        "category": variant.category,
        "review": variant.review,
        "reason": version.reason,
        "quality": version.quality,
        "header": variant.content.header,
        "body": variant.content.body,
        "footer": variant.content.footer,
        "buttons": variant.content.buttons,
        "sms": variant.content.sms,
        "email": variant.content.email,
    })
}
