//! `/settings/brands/*`

use super::{Outcome, Refusal, Sent, unknown_act};
use crate::logo::{self, Picture};
use app::{act, route};
use dispatch::brand::BrandState;
use dispatch::channel::Channel;
use dispatch::error::Error;
use dispatch::tenant::Permission;
use dispatch::usecase::{
    self, CascadeRow, ConnectSender, ConnectSmsSender, SaveBrand, SaveCascades,
    SaveCountryLanguages, SaveQuietHours, SaveTiming,
};
use std::sync::Arc;

/// `/settings/brands/new`
pub async fn create(sent: Arc<Sent>) -> Outcome {
    let viewer = sent.viewer()?;
    viewer.need(Permission::Edit)?;
    // Looked at before anything is made: what was typed is still there when it is refused.
    let file = logo(&sent).await?;
    let id = usecase::save_brand(&sent.ports(), viewer, &input(&sent, None)).await?;
    if let Some(file) = file {
        let logo = file.of(id);
        usecase::set_logo(&sent.ports(), viewer, &id.to_string(), Some(&logo)).await?;
    }
    Ok(Sent::page(&route::brand(id), "created"))
}

/// `/settings/brands/{id}`
pub async fn submit(sent: Arc<Sent>) -> Outcome {
    let (viewer, brand) = (sent.viewer()?, sent.path("id"));
    let store = &*sent.state.store;
    match sent.act() {
        act::SAVE => {
            viewer.need(Permission::Edit)?;
            let file = logo(&sent).await?;
            let input = input(&sent, Some(brand.to_owned()));
            let id = usecase::save_brand(&sent.ports(), viewer, &input).await?;
            let logo = file.map(|file| file.of(id));
            if logo.is_some() || sent.ticked("remove_logo") {
                usecase::set_logo(&sent.ports(), viewer, brand, logo.as_ref()).await?;
            }
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
        act::SAVE_TIMING => {
            let input = SaveTiming {
                brand: brand.to_owned(),
                version: sent.owned("version"),
                cap_on: sent.ticked("cap_on"),
                cap_order: sent.owned("cap_order"),
                cap_day: sent.owned("cap_day"),
                merge_on: sent.ticked("merge_on"),
                merge_minutes: sent.owned("merge_minutes"),
                late_on: sent.ticked("late_on"),
                late_expected: sent.ticked("late_expected"),
                late_hours: sent.owned("late_hours"),
            };
            usecase::save_timing(&sent.ports(), &*sent.state.secrets, viewer, &input).await?;
            Ok(sent.same_page("saved"))
        }
        act::SAVE_LANGUAGES => {
            let input = SaveCountryLanguages {
                brand: brand.to_owned(),
                version: sent.owned("version"),
                languages: sent.all("land").into_iter().zip(sent.all("reads")).collect(),
            };
            usecase::save_country_languages(&sent.ports(), viewer, &input).await?;
            Ok(sent.same_page("saved"))
        }
        act::SAVE_CASCADES => {
            let column = |name: &str| sent.all(name);
            let (of, first, beside) = (column("of"), column("first"), column("beside"));
            let then = [column("then_1"), column("then_2")];
            let after = [column("after_1"), column("after_2")];
            let at = |all: &[String], place: usize| all.get(place).cloned().unwrap_or_default();
            let row = |place: usize| CascadeRow {
                of: at(&of, place),
                first: at(&first, place),
                then: [0, 1].map(|step| (at(&then[step], place), at(&after[step], place))),
                beside: at(&beside, place),
            };
            let input = SaveCascades {
                brand: brand.to_owned(),
                version: sent.owned("version"),
                rows: (0..of.len()).map(row).collect(),
            };
            usecase::save_cascades(&sent.ports(), viewer, &input).await?;
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
            let channel = sent.text("channel").parse().unwrap_or(Channel::Whatsapp);
            usecase::connect_sandbox_sender(&sent.ports(), secrets, viewer, brand, channel).await?;
            sent.state.wakes.subscriber.ring();
            Ok(sent.same_page("saved"))
        }
        act::SAVE_RESERVE => {
            usecase::save_reserve(&sent.ports(), viewer, brand, sent.text("reserve")).await?;
            Ok(sent.same_page("saved"))
        }
        act::CHECK_SENDER => {
            let (provider, callback) = (&*sent.state.provider, callback(&sent));
            usecase::check_sender(&sent.ports(), provider, viewer, brand, &callback).await?;
            // What was not subscribed is tried again at once.
            sent.state.wakes.subscriber.ring();
            Ok(sent.same_page("checked"))
        }
        act::CONNECT_SMS => {
            let input = ConnectSmsSender {
                brand: brand.to_owned(),
                account: sent.owned("sms_account"),
                token: sent.secret("sms_token"),
                from: sent.owned("sms_from"),
                untested: sent.ticked("untested"),
            };
            let (provider, secrets) = (&*sent.state.provider, &*sent.state.secrets);
            let callback = format!("{}/callbacks/sms", sent.state.site.base_url);
            let ports = sent.ports();
            usecase::connect_sms_sender(&ports, provider, secrets, viewer, &input, &callback)
                .await?;
            sent.state.wakes.subscriber.ring();
            Ok(sent.same_page("saved"))
        }
        act::CONNECT_MAIL => {
            let (secrets, from) = (&*sent.state.secrets, sent.owned("mail_from"));
            usecase::connect_mail_sender(&sent.ports(), secrets, viewer, brand, &from).await?;
            sent.state.wakes.subscriber.ring();
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
                untested: sent.ticked("untested"),
            };
            let (provider, callback) = (&*sent.state.provider, callback(&sent));
            usecase::connect_sender(&sent.ports(), provider, viewer, &input, &callback).await?;
            sent.state.wakes.subscriber.ring();
            Ok(sent.same_page("saved"))
        }
        _ => unknown_act(),
    }
}

/// Where receipts of senders have to go, without a sender's id.
fn callback(sent: &Sent) -> String {
    format!("{}/callbacks/whatsapp", sent.state.site.base_url)
}

/// The picture that was chosen, made small; none when none was.
async fn logo(sent: &Sent) -> Result<Option<Picture>, Refusal> {
    match sent.file("logo") {
        Some(file) => Ok(Some(logo::of_upload(file.to_vec()).await?)),
        None => Ok(None),
    }
}

fn input(sent: &Sent, brand: Option<String>) -> SaveBrand {
    SaveBrand {
        brand,
        name: sent.owned("name"),
        language: sent.owned("language"),
        whatsapp_number: sent.owned("whatsapp_number"),
        color: sent.owned("color"),
        support_email: sent.owned("support_email"),
        support_url: sent.owned("support_url"),
        privacy_url: sent.owned("privacy_url"),
        version: sent.owned("version"),
    }
}
