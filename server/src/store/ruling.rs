//! What the rules of a decision came to, written down once for all decisions that differ only in their person.
//!
//! A brand's decisions about one status in one country go by the same settings: twenty rules see the same states, and a
//! masked number and an age are new. So the record is parted: the *ruling* with places left open is kept once for each
//! account and found by its digest, and the decision names it beside what fills its places. That is a fifth of what a
//! decision would take on disk. What is personal is never in a ruling, so erasing a decision leaves nothing behind.

use super::dialect::Dialect;
use super::sql::statements;
use super::value::{Set, args, cells};
use super::{SqlStore, Write};
use dispatch::channel::Channel;
use dispatch::decision::{Decision, OtherChannel, RuleCode, RuleOutcome, RuleResult, Saw, Verdict};
use dispatch::error::{Error, Result};
use dispatch::id::AccountId;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

statements! {
    KEEP = ["INSERT INTO ruling (account_id, id, record) SELECT account_id, id, record FROM ",
        {account_id: text, id: text, record: text}, " s WHERE true ON CONFLICT DO NOTHING"];
}

/// What is the same for many decisions: settings and the state of things. A name that is missing here costs space; one
/// that is here and says something about one person or one parcel would make a ruling for each of them.
const SHARED: [&str; 19] = [
    "status",
    "test",
    "country",
    "brand",
    "plan",
    "channel",
    "state",
    "basis",
    "limit_hours",
    "chosen_by",
    "language",
    "review",
    "template",
    "version",
    "category",
    "sender",
    "merging",
    "cap",
    "hours",
];

/// A rule: its word, how it ended unless it passed, what it saw; null is an open place.
#[derive(Serialize, Deserialize)]
struct Line<F>(RuleCode, Option<RuleResult>, F);

/// What another channel of the chain came to.
#[derive(Serialize, Deserialize)]
struct Other<F>(Channel, Option<u32>, Verdict, Option<RuleCode>, Vec<Line<F>>);

#[derive(Serialize, Deserialize)]
struct Record<F>(Vec<Line<F>>, Vec<Other<F>>);

/// The facts of a rule as they are read.
type Read = BTreeMap<String, Option<String>>;

/// The facts of a rule as they are written, from where they are: this is done for each message.
struct Written<'a>(&'a Saw);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let facts = self.0.iter().map(|(name, value)| (name, is_shared(name).then_some(value)));
        serializer.collect_map(facts)
    }
}

fn is_shared(name: &str) -> bool {
    SHARED.contains(&name)
}

/// A record in its two parts.
pub(super) struct Parted {
    /// Found by its digest.
    pub id: String,
    /// JSON, with open places.
    pub record: String,
    /// JSON: what fills them, in their order.
    pub saw: String,
}

/// Parts what the rules came to on the channel that was chosen and on the others of its chain.
pub(super) fn part(rules: &[RuleOutcome], others: &[OtherChannel]) -> Result<Parted> {
    let mut saw = Vec::new();
    let record = Record(
        lines(rules, &mut saw),
        others
            .iter()
            .map(|other| {
                let made = &other.decision;
                let lines = lines(&made.rules, &mut saw);
                Other(made.channel, other.after, made.verdict, made.reason, lines)
            })
            .collect(),
    );
    let record = serde_json::to_string(&record).map_err(|_| Error::Corrupt)?;
    let saw = serde_json::to_string(&saw).map_err(|_| Error::Corrupt)?;
    // 96 bits: two of an account's few thousand never meet.
    let id = hex::encode(&Sha256::digest(record.as_bytes())[..12]);
    Ok(Parted { id, record, saw })
}

fn lines<'a>(rules: &'a [RuleOutcome], saw: &mut Vec<&'a str>) -> Vec<Line<Written<'a>>> {
    let line = |rule: &'a RuleOutcome| {
        let open = rule.saw.iter().filter(|(name, _)| !is_shared(name));
        saw.extend(open.map(|(_, value)| value));
        let result = Some(rule.result).filter(|result| *result != RuleResult::Passed);
        Line(rule.code, result, Written(&rule.saw))
    };
    rules.iter().map(line).collect()
}

/// Puts the two parts together.
pub(super) fn whole(record: &str, saw: &str) -> Result<(Vec<RuleOutcome>, Vec<OtherChannel>)> {
    let Record::<Read>(chosen, others) =
        serde_json::from_str(record).map_err(|_| Error::Corrupt)?;
    let saw: Vec<String> = serde_json::from_str(saw).map_err(|_| Error::Corrupt)?;
    let mut saw = saw.into_iter();
    let rules = filled(chosen, &mut saw)?;
    let others = others
        .into_iter()
        .map(|Other(channel, after, verdict, reason, lines)| {
            let rules = filled(lines, &mut saw)?;
            let decision = Decision { channel, verdict, reason, rules, draft: None };
            Ok(OtherChannel { after, decision })
        })
        .collect::<Result<_>>()?;
    Ok((rules, others))
}

