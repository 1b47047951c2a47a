//! What messages say: the list of texts by status and language; the editor and the timeline of one.

mod editor;
mod fields;
mod forecast;
mod list;
mod standing;
mod timeline;

pub use editor::editor;
pub use timeline::timeline;

use super::{Ask, Entry, Problem, Screen};
use crate::act;
use crate::editor::{Look, Matter};
use crate::form::ACT;
use crate::route;
use crate::text::{Text, language, status};
use crate::ui::art::Picture;
use crate::ui::{self, Icon, Kind, State, Tone, icon, state_word};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::language::Language;
use dispatch::reception;
use dispatch::starter;
use dispatch::template::{Content, Review};
use dispatch::tenant::Permission;
use dispatch::view::{BrandView, TemplateView, VersionView};
use leptos::prelude::*;
use list::List;
use std::collections::BTreeSet;

/// Which texts are looked for.
struct Filter {
    words: String,
    language: Option<Language>,
    review: Option<Review>,
    status: Option<TrackingStatus>,
}

impl Filter {
    fn of(ask: &Ask) -> Self {
        Self {
            words: ask.query("q").trim().to_lowercase(),
            language: ask.query_as("language"),
            review: ask.query_as("state"),
            status: ask.query_as("status"),
        }
    }

    fn is_set(&self) -> bool {
        !self.words.is_empty() || self.language.is_some() || self.review.is_some()
    }

    fn takes(&self, view: &TemplateView) -> bool {
        let Some(newest) = view.newest() else { return false };
        self.language.as_ref().is_none_or(|language| *language == view.language)
            && self.review.is_none_or(|review| review == newest.variant.review)
            && (self.words.is_empty() || says(&newest.variant.content, &self.words))
    }
}

/// Whether a content has these words anywhere, in lower case.
fn says(content: &Content, words: &str) -> bool {
    let mail = content.email.as_ref();
    let buttons = content.buttons.iter().map(|button| button.label.as_str());
    [content.header.text(), &content.body]
        .into_iter()
        .chain(content.footer.as_deref())
        .chain(content.sms.as_deref())
        .chain(mail.map(|mail| mail.subject.as_str()))
        .chain(mail.map(|mail| mail.text.as_str()))
        .chain(buttons)
        .any(|text| text.to_lowercase().contains(words))
}

/// Every text of the brand; `status` is the one the matrix points at.
pub async fn templates(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let account = ask.account()?;
    let Some(brand) = ask.brand().cloned() else {
        return Ok(without_brand(&ask));
    };
    let store = ask.desk.store.clone();
    let views = store.templates(account, brand.id).await?;
    let settings = store.channel_settings(account, brand.id, Channel::Whatsapp).await?;
    let since = ask.desk.now().minus(reception::SPAN);
    let mut figures = store.reception(account, Some(brand.id), since).await?;
    figures.retain(|text| text.channel == Channel::Whatsapp);
    let twins = store.twins(account, brand.id).await?;
    let filter = Filter::of(&ask);
    let shown: Vec<&TemplateView> = views.iter().filter(|view| filter.takes(view)).collect();
    let found = if shown.is_empty() {
        let clear = link(&brand, &[]);
        let act = ui::button_link(Kind::Plain, clear, None, t.templates_clear());
        ui::empty(Picture::Letterbox, t.templates_none(), t.templates_none_words(), act)
    } else {
        let list = List {
            ask: &ask,
            brand: &brand,
            uses: list::uses(&brand, &settings, &views),
            figures,
            twins,
            folds: !filter.is_set(),
            pointed: filter.status,
        };
        list.show(&shown)
    };
    let body = view! {
        <div class="page">
            {ui::page_head(t.templates_title(), t.templates_lead(&brand.name), ())}
            {toolbar(&ask, &brand, &views, &filter)}
            {bulk(&ask, &brand, &views)}
            {found}
        </div>
    };
    Ok(Screen::framed(t.templates_title(), Entry::Templates, body))
}

fn without_brand(ask: &Ask) -> Screen {
    let t = ask.t;
    let body = view! {
        <div class="page">
            {ui::page_head(t.templates_title(), "", ())}
            {editor::no_brand(ask)}
        </div>
    };
    Screen::framed(t.templates_title(), Entry::Templates, body)
}

fn link(brand: &BrandView, more: &[(&str, &str)]) -> String {
    let id = brand.id.to_string();
    let mut query = vec![("brand", id.as_str())];
    query.extend_from_slice(more);
    route::with_query(route::TEMPLATES, &query)
}

