//! The postmark: pressed only on what is final (delivered, paid, opted out). Decoration: the words
//! beside it say the same.

use leptos::prelude::*;

/// What is pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postmark {
    /// Along the upper edge: the brand.
    pub above: String,
    /// Along the lower edge: what is final.
    pub below: String,
    /// `20 NOV`.
    pub day: String,
    /// `14:03`.
    pub time: String,
    /// `2026`.
    pub year: String,
}

/// Names are cut where the circle is full.
const LONGEST: usize = 18;

/// A postmark. At most one per page: its text paths have fixed ids.
pub fn postmark(mark: Postmark) -> AnyView {
    let upper: String = mark.above.to_uppercase().chars().take(LONGEST).collect();
    let lower: String = mark.below.to_uppercase().chars().take(LONGEST).collect();
    view! {
        <svg class="postmark" width="142" height="92" viewBox="0 0 155 100" aria-hidden="true">
            <defs>
                <path id="postmark-above" d="M50 50m-35 0a35 35 0 1 1 70 0a35 35 0 1 1 -70 0"/>
                <path id="postmark-below" d="M9.5 50a40.5 40.5 0 0 0 81 0"/>
            </defs>
            <circle cx="50" cy="50" r="46"/>
            <circle cx="50" cy="50" r="28" stroke-width="1"/>
            <text font-size="8.6" letter-spacing="1.35">
                <textPath href="#postmark-above" startOffset="25%" text-anchor="middle">{upper}</textPath>
            </text>
            <text font-size="7.2" letter-spacing="1.6">
                <textPath href="#postmark-below" startOffset="50%" text-anchor="middle">{lower}</textPath>
            </text>
            <text x="50" y="43.5" font-size="8.5" text-anchor="middle" letter-spacing=".6">
                {mark.day.to_uppercase()}
            </text>
            <text x="50" y="54.5" font-size="10.5" text-anchor="middle" letter-spacing=".3">{mark.time}</text>
            <text x="50" y="64" font-size="8" text-anchor="middle" letter-spacing=".6">{mark.year}</text>
            <path
                d="M99 32q7-5 14 0t14 0 14 0M100 42q7-5 14 0t14 0 14 0M100 52q7-5 14 0t14 0 14 0M99 62q7-5 14 0t14 0 14 0"
                stroke-linecap="round"
            />
        </svg>
    }
    .into_any()
}
