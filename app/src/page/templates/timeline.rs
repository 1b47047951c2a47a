//! The timeline of a text: versions, submissions, answers; each version with what changed, and the way back.

use super::super::{Ask, Entry, Problem, Screen};
use super::standing;
use crate::act;
use crate::editor::{Draft, words};
use crate::form::ACT;
use crate::route;
use crate::text::{Text, language, status, time};
use crate::ui::{self, Kind};
use dispatch::channel::TrackingStatus;
use dispatch::language::Language;
use dispatch::template::refusal::Refusal;
use dispatch::template::{Category, Content, Review};
use dispatch::tenant::Permission;
use dispatch::view::{TemplateChange, TemplateChangeView, TemplateView, VersionView};
use leptos::prelude::*;

/// What happened to a status's text in a language.
pub async fn timeline(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let account = ask.account()?;
    let status: TrackingStatus = ask.id("status")?;
    let language: Language = ask.id("language")?;
    let Some(brand) = ask.brand().cloned() else {
        return Ok(super::without_brand(&ask));
    };
    let store = ask.desk.store.clone();
    let view = store.template(account, brand.id, status, &language).await?;
    let changes = store.template_history(account, brand.id, status, &language).await?;
    let id = brand.id.to_string();
    let editor = route::with_query(&route::template(status, &language), &[("brand", &id)]);
    let name = status::name(t, status);
    let title = t.timeline_title(name, language::name(ask.lang, language.code()));
    let lines = changes.iter().map(|change| line(&ask, change)).collect_view();
    let history = if changes.is_empty() {
        view! { <p class="muted">{t.timeline_nothing()}</p> }.into_any()
    } else {
        view! { <ol class="changes">{lines}</ol> }.into_any()
    };
    let body = view! {
        <div class="page page--measure">
            <div class="page__head">
                <div>
                    {ui::back_link(&editor, t.timeline_back())}
                    <h1>{title.clone()}</h1>
                </div>
            </div>
            <div class="stack--wide">
                <section class="stack" aria-labelledby="versions">
                    <h2 id="versions">{t.timeline_versions()}</h2>
                    {versions(&ask, &view, &editor)}
                </section>
                <section class="stack" aria-labelledby="happened">
                    <h2 id="happened">{t.timeline_happened()}</h2>
                    {history}
                </section>
            </div>
        </div>
    };
    Ok(Screen::framed(title, Entry::Templates, body))
}

fn line(ask: &Ask, change: &TemplateChangeView) -> AnyView {
    let t = ask.t;
    let what = match change.what {
        TemplateChange::Created => t.timeline_created(),
        TemplateChange::Edited => t.timeline_edited(),
        TemplateChange::Discarded => t.timeline_discarded(),
        TemplateChange::Adopted => t.timeline_adopted(),
        TemplateChange::Submitted => t.timeline_submitted(),
        TemplateChange::Reviewed => t.timeline_reviewed(),
        TemplateChange::Recategorised => t.timeline_recategorised(),
        TemplateChange::Impending => t.timeline_impending(),
        TemplateChange::Quality => t.timeline_quality(),
    };
    let by = change.by.clone().unwrap_or_else(|| t.timeline_provider().to_owned());
    let at = ui::layout::moment(
        ask.lang,
        change.at,
        &ask.zone,
        time::short(ask.lang, change.at, &ask.zone),
    );
    view! {
        <li>
            {at}
            <span class="two">
                <span><b>{what}</b>" "{detail(t, change)}</span>
                <small>{version_name(t, change.version)}", "{by}</small>
            </span>
        </li>
    }
    .into_any()
}

/// What a line's detail means; its words are the provider's or ours.
fn detail(t: Text, change: &TemplateChangeView) -> AnyView {
    if change.what == TemplateChange::Adopted {
        let known = change.detail.parse().unwrap_or_default();
        return t.timeline_adopted_as(version_name(t, known)).into_any();
    }
    let (first, rest) = change.detail.split_once([' ', ':']).unwrap_or((&change.detail, ""));
    if let Ok(review) = first.parse::<Review>() {
        let why = rest.trim();
        let why = (!why.is_empty()).then(|| {
            let refusal = Refusal::read(why);
            let said = (!refusal.said.is_empty())
                .then(|| view! { " " <q dir="auto">{refusal.said.clone()}</q> });
            view! { {standing::reason(t, &refusal).0} {said} }
        });
        return view! { {super::review_state(t, review)} " " {why} }.into_any();
    }
    match first.parse::<Category>() {
        Ok(category) => words::category(t, category).into_any(),
        Err(_) => change.detail.clone().into_any(),
    }
}

fn version_name(t: Text, version: i64) -> String {
    if version == 0 { t.editor_version_library().to_owned() } else { t.editor_version(version) }
}

