//! What Meta posts to us: receipts and what customers write, up to a thousand at a time, in any order,
//! more than once, in the shapes of several versions.

use super::{check, error, review};
use crate::phone;
use dispatch::consent::{ConsentKind, Purpose, keyword};
use dispatch::id::AttemptId;
use dispatch::port::{ReachNews, TemplateNews};
use dispatch::receipt::ReceiptKind;
use dispatch::time::Timestamp;
use serde_json::Value;
use std::time::Duration;

/// Everything in one callback that is for one sender.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Callback {
    /// What became of messages.
    pub receipts: Vec<Status>,
    /// What customers wrote or tapped.
    pub inbound: Vec<Words>,
    /// What the provider says of templates.
    pub templates: Vec<TemplateNews>,
    /// What the provider says of the number and its portfolio.
    pub reach: Vec<ReachNews>,
    /// Entries for another number: ignored, and counted because they mean a wrong set-up.
    pub foreign: usize,
    /// Entries we have no use for (account, unknown kinds).
    pub other: usize,
}

/// A receipt, before it has an id and an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Our attempt, when it is echoed.
    pub attempt: Option<AttemptId>,
    /// The provider's id of the message.
    pub provider_id: String,
    /// What it says.
    pub kind: ReceiptKind,
    /// By the provider's clock.
    pub occurred_at: Option<Timestamp>,
    /// The error's code, for failed.
    pub code: Option<String>,
    /// The provider's words about it.
    pub detail: Option<String>,
}

/// What a customer wrote, before it has an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The provider's id of it.
    pub provider_id: String,
    /// E.164; none when the person hides it.
    pub from: Option<String>,
    /// The text, or the label of what was tapped; empty for pictures and the like.
    pub text: String,
    /// What it means for consent.
    pub consent: Option<ConsentKind>,
    /// What that is about, where the platform said so: a switch in the app is not a word that ends everything.
    pub about: Option<Purpose>,
}

/// A body that is no callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a WhatsApp callback")]
pub struct NotACallback;

/// Ids longer than this are not Meta's (they have under 256 bytes today).
const LONGEST_ID: usize = 512;
/// WhatsApp's own limit of a text, in characters.
const LONGEST_TEXT: usize = 4_096;

/// Reads a callback for the sender with that number, of that business account. `now` is the moment of what
/// tells none.
///
/// # Errors
/// When the bytes are not JSON or have no entries.
pub fn parse(
    body: &[u8],
    phone_number_id: &str,
    waba_id: &str,
    now: Timestamp,
) -> Result<Callback, NotACallback> {
    let value: Value = serde_json::from_slice(body).map_err(|_| NotACallback)?;
    let entries = value.get("entry").and_then(Value::as_array).ok_or(NotACallback)?;
    let mut callback = Callback::default();
    let changes = entries
        .iter()
        .flat_map(|entry| list(entry, "changes").iter().map(move |change| (entry, change)));
    for (entry, change) in changes {
        let Some(value) = change.get("value") else { continue };
        let field = change.get("field").and_then(Value::as_str).unwrap_or_default();
        if field == "user_preferences" {
            if text(value, "/metadata/phone_number_id").as_deref() != Some(phone_number_id) {
                callback.foreign += list(value, field).len();
                continue;
            }
            for item in list(value, field) {
                match preference(item) {
                    Some(words) => callback.inbound.push(words),
                    None => callback.other += 1,
                }
            }
            continue;
        }
        if field != "messages" {
            // Templates belong to the business account.
            let is_ours = text(entry, "/id").as_deref() == Some(waba_id);
            if let Some(news) = check::news(field, value) {
                match (is_ours, news.is_empty()) {
                    (false, _) => callback.foreign += 1,
                    (true, true) => callback.other += 1,
                    (true, false) => callback.reach.push(news),
                }
                continue;
            }
            let at = text(entry, "/time").and_then(|seconds| seconds.parse().ok());
            let at = at.map_or(now, |seconds| end_of_second(seconds).min(now));
            match review::news(field, value, at) {
                Some(_) if !is_ours => callback.foreign += 1,
                Some(news) => callback.templates.push(news),
                None => callback.other += 1,
            }
            continue;
        }
        if text(value, "/metadata/phone_number_id").as_deref() != Some(phone_number_id) {
            callback.foreign += list(value, "statuses").len() + list(value, "messages").len();
            continue;
        }
        callback.other += list(value, "errors").len();
        for item in list(value, "statuses") {
            match status(item) {
                Some(status) => callback.receipts.push(status),
                None => callback.other += 1,
            }
        }
        for item in list(value, "messages") {
            match words(item) {
                Some(words) => callback.inbound.push(words),
                None => callback.other += 1,
            }
        }
    }
    Ok(callback)
}

