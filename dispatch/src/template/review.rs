//! Where a variant stands with the provider, and what its news change.

use super::category::Category;
use crate::time::Timestamp;
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

    /// Whether it can be given to the provider.
    #[must_use]
    pub const fn is_submittable(self) -> bool {
        matches!(self, Self::Draft | Self::Rejected)
    }
}

/// What is known of a template at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub review: Review,
    /// Why, in the provider's word.
    pub reason: Option<String>,
    /// Its category, once the provider has told.
    pub category: Option<Category>,
    /// A change of category to come, and when.
    pub impending: Option<(Category, Timestamp)>,
    /// How it is received.
    pub quality: Option<String>,
    /// When its review last moved.
    pub changed_at: Timestamp,
}

impl Standing {
    /// Not given to anybody yet.
    #[must_use]
    pub const fn unknown() -> Self {
        Self {
            review: Review::Draft,
            reason: None,
            category: None,
            impending: None,
            quality: None,
            changed_at: Timestamp::from_micros(0),
        }
    }

    /// Takes news of a moment in; answers whether anything moved. A review older than the one known is
    /// left alone: webhooks come in any order, and what was asked may be overtaken by what was told.
    pub fn hear(&mut self, news: &News, at: Timestamp) -> bool {
        let before = self.clone();
        match news {
            News::Review { review, reason } => self.move_to(*review, reason.as_ref(), at),
            News::Category(category) => {
                self.category = Some(*category);
                self.impending = None;
            }
            News::Impending(category, at) => self.impending = Some((*category, *at)),
            News::Quality(word) => self.quality = Some(word.clone()),
            News::State { review, reason, category, quality } => {
                if at >= self.changed_at {
                    self.category = Some(*category);
                    self.impending = self.impending.filter(|(coming, _)| coming != category);
                    self.quality.clone_from(quality);
                }
                let says_why = self.reason.is_none() && reason.is_some();
                if *review != self.review || says_why {
                    self.move_to(*review, reason.as_ref(), at);
                }
            }
        }
        before != *self
    }

    fn move_to(&mut self, review: Review, reason: Option<&String>, at: Timestamp) {
        if at >= self.changed_at {
            self.review = review;
            self.reason = reason.cloned();
            self.changed_at = at;
        }
    }
}

/// What is new about a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Its review moved.
    Review {
        /// To where.
        review: Review,
        /// Why, in the provider's word.
        reason: Option<String>,
    },
    /// Its category is another now.
    Category(Category),
    /// Its category will be another.
    Impending(Category, Timestamp),
    /// How it is received.
    Quality(String),
    /// All of it, as asked.
    State {
        /// Where it stands.
        review: Review,
        /// Why.
        reason: Option<String>,
        /// Its category.
        category: Category,
        /// How it is received.
        quality: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_news_change_nothing_and_an_answer_does_not_undo_what_was_told_meanwhile() {
        let at = Timestamp::from_seconds;
        let review = |review| News::Review { review, reason: None };
        let mut standing = Standing { review: Review::Submitted, ..Standing::unknown() };
        assert!(standing.hear(&review(Review::Paused), at(20)));
        assert!(!standing.hear(&review(Review::Approved), at(10)));
        assert_eq!(standing.review, Review::Paused);
        let state = News::State {
            review: Review::Approved,
            reason: None,
            category: Category::Marketing,
            quality: None,
        };
        assert!(!standing.hear(&state, at(19)));
        assert!(standing.hear(&state, at(21)));
        assert_eq!(
            (standing.review, standing.category),
            (Review::Approved, Some(Category::Marketing))
        );
    }

    #[test]
    fn a_reason_that_comes_later_is_heard() {
        let at = Timestamp::from_seconds;
        let mut standing = Standing { review: Review::Rejected, ..Standing::unknown() };
        let state = |reason: Option<&str>| News::State {
            review: Review::Rejected,
            reason: reason.map(str::to_owned),
            category: Category::Utility,
            quality: None,
        };
        standing.hear(&state(Some("SCAM")), at(10));
        assert_eq!(standing.reason.as_deref(), Some("SCAM"));
        // What was told with more words is not undone by a list that has the word alone.
        standing.reason = Some("SCAM: Hides an address.".into());
        standing.hear(&state(Some("SCAM")), at(20));
        assert_eq!(standing.reason.as_deref(), Some("SCAM: Hides an address."));
    }

    #[test]
    fn an_announced_category_is_gone_once_it_is_there() {
        let mut standing = Standing::unknown();
        let then = Timestamp::from_seconds(100);
        standing.hear(&News::Impending(Category::Marketing, then), then);
        assert_eq!(standing.impending, Some((Category::Marketing, then)));
        standing.hear(&News::Category(Category::Marketing), then);
        assert_eq!((standing.category, standing.impending), (Some(Category::Marketing), None));
    }
}
