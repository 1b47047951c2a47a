//! The templates of one WABA.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde_json::Value;

use super::{Record, Template, problem::Problem};
use crate::state::{draw, journal::Fact};

/// A template with its record.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub template: Arc<Template>,
    pub record: Record,
}

impl Kept {
    pub(crate) fn restore(body: &Value, record: Record) -> Result<Self, Problem> {
        Ok(Self { template: Arc::new(Template::read(body)?), record })
    }

    /// The template's id in one WABA: a decimal that fits a JSON integer, derived rather than kept.
    pub(crate) fn id(&self, number: &str) -> u64 {
        let Template { name, language, .. } = &*self.template;
        const FIFTEEN_DIGITS: u64 = 900_000_000_000_000;
        FIFTEEN_DIGITS / 9 + draw::digest(&format!("{number}/{name}/{language}")) % FIFTEEN_DIGITS
    }
}

/// Templates by name, then language.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalogue {
    by_name: BTreeMap<String, BTreeMap<String, Kept>>,
    /// Names of deleted approved templates, blocked until this time (Unix milliseconds).
    blocked: HashMap<String, u64>,
}

impl Catalogue {
    /// The templates every WABA starts with, approved.
    pub(crate) fn starter() -> anyhow::Result<Self> {
        let bodies: Vec<Value> = serde_json::from_str(include_str!("../../starter.json"))?;
        let mut starter = Self::default();
        for body in bodies {
            let name = body["name"].as_str().unwrap_or("without a name").to_owned();
            let kept = Kept::restore(&body, Record::default())
                .map_err(|problem| anyhow::anyhow!("starter template {name}: {problem}"))?;
            starter.put(kept);
        }
        Ok(starter)
    }

    pub(crate) fn put(&mut self, kept: Kept) {
        let Template { name, language, .. } = &*kept.template;
        self.by_name.entry(name.clone()).or_default().insert(language.clone(), kept);
    }

    pub(crate) fn remove(&mut self, name: &str, language: &str, blocked_until: Option<u64>) {
        if let Some(languages) = self.by_name.get_mut(name) {
            languages.remove(language);
            if languages.is_empty() {
                self.by_name.remove(name);
            }
        }
        if let Some(until) = blocked_until {
            self.blocked.insert(name.to_owned(), until);
        }
    }

    pub(crate) fn get(&self, name: &str, language: &str) -> Option<&Kept> {
        self.by_name.get(name)?.get(language)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Kept> {
        self.by_name.values().flat_map(BTreeMap::values)
    }

    pub(crate) fn is_blocked(&self, name: &str, now: u64) -> bool {
        self.blocked.get(name).is_some_and(|until| *until > now)
    }

    /// What makes this catalogue out of the starter.
    pub(crate) fn facts_since(&self, starter: &Self, number: &str) -> Vec<Fact> {
        let same = |kept: &Kept| {
            let Template { name, language, .. } = &*kept.template;
            starter.get(name, language).is_some_and(|first| {
                Arc::ptr_eq(&first.template, &kept.template) && first.record == kept.record
            })
        };
        let changed = self.all().filter(|kept| !same(kept)).map(|kept| Fact::Template {
            number: number.to_owned(),
            record: Box::new(kept.record.clone()),
            body: kept.template.source.clone(),
            news: Vec::new(),
        });
        let is_gone =
            |kept: &&Kept| self.get(&kept.template.name, &kept.template.language).is_none();
        let gone = starter.all().filter(is_gone).map(|kept| Fact::TemplateDeleted {
            number: number.to_owned(),
            name: kept.template.name.clone(),
            language: kept.template.language.clone(),
            blocked_until: None,
            news: Vec::new(),
        });
        let blocked = self.blocked.iter().map(|(name, until)| Fact::TemplateDeleted {
            number: number.to_owned(),
            name: name.clone(),
            // No language: only the block is said.
            language: String::new(),
            blocked_until: Some(*until),
            news: Vec::new(),
        });
        changed.chain(gone).chain(blocked).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_templates_follow_the_rules_for_creating() {
        let starter = Catalogue::starter().expect("starter.json is valid");
        assert!(starter.all().count() > 0);
    }
}
