//! The template editor awake: looks at what is typed with the server's own code, shows it as customers will
//! see it, and helps with tags.
//!
//! The form is the page's own, rendered by the server inside this island; it works without. What changes
//! while somebody types has its place in the page (`data-live`), drawn by the server first and by this
//! island from then on. What is pressed says so in `data-act`.

#![expect(missing_docs, reason = "the macro makes a type that nobody names")]
#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

mod dom;
mod forecast;
mod menu;
mod review;
mod search;

use crate::editor::preview::{Glass, preview};
use crate::editor::{Draft, Look, Matter, ROWS, look, parts};
use crate::text::{Lang, Text};
use dispatch::channel::TrackingStatus;
use dispatch::language::Language;
use dispatch::template::check::{FindingCode, Place};
use dispatch::template::refusal::Why;
use dispatch::template::sample::Sample;
use dom::Field;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html};
use menu::Open;
use search::Search;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Id of the form.
pub const FORM: &str = "template";
/// Ids of the panel of the last 30 days: the panel, what is said of its answer, the answer.
pub const FORECAST: &str = "forecast";
/// See [`FORECAST`].
pub const FORECAST_SAID: &str = "forecast-said";
/// See [`FORECAST`].
pub const FORECAST_ANSWER: &str = "forecast-answer";
/// Ids of what says where the text stands: the notes, what is said when they change, the tabs of languages, the way
/// to try it.
pub const REVIEW: &str = "review";
/// See [`REVIEW`].
pub const REVIEW_SAID: &str = "review-said";
/// See [`REVIEW`].
pub const REVIEW_TABS: &str = "review-tabs";
/// See [`REVIEW`].
pub const REVIEW_TRIAL: &str = "review-trial";
/// The fields that are counted out loud when they fill up.
const COUNTED: [&str; 5] = ["header_text", "body", "footer", "sms", "mail_subject"];
/// Separates fields and their texts where the tab keeps them.
const BETWEEN: [char; 2] = ['\u{1e}', '\u{1f}'];

/// Everything the island remembers; all of it is a handle.
#[derive(Clone, Copy)]
struct Desk {
    t: Text,
    matter: StoredValue<Matter>,
    draft: RwSignal<Draft>,
    look: Memo<Look>,
    /// What the preview shows: a tag that is just being written does not empty it.
    shown: Memo<Look>,
    /// What is stored, to tell whether something would be lost.
    stored: StoredValue<Draft>,
    menu: RwSignal<Option<Open>>,
    sample: RwSignal<Sample>,
    /// Rows of buttons that are shown.
    rows: RwSignal<usize>,
    /// What this tab kept of a draft that never arrived.
    kept: RwSignal<Option<String>>,
    /// The brand's id.
    place: StoredValue<String>,
    sending: StoredValue<bool>,
    /// What was counted last, and the turn whose answer is waited for.
    counted: StoredValue<Option<String>>,
    turn: StoredValue<u32>,
    ground: NodeRef<html::Div>,
}

