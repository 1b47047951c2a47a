//! The document around every page.

use crate::App;
use crate::request::Preferences;
use crate::route;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

/// Links inside the product are fetched when a finger or pointer comes near, so that a plain
/// navigation feels immediate. Signing out is not a page to look at in advance.
const PREFETCH: &str = r#"{"prefetch":[{"where":{"and":[{"href_matches":"/*"},{"not":{"href_matches":"/sign-out*"}},{"not":{"selector_matches":"[download],[rel~=external]"}}]},"eagerness":"moderate"}]}"#;

/// The HTML document of one request. Language and theme are the visitor's; the browser's code is
/// loaded only where the page has islands.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let preferences = Preferences::of_request();
    provide_context(preferences.lang);
    let wakes = use_context::<http::request::Parts>()
        .is_some_and(|parts| route::has_islands(parts.uri.path()));
    let scripts = wakes.then(|| {
        let options = options.clone();
        view! { <HydrationScripts options islands=true/> }
    });
    view! {
        <!DOCTYPE html>
        <html lang=preferences.lang.code() data-theme=preferences.theme.attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HashedStylesheet options=options id="style"/>
                <script type="speculationrules" nonce=use_nonce() inner_html=PREFETCH></script>
                {scripts}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
