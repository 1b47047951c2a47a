//! Where one is signed in.

use super::settings_page;
use crate::act;
use crate::page::{Ask, Problem, Screen};
use crate::text::time;
use crate::ui::{self, Hidden, Kind, State, state_box};
use dispatch::view::SessionView;
use leptos::prelude::*;

/// All sessions of the signed-in person.
pub async fn sessions(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let user = ask.guest()?.user.id;
    let current = ask.desk.session.clone().unwrap_or_default();
    let sessions = ask.desk.store.sessions(user, &current, ask.desk.now()).await?;
    let others = sessions.iter().any(|session| !session.current);
    let rows = sessions.iter().map(|session| row(&ask, session)).collect_view();
    let content = view! {
        <div class="stack--wide">
            <ul class="list">{rows}</ul>
            {others.then(|| view! {
                {ui::form(act::END_OTHERS, "", view! {{ui::submit(Kind::Remove, t.sessions_end_others())}})}
            })}
        </div>
    };
    Ok(settings_page(&ask, t.settings_sessions(), t.settings_sessions_words(), (), content))
}

fn row(ask: &Ask, session: &SessionView) -> AnyView {
    let t = ask.t;
    let since = time::date(ask.lang, session.created_at, &ask.zone);
    let seen = time::short(ask.lang, session.seen_at, &ask.zone);
    let end = if session.current {
        state_box(State::GOOD, t.sessions_this())
    } else {
        view! {
            {ui::form(act::END, "", view! {
                <Hidden name="session" value=session.handle.clone()/>
                <button class="btn btn--s btn--quiet" type="submit" aria-label=t.sessions_end_named(browser(&session.agent))>
                    {t.sessions_end()}
                </button>
            })}
        }
        .into_any()
    };
    view! {
        <li>
            <span class="two grow">
                <b>{browser(&session.agent)}</b>
                <small>{t.sessions_times(since, seen, ask.zone.name)}</small>
            </span>
            {end}
        </li>
    }
    .into_any()
}

/// A browser's user agent in two words; the whole text when nothing in it is known.
fn browser(agent: &str) -> String {
    let find = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let name = find(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => format!("{name}, {system}"),
        (Some(name), None) => name.to_owned(),
        _ => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn agents_are_named_in_two_words() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome, Linux");
        assert_eq!(browser("curl/8.5"), "curl/8.5");
    }
}
