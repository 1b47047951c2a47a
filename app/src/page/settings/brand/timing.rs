//! How often a brand writes, what it tells together, and when a parcel counts as late.

use super::{conflict, own_form};
use crate::act;
use crate::page::Ask;
use crate::ui::{self, Check, Field, Hidden, Kind, Switch};
use dispatch::tenant::Permission;
use dispatch::view::BrandView;
use leptos::prelude::*;

/// The section of the page.
pub(super) fn timing(ask: &Ask, brand: &BrandView) -> AnyView {
    let t = ask.t;
    let may_edit = ask.desk.may(Permission::Edit);
    let timing = &brand.timing;
    let figure = |figure: Option<u32>| figure.map_or_else(String::new, |figure| figure.to_string());
    let form = own_form(ask, act::SAVE_TIMING, "form", || {
        view! {
            <Hidden name="version" value=brand.version.to_string()/>
            <fieldset id="cap">
                <legend>{t.brand_cap()}</legend>
                <p class="hint">{t.brand_cap_words()}</p>
                <Switch name="cap_on" label=t.brand_cap_on() checked=timing.cap.on/>
                <div class="form__pair">
                    <Field name="cap_order" label=t.brand_cap_order() kind="number" value=figure(timing.cap.per_order) hint=t.brand_cap_order_hint()/>
                    <Field name="cap_day" label=t.brand_cap_day() kind="number" value=figure(timing.cap.per_day) hint=t.brand_cap_day_hint()/>
                </div>
            </fieldset>
            <fieldset id="merging">
                <legend>{t.brand_merge()}</legend>
                <p class="hint">{t.brand_merge_words()}</p>
                <Switch name="merge_on" label=t.brand_merge_on() checked=timing.merge.on/>
                <div class="form__pair">
                    <Field name="merge_minutes" label=t.brand_merge_minutes() kind="number" value=timing.merge.minutes.to_string() hint=t.brand_merge_minutes_hint()/>
                </div>
            </fieldset>
            <fieldset id="late">
                <legend>{t.brand_late()}</legend>
                <p class="hint">{t.brand_late_words()}</p>
                <Switch name="late_on" label=t.brand_late_on() checked=timing.late.on/>
                <Check name="late_expected" value="on" label=t.brand_late_expected() checked=timing.late.expected/>
                <div class="form__pair">
                    <Field name="late_hours" label=t.brand_late_hours() kind="number" value=figure(timing.late.hours) hint=t.brand_late_hours_hint()/>
                </div>
            </fieldset>
            {may_edit.then(|| view! { <div class="form__acts">{ui::submit(Kind::Primary, t.brand_timing_save())}</div> })}
        }
        .into_any()
    });
    let flag = |on: bool| if on { "on".to_owned() } else { String::new() };
    let stored = [
        (t.brand_cap_on(), "cap_on", flag(timing.cap.on)),
        (t.brand_cap_order(), "cap_order", figure(timing.cap.per_order)),
        (t.brand_cap_day(), "cap_day", figure(timing.cap.per_day)),
        (t.brand_merge_on(), "merge_on", flag(timing.merge.on)),
        (t.brand_merge_minutes(), "merge_minutes", timing.merge.minutes.to_string()),
        (t.brand_late_on(), "late_on", flag(timing.late.on)),
        (t.brand_late_expected(), "late_expected", flag(timing.late.expected)),
        (t.brand_late_hours(), "late_hours", figure(timing.late.hours)),
    ];
    view! {
        <section class="stack" id="timing" aria-labelledby="timing-head">
            <h2 id="timing-head">{t.brand_timing()}</h2>
            {conflict(ask, act::SAVE_TIMING, &stored)}
            <p class="muted">{t.brand_timing_words()}</p>
            <fieldset disabled=!may_edit>{form}</fieldset>
        </section>
    }
    .into_any()
}
