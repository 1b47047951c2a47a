//! Each rule finds its fault at its place, and a sound content is left alone.

use super::*;
use crate::template::content::ReplyAction;
use proptest::prelude::*;

const STATUS: TrackingStatus = TrackingStatus::OutForDelivery;

fn of(content: &Content) -> Vec<(Place, FindingCode)> {
    check(content, Category::Utility, STATUS)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Fault)
        .map(|finding| (finding.place, finding.code))
        .collect()
}

fn body(text: &str) -> Vec<(Place, FindingCode)> {
    of(&Content { body: text.into(), ..Content::default() })
}

fn with(change: impl Fn(&mut Content)) -> Vec<(Place, FindingCode)> {
    let mut content = Content {
        body: "Hello <<first_name|there>>, your parcel is on its way to you.".into(),
        ..Content::default()
    };
    change(&mut content);
    of(&content)
}

fn reply(label: &str) -> Button {
    Button { label: label.into(), act: ButtonAct::Reply { action: ReplyAction::Track } }
}

fn url(label: &str, url: &str) -> Button {
    Button { label: label.into(), act: ButtonAct::Url { url: url.into() } }
}

#[test]
fn a_sound_content_has_no_error() {
    assert_eq!(with(|_| ()), []);
    let full = with(|c| {
        c.header = Header::Text("Order <<order_number|of yours>>".into());
        c.footer = Some("Reply STOP to stop these messages.".into());
        c.buttons = vec![
            url("Track", "https://track.example.com/<<tracking_number|x>>"),
            url("Terms", "https://shop.example.com/terms"),
            reply("Another time"),
        ];
        c.sms = Some("On its way: <<tracking_url|see your mail>>".into());
        c.email = Some(Email {
            subject: "Your parcel".into(),
            text: "It comes today.".into(),
            html: Some("<p style=\"color: #123\">It comes on {day}.</p>".into()),
        });
    });
    assert_eq!(full, []);
}

#[test]
fn the_body_s_rules() {
    use FindingCode as F;
    let of = |text: &str| body(text).into_iter().map(|(_, code)| code).collect::<Vec<_>>();
    assert_eq!(of(" "), [F::Required]);
    assert_eq!(of(&"a ".repeat(513)), [F::TooLong]);
    assert_eq!(of("<<carrier|x>> is on its way to you"), [F::AtTheEdge]);
    assert_eq!(of("on its way to you with <<carrier|x>>\n"), [F::AtTheEdge]);
    assert_eq!(of("See it on its way: <<carrier|x>> <<name|y>> now."), [F::Neighbours]);
    assert_eq!(of("At <<carrier|x>> with <<name|x>> now"), [F::TooManyTags]);
    assert_eq!(of("Your parcel is with <<carier>> now."), [F::UnknownTag]);
    assert_eq!(of("Your parcel is with {{carrier}} now."), [F::Foreign]);
    assert_eq!(of("Your parcel is <<proof_url>> now."), [F::NotAText]);
    assert_eq!(of("Your parcel waits at <<pickup_point>> now."), [F::NeverProvided]);
    assert_eq!(of("Your parcel\u{202E} is on its way."), [F::Characters]);
    assert_eq!(of(&"a".repeat(LONGEST + 1)), [F::FarTooLong]);
}

#[test]
fn the_other_parts_rules() {
    use FindingCode as F;
    let header = |text: &str| with(|c| c.header = Header::Text(text.into()));
    assert_eq!(header(&"x".repeat(61)), [(Place::Header, F::TooLong)]);
    assert_eq!(header("<<carrier|x>> and <<name|y>>"), [(Place::Header, F::OneTagHere)]);
    assert_eq!(header("*Bold*"), [(Place::Header, F::NoMarkup)]);
    assert_eq!(header("a\nb"), [(Place::Header, F::OneLine)]);
    let image = |text: &str| with(|c| c.header = Header::Image(text.into()));
    assert_eq!(image("http://a.example/x.png"), [(Place::Header, F::Address)]);
    assert_eq!(image("<<proof_url>>"), [(Place::Header, F::NeverProvided)]);
    assert_eq!(with(|c| c.header = Header::Location), [(Place::Header, F::NeverProvided)]);
    let footer = |text: &str| with(|c| c.footer = Some(text.into()));
    assert_eq!(footer("by <<carrier>>"), [(Place::Footer, F::NoTagsHere)]);
    let buttons = |list: Vec<Button>| with(|c| c.buttons = list.clone());
    let mixed = vec![reply("a"), url("b", "https://a.example"), reply("c")];
    assert_eq!(buttons(mixed), [(Place::Buttons, F::Grouping)]);
    assert_eq!(buttons(vec![reply("a"), reply("a")]), [(Place::Button(1), F::SameLabel)]);
    let many = (0..11).map(|n| reply(&n.to_string())).collect();
    assert_eq!(buttons(many), [(Place::Buttons, F::TooManyButtons)]);
    let inside = vec![url("b", "https://a.example/<<carrier|x>>/x")];
    assert_eq!(buttons(inside), [(Place::Target(0), F::TagAtEnd)]);
    let mail = |html: &str| {
        let email = Email { subject: "x".into(), text: "x".into(), html: Some(html.into()) };
        with(|c| c.email = Some(email.clone()))
    };
    for bad in ["<script>", "<p ONCLICK = 'x'>", "<a href=javascript:x>"] {
        assert_eq!(mail(bad), [(Place::MailPage, F::UnsafeMarkup)], "{bad}");
    }
}

#[test]
fn a_page_of_placeholders_is_not_answered_with_its_square() {
    let many = format!("{} words {}", "<<first_name>> and ".repeat(40), "{{1}} ".repeat(9_000));
    let content = Content { body: many, ..Content::default() };
    let found = check(&content, Category::Utility, STATUS);
    let weight: usize = found.iter().filter_map(|f| f.repair.as_ref()).map(String::len).sum();
    assert!(weight < 4_000_000, "{weight} bytes of repairs");
    assert!(!passes(&found), "warnings push no fault out");
}

#[test]
fn a_repair_repairs() {
    for text in [
        "Your parcel is with {{carrier}} now, see [ORDER_ID] on it.",
        "Your parcel is with <<courier>> now and comes.",
        "Your parcel is with <<carrier|>> now and comes.",
        "Your parcel\u{202E} is on its way.",
    ] {
        let content = Content { body: text.into(), ..Content::default() };
        let found = check(&content, Category::Utility, STATUS);
        let repair = found.iter().find_map(|finding| finding.repair.clone()).expect("a repair");
        assert_eq!(body(&repair), [], "{repair}");
    }
}

proptest! {
    /// Nothing anybody pastes makes it fail, and every place it names can be shown.
    #[test]
    fn every_finding_points_into_its_text(text in r"(<<|>>|\{\{|\}\}|carrier|\||\n|é|😀|\u{202E}|[ -~]){0,60}") {
        let content = Content {
            header: Header::Text(text.clone()),
            body: text.clone(),
            footer: Some(text.clone()),
            buttons: vec![url(&text, &text)],
            sms: Some(text.clone()),
            email: Some(Email { subject: text.clone(), text: text.clone(), html: Some(text.clone()) }),
        };
        for finding in check(&content, Category::Utility, STATUS) {
            if let Some(at) = finding.at {
                prop_assert!(text.get(at.clone()).is_some(), "{:?} {at:?}", finding.code);
            }
        }
    }
}
