//! How the server is doing: what waits in each stage, and whether each channel's provider answers.

use super::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::{number, status, time};
use crate::ui::layout::{Column, table};
use crate::ui::{self, State, Tone, state_word};
use dispatch::channel::Channel;
use dispatch::id::AccountId;
use dispatch::message::MessageState;
use dispatch::port::Pulse;
use dispatch::view::LogFilter;
use leptos::prelude::*;
use std::time::Duration;

/// What happened before says nothing about now.
const SPAN: Duration = Duration::from_secs(24 * 3600);
/// Whatever has been waiting for longer is worth a word.
const LATE: Duration = Duration::from_secs(60);

/// Messages of one's own that are counted one by one.
const MOST: i64 = 100;

/// The status page. Stages and providers are the whole server's, and name nobody; single messages are one's own.
pub async fn pulse(ask: Ask) -> Result<Screen, Problem> {
    let account = ask.account()?;
    let (t, now, store) = (ask.t, ask.desk.now(), ask.desk.store.clone());
    let backlog = store.backlog(now).await?;
    let pulses = store.pulses(now.minus(SPAN)).await?;
    let stages = [
        (t.pulse_deliveries(), backlog.deliveries, backlog.oldest_delivery),
        (t.pulse_events(), backlog.events, backlog.oldest_event),
        (t.pulse_messages(), backlog.messages, backlog.oldest_due),
        (t.pulse_receipts(), backlog.receipts, backlog.oldest_receipt),
    ];
    let late = stages.iter().any(|(_, waiting, oldest)| *waiting > 0 && *oldest >= LATE);
    // A single call that ends badly is tried again: it says something only while messages wait.
    let stuck = backlog.messages > 0;
    let well = !stuck || pulses.iter().all(Pulse::is_well);
    let (tone, words) = match (well, late) {
        (true, false) => (Tone::Good, t.pulse_well()),
        (true, true) => (Tone::Warn, t.pulse_late()),
        (false, _) => (Tone::Warn, t.pulse_down()),
    };
    let rows = stages.map(|(name, waiting, oldest)| {
        let oldest = if waiting > 0 && oldest > Duration::ZERO {
            time::duration(ask.lang, oldest)
        } else {
            t.pulse_none().to_owned()
        };
        view! {
            <tr>
                <td>{name}</td>
                <td class="num">{number::whole(ask.lang, waiting)}</td>
                <td class="num">{oldest}</td>
            </tr>
        }
    });
    let columns = vec![
        Column::words(t.pulse_stage()),
        Column::figures(t.pulse_waiting()),
        Column::figures(t.pulse_oldest()),
    ];
    let channels = Channel::ALL.iter().map(|channel| {
        let pulse = pulses.iter().find(|pulse| pulse.channel == *channel);
        line(&ask, *channel, pulse, stuck)
    });
    let body = view! {
        <div class="page page--measure">
            {ui::back_link(route::SETTINGS, t.settings_title())}
            {ui::page_head(t.pulse_title(), t.pulse_lead(), ())}
            <div class="stack--wide">
                {ui::note(tone, words)}
                <section class="stack" aria-labelledby="stages">
                    <h2 id="stages">{t.pulse_stages()}</h2>
                    {table("", t.pulse_stages(), columns, rows.collect_view())}
                </section>
                {own(&ask, account).await?}
                <section class="stack" aria-labelledby="providers">
                    <h2 id="providers">{t.pulse_providers()}</h2>
                    <ul class="list">{channels.collect_view()}</ul>
                </section>
            </div>
        </div>
    };
    Ok(Screen::framed(t.pulse_title(), Entry::Settings, body))
}

/// The messages of this account that wait for somebody or for word from a provider; none where there are none.
async fn own(ask: &Ask, account: AccountId) -> Result<Option<AnyView>, Problem> {
    let (t, store) = (ask.t, ask.desk.store.clone());
    let filter =
        LogFilter { state: Some(MessageState::Unknown), limit: MOST, ..LogFilter::default() };
    let unclear = store.log(account, &filter).await?;
    let stranded: i64 = store.stranded_groups(account).await?.iter().map(|group| group.count).sum();
    let unclear_page =
        route::with_query(route::MESSAGES, &[("state", MessageState::Unknown.word())]);
    let unclear = match (unclear.rows.len(), unclear.more) {
        (0, _) => None,
        (_, true) => Some(t.pulse_unknown_many(MOST)),
        (count, false) => Some(t.pulse_unknown(count)),
    };
    let unclear = unclear.map(|words| view! { <li><a href=unclear_page>{words}</a></li> });
    let stranded = (stranded > 0).then(|| {
        view! { <li><a href=route::AGAIN>{t.again_pulse(stranded)}</a></li> }
    });
    let some = unclear.is_some() || stranded.is_some();
    Ok(some.then(|| {
        view! {
            <section class="stack" aria-labelledby="own">
                <h2 id="own">{t.pulse_own()}</h2>
                <ul class="stack">{unclear}{stranded}</ul>
            </section>
        }
        .into_any()
    }))
}

/// A channel: when its provider last took a message, and how it stands.
fn line(ask: &Ask, channel: Channel, pulse: Option<&Pulse>, stuck: bool) -> AnyView {
    let (t, now) = (ask.t, ask.desk.now());
    let ago = |at| time::duration(ask.lang, now.since(at));
    let missed = pulse.filter(|pulse| !pulse.is_well() && !stuck);
    let words =
        match (missed.and_then(|pulse| pulse.troubled_at), pulse.map(|pulse| pulse.taken_at)) {
            (Some(at), _) => t.pulse_missed(ago(at)),
            (None, Some(Some(at))) => t.pulse_taken(ago(at)),
            (None, Some(None)) => t.pulse_not_taken().to_owned(),
            (None, None) => t.pulse_idle_words().to_owned(),
        };
    let state = match pulse {
        None => state_word(State::NONE, t.pulse_idle()),
        Some(pulse) if pulse.is_well() || !stuck => state_word(State::GOOD, t.pulse_answers()),
        Some(_) => state_word(State::ATTENTION, t.pulse_troubled()),
    };
    view! {
        <li>
            <span class="two grow"><b>{status::channel(t, channel)}</b><small>{words}</small></span>
            {state}
        </li>
    }
    .into_any()
}
