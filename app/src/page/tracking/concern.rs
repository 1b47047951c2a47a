//! What a merchant should think about: news that costs customers, or that hardly anybody reads.

use super::Board;
use crate::page::Ask;
use crate::route;
use crate::text::{number, status};
use crate::ui::{Icon, icon};
use dispatch::brand::ChannelSettings;
use dispatch::channel::TrackingStatus;
use dispatch::reception::{Concern, Reception};
use dispatch::view::StatusReception;
use leptos::prelude::*;

/// News of this brand and channel that somebody should think about; what is off everywhere is left alone.
pub(super) fn concerns(
    received: &[StatusReception],
    settings: &ChannelSettings,
) -> Vec<(TrackingStatus, Concern, Reception)> {
    received
        .iter()
        .filter(|line| {
            settings.countries.values().any(|row| row.on && row.statuses.contains(&line.status))
        })
        .filter_map(|line| Some((line.status, line.figures.concern(line.channel)?, line.figures)))
        .collect()
}

/// Where a status's line stands on the page.
#[must_use]
pub fn anchor(status: TrackingStatus) -> String {
    format!("concern-{status}")
}

/// The card above the matrix, a line for each status.
pub(super) fn card(ask: &Ask, board: &Board) -> Option<AnyView> {
    let t = ask.t;
    if board.concerns.is_empty() {
        return None;
    }
    let brand = board.brand.id.to_string();
    let lines = board
        .concerns
        .iter()
        .map(|(each, concern, figures)| {
            let name = status::name(t, *each);
            let whole = |count: i64| number::whole(ask.lang, count);
            let delivered = whole(figures.delivered);
            let words = match concern {
                Concern::TooManyStop => t.tracking_concern_stop(whole(figures.stopped), delivered, name),
                Concern::RarelyRead => t.tracking_concern_read(whole(figures.read), delivered, name),
            };
            let texts = route::with_query(
                route::TEMPLATES,
                &[("brand", brand.as_str()), ("status", each.word())],
            );
            let texts = format!("{texts}#{each}");
            let silence = board.may_edit.then(|| {
                let href = board.link(&[("silence", each.word())]);
                view! { <a href=href>{t.tracking_concern_silence()}</a> }
            });
            view! {
                <li id=anchor(*each)>
                    {icon(Icon::Warn)}
                    <span class="grow">{words}</span>
                    <span class="row row--wrap">{silence}<a href=texts>{t.tracking_concern_texts()}</a></span>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="concerns" aria-labelledby="concerns">
                <h2 id="concerns">{t.tracking_concerns()}</h2>
                <p class="small faint">{t.tracking_concerns_words()}</p>
                <ul>{lines}</ul>
            </section>
        }
        .into_any(),
    )
}

/// The mark at a status's column that leads to its line.
pub(super) fn mark(ask: &Ask, board: &Board, each: TrackingStatus) -> Option<AnyView> {
    board.concerns.iter().find(|(of, _, _)| *of == each)?;
    let words = ask.t.tracking_concern_mark(status::name(ask.t, each));
    Some(
        view! {
            <a class="concern__mark" href=format!("#{}", anchor(each)) title=words.clone() aria-label=words>
                {icon(Icon::Warn)}
            </a>
        }
        .into_any(),
    )
}
