//! A brand gets its own WhatsApp number to send from.

use super::{Ports, parse_id};
use crate::channel::Channel;
use crate::error::{Error, Faults, Result};
use crate::id::{BrandId, SenderId};
use crate::port::{NewSender, Provider, ReachNews};
use crate::source::Secret;
use crate::tenant::{Permission, Viewer, parse_name};

/// What the form asks: the values as the platform shows them.
#[derive(Debug, Clone)]
pub struct ConnectSender {
    /// Of which brand.
    pub brand: String,
    /// The platform's id of the number.
    pub phone_number_id: String,
    /// The platform's id of the business account.
    pub waba_id: String,
    /// The number as people read it.
    pub display_number: String,
    /// Bearer token.
    pub access_token: Secret,
    /// Signs callbacks.
    pub app_secret: Secret,
    /// Answers the handshake.
    pub verify_token: Secret,
    /// Whether to connect without asking the platform first.
    pub untested: bool,
}

/// Connects the number after its provider has said that it can be sent from; it replaces the brand's
/// earlier sender, which goes on while this one is refused. `callback` is where a sender's receipts have to
/// go, without its id.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` or `Several` on what cannot be read, `Invalid` on the field that the provider refuses, or on `untested` when it did not
/// answer.
pub async fn connect_sender(
    ports: &Ports<'_>,
    provider: &dyn Provider,
    viewer: &Viewer,
    input: &ConnectSender,
    callback: &str,
) -> Result<SenderId> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(&input.brand)?;
    ports.store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;
    let mut faults = Faults::default();
    let phone_number_id = faults.read(parse_platform_id("phone_number_id", &input.phone_number_id));
    let waba_id = faults.read(parse_platform_id("waba_id", &input.waba_id));
    let display_number = faults.read(parse_name("display_number", &input.display_number));
    let access_token = Secret::parse_long("access_token", input.access_token.expose());
    let access_token = faults.read(access_token);
    let app_secret = faults.read(Secret::parse("app_secret", input.app_secret.expose()));
    let verify_token = faults.read(Secret::parse("verify_token", input.verify_token.expose()));
    let ids = (phone_number_id, waba_id, display_number);
    let (
        (Some(phone_number_id), Some(waba_id), Some(display_number)),
        (Some(access_token), Some(app_secret), Some(verify_token)),
    ) = (ids, (access_token, app_secret, verify_token))
    else {
        return Err(faults.told());
    };
    let new = NewSender {
        id: SenderId::mint(ports.now(), ports.ids),
        channel: Channel::Whatsapp,
        brand,
        phone_number_id,
        waba_id,
        display_number,
        access_token,
        app_secret,
        verify_token,
        sandbox: false,
        knows_library: false,
    };
    let mut told = ReachNews::default();
    if !input.untested {
        let access = new.access(viewer.account);
        let check = provider.check(&access, &format!("{callback}/{}", new.id)).await;
        check.accept()?;
        told = ReachNews::of(&check);
    }
    let now = ports.now();
    ports.store.connect_sender(viewer.account, &new, now).await?;
    if !told.is_empty() {
        ports.store.hear_reach(viewer.account, new.id, &told, now).await?;
    }
    Ok(new.id)
}

/// The platform's ids are digits.
fn parse_platform_id(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        Err(Error::invalid(field, "required"))
    } else if !(5..=20).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        Err(Error::invalid(field, "platform_id"))
    } else {
        Ok(text.to_owned())
    }
}
