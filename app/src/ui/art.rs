//! The few drawings: the sign, the word beside it, and the pictures of empty places.

use leptos::prelude::*;

/// The yellow sign with the stencilled F.
pub fn glyph() -> AnyView {
    view! {
        <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
            <rect width="24" height="24" rx="6" fill="#f9c520"/>
            <path fill="#15171c" d="M5.5 5.5h13v3.2h-13zM5.5 10.7h10v3.2H8.9v5.1H5.5z"/>
        </svg>
    }
    .into_any()
}

/// The name, drawn in one line width.
pub fn wordmark() -> AnyView {
    view! {
        <svg class="wordmark" viewBox="0 0 76 22" aria-hidden="true">
            <path d="M2.100 18.400V3.900H10.600M2.100 10.900H9.200M22.300 8.100V18.400M22.300 13.250A4.300 4.300 0 1 1 13.700 13.250A4.300 4.300 0 1 1 22.300 13.250M34.100 10.200A4.300 4.300 0 1 0 34.100 16.300M39.200 4.900V14.700Q39.200 17.400 42 17.400H43.100M36.700 9.150H43M45.700 13.100H54.300A4.300 4.300 0 1 0 52.900 16.400M57.700 8.100V13.600A3.850 3.850 0 0 0 65.400 13.600V8.100M65.400 13.600V18.400M69.600 8.100V18.400M69.600 13.100Q69.600 9.150 74 9.150"/>
        </svg>
    }
    .into_any()
}

/// What an empty place shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// Nothing yet: a letterbox.
    Letterbox,
    /// Nothing found: an envelope under a glass.
    Glass,
    /// Good news: an envelope in flight.
    Flight,
}

/// The picture of an empty place.
pub fn picture(which: Picture) -> AnyView {
    let shapes = match which {
        Picture::Letterbox => {
            r#"<path d="M30 52V20a14 14 0 0 1 28 0v32M24 52h40"/><path d="M36 24h16" stroke-width="3"/><path d="M36 34h16v9H36z"/>"#
        }
        Picture::Glass => {
            r#"<rect x="14" y="14" width="44" height="30" rx="3"/><path d="m15 16 21 16 21-16"/><circle class="art__glass" cx="60" cy="38" r="10"/><path d="m67.5 45.5 6.5 6.5"/>"#
        }
        Picture::Flight => {
            r#"<rect x="20" y="10" width="56" height="38" rx="3"/><path d="m21 12 27 21 27-21"/><path d="M4 20h10M8 29h6M2 38h12" stroke-dasharray="1 4"/>"#
        }
    };
    view! {
        <svg
            class="art"
            width="88"
            height="60"
            viewBox="0 0 88 60"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linejoin="round"
            stroke-linecap="round"
            aria-hidden="true"
            inner_html=shapes
        ></svg>
    }
    .into_any()
}

/// The picture on the doors: a letter, its stamp, and the ways it may take.
pub fn envelope() -> AnyView {
    view! { <div class="envelope" inner_html=ENVELOPE></div> }.into_any()
}

/// Colours come from the style sheet by class; the stamp is paper and ink in both themes.
const ENVELOPE: &str = include_str!("envelope.svg");
