//! What stands around every page: rail, top bar, bottom bar on phones, notices; and the door for
//! pages without an account.

use super::Ask;
use crate::form::{self, DONE};
use crate::request::Theme;
use crate::route;
use crate::text::{Lang, Text, after_colon, number};
use crate::ui::{self, Icon, Tone, art, icon};
use dispatch::brand::BrandState;
use dispatch::tenant::Permission;
use dispatch::view::BrandView;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::Title;

/// What menus need of a script.
const MENUS: &str = include_str!("menus.js");

/// Which entry of the rail a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// What needs attention.
    Overview,
    /// The matrix.
    Tracking,
    /// What messages say.
    Templates,
    /// The log.
    Messages,
    /// Who may be written to.
    Consent,
    /// Event sources.
    Connections,
    /// Usage and invoices.
    Billing,
    /// Everything else.
    Settings,
    /// None of them.
    None,
}

impl Entry {
    const RAIL: [Self; 6] = [
        Self::Overview,
        Self::Tracking,
        Self::Templates,
        Self::Messages,
        Self::Consent,
        Self::Billing,
    ];
    const RAIL_END: [Self; 2] = [Self::Connections, Self::Settings];
    const DOCK: [Self; 4] = [Self::Overview, Self::Tracking, Self::Messages, Self::Billing];

    const fn path(self) -> &'static str {
        match self {
            Self::Overview | Self::None => route::OVERVIEW,
            Self::Tracking => route::TRACKING,
            Self::Templates => route::TEMPLATES,
            Self::Messages => route::MESSAGES,
            Self::Consent => route::CONSENT,
            Self::Connections => route::CONNECTIONS,
            Self::Billing => route::BILLING,
            Self::Settings => route::SETTINGS,
        }
    }

    /// The way there. From a brand's own page it leads to what is that brand's, not to what was looked at before.
    fn href(self, ask: &Ask) -> String {
        let of_brand = matches!(
            self,
            Self::Overview | Self::Tracking | Self::Templates | Self::Messages | Self::Consent
        );
        let brand = ask.brand_of_path().filter(|_| of_brand);
        let brand = brand.map(|id| id.to_string()).unwrap_or_default();
        route::with_query(self.path(), &[("brand", &brand)])
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Overview | Self::None => Icon::Overview,
            Self::Tracking => Icon::Route,
            Self::Templates => Icon::Template,
            Self::Messages => Icon::Message,
            Self::Consent => Icon::Consent,
            Self::Connections => Icon::Plug,
            Self::Billing => Icon::Billing,
            Self::Settings => Icon::Settings,
        }
    }

    /// Whether the viewer may read it: a link to what answers 403 helps nobody.
    fn is_open(self, ask: &Ask) -> bool {
        self != Self::Billing || ask.desk.may(Permission::ReadBilling)
    }

    fn name(self, t: Text) -> &'static str {
        match self {
            Self::Overview | Self::None => t.frame_overview(),
            Self::Tracking => t.frame_tracking(),
            Self::Templates => t.frame_templates(),
            Self::Messages => t.frame_messages(),
            Self::Consent => t.frame_consent(),
            Self::Connections => t.frame_connections(),
            Self::Billing => t.frame_billing(),
            Self::Settings => t.frame_settings(),
        }
    }
}

/// A page ready to be shown.
pub struct Screen {
    title: String,
    around: Around,
    body: AnyView,
    offer: Option<AnyView>,
}

enum Around {
    Frame(Entry),
    Door,
    PlainDoor,
    Notice,
}

impl Screen {
    /// A page of the signed-in product. The body usually is one `<div class="page">`.
    pub fn framed(title: impl Into<String>, entry: Entry, body: impl IntoView + 'static) -> Self {
        Self {
            title: title.into(),
            around: Around::Frame(entry),
            body: body.into_any(),
            offer: None,
        }
    }

    /// A page before signing in: form left, picture right.
    pub fn door(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self { title: title.into(), around: Around::Door, body: body.into_any(), offer: None }
    }

    /// The same for a page that says itself what is wrong: without the list of a refused form's errors.
    pub fn plain_door(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self { around: Around::PlainDoor, ..Self::door(title, body) }
    }

    /// A page that says what became of a form: the door without what would lead away from it.
    pub fn notice(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self { title: title.into(), around: Around::Notice, body: body.into_any(), offer: None }
    }

