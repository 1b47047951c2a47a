//! Whoever runs the server lets somebody back in who forgot their password.
#![expect(
    clippy::disallowed_methods,
    reason = "the program is a process of its own: real clock, own client"
)]

use crate::process::database::{Database, Kind};
use crate::process::{Demo, Process, output};

#[tokio::test]
async fn a_forgotten_password_is_set_anew_and_ends_every_session() {
    let database = Database::fresh(Kind::Sqlite).expect("a database").expect("a file");
    let key = "5f".repeat(32);
    let settings = [
        ("DATABASE_URL", database.url.as_str()),
        ("LISTEN_ADDR", "127.0.0.1:0"),
        ("SECRET_KEY", key.as_str()),
    ];
    let demo = Demo::make(&settings).expect("a demo account");
    let text = |name: &str| demo.0[name].as_str().expect("said").to_owned();
    let (email, old) = (text("email"), text("password"));
    let server = Process::start(&["serve"], &settings).expect("the server starts");
    let client = || {
        let builder = reqwest::Client::builder().cookie_store(true);
        builder.redirect(reqwest::redirect::Policy::none()).build().expect("a client")
    };
    let enter = async |client: &reqwest::Client, password: &str| {
        let form = [("act", "sign_in"), ("email", email.as_str()), ("password", password)];
        let request = client.post(format!("{}/sign-in", server.url)).form(&form);
        request.send().await.expect("an answer").status().as_u16()
    };
    let inside = client();
    assert_eq!(enter(&inside, &old).await, 303);

    let nobody = output(&["password", "--email", "nobody@example.org"], &settings);
    assert!(nobody.is_err_and(|error| error.to_string().contains("nobody signs in")));
    let new = output(&["password", "--email", &email], &settings).expect("set");
    let new = new.trim_end();
    assert_eq!(new.lines().count(), 1, "a script can read it");
    assert_eq!(enter(&client(), &old).await, 422, "the old one is gone");
    let page = inside.get(format!("{}/overview", server.url)).send().await.expect("an answer");
    assert_eq!(page.status(), 303, "and so is every session");
    assert_eq!(enter(&client(), new).await, 303);
}
