//! Wakes the islands of a page in the browser; everything else on a page is plain HTML.

// Islands register themselves by being linked in; without this use the linker would drop them all.
#[expect(unused_imports, reason = "linked for its exports")]
use app::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script, after the module has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
