//! A brand is made or changed.

use super::{Ports, filled, parse_id};
use crate::error::{Error, Result};
use crate::id::BrandId;
use crate::language::Language;
use crate::port::NewBrand;
use crate::tenant::{Permission, Viewer, parse_name};

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
    /// The version that was changed.
    pub version: String,
}

/// Makes a brand, or changes one that nobody changed meanwhile.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict`; `Invalid` on the field.
pub async fn save_brand(ports: &Ports<'_>, viewer: &Viewer, input: &SaveBrand) -> Result<BrandId> {
    viewer.need(Permission::Edit)?;
    let new = NewBrand {
        name: parse_name("name", &input.name)?,
        language: input.language.parse::<Language>()?,
        whatsapp_number: parse_number(&input.whatsapp_number)?,
    };
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
