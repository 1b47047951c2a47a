//! How a page is laid out: its head, tabs, tables, pager, cards, meters and empty places.

use super::art::{Picture, picture};
use super::icon::{Icon, icon};
use crate::text::time::{self, Zone};
use crate::text::{Lang, Text};
use dispatch::time::Timestamp;
use leptos::prelude::*;

/// Title, a sentence on what the page is for, and what can be done on it.
pub fn page_head(
    title: impl Into<String>,
    lead: impl Into<String>,
    acts: impl IntoView,
) -> AnyView {
    let lead = lead.into();
    view! {
        <div class="page__head">
            <div>
                <h1>{title.into()}</h1>
                {(!lead.is_empty()).then(|| view! { <p>{lead}</p> })}
            </div>
            <div class="page__acts">{acts}</div>
        </div>
    }
    .into_any()
}

/// The way back to the list a page belongs to; stands above the title.
pub fn back_link(href: &str, words: impl Into<String>) -> AnyView {
    view! { <a class="back" href=href.to_owned()>{icon(Icon::Left)}{words.into()}</a> }.into_any()
}

/// One of a page's tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// Its words.
    pub label: String,
    /// Before the words.
    pub icon: Option<Icon>,
    /// A count or a state behind them.
    pub count: Option<String>,
    /// Whether it is the one shown.
    pub current: bool,
}

/// Tabs as plain links: the URL is the state.
#[component]
pub fn Tabs(
    /// What the tabs divide.
    #[prop(into)]
    label: String,
    /// In their order.
    tabs: Vec<Tab>,
) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=label>
            {tabs
                .into_iter()
                .map(|tab| {
                    view! {
                        <a class="tab" href=tab.href aria-current=tab.current.then_some("page")>
                            {tab.icon.map(icon)}
                            {tab.label}
                            {tab.count.map(|count| view! { " " <small>{count}</small> })}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// One column of a table: heading and whether it holds figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its words, the unit included.
    pub heading: String,
    /// Figures stand right.
    pub figures: bool,
}

impl Column {
    /// A column of words.
    pub fn words(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), figures: false }
    }

    /// A column of figures.
    pub fn figures(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), figures: true }
    }
}

/// A table with its caption (for assistive technology) and headings; rows are `<tr>`s. It scrolls
/// inside itself where the page is narrower.
pub fn table(
    class: &'static str,
    caption: impl Into<String>,
    columns: Vec<Column>,
    rows: impl IntoView,
) -> AnyView {
    let caption = caption.into();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=caption.clone()>
            <table class=format!("table {class}")>
                <caption class="sr">{caption.clone()}</caption>
                <thead>
                    <tr>
                        {columns
                            .into_iter()
                            .map(|column| {
                                view! {
                                    <th scope="col" class=column.figures.then_some("num")>{column.heading}</th>
                                }
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Previous and next of a list paged by cursor; what is not there has no link.
#[component]
pub fn Pager(
    /// On the left: what is shown, and in which zone.
    #[prop(into)]
    about: String,
    /// To the first page, when this is not it.
    #[prop(optional, into)]
    first: Option<String>,
    /// To the next page.
    #[prop(optional, into)]
    next: Option<String>,
) -> impl IntoView {
    let t = Text(use_context::<Lang>().unwrap_or_default());
    view! {
        <nav class="pager" aria-label=t.pages()>
            <span class="small faint">{about}</span>
            <span class="row">
                {first.map(|href| view! { <a class="btn btn--s" href=href>{t.first_page()}</a> })}
                {next.map(|href| {
                    view! { <a class="btn btn--s" rel="next" href=href>{t.next_page()}{icon(Icon::Right)}</a> }
                })}
            </span>
        </nav>
    }
}

/// An empty place: what will appear here, and the way there.
pub fn empty(
    which: Picture,
    heading: impl Into<String>,
    words: impl Into<String>,
    acts: impl IntoView,
) -> AnyView {
    view! {
        <div class="void">
            {picture(which)}
            <h2>{heading.into()}</h2>
            <p>{words.into()}</p>
            <div class="row">{acts}</div>
        </div>
    }
    .into_any()
}

/// A card with a heading.
pub fn card(heading: impl Into<String>, content: impl IntoView) -> AnyView {
    view! {
        <section class="card">
            <div class="card__b"><h2>{heading.into()}</h2></div>
            <div class="card__b">{content}</div>
        </section>
    }
    .into_any()
}

/// A bar that is full at 100 percent. Drawn in SVG, because its width is data and the content policy
/// allows no styles in the page.
pub fn meter(percent: i64, words: impl Into<String>) -> AnyView {
    let percent = percent.clamp(0, 100);
    view! {
        <svg class="meter" role="img" aria-label=words.into()>
            <rect class="meter__ground" width="100%" height="100%" rx="3"/>
            <rect class="meter__part" width=format!("{percent}%") height="100%" rx="3"/>
        </svg>
    }
    .into_any()
}

/// A moment with its full form on hover. `show` picks the short form.
pub fn moment(lang: Lang, at: Timestamp, zone: &Zone, show: impl Into<String>) -> AnyView {
    view! {
        <time datetime=time::machine(at) title=time::full(lang, at, zone)>{show.into()}</time>
    }
    .into_any()
}