/// Each version with what it changed against the one before.
fn versions(ask: &Ask, view: &TemplateView, editor: &str) -> AnyView {
    let t = ask.t;
    let all: Vec<&VersionView> = view.versions.iter().chain(view.library.as_ref()).collect();
    let may_edit = ask.desk.may(Permission::Edit);
    let speaking = view.speaking().map(|version| version.variant.version);
    let items = all
        .iter()
        .enumerate()
        .map(|(index, version)| {
            let before = all.get(index + 1).map(|before| &before.variant.content);
            let number = version.variant.version;
            let by = version.edited_by.clone().filter(|_| number > 0);
            let at = (number > 0).then(|| time::short(ask.lang, version.edited_at, &ask.zone));
            let speaks = (speaking == Some(number)).then(|| t.timeline_speaks());
            let superseded = speaking.is_some_and(|speaking| speaking > number)
                && version.variant.review == Review::Approved;
            let state = if superseded {
                ui::state_word(ui::State::NONE, t.timeline_superseded())
            } else {
                super::review_state(t, version.variant.review)
            };
            let restore = (may_edit && index > 0).then(|| restore(t, number, &view.language, editor));
            view! {
                <li class="card">
                    <div class="card__b spread">
                        <span class="two">
                            <b>{version_name(t, number)}</b>
                            <small>{at} " " {by} " " {speaks}</small>
                        </span>
                        {state}
                    </div>
                    <div class="card__b">{difference(t, before, &version.variant.content)}{restore}</div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="stack">{items}</ol> }.into_any()
}

/// An earlier text becomes the draft. One that is there already would be lost, so it is asked first.
fn restore(t: Text, version: i64, language: &Language, editor: &str) -> AnyView {
    view! {
        <details class="fold">
            <summary>{t.timeline_restore()}</summary>
            <form method="post" action=editor.to_owned() class="stack">
                <input type="hidden" name=ACT value=act::RESTORE/>
                <input type="hidden" name="restored" value=version.to_string()/>
                <input type="hidden" name="into" value=language.code().to_owned()/>
                <p class="small muted">{t.timeline_restore_words()}</p>
                <div class="row">{ui::submit(Kind::Plain, t.timeline_restore_now())}</div>
            </form>
        </details>
    }
    .into_any()
}

/// A content's parts that say something, with their names.
pub(super) fn parts(t: Text, content: &Content) -> Vec<(&'static str, String)> {
    let draft = Draft::of(content, Category::Utility);
    let header = content.header.kind();
    let header = match content.header.text() {
        "" => words::header(t, header).to_owned(),
        text => format!("{}: {text}", words::header(t, header)),
    };
    let buttons =
        draft.rows.iter().map(|row| format!("{} ({}) {}", row.label, row.kind, row.target));
    [
        (t.editor_header(), header),
        (t.editor_body(), draft.body.clone()),
        (t.editor_footer(), draft.footer.clone()),
        (t.editor_buttons(), buttons.collect::<Vec<_>>().join("\n")),
        (t.channel_sms(), draft.sms.clone()),
        (t.editor_mail_subject(), draft.mail_subject.clone()),
        (t.editor_mail_text(), draft.mail_text.clone()),
        (t.editor_mail_html(), draft.mail_html.clone()),
    ]
    .into_iter()
    .filter(|(_, text)| !text.trim().is_empty())
    .collect()
}

/// What a version says that the one before did not, line by line; the whole text of the first.
fn difference(t: Text, before: Option<&Content>, now: &Content) -> AnyView {
    let now_parts = parts(t, now);
    let before_parts = before.map(|before| parts(t, before)).unwrap_or_default();
    let text_of = |all: &[(&'static str, String)], label: &str| {
        all.iter()
            .find(|(name, _)| *name == label)
            .map(|(_, text)| text.clone())
            .unwrap_or_default()
    };
    let mut labels: Vec<&'static str> = now_parts.iter().map(|(label, _)| *label).collect();
    for (label, _) in &before_parts {
        if !labels.contains(label) {
            labels.push(label);
        }
    }
    let mut changed = Vec::new();
    for label in labels {
        let (old, new) = (text_of(&before_parts, label), text_of(&now_parts, label));
        if old == new {
            continue;
        }
        let lines = compare(&old, &new)
            .into_iter()
            .map(|(way, line)| match way {
                Way::Kept => view! { <p class="said">{line}</p> }.into_any(),
                Way::Added if before.is_none() => view! { <p class="said">{line}</p> }.into_any(),
                Way::Added => view! {
                    <p class="said"><small class="state state--good">{t.timeline_added()}</small>" "<ins>{line}</ins></p>
                }
                .into_any(),
                Way::Removed => view! {
                    <p class="said"><small class="state state--bad">{t.timeline_removed()}</small>" "<del>{line}</del></p>
                }
                .into_any(),
            })
            .collect_view();
        changed.push(view! { <dt>{label}</dt><dd dir="auto">{lines}</dd> }.into_any());
    }
    if changed.is_empty() {
        return view! { <p class="small faint">{t.timeline_same()}</p> }.into_any();
    }
    view! { <dl class="facts">{changed}</dl> }.into_any()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Kept,
    Added,
    Removed,
}

/// Lines beyond this are compared as a whole: the work grows with their product.
const MOST_LINES: usize = 200;

/// The lines of two texts: kept, removed, added.
fn compare<'a>(old: &'a str, new: &'a str) -> Vec<(Way, String)> {
    let (a, b): (Vec<&'a str>, Vec<&'a str>) = (old.lines().collect(), new.lines().collect());
    let owned = |way: Way| move |line: &&str| (way, (*line).to_owned());
    if a.len() > MOST_LINES || b.len() > MOST_LINES {
        return a.iter().map(owned(Way::Removed)).chain(b.iter().map(owned(Way::Added))).collect();
    }
    // How many lines the rests of both have in common.
    let mut common = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = if a[i] == b[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            lines.push((Way::Kept, a[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && common[i + 1][j] >= common[i][j + 1]) {
            lines.push((Way::Removed, a[i].to_owned()));
            i += 1;
        } else {
            lines.push((Way::Added, b[j].to_owned()));
            j += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_marked() {
        let found = compare("Hello\n\nBye", "Hello\nnew\n\nBye");
        let ways: Vec<Way> = found.iter().map(|(way, _)| *way).collect();
        assert_eq!(ways, [Way::Kept, Way::Added, Way::Kept, Way::Kept]);
        assert_eq!(compare("a", "b"), [(Way::Removed, "a".into()), (Way::Added, "b".into())]);
        assert_eq!(compare("", ""), []);
    }
}
