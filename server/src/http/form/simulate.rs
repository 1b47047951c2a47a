//! `/simulate`

use super::{Done, Outcome, Sent};
use app::form::DONE;
use app::route;
use dispatch::usecase::{self, SimulateParcel};
use std::sync::Arc;

/// Sends a parcel on its way; the same page shows what becomes of it.
pub async fn submit(sent: Arc<Sent>) -> Outcome {
    let input = SimulateParcel {
        brand: sent.owned("brand"),
        journey: sent.owned("journey"),
        statuses: sent.all("status"),
        phone: sent.owned("phone"),
        country: sent.owned("country"),
        language: sent.owned("language"),
        name: sent.owned("name"),
        order: sent.owned("order"),
    };
    let secrets = &*sent.state.secrets;
    let parcel = usecase::simulate_parcel(&sent.ports(), secrets, sent.viewer()?, &input).await?;
    sent.state.wakes.ingester.ring();
    let pairs = [
        (DONE, "simulated"),
        ("brand", sent.text("brand")),
        ("order", parcel.order.as_str()),
        ("country", sent.text("country")),
    ];
    Ok(Done::See(route::with_query(route::SIMULATE, &pairs)))
}
