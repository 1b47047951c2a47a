//! One person: where they stand with each brand, and everything they said, with its proof.

use super::{address_as_allowed, kind_name, ledger, purpose_name};
use crate::page::{Ask, Problem};
use crate::route;
use crate::text::{status, time};
use crate::ui::{State, state_word};
use dispatch::consent::{ConsentKind, Position};
use dispatch::view::{BrandView, ConsentFilter};
use leptos::prelude::*;

/// Records on a person's page: more than anybody has said.
const HISTORY: i64 = 200;

/// Several people of one order; each leads to their own page where there is a record to lead by.
pub(super) async fn people(ask: &Ask, addresses: &[String]) -> Result<AnyView, Problem> {
    let t = ask.t;
    let mut rows = Vec::new();
    for address in addresses {
        let filter =
            ConsentFilter { address: Some(address.clone()), limit: 1, ..ConsentFilter::default() };
        let last = ask.desk.store.consents(ask.account()?, &filter).await?.rows.into_iter().next();
        let name = address_as_allowed(ask, address);
        rows.push(match last {
            Some(last) => {
                let id = last.record.id.to_string();
                let href = route::with_query(route::CONSENT, &[("person", &id)]);
                let said = kind_name(t, last.record.kind);
                view! { <li><a href=href><span class="two grow"><b>{name}</b><small>{said}</small></span></a></li> }
                    .into_any()
            }
            None => view! {
                <li><span class="two grow"><b>{name}</b><small>{t.consent_said_nothing()}</small></span></li>
            }
            .into_any(),
        });
    }
    Ok(view! {
        <section class="stack" aria-labelledby="people">
            <h2 id="people">{t.consent_people_of(ask.query("q"))}</h2>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any())
}

/// One person.
pub(super) async fn person(ask: &Ask, address: &str) -> Result<AnyView, Problem> {
    let t = ask.t;
    let (account, store) = (ask.account()?, &ask.desk.store);
    let filter = ConsentFilter {
        address: Some(address.to_owned()),
        limit: HISTORY,
        ..ConsentFilter::default()
    };
    let history = store.consents(account, &filter).await?.rows;
    let mut stands = Vec::new();
    for brand in &ask.guest()?.brands {
        let position = store.position(account, brand.id, address).await?;
        if position != Position::default() {
            stands.push(standing(ask, brand, &position));
        }
    }
    let standing = if stands.is_empty() {
        view! { <p class="muted">{t.consent_said_nothing()}</p> }.into_any()
    } else {
        view! { <dl class="facts">{stands}</dl> }.into_any()
    };
    let history = (!history.is_empty()).then(|| {
        view! {
            <h3>{t.consent_history()}</h3>
            {ledger::table(ask, &history, false)}
            <p class="small faint">{t.consent_times(ask.zone.name)}</p>
        }
    });
    Ok(view! {
        <section class="stack" aria-labelledby="person">
            <p class="consent__back"><a href=route::CONSENT>{t.consent_all_records()}</a></p>
            <h2 id="person">{address_as_allowed(ask, address)}</h2>
            {standing}
            {history}
        </section>
    }
    .into_any())
}

fn standing(ask: &Ask, brand: &BrandView, position: &Position) -> AnyView {
    let t = ask.t;
    let said = position
        .said
        .iter()
        .map(|((channel, purpose), said)| {
            let state = match said.kind {
                ConsentKind::OptOut => State::STOPPED,
                ConsentKind::TakenBack => State::DRAFT,
                _ => State::GOOD,
            };
            let since = time::date(ask.lang, said.since, &ask.zone);
            let whose = if said.own { t.consent_own_word() } else { t.consent_shops_word() };
            view! {
                <li>
                    {state_word(state, kind_name(t, said.kind))}
                    " "
                    <span class="muted">{format!("{}, {} · {since} · {whose}", purpose_name(t, *purpose), status::channel(t, *channel))}</span>
                </li>
            }
        })
        .collect_view();
    let silent = position
        .silent
        .iter()
        .filter(|(_, (silent, _))| !silent.is_empty())
        .map(|(channel, (silent, _))| {
            let names: Vec<_> = silent.iter().map(|each| status::name(t, *each)).collect();
            let words = t.consent_without(names.join(", "));
            view! { <li><span class="muted">{format!("{}: {words}", status::channel(t, *channel))}</span></li> }
        })
        .collect_view();
    view! {
        <dt>{brand.name.clone()}</dt>
        <dd><ul class="stack">{said}{silent}</ul></dd>
    }
    .into_any()
}
