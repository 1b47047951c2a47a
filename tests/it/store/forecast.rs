//! The dry run says what really happens: the same events through the real stages, on real databases, under the
//! settings as they stood and as proposed.

use super::world::{Tenant, World, at, country, sealer};
use crate::process::database::Kind;
use dispatch::brand::{ConsentBasis, SenderState};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::consent::{ConsentKind, Purpose};
use dispatch::country::Country;
use dispatch::decision::{RuleCode, Verdict};
use dispatch::error::Error;
use dispatch::event::{Direction, EventStatus, Facts, Reading, Report};
use dispatch::forecast::{DraftText, DryRun, SPAN, Side, Wish};
use dispatch::id::{ChangeId, DeliveryId};
use dispatch::language::Language;
use dispatch::port::{
    CellChange, Inbound, NewDelivery, NewDraft, Signed, TemplateNews, VersionKey,
};
use dispatch::quiet::QuietHours;
use dispatch::source::Source;
use dispatch::template::{Category, Content, News as Word, Review};
use dispatch::tenant::{Role, Viewer};
use dispatch::time::{Clock, Timestamp};
use dispatch::timing::{Cap, Merge, Timing};
use dispatch::usecase::{Extent, Ports, Terms, decide_events, dry_run, understand_deliveries};
use dispatch::view::LogFilter;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use server::security::link::CustomerLinks;
use server::zone::BundledZones;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const STALE_AFTER: Duration = Duration::from_secs(72 * 3600);
const COUNTRIES: [&str; 4] = ["FR", "DE", "IT", "ES"];
const PEOPLE: usize = 5;
/// In which texts are written: some share a base, some only a stranger reads.
const LANGUAGES: [&str; 5] = ["fr", "en", "de", "pt_BR", "pt_PT"];
/// What they say: nothing that may be missing, what sometimes is, what always is, and with other words instead.
const BODIES: [&str; 4] = [
    "Hello <<first_name|there>>, there is good news about your parcel today.",
    "Hello, your order <<order_number>> has come a step nearer to you today.",
    "Hello, there is news about <<items>> which we have for you today.",
    "Hello <<first_name>>, your order <<order_number|of late>> has news for you today.",
];

/// One piece of news as a source reports it.
#[derive(Debug, Clone)]
struct News {
    /// Minutes after the one before; none when it comes in the same delivery.
    later: Option<i64>,
    /// Minutes it was on its way.
    age: i64,
    status: EventStatus,
    returned: bool,
    test: bool,
    order: usize,
    /// Which of order, carrier's and source's number it names.
    names: (bool, bool, bool),
    /// Who it says it is for.
    person: Option<usize>,
    country: Option<usize>,
    locale: Option<&'static str>,
    /// Says the same as one before it, word for word.
    repeats: Option<usize>,
}

/// What is set, row by row: the country's switch and its statuses.
type Matrix = BTreeMap<usize, (bool, BTreeSet<TrackingStatus>)>;

