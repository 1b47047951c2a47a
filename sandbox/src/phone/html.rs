//! The little that is needed to write HTML safely.

use std::fmt;

/// Text as it may stand in HTML, between tags or in a quoted attribute.
pub(super) struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}

/// Short for the most frequent call.
pub(super) fn e(text: &str) -> Escaped<'_> {
    Escaped(text)
}

/// An address a link may open: the web, nothing that runs.
pub(super) fn is_web_address(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}

/// A drawing of 20 by 20, as the product's screens have them.
pub(super) fn icon(path: &str) -> String {
    format!(
        "<svg class=\"i\" viewBox=\"0 0 20 20\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
    )
}

pub(super) const LINK: &str = "M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.6 2.6a3 \
     3 0 0 0 4.3 4.3l1-1";
pub(super) const REPLY: &str = "M8 5 3.5 9.5 8 14M3.5 9.5h7a6 6 0 0 1 6 6";
pub(super) const SEND: &str = "M17 3.3 9 11.3M17 3.3l-5 13.4-3-5.4-5.7-2.8Z";
pub(super) const FILE: &str = "M5.5 2.8h6L15.5 7v10.2h-10ZM11.5 2.8V7h4";
pub(super) const PIN: &str = "M10 17.2s5.5-4.9 5.5-9a5.5 5.5 0 0 0-11 0c0 4.1 5.5 9 5.5 9ZM10 10.2a2 2 0 1 0 0-4 2 2 0 0 0 0 \
     4Z";
pub(super) const BOLT: &str = "M11 2.8 4.5 11.5H10l-1 5.7 6.5-8.7H10Z";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_text_or_attributes() {
        assert_eq!(e("a<b>&\"'é").to_string(), "a&lt;b&gt;&amp;&quot;&#39;é");
    }

    #[test]
    fn only_the_web_opens() {
        assert!(is_web_address("https://a.example"));
        assert!(is_web_address("HTTP://a.example"));
        assert!(!is_web_address("javascript:alert(1)"));
        assert!(!is_web_address("é"));
    }
}
