//! Sends a parcel's journey through the real pipeline.

use super::messages::word;
use super::{Ask, Entry, Problem, Screen};
use crate::act;
use crate::form::DONE;
use crate::route;
use crate::text::{country, language, phone, status};
use crate::ui::{self, Field, Form, Icon, Kind, Radio, Select, Tone};
use dispatch::brand::{BrandState, ChannelState};
use dispatch::channel::TrackingStatus;
use dispatch::country::Country;
use dispatch::language::Language;
use dispatch::message::MessageState;
use dispatch::starter;
use dispatch::tenant::Permission;
use dispatch::usecase::Journey;
use dispatch::view::{LogFilter, LogRow};
use leptos::prelude::*;
use leptos_meta::Meta;

/// How often the page looks again by itself.
const LOOKS: u8 = 3;

/// At most so many rows of the parcel just sent are shown.
const ROWS: i64 = 12;

/// The form, and what became of the parcel it sent last.
pub async fn simulate(ask: Ask) -> Result<Screen, Problem> {
    ask.need(Permission::Edit)?;
    let account = ask.account()?;
    let t = ask.t;
    let order = ask.query("order");
    let sent = ask.query(DONE) == "simulated" && !order.is_empty();
    let rows = if sent {
        let filter =
            LogFilter { order_number: Some(order.clone()), limit: ROWS, ..LogFilter::default() };
        let mut rows = ask.desk.store.log(account, &filter).await?.rows;
        // Decided in one moment, told one after the other.
        rows.sort_by_key(|row| row.event);
        rows
    } else {
        Vec::new()
    };
    let channels = ask.desk.store.channels(account).await?;
    let brand = ask.brand().map(|brand| brand.id);
    let settings = channels.iter().find(|(id, _)| Some(*id) == brand).map(|(_, settings)| settings);
    let on: Vec<Country> = settings
        .iter()
        .flat_map(|settings| settings.countries.iter())
        .filter(|(_, row)| row.on)
        .map(|(country, _)| *country)
        .collect();
    let home = ask.guest()?.account.company_country;
    let status: Option<TrackingStatus> = ask.query_as("status");
    let language: Option<Language> = ask.query_as("language");
    // Where the news asked about is told, best to people of the language asked about.
    let tells = |country: &&Country| {
        let row = settings.and_then(|settings| settings.countries.get(*country));
        status.is_none_or(|status| row.is_some_and(|row| row.statuses.contains(&status)))
    };
    let languages = ask.brand().map(|brand| brand.languages.clone()).unwrap_or_default();
    let reads = |country: &&Country| languages.of(**country) == language;
    let telling: Vec<Country> = on.iter().filter(tells).copied().collect();
    let chosen: Country = ask
        .query_as("country")
        .or_else(|| telling.iter().find(|country| language.is_some() && reads(country)).copied())
        .or_else(|| telling.first().copied().filter(|_| status.is_some()))
        .or_else(|| on.iter().copied().find(|country| *country == home))
        .or_else(|| on.first().copied())
        .unwrap_or(home);
    let silent = match settings {
        Some(settings) if settings.state == ChannelState::On => {
            (!settings.tells_something()).then(|| t.simulate_quiet())
        }
        _ => Some(t.simulate_asleep()),
    };
    let refresh = (sent && is_on_its_way(&rows)).then(|| look_again(&ask, &order)).flatten();
    let body = view! {
        {refresh}
        <div class="page">
            {ui::page_head(t.simulate_title(), t.simulate_lead(), ())}
            <div class="cols cols--wide">
                <div class="stack--wide">
                    {sent.then(|| result(&ask, &order, &rows))}
                    {silent.map(|words| asleep(&ask, words))}
                    {form(&ask, chosen, language)}
                </div>
                <aside>{about(&ask)}</aside>
            </div>
        </div>
    };
    Ok(Screen::framed(t.simulate_title(), Entry::Messages, body))
}

