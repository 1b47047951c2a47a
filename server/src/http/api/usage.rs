//! `usage`: what a month's delivered messages cost so far, not rounded.

use super::key::Caller;
use super::paging::{self, Paging};
use super::problem::Problem;
use crate::http::state::AppState;
use axum::extract::{Query, State};
use axum::response::Response;
use dispatch::tenant::Scope;
use dispatch::time::Month;
use dispatch::view::UsageLine;
use serde::Deserialize;
use serde_json::{Value, json};

/// Which month.
#[derive(Deserialize)]
pub struct Of {
    month: Option<String>,
}

/// `GET /api/v1/usage?month=YYYY-MM`; the running month when none is named.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Query(of): Query<Of>,
    Query(paging): Query<Paging>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let month: Month = match &of.month {
        Some(text) => text.parse()?,
        None => state.clock.now().month(),
    };
    let lines = state.store.usage(caller.account(), month).await?;
    let page = paging.cut(lines, key)?;
    Ok(paging::answer(page, key, |line| show(month, &line)))
}

fn key(line: &UsageLine) -> String {
    let price = line.unit_price;
    format!("{}.{}.{}.{}.{}", line.brand, line.channel, line.country, price.micros, price.currency)
}

fn show(month: Month, line: &UsageLine) -> Value {
    json!({
        "month": month,
        "brand": line.brand,
        "brand_name": line.brand_name,
        "channel": line.channel,
        "country": line.country,
        "unit_price": line.unit_price,
        "quantity": line.quantity,
        "amount": line.amount,
    })
}
