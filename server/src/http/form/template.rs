//! `/templates` and the editor of one text.

use super::{Done, Outcome, Refusal, Sent, unknown_act};
use crate::media::{self, Upload};
use app::editor::Draft;
use app::form::DONE;
use app::{act, route};
use dispatch::error::Error;
use dispatch::id::BrandId;
use dispatch::template::check::{Finding, FindingCode, Place, Severity};
use dispatch::tenant::{Permission, Viewer};
use dispatch::usecase::{self, Given, RestoreTemplate, SaveTemplate, Saved};
use std::sync::Arc;

/// `/templates`: several texts at once.
pub async fn list(sent: Arc<Sent>) -> Outcome {
    let (ports, viewer, brand) = (sent.ports(), sent.viewer()?, sent.query("brand"));
    match sent.act() {
        act::SUBMIT => {
            let mut given = Given::Nothing;
            for each in sent.all("template") {
                let (status, language) = each.split_once(':').ok_or(Error::NotFound)?;
                let each =
                    usecase::submit_template(&ports, viewer, &brand, status, language).await?;
                given = given.max(each);
            }
            sent.state.wakes.reviewer.ring();
            Ok(sent.same_page(match given {
                Given::Nothing => "unchanged",
                Given::Adopted => "adopted",
                Given::Submitted => "submitted",
            }))
        }
        _ => unknown_act(),
    }
}

/// `/templates/{status}/{language}`
pub async fn submit(sent: Arc<Sent>) -> Outcome {
    let (ports, viewer, brand) = (sent.ports(), sent.viewer()?, sent.query("brand"));
    let (status, language) = (sent.path("status"), sent.path("language"));
    let uploaded = take_file(&sent, viewer, &brand).await?;
    match sent.act() {
        act::UPLOAD if uploaded => Ok(Done::Again),
        act::UPLOAD => Err(Error::invalid(media::FIELD, "no_file").into()),
        act::SAVE | act::SUBMIT => {
            let submit = sent.act() == act::SUBMIT;
            let draft = Draft::of_fields(sent.pairs());
            let input = SaveTemplate {
                brand,
                status: status.to_owned(),
                language: language.to_owned(),
                version: sent.owned("version"),
                revision: sent.owned("revision"),
                category: draft.category().word().to_owned(),
                content: draft.content(),
                submit,
            };
            match usecase::save_template(&ports, viewer, &input).await? {
                Saved::Submitted { .. } => {
                    sent.state.wakes.reviewer.ring();
                    Ok(sent.same_page("submitted"))
                }
                Saved::Stored { findings, .. } if submit => {
                    let fault = findings.iter().find(|f| f.severity == Severity::Fault);
                    Err(Error::invalid(fault.map_or("body", |f| field(f.place)), "checks").into())
                }
                Saved::Stored { .. } => Ok(sent.same_page("saved")),
                Saved::Unchanged => Ok(sent.same_page("unchanged")),
                Saved::Adopted { .. } => Ok(sent.same_page("adopted")),
                Saved::Stopped => Err(Error::invalid("body", "stopped").into()),
                Saved::Refused(findings) => Err(refusal(&findings).into()),
            }
        }
        // The page asks, with what was typed.
        act::PREVIEW => sent.own_brand(&brand).map(|()| Done::Again),
        act::DISCARD => {
            let version = sent.text("discarded");
            usecase::discard_template(&ports, viewer, &brand, status, language, version).await?;
            Ok(sent.same_page("discarded"))
        }
        act::RESTORE => {
            let input = RestoreTemplate {
                brand: brand.clone(),
                status: status.to_owned(),
                language: language.to_owned(),
                version: sent.owned("restored"),
                into: sent.owned("into"),
            };
            usecase::restore_template(&ports, viewer, &input).await?;
            let page = route::template(status, sent.text("into"));
            Ok(Done::See(route::with_query(&page, &[("brand", &brand), (DONE, "restored")])))
        }
        _ => unknown_act(),
    }
}

/// Keeps the file that was chosen for the header, and puts its address where one would be typed. Answers whether
/// there was one.
async fn take_file(sent: &Sent, viewer: &Viewer, brand: &str) -> Result<bool, Refusal> {
    let Some(file) = sent.chosen(media::FIELD) else { return Ok(false) };
    viewer.need(Permission::Edit)?;
    let brand: BrandId = brand.parse().map_err(|_| Error::NotFound)?;
    let upload = Upload { bytes: file.bytes.clone(), called: file.called.clone() };
    let site = &sent.state.site;
    let media = media::of_upload(upload, site.largest_document()).await?;
    let kind = media.kind.header();
    let new = media::of_brand(media, brand);
    sent.state.store.keep_media(viewer.account, brand, &new, sent.ports().now()).await?;
    let address = format!("{}{}", site.base_url, route::media(&new.name, &new.media.file));
    sent.put(vec![("header_kind", kind.word().to_owned()), ("header_text", address)]);
    Ok(true)
}

/// What was not even stored, by its field.
fn refusal(findings: &[Finding]) -> Error {
    let found = findings.iter().find_map(|f| match f.code {
        FindingCode::FarTooLong => Some((f.place, "too_long")),
        FindingCode::Characters => Some((f.place, "hidden")),
        _ => None,
    });
    let (place, code) = found.unwrap_or((Place::Body, "checks"));
    Error::invalid(field(place), code)
}

const fn field(place: Place) -> &'static str {
    match place {
        Place::Header => "header_text",
        Place::Body => "body",
        Place::Footer => "footer",
        Place::Buttons | Place::Button(_) | Place::Target(_) => "buttons",
        Place::Sms => "sms",
        Place::Subject => "mail_subject",
        Place::MailText => "mail_text",
        Place::MailPage => "mail_html",
    }
}
