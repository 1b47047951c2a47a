//! The courier: takes what falls due, gathers it per number, signs it and carries it to the
//! callback; what is refused comes back later, for ever.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use tokio_util::task::TaskTracker;

use super::payload;
use crate::sms;
use crate::state::{
    Sandbox,
    journal::Fact,
    message::{Message, Step},
    now,
    number::Number,
    queue::{Due, What},
    world::World,
};

/// POSTs under way per callback: one that hangs does not hold up the others.
const FLIGHTS: usize = 4;
/// The same per account of the SMS API, where each step travels alone.
const SMS_FLIGHTS: usize = 16;
/// A callback that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Carries updates until the sandbox closes; flights under way are finished.
pub(crate) async fn run(sandbox: Sandbox) {
    let flights = TaskTracker::new();
    loop {
        let (loads, next) = {
            let world = &mut *sandbox.world();
            collect(world, &sandbox, now())
        };
        for load in loads {
            let killed = sandbox.killed.clone();
            flights.spawn(killed.run_until_cancelled_owned(carry(sandbox.clone(), load)));
        }
        let sleep = next.map(|at| Duration::from_millis(at.saturating_sub(now())));
        tokio::select! {
            () = sandbox.closing.cancelled() => break,
            () = sandbox.bell.notified() => {}
            () = wait(sleep) => {}
        }
        // Neighbours that fall due a moment later leave in the same POST.
        tokio::time::sleep(sandbox.settings.receipts.gather).await;
    }
    flights.close();
    flights.wait().await;
}

async fn wait(sleep: Option<Duration>) {
    match sleep {
        Some(sleep) => tokio::time::sleep(sleep).await,
        None => std::future::pending().await,
    }
}

/// One POST, ready to leave.
struct Load {
    whose: Whose,
    callback: String,
    content: &'static str,
    /// Name and value of the header.
    signature: (&'static str, String),
    body: Vec<u8>,
    dues: Vec<Due>,
}

/// Whose flight it is.
enum Whose {
    Number(Arc<str>),
    /// An account of the SMS API and the message.
    Account(Arc<str>, u64),
}

/// Moves what is due to its number and packs what may leave; also says when the next falls due.
fn collect(world: &mut World, sandbox: &Sandbox, now: u64) -> (Vec<Load>, Option<u64>) {
    // What happens to templates by itself happens here, and is news at once.
    world.tick(now);
    let mut settled = Vec::new();
    while let Some(due) = world.pop_due(now) {
        let number = match due.what {
            What::Step { seq, step } => {
                let Some(message) = world.message(seq) else { continue };
                let (number, phone) = (message.number.clone(), message.phone.clone());
                let sms = message.sms.as_ref().map(|sms| (sms.account.clone(), sms.url.is_some()));
                if due.tries == 0 {
                    sandbox.changed(&phone);
                }
                match sms {
                    Some((account, true)) => {
                        world.sms_account_mut(&account).ready.push_back(due);
                        continue;
                    }
                    // Nobody asked to be told.
                    Some((_, false)) => {
                        settled.push((seq, 1 << step));
                        continue;
                    }
                    None => number,
                }
            }
            What::News { seq } => {
                let Some(news) = world.owed_news(seq) else { continue };
                news.number.clone()
            }
            What::Return { seq } => {
                if let Some(inbox) = crate::mail::give_back(world, seq, now) {
                    sandbox.changed(&inbox);
                }
                continue;
            }
        };
        world.number_mut(&number).ready.push_back(due);
    }
    if !settled.is_empty() {
        world.record(Fact::Told { steps: settled, news: Vec::new() });
    }
    let batch = sandbox.settings.receipts.batch.max(1);
    let mut packs = Vec::new();
    for number in world.numbers_mut() {
        let Some(subscription) = &number.subscription else { continue };
        while number.flying < FLIGHTS && !number.ready.is_empty() {
            let count = together(number.ready.iter(), batch);
            let dues: Vec<Due> = number.ready.drain(..count).collect();
            number.flying += 1;
            packs.push((number.id.clone(), subscription.clone(), dues));
        }
    }
    let loads = packs.into_iter().filter_map(|(id, subscription, dues)| {
        let body = pack(world, world.number(&id)?, &dues);
        let signature = ("x-hub-signature-256", sign(&subscription.secret, &body));
        let (whose, callback) = (Whose::Number(id), subscription.callback);
        Some(Load { whose, callback, content: "application/json", signature, body, dues })
    });
    let mut loads: Vec<Load> = loads.collect();
    loads.extend(collect_sms(world));
    (loads, world.next_due())
}

/// What may leave about SMS: of each message one step at a time, each in a POST of its own.
fn collect_sms(world: &mut World) -> Vec<Load> {
    let mut loads = Vec::new();
    let accounts: Vec<Arc<str>> = world.sms.accounts.keys().cloned().collect();
    for id in accounts {
        let account = world.sms_account_mut(&id);
        let (mut leaving, mut staying) = (Vec::new(), VecDeque::new());
        while account.flying.len() < SMS_FLIGHTS
            && let Some(due) = account.ready.pop_front()
        {
            let What::Step { seq, step } = due.what else { continue };
            if account.flying.insert(seq) {
                leaving.push((seq, step, due));
            } else {
                staying.push_back(due);
            }
        }
        staying.append(&mut account.ready);
        account.ready = staying;
        for (seq, step, due) in leaving {
            let told = world.message(seq).and_then(|message| {
                sms::told(world, message, *message.plan.get(usize::from(step))?)
            });
            let Some(told) = told else {
                world.sms_account_mut(&id).flying.remove(&seq);
                continue;
            };
            loads.push(Load {
                whose: Whose::Account(id.clone(), seq),
                callback: told.url,
                content: "application/x-www-form-urlencoded; charset=utf-8",
                signature: ("x-twilio-signature", told.signature),
                body: told.body.into_bytes(),
                dues: vec![due],
            });
        }
    }
    loads
}

/// How many of the first updates leave in one POST: steps of messages together, news of templates
/// each alone, as Meta sends them.
fn together<'a>(mut ready: impl Iterator<Item = &'a Due>, batch: usize) -> usize {
    let is_step = |due: &&Due| matches!(due.what, What::Step { .. });
    let Some(first) = ready.next() else { return 0 };
    if is_step(&first) { 1 + ready.take(batch - 1).take_while(is_step).count() } else { 1 }
}

