//! Each rule stops by itself, in its place, and everything after it is not reached.

use super::*;
use crate::brand::{
    BrandState, ChannelState, ConsentBasis, CountryLanguages, CountryRow, SenderState,
};
use crate::cascade::Cascades;
use crate::channel::{Channel, TrackingStatus};
use crate::event::{Direction, Facts};
use crate::id::{AccountId, BrandId, ConnectionId, DeliveryId, IdSource, MessageId, SenderId};
use crate::quiet::QuietHours;
use crate::source::Source;
use crate::starter;
use crate::timing::{Cap, Merge, Timing};
use crate::zone::{LocalTime, Zones};

struct Zero;
impl IdSource for Zero {
    fn random(&self) -> u128 {
        0
    }
}

/// Everywhere one hour ahead of UTC.
#[derive(Debug)]
struct OneHourAhead;
impl Zones for OneHourAhead {
    fn local(&self, _: &str, at: Timestamp) -> LocalTime {
        let at = at.plus(Duration::from_secs(3600));
        let (hour, minute, _) = at.clock_time();
        LocalTime { date: at.date(), minute: u16::from(hour) * 60 + u16::from(minute) }
    }
    fn moment(&self, _: &str, reading: LocalTime) -> Timestamp {
        let minutes = u64::from(reading.minute);
        reading
            .date
            .start()
            .plus(Duration::from_secs(minutes * 60))
            .minus(Duration::from_secs(3600))
    }
}

struct World {
    event: Event,
    brand: Brand,
    channel: ChannelSettings,
    sender: Sender,
}

const NOW: Timestamp = Timestamp::from_seconds(1_795_161_600);

fn world() -> World {
    let account = AccountId::mint(NOW, &Zero);
    let brand = BrandId::mint(NOW, &Zero);
    let row = CountryRow { on: true, statuses: TrackingStatus::ALL.iter().copied().collect() };
    World {
        event: Event {
            account,
            id: EventId::mint(NOW, &Zero),
            brand,
            connection: ConnectionId::mint(NOW, &Zero),
            delivery: DeliveryId::mint(NOW, &Zero),
            source: Source::Sendcloud,
            status: EventStatus::Delivered,
            direction: Direction::Outbound,
            test: false,
            occurred_at: NOW,
            received_at: NOW,
            facts: Facts {
                order_number: Some("A-1".into()),
                tracking_number: Some("T1".into()),
                carrier: Some("postnl".into()),
                country: "FR".parse().ok(),
                phone: Some("+33639980012".into()),
                name: Some("Camille Durand".into()),
                ..Facts::default()
            },
        },
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
        channel: ChannelSettings {
            state: ChannelState::On,
            consent_basis: Some(ConsentBasis::CollectedByShop),
            countries: [("FR".parse().expect("a country"), row)].into(),
            ..ChannelSettings::untouched(Channel::Whatsapp)
        },
        sender: Sender {
            id: SenderId::mint(NOW, &Zero),
            channel: Channel::Whatsapp,
            state: SenderState::Ready,
            one_way: false,
        },
    }
}

/// The same again, to be changed.
fn another(world: &World) -> World {
    World {
        event: world.event.clone(),
        brand: world.brand.clone(),
        channel: world.channel.clone(),
        sender: world.sender.clone(),
    }
}

fn situation(world: &World) -> Situation<'_> {
    Situation {
        preferences_url: Some("https://links.example/u".to_owned()),
        event: &world.event,
        contact_remembered: false,
        brand: &world.brand,
        plan: Plan::Growth,
        channel: &world.channel,
        sender: Some(&world.sender),
        opted_out_at: None,
        consent_at: None,
        silenced_at: None,
        marketing_at: None,
        before: Before::default(),
        newer: None,
        variants: world.event.status.tracking().map_or(&[], starter::variants),
        now: NOW,
        stale_after: Duration::from_secs(72 * 3600),
        zones: &OneHourAhead,
    }
}

fn reason(world: &World, change: impl for<'a> Fn(&mut Situation<'a>)) -> Option<RuleCode> {
    let mut situation = situation(world);
    change(&mut situation);
    let decision = decide(&situation);
    assert_eq!(decision.rules.len(), RuleCode::ALL.len());
    let stop = decision.rules.iter().position(|r| r.result == RuleResult::Stopped);
    for (i, rule) in decision.rules.iter().enumerate() {
        assert_eq!(rule.code, RuleCode::ALL[i]);
        let expected = match stop {
            Some(s) if i == s => RuleResult::Stopped,
            Some(s) if i > s => RuleResult::NotReached,
            _ => RuleResult::Passed,
        };
        assert_eq!(rule.result, expected);
    }
    assert_eq!(decision.draft.is_some(), decision.reason.is_none());
    decision.reason
}

