//! The page on which somebody signs up for a brand's messages: what they want to hear, then the message that
//! confirms it.

use super::{Look, carried, document, languages};
use crate::route::with_query;
use crate::text::public::{PublicText, Tongue};
use dispatch::consent::Purpose;
use dispatch::join::{Agreed, JoinRequest};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct JoinPage {
    /// In which language.
    pub tongue: Tongue,
    /// The page's own path, where its form leads.
    pub path: String,
    /// The brand.
    pub look: Look,
    /// Where the brand says what it does with numbers.
    pub privacy: String,
    /// How far the visitor is.
    pub step: JoinStep,
    /// Names the page's style for the content policy.
    pub nonce: String,
}

/// How far the visitor is.
#[derive(Debug, Clone)]
pub enum JoinStep {
    /// The form.
    Form(Box<JoinTyped>),
    /// The message is still to be sent.
    Send {
        /// The request, as its address names it.
        asked: String,
        /// What the message says, with its code.
        message: String,
        /// The brand's number, E.164.
        number: String,
        /// Where a test number's phones are.
        phones: Option<String>,
        /// Whether the visitor says that they have sent it.
        sent: bool,
    },
    /// The message has come.
    Done {
        /// The request, as its address names it.
        asked: String,
        /// What was agreed to.
        agreed: Vec<Agreed>,
    },
    /// There is no number to write to.
    Closed,
}

/// The form, with what was typed.
#[derive(Debug, Clone, Default)]
pub struct JoinTyped {
    /// The number.
    pub phone: String,
    /// Its country.
    pub country: String,
    /// The countries to choose from: code and words.
    pub countries: Vec<(String, String)>,
    /// What is ticked.
    pub purposes: Vec<Purpose>,
    /// Tells the words of this page from others.
    pub mark: String,
    /// The field that cannot be used, and why.
    pub error: Option<(&'static str, &'static str)>,
    /// Whether the visitor came with a request that is no longer good.
    pub expired: bool,
}

/// Version of the words beside the boxes, which the ledger keeps; changes whenever they do.
const WORDS_VERSION: &str = "join-2026-11";

/// The version of the words beside the boxes, with their language.
#[must_use]
pub fn join_version(tongue: Tongue) -> String {
    format!("{WORDS_VERSION}/{}", tongue.code())
}

/// The words beside the boxes: of the news, and of advertising.
#[must_use]
pub fn join_words(tongue: Tongue, brand: &str) -> (String, String) {
    let t = PublicText(tongue);
    (t.join_tracking(brand), t.join_marketing(brand))
}

/// The message that confirms a request, as the page writes it in advance. It says itself what is agreed to:
/// who is made to send it by somebody else reads it first.
#[must_use]
pub fn confirming_words(tongue: Tongue, brand: &str, request: &JoinRequest) -> String {
    let t = PublicText(tongue);
    let has = |purpose| request.agreed.iter().any(|agreed| agreed.purpose == purpose);
    let code = request.code;
    match (has(Purpose::Tracking), has(Purpose::Marketing)) {
        (true, true) => t.join_message_both(brand, code),
        (false, true) => t.join_message_marketing(brand, code),
        _ => t.join_message_tracking(brand, code),
    }
}

/// The whole page.
#[must_use]
pub fn join_page(page: &JoinPage) -> String {
    let t = PublicText(page.tongue);
    let brand = &page.look.brand;
    let (content, asked) = match &page.step {
        JoinStep::Form(typed) => (form(page, typed, t), ""),
        JoinStep::Send { asked, message, number, phones, sent } => {
            (send(page, asked, message, number, phones.as_deref(), *sent, t), asked.as_str())
        }
        JoinStep::Done { asked, agreed } => (done(brand, agreed, t), asked.as_str()),
        JoinStep::Closed => (closed(brand, t), ""),
    };
    let body = view! {
        {page.look.bar(t.join_subtitle())}
        <main>
            {content}
            <footer>
                <p><a href=privacy(page)>{t.join_privacy(brand)}</a></p>
                {languages(page.tongue, &page.path, &[("asked", asked)])}
                {carried(t)}
            </footer>
        </main>
    };
    document(page.tongue, t.join_title(brand), &page.nonce, page.look.color, body)
}

fn privacy(page: &JoinPage) -> String {
    with_query(&page.privacy, &[("lang", page.tongue.code())])
}