/// What a brand says about some news, in a language: its category, and which body.
type Texts = BTreeMap<(TrackingStatus, &'static str), (Category, usize)>;

#[derive(Debug, Clone)]
struct Story {
    news: Vec<News>,
    before: Matrix,
    after: Matrix,
    /// Approved before.
    spoken: Texts,
    /// Written before and not approved.
    drafted: Texts,
    /// What is proposed.
    proposed: Texts,
    basis: ConsentBasis,
    opted_out: BTreeSet<usize>,
    opted_in: BTreeSet<usize>,
    /// Who agreed to advertising.
    courted: BTreeSet<usize>,
    sender: SenderState,
    /// The hours at which quiet begins and ends.
    quiet: Option<(u16, u16)>,
    /// How often the brand writes, and what it tells together.
    timing: Option<Timing>,
    page: i64,
}

fn news() -> impl Strategy<Value = News> {
    let mostly = |weight| prop::bool::weighted(weight);
    let when = (
        prop::option::weighted(0.8, prop_oneof![4 => 0_i64..300, 1 => Just(0)]),
        prop_oneof![6 => 0_i64..120, 1 => 2_000_i64..6_000],
    );
    let what = (
        prop_oneof![
            5 => select(TrackingStatus::ALL).prop_map(EventStatus::from),
            1 => select(EventStatus::ALL),
        ],
        mostly(0.15),
        mostly(0.05),
    );
    let who = (
        0..4_usize,
        (mostly(0.9), mostly(0.8), mostly(0.7)),
        prop::option::weighted(0.6, 0..PEOPLE),
        prop::option::weighted(0.6, 0..COUNTRIES.len()),
        prop::option::weighted(0.4, select(vec!["fr", "en", "sv", "pt", "pt_PT"])),
        prop::option::weighted(0.1, 0..20_usize),
    );
    (when, what, who).prop_map(
        |(
            (later, age),
            (status, returned, test),
            (order, names, person, country, locale, repeats),
        )| {
            News {
                later,
                age,
                status,
                returned,
                test,
                order,
                names,
                person,
                country,
                locale,
                repeats,
            }
        },
    )
}

fn matrix() -> impl Strategy<Value = Matrix> {
    let statuses = prop::sample::subsequence(TrackingStatus::ALL, 0..=TrackingStatus::ALL.len());
    let row = (prop::bool::weighted(0.8), statuses.prop_map(|s| s.into_iter().collect()));
    prop::collection::btree_map(0..COUNTRIES.len(), row, 0..=COUNTRIES.len())
}

fn texts(most: usize) -> impl Strategy<Value = Texts> {
    let place = (select(TrackingStatus::ALL), select(&LANGUAGES[..]));
    let category = prop::bool::weighted(0.3)
        .prop_map(|advertises| if advertises { Category::Marketing } else { Category::Utility });
    prop::collection::btree_map(place, (category, 0..BODIES.len()), 0..=most)
}

fn story() -> impl Strategy<Value = Story> {
    let people = || prop::collection::btree_set(0..PEOPLE, 0..3);
    let basis = prop_oneof![
        3 => Just(ConsentBasis::CollectedByShop),
        1 => Just(ConsentBasis::OnRecord),
    ];
    let sender = prop_oneof![6 => Just(SenderState::Ready), 1 => Just(SenderState::Paused)];
    let people = (people(), people(), people());
    let quiet = prop::option::weighted(0.3, (0..24_u16, 0..24_u16));
    let matrices = (matrix(), matrix());
    let texts = (texts(6), texts(3), texts(8));
    let limit = || prop::option::of(1..4_u32);
    let timing = (any::<bool>(), limit(), limit(), any::<bool>(), 1..400_u32).prop_map(
        |(capped, per_order, per_day, on, minutes)| Timing {
            cap: Cap { on: capped, per_order, per_day },
            merge: Merge { on, minutes },
            ..Timing::default()
        },
    );
    let rest = (sender, quiet, prop::option::weighted(0.6, timing), 1_i64..50);
    (prop::collection::vec(news(), 1..40), matrices, texts, basis, people, rest).prop_map(
        |(news, (before, after), (spoken, drafted, proposed), basis, people, rest)| {
            let (opted_out, opted_in, courted) = people;
            let (sender, quiet, timing, page) = rest;
            Story {
                news,
                before,
                after,
                spoken,
                drafted,
                proposed,
                basis,
                opted_out,
                opted_in,
                courted,
                sender,
                quiet,
                timing,
                page,
            }
        },
    )
}

fn content(body: usize) -> Content {
    Content { body: BODIES[body].to_owned(), ..Content::default() }
}

fn phone(person: usize) -> String {
    format!("+3363998000{person}")
}

impl News {
    fn report(&self, number: usize, received_at: Timestamp) -> Report {
        let parcel = format!("{}{}", self.order, if self.returned { "R" } else { "" });
        let named = |is: bool, text: String| is.then_some(text);
        let facts = Facts {
            order_number: named(self.names.0, format!("O-{}", self.order)),
            tracking_number: named(self.names.1, format!("T-{parcel}")),
            parcel_id: named(self.names.2, parcel),
            country: self.country.map(|c| country(COUNTRIES[c])),
            phone: self.person.map(phone),
            phone_raw: self.person.map(|person| format!("0{person}")),
            name: self.person.map(|person| format!("Person {person}")),
            locale: self.locale.map(|code| code.parse().expect("a language")),
            carrier: Some("postnl".into()),
            tracking_url: Some("https://track.example/1".into()),
            ..Facts::default()
        };
        Report {
            status: self.status,
            source_status: None,
            direction: if self.returned { Direction::Return } else { Direction::Outbound },
            test: self.test,
            dedup_key: number.to_string(),
            occurred_at: Some(received_at.minus(minutes(self.age))),
            facts,
        }
    }
}

fn minutes(count: i64) -> Duration {
    Duration::from_secs(u64::try_from(count).expect("not negative") * 60)
}

impl Story {
    /// Deliveries as they come: when, and what they report.
    fn deliveries(&self) -> Vec<(Timestamp, Vec<Report>)> {
        let mut now = at(0);
        let mut deliveries: Vec<(Timestamp, Vec<Report>)> = Vec::new();
        let mut told: Vec<Report> = Vec::new();
        for (number, news) in self.news.iter().enumerate() {
            if let Some(later) = news.later {
                // Never two in one millisecond: those may be understood together or not.
                now = now.plus(minutes(later) + Duration::from_millis(2));
            }
            let report = match news.repeats.and_then(|earlier| told.get(earlier)) {
                Some(report) => report.clone(),
                None => news.report(number, now),
            };
            told.push(report.clone());
            match deliveries.last_mut() {
                Some((_, reports)) if news.later.is_none() => reports.push(report),
                _ => deliveries.push((now, vec![report])),
            }
        }
        deliveries
    }

    /// The proposed texts, as a screen asks about them.
    fn drafts(&self) -> Vec<DraftText> {
        let texts = self.proposed.iter().map(|((status, code), (category, body))| DraftText {
            status: *status,
            language: code.parse().expect("a language"),
            category: Some(*category),
            content: content(*body),
        });
        texts.collect()
    }

    /// The switches that make a matrix out of another.
    fn changes(from: &Matrix, to: &Matrix) -> Vec<CellChange> {
        let mut changes = Vec::new();
        for (index, code) in COUNTRIES.iter().enumerate() {
            let country = country(code);
            let Some((on, statuses)) = to.get(&index) else {
                changes.extend(from.get(&index).map(|_| CellChange::RemoveCountry { country }));
                continue;
            };
            changes.push(CellChange::Country { country, on: *on });
            for &status in TrackingStatus::ALL {
                let on = statuses.contains(&status);
                changes.push(CellChange::Status { country, status, on });
            }
        }
        changes
    }
}

/// A clock that stands where it is put.
struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// By country and status.
type Sums = BTreeMap<(Option<Country>, EventStatus), Sum>;
/// Messages, of those the ones that wait, and what was held back.
type Sum = (i64, i64, BTreeMap<RuleCode, i64>);

struct Stage<'a> {
    world: &'a World,
    tenant: Tenant,
}

