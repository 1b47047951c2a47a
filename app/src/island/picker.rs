//! A long list of choices awake: type a few letters instead of scrolling.
//!
//! The choices are the page's own `<select>`, rendered by the server inside this island; it stays the
//! field that is sent. The island reads its options once and lays a combobox over it.

#![expect(missing_docs, reason = "the macro makes a type that nobody names")]

use crate::text::{Lang, Text, country};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::{ev, html};
use web_sys::{HtmlOptionElement, HtmlSelectElement};

/// Most matches that are shown; whoever wants more types another letter.
const SHOWN: usize = 8;

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    value: String,
    name: String,
    /// The name as it is compared: small letters without accents.
    key: String,
}

/// The field around a `<select>` of countries.
#[island]
pub fn CountryPicker(
    /// Language of its words.
    lang: Lang,
    /// The select with its label.
    children: Children,
) -> impl IntoView {
    let t = Text(lang);
    let ground = NodeRef::<html::Div>::new();
    let field = NodeRef::<html::Input>::new();
    let choices = RwSignal::new(Vec::<Choice>::new());
    let typed = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let at = RwSignal::new(None::<usize>);
    let awake = RwSignal::new(false);

    Effect::new(move |_| {
        let Some(select) = ground.get().as_deref().and_then(select) else { return };
        choices.set(read(&select));
        // Still the field that is sent; the combobox is the one that is worked.
        let _ = select.set_attribute("tabindex", "-1");
        let _ = select.set_attribute("aria-hidden", "true");
        // Whoever opens the menu wants to type.
        if let Ok(Some(menu)) = select.closest("details") {
            let focus = Closure::<dyn Fn()>::new(move || {
                if ground
                    .get_untracked()
                    .as_deref()
                    .and_then(self::select)
                    .is_some_and(|select| select.value().is_empty())
                {
                    typed.set(String::new());
                }
                let _ = field.get_untracked().map(|field| field.focus());
                // The list would cover the button below before anything was typed.
                open.set(false);
            });
            let _ = menu.add_event_listener_with_callback("toggle", focus.as_ref().unchecked_ref());
            // The menu is there as long as the page is.
            focus.forget();
        }
        awake.set(true);
    });
    let matches = Memo::new(move |_| {
        let key = country::sort_key(&typed.get());
        choices.with(|choices| found(choices, &key))
    });
    let choose = move |choice: &Choice| {
        if let Some(select) = ground.get_untracked().as_deref().and_then(select) {
            select.set_value(&choice.value);
        }
        typed.set(choice.name.clone());
        open.set(false);
        at.set(None);
    };
    let input = move |event: ev::Event| {
        let text = event_target_value(&event);
        // A name typed whole is a choice; anything else chooses nothing yet.
        let key = country::sort_key(&text);
        let whole =
            choices.with_untracked(|all| all.iter().find(|choice| choice.key == key).cloned());
        if let Some(select) = ground.get_untracked().as_deref().and_then(select) {
            select.set_value(&whole.map(|choice| choice.value).unwrap_or_default());
        }
        typed.set(text);
        open.set(true);
        at.set(None);
    };
    let key = move |event: ev::KeyboardEvent| {
        let count = matches.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if count > 0 => {
                event.prevent_default();
                let down = event.key() == "ArrowDown";
                let next = match at.get_untracked().filter(|_| open.get_untracked()) {
                    None if down => 0,
                    None => count - 1,
                    Some(index) if down => (index + 1) % count,
                    Some(index) => (index + count - 1) % count,
                };
                open.set(true);
                at.set(Some(next));
            }
            "Enter" if open.get_untracked() => {
                let chosen = matches.with_untracked(|list| {
                    let only = if list.len() == 1 { list.first() } else { None };
                    at.get_untracked().and_then(|index| list.get(index)).or(only).cloned()
                });
                if let Some(chosen) = chosen {
                    event.prevent_default();
                    choose(&chosen);
                }
            }
            // Where the field stands in no form, Enter presses the button beside it all the same.
            "Enter" => {
                if let Some(button) = ground.get_untracked().as_deref().and_then(button) {
                    event.prevent_default();
                    button.click();
                }
            }
            "Escape" if open.get_untracked() => {
                event.prevent_default();
                event.stop_propagation();
                open.set(false);
                at.set(None);
            }
            _ => {}
        }
    };
    let option = move |(index, choice): (usize, Choice)| {
        let (name, chosen) = (choice.name.clone(), choice);
        view! {
            <li
                role="option"
                id=format!("picker-{index}")
                aria-selected=move || (at.get() == Some(index)).to_string()
                // Before the field loses the focus.
                on:mousedown=move |event| { event.prevent_default(); choose(&chosen); }
            >
                {name}
            </li>
        }
    };
    view! {
        <div class="picker" class:is-awake=move || awake.get() node_ref=ground>
            {children()}
            <div class="field picker__field">
                <label for="picker">{t.tracking_country()}</label>
                <input
                    class="input"
                    id="picker"
                    node_ref=field
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    aria-autocomplete="list"
                    aria-controls="picker-list"
                    aria-expanded=move || open.get().to_string()
                    aria-activedescendant=move || at.get().map(|index| format!("picker-{index}"))
                    placeholder=t.impact_picker_hint()
                    prop:value=move || typed.get()
                    on:input=input
                    on:keydown=key
                    on:focus=move |_| open.set(true)
                    on:click=move |_| open.set(true)
                    on:blur=move |_| { open.set(false); at.set(None); }
                />
                <ul class="picker__list" role="listbox" id="picker-list" aria-label=t.tracking_country() hidden=move || !open.get()>
                    {move || matches.get().into_iter().enumerate().map(option).collect_view()}
                </ul>
                <p class="hint" role="status">
                    {move || open.get().then(|| t.impact_picker_found(matches.with(Vec::len)))}
                </p>
            </div>
        </div>
    }
}

