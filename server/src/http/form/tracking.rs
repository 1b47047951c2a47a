//! `/tracking`: the channel's master switch and the matrix.

use super::{Outcome, Sent, cells, unknown_act};
use app::act;
use dispatch::brand::BrandState;
use dispatch::channel::Channel;
use dispatch::usecase::{self, ActivateChannel, SaveMatrix};
use std::sync::Arc;

/// `/tracking?brand=&channel=`
pub async fn submit(sent: Arc<Sent>) -> Outcome {
    let viewer = sent.viewer()?;
    let (brand, channel) = (brand(&sent)?, channel(&sent));
    let ports = sent.ports();
    match sent.act() {
        act::ACTIVATE => {
            let input = ActivateChannel {
                brand,
                channel,
                accept_price: sent.ticked("accept_price"),
                accept_terms: sent.ticked("accept_terms"),
                basis: sent.owned("basis"),
                rate: sent.owned("rate"),
                text_version: sent.owned("text_version"),
                countries: sent.all("country"),
                cells: cells(&sent.all("cell"))?,
                ip: sent.address(),
            };
            usecase::activate_channel(&ports, viewer, &input).await?;
            Ok(sent.same_page("activated"))
        }
        act::DEACTIVATE => {
            usecase::deactivate_channel(&*sent.state.store, viewer, &brand, &channel).await?;
            Ok(sent.same_page("deactivated"))
        }
        act::ADD_COUNTRY => {
            let country = sent.text("country");
            usecase::add_country(&ports, viewer, &brand, &channel, country).await?;
            Ok(sent.same_page("country_added"))
        }
        act::REMOVE_COUNTRY => {
            let country = sent.text("country");
            usecase::remove_country(&ports, viewer, &brand, &channel, country).await?;
            Ok(sent.same_page("country_removed"))
        }
        act::SAVE_MATRIX => {
            let input = SaveMatrix {
                brand,
                channel,
                version: sent.owned("version"),
                rows: sent.all("row"),
                countries: sent.all("on"),
                cells: cells(&sent.all("cell"))?,
            };
            usecase::save_matrix(&ports, viewer, &input).await?;
            Ok(sent.same_page("matrix_saved"))
        }
        _ => unknown_act(),
    }
}

/// The brand the page shows: the query's, or else the one the page itself falls back to.
fn brand(sent: &Sent) -> Result<String, super::Refusal> {
    let named = sent.query("brand");
    if !named.is_empty() {
        return Ok(named);
    }
    let cookie = sent.cookie(app::request::BRAND_COOKIE).and_then(|id| id.parse().ok());
    let brands = &sent.guest()?.brands;
    let shown = brands
        .iter()
        .find(|brand| Some(brand.id) == cookie)
        .or_else(|| brands.iter().find(|brand| brand.state == BrandState::Active))
        .or_else(|| brands.first());
    Ok(shown.map(|brand| brand.id.to_string()).unwrap_or_default())
}

fn channel(sent: &Sent) -> String {
    match sent.query("channel") {
        none if none.is_empty() => Channel::Whatsapp.to_string(),
        named => named,
    }
}
