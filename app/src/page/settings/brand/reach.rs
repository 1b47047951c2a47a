//! How many customers the number's portfolio may reach within a day, how many it has, and what waits.

use super::own_form;
use crate::act;
use crate::page::Ask;
use crate::route;
use crate::text::{number, time};
use crate::ui::{self, Field, Kind};
use dispatch::reach::{Allowance, Limit};
use dispatch::tenant::Permission;
use dispatch::time::Timestamp;
use dispatch::view::ReachView;
use leptos::prelude::*;

/// The part of the sender's section.
pub(super) fn reach(ask: &Ask, reach: &ReachView) -> AnyView {
    let t = ask.t;
    // What the server was told to keep to counts where WhatsApp has told nothing.
    let content = match reach.limit.kept_to(ask.desk.site.unknown_reach) {
        Some(people) => limited(ask, reach, Allowance::new(people, reach.percent)),
        None => {
            let words = if reach.limit == Limit::Any {
                t.brand_reach_any()
            } else {
                t.brand_reach_unknown()
            };
            view! { <p class="muted">{words}</p> }.into_any()
        }
    };
    view! {
        <div class="stack stack--s" id="reach">
            <h3>{t.brand_reach()}</h3>
            {content}
        </div>
    }
    .into_any()
}

fn limited(ask: &Ask, reach: &ReachView, allowance: Allowance) -> AnyView {
    let t = ask.t;
    let whole = |count: u32| number::whole(ask.lang, i64::from(count));
    let (reached, people) = (whole(reach.reached), whole(allowance.people));
    let count = if allowance.kept > 0 {
        t.brand_reach_count(reached, people, whole(allowance.kept))
    } else {
        t.brand_reach_bare(reached, people)
    };
    let share = number::percent(reach.reached.into(), allowance.people.into());
    let next = (reach.reached >= allowance.shared())
        .then_some(reach.next_at)
        .flatten()
        .map(|at| view! { <p>{t.brand_reach_next(moment(ask, at))}</p> });
    let held = route::with_query(route::MESSAGES, &[("tab", "held")]);
    let waiting = (reach.waiting > 0).then(|| {
        view! {
            <p>{t.brand_reach_waiting(reach.waiting)} " " <a href=held>{t.brand_reach_see()}</a></p>
        }
    });
    let shared = (reach.brands > 1)
        .then(|| view! { <p class="small muted">{t.brand_reach_shared(reach.brands)}</p> });
    let form = ask.desk.may(Permission::Edit).then(|| {
        own_form(ask, act::SAVE_RESERVE, "form", || {
            view! {
                <div class="form__pair">
                    <Field name="reserve" label=t.brand_reserve() kind="number" value=reach.percent.to_string() hint=t.brand_reserve_hint() required=true/>
                </div>
                <div class="form__acts">{ui::submit(Kind::Plain, t.brand_reserve_save())}</div>
            }
            .into_any()
        })
    });
    view! {
        <p>{count}</p>
        <span aria-hidden="true">{ui::meter(share, "")}</span>
        {next}
        {waiting}
        {shared}
        <p class="small muted">{t.brand_reach_words()}</p>
        {form}
    }
    .into_any()
}

/// `at 08:00`, or `on 19 Nov at 08:00` when that is not today.
fn moment(ask: &Ask, at: Timestamp) -> String {
    let clock = time::clock(at, &ask.zone);
    if time::same_day(at, ask.desk.now(), &ask.zone) {
        ask.t.case_at(clock)
    } else {
        ask.t.case_on_at(time::short_date(ask.lang, at, &ask.zone), clock)
    }
}
