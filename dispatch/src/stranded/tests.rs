use super::*;
use crate::attempt::Failure;
use crate::id::IdSource;
use crate::zone::{LocalTime, Weekday};
use proptest::prelude::*;

struct Zero;
impl IdSource for Zero {
    fn random(&self) -> u128 {
        0
    }
}

#[derive(Debug)]
struct Utc;
impl Zones for Utc {
    fn local(&self, _: &str, at: Timestamp) -> LocalTime {
        let minute = at.seconds().rem_euclid(86_400) / 60;
        LocalTime { date: at.date(), minute: u16::try_from(minute).expect("a minute") }
    }
    fn moment(&self, _: &str, reading: LocalTime) -> Timestamp {
        reading.date.start().plus(Duration::from_secs(u64::from(reading.minute) * 60))
    }
}

const STALE_AFTER: Duration = Duration::from_secs(72 * 3600);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + seconds)
}

fn waiting() -> StrandedMessage {
    StrandedMessage {
        message: MessageId::mint(at(0), &Zero),
        step: 0,
        brand: BrandId::mint(at(0), &Zero),
        channel: Channel::Whatsapp,
        country: "FR".parse().expect("a country"),
        tracking_status: TrackingStatus::Delivered,
        reason: Stranded::Tries,
        occurred_at: at(0),
        subject: None,
        may_have_it: false,
        overtaken: false,
        brand_state: BrandState::Active,
        channel_state: ChannelState::On,
        sender: Some(SenderId::mint(at(0), &Zero)),
        recheck: Recheck::Passed,
        text_ready: true,
        quiet: QuietHours::default(),
    }
}

fn answers(follows: Consequence) -> [Answer; 5] {
    let failure = || Failure { follows, ..Failure::default() };
    [
        Answer::Accepted { provider_id: "w".into() },
        Answer::Unknown(failure()),
        Answer::Retry(failure()),
        Answer::Fallback(failure()),
        Answer::Refused(failure()),
    ]
}

const CONSEQUENCES: [Consequence; 10] = [
    Consequence::None,
    Consequence::Reconnect,
    Consequence::PauseNumber,
    Consequence::SlowPair,
    Consequence::SlowNumber,
    Consequence::SlowAccount,
    Consequence::ProviderDown,
    Consequence::PauseTemplate,
    Consequence::DisableTemplate,
    Consequence::RecipientStopped,
];

#[test]
fn what_somebody_may_have_never_waits_and_what_no_hand_mends_neither() {
    for follows in CONSEQUENCES {
        let [accepted, unknown, put_off, other, refused] = answers(follows);
        assert_eq!(Stranded::of(&accepted), None);
        assert_eq!(Stranded::of(&unknown), None);
        let mended_never =
            matches!(follows, Consequence::DisableTemplate | Consequence::RecipientStopped);
        assert_eq!(Stranded::of(&put_off).is_none(), mended_never, "{follows:?}");
        // A no to this person or this message is a no; only one about something of ours is not.
        let is_about_us = !mended_never && follows != Consequence::None;
        for answer in [other, refused] {
            assert_eq!(Stranded::of(&answer).is_some(), is_about_us, "{follows:?}");
        }
    }
    let [_, _, put_off, _, _] = answers(Consequence::None);
    assert_eq!(Stranded::of(&put_off), Some(Stranded::Tries));
}

#[test]
fn each_reason_alone_keeps_a_message_back() {
    let look = |one: &StrandedMessage, has_price| one.look(has_price, at(9), STALE_AFTER);
    let good = waiting();
    assert_eq!(look(&good, true).ok(), good.sender);
    assert_eq!(look(&good, false), Err(LeftOut::NoPrice));
    let but = |change: fn(&mut StrandedMessage)| {
        let mut one = waiting();
        change(&mut one);
        look(&one, true).expect_err("kept back")
    };
    assert_eq!(but(|one| one.may_have_it = true), LeftOut::NotWaiting);
    assert_eq!(but(|one| one.recheck = Recheck::OptedOut), LeftOut::OptedOut);
    assert_eq!(but(|one| one.recheck = Recheck::Unwanted), LeftOut::Unwanted);
    assert_eq!(but(|one| one.recheck = Recheck::NoMarketing), LeftOut::NoMarketing);
    assert_eq!(but(|one| one.recheck = Recheck::SenderNotReady), LeftOut::SenderNotReady);
    assert_eq!(but(|one| one.sender = None), LeftOut::SenderNotReady);
    assert_eq!(but(|one| one.overtaken = true), LeftOut::Overtaken);
    assert_eq!(but(|one| one.occurred_at = at(-72 * 3600)), LeftOut::Stale);
    assert_eq!(but(|one| one.brand_state = BrandState::Archived), LeftOut::BrandArchived);
    assert_eq!(but(|one| one.channel_state = ChannelState::Off), LeftOut::ChannelOff);
    assert_eq!(but(|one| one.text_ready = false), LeftOut::TemplateNotReady);
}

proptest! {
    /// The person's own word is heard whatever else is true.
    #[test]
    fn nothing_outweighs_the_persons_word(overtaken: bool, ready: bool, price: bool, age in 0i64..200) {
        let one = StrandedMessage {
            recheck: Recheck::OptedOut,
            overtaken,
            text_ready: ready,
            occurred_at: at(-age * 3600),
            ..waiting()
        };
        prop_assert_eq!(one.look(price, at(0), STALE_AFTER), Err(LeftOut::OptedOut));
        prop_assert!(LeftOut::OptedOut.is_final());
    }

    /// One after the other, never before the question and never in quiet hours.
    #[test]
    fn each_has_its_turn(before in 0i64..10_000, from in 0i64..200_000, on: bool) {
        let mut one = waiting();
        one.quiet = QuietHours { on, days: Weekday::ALL.iter().copied().collect(), ..QuietHours::default() };
        let due = one.due(before, at(from), &Utc);
        prop_assert!(due >= at(from).plus(Duration::from_millis(25 * before.unsigned_abs())));
        prop_assert!(one.due(before + 1, at(from), &Utc) >= due);
        if on {
            prop_assert_eq!(one.quiet.ends(Utc.local("UTC", due)), None);
        }
    }

    /// What is kept of a question reads back as it was.
    #[test]
    fn a_filter_reads_back(some: bool, since in 0i64..1_000_000) {
        let filter = ReplayFilter {
            ids: some.then(|| vec![MessageId::mint(at(0), &Zero)]),
            reason: some.then_some(Stranded::Template),
            since: Some(Timestamp::from_micros(since)),
            ..ReplayFilter::default()
        };
        let text = serde_json::to_string(&filter).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<ReplayFilter>(&text).expect("a filter"), filter);
    }
}
