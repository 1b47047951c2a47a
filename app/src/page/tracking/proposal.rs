//! What the boxes stand at when they do not stand as stored: a form that was refused, a copy, an earlier
//! state, a status that is to fall silent. One Save of the matrix writes it; nothing is written before.

use super::typed::{Staged, Typed};
use super::{Board, words};
use crate::page::{Ask, Problem};
use crate::text::{country, status};
use crate::ui::{self, Kind, Tone, icon};
use dispatch::brand::{ChannelSettings, CountryRow};
use dispatch::change::{
    ChangeKind, Merge, Rows, copied, copied_row, fitted, flips, merge, rewound,
};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::country::Country;
use dispatch::id::{AccountId, BrandId, ChangeId};
use dispatch::port::ChangesAsked;
use leptos::prelude::*;

/// The matrix as the boxes show it.
pub(super) struct Proposal {
    /// What the boxes stand at.
    pub wanted: Rows,
    /// Why.
    pub why: Why,
}

/// Where a proposal comes from.
pub(super) enum Why {
    /// Nowhere: the boxes stand as stored.
    Stored,
    /// A form that was refused or in which a row was staged, typed on the newest version.
    Typed(Option<Staged>),
    /// A form typed on an older version, beside what others made of it.
    Met {
        /// The two side by side.
        merge: Merge,
        /// Who the others are.
        who: Vec<String>,
    },
    /// A copy of this source.
    Copied {
        /// In words.
        source: String,
        /// Countries the plan has no room for.
        waiting: Vec<Country>,
    },
    /// The state after an earlier change.
    Restored {
        /// Which.
        change: ChangeId,
        /// When, in words.
        at: String,
        /// Countries the plan has no room for.
        waiting: Vec<Country>,
    },
    /// A status switched off everywhere.
    Silenced(TrackingStatus),
}

impl Proposal {
    /// As stored.
    pub fn stored(settings: &ChannelSettings) -> Self {
        Self { wanted: settings.countries.clone(), why: Why::Stored }
    }

    /// What the request proposes.
    pub async fn of(
        ask: &Ask,
        (account, brand, channel): (AccountId, BrandId, Channel),
        now: &ChannelSettings,
        limit: Option<usize>,
    ) -> Result<Self, Problem> {
        let store = &ask.desk.store;
        if let Some(typed) = Typed::of(&ask.form) {
            let version = typed.version.unwrap_or(now.version);
            if version == now.version {
                let wanted = typed.on(&now.countries, limit);
                return Ok(Self { wanted, why: Why::Typed(typed.staged) });
            }
            let since = ChangesAsked::since(version);
            let since = store.changes(account, brand, channel, since).await?.rows;
            let back = since.iter().map(|change| change.difference.flips.as_slice());
            let base = rewound(&now.countries, back);
            let merge = merge(&base, &now.countries, &typed.on(&base, limit));
            let mut who: Vec<String> = since.into_iter().filter_map(|change| change.by).collect();
            who.sort();
            who.dedup();
            return Ok(Self { wanted: merge.staged.clone(), why: Why::Met { merge, who } });
        }
        if let Some(change) = ask.query_as::<ChangeId>("restore") {
            let noted = store.change(account, brand, channel, change).await?;
            let noted = noted.ok_or(Problem::NotFound)?;
            let since = ChangesAsked::since(noted.version);
            let since = store.changes(account, brand, channel, since).await?.rows;
            let back = since.iter().map(|change| change.difference.flips.as_slice());
            let wanted = rewound(&now.countries, back);
            let (wanted, waiting) = fitted(&now.countries, wanted, limit);
            let at = crate::text::time::full(ask.lang, noted.at, &ask.zone);
            return Ok(Self { wanted, why: Why::Restored { change, at, waiting } });
        }
        if let Some(each) = ask.query_as::<TrackingStatus>("silence") {
            let mut wanted = now.countries.clone();
            for row in wanted.values_mut() {
                row.statuses.remove(&each);
            }
            return Ok(Self { wanted, why: Why::Silenced(each) });
        }
        let Some((source, wanted)) = copy(ask, (account, brand, channel), now).await? else {
            return Ok(Self::stored(now));
        };
        let (wanted, waiting) = fitted(&now.countries, wanted, limit);
        Ok(Self { wanted, why: Why::Copied { source, waiting } })
    }

    /// The row that was just staged.
    pub const fn just(&self) -> Option<Staged> {
        match self.why {
            Why::Typed(staged) => staged,
            _ => None,
        }
    }

