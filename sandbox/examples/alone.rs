//! A sandbox by itself, with one shop that has written to two people:
//! `cargo run -p sandbox --example alone`, then open the printed address.

use std::time::Duration;

use sandbox::{Settings, access_token, start, waba_of};
use serde_json::{Value, json};

const NUMBER: &str = "118842056631907";
const SECRET: &str = "secret-of-the-app";

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example says where to look")]
async fn main() -> anyhow::Result<()> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:4010".to_owned());
    // Its template is approved at once, so that it can be sent in the next line.
    let settings = Settings { addr: addr.parse()?, review: Duration::ZERO, ..Settings::default() };
    let sandbox = start(settings).await?;
    let base = sandbox.base_url();
    let face = json!({ "phone_number_id": NUMBER, "name": "Maison Sauvel" });
    post(&format!("{base}/control/numbers"), face).await?;
    post(&format!("{base}/v25.0/{}/message_templates", waba_of(NUMBER)), template()).await?;
    for (to, name, order) in
        [("+33639980042", "Élodie", "10004"), ("+4915155500107", "Jonas", "10007")]
    {
        post(&format!("{base}/v25.0/{NUMBER}/messages"), message(to, name, order)).await?;
    }
    text(&base).await?;
    println!("phones: {base}/phones");
    println!("mail: {}", sandbox.smtp_url());
    tokio::signal::ctrl_c().await?;
    sandbox.shutdown().await;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "an example is its own composition root")]
async fn post(url: &str, body: Value) -> anyhow::Result<()> {
    let request = reqwest::Client::new().post(url).bearer_auth(access_token(SECRET)).json(&body);
    let answer = request.send().await?;
    anyhow::ensure!(answer.status().is_success(), "{url}: {}", answer.text().await?);
    Ok(())
}

/// One SMS to the first of them.
#[expect(clippy::disallowed_methods, reason = "an example is its own composition root")]
async fn text(base: &str) -> anyhow::Result<()> {
    let account = "AC0123456789abcdef0123456789abcdef";
    let answer = reqwest::Client::new()
        .post(format!("{base}/2010-04-01/Accounts/{account}/Messages.json"))
        .basic_auth(account, Some("auth-token"))
        .body(
            "To=%2B33639980042&From=%2B33700000001&\
             Body=Maison+Sauvel+:+votre+colis+arrive+demain.+https://track.example/XY1",
        )
        .send()
        .await?;
    anyhow::ensure!(answer.status().is_success(), "{}", answer.text().await?);
    Ok(())
}

fn template() -> Value {
    json!({
        "name": "out_for_delivery_today",
        "language": "fr",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "components": [
            { "type": "HEADER", "format": "TEXT", "text": "Votre colis arrive" },
            { "type": "BODY",
              "text": "Bonjour {{1}}, Chronopost vous livrera la commande {{2}} aujourd’hui, entre 14 h et 16 h.",
              "example": { "body_text": [["Élodie", "10004"]] } },
            { "type": "FOOTER", "text": "Répondez STOP pour ne plus recevoir ces messages." },
            { "type": "BUTTONS", "buttons": [
                { "type": "URL", "text": "Suivre mon colis", "url": "https://track.example/{{1}}",
                  "example": ["https://track.example/XY1"] },
                { "type": "QUICK_REPLY", "text": "Choisir un autre jour" } ] },
        ],
    })
}

fn message(to: &str, name: &str, order: &str) -> Value {
    let text = |text: &str| json!({ "type": "text", "text": text });
    json!({
        "messaging_product": "whatsapp",
        "to": to,
        "type": "template",
        "template": {
            "name": "out_for_delivery_today",
            "language": { "code": "fr" },
            "components": [
                { "type": "body", "parameters": [text(name), text(order)] },
                { "type": "button", "sub_type": "url", "index": 0, "parameters": [text(order)] },
            ],
        },
    })
}
