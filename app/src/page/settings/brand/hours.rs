//! Quiet hours: when a brand does not write, by its customers' clocks.

use super::{conflict, own_form};
use crate::act;
use crate::page::Ask;
use crate::text::{Text, status};
use crate::ui::{self, Check, Field, Hidden, Kind, Switch};
use dispatch::channel::TrackingStatus;
use dispatch::tenant::Permission;
use dispatch::view::BrandView;
use dispatch::zone::{Weekday, clock};
use leptos::prelude::*;

/// The section of the page.
pub(super) fn hours(ask: &Ask, brand: &BrandView) -> AnyView {
    let t = ask.t;
    let may_edit = ask.desk.may(Permission::Edit);
    let quiet = &brand.quiet;
    let form = own_form(ask, act::SAVE_HOURS, "form", || {
        let days = Weekday::ALL.iter().map(|day| {
            view! { <Check name="quiet_day" value=day.word() label=weekday(t, *day) checked=quiet.days.contains(day) of_several=true/> }
        });
        let urgent = TrackingStatus::ALL.iter().map(|known| {
            let checked = quiet.urgent.contains(known);
            view! { <Check name="quiet_urgent" value=known.word() label=status::name(t, *known) checked=checked of_several=true/> }
        });
        view! {
            <Hidden name="version" value=brand.version.to_string()/>
            <Switch name="quiet_on" label=t.brand_hours_on() checked=quiet.on/>
            <div class="form__pair">
                <Field name="quiet_from" label=t.brand_hours_from() kind="time" value=clock(quiet.from) required=true/>
                <Field name="quiet_until" label=t.brand_hours_until() kind="time" value=clock(quiet.until) hint=t.brand_hours_until_hint() required=true/>
            </div>
            {ui::choices("quiet_day", t.brand_hours_days(), None, "ticks", days.collect_view())}
            {ui::choices("quiet_urgent", t.brand_hours_urgent(), Some(t.brand_hours_urgent_hint()), "ticks ticks--wide", urgent.collect_view())}
            {may_edit.then(|| view! { <div class="form__acts">{ui::submit(Kind::Primary, t.brand_hours_save())}</div> })}
        }
        .into_any()
    });
    let words = |words: Vec<&'static str>| words.join(", ");
    let stored = [
        (t.brand_hours_on(), "quiet_on", if quiet.on { "on".to_owned() } else { String::new() }),
        (t.brand_hours_from(), "quiet_from", clock(quiet.from)),
        (t.brand_hours_until(), "quiet_until", clock(quiet.until)),
        (t.brand_hours_days(), "quiet_day", words(quiet.days.iter().map(|d| d.word()).collect())),
        (
            t.brand_hours_urgent(),
            "quiet_urgent",
            words(quiet.urgent.iter().map(|s| s.word()).collect()),
        ),
    ];
    view! {
        <section class="stack" id="hours" aria-labelledby="hours-head">
            <h2 id="hours-head">{t.brand_hours()}</h2>
            {conflict(ask, act::SAVE_HOURS, &stored)}
            <p class="muted">{t.brand_hours_words()}</p>
            <p class="muted small">{t.brand_hours_zones()}</p>
            <fieldset disabled=!may_edit>{form}</fieldset>
        </section>
    }
    .into_any()
}

fn weekday(t: Text, day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => t.brand_mon(),
        Weekday::Tue => t.brand_tue(),
        Weekday::Wed => t.brand_wed(),
        Weekday::Thu => t.brand_thu(),
        Weekday::Fri => t.brand_fri(),
        Weekday::Sat => t.brand_sat(),
        Weekday::Sun => t.brand_sun(),
    }
}
