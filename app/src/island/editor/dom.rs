//! The form as it stands in the document: the one truth while somebody types.

use crate::editor::Draft;
use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use std::ops::Range;
use web_sys::{
    Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, Node,
};

/// A field one can type into.
#[derive(Clone)]
pub enum Field {
    /// Of several lines.
    Area(HtmlTextAreaElement),
    /// Of one line.
    Line(HtmlInputElement),
}

impl Field {
    /// The field an element is.
    pub fn of(element: Element) -> Option<Self> {
        match element.dyn_into::<HtmlTextAreaElement>() {
            Ok(area) => Some(Self::Area(area)),
            Err(element) => element.dyn_into().ok().map(Self::Line),
        }
    }

    /// The field of an id.
    pub fn by_id(id: &str) -> Option<Self> {
        document().get_element_by_id(id).and_then(Self::of)
    }

    /// Its element.
    pub fn element(&self) -> &HtmlElement {
        match self {
            Self::Area(area) => area,
            Self::Line(line) => line,
        }
    }

    /// What is typed.
    pub fn text(&self) -> String {
        match self {
            Self::Area(area) => area.value(),
            Self::Line(line) => line.value(),
        }
    }

    /// Where the caret stands, in bytes of the text.
    pub fn caret(&self) -> Option<usize> {
        let units = match self {
            Self::Area(area) => area.selection_end(),
            Self::Line(line) => line.selection_end(),
        };
        units.ok().flatten().map(|units| byte_of(&self.text(), units))
    }

    /// Types a text in, and puts the caret there.
    pub fn write(&self, text: &str, caret: usize) {
        match self {
            Self::Area(area) => area.set_value(text),
            Self::Line(line) => line.set_value(text),
        }
        self.select(caret..caret);
    }

    /// Goes there and selects these bytes.
    pub fn select(&self, at: Range<usize>) {
        let text = self.text();
        let (start, end) = (unit_of(&text, at.start), unit_of(&text, at.end));
        // A field that cannot take focus or a selection is still there to be seen.
        let _ = self.element().focus();
        let _ = match self {
            Self::Area(area) => area.set_selection_range(start, end),
            Self::Line(line) => line.set_selection_range(start, end),
        };
    }
}

/// The document counts in units of sixteen bits, we in bytes.
fn byte_of(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (at, c) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}

fn unit_of(text: &str, byte: usize) -> u32 {
    let units: usize =
        text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, c)| c.len_utf16()).sum();
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// Everything below an element that fits a selector.
pub fn all(ground: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = ground.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// Name and text of every field that would be sent.
pub fn fields(form: &Element) -> Vec<(String, String)> {
    all(form, "[name]").into_iter().filter_map(field).collect()
}

fn field(element: HtmlElement) -> Option<(String, String)> {
    let element = match element.dyn_into::<HtmlInputElement>() {
        Ok(input) => {
            // A file cannot be typed in again.
            let kind = input.type_();
            let left_out = kind == "file" || (kind == "radio" && !input.checked());
            return (!left_out).then(|| (input.name(), input.value()));
        }
        Err(element) => element,
    };
    let element = match element.dyn_into::<HtmlTextAreaElement>() {
        Ok(area) => return Some((area.name(), area.value())),
        Err(element) => element,
    };
    let select = element.dyn_into::<HtmlSelectElement>().ok()?;
    Some((select.name(), select.value()))
}

/// The draft as it stands.
pub fn read(form: &Element) -> Draft {
    let fields = fields(form);
    Draft::of_fields(fields.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

/// Types a whole draft in, field by field in their order.
pub fn restore(form: &Element, kept: &[(String, String)]) {
    let mut kept = kept.iter().filter(|(name, _)| !matches!(name.as_str(), "version" | "revision"));
    let mut rest: Vec<HtmlElement> = all(form, "[name]");
    rest.retain(|each| each.get_attribute("type").as_deref() != Some("hidden"));
    for (name, text) in kept.by_ref() {
        let at = rest.iter().position(|each| {
            let same = each.get_attribute("name").as_deref() == Some(name);
            let radio = each.get_attribute("type").as_deref() == Some("radio");
            same && (!radio || each.get_attribute("value").as_deref() == Some(text))
        });
        if let Some(at) = at {
            set(rest.remove(at), text);
        }
    }
}

/// Types a text into whatever kind of field it is; ticks a choice.
pub fn set(element: HtmlElement, text: &str) {
    let element = match element.dyn_into::<HtmlInputElement>() {
        Ok(input) => {
            if input.type_() == "radio" {
                input.set_checked(true);
            } else {
                input.set_value(text);
            }
            return;
        }
        Err(element) => element,
    };
    let element = match element.dyn_into::<HtmlTextAreaElement>() {
        Ok(area) => return area.set_value(text),
        Err(element) => element,
    };
    if let Ok(select) = element.dyn_into::<HtmlSelectElement>() {
        select.set_value(text);
    }
}

/// Where a byte of a text stands on the screen, by the copy that lies under its field: left and bottom.
pub fn place(mirror: &Element, text: &str, byte: usize) -> Option<(f64, f64)> {
    let mut left = unit_of(text, byte);
    let (node, offset) = node_at(mirror, &mut left)?;
    let range = document().create_range().ok()?;
    range.set_start(&node, offset).ok()?;
    range.set_end(&node, offset).ok()?;
    let rect = range.get_bounding_client_rect();
    Some((rect.left(), rect.bottom()))
}

fn node_at(node: &Node, left: &mut u32) -> Option<(Node, u32)> {
    if node.node_type() == Node::TEXT_NODE {
        let length = node.node_value().unwrap_or_default().encode_utf16().count();
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        // At the end of a stretch it is the next one's beginning that counts: it may stand on a new line.
        if *left < length {
            return Some((node.clone(), *left));
        }
        *left -= length;
        return None;
    }
    let mut child = node.first_child();
    while let Some(each) = child {
        if let Some(found) = node_at(&each, left) {
            return Some(found);
        }
        child = each.next_sibling();
    }
    None
}