fn button(ground: &web_sys::HtmlElement) -> Option<web_sys::HtmlElement> {
    let menu = ground.closest(".menu__box").ok()??;
    menu.query_selector("button[name=add]").ok()??.dyn_into().ok()
}

fn select(ground: &web_sys::HtmlElement) -> Option<HtmlSelectElement> {
    ground.query_selector("select").ok().flatten()?.dyn_into().ok()
}

fn read(select: &HtmlSelectElement) -> Vec<Choice> {
    let Ok(list) = select.query_selector_all("option") else { return Vec::new() };
    (0..list.length())
        .filter_map(|index| list.item(index)?.dyn_into::<HtmlOptionElement>().ok())
        .filter(|option| !option.value().is_empty())
        .map(|option| {
            let name = option.text();
            Choice { value: option.value(), key: country::sort_key(&name), name }
        })
        .collect()
}

/// What begins with the letters before what holds a word that does, before the code itself.
fn found(choices: &[Choice], key: &str) -> Vec<Choice> {
    let rank = |choice: &Choice| {
        if choice.key.starts_with(key) {
            Some(0)
        } else if choice.key.split(' ').any(|word| word.starts_with(key)) {
            Some(1)
        } else if choice.value.eq_ignore_ascii_case(key) {
            Some(2)
        } else {
            None
        }
    };
    let mut ranked: Vec<_> =
        choices.iter().filter_map(|choice| Some((rank(choice)?, choice))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().take(SHOWN).map(|(_, choice)| choice.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_letters_without_accents_find_a_country() {
        let choices: Vec<Choice> = country::sorted(Lang::Fr)
            .into_iter()
            .map(|(code, name)| Choice {
                value: code.to_owned(),
                name: name.to_owned(),
                key: country::sort_key(name),
            })
            .collect();
        let codes = |typed: &str| {
            let found = found(&choices, &country::sort_key(typed));
            found.into_iter().map(|choice| choice.value).collect::<Vec<_>>()
        };
        assert_eq!(codes("allem"), ["DE"]);
        assert_eq!(codes("egy"), ["EG"]);
        assert!(codes("unis").contains(&"US".to_owned()));
        assert_eq!(codes("nl"), ["NL"]);
        assert_eq!(codes("xyz").len(), 0);
        assert_eq!(codes("").len(), SHOWN);
    }
}
