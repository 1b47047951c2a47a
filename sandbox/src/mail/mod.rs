//! Mail that arrived: what is in it, who has it, and what is returned.

mod letter;
mod returned;

use std::sync::Arc;

pub(crate) use self::letter::{Letter, read};
use crate::state::{
    Sandbox,
    draw::Of,
    journal::Fact,
    mail::{Mail, Return},
    now,
    queue::{Due, What},
    world::World,
};

/// Keeps a mail for each of its recipients; gives its id. Of those in `returns` it comes back.
pub(crate) fn keep(
    sandbox: &Sandbox,
    from: Option<String>,
    to: Vec<String>,
    returns: Vec<String>,
    letter: Letter,
) -> String {
    let now = now();
    let world = &mut *sandbox.world();
    let key = key(from.as_deref(), &to, &letter);
    let draws = world.draws(&key);
    let id = format!("{:016x}{:08x}", draws.number(Of::IdHead), draws.number(Of::IdTail) >> 32);
    let at = now + draws.around(sandbox.settings.receipts.delivered, Of::Delivered);
    let recipients: Vec<Arc<str>> = to.iter().map(|to| to.as_str().into()).collect();
    // Who named no sender is told nothing.
    let is_returned = from.is_some() && !returns.is_empty();
    let returned = is_returned.then_some(Return { of: returns, at, told: false });
    let seq = world.mails.next_seq();
    world.record(Fact::Mail(Box::new(Mail {
        seq,
        id: id.clone(),
        key,
        from,
        to,
        at: now,
        letter,
        returned,
        answers: None,
    })));
    world.trim_mails();
    if is_returned {
        world.push_due(Due { at, what: What::Return { seq }, tries: 0 });
        sandbox.bell.notify_one();
    }
    for to in &recipients {
        sandbox.changed(to);
    }
    id
}

/// Sends back what could not be delivered after all; gives whose inbox it is in.
pub(crate) fn give_back(world: &mut World, seq: u64, now: u64) -> Option<Arc<str>> {
    let mail = world.mails.get(seq)?;
    let returned = mail.returned.as_ref().filter(|returned| !returned.told)?;
    let to = mail.from.clone()?;
    let source = returned::notice(mail, &returned.of, &to, now);
    let mut letter = read(source.as_bytes()).ok()?;
    letter.source = Some(source);
    let key = format!("return:{}", mail.key);
    let draws = world.draws(&key);
    let id = format!("{:016x}{:08x}", draws.number(Of::IdHead), draws.number(Of::IdTail) >> 32);
    let inbox = to.as_str().into();
    world.record(Fact::Mail(Box::new(Mail {
        seq: world.mails.next_seq(),
        id,
        key,
        from: None,
        to: vec![to],
        at: now,
        letter,
        returned: None,
        answers: Some(seq),
    })));
    world.trim_mails();
    Some(inbox)
}

/// What draws of a mail hang on.
fn key(from: Option<&str>, to: &[String], letter: &Letter) -> String {
    let subject = letter.subject.as_deref().unwrap_or_default();
    format!("mail:{}>{}:{subject}", from.unwrap_or_default(), to.join(","))
}
