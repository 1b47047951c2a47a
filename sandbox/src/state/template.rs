//! What happens to templates in time: reviews that end, pauses that end, announced changes.

use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc};

use serde_json::Value;

use super::{
    draw::{Draws, Of},
    journal::Fact,
    news::News,
    world::World,
};
use crate::{
    review::{Order, Verdict, judge::judge},
    templates::{
        Kept, Record, Standing, Template,
        change::{Change, Outcome},
        news::{Field, deleted},
        record::UnderReview,
        standing::Reason,
    },
};

/// Which template, of which number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TemplateKey {
    pub number: Arc<str>,
    pub name: String,
    pub language: String,
}

impl TemplateKey {
    pub(crate) fn new(number: &str, template: &Template) -> Self {
        Self {
            number: number.into(),
            name: template.name.clone(),
            language: template.language.clone(),
        }
    }
}

/// Moments at which a template is looked at. One that came to nothing meanwhile does no harm.
#[derive(Default)]
pub(super) struct Timers(BinaryHeap<Reverse<(u64, TemplateKey)>>);

impl Timers {
    pub(super) fn next(&self) -> Option<u64> {
        self.0.peek().map(|Reverse((at, _))| *at)
    }

    fn pop_due(&mut self, now: u64) -> Option<TemplateKey> {
        self.next().filter(|at| *at <= now)?;
        self.0.pop().map(|Reverse((_, key))| key)
    }
}

impl World {
    pub(crate) fn template(&self, key: &TemplateKey) -> Option<&Kept> {
        self.number(&key.number)?.templates.get(&key.name, &key.language)
    }

    pub(super) fn put_template(&mut self, number: &str, kept: Kept) {
        let key = TemplateKey::new(number, &kept.template);
        for at in kept.record.timers() {
            self.timers.0.push(Reverse((at, key.clone())));
        }
        self.number_mut(number).templates.put(kept);
    }

    /// Queues all news that are owed.
    pub(super) fn owe_news(&mut self) {
        for news in self.news.all() {
            self.queue.push(news.due());
        }
    }

    /// News of a number, numbered.
    fn news(&self, number: &str, told: Vec<(Field, Value)>, now: u64) -> Vec<News> {
        let numbered = (self.news.next_seq()..).zip(told);
        numbered
            .map(|(seq, (field, value))| News { seq, number: number.into(), at: now, field, value })
            .collect()
    }

    pub(crate) fn owed_news(&self, seq: u64) -> Option<&News> {
        self.news.get(seq)
    }

    fn keep(&mut self, key: &TemplateKey, outcome: Outcome, now: u64) {
        let news = self.news(&key.number, outcome.news, now);
        let dues: Vec<_> = news.iter().map(News::due).collect();
        self.record(Fact::Template {
            number: key.number.to_string(),
            record: Box::new(outcome.kept.record),
            body: outcome.kept.template.source.clone(),
            news,
        });
        for due in dues {
            self.queue.push(due);
        }
    }

    /// Gives a new or edited template to the reviewers; at a pace of zero they have decided
    /// already when this returns.
    pub(crate) fn submit(
        &mut self,
        number: &str,
        template: Template,
        mut record: Record,
        now: u64,
    ) -> TemplateKey {
        let key = TemplateKey::new(number, &template);
        let draw = format!("review:{number}/{}/{}", key.name, key.language);
        let usual =
            Draws::new(self.seed, &draw, record.reviews).around(self.reviews.pace, Of::Review);
        let (at, verdict) = match self.reviews.take(number, &key.name, &key.language) {
            Some(order) => order.plan(now, usual),
            None => (Some(now + usual), None),
        };
        let is_edit = record.reviews > 0;
        record.reviews += 1;
        record.standing = Standing::Pending;
        record.reason = Reason::None;
        record.pause = None;
        record.review = Some(UnderReview { since: now, at, verdict });
        let kept = Kept { template: Arc::new(template), record };
        let told = crate::templates::news::components(&kept, kept.id(number));
        let news = if is_edit { vec![told] } else { Vec::new() };
        self.keep(&key, Outcome { kept, news }, now);
        self.tick(now);
        key
    }

