//! The way from an empty account to live messages: steps in any order, each with its state.

use crate::page::{Ask, frame};
use crate::route;
use crate::text::{money, number, status, time};
use crate::ui::phone::{Bubble, phone as draw_phone};
use crate::ui::postmark::{Postmark, postmark};
use crate::ui::{self, Icon, Kind, icon};
use dispatch::brand::{BrandState, ChannelSettings, SenderState};
use dispatch::id::BrandId;
use dispatch::tenant::Permission;
use dispatch::view::{CaseView, OverviewView};
use leptos::prelude::*;

/// One step.
pub(super) struct Step {
    name: &'static str,
    words: String,
    state: State,
    href: String,
    act: &'static str,
    /// Minutes it takes, roughly.
    minutes: u8,
}

#[derive(PartialEq, Eq)]
enum State {
    Done,
    Open,
}

impl Step {
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }
}

fn state(done: bool) -> State {
    if done { State::Done } else { State::Open }
}

/// Whether the way was once gone to its end: a message has arrived, which needs all the other steps, and a shop
/// was connected. What is switched off, paused or put away later needs somebody, and is no first step again.
pub(super) const fn is_over(counts: &OverviewView) -> bool {
    counts.first_delivered.is_some() && counts.was_connected
}

/// The steps as they stand.
pub(super) fn steps(
    ask: &Ask,
    counts: &OverviewView,
    channels: &[(BrandId, ChannelSettings)],
) -> Vec<Step> {
    let t = ask.t;
    let brand = ask.brand().filter(|brand| brand.state == BrandState::Active);
    let brand_page = brand.map_or(route::BRAND_NEW.to_owned(), |brand| route::brand(brand.id));
    let sender = brand.and_then(|brand| brand.sender.as_ref());
    let tracking = route::with_query(route::TRACKING, &[("brand", &ask.brand_id())]);
    let switched_on = channels.iter().any(|(_, settings)| {
        settings.countries.values().any(|row| row.on && !row.statuses.is_empty())
    });
    let first = counts.first_delivered.as_ref();
    vec![
        Step {
            name: t.firstrun_brand(),
            words: brand.map_or(t.firstrun_brand_open().to_owned(), |brand| brand.name.clone()),
            state: state(brand.is_some()),
            href: brand_page.clone(),
            act: if brand.is_some() { t.edit() } else { t.firstrun_brand_act() },
            minutes: 1,
        },
        Step {
            name: t.firstrun_number(),
            words: match sender {
                Some(sender) if sender.sandbox => t.firstrun_number_sandbox().to_owned(),
                Some(sender) => sender.display_number.clone(),
                None => t.firstrun_number_open().to_owned(),
            },
            state: state(sender.is_some_and(|sender| sender.state == SenderState::Ready)),
            href: format!("{brand_page}#sender"),
            act: if sender.is_some() { t.change() } else { t.firstrun_number_act() },
            minutes: 5,
        },
        Step {
            name: t.firstrun_activate(),
            words: if counts.activated {
                t.firstrun_activate_done().to_owned()
            } else {
                t.firstrun_activate_open().to_owned()
            },
            state: state(counts.activated),
            href: if counts.activated {
                tracking.clone()
            } else {
                route::with_query(&tracking, &[("activate", "1")])
            },
            act: if counts.activated { t.open() } else { t.firstrun_activate_act() },
            minutes: 3,
        },
        Step {
            name: t.firstrun_switches(),
            words: t.firstrun_switches_words().to_owned(),
            state: state(switched_on),
            href: tracking,
            act: t.open(),
            minutes: 2,
        },
        Step {
            name: t.firstrun_message(),
            words: first.map_or(t.firstrun_message_open().to_owned(), |row| {
                let order = row.order_number.clone().unwrap_or_default();
                t.firstrun_message_done(status::event(t, row.status), order)
            }),
            state: state(first.is_some()),
            href: first
                .and_then(|row| row.message)
                .map_or(route::SIMULATE.to_owned(), route::message),
            act: if first.is_some() { t.firstrun_message_why() } else { t.firstrun_message_act() },
            minutes: 1,
        },
        Step {
            name: t.firstrun_shop(),
            words: t.firstrun_shop_words().to_owned(),
            state: state(counts.connections > 0),
            href: if counts.connections > 0 { route::CONNECTIONS } else { route::CONNECTION_NEW }
                .to_owned(),
            act: if counts.connections > 0 { t.open() } else { t.firstrun_shop_act() },
            minutes: 5,
        },
    ]
}

