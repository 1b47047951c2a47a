//! `/connections/*`

use super::{Outcome, Sent, unknown_act};
use app::backend::{Handover, HandoverKind};
use app::{act, route};
use dispatch::source::Secret;
use dispatch::usecase::{self, CreateConnection};
use std::sync::Arc;

/// `/connections/new`
pub async fn create(sent: Arc<Sent>) -> Outcome {
    let input = CreateConnection {
        brand: sent.owned("brand"),
        source: sent.owned("source"),
        header: (sent.text("auth") == "header").then(|| sent.owned("header")),
        secrets: sent.all("secret").into_iter().filter(|text| !text.trim().is_empty()).collect(),
    };
    let secrets = &*sent.state.secrets;
    let made = usecase::create_connection(&sent.ports(), secrets, sent.viewer()?, &input).await?;
    show_secret(&sent, made.made).await?;
    Ok(Sent::page(&route::connection(made.id), "created"))
}

/// `/connections/{id}`
pub async fn submit(sent: Arc<Sent>) -> Outcome {
    let (viewer, id) = (sent.viewer()?, sent.path("id"));
    let store = &*sent.state.store;
    match sent.act() {
        act::ROTATE => {
            let secrets = &*sent.state.secrets;
            let made =
                usecase::rotate_secret(store, secrets, viewer, id, sent.text("secret")).await?;
            forget(&sent);
            show_secret(&sent, made).await?;
            Ok(sent.same_page("rotated"))
        }
        act::REMOVE => {
            usecase::remove_connection(store, viewer, id).await?;
            forget(&sent);
            Ok(Sent::page(route::CONNECTIONS, "removed"))
        }
        act::REPLAY => {
            let delivery = sent.text("delivery");
            usecase::replay_delivery(&sent.ports(), viewer, id, delivery).await?;
            sent.state.wakes.ingester.ring();
            Ok(sent.same_page("replayed"))
        }
        _ => unknown_act(),
    }
}

/// The hook of this process must not believe what it remembers of the connection.
fn forget(sent: &Sent) {
    if let Ok(id) = sent.path("id").parse() {
        sent.state.hooks.forget(id);
    }
}

async fn show_secret(sent: &Sent, made: Option<Secret>) -> Result<(), super::Refusal> {
    match made {
        Some(text) => {
            sent.hand_over(&Handover { kind: HandoverKind::ConnectionSecret, text }).await
        }
        None => Ok(()),
    }
}
