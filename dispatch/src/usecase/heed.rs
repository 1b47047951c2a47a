//! A failure that says something about more than its message.

use crate::attempt::Consequence;
use crate::brand::SenderState;
use crate::error::Result;
use crate::id::{AccountId, IdSource, SenderId};
use crate::language::Language;
use crate::port::{Senders, TemplateNews, Templates};
use crate::template::{News, Review};
use crate::time::Timestamp;
use std::time::Duration;

/// Where a failure happened.
#[derive(Debug, Clone, Copy)]
pub struct Setback<'a> {
    /// Whose.
    pub account: AccountId,
    /// From which sender.
    pub sender: SenderId,
    /// With which text: its name at the provider and its language.
    pub text: Option<(&'a str, &'a Language)>,
    /// The provider's code.
    pub code: &'a str,
    /// When.
    pub at: Timestamp,
}

/// Writes down what follows for the sender or the text: a sender that is stopped sends nothing until it is well
/// again, a text that cannot be used is not chosen until the provider says otherwise.
///
/// # Errors
/// When the store does not answer. The next failure says the same again.
pub async fn heed(
    senders: &dyn Senders,
    templates: &dyn Templates,
    ids: &dyn IdSource,
    setback: Setback<'_>,
    follows: Consequence,
) -> Result<()> {
    let Setback { account, sender, text, code, at } = setback;
    let state = match follows {
        Consequence::Reconnect => SenderState::Reconnect,
        Consequence::PauseNumber => SenderState::Paused,
        Consequence::PauseTemplate | Consequence::DisableTemplate => {
            let Some((name, language)) = text else { return Ok(()) };
            let review = if follows == Consequence::DisableTemplate {
                Review::Disabled
            } else {
                Review::Paused
            };
            let news = TemplateNews {
                name: name.to_owned(),
                language: language.clone(),
                provider_id: None,
                what: News::Review { review, reason: Some(code.to_owned()) },
                // The approval it was sent under counts as of the end of its second, and came before.
                at: Timestamp::from_seconds(at.seconds()).plus(Duration::from_micros(999_999)),
            };
            return templates.note_template_news(account, sender, &[news], ids).await.map(drop);
        }
        // How fast we go, and whether at all, is the sending worker's own affair.
        Consequence::SlowPair | Consequence::SlowNumber | Consequence::SlowAccount => return Ok(()),
        Consequence::ProviderDown => return Ok(()),
        Consequence::None | Consequence::RecipientStopped => return Ok(()),
    };
    senders.set_sender_state(account, sender, state, Some(code), at).await
}
