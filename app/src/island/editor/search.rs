//! A long menu of links, narrowed while somebody types: the links are the page's own. Lighter than the list of
//! countries on the matrix (`island/picker.rs`), which would take this page over its budget.

use super::dom;
use crate::text::{Text, country};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement, HtmlInputElement};

/// A field that narrows the menu it stands in.
pub struct Search {
    field: HtmlInputElement,
    menu: Element,
}

impl Search {
    /// The search something was typed into.
    pub fn of(target: Option<EventTarget>) -> Option<Self> {
        let field: HtmlInputElement = target?.dyn_into().ok()?;
        field.has_attribute("data-filter").then_some(())?;
        let menu = field.closest("[data-search]").ok().flatten()?;
        Some(Self { field, menu })
    }

    /// Shows the links one of whose words begins with what is typed, and says how many they are.
    pub fn narrow(&self, t: Text) {
        let typed = self.field.value();
        let key = plain(&typed);
        let mut shown = 0;
        for item in dom::all(&self.menu, "li") {
            let fits = plain(&item.text_content().unwrap_or_default()).contains(key.trim_end());
            item.set_hidden(!fits);
            shown += usize::from(fits);
        }
        for said in dom::all(&self.menu, "[data-found]") {
            said.set_text_content(Some(&t.editor_languages_found(shown)));
        }
    }

    /// Goes where the first of them leads.
    pub fn follow(&self) {
        if let Some(link) = dom::all(&self.menu, "li:not([hidden]) a").first() {
            link.click();
        }
    }
}

/// Whoever opens the menu wants to type.
pub fn begin(summary: &HtmlElement) {
    let menu = summary.closest("[data-search]").ok().flatten();
    let field = menu.and_then(|menu| dom::all(&menu, "[data-filter]").into_iter().next());
    if let Some(field) = field {
        // The press opens the menu after this.
        request_animation_frame(move || {
            let _ = field.focus();
        });
    }
}

/// Its words in small letters without accents, each behind a space.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for word in country::sort_key(text).split(|c: char| !c.is_alphanumeric()) {
        if !word.is_empty() {
            plain.push(' ');
            plain.push_str(word);
        }
    }
    plain
}
