//! `decisions`: why a message went out, or did not.

use super::key::Caller;
use super::paging::{self, Paging};
use super::problem::Problem;
use super::{Filters, Narrow};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use dispatch::error::{Error, Result as Answer};
use dispatch::id::{AccountId, DecisionId};
use dispatch::tenant::Scope;
use dispatch::view::{CaseView, LogFilter, LogRow, Page};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

/// Cases read at a time for a list.
const AT_ONCE: usize = 4;

/// `GET /api/v1/decisions`
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Query(filters): Query<Filters>,
    Query(narrow): Query<Narrow>,
    Query(paging): Query<Paging>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let rest = narrow.of(filters.by_event()?)?;
    let filter = LogFilter { limit: paging.limit()?, before: paging.cursor()?, ..rest };
    let page = state.store.log(caller.account(), &filter).await?;
    let page = cases(&state, caller.account(), page).await?;
    Ok(paging::answer(page, |case| case.row.decision.to_string(), |case| show(&case)))
}

/// `GET /api/v1/decisions/{id}`
pub async fn one(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.need(Scope::Read)?;
    let id: DecisionId = id.parse().map_err(|_| Error::NotFound)?;
    let case = state.store.case(caller.account(), id).await?.ok_or(Error::NotFound)?;
    Ok(Json(show(&case)).into_response())
}

/// The rows of a page with everything about them.
pub(super) async fn cases(
    state: &AppState,
    account: AccountId,
    page: Page<LogRow>,
) -> Answer<Page<CaseView>> {
    let found: Vec<Option<CaseView>> = stream::iter(page.rows)
        .map(|row| state.store.case(account, row.decision))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(Page { rows: found.into_iter().flatten().collect(), more: page.more })
}

fn show(case: &CaseView) -> Value {
    let rules: Vec<Value> = case
        .rules
        .iter()
        .map(|rule| {
            json!({
                "code": rule.code,
                "result": rule.result,
                "saw": rule.saw,
                "setting": rule.code.setting(),
            })
        })
        .collect();
    json!({
        "id": case.row.decision,
        "brand": case.row.brand,
        "event_id": case.row.event,
        "channel": case.row.channel,
        "outcome": case.row.verdict,
        "reason": case.row.reason,
        "rules": rules,
        "message_id": case.row.message,
        "decided_at": case.row.at.to_string(),
    })
}
