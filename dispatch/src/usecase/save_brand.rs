//! A brand is made or changed.

use super::{Ports, filled, parse_id, parse_own_name};
use crate::error::{Error, Faults, Result};
use crate::id::BrandId;
use crate::language::Language;
use crate::port::NewBrand;
use crate::tenant::{Permission, Viewer, is_bidi_control, parse_email};

/// What the form asks.
#[derive(Debug, Clone, Default)]
pub struct SaveBrand {
    /// Which; none makes one.
    pub brand: Option<String>,
    /// Its name.
    pub name: String,
    /// Its default language.
    pub language: String,
    /// The number customers may write to; may be empty.
    pub whatsapp_number: String,
    /// Its colour; may be empty.
    pub color: String,
    /// Where customers may ask by e-mail; may be empty.
    pub support_email: String,
    /// Where customers may ask on the web; may be empty.
    pub support_url: String,
    /// The shop's own privacy policy; may be empty.
    pub privacy_url: String,
    /// The version that was changed.
    pub version: String,
}

/// Makes a brand, or changes one that nobody changed meanwhile.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict`; `Invalid` or `Several` on the fields.
pub async fn save_brand(ports: &Ports<'_>, viewer: &Viewer, input: &SaveBrand) -> Result<BrandId> {
    viewer.need(Permission::Edit)?;
    let new = read(input)?;
    let Some(brand) = &input.brand else {
        let (id, now) = (BrandId::mint(ports.now(), ports.ids), ports.now());
        ports.store.create_brand(viewer.account, id, &new, now).await?;
        return Ok(id);
    };
    let id: BrandId = parse_id(brand)?;
    let version = input.version.trim().parse().map_err(|_| Error::Conflict)?;
    ports.store.update_brand(viewer.account, id, version, &new).await?;
    Ok(id)
}

fn read(input: &SaveBrand) -> Result<NewBrand> {
    let mut faults = Faults::default();
    let name = faults.read(parse_own_name("name", &input.name));
    let language = faults.read(input.language.parse::<Language>());
    let whatsapp_number = faults.read(parse_number(&input.whatsapp_number));
    let color = faults.read(filled(&input.color).map(str::parse).transpose());
    let support_email = filled(&input.support_email).map(parse_support_email).transpose();
    let support_email = faults.read(support_email);
    let support_url = faults.read(parse_url("support_url", &input.support_url));
    let privacy_url = faults.read(parse_url("privacy_url", &input.privacy_url));
    let (Some(name), Some(language)) = (name, language) else { return Err(faults.told()) };
    faults.over()?;
    Ok(NewBrand {
        name,
        language,
        whatsapp_number: whatsapp_number.flatten(),
        color: color.flatten(),
        support_email: support_email.flatten(),
        support_url: support_url.flatten(),
        privacy_url: privacy_url.flatten(),
    })
}

fn parse_support_email(text: &str) -> Result<String> {
    parse_email(text).map_err(|_| Error::invalid("support_email", "email"))
}

/// An address customers can open: encrypted, of a host with a dot, short enough for a message.
fn parse_url(field: &'static str, text: &str) -> Result<Option<String>> {
    let Some(text) = filled(text) else { return Ok(None) };
    let bad = || Error::invalid(field, "https");
    let rest = text.strip_prefix("https://").ok_or_else(bad)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let readable = text.len() <= 300
        && text.chars().all(|c| {
            !c.is_whitespace()
                && !c.is_control()
                && !is_bidi_control(c)
                && !"<>\"\\^`{|}".contains(c)
        })
        && !host.contains('@')
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.');
    if readable { Ok(Some(text.to_owned())) } else { Err(bad()) }
}

/// A number as people write it, without its spaces; with its country, because customers everywhere
/// read it.
fn parse_number(text: &str) -> Result<Option<String>> {
    let Some(text) = filled(text) else { return Ok(None) };
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '(' | ')'))
        .collect();
    let number = bare.strip_prefix("00").map_or_else(|| bare.clone(), |rest| format!("+{rest}"));
    let readable = number.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    });
    if readable { Ok(Some(number)) } else { Err(Error::invalid("whatsapp_number", "phone")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_customers_may_ask_is_an_address_they_can_open() {
        assert!(parse_url("support_url", "https://lune.example/aide?x=1").is_ok());
        for text in [
            "http://lune.example",
            "https://lune",
            "https://a@lune.example",
            "javascript:alert(1)",
            "https://lune.example/<b>",
            "https://lune.example/\u{202e}",
            "https://.example",
        ] {
            assert_eq!(
                parse_url("support_url", text),
                Err(Error::invalid("support_url", "https")),
                "{text}"
            );
        }
        let long = format!("https://lune.example/{}", "a".repeat(100_000));
        assert!(parse_url("support_url", &long).is_err());
        assert!(parse_support_email("ada@").is_err() && parse_support_email("a@b.example").is_ok());
        assert_eq!(parse_own_name("name", "Support"), Err(Error::invalid("name", "generic")));
    }

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for text in ["+33 6 12 34 56 78", "0033612345678", "+33 (6) 12-34.56.78"] {
            assert_eq!(parse_number(text), Ok(Some("+33612345678".into())), "{text}");
        }
        assert_eq!(parse_number("  "), Ok(None));
        for text in ["06 12 34 56 78", "+33", "+33 6 12 ab", "+1234567890123456"] {
            assert!(parse_number(text).is_err(), "{text}");
        }
    }
}
