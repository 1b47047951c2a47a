//! The matrix awake: says at once what staged switches would mean, before one Save writes them all.
//!
//! The boxes are the page's own, rendered by the server inside this island. It reads them from the
//! document (`data-was`, `data-events`) instead of keeping a copy, so there is one truth and nothing to
//! send twice. Saving sends the form like any other; only its way is watched, so that a server that does
//! not answer costs nobody the page.

#![expect(missing_docs, reason = "the macro makes a type that nobody names")]

use super::boxes::{input, inputs, move_focus, set, show_columns, was};
use super::forecast::{Forecast, ask_again, cap, names, short, words};
use super::rows::{self, Dropped};
use super::send::{Sent, ask, press, send};
use super::staged::{Staged, cost, explanation, headline, lines, read, save_words, show_counts};
use crate::text::{Lang, Text, money};
use dispatch::money::Money;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html};
use std::time::Duration;
use web_sys::{Element, HtmlElement, HtmlFormElement};

/// How long a save offers its way back.
const UNDO_FOR: Duration = Duration::from_secs(10);

/// The form of switches, with its panel beside it and its bar below on narrower screens.
#[island]
pub fn StagedMatrix(
    /// Language of the panel.
    lang: Lang,
    /// What one delivered message costs.
    price: Option<Money>,
    /// How many countries the plan allows.
    limit: Option<u32>,
    /// Id of the form.
    form: String,
    /// Whether the viewer may save.
    editable: bool,
    /// Whether the channel is on, so that there is something to count exactly.
    counts: bool,
    /// Of which brand.
    brand: String,
    /// Of which channel.
    channel: String,
    /// The version the boxes were made on.
    version: i64,
    /// The form itself.
    children: Children,
) -> impl IntoView {
    let t = Text(lang);
    let ground = NodeRef::<html::Div>::new();
    let staged = RwSignal::new(Staged::default());
    let awake = RwSignal::new(false);
    // What was last said aloud; nothing before something was pressed.
    let said = RwSignal::new(String::new());
    let failed = RwSignal::new(false);
    let saving = RwSignal::new(false);
    let form_id = StoredValue::new(form.clone());
    let forecast = RwSignal::new(Forecast::Resting);
    let turn = StoredValue::new(0);
    let place = StoredValue::new((brand, channel, version));

    // What is typed as a cap; it is only asked about.
    let cap_text = RwSignal::new(String::new());
    let asked_cap = move || match price {
        Some(price) => cap_text.with(|text| cap(text, price)),
        None => Ok(None),
    };

    let any = move || staged.with(|staged| !staged.lines.is_empty());
    let cost = move || staged.with(|staged| cost(lang, price, staged.messages));
    let count = move || {
        if let Some(ground) = ground.get_untracked() {
            staged.set(read(&ground));
            show_columns(&ground);
            show_counts(t, &ground);
            if counts {
                let cap = untrack(asked_cap).ok().flatten();
                ask_again(&ground, place.get_value(), cap, forecast, turn);
            }
        }
    };
    let is_capped = move || asked_cap().is_ok_and(|cap| cap.is_some());
    let shows = move || counts && (any() || is_capped());
    let say = move || {
        let (amount, unit) = cost();
        let headline = staged.with_untracked(|staged| headline(t, staged));
        said.set(if any() { format!("{headline}, {amount} {unit}") } else { headline });
    };
    let also = move |words: String| {
        say();
        said.update(|said| *said = format!("{words} {said}"));
    };
    let enter = move |ground: &Element, row: &Element| {
        rows::close_menu();
        let entered = rows::enter(ground, row);
        count();
        also(match entered {
            Some((name, false)) => t.impact_added_off(name),
            Some((name, true)) => t.impact_added(name),
            None => String::new(),
        });
    };
    let asks = StoredValue::new(false);
    let add = move || {
        let Some(ground) = ground.get_untracked() else { return };
        let Some(form) = form_of(&form_id.read_value()).filter(|_| !asks.get_value()) else {
            return;
        };
        let country = rows::chosen();
        failed.set(false);
        // What the server has to say about it is told by its page, which keeps what is staged.
        let ordinary = move |form: &HtmlFormElement| {
            saving.set(true);
            press(form, ADD);
        };
        if country.is_empty() {
            return ordinary(&form);
        }
        if let Some(row) = rows::row(&ground, &country) {
            if row.has_attribute("data-goes") {
                rows::keep_row(&row);
            }
            return enter(&ground, &row);
        }
        asks.set_value(true);
        rows::show_waiting(true);
        ask(&form.clone(), ADD, move |page| {
            asks.set_value(false);
            rows::show_waiting(false);
            match page.map(|page| rows::take(&ground, &page, &country)) {
                Some(Some(row)) => enter(&ground, &row),
                Some(None) => ordinary(&form),
                None => failed.set(true),
            }
        });
    };
    Effect::new(move |_| {
        if ground.get().is_some() {
            awake.set(editable);
            count();
            set_timeout(end_offer, UNDO_FOR);
            rows::wake_menu(add);
        }
    });
    let reset = move || {
        if let Some(ground) = ground.get_untracked() {
            rows::discard(&ground);
            for each in inputs(&ground, "input[data-was]") {
                each.set_checked(was(&each));
            }
            count();
        }
    };
    let submitted = move |event: ev::SubmitEvent| {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.filter(|form| *form_id.read_value() == form.id()) else { return };
        if saving.get_untracked() {
            event.prevent_default();
            return;
        }
        saving.set(true);
        failed.set(false);
        let watched = send(&form, move |sent| match sent {
            Sent::Answered => {}
            Sent::Lost => {
                reset();
                saving.set(false);
                failed.set(true);
            }
        });
        if watched {
            event.prevent_default();
        }
    };
    let changed = move |event: ev::Event| {
        let (Some(ground), Some(box_)) = (ground.get_untracked(), input(event.target())) else {
            return;
        };
        let on = box_.checked();
        if let Some(column) = box_.dataset().get("column") {
            set(&ground, &format!("[data-status={column}]"), on);
        } else if let Some(line) = box_.dataset().get("line") {
            set(&ground, &format!("[data-country={line}]"), on);
        } else if box_.dataset().get("every").is_some() {
            set(&ground, "", on);
        } else if box_.dataset().get("was").is_none() {
            return;
        }
        rows::settle(&ground);
        failed.set(false);
        count();
        say();
    };
    let discarded = move |_| {
        // A proposal has an address of its own, and so has leaving it.
        match ground.get_untracked().and_then(|ground| leave_link(&ground)) {
            Some(leave) => leave.click(),
            None => {
                reset();
                say();
            }
        }
    };
    let pressed = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let pressed = |what: &str| target.as_ref()?.closest(what).ok().flatten();
        if pressed("[data-leave]").is_some() {
            saving.set(true);
        }
        let Some(button) = pressed("button[name=drop], button[name=keep]") else { return };
        let country = button.get_attribute("value").unwrap_or_default();
        let ground = ground.get_untracked();
        let Some(row) = ground.and_then(|ground| rows::row(&ground, &country)) else { return };
        event.prevent_default();
        let words = button.text_content().unwrap_or_default();
        match button.get_attribute("data-whole") {
            Some(whole) => match rows::drop_row(&row, &whole) {
                Some(Dropped::Forgotten) => rows::focus_menu(),
                Some(Dropped::Staged) | None => {}
            },
            None => rows::keep_row(&row),
        }
        count();
        also(format!("{words}."));
    };
    let key = move |event: ev::KeyboardEvent| {
        if let (Some(ground), Some(box_)) = (ground.get_untracked(), input(event.target()))
            && move_focus(&ground, &box_, &event.key())
        {
            event.prevent_default();
        }
    };
    // Leaving with staged switches would lose them; saving does not.
    let guard = window_event_listener(ev::beforeunload, move |event| {
        if !saving.get_untracked() && staged.with_untracked(|staged| !staged.lines.is_empty()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || guard.remove());

    let too_many =
        move || limit.is_some_and(|limit| staged.with(|staged| staged.countries > limit)) && any();
    let save_form = form.clone();
    // Where no script counts: the parts are in the page all the same, style shows one or the other.
    let plain = if counts { t.impact_plain_words() } else { t.impact_plain_off() };
    view! {
        <div
            class="cols staged"
            class:is-awake=move || awake.get()
            node_ref=ground
            on:change=changed
            on:submit=submitted
            on:click=pressed
            on:keydown=key
        >
            <div class="staged__main">
                <p class="sr" role="status">{move || said.get()}</p>
                {move || failed.get().then(|| {
                    view! { <p class="note note--bad" role="alert">{t.form_unavailable()}</p> }
                })}
                {children()}
            </div>
            <aside
                class="card impact"
                class:impact--counts=counts
                class:is-resting=move || !any()
                hidden=!editable
                aria-labelledby="impact"
            >
                <div class="card__b impact__wide">
                    <h2 id="impact">
                        <span class="impact__live">{move || staged.with(|staged| headline(t, staged))}</span>
                        <span class="impact__plain">{t.impact_plain()}</span>
                    </h2>
                    <p class="big" hidden=move || !any()>{move || cost().0} " " <small>{move || cost().1}</small></p>
                    <p class="muted impact__words impact__live">{move || staged.with(|staged| explanation(t, any(), staged))}</p>
                    {price.map(|price| view! {
                        <p class="big impact__plain">
                            {money::figure(lang, price)} " " <small>{t.impact_plain_each(price.currency)}</small>
                        </p>
                    })}
                    {editable.then(|| view! { <p class="muted impact__words impact__plain">{plain}</p> })}
                </div>
                <div class="card__b impact__wide" hidden=move || !any()>
                    <table class="sums"><tbody>{move || staged.with(|staged| lines(t, price, &staged.lines))}</tbody></table>
                </div>
                <div class="card__b impact__exact" id="counted" hidden=move || !shows()>
                    <h3>{t.impact_exact()}</h3>
                    // Always one view, so that the browser finds what the server drew.
                    {move || match ground.get() {
                        Some(ground) => words(t, &forecast.get(), &names(&ground), is_capped()),
                        None => ().into_any(),
                    }}
                    <button
                        class="btn btn--s"
                        type="button"
                        hidden=move || !matches!(forecast.get(), Forecast::Failed(_))
                        on:click=move |_| count()
                    >
                        {t.impact_count_again()}
                    </button>
                </div>
                {price.filter(|_| counts).map(|price| {
                    let wrong = move || asked_cap().is_err();
                    view! {
                        <div class="card__b impact__cap awake">
                            <label class="label" for="cap">{t.impact_cap(price.currency)}</label>
                            <input
                                class="input"
                                class:is-bad=wrong
                                id="cap"
                                inputmode="decimal"
                                autocomplete="off"
                                aria-describedby="cap-hint cap-error"
                                aria-invalid=move || wrong().to_string()
                                on:input=move |event| {
                                    cap_text.set(event_target_value(&event));
                                    count();
                                }
                            />
                            <p class="error" id="cap-error" hidden=move || !wrong()>{t.form_amount()}</p>
                            <p class="hint" id="cap-hint">{t.impact_cap_hint()}</p>
                        </div>
                    }
                })}
                <div class="card__b impact__wide" hidden=move || !too_many()>
                    <p class="note note--warn">{t.impact_too_many(limit.unwrap_or_default())}</p>
                </div>
                <div class="card__b stack impact__wide" hidden=move || !any()>
                    <button
                        class="btn btn--commit btn--wide"
                        type="submit"
                        form=form
                        disabled=too_many
                        aria-busy=move || saving.get().to_string()
                    >
                        {move || save_words(t, price, staged.with(|staged| staged.messages), &cost())}
                    </button>
                    <button class="btn btn--quiet btn--wide" type="button" on:click=discarded>{t.impact_discard()}</button>
                </div>
            </aside>
            <div class="savebar" hidden=move || !any()>
                <span class="two">
                    <b>{move || { let (amount, unit) = cost(); format!("{amount} {unit}") }}</b>
                    <small>
                        {move || match limit.filter(|_| too_many()) {
                            Some(limit) => t.impact_too_many(limit),
                            None => staged.with(|staged| headline(t, staged)),
                        }}
                    </small>
                    <small class="savebar__exact" hidden=move || forecast.get() == Forecast::Resting>
                        {move || short(t, &forecast.get()).unwrap_or_default()} " " <a href="#counted">{t.impact_details()}</a>
                    </small>
                </span>
                <span class="row">
                    <button class="btn btn--quiet" type="button" on:click=discarded>{t.impact_discard()}</button>
                    <button class="btn btn--commit" type="submit" form=save_form disabled=too_many>{t.save()}</button>
                </span>
            </div>
        </div>
    }
}

/// The button that adds the country chosen in the menu.
const ADD: (&str, &str) = ("add", "1");

fn form_of(id: &str) -> Option<HtmlFormElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Takes away the way back, unless somebody is about to use it.
fn end_offer() {
    let offer = document().query_selector("[data-fleeting]").ok().flatten();
    let Some(offer) = offer.and_then(|offer| offer.dyn_into::<HtmlElement>().ok()) else { return };
    if offer.matches(":hover, :focus-within").unwrap_or(false) {
        set_timeout(end_offer, UNDO_FOR);
    } else {
        offer.set_hidden(true);
    }
}

/// The way out of a proposal.
fn leave_link(ground: &Element) -> Option<HtmlElement> {
    ground.query_selector("[data-leave]").ok().flatten()?.dyn_into().ok()
}