/// Search in the texts, and filters by language and state: an ordinary form that asks.
fn toolbar(ask: &Ask, brand: &BrandView, views: &[TemplateView], filter: &Filter) -> AnyView {
    let t = ask.t;
    let languages: BTreeSet<&Language> = views.iter().map(|view| &view.language).collect();
    let languages = languages
        .into_iter()
        .map(|each| {
            let selected = filter.language.as_ref() == Some(each);
            view! {
                <option value=each.code().to_owned() selected=selected>{language::name(ask.lang, each.code())}</option>
            }
        })
        .collect_view();
    let states = Review::ALL
        .iter()
        .map(|each| {
            let selected = filter.review == Some(*each);
            view! { <option value=each.word() selected=selected>{review_word(t, *each)}</option> }
        })
        .collect_view();
    let clear = filter.is_set().then(|| {
        view! { <a class="btn btn--quiet" href=link(brand, &[])>{t.templates_clear()}</a> }
    });
    view! {
        <form class="tools" method="get" action=route::TEMPLATES role="search">
            <input type="hidden" name="brand" value=brand.id.to_string()/>
            <div class="field grow">
                <label for="q">{t.templates_search()}</label>
                <input class="input" type="search" id="q" name="q" value=ask.query("q") autocomplete="off"/>
            </div>
            <div class="field">
                <label for="language">{t.templates_language()}</label>
                <select class="input input--select" id="language" name="language">
                    <option value="">{t.templates_any_language()}</option>
                    {languages}
                </select>
            </div>
            <div class="field">
                <label for="state">{t.templates_state()}</label>
                <select class="input input--select" id="state" name="state">
                    <option value="">{t.templates_any_state()}</option>
                    {states}
                </select>
            </div>
            <button class="btn" type="submit">{icon(Icon::Search)}{t.templates_find()}</button>
            {clear}
        </form>
    }
    .into_any()
}

/// Drafts that pass everything can go to the provider together.
fn bulk(ask: &Ask, brand: &BrandView, views: &[TemplateView]) -> Option<AnyView> {
    let t = ask.t;
    if !ask.desk.may(Permission::Edit) {
        return None;
    }
    let ready: Vec<AnyView> = views
        .iter()
        .filter(|view| is_ready(brand, view))
        .map(|view| {
            let value = format!("{}:{}", view.status, view.language);
            let id = format!("template-{}-{}", view.status, view.language);
            let of = id.clone();
            let name = language::name(ask.lang, view.language.code());
            view! {
                <li>
                    <label class="tick" for=of>
                        <input class="check" type="checkbox" id=id name="template" value=value checked=true/>
                        <span>{status::name(t, view.status)}", "{name}</span>
                    </label>
                </li>
            }
            .into_any()
        })
        .collect();
    if ready.is_empty() {
        return None;
    }
    let count = ready.len();
    let content = view! {
        <details class="fold">
            <summary>{t.templates_ready(count)}</summary>
            <form method="post" class="stack" action=link(brand, &[])>
                <input type="hidden" name=ACT value=act::SUBMIT/>
                <ul class="ready">{ready}</ul>
                <div class="row">{ui::submit(Kind::Commit, t.templates_submit_ready())}</div>
            </form>
        </details>
    };
    Some(
        view! { <div class="templates__bulk">{ui::note_with(Tone::Wait, content)}</div> }
            .into_any(),
    )
}

/// Whether a draft passes every check, and every sample that lacks nothing.
fn is_ready(brand: &BrandView, view: &TemplateView) -> bool {
    let Some(draft) = view.versions.first().filter(|v| v.variant.review == Review::Draft) else {
        return false;
    };
    let matter = Matter {
        status: view.status,
        word: starter::status_word(&view.language, view.status).to_owned(),
        language: view.language.clone(),
        brand: brand.name.clone(),
    };
    let form = crate::editor::Draft::of(&draft.variant.content, draft.chosen);
    Look::of(&form, &matter).passes()
}

/// A version's state; how long a review takes already when it is longer than usual.
fn state_of(ask: &Ask, version: &VersionView) -> AnyView {
    let t = ask.t;
    if standing::is_late(version, ask.desk.now()) {
        return state_word(State::ATTENTION, t.templates_late());
    }
    review_state(t, version.variant.review)
}

fn review_word(t: Text, review: Review) -> &'static str {
    match review {
        Review::Draft => t.templates_draft(),
        Review::Submitted => t.templates_submitted(),
        Review::Approved => t.templates_approved(),
        Review::Rejected => t.templates_rejected(),
        Review::Paused => t.templates_paused(),
        Review::Disabled => t.templates_disabled(),
    }
}

/// A template's review in words.
#[must_use]
pub fn review_state(t: Text, review: Review) -> AnyView {
    let state = match review {
        Review::Draft => State::DRAFT,
        Review::Submitted => State::WAITING,
        Review::Approved => State::DELIVERED,
        Review::Rejected | Review::Disabled => State::FAILED,
        Review::Paused => State::ATTENTION,
    };
    state_word(state, review_word(t, review))
}
