//! Webhook bodies in the documented shape.

use serde::Serialize;

use crate::{
    api::error::{failure_details, known},
    state::{
        identity,
        message::{Category, Kind, Message, Stage, Step},
        news::News,
        number::Number,
    },
};

const ERROR_PAGE: &str = "/documentation/business-messaging/whatsapp/support/error-codes";

/// One POST: every update of one number that leaves together.
pub(crate) fn body(number: &Number, updates: &[(&Message, Step)]) -> Vec<u8> {
    let metadata =
        Metadata { display_phone_number: number.display_digits(), phone_number_id: &number.id };
    let blank = || Value {
        messaging_product: "whatsapp",
        metadata: metadata.clone(),
        contacts: Vec::new(),
        messages: Vec::new(),
        statuses: Vec::new(),
    };
    let mut values = Vec::new();
    // `contacts` stands with sent, delivered and read, and is left out with failed.
    let (mut contacts, mut told, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for (message, step) in updates {
        match step.stage {
            Stage::Received => values.push(Value {
                contacts: vec![contact(message)],
                messages: vec![inbound(number, message)],
                ..blank()
            }),
            // Of SMS only.
            Stage::Queued => {}
            Stage::Failed(code) | Stage::Undelivered(code) => {
                failed.push(status(message, *step, Some(code)));
            }
            Stage::Sent | Stage::Delivered | Stage::Read => {
                contacts.push(contact(message));
                told.push(status(message, *step, None));
            }
        }
    }
    if !told.is_empty() {
        values.push(Value { contacts, statuses: told, ..blank() });
    }
    if !failed.is_empty() {
        values.push(Value { statuses: failed, ..blank() });
    }
    let changes = values.into_iter().map(|value| Change { value, field: "messages" }).collect();
    let event = Event {
        object: "whatsapp_business_account",
        entry: [Entry { id: number.waba(), changes }],
    };
    // Plain structures with text keys: writing them to memory has no way to fail.
    serde_json::to_vec(&event).unwrap_or_default()
}

/// One POST with one piece of news about a template. Its entry has a time, those of messages do not.
pub(crate) fn news(number: &Number, news: &News) -> Vec<u8> {
    let event = serde_json::json!({
        "object": "whatsapp_business_account",
        "entry": [{
            "id": number.waba(),
            "time": news.at / 1_000,
            "changes": [{ "value": news.value, "field": news.field }],
        }],
    });
    serde_json::to_vec(&event).unwrap_or_default()
}

fn status<'a>(message: &'a Message, step: Step, failed: Option<u32>) -> Status<'a> {
    let told_price = matches!(step.stage, Stage::Sent | Stage::Delivered);
    Status {
        id: &message.id,
        status: step.stage.as_str(),
        timestamp: (step.at / 1_000).to_string(),
        recipient_id: (!message.hidden).then_some(&*message.phone),
        recipient_user_id: failed.is_none().then(|| identity::user_id(&message.phone)),
        biz_opaque_callback_data: message.opaque.as_deref(),
        pricing: told_price.then(|| pricing(message)),
        errors: failed.map(|code| [error(code)]),
    }
}

/// Since October 2026 utility is charged inside the window too, and so is a free-form answer.
fn pricing(message: &Message) -> Pricing {
    let category = match &message.kind {
        Kind::Template { category, .. } => Category::in_pricing(*category),
        Kind::Text | Kind::Button { .. } => "service",
    };
    Pricing { billable: true, pricing_model: "PMP", kind: "regular", category }
}

fn error(code: u32) -> Failure {
    let (_, title) = known(code);
    Failure {
        code,
        title,
        message: title,
        error_data: Details { details: failure_details(code) },
        href: ERROR_PAGE,
    }
}

fn contact(message: &Message) -> Contact<'_> {
    Contact {
        profile: Profile {
            name: identity::person(&message.phone),
            username: message.hidden.then(|| identity::user_name(&message.phone)),
        },
        wa_id: (!message.hidden).then_some(&*message.phone),
        user_id: identity::user_id(&message.phone),
    }
}

fn inbound<'a>(number: &Number, message: &'a Message) -> Inbound<'a> {
    let (kind, text, button) = match &message.kind {
        Kind::Button { payload } => {
            ("button", None, Some(Tap { payload, text: &message.content.body }))
        }
        Kind::Text | Kind::Template { .. } => {
            ("text", Some(Words { body: &message.content.body }), None)
        }
    };
    Inbound {
        context: message.answers.as_deref().map(|id| Context { from: number.display_digits(), id }),
        from: (!message.hidden).then_some(&*message.phone),
        from_user_id: identity::user_id(&message.phone),
        id: &message.id,
        timestamp: (message.at / 1_000).to_string(),
        kind,
        text,
        button,
    }
}

#[derive(Serialize)]
struct Event<'a> {
    object: &'static str,
    entry: [Entry<'a>; 1],
}

#[derive(Serialize)]
struct Entry<'a> {
    id: String,
    changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    value: Value<'a>,
    field: &'static str,
}

#[derive(Serialize)]
struct Value<'a> {
    messaging_product: &'static str,
    metadata: Metadata<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<Contact<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Inbound<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    statuses: Vec<Status<'a>>,
}

#[derive(Serialize, Clone)]
struct Metadata<'a> {
    display_phone_number: String,
    phone_number_id: &'a str,
}

#[derive(Serialize)]
struct Contact<'a> {
    profile: Profile,
    #[serde(skip_serializing_if = "Option::is_none")]
    wa_id: Option<&'a str>,
    user_id: String,
}

#[derive(Serialize)]
struct Profile {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
}

#[derive(Serialize)]
struct Status<'a> {
    id: &'a str,
    status: &'static str,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pricing: Option<Pricing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[Failure; 1]>,
}

#[derive(Serialize)]
struct Pricing {
    billable: bool,
    pricing_model: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    category: &'static str,
}

#[derive(Serialize)]
struct Failure {
    code: u32,
    title: &'static str,
    message: &'static str,
    error_data: Details,
    href: &'static str,
}

#[derive(Serialize)]
struct Details {
    details: &'static str,
}

#[derive(Serialize)]
struct Inbound<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    from_user_id: String,
    id: &'a str,
    timestamp: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Words<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    button: Option<Tap<'a>>,
}

#[derive(Serialize)]
struct Context<'a> {
    from: String,
    id: &'a str,
}

#[derive(Serialize)]
struct Words<'a> {
    body: &'a str,
}

#[derive(Serialize)]
struct Tap<'a> {
    payload: &'a str,
    text: &'a str,
}
