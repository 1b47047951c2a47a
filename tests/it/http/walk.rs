//! Two accounts: whoever signs in for one finds nothing of the other, behind any address.
//!
//! The walk takes its addresses from the server's own table. An address it does not know fails it: say
//! below what trespassing there would look like.

use super::house::{House, Owner, PASSWORD};
use dispatch::channel::Channel;
use dispatch::port::ChangesAsked;
use dispatch::usecase::close_month;
use dispatch::view::LogFilter;
use reqwest::Method;
use server::security::random::SystemIds;

const ORDER: &str = "ADA-ORDER-1";
const PHONE: &str = "+33639980012";

/// What belongs to the account nobody else may see.
struct Belongings {
    brand: String,
    connection: String,
    change: String,
    delivery: String,
    event: String,
    decision: String,
    message: String,
    replay: String,
    invoice: String,
    invoice_line: String,
    user: String,
    account: String,
    key: String,
    invitation: String,
    session: String,
    email: String,
}

impl Belongings {
    async fn of(house: &House, ada: &Owner) -> Self {
        ada.activate(house).await;
        ada.ship(house, ORDER, PHONE).await;
        ada.key(&["read", "write", "read_phones"]).await;
        let invite = [("act", "invite"), ("email", "guest@ada.example"), ("role", "viewer")];
        assert_eq!(ada.browser.post("/settings/members", &invite).await.status, 303);

        let replay = ada.browser.post("/messages/again", &[("act", "replay")]).await.location;

        let (store, now) = (&house.store, house.now());
        let filter = LogFilter { limit: 1, ..LogFilter::default() };
        let row = store.log(ada.account, &filter).await.expect("a log").rows.remove(0);
        let event = store.event(ada.account, row.event).await.expect("events").expect("the event");
        let made = close_month(&**store, &SystemIds, now.month(), true, now).await.expect("closed");
        let invoice = store.invoice(ada.account, made[0]).await.expect("bills").expect("the bill");
        let user = store.members(ada.account).await.expect("members")[0].user;
        let asked = ChangesAsked::since(0);
        let changes = store.changes(ada.account, ada.brand, Channel::Whatsapp, asked).await;
        let change = changes.expect("a history").rows[0].id.to_string();
        let invitation = store.invitations(ada.account, now).await.expect("invited")[0].id;
        Self {
            brand: ada.brand.to_string(),
            change,
            connection: store.connections(ada.account, now).await.expect("some")[0].id.to_string(),
            delivery: event.delivery.to_string(),
            event: row.event.to_string(),
            decision: row.decision.to_string(),
            message: row.message.expect("a message").to_string(),
            replay: replay.rsplit('/').next().expect("an id").to_owned(),
            invoice: made[0].to_string(),
            invoice_line: invoice.lines[0].id.to_string(),
            user: user.to_string(),
            account: ada.account.to_string(),
            key: store.api_keys(ada.account).await.expect("keys")[0].id.to_string(),
            invitation: invitation.to_string(),
            session: store.sessions(user, "", now).await.expect("sessions")[0].handle.clone(),
            email: ada.email.clone(),
        }
    }

    /// Whatever of it shows in a text and was not part of the question.
    fn seen_in<'a>(&'a self, body: &str, asked: &str) -> Vec<&'a str> {
        let marks: [&str; 17] = [
            &self.brand,
            &self.connection,
            &self.delivery,
            &self.event,
            &self.decision,
            &self.message,
            &self.replay,
            &self.invoice,
            &self.invoice_line,
            &self.user,
            &self.account,
            &self.key,
            &self.invitation,
            &self.session,
            &self.email,
            ORDER,
            PHONE,
        ];
        marks.into_iter().filter(|mark| body.contains(mark) && !asked.contains(mark)).collect()
    }
}

