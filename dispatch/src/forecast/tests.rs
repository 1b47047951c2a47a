//! What the replay promises by itself; that it equals what really happens is tested on real stores.

use super::*;
use crate::brand::{
    Brand, BrandState, ChannelSettings, CountryLanguages, CountryRow, Sender, SenderState,
};
use crate::cascade::Cascades;
use crate::event::{Direction, Event, Facts};
use crate::id::{AccountId, BrandId, ConnectionId, DeliveryId, EventId, SenderId};
use crate::money::Currency;
use crate::plan::Plan;
use crate::port::{ChannelFile, Gathered};
use crate::quiet::QuietHours;
use crate::source::Source;
use crate::starter;
use crate::timing::{Cap, Merge, Timing};
use crate::zone::{LocalTime, Zones};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;

const NOW: Timestamp = Timestamp::from_seconds(1_795_161_600);

/// News may be three days old; every clock shows UTC.
const TERMS: (Duration, &dyn Zones) = (Duration::from_secs(72 * 3600), &Utc);

#[derive(Debug)]
struct Utc;

impl Zones for Utc {
    fn local(&self, _: &str, at: Timestamp) -> LocalTime {
        let (hour, minute, _) = at.clock_time();
        LocalTime { date: at.date(), minute: u16::from(hour) * 60 + u16::from(minute) }
    }

    fn moment(&self, _: &str, reading: LocalTime) -> Timestamp {
        reading.date.start().plus(Duration::from_secs(u64::from(reading.minute) * 60))
    }
}

fn france() -> Country {
    "FR".parse().expect("a country")
}

fn file() -> BrandFile {
    let (account, brand) = (AccountId::least(NOW), BrandId::least(NOW));
    let mut whatsapp = ChannelSettings::untouched(Channel::Whatsapp);
    whatsapp.state = ChannelState::On;
    whatsapp.consent_basis = Some(ConsentBasis::CollectedByShop);
    let statuses = TrackingStatus::ALL.iter().copied().collect();
    whatsapp.countries.insert(france(), CountryRow { on: true, statuses });
    let sender = Sender {
        id: SenderId::least(NOW),
        channel: Channel::Whatsapp,
        state: SenderState::Ready,
        one_way: false,
    };
    let way = ChannelFile { settings: whatsapp, sender: Some(sender) };
    BrandFile {
        brand: Brand {
            account,
            id: brand,
            name: "Maison Lune".into(),
            state: BrandState::Active,
            language: Language::english(),
            whatsapp_number: None,
            languages: CountryLanguages::default(),
            quiet: QuietHours::default(),
            cascades: Cascades::default(),
            timing: Timing::default(),
        },
        plan: Plan::Growth,
        channels: BTreeMap::from([(Channel::Whatsapp, way)]),
        shelf: TrackingStatus::ALL.iter().map(|s| (*s, starter::variants(*s).to_vec())).collect(),
    }
}

/// Event number `number`, of one of a hundred parcels: news comes again and again.
fn event(number: u32) -> Event {
    let received_at = NOW.plus(Duration::from_secs(u64::from(number)));
    let statuses = [EventStatus::Shipped, EventStatus::OutForDelivery, EventStatus::Delivered];
    let parcel = number % 100;
    Event {
        account: AccountId::least(NOW),
        id: EventId::least(received_at),
        brand: BrandId::least(NOW),
        connection: ConnectionId::least(NOW),
        delivery: DeliveryId::least(received_at),
        source: Source::Sendcloud,
        status: statuses[number as usize / 100 % 3],
        direction: Direction::Outbound,
        test: false,
        occurred_at: received_at,
        received_at,
        facts: Facts {
            order_number: Some(format!("A-{parcel}")),
            tracking_number: Some(format!("T-{parcel}")),
            carrier: Some("postnl".into()),
            country: Some(france()),
            phone: (number < 100).then(|| "+33639980012".to_owned()),
            ..Facts::default()
        },
    }
}

fn backwards<'z>(sheets: Vec<Sheet<'z>>) -> Vec<Weighed<'z>> {
    let mut weighed: Vec<Weighed<'z>> = sheets.into_iter().rev().map(Sheet::weigh).collect();
    weighed.reverse();
    weighed
}

fn run(proposals: &[Proposal], events: u32, page: usize) -> DryRun {
    let mut replay = Replay::new(file(), proposals, TERMS, NOW);
    let events: Vec<Event> = (0..events).map(event).collect();
    for part in events.chunks(page) {
        let opened = replay.open(part.to_vec());
        replay.take(opened, Gathered::default(), &backwards);
    }
    let price = Money::new(140_000, Currency::EUR);
    replay.finish(NOW, None, Some(price))
}

