//! Nothing that was typed is lost: signed out meanwhile, too large, from another place.

use super::house::{Answer, Browser, House, Owner, PASSWORD};
use reqwest::Method;

/// The hidden fields of the page's form, as a browser would send them.
fn hidden(page: &str) -> Vec<(String, String)> {
    let form = page.split("class=\"form\"").nth(1).expect("a form");
    let form = form.split("</form>").next().expect("its end");
    let value = |tag: &str, name: &str| {
        let rest = tag.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
        let text = rest.split('"').next().unwrap_or_default();
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&")
    };
    let inputs = form.split("<input ").skip(1);
    inputs.map(|tag| (value(tag, "name"), value(tag, "value"))).collect()
}

async fn sign_in(browser: &Browser, owner: &Owner) {
    let form = [("act", "sign_in"), ("email", owner.email.as_str()), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &form).await.status, 303);
}

async fn resend(browser: &Browser, path: &str, page: &str) -> Answer {
    let fields = hidden(page);
    let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(path, &fields).await
}

#[tokio::test]
async fn a_form_of_somebody_signed_out_waits_and_can_be_sent_again() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    ada.activate(&house).await;
    let tracking = format!("/tracking?brand={}", ada.brand);
    let settings = ada.browser.get(&tracking).await.body;
    let version = settings.split("name=\"version\" value=\"").nth(1).expect("a version");
    let version = version.split('"').next().expect("its end").to_owned();
    let brand = ada.brand.to_string();
    let page = format!("/settings/brands/{brand}");
    let matrix = [
        ("act", "save_matrix"),
        ("version", version.as_str()),
        ("row", "FR"),
        ("on", "FR"),
        ("cell", "FR:shipped"),
        ("cell", "FR:delivered"),
    ];
    let lines = "phone,source,text,time\n+33639980012,checkout,\"<b>yes & please\",2026-11-01";
    let import = [("act", "import"), ("brand", brand.as_str()), ("lines", lines)];
    let simulate = [
        ("act", "simulate"),
        ("brand", brand.as_str()),
        ("status", "delivered"),
        ("phone", "+33639980012"),
        ("country", "FR"),
        ("name", "Zo\u{e9} \"d'Ivoire\""),
        ("order", "A-1"),
    ];
    let stored = house.store.brand(ada.account, ada.brand).await.expect("asked").expect("a brand");
    let revision = stored.version.to_string();
    let hours = [
        ("act", "save_hours"),
        ("version", revision.as_str()),
        ("quiet_from", "21:00"),
        ("quiet_until", "07:00"),
    ];
    let cases: [(&str, &[(&str, &str)]); 4] =
        [(&tracking, &matrix), ("/consent", &import), ("/simulate", &simulate), (&page, &hours)];
    for (path, form) in cases {
        let browser = house.browser();
        let kept = browser.post(path, form).await;
        assert_eq!(kept.status, 401, "{path}");
        assert!(kept.body.contains("You were signed out"), "{}", kept.body);
        let sent: Vec<_> = form.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        assert_eq!(hidden(&kept.body), sent, "{path} keeps all of it, in its order");
        // Still nobody: it goes on waiting.
        let again = resend(&browser, path, &kept.body).await;
        assert_eq!((again.status, hidden(&again.body)), (401, sent), "{path}");
        sign_in(&browser, &ada).await;
        let done = resend(&browser, path, &kept.body).await;
        assert_eq!(done.status, 303, "{path}: {}", done.body);
    }
    use dispatch::channel::{Channel, TrackingStatus};
    let stored = house.store.channel_settings(ada.account, ada.brand, Channel::Whatsapp).await;
    let rows = stored.expect("settings").countries;
    assert!(rows[&"FR".parse().expect("a country")].statuses.contains(&TrackingStatus::Shipped));
}

