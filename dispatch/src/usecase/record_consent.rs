//! The shop writes down what a customer said: a member by hand, or its own system.

use super::{Ports, filled, parse, parse_id};
use crate::channel::Channel;
use crate::consent::{
    ConsentKind, ConsentRecord, ConsentSource, Purpose, ReadPhone, channels_of, parse_words,
};
use crate::country::Country;
use crate::error::{Error, Faults, Result};
use crate::id::{BrandId, ConsentId};
use crate::tenant::{Permission, Viewer, parse_email};
use crate::time::Timestamp;

/// What the form and the API ask.
#[derive(Debug, Clone, Default)]
pub struct RecordConsent {
    /// Of which brand.
    pub brand: String,
    /// The number as it was typed, or an e-mail address.
    pub phone: String,
    /// For numbers without their country's code; may be empty.
    pub country: String,
    /// On which channel; empty means WhatsApp for a yes and every channel of the address for a no.
    pub channel: String,
    /// About what; empty means the news for a yes and everything for a no.
    pub purpose: String,
    /// `opt_in` or `opt_out`.
    pub kind: String,
    /// Where the shop collected it; may be empty.
    pub origin: String,
    /// The words the person agreed to, or why the member writes this down.
    pub text: String,
    /// The version of those words; may be empty.
    pub text_version: String,
    /// What shows it; may be empty.
    pub proof: String,
    /// When it was said; empty means now.
    pub at: String,
}

/// Records it; effective with the commit. Answers what was written, one record for each channel and purpose.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` or `Several` on the fields. A yes against the person's own no is `Invalid` on `kind`.
pub async fn record_consent(
    ports: &Ports<'_>,
    viewer: &Viewer,
    read_phone: ReadPhone,
    source: ConsentSource,
    input: &RecordConsent,
) -> Result<Vec<ConsentRecord>> {
    viewer.need(Permission::Edit)?;
    filled(&input.brand).ok_or(Error::invalid("brand", "required"))?;
    let brand: BrandId = parse_id(&input.brand)?;
    let now = ports.now();
    let mut faults = Faults::default();
    let address = faults.read(address(input, read_phone));
    let kind = faults.read(kind(&input.kind));
    let text = parse_words("text", &input.text);
    let text = faults.read(text.and_then(|text| text.ok_or(Error::invalid("text", "required"))));
    let origin = faults.read(parse_words("origin", &input.origin));
    let text_version = faults.read(parse_words("text_version", &input.text_version));
    let proof = faults.read(parse_words("proof", &input.proof));
    let at = faults.read(filled(&input.at).map_or(Ok(now), |text| said_at(text, now)));
    let (Some(address), Some(kind), Some(text), Some(at)) = (address, kind, text, at) else {
        return Err(faults.told());
    };
    let channels = faults.read(channels(input, &address, kind));
    let purposes = faults.read(purposes(input, kind));
    let (Some(channels), Some(purposes)) = (channels, purposes) else {
        return Err(faults.told());
    };
    faults.over()?;
    let sample = ConsentRecord {
        origin: origin.flatten(),
        text,
        text_version: text_version.flatten(),
        proof: proof.flatten(),
        user: viewer.user,
        at,
        ..ConsentRecord::new(
            ConsentId::mint(now, ports.ids),
            brand,
            channels.first().copied().unwrap_or(Channel::Whatsapp),
            &address,
            kind,
            source,
            now,
        )
    };
    ports.store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;
    if kind == ConsentKind::OptIn {
        let out = ports.store.own_opt_outs(viewer.account, brand, &[address]).await?;
        let refused = out.iter().any(|(_, c, p)| channels.contains(c) && purposes.contains(p));
        if refused {
            return Err(Error::invalid("kind", "opted_out"));
        }
    }
    let mut records = Vec::new();
    for channel in channels {
        for purpose in &purposes {
            let id = ConsentId::mint(now, ports.ids);
            records.push(ConsentRecord { id, channel, purpose: *purpose, ..sample.clone() });
        }
    }
    ports.store.record_consents(viewer.account, &records).await?;
    Ok(records)
}

fn address(input: &RecordConsent, read_phone: ReadPhone) -> Result<String> {
    let typed = filled(&input.phone).ok_or(Error::invalid("phone", "required"))?;
    let country = match filled(&input.country) {
        Some(code) => Some(parse::<Country>("country", &code.to_uppercase())?),
        None => None,
    };
    if typed.contains('@') {
        return parse_email(typed).map_err(|_| Error::invalid("phone", "email"));
    }
    read_phone(typed, country).ok_or(Error::invalid("phone", "phone"))
}

fn kind(word: &str) -> Result<ConsentKind> {
    match parse("kind", word)? {
        // What a person chose is theirs to say.
        ConsentKind::Choice | ConsentKind::TakenBack => Err(Error::invalid("kind", "unknown")),
        kind => Ok(kind),
    }
}

fn channels(input: &RecordConsent, address: &str, kind: ConsentKind) -> Result<Vec<Channel>> {
    let reached = channels_of(address);
    match filled(&input.channel) {
        Some(word) => {
            let channel: Channel = parse("channel", word)?;
            if reached.contains(&channel) {
                Ok(vec![channel])
            } else {
                Err(Error::invalid("channel", "unknown"))
            }
        }
        None if kind == ConsentKind::OptOut => Ok(reached.to_vec()),
        None => Ok(reached.iter().copied().take(1).collect()),
    }
}

fn purposes(input: &RecordConsent, kind: ConsentKind) -> Result<Vec<Purpose>> {
    match filled(&input.purpose) {
        Some(word) => Ok(vec![parse("purpose", word)?]),
        None => Ok(Purpose::meant_by(kind).to_vec()),
    }
}

/// Reads when something was said: not in the future, where no proof can come from.
fn said_at(text: &str, now: Timestamp) -> Result<Timestamp> {
    let at: Timestamp = text.parse().map_err(|_| Error::invalid("at", "time"))?;
    if at > now { Err(Error::invalid("at", "future")) } else { Ok(at) }
}