impl Stage<'_> {
    async fn set(&self, story: &Story, matrix: &Matrix) {
        let (store, tenant) = (&self.world.store, &self.tenant);
        let changes = Story::changes(&Matrix::new(), matrix);
        let by = Signed::new(ChangeId::mint(at(0), &self.world.ids), None, at(0));
        let (account, brand, channel) = (tenant.account, tenant.brand, Channel::Whatsapp);
        let version =
            store.channel_settings(account, brand, channel).await.expect("settings").version;
        let mut all: Vec<_> =
            ["FR", "DE"].map(|code| CellChange::RemoveCountry { country: country(code) }).to_vec();
        all.extend(changes);
        store.save_matrix(account, brand, channel, version, &all, by).await.expect("saved");
        let mut acceptance = self.world.acceptance(brand, tenant.owner);
        acceptance.basis = story.basis;
        let change = ChangeId::mint(at(1), &self.world.ids);
        store.activate_channel(account, &acceptance, &[], change).await.expect("on");
        store
            .set_sender_state(account, tenant.sender, story.sender, None, at(0))
            .await
            .expect("set");
        let mut version = 1;
        if let Some(timing) = story.timing {
            store.set_timing(account, brand, version, &timing).await.expect("timing");
            version += 1;
        }
        if let Some((from, until)) = story.quiet.filter(|(from, until)| from != until) {
            let (from, until) = (from * 60, until * 60);
            let quiet = QuietHours { on: true, from, until, ..QuietHours::default() };
            store.set_quiet_hours(account, brand, version, &quiet).await.expect("quiet");
        }

        let records = |people: &BTreeSet<usize>, kind| {
            people.iter().map(move |person| (*person, kind)).collect::<Vec<_>>()
        };
        let mut inbound = Vec::new();
        for (person, kind) in records(&story.opted_in, ConsentKind::OptIn)
            .into_iter()
            .chain(records(&story.opted_out, ConsentKind::OptOut))
        {
            let consent = self.world.said(tenant, &phone(person), kind, at(0));
            inbound.push((format!("{person}.{kind}"), consent));
        }
        for person in &story.courted {
            let mut consent = self.world.said(tenant, &phone(*person), ConsentKind::OptIn, at(0));
            consent.iter_mut().for_each(|record| record.purpose = Purpose::Marketing);
            inbound.push((format!("{person}.marketing"), consent));
        }
        let inbound: Vec<Inbound> = inbound
            .into_iter()
            .map(|(name, consent)| Inbound {
                account,
                sender: tenant.sender,
                provider_id: format!("{brand}.{name}"),
                from: None,
                text: "STOP".into(),
                received_at: at(0),
                consent,
                confirms: None,
            })
            .collect();
        store.store_receipts(&[], &inbound).await.expect("kept");
        self.write(&story.spoken, true).await;
        self.write(&story.drafted, false).await;
    }

    /// Writes texts as the editor does, and has the provider approve them where that is wanted.
    async fn write(&self, texts: &Texts, approved: bool) {
        let (store, ids) = (&self.world.store, &self.world.ids);
        let Tenant { account, brand, sender, .. } = self.tenant;
        for ((status, code), (category, body)) in texts {
            let (status, category) = (*status, *category);
            let language: Language = code.parse().expect("a language");
            let known = store.template(account, brand, status, &language).await.expect("a view");
            let from = known.versions.first().map_or((0, 0), |v| (v.variant.version, v.revision));
            let content = content(*body);
            let language = || language.clone();
            let draft = NewDraft {
                brand,
                status,
                language: language(),
                from,
                category,
                content,
                by: None,
                at: at(0),
            };
            let (version, _) = store.save_draft(account, &draft, ids).await.expect("written");
            if !approved {
                continue;
            }
            let key = VersionKey { brand, status, language: language(), version };
            store.submit_template(account, &key, None, at(0), ids).await.expect("submitted");
            let view = store.template(account, brand, status, &language()).await.expect("a view");
            let name = view.versions[0].variant.name.clone();
            let what = Word::Review { review: Review::Approved, reason: None };
            let word =
                TemplateNews { name, language: language(), provider_id: None, what, at: at(1) };
            let heard = store.note_template_news(account, sender, &[word], ids).await;
            assert_eq!(heard, Ok(1));
        }
    }

    async fn replay(&self, story: &Story) {
        let (store, ids) = (&*self.world.store, &self.world.ids);
        let deliveries = story.deliveries();
        let read = |_: Source, body: &[u8]| {
            let number = String::from_utf8_lossy(body).parse::<usize>().expect("a number");
            Reading::Reports(deliveries[number].1.clone())
        };
        for (number, (received_at, _)) in deliveries.iter().enumerate() {
            let delivery = NewDelivery {
                account: self.tenant.account,
                id: DeliveryId::mint(*received_at, ids),
                connection: self.tenant.connection,
                received_at: *received_at,
                body: number.to_string().into_bytes(),
            };
            store.store_deliveries(&[delivery]).await.expect("kept");
            understand_deliveries(store, &read, ids, 100).await.expect("understood");
            let terms = Terms {
                now: *received_at,
                stale_after: STALE_AFTER,
                zones: &BundledZones,
                links: &CustomerLinks::new(&sealer(), "https://links.example"),
            };
            decide_events(store, ids, terms, 100).await.expect("decided");
        }
    }

    async fn decided(&self) -> Sums {
        let filter = LogFilter { limit: 1000, ..LogFilter::default() };
        let log = self.world.store.log(self.tenant.account, &filter).await.expect("a log");
        let mut sums = Sums::new();
        for row in log.rows {
            let sum = sums.entry((row.country, row.status)).or_default();
            sum.0 += i64::from(row.message.is_some());
            sum.1 += i64::from(row.verdict == Verdict::Hold);
            if row.verdict == Verdict::Skip {
                *sum.2.entry(row.reason.expect("a reason")).or_default() += 1;
            }
        }
        sums
    }

    async fn forecast(&self, wish: Wish, page: i64, now: Timestamp) -> Result<DryRun, Error> {
        let ports = Ports { store: &*self.world.store, clock: &Still(now), ids: &self.world.ids };
        let viewer = self.viewer();
        let extent = Extent { page, pages: 1000, ..Extent::new(STALE_AFTER, &BundledZones) };
        dry_run(&ports, &viewer, extent, &wish, &server::dry_run::weigh).await
    }

    fn viewer(&self) -> Viewer {
        Viewer { account: self.tenant.account, user: None, role: Role::Viewer }
    }
}

