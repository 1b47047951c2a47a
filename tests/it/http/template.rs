//! Texts through their forms: what is submitted, and what need not be.

use super::house::{House, Owner};
use dispatch::channel::TrackingStatus;
use dispatch::language::Language;
use dispatch::port::TemplateNews;
use dispatch::starter;
use dispatch::template::{ButtonAct, Content, HeaderKind, News, Review};
use dispatch::view::TemplateView;
use server::security::random::SystemIds;

const STATUS: TrackingStatus = TrackingStatus::Delivered;

async fn view(house: &House, ada: &Owner) -> TemplateView {
    let english = Language::english();
    house.store.template(ada.account, ada.brand, STATUS, &english).await.expect("asked")
}

/// Submits a content as the editor sends it, written from version and revision; status and body of the answer,
/// or where it leads.
async fn submit(ada: &Owner, content: &Content, from: (i64, i64)) -> (u16, String) {
    send(ada, "submit", content, from).await
}

async fn send(
    ada: &Owner,
    act: &str,
    content: &Content,
    (version, revision): (i64, i64),
) -> (u16, String) {
    assert!(
        content.buttons.iter().all(|b| matches!(b.act, ButtonAct::Url { .. })),
        "of the starter's"
    );
    let mut form: Vec<(&str, String)> = vec![
        ("act", act.into()),
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
    let (status, told) = submit(&ada, &alike, (0, 0)).await;
    assert!(status == 303 && told.contains("done=adopted"), "{status} {told}");
    let after = view(&house, &ada).await;
    let speaking = after.speaking().expect("one speaks");
    assert_eq!((speaking.variant.version, &speaking.variant.content), (1, &alike));
    let (status, told) = submit(&ada, &alike, (1, 1)).await;
    assert!(status == 303 && told.contains("done=unchanged"), "{status} {told}");

    // The same from the list of texts, as a draft that stands.
    let list = format!("/templates?brand={}", ada.brand);
    let submit_all = [("act", "submit"), ("template", "delivered:en")];
    let again = Content { sms: Some("It is here.".into()), ..alike.clone() };
    let (status, _) = send(&ada, "save", &again, (1, 1)).await;
    assert_eq!(status, 303);
    for done in ["done=adopted", "done=unchanged"] {
        let answer = ada.browser.post(&list, &submit_all).await;
        assert!(answer.location.contains(done), "{done}: {}", answer.location);
    }
    let alike = again;

    let body = format!("{} Thank you for your patience with it.", alike.body);
    let (status, told) = submit(&ada, &Content { body, ..alike.clone() }, (2, 1)).await;
    assert!(status == 303 && told.contains("done=submitted"), "{status} {told}");

    // What the provider has stopped for good stays stopped under every version: it is told, and kept.
    let news = TemplateNews {
        name: starter::name(STATUS),
        language: english,
        provider_id: None,
        what: News::Review { review: Review::Disabled, reason: None },
        at: house.now(),
    };
    let sender = house.store.brand(ada.account, ada.brand).await.expect("a store");
    let sender = sender.and_then(|brand| brand.sender).expect("a sender").id;
    let heard = house.store.note_template_news(ada.account, sender, &[news], &SystemIds).await;
    assert_eq!(heard, Ok(1));
    let (status, page) = submit(&ada, &library, (3, 1)).await;
    assert_eq!(status, 422);
    assert!(page.contains("WhatsApp has stopped this very text for good"));
    let newest = view(&house, &ada).await.versions.remove(0);
    assert_eq!((newest.variant.version, newest.variant.review), (4, Review::Draft));
}

/// The editor's form with a file, as a browser sends it.
async fn upload(ada: &Owner, act: &str, file: (&str, &[u8])) -> (u16, String) {
    let form = [
        ("act", act),
        ("version", "0"),
        ("revision", "0"),
        ("category", "utility"),
        ("header_kind", "image"),
        ("header_text", "https://shop.example/before.png"),
        ("body", "Hello <<first_name|there>>, it has come to your door."),
    ];
    let page = format!("/templates/delivered/en?brand={}", ada.brand);
    let answer = ada.browser.upload(&page, &form, ("header_file", file.0, file.1)).await;
    (answer.status, answer.location + &answer.body)
}

#[tokio::test]
async fn a_headers_file_gets_an_address_of_its_own_and_hostile_ones_a_reason() {
    let house = House::open().await;
    let (ada, eve) = (house.owner("ada").await, house.owner("eve").await);
    let pdf = b"%PDF-1.4\n<< /Type /Catalog >>\n%%EOF\n";
    let (status, shown) = upload(&ada, "upload", ("R\u{e9}tour.pdf", pdf)).await;
    assert_eq!(status, 200);
    assert!(view(&house, &ada).await.versions.is_empty(), "only looked at");
    let begin = shown.find("/media/").expect("an address");
    let path: String = shown[begin..].chars().take_while(|c| !"\"<".contains(*c)).collect();
    assert!(path.ends_with("/Retour.pdf"), "{path}");
    assert!(shown.contains("it has come to your door"));

    // Everybody who knows it, and nobody else.
    let fetched = eve.browser.get(&path).await;
    assert_eq!((fetched.status, fetched.body.as_bytes()), (200, &pdf[..]));
    let header = |name: &str| fetched.response_headers[name].to_str().expect("text").to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("content-disposition"), "attachment; filename=\"Retour.pdf\"");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    assert!(header("cache-control").contains("immutable"));
    assert!(fetched.response_headers.get("set-cookie").is_none());
    let other = path.replace("Retour", "retour");
    for missing in
        [other.as_str(), "/media/x/y.pdf", "/media/..%2f/x", &format!("/media/{:032}/a.pdf", 0)]
    {
        assert_eq!(eve.browser.get(missing).await.status, 404, "{missing}");
    }

    // Another account's brand gets nothing, and its address is not told.
    let stranger = Owner { brand: ada.brand, ..eve };
    let (status, told) = upload(&stranger, "upload", ("a.pdf", pdf)).await;
    assert_eq!(status, 404);
    assert!(!told.contains("/media/"));

    let large = [&pdf[..], &vec![b'x'; 1024 * 1024], b"%%EOF"].concat();
    let cases: [(&[u8], &str); 6] = [
        (b"<svg onload=alert(1)>", "no PNG, JPEG or PDF"),
        (b"\x89PNG\r\n\x1a\n and nothing more", "no PNG, JPEG or PDF"),
        (b"%PDF-1.4 << /JS (x) >> %%EOF", "runs scripts"),
        (b"%PDF-1.4", "ends in the middle"),
        (&large, "larger than is allowed"),
        (&[0xff; 3000], "no PNG, JPEG or PDF"),
    ];
    for (file, says) in cases {
        for act in ["upload", "save", "submit"] {
            let (status, page) = upload(&ada, act, ("x.png", file)).await;
            assert_eq!(status, 422, "{says}");
            assert!(page.contains(says) && page.contains("header_file-error"), "{says}");
            assert!(page.contains("it has come to your door") && page.contains("before.png"));
        }
    }
    assert!(view(&house, &ada).await.versions.is_empty(), "nothing was stored");
    let (status, _) = upload(&ada, "save", ("a.pdf", pdf)).await;
    assert_eq!(status, 303);
    let header = view(&house, &ada).await.versions.remove(0).variant.content.header;
    assert_eq!(header.kind(), HeaderKind::Document);
    assert!(
        header.text().starts_with(&house.base) && header.text().ends_with("/a.pdf"),
        "{header:?}"
    );
}
