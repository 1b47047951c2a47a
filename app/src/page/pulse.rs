//! How the server is doing: what waits in each stage, and whether each channel's provider answers.

use super::{Ask, Entry, Problem, Screen};
use crate::route;
use crate::text::{number, status, time};
use crate::ui::layout::{Column, table};
use crate::ui::{self, State, Tone, state_word};
use dispatch::channel::Channel;
use dispatch::port::Pulse;
use leptos::prelude::*;
use std::time::Duration;

/// What happened before says nothing about now.
const SPAN: Duration = Duration::from_secs(24 * 3600);
/// Whatever has been waiting for longer is worth a word.
const LATE: Duration = Duration::from_secs(60);

/// The status page. What it shows is the whole server's, and names nobody.
pub async fn pulse(ask: Ask) -> Result<Screen, Problem> {
    ask.guest()?;
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
    let well = pulses.iter().all(Pulse::is_well);
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
        line(&ask, *channel, pulse)
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
                    {(backlog.unknown > 0).then(|| view! { <p class="small">{t.pulse_unknown(backlog.unknown)}</p> })}
                    {(backlog.stranded > 0).then(|| view! { <p class="small">{t.again_pulse(backlog.stranded)}</p> })}
                </section>
                <section class="stack" aria-labelledby="providers">
                    <h2 id="providers">{t.pulse_providers()}</h2>
                    <ul class="list">{channels.collect_view()}</ul>
                </section>
            </div>
        </div>
    };
    Ok(Screen::framed(t.pulse_title(), Entry::Settings, body))
}

/// A channel: when its provider last took a message, and how it stands.
fn line(ask: &Ask, channel: Channel, pulse: Option<&Pulse>) -> AnyView {
    let (t, now) = (ask.t, ask.desk.now());
    let ago = |at| time::duration(ask.lang, now.since(at));
    let words = match pulse.map(|pulse| pulse.taken_at) {
        Some(Some(at)) => t.pulse_taken(ago(at)),
        Some(None) => t.pulse_not_taken().to_owned(),
        None => t.pulse_idle_words().to_owned(),
    };
    let state = match pulse {
        None => state_word(State::NONE, t.pulse_idle()),
        Some(pulse) if pulse.is_well() => state_word(State::GOOD, t.pulse_answers()),
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
