//! Flags of the countries most parcels go to; two letters for the rest. Never without the name.

use leptos::prelude::*;

/// Three stripes, from the top or from the left.
enum Bands {
    Across([&'static str; 3]),
    Down([&'static str; 3]),
}

const RED: &str = "#d5283a";
const BLUE: &str = "#1f3a83";
const WHITE: &str = "#ffffff";
const BLACK: &str = "#1b1b1b";
const GOLD: &str = "#f3d13c";
const GREEN: &str = "#1b8a4b";

fn bands(code: &str) -> Option<Bands> {
    use Bands::{Across, Down};
    Some(match code {
        "FR" | "RE" | "GP" | "MQ" | "GF" | "YT" => Down([BLUE, WHITE, RED]),
        "BE" => Down([BLACK, GOLD, RED]),
        "IT" => Down([GREEN, WHITE, RED]),
        "IE" => Down([GREEN, WHITE, "#f08a3c"]),
        "RO" => Down([BLUE, GOLD, RED]),
        "DE" => Across([BLACK, RED, "#f5c92e"]),
        "NL" => Across(["#b3262f", WHITE, "#24478f"]),
        "LU" => Across([RED, WHITE, "#4aa3dc"]),
        "ES" => Across(["#b8242f", "#f2c12e", "#b8242f"]),
        "AT" => Across([RED, WHITE, RED]),
        "HU" => Across([RED, WHITE, GREEN]),
        "BG" => Across([WHITE, GREEN, RED]),
        "LT" => Across([GOLD, GREEN, RED]),
        "LV" => Across(["#8e2f3d", WHITE, "#8e2f3d"]),
        "EE" => Across(["#3f7fd0", BLACK, WHITE]),
        "PL" => Across([WHITE, WHITE, RED]),
        "MC" => Across([RED, RED, WHITE]),
        "UA" => Across(["#2f6bc4", "#2f6bc4", GOLD]),
        _ => return None,
    })
}

/// A small flag, or the two letters in a chip. Decoration: the country's name stands beside it.
pub fn flag(code: &str) -> AnyView {
    let cross = |ground: &'static str, edge: &'static str, arm: &'static str| {
        view! {
            <svg class="flag" viewBox="0 0 20 14" aria-hidden="true">
                <path fill=ground d="M0 0h20v14H0z"/>
                <path fill=edge d="M5 0h4v14H5zM0 5h20v4H0z"/>
                <path fill=arm d="M6 0h2v14H6zM0 6h20v2H0z"/>
            </svg>
        }
        .into_any()
    };
    match code {
        "SE" => return cross("#2c5f9e", GOLD, GOLD),
        "DK" => return cross(RED, WHITE, WHITE),
        "FI" => return cross(WHITE, BLUE, BLUE),
        "NO" => return cross(RED, WHITE, BLUE),
        "CH" => {
            return view! {
                <svg class="flag" viewBox="0 0 20 14" aria-hidden="true">
                    <path fill=RED d="M0 0h20v14H0z"/>
                    <path fill=WHITE d="M8.6 2.8h2.8v8.4H8.6zM5.8 5.6h8.4v2.8H5.8z"/>
                </svg>
            }
            .into_any();
        }
        "PT" => {
            return view! {
                <svg class="flag" viewBox="0 0 20 14" aria-hidden="true">
                    <path fill=RED d="M0 0h20v14H0z"/>
                    <path fill=GREEN d="M0 0h8v14H0z"/>
                    <circle fill=GOLD cx="8" cy="7" r="2.6"/>
                </svg>
            }
            .into_any();
        }
        "GB" => {
            return view! {
                <svg class="flag" viewBox="0 0 20 14" aria-hidden="true">
                    <path fill=BLUE d="M0 0h20v14H0z"/>
                    <path stroke=WHITE stroke-width="2.6" d="M0 0l20 14M20 0 0 14"/>
                    <path stroke=RED stroke-width="1" d="M0 0l20 14M20 0 0 14"/>
                    <path fill=WHITE d="M7.6 0h4.8v14H7.6zM0 4.6h20v4.8H0z"/>
                    <path fill=RED d="M8.6 0h2.8v14H8.6zM0 5.6h20v2.8H0z"/>
                </svg>
            }
            .into_any();
        }
        _ => {}
    }
    match bands(code) {
        Some(Bands::Across([top, middle, bottom])) => view! {
            <svg class="flag" viewBox="0 0 20 14" aria-hidden="true">
                <path fill=middle d="M0 0h20v14H0z"/>
                <path fill=top d="M0 0h20v4.7H0z"/>
                <path fill=bottom d="M0 9.3h20V14H0z"/>
            </svg>
        }
        .into_any(),
        Some(Bands::Down([left, middle, right])) => view! {
            <svg class="flag" viewBox="0 0 20 14" aria-hidden="true">
                <path fill=middle d="M0 0h20v14H0z"/>
                <path fill=left d="M0 0h6.7v14H0z"/>
                <path fill=right d="M13.3 0H20v14h-6.7z"/>
            </svg>
        }
        .into_any(),
        None => view! { <span class="flag flag--code" aria-hidden="true">{code.to_owned()}</span> }
            .into_any(),
    }
    .into_any()
}