/// A side of a forecast, in the form of what was decided.
fn sums(run: &DryRun, side: impl Fn(&dispatch::forecast::Figures) -> &Side) -> Sums {
    let mut sums = Sums::new();
    for cell in &run.cells {
        let side = side(&cell.figures);
        let key = (cell.country, EventStatus::from(cell.status));
        sums.insert(key, (side.messages, side.later, side.held_back.clone()));
    }
    sums
}

/// What was decided about news that can notify.
fn notifying(sums: &Sums) -> Sums {
    let can = |(_, status): &(Option<Country>, EventStatus)| status.tracking().is_some();
    sums.iter().filter(|(key, _)| can(key)).map(|(key, sum)| (*key, sum.clone())).collect()
}

async fn equals_what_happens(world: &World, story: &Story, number: u64) {
    let as_it_stands = Stage { world, tenant: world.tenant(&format!("a{number}")).await };
    let as_proposed = Stage { world, tenant: world.tenant(&format!("b{number}")).await };
    as_it_stands.set(story, &story.before).await;
    as_proposed.set(story, &story.after).await;
    as_proposed.write(&story.proposed, true).await;
    as_it_stands.replay(story).await;
    as_proposed.replay(story).await;

    let deliveries = story.deliveries();
    let now = deliveries.last().map_or(at(0), |(last, _)| last.plus(Duration::from_secs(1)));
    let wish = Wish {
        brand: as_it_stands.tenant.brand.to_string(),
        changes: Story::changes(&story.before, &story.after),
        texts: story.drafts(),
        ..Wish::default()
    };
    let run = as_it_stands.forecast(wish, story.page, now).await.expect("a dry run");
    let (before, after) = (as_it_stands.decided().await, as_proposed.decided().await);
    assert_eq!(sums(&run, |f| &f.before), notifying(&before), "as it stands");
    assert_eq!(sums(&run, |f| &f.after), notifying(&after), "as proposed");

    let held = |sums: &Sums| sums.values().flat_map(|(_, _, held)| held.values()).sum::<i64>();
    assert_eq!(run.total.before.held_back.values().sum::<i64>(), held(&before));
    assert_eq!(run.total.after.held_back.values().sum::<i64>(), held(&after));
    let sent = |sums: &Sums| sums.values().map(|(messages, _, _)| messages).sum::<i64>();
    assert_eq!(
        (run.total.before.messages, run.total.after.messages),
        (sent(&before), sent(&after))
    );
    let cost = run.total.after.cost.expect("a cost");
    assert_eq!(cost.micros, sent(&after) * 140_000);
}

