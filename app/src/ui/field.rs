//! Fields of forms. Each shows again, by itself, what was typed and what was wrong with it
//! (see [`crate::form`]): the label above, the hint, then the error, both tied to the field.
#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

use super::icon::{Icon, icon};
use crate::form::{ACT, FormState, sentence};
use crate::text::{Lang, Text};
use leptos::prelude::*;

fn form_state() -> FormState {
    use_context().unwrap_or_default()
}

fn text() -> Text {
    Text(use_context::<Lang>().unwrap_or_default())
}

fn hint_id(name: &str) -> String {
    format!("{name}-hint")
}

fn error_id(name: &str) -> String {
    format!("{name}-error")
}

/// Ids of what describes a field, as `aria-describedby` wants them.
fn described_by(name: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{} {}", hint_id(name), error_id(name))),
        (true, false) => Some(hint_id(name)),
        (false, true) => Some(error_id(name)),
        (false, false) => None,
    }
}

fn hint_and_error(
    name: &str,
    hint: Option<String>,
    error: Option<String>,
) -> impl IntoView + use<> {
    (
        hint.map(|hint| view! { <p class="hint" id=hint_id(name)>{hint}</p> }),
        error.map(|error| {
            view! { <p class="error" id=error_id(name)>{icon(Icon::Failed)}{error}</p> }
        }),
    )
}

/// What is wrong with a field, which then says what it is called.
fn error_sentence(form: &FormState, name: &str, label: &str) -> Option<String> {
    form.error(name).map(|code| {
        keep_label(name, label);
        sentence(text(), code).to_owned()
    })
}

/// The same of a field that has a limit: what is too long is told by how much.
fn error_with_limit(form: &FormState, name: &str, label: &str, max: Option<u32>) -> Option<String> {
    match (form.error(name), max) {
        (Some("long" | "too_long"), Some(max)) => {
            keep_label(name, label);
            Some(text().form_long_at_most(max))
        }
        _ => error_sentence(form, name, label),
    }
}

/// Tells the list above the page, which only the server makes.
#[cfg(feature = "ssr")]
fn keep_label(name: &str, label: &str) {
    if let Some(labels) = use_context::<crate::form::Labels>() {
        labels.keep(name, label);
    }
}

#[cfg(not(feature = "ssr"))]
const fn keep_label(_name: &str, _label: &str) {}

/// Choices that share a field: their question, the boxes (each [`Check`] `of_several`), and once for all of
/// them what is wrong.
pub fn choices(
    name: &'static str,
    question: &'static str,
    hint: Option<&'static str>,
    class: &'static str,
    boxes: impl IntoView,
) -> AnyView {
    let error = error_sentence(&form_state(), name, question);
    let described = described_by(name, hint.is_some(), error.is_some());
    view! {
        <fieldset id=name tabindex="-1" aria-describedby=described>
            <legend>{question}</legend>
            {hint.map(|hint| view! { <p class="hint" id=hint_id(name)>{hint}</p> })}
            <div class=class>{boxes}</div>
            {error.map(|error| view! { <p class="error" id=error_id(name)>{icon(Icon::Failed)}{error}</p> })}
        </fieldset>
    }
    .into_any()
}

/// An ordinary form to its own page; `act` names the action.
#[component]
pub fn Form(
    /// Which action of the page.
    #[prop(into)]
    act: String,
    /// Class of the form element.
    #[prop(optional, into)]
    class: Option<String>,
    /// Its fields and its button.
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post" class=class>
            <input type="hidden" name=ACT value=act/>
            {children()}
        </form>
    }
}

/// The same as a function, for content that borrows: a component's children must own what they show.
pub fn form(act: &str, class: &'static str, content: impl IntoView) -> AnyView {
    view! {
        <form method="post" class=(!class.is_empty()).then_some(class)>
            <input type="hidden" name=ACT value=act.to_owned()/>
            {content}
        </form>
    }
    .into_any()
}

/// A value the form carries without showing it.
#[component]
pub fn Hidden(
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// What is sent.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}

/// A line of text.
#[component]
pub fn Field(
    /// Name of the field, also its id.
    #[prop(into)]
    name: String,
    /// Above it.
    #[prop(into)]
    label: String,
    /// `email`, `password`, `tel`, `url`, `number`; `text` if nothing is said.
    #[prop(optional)]
    kind: Option<&'static str>,
    /// What is stored; what was typed goes before it.
    #[prop(optional, into)]
    value: String,
    /// Below it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// An autocomplete token.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Whether it may not be empty.
    #[prop(optional)]
    required: bool,
    /// Longest text.
    #[prop(optional)]
    max: Option<u32>,
    /// Shown, not to be changed.
    #[prop(optional)]
    read_only: bool,
    /// The large form of the doors.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let form = form_state();
    let error = error_with_limit(&form, &name, &label, max);
    let secret = kind == Some("password");
    let value = if secret { String::new() } else { form.value_or(&name, &value) };
    let described = described_by(&name, hint.is_some(), error.is_some());
    let class = match (large, error.is_some()) {
        (false, false) => "input",
        (false, true) => "input is-bad",
        (true, false) => "input input--l",
        (true, true) => "input input--l is-bad",
    };
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <input
                class=class
                id=name.clone()
                name=name.clone()
                type=kind.unwrap_or("text")
                value=value
                autocomplete=autocomplete
                required=required
                readonly=read_only
                maxlength=max
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described
            />
            {hint_and_error(&name, hint, error)}
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Name of the field, also its id.
    #[prop(into)]
    name: String,
    /// Above it.
    #[prop(into)]
    label: String,
    /// What is stored.
    #[prop(optional, into)]
    value: String,
    /// Below it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether it may not be empty.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let form = form_state();
    let error = error_sentence(&form, &name, &label);
    let described = described_by(&name, hint.is_some(), error.is_some());
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <textarea
                class=if error.is_some() { "input input--area is-bad" } else { "input input--area" }
                id=name.clone()
                name=name.clone()
                rows="4"
                required=required
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described
            >{form.value_or(&name, &value)}</textarea>
            {hint_and_error(&name, hint, error)}
        </div>
    }
}

