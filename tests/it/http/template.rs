//! Texts through their forms: what is submitted, and what need not be.

use super::house::{House, Owner};
use dispatch::channel::TrackingStatus;
use dispatch::language::Language;
use dispatch::starter;
use dispatch::template::{ButtonAct, Content};
use dispatch::view::TemplateView;

const STATUS: TrackingStatus = TrackingStatus::Delivered;

async fn view(house: &House, ada: &Owner) -> TemplateView {
    let english = Language::english();
    house.store.template(ada.account, ada.brand, STATUS, &english).await.expect("asked")
}

/// Submits a content as the editor sends it, written from version and revision; status and body of the answer,
/// or where it leads.
async fn submit(ada: &Owner, content: &Content, (version, revision): (i64, i64)) -> (u16, String) {
    assert!(
        content.buttons.iter().all(|b| matches!(b.act, ButtonAct::Url { .. })),
        "of the starter's"
    );
    let mut form: Vec<(&str, String)> = vec![
        ("act", "submit".into()),
        ("version", version.to_string()),
        ("revision", revision.to_string()),
        ("category", "utility".into()),
        ("header_kind", content.header.kind().word().into()),
        ("header_text", content.header.text().into()),
        ("body", content.body.clone()),
        ("footer", content.footer.clone().unwrap_or_default()),
        ("sms", content.sms.clone().unwrap_or_default()),
    ];
    for button in &content.buttons {
        let ButtonAct::Url { url } = &button.act else { continue };
        form.extend([("button_label", button.label.clone()), ("button_target", url.clone())]);
        form.push(("button_kind", "url".into()));
    }
    if let Some(mail) = &content.email {
        form.push(("mail_subject", mail.subject.clone()));
        form.push(("mail_text", mail.text.clone()));
        form.push(("mail_html", mail.html.clone().unwrap_or_default()));
    }
    let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let answer =
        ada.browser.post(&format!("/templates/delivered/en?brand={}", ada.brand), &form).await;
    (answer.status, answer.location + &answer.body)
}

#[tokio::test]
async fn only_what_is_new_to_the_provider_is_submitted() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let english = Language::english();
    let found = starter::variants(STATUS).iter().find(|variant| variant.language == english);
    let library = found.expect("in the library").content.clone();

    let (status, told) = submit(&ada, &library, (0, 0)).await;
    assert!(status == 303 && told.contains("done=unchanged"), "{status} {told}");
    assert!(view(&house, &ada).await.versions.is_empty(), "nothing new, nothing stored");

    // What stands in for a missing value never reaches the provider.
    let tag = library.body.find("<<first_name").expect("the starter greets by name");
    let end = tag + library.body[tag..].find(">>").expect("its end") + 2;
    let other =
        format!("{}<<first_name|somebody dear>>{}", &library.body[..tag], &library.body[end..]);
    let alike = Content { body: other, ..library.clone() };
    let (status, page) = submit(&ada, &alike, (0, 0)).await;
    assert_eq!(status, 422);
    assert!(page.contains("WhatsApp has this very text already") && page.contains("somebody dear"));
    let drafts = view(&house, &ada).await.versions;
    assert_eq!(drafts.len(), 1);
    assert!(drafts[0].variant.review.is_submittable(), "a draft, not given away");

    let from = (drafts[0].variant.version, drafts[0].revision);
    let body = format!("{} Thank you for your patience with it.", alike.body);
    let (status, told) = submit(&ada, &Content { body, ..alike }, from).await;
    assert!(status == 303 && told.contains("done=submitted"), "{status} {told}");
}
