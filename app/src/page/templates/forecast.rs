//! What the last 30 days would have become with the text as it stands in the form.
//!
//! A button of the form asks, and the page with everything typed is the answer. The island asks for the same page
//! beside the one that is open and takes the panel's parts out of it by their ids, so nothing of this reaches
//! the browser as code.

use super::super::{Ask, Problem};
use super::editor::{Place, Sheet};
use crate::act;
use crate::ask::Refused;
use crate::editor::Draft;
use crate::form::ACT;
use crate::island::editor::{FORECAST, FORECAST_ANSWER, FORECAST_SAID};
use crate::text::{Text, country, money, number, reason};
use dispatch::channel::TrackingStatus;
use dispatch::country::Country;
use dispatch::decision::RuleCode;
use dispatch::forecast::{CellForecast, DraftText, DryRun, Figures, Wish};
use dispatch::money::Money;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The answer to the button.
pub(super) type Counted = Result<DryRun, Refused>;

/// Whether the form was sent only to be looked at.
pub(super) fn is_asked(ask: &Ask) -> bool {
    ask.form.value(ACT) == Some(act::PREVIEW)
}

/// Counts, where the button was pressed. What stands in the way gives the page its status.
pub(super) async fn count(
    ask: &Ask,
    place: &Place<'_>,
    draft: &Draft,
) -> Result<Option<Counted>, Problem> {
    if !is_asked(ask) {
        return Ok(None);
    }
    let text = DraftText {
        status: place.status,
        language: place.language.clone(),
        category: Some(draft.category()),
        content: draft.content(),
    };
    let wish = Wish { brand: place.brand.to_string(), texts: vec![text], ..Wish::default() };
    let counted = (ask.desk.dry_runs)(ask.guest()?.viewer.clone(), wish).await;
    Ok(Some(counted.map_err(|error| Refused::from(error).told())))
}

/// The panel: what is said of the answer, the answer, and the button.
pub(super) fn panel(ask: &Ask, sheet: &Sheet) -> AnyView {
    let t = ask.t;
    let (said, answer) = match &sheet.counted {
        None => (t.editor_forecast_hint().to_owned(), ().into_any()),
        Some(Err(refused)) => (t.editor_forecast_failed(refused.words(t)), ().into_any()),
        Some(Ok(run)) => {
            let news = run.news(sheet.status);
            (sum(t, &news), answer(ask, run, &news, sheet.status))
        }
    };
    let action = [sheet.link(&sheet.language, &[]).as_str(), "#", FORECAST].concat();
    view! {
        <section class="forecast" id=FORECAST aria-labelledby="forecast-title">
            <h3 id="forecast-title">{t.editor_forecast()}</h3>
            <p class="forecast__said" role="status" id=FORECAST_SAID>{said}</p>
            <div class="forecast__answer" id=FORECAST_ANSWER>{answer}</div>
            <div>
                <button
                    class="btn btn--s"
                    type="submit"
                    name=ACT
                    value=act::PREVIEW
                    formaction=action
                    data-act="forecast"
                >
                    {t.editor_forecast_ask()}
                </button>
            </div>
        </section>
    }
    .into_any()
}

/// The difference in one sentence.
fn sum(t: Text, news: &Figures) -> String {
    let (before, after) = (&news.before, &news.after);
    let messages = after.messages - before.messages;
    if news.events == 0 {
        return t.editor_forecast_none().to_owned();
    }
    if messages == 0 {
        return t.editor_forecast_same(number::whole(t.lang(), after.messages));
    }
    let difference = number::change(t.lang(), messages);
    match (before.cost, after.cost) {
        (Some(before), Some(after)) => {
            let cost = Money::new(after.micros - before.micros, after.currency);
            t.editor_forecast_change_cost(difference, messages, money::change(t.lang(), cost))
        }
        _ => t.editor_forecast_change(difference, messages),
    }
}

/// Before and after: messages and cost, by country where there are several, and what the rules hold back.
fn answer(ask: &Ask, run: &DryRun, news: &Figures, status: TrackingStatus) -> AnyView {
    let t = ask.t;
    if news.events == 0 {
        return ().into_any();
    }
    let whole = |count: i64| number::whole(t.lang(), count);
    let (before, after) = (&news.before, &news.after);
    let cost = match (before.cost, after.cost) {
        (Some(before), Some(after)) => {
            let figure = |cost| money::figure(t.lang(), cost);
            let label = t.editor_forecast_cost(after.currency);
            Some(line(label, figure(before), figure(after)))
        }
        _ => None,
    };
    let lands: Vec<&CellForecast> = run
        .cells
        .iter()
        .filter(|cell| cell.status == status)
        .filter(|cell| cell.figures.before.messages != cell.figures.after.messages)
        .collect();
    let lands = lands
        .into_iter()
        .map(|cell| {
            let Figures { before, after, .. } = &cell.figures;
            line(land(ask, cell.country), whole(before.messages), whole(after.messages))
        })
        .collect_view();
    let held = |code: &RuleCode| {
        let count = |side: &dispatch::forecast::Side| side.held_back.get(code).copied();
        (count(before).unwrap_or(0), count(after).unwrap_or(0))
    };
    let rules: BTreeSet<RuleCode> =
        before.held_back.keys().chain(after.held_back.keys()).copied().collect();
    let (changed, either): (Vec<RuleCode>, Vec<RuleCode>) =
        rules.into_iter().partition(|code| held(code).0 != held(code).1);
    let changed = (!changed.is_empty()).then(|| {
        let lines = changed
            .iter()
            .map(|code| {
                let (before, after) = held(code);
                line(reason::rule(t, *code).to_owned(), whole(before), whole(after))
            })
            .collect_view();
        view! {
            <tr><th class="sums__group" scope="colgroup" colspan="3">{t.editor_forecast_held()}</th></tr>
            {lines}
        }
    });
    let either = (!either.is_empty()).then(|| {
        let lines = either
            .iter()
            .map(|code| {
                view! { <tr><th scope="row">{reason::rule(t, *code)}</th><td>{whole(held(code).0)}</td></tr> }
            })
            .collect_view();
        // Where nothing goes out at all, why is what one wants to know.
        let open = before.messages == 0 && after.messages == 0;
        view! {
            <details class="impact__held" open=open>
                <summary>{t.editor_forecast_either()}</summary>
                <table class="sums"><tbody>{lines}</tbody></table>
            </details>
        }
    });
    let cut = (run.of > run.events).then(|| t.ask_cut(whole(run.events), whole(run.of)));
    view! {
        <table class="sums sums--two">
            <caption class="sr">{t.editor_forecast()}</caption>
            <thead>
                <tr>
                    <td></td>
                    <th scope="col">{t.editor_forecast_stands()}</th>
                    <th scope="col">{t.editor_forecast_with()}</th>
                </tr>
            </thead>
            <tbody>
                {line(t.editor_forecast_messages().to_owned(), whole(before.messages), whole(after.messages))}
                {lands}
                {cost}
                {changed}
            </tbody>
        </table>
        {either}
        <p class="small faint">{t.editor_forecast_of(news.events)} " " {cut}</p>
    }
    .into_any()
}

fn line(label: String, before: String, after: String) -> AnyView {
    let class = (before != after).then_some("sums__new");
    view! { <tr><th scope="row">{label}</th><td>{before}</td><td class=class>{after}</td></tr> }
        .into_any()
}

fn land(ask: &Ask, code: Option<Country>) -> String {
    code.map_or_else(
        || ask.t.editor_forecast_nowhere().to_owned(),
        |code| country::name(ask.lang, code.code()),
    )
}