fn pack(world: &World, number: &Number, dues: &[Due]) -> Vec<u8> {
    if let [Due { what: What::News { seq }, .. }] = dues
        && let Some(news) = world.owed_news(*seq)
    {
        return payload::news(number, news);
    }
    let updates: Vec<(&Message, Step)> = dues
        .iter()
        .filter_map(|due| match due.what {
            What::Step { seq, step } => {
                let message = world.message(seq)?;
                Some((message, *message.plan.get(usize::from(step))?))
            }
            What::News { .. } | What::Return { .. } => None,
        })
        .collect();
    payload::body(number, &updates)
}

/// Carries one load; afterwards it is either told or due again.
async fn carry(sandbox: Sandbox, load: Load) {
    let Load { whose, callback, content, signature, body, dues } = load;
    let request = sandbox
        .http
        .post(&callback)
        .header("content-type", content)
        .header(signature.0, signature.1)
        .timeout(PATIENCE)
        .body(body);
    let outcome = request.send().await;
    let accepted = match &outcome {
        Ok(answer) => match whose {
            Whose::Number(_) => answer.status() == reqwest::StatusCode::OK,
            Whose::Account(..) => answer.status().is_success(),
        },
        Err(_) => false,
    };
    if let Ok(answer) = outcome {
        // Read to the end, so that the connection can be used again.
        let _ = answer.bytes().await;
    }
    let world = &mut *sandbox.world();
    if accepted {
        let (mut steps, mut news) = (Vec::new(), Vec::new());
        for due in dues {
            match due.what {
                What::Step { seq, step } => steps.push((seq, 1 << step)),
                What::News { seq } => news.push(seq),
                What::Return { .. } => {}
            }
        }
        world.record(Fact::Told { steps, news });
    } else {
        let now = now();
        for due in dues {
            world.push_due(due.again(now));
        }
    }
    match whose {
        Whose::Number(number) => world.number_mut(&number).flying -= 1,
        Whose::Account(account, seq) => {
            world.sms_account_mut(&account).flying.remove(&seq);
        }
    }
    sandbox.bell.notify_one();
}

/// `X-Hub-Signature-256` over the exact bytes.
fn sign(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length; the error cannot happen, and an empty signature says so.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}
