//! The menu of tags that opens at the caret after `<<`.

use super::dom::{self, Field};
use crate::editor::{Matter, words};
use crate::text::Text;
use dispatch::template::{Provided, Tag, TagGroup, meant_by};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::ops::Range;
use web_sys::{Element, HtmlElement};

/// Id of the list.
pub const MENU: &str = "tag-menu";
/// Longest beginning of a tag's name that is looked for, in characters.
const LONGEST: usize = 24;
/// Width of the menu in CSS pixels, as in `style/editor.css`.
const WIDTH: f64 = 340.0;

/// An open menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Id of the field.
    pub field: String,
    /// From `<<` to the caret, in bytes.
    pub at: Range<usize>,
    /// What is typed of the name.
    pub typed: String,
    /// Which of the options is the one `Enter` takes.
    pub active: usize,
}

impl Open {
    /// The menu that belongs to a field as it stands; none when no tag is being written at its caret.
    pub fn of(field: &Field) -> Option<Self> {
        let (text, caret) = (field.text(), field.caret()?);
        let before = text.get(..caret)?;
        let start = before.rfind("<<")?;
        let typed = &before[start + 2..];
        let letter = |c: char| c.is_alphanumeric() || c == '_' || c == ' ';
        if typed.chars().count() > LONGEST || !typed.chars().all(letter) {
            return None;
        }
        let open = Self {
            field: field.element().id(),
            at: start..caret,
            typed: typed.trim().to_lowercase(),
            active: 0,
        };
        (!open.options().is_empty()).then_some(open)
    }

    /// The tags that fit, in the order of the groups.
    pub fn options(&self) -> Vec<Tag> {
        let mut found = Vec::new();
        // Pictures and places stand above a text, never in it.
        let above = self.field == "header_text";
        for group in TagGroup::ALL {
            for tag in Tag::ALL.iter().copied().filter(|tag| tag.group() == *group) {
                let fits = tag.word().contains(self.typed.as_str())
                    || (!self.typed.is_empty() && meant_by(&self.typed) == Some(tag));
                if fits && (tag.is_text() || above) {
                    found.push(tag);
                }
            }
        }
        found
    }

    /// Writes the tag into the field. With a fallback the caret stands where it is to be written.
    pub fn pick(&self, tag: Tag, fallback: bool) {
        let Some(field) = Field::by_id(&self.field) else { return };
        let text = field.text();
        let (Some(before), Some(after)) = (text.get(..self.at.start), text.get(self.at.end..))
        else {
            return;
        };
        // What was closed already is not closed twice.
        let after = after.strip_prefix(">>").unwrap_or(after);
        let middle = if fallback { "|" } else { "" };
        let written = [before, "<<", tag.word(), middle, ">>", after].concat();
        let end = before.len() + 2 + tag.word().len() + middle.len();
        field.write(&written, if fallback { end } else { end + 2 });
    }
}

