//! What was submitted reaches the provider, and what the provider says of it is heard.

use crate::channel::TrackingStatus;
use crate::error::Result;
use crate::id::{AccountId, IdSource, SenderId};
use crate::port::{Provider, ProviderTemplate, SenderAccess, Store, Submission, TemplateNews};
use crate::template::News;
use crate::time::Timestamp;
use std::time::Duration;

/// A submission that failed by accident is tried again after this, doubling.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// At longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// While it is being submitted nobody else does.
const LEASE: Duration = Duration::from_secs(60);
/// A sender with a template in review is asked this often: webhooks are usually faster.
const ASK_SOON: Duration = Duration::from_secs(30);
/// Every other one.
const ASK_LATER: Duration = Duration::from_secs(3600);

/// Submits what is due. Answers how many it took.
///
/// # Errors
/// When the store does not answer; the same submissions come again.
pub async fn submit_due(
    store: &dyn Store,
    provider: &dyn Provider,
    ids: &dyn IdSource,
    now: Timestamp,
    limit: i64,
) -> Result<usize> {
    let due = store.due_submissions(now, now.plus(LEASE), limit).await?;
    for submission in &due {
        if let Some(sender) = store.sender_access(submission.account, submission.sender).await? {
            let (variant, again) = (&submission.variant, again(submission, now));
            let patience = patience(store, &sender, variant.status).await?;
            let ended = provider.submit(&sender, variant, patience, again).await;
            store.note_submission(submission, &ended, now, ids).await?;
        }
    }
    Ok(due.len())
}

/// How long the text's messages may take before another channel stands in.
async fn patience(
    store: &dyn Store,
    sender: &SenderAccess,
    status: TrackingStatus,
) -> Result<Option<Duration>> {
    let file = store.brand_file(sender.account, sender.brand).await?;
    Ok(file.and_then(|file| {
        file.brand.cascades.of(status).patience(sender.channel, |channel| file.is_active(channel))
    }))
}

fn again(submission: &Submission, now: Timestamp) -> Timestamp {
    let pause = FIRST_PAUSE * 2_u32.saturating_pow(submission.tries.min(10));
    now.plus(pause.min(LONGEST_PAUSE))
}

/// Asks the provider about the templates of senders that are due. Answers how many were news.
///
/// # Errors
/// When the store does not answer.
pub async fn ask_due(
    store: &dyn Store,
    provider: &dyn Provider,
    ids: &dyn IdSource,
    now: Timestamp,
    limit: i64,
) -> Result<u64> {
    let due = store.due_polls(now, now.plus(ASK_SOON), now.plus(ASK_LATER), limit).await?;
    let mut heard = 0;
    for (account, sender) in due {
        if let Some(access) = store.sender_access(account, sender).await? {
            heard += ask(store, provider, ids, now, account, sender, &access).await?;
        }
    }
    Ok(heard)
}

async fn ask(
    store: &dyn Store,
    provider: &dyn Provider,
    ids: &dyn IdSource,
    now: Timestamp,
    account: AccountId,
    sender: SenderId,
    access: &SenderAccess,
) -> Result<u64> {
    // A provider that does not answer is asked again next time.
    let Ok(listed) = provider.list_templates(access).await else { return Ok(0) };
    let news: Vec<TemplateNews> = listed.into_iter().map(|listed| news(listed, now)).collect();
    store.note_template_news(account, sender, &news, ids).await
}

fn news(listed: ProviderTemplate, at: Timestamp) -> TemplateNews {
    let ProviderTemplate { provider_id, name, language, review, reason, category, quality } =
        listed;
    TemplateNews {
        name,
        language,
        provider_id: Some(provider_id),
        what: News::State { review, reason, category, quality },
        at,
    }
}
