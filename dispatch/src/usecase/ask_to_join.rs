//! Somebody signs up on a brand's page. Nothing counts before their number has sent the code.

use super::{Ports, filled, parse};
use crate::consent::{Purpose, ReadPhone};
use crate::country::Country;
use crate::error::{Error, Result};
use crate::id::JoinId;
use crate::join::{Agreed, JOIN_GOOD_FOR, JoinCode, JoinRequest};
use crate::view::FaceView;

/// What the form asks.
#[derive(Debug, Clone, Default)]
pub struct AskToJoin {
    /// The number as it was typed.
    pub phone: String,
    /// For numbers without their country's code; may be empty.
    pub country: String,
    /// What was ticked: purposes.
    pub purposes: Vec<String>,
    /// The mark of the words that were read ([`JoinWords::mark`]).
    pub read: String,
}

/// The page's words in the visitor's language.
#[derive(Debug, Clone, Copy)]
pub struct JoinWords<'a> {
    /// Beside the box of the news.
    pub tracking: &'a str,
    /// Beside the box of advertising.
    pub marketing: &'a str,
    /// Version and language.
    pub version: &'a str,
    /// Tells these words from all others.
    pub mark: &'a str,
}

/// Keeps what was agreed to, for two days. What comes back is the same whoever the number belongs to.
///
/// # Errors
/// `Invalid` on the field; on `read` when other words stood on the page than would be kept.
pub async fn ask_to_join(
    ports: &Ports<'_>,
    read_phone: ReadPhone,
    face: &FaceView,
    words: JoinWords<'_>,
    input: &AskToJoin,
) -> Result<JoinRequest> {
    let typed = filled(&input.phone).ok_or(Error::invalid("phone", "required"))?;
    let country = match filled(&input.country) {
        Some(code) => Some(parse::<Country>("country", code)?),
        None => None,
    };
    let address = read_phone(typed, country).ok_or(Error::invalid("phone", "phone"))?;
    let ticked = |purpose: &&Purpose| input.purposes.iter().any(|word| word == purpose.word());
    let agreed: Vec<Agreed> = Purpose::ALL
        .iter()
        .filter(ticked)
        .map(|purpose| {
            let text = match purpose {
                Purpose::Tracking => words.tracking,
                Purpose::Marketing => words.marketing,
            };
            Agreed { purpose: *purpose, text: text.to_owned() }
        })
        .collect();
    if agreed.is_empty() {
        return Err(Error::invalid("purpose", "required"));
    }
    if input.read != words.mark {
        return Err(Error::invalid("read", "changed"));
    }
    let now = ports.now();
    let request = JoinRequest {
        id: JoinId::mint(now, ports.ids),
        brand: face.brand,
        code: JoinCode::mint(ports.ids),
        agreed,
        text_version: words.version.to_owned(),
        asked_at: now,
        expires_at: now.plus(JOIN_GOOD_FOR),
        confirmed_at: None,
    };
    ports.store.ask_to_join(face.account, &address, &request).await?;
    Ok(request)
}
