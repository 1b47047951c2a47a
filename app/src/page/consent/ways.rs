//! How customers come to say yes: the brand's own page, and what a shop puts beside its check-out.

use crate::page::{Ask, Problem};
use crate::public::{join_version, join_words};
use crate::route;
use crate::text::language_name;
use crate::text::public::{PublicText, Tongue};
use crate::ui::{self, Icon, Tone};
use dispatch::brand::{BrandState, SenderState};
use dispatch::view::{BrandView, FaceView};
use leptos::prelude::*;
use std::fmt::Write as _;

/// The panel; for a brand in use.
pub(super) async fn ways(ask: &Ask) -> Result<Option<AnyView>, Problem> {
    let t = ask.t;
    let Some(brand) = ask.brand().filter(|brand| brand.state == BrandState::Active) else {
        return Ok(None);
    };
    let Some(face) = ask.desk.store.find_face(brand.id).await? else { return Ok(None) };
    let tongue = Tongue::from_code(&ask.query("words"))
        .or_else(|| Tongue::from_code(brand.language.code()))
        .unwrap_or_default();
    let snippets = Snippets { base: &ask.desk.site.base_url, face: &face, tongue };
    let open = route::with_query(&route::join(brand.id), &[("lang", tongue.code())]);
    Ok(Some(view! {
        <section class="stack--wide ways" id="ways" aria-labelledby="ways-h">
            <div class="stack">
                <h2 id="ways-h">{t.consent_ways()}</h2>
                <p class="muted">{t.consent_ways_lead(&brand.name)}</p>
            </div>
            {closed(ask, brand, &face)}
            {tongues(ask, brand, tongue)}
            <div class="stack ways__part">
                <h3 id="ways-page-h">{t.consent_ways_page()}</h3>
                {part("ways-page", t.consent_ways_page_words(), &snippets.page(), ask,
                    Some(ui::button_link(ui::Kind::Plain, open, Some(Icon::Eye), t.consent_ways_open())))}
            </div>
            {folded("ways-button", t.consent_ways_button(), t.consent_ways_button_words(), &snippets.button(), ask, None)}
            {folded("ways-box", t.consent_ways_box(), t.consent_ways_box_words(), &snippets.boxes(), ask, None)}
            {folded("ways-record", t.consent_ways_record(), t.consent_ways_record_words(), &snippets.record(), ask,
                Some(ui::button_link(ui::Kind::Plain, route::KEYS, None, t.consent_ways_keys())))}
            <p class="small faint">{t.consent_ways_file()}</p>
            {ui::copying()}
        </section>
    }
    .into_any()))
}

/// Says so where the page would take nobody.
fn closed(ask: &Ask, brand: &BrandView, face: &FaceView) -> Option<AnyView> {
    let t = ask.t;
    let hears = face.sender.as_ref().is_some_and(|s| s.state == SenderState::Ready && s.hears);
    (!hears).then(|| {
        let href = route::brand(brand.id);
        ui::note_with(
            Tone::Warn,
            view! { <p>{t.consent_ways_closed(&brand.name)}" "<a href=href>{t.consent_ways_connect()}</a></p> },
        )
    })
}

/// The languages in which the words below can be had.
fn tongues(ask: &Ask, brand: &BrandView, now: Tongue) -> AnyView {
    let t = ask.t;
    let id = brand.id.to_string();
    let links = Tongue::ALL
        .map(|tongue| {
            let code = tongue.code();
            let query = [("brand", id.as_str()), ("words", code)];
            let href = route::with_query(route::CONSENT, &query) + "#ways";
            let current = (tongue == now).then_some("page");
            view! { <a class="tab" href=href lang=code aria-current=current>{language_name(code)}</a> }
        })
        .collect_view();
    view! { <nav class="tabs ways__tongues" aria-label=t.consent_ways_language()>{links}</nav> }
        .into_any()
}

/// A text to take along, with what it is for, under its own heading.
fn folded(
    id: &'static str,
    heading: &'static str,
    words: &'static str,
    text: &str,
    ask: &Ask,
    more: Option<AnyView>,
) -> AnyView {
    // Whoever chose a language was reading.
    let open = !ask.query("words").is_empty();
    view! {
        <details class="fold" open=open>
            <summary id=format!("{id}-h")>{heading}</summary>
            <div class="stack">{part(id, words, text, ask, more)}</div>
        </details>
    }
    .into_any()
}

fn part(
    id: &'static str,
    words: &'static str,
    text: &str,
    ask: &Ask,
    more: Option<AnyView>,
) -> AnyView {
    view! {
        <p class="muted">{words}</p>
        <pre class="code ways__text" id=id tabindex="0" aria-labelledby=format!("{id}-h")>{text.to_owned()}</pre>
        <p class="row row--wrap">{ui::copy_button(id, ask.t)}{more}</p>
    }
    .into_any()
}

/// What a shop takes along, in one language.
struct Snippets<'a> {
    base: &'a str,
    face: &'a FaceView,
    tongue: Tongue,
}

impl Snippets<'_> {
    fn address(&self, path: &str) -> String {
        format!("{}{}", self.base, route::with_query(path, &[("lang", self.tongue.code())]))
    }

    fn page(&self) -> String {
        self.address(&route::join(self.face.brand))
    }

    fn button(&self) -> String {
        let color =
            self.face.color.unwrap_or_else(|| ui::phone::color_of(&self.face.name)).under_white();
        let words = PublicText(self.tongue).join_button();
        format!(
            "<a href=\"{}\"\n   style=\"display:inline-block;padding:12px 20px;border-radius:6px;background:{color};\
             color:#fff;font:600 16px/24px sans-serif;text-decoration:none\">\n  {words}\n</a>",
            html(&self.page())
        )
    }

    fn boxes(&self) -> String {
        let (tracking, marketing) = join_words(self.tongue, &self.face.name);
        let t = PublicText(self.tongue);
        let line = |name: &str, words: &str| {
            format!(
                "<label>\n  <input type=\"checkbox\" name=\"{name}\" value=\"yes\">\n  {}\n</label>\n",
                html(words)
            )
        };
        format!(
            "{}{}<small><a href=\"{}\">{}</a></small>",
            line("whatsapp_news", &tracking),
            line("whatsapp_offers", &marketing),
            html(&self.address(&route::privacy(self.face.brand))),
            html(&t.join_privacy(&self.face.name)),
        )
    }

    fn record(&self) -> String {
        let (tracking, _) = join_words(self.tongue, &self.face.name);
        let brand = self.face.brand.to_string();
        let version = join_version(self.tongue);
        let fields = [
            ("brand", brand.as_str()),
            ("phone", "+33612345678"),
            ("purpose", "tracking"),
            ("kind", "opt_in"),
            ("source", "checkout"),
            ("text", &tracking),
            ("text_version", &version),
            ("proof", "order 48213"),
        ];
        let mut body = String::new();
        for (at, (name, value)) in fields.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(body, "{comma}\n  \"{name}\": {}", json(value));
        }
        format!(
            "POST {}/api/v1/consents\nAuthorization: Bearer fct_…\nContent-Type: application/json\n\n{{{body}\n}}",
            self.base
        )
    }
}

/// A text as HTML says it, in an attribute or between tags.
fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A text as JSON says it. Names and our words have no control characters.
fn json(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_what_is_copied() {
        let name = "\"><script>alert(1)</script> & \\";
        assert_eq!(html(name), "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; \\");
        assert_eq!(json(name), r#""\"><script>alert(1)</script> & \\""#);
    }
}
