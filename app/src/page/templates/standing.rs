//! Where a text stands with the provider, in words: what happened, what can be done.

use super::super::Ask;
use super::editor::Sheet;
use crate::editor::words;
use crate::route;
use crate::text::{Text, time};
use crate::ui::{self, Icon, Tone, icon};
use dispatch::template::{Category, Review};
use dispatch::view::VersionView;
use leptos::prelude::*;
use std::time::Duration;

/// After which a review takes longer than usual.
const LATE: Duration = Duration::from_secs(48 * 3600);

/// Whether a review takes longer than usual.
#[must_use]
pub fn is_late(version: &VersionView, now: dispatch::time::Timestamp) -> bool {
    version.variant.review == Review::Submitted
        && version.submitted_at.is_some_and(|at| now.since(at) > LATE)
}

/// Everything that is to be known before writing on.
pub(super) fn notes(ask: &Ask, sheet: &Sheet) -> Vec<AnyView> {
    let t = ask.t;
    let mut notes = Vec::new();
    if !sheet.may_edit {
        notes.push(ui::note(Tone::Plain, t.editor_read_only()));
    } else if sheet.brand.sender.is_none() {
        let words = view! {
            <p>{t.editor_no_sender()} " " <a href=route::brand(sheet.brand.id)>{t.editor_no_sender_act()}</a></p>
        };
        notes.push(ui::note_with(Tone::Warn, words));
    }
    let Some(newest) = sheet.newest() else { return notes };
    notes.push(review(ask, sheet, newest));
    if newest.variant.category == Category::Marketing && newest.chosen != Category::Marketing {
        let name = words::category(t, newest.variant.category);
        notes.push(ui::note(Tone::Warn, t.editor_state_category(name)));
    }
    if let Some((category, at)) = newest.impending {
        let date = time::date(ask.lang, at, &ask.zone);
        let name = words::category(t, category);
        notes.push(ui::note(Tone::Warn, t.editor_state_impending(name, date)));
    }
    match newest.quality.as_deref() {
        Some("yellow") => notes.push(ui::note(Tone::Warn, t.editor_quality_yellow())),
        Some("red") => notes.push(ui::note(Tone::Bad, t.editor_quality_red())),
        _ => {}
    }
    notes
}

fn review(ask: &Ask, sheet: &Sheet, newest: &VersionView) -> AnyView {
    let t = ask.t;
    let number = newest.variant.version;
    match newest.variant.review {
        Review::Draft => {
            let speaking = sheet.view().and_then(|view| view.speaking());
            match speaking.filter(|speaking| speaking.variant.version > 0) {
                Some(other) => being_written(t.editor_state_draft_over(other.variant.version)),
                None => being_written(t.editor_state_draft().to_owned()),
            }
        }
        Review::Submitted => {
            let since = newest.submitted_at.unwrap_or(newest.edited_at);
            let now = ask.desk.now();
            if is_late(newest, now) {
                let days = now.since(since).as_secs() / 86_400;
                ui::note(Tone::Warn, t.editor_state_late(days))
            } else {
                let at = time::short(ask.lang, since, &ask.zone);
                ui::note(Tone::Wait, t.editor_state_submitted(at))
            }
        }
        Review::Approved if number == 0 => being_written(t.editor_state_library().to_owned()),
        Review::Approved => ui::note(Tone::Good, t.editor_state_approved(number + 1)),
        Review::Rejected => {
            let (why, help) = reason(t, newest.reason.as_deref().unwrap_or_default());
            let words = view! {
                <p>{t.editor_state_rejected(why)}</p>
                <p>{t.editor_repair_hint(help)}</p>
            };
            ui::note_with(Tone::Bad, words)
        }
        Review::Paused => ui::note(Tone::Warn, t.editor_state_paused()),
        Review::Disabled => ui::note(Tone::Bad, t.editor_state_disabled()),
    }
}

/// A note on a text in the making: a pen, where a plain note has a lock.
fn being_written(words: String) -> AnyView {
    view! { <div class="note">{icon(Icon::Pen)}<div class="grow">{words}</div></div> }.into_any()
}

/// The provider's word for a refusal, in ours, and what helps.
pub(super) fn reason(t: Text, code: &str) -> (String, &'static str) {
    match code.to_ascii_lowercase().as_str() {
        "invalid_format" => {
            (t.editor_reason_invalid_format().to_owned(), t.editor_repair_invalid_format())
        }
        "incorrect_category" => {
            (t.editor_reason_incorrect_category().to_owned(), t.editor_repair_incorrect_category())
        }
        "promotional" => (t.editor_reason_promotional().to_owned(), t.editor_repair_promotional()),
        "abusive_content" => {
            (t.editor_reason_abusive_content().to_owned(), t.editor_repair_other())
        }
        "scam" => (t.editor_reason_scam().to_owned(), t.editor_repair_other()),
        "tag_content_mismatch" => {
            let help = t.editor_repair_tag_content_mismatch();
            (t.editor_reason_tag_content_mismatch().to_owned(), help)
        }
        "" | "none" => (t.editor_reason_none().to_owned(), t.editor_repair_other()),
        other => (t.editor_reason_other(other), t.editor_repair_other()),
    }
}
