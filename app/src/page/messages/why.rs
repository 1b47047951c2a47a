//! Why: every rule in its order, with what it saw and the setting it read.

use super::case::Place;
use super::setting;
use crate::page::Ask;
use crate::route;
use crate::text::{Text, number, reason};
use crate::ui::{self, State};
use dispatch::decision::{RuleCode, RuleOutcome, RuleResult};
use dispatch::id::MessageId;
use dispatch::source::Source;
use dispatch::view::CaseView;
use leptos::prelude::*;

/// The way to the message that tells this news, too.
fn other_message(t: Text, rule: &RuleOutcome) -> Option<AnyView> {
    let message: MessageId = rule.saw.get("message")?.parse().ok()?;
    Some(view! { " " <a href=route::message(message)>{t.case_joined_see()}</a> }.into_any())
}

/// The ordered list of rules.
pub(super) fn why(ask: &Ask, case: &CaseView, place: &Place) -> AnyView {
    let t = ask.t;
    let count = case.rules.len();
    let halted = case
        .rules
        .iter()
        .position(|rule| matches!(rule.result, RuleResult::Stopped | RuleResult::Held));
    let summary = match halted {
        Some(at) => {
            let held = case.rules.get(at).is_some_and(|rule| rule.result == RuleResult::Held);
            let at = i64::try_from(at + 1).unwrap_or(i64::MAX);
            let at = number::whole(ask.lang, at);
            if held { t.case_rules_held(count, at) } else { t.case_rules_stopped(count, at) }
        }
        None => t.case_rules_passed(count),
    };
    let rows = case
        .rules
        .iter()
        .map(|rule| {
            let (class, sign) = match rule.result {
                RuleResult::Passed => ("", State::GOOD),
                RuleResult::Held => ("hold", State::HELD),
                RuleResult::Stopped => ("halt", State::STOPPED),
                RuleResult::NotReached => ("rest", State::NONE),
            };
            let sentence = match rule {
                // No button of a shop's system, and no real parcel either.
                RuleOutcome { code: RuleCode::NotTest, result: RuleResult::Passed, .. }
                    if case.source == Source::Simulator =>
                {
                    Some(t.reason_saw_simulated().to_owned())
                }
                _ => reason::sentence(t, &ask.zone, rule),
            };
            let change = match (rule.code, case.source) {
                (RuleCode::Notifies, Source::Lookout) => setting::of_lookout(ask, case),
                (code, _) => setting::of_case(ask, case, code),
            };
            let change = change.filter(|_| sentence.is_some());
            let name = reason::rule(t, rule.code);
            let change = change.map(|href| {
                view! { " " <a href=href aria-label=format!("{}: {name}", t.change())>{t.change()}</a> }
            });
            let other = other_message(t, rule);
            let saw = sentence.map(|sentence| view! { <p>{sentence}{other}{change}</p> });
            let outcome = ui::state_word(sign, reason::result(t, rule.result));
            ui::state::rule_row(class, name, outcome, saw)
        })
        .collect_view();
    view! {
        <section>
            <div class="spread case__head">
                {place.heading(t.case_why())}
                <span class="small faint">{summary}</span>
            </div>
            <ol class="rules">{rows}</ol>
        </section>
    }
    .into_any()
}
