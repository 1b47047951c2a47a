//! Writes down what a customer said elsewhere: on the telephone, in the shop, in a letter.

use crate::act;
use crate::page::Ask;
use crate::text::country;
use crate::ui::{self, Field, Hidden, Kind, Select};
use dispatch::channel::Channel;
use dispatch::consent::{ConsentKind, Purpose};
use dispatch::tenant::Permission;
use leptos::prelude::*;

/// The form; for whoever may change something.
pub(super) fn record(ask: &Ask, known: &str) -> Option<AnyView> {
    let t = ask.t;
    if !ask.desk.may(Permission::Edit) {
        return None;
    }
    let brand = ask.brand()?;
    let home = ask.desk.guest.as_ref()?.account.company_country;
    let countries: Vec<(String, String)> = country::sorted(ask.lang)
        .into_iter()
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .collect();
    let kinds = vec![
        (ConsentKind::OptOut.to_string(), t.consent_opt_out().to_owned()),
        (ConsentKind::OptIn.to_string(), t.consent_opt_in().to_owned()),
    ];
    let purposes = vec![
        (String::new(), t.consent_usual_purpose().to_owned()),
        (Purpose::Tracking.to_string(), t.consent_tracking().to_owned()),
        (Purpose::Marketing.to_string(), t.consent_marketing().to_owned()),
    ];
    let channels = vec![
        (String::new(), t.consent_usual_channel().to_owned()),
        (Channel::Whatsapp.to_string(), t.channel_whatsapp().to_owned()),
        (Channel::Sms.to_string(), t.channel_sms().to_owned()),
        (Channel::Email.to_string(), t.channel_email().to_owned()),
    ];
    let fields = ["phone", "country", "kind", "purpose", "channel", "text", "proof"];
    let open = !known.is_empty() || fields.iter().any(|field| ask.form.error(field).is_some());
    Some(view! {
        <details class="fold" open=open id="record">
            <summary>{t.consent_record()}</summary>
            {ui::form(act::RECORD, "form", view! {
                <p class="muted">{t.consent_record_lead(&brand.name)}</p>
                <Hidden name="brand" value=brand.id.to_string()/>
                <div class="form__pair">
                    <Field name="phone" label=t.consent_phone() hint=t.consent_phone_hint() value=known.to_owned() required=true autocomplete="off"/>
                    <Select name="country" label=t.consent_country() options=countries value=home.to_string()/>
                </div>
                <div class="form__pair">
                    <Select name="kind" label=t.consent_kind() options=kinds required=true/>
                    <Select name="purpose" label=t.consent_purpose() hint=t.consent_usual_purpose_hint() options=purposes/>
                </div>
                <Select name="channel" label=t.consent_where() hint=t.consent_usual_channel_hint() options=channels/>
                <Field name="text" label=t.consent_reason() hint=t.consent_reason_hint() required=true max=1000/>
                <Field name="proof" label=t.consent_proof_field() hint=t.consent_proof_hint() max=1000/>
                <div class="form__acts">{ui::submit(Kind::Primary, t.consent_record_act())}</div>
            })}
        </details>
    }
    .into_any())
}