/// Title and sentence, with the postmark once the first message has arrived.
pub(super) fn head(ask: &Ask, first: Option<&CaseView>, steps: &[Step]) -> AnyView {
    let t = ask.t;
    let left = steps.iter().filter(|step| !step.is_done()).count();
    let mark = first.map(|case| {
        let at = case.row.at;
        postmark(Postmark {
            above: case.brand_name.clone(),
            below: t.state_delivered().to_owned(),
            day: time::short_date(ask.lang, at, &ask.zone),
            time: time::clock(at, &ask.zone),
            year: at.date().year.to_string(),
        })
    });
    let (title, words) = match first {
        Some(_) => (t.firstrun_arrived(), t.firstrun_arrived_words(left)),
        None => (t.firstrun_welcome(), t.firstrun_welcome_words().to_owned()),
    };
    view! {
        <div class="verdict first-run__head">
            <div><h1>{title}</h1><p class="muted">{words}</p></div>
            {mark}
        </div>
    }
    .into_any()
}

/// The ordered list; the first open step is marked as the next one.
pub(super) fn checklist(ask: &Ask, steps: Vec<Step>) -> AnyView {
    let t = ask.t;
    let total = steps.len();
    let done = steps.iter().filter(|step| step.is_done()).count();
    let (part, whole) = (i64::try_from(done).unwrap_or(0), i64::try_from(total).unwrap_or(1));
    let share = frame::share(t, part, whole);
    let next = steps.iter().position(|step| !step.is_done());
    // Who may only look sees how far the others are.
    let may_edit = ask.desk.may(Permission::Edit);
    let rows = steps
        .into_iter()
        .enumerate()
        .map(|(index, step)| {
            let is_next = next == Some(index);
            let is_done = step.is_done();
            let sign = if is_done {
                view! { <span class="ord ord--done">{icon(Icon::Check)}<span class="sr">{t.firstrun_done()}</span></span> }.into_any()
            } else {
                view! { <span class="ord">{index + 1}</span> }.into_any()
            };
            let way = match (may_edit, is_next) {
                (false, _) => ().into_any(),
                (true, true) => ui::button_link(Kind::Primary, step.href, None, step.act),
                (true, false) => {
                    view! { <a class="small" href=step.href aria-label=format!("{}: {}", step.act, step.name)>{step.act}</a> }.into_any()
                }
            };
            let minutes = (may_edit && !is_done).then(|| {
                view! { <span class="small faint nowrap">{t.firstrun_minutes(number::whole(ask.lang, i64::from(step.minutes)))}</span> }
            });
            view! {
                <li class=is_next.then_some("now") aria-current=is_next.then_some("step")>
                    {sign}
                    <div><h3>{step.name}</h3><p>{step.words}</p></div>
                    <div class="steps__end">{minutes}{way}</div>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="spread first-run__count">
            <h2>{t.firstrun_title()}</h2>
            <span class="row small muted">
                <span class="first-run__meter">{ui::meter(number::percent(part, whole), share.clone())}</span>
                {t.firstrun_share(share)}
            </span>
        </div>
        <ol class="steps">{rows}</ol>
        <p class="small faint first-run__foot">{t.firstrun_keep()}</p>
    }
    .into_any()
}

/// The phone at the right: the first message as it arrived, or an empty one.
pub(super) fn phone(ask: &Ask, first: Option<&CaseView>) -> AnyView {
    let t = ask.t;
    // Whose message it is: of several brands the first to be heard is not always the chosen one.
    let name = match first {
        Some(case) => case.brand_name.clone(),
        None => ask.brand().map_or_else(|| t.product().to_owned(), |brand| brand.name.clone()),
    };
    let bubbles = first
        .and_then(|case| case.message.as_ref())
        .map(|message| {
            vec![Bubble::of(&message.rendered, time::clock(message.created_at, &ask.zone))]
        })
        .unwrap_or_default();
    let day = first.map_or_else(
        || t.firstrun_phone_empty().to_owned(),
        |case| time::short_date(ask.lang, case.row.at, &ask.zone),
    );
    let cost = first.and_then(|case| case.row.charged).map(|charged| {
        view! { <span class="small faint">{t.firstrun_billed(money::amount(ask.lang, charged))}</span> }
    });
    let phones = ask.desk.site.sandbox_url.clone().map(|url| {
        view! { <a class="small" href=format!("{url}/phones")>{t.firstrun_phones()}</a> }
    });
    view! {
        <aside class="editor__side" aria-label=t.firstrun_phone()>
            {draw_phone(&name, t.firstrun_business(), &day, bubbles)}
            <div class="spread first-run__under">
                {ask.desk.may(Permission::Edit).then(|| {
                    ui::button_link(Kind::Plain, route::SIMULATE, Some(Icon::Play), t.firstrun_simulate())
                })}
                {cost}
                {phones}
            </div>
        </aside>
    }
    .into_any()
}