fn compare(kind: Kind, cases: u32) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let Some(world) = runtime.block_on(World::on(kind)) else { return };
    let number = std::cell::Cell::new(0);
    let mut runner =
        TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let found = runner.run(&story(), |story| {
        number.set(number.get() + 1);
        let case = std::panic::AssertUnwindSafe(|| {
            runtime.block_on(equals_what_happens(&world, &story, number.get()));
        });
        std::panic::catch_unwind(case).map_err(|panic| {
            let words = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            TestCaseError::fail(words)
        })
    });
    if let Err(found) = found {
        panic!("{found}");
    }
}

#[test]
fn a_dry_run_equals_what_happens_on_sqlite() {
    compare(Kind::Sqlite, 24);
}

#[test]
fn a_dry_run_equals_what_happens_on_postgres() {
    compare(Kind::Postgres, 6);
}

both![
    only_the_newest_events_are_looked_at_and_it_says_so,
    the_run_up_is_known_and_not_counted,
    a_delivery_that_two_pages_share_is_heard_as_one,
    a_wish_on_an_old_matrix_is_a_conflict,
];

/// Delivered parcels, a minute apart, of an account that tells it in France.
async fn shop(world: &World, parcels: i64) -> Stage<'_> {
    let stage = Stage { world, tenant: world.tenant("ada").await };
    let cell =
        CellChange::Status { country: country("FR"), status: TrackingStatus::Delivered, on: true };
    let by = Signed::new(ChangeId::mint(at(0), &world.ids), None, at(0));
    let (account, brand) = (stage.tenant.account, stage.tenant.brand);
    let store = &world.store;
    let version = store.channel_settings(account, brand, Channel::Whatsapp).await.expect("set");
    let saved =
        store.save_matrix(account, brand, Channel::Whatsapp, version.version, &[cell], by).await;
    saved.expect("saved");
    for parcel in 0..parcels {
        let delivery = world.new_delivery(&stage.tenant, at(parcel * 60));
        let event = world.new_event(&stage.tenant, &delivery, &parcel.to_string());
        world.understand(&delivery, vec![event]).await;
    }
    stage
}

