//! The world's memory: facts are kept in the journal, then made true, and read back at a start.

use super::{
    draw,
    journal::{Fact, Journal},
    limits::Bucket,
    queue::Due,
    world::{World, dues},
};
use crate::templates::Kept;

impl World {
    /// Reads a folder's journal into this world and writes on in it.
    pub(crate) fn remember(&mut self, dir: &std::path::Path) -> anyhow::Result<()> {
        let mut journal = Journal::open(dir, |fact| self.apply(fact))?;
        journal.rewrite(self.facts())?;
        self.journal = Some(journal);
        let mut owed: Vec<Due> = self.messages.iter().flat_map(dues).collect();
        owed.extend(self.mails.dues());
        for due in owed {
            self.queue.push(due);
        }
        self.owe_news();
        Ok(())
    }

    /// Keeps a fact, then makes it true. An answer may follow only afterwards.
    pub(crate) fn record(&mut self, fact: Fact) {
        self.keep_fact(&fact);
        self.apply(fact);
    }

    pub(super) fn keep_fact(&mut self, fact: &Fact) {
        let Some(journal) = &mut self.journal else { return };
        match journal.write(fact) {
            Ok(()) => self.mute = false,
            Err(error) if !self.mute => {
                self.mute = true;
                tracing::error!(%error, "the sandbox's journal cannot be written: it goes on from \
                    memory, and what follows is lost when it stops");
            }
            Err(_) => {}
        }
    }

    fn apply(&mut self, fact: Fact) {
        match fact {
            Fact::Seed { seed } => self.seed = seed,
            Fact::Number { number, secret, name, display } => {
                let number = self.number_mut(&number);
                number.secret = secret;
                number.name = name;
                number.display = display;
            }
            Fact::Subscribed { number, subscription } => {
                let number = self.number_mut(&number);
                number.subscription = Some(subscription);
            }
            Fact::Unsubscribed { number } => self.number_mut(&number).subscription = None,
            Fact::Template { number, record, body, news } => {
                match Kept::restore(&body, *record) {
                    Ok(kept) => self.put_template(&number, kept),
                    Err(problem) => {
                        tracing::warn!(number, %problem, "a template of the journal is left out");
                    }
                }
                news.into_iter().for_each(|news| self.news.insert(news));
            }
            Fact::TemplateDeleted { number, name, language, blocked_until, news } => {
                self.number_mut(&number).templates.remove(&name, &language, blocked_until);
                news.into_iter().for_each(|news| self.news.insert(news));
            }
            Fact::News(news) => self.news.insert(news),
            Fact::Upload(upload) => self.put_upload(upload),
            Fact::Message(message) => self.insert(*message),
            Fact::SmsAccount { account, token } => self.sms.account_mut(&account).token = token,
            Fact::SmsSender { account, sender, about } => {
                self.sms.put_sender(&account, &sender, about);
            }
            Fact::SmsOptOut { account, sender, phone, out } => {
                self.sms.opt_out(&account, &sender, &phone, out);
            }
            Fact::Mail(mail) => {
                *self.drawn.entry(draw::digest(&mail.key)).or_default() += 1;
                self.mails.insert(*mail);
            }
            Fact::Told { steps, news } => {
                news.into_iter().for_each(|seq| self.news.told(seq));
                for (seq, bits) in steps {
                    if let Some(message) = self.message_mut(seq) {
                        message.owed &= !bits;
                    }
                }
            }
            Fact::Reset { seed } => self.forget(seed),
        }
    }

    /// The shortest journal that says the same as this world.
    fn facts(&self) -> impl Iterator<Item = Fact> {
        let numbers = self.numbers.values().flat_map(|number| {
            let id = || number.id.to_string();
            let mut facts = vec![Fact::Number {
                number: id(),
                secret: number.secret.clone(),
                name: number.name.clone(),
                display: number.display.clone(),
            }];
            if let Some(subscription) = number.subscription.clone() {
                facts.push(Fact::Subscribed { number: id(), subscription });
            }
            facts.extend(number.templates.facts_since(&self.starter, &number.id));
            facts
        });
        let messages = self.messages.iter().map(|message| Fact::Message(Box::new(message.clone())));
        let news = self.news.all().cloned().map(Fact::News);
        let uploads = self.uploads.iter().cloned().map(Fact::Upload);
        std::iter::once(Fact::Seed { seed: self.seed })
            .chain(numbers)
            .chain(self.sms.facts())
            .chain(messages)
            .chain(self.mails.facts())
            .chain(news)
            .chain(uploads)
    }

    /// Forgets messages, mails, windows, opt-outs, draws, faults and orders to the reviewers; keeps
    /// numbers, accounts, senders, subscriptions, templates with what is told about them, and uploads.
    pub(crate) fn reset(&mut self, seed: Option<u64>) {
        let seed = seed.unwrap_or(self.seed);
        self.record(Fact::Reset { seed });
        self.shorten();
    }

    /// Rewrites the journal without what is settled or forgotten.
    pub(super) fn shorten(&mut self) {
        let Some(mut journal) = self.journal.take() else { return };
        if let Err(error) = journal.rewrite(self.facts()) {
            tracing::warn!(%error, "the sandbox's journal was not shortened; nothing is lost");
        }
        self.journal = Some(journal);
    }

    fn forget(&mut self, seed: u64) {
        self.seed = seed;
        // Sequence numbers go on, so that an update still under way finds no other message.
        self.messages.clear();
        self.phones.clear();
        self.sms.forget();
        self.mails.forget();
        self.drawn.clear();
        self.windows.clear();
        self.portfolios.clear();
        self.pairs.clear();
        self.queue.clear();
        self.faults.clear();
        self.reviews.clear();
        for number in self.numbers.values_mut() {
            number.ready.clear();
            number.bucket = Bucket::default();
        }
        self.owe_news();
    }

    /// Lets go of the folder: nothing is kept from now on.
    pub(crate) fn close(&mut self) {
        self.journal = None;
    }

    pub(crate) fn sync(&self) {
        if let Some(Err(error)) = self.journal.as_ref().map(Journal::sync) {
            tracing::warn!(%error, "the sandbox's journal may not be on the disk yet");
        }
    }
}
