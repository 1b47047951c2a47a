//! Mails that came back: delivery status notifications (RFC 3464), to receipts.

use dispatch::id::AttemptId;
use mail_parser::{MessageParser, MimeHeaders, PartType};

/// The header that names our attempt in what comes back.
pub(super) const ATTEMPT: &str = "X-Facteur-Attempt";

/// A mail that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// Our attempt.
    pub attempt: AttemptId,
    /// The server's code: `5.1.1`.
    pub code: String,
}

/// Reads a notification; none for any other mail, and for one that says only that it takes longer.
#[must_use]
pub fn parse(mail: &[u8]) -> Option<Bounce> {
    let mail = MessageParser::default().parse(mail)?;
    let mut status = None;
    let mut attempt = None;
    for part in &mail.parts {
        let kind = part.content_type().map(|kind| {
            format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_lowercase()
        });
        let text = match &part.body {
            PartType::Text(text) | PartType::Html(text) => text.to_string(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                String::from_utf8_lossy(bytes).into_owned()
            }
            PartType::Message(inner) => String::from_utf8_lossy(&inner.raw_message).into_owned(),
            PartType::Multipart(_) => continue,
        };
        if kind.as_deref() == Some("message/delivery-status") {
            status = status.or_else(|| failed(&text));
        } else {
            attempt = attempt.or_else(|| field(&text, ATTEMPT)?.parse().ok());
        }
    }
    Some(Bounce { attempt: attempt?, code: status? })
}

/// The code of the first recipient for whom it failed.
fn failed(text: &str) -> Option<String> {
    let action = field(text, "Action")?;
    let code = field(text, "Status")?;
    let fits = code.len() <= 12 && code.chars().all(|c| c.is_ascii_digit() || c == '.');
    (action.eq_ignore_ascii_case("failed") && fits).then_some(code)
}

/// The first header of that name in some lines.
fn field(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(action: &str) -> String {
        format!(
            "From: MAILER-DAEMON@relay.example\r\nTo: tracking@shop.example\r\nSubject: back\r\n\
MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
--b\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n\
--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n\
Final-Recipient: rfc822; ada@gone.example\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n\
--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nX-Facteur-Attempt: {}\r\n\r\n--b--\r\n",
            AttemptId::least(dispatch::time::Timestamp::from_seconds(1_795_161_600))
        )
    }

    #[test]
    fn only_what_failed_came_back() {
        let found = parse(notice("failed").as_bytes()).expect("a bounce");
        assert_eq!(found.code, "5.1.1");
        assert_eq!(parse(notice("delayed").as_bytes()), None);
        assert_eq!(parse(b"Subject: out of office\r\n\r\nBack on Monday."), None);
        assert_eq!(parse(&[0xff; 100]), None);
    }
}
