//! What a business is told about its templates, in the documented shapes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    ButtonKind, Header, Kept,
    record::Coming,
    standing::{Reason, Score},
};
use crate::{review::Advice, state::message::Category};

/// The webhook fields of templates, numbers and portfolios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Field {
    #[serde(rename = "message_template_status_update")]
    Status,
    #[serde(rename = "message_template_quality_update")]
    Quality,
    #[serde(rename = "message_template_components_update")]
    Components,
    #[serde(rename = "template_category_update")]
    Category,
    /// Of a portfolio, not of a template.
    #[serde(rename = "business_capability_update")]
    Capability,
    /// Of a number.
    #[serde(rename = "phone_number_quality_update")]
    Number,
}

/// What every one of them says. The id is a number here, and text in the REST API.
fn about(kept: &Kept, id: u64) -> Value {
    json!({
        "message_template_id": id,
        "message_template_name": kept.template.name,
        "message_template_language": kept.template.language,
    })
}

pub(super) fn standing(kept: &Kept, id: u64, event: &str) -> (Field, Value) {
    let mut value = about(kept, id);
    value["event"] = json!(event);
    value["reason"] = json!(kept.record.reason.as_str());
    value["message_template_category"] = json!(kept.template.category.as_str());
    (Field::Status, value)
}

pub(super) fn rejected(kept: &Kept, id: u64, advice: Option<&Advice>) -> (Field, Value) {
    let (field, mut value) = standing(kept, id, "REJECTED");
    if kept.record.reason == Reason::InvalidFormat {
        value["rejection_info"] = match advice {
            Some(advice) => json!(advice),
            None => json!({
                "reason": "The format of the template is not right.",
                "recommendation": "Compare it with the rules for templates, then edit it.",
            }),
        };
    }
    (field, value)
}

fn with_info(told: (Field, Value), title: &str, description: &str) -> (Field, Value) {
    let (field, mut value) = told;
    value["other_info"] = json!({ "title": title, "description": description });
    (field, value)
}

pub(super) fn paused(kept: &Kept, id: u64, hours: u64) -> (Field, Value) {
    let title = if kept.record.pauses <= 1 { "FIRST_PAUSE" } else { "SECOND_PAUSE" };
    let description = format!("Your WhatsApp message template has been paused for {hours} hours.");
    with_info(standing(kept, id, "PAUSED"), title, &description)
}

pub(super) fn paced(kept: &Kept, id: u64) -> (Field, Value) {
    let description = "Your WhatsApp message template has been paused because of the first \
                       reactions to it. Unpause it when it was looked at.";
    with_info(standing(kept, id, "PAUSED"), "RATE_LIMITING_PAUSE", description)
}

pub(super) fn unpaused(kept: &Kept, id: u64) -> (Field, Value) {
    let description = "Your WhatsApp message template is no longer paused.";
    with_info(standing(kept, id, "APPROVED"), "UNPAUSE", description)
}

pub(super) fn locked(kept: &Kept, id: u64) -> (Field, Value) {
    let description = "Your WhatsApp message template has been locked.";
    with_info(standing(kept, id, "LOCKED"), "RATE_LIMITING_PAUSE", description)
}

pub(super) fn disabled(kept: &Kept, id: u64, now: u64) -> (Field, Value) {
    let (field, mut value) = standing(kept, id, "DISABLED");
    value["disable_info"] = json!({ "disable_date": (now / 1_000).to_string() });
    (field, value)
}

/// Scheduled for deletion: the one event without a reason.
pub(super) fn deleting(kept: &Kept, id: u64) -> (Field, Value) {
    let (field, mut value) = standing(kept, id, "PENDING_DELETION");
    value["reason"] = Value::Null;
    (field, value)
}

pub(crate) fn deleted(kept: &Kept, id: u64) -> (Field, Value) {
    standing(kept, id, "DELETED")
}

pub(super) fn quality(kept: &Kept, id: u64, before: Score) -> (Field, Value) {
    let mut value = about(kept, id);
    value["previous_quality_score"] = json!(before.as_str());
    value["new_quality_score"] = json!(kept.record.quality.as_str());
    (Field::Quality, value)
}

pub(super) fn category_done(kept: &Kept, id: u64, before: Category) -> (Field, Value) {
    let mut value = about(kept, id);
    value["previous_category"] = json!(before.as_str());
    value["new_category"] = json!(kept.template.category.as_str());
    (Field::Category, value)
}

/// The announcement: `new_category` is the present one here, which is Meta's naming.
pub(super) fn category_coming(kept: &Kept, id: u64, coming: Coming) -> (Field, Value) {
    let mut value = about(kept, id);
    value["new_category"] = json!(kept.template.category.as_str());
    value["correct_category"] = json!(coming.category.as_str());
    value["category_update_timestamp"] = json!(coming.at / 1_000);
    (Field::Category, value)
}

/// The text after an edit.
pub(crate) fn components(kept: &Kept, id: u64) -> (Field, Value) {
    let template = &kept.template;
    let mut value = about(kept, id);
    if let Some(Header::Text(title)) = &template.header {
        value["message_template_title"] = json!(title.source());
    }
    value["message_template_element"] = json!(template.body.source());
    if let Some(footer) = &template.footer {
        value["message_template_footer"] = json!(footer);
    }
    let buttons: Vec<Value> = template.buttons.iter().map(button).collect();
    if !buttons.is_empty() {
        value["message_template_buttons"] = json!(buttons);
    }
    (Field::Components, value)
}

fn button(button: &ButtonKind) -> Value {
    let mut value =
        json!({ "message_template_button_type": button.sub_type().to_ascii_uppercase() });
    let text = match button {
        ButtonKind::Url { text, url } => {
            value["message_template_button_url"] = json!(url.source());
            text
        }
        ButtonKind::PhoneNumber { text, phone_number } => {
            value["message_template_button_phone_number"] = json!(phone_number);
            text
        }
        ButtonKind::QuickReply { text }
        | ButtonKind::CopyCode { text }
        | ButtonKind::Other { text } => text,
    };
    value["message_template_button_text"] = json!(text);
    value
}
