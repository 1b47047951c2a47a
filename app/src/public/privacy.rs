//! What a brand does with its customers' data, in plain words.

use super::{Look, carried, document, languages};
use crate::route::with_query;
use crate::text::public::{PublicText, Tongue};
use dispatch::retention::Retention;
use dispatch::source::Source;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct PrivacyPage {
    /// In which language.
    pub tongue: Tongue,
    /// The page's own path.
    pub path: String,
    /// The brand.
    pub look: Look,
    /// The host of this server.
    pub host: String,
    /// Where news of parcels comes from.
    pub sources: Vec<Source>,
    /// Where to ask by e-mail.
    pub email: Option<String>,
    /// Where to ask on the web.
    pub web: Option<String>,
    /// The number customers may write to.
    pub whatsapp: Option<String>,
    /// The shop's own policy.
    pub policy: Option<String>,
    /// Where to sign up; none for a brand put away.
    pub join: Option<String>,
    /// How long things are kept.
    pub retention: Retention,
    /// Names the page's style for the content policy.
    pub nonce: String,
}

/// The whole page.
#[must_use]
pub fn privacy_page(page: &PrivacyPage) -> String {
    let t = PublicText(page.tongue);
    let brand = &page.look.brand;
    let part = |heading: &'static str, lines: Vec<String>| {
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! { <section><h2>{heading}</h2><ul class="lines">{lines}</ul></section> }
    };
    let own = |words: &[&'static str]| words.iter().map(|words| (*words).to_owned()).collect();
    let join = page.join.as_ref().map(|path| {
        let href = with_query(path, &[("lang", page.tongue.code())]);
        view! { <p><a href=href>{t.privacy_join()}</a></p> }
    });
    let body = view! {
        {page.look.bar(t.privacy_subtitle())}
        <main>
            <div><h1>{t.privacy_heading(brand)}</h1><p>{t.privacy_lead(brand)}</p></div>
            {part(t.privacy_kept(), own(&[
                t.privacy_kept_person(), t.privacy_kept_parcel(), t.privacy_kept_raw(), t.privacy_kept_messages(),
                t.privacy_kept_consent(),
            ]))}
            {part(t.privacy_why(), own(&[
                t.privacy_why_news(), t.privacy_why_offers(), t.privacy_why_proof(), t.privacy_why_bill(),
            ]))}
            {part(t.privacy_who(), vec![
                t.privacy_who_brand(brand),
                t.privacy_who_server(&page.host),
                t.privacy_who_meta().to_owned(),
                t.privacy_who_source(sources(page, t)),
                t.privacy_who_support().to_owned(),
                t.privacy_who_none().to_owned(),
            ])}
            {part(t.privacy_long(), vec![
                t.privacy_long_kept(brand, page.retention.deliveries_days, page.retention.messages_months),
                t.privacy_long_join().to_owned(),
            ])}
            {part(t.privacy_stop(), own(&[t.privacy_stop_words()]))}
            <section>
                <h2>{t.privacy_rights()}</h2>
                <p>{t.privacy_rights_words(brand)}</p>
                {contacts(page, t)}
            </section>
            {part(t.privacy_page(), own(&[t.privacy_page_words()]))}
            <footer>
                {join}
                <p>{t.privacy_version()}</p>
                {languages(page.tongue, &page.path, &[])}
                {carried(t)}
            </footer>
        </main>
    };
    document(page.tongue, t.privacy_title(brand), &page.nonce, page.look.color, body)
}

fn sources(page: &PrivacyPage, t: PublicText) -> String {
    let name = |source: &Source| match source {
        Source::Sendcloud => Some("Sendcloud"),
        Source::Cloudevents => Some(t.privacy_who_shop_systems()),
        // Journeys made up by the shop are about nobody, and what we find ourselves comes from no one.
        Source::Simulator | Source::Lookout => None,
    };
    let names: Vec<&str> = page.sources.iter().filter_map(name).collect();
    if names.is_empty() { t.privacy_who_shop_systems().to_owned() } else { names.join(", ") }
}

fn contacts(page: &PrivacyPage, t: PublicText) -> AnyView {
    let number = page.whatsapp.as_ref().map(|number| {
        let to = format!("https://wa.me/{}", number.trim_start_matches('+'));
        (t.privacy_whatsapp(), to, dispatch::phone::grouped(number))
    });
    let email = page
        .email
        .as_ref()
        .map(|email| (t.privacy_email(), format!("mailto:{email}"), email.clone()));
    let web = page.web.as_ref().map(|url| (t.privacy_web(), url.clone(), url.clone()));
    let policy = page.policy.as_ref().map(|url| (t.privacy_policy(), url.clone(), url.clone()));
    let all: Vec<_> = [email, number, web, policy].into_iter().flatten().collect();
    if all.is_empty() {
        return view! { <p>{t.privacy_no_contact()}</p> }.into_any();
    }
    let rows = all
        .into_iter()
        .map(|(what, href, words)| {
            view! { <li><span>{what}</span><a href=href rel="noreferrer">{words}</a></li> }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}
