//! `/tracking`: the channel's master switch and the matrix.

use super::{Done, Outcome, Sent, cells, unknown_act};
use app::act;
use dispatch::brand::BrandState;
use dispatch::channel::Channel;
use dispatch::country::Country;
use dispatch::error::Error;
use dispatch::id::ChangeId;
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
            // What was accepted must be the words that are kept.
            if input.text_version != act::TERMS_VERSION {
                return Err(Error::invalid("accept_terms", "terms_changed").into());
            }
            let tells = usecase::activate_channel(&ports, viewer, &input).await?;
            Ok(sent.same_page(if tells { "activated" } else { "activated_quiet" }))
        }
        act::RESUME => {
            let words = act::TERMS_VERSION;
            let tells = usecase::resume_channel(&ports, viewer, &brand, &channel, words).await?;
            Ok(sent.same_page(if tells { "activated" } else { "activated_quiet" }))
        }
        act::DEACTIVATE => {
            usecase::deactivate_channel(&ports, viewer, &brand, &channel).await?;
            Ok(sent.same_page("deactivated"))
        }
        // Only a look at what it would mean, or a row that is staged beside the rest.
        act::SAVE_MATRIX if act::LOOKS.iter().any(|field| sent.ticked(field)) => {
            sent.own_brand(&brand)?;
            if sent.ticked(act::ADD) {
                let named = sent.text("country");
                let reason = if named.is_empty() { "required" } else { "unknown" };
                named.parse::<Country>().map_err(|_| Error::invalid("country", reason))?;
            }
            Ok(Done::Again)
        }
        act::SAVE_MATRIX => {
            let input = SaveMatrix {
                brand,
                channel,
                version: sent.owned("version"),
                rows: sent.all("row"),
                countries: sent.all("on"),
                cells: cells(&sent.all("cell"))?,
                removed: sent.all("remove"),
                kind: sent.owned("kind"),
                of: sent.owned("of"),
            };
            let saved = usecase::save_matrix(&ports, viewer, &input).await?;
            Ok(told(&sent, "matrix_saved", saved.change))
        }
        act::UNDO => {
            let change = sent.text("change");
            usecase::undo_change(&ports, viewer, &brand, &channel, change).await?;
            Ok(told(&sent, "undone", None))
        }
        _ => unknown_act(),
    }
}

/// The same board, which says what was done and offers to take the change back.
fn told(sent: &Sent, done: &str, change: Option<ChangeId>) -> Done {
    let change = change.map(|id| id.to_string()).unwrap_or_default();
    sent.same_page_with(done, &[("change", &change)])
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
