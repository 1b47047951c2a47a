//! Where a template stands, why, and how people like it: the words of the Cloud API.

use serde::{Deserialize, Serialize};

/// An enum whose words on the wire, in the journal and in the control API are the same.
macro_rules! wire_words {
    ($(#[$about:meta])* $name:ident { $($(#[$why:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub(crate) enum $name { $($(#[$why])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

wire_words! {
    /// Where a template stands with its review.
    Standing {
        Pending = "PENDING",
        #[default]
        Approved = "APPROVED",
        Rejected = "REJECTED",
        Paused = "PAUSED",
        Disabled = "DISABLED",
        InAppeal = "IN_APPEAL",
        /// At risk, and still sendable.
        Flagged = "FLAGGED",
        /// Sendable again.
        Reinstated = "REINSTATED",
        Locked = "LOCKED",
        LimitExceeded = "LIMIT_EXCEEDED",
        Archived = "ARCHIVED",
        PendingDeletion = "PENDING_DELETION",
    }
}

wire_words! {
    /// Why a template was rejected.
    Reason {
        #[default]
        None = "NONE",
        AbusiveContent = "ABUSIVE_CONTENT",
        IncorrectCategory = "INCORRECT_CATEGORY",
        InvalidFormat = "INVALID_FORMAT",
        Promotional = "PROMOTIONAL",
        Scam = "SCAM",
        TagContentMismatch = "TAG_CONTENT_MISMATCH",
    }
}

wire_words! {
    /// What people's reactions made of a template.
    Score {
        Green = "GREEN",
        Yellow = "YELLOW",
        Red = "RED",
        #[default]
        Unknown = "UNKNOWN",
    }
}

/// What an edit may do in a standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Editing {
    /// Once a day, ten times in thirty days, and never the category.
    Limited,
    Free,
    No,
}

impl Standing {
    /// Whether sends of it are accepted.
    pub(crate) fn is_sendable(self) -> bool {
        matches!(self, Self::Approved | Self::Flagged | Self::Reinstated)
    }

    pub(crate) fn editing(self) -> Editing {
        match self {
            Self::Approved | Self::Flagged | Self::Reinstated => Editing::Limited,
            Self::Rejected | Self::Paused => Editing::Free,
            Self::Pending
            | Self::Disabled
            | Self::InAppeal
            | Self::Locked
            | Self::LimitExceeded
            | Self::Archived
            | Self::PendingDeletion => Editing::No,
        }
    }
}