    /// Something happens to a template.
    pub(crate) fn change(&mut self, key: &TemplateKey, change: &Change, now: u64) {
        let Some(kept) = self.template(key) else { return };
        let outcome = kept.after(&key.number, change, now);
        if outcome.news.is_empty() && outcome.kept.record == kept.record {
            return;
        }
        self.keep(key, outcome, now);
    }

    /// Lets everything happen that is due by now.
    pub(crate) fn tick(&mut self, now: u64) {
        while let Some(key) = self.timers.pop_due(now) {
            let Some(kept) = self.template(&key) else { continue };
            for change in due_changes(kept, now) {
                self.change(&key, &change, now);
            }
        }
    }

    /// Takes an order to the reviewers. Reviews under way come first, the oldest before the others;
    /// what is left of the order waits for the next ones.
    pub(crate) fn order(&mut self, mut order: Order, now: u64) {
        let mut waiting: Vec<(u64, TemplateKey)> = self
            .numbers()
            .flat_map(|number| number.templates.all().map(|kept| (&*number.id, kept)))
            .filter_map(|(number, kept)| {
                let since = kept.record.review.as_ref()?.since;
                Some((since, TemplateKey::new(number, &kept.template)))
            })
            .collect();
        waiting.sort_unstable();
        for (since, key) in waiting {
            if !order.matches(&key.number, &key.name, &key.language) {
                continue;
            }
            let Some(kept) = self.template(&key) else { continue };
            let mut kept = kept.clone();
            let (at, verdict) = order.plan(now, 0);
            kept.record.review = Some(UnderReview { since, at, verdict });
            order.left -= 1;
            self.keep(&key, Outcome { kept, news: Vec::new() }, now);
        }
        self.reviews.add(order);
        self.tick(now);
    }

    /// Deletes templates of one number; the news says so.
    pub(crate) fn delete_templates(
        &mut self,
        number: &str,
        gone: &[Kept],
        blocked_until: Option<u64>,
        now: u64,
    ) {
        for kept in gone {
            let news = self.news(number, vec![deleted(kept, kept.id(number))], now);
            let dues: Vec<_> = news.iter().map(News::due).collect();
            self.record(Fact::TemplateDeleted {
                number: number.to_owned(),
                name: kept.template.name.clone(),
                language: kept.template.language.clone(),
                blocked_until,
                news,
            });
            for due in dues {
                self.queue.push(due);
            }
        }
    }

    /// The template with this id.
    pub(crate) fn find_template(&self, id: &str) -> Option<TemplateKey> {
        let id: u64 = id.parse().ok()?;
        self.numbers().find_map(|number| {
            let kept = number.templates.all().find(|kept| kept.id(&number.id) == id)?;
            Some(TemplateKey::new(&number.id, &kept.template))
        })
    }
}

/// What happens to a template by itself by now.
fn due_changes(kept: &Kept, now: u64) -> Vec<Change> {
    let record = &kept.record;
    let is_due = |at: Option<u64>| at.is_some_and(|at| at <= now);
    let mut changes = Vec::new();
    if let Some(coming) = record.coming.filter(|coming| coming.at <= now) {
        changes.push(Change::Recategorised(coming.category));
    }
    if is_due(record.pause.and_then(|pause| pause.ends)) {
        changes.push(Change::Moved { to: Standing::Approved, reason: Reason::None });
    }
    if let Some(review) = record.review.as_ref().filter(|review| is_due(review.at)) {
        let verdict: Verdict = review.verdict.clone().unwrap_or_else(|| judge(&kept.template));
        changes.push(Change::Decided(verdict));
    }
    changes
}
