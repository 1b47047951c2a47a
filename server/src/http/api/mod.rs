//! The REST API under `/api/v1`, for shops' own systems. One file per resource.
//!
//! A key names the account; another account's ids do not exist here. Lists answer
//! `{data, next_cursor}`; errors are problem documents ([`problem`]). Times are RFC 3339 in UTC, money is
//! `{micros, currency}` (millionths of the currency unit). What is described here is described for
//! users in `openapi.json`; a test compares the two.

pub mod connections;
pub mod consents;
pub mod decisions;
pub mod events;
pub mod invoices;
pub mod key;
pub mod messages;
pub mod paging;
pub mod problem;
pub mod replay;
pub mod templates;
pub mod usage;

use axum::response::{IntoResponse, Response};
use dispatch::event::EventStatus;
use dispatch::id::DeliveryId;
use dispatch::view::LogFilter;
use http::header;
use problem::Problem;
use serde::Deserialize;
use std::str::FromStr;

/// `GET /api/v1/openapi.json`
pub async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("openapi.json")).into_response()
}

/// What is no route of the API.
pub async fn not_found() -> Problem {
    Problem::from(dispatch::error::Error::NotFound)
}

/// A route that does not know the method.
pub async fn wrong_method() -> Problem {
    Problem::wrong_method()
}

/// The filters that events, decisions and messages share.
#[derive(Debug, Default, Deserialize)]
pub struct Filters {
    delivery_id: Option<String>,
    order_number: Option<String>,
    tracking_number: Option<String>,
    status: Option<String>,
}

/// The filters that decisions and messages share besides.
#[derive(Debug, Default, Deserialize)]
pub struct Narrow {
    channel: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

impl Narrow {
    /// The rest of a filter, narrowed to a channel and a time.
    fn of(&self, rest: LogFilter) -> Result<LogFilter, Problem> {
        fn read<T: FromStr>(field: &'static str, text: Option<&str>) -> Result<Option<T>, Problem> {
            text.map(|text| text.parse().map_err(|_| Problem::bad_query(field))).transpose()
        }
        Ok(LogFilter {
            channel: read("channel", self.channel.as_deref())?,
            since: read("since", self.since.as_deref())?,
            until: read("until", self.until.as_deref())?,
            ..rest
        })
    }
}

impl Filters {
    /// The filters as the store knows them, without `status`, which each resource reads for itself.
    fn read(&self) -> Result<LogFilter, Problem> {
        let delivery = self
            .delivery_id
            .as_deref()
            .map(|text| text.parse::<DeliveryId>().map_err(|_| Problem::bad_query("delivery_id")))
            .transpose()?;
        Ok(LogFilter {
            delivery,
            order_number: self.order_number.clone(),
            tracking_number: self.tracking_number.clone(),
            ..LogFilter::default()
        })
    }

    /// As [`Filters::read`], with `status` as the status of the event.
    fn by_event(&self) -> Result<LogFilter, Problem> {
        let status = self
            .status
            .as_deref()
            .map(|word| word.parse::<EventStatus>().map_err(|_| Problem::bad_query("status")))
            .transpose()?;
        Ok(LogFilter { status, ..self.read()? })
    }
}
