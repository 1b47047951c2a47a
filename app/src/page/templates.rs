//! What messages say: the starter library, read only, with a preview of each text.

use super::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::{Text, language_name, status};
use crate::ui::phone::{Bubble, bubble};
use crate::ui::{self, State, Tab, Tabs, state_word};
use dispatch::channel::{StatusGroup, TrackingStatus};
use dispatch::language::Language;
use dispatch::starter;
use dispatch::template::{Review, Variant};
use leptos::prelude::*;

/// The templates of one language; `status` opens at one of them.
pub async fn templates(ask: Ask) -> Result<Screen, Problem> {
    ask.guest()?;
    let t = ask.t;
    let languages: Vec<Language> = starter::variants(TrackingStatus::Shipped)
        .iter()
        .map(|variant| variant.language.clone())
        .collect();
    let wanted =
        ask.query_as("language").or_else(|| ask.brand().map(|brand| brand.language.clone()));
    let chosen = wanted.filter(|language| languages.contains(language));
    let chosen = chosen.unwrap_or_else(Language::english);
    let opened: Option<TrackingStatus> = ask.query_as("status");

    let tabs = languages
        .iter()
        .map(|language| Tab {
            href: route::with_query(route::TEMPLATES, &[("language", language.code())]),
            label: language_name(language.code()).to_owned(),
            icon: None,
            count: None,
            current: *language == chosen,
        })
        .collect();
    let name = ask.brand().map(|brand| brand.name.clone());
    let groups = StatusGroup::ALL
        .iter()
        .map(|group| {
            let items = TrackingStatus::ALL
                .iter()
                .filter(|each| each.group() == *group)
                .filter_map(|each| {
                    starter::variants(*each).iter().find(|variant| variant.language == chosen)
                })
                .map(|variant| item(t, variant, opened == Some(variant.status), name.as_deref()))
                .collect_view();
            view! {
                <section class="stack">
                    <h2>{status::group(t, *group)}</h2>
                    <ul class="sheets">{items}</ul>
                </section>
            }
        })
        .collect_view();
    let body = view! {
        <div class="page">
            {ui::page_head(t.templates_title(), t.templates_lead(), ())}
            <Tabs label=t.templates_languages() tabs=tabs/>
            <div class="stack--wide templates">{groups}</div>
        </div>
    };
    Ok(Screen::framed(t.templates_title(), Entry::Templates, body))
}

fn item(t: Text, variant: &Variant, opened: bool, brand: Option<&str>) -> AnyView {
    let preview = Bubble {
        body: spoken(&variant.content.body, brand),
        footer: variant.content.footer.clone(),
        ..Bubble::default()
    };
    view! {
        <li class="card" id=variant.status.word() aria-current=opened.then_some("true")>
            <div class="card__b spread">
                <span class="two">
                    <b>{status::name(t, variant.status)}</b>
                    <small>{format!("{} v{}", variant.name, variant.version)}</small>
                </span>
                {review_state(t, variant.review)}
            </div>
            <div class="card__b seen">{bubble(preview)}</div>
        </li>
    }
    .into_any()
}

/// The text as it reads before a parcel fills it: the brand's name in its place, the other tags by
/// their fallback or in pointed brackets.
fn spoken(body: &str, brand: Option<&str>) -> String {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("<<") {
        text.push_str(before);
        let Some((tag, after)) = after.split_once(">>") else {
            text.push_str("<<");
            rest = after;
            continue;
        };
        let name = tag.split('|').next().unwrap_or(tag);
        match brand.filter(|_| name == "companyname") {
            Some(brand) => text.push_str(brand),
            None => {
                text.push('‹');
                text.push_str(name);
                text.push('›');
            }
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// A template's review in words.
#[must_use]
pub fn review_state(t: Text, review: Review) -> AnyView {
    match review {
        Review::Draft => state_word(State::DRAFT, t.templates_draft()),
        Review::Submitted => state_word(State::WAITING, t.templates_submitted()),
        Review::Approved => state_word(State::DELIVERED, t.templates_approved()),
        Review::Rejected => state_word(State::FAILED, t.templates_rejected()),
        Review::Paused => state_word(State::ATTENTION, t.templates_paused()),
        Review::Disabled => state_word(State::FAILED, t.templates_disabled()),
    }
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn a_preview_names_the_brand_and_marks_what_a_parcel_will_fill() {
        let text = spoken("Hello <<first_name|there>>, <<companyname>> says hi", Some("Brume"));
        assert_eq!(text, "Hello ‹first_name›, Brume says hi");
        assert_eq!(spoken("a << b", None), "a << b");
    }
}
