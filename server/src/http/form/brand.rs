//! `/settings/brands/*`

use super::{Outcome, Sent, unknown_act};
use app::{act, route};
use dispatch::brand::BrandState;
use dispatch::error::Error;
use dispatch::usecase::{self, ConnectSender, SaveBrand, SaveQuietHours};
use std::sync::Arc;

/// `/settings/brands/new`
pub async fn create(sent: Arc<Sent>) -> Outcome {
    let id = usecase::save_brand(&sent.ports(), sent.viewer()?, &input(&sent, None)).await?;
    Ok(Sent::page(&route::brand(id), "created"))
}

/// `/settings/brands/{id}`
pub async fn submit(sent: Arc<Sent>) -> Outcome {
    let (viewer, brand) = (sent.viewer()?, sent.path("id"));
    let store = &*sent.state.store;
    match sent.act() {
        act::SAVE => {
            let input = input(&sent, Some(brand.to_owned()));
            usecase::save_brand(&sent.ports(), viewer, &input).await?;
            Ok(sent.same_page("saved"))
        }
        act::SAVE_HOURS => {
            let input = SaveQuietHours {
                brand: brand.to_owned(),
                version: sent.owned("version"),
                on: sent.ticked("quiet_on"),
                from: sent.owned("quiet_from"),
                until: sent.owned("quiet_until"),
                days: sent.all("quiet_day"),
                urgent: sent.all("quiet_urgent"),
            };
            usecase::save_quiet_hours(&sent.ports(), viewer, &input).await?;
            Ok(sent.same_page("saved"))
        }
        act::ARCHIVE => {
            usecase::archive_brand(store, viewer, brand, BrandState::Archived).await?;
            Ok(sent.same_page("archived"))
        }
        act::RESTORE => {
            usecase::archive_brand(store, viewer, brand, BrandState::Active).await?;
            Ok(sent.same_page("restored"))
        }
        act::CONNECT_SANDBOX => {
            // Where no sandbox runs, no page offers its numbers.
            if sent.state.site.sandbox_url.is_none() {
                return Err(Error::NotFound.into());
            }
            let secrets = &*sent.state.secrets;
            usecase::connect_sandbox_sender(&sent.ports(), secrets, viewer, brand).await?;
            sent.state.wakes.subscriber.notify_one();
            Ok(sent.same_page("saved"))
        }
        act::CONNECT_SENDER => {
            let input = ConnectSender {
                brand: brand.to_owned(),
                phone_number_id: sent.owned("phone_number_id"),
                waba_id: sent.owned("waba_id"),
                display_number: sent.owned("display_number"),
                access_token: sent.secret("access_token"),
                app_secret: sent.secret("app_secret"),
                verify_token: sent.secret("verify_token"),
            };
            usecase::connect_sender(&sent.ports(), viewer, &input).await?;
            sent.state.wakes.subscriber.notify_one();
            Ok(sent.same_page("saved"))
        }
        _ => unknown_act(),
    }
}

fn input(sent: &Sent, brand: Option<String>) -> SaveBrand {
    SaveBrand {
        brand,
        name: sent.owned("name"),
        language: sent.owned("language"),
        whatsapp_number: sent.owned("whatsapp_number"),
        version: sent.owned("version"),
    }
}
