//! The list: what a brand says, a row per text, with how each was received in the last 30 days.

use super::super::Ask;
use super::state_of;
use crate::editor::words;
use crate::route;
use crate::text::{country, language, number, status, time};
use crate::ui::{State, state_word};
use dispatch::brand::ChannelSettings;
use dispatch::channel::{Channel, StatusGroup, TrackingStatus};
use dispatch::country::Country;
use dispatch::language::Language;
use dispatch::reception::{Concern, Reception};
use dispatch::template::{Category, Variant, choose};
use dispatch::view::{BrandView, TemplateView, TextReception, VersionView};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A text of a brand: its status and language.
type Spot = (TrackingStatus, Language);

/// A row names so many countries and counts the others.
const NAMED: usize = 3;

/// For which countries each text speaks: those where its status is on and whose people get its language when they
/// tell none of their own.
pub(super) fn uses(
    brand: &BrandView,
    settings: &ChannelSettings,
    views: &[TemplateView],
) -> BTreeMap<Spot, Vec<Country>> {
    let mut variants: BTreeMap<TrackingStatus, Vec<Variant>> = BTreeMap::new();
    for view in views {
        let all = view.versions.iter().chain(view.library.as_ref());
        let of = variants.entry(view.status).or_default();
        of.extend(all.map(|version| version.variant.clone()));
    }
    let mut uses: BTreeMap<Spot, Vec<Country>> = BTreeMap::new();
    for (code, row) in settings.countries.iter().filter(|(_, row)| row.on) {
        let land = brand.languages.of(*code);
        for each in &row.statuses {
            let of = variants.get(each).map(Vec::as_slice).unwrap_or_default();
            if let Some((variant, _)) =
                choose(of, Channel::Whatsapp, None, land.as_ref(), &brand.language)
            {
                uses.entry((*each, variant.language.clone())).or_default().push(*code);
            }
        }
    }
    uses
}

/// What the list is drawn from.
pub(super) struct List<'a> {
    pub ask: &'a Ask,
    pub brand: &'a BrandView,
    pub uses: BTreeMap<Spot, Vec<Country>>,
    /// How WhatsApp's messages are received: only there a text is sent under its own name.
    pub figures: Vec<TextReception>,
    /// Texts another brand has word for word, with its name.
    pub twins: BTreeMap<Spot, String>,
    /// Whether the library's texts in languages nobody needs are folded away.
    pub folds: bool,
    /// The status the address points at.
    pub pointed: Option<TrackingStatus>,
}