/// Whether there will soon be more to see: nothing is decided yet, or something is just being sent.
fn is_on_its_way(rows: &[LogRow]) -> bool {
    let moves = |state| matches!(state, MessageState::Queued | MessageState::Sending);
    rows.is_empty() || rows.iter().any(|row| row.state.is_some_and(moves))
}

/// The page looks again by itself, with no script, while something is on its way; a few times only, because
/// a page that moves for ever disturbs whoever reads it.
fn look_again(ask: &Ask, order: &str) -> Option<AnyView> {
    let looked: u8 = ask.query_as("looked").unwrap_or(0);
    let next = looked.checked_add(1).filter(|next| *next <= LOOKS)?.to_string();
    let (brand, country, phone) = (ask.query("brand"), ask.query("country"), ask.query("phone"));
    let page = route::with_query(
        route::SIMULATE,
        &[
            (DONE, "simulated"),
            ("brand", &brand),
            ("order", order),
            ("country", &country),
            ("phone", &phone),
            ("looked", &next),
        ],
    );
    let seconds = looked.saturating_add(1);
    let content = format!("{seconds};url={page}");
    Some(view! { <Meta http_equiv="refresh" content=content/> }.into_any())
}

/// What became of the parcel, and where to look at it.
fn result(ask: &Ask, order: &str, rows: &[LogRow]) -> AnyView {
    let t = ask.t;
    let site = ask.desk.site.sandbox_url.clone();
    let phone = rows.iter().find_map(|row| row.phone.clone());
    let phone = phone.or_else(|| Some(ask.query("phone")).filter(|text| text.starts_with('+')));
    let phone_link = site.map(|url| match phone {
        Some(number) => format!("{url}/phones/{number}"),
        None => format!("{url}/phones"),
    });
    let look = route::with_query(route::MESSAGES, &[("q", order)]);
    let again = route::with_query(
        route::SIMULATE,
        &[(DONE, "simulated"), ("order", order), ("phone", &ask.query("phone"))],
    );
    let list = if rows.is_empty() {
        view! { <p class="muted">{t.simulate_on_its_way()}</p> }.into_any()
    } else {
        let items = rows
            .iter()
            .map(|row| {
                let (sign, state) = word::state(t, row);
                view! {
                    <li>
                        <a href=word::page(row)>{status::event(t, row.status)}</a>
                        <span class="why">
                            {ui::state_word(sign, state)}
                            {word::why(t, row).map(|why| view! { <small>{why}</small> })}
                        </span>
                    </li>
                }
            })
            .collect_view();
        view! { <ol class="journey">{items}</ol> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="sent">
            <div class="card__b spread">
                <h2 id="sent">{t.simulate_order(order)}</h2>
                <a class="small" href=again>{t.case_look_again()}</a>
            </div>
            <div class="card__b">{list}</div>
            <div class="card__b row row--wrap">
                {phone_link.map(|href| ui::button_link(Kind::Primary, href, Some(Icon::Phone), t.simulate_phone_open()))}
                {ui::button_link(Kind::Plain, look, Some(Icon::Message), t.simulate_messages())}
            </div>
        </section>
    }
    .into_any()
}

/// Nothing would be sent: said before, with the way out.
fn asleep(ask: &Ask, words: &'static str) -> AnyView {
    let t = ask.t;
    let href = route::with_query(route::TRACKING, &[("brand", &ask.brand_id())]);
    ui::note_with(Tone::Warn, view! { {words} " " <a href=href>{t.frame_tracking()}</a> })
}

fn form(ask: &Ask, chosen: Country, language: Option<Language>) -> AnyView {
    let t = ask.t;
    let brands: Vec<(String, String)> = ask
        .desk
        .guest
        .iter()
        .flat_map(|guest| &guest.brands)
        .filter(|brand| brand.state == BrandState::Active)
        .map(|brand| (brand.id.to_string(), brand.name.clone()))
        .collect();
    let countries = country::sorted(ask.lang)
        .into_iter()
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .collect();
    let statuses = TrackingStatus::ALL
        .iter()
        .map(|known| (known.to_string(), status::name(t, *known).to_owned()))
        .collect();
    let languages = starter::variants(TrackingStatus::Delivered).iter().map(|v| v.language.clone());
    let mut languages: Vec<Language> = languages.collect();
    languages.extend(language.clone().filter(|asked| !languages.contains(asked)));
    let mut languages: Vec<(String, String)> = languages
        .into_iter()
        .map(|each| (each.code().to_owned(), language::name(ask.lang, each.code())))
        .collect();
    languages.sort_by_cached_key(|(_, name)| country::sort_key(name));
    languages.insert(0, (String::new(), t.simulate_language_country().to_owned()));
    let language_value = language.map(|asked| asked.code().to_owned()).unwrap_or_default();
    let status_asked: Option<TrackingStatus> = ask.query_as("status");
    let status_value = status_asked.unwrap_or(TrackingStatus::Delivered).to_string();
    let journeys = Journey::ALL
        .iter()
        .map(|journey| {
            let stops: Vec<&str> =
                journey.statuses().iter().map(|known| status::name(t, *known)).collect();
            let checked = status_asked.is_none() && *journey == Journey::Delivery;
            view! {
                <Radio name="journey" value=journey.word() label=journey_name(ask, *journey)
                    hint=stops.join(", ") checked=checked/>
            }
        })
        .collect_view();
    let example = phone::grouped(example_number(chosen));
    let brand = ask.brand_id();
    let order = format!("SIM-{:05}", ask.desk.now().micros().unsigned_abs() / 1000 % 100_000);
    view! {
        <Form act=act::SIMULATE class="form">
            <Select name="brand" label=t.connections_brand() options=brands value=brand required=true/>
            <fieldset class="stack">
                <legend>{t.simulate_journey()}</legend>
                {journeys}
                <Radio name="journey" value="" label=t.simulate_one()
                    hint=t.simulate_one_hint() checked=status_asked.is_some()/>
                <div class="form__under">
                    <Select name="status" label=t.simulate_status() options=statuses value=status_value/>
                </div>
            </fieldset>
            <div class="form__pair">
                <Field name="name" label=t.simulate_name() value="Camille Durand" autocomplete="off" max=80/>
                <Field name="order" label=t.messages_order() value=order autocomplete="off" max=80/>
            </div>
            <div class="form__pair">
                <Select name="country" label=t.billing_country() options=countries value=chosen.to_string() required=true/>
                <Field name="phone" label=t.simulate_phone() kind="tel" value=example
                    hint=t.simulate_phone_hint() autocomplete="off" max=64/>
            </div>
            <Select name="language" label=t.simulate_language() options=languages value=language_value/>
            <div class="form__acts">
                {ui::submit(Kind::Commit, t.simulate_send())}
                <span class="hint">{t.simulate_cost()}</span>
            </div>
        </Form>
    }
    .into_any()
}

fn journey_name(ask: &Ask, journey: Journey) -> &'static str {
    let t = ask.t;
    match journey {
        Journey::Delivery => t.simulate_delivery(),
        Journey::Pickup => t.simulate_pickup(),
        Journey::Trouble => t.simulate_trouble(),
        Journey::Return => t.simulate_return(),
    }
}

/// A number that could exist and belongs to nobody: ranges that regulators keep for examples, where
/// a country has one that is mobile.
fn example_number(country: Country) -> &'static str {
    match country.code() {
        "DE" => "+4917139200042",
        "NL" => "+31610000042",
        "BE" => "+32470000042",
        "GB" => "+447700900042",
        "ES" => "+34600000042",
        "IT" => "+393200000042",
        _ => "+33639980042",
    }
}

fn about(ask: &Ask) -> AnyView {
    let t = ask.t;
    let content = view! {
        <ol class="howto">
            <li>{t.simulate_step_event()}</li>
            <li>{t.simulate_step_decide()}</li>
            <li>{t.simulate_step_send()}</li>
            <li>{t.simulate_step_bill()}</li>
        </ol>
    };
    ui::card(t.simulate_about(), content)
}