/// The editor's form and preview.
#[island]
pub fn TemplateEditor(
    /// Language of the screen.
    lang: Lang,
    /// The news.
    status: TrackingStatus,
    /// The news in a word or two, in the template's language.
    word: String,
    /// The template's language.
    language: String,
    /// The brand's name.
    brand: String,
    /// The brand's id, so that one brand's words are not offered to another.
    place: String,
    /// The sample parcel to begin with.
    sample: String,
    /// Whether what the form shows is what is stored.
    stored: bool,
    /// The form and the preview.
    children: Children,
) -> impl IntoView {
    let language = language.parse().unwrap_or_else(|_| Language::english());
    let matter = StoredValue::new(Matter { status, word, language, brand });
    let draft = RwSignal::new(Draft::default());
    let look = Memo::new(move |_| matter.with_value(|m| draft.with(|d| Look::of(d, m))));
    let menu = RwSignal::new(None);
    let shown = Memo::new(move |before: Option<&Look>| match before {
        Some(before) if menu.with(Option::is_some) => before.clone(),
        _ => look.get(),
    });
    let desk = Desk {
        t: Text(lang),
        matter,
        draft,
        look,
        shown,
        stored: StoredValue::new(Draft::default()),
        menu,
        sample: RwSignal::new(sample.parse().unwrap_or(Sample::Ordinary)),
        rows: RwSignal::new(0),
        kept: RwSignal::new(None),
        place: StoredValue::new(place),
        sending: StoredValue::new(false),
        counted: StoredValue::new(None),
        turn: StoredValue::new(0),
        ground: NodeRef::new(),
    };
    let awake = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(ground) = desk.ground.get() else { return };
        desk.watch();
        // Who may only look has no form to type into.
        if form(&ground).is_none_or(|form| form.has_attribute("data-closed")) {
            return;
        }
        desk.read();
        if stored {
            desk.stored.set_value(draft.get_untracked());
        }
        desk.rows.set(filled(&draft.get_untracked()));
        desk.recall(stored);
        desk.wake(&ground);
        desk.follow();
        awake.set(true);
    });
    // Leaving with unsaved words would lose them; sending does not.
    let guard = window_event_listener(ev::beforeunload, move |event| {
        if awake.get_untracked() && !desk.sending.get_value() && desk.is_changed() {
            event.prevent_default();
        }
    });
    on_cleanup(move || guard.remove());

    view! {
        <div
            class="ed"
            class:is-awake=move || awake.get()
            node_ref=desk.ground
            on:input=move |event| desk.typed(&event)
            on:change=move |_| desk.read()
            on:keydown=move |event| desk.key(&event)
            on:click=move |event| desk.click(&event)
            on:mousedown=move |event| {
                // The field keeps the focus while an option is pressed.
                if act_of(event.target()).is_some_and(|(act, _)| act == "pick") {
                    event.prevent_default();
                }
            }
            on:focusout=move |_| desk.menu.set(None)
            on:submit=move |_| desk.send()
        >
            {children()}
        </div>
    }
}

fn form(ground: &Element) -> Option<HtmlElement> {
    ground.query_selector("#template").ok().flatten()?.dyn_into().ok()
}

/// Rows up to the last one that is a button.
fn filled(draft: &Draft) -> usize {
    draft.rows.iter().rposition(|row| !row.is_blank()).map_or(0, |last| last + 1)
}

/// What the pressed thing is for, and which of them it is.
fn act_of(target: Option<web_sys::EventTarget>) -> Option<(String, HtmlElement)> {
    let element: Element = target?.dyn_into().ok()?;
    let element: HtmlElement = element.closest("[data-act]").ok().flatten()?.dyn_into().ok()?;
    Some((element.get_attribute("data-act")?, element))
}

impl Desk {
    fn ground(self) -> Option<web_sys::HtmlDivElement> {
        self.ground.get_untracked()
    }

    /// Takes over what the form says.
    fn read(self) {
        if let Some(form) = self.ground().and_then(|ground| form(&ground)) {
            let draft = dom::read(&form);
            if self.draft.with_untracked(|before| *before != draft) {
                self.draft.set(draft);
            }
        }
    }

    fn is_changed(self) -> bool {
        self.draft.with_untracked(|draft| {
            self.stored.with_value(|stored| {
                draft.content() != stored.content() || draft.category() != stored.category()
            })
        })
    }