#[test]
fn pages_and_sheets_change_nothing() {
    let off = CellChange::Status { country: france(), status: TrackingStatus::Shipped, on: false };
    let proposals = [Proposal::Matrix(vec![off])];
    let whole = run(&proposals, 5_000, 5_000);
    assert_eq!(
        (whole.events, whole.total.before.messages, whole.total.after.messages),
        (5_000, 300, 200)
    );
    assert_eq!(whole.total.before.cost, Some(Money::new(42_000_000, Currency::EUR)));
    for page in [1_u32, 99, 1_025] {
        assert_eq!(run(&proposals, 5_000, page as usize), whole, "pages of {page}");
    }
}

#[test]
fn a_page_ends_between_moments() {
    let events: Vec<Event> = [0, 1, 1, 1].into_iter().map(event).collect();
    assert_eq!(Replay::last_moment(&events), 1);
    assert_eq!(Replay::last_moment(&events[1..]), 0, "all of one moment wait");
    assert_eq!(Replay::last_moment(&[]), 0);
}

#[test]
fn a_text_that_lacks_a_value_is_held_back_where_it_is_written() {
    let text = |body: &str| Wish {
        texts: vec![DraftText {
            status: TrackingStatus::Delivered,
            language: "fr".parse().expect("a language"),
            category: None,
            content: Content { body: body.into(), ..Content::default() },
        }],
        ..Wish::default()
    };
    let missing = text("Bonjour, le créneau est <<delivery_slot>> aujourd'hui.");
    let run = |wish: &Wish| run(&wish.proposals(&file()), 300, 64);
    let lacking = run(&missing);
    assert_eq!((lacking.total.before.messages, lacking.total.after.messages), (300, 200));
    assert_eq!(lacking.total.after.held_back, BTreeMap::from([(RuleCode::TagsResolved, 100)]));
    let fallback = run(&text("Bonjour, le créneau est <<delivery_slot|libre>> aujourd'hui."));
    assert_eq!(fallback.total.after.messages, 300);
}

#[test]
fn a_text_is_the_version_that_saving_would_make() {
    let status = TrackingStatus::Delivered;
    let asked = |language: &str, shelf: &[(&str, i64, Review)]| {
        let mut file = file();
        let own = shelf.iter().map(|(code, version, review)| Variant {
            language: code.parse().expect("a language"),
            version: *version,
            review: *review,
            category: Category::Marketing,
            ..starter::variants(status)[0].clone()
        });
        file.shelf.insert(status, own.collect());
        let text = DraftText {
            status,
            language: language.parse().expect("a language"),
            category: None,
            content: Content { body: "x".into(), ..Content::default() },
        };
        let wish = Wish { texts: vec![text], ..Wish::default() };
        match wish.proposals(&file).as_slice() {
            [Proposal::Template { variants, .. }] => {
                let one = variants.last().expect("a variant").clone();
                (variants.len(), one.version, one.category)
            }
            other => panic!("{other:?}"),
        }
    };
    let (draft, approved) = (Review::Draft, Review::Approved);
    assert_eq!(asked("de", &[]), (1, 1, Category::Utility));
    assert_eq!(asked("de", &[("pt", 7, approved)]), (2, 1, Category::Utility));
    assert_eq!(asked("de", &[("de", 0, draft)]), (1, 1, Category::Marketing), "the library's");
    let two = [("de", 1, approved), ("de", 2, draft)];
    assert_eq!(asked("de", &two), (1, 2, Category::Marketing), "over the draft");
    assert_eq!(asked("de", &two[..1]), (1, 2, Category::Marketing), "the next");
}

#[test]
fn the_figures_of_a_news_are_those_of_its_countries() {
    let off = CellChange::Status { country: france(), status: TrackingStatus::Shipped, on: false };
    let run = run(&[Proposal::Matrix(vec![off])], 5_000, 512);
    let shipped = run.news(TrackingStatus::Shipped);
    let cell = run.cells.iter().find(|cell| cell.status == TrackingStatus::Shipped);
    assert_eq!(shipped, cell.expect("a cell").figures);
    assert_eq!((shipped.before.messages, shipped.after.messages), (100, 0));
    let whole: i64 = TrackingStatus::ALL.iter().map(|s| run.news(*s).before.messages).sum();
    assert_eq!(whole, run.total.before.messages);
    let none = run.news(TrackingStatus::Delayed);
    assert_eq!((none.events, none.after.cost), (0, Some(Money::new(0, Currency::EUR))));
}

