//! Takes a file of consents in, whole or not at all, and says line by line what is wrong with it.

use crate::act;
use crate::form::{self, ACT, FAULT};
use crate::page::Ask;
use crate::ui::{self, Hidden, Kind, Tone};
use dispatch::tenant::Permission;
use dispatch::usecase::MOST_LINES;
use leptos::prelude::*;

/// Faults shown at once; the file is looked at again after those are corrected.
const SHOWN: usize = 100;

/// The form, with what was wrong with the file before.
pub(super) fn import(ask: &Ask) -> Option<AnyView> {
    let t = ask.t;
    if !ask.desk.may(Permission::Edit) {
        return None;
    }
    let brand = ask.brand()?;
    let refused = ask.form.error("file").is_some();
    let error = ask.form.error("file").map(|code| {
        view! { <p class="error" id="file-error">{ui::icon(ui::Icon::Failed)}{form::sentence(t, code)}</p> }
    });
    let described = if refused { "file-hint file-error" } else { "file-hint" };
    Some(view! {
        <details class="fold" open=refused id="import">
            <summary>{t.consent_import()}</summary>
            <form class="form" method="post" enctype="multipart/form-data">
                <p class="muted">{t.consent_import_lead(&brand.name)}</p>
                <Hidden name="brand" value=brand.id.to_string()/>
                <div class="field">
                    <label for="file">{t.consent_file()}</label>
                    <input class="input" type="file" id="file" name="file" accept=".csv,.txt,text/csv,text/plain" aria-describedby=described aria-invalid=refused.then_some("true")/>
                    <p class="hint" id="file-hint">{t.consent_file_hint(MOST_LINES)}</p>
                    {error}
                </div>
                <div class="field">
                    <label for="lines">{t.consent_lines()}</label>
                    <textarea class="input input--area mono" id="lines" name="lines" rows="5" spellcheck="false" placeholder="phone,country,purpose,source,text,time">{ask.form.value_or("lines", "")}</textarea>
                </div>
                {faults(ask)}
                <div class="form__acts">
                    {ui::submit_act(Kind::Plain, act::CHECK, t.consent_check())}
                    <button class="btn btn--ink" type="submit" name=ACT value=act::IMPORT>{t.consent_import_act()}</button>
                </div>
            </form>
        </details>
    }
    .into_any())
}

fn faults(ask: &Ask) -> Option<AnyView> {
    let t = ask.t;
    let faults: Vec<(String, String, &'static str)> = ask
        .form
        .values
        .iter()
        .filter(|(name, _)| name == FAULT)
        .filter_map(|(_, text)| {
            let mut parts = text.splitn(3, ':');
            let (line, column) = (parts.next()?.to_owned(), parts.next()?.to_owned());
            Some((line, column, form::sentence(t, parts.next()?)))
        })
        .collect();
    if faults.is_empty() {
        return None;
    }
    let count = faults.len();
    let rows = faults
        .into_iter()
        .take(SHOWN)
        .map(|(line, column, words)| {
            view! { <li><b>{t.consent_line(line)}</b> " " <span class="mono">{column}</span> " " {words}</li> }
        })
        .collect_view();
    let more = (count > SHOWN).then(|| view! { <p>{t.consent_more_faults(count - SHOWN)}</p> });
    let content = view! {
        <p>{t.consent_faults(count)}</p>
        <ul class="stack" id="faults">{rows}</ul>
        {more}
    };
    Some(ui::note_with(Tone::Bad, content))
}
