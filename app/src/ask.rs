//! What islands ask the server while a page is open: functions at `/do/…`, answered in JSON.
//!
//! An island calls them like any async function. What was refused is a [`Refused`], whose status the answer
//! carries: 401 signed out, 403 denied, 404 not found, 409 conflict, 422 invalid, 429 busy, 503 unavailable.

use crate::text::Text;
use dispatch::forecast::{DryRun, Wish};
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, JsonEncoding};
use leptos::server_fn::error::ServerFnErrorErr;
use serde::{Deserialize, Serialize};

/// Seconds after which it is worth asking again when others were asking.
pub const AGAIN_AFTER: u64 = 5;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "refused", rename_all = "snake_case")]
pub enum Refused {
    /// Nobody is signed in any more.
    SignedOut,
    /// The viewer's role does not allow it.
    Denied,
    /// No such thing for this account.
    NotFound,
    /// Somebody else saved meanwhile: the page shows what is no longer so.
    Conflict,
    /// A part of the question cannot be used.
    Invalid {
        /// Which part.
        field: String,
        /// Why, as a stable word.
        reason: String,
    },
    /// Others ask at this moment; the same question can be asked again.
    Busy,
    /// The server does not answer.
    Unavailable,
}

impl Refused {
    /// The words for it.
    #[must_use]
    pub fn words(&self, t: Text) -> String {
        let words = match self {
            Self::SignedOut => t.ask_signed_out(),
            Self::Denied => t.ask_denied(),
            Self::NotFound => t.ask_not_found(),
            Self::Conflict => t.ask_conflict(),
            Self::Invalid { .. } => t.ask_invalid(),
            Self::Busy => return t.ask_busy(AGAIN_AFTER),
            Self::Unavailable => t.ask_unavailable(),
        };
        words.to_owned()
    }

    /// Sets the answer's status, and says when to ask again where that is known.
    #[cfg(feature = "ssr")]
    pub(crate) fn told(self) -> Self {
        use http::StatusCode;
        let status = match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Denied => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(status);
            if self == Self::Busy {
                response.insert_header(http::header::RETRY_AFTER, AGAIN_AFTER.into());
            }
        }
        self
    }

    /// In the browser the status has arrived already.
    #[cfg(not(feature = "ssr"))]
    const fn told(self) -> Self {
        self
    }
}

impl From<dispatch::error::Error> for Refused {
    fn from(error: dispatch::error::Error) -> Self {
        use dispatch::error::Error;
        match error {
            Error::NotFound => Self::NotFound,
            Error::Denied => Self::Denied,
            Error::Conflict => Self::Conflict,
            Error::Limit { .. } => Self::Busy,
            Error::Invalid { field, reason } => {
                Self::Invalid { field: field.to_owned(), reason: reason.to_owned() }
            }
            Error::Several(fields) => match fields.first() {
                Some((field, reason)) => Self::from(Error::invalid(field, reason)),
                None => Self::Unavailable,
            },
            Error::Unavailable | Error::Corrupt => Self::Unavailable,
        }
    }
}

impl FromServerFnError for Refused {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            // Whoever wrote such a body is not one of our islands.
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => {
                Self::Invalid { field: String::new(), reason: "format".to_owned() }.told()
            }
            _ => Self::Unavailable.told(),
        }
    }
}

/// What the last 30 days would have become under staged changes: see [`dispatch::forecast`]. Takes about a
/// second for a large shop, so ask when somebody has stopped switching for a moment.
///
/// # Errors
/// Any [`Refused`].
#[server(name = AskDryRun, prefix = "/do", endpoint = "dry_run", input = Json, output = Json)]
pub async fn dry_run(
    /// What would change.
    wish: Wish,
) -> Result<DryRun, Refused> {
    let desk = crate::backend::Desk::get().ok_or_else(|| Refused::Unavailable.told())?;
    let guest = desk.guest.ok_or_else(|| Refused::SignedOut.told())?;
    (desk.dry_runs)(guest.viewer, wish).await.map_err(|error| Refused::from(error).told())
}
