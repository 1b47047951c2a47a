//! The document around every page.

use crate::App;
use crate::request::Preferences;
use crate::route::{self, Bundle};
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
    let bundle =
        use_context::<http::request::Parts>().and_then(|parts| route::bundle(parts.uri.path()));
    let scripts = bundle.map(|bundle| {
        let options = bundled(&options, bundle);
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

/// The options that name a bundle's files: each has hashes of its own beside those of the style. The
/// developer's loop builds one bundle of all islands, without hashes.
fn bundled(options: &LeptosOptions, bundle: Bundle) -> LeptosOptions {
    let mut options = options.clone();
    if options.hash_files {
        let folder = options.hash_file.strip_suffix("hash.txt").unwrap_or_default();
        options.hash_file = format!("{folder}{}.hash.txt", bundle.name()).into();
        options.output_name = bundle.name().into();
    }
    options
}