#[test]
fn an_ordinary_parcel_is_told_in_the_countrys_language() {
    let world = world();
    let decision = decide(&situation(&world));
    assert_eq!(decision.verdict, Verdict::Send);
    let draft = decision.draft.expect("a message");
    assert_eq!(draft.language.code(), "fr");
    assert!(draft.rendered.body.contains("Camille") && draft.rendered.body.contains("PostNL"));
}

#[test]
fn each_rule_stops_by_itself() {
    let base = world();
    assert_eq!(reason(&base, |_| ()), None);
    assert_eq!(reason(&base, |s| s.plan = Plan::Free), Some(RuleCode::PlanAllows));
    assert_eq!(reason(&base, |s| s.opted_out_at = Some(NOW)), Some(RuleCode::NotOptedOut));
    assert_eq!(reason(&base, |s| s.silenced_at = Some(NOW)), Some(RuleCode::StatusWanted));
    assert_eq!(reason(&base, |s| s.sender = None), Some(RuleCode::SenderReady));
    assert_eq!(reason(&base, |s| s.variants = &[]), Some(RuleCode::TemplateReady));
    let told = Told { event: base.event.id, at: NOW };
    assert_eq!(reason(&base, |s| s.before.told = Some(told)), Some(RuleCode::NotAlreadyTold));
    let newer = Newer { status: EventStatus::Delivered, occurred_at: NOW };
    assert_eq!(reason(&base, |s| s.newer = Some(newer)), Some(RuleCode::InOrder));
    let later = NOW.plus(Duration::from_secs(73 * 3600));
    assert_eq!(reason(&base, |s| s.now = later), Some(RuleCode::NotStale));
    let edge = NOW.plus(Duration::from_secs(72 * 3600));
    assert_eq!(reason(&base, |s| s.now = edge), None);

    for (change, code) in [
        (
            (|w: &mut World| w.event.status = EventStatus::InTransit) as fn(&mut World),
            RuleCode::Notifies,
        ),
        (|w| w.event.test = true, RuleCode::NotTest),
        (|w| w.event.facts.phone = None, RuleCode::RecipientUsable),
        (|w| w.event.facts.country = None, RuleCode::RecipientUsable),
        (|w| w.brand.state = BrandState::Archived, RuleCode::BrandActive),
        (|w| w.channel.state = ChannelState::Off, RuleCode::ChannelActivated),
        (|w| w.channel.countries.clear(), RuleCode::CountryOn),
        (|w| w.channel.countries.values_mut().for_each(|r| r.on = false), RuleCode::CountryOn),
        (|w| w.channel.countries.values_mut().for_each(|r| r.statuses.clear()), RuleCode::StatusOn),
        (|w| w.channel.consent_basis = None, RuleCode::ConsentBasis),
        (|w| w.channel.consent_basis = Some(ConsentBasis::OnRecord), RuleCode::ConsentBasis),
        (|w| w.sender.state = SenderState::Paused, RuleCode::SenderReady),
    ] {
        let mut world = world();
        change(&mut world);
        assert_eq!(reason(&world, |_| ()), Some(code));
    }
    let mut on_record = world();
    on_record.channel.consent_basis = Some(ConsentBasis::OnRecord);
    assert_eq!(reason(&on_record, |s| s.consent_at = Some(NOW)), None);
}