    /// Draws what lives, each in its place.
    fn wake(self, ground: &Element) {
        for place in dom::all(ground, "[data-live]") {
            let name = place.get_attribute("data-live").unwrap_or_default();
            place.set_text_content(None);
            let (kind, of) = name.split_once(':').unwrap_or((name.as_str(), ""));
            let of = of.to_owned();
            self.draw(kind, of, place);
        }
        let fields = dom::all(ground, "[data-checked]");
        Effect::new(move |_| {
            let bad = |id: &str| {
                self.look.with(|look| self.draft.with(|draft| parts::is_bad(look, draft, id)))
            };
            for field in &fields {
                let is_bad = bad(&field.id());
                let _ = field.set_attribute("aria-invalid", if is_bad { "true" } else { "false" });
                let _ = field.class_list().toggle_with_force("is-bad", is_bad);
            }
        });
        let rows = dom::all(ground, ".brow");
        Effect::new(move |_| {
            let shown = self.rows.get();
            for (index, row) in rows.iter().enumerate() {
                row.set_hidden(index >= shown);
            }
        });
        Effect::new(move |before: Option<Option<Open>>| {
            let now = self.menu.get();
            let before = before.flatten();
            menu::announce(before.as_ref(), now.as_ref());
            if now.is_some() {
                // After the menu and the copy under the field have been drawn.
                request_animation_frame(move || {
                    if let (Some(ground), Some(open)) = (self.ground(), self.menu.get_untracked()) {
                        menu::put(&ground, &open);
                    }
                });
            }
            now
        });
    }

    /// What a place shows, as a function of what is typed. One type for all of them: each kind of view that
    /// is mounted on its own weighs several kilobytes.
    fn draw(self, kind: &str, of: String, place: HtmlElement) {
        let t = self.t;
        type View = Box<dyn Fn() -> AnyView + Send + Sync>;
        let looked = move |view: &dyn Fn(&Look, &Draft) -> AnyView| {
            self.look.with(|look| self.draft.with(|draft| view(look, draft)))
        };
        let seen = move |glass: Glass| {
            self.shown.with(|look| {
                self.matter.with_value(|matter| preview(t, look, matter, self.sample.get(), glass))
            })
        };
        let view: View = match kind {
            "found" => Box::new(move || {
                looked(&|look, draft| parts::findings(t, look, draft, &of).into_any())
            }),
            "count" => {
                Box::new(move || self.draft.with(|draft| parts::count(t, draft, &of)).into_any())
            }
            "mirror" => Box::new(move || {
                looked(&|look, draft| {
                    let (text, place) = match of.as_str() {
                        "sms" => (&draft.sms, Place::Sms),
                        "mail_text" => (&draft.mail_text, Place::MailText),
                        _ => (&draft.body, Place::Body),
                    };
                    parts::mirror(text, look, place).into_any()
                })
            }),
            "checks" => Box::new(move || looked(&|look, draft| parts::checks(t, look, draft))),
            "sum" => Box::new(move || looked(&|look, _| parts::checks_sum(t, look).into_any())),
            "samples" => Box::new(move || looked(&|look, _| parts::samples(t, look))),
            "refused" => {
                // Why, and whether what was stored differs from what was refused.
                let why = place.get_attribute("data-why").and_then(|why| why.parse::<Why>().ok());
                let Some(why) = why else { return };
                let edited = place.has_attribute("data-edited");
                Box::new(move || {
                    looked(&|look, draft| {
                        parts::refused(t, look, draft, why, edited || self.is_changed())
                    })
                })
            }
            "prediction" => Box::new(move || {
                looked(&|look, draft| parts::prediction(t, look, draft.category()))
            }),
            "sms" => Box::new(move || looked(&|look, _| parts::parts_of_sms(t, look))),
            "chat" => Box::new(move || seen(Glass::Chat)),
            "text" => Box::new(move || seen(Glass::Sms)),
            "mail" => Box::new(move || seen(Glass::Mail)),
            "menu" => Box::new(move || {
                self.menu.with(|open| match open {
                    None => ().into_any(),
                    Some(open) => self.matter.with_value(|matter| menu::view(t, matter, open)),
                })
            }),
            "full" => {
                let said = self.full();
                Box::new(move || said.get().into_any())
            }
            "unsaved" => Box::new(move || {
                self.draft.track();
                let words = if self.is_changed() { t.editor_unsaved() } else { "" };
                words.into_any()
            }),
            "kept" => Box::new(move || {
                if self.kept.with(Option::is_none) {
                    return ().into_any();
                }
                view! {
                    <div class="note note--wait">
                        <div class="grow">
                            {t.editor_kept()} " "
                            <button class="link" type="button" data-act="bring">{t.editor_kept_bring()}</button>
                            " "
                            <button class="link" type="button" data-act="drop">{t.editor_kept_drop()}</button>
                        </div>
                    </div>
                }
                .into_any()
            }),
            _ => return,
        };
        mount_to(place, move || move || view()).forget();
    }

