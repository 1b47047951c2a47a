//! Applies receipts in the order they came, and heeds what failed ones say.

use super::{Crew, stage};
use dispatch::attempt::Consequence;
use dispatch::error::Result;
use dispatch::usecase::{Failed, Setback, apply_receipts, heed};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// After all that was there has been applied, more is let come for so long: what is said of one message within a tenth of
/// a second is one change of it, not three.
const GATHER: Duration = Duration::from_millis(80);

pub(super) async fn run(crew: Crew, ending: CancellationToken) {
    let (wake, burst) = (crew.wakes.receipts.clone(), crew.wakes.burst.clone());
    stage::run("receipts", wake, None, burst, ending.clone(), move || {
        let (c, ending) = (crew.clone(), ending.clone());
        async move {
            let most = 2 * c.batch();
            let follows = |channel, code: &str| c.provider.consequence(channel, code);
            let heard = apply_receipts(&*c.store, &*c.ids, &follows, c.clock.now(), most).await?;
            for failed in &heard.failed {
                if let Err(error) = note(&c, failed).await {
                    tracing::warn!(%error, "what a failed receipt says could not be noted");
                }
            }
            if heard.taken > 0 && i64::try_from(heard.taken).is_ok_and(|taken| taken < most) {
                stage::moment(GATHER, &ending).await;
            }
            Ok(heard.taken)
        }
    })
    .await;
}

async fn note(c: &Crew, failed: &Failed) -> Result<()> {
    let Failed { account, sender, channel, message, code, follows, at } = failed;
    if *follows == Consequence::None {
        return Ok(());
    }
    // Where another channel stands in meanwhile, that is what the message would tell of.
    let told = c.store.told(*account, *message).await?.filter(|told| told.channel == *channel);
    let text = told.as_ref().map(|told| (told.template.as_str(), &told.language));
    let to = told.as_ref().map(|told| told.to.as_str());
    let setback = Setback { account: *account, sender: *sender, text, to, code, at: *at };
    heed(&*c.store, &*c.store, &*c.store, &*c.ids, setback, *follows).await
}
