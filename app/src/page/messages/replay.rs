//! One time somebody had messages sent again: who, how far it is, and where the messages are.

use super::word;
use crate::page::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::{again, number, time};
use crate::ui::layout::{Column, meter};
use crate::ui::{self, Kind, state_word};
use dispatch::id::ReplayId;
use dispatch::stranded::{LeftOut, LeftOuts};
use dispatch::view::ReplayView;
use leptos::prelude::*;

/// `/messages/again/{id}`
pub async fn replay(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let id: ReplayId = ask.id("id")?;
    let one = ask.desk.store.replay(ask.account()?, id).await?.ok_or(Problem::NotFound)?;
    let replay = &one.replay;
    let when = time::full(ask.lang, replay.at, &ask.zone);
    let lead = t.again_one_by(who(&ask, &one), &when);
    let whole = |value| number::whole(ask.lang, value);
    let progress = match replay.ended_at {
        None => {
            let percent = number::percent(replay.looked_at, replay.total.max(1));
            view! {
                {meter(percent, t.again_one_meter(percent))}
                <p>{t.again_one_running(whole(replay.looked_at), whole(replay.total))}</p>
                <p><a href="">{t.again_one_look()}</a></p>
            }
            .into_any()
        }
        Some(_) if replay.sent == 0 => {
            view! { <p class="outcome">{t.again_one_nothing()}</p> }.into_any()
        }
        Some(_) => view! { <p class="outcome">{t.again_one_done(replay.sent)}</p> }.into_any(),
    };
    let body = view! {
        <div class="page page--measure">
            {ui::back_link(route::AGAIN, t.again_title())}
            {ui::page_head(t.again_one_title(), lead, ())}
            <div class="stack--wide">
                <div class="stack">{progress}</div>
                {states(&ask, &one)}
                {left_out(&ask, &replay.left_out)}
                <div class="row">{ui::button_link(Kind::Plain, route::AGAIN, None, t.again_one_all())}</div>
            </div>
        </div>
    };
    Ok(Screen::framed(t.again_one_title(), Entry::Messages, body))
}

/// Who asked for it.
pub(super) fn who(ask: &Ask, one: &ReplayView) -> String {
    author(ask, one.by.as_deref())
}

/// The same from a name.
pub(super) fn author(ask: &Ask, name: Option<&str>) -> String {
    name.map_or_else(|| ask.t.again_by_key().to_owned(), str::to_owned)
}

/// Where the messages are by now.
fn states(ask: &Ask, one: &ReplayView) -> Option<AnyView> {
    let t = ask.t;
    if one.states.is_empty() {
        return None;
    }
    let mut states = one.states.clone();
    states.sort_by_key(|(state, _)| state.rank());
    let rows = states
        .into_iter()
        .map(|(state, count)| {
            view! {
                <tr>
                    <td>{state_word(word::sign(state), word::name(t, state))}</td>
                    <td class="num">{number::whole(ask.lang, count)}</td>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![Column::words(t.again_one_state()), Column::figures(t.again_left_count())];
    Some(
        view! {
            <section class="stack" aria-labelledby="states">
                <h2 id="states">{t.again_one_states()}</h2>
                {ui::table("", t.again_one_states(), columns, rows)}
            </section>
        }
        .into_any(),
    )
}

/// Why one is left out; where somebody can mend that, the way there.
fn mend(ask: &Ask, reason: LeftOut) -> AnyView {
    let words = again::left_out(ask.t, reason);
    let brand = ask.brand_id();
    let of_brand = |path| route::with_query(path, &[("brand", &brand)]);
    let href = match reason {
        LeftOut::TemplateNotReady => of_brand(route::TEMPLATES),
        LeftOut::ChannelOff => of_brand(route::TRACKING),
        LeftOut::SenderNotReady => format!("{}#sender", route::brand(&brand)),
        LeftOut::NoPrice => route::ACCOUNT.to_owned(),
        LeftOut::BrandArchived => route::BRANDS.to_owned(),
        LeftOut::OptedOut
        | LeftOut::Unwanted
        | LeftOut::NoMarketing
        | LeftOut::Stale
        | LeftOut::Overtaken
        | LeftOut::NotWaiting => return words.into_any(),
    };
    view! { <a href=href>{words}</a> }.into_any()
}

/// What is left out, why, and what becomes of it.
pub(super) fn left_out(ask: &Ask, left: &LeftOuts) -> Option<AnyView> {
    let t = ask.t;
    if left.is_empty() {
        return None;
    }
    let rows = left
        .iter()
        .map(|(reason, count)| {
            let then = if reason.is_final() { t.again_left_goes() } else { t.again_left_stays() };
            view! {
                <tr>
                    <td>{mend(ask, *reason)}</td>
                    <td class="num">{number::whole(ask.lang, *count)}</td>
                    <td class="muted">{then}</td>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![
        Column::words(t.again_left_reason()),
        Column::figures(t.again_left_count()),
        Column::words(t.again_left_then()),
    ];
    Some(
        view! {
            <div class="stack">
                <h3>{t.again_left()}</h3>
                {ui::table("", t.again_left(), columns, rows)}
            </div>
        }
        .into_any(),
    )
}