    /// Says when a field is nearly full, and when it is: once each time it gets there.
    fn full(self) -> RwSignal<String> {
        let said = RwSignal::new(String::new());
        let levels = StoredValue::new([0_u8; COUNTED.len()]);
        Effect::new(move |_| {
            self.draft.with(|draft| {
                for (index, field) in COUNTED.iter().enumerate() {
                    let now = parts::fullness(draft, field);
                    let before = levels.with_value(|levels| levels[index]);
                    if now > before {
                        said.set(parts::count(self.t, draft, field));
                    }
                    levels.update_value(|levels| levels[index] = now);
                }
            });
        });
        said
    }

    fn typed(self, event: &ev::Event) {
        if let Some(search) = Search::of(event.target()) {
            return search.narrow(self.t);
        }
        self.read();
        let field = event.target().and_then(|target| target.dyn_into().ok()).and_then(Field::of);
        let takes_tags = |field: &Field| field.element().has_attribute("data-tags");
        self.menu.set(field.filter(takes_tags).and_then(|field| Open::of(&field)));
    }

    fn key(self, event: &KeyboardEvent) {
        if event.key() == "Enter"
            && let Some(search) = Search::of(event.target())
        {
            event.prevent_default();
            return search.follow();
        }
        let Some(mut open) = self.menu.get_untracked() else { return };
        let options = open.options();
        let last = options.len().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => open.active = if open.active == last { 0 } else { open.active + 1 },
            "ArrowUp" => open.active = if open.active == 0 { last } else { open.active - 1 },
            "Home" => open.active = 0,
            "End" => open.active = last,
            key @ ("Enter" | "Tab" | "|") => {
                event.prevent_default();
                if let Some(tag) = options.get(open.active) {
                    open.pick(*tag, key == "|");
                }
                self.menu.set(None);
                return self.read();
            }
            "Escape" => {
                event.prevent_default();
                return self.menu.set(None);
            }
            _ => return,
        }
        event.prevent_default();
        self.menu.set(Some(open));
    }

    fn click(self, event: &ev::MouseEvent) {
        let Some((act, element)) = act_of(event.target()) else { return };
        let of = element.get_attribute("data-n").unwrap_or_default();
        let number: usize = of.parse().unwrap_or_default();
        match act.as_str() {
            "repair" => self.repair(number),
            "category" => {
                let id = ["category-", &of].concat();
                if let Some(choice) =
                    document().get_element_by_id(&id).and_then(|e| e.dyn_into().ok())
                {
                    dom::set(choice, &of);
                    self.read();
                }
            }
            "show" => {
                event.prevent_default();
                self.show(number);
            }
            "pick" => {
                if let (Some(open), Ok(tag)) = (self.menu.get_untracked(), of.parse()) {
                    open.pick(tag, false);
                }
                self.menu.set(None);
                self.read();
            }
            "tag" => self.begin_tag(&of),
            "sample" => {
                event.prevent_default();
                self.choose_sample(&of);
            }
            "forecast" => {
                event.prevent_default();
                self.ask();
            }
            "search" => search::begin(&element),
            "add" => self.add_row(),
            "remove" => self.remove_row(number),
            "up" => self.swap_rows(number, number.saturating_sub(1), "up"),
            "down" => self.swap_rows(number, number + 1, "down"),
            "bring" => self.bring(),
            "drop" => {
                self.forget();
                self.kept.set(None);
            }
            _ => {}
        }
    }

    fn choose_sample(self, word: &str) {
        let Ok(sample) = word.parse() else { return };
        self.sample.set(sample);
        let Some(ground) = self.ground() else { return };
        for link in dom::all(&ground, "[data-act=sample]") {
            if link.get_attribute("data-n").as_deref() == Some(word) {
                let _ = link.set_attribute("aria-current", "true");
            } else {
                let _ = link.remove_attribute("aria-current");
            }
        }
    }

    /// Opens the menu of tags at the field's caret.
    fn begin_tag(self, id: &str) {
        let Some(field) = Field::by_id(id) else { return };
        let text = field.text();
        let caret = field.caret().unwrap_or(text.len());
        let (before, after) = text.split_at(caret);
        field.write(&[before, "<<", after].concat(), caret + 2);
        self.read();
        self.menu.set(Open::of(&field));
    }

    /// Goes to a finding's place and selects what it is about.
    fn show(self, index: usize) {
        let Some(finding) = self.look.with_untracked(|look| look.findings.get(index).cloned())
        else {
            return;
        };
        let id = self.draft.with_untracked(|draft| look::field_id(finding.place, draft));
        self.open_side(finding.place);
        match Field::by_id(&id) {
            Some(field) => field.select(finding.at.unwrap_or(0..0)),
            None => {
                if let Some(element) = document().get_element_by_id(&id) {
                    element.scroll_into_view();
                }
            }
        }
    }

    /// Shows the part of the form a place is in.
    fn open_side(self, place: Place) {
        let side = match place {
            Place::Sms => "side-sms",
            Place::Subject | Place::MailText | Place::MailPage => "side-email",
            _ => "side-whatsapp",
        };
        for id in [side, "pane-edit"] {
            if let Some(choice) = document().get_element_by_id(id)
                && let Ok(choice) = choice.dyn_into::<web_sys::HtmlInputElement>()
            {
                choice.set_checked(true);
            }
        }
    }

    fn repair(self, index: usize) {
        let Some(finding) = self.look.with_untracked(|look| look.findings.get(index).cloned())
        else {
            return;
        };
        let id = self.draft.with_untracked(|draft| look::field_id(finding.place, draft));
        self.open_side(finding.place);
        let Some(field) = Field::by_id(&id) else { return };
        let wants_fallback =
            matches!(finding.code, FindingCode::MayBeMissing | FindingCode::NeverProvided);
        match (finding.repair, finding.at) {
            (Some(text), at) => {
                let caret = at.map_or(text.len(), |at| at.start).min(text.len());
                field.write(&text, caret);
            }
            (None, Some(at)) if wants_fallback && at.end >= 2 => {
                // Short lines are looked at without the spaces around them.
                let text = field.text();
                let ahead = text.len() - text.trim_start().len();
                let ahead = if matches!(field, Field::Line(_)) { ahead } else { 0 };
                let inside = at.end + ahead - 2;
                if let (Some(before), Some(after)) = (text.get(..inside), text.get(inside..)) {
                    field.write(&[before, "|", after].concat(), inside + 1);
                }
            }
            _ => {}
        }
        self.read();
    }

    fn row(self, index: usize) -> Vec<HtmlElement> {
        let Some(ground) = self.ground() else { return Vec::new() };
        let Some(row) = dom::all(&ground, ".brow").into_iter().nth(index) else {
            return Vec::new();
        };
        dom::all(&row, "[name]")
    }

    fn texts(self, index: usize) -> Vec<String> {
        self.draft.with_untracked(|draft| {
            let row = draft.rows.get(index).cloned().unwrap_or_default();
            vec![row.label, row.kind, row.target]
        })
    }

    /// Fills a row, in the order of its fields: label, kind, target.
    fn fill(self, index: usize, texts: &[String]) {
        for (field, text) in self.row(index).into_iter().zip(texts) {
            dom::set(field, text);
        }
    }

    fn add_row(self) {
        let next = self.rows.get_untracked();
        if next + 1 < ROWS {
            self.rows.set(next + 1);
            self.focus_row(next);
        }
    }

    /// Goes to a row's label, once it is shown.
    fn focus_row(self, index: usize) {
        request_animation_frame(move || {
            if let Some(label) = self.row(index).into_iter().next() {
                let _ = label.focus();
            }
        });
    }

    fn remove_row(self, index: usize) {
        let shown = self.rows.get_untracked();
        for each in index..shown {
            let next = self.texts(each + 1);
            self.fill(each, &next);
        }
        self.rows.set(shown.saturating_sub(1));
        self.read();
        if shown > 1 {
            self.focus_row(index.min(shown - 2));
        } else if let Some(add) = document().get_element_by_id("button-add")
            && let Ok(add) = add.dyn_into::<HtmlElement>()
        {
            let _ = add.focus();
        }
    }

    fn swap_rows(self, from: usize, to: usize, act: &str) {
        if from == to || to >= self.rows.get_untracked() {
            return;
        }
        let (a, b) = (self.texts(from), self.texts(to));
        self.fill(from, &b);
        self.fill(to, &a);
        self.read();
        let Some(ground) = self.ground() else { return };
        let row = dom::all(&ground, ".brow").into_iter().nth(to);
        let selector = ["[data-act=", act, "]"].concat();
        let same = row.and_then(|row| dom::all(&row, &selector).into_iter().next());
        if let Some(same) = same {
            let _ = same.focus();
        }
    }

    /// The form leaves: what is in it stays with this tab until the server has it.
    fn send(self) {
        self.sending.set_value(true);
        let Some(form) = self.ground().and_then(|ground| form(&ground)) else { return };
        let [pair, field] = BETWEEN;
        let mut kept = String::new();
        for (name, text) in dom::fields(&form) {
            kept.push_str(&name);
            kept.push(field);
            kept.push_str(&text);
            kept.push(pair);
        }
        if let Some(storage) = storage() {
            // Full or forbidden storage only costs the second chance.
            let _ = storage.set_item(&self.place(), &kept);
        }
    }

    /// Offers what this tab sent and the server never got: somebody was signed out meanwhile.
    fn recall(self, stored: bool) {
        let Some(kept) =
            storage().and_then(|storage| storage.get_item(&self.place()).ok().flatten())
        else {
            return;
        };
        let pairs = pairs(&kept);
        let was = Draft::of_fields(pairs.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        let same = self.draft.with_untracked(|draft| draft.content() == was.content());
        let answered = window().location().search().is_ok_and(|query| query.contains("done="));
        if same || answered || !stored {
            self.forget();
        } else {
            self.kept.set(Some(kept));
        }
    }

    fn bring(self) {
        let (Some(kept), Some(form)) =
            (self.kept.get_untracked(), self.ground().and_then(|ground| form(&ground)))
        else {
            return;
        };
        dom::restore(&form, &pairs(&kept));
        self.read();
        self.rows.set(filled(&self.draft.get_untracked()));
        self.kept.set(None);
        self.forget();
    }

    /// Under which name the tab keeps this page's draft.
    fn place(self) -> String {
        let path = window().location().pathname().unwrap_or_default();
        self.place.with_value(|brand| ["template ", brand, " ", &path].concat())
    }

    fn forget(self) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&self.place());
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

fn pairs(kept: &str) -> Vec<(String, String)> {
    let [pair, field] = BETWEEN;
    kept.split(pair)
        .filter_map(|each| each.split_once(field))
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect()
}