    /// What can still be done about what was just done; stands beside the notice that tells it.
    #[must_use]
    pub fn offering(self, offer: Option<AnyView>) -> Self {
        Self { offer, ..self }
    }

    /// The page with all that stands around it.
    pub(super) fn render(self, ask: &Ask) -> AnyView {
        match self.around {
            Around::Frame(entry) => framed(&self.title, entry, ask, self.body, self.offer),
            Around::Door => {
                let body = view! { {notices(ask, None)} {self.body} };
                door(&self.title, ask, body.into_any(), Some(languages(ask)))
            }
            Around::PlainDoor => door(&self.title, ask, self.body, Some(languages(ask))),
            Around::Notice => door(&self.title, ask, self.body, None),
        }
    }
}

fn framed(title: &str, entry: Entry, ask: &Ask, body: AnyView, offer: Option<AnyView>) -> AnyView {
    let t = ask.t;
    let brand = ask.brand().map(|brand| format!(" - {}", brand.name)).unwrap_or_default();
    view! {
        <Title text=format!("{title}{brand} - {}", t.product())/>
        <div class="app">
            <a class="skip" href="#main">{t.skip_to_content()}</a>
            {rail(entry, ask)}
            {topbar(ask)}
            <main class="main" id="main">
                {notices(ask, offer)}
                {body}
            </main>
            {dock(entry, ask)}
            <script type="module" nonce=use_nonce() inner_html=MENUS></script>
        </div>
    }
    .into_any()
}

fn rail(entry: Entry, ask: &Ask) -> AnyView {
    let t = ask.t;
    let link = |to: Entry| {
        let current = (to == entry).then_some("page");
        view! {
            <li>
                <a href=to.href(ask) aria-current=current title=to.name(t)>
                    {icon(to.icon())}
                    <span>{to.name(t)}</span>
                </a>
            </li>
        }
    };
    let open = |entries: &'static [Entry]| entries.iter().copied().filter(|to| to.is_open(ask));
    view! {
        <nav class="rail" aria-label=t.frame_main()>
            <a class="rail__home" href=route::OVERVIEW aria-label=t.frame_home()>
                {art::glyph()}
                {art::wordmark()}
            </a>
            <ul>{open(&Entry::RAIL).map(link).collect_view()}</ul>
            <ul class="rail__end">{Entry::RAIL_END.map(link).collect_view()}</ul>
        </nav>
    }
    .into_any()
}

/// The bar of five at the bottom of a phone.
fn dock(entry: Entry, ask: &Ask) -> AnyView {
    let t = ask.t;
    let more = !Entry::DOCK.contains(&entry);
    let link = |to: Entry| {
        let current = (to == entry).then_some("page");
        let name = match to {
            Entry::Overview => t.frame_overview_short(),
            Entry::Tracking => t.frame_tracking_short(),
            _ => to.name(t),
        };
        view! { <a href=to.href(ask) aria-current=current>{icon(to.icon())}<span>{name}</span></a> }
    };
    let open = |entries: &'static [Entry]| entries.iter().copied().filter(|to| to.is_open(ask));
    view! {
        <nav class="dock only-narrow" aria-label=t.frame_main_short()>
            {open(&Entry::DOCK).map(link).collect_view()}
            <a href=route::SETTINGS aria-current=more.then_some("page")>
                {icon(Icon::More)}
                <span>{t.frame_more()}</span>
            </a>
        </nav>
    }
    .into_any()
}

fn topbar(ask: &Ask) -> AnyView {
    let t = ask.t;
    view! {
        <header class="topbar">
            {account_menu(ask)}
            {brand_menu(ask)}
            <form class="find" role="search" action=route::MESSAGES method="get">
                {icon(Icon::Search)}
                <label class="sr" for="find">{t.frame_search()}</label>
                <input id="find" name="q" type="search" placeholder=t.frame_search_hint() autocomplete="off"/>
            </form>
            {person_menu(ask)}
        </header>
    }
    .into_any()
}

