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
    /// Several fields of the input cannot be used, in the order of the form; nothing was changed.
    #[error("invalid fields: {0:?}")]
    Several(Vec<(&'static str, &'static str)>),
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

/// What is wrong with the fields of an input, gathered so that all of it is told at once.
#[derive(Debug, Default)]
pub struct Faults {
    fields: Vec<(&'static str, &'static str)>,
    /// Something that is no fault of a field goes before all of them.
    other: Option<Error>,
}

impl Faults {
    /// What was read; none when it could not be, and then the reason is kept.
    pub fn read<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => return Some(value),
            Err(Error::Invalid { field, reason }) => self.fields.push((field, reason)),
            Err(Error::Several(more)) => self.fields.extend(more),
            Err(other) => {
                self.other.get_or_insert(other);
            }
        }
        None
    }

    /// Keeps a fault of a field that can be read and still cannot be used.
    pub fn unless(&mut self, usable: bool, field: &'static str, reason: &'static str) {
        if !usable {
            self.fields.push((field, reason));
        }
    }

    /// Goes on only when nothing was wrong.
    ///
    /// # Errors
    /// What was: `Invalid` for one field, `Several` for more.
    pub fn over(self) -> Result<()> {
        match (self.other, self.fields.as_slice()) {
            (Some(other), _) => Err(other),
            (None, []) => Ok(()),
            (None, &[(field, reason)]) => Err(Error::invalid(field, reason)),
            (None, _) => Err(Error::Several(self.fields)),
        }
    }

    /// The error, where something is known to be wrong.
    #[must_use]
    pub fn told(self) -> Error {
        self.over().err().unwrap_or(Error::Corrupt)
    }
}

/// Result of the core.
pub type Result<T, E = Error> = std::result::Result<T, E>;