fn wish(stage: &Stage<'_>) -> Wish {
    Wish { brand: stage.tenant.brand.to_string(), ..Wish::default() }
}

async fn only_the_newest_events_are_looked_at_and_it_says_so(world: World) {
    let stage = shop(&world, 10).await;
    let ports = Ports { store: &*world.store, clock: &Still(at(3600)), ids: &world.ids };
    let run = async |page, pages| {
        let extent = Extent { page, pages, ..Extent::new(STALE_AFTER, &BundledZones) };
        let viewer = stage.viewer();
        let weigh = &server::dry_run::weigh;
        dry_run(&ports, &viewer, extent, &wish(&stage), weigh).await.expect("a dry run")
    };
    let some = run(2, 2).await;
    assert_eq!((some.events, some.of, some.total.before.messages), (4, 10, 4));
    assert_eq!(some.since, at(6 * 60), "counted from the oldest that was looked at");
    let all = run(11, 1).await;
    assert_eq!((all.events, all.of, all.since), (10, 10, at(3600).minus(SPAN)));
    let capped = Wish { cap: Some(3), ..wish(&stage) };
    let capped = stage.forecast(capped, 4, at(3600)).await.expect("a dry run");
    assert_eq!((capped.total.before.messages, capped.total.before.over_cap), (10, 0));
    assert_eq!((capped.total.after.messages, capped.total.after.over_cap), (3, 7));
}

async fn the_run_up_is_known_and_not_counted(world: World) {
    let stage = shop(&world, 1).await;
    // The same news of the same parcel again, two minutes later; between them the span begins.
    let delivery = world.new_delivery(&stage.tenant, at(120));
    let mut again = world.new_event(&stage.tenant, &delivery, "0");
    again.dedup_key = "again".into();
    world.understand(&delivery, vec![again]).await;
    let run = stage.forecast(wish(&stage), 100, at(60).plus(SPAN)).await.expect("a dry run");
    assert_eq!((run.events, run.total.before.messages), (1, 0));
    assert_eq!(run.total.before.held_back, BTreeMap::from([(RuleCode::NotAlreadyTold, 1)]));
}

async fn a_delivery_that_two_pages_share_is_heard_as_one(world: World) {
    let stage = shop(&world, 0).await;
    // The first news names nobody; the second, of the same order and delivery, does. A third is alone.
    let delivery = world.new_delivery(&stage.tenant, at(60));
    let mut bare = world.new_event(&stage.tenant, &delivery, "0");
    bare.dedup_key = "bare".into();
    bare.event.status = EventStatus::Shipped;
    (bare.event.facts.phone, bare.event.facts.phone_raw) = (None, None);
    let whole = world.new_event(&stage.tenant, &delivery, "0");
    world.understand(&delivery, vec![bare, whole]).await;
    let delivery = world.new_delivery(&stage.tenant, at(120));
    let alone = world.new_event(&stage.tenant, &delivery, "1");
    world.understand(&delivery, vec![alone]).await;
    let whole = stage.forecast(wish(&stage), 100, at(180)).await.expect("a dry run");
    let held = &whole.total.before.held_back;
    assert_eq!(held.get(&RuleCode::RecipientUsable), None, "{held:?}");
    for page in [1, 2] {
        let cut = stage.forecast(wish(&stage), page, at(180)).await.expect("a dry run");
        assert_eq!(cut, whole, "pages of {page}");
    }
}

async fn a_wish_on_an_old_matrix_is_a_conflict(world: World) {
    let stage = shop(&world, 0).await;
    let (account, brand) = (stage.tenant.account, stage.tenant.brand);
    let settings = world.store.channel_settings(account, brand, Channel::Whatsapp).await;
    let version = settings.expect("settings").version;
    let on = |version| Wish { version: Some(version), ..wish(&stage) };
    let ran = stage.forecast(on(version), 100, at(60)).await.expect("a dry run");
    assert_eq!((ran.events, ran.cells.len()), (0, 0));
    let stale = stage.forecast(on(version - 1), 100, at(60)).await;
    assert_eq!(stale, Err(Error::Conflict));
    let other = Stage { world: &world, tenant: world.tenant("eve").await };
    let asked = other.forecast(wish(&stage), 100, at(60)).await;
    assert_eq!(asked, Err(Error::NotFound));
    let sms = Wish { channel: "sms".into(), ..wish(&stage) };
    let unknown = Err(Error::invalid("channel", "unknown"));
    assert_eq!(stage.forecast(sms, 100, at(60)).await, unknown);
}