#[tokio::test]
async fn what_is_never_kept_is_asked_for_again_before_anything_is_done() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let brand = ada.brand.to_string();
    let browser = house.browser();
    let path = "/connections/new";
    let form = [
        ("act", "create"),
        ("brand", brand.as_str()),
        ("source", "sendcloud"),
        ("auth", "header"),
        ("header", "x-our-signature"),
        ("secret", "pasted-secret-1"),
    ];
    let kept = browser.post(path, &form).await;
    assert_eq!(kept.status, 401);
    assert!(!kept.body.contains("pasted-secret-1"), "no key is sent back");
    assert!(kept.body.contains("are never kept"), "and that is said");
    let before = house.store.connections(ada.account, house.now()).await.expect("some").len();
    sign_in(&browser, &ada).await;
    let filled = resend(&browser, path, &kept.body).await;
    assert_eq!(filled.status, 422, "the form itself, with the rest in it");
    assert!(filled.body.contains("x-our-signature"), "{}", filled.body);
    assert!(filled.body.contains("were not kept"));
    let after = house.store.connections(ada.account, house.now()).await.expect("some").len();
    assert_eq!(after, before, "made with another secret it would be another connection");

    // A file is not kept either; what stood beside it is.
    let stranger = house.browser();
    let page = format!("/settings/brands/{brand}");
    let typed = [("act", "save"), ("version", "1"), ("name", "Maison <Lune>"), ("language", "fr")];
    let kept = stranger.upload(&page, &typed, ("logo", "logo.png", b"not a picture")).await;
    assert_eq!(kept.status, 401);
    assert!(kept.body.contains("multipart/form-data"), "it is sent as it came");
    let named = ("name".to_owned(), "Maison <Lune>".to_owned());
    assert!(hidden(&kept.body).contains(&named));
    // So much that no page has it is not carried.
    let many: Vec<_> = (0..6_000).map(|_| ("cell", "FR:delivered")).collect();
    assert_eq!(stranger.post("/tracking", &many).await.status, 303);
}

#[tokio::test]
async fn what_is_too_large_is_told_in_a_page_with_its_limit() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let brand = format!("/settings/brands/{}", ada.brand);
    // Read past: the page shows what was typed beside the file.
    let typed = [("act", "save"), ("version", "1"), ("name", "Still here"), ("language", "fr")];
    let large = vec![7; 20 * 1024 * 1024];
    let refused = ada.browser.upload(&brand, &typed, ("logo", "logo.png", &large)).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("value=\"Still here\"") && refused.body.contains("512 KiB"));

    let huge = "x".repeat(3 * 1024 * 1024);
    let form = [("act", "record"), ("text", huge.as_str())];
    for (lang, words, limit) in
        [("en", "too large to be taken", "1 MiB"), ("fr", "trop volumineux", "1 Mio")]
    {
        let headers = [("sec-fetch-site", "same-origin"), ("accept-language", lang)];
        let stranger = house.browser();
        let answer = stranger.send(Method::POST, "/consent", &headers, |r| r.form(&form)).await;
        assert_eq!(answer.status, 413);
        assert!(answer.body.contains(words) && answer.body.contains(limit), "{}", answer.body);
        assert!(answer.body.contains(&format!("<html lang=\"{lang}\"")), "{}", answer.body);
        assert!(answer.body.contains("class=\"door\""), "it looks like every page");
        assert!(answer.header("content-security-policy").contains("nonce-"));
    }
    let headers =
        [("sec-fetch-site", "same-origin"), ("content-type", "multipart/form-data; boundary=edge")];
    let torn = ada.browser.send(Method::POST, &brand, &headers, |r| r.body("--edge\r\nno")).await;
    assert_eq!(torn.status, 400);
    assert!(torn.body.contains("did not arrive whole"), "{}", torn.body);
}

#[tokio::test]
async fn a_form_of_another_site_is_told_so_in_the_reader_s_language() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let headers = [("sec-fetch-site", "cross-site"), ("accept-language", "fr")];
    let form = [("act", "end_others"), ("long", &"x".repeat(2 * 1024 * 1024))];
    let path = "/settings/sessions?x=1";
    let answer = ada.browser.send(Method::POST, path, &headers, |r| r.form(&form)).await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("ne vient pas d’une de nos pages"), "{}", answer.body);
    assert!(answer.body.contains(&house.base), "says which address is ours");
    assert!(answer.body.contains("href=\"/settings/sessions?x=1\""), "the way back");
    assert!(!answer.body.contains(&ada.email), "nobody is shown signed in");
    let odd = ada.browser.send(Method::POST, "//odd.example/x", &headers, |r| r.form(&form)).await;
    assert_eq!(odd.status, 403);
    assert!(!odd.body.contains("href=\"//odd.example"), "{}", odd.body);
}