#[test]
fn an_amount_pays_for_whole_messages() {
    let euro = |micros| Money::new(micros, Currency::EUR);
    assert_eq!(messages_for(euro(1_000_000), euro(140_000)), Some(7));
    assert_eq!(messages_for(euro(139_999), euro(140_000)), Some(0));
    assert_eq!(messages_for(euro(1_000_000), euro(0)), None);
}

#[test]
fn a_cap_stops_messages_and_leaves_decisions_as_they_are() {
    let capped = run(&[Proposal::Cap(150)], 5_000, 128);
    let after = &capped.total.after;
    assert_eq!((after.messages, after.over_cap), (150, 150));
    assert_eq!(after.held_back, capped.total.before.held_back, "news over the cap counts as told");
    let delivered = &capped.cells.iter().find(|c| c.status == TrackingStatus::Delivered);
    assert_eq!(delivered.expect("a cell").figures.after.over_cap, 100);
}

#[test]
fn a_channel_that_is_off_is_forecast_as_if_it_was_on() {
    let mut off = file();
    let settings = &mut off.channel_mut(Channel::Whatsapp).settings;
    settings.state = ChannelState::Off;
    settings.consent_basis = None;
    let proposals = [Proposal::Activate(ConsentBasis::CollectedByShop)];
    let mut replay = Replay::new(off, &proposals, TERMS, NOW);
    let page = replay.open((0..100).map(event).collect());
    replay.take(page, Gathered::default(), &backwards);
    let run = replay.finish(NOW, None, None);
    assert_eq!((run.total.before.messages, run.total.after.messages), (0, 100));
    assert_eq!((run.total.after.cost, run.price), (None, None));
}

