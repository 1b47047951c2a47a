//! The console's page of consent and its resource of the API.

use super::house::{House, Owner};
use dispatch::consent::{ConsentKind, ConsentSource, Purpose};
use dispatch::view::ConsentFilter;
use reqwest::Method;
use reqwest::multipart::{Form, Part};

const PHONE: &str = "+33639980042";

async fn ledger(house: &House, owner: &Owner) -> Vec<(ConsentKind, Purpose, ConsentSource)> {
    let filter = ConsentFilter { limit: 100, ..ConsentFilter::default() };
    let rows = house.store.consents(owner.account, &filter).await.expect("a ledger").rows;
    rows.iter().map(|row| (row.record.kind, row.record.purpose, row.record.source)).collect()
}

#[tokio::test]
async fn a_member_writes_down_what_a_customer_said() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let brand = ada.brand.to_string();
    let form = |phone, kind, text| {
        [
            ("act", "record"),
            ("brand", brand.as_str()),
            ("phone", phone),
            ("country", "FR"),
            ("kind", kind),
            ("text", text),
        ]
    };
    let said = "Called us on Tuesday <b>";
    let answer = ada.browser.post("/consent", &form("06 39 98 00 42", "opt_out", said)).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(ledger(&house, &ada).await.len(), 4, "a no is about everything");
    let page = ada.browser.get("/consent?q=%2B33639980042").await;
    for words in ["+33 6 39 98 00 42", "Called us on Tuesday &lt;b&gt;", "By hand · ada"] {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }
    // What the shop wrote down, the shop may take back.
    let answer = ada.browser.post("/consent", &form(PHONE, "opt_in", "Called again")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    // What is wrong is said, and nothing typed is lost.
    for (phone, kind, text, field) in [
        ("nobody", "opt_out", "x", "phone"),
        (PHONE, "choice", "x", "kind"),
        (PHONE, "opt_in", " ", "text"),
        (PHONE, "opt_in", "a\u{202e}b", "text"),
    ] {
        let answer = ada.browser.post("/consent", &form(phone, kind, text)).await;
        assert_eq!(answer.status, 422, "{phone} {kind} {text}");
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", answer.body);
    }
    // The person's own no is not the shop's to lift.
    let link = dispatch::port::Links::preferences(&*house.links, ada.brand, PHONE);
    let path = link.strip_prefix(&house.base).expect("ours");
    assert_eq!(house.browser().post(path, &[("act", "stop_all")]).await.status, 303);
    let answer = ada.browser.post("/consent", &form(PHONE, "opt_in", "They asked")).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("Only they can take that back"), "{}", answer.body);
}

async fn import(owner: &Owner, act: &str, file: &[u8]) -> super::house::Answer {
    let form = Form::new()
        .text("act", act.to_owned())
        .text("brand", owner.brand.to_string())
        .part("file", Part::bytes(file.to_vec()).file_name("consents.csv"));
    let headers = [("sec-fetch-site", "same-origin")];
    owner.browser.send(Method::POST, "/consent", &headers, |r| r.multipart(form)).await
}

