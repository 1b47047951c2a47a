//! Every documented code, through the real sandbox: as the answer to a message, and in its receipt.

use super::town::{Decision, FRENCH, Town};
use crate::process::eventually;
use dispatch::attempt::{Consequence, Outcome};
use dispatch::brand::SenderState;
use dispatch::consent::Purpose;
use dispatch::message::MessageState;
use dispatch::port::TemplateNews;
use dispatch::stranded::Stranded;
use dispatch::template::{News, Review};
use dispatch::time::Timestamp;
use dispatch::view::MessageView;
use serde_json::json;
use server::provider::whatsapp::error::{self, Class};
use server::security::random::SystemIds;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

/// How an attempt ends that was answered with a code of this class (contract §3.2).
const fn outcome(class: Class) -> Outcome {
    match class {
        Class::Retry
        | Class::Down
        | Class::SlowPair
        | Class::SlowNumber
        | Class::SlowAccount
        | Class::Auth => Outcome::Retry,
        Class::Fallback
        | Class::Template
        | Class::PauseTemplate
        | Class::DisableTemplate
        | Class::PauseNumber => Outcome::Fallback,
        Class::Fix | Class::Stop | Class::StopMarketing => Outcome::Refused,
    }
}

/// How the sender stands after it.
const fn state(class: Class) -> SenderState {
    match class.consequence() {
        Consequence::Reconnect => SenderState::Reconnect,
        Consequence::PauseNumber => SenderState::Paused,
        _ => SenderState::Ready,
    }
}

#[tokio::test]
async fn every_code_as_an_answer() {
    let mut town = Town::open().await;
    for (number, code) in error::codes().enumerate() {
        let class = error::class(code).expect("a class");
        let decision = town.meet("error", code, number).await;
        let message = town.until(&decision, "the first try's end", |message| {
            message.attempts.first().is_some_and(|attempt| attempt.outcome.is_some())
        });
        let first = message.await.attempts.into_iter().next().expect("a try");
        assert_eq!((first.outcome, first.code), (Some(outcome(class)), Some(code.to_string())));
        town.until_state(state(class)).await;
        town.until_heard(class, number).await;
        if class == Class::SlowAccount {
            // All its numbers rest for minutes; the next code meets another business account.
            town = Town::open().await;
        }
    }
}

#[tokio::test]
async fn every_code_in_a_receipt() {
    let town = Town::open().await;
    for (number, code) in error::codes().enumerate() {
        let class = error::class(code).expect("a class");
        let decision = town.meet("failed_receipt", code, number).await;
        let message =
            town.until(&decision, "its failure", |message| message.state == MessageState::Failed);
        let message = message.await;
        let outcomes: Vec<_> = message.attempts.iter().filter_map(|one| one.outcome).collect();
        assert_eq!((outcomes, message.charges.len()), (vec![Outcome::Accepted], 0), "{code}");
        assert_eq!(message.failure, Some(code.to_string()));
        // What the platform took and dropped for its own trouble, or ours, can be sent again.
        assert_eq!(message.waits, Stranded::after(class.consequence()), "{code}");
        town.until_state(state(class)).await;
        town.until_heard(class, number).await;
    }
}

fn phone(number: usize) -> String {
    format!("+3363998{:04}", 3100 + number)
}

impl Town {
    /// What the person has told the platform stands in our ledger too.
    async fn until_heard(&self, class: Class, number: usize) {
        let expected = match class.consequence() {
            Consequence::MarketingStopped => Some(Purpose::Marketing),
            _ => None,
        };
        let (account, brand) = (self.shop.account, self.shop.brand);
        eventually("the person's word", SOON, || async {
            let found = self.house.store.own_opt_outs(account, brand, &[phone(number)]).await;
            let found = found.expect("a store").into_iter().map(|(_, _, purpose)| purpose);
            let found: Vec<_> = found.collect();
            if found.iter().copied().eq(expected) { Ok(()) } else { Err(format!("{found:?}")) }
        })
        .await;
    }

    /// A parcel is told about, and the provider fails it with the code. Whatever earlier codes stopped is well again.
    async fn meet(&self, kind: &str, code: i64, number: usize) -> Decision {
        let (store, account, now) = (&self.house.store, self.shop.account, self.house.now());
        let sender = store.brand(account, self.shop.brand).await.expect("a store");
        let sender = sender.and_then(|brand| brand.sender).expect("a sender").id;
        store.set_sender_state(account, sender, SenderState::Ready, None, now).await.expect("well");
        let approved = TemplateNews {
            name: "facteur_delivered".to_owned(),
            language: FRENCH.parse().expect("a language"),
            provider_id: None,
            what: News::Review { review: Review::Approved, reason: None },
            at: Timestamp::from_seconds(now.seconds() + 1),
        };
        store.note_template_news(account, sender, &[approved], &SystemIds).await.expect("well");
        let phone = phone(number);
        let fault = json!({ "kind": kind, "code": code, "match": phone, "count": 1 });
        self.control("faults", fault).await;
        let decision = self.ship(&format!("C-{number}"), &phone).await;
        assert_eq!(decision.0["outcome"], "send", "{code}: {}", decision.0);
        decision
    }

    async fn until(
        &self,
        decision: &Decision,
        what: &str,
        is: impl Fn(&MessageView) -> bool,
    ) -> MessageView {
        let id = decision.0["id"].as_str().expect("an id").parse().expect("an id");
        eventually(what, SOON, || async {
            let case = self.house.store.case(self.shop.account, id).await.expect("a store");
            let message = case.expect("a case").message.expect("a message");
            if is(&message) { Ok(message) } else { Err(format!("{:?}", message.state)) }
        })
        .await
    }

    async fn until_state(&self, state: SenderState) {
        eventually("the sender's state", SOON, || async {
            let brand = self.house.store.brand(self.shop.account, self.shop.brand).await;
            let sender = brand.expect("a store").and_then(|brand| brand.sender);
            let now = sender.expect("a sender").state;
            (now == state).then_some(()).ok_or_else(|| format!("{now:?}"))
        })
        .await;
    }
}
