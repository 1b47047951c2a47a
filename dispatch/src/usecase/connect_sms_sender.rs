//! A brand gets a number, or a name, for text messages.

use super::{Ports, parse_id};
use crate::channel::Channel;
use crate::error::{Error, Faults, Result};
use crate::id::{BrandId, SenderId};
use crate::port::{NewSender, Provider, Secrets};
use crate::source::Secret;
use crate::tenant::{Permission, Viewer};

/// What the form asks.
#[derive(Debug, Clone)]
pub struct ConnectSmsSender {
    /// Of which brand.
    pub brand: String,
    /// The provider's id of the account.
    pub account: String,
    /// Signs requests and callbacks.
    pub token: Secret,
    /// A number with plus, a short code, a name of at most 11 characters, or a pool of numbers (`MG…`).
    pub from: String,
    /// Whether to connect without asking the provider first.
    pub untested: bool,
}

/// Connects it after the provider has let us in; it replaces the brand's earlier one. `callback` is where receipts have
/// to go, without its id.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` or `Several` on what cannot be read, `Invalid` on the field that the provider refuses, or on `untested` when it did not answer.
pub async fn connect_sms_sender(
    ports: &Ports<'_>,
    provider: &dyn Provider,
    secrets: &dyn Secrets,
    viewer: &Viewer,
    input: &ConnectSmsSender,
    callback: &str,
) -> Result<SenderId> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(&input.brand)?;
    ports.store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;
    let mut faults = Faults::default();
    let account = faults.read(parse_account(&input.account));
    let token = faults.read(Secret::parse("sms_token", input.token.expose()));
    let from = faults.read(parse_from(&input.from));
    let (Some(account), Some(token), Some(from)) = (account, token, from) else {
        return Err(faults.told());
    };
    let new = NewSender {
        id: SenderId::mint(ports.now(), ports.ids),
        channel: Channel::Sms,
        brand,
        phone_number_id: from.clone(),
        waba_id: account,
        display_number: from,
        access_token: token.clone(),
        // One token for both.
        app_secret: token,
        verify_token: secrets.token(""),
        sandbox: false,
        knows_library: false,
    };
    if !input.untested {
        let access = new.access(viewer.account);
        let check = provider.check(&access, &format!("{callback}/{}", new.id)).await;
        let named = |error| match error {
            Error::Invalid { field: "access_token", reason } => Error::invalid("sms_token", reason),
            Error::Invalid { field: "phone_number_id", reason } => {
                Error::invalid("sms_from", reason)
            }
            Error::Invalid { field: "waba_id", reason } => Error::invalid("sms_account", reason),
            other => other,
        };
        check.accept().map_err(named)?;
    }
    ports.store.connect_sender(viewer.account, &new, ports.now()).await?;
    Ok(new.id)
}

/// `AC` and 32 hexadecimal digits.
fn parse_account(text: &str) -> Result<String> {
    let text = text.trim();
    let fits = text.len() == 34
        && text.starts_with("AC")
        && text[2..].bytes().all(|byte| byte.is_ascii_hexdigit());
    match text {
        "" => Err(Error::invalid("sms_account", "required")),
        _ if !fits => Err(Error::invalid("sms_account", "sms_account")),
        _ => Ok(text.to_owned()),
    }
}

fn parse_from(text: &str) -> Result<String> {
    let text: String = text.trim().to_owned();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number: String = text.chars().filter(|c| !" .()-".contains(*c)).collect();
    let is_number =
        number.strip_prefix('+').is_some_and(|rest| digits(rest) && (8..=15).contains(&rest.len()));
    let is_pool = text.len() == 34 && text.starts_with("MG");
    let is_code = digits(&text) && (3..=8).contains(&text.len());
    let is_name = (1..=11).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b" -_&+".contains(&b))
        && text.bytes().any(|b| b.is_ascii_alphabetic());
    if text.is_empty() {
        Err(Error::invalid("sms_from", "required"))
    } else if is_number {
        Ok(number)
    } else if is_pool || is_code || is_name {
        Ok(text)
    } else {
        Err(Error::invalid("sms_from", "sms_from"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_codes_names_and_pools_can_send() {
        assert_eq!(parse_from(" +33 7 00 00 00 01 "), Ok("+33700000001".into()));
        for fine in ["MAISONLUNE", "Maison Lune", "36200", "MG0123456789abcdef0123456789abcdef"] {
            assert_eq!(parse_from(fine), Ok(fine.into()), "{fine}");
        }
        for wrong in ["Maison Lune Paris", "+33", "Été", "", "12"] {
            assert!(parse_from(wrong).is_err(), "{wrong}");
        }
    }
}
