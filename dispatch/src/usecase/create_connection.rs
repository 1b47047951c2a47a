//! An event source is connected.

use super::{Ports, filled, parse, parse_id};
use crate::error::{Error, Result};
use crate::id::ConnectionId;
use crate::port::{NewConnection, Secrets};
use crate::source::{Proof, Secret, Source};
use crate::tenant::{Permission, Viewer};

/// How many keys a connection accepts at a time: the current one and the one before it.
const KEYS: usize = 2;

/// What the form and the API ask.
#[derive(Debug, Clone, Default)]
pub struct CreateConnection {
    /// For which brand.
    pub brand: String,
    /// From what.
    pub source: String,
    /// The header that carries a fixed value; none for the source's signature.
    pub header: Option<String>,
    /// Keys the source made, current first; empty to have one made.
    pub secrets: Vec<String>,
}

/// The new connection.
#[derive(Debug, Clone)]
pub struct Connected {
    /// Which.
    pub id: ConnectionId,
    /// From what.
    pub source: Source,
    /// The key that was made, to be shown once; none when the merchant brought their own.
    pub made: Option<Secret>,
}

/// Connects a source to a brand.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on the field.
pub async fn create_connection(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    viewer: &Viewer,
    input: &CreateConnection,
) -> Result<Connected> {
    viewer.need(Permission::Edit)?;
    let source: Source = parse("source", &input.source)?;
    if source == Source::Lookout {
        return Err(Error::invalid("source", "unknown"));
    }
    filled(&input.brand).ok_or(Error::invalid("brand", "required"))?;
    let brand = parse_id(&input.brand)?;
    let proof = match &input.header {
        None => Proof::Signature,
        Some(name) => Proof::Header(parse_header(name)?),
    };
    let mut keys =
        input.secrets.iter().map(|s| Secret::parse("secret", s)).collect::<Result<Vec<_>>>()?;
    if keys.len() > KEYS {
        return Err(Error::invalid("secrets", "too_long"));
    }
    let made = keys.is_empty().then(|| secrets.token(""));
    keys.extend(made.clone());
    let now = ports.now();
    let new = NewConnection {
        id: ConnectionId::mint(now, ports.ids),
        brand,
        source,
        proof,
        secrets: keys,
        at: now,
    };
    ports.store.create_connection(viewer.account, &new).await?;
    Ok(Connected { id: new.id, source, made })
}

/// The name of a header as HTTP spells it, in lower case.
fn parse_header(text: &str) -> Result<String> {
    let name = filled(text).ok_or(Error::invalid("header", "required"))?.to_ascii_lowercase();
    let spelled = name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    // Headers that every request carries prove nothing.
    let common = matches!(
        name.as_str(),
        "host" | "content-type" | "content-length" | "user-agent" | "accept" | "connection"
    );
    if spelled && !common { Ok(name) } else { Err(Error::invalid("header", "format")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_proves_nothing_is_refused() {
        assert_eq!(parse_header(" X-Api-Key "), Ok("x-api-key".into()));
        for bad in ["", "Host", "x api", "x:y", "é"] {
            assert!(parse_header(bad).is_err(), "{bad}");
        }
    }
}
