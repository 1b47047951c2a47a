//! In which order channels are tried, for all news and for some.

use super::{conflict, own_form};
use crate::act;
use crate::form::sentence;
use crate::page::Ask;
use crate::text::status;
use crate::ui::{self, Hidden, Icon, Kind, icon};
use dispatch::cascade::{Cascade, MOST_MINUTES};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::tenant::Permission;
use dispatch::view::BrandView;
use leptos::prelude::*;

/// The names of a row's fields, in their order.
const FIELDS: [&str; 7] = ["of", "first", "then_1", "after_1", "then_2", "after_2", "beside"];

/// What stands in a row's fields.
type Row = [String; 7];

/// The section of the page.
pub(super) fn section(ask: &Ask, brand: &BrandView) -> AnyView {
    let t = ask.t;
    let may_edit = ask.desk.may(Permission::Edit);
    let set = &brand.cascades;
    let stored = std::iter::once(row("all", &set.all))
        .chain(set.own.iter().map(|(news, order)| row(news.word(), order)));
    let stored: Vec<Row> = stored.collect();
    let rows = typed(ask).unwrap_or_else(|| {
        let mut rows = stored.clone();
        // One more, to be filled in.
        rows.push(row("", &set.all));
        rows
    });
    let form = own_form(ask, act::SAVE_CASCADES, "form", || {
        let sent = ask.form.of(act::SAVE_CASCADES);
        let error = sent.errors.iter().find(|(field, _)| !field.is_empty());
        let error = error.map(|(_, code)| {
            view! { <p class="error" id="cascade-error">{icon(Icon::Failed)}{sentence(t, code)}</p> }
        });
        let rows = rows.iter().enumerate().map(|(number, row)| fields(ask, number, row));
        view! {
            <Hidden name="version" value=brand.version.to_string()/>
            {rows.collect_view()}
            {error}
            {may_edit.then(|| view! { <div class="form__acts">{ui::submit(Kind::Primary, t.brand_cascade_save())}</div> })}
        }
        .into_any()
    });
    let said = |row: &Row| row.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>();
    let now = stored.iter().map(|row| said(row).join(" ")).collect::<Vec<_>>().join("; ");
    let stored = [(t.brand_cascade(), "first", now)];
    view! {
        <section class="stack" id="cascade" aria-labelledby="cascade-head">
            <h2 id="cascade-head">{t.brand_cascade()}</h2>
            {conflict(ask, act::SAVE_CASCADES, &stored)}
            <p class="muted">{t.brand_cascade_words()}</p>
            <fieldset disabled=!may_edit>{form}</fieldset>
        </section>
    }
    .into_any()
}

fn row(of: &str, order: &Cascade) -> Row {
    let then = |place: usize| order.then.get(place).copied();
    let channel = |place| then(place).map_or_else(String::new, |one| one.channel.to_string());
    let minutes = |place| {
        then(place).and_then(|one| one.after).map_or_else(String::new, |after| after.to_string())
    };
    [
        of.to_owned(),
        order.first.to_string(),
        channel(0),
        minutes(0),
        channel(1),
        minutes(1),
        order.beside.first().map_or_else(String::new, |channel| channel.to_string()),
    ]
}

/// The rows as they were sent and refused.
fn typed(ask: &Ask) -> Option<Vec<Row>> {
    let sent = ask.form.of(act::SAVE_CASCADES);
    if !sent.is_refused() {
        return None;
    }
    let columns = FIELDS.map(|field| {
        let all = sent.values.iter().filter(|(name, _)| name == field);
        all.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    });
    let count = columns[0].len().min(TrackingStatus::ALL.len() + 2);
    let at =
        |place: usize| columns.each_ref().map(|all| all.get(place).cloned().unwrap_or_default());
    Some((0..count).map(at).collect())
}

fn fields(ask: &Ask, number: usize, row: &Row) -> AnyView {
    let t = ask.t;
    let [of, first, then_1, after_1, then_2, after_2, beside] = row.clone();
    let id = |field: &str| format!("{field}-{number}");
    let channels = |chosen: &str, none: Option<&'static str>| {
        let none = none.map(|words| view! { <option value="">{words}</option> });
        let all = Channel::ALL.iter().map(|channel| {
            let selected = channel.word() == chosen;
            view! { <option value=channel.word() selected=selected>{status::channel(t, *channel)}</option> }
        });
        view! { {none}{all.collect_view()} }
    };
    let select = |field: &'static str, label: &'static str, options: AnyView| {
        view! {
            <div class="field">
                <label for=id(field)>{label}</label>
                <select class="input input--select" name=field id=id(field)>{options}</select>
            </div>
        }
    };
    let minutes = |field: &'static str, value: String| {
        view! {
            <div class="field">
                <label for=id(field)>{t.brand_cascade_after()}</label>
                <input class="input" name=field id=id(field) type="number" inputmode="numeric" min="1" max=MOST_MINUTES.to_string() value=value placeholder=t.brand_cascade_failure()/>
            </div>
        }
    };
    let head = (number > 0).then(|| {
        let news = TrackingStatus::ALL.iter().map(|news| {
            let selected = news.word() == of;
            view! { <option value=news.word() selected=selected>{status::name(t, *news)}</option> }
        });
        let nothing = view! { <option value="">{t.brand_cascade_none()}</option> };
        select("of", t.brand_cascade_own(), view! { {nothing}{news.collect_view()} }.into_any())
    });
    let all = (number == 0).then(|| view! { <input type="hidden" name="of" value="all"/> });
    let legend = if number == 0 { t.brand_cascade_all() } else { t.brand_cascade_own() };
    let legend = view! { <legend class=(number > 0).then_some("sr")>{legend}</legend> };
    let nobody = Some(t.brand_cascade_nobody());
    let row = view! {
        <fieldset class="cascade">
            {legend}
            {all}
            {head}
            <div class="cascade__steps">
                {select("first", t.brand_cascade_first(), channels(&first, None).into_any())}
                {select("beside", t.brand_cascade_beside(), channels(&beside, nobody).into_any())}
                {select("then_1", t.brand_cascade_then(), channels(&then_1, nobody).into_any())}
                {minutes("after_1", after_1)}
                {select("then_2", t.brand_cascade_last(), channels(&then_2, nobody).into_any())}
                {minutes("after_2", after_2)}
            </div>
        </fieldset>
    };
    // The one more is folded away until somebody wants it.
    if number > 0 && of.is_empty() {
        let open = ask.form.of(act::SAVE_CASCADES).is_refused();
        return view! { <details class="fold" open=open><summary>{t.brand_cascade_more()}</summary>{row}</details> }
            .into_any();
    }
    row.into_any()
}
