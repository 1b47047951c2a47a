//! Settings: the hub, and one page each for brands, account, members, keys and sessions.

mod account;
mod brand;
mod keys;
mod members;
mod plan;
mod sessions;

pub use account::account;
pub use brand::{brand, brands, new_brand};
pub use keys::keys;
pub use members::members;
pub use sessions::sessions;

use super::{Ask, Entry, Problem, Screen};
use crate::backend::HandoverKind;
use crate::form::ACT;
use crate::route;
use crate::text::Text;
use crate::ui::{self, Icon, Tone, icon};
use dispatch::plan::Plan;
use dispatch::tenant::{Permission, Role};
use leptos::prelude::*;

/// All settings; on phones also what the bottom bar has no room for.
pub async fn hub(ask: Ask) -> Result<Screen, Problem> {
    ask.guest()?;
    let t = ask.t;
    let entry = |href: &'static str, picture: Icon, name: &'static str, words: &'static str| {
        view! {
            <li>
                <a href=href>
                    {icon(picture)}
                    <span class="two grow"><b>{name}</b><small>{words}</small></span>
                    {icon(Icon::Right)}
                </a>
            </li>
        }
        .into_any()
    };
    let keys = ask
        .desk
        .may(Permission::ManageKeys)
        .then(|| entry(route::KEYS, Icon::Key, t.settings_keys(), t.settings_keys_words()));
    let body = view! {
        <div class="page page--measure">
            {ui::page_head(t.settings_title(), "", ())}
            <nav class="only-narrow hub__more" aria-label=t.frame_more()>
                <ul class="list">
                    {entry(route::TEMPLATES, Icon::Template, t.frame_templates(), t.settings_templates_words())}
                    {entry(route::CONSENT, Icon::Consent, t.frame_consent(), t.settings_consent_words())}
                    {entry(route::CONNECTIONS, Icon::Plug, t.frame_connections(), t.settings_connections_words())}
                </ul>
            </nav>
            <nav aria-label=t.settings_title()>
                <ul class="list">
                    {entry(route::BRANDS, Icon::Brand, t.settings_brands(), t.settings_brands_words())}
                    {entry(route::ACCOUNT, Icon::Settings, t.settings_account(), t.settings_account_words())}
                    {entry(route::MEMBERS, Icon::User, t.settings_members(), t.settings_members_words())}
                    {keys}
                    {entry(route::SESSIONS, Icon::Lock, t.settings_sessions(), t.settings_sessions_words())}
                    {entry(route::STATUS, Icon::Pulse, t.pulse_title(), t.pulse_words())}
                </ul>
            </nav>
        </div>
    };
    Ok(Screen::framed(t.settings_title(), Entry::Settings, body))
}

/// A page of the settings: the way back, the title, the content in a readable measure.
fn settings_page(
    ask: &Ask,
    title: impl Into<String>,
    lead: impl Into<String>,
    acts: impl IntoView,
    content: impl IntoView + 'static,
) -> Screen {
    let title = title.into();
    let body = view! {
        <div class="page page--measure">
            {ui::back_link(route::SETTINGS, ask.t.settings_title())}
            {ui::page_head(title.clone(), lead, acts)}
            {content.into_any()}
        </div>
    };
    Screen::framed(title, Entry::Settings, body)
}

/// One of the page's forms: its fields show again what was typed into it, and only that. What was
/// typed into another would empty its boxes.
fn own_form(
    ask: &Ask,
    act: &str,
    class: &'static str,
    content: impl FnOnce() -> AnyView,
) -> AnyView {
    own_form_with(ask, act, class, false, content)
}

/// The same, perhaps with a file.
fn own_form_with(
    ask: &Ask,
    act: &str,
    class: &'static str,
    file: bool,
    content: impl FnOnce() -> AnyView,
) -> AnyView {
    provide_context(ask.form.of(act));
    let content = content();
    provide_context(ask.form.clone());
    view! {
        <form
            method="post"
            class=(!class.is_empty()).then_some(class)
            enctype=file.then_some("multipart/form-data")
        >
            <input type="hidden" name=ACT value=act.to_owned()/>
            {content}
        </form>
    }
    .into_any()
}

/// A plan's name; names are not translated.
#[must_use]
pub const fn plan_name(_: Text, plan: Plan) -> &'static str {
    match plan {
        Plan::Free => "Free",
        Plan::Lite => "Lite",
        Plan::Growth => "Growth",
        Plan::Premium => "Premium",
    }
}

/// A role's name.
#[must_use]
pub fn role_name(t: Text, role: Role) -> &'static str {
    match role {
        Role::Owner => t.role_owner(),
        Role::Admin => t.role_admin(),
        Role::Editor => t.role_editor(),
        Role::Viewer => t.role_viewer(),
    }
}

/// What was just made and is shown only now, if it is of this kind.
#[must_use]
pub fn handed_over(ask: &Ask, kind: HandoverKind, words: &'static str) -> Option<AnyView> {
    let handover = ask.desk.handover.as_ref().filter(|handover| handover.kind == kind)?;
    let content =
        view! { <p>{words}</p> <code class="code">{handover.text.expose().to_owned()}</code> };
    Some(ui::note_with(Tone::Good, content))
}