/// The account: a link to its settings, or a menu for whoever belongs to several.
fn account_menu(ask: &Ask) -> Option<AnyView> {
    let guest = ask.desk.guest.as_ref()?;
    let name = guest.account.name.clone();
    let crumb = if guest.memberships.len() < 2 {
        view! { <a class="crumb crumb--account" href=route::ACCOUNT>{name}</a> }.into_any()
    } else {
        let items = guest
            .memberships
            .iter()
            .map(|membership| {
                let current = (membership.account == guest.account.id).then_some("true");
                view! {
                    <li>
                        <button
                            class="menu__item"
                            type="submit"
                            name="account"
                            value=membership.account.to_string()
                            aria-current=current
                        >
                            {membership.name.clone()}
                        </button>
                    </li>
                }
            })
            .collect_view();
        view! {
            <details class="menu crumb--account" name="topbar">
                <summary class="crumb" aria-label=ask.t.frame_account_is(&name)>
                    {name.clone()}{icon(Icon::Down)}
                </summary>
                <form class="menu__box" method="post" action=route::OPEN_ACCOUNT>
                    <input type="hidden" name="back" value=route::OVERVIEW/>
                    <ul>{items}</ul>
                </form>
            </details>
        }
        .into_any()
    };
    Some(view! { {crumb} <span class="crumb__sep" aria-hidden="true">"/"</span> }.into_any())
}

