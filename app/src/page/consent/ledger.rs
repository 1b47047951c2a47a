//! The ledger: records, newest first.

use super::{address_as_allowed, kind_name, purpose_name, source_name};
use crate::page::{Ask, Problem};
use crate::route;
use crate::text::{status, time};
use crate::ui::art::Picture;
use crate::ui::layout::Column;
use crate::ui::{self, Pager, State, state_word};
use dispatch::consent::ConsentKind;
use dispatch::view::{ConsentFilter, ConsentView};
use leptos::prelude::*;

/// Rows of a page.
const ROWS: i64 = 40;

/// The brand's ledger, paged.
pub(super) async fn ledger(ask: &Ask) -> Result<AnyView, Problem> {
    let t = ask.t;
    let filter = ConsentFilter {
        brand: ask.brand().map(|brand| brand.id),
        before: ask.query_as("cursor"),
        limit: ROWS,
        ..ConsentFilter::default()
    };
    let page = ask.desk.store.consents(ask.account()?, &filter).await?;
    if page.rows.is_empty() && filter.before.is_none() {
        return Ok(ui::empty(Picture::Letterbox, t.consent_none(), t.consent_none_words(), ()));
    }
    let link = |cursor: &str| {
        route::with_query(route::CONSENT, &[("brand", &ask.brand_id()), ("cursor", cursor)])
    };
    let next = page.rows.last().filter(|_| page.more).map(|row| link(&row.record.id.to_string()));
    let first = filter.before.is_some().then(|| link(""));
    let about = t.consent_times(ask.zone.name);
    let pager = match (first, next) {
        (None, None) => view! { <Pager about=about/> }.into_any(),
        (Some(first), None) => view! { <Pager about=about first=first/> }.into_any(),
        (None, Some(next)) => view! { <Pager about=about next=next/> }.into_any(),
        (Some(first), Some(next)) => {
            view! { <Pager about=about first=first next=next/> }.into_any()
        }
    };
    Ok(view! {
        <div class="stack">
            <h2>{t.consent_ledger()}</h2>
            {table(ask, &page.rows, true)}
            {pager}
        </div>
    }
    .into_any())
}

/// Records as a table; with the person's column or, on a person's own, without it.
pub(super) fn table(ask: &Ask, rows: &[ConsentView], with_person: bool) -> AnyView {
    let t = ask.t;
    let mut columns = vec![Column::words(t.consent_when())];
    if with_person {
        columns.push(Column::words(t.consent_who()));
    }
    columns.extend([
        Column::words(t.consent_what()),
        Column::words(t.consent_where()),
        Column::words(t.consent_from()),
        Column::words(t.consent_proof()),
    ]);
    let rows = rows.iter().map(|row| line(ask, row, with_person)).collect_view();
    ui::table("table--ledger", t.consent_ledger(), columns, rows)
}

fn line(ask: &Ask, row: &ConsentView, with_person: bool) -> AnyView {
    let t = ask.t;
    let record = &row.record;
    let (state, about) = match record.kind {
        ConsentKind::OptIn => (State::GOOD, purpose_name(t, record.purpose).to_owned()),
        ConsentKind::OptOut => (State::STOPPED, purpose_name(t, record.purpose).to_owned()),
        ConsentKind::TakenBack => (State::DRAFT, purpose_name(t, record.purpose).to_owned()),
        ConsentKind::Choice if record.silent.is_empty() => {
            (State::DRAFT, t.consent_all_news().to_owned())
        }
        ConsentKind::Choice => {
            let names: Vec<_> = record.silent.iter().map(|each| status::name(t, *each)).collect();
            (State::DRAFT, t.consent_without(names.join(", ")))
        }
    };
    let person = with_person.then(|| {
        let href = route::with_query(route::CONSENT, &[("person", &record.id.to_string())]);
        view! { <td class="nowrap ledger__who"><a href=href>{address_as_allowed(ask, &record.address)}</a></td> }
    });
    let mut from = source_name(t, record.source).to_owned();
    for more in [row.member.as_ref(), record.origin.as_ref()].into_iter().flatten() {
        from.push_str(" · ");
        from.push_str(more);
    }
    let proof: Vec<String> =
        [record.text_version.clone(), record.proof.clone()].into_iter().flatten().collect();
    let told_late = (record.recorded_at.since(record.at).as_secs() > 60).then(|| {
        view! { <small>{t.consent_recorded(time::short(ask.lang, record.recorded_at, &ask.zone))}</small> }
    });
    view! {
        <tr>
            <td class="nowrap ledger__when">
                <span class="two">
                    {ui::moment(ask.lang, record.at, &ask.zone, time::date(ask.lang, record.at, &ask.zone) + ", " + &time::clock(record.at, &ask.zone))}
                    {told_late}
                </span>
            </td>
            {person}
            <td class="ledger__what"><span class="two">{state_word(state, kind_name(t, record.kind))}<small>{about}</small></span></td>
            <td class="ledger__where">{status::channel(t, record.channel)}</td>
            <td class="ledger__from">{from}</td>
            <td class="ledger__proof">
                <span class="two"><span>{record.text.clone()}</span><small class="mono">{proof.join(" · ")}</small></span>
            </td>
        </tr>
    }
    .into_any()
}
