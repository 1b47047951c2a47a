//! What is kept of a template besides its text: standing, history, and what is still to come.

use serde::{Deserialize, Serialize};

use super::standing::{Reason, Score, Standing};
use crate::{review::Verdict, state::message::Category};

/// Times are Unix milliseconds. A starter template's record is the default one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Record {
    pub standing: Standing,
    #[serde(skip_serializing_if = "is_default")]
    pub reason: Reason,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_category: Option<Category>,
    /// An announced change of category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coming: Option<Coming>,
    #[serde(skip_serializing_if = "is_default")]
    pub quality: Score,
    /// When the score was last set; creation at first.
    #[serde(skip_serializing_if = "is_default")]
    pub quality_at: u64,
    /// Edits that were made while it was approved, within the time that limits them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<u64>,
    /// Reviews so far, the present one included: each draws its delay anew.
    #[serde(skip_serializing_if = "is_default")]
    pub reviews: u32,
    /// While it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<UnderReview>,
    /// How often it was paused for its quality; the third time disables it.
    #[serde(skip_serializing_if = "is_default")]
    pub pauses: u8,
    /// While it is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A review that has not ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct UnderReview {
    pub since: u64,
    /// When it is decided; nothing while it is held.
    pub at: Option<u64>,
    /// Ordered by hand; otherwise the rules decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// A pause that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pause {
    /// When it ends by itself; a pause by pacing does not.
    pub ends: Option<u64>,
    /// Before this it cannot be lifted by hand.
    pub lift_from: u64,
}

/// A change of category that was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Coming {
    pub category: Category,
    pub at: u64,
}

impl Record {
    /// When something happens to it by itself next.
    pub(crate) fn timers(&self) -> impl Iterator<Item = u64> {
        let review = self.review.as_ref().and_then(|review| review.at);
        let pause = self.pause.and_then(|pause| pause.ends);
        let coming = self.coming.map(|coming| coming.at);
        [review, pause, coming].into_iter().flatten()
    }

    /// Edits counted by the limits since a moment.
    pub(crate) fn edits_since(&self, since: u64) -> usize {
        self.edits.iter().filter(|at| **at > since).count()
    }
}