/// The brand switcher: a menu of plain links that keep the page and change the brand.
fn brand_menu(ask: &Ask) -> Option<AnyView> {
    let t = ask.t;
    let guest = ask.desk.guest.as_ref()?;
    let current = ask.brand()?.clone();
    let path = ask.path.clone();
    // A detail page belongs to one brand; switching leads to the list it came from.
    let base = ["/messages", "/connections", "/billing", "/consent"]
        .into_iter()
        .find(|list| path.starts_with(list))
        .map_or(path.clone(), str::to_owned);
    let items = guest
        .brands
        .iter()
        .filter(|brand| brand.state == BrandState::Active || brand.id == current.id)
        .map(|brand| {
            let current = (brand.id == current.id).then_some("true");
            view! {
                <li>
                    <a href=route::with_query(&base, &[("brand", &brand.id.to_string())]) aria-current=current>
                        {brand_logo(brand)}
                        <span class="two"><b>{brand.name.clone()}</b><small>{sender_name(t, brand)}</small></span>
                    </a>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <details class="menu" name="topbar">
                <summary class="crumb" aria-label=t.frame_brand_is(&current.name)>
                    {brand_logo(&current)}
                    <b>{current.name.clone()}</b>
                    <small class="only-wide">{sender_name(t, &current)}</small>
                    {icon(Icon::Down)}
                </summary>
                <div class="menu__box">
                    <ul>{items}</ul>
                    <ul class="menu__end">
                        <li><a href=route::BRANDS>{icon(Icon::Settings)}{t.frame_brands()}</a></li>
                    </ul>
                </div>
            </details>
        }
        .into_any(),
    )
}

/// The number a brand's messages leave from, in words.
fn sender_name(t: Text, brand: &BrandView) -> String {
    match &brand.sender {
        Some(sender) if sender.sandbox => t.frame_sandbox_number().to_owned(),
        Some(sender) => sender.display_number.clone(),
        None => t.frame_no_number().to_owned(),
    }
}

/// A brand's letter on one of a few quiet grounds, always the same one for a name.
pub fn brand_logo(brand: &BrandView) -> AnyView {
    if let Some(logo) = &brand.logo {
        return view! { <img class="logo logo--own" src=route::logo(logo) alt="" width="24" height="24"/> }
            .into_any();
    }
    let name = brand.name.as_str();
    let letter: String =
        name.chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let class = format!("logo {}", ui::phone::ground(name));
    view! { <span class=class aria-hidden="true">{letter}</span> }.into_any()
}

fn person_menu(ask: &Ask) -> AnyView {
    let t = ask.t;
    let person = ask.desk.guest.as_ref().map(|guest| guest.user.clone());
    let initials: String = person
        .as_ref()
        .map(|person| person.name.clone())
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    let leave = person.is_some().then(|| {
        view! {
            <form class="menu__end" method="post" action=route::SIGN_OUT>
                <button class="menu__item" type="submit">{icon(Icon::Out)}{t.frame_sign_out()}</button>
            </form>
        }
    });
    let who = person.map(|person| {
        view! {
            <p class="menu__who two"><b>{person.name}</b><small>{person.email}</small></p>
            <ul>
                <li><a href=route::SESSIONS>{icon(Icon::Lock)}{t.frame_sessions()}</a></li>
                <li><a href=route::MEMBERS>{icon(Icon::User)}{t.frame_members()}</a></li>
            </ul>
        }
    });
    view! {
        <details class="menu menu--end" name="topbar">
            <summary class="iconbtn" aria-label=t.frame_your_account()>
                <span class="avatar" aria-hidden="true">
                    {if initials.is_empty() { icon(Icon::User).into_any() } else { initials.into_any() }}
                </span>
            </summary>
            <div class="menu__box">
                {who}
                {choosers(ask)}
                {leave}
            </div>
        </details>
    }
    .into_any()
}

/// Language and theme as plain buttons; the page comes back in the new one.
fn choosers(ask: &Ask) -> AnyView {
    let t = ask.t;
    let theme_name = move |theme: Theme| match theme {
        Theme::Device => t.frame_theme_device(),
        Theme::Light => t.frame_theme_light(),
        Theme::Dark => t.frame_theme_dark(),
    };
    let (lang, theme) = (ask.preferences.lang, ask.preferences.theme);
    view! {
        <form class="menu__form" method="post" action=route::PREFERENCES>
            <input type="hidden" name="back" value=ask.address()/>
            <fieldset>
                <legend>{t.frame_language()}</legend>
                <div class="seg">
                    {Lang::ALL
                        .map(|each| {
                            let current = (each == lang).then_some("true");
                            view! {
                                <button type="submit" name="lang" value=each.code() lang=each.code() aria-current=current>
                                    {each.name()}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </fieldset>
            <fieldset>
                <legend>{t.frame_theme()}</legend>
                <div class="seg">
                    {Theme::ALL
                        .map(|each| {
                            let current = (each == theme).then_some("true");
                            view! {
                                <button type="submit" name="theme" value=each.code() aria-current=current>
                                    {theme_name(each)}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </fieldset>
        </form>
    }
    .into_any()
}

/// What a redirect says was done, or what a refused form needs; above the page.
fn notices(ask: &Ask, offer: Option<AnyView>) -> AnyView {
    let t = ask.t;
    let wrong = ask.form.is_refused().then(|| {
        let count = ask.form.errors.len();
        let labels: form::Labels = use_context().unwrap_or_default();
        let list = ask
            .form
            .errors
            .iter()
            .map(|(field, code)| {
                let words = form::sentence(t, code);
                let label = labels.of(field);
                let line = match label {
                    _ if field.is_empty() => words.into_any(),
                    None => view! { <a href=format!("#{field}")>{words}</a> }.into_any(),
                    Some(label) => {
                        let words = t.form_field_says(label, after_colon(words));
                        view! { <a href=format!("#{field}")>{words}</a> }.into_any()
                    }
                };
                view! { <li>{line}</li> }
            })
            .collect_view();
        let content = view! { <h2>{t.form_problem(count)}</h2><ul>{list}</ul> };
        view! { <div class="notices" role="alert">{ui::note_with(Tone::Bad, content)}</div> }
    });
    let done =
        (!ask.form.is_refused()).then(|| form::done(t, &ask.query(DONE))).flatten().map(|words| {
            let content = view! { <div class="spread"><span>{words}</span>{offer}</div> };
            view! { <div class="notices" role="status">{ui::note_with(Tone::Good, content)}</div> }
        });
    (wrong, done).into_any()
}

fn door(title: &str, ask: &Ask, body: AnyView, foot: Option<AnyView>) -> AnyView {
    let t = ask.t;
    view! {
        <Title text=format!("{title} - {}", t.product())/>
        <main class="door" id="main">
            <div class="door__form">
                <a class="door__home" href=route::HOME aria-label=t.product()>{art::glyph()}{art::wordmark()}</a>
                <div class="door__in">{body}</div>
                {foot}
            </div>
            <div class="door__art">{art::envelope()}<p>{t.frame_promise()}</p></div>
        </main>
    }
    .into_any()
}

/// The languages as plain words below a door; the page comes back in the new one.
fn languages(ask: &Ask) -> AnyView {
    let lang = ask.lang;
    view! {
        <form class="door__foot" method="post" action=route::PREFERENCES>
            <input type="hidden" name="back" value=ask.address()/>
            {Lang::ALL
                .map(|each| {
                    let current = (each == lang).then_some("true");
                    view! {
                        <button class="link" type="submit" name="lang" value=each.code() lang=each.code() aria-current=current>
                            {each.name()}
                        </button>
                    }
                })
                .collect_view()}
        </form>
    }
    .into_any()
}

/// `3 of 7` in words, for meters that stand beside them.
#[must_use]
pub fn share(t: Text, part: i64, of: i64) -> String {
    t.frame_share(number::whole(t.lang(), part), number::whole(t.lang(), of))
}