/// The list, by group; each tag with its kind, a sample, and whether this news brings it.
pub fn view(t: Text, matter: &Matter, open: &Open) -> AnyView {
    let options = open.options();
    let groups: Vec<AnyView> = TagGroup::ALL
        .iter()
        .filter(|group| options.iter().any(|tag| tag.group() == **group))
        .map(|group| {
            let name = words::group(t, *group);
            let items: Vec<AnyView> = options
                .iter()
                .enumerate()
                .filter(|(_, tag)| tag.group() == *group)
                .map(|(index, tag)| option(t, matter, *tag, index == open.active))
                .collect();
            view! {
                <div role="group" aria-label=name>
                    <p class="tags__group" aria-hidden="true">{name}</p>
                    {items}
                </div>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="tags">
            <div class="tags__list" role="listbox" id=MENU aria-label=t.editor_tags()>{groups}</div>
            <p class="tags__help" aria-hidden="true">{t.editor_tags_help()}</p>
        </div>
    }
    .into_any()
}

fn option(t: Text, matter: &Matter, tag: Tag, active: bool) -> AnyView {
    let provided = tag.provided(matter.status);
    let class = match provided {
        Provided::Always => "state--good",
        Provided::Sometimes => "faint",
        Provided::Never => "state--bad",
    };
    view! {
        <div
            class="tags__option"
            role="option"
            id=option_id(tag)
            aria-selected=if active { "true" } else { "false" }
            data-act="pick"
            data-n=tag.word()
        >
            <b class="mono">{tag.word()}</b>
            <span>{words::tag(t, tag)}</span>
            <small class="faint">{words::kind(t, tag.kind())} ", " {tag.sample()}</small>
            <small class=class>{words::provided(t, provided)}</small>
        </div>
    }
    .into_any()
}

/// Id of a tag's line in the list.
pub fn option_id(tag: Tag) -> String {
    ["tag-", tag.word()].concat()
}

/// Tells assistive technology about the list while it is open. A text of several lines is a combobox only
/// then: for the rest of the time it is a plain field.
pub fn announce(before: Option<&Open>, now: Option<&Open>) {
    let field = |open: Option<&Open>| open.and_then(|open| Field::by_id(&open.field));
    if let Some(field) = field(before)
        && before.map(|open| &open.field) != now.map(|open| &open.field)
    {
        for name in
            ["role", "aria-expanded", "aria-controls", "aria-autocomplete", "aria-activedescendant"]
        {
            let _ = field.element().remove_attribute(name);
        }
    }
    let (Some(field), Some(open)) = (field(now), now) else { return };
    let active = open.options().get(open.active).map(|tag| option_id(*tag)).unwrap_or_default();
    for (name, value) in [
        ("role", "combobox"),
        ("aria-autocomplete", "list"),
        ("aria-expanded", "true"),
        ("aria-controls", MENU),
        ("aria-activedescendant", active.as_str()),
    ] {
        // Setting an attribute of a valid name cannot fail.
        let _ = field.element().set_attribute(name, value);
    }
}

/// Puts the menu below its tag: at the caret where a copy of the text lies under the field, else below it.
pub fn put(ground: &Element, open: &Open) {
    let (Some(field), Ok(Some(menu))) = (Field::by_id(&open.field), ground.query_selector(".tags"))
    else {
        return;
    };
    let Ok(menu) = menu.dyn_into::<HtmlElement>() else { return };
    let selector = ["[data-mirror='", &open.field, "']"].concat();
    let mirror = ground.query_selector(&selector).ok().flatten();
    let at = mirror.and_then(|mirror| dom::place(&mirror, &field.text(), open.at.start));
    let frame = ground.get_bounding_client_rect();
    let below = field.element().get_bounding_client_rect();
    let (left, top) = at.unwrap_or((below.left(), below.bottom()));
    let left = (left - frame.left()).min(frame.width() - WIDTH).max(0.0);
    let style = menu.style();
    // Names and values are ours.
    let _ = style.set_property("left", &[&whole(left), "px"].concat());
    let _ = style.set_property("top", &[&whole(top - frame.top() + 4.0), "px"].concat());
    follow(&menu, open);
}

/// Keeps the chosen option in sight.
fn follow(menu: &HtmlElement, open: &Open) {
    let Ok(Some(list)) = menu.query_selector(".tags__list") else { return };
    let Ok(Some(active)) = menu.query_selector("[aria-selected='true']") else { return };
    let (list_box, box_) = (list.get_bounding_client_rect(), active.get_bounding_client_rect());
    let mut by = 0.0;
    if box_.top() < list_box.top() {
        by = box_.top() - list_box.top();
    } else if box_.bottom() > list_box.bottom() {
        by = box_.bottom() - list_box.bottom();
    }
    if open.active == 0 {
        list.set_scroll_top(0);
    } else if by != 0.0 {
        #[expect(clippy::cast_possible_truncation, reason = "a distance on the screen")]
        list.set_scroll_top(list.scroll_top() + by as i32);
    }
}

fn whole(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a distance on the screen")]
    let value = value as i32;
    value.to_string()
}
