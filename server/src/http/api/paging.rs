//! Lists in pages: `?cursor=&limit=`, answered as `{data, next_cursor}`.

use super::problem::Problem;
use axum::Json;
use axum::response::{IntoResponse, Response};
use dispatch::view::Page;
use serde::Deserialize;
use serde_json::{Value, json};
use std::str::FromStr;

/// Rows of a page when nobody says.
const USUAL: i64 = 50;
/// Rows of a page at most.
const MOST: i64 = 200;

/// Which page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Paging {
    cursor: Option<String>,
    limit: Option<String>,
}

impl Paging {
    /// How many rows, 1 to 200.
    pub(super) fn limit(&self) -> Result<i64, Problem> {
        match &self.limit {
            None => Ok(USUAL),
            Some(text) => match text.parse::<i64>() {
                Ok(limit) if limit >= 1 => Ok(limit.min(MOST)),
                _ => Err(Problem::bad_query("limit")),
            },
        }
    }

    /// The id of the last row of the page before.
    pub(super) fn cursor<Id: FromStr>(&self) -> Result<Option<Id>, Problem> {
        self.cursor
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(|text| text.parse().map_err(|_| Problem::bad_query("cursor")))
            .transpose()
    }

    /// A page of a list that is short enough to be read whole; `key` names a row.
    pub(super) fn cut<T>(
        &self,
        rows: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<Page<T>, Problem> {
        let limit = usize::try_from(self.limit()?).unwrap_or(usize::MAX);
        let after = match self.cursor.as_deref().filter(|text| !text.is_empty()) {
            None => 0,
            Some(cursor) => rows
                .iter()
                .position(|row| key(row) == cursor)
                .map(|at| at + 1)
                .ok_or_else(|| Problem::bad_query("cursor"))?,
        };
        let more = rows.len() > after + limit;
        Ok(Page { rows: rows.into_iter().skip(after).take(limit).collect(), more })
    }
}

/// A page as JSON; `key` names the last row for the next one.
pub fn answer<T>(page: Page<T>, key: impl Fn(&T) -> String, show: impl Fn(T) -> Value) -> Response {
    let next = page.rows.last().filter(|_| page.more).map(key);
    let data: Vec<Value> = page.rows.into_iter().map(show).collect();
    Json(json!({ "data": data, "next_cursor": next })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_short_list_join_without_gap_or_overlap() {
        let mut cursor = None;
        let mut seen = Vec::new();
        loop {
            let paging = Paging { cursor, limit: Some("2".into()) };
            let page = paging.cut(vec![1, 2, 3, 4, 5], ToString::to_string).expect("a page");
            seen.extend(page.rows.clone());
            if !page.more {
                break;
            }
            cursor = page.rows.last().map(ToString::to_string);
        }
        assert_eq!(seen, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_limit_is_a_positive_number_and_has_an_end() {
        let limit = |text: &str| Paging { cursor: None, limit: Some(text.into()) }.limit();
        assert_eq!(limit("7").ok(), Some(7));
        assert_eq!(limit("100000").ok(), Some(MOST));
        assert!(limit("0").is_err() && limit("-1").is_err() && limit("x").is_err());
    }
}