fn form(page: &JoinPage, typed: &JoinTyped, t: PublicText) -> AnyView {
    let brand = &page.look.brand;
    let wrong = |field: &str| typed.error.filter(|(which, _)| *which == field);
    let sentence = |(field, reason): (&str, &str)| match (field, reason) {
        ("phone", "required") => t.join_phone_required(),
        ("phone" | "country", _) => t.join_phone_wrong(),
        ("purpose", _) => t.join_purpose_required(),
        _ => t.join_words_changed(),
    };
    let phone_error = wrong("phone").or(wrong("country")).map(sentence);
    let purpose_error = wrong("purpose").or(wrong("read")).map(sentence);
    let options = typed
        .countries
        .iter()
        .map(|(code, words)| {
            let chosen = *code == typed.country;
            view! { <option value=code.clone() selected=chosen>{words.clone()}</option> }
        })
        .collect_view();
    let (tracking, marketing) = join_words(page.tongue, brand);
    let boxes = [
        (Purpose::Tracking, tracking, t.join_tracking_hint()),
        (Purpose::Marketing, marketing, t.join_marketing_hint()),
    ]
    .map(|(purpose, words, hint)| {
        let ticked = typed.purposes.contains(&purpose);
        view! {
            <label>
                <input type="checkbox" name="purpose" value=purpose.word() checked=ticked/>
                <span>{words}<small>{hint}</small></span>
            </label>
        }
    })
    .collect_view();
    let notice = typed
        .expired
        .then(|| view! { <p class="done done--plain" role="status">{t.join_expired()}</p> });
    let error = |id: &'static str, words: Option<&'static str>| {
        words.map(|words| view! { <p class="wrong" id=id role="alert">{words}</p> })
    };
    let described = if phone_error.is_some() { "phone-hint phone-error" } else { "phone-hint" };
    view! {
        {notice}
        <div><h1>{t.join_heading()}</h1><p>{t.join_lead(brand)}</p></div>
        <section class="forms">
            <form method="post" action=page.path.clone()>
                <input type="hidden" name="lang" value=page.tongue.code()/>
                <input type="hidden" name="read" value=typed.mark.clone()/>
                <div class="field">
                    <label for="phone">{t.join_phone()}</label>
                    <div class="number">
                        <select name="country" aria-label=t.join_country() autocomplete="country">{options}</select>
                        <input
                            id="phone" name="phone" type="tel" inputmode="tel" autocomplete="tel" maxlength="64" required
                            value=typed.phone.clone() aria-describedby=described
                            aria-invalid=phone_error.is_some().then_some("true")
                        />
                    </div>
                    <small id="phone-hint">{t.join_phone_hint()}</small>
                    {error("phone-error", phone_error)}
                </div>
                <fieldset class="choice terms" aria-describedby=purpose_error.is_some().then_some("purpose-error")>
                    <legend>{t.join_legend(brand)}</legend>
                    {boxes}
                </fieldset>
                {error("purpose-error", purpose_error)}
                <button class="btn btn--brand" type="submit">{t.join_go()}</button>
                <p class="quiet small">{t.join_next()}</p>
            </form>
        </section>
    }
    .into_any()
}

fn send(
    page: &JoinPage,
    asked: &str,
    message: &str,
    number: &str,
    phones: Option<&str>,
    sent: bool,
    t: PublicText,
) -> AnyView {
    let brand = &page.look.brand;
    let to = format!("https://wa.me/{}", number.trim_start_matches('+'));
    let open = with_query(&to, &[("text", message)]);
    let lang = page.tongue.code();
    let again = with_query(&page.path, &[("lang", lang)]);
    let phones = phones.map(|phones| {
        view! { <p class="done done--plain">{t.join_test()}" "<a href=phones.to_owned()>{t.join_test_open()}</a></p> }
    });
    let waiting =
        sent.then(|| view! { <p class="done done--plain" role="status">{t.join_waiting()}</p> });
    view! {
        {waiting}
        <div><h1>{t.join_send_heading()}</h1><p>{t.join_send_lead(brand)}</p></div>
        <section class="forms">
            <blockquote class="sends" id="message"><p>{message.to_owned()}</p></blockquote>
            <a class="btn btn--brand" href=open rel="noreferrer">{t.join_open()}</a>
            <p class="quiet small">{t.join_by_hand(whole(number))}</p>
            {phones}
            <form method="get" action=page.path.clone()>
                <input type="hidden" name="lang" value=lang/>
                <input type="hidden" name="asked" value=asked.to_owned()/>
                <button class="btn" type="submit" name="sent" value="1">{t.join_sent()}</button>
            </form>
            <p class="quiet small">{t.join_good_for()}" "<a href=again>{t.join_again()}</a></p>
        </section>
    }
    .into_any()
}

/// A number in groups that stay on one line.
fn whole(number: &str) -> String {
    dispatch::phone::grouped(number).replace(' ', "\u{a0}")
}

fn done(brand: &str, agreed: &[Agreed], t: PublicText) -> AnyView {
    let words = agreed.iter().map(|each| view! { <li>{each.text.clone()}</li> }).collect_view();
    view! {
        <div class="done" role="status">
            <h1>{t.join_done_heading()}</h1>
            <p>{t.join_done_lead(brand)}</p>
        </div>
        <section><h2>{t.join_done_agreed()}</h2><ul class="rows">{words}</ul></section>
        <p>{t.join_done_stop()}</p>
    }
    .into_any()
}

fn closed(brand: &str, t: PublicText) -> AnyView {
    view! { <div><h1>{t.join_closed_heading()}</h1><p>{t.join_closed_lead(brand)}</p></div> }
        .into_any()
}
