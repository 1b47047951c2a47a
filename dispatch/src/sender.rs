//! How a sender is, as its provider says when it is asked.

use crate::brand::SenderState;
use crate::error::{Error, Result};
use crate::words::words;
use serde::{Deserialize, Serialize};

words! {
    /// What is wrong with a sender.
    SenderProblem {
        /// The access token is not accepted.
        TokenRefused = "token_refused",
        /// The token is good, but knows no such number.
        NumberUnknown = "number_unknown",
        /// The business account is another's, or unknown.
        WrongWaba = "wrong_waba",
        /// The number is not registered for the Cloud API.
        NotRegistered = "not_registered",
        /// Receipts are told to nobody.
        NotSubscribed = "not_subscribed",
        /// Receipts are told to another address.
        SubscribedElsewhere = "subscribed_elsewhere",
        /// The provider did not answer in time.
        Unreachable = "unreachable",
        /// The provider answered something else than what was asked.
        Unclear = "unclear",
    }
}

words! {
    /// How recipients receive what a number sends.
    SenderQuality {
        /// Well.
        Green = "green",
        /// Some block or report it.
        Yellow = "yellow",
        /// Many do: limits follow.
        Red = "red",
        /// Not told.
        Unknown = "unknown",
    }
}

/// What a provider said about a sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderCheck {
    /// What is wrong, the cause before its consequences; empty when all is well.
    pub problems: Vec<SenderProblem>,
    /// The name recipients see.
    pub name: Option<String>,
    /// The number, as the provider writes it.
    pub number: Option<String>,
    /// How it is received.
    pub quality: SenderQuality,
    /// New people it may write to within a day; none when the provider does not say or sets no limit.
    pub limit: Option<u32>,
    /// Whether the provider says that there is no limit.
    #[serde(default)]
    pub unlimited: bool,
    /// The provider's id of the business portfolio whose numbers share the limit.
    #[serde(default)]
    pub portfolio: Option<String>,
    /// Messages a second it was upgraded to; none when the ordinary speed is all it has.
    #[serde(default)]
    pub per_second: Option<u32>,
}

impl SenderCheck {
    /// Nothing known but this.
    #[must_use]
    pub fn failed(problem: SenderProblem) -> Self {
        Self {
            problems: vec![problem],
            name: None,
            number: None,
            quality: SenderQuality::Unknown,
            limit: None,
            unlimited: false,
            portfolio: None,
            per_second: None,
        }
    }

    /// Whether the provider has told anything: what was known before stands where it has not.
    #[must_use]
    pub fn is_told(&self) -> bool {
        let silent = [SenderProblem::Unreachable, SenderProblem::Unclear];
        self.number.is_some() || !self.problems.iter().any(|problem| silent.contains(problem))
    }

    /// Whether it can be sent from. What is wrong is said at the field that can mend it. Receipts that go elsewhere are
    /// no fault: telling the provider where they go comes next.
    ///
    /// # Errors
    /// `Invalid` on `access_token`, `phone_number_id` or `waba_id`; on `untested` when nothing clear was answered.
    pub fn accept(&self) -> Result<()> {
        let fault = |problem: &SenderProblem| match problem {
            SenderProblem::TokenRefused => Some(("access_token", "wrong_token")),
            SenderProblem::NumberUnknown => Some(("phone_number_id", "wrong_number")),
            SenderProblem::NotRegistered => Some(("phone_number_id", "wrong_registered")),
            SenderProblem::WrongWaba => Some(("waba_id", "wrong_waba")),
            SenderProblem::Unreachable => Some(("untested", "unreachable")),
            SenderProblem::Unclear => Some(("untested", "unclear")),
            SenderProblem::NotSubscribed | SenderProblem::SubscribedElsewhere => None,
        };
        match self.problems.iter().find_map(fault) {
            Some((field, reason)) => Err(Error::invalid(field, reason)),
            None => Ok(()),
        }
    }

    /// The state that follows; none when nothing follows for it.
    #[must_use]
    pub fn state(&self) -> Option<SenderState> {
        match self.problems.first() {
            None | Some(SenderProblem::NotSubscribed | SenderProblem::SubscribedElsewhere) => {
                Some(SenderState::Ready)
            }
            Some(SenderProblem::TokenRefused) => Some(SenderState::Reconnect),
            Some(_) => None,
        }
    }
}