    /// What was just staged where no script stages it, with everything else that is.
    fn staged(&self, ask: &Ask, board: &Board, staged: Staged) -> AnyView {
        let t = ask.t;
        let name = |code: Country| country::name(ask.lang, code.code());
        let heading = match staged {
            Staged::Comes(code) => t.tracking_staged_comes(name(code)),
            Staged::Goes(code) if board.settings.countries.contains_key(&code) => {
                t.tracking_staged_goes(name(code))
            }
            Staged::Goes(code) | Staged::Stays(code) => t.tracking_staged_stays(name(code)),
        };
        let difference = flips(&board.settings.countries, &self.wanted);
        let content = if difference.is_empty() {
            view! { <p>{t.tracking_nothing_differs()}</p> }.into_any()
        } else {
            view! {
                <p class="muted">{t.tracking_would_change(difference.len())}</p>
                {words::list(ask, &difference)}
                <div class="form__acts">
                    <a class="btn btn--quiet" href=board.link(&[]) data-leave="">{t.tracking_leave_it()}</a>
                </div>
            }
            .into_any()
        };
        view! {
            <section class="card proposal" aria-labelledby="proposal">
                <div class="card__b stack">
                    <h2 id="proposal" role="status">{heading}</h2>
                    {content}
                </div>
            </section>
        }
        .into_any()
    }

    /// The row a country would have, and whether it would have one.
    pub fn row(&self, code: Country) -> Option<&CountryRow> {
        self.wanted.get(&code)
    }

    /// What the form says about where its boxes come from.
    pub fn fields(&self) -> AnyView {
        let (kind, of) = match &self.why {
            Why::Stored | Why::Typed(_) | Why::Met { .. } | Why::Silenced(_) => {
                return ().into_any();
            }
            Why::Copied { .. } => (ChangeKind::Copied, None),
            Why::Restored { change, .. } => (ChangeKind::Restored, Some(change.to_string())),
        };
        view! {
            <input type="hidden" name="kind" value=kind.word()/>
            {of.map(|of| view! { <input type="hidden" name="of" value=of/> })}
        }
        .into_any()
    }

    /// The card above the matrix that says what Save would write, or what others wrote meanwhile.
    pub fn card(&self, ask: &Ask, board: &Board) -> Option<AnyView> {
        let t = ask.t;
        let (heading, waiting) = match &self.why {
            Why::Stored | Why::Typed(None) => return None,
            Why::Typed(Some(staged)) => return Some(self.staged(ask, board, *staged)),
            Why::Met { merge, who } => return Some(met(ask, merge, who)),
            Why::Copied { source, waiting } => (t.tracking_copy_of(source), waiting.as_slice()),
            Why::Restored { at, waiting, .. } => (t.tracking_restore_of(at), waiting.as_slice()),
            Why::Silenced(each) => (t.tracking_silence_of(status::name(t, *each)), [].as_slice()),
        };
        let difference = flips(&board.settings.countries, &self.wanted);
        let content = if difference.is_empty() {
            view! { <p>{t.tracking_nothing_differs()}</p> }.into_any()
        } else {
            view! {
                <p class="muted">{t.tracking_would_change(difference.len())}</p>
                {words::list(ask, &difference)}
            }
            .into_any()
        };
        let waiting = (!waiting.is_empty()).then(|| {
            let names: Vec<String> =
                waiting.iter().map(|code| country::name(ask.lang, code.code())).collect();
            ui::note(Tone::Warn, t.tracking_waiting(names.join(", ")))
        });
        let back = view! {
            <a class="btn btn--quiet" href=board.link(&[]) data-leave="">{t.tracking_leave_it()}</a>
        };
        Some(
            view! {
                <section class="card proposal" aria-labelledby="proposal">
                    <div class="card__b stack">
                        <h2 id="proposal">{heading}</h2>
                        {content}
                        {waiting}
                        <div class="form__acts">{back}</div>
                    </div>
                </section>
            }
            .into_any(),
        )
    }
}

/// Two people's changes side by side.
fn met(ask: &Ask, merge: &Merge, who: &[String]) -> AnyView {
    let t = ask.t;
    let who = if who.is_empty() { t.tracking_somebody().to_owned() } else { who.join(", ") };
    let part = |heading: &'static str, content: AnyView| {
        view! { <div><h3>{heading}</h3>{content}</div> }.into_any()
    };
    let theirs = (!merge.theirs.is_empty())
        .then(|| part(t.tracking_met_theirs(), words::list(ask, &merge.theirs)));
    let none = merge.theirs.is_empty().then(|| view! { <p>{t.tracking_met_nothing()}</p> });
    let agreed = (!merge.agreed.is_empty())
        .then(|| part(t.tracking_met_agreed(), words::list(ask, &merge.agreed)));
    let clean = (!merge.clean.is_empty())
        .then(|| part(t.tracking_met_clean(), words::list(ask, &merge.clean)));
    let clashes = (!merge.clashes.is_empty()).then(|| {
        let items = merge
            .clashes
            .iter()
            .map(|clash| {
                let (mine, theirs) =
                    (words::sentence(ask, clash.mine), words::sentence(ask, clash.theirs));
                view! { <li>{t.tracking_met_clash(mine, theirs)}</li> }
            })
            .collect_view();
        part(t.tracking_met_clashes(), view! { <ul class="flips">{items}</ul> }.into_any())
    });
    view! {
        <section class="card proposal" aria-labelledby="proposal">
            <div class="card__b stack">
                <h2 id="proposal">{icon(ui::Icon::User)} " " {t.tracking_met(who)}</h2>
                {none} {clashes} {theirs} {agreed} {clean}
                <p class="muted">{t.tracking_met_then()}</p>
            </div>
        </section>
    }
    .into_any()
}

