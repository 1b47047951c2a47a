//! A failure that says something about more than its message.

use crate::attempt::Consequence;
use crate::brand::SenderState;
use crate::consent::{ConsentKind, ConsentRecord, ConsentSource, Purpose};
use crate::error::Result;
use crate::id::{AccountId, ConsentId, IdSource, SenderId};
use crate::language::Language;
use crate::port::{Consents, Senders, TemplateNews, Templates};
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
    /// To whom, where that is known: E.164, or a mail address.
    pub to: Option<&'a str>,
    /// The provider's code.
    pub code: &'a str,
    /// When.
    pub at: Timestamp,
}

/// Writes down what follows for the sender, the text or the person: a sender that is stopped sends nothing until it is well
/// again, a text that cannot be used is not chosen until the provider says otherwise, and a person's no to the provider is
/// one to us.
///
/// # Errors
/// When the store does not answer. The next failure says the same again.
pub async fn heed(
    senders: &dyn Senders,
    templates: &dyn Templates,
    consents: &dyn Consents,
    ids: &dyn IdSource,
    setback: Setback<'_>,
    follows: Consequence,
) -> Result<()> {
    let Setback { account, sender, text, to, code, at } = setback;
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
        Consequence::None => return Ok(()),
        Consequence::RecipientStopped | Consequence::MarketingStopped => {
            let Some(access) = senders.sender_access(account, sender).await? else { return Ok(()) };
            let Some(to) = to else { return Ok(()) };
            let purposes = match follows {
                Consequence::MarketingStopped => &[Purpose::Marketing][..],
                _ => Purpose::meant_by(ConsentKind::OptOut),
            };
            let record = |purpose: &Purpose| {
                let id = ConsentId::mint(at, ids);
                let (kind, source) = (ConsentKind::OptOut, ConsentSource::Provider);
                let new =
                    ConsentRecord::new(id, access.brand, access.channel, to, kind, source, at);
                ConsentRecord { purpose: *purpose, text: code.to_owned(), ..new }
            };
            let records: Vec<_> = purposes.iter().map(record).collect();
            return consents.record_consents(account, &records).await;
        }
    };
    senders.set_sender_state(account, sender, state, Some(code), at).await
}