/// The provider counts whole seconds, we do not: what happened in a second happened by its end. Its beginning
/// would be before a submission of the same second, and the verdict about it would count as late news.
fn end_of_second(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds).plus(Duration::from_micros(999_999))
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A text or a number, without characters a database refuses.
fn text(value: &Value, place: &str) -> Option<String> {
    let text = match value.pointer(place)? {
        Value::String(text) => text.replace('\0', ""),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn id(value: &Value) -> Option<String> {
    text(value, "/id").filter(|id| id.len() <= LONGEST_ID)
}

fn status(item: &Value) -> Option<Status> {
    let kind = match item.get("status")?.as_str()? {
        "sent" => ReceiptKind::Sent,
        "delivered" => ReceiptKind::Delivered,
        // A voice message that was played was read.
        "read" | "played" => ReceiptKind::Read,
        "failed" => ReceiptKind::Failed,
        _ => return None,
    };
    let error = list(item, "errors")
        .first()
        .and_then(error::from_value)
        .filter(|_| kind == ReceiptKind::Failed);
    Some(Status {
        attempt: text(item, "/biz_opaque_callback_data").and_then(|data| data.parse().ok()),
        provider_id: id(item)?,
        kind,
        occurred_at: text(item, "/timestamp")
            .and_then(|seconds| seconds.parse().ok())
            .filter(|seconds| (0..4_102_444_800).contains(seconds))
            .map(Timestamp::from_seconds),
        detail: error.as_ref().map(|e| e.sentence().to_owned()),
        code: error.map(|e| e.code.to_string()),
    })
}

/// A switch in the app: no advertising from this business, or some after all (contract §5.3).
fn preference(item: &Value) -> Option<Words> {
    let is_marketing = text(item, "/category").as_deref() == Some("marketing_messages");
    let value = text(item, "/value").filter(|_| is_marketing)?;
    let consent = match value.as_str() {
        "stop" => ConsentKind::OptOut,
        "resume" => ConsentKind::OptIn,
        _ => return None,
    };
    let person = text(item, "/wa_id")?;
    let at = text(item, "/timestamp").unwrap_or_default();
    Some(Words {
        // It has no id of its own; the same switch at the same second is the same.
        provider_id: format!("preference.{person}.{at}.{value}"),
        from: phone::from_wa_id(&person),
        text: text(item, "/detail").unwrap_or_default().chars().take(LONGEST_TEXT).collect(),
        consent: Some(consent),
        about: Some(Purpose::Marketing),
    })
    .filter(|words| words.provider_id.len() <= LONGEST_ID)
}

fn words(item: &Value) -> Option<Words> {
    let kind = item.get("type").and_then(Value::as_str).unwrap_or_default();
    // What was said, and what decides about consent: a tap's payload may say more than its label.
    let (said, signal) = match kind {
        // WhatsApp speaking about a person, not a person speaking.
        "system" => return None,
        "text" => (text(item, "/text/body"), None),
        "button" => (text(item, "/button/text"), text(item, "/button/payload")),
        "interactive" => (
            text(item, "/interactive/button_reply/title")
                .or_else(|| text(item, "/interactive/list_reply/title")),
            text(item, "/interactive/button_reply/id")
                .or_else(|| text(item, "/interactive/list_reply/id")),
        ),
        "image" | "video" | "document" => (text(item, &format!("/{kind}/caption")), None),
        "reaction" => (text(item, "/reaction/emoji"), None),
        "order" => (text(item, "/order/text"), None),
        "location" => (text(item, "/location/name"), None),
        _ => (None, None),
    };
    let consent = match kind {
        "text" => said.as_deref().and_then(keyword),
        "button" | "interactive" => said.as_deref().and_then(keyword).or_else(|| {
            // `stop:ord_10482`. A payload may only end messages: a yes must have been read on the button.
            let word = keyword(signal.as_deref()?.split([':', '_', '-']).next()?);
            word.filter(|kind| *kind == ConsentKind::OptOut)
        }),
        _ => None,
    };
    Some(Words {
        provider_id: id(item)?,
        from: text(item, "/from").and_then(|digits| phone::from_wa_id(&digits)),
        text: said.unwrap_or_default().chars().take(LONGEST_TEXT).collect(),
        consent,
        about: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn callback(value: &Value) -> Callback {
        parse(
            json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [
                {"field": "messages", "value": value}]}]})
            .to_string()
            .as_bytes(),
            "42",
            "4200",
            Timestamp::from_seconds(0),
        )
        .expect("a callback")
    }

    fn inbound(message: &Value) -> Words {
        let value = json!({"metadata": {"phone_number_id": "42"}, "messages": [message]});
        callback(&value).inbound.remove(0)
    }

    #[test]
    fn words_and_taps_decide_about_consent_and_sentences_do_not() {
        let text = |body: &str| json!({"id": "w", "from": "33639980012", "type": "text", "text": {"body": body}});
        assert_eq!(inbound(&text("Arrêt")).consent, Some(ConsentKind::OptOut));
        assert_eq!(inbound(&text("start")).consent, Some(ConsentKind::OptIn));
        assert_eq!(inbound(&text("please stop by")).consent, None);
        for tap in [
            json!({"id": "w", "type": "button", "button": {"payload": "stop:1", "text": "No more"}}),
            json!({"id": "w", "type": "button", "button": {"payload": "x", "text": "STOP"}}),
            json!({"id": "w", "type": "interactive", "interactive":
                {"type": "button_reply", "button_reply": {"id": "stop:1", "title": "No more"}}}),
        ] {
            assert_eq!(inbound(&tap).consent, Some(ConsentKind::OptOut), "{tap}");
        }
        let picture = json!({"id": "w", "type": "image", "image": {"caption": "STOP"}});
        assert_eq!(inbound(&picture).consent, None);
    }

    #[test]
    fn a_person_without_a_phone_is_still_heard() {
        let hidden =
            json!({"id": "w", "from_user_id": "BR.1", "type": "text", "text": {"body": "Oi"}});
        assert_eq!(inbound(&hidden).from, None);
        assert_eq!(inbound(&hidden).text, "Oi");
    }

    #[test]
    fn another_number_is_counted_and_nothing_more() {
        let value = json!({"metadata": {"phone_number_id": "43"},
            "statuses": [{"id": "w", "status": "read"}], "messages": [{"id": "v"}]});
        assert_eq!(callback(&value), Callback { foreign: 2, ..Callback::default() });
    }

    #[test]
    fn a_receipt_names_its_attempt_and_a_failure_its_code() {
        let attempt =
            AttemptId::mint(Timestamp::from_seconds(5), &crate::security::random::SystemIds);
        let value = json!({"metadata": {"phone_number_id": 42}, "statuses": [
            {"id": "w", "status": "failed", "timestamp": 1_763_640_007, "biz_opaque_callback_data": attempt,
             "errors": [{"code": 131_026, "title": "Message undeliverable"}]},
            {"id": "w", "status": "teleported"}, {"status": "sent"}, 7]});
        let callback = callback(&value);
        assert_eq!(callback.other, 3);
        assert_eq!(
            callback.receipts,
            [Status {
                attempt: Some(attempt),
                provider_id: "w".into(),
                kind: ReceiptKind::Failed,
                occurred_at: Some(Timestamp::from_seconds(1_763_640_007)),
                code: Some("131026".into()),
                detail: Some("Message undeliverable".into()),
            }]
        );
    }

    #[test]
    fn news_of_a_second_is_not_older_than_what_was_known_within_it() {
        let heard = |seconds: i64, now: Timestamp| {
            let body = json!({"entry": [{"id": "4200", "time": seconds, "changes": [{
                "field": "message_template_status_update", "value": {"event": "APPROVED",
                "message_template_name": "n", "message_template_language": "en", "reason": "NONE"}}]}]});
            let found = parse(body.to_string().as_bytes(), "42", "4200", now);
            found.expect("a callback").templates[0].at
        };
        let at = |seconds: i64, micros: i64| {
            Timestamp::from_micros(Timestamp::from_seconds(seconds).micros() + micros)
        };
        assert_eq!(heard(100, at(100, 400_000)), at(100, 400_000), "submitted at 100.2, say");
        assert_eq!(heard(100, at(107, 0)), at(100, 999_999));
        assert_eq!(heard(100, at(90, 0)), at(90, 0), "their clock is ahead");
        let _ = heard(i64::MAX, at(1, 0));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes, "42", "4200", Timestamp::from_seconds(0));
        }

        #[test]
        fn no_shape_panics(kind in "[a-z_]{0,12}", odd in prop::sample::select(vec![
            json!(null), json!([]), json!({}), json!("x"), json!(-1), json!([[null]]), json!({"id": {}}),
        ]), fields in prop::collection::vec(prop::sample::select(vec![
            "id", "status", "timestamp", "errors", "from", "type", "text", "button", "interactive",
            "biz_opaque_callback_data", "image",
        ]), 0..6)) {
            let mut item = json!({"id": "w", "type": kind, "status": kind});
            for field in fields {
                item[field] = odd.clone();
            }
            let value = json!({"metadata": {"phone_number_id": "42"}, "statuses": [item, odd],
                               "messages": [item], "errors": odd});
            let _ = callback(&value);
        }
    }
}
