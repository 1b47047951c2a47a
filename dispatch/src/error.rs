//! The one error a use case or a port returns: what the caller can do about it, not what broke.

use thiserror::Error;

/// Why something asked of the core did not happen.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// No such thing for this account. Also the answer for another account's ids.
    #[error("not found")]
    NotFound,
    /// The viewer's role does not allow it.
    #[error("not allowed")]
    Denied,
    /// A field of the input cannot be used; nothing was changed.
    #[error("invalid {field}: {reason}")]
    Invalid {
        /// The input's field, as forms and the API name it.
        field: &'static str,
        /// A stable word for the reason (`required`, `taken`, …); wording belongs to the screens.
        reason: &'static str,
    },
    /// Somebody else changed it meanwhile; load it again and repeat.
    #[error("changed meanwhile")]
    Conflict,
    /// A limit of the plan or of the instance is reached.
    #[error("limit reached: {what}")]
    Limit {
        /// Which limit.
        what: &'static str,
    },
    /// The world is not answering (database, provider). Trying again later may help.
    #[error("unavailable, try again")]
    Unavailable,
    /// Stored data contradicts itself. A person has to look; the incident is logged where it was found.
    #[error("stored data contradicts itself")]
    Corrupt,
}

impl Error {
    /// Says that a field cannot be used.
    #[must_use]
    pub const fn invalid(field: &'static str, reason: &'static str) -> Self {
        Self::Invalid { field, reason }
    }

    /// Whether doing the same again later can succeed.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable)
    }
}

/// Result of the core.
pub type Result<T, E = Error> = std::result::Result<T, E>;
