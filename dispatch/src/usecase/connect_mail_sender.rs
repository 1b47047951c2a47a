//! A brand gets an address for mail.

use super::{Ports, parse_id};
use crate::channel::Channel;
use crate::error::{Error, Result};
use crate::id::{BrandId, SenderId};
use crate::port::{NewSender, Secrets};
use crate::tenant::{Permission, Viewer};

/// Connects an address; it replaces the brand's earlier one. Which addresses the operator's mail server sends for is
/// known only when it is tried.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on `mail_from`.
pub async fn connect_mail_sender(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    viewer: &Viewer,
    brand: &str,
    from: &str,
) -> Result<SenderId> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(brand)?;
    ports.store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;
    let from = parse_from(from)?;
    let new = NewSender {
        id: SenderId::mint(ports.now(), ports.ids),
        channel: Channel::Email,
        brand,
        phone_number_id: from.clone(),
        waba_id: String::new(),
        display_number: from,
        access_token: secrets.token(""),
        app_secret: secrets.token(""),
        verify_token: secrets.token(""),
        sandbox: false,
        knows_library: false,
    };
    ports.store.connect_sender(viewer.account, &new, ports.now()).await?;
    Ok(new.id)
}

/// A plain address in ASCII: what every mail server takes.
fn parse_from(text: &str) -> Result<String> {
    let text = text.trim();
    let fits = text.split_once('@').is_some_and(|(name, domain)| {
        let letters = |text: &str, more: &[u8]| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || more.contains(&b))
        };
        letters(name, b".+-_") && letters(domain, b".-") && domain.contains('.')
    });
    if text.is_empty() {
        Err(Error::invalid("mail_from", "required"))
    } else if !fits || text.len() > 200 || text.contains("..") {
        Err(Error::invalid("mail_from", "email"))
    } else {
        Ok(text.to_lowercase())
    }
}