fn filled(
    lines: Vec<Line<Read>>,
    saw: &mut impl Iterator<Item = String>,
) -> Result<Vec<RuleOutcome>> {
    lines
        .into_iter()
        .map(|Line(code, result, seen)| {
            let seen = seen.into_iter().map(|(name, value)| {
                let value = value.or_else(|| saw.next()).ok_or(Error::Corrupt)?;
                Ok((name, value))
            });
            let saw = seen.collect::<Result<Saw>>()?;
            Ok(RuleOutcome { code, result: result.unwrap_or(RuleResult::Passed), saw })
        })
        .collect()
}

/// Rulings this process knows to be in the database.
#[derive(Default)]
pub(super) struct Known(Mutex<HashSet<(AccountId, String)>>);

/// More than that are forgotten and met again.
const MOST_KNOWN: usize = 20_000;

impl Known {
    /// Takes note of what has been committed.
    pub(super) fn learn(&self, kept: Kept) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() + kept.0.len() > MOST_KNOWN {
            known.clear();
        }
        known.extend(kept.0);
    }

    fn has(&self, key: &(AccountId, String)) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }
}

/// Rulings of a transaction that has not committed yet.
pub(super) struct Kept(Vec<(AccountId, String)>);

impl<DB: Dialect> Write<DB> {
    /// Keeps the rulings that are new to this process.
    pub(super) async fn keep_rulings(
        &mut self,
        store: &SqlStore<DB>,
        rulings: &[(AccountId, Parted)],
    ) -> Result<Kept> {
        // In one order, so that two processes never wait for each other.
        let mut new = BTreeMap::new();
        for (account, parted) in rulings {
            let key = (*account, parted.id.clone());
            if !store.rulings.has(&key) {
                new.insert(key, &parted.record);
            }
        }
        let mut set = Set::new();
        for ((account, id), record) in &new {
            set.push(&cells![*account, *id, record.as_str()]);
        }
        if !set.is_empty() {
            self.run(&KEEP, args![set]).await?;
        }
        Ok(Kept(new.into_keys().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outcome() -> impl Strategy<Value = RuleOutcome> {
        let name = prop_oneof![Just("status".to_owned()), Just("phone".to_owned()), "[a-z_]{1,9}"];
        let saw = proptest::collection::btree_map(name, "\\PC{0,12}", 0..5);
        let code = proptest::sample::select(RuleCode::ALL);
        let result = proptest::sample::select(RuleResult::ALL);
        (code, result, saw).prop_map(|(code, result, saw)| RuleOutcome {
            code,
            result,
            saw: saw.into_iter().collect(),
        })
    }

    fn rules() -> impl Strategy<Value = Vec<RuleOutcome>> {
        proptest::collection::vec(outcome(), 0..8)
    }

    proptest! {
        #[test]
        fn what_is_parted_is_whole_again(chosen in rules(), second in rules(), third in rules()) {
            let other = |rules| OtherChannel {
                after: Some(60),
                decision: Decision {
                    channel: Channel::Sms,
                    verdict: Verdict::Skip,
                    reason: Some(RuleCode::StatusOn),
                    rules,
                    draft: None,
                },
            };
            let others = vec![other(second), other(third)];
            let parted = part(&chosen, &others).expect("JSON");
            let (rules, again) = whole(&parted.record, &parted.saw).expect("its own parts");
            prop_assert_eq!(rules, chosen);
            prop_assert_eq!(format!("{again:?}"), format!("{others:?}"));
        }
    }

    #[test]
    fn two_people_have_one_ruling_and_it_names_neither() {
        let saw = |phone: &str| {
            let saw = [("country", "FR"), ("phone", phone)];
            let saw = saw.map(|(name, value)| (name, value.to_owned())).into_iter().collect();
            let code = RuleCode::RecipientUsable;
            part(&[RuleOutcome { code, result: RuleResult::Passed, saw }], &[]).expect("JSON")
        };
        let (one, other) = (saw("+33 6 ** ** ** 42"), saw("+33 6 ** ** ** 43"));
        assert_eq!((&one.id, &one.record), (&other.id, &other.record));
        assert_eq!(one.record, r#"[[["recipient_usable",null,{"country":"FR","phone":null}]],[]]"#);
        assert_eq!(one.saw, r#"["+33 6 ** ** ** 42"]"#);
    }
}
