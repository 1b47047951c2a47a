//! What is told about an SMS: a signed form.

use super::{form::Form, read::ends};
use crate::state::{
    identity::country,
    message::{Message, Stage, Step},
    world::World,
};

/// One POST, ready to leave.
pub(crate) struct Told {
    pub url: String,
    pub signature: String,
    pub body: String,
}

/// The POST of one step; `None` when nobody asked to be told.
pub(crate) fn told(world: &World, message: &Message, step: Step) -> Option<Told> {
    let sms = message.sms.as_ref()?;
    let url = sms.url.clone()?;
    let form = match step.stage {
        Stage::Received => inbound(message),
        _ => status(message, step),
    };
    let token = world.sms.accounts.get(&sms.account).map_or("", |account| &account.token);
    Some(Told { signature: form.sign(token, &url), body: form.encode(), url })
}

fn status(message: &Message, step: Step) -> Form {
    let mut form = Form::default();
    let Some(sms) = &message.sms else { return form };
    let (from, to) = ends(message);
    let status = step.stage.as_str();
    form.push("SmsSid", &*message.id);
    form.push("SmsStatus", status);
    form.push("MessageStatus", status);
    if let Stage::Failed(code) | Stage::Undelivered(code) = step.stage {
        form.push("ErrorCode", code.to_string());
    }
    form.push("To", to);
    form.push("MessageSid", &*message.id);
    form.push("AccountSid", &*sms.account);
    form.push("From", from);
    form.push("ApiVersion", "2010-04-01");
    if let Some(service) = &sms.service {
        form.push("MessagingServiceSid", service.clone());
    }
    if matches!(step.stage, Stage::Delivered | Stage::Undelivered(_)) {
        form.push("RawDlrDoneDate", dlr_date(step.at));
    }
    form
}

fn inbound(message: &Message) -> Form {
    let mut form = Form::default();
    let Some(sms) = &message.sms else { return form };
    let (from, to) = ends(message);
    form.push("ToCountry", country(to.trim_start_matches('+')));
    form.push("SmsMessageSid", &*message.id);
    form.push("NumMedia", "0");
    form.push("SmsSid", &*message.id);
    form.push("SmsStatus", "received");
    form.push("FromCountry", country(&message.phone));
    form.push("Body", &*message.content.body);
    // Only services with Advanced Opt-Out say it.
    if let (Some(keyword), Some(_)) = (sms.keyword, &sms.service) {
        form.push("OptOutType", keyword.as_str());
    }
    form.push("To", to);
    form.push("NumSegments", sms.segments.to_string());
    form.push("MessageSid", &*message.id);
    form.push("AccountSid", &*sms.account);
    if let Some(service) = &sms.service {
        form.push("MessagingServiceSid", service.clone());
    }
    form.push("From", from);
    form.push("ApiVersion", "2010-04-01");
    form
}

/// `YYMMDDhhmm`, in UTC.
fn dlr_date(millis: u64) -> String {
    let at = i64::try_from(millis / 1_000)
        .ok()
        .and_then(|seconds| time::OffsetDateTime::from_unix_timestamp(seconds).ok())
        .unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    format!(
        "{:02}{:02}{:02}{:02}{:02}",
        at.year() % 100,
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute()
    )
}
