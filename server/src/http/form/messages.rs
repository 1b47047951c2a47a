//! `/messages/again` and `/messages/{id}`: sending again.

use super::{Done, Outcome, Sent, unknown_act};
use app::{act, route};
use dispatch::error::{Error, Result};
use dispatch::id::MessageId;
use dispatch::usecase::{self, PickReplay, Reach};
use std::sync::Arc;

/// `/messages/again`: all that were shown.
pub async fn again(sent: Arc<Sent>) -> Outcome {
    if sent.act() != act::REPLAY {
        return unknown_act();
    }
    let pick = PickReplay {
        ids: None,
        brand: sent.owned("pick_brand"),
        country: sent.owned("pick_country"),
        channel: sent.owned("pick_channel"),
        sender: sent.owned("pick_sender"),
        reason: sent.owned("pick_reason"),
        since: sent.owned("pick_since"),
        until: sent.owned("pick_until"),
    };
    let viewer = sent.viewer()?;
    let id = match sent.text("pick_id") {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::invalid("", "expired"))?),
    };
    // What the page had hidden in it is not typed by anybody.
    let filter = pick.read().map_err(|_| Error::invalid("", "expired"))?;
    let terms = sent.state.replay_terms();
    let done =
        usecase::replay_messages(&sent.ports(), terms, viewer, filter, id, Reach::Whole).await?;
    sent.state.wakes.sender.ring();
    Ok(Done::See(route::replay(done.replay.id)))
}

/// `/messages/{id}`: this one.
pub async fn one(sent: Arc<Sent>) -> Outcome {
    if sent.act() != act::REPLAY {
        return unknown_act();
    }
    let viewer = sent.viewer()?;
    let id: MessageId = sent.path("id").parse().map_err(|_| Error::NotFound)?;
    sent.state.store.case_of_message(viewer.account, id).await?.ok_or(Error::NotFound)?;
    let filter = PickReplay { ids: Some(vec![id.to_string()]), ..PickReplay::default() }.read()?;
    let terms = sent.state.replay_terms();
    let reach = Reach::One(1, None);
    let done = usecase::replay_messages(&sent.ports(), terms, viewer, filter, None, reach).await?;
    went(done.replay.sent)?;
    sent.state.wakes.sender.ring();
    Ok(sent.same_page("sent_again"))
}

const fn went(sent: i64) -> Result<()> {
    if sent > 0 { Ok(()) } else { Err(Error::Invalid { field: "", reason: "not_again" }) }
}
