//! A brand gets its own WhatsApp number to send from.

use super::{Ports, parse_id};
use crate::error::{Error, Result};
use crate::id::{BrandId, SenderId};
use crate::port::NewSender;
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
}

/// Connects the number; it replaces the brand's earlier sender. Whether the credentials are good shows
/// when the platform is told where receipts go, which happens next.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on the field.
pub async fn connect_sender(
    ports: &Ports<'_>,
    viewer: &Viewer,
    input: &ConnectSender,
) -> Result<SenderId> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(&input.brand)?;
    let new = NewSender {
        id: SenderId::mint(ports.now(), ports.ids),
        brand,
        phone_number_id: parse_platform_id("phone_number_id", &input.phone_number_id)?,
        waba_id: parse_platform_id("waba_id", &input.waba_id)?,
        display_number: parse_name("display_number", &input.display_number)?,
        access_token: Secret::parse_long("access_token", input.access_token.expose())?,
        app_secret: Secret::parse("app_secret", input.app_secret.expose())?,
        verify_token: Secret::parse("verify_token", input.verify_token.expose())?,
        sandbox: false,
        knows_library: false,
    };
    ports.store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;
    ports.store.connect_sender(viewer.account, &new, ports.now()).await?;
    Ok(new.id)
}

/// The platform's ids are digits.
fn parse_platform_id(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        Err(Error::invalid(field, "required"))
    } else if text.len() > 32 || !text.bytes().all(|b| b.is_ascii_digit()) {
        Err(Error::invalid(field, "format"))
    } else {
        Ok(text.to_owned())
    }
}