impl List<'_> {
    pub fn show(&self, shown: &[&TemplateView]) -> AnyView {
        let needed = self.needed();
        let (open, folded): (Vec<&TemplateView>, Vec<&TemplateView>) =
            shown.iter().partition(|view| !self.folds || self.is_needed(&needed, view));
        let groups = StatusGroup::ALL.iter().filter_map(|group| self.group(*group, &open));
        view! {
            <div class="stack--wide templates">
                {groups.collect_view()}
                {(!folded.is_empty()).then(|| self.others(&folded))}
            </div>
        }
        .into_any()
    }

    /// The languages the brand's customers read as far as its countries say, and the two every choice falls back to.
    fn needed(&self) -> BTreeSet<Language> {
        let used = self.uses.keys().map(|(_, language)| language.clone());
        used.chain([self.brand.language.clone(), Language::english()]).collect()
    }

    fn is_needed(&self, needed: &BTreeSet<Language>, view: &TemplateView) -> bool {
        !view.versions.is_empty()
            || needed.contains(&view.language)
            || self.of(view).next().is_some()
    }

    /// What was sent of a text, by version.
    fn of<'b>(&'b self, view: &'b TemplateView) -> impl Iterator<Item = &'b TextReception> {
        self.figures
            .iter()
            .filter(|text| text.status == view.status && text.language == view.language)
    }

    fn group(&self, group: StatusGroup, views: &[&TemplateView]) -> Option<AnyView> {
        let t = self.ask.t;
        let statuses: Vec<AnyView> = TrackingStatus::ALL
            .iter()
            .filter(|each| each.group() == group)
            .filter_map(|each| {
                let of: Vec<&TemplateView> =
                    views.iter().copied().filter(|view| view.status == *each).collect();
                (!of.is_empty()).then(|| self.status(*each, &of))
            })
            .collect();
        if statuses.is_empty() {
            return None;
        }
        let name = status::group(t, group);
        Some(
            view! {
                <section class="stack">
                    <h2>{name}</h2>
                    <table class="table table--texts">
                        <caption class="sr">{name}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{t.templates_news()}</th>
                                <th scope="col">{t.templates_language()}</th>
                                <th scope="col">{t.templates_used_for()}</th>
                                <th scope="col">{t.templates_state()}</th>
                                <th scope="col">{t.templates_category()}</th>
                                <th scope="col" class="num">{t.templates_sent()}</th>
                                <th scope="col" class="num">{t.templates_read()}</th>
                                <th scope="col" class="num">{t.templates_stopped()}</th>
                                <th scope="col">{t.templates_changed()}</th>
                            </tr>
                        </thead>
                        {statuses}
                    </table>
                </section>
            }
            .into_any(),
        )
    }

    /// A status: its name beside the rows of its texts.
    fn status(&self, each: TrackingStatus, views: &[&TemplateView]) -> AnyView {
        let t = self.ask.t;
        let mut rows: Vec<AnyView> =
            views.iter().flat_map(|view| self.text(view)).collect::<Vec<_>>();
        let countries: BTreeSet<Country> = self
            .uses
            .iter()
            .filter(|((of, _), _)| *of == each)
            .flat_map(|(_, countries)| countries.iter().copied())
            .collect();
        let used = match countries.len() {
            0 => t.editor_used_nowhere().to_owned(),
            count => t.editor_used_in(count),
        };
        let all: Reception =
            self.figures.iter().filter(|text| text.status == each).map(|text| text.figures).sum();
        let concern = all.concern(Channel::Whatsapp).map(|concern| {
            let words = match concern {
                Concern::TooManyStop => t.templates_too_many(all.stopped, all.delivered),
                Concern::RarelyRead => t.templates_rarely(all.read, all.delivered),
            };
            state_word(State::ATTENTION, words)
        });
        let span = rows.len().to_string();
        let head = view! {
            <th scope="rowgroup" rowspan=span>
                <span class="two"><b>{status::name(t, each)}</b><small>{used}</small>{concern}</span>
            </th>
        };
        let first = (!rows.is_empty()).then(|| rows.remove(0));
        let pointed = (self.pointed == Some(each)).then_some("true");
        view! {
            <tbody id=each.word() aria-current=pointed>
                <tr>{head}{first}</tr>
                {rows.into_iter().map(|cells| view! { <tr>{cells}</tr> }).collect_view()}
            </tbody>
        }
        .into_any()
    }

    /// The cells of a text; where several versions of it were sent, those of each follow.
    fn text(&self, view: &TemplateView) -> Vec<AnyView> {
        let (ask, t) = (self.ask, self.ask.t);
        let spot = (view.status, view.language.clone());
        let id = self.brand.id.to_string();
        let href =
            route::with_query(&route::template(view.status, &view.language), &[("brand", &id)]);
        let name = language::name(ask.lang, view.language.code());
        let newest = view.newest();
        let sums: Reception = self.of(view).map(|text| text.figures).sum();
        let changed = match view.versions.first() {
            None => view! { <span class="faint">{t.templates_library()}</span> }.into_any(),
            Some(version) => {
                let at = time::short(ask.lang, version.edited_at, &ask.zone);
                let by = version.edited_by.clone();
                view! { {by} " " <small class="faint">{at}</small> }.into_any()
            }
        };
        let mut rows = vec![
            view! {
                <th scope="row" class="texts__name">
                    <a href=href><span class="sr">{status::name(t, view.status)}", "</span>{name.clone()}</a>
                </th>
                <td class="texts__uses">{self.countries(&spot)}</td>
                <td class="texts__state">
                    {newest.map(|newest| state_of(ask, newest))} " " {self.speaking(view)} " " {self.same(view)} " " {newest.and_then(|newest| self.moved(newest))}
                </td>
                <td class="texts__category">{newest.map(|newest| words::category(t, newest.chosen))}</td>
                {self.cells(sums)}
                <td class="texts__changed">{changed}</td>
            }
            .into_any(),
        ];
        let versions: Vec<&TextReception> = self.of(view).collect();
        if versions.len() > 1 {
            rows.extend(versions.into_iter().rev().map(|text| {
                let version = match text.version {
                    0 => t.editor_version_library().to_owned(),
                    number => t.editor_version(number),
                };
                view! {
                    <th scope="row" class="texts__name texts__version">
                        <span class="sr">{status::name(t, view.status)}", "{name.clone()}", "</span>{version}
                    </th>
                    <td class="texts__uses"></td>
                    <td class="texts__state"></td>
                    <td class="texts__category"></td>
                    {self.cells(text.figures)}
                    <td class="texts__changed"></td>
                }
                .into_any()
            }));
        }
        rows
    }

    /// Sent, read and stopped after it; a dash where there is nothing to tell.
    fn cells(&self, of: Reception) -> AnyView {
        let (t, lang) = (self.ask.t, self.ask.lang);
        let dash = || "\u{2013}".to_owned();
        let sent = if of.sent > 0 { number::whole(lang, of.sent) } else { dash() };
        let read = (of.delivered > 0)
            .then(|| format!("{}\u{202f}%", number::percent(of.read, of.delivered)));
        let read_of = (of.delivered > 0).then(|| {
            t.templates_read_of(number::whole(lang, of.read), number::whole(lang, of.delivered))
        });
        let stopped = (of.stopped > 0).then(|| {
            let share = of.tells().then(|| {
                let share = number::tenths(lang, of.stopped, of.delivered);
                view! { " " <small>{share}</small> }
            });
            view! { {number::whole(lang, of.stopped)}{share} }
        });
        let many = of.too_many_stop().then_some("warn");
        // On a phone there is no line of headings: each figure says what it is.
        let label = |words: &'static str| view! { <span class="only-narrow">{words}" "</span> };
        let none = (of.sent == 0).then_some("texts__none");
        view! {
            <td class=format!("num {}", none.unwrap_or_default())>{label(t.templates_sent_short())}{sent}</td>
            <td class=format!("num {}", none.unwrap_or_default()) title=read_of>
                {label(t.templates_read())}{read.unwrap_or_else(dash)}
            </td>
            <td class=format!("num {} {}", none.unwrap_or_default(), many.unwrap_or_default())>
                {label(t.templates_stopped())}
                {match stopped {
                    Some(stopped) => stopped.into_any(),
                    None => dash().into_any(),
                }}
            </td>
        }
        .into_any()
    }

    /// The countries a text speaks for.
    fn countries(&self, spot: &Spot) -> Option<AnyView> {
        let ask = self.ask;
        let mut names: Vec<String> =
            self.uses.get(spot)?.iter().map(|code| country::name(ask.lang, code.code())).collect();
        names.sort_by_cached_key(|name| country::sort_key(name));
        let rest = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        let names = names.join(", ");
        Some(match rest {
            0 => names.into_any(),
            rest => view! { {names} " " {ask.t.templates_countries_more(rest)} }.into_any(),
        })
    }

    /// While a newer version waits, the approved one goes on.
    fn speaking(&self, view: &TemplateView) -> Option<AnyView> {
        let t = self.ask.t;
        let newest = view.versions.first()?;
        let speaking = view.speaking().filter(|_| !newest.variant.review.is_sendable())?;
        let words = match speaking.variant.version {
            0 => t.templates_library_speaks().to_owned(),
            version => t.templates_speaks(version),
        };
        Some(view! { <small class="faint">{words}</small> }.into_any())
    }

    /// Whose text it repeats word for word: such a text needs no review of its own.
    fn same(&self, view: &TemplateView) -> Option<AnyView> {
        let t = self.ask.t;
        let own = &view.versions.first()?.variant.content;
        let of_library = view.library.as_ref().is_some_and(|other| other.variant.content == *own);
        let words = if of_library {
            t.templates_same_library().to_owned()
        } else {
            t.templates_same_brand(self.twins.get(&(view.status, view.language.clone()))?)
        };
        Some(view! { <small class="faint">{words}</small> }.into_any())
    }

    /// The provider's category where it is not the chosen one.
    fn moved(&self, version: &VersionView) -> Option<AnyView> {
        let t = self.ask.t;
        let seen = version.variant.category;
        (seen != version.chosen).then(|| {
            let class = if seen == Category::Marketing { "state--warn" } else { "faint" };
            let words = t.templates_counts_as(words::category(t, seen));
            view! { <small class=class>{words}</small> }.into_any()
        })
    }

    /// The library's texts in languages that no country of the brand's needs, one line a status.
    fn others(&self, views: &[&TemplateView]) -> AnyView {
        let (ask, t) = (self.ask, self.ask.t);
        let id = self.brand.id.to_string();
        let languages: BTreeSet<&Language> = views.iter().map(|view| &view.language).collect();
        let mut names: Vec<String> =
            languages.into_iter().map(|each| language::name(ask.lang, each.code())).collect();
        names.sort_by_cached_key(|name| country::sort_key(name));
        let lines = TrackingStatus::ALL
            .iter()
            .map(|each| {
                let links = views
                    .iter()
                    .filter(|view| view.status == *each)
                    .map(|view| {
                        let to = route::template(view.status, &view.language);
                        let href = route::with_query(&to, &[("brand", &id)]);
                        let name = language::name(ask.lang, view.language.code());
                        view! {
                            <li>
                                <a href=href><span class="sr">{status::name(t, *each)}", "</span>{name}</a>
                                " " {view.newest().map(|newest| state_of(ask, newest))}
                            </li>
                        }
                    })
                    .collect_view();
                view! { <dt>{status::name(t, *each)}</dt> <dd><ul class="texts">{links}</ul></dd> }
            })
            .collect_view();
        view! {
            <details class="fold texts__others">
                <summary>{t.templates_others(names.join(", "))}</summary>
                <dl class="facts">{lines}</dl>
            </details>
        }
        .into_any()
    }
}