#[tokio::test]
async fn a_file_is_taken_whole_or_not_at_all() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let good = "\u{feff}Téléphone;Pays;Purpose;Source;Text;Date\r\n\
        06 39 98 00 42;FR;tracking;checkout;\"Yes; write to me\";2026-11-01\r\n\
        +4915123456789;;Marketing;newsletter;Offers please;2026-11-02T10:00:00Z\r\n";
    let bad =
        format!("{good}0;FR;tracking;checkout;x;2026-11-01\r\n+33639980043;;;;x;01/11/2026\r\n");
    let answer = import(&ada, "import", bad.as_bytes()).await;
    assert_eq!(answer.status, 422);
    for words in ["Line 4:", "Line 5:", "2 lines need"] {
        assert!(answer.body.contains(words), "{words} in {}", answer.body);
    }
    assert_eq!(ledger(&house, &ada).await, [], "half a file is none");
    assert_eq!(import(&ada, "check", good.as_bytes()).await.status, 303);
    assert_eq!(ledger(&house, &ada).await, [], "only looked at");
    let answer = import(&ada, "import", good.as_bytes()).await;
    assert!(answer.location.contains("done=imported"), "{}", answer.body);
    let mut taken = ledger(&house, &ada).await;
    taken.sort();
    let from = ConsentSource::Import;
    let yes = ConsentKind::OptIn;
    assert_eq!(taken, [(yes, Purpose::Tracking, from), (yes, Purpose::Marketing, from)]);
    for (file, words) in [
        (&b"a,b\n1,2"[..], "must name the columns"),
        (&[0xff, 0xfe, 0x00][..], "not UTF-8"),
        (&vec![b'x'; 2_000_000][..], "too large"),
        (&b""[..], "Fill this in"),
    ] {
        let answer = import(&ada, "import", file).await;
        assert_eq!(answer.status, 422, "{words}");
        assert!(answer.body.contains(words), "{words} in {}", answer.body);
    }
    // Lines typed into the page are kept when they are refused.
    let brand = ada.brand.to_string();
    let lines = "phone,source,text,time\nnobody,a,b,2026-11-01";
    let form = [("act", "import"), ("brand", brand.as_str()), ("lines", lines)];
    let answer = ada.browser.post("/consent", &form).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("nobody,a,b,2026-11-01"));
}

#[tokio::test]
async fn the_export_is_proof_and_computes_nothing() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let file =
        "phone,source,text,time\n+33639980042,checkout,\"=HYPERLINK(\"\"http://x\"\")\",2026-11-01";
    assert_eq!(import(&ada, "import", file.as_bytes()).await.status, 303);
    let answer = ada.browser.get(&format!("/consent/export?brand={}", ada.brand)).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(answer.header("content-disposition").contains("consent.csv"));
    let lines: Vec<&str> = answer.body.lines().collect();
    assert_eq!(lines.len(), 2, "{}", answer.body);
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"http://x\"\")\"") && lines[1].contains(PHONE));
    assert_eq!(house.browser().get("/consent/export").await.status, 303, "nobody signed in");
}

#[tokio::test]
async fn a_viewer_reads_masked_numbers_and_changes_nothing() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let file = format!("phone,source,text,time\n{PHONE},checkout,yes,2026-11-01");
    assert_eq!(import(&ada, "import", file.as_bytes()).await.status, 303);
    let invite = [("act", "invite"), ("email", "vic@example.org"), ("role", "viewer")];
    let answer = ada.browser.post("/settings/members", &invite).await;
    let page = ada.browser.get(&answer.location).await;
    let start = page.body.find("/sign-up?invitation=").expect("a link");
    let link = page.body[start..].split(['<', '"']).next().expect("its end").to_owned();
    let vic = house.browser();
    let form = [("act", "accept"), ("name", "Vic"), ("password", super::house::PASSWORD)];
    assert_eq!(vic.post(&link, &form).await.status, 303);
    for address in [
        "/consent".to_owned(),
        "/consent/export".to_owned(),
        "/consent?q=%2B33639980042".to_owned(),
    ] {
        let answer = vic.get(&address).await;
        assert_eq!(answer.status, 200, "{address}");
        let asked = address.contains("q=");
        assert!(answer.body.contains("** ** ** 42"), "{address}: {}", answer.body);
        assert!(asked || !answer.body.contains("639980042"), "{address}");
        assert!(!answer.body.contains("value=\"record\""), "no form: {address}");
    }
    let brand = ada.brand.to_string();
    let form = [
        ("act", "record"),
        ("brand", brand.as_str()),
        ("phone", PHONE),
        ("kind", "opt_out"),
        ("text", "x"),
    ];
    assert_eq!(vic.post("/consent", &form).await.status, 403);
    let form = [("act", "import"), ("brand", brand.as_str()), ("lines", file.as_str())];
    assert_eq!(vic.post("/consent", &form).await.status, 403);
    assert_eq!(ledger(&house, &ada).await.len(), 1);
}

