//! Brands: the list, a new one, and one with who it is, its hours and its sender.

mod cascade;
mod hours;
mod identity;
mod languages;
mod others;
mod reach;
mod sender;
mod timing;

use super::{own_form, own_form_with, settings_page};
use crate::act;
use crate::page::frame::brand_logo;
use crate::page::{Ask, Problem, Screen};
use crate::route;
use crate::text::language_name;
use crate::ui::{self, Icon, Kind, State, Tone, state_box};
use dispatch::brand::{BrandState, ChannelState, SenderState};
use dispatch::channel::Channel;
use dispatch::id::BrandId;
use dispatch::source::{ConnectionState, Source};
use dispatch::tenant::Permission;
use dispatch::view::{BrandView, SenderDetail};
use leptos::prelude::*;

/// All brands.
pub async fn brands(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let guest = ask.guest()?;
    let rows = guest
        .brands
        .iter()
        .map(|brand| {
            let archived = (brand.state == BrandState::Archived)
                .then(|| state_box(State::LOCKED, t.brand_archived()));
            let number = brand
                .sender
                .as_ref()
                .map_or_else(|| t.frame_no_number().to_owned(), |sender| sender.display_number.clone());
            view! {
                <li>
                    <a href=route::brand(brand.id)>
                        {brand_logo(brand)}
                        <span class="two grow"><b>{brand.name.clone()}</b><small>{number}</small></span>
                        {archived}
                        {ui::icon(Icon::Right)}
                    </a>
                </li>
            }
        })
        .collect_view();
    let add = ask
        .desk
        .may(Permission::Edit)
        .then(|| ui::button_link(Kind::Primary, route::BRAND_NEW, Some(Icon::Plus), t.brand_new()));
    let content = if guest.brands.is_empty() {
        ui::empty(
            ui::art::Picture::Letterbox,
            t.tracking_no_brand(),
            t.tracking_no_brand_words(),
            (),
        )
    } else {
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    Ok(settings_page(&ask, t.settings_brands(), t.settings_brands_words(), add, content))
}

/// A new brand.
pub async fn new_brand(ask: Ask) -> Result<Screen, Problem> {
    ask.need(Permission::Edit)?;
    let t = ask.t;
    let content = identity::new(&ask);
    Ok(settings_page(&ask, t.brand_new(), t.brand_new_lead(), (), content))
}

/// One brand.
pub async fn brand(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let id: BrandId = ask.id("id")?;
    let account = ask.account()?;
    let brand = ask.desk.store.brand(account, id).await?.ok_or(Problem::NotFound)?;
    let senders = ask.desk.store.senders_on(account, id, Channel::Whatsapp).await?;
    let reach = ask.desk.store.reach(account, id, ask.desk.now()).await?;
    let texts = ask.desk.store.senders_on(account, id, Channel::Sms).await?;
    let mails = ask.desk.store.senders_on(account, id, Channel::Email).await?;
    let missing = missing(&ask, &brand, [&texts, &mails]).await?;
    let languages = languages::section(&ask, &brand).await?;
    let may_edit = ask.desk.may(Permission::Edit);
    let anchors = [
        ("#identity", t.brand_identity()),
        ("#sender", t.brand_sender()),
        ("#sms", t.brand_sms()),
        ("#email", t.brand_mail()),
        ("#cascade", t.brand_cascade()),
        ("#hours", t.brand_hours()),
        ("#timing", t.brand_timing()),
        ("#languages", t.brand_languages()),
    ]
    .map(|(href, words)| view! { <li><a href=href>{words}</a></li> });
    let standing = match (brand.state, missing) {
        (BrandState::Archived, _) => ui::note(Tone::Plain, t.brand_archived_words()),
        (BrandState::Active, Some(list)) => list,
        (BrandState::Active, None) => ().into_any(),
    };
    let content = view! {
        <div class="stack--wide">
            {(!may_edit).then(|| ui::note(Tone::Plain, t.form_look_only()))}
            {standing}
            <nav class="anchors" aria-label=t.brand_on_this_page()><ul>{anchors}</ul></nav>
            {identity::section(&ask, &brand)}
            {sender::section(&ask, &brand, &senders, reach.as_ref())}
            {others::section(&ask, &brand, Channel::Sms, &texts)}
            {others::section(&ask, &brand, Channel::Email, &mails)}
            {cascade::section(&ask, &brand)}
            {hours::hours(&ask, &brand)}
            {timing::timing(&ask, &brand)}
            {languages}
            {may_edit.then(|| put_away(&ask, &brand))}
        </div>
    };
    let tracking = ui::button_link(
        Kind::Plain,
        route::with_query(route::TRACKING, &[("brand", &brand.id.to_string())]),
        Some(Icon::Route),
        t.frame_tracking(),
    );
    Ok(settings_page(&ask, brand.name, "", tracking, content))
}

/// What a brand lacks before its customers hear of it; none when it lacks nothing.
async fn missing(
    ask: &Ask,
    brand: &BrandView,
    [texts, mails]: [&[SenderDetail]; 2],
) -> Result<Option<AnyView>, Problem> {
    let t = ask.t;
    let (account, store) = (ask.account()?, &ask.desk.store);
    let channel = store.channel_settings(account, brand.id, Channel::Whatsapp).await?;
    let connections = store.connections(account, ask.desk.now()).await?;
    let id = brand.id.to_string();
    let tracking = route::with_query(route::TRACKING, &[("brand", &id)]);
    let fed = connections.iter().any(|connection| {
        connection.brand == brand.id
            && connection.state == ConnectionState::Active
            && !matches!(connection.source, Source::Simulator | Source::Lookout)
    });
    let mut unheard = [false; 2];
    for (place, (channel, senders)) in
        [(Channel::Sms, texts), (Channel::Email, mails)].into_iter().enumerate()
    {
        let settings = store.channel_settings(account, brand.id, channel).await?;
        unheard[place] = settings.state == ChannelState::On
            && senders.iter().all(|sender| sender.replaced_at.is_some());
    }
    let steps = [
        (brand.sender.is_none(), t.brand_lacks_sender(), "#sender".to_owned()),
        (
            brand.sender.as_ref().is_some_and(|sender| sender.state != SenderState::Ready),
            t.brand_lacks_ready(),
            "#sender".to_owned(),
        ),
        (
            brand.sender.as_ref().is_some_and(|sender| sender.sandbox),
            t.brand_lacks_own(),
            "#sender".to_owned(),
        ),
        (channel.state != ChannelState::On, t.brand_lacks_channel(), tracking.clone()),
        (channel.countries_on() == 0, t.brand_lacks_country(), tracking),
        (unheard[0], t.brand_lacks_sms(), "#sms".to_owned()),
        (unheard[1], t.brand_lacks_mail(), "#email".to_owned()),
        (!fed, t.brand_lacks_shop(), route::CONNECTIONS.to_owned()),
    ];
    let lines: Vec<_> = steps
        .into_iter()
        .filter(|(lacks, ..)| *lacks)
        .map(|(_, words, href)| view! { <li><a href=href>{words}</a></li> })
        .collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let content = view! { <p><b>{t.brand_lacks()}</b></p><ul>{lines}</ul> };
    Ok(Some(ui::note_with(Tone::Warn, content)))
}

/// After somebody else saved meanwhile: what stands there now beside what was typed, which is still in
/// the form. `stored` are label, field and value.
fn conflict(
    ask: &Ask,
    act: &str,
    stored: &[(&'static str, &'static str, String)],
) -> Option<AnyView> {
    let t = ask.t;
    let form = ask.form.of(act);
    if form.error("") != Some("conflict") {
        return None;
    }
    let rows = stored
        .iter()
        .filter_map(|(label, field, now)| {
            let typed = form.values.iter().filter(|(name, _)| name == field);
            let typed = typed.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ");
            // A hundred thousand signs stay in their field.
            let typed: String = typed.chars().take(200).collect();
            // In the words of what is stored: a code, or the same number with other spaces, is no difference.
            let typed = match *field {
                "language" => language_name(&typed),
                "whatsapp_number" if digits(&typed) == digits(now) => now.clone(),
                _ => typed,
            };
            (typed != *now).then(|| {
                view! {
                    <tr><th scope="row">{*label}</th><td>{now.clone()}</td><td>{typed}</td></tr>
                }
            })
        })
        .collect_view();
    let content = view! {
        <p>{t.brand_conflict()}</p>
        <div class="scroll">
            <table class="versions">
                <thead>
                    <tr><td></td><th scope="col">{t.brand_conflict_saved()}</th><th scope="col">{t.brand_conflict_typed()}</th></tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    Some(ui::note_with(Tone::Warn, content))
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Archiving asks once, with what follows from it; taking out again harms nobody.
fn put_away(ask: &Ask, brand: &BrandView) -> AnyView {
    let t = ask.t;
    let content = match brand.state {
        BrandState::Active => view! {
            <details class="fold">
                <summary>{t.brand_archive()}</summary>
                <p>{t.brand_archive_words()}</p>
                {ui::form(act::ARCHIVE, "", ui::submit(Kind::Remove, t.brand_archive_now()))}
            </details>
        }
        .into_any(),
        BrandState::Archived => view! {
            <p class="muted">{t.brand_restore_words()}</p>
            {ui::form(act::RESTORE, "", ui::submit(Kind::Plain, t.brand_restore()))}
        }
        .into_any(),
    };
    view! {
        <section class="stack" id="state" aria-labelledby="state-head">
            <h2 id="state-head">{t.brand_state_head()}</h2>
            {content}
        </section>
    }
    .into_any()
}