#[test]
fn a_message_waits_for_the_end_of_quiet_hours_unless_its_news_is_urgent() {
    // 08:00 UTC is 09:00 there.
    let mut quiet = world();
    quiet.brand.quiet =
        QuietHours { on: true, from: 20 * 60, until: 10 * 60, ..QuietHours::default() };
    let decision = decide(&situation(&quiet));
    assert_eq!((decision.verdict, decision.reason), (Verdict::Hold, Some(RuleCode::WithinHours)));
    let last = rule(&decision, RuleCode::WithinHours);
    assert_eq!(last.result, RuleResult::Held);
    for (fact, value) in [
        ("local", "2026-11-20 09:00"),
        ("zone", "Europe/Paris"),
        ("hours", "20:00-10:00"),
        ("until", "2026-11-20T09:00:00.000000Z"),
        ("until_local", "2026-11-20 10:00"),
    ] {
        assert_eq!(last.saw.get(fact), Some(value), "{fact}");
    }
    let draft = decision.draft.expect("a message");
    assert_eq!(draft.held_until, Some(NOW.plus(Duration::from_secs(3600))));

    quiet.brand.quiet.urgent.insert(TrackingStatus::Delivered);
    let urgent = decide(&situation(&quiet));
    assert_eq!((urgent.verdict, urgent.reason), (Verdict::Send, None));
    assert!(rule(&urgent, RuleCode::WithinHours).saw.get("urgent").is_some());
    assert_eq!(urgent.draft.expect("a message").held_until, None);

    quiet.brand.quiet = QuietHours { on: false, ..quiet.brand.quiet };
    assert_eq!(decide(&situation(&quiet)).verdict, Verdict::Send);
    // What an earlier rule stops is not held.
    let mut off = world();
    off.brand.quiet = QuietHours { on: true, from: 20 * 60, until: 600, ..QuietHours::default() };
    off.sender.state = SenderState::Paused;
    let stopped = decide(&situation(&off));
    assert_eq!((stopped.verdict, stopped.reason), (Verdict::Skip, Some(RuleCode::SenderReady)));
}

fn rule(decision: &Decision, code: RuleCode) -> &RuleOutcome {
    decision.rules.iter().find(|rule| rule.code == code).expect("the rule")
}

fn fact<'a>(decision: &'a Decision, code: RuleCode, name: &str) -> Option<&'a str> {
    rule(decision, code).saw.get(name)
}

#[test]
fn a_cap_stops_what_comes_after_it_unless_it_is_urgent() {
    let mut world = world();
    let decided = |world: &World, order, day| {
        let mut situation = situation(world);
        situation.before.tally = Tally { order, day };
        decide(&situation)
    };
    let cap = |on| Timing { cap: Cap { on, ..Cap::default() }, ..Timing::default() };
    world.brand.timing = cap(false);
    assert_eq!(decided(&world, Some(99), Some(99)).verdict, Verdict::Send, "no cap");
    world.brand.timing = cap(true);
    assert_eq!(decided(&world, None, None).verdict, Verdict::Send, "nothing to count by");
    assert_eq!(decided(&world, Some(2), Some(9)).verdict, Verdict::Send, "one more");
    let order = decided(&world, Some(3), Some(3));
    assert_eq!((order.verdict, order.reason), (Verdict::Skip, Some(RuleCode::WithinCap)));
    for (name, value) in [("over", "order"), ("order", "3"), ("order_limit", "3"), ("day", "3")] {
        assert_eq!(fact(&order, RuleCode::WithinCap, name), Some(value), "{name}");
    }
    let day = decided(&world, Some(1), Some(10));
    assert_eq!(fact(&day, RuleCode::WithinCap, "over"), Some("day"));
    // Urgent as the quiet hours say it, although they are off.
    world.event.status = EventStatus::OutForDelivery;
    let urgent = decided(&world, Some(7), Some(70));
    assert_eq!((urgent.verdict, urgent.reason), (Verdict::Send, None));
    assert!(fact(&urgent, RuleCode::WithinCap, "urgent").is_some());
}

#[test]
fn news_waits_for_more_of_its_order_and_joins_what_waits() {
    let mut world = world();
    world.event.status = EventStatus::Shipped;
    world.brand.timing.merge = Merge { on: true, minutes: 15 };
    let until = NOW.plus(Duration::from_secs(15 * 60));
    let first = decide(&situation(&world));
    assert_eq!((first.verdict, first.reason), (Verdict::Hold, Some(RuleCode::Gathered)));
    assert_eq!(fact(&first, RuleCode::Gathered, "until_local"), Some("2026-11-20 09:15"));
    assert_eq!(first.draft.expect("a message").held_until, Some(until));

    let message = MessageId::mint(NOW, &Zero);
    let joined = {
        let mut situation = situation(&world);
        situation.before.waiting = Some(Waiting { message, until });
        decide(&situation)
    };
    assert_eq!((joined.verdict, joined.reason), (Verdict::Skip, Some(RuleCode::NotJoined)));
    let named = fact(&joined, RuleCode::NotJoined, "message").map(str::to_owned);
    assert_eq!(named, Some(message.to_string()), "it is said which message tells it");

    let at_once = |world: &World| {
        let decision = decide(&situation(world));
        assert_eq!(decision.verdict, Verdict::Send);
        fact(&decision, RuleCode::Gathered, "at_once").map(str::to_owned)
    };
    let mut urgent = another(&world);
    urgent.event.status = EventStatus::OutForDelivery;
    assert_eq!(at_once(&urgent).as_deref(), Some("urgent"));
    let mut alone = another(&world);
    alone.event.status = EventStatus::Delivered;
    alone.event.facts.order_number = None;
    assert_eq!(at_once(&alone).as_deref(), Some("alone"), "nothing can come after it");
    // Quiet from 09:10, it is 09:00 there: rather before than the morning after.
    let mut evening = another(&world);
    evening.brand.quiet = QuietHours { on: true, from: 550, until: 600, ..QuietHours::default() };
    assert_eq!(at_once(&evening).as_deref(), Some("quiet"));
    // In the quiet hours themselves it waits for their end, and can be joined until then.
    evening.brand.quiet.from = 500;
    assert_eq!(decide(&situation(&evening)).reason, Some(RuleCode::WithinHours));
    world.brand.timing.merge.on = false;
    assert_eq!(at_once(&world), None);
}

