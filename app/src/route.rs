//! Every path of the screens. Pages, mails and redirects build their links here and nowhere else.

use std::fmt::{Display, Write as _};

/// Sends to the overview or to the sign-in.
pub const HOME: &str = "/";
/// Enter.
pub const SIGN_IN: &str = "/sign-in";
/// Make an account.
pub const SIGN_UP: &str = "/sign-up";
/// Leave; asks once, so that a prefetched link signs nobody out.
pub const SIGN_OUT: &str = "/sign-out";
/// What needs attention; the checklist of the first run.
pub const OVERVIEW: &str = "/overview";
/// The matrix of countries and statuses. Query: `brand`, `channel`, `country` (an open row), `view`,
/// `activate` (the dialog), `copy` and `to` or `restore` (a proposal).
pub const TRACKING: &str = "/tracking";
/// Who changed the matrix, and the way back. Query: `brand`, `channel`, `cursor`.
pub const TRACKING_HISTORY: &str = "/tracking/history";
/// What was sent and what was not. Query: `tab`, `q`, filters, `cursor`.
pub const MESSAGES: &str = "/messages";
/// What failed and can be sent again. Query: `brand`, `country`, `channel`, `sender`, `reason`, `from`, `to`.
pub const AGAIN: &str = "/messages/again";
/// Who may be written to, and what proves it. Query: `q`, `person`, `cursor`.
pub const CONSENT: &str = "/consent";
/// The ledger as a file. Query: `brand`.
pub const CONSENT_EXPORT: &str = "/consent/export";
/// Event sources.
pub const CONNECTIONS: &str = "/connections";
/// A new event source.
pub const CONNECTION_NEW: &str = "/connections/new";
/// The running month and the invoices.
pub const BILLING: &str = "/billing";
/// The hub of settings; on phones also the way to what the bottom bar has no room for.
pub const SETTINGS: &str = "/settings";
/// Brands of the account.
pub const BRANDS: &str = "/settings/brands";
/// A new brand.
pub const BRAND_NEW: &str = "/settings/brands/new";
/// Company, plan, budget.
pub const ACCOUNT: &str = "/settings/account";
/// People and their roles.
pub const MEMBERS: &str = "/settings/members";
/// Keys of the REST API.
pub const KEYS: &str = "/settings/keys";
/// Where one is signed in.
pub const SESSIONS: &str = "/settings/sessions";
/// Sends a journey through the real pipeline.
pub const SIMULATE: &str = "/simulate";
/// What waits in the server, and whether providers answer.
pub const STATUS: &str = "/status";
/// What messages say. Query: `brand`, `status`, `language`, `state`, `q`.
pub const TEMPLATES: &str = "/templates";
/// Language and theme; a POST that answers with a redirect to `back`.
pub const PREFERENCES: &str = "/preferences";
/// Opens another of the person's accounts; a POST of `account` that answers with a redirect to `back`.
pub const OPEN_ACCOUNT: &str = "/account";
/// The prefix of the islands' server functions.
pub const DO: &str = "/do";

/// A brand's logo, by its public name.
pub fn logo(name: impl Display) -> String {
    format!("/logos/{name}")
}

/// A file of a header, by its public name and the name customers read.
pub fn media(name: impl Display, file: impl Display) -> String {
    format!("/media/{name}/{file}")
}

/// The path of a file of ours in an address of whatever origin; none where it is no such address.
#[must_use]
pub fn media_path(address: &str) -> Option<&str> {
    let path = &address[address.find("/media/")?..];
    let (name, file) = path.strip_prefix("/media/")?.split_once('/')?;
    let is_name = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_file = file.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (is_name && is_file).then_some(path)
}

/// Where customers sign up for a brand's messages. Query: `lang`, `country`, `asked`. The brand's id and no
/// sealed text: the address stands in shops and mails for years, and opens nothing.
pub fn join(brand: impl Display) -> String {
    format!("/join/{brand}")
}

/// What a brand does with its customers' data. Query: `lang`.
pub fn privacy(brand: impl Display) -> String {
    format!("/privacy/{brand}")
}

/// One message: outcome, timeline, rules.
pub fn message(id: impl Display) -> String {
    format!("{MESSAGES}/{id}")
}

/// One time somebody had messages sent again.
pub fn replay(id: impl Display) -> String {
    format!("{AGAIN}/{id}")
}

/// An event that sent nothing, explained.
pub fn decision(id: impl Display) -> String {
    format!("/decisions/{id}")
}

/// One connection with its deliveries.
pub fn connection(id: impl Display) -> String {
    format!("{CONNECTIONS}/{id}")
}

/// One invoice.
pub fn invoice(id: impl Display) -> String {
    format!("{BILLING}/{id}")
}

/// The editor of a status's text in a language. Query: `brand`, `sample`, `from`.
pub fn template(status: impl Display, language: impl Display) -> String {
    format!("{TEMPLATES}/{status}/{language}")
}

/// The timeline of the same.
pub fn template_history(status: impl Display, language: impl Display) -> String {
    format!("{}/history", template(status, language))
}

/// One brand's settings.
pub fn brand(id: impl Display) -> String {
    format!("{BRANDS}/{id}")
}

/// A path with a query, from pairs whose empty values are left out.
#[must_use]
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut url = path.to_owned();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        escape(value, &mut url);
    }
    url
}

/// Percent-encodes all but the letters that need none anywhere in a URL.
fn escape(value: &str, url: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' => {
                url.push(char::from(byte));
            }
            _ => {
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
}

/// A bundle of islands: the browser's code of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    /// The matrix, its dialogs and its dry run.
    Matrix,
    /// The template editor.
    Editor,
}

impl Bundle {
    /// The first part of its files' names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Matrix => "facteur",
            Self::Editor => "editor",
        }
    }
}

/// The bundle the page at a path needs; none for a page without islands, which ships no more than a few lines.
#[must_use]
pub fn bundle(path: &str) -> Option<Bundle> {
    if path == TRACKING { Some(Bundle::Matrix) } else { is_editor(path).then_some(Bundle::Editor) }
}

/// `/templates/{status}/{language}`, not what stands below it.
fn is_editor(path: &str) -> bool {
    path.strip_prefix("/templates/").is_some_and(|rest| rest.matches('/').count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_escaped_and_empty_values_left_out() {
        let url = with_query(MESSAGES, &[("tab", ""), ("q", "+33 6&x=é"), ("country", "FR,DE")]);
        assert_eq!(url, "/messages?q=%2B33%206%26x%3D%C3%A9&country=FR,DE");
    }
}