/// What trespassing at an address looks like.
enum Trespass {
    /// Nothing there is about an account.
    Nothing,
    /// These addresses are answered, and with nothing of the other's.
    Look(Vec<String>),
    /// This address, with the other's id in it, does not exist.
    Missing(String),
    /// These forms, sent to these addresses with the other's ids, are told that there is no such thing.
    Forms(Vec<(String, Vec<(&'static str, String)>)>),
    /// A call of the API, as above.
    Call(String, String),
    /// What an island asks, as above.
    Ask(String, String),
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn trespass(method: &Method, path: &str, a: &Belongings, own_connection: &str) -> Option<Trespass> {
    use Trespass::{Ask, Call, Forms, Look, Missing, Nothing};
    let here = || vec![path.to_owned()];
    let with = |query: &[&str]| {
        let mut all = vec![path.to_owned()];
        all.extend(query.iter().map(|query| format!("{path}?{query}")));
        all
    };
    let form = |address: String, act: &'static str, fields: &[(&'static str, &str)]| {
        let mut all = vec![("act", act.to_owned())];
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        (address, all)
    };
    let brand = format!("brand={}", a.brand);
    let filters = |status: &str| {
        [
            format!("delivery_id={}", a.delivery),
            format!("order_number={ORDER}"),
            format!("status={status}"),
        ]
    };
    Some(match (method.as_str(), path) {
        // Machines: they prove themselves by signatures, and pages do not lead there.
        (_, "/hooks/{source}/{connection}" | "/callbacks/whatsapp/{sender}")
        // Nobody's.
        // Whoever knows a logo's address may see it; no other id leads there.
        | ("GET", "/logos/{name}")
        | ("GET", "/media/{name}/{file}")
        | ("GET", "/healthz" | "/readyz" | "/metrics" | "/api/v1/openapi.json")
        | ("GET", "/" | "/sign-in" | "/sign-up" | "/sign-out")
        | ("POST", "/sign-in" | "/sign-up" | "/sign-out" | "/preferences")
        // The link is the right: `http/customer.rs` tries forged ones.
        | (_, "/u/{token}")
        // A brand's own words to everybody; `http/join.rs` tries other brands' requests.
        | (_, "/join/{brand}" | "/privacy/{brand}")
        // One's own account only: there is no id to send.
        | ("POST", "/settings/account" | "/settings/brands/new") => Nothing,

        ("GET", "/overview" | "/status" | "/settings" | "/settings/brands" | "/settings/brands/new"
            | "/settings/account" | "/settings/members" | "/settings/keys" | "/settings/sessions"
            | "/billing" | "/connections") => Look(here()),
        ("GET", "/tracking" | "/tracking/history" | "/templates" | "/connections/new" | "/simulate") => {
            Look(with(&[&brand]))
        }
        ("GET", "/templates/{status}/{language}") => {
            let page = "/templates/delivered/en";
            Look(vec![page.to_owned(), format!("{page}?{brand}"), format!("{page}?{brand}&from=fr")])
        }
        ("GET", "/templates/{status}/{language}/history") => {
            let page = "/templates/delivered/en/history";
            Look(vec![page.to_owned(), format!("{page}?{brand}")])
        }
        ("GET", "/messages") => Look(with(&[
            &brand,
            &format!("q={ORDER}"),
            &format!("q={}", a.message),
            &format!("line={}", a.invoice_line),
            &format!("invoice_line={}", a.invoice_line),
            &format!("delivery={}", a.delivery),
        ])),
        ("GET", "/consent") => Look(with(&[
            &brand,
            &format!("q={ORDER}"),
        ])),
        // Nothing of another's brand, and nothing at all of one that is not there.
        ("GET", "/consent/export") => Missing(format!("/consent/export?{brand}")),
        ("POST", "/consent") => Forms(vec![
            form(path.into(), "record", &[
                ("brand", &a.brand), ("phone", PHONE), ("kind", "opt_out"), ("text", "no"),
            ]),
            form(path.into(), "import", &[
                ("brand", &a.brand), ("lines", "phone,source,text,time"),
            ]),
        ]),
        ("GET", "/messages/again") => Look(with(&[
            &brand, "sender=snd_01ARZ3NDEKTSV4RRFFQ69G5FAV", "country=FR", "from=2026-01-01",
        ])),
        ("GET", "/messages/again/{id}") => Missing(format!("/messages/again/{}", a.replay)),
        ("POST", "/messages/again") => Forms(vec![form(path.into(), "replay", &[("pick_brand", &a.brand)])]),
        ("POST", "/messages/{id}") => {
            Forms(vec![form(format!("/messages/{}", a.message), "replay", &[])])
        }
        ("GET", "/messages/{id}") => Missing(format!("/messages/{}", a.message)),
        ("GET", "/decisions/{id}") => Missing(format!("/decisions/{}", a.decision)),
        ("GET", "/connections/{id}") => Missing(format!("/connections/{}", a.connection)),
        ("GET", "/billing/{invoice}") => Missing(format!("/billing/{}", a.invoice)),
        ("GET", "/settings/brands/{id}") => Missing(format!("/settings/brands/{}", a.brand)),

        ("POST", "/account") => Forms(vec![form(path.into(), "", &[("account", &a.account)])]),
        ("POST", "/tracking") => {
            let to = || format!("/tracking?{brand}");
            Forms(vec![
                form(to(), "activate", &[
                    ("rate", "whatsapp-lite-2025-01-01"), ("text_version", "2026-11"),
                    ("basis", "on_record"), ("accept_price", "on"), ("accept_terms", "on"),
                ]),
                form(to(), "deactivate", &[]),
                form(to(), "resume", &[]),
                form(to(), "save_matrix", &[("version", "1"), ("row", "FR")]),
                form(to(), "save_matrix", &[
                    ("version", "1"), ("row", "FR"), ("add", "1"), ("country", "DE"),
                ]),
                form(to(), "save_matrix", &[("version", "1"), ("row", "FR"), ("drop", "FR")]),
                form(to(), "save_matrix", &[("version", "1"), ("row", "FR"), ("keep", "FR")]),
                form(to(), "save_matrix", &[("version", "1"), ("row", "FR"), ("preview", "1")]),
                form(to(), "undo", &[("change", &a.change)]),
                form(path.into(), "undo", &[("change", &a.change)]),
            ])
        }
        ("POST", "/templates") => Forms(vec![form(format!("{path}?{brand}"), "submit", &[
            ("template", "delivered:en"),
        ])]),
        ("POST", "/templates/{status}/{language}") => {
            let to = || format!("/templates/delivered/en?{brand}");
            let text = [("version", "0"), ("revision", "0"), ("body", "Your parcel is there.")];
            Forms(vec![
                form(to(), "save", &text),
                form(to(), "submit", &text),
                form(to(), "preview", &text),
                form(to(), "discard", &[("discarded", "1")]),
                form(to(), "restore", &[("restored", "0"), ("into", "fr")]),
            ])
        }
        ("POST", "/settings/brands/{id}") => {
            let to = || format!("/settings/brands/{}", a.brand);
            Forms(vec![
                form(to(), "save", &[("version", "1"), ("name", "mine now"), ("language", "en")]),
                form(to(), "save_hours", &[
                    ("version", "1"), ("quiet_from", "21:00"), ("quiet_until", "08:00"), ("quiet_day", "mon"),
                ]),
                form(to(), "save_timing", &[
                    ("version", "1"), ("cap_on", "on"), ("cap_order", "3"), ("merge_minutes", "10"),
                ]),
                form(to(), "check_sender", &[]),
                form(to(), "save_reserve", &[("reserve", "20")]),
                form(to(), "archive", &[]),
                form(to(), "restore", &[]),
                form(to(), "connect_sandbox", &[]),
                form(to(), "connect_sender", &[
                    ("phone_number_id", "1"), ("waba_id", "1"), ("display_number", "1"),
                    ("access_token", "t"), ("app_secret", "s"), ("verify_token", "v"),
                ]),
            ])
        }
        ("POST", "/connections/new") => Forms(vec![form(path.into(), "create", &[
            ("brand", &a.brand), ("source", "sendcloud"), ("auth", "hmac"),
        ])]),
        ("POST", "/connections/{id}") => {
            let to = || format!("/connections/{}", a.connection);
            Forms(vec![
                form(to(), "rotate", &[]),
                form(to(), "remove", &[]),
                form(to(), "replay", &[("delivery", &a.delivery)]),
                form(format!("/connections/{own_connection}"), "replay", &[("delivery", &a.delivery)]),
            ])
        }
        ("POST", "/settings/members") => Forms(vec![
            form(path.into(), "set_role", &[("user", &a.user), ("role", "viewer")]),
            form(path.into(), "remove", &[("user", &a.user)]),
            form(path.into(), "withdraw", &[("invitation", &a.invitation)]),
        ]),
        ("POST", "/settings/keys") => Forms(vec![form(path.into(), "revoke", &[("key", &a.key)])]),
        // Ending a session that is not one's own ends nothing; the walk looks at Ada's afterwards.
        ("POST", "/settings/sessions") => Nothing,
        ("POST", "/simulate") => Forms(vec![form(path.into(), "simulate", &[
            ("brand", &a.brand), ("country", "FR"), ("status", "delivered"), ("phone", PHONE),
        ])]),

        ("POST", "/do/dry_run") => {
            Ask(path.to_owned(), format!(r#"{{"wish":{{"brand":"{}"}}}}"#, a.brand))
        }

        ("GET", "/api/v1/events" | "/api/v1/decisions" | "/api/v1/messages") => {
            let filters = filters("delivered");
            Look(with(&filters.each_ref().map(String::as_str)))
        }
        ("GET", "/api/v1/consents") => Look(with(&[
            &brand,
            &format!("phone={}", PHONE.replace('+', "%2B")),
            "purpose=tracking",
        ])),
        ("POST", "/api/v1/consents") => Call(path.to_owned(), format!(
            r#"{{"brand":"{}","phone":"{PHONE}","kind":"opt_out","text":"no"}}"#, a.brand,
        )),
        ("GET", "/api/v1/connections" | "/api/v1/templates" | "/api/v1/usage" | "/api/v1/invoices") => {
            Look(here())
        }
        ("GET", "/api/v1/connections/{id}") => Missing(format!("/api/v1/connections/{}", a.connection)),
        ("GET", "/api/v1/events/{id}") => Missing(format!("/api/v1/events/{}", a.event)),
        ("GET", "/api/v1/decisions/{id}") => Missing(format!("/api/v1/decisions/{}", a.decision)),
        ("GET", "/api/v1/messages/{id}") => Missing(format!("/api/v1/messages/{}", a.message)),
        ("GET", "/api/v1/invoices/{id}") => Missing(format!("/api/v1/invoices/{}", a.invoice)),
        ("POST", "/api/v1/messages/replay") => {
            Call(path.to_owned(), format!(r#"{{"brand":"{}"}}"#, a.brand))
        }
        ("POST", "/api/v1/connections") => {
            let body = format!(r#"{{"brand":"{}","source":"sendcloud"}}"#, a.brand);
            Call(path.to_owned(), body)
        }
        ("POST", "/api/v1/events") => Call(
            format!("{path}?{brand}"),
            r#"{"specversion":"1.0","id":"1","source":"erp","type":"a.delivered"}"#.to_owned(),
        ),
        _ => return None,
    })
}

/// Everything of an account that a trespasser could have changed.
async fn estate(house: &House, owner: &Owner) -> String {
    let (store, account, now) = (&house.store, owner.account, house.now());
    let filter = LogFilter { limit: 50, ..LogFilter::default() };
    let keys = store.api_keys(account).await.expect("keys");
    format!(
        "{:#?}",
        (
            store.account(account).await.expect("the account"),
            store.brands(account).await.expect("brands"),
            store.channel_settings(account, owner.brand, Channel::Whatsapp).await.expect("matrix"),
            store.templates(account, owner.brand).await.expect("templates"),
            store.connections(account, now).await.expect("connections"),
            store.members(account).await.expect("members"),
            store.invitations(account, now).await.expect("invitations"),
            keys.iter().map(|key| (key.id, key.revoked_at)).collect::<Vec<_>>(),
            store.log(account, &filter).await.expect("the log"),
            store.replays(account, 50).await.expect("replays"),
        )
    )
}

#[tokio::test]
async fn nobody_finds_or_changes_anything_of_another_account() {
    let house = House::open().await;
    let ada = house.owner("ada").await;
    let belongings = Belongings::of(&house, &ada).await;
    let eve = house.owner("eve").await;
    let key = eve.key(&["read", "write", "read_phones"]).await;
    let own = house.store.connections(eve.account, house.now()).await.expect("some")[0].id;
    let before = estate(&house, &ada).await;

    let mut walked = 0;
    for (method, path) in server::http::route::table() {
        let trespass = trespass(&method, &path, &belongings, &own.to_string());
        let Some(trespass) = trespass else {
            panic!("the walk does not know {method} {path}: say what trespassing there would be");
        };
        let ask = async |method: Method, address: &str, body: Option<&str>| {
            if address.starts_with("/api/") {
                eve.browser.api(method, address, &key, body).await
            } else {
                eve.browser.get(address).await
            }
        };
        match trespass {
            Trespass::Nothing => {}
            Trespass::Look(addresses) => {
                for address in addresses {
                    let answer = ask(Method::GET, &address, None).await;
                    assert!(
                        matches!(answer.status, 200 | 303 | 404),
                        "{address}: {}",
                        answer.status
                    );
                    let seen = belongings.seen_in(&answer.body, &address);
                    assert!(seen.is_empty(), "{address} shows {seen:?}");
                }
            }
            Trespass::Missing(address) => {
                let answer = ask(Method::GET, &address, None).await;
                assert_eq!(answer.status, 404, "{address}");
                assert!(belongings.seen_in(&answer.body, &address).is_empty(), "{address}");
            }
            Trespass::Forms(forms) => {
                for (address, fields) in forms {
                    let fields: Vec<(&str, &str)> =
                        fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    let answer = eve.browser.post(&address, &fields).await;
                    assert_eq!(answer.status, 404, "{address} {fields:?}");
                    let asked = format!("{address} {fields:?}");
                    let seen = belongings.seen_in(&answer.body, &asked);
                    assert!(seen.is_empty(), "{asked} shows {seen:?}");
                }
            }
            Trespass::Ask(address, body) => {
                let answer = eve.browser.ask(&address, &body).await;
                assert_eq!(answer.status, 404, "{address}: {}", answer.body);
                assert!(belongings.seen_in(&answer.body, &body).is_empty(), "{address}");
            }
            Trespass::Call(address, body) => {
                let answer = ask(Method::POST, &address, Some(&body)).await;
                assert_eq!(answer.status, 404, "{address}: {}", answer.body);
            }
        }
        walked += 1;
    }
    assert!(walked > 50, "the table is whole: {walked}");

    let end = [("act", "end"), ("session", belongings.session.as_str())];
    eve.browser.post("/settings/sessions", &end).await;
    assert_eq!(ada.browser.get("/overview").await.status, 200, "her session goes on");
    assert_eq!(estate(&house, &ada).await, before, "nothing of hers was changed");

    let form = [("act", "sign_in"), ("email", ada.email.as_str()), ("password", PASSWORD)];
    assert_eq!(house.browser().post("/sign-in", &form).await.status, 303);
}