#[test]
fn a_message_is_counted_by_order_and_by_the_recipients_day() {
    let mut world = world();
    let counted = |world: &World, now| {
        counters(&world.event, &world.brand, &OneHourAhead, now, |key, _| {
            u32::from(key.starts_with("o:")) * 2
        })
    };
    assert_eq!(counted(&world, NOW), [], "no cap, nothing to count");
    world.brand.timing.cap.on = true;
    let both = counted(&world, NOW);
    assert_eq!(Tally::of(&both), Tally { order: Some(2), day: Some(0) });
    let place = |counter: &Counter| (counter.key.clone(), counter.day);
    let day = NOW.date().days();
    assert_eq!(place(&both[0]), ("o:A-1".to_owned(), 0));
    assert_eq!(place(&both[1]), ("r:+33639980012".to_owned(), day));
    assert_eq!(counter_keys(&world.event), both.iter().map(|c| c.key.clone()).collect::<Vec<_>>());
    // 22:59 UTC is 23:59 there, 23:00 the next day.
    let before = NOW.plus(Duration::from_secs(15 * 3600 - 60));
    assert_eq!(counted(&world, before)[1].day, day);
    assert_eq!(counted(&world, before.plus(Duration::from_secs(60)))[1].day, day + 1);
    world.brand.timing.cap.per_order = None;
    assert_eq!(counted(&world, NOW).len(), 1);
}

#[test]
fn a_brand_may_choose_the_language_of_a_country() {
    let chosen = |world: &World| {
        let decision = decide(&situation(world));
        let rule = decision.rules.into_iter().find(|rule| rule.code == RuleCode::TemplateReady);
        let saw = rule.expect("the rule").saw;
        let of = |fact: &str| saw.get(fact).unwrap_or_default().to_owned();
        (of("language"), of("chosen_by"), of("country_language"))
    };
    let told = |language: &str, step: &str, by: &str| {
        (language.to_owned(), step.to_owned(), by.to_owned())
    };
    let mut world = world();
    world.event.facts.locale = None;
    assert_eq!(chosen(&world), told("fr", "country", ""));
    let france = "FR".parse().expect("a country");
    world.brand.languages.0.insert(france, "de".parse().expect("a language"));
    assert_eq!(chosen(&world), told("de", "country", "brand"));
    // A language nobody has written in is passed over, and what people say themselves goes before all.
    world.brand.languages.0.insert(france, "ja".parse().expect("a language"));
    assert_eq!(chosen(&world), told("en", "brand", ""));
    world.event.facts.locale = "nl".parse().ok();
    assert_eq!(chosen(&world), told("nl", "recipient", ""));
}

#[test]
fn what_advertises_needs_consent_of_its_own() {
    let world = world();
    let status = world.event.status.tracking().expect("news");
    let selling: Vec<Variant> = starter::variants(status)
        .iter()
        .map(|variant| Variant { category: Category::Marketing, ..variant.clone() })
        .collect();
    let mut situation = situation(&world);
    situation.variants = &selling;
    // Consent to news is none to advertising.
    situation.consent_at = Some(NOW);
    assert_eq!(decide(&situation).reason, Some(RuleCode::MarketingConsent));
    situation.marketing_at = Some(NOW);
    let draft = decide(&situation).draft.expect("a message");
    assert_eq!(draft.category, Category::Marketing);
}

#[test]
fn a_number_is_never_written_whole_into_a_reason() {
    assert_eq!(mask_phone("+33639980012"), "+33 6 ** ** ** 12".to_owned() + "");
    assert_eq!(mask_phone("+123"), "**");
    let world = world();
    let decision = decide(&situation(&world));
    assert!(!format!("{:?}", decision.rules).contains("639980"));
}