#[tokio::test]
async fn the_api_records_and_lists_consents() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let key = ada.key(&["read", "write"]).await;
    let api = async |method: Method, path: &str, body: Option<&str>| {
        ada.browser.api(method, path, &key, body).await
    };
    let body = format!(
        r#"{{"brand":"{}","phone":"06 39 98 00 42","country":"fr","kind":"opt_in","source":"checkout",
            "text":"Write to me","text_version":"3","proof":"order 1","at":"2026-11-01T10:00:00Z"}}"#,
        ada.brand
    );
    let made = api(Method::POST, "/api/v1/consents", Some(&body)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let one = made.json()["data"][0].clone();
    assert_eq!(
        (&one["kind"], &one["purpose"], &one["source"]),
        (&"opt_in".into(), &"tracking".into(), &"checkout".into())
    );
    assert_eq!(one["at"], "2026-11-01T10:00:00.000000Z");
    assert_eq!(one["phone"], "+33 6 ** ** ** 42", "this key may not see numbers");
    let stop = format!(
        r#"{{"brand":"{}","phone":"{PHONE}","kind":"opt_out","text":"Asked by mail"}}"#,
        ada.brand
    );
    let made = api(Method::POST, "/api/v1/consents", Some(&stop)).await;
    assert_eq!(made.json()["data"].as_array().expect("records").len(), 4);
    let count = async |query: &str| {
        let answer = api(Method::GET, &format!("/api/v1/consents{query}"), None).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        answer.json()["data"].as_array().expect("a list").len()
    };
    assert_eq!(count("").await, 5);
    assert_eq!(count("?purpose=marketing").await, 2);
    assert_eq!(count("?phone=%2B33639980042").await, 5);
    assert_eq!(count("?phone=+33639980042").await, 5, "a plus that became a space");
    assert_eq!(count("?phone=%2B33639980043").await, 0);
    assert_eq!(count(&format!("?brand={}&limit=2", ada.brand)).await, 2);
    let page = api(Method::GET, "/api/v1/consents?limit=3", None).await.json();
    let next = page["next_cursor"].as_str().expect("a cursor").to_owned();
    assert_eq!(count(&format!("?limit=3&cursor={next}")).await, 2);
    for (body, field) in [
        (format!(r#"{{"brand":"{}","phone":"1","kind":"opt_in","text":"x"}}"#, ada.brand), "phone"),
        (
            format!(r#"{{"brand":"{}","phone":"{PHONE}","kind":"maybe","text":"x"}}"#, ada.brand),
            "kind",
        ),
        (format!(r#"{{"brand":"{}","phone":"{PHONE}","kind":"opt_in"}}"#, ada.brand), "text"),
        (
            format!(
                r#"{{"brand":"{}","phone":"{PHONE}","kind":"opt_in","text":"x","at":"2099-01-01"}}"#,
                ada.brand
            ),
            "at",
        ),
        (
            format!(
                r#"{{"brand":"{}","phone":"{PHONE}","kind":"opt_in","text":"x","channel":"email"}}"#,
                ada.brand
            ),
            "channel",
        ),
    ] {
        let answer = api(Method::POST, "/api/v1/consents", Some(&body)).await;
        assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some(field)), "{body}");
    }
    for odd in ["?brand=x", "?purpose=x", "?phone=x", "?cursor=x"] {
        assert_eq!(api(Method::GET, &format!("/api/v1/consents{odd}"), None).await.status, 422);
    }
    let reader = ada.key(&["read"]).await;
    let answer = ada.browser.api(Method::POST, "/api/v1/consents", &reader, Some(&stop)).await;
    assert_eq!(answer.status, 403);
}
