//! `/simulate`

use super::{Done, Outcome, Sent};
use app::form::DONE;
use app::route;
use dispatch::usecase::{self, SimulateParcel};
use std::sync::Arc;

/// Sends a parcel on its way; the log shows what becomes of it.
pub async fn submit(sent: Arc<Sent>) -> Outcome {
    let input = SimulateParcel {
        brand: sent.owned("brand"),
        journey: sent.owned("journey"),
        statuses: sent.all("status"),
        phone: sent.owned("phone"),
        country: sent.owned("country"),
        name: sent.owned("name"),
        order: sent.owned("order"),
    };
    let secrets = &*sent.state.secrets;
    usecase::simulate_parcel(&sent.ports(), secrets, sent.viewer()?, &input).await?;
    sent.state.wakes.ingester.notify_one();
    let pairs = [("brand", sent.text("brand")), (DONE, "simulated")];
    Ok(Done::See(route::with_query(route::MESSAGES, &pairs)))
}
