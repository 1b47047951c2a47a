//! What is in a mail.

use std::borrow::Cow;

use mail_parser::{Address, MessageParser, MimeHeaders as _, PartType};
use serde::{Deserialize, Serialize};

/// A mail, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letter {
    pub subject: Option<String>,
    /// Name and address as the header says them.
    pub from: Option<String>,
    pub to: Option<String>,
    /// As written in the mail; a part that is not there is not made of the other.
    pub text: Option<String>,
    pub html: Option<String>,
    /// All of them in order, unfolded, not decoded.
    pub headers: Vec<(String, String)>,
    /// Addresses of `List-Unsubscribe`.
    #[serde(default)]
    pub unsubscribe: Vec<String>,
    /// `List-Unsubscribe-Post` allows one click (RFC 8058).
    #[serde(default)]
    pub one_click: bool,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// Bytes on the wire.
    pub size: usize,
    /// The whole text, of returned mail only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attachment {
    pub name: Option<String>,
    pub content_type: String,
    pub size: usize,
}

/// Takes a mail apart, or gives the answer that refuses it.
pub(crate) fn read(source: &[u8]) -> Result<Letter, &'static str> {
    let message =
        MessageParser::default().parse(source).ok_or("554 5.6.0 The message has no header")?;
    let from = message.from().map(people).filter(|from| !from.is_empty());
    let from = from.ok_or("554 5.6.0 The message has no From")?;
    let headers: Vec<(String, String)> =
        message.headers_raw().map(|(name, value)| (name.to_owned(), unfolded(value))).collect();
    let find = |wanted: &str| {
        headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    };
    let unsubscribe = find("List-Unsubscribe").map(|value| addresses(value)).unwrap_or_default();
    let one_click = find("List-Unsubscribe-Post")
        .is_some_and(|value| value.eq_ignore_ascii_case("List-Unsubscribe=One-Click"));
    let text = message.text_bodies().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.clone().into_owned()),
        _ => None,
    });
    let html = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.clone().into_owned()),
        _ => None,
    });
    let attachments = message
        .attachments()
        .map(|part| Attachment {
            name: part.attachment_name().map(str::to_owned),
            content_type: part.content_type().map_or_else(String::new, |kind| {
                format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("*"))
            }),
            size: part.len(),
        })
        .collect();
    Ok(Letter {
        subject: message.subject().map(str::to_owned),
        from: Some(from),
        to: message.to().map(people).filter(|to| !to.is_empty()),
        text,
        html,
        unsubscribe,
        one_click,
        attachments,
        size: source.len(),
        source: None,
        headers,
    })
}

/// `Maison Sauvel <news@sauvel.example>, …`
fn people(address: &Address<'_>) -> String {
    let all = address.iter().filter_map(|one| {
        let address = one.address.as_deref()?;
        Some(match one.name.as_deref() {
            Some(name) => Cow::from(format!("{name} <{address}>")),
            None => Cow::from(address),
        })
    });
    all.collect::<Vec<_>>().join(", ")
}

/// A header on one line.
fn unfolded(value: &str) -> String {
    value.split("\r\n").map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// What stands in angle brackets.
fn addresses(value: &str) -> Vec<String> {
    let parts = value.split('<').skip(1);
    parts.filter_map(|part| Some(part.split_once('>')?.0.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MAIL: &str = "From: =?utf-8?q?Maison_Sauv=C3=A8l?= <news@sauvel.example>\r\n\
        To: elodie@mail.example\r\n\
        Subject: =?utf-8?b?Vm90cmUgY29saXMgYXJyaXZlIGF1am91cmTigJlodWk=?=\r\n\
        List-Unsubscribe: <https://shop.example/u/1>,\r\n <mailto:stop@shop.example>\r\n\
        List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Bonjour =C3=89lodie\r\n--b\r\nContent-Type: text/html; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nPHA+yWxvZGllPC9wPg==\r\n--b--\r\n";

    #[test]
    fn both_parts_and_the_way_out_are_found() {
        let letter = read(MAIL.as_bytes()).expect("a letter");
        assert_eq!(letter.from.as_deref(), Some("Maison Sauvèl <news@sauvel.example>"));
        assert_eq!(letter.subject.as_deref(), Some("Votre colis arrive aujourd’hui"));
        assert_eq!(letter.text.as_deref().map(str::trim), Some("Bonjour Élodie"));
        assert_eq!(letter.html.as_deref(), Some("<p>Élodie</p>"));
        assert_eq!(letter.unsubscribe, ["https://shop.example/u/1", "mailto:stop@shop.example"]);
        assert!(letter.one_click);
        assert_eq!(letter.headers.len(), 7);
        assert_eq!(letter.headers[3].1, "<https://shop.example/u/1>, <mailto:stop@shop.example>");
    }

    #[test]
    fn one_part_is_not_made_of_the_other() {
        let letter = read(b"From: a@x\r\n\r\nplain\r\n").expect("a letter");
        assert_eq!((letter.text.as_deref(), letter.html), (Some("plain\r\n"), None));
        assert!(!letter.one_click && letter.unsubscribe.is_empty());
    }

    #[test]
    fn attachments_are_named_and_not_kept() {
        let mail = "From: a@x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n\
            --b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"i.pdf\"\
            \r\n\r\n%PDF\r\n--b--\r\n";
        let letter = read(mail.as_bytes()).expect("a letter");
        let pdf = &letter.attachments[0];
        assert_eq!(
            (pdf.name.as_deref(), pdf.content_type.as_str()),
            (Some("i.pdf"), "application/pdf")
        );
    }

    #[test]
    fn what_has_no_sender_is_no_mail() {
        assert!(read(b"").is_err());
        assert!(read(b"just words\r\n").is_err());
        assert!(read(b"Subject: x\r\n\r\nHi\r\n").is_err());
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(
            cut in 0..MAIL.len(),
            junk in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let mut mail = MAIL.as_bytes().to_vec();
            let end = (cut + junk.len()).min(mail.len());
            mail.splice(cut..end, junk);
            let _ = read(&mail);
            let _ = read(&mail[..cut]);
        }
    }
}
