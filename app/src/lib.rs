//! The screens of Facteur: pages, islands, wording.
//!
//! Pages are rendered on the server and work before any script arrives. What is interactive is an
//! island; only `island`, `ask`, `text`, `route` and what they use are compiled for the browser.
//!
//! ```text
//! route     every path            act      every form and its fields
//! form      what a refused form looked like
//! text      wording, amounts      request  language, theme and place of a request
//! ui        parts of pages        page     one file per page; frame around them
//! editor    what a template's draft is, and what stands beside it
//! island    what wakes up in the browser        ask   what islands ask the server
//! public    pages customers see
//! backend   what a page reads from
//! ```
//!
//! # To add a page
//!
//! 1. Give it a path in [`route`], and a line in the table of `pages` below.
//! 2. Write `page/<area>/<page>.rs` with one public function
//!    `pub async fn messages(ask: Ask) -> Result<Screen, Problem>`: read `ask.query` and
//!    `ask.params`, ask `ask.desk.store` for the account of `ask.guest()?`, answer `Screen::framed(title, Entry::Messages, body)`. An error of
//!    the core becomes the right status and page by `?`.
//! 3. Put its words into `locales/en/<area>.toml` and `locales/fr/<area>.toml`: the key `title` of
//!    `messages.toml` is `ask.t.messages_title()`. A key one language lacks does not compile.
//! 4. Build it of `ui` parts; what a part lacks becomes a class in `style/`. No style attributes: the
//!    content policy refuses them, and `style=` in a view is a bug.
//! 5. Its forms are `<Form act="save">` with `<Field>`s: they post to the page's own path. The server
//!    answers 303 with `?done=<code>`, or 422 with a [`form::FormState`] in context, from which fields
//!    show again what was typed and what was wrong. Pages do nothing for either.
//! 6. If it has an island, name its bundle in [`route::bundle`]; other pages ship no wasm at all.

// One page's view is a deep type; each page is erased where it is routed, but not within.
#![recursion_limit = "256"]

pub mod act;
pub mod ask;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod editor;
pub mod form;
pub mod island;
pub mod route;
pub mod text;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
pub mod public;
#[cfg(feature = "ssr")]
pub mod request;
#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "ssr")]
pub use pages::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
