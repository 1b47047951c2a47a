//! What the other channels of the chain came to: who stands in, and who was passed over.

use super::case::Place;
use crate::page::Ask;
use crate::text::{reason, status, time};
use dispatch::decision::{OtherChannel, RuleResult, Verdict};
use dispatch::view::CaseView;
use leptos::prelude::*;
use std::time::Duration;

/// The section; nothing where the news has one channel only.
pub(super) fn others(ask: &Ask, case: &CaseView, place: &Place) -> Option<AnyView> {
    if case.others.is_empty() {
        return None;
    }
    let t = ask.t;
    let rows = case.others.iter().map(|other| {
        view! {
            <dt>{status::channel(t, other.decision.channel)}</dt>
            <dd>{words(ask, case, other)}</dd>
        }
    });
    Some(
        view! {
            <section>
                {place.heading(t.case_others())}
                <dl class="facts case__facts">{rows.collect_view()}</dl>
            </section>
        }
        .into_any(),
    )
}

fn words(ask: &Ask, case: &CaseView, other: &OtherChannel) -> String {
    let t = ask.t;
    let decision = &other.decision;
    if decision.verdict != Verdict::Skip {
        let tried = case.message.iter().flat_map(|message| &message.attempts);
        if tried.into_iter().any(|attempt| attempt.channel == decision.channel) {
            return t.case_other_stood_in().to_owned();
        }
        return match other.after {
            Some(minutes) => {
                let time = Duration::from_secs(u64::from(minutes) * 60);
                t.case_other_stands_in(time::duration(ask.lang, time))
            }
            None => t.case_other_on_failure().to_owned(),
        };
    }
    let against = decision.rules.iter().find(|rule| rule.result == RuleResult::Stopped);
    let why = against.and_then(|rule| reason::sentence(t, &ask.zone, rule)).unwrap_or_default();
    format!("{} {why}", t.case_other_passed())
}
