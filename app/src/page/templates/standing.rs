//! Where a text stands with the provider, in words: what happened, what can be done.

use super::super::Ask;
use super::editor::Sheet;
use crate::editor::{parts, words};
use crate::route;
use crate::text::{Text, time};
use crate::ui::{self, Icon, Tone, icon};
use dispatch::template::refusal::{Refusal, Why};
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
    let refused = sheet.refused();
    if newest.variant.review != Review::Rejected {
        notes.push(review(ask, sheet, newest));
    }
    if let Some(refused) = refused {
        notes.push(refusal(ask, sheet, refused));
    }
    if newest.variant.category == Category::Marketing && newest.chosen != Category::Marketing {
        let name = words::category(t, newest.variant.category);
        notes.push(ui::note(Tone::Warn, t.editor_state_category(name)));
    }
    if let Some((Category::Marketing, at)) = newest.impending {
        let date = time::date(ask.lang, at, &ask.zone);
        let name = words::category(t, Category::Marketing);
        notes.push(ui::note(Tone::Warn, t.editor_state_impending(name, date)));
    }
    match newest.quality.as_deref() {
        Some("yellow") => notes.push(ui::note(Tone::Warn, t.editor_quality_yellow())),
        Some("red") => notes.push(ui::note(Tone::Bad, t.editor_quality_red())),
        _ => {}
    }
    notes
}

/// What is said aloud when the provider's answer comes while the page is open.
pub(super) fn said(t: Text, newest: &VersionView) -> String {
    match newest.variant.review {
        Review::Approved => t.editor_said_approved().to_owned(),
        Review::Rejected => {
            let refusal = Refusal::read(newest.reason.as_deref().unwrap_or_default());
            t.editor_state_rejected(reason(t, &refusal).0)
        }
        Review::Paused => t.editor_said_paused().to_owned(),
        Review::Disabled => t.editor_said_disabled().to_owned(),
        Review::Draft | Review::Submitted => String::new(),
    }
}

fn review(ask: &Ask, sheet: &Sheet, newest: &VersionView) -> AnyView {
    let t = ask.t;
    let number = newest.variant.version;
    let known = known(sheet, newest);
    let because = known.map(|known| unreviewed(t, known, newest));
    match newest.variant.review {
        Review::Draft => {
            let words = match (because, sheet.view().and_then(|view| view.speaking())) {
                (Some(because), _) => format!("{} {because}", t.editor_state_draft_known()),
                (None, Some(other)) if other.variant.version > 0 => {
                    t.editor_state_draft_over(other.variant.version)
                }
                (None, _) => format!("{} {}", t.editor_state_draft(), meanwhile(t, sheet)),
            };
            being_written(words)
        }
        Review::Submitted => {
            let since = newest.submitted_at.unwrap_or(newest.edited_at);
            let now = ask.desk.now();
            let (tone, words) = if is_late(newest, now) {
                (Tone::Warn, t.editor_state_late(now.since(since).as_secs() / 86_400))
            } else {
                let at = time::short(ask.lang, since, &ask.zone);
                (Tone::Wait, t.editor_state_submitted(at))
            };
            note_with_meanwhile(t, sheet, tone, words)
        }
        Review::Approved if number == 0 => being_written(t.editor_state_library().to_owned()),
        Review::Approved => {
            let because = because.map(|because| view! { <p>{because}</p> });
            let words = view! { <p>{t.editor_state_approved(number + 1)}</p> {because} };
            ui::note_with(Tone::Good, words)
        }
        Review::Rejected => ().into_any(),
        Review::Paused => note_with_meanwhile(t, sheet, Tone::Warn, paused(ask, newest)),
        Review::Disabled => {
            note_with_meanwhile(t, sheet, Tone::Bad, t.editor_state_disabled().to_owned())
        }
    }
}

/// The version whose review is that of this one too: of a draft, what it would be submitted as.
fn known<'a>(sheet: &'a Sheet, version: &VersionView) -> Option<&'a VersionView> {
    let view = sheet.view()?;
    if version.variant.review == Review::Draft {
        let known = view.known_as(&version.variant.content, version.chosen);
        return known.filter(|known| known.variant.review == Review::Approved);
    }
    let mut all = view.versions.iter().chain(&view.library);
    let is_before = |other: &&VersionView| {
        other.variant.version < version.variant.version
            && other.variant.name == version.variant.name
    };
    all.find(is_before)
}

/// Why a version needs no review of its own.
fn unreviewed(t: Text, known: &VersionView, version: &VersionView) -> String {
    let (was, is) = (&known.variant.content, &version.variant.content);
    if was != is && was.without_fallbacks() == is.without_fallbacks() {
        t.editor_known_words().to_owned()
    } else if known.variant.version == 0 {
        t.editor_known_library().to_owned()
    } else {
        t.editor_known_text(known.variant.version)
    }
}

