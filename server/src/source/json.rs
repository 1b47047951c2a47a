//! Tolerant reading of strangers' JSON: numbers as strings, strings as numbers, nothing too long,
//! nothing that a database refuses.

use super::unreadable;
use dispatch::event::Reading;
use dispatch::time::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

/// Longest id, number or name taken over, in characters: longer ones are accidents, and would not fit
/// an index.
const LONGEST: usize = 255;
/// Longest link taken over.
const LONGEST_URL: usize = 2_048;

/// Parses a body into an object.
pub(super) fn parse(body: &[u8]) -> Result<Value, Reading> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match serde_json::from_slice::<Value>(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(unreadable("not_an_object", "")),
        // serde_json stops at 128 levels, long before the stack ends.
        Err(error) if error.to_string().contains("recursion limit") => {
            Err(unreadable("too_deep", ""))
        }
        Err(error) => {
            let place = format!("line {} column {}", error.line(), error.column());
            Err(unreadable("not_json", &place))
        }
    }
}

/// The first of some places (JSON pointers) that holds a text or a number.
pub(super) fn text(value: &Value, places: &[&str]) -> Option<String> {
    places.iter().find_map(|place| as_text(value.pointer(place)?, LONGEST))
}

fn as_text(value: &Value, longest: usize) -> Option<String> {
    let text = match value {
        Value::String(text) => {
            text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>()
        }
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let text = text.trim();
    (!text.is_empty() && text.chars().count() <= longest).then(|| text.to_owned())
}

/// Whether a place holds something that means yes.
pub(super) fn yes(value: &Value, place: &str) -> bool {
    match value.pointer(place) {
        Some(Value::Bool(yes)) => *yes,
        Some(Value::Number(number)) => number.as_i64() == Some(1),
        Some(Value::String(text)) => matches!(text.trim(), "true" | "True" | "1" | "yes"),
        _ => false,
    }
}

/// A link that is safe to show: http or https, nothing else.
pub(super) fn link(value: &Value, place: &str) -> Option<String> {
    let text = as_text(value.pointer(place)?, LONGEST_URL)?;
    let url = url::Url::parse(&text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(text)
}

/// The first of some places that holds a moment.
pub(super) fn moment(value: &Value, places: &[&str]) -> Option<Timestamp> {
    places.iter().find_map(|place| as_moment(value.pointer(place)?))
}

/// Seconds or milliseconds since 1970 (above 10^12 it is milliseconds), or a written date.
/// A date without a zone counts as UTC.
fn as_moment(value: &Value) -> Option<Timestamp> {
    let micros = match value {
        Value::Number(number) => since_1970(number.as_f64()?)?,
        Value::String(text) => {
            let text = text.trim();
            match text.parse::<f64>() {
                Ok(number) => since_1970(number)?,
                Err(_) => written(text)?,
            }
        }
        _ => return None,
    };
    // 2000 to 2100: anything else is a mistake, and the arrival tells more.
    (946_684_800_000_000..4_102_444_800_000_000)
        .contains(&micros)
        .then(|| Timestamp::from_micros(micros))
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked just before")]
fn since_1970(number: f64) -> Option<i64> {
    let micros = if number.abs() > 1e12 { number * 1e3 } else { number * 1e6 };
    (0.0..9e15).contains(&micros).then_some(micros as i64)
}

fn written(text: &str) -> Option<i64> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| {
        let local = [
            format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]"),
            format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond]"),
            format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"),
            format_description!("[day]-[month]-[year] [hour]:[minute]:[second]"),
        ];
        local
            .into_iter()
            .find_map(|format| PrimitiveDateTime::parse(text, format).ok())
            .map(PrimitiveDateTime::assume_utc)
    })?;
    i64::try_from(at.unix_timestamp_nanos() / 1_000).ok()
}

/// Of a digest, so many bytes tell two pieces of news apart: half of SHA-256, for each is kept for a year.
const KEY_BYTES: usize = 16;

/// A key that is equal for deliveries whose parts are equal: of their SHA-256 in hex, each part with its length, so
/// that `a|bc` and `ab|c` differ.
pub(super) fn key(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        let _ = write!(text, "{}:{part}", part.len());
    }
    key_of_bytes(text.as_bytes())
}

/// The key of a delivery that names nothing: equal bytes are the same news.
pub(super) fn key_of_bytes(body: &[u8]) -> String {
    hex::encode(&Sha256::digest(body)[..KEY_BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn moments_are_read_however_they_are_written() {
        let at = Timestamp::from_seconds(1_794_902_010);
        for value in [
            json!(1_794_902_010),
            json!(1_794_902_010_000_i64),
            json!("1794902010"),
            json!("1794902010000"),
            json!(1_794_902_010.0),
            json!("2026-11-17T07:53:30Z"),
            json!("2026-11-17T08:53:30+01:00"),
            json!("2026-11-17T07:53:30"),
            json!("2026-11-17T07:53:30.000"),
            json!("2026-11-17 07:53:30"),
            json!("17-11-2026 07:53:30"),
        ] {
            assert_eq!(as_moment(&value), Some(at), "{value}");
        }
        for value in [json!("soon"), json!(""), json!(0), json!(-5), json!(1e300), json!("NaN")] {
            assert_eq!(as_moment(&value), None, "{value}");
        }
    }

    #[test]
    fn texts_are_short_clean_and_may_be_numbers() {
        let value = json!({"a": " x\u{0}y ", "b": 12, "c": "", "d": "z".repeat(300), "e": [1]});
        assert_eq!(text(&value, &["/a"]).as_deref(), Some("x y"));
        assert_eq!(text(&value, &["/c", "/b"]).as_deref(), Some("12"));
        assert_eq!(text(&value, &["/d"]), None);
        assert_eq!(text(&value, &["/e", "/none"]), None);
    }

    #[test]
    fn only_web_links_pass() {
        let value = json!({"a": "https://x.test/a?b=c", "b": "javascript:alert(1)", "c": "x.test"});
        assert!(link(&value, "/a").is_some());
        assert_eq!(link(&value, "/b"), None);
        assert_eq!(link(&value, "/c"), None);
    }
}
