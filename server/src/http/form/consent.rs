//! `/consent`

use super::{Outcome, Refusal, Sent, unknown_act};
use crate::phone::to_e164;
use app::act;
use dispatch::consent::ConsentSource;
use dispatch::usecase::{self, RecordConsent};
use std::sync::Arc;

/// `/consent`
pub async fn submit(sent: Arc<Sent>) -> Outcome {
    match sent.act() {
        act::RECORD => record(&sent).await,
        act::CHECK => import(&sent, true).await,
        act::IMPORT => import(&sent, false).await,
        _ => unknown_act(),
    }
}

async fn record(sent: &Sent) -> Outcome {
    let input = RecordConsent {
        brand: sent.owned("brand"),
        phone: sent.owned("phone"),
        country: sent.owned("country"),
        channel: sent.owned("channel"),
        purpose: sent.owned("purpose"),
        kind: sent.owned("kind"),
        text: sent.owned("text"),
        proof: sent.owned("proof"),
        ..RecordConsent::default()
    };
    let source = ConsentSource::Member;
    usecase::record_consent(&sent.ports(), sent.viewer()?, to_e164, source, &input).await?;
    Ok(sent.same_page("consent_recorded"))
}

async fn import(sent: &Sent, only_check: bool) -> Outcome {
    let file = sent.file("file").unwrap_or(sent.text("lines").as_bytes());
    let (viewer, brand) = (sent.viewer()?, sent.text("brand"));
    let ports = sent.ports();
    let done = usecase::import_consents(&ports, viewer, to_e164, brand, file, only_check).await?;
    if done.faults.is_empty() {
        return Ok(sent.same_page(if only_check { "lines_checked" } else { "imported" }));
    }
    let fault = |fault: &usecase::LineFault| {
        format!("{}:{}:{}", fault.line, fault.column.name(), fault.reason)
    };
    Err(Refusal::Faults(done.faults.iter().map(fault).collect()))
}