fn note_with_meanwhile(t: Text, sheet: &Sheet, tone: Tone, words: String) -> AnyView {
    ui::note_with(tone, view! { <p>{words}</p> <p>{meanwhile(t, sheet)}</p> })
}

/// What customers get while the newest text is not sent.
fn meanwhile(t: Text, sheet: &Sheet) -> String {
    let speaking = sheet.view().and_then(|view| view.speaking());
    match speaking.map(|speaking| speaking.variant.version) {
        Some(0) => t.editor_meanwhile_library().to_owned(),
        Some(number) => t.editor_meanwhile_version(number),
        None => t.editor_meanwhile_none().to_owned(),
    }
}

/// Why it is paused, and what ends that.
fn paused(ask: &Ask, version: &VersionView) -> String {
    let t = ask.t;
    let until = |hours: u64| {
        let since = version.changed_at.unwrap_or_else(|| ask.desk.now());
        time::short(ask.lang, since.plus(Duration::from_secs(hours * 3600)), &ask.zone)
    };
    match Refusal::read(version.reason.as_deref().unwrap_or_default()).why {
        Why::FirstPause => t.editor_state_paused_first(until(3)),
        Why::SecondPause => t.editor_state_paused_second(until(6)),
        Why::Pacing => t.editor_state_paused_pacing().to_owned(),
        _ => t.editor_state_paused().to_owned(),
    }
}

/// Why a version was refused, what helps, and where the text as it stands still shows it.
fn refusal(ask: &Ask, sheet: &Sheet, version: &VersionView) -> AnyView {
    let t = ask.t;
    let refusal = Refusal::read(version.reason.as_deref().unwrap_or_default());
    let (why, help) = reason(t, &refusal);
    let is_newest = version.variant.review == Review::Rejected
        && sheet.newest().is_some_and(|n| n.variant.version == version.variant.version);
    let (tone, first) = if is_newest {
        (Tone::Bad, t.editor_state_rejected(why))
    } else {
        (Tone::Warn, t.editor_state_rejected_before(version.variant.version, why))
    };
    let said = (!refusal.said.is_empty()).then(|| {
        view! { <p class="muted">{t.editor_reason_said()} " " <q dir="auto">{refusal.said.clone()}</q></p> }
    });
    // A draft's own note says what is sent meanwhile.
    let meanwhile = is_newest.then(|| view! { <p>{meanwhile(t, sheet)}</p> });
    let edited = sheet.is_edited_since(version);
    let places = parts::refused(t, &sheet.look, &sheet.draft, refusal.why, edited);
    let words = view! {
        <div class="refusal">
            <p><b>{first}</b></p>
            {said}
            <p>{t.editor_repair_hint(help)}</p>
            <div
                class="refusal__places"
                data-live="refused"
                data-why=refusal.why.word()
                data-edited=edited.then_some("")
            >
                {places}
            </div>
            {meanwhile}
        </div>
    };
    ui::note_with(tone, words)
}

/// A note on a text in the making: a pen, where a plain note has a lock.
fn being_written(words: String) -> AnyView {
    view! { <div class="note">{icon(Icon::Pen)}<div class="grow">{words}</div></div> }.into_any()
}

/// The provider's reason in our words, and what helps.
pub(super) fn reason(t: Text, refusal: &Refusal) -> (String, &'static str) {
    let (why, help) = match refusal.why {
        Why::InvalidFormat => (t.editor_reason_invalid_format(), t.editor_repair_invalid_format()),
        Why::IncorrectCategory => {
            (t.editor_reason_incorrect_category(), t.editor_repair_incorrect_category())
        }
        Why::Promotional => (t.editor_reason_promotional(), t.editor_repair_promotional()),
        Why::AbusiveContent => {
            (t.editor_reason_abusive_content(), t.editor_repair_abusive_content())
        }
        Why::Scam => (t.editor_reason_scam(), t.editor_repair_scam()),
        Why::TagContentMismatch => {
            (t.editor_reason_tag_content_mismatch(), t.editor_repair_tag_content_mismatch())
        }
        Why::Full => (t.editor_reason_full(), t.editor_repair_full()),
        Why::FirstPause => (t.editor_reason_first_pause(), t.editor_repair_other()),
        Why::SecondPause => (t.editor_reason_second_pause(), t.editor_repair_other()),
        Why::Pacing => (t.editor_reason_pacing(), t.editor_repair_other()),
        Why::Unsaid => (t.editor_reason_none(), t.editor_repair_other()),
        Why::Other => {
            let help = if refusal.said.is_empty() {
                t.editor_repair_other()
            } else {
                t.editor_repair_said()
            };
            return (t.editor_reason_other(&refusal.code), help);
        }
    };
    (why.to_owned(), help)
}
