//! A person writes an SMS to a business.

use std::sync::Arc;

use super::{is_name, segments::segments};
use crate::{
    receipts::plan::Plan,
    state::{
        Sandbox,
        faults::{Channel, FaultKind, Target},
        journal::Fact,
        message::{Content, Kind, Message, Side},
        now,
        sms::{self, Keyword, Sms},
    },
};

/// The most a person can type in one SMS.
const TEXT_LIMIT: usize = 1_600;

/// Why nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unwritten {
    #[error("An SMS has 1 to 1600 characters.")]
    Text,
    #[error("sender is a name: nobody can answer it.")]
    Name,
    #[error("No account uses this sender: send from it first, or say sms_url in /control/senders.")]
    Unknown,
}

/// Puts the SMS on the phone, acts on its keyword as carriers do, and owes it to the sender's
/// callback. `phone` is digits; gives the sid.
pub(crate) fn write(
    sandbox: &Sandbox,
    phone: &str,
    sender: &str,
    text: &str,
) -> Result<String, Unwritten> {
    if is_name(sender) {
        return Err(Unwritten::Name);
    }
    if text.trim().is_empty() || text.chars().count() > TEXT_LIMIT {
        return Err(Unwritten::Text);
    }
    let now = now();
    let world = &mut *sandbox.world();
    // Several accounts may use one sender here: whoever wrote last to this phone is answered.
    let last = world.last_sms(sender, phone).and_then(|message| message.sms.clone());
    let account = match &last {
        Some(last) => last.account.clone(),
        None => {
            let mut senders = world.sms.senders().filter(|(_, one, _)| ***one == *sender);
            let known = senders.by_ref().map(|(account, _, _)| account.clone()).min();
            known.ok_or(Unwritten::Unknown)?
        }
    };
    let keyword = Keyword::read(text);
    let url = world
        .sms
        .sender(&account, sender)
        .and_then(|about| about.sms_url.clone())
        .or_else(|| last.as_ref()?.url.clone());
    let key = sms::key(sender, phone, text);
    let sid = sms::sid("SM", &world.draws(&key));
    let target = Target {
        channel: Channel::Sms,
        number: sender,
        phone: Some(phone),
        template: None,
        address: None,
    };
    let mut plan = Plan::inbound(now);
    if let Some(ms) = world.faults.strike(FaultKind::LateReceipt, &target) {
        plan.delay(ms);
    }
    if world.faults.strike(FaultKind::DuplicateReceipt, &target).is_some() {
        plan.double();
    }
    // The carrier knows at once, whenever the business is told.
    if let Some(out) = keyword.and_then(Keyword::stops)
        && world.sms.has_stopped(&account, sender, phone) != out
    {
        world.record(Fact::SmsOptOut {
            account: account.to_string(),
            sender: sender.to_owned(),
            phone: phone.to_owned(),
            out,
        });
    }
    let phone: Arc<str> = phone.into();
    let is_next = world.accept(Message {
        seq: world.next_seq(),
        id: sid.clone(),
        number: sender.into(),
        phone: phone.clone(),
        side: Side::Person,
        kind: Kind::Text,
        content: Content { body: text.to_owned(), ..Content::default() },
        opaque: None,
        answers: None,
        at: now,
        owed: plan.all(),
        plan: plan.steps(),
        hidden: false,
        sms: Some(Box::new(Sms {
            account,
            service: last.and_then(|last| last.service),
            url,
            segments: segments(text),
            keyword,
        })),
    });
    if is_next {
        sandbox.bell.notify_one();
    }
    sandbox.changed(&phone);
    Ok(sid)
}
