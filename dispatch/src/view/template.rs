//! What the list of templates, the editor and the timeline read.

use crate::channel::TrackingStatus;
use crate::id::BrandId;
use crate::language::Language;
use crate::template::{Category, Content, Review, Variant};
use crate::time::Timestamp;
use crate::words::words;

/// What a brand says about one status in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateView {
    /// About which news.
    pub status: TrackingStatus,
    /// In which language.
    pub language: Language,
    /// The brand's own versions, newest first.
    pub versions: Vec<VersionView>,
    /// The library's text with where it stands at the brand's sender, in the languages it has.
    pub library: Option<VersionView>,
}

impl TemplateView {
    /// The version that speaks now: the newest sendable one of the brand, else the library's.
    #[must_use]
    pub fn speaking(&self) -> Option<&VersionView> {
        self.versions
            .iter()
            .chain(self.library.as_ref())
            .find(|version| version.variant.review.is_sendable())
    }

    /// The newest version: what an editor opens. The library's where the brand has none of its own.
    #[must_use]
    pub fn newest(&self) -> Option<&VersionView> {
        self.versions.first().or(self.library.as_ref())
    }

    /// The version that is this very text to the provider, whose word on it so holds for the text, too: what
    /// may be sent before what may not, then the newest. None where the provider would see something new.
    #[must_use]
    pub fn known_as(&self, content: &Content, chosen: Category) -> Option<&VersionView> {
        let wording = content.for_review();
        let rank = |review: Review| match review {
            Review::Approved => 3,
            Review::Submitted => 2,
            Review::Paused => 1,
            Review::Disabled | Review::Draft | Review::Rejected => 0,
        };
        let same = |known: &&VersionView| {
            !known.variant.review.is_submittable()
                && known.chosen == chosen
                && known.variant.content.for_review() == wording
        };
        let known = self.versions.iter().chain(&self.library).filter(same);
        known.max_by_key(|known| (rank(known.variant.review), known.variant.version))
    }
}

/// One version of a template in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionView {
    /// What it says, with its version, its category and its review at the brand's present sender. The
    /// category is the provider's answer where there is one.
    pub variant: Variant,
    /// Counts edits of a draft, for conflicts; 0 for the library's.
    pub revision: i64,
    /// The category the merchant chose.
    pub chosen: Category,
    /// Why it was refused or stopped: the provider's word, or the code of its error.
    pub reason: Option<String>,
    /// The provider's judgement of how it is received (`green`, `yellow`, `red`).
    pub quality: Option<String>,
    /// A change of category the provider has announced, and when it comes.
    pub impending: Option<(Category, Timestamp)>,
    /// When it was given to the provider.
    pub submitted_at: Option<Timestamp>,
    /// When its review last moved.
    pub changed_at: Option<Timestamp>,
    /// Who wrote it last.
    pub edited_by: Option<String>,
    /// When.
    pub edited_at: Timestamp,
}

words! {
    /// What happened to a template.
    TemplateChange {
        /// Begun: a new version.
        Created = "created",
        /// Its text was changed.
        Edited = "edited",
        /// A draft was thrown away.
        Discarded = "discarded",
        /// In effect without a review of its own: to the provider it is the version that the detail names.
        Adopted = "adopted",
        /// Given to the provider.
        Submitted = "submitted",
        /// The provider's review moved; the detail is the state and its reason.
        Reviewed = "reviewed",
        /// The provider changed its category; the detail is the new one.
        Recategorised = "recategorised",
        /// The provider announced a change of category; the detail is the new one.
        Impending = "impending",
        /// The provider's judgement of its quality changed; the detail is the new one.
        Quality = "quality",
    }
}

/// A line of a template's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateChangeView {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: TemplateChange,
    /// Of which version; 0 for the library's.
    pub version: i64,
    /// Who; none where the provider did it.
    pub by: Option<String>,
    /// More about it.
    pub detail: String,
}

words! {
    /// Why somebody should look at a template.
    TemplateTrouble {
        /// The provider refused it.
        Rejected = "rejected",
        /// The provider stopped it for a while.
        Paused = "paused",
        /// The provider stopped it for good.
        Disabled = "disabled",
        /// The provider made it another category than was chosen: marketing goes to people with a marketing
        /// consent alone.
        Recategorised = "recategorised",
        /// The provider has announced that it will.
        Impending = "impending",
        /// In review for longer than the provider says it takes.
        Overdue = "overdue",
    }
}

/// A template somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateAlert {
    /// Of which brand.
    pub brand: BrandId,
    /// About which news.
    pub status: TrackingStatus,
    /// In which language.
    pub language: Language,
    /// Why.
    pub trouble: TemplateTrouble,
}