/// The source a copy takes, and what the matrix would become.
async fn copy(
    ask: &Ask,
    (account, brand, channel): (AccountId, BrandId, Channel),
    now: &ChannelSettings,
) -> Result<Option<(String, Rows)>, Problem> {
    let asked = ask.query("copy");
    let parts: Vec<&str> = asked.split(':').collect();
    match parts.as_slice() {
        ["country", code] => {
            let Ok(from) = code.parse::<Country>() else { return Ok(None) };
            let into: Vec<Country> = match ask.query_as("to") {
                Some(one) => vec![one],
                None => now.countries.keys().copied().collect(),
            };
            let source = country::name(ask.lang, from.code());
            Ok(Some((source, copied_row(&now.countries, from, &into))))
        }
        ["board", of, through] => {
            let (Ok(of), Ok(through)) = (of.parse::<BrandId>(), through.parse::<Channel>()) else {
                return Ok(None);
            };
            if (of, through) == (brand, channel) {
                return Ok(None);
            }
            let from = ask.desk.store.channel_settings(account, of, through).await?;
            let brands = &ask.guest()?.brands;
            let name = brands.iter().find(|each| each.id == of).map(|each| each.name.clone());
            let source =
                format!("{}, {}", name.unwrap_or_default(), status::channel(ask.t, through));
            Ok(Some((source, copied(&now.countries, &from.countries))))
        }
        _ => Ok(None),
    }
}

/// The menu that asks what to copy; a form of its own that only looks.
pub(super) fn menu(ask: &Ask, board: &Board) -> AnyView {
    let t = ask.t;
    let Ok(guest) = ask.guest() else { return ().into_any() };
    let board_option = |of: BrandId, label: String, through: Channel| {
        let value = format!("board:{of}:{through}");
        view! { <option value=value>{label}</option> }
    };
    let channels = Channel::ALL
        .iter()
        .filter(|each| **each != board.channel)
        .map(|each| board_option(board.brand.id, status::channel(t, *each).to_owned(), *each))
        .collect_view();
    let others: Vec<_> = guest.brands.iter().filter(|each| each.id != board.brand.id).collect();
    let brands = (!others.is_empty()).then(|| {
        let options = others
            .iter()
            .flat_map(|each| {
                Channel::ALL.iter().map(|through| {
                    let label = format!("{}, {}", each.name, status::channel(t, *through));
                    board_option(each.id, label, *through)
                })
            })
            .collect_view();
        view! { <optgroup label=t.tracking_copy_brand()>{options}</optgroup> }
    });
    let lands: Vec<(String, String)> = super::matrix::by_name(ask, &board.settings.countries)
        .into_iter()
        .map(|(code, name)| (code.to_string(), name))
        .collect();
    let countries = (lands.len() > 1).then(|| {
        let options = lands
            .iter()
            .map(|(code, name)| {
                view! { <option value=format!("country:{code}")>{name.clone()}</option> }
            })
            .collect_view();
        view! { <optgroup label=t.tracking_copy_country()>{options}</optgroup> }
    });
    let into = (lands.len() > 1).then(|| {
        let options = lands
            .into_iter()
            .map(|(code, name)| view! { <option value=code>{name}</option> })
            .collect_view();
        view! {
            <div class="field">
                <label for="copy-to">{t.tracking_copy_to()}</label>
                <select class="input input--select" id="copy-to" name="to">
                    <option value="">{t.tracking_copy_to_all()}</option>
                    {options}
                </select>
            </div>
        }
    });
    view! {
        <details class="menu menu--end" name="acts">
            <summary class="btn">{icon(ui::Icon::Copy)}{t.tracking_copy()}</summary>
            <form class="menu__box menu__box--form form" method="get">
                {board.place_fields()}
                <div class="field">
                    <label for="copy-from">{t.tracking_copy_from()}</label>
                    <select class="input input--select" id="copy-from" name="copy" required=true>
                        <option value="">{t.tracking_copy_choose()}</option>
                        {countries}
                        <optgroup label=t.tracking_copy_channel()>{channels}</optgroup>
                        {brands}
                    </select>
                </div>
                {into}
                <p class="hint">{t.tracking_copy_words()}</p>
                {ui::submit(Kind::Primary, t.tracking_copy_look())}
            </form>
        </details>
    }
    .into_any()
}
