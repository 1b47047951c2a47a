//! Where a variant stands with the provider.

use crate::words::words;

words! {
    /// Where a variant stands in the provider's review.
    Review {
        /// Being written.
        Draft = "draft",
        /// With the provider.
        Submitted = "submitted",
        /// May be sent.
        Approved = "approved",
        /// Refused by the provider.
        Rejected = "rejected",
        /// Stopped for a while.
        Paused = "paused",
        /// Stopped for good.
        Disabled = "disabled",
    }
}

impl Review {
    /// Whether it may be sent.
    #[must_use]
    pub const fn is_sendable(self) -> bool {
        matches!(self, Self::Approved)
    }

    /// Whether its text may still be changed in place; later changes make a new version.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Rejected)
    }
}