/// A choice from a list.
#[component]
pub fn Select(
    /// Name of the field, also its id.
    #[prop(into)]
    name: String,
    /// Above it.
    #[prop(into)]
    label: String,
    /// Value and words of each choice.
    options: Vec<(String, String)>,
    /// What is stored.
    #[prop(optional, into)]
    value: String,
    /// First entry, for nothing chosen yet.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Below it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether something must be chosen.
    #[prop(optional)]
    required: bool,
    /// The large form of the doors.
    #[prop(optional)]
    large: bool,
    /// The form it belongs to, by id, where it stands in none.
    #[prop(optional, into)]
    of: String,
) -> impl IntoView {
    let form = form_state();
    let error = error_sentence(&form, &name, &label);
    let chosen = form.value_or(&name, &value);
    let described = described_by(&name, hint.is_some(), error.is_some());
    let class = match (large, error.is_some()) {
        (false, false) => "input input--select",
        (false, true) => "input input--select is-bad",
        (true, false) => "input input--select input--l",
        (true, true) => "input input--select input--l is-bad",
    };
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <select
                class=class
                id=name.clone()
                name=name.clone()
                form=(!of.is_empty()).then_some(of)
                required=required
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described
            >
                {placeholder.map(|words| {
                    view! { <option value="" selected=chosen.is_empty()>{words}</option> }
                })}
                {options
                    .into_iter()
                    .map(|(value, words)| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected>{words}</option> }
                    })
                    .collect_view()}
            </select>
            {hint_and_error(&name, hint, error)}
        </div>
    }
}

/// A box to tick, with its words beside it.
#[component]
pub fn Check(
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// What is sent when it is ticked.
    #[prop(optional, into)]
    value: Option<String>,
    /// Beside it.
    #[prop(into)]
    label: String,
    /// Under the words.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether it is ticked as stored.
    #[prop(optional)]
    checked: bool,
    /// Whether it must be ticked.
    #[prop(optional)]
    required: bool,
    /// Whether it is one of several, whose [`choices`] says what is wrong.
    #[prop(optional)]
    of_several: bool,
) -> impl IntoView {
    let form = form_state();
    let value = value.unwrap_or_else(|| "on".to_owned());
    let error = (!of_several).then(|| error_sentence(&form, &name, &label)).flatten();
    let id = format!("{name}-{value}");
    view! {
        <div class="field">
            <label class="tick" for=id.clone()>
                <input
                    class="check"
                    type="checkbox"
                    id=id.clone()
                    // What must be read again must be ticked again.
                    checked=error.is_none() && form.ticked_or(&name, &value, checked)
                    name=name.clone()
                    value=value
                    required=required
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=error.is_some().then(|| error_id(&name))
                />
                <span>{label}{hint.map(|hint| view! { <small class="hint">{hint}</small> })}</span>
            </label>
            {error.map(|error| view! { <p class="error" id=error_id(&name)>{icon(Icon::Failed)}{error}</p> })}
        </div>
    }
}

/// One of several exclusive choices, with its words and an explanation.
#[component]
pub fn Radio(
    /// Name shared by the choices.
    #[prop(into)]
    name: String,
    /// What this choice sends.
    #[prop(into)]
    value: String,
    /// Beside it.
    #[prop(into)]
    label: String,
    /// Under the words.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether it is the stored choice.
    #[prop(optional)]
    checked: bool,
    /// Whether one of them must be chosen.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let form = form_state();
    let id = format!("{name}-{value}");
    view! {
        <label class="tick" for=id.clone()>
            <input
                class="radio"
                type="radio"
                id=id.clone()
                checked=form.ticked_or(&name, &value, checked)
                name=name
                value=value
                required=required
            />
            <span>{label}{hint.map(|hint| view! { <small class="hint">{hint}</small> })}</span>
        </label>
    }
}

/// A switch. Its name does not change with its state.
#[component]
pub fn Switch(
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// What is sent when it is on.
    #[prop(optional, into)]
    value: Option<String>,
    /// What it switches.
    #[prop(into)]
    label: String,
    /// Whether the words are for assistive technology only.
    #[prop(optional)]
    label_hidden: bool,
    /// Whether it is on as stored.
    #[prop(optional)]
    checked: bool,
    /// Whether it cannot be changed now.
    #[prop(optional)]
    disabled: bool,
) -> impl IntoView {
    let form = form_state();
    let value = value.unwrap_or_else(|| "on".to_owned());
    view! {
        <label class=if label_hidden { "hit" } else { "tick tick--switch" }>
            <input
                class="switch"
                type="checkbox"
                role="switch"
                checked=form.ticked_or(&name, &value, checked)
                name=name
                value=value
                disabled=disabled
            />
            <span class=label_hidden.then_some("sr")>{label}</span>
        </label>
    }
}
