//! What can happen to a template, and what its business is told about it.

use std::sync::Arc;

use serde_json::Value;

use super::{
    Kept, Template,
    news::{self, Field},
    record::{Coming, Pause, UnderReview},
    standing::{Reason, Score, Standing},
};
use crate::{review::Verdict, state::message::Category};

const HOUR_MS: u64 = 3_600 * 1_000;
/// A pause by pacing cannot be lifted earlier.
const PACING_MS: u64 = 5 * 60 * 1_000;

/// Something that happens to a template.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// Its review ended.
    Decided(Verdict),
    /// People disliked it; `ms` is how long, Meta's 3 or 6 hours when it is not said.
    Paused {
        ms: Option<u64>,
    },
    /// Held back while Meta looks at the first reactions; `ms` before it can be lifted by hand.
    Paced {
        ms: Option<u64>,
    },
    /// Any other standing.
    Moved {
        to: Standing,
        reason: Reason,
    },
    Scored(Score),
    /// The category is changed now.
    Recategorised(Category),
    /// The category will be changed.
    Announced(Coming),
}

/// What follows from a change: the template afterwards, and what is told.
pub(crate) struct Outcome {
    pub kept: Kept,
    pub news: Vec<(Field, Value)>,
}

impl Kept {
    /// This template after a change. A change that changes nothing tells nothing.
    pub(crate) fn after(&self, number: &str, change: &Change, now: u64) -> Outcome {
        let mut outcome = Outcome { kept: self.clone(), news: Vec::new() };
        match change {
            Change::Decided(verdict) => outcome.decide(number, verdict),
            Change::Paused { .. } | Change::Paced { .. }
                if self.record.standing == Standing::Paused => {}
            // The third pause is one too many.
            Change::Paused { .. } if self.record.pauses >= 2 => {
                outcome.leave(Standing::Disabled, Reason::None);
                outcome.tell(number, |kept, id| news::disabled(kept, id, now));
            }
            Change::Paused { ms } => {
                let hours = if self.record.pauses == 0 { 3 } else { 6 };
                outcome.leave(Standing::Paused, Reason::None);
                let record = &mut outcome.kept.record;
                record.pauses += 1;
                let ends = now.saturating_add(ms.unwrap_or(hours * HOUR_MS));
                record.pause = Some(Pause { ends: Some(ends), lift_from: now });
                outcome.tell(number, |kept, id| news::paused(kept, id, hours));
            }
            Change::Paced { ms } => {
                outcome.leave(Standing::Paused, Reason::None);
                let lift_from = now.saturating_add(ms.unwrap_or(PACING_MS));
                outcome.kept.record.pause = Some(Pause { ends: None, lift_from });
                outcome.tell(number, news::paced);
            }
            Change::Moved { to, .. } if *to == self.record.standing => {}
            Change::Moved { to, reason } => outcome.move_to(number, *to, *reason, now),
            Change::Scored(score) if *score == self.record.quality => {}
            Change::Scored(score) => {
                let before = self.record.quality;
                outcome.kept.record.quality = *score;
                outcome.kept.record.quality_at = now;
                outcome.tell(number, |kept, id| news::quality(kept, id, before));
            }
            Change::Recategorised(category) => {
                outcome.kept.record.coming = None;
                outcome.recategorise(number, *category);
            }
            Change::Announced(coming) => {
                outcome.kept.record.coming = Some(*coming);
                outcome.tell(number, |kept, id| news::category_coming(kept, id, *coming));
            }
        }
        outcome
    }
}

impl Outcome {
    fn tell(&mut self, number: &str, write: impl Fn(&Kept, u64) -> (Field, Value)) {
        let told = write(&self.kept, self.kept.id(number));
        self.news.push(told);
    }

    /// Takes another standing; what belonged to the old one ends.
    fn leave(&mut self, to: Standing, reason: Reason) {
        let record = &mut self.kept.record;
        record.standing = to;
        record.reason = reason;
        record.review = None;
        record.pause = None;
    }

    fn decide(&mut self, number: &str, verdict: &Verdict) {
        match verdict {
            Verdict::Approve => {
                self.leave(Standing::Approved, Reason::None);
                self.tell(number, |kept, id| news::standing(kept, id, "APPROVED"));
            }
            Verdict::Recategorise => {
                self.leave(Standing::Approved, Reason::None);
                let other = match self.kept.template.category {
                    Category::Marketing => Category::Utility,
                    Category::Utility | Category::Authentication => Category::Marketing,
                };
                self.recategorise(number, other);
                self.tell(number, |kept, id| news::standing(kept, id, "APPROVED"));
            }
            Verdict::Reject { reason, advice } => {
                self.leave(Standing::Rejected, *reason);
                self.tell(number, |kept, id| news::rejected(kept, id, advice.as_ref()));
            }
        }
    }

    fn recategorise(&mut self, number: &str, category: Category) {
        let before = self.kept.template.category;
        if before == category {
            return;
        }
        self.kept.template = Arc::new(Template::in_category(&self.kept.template, category));
        self.kept.record.previous_category = Some(before);
        self.tell(number, |kept, id| news::category_done(kept, id, before));
    }

    fn move_to(&mut self, number: &str, to: Standing, reason: Reason, now: u64) {
        let from = self.kept.record.standing;
        self.leave(to, reason);
        match to {
            Standing::Disabled => self.tell(number, |kept, id| news::disabled(kept, id, now)),
            Standing::Rejected => self.tell(number, |kept, id| news::rejected(kept, id, None)),
            Standing::Locked => self.tell(number, news::locked),
            Standing::Approved if from == Standing::Paused => self.tell(number, news::unpaused),
            Standing::Approved if from == Standing::Archived => {
                self.tell(number, |kept, id| news::standing(kept, id, "UNARCHIVED"));
            }
            Standing::PendingDeletion => self.tell(number, news::deleting),
            _ => self.tell(number, |kept, id| news::standing(kept, id, to.as_str())),
        }
        if to == Standing::Pending {
            // Set by hand, it waits for a hand.
            self.kept.record.review = Some(UnderReview { since: now, at: None, verdict: None });
        }
    }
}