#[test]
fn a_wish_reads_as_its_head_says_and_a_forecast_reads_back() {
    let wish: Wish = serde_json::from_str(
        r#"{"brand": "brd_1", "channel": "whatsapp", "version": 7,
            "changes": [{"kind": "status", "country": "IT", "status": "delayed", "on": true},
                        {"kind": "country", "country": "ES", "on": false},
                        {"kind": "remove_country", "country": "BE"}],
            "texts": [{"status": "shipped", "language": "fr", "content": {"body": "…"}}],
            "cap": 500, "activate": "on_record"}"#,
    )
    .expect("a wish");
    assert_eq!((wish.changes.len(), wish.texts.len(), wish.cap), (3, 1, Some(500)));
    assert_eq!(wish.proposals(&file()).len(), 4);
    let ran = run(&[Proposal::Cap(10)], 700, 64);
    let text = serde_json::to_string(&ran).expect("JSON");
    assert_eq!(serde_json::from_str::<DryRun>(&text).expect("read back"), ran);
    assert!(text.contains(r#""held_back":{"not_already_told":"#), "{text}");
}

#[test]
fn what_cannot_be_asked_names_the_part() {
    let wish = |change: fn(&mut Wish)| {
        let mut wish = Wish::default();
        change(&mut wish);
        check_wish(&wish)
    };
    assert_eq!(wish(|_| ()), Ok(Channel::Whatsapp));
    assert_eq!(wish(|w| w.channel = "sms".into()), Err(Error::invalid("channel", "unknown")));
    assert_eq!(wish(|w| w.cap = Some(-1)), Err(Error::invalid("cap", "range")));
    let long = |w: &mut Wish| {
        w.texts.push(DraftText {
            status: TrackingStatus::Shipped,
            language: Language::english(),
            category: None,
            content: Content { body: "x".repeat(100_000), ..Content::default() },
        });
    };
    assert_eq!(wish(long), Err(Error::invalid("texts", "format")));
}

/// How many messages a brand's own timing leaves of these events, as it stands.
fn told(timing: Timing, events: &[Event]) -> DryRun {
    let mut file = file();
    file.brand.timing = timing;
    let mut replay = Replay::new(file, &[], TERMS, NOW);
    let opened = replay.open(events.to_vec());
    replay.take(opened, Gathered::default(), &backwards);
    replay.finish(NOW, None, None)
}

fn any_event() -> impl Strategy<Value = Event> {
    // Seconds from the first; order, parcel of it, person, news.
    (0..400_000_u32, 0..3_u32, 0..4_u32, 0..3_u32, select(TrackingStatus::ALL)).prop_map(
        |(second, order, parcel, person, status)| {
            let mut event = event(0);
            event.received_at = NOW.plus(Duration::from_secs(u64::from(second)));
            event.occurred_at = event.received_at;
            event.id = EventId::least(event.received_at);
            event.status = status.into();
            event.facts.order_number = (order > 0).then(|| format!("A-{order}"));
            event.facts.tracking_number = Some(format!("T-{order}-{parcel}"));
            event.facts.phone = Some(format!("+3363998001{person}"));
            event
        },
    )
}

fn any_timing() -> impl Strategy<Value = Timing> {
    let limit = || prop::option::of(1..6_u32);
    (limit(), limit(), any::<bool>(), 1..600_u32).prop_map(|(per_order, per_day, on, minutes)| {
        Timing {
            cap: Cap { on: true, per_order, per_day },
            merge: Merge { on, minutes },
            ..Timing::default()
        }
    })
}

proptest! {
    /// Nobody gets more than the cap allows, urgent news aside; and whatever is held back has a reason.
    #[test]
    fn a_cap_is_never_exceeded(timing in any_timing(), mut events in prop::collection::vec(any_event(), 1..60)) {
        events.sort_by_key(|event| event.id);
        events.dedup_by_key(|event| event.id);
        let urgent = &QuietHours::default().urgent;
        let run = told(timing, &events);
        let calm: i64 = run.cells.iter().filter(|c| !urgent.contains(&c.status)).map(|c| c.figures.before.messages).sum();
        let side = &run.total.before;
        prop_assert_eq!(side.messages + side.held_back.values().sum::<i64>(), run.events);
        let orders: BTreeSet<_> = events.iter().map(|e| e.facts.order_number.clone()).collect();
        if let Some(limit) = timing.cap.per_order.filter(|_| !orders.contains(&None)) {
            let most = i64::from(limit) * i64::try_from(orders.len()).expect("few");
            prop_assert!(calm <= most, "{} of {}", calm, most);
        }
        let days: BTreeSet<_> = events.iter().map(|e| (e.facts.phone.clone(), e.received_at.date())).collect();
        if let Some(limit) = timing.cap.per_day {
            let most = i64::from(limit) * i64::try_from(days.len()).expect("few");
            prop_assert!(calm <= most, "{} of {}", calm, most);
        }
        // Without either, at least as much is told.
        let free = told(Timing::default(), &events).total.before.messages;
        prop_assert!(side.messages <= free, "{} of {}", side.messages, free);
    }

    /// One message for each order, recipient and status within the wait; none of them is lost: it is told or joined.
    #[test]
    fn what_is_told_together_is_told_once(minutes in 1..200_u32, mut events in prop::collection::vec(any_event(), 1..60)) {
        events.sort_by_key(|event| event.id);
        events.dedup_by_key(|event| event.id);
        let merge = Timing { merge: Merge { on: true, minutes }, ..Timing::default() };
        let (together, alone) = (told(merge, &events), told(Timing::default(), &events));
        let joined = together.total.before.held_back.get(&RuleCode::NotJoined).copied().unwrap_or(0);
        prop_assert_eq!(together.total.before.messages + joined, alone.total.before.messages);
    }
}

#[test]
fn what_waits_on_the_channel_that_stands_in_is_joined_there() {
    let mut file = file();
    file.brand.timing.merge = Merge { on: true, minutes: 10 };
    let mut sms = file.channels[&Channel::Whatsapp].clone();
    sms.settings.channel = Channel::Sms;
    sms.sender.as_mut().expect("a sender").channel = Channel::Sms;
    file.channels.insert(Channel::Sms, sms);
    file.channel_mut(Channel::Whatsapp).sender = None;
    let parcel = |number: u64| {
        let mut event = event(0);
        event.received_at = NOW.plus(Duration::from_secs(number));
        event.id = EventId::least(event.received_at);
        event.status = EventStatus::Delivered;
        event.facts.order_number = Some("A-1".into());
        event.facts.tracking_number = Some(format!("T-{number}"));
        event
    };
    let mut replay = Replay::new(file, &[], TERMS, NOW);
    let opened = replay.open(vec![parcel(1), parcel(2)]);
    replay.take(opened, Gathered::default(), &backwards);
    let side = replay.finish(NOW, None, None).total.before;
    // WhatsApp's own reason for the second must not hide that the first tells it.
    assert_eq!((side.messages, side.later), (1, 1), "{side:?}");
    assert_eq!(side.held_back, BTreeMap::from([(RuleCode::NotJoined, 1)]));
}
