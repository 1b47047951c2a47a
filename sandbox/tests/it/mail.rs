//! Mail over real SMTP.

use sandbox::{Running, Settings};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use crate::world::{Shop, quick, start, until};

/// One conversation, as a client without manners may hold it.
pub struct Client(BufReader<TcpStream>);

impl Client {
    /// Connected, greeted and introduced.
    pub async fn new(sandbox: &Running) -> Self {
        let mut client = Self::raw(sandbox).await;
        assert!(client.say("EHLO shop.example\r\n").await.starts_with("250"));
        client
    }

    async fn raw(sandbox: &Running) -> Self {
        let stream = TcpStream::connect(sandbox.smtp_addr()).await.expect("a connection");
        let mut client = Self(BufReader::new(stream));
        assert!(client.hear().await.starts_with("220 "));
        client
    }

    async fn write(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.expect("written");
    }

    /// The next answer with all its lines; empty when the connection is closed.
    async fn hear(&mut self) -> String {
        let mut answer = String::new();
        let mut line = Vec::new();
        loop {
            match self.0.read_u8().await {
                Ok(byte) => line.push(byte),
                Err(_) => return answer,
            }
            if line.ends_with(b"\r\n") {
                answer.push_str(&String::from_utf8_lossy(&line));
                if line.get(3) != Some(&b'-') {
                    return answer;
                }
                line.clear();
            }
        }
    }

    pub async fn say(&mut self, text: &str) -> String {
        self.write(text.as_bytes()).await;
        self.hear().await
    }

    /// Sends a mail as polite clients do; gives the last answer.
    pub async fn send(&mut self, to: &str, subject: &str) -> String {
        assert!(self.say("MAIL FROM:<news@sauvel.example> SIZE=200\r\n").await.starts_with("250"));
        let answer = self.say(&format!("RCPT TO:<{to}>\r\n")).await;
        if !answer.starts_with("250") {
            self.say("RSET\r\n").await;
            return answer;
        }
        assert!(self.say("DATA\r\n").await.starts_with("354"));
        self.say(&mail(to, subject)).await
    }
}

fn mail(to: &str, subject: &str) -> String {
    format!(
        "From: Maison Sauvel <news@sauvel.example>\r\nTo: {to}\r\nSubject: {subject}\r\n\
         List-Unsubscribe: <https://shop.example/u/1>\r\n\
         List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nHello\r\n..dots\r\n\
         --b\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>\r\n--b--\r\n.\r\n"
    )
}

async fn server() -> (Running, Shop) {
    let sandbox = start(quick()).await;
    let shop = Shop::new(&sandbox);
    (sandbox, shop)
}

async fn inbox(shop: &Shop, address: &str) -> Vec<Value> {
    shop.phone(address).await
}

const TO: &str = "elodie@mail.example";

#[tokio::test]
async fn a_mail_is_kept_for_each_of_its_recipients() {
    let (sandbox, shop) = server().await;
    let mut client = Client::new(&sandbox).await;
    client.say("MAIL FROM:<news@sauvel.example>\r\n").await;
    client.say("RCPT TO:<Elodie@Mail.example>\r\n").await;
    client.say("RCPT TO:<jonas@mail.example>\r\n").await;
    client.say("DATA\r\n").await;
    let answer = client.say(&mail(TO, "Your parcel")).await;
    assert!(answer.starts_with("250 2.0.0 Ok: queued as "), "{answer}");
    let mail = &inbox(&shop, TO).await[0];
    assert_eq!((&mail["channel"], &mail["subject"]), (&json!("email"), &json!("Your parcel")));
    assert_eq!(mail["from"], "news@sauvel.example");
    assert_eq!(mail["text"], "Hello\r\n.dots");
    assert_eq!(mail["html"], "<p>Hello</p>");
    assert_eq!(mail["unsubscribe"], json!(["https://shop.example/u/1"]));
    assert_eq!((&mail["one_click"], &mail["status"]), (&json!(true), &json!("delivered")));
    assert!(answer.contains(mail["id"].as_str().expect("an id")));
    assert_eq!(inbox(&shop, "jonas@mail.example").await.len(), 1);
    let (_, all) = shop.call("GET", "/control/messages?channel=email", None).await;
    assert_eq!(all["data"].as_array().map(Vec::len), Some(2));
    let (_, none) = shop.call("GET", "/control/messages?channel=sms", None).await;
    assert_eq!(none, json!({ "data": [] }));
    assert_eq!(shop.state().await["smtp"], sandbox.smtp_url());
    // The conversation goes on.
    assert!(client.send(TO, "Another").await.starts_with("250"));
    assert!(client.say("QUIT\r\n").await.starts_with("221"));
    assert_eq!(client.hear().await, "");
}

#[tokio::test]
async fn commands_may_come_all_at_once_or_byte_by_byte() {
    let (sandbox, shop) = server().await;
    let mut client = Client::new(&sandbox).await;
    client
        .write(b"MAIL FROM:<a@x.example>\r\nRCPT TO:<bounce@x.example>\r\nRCPT TO:<elodie@mail.example>\r\nDATA\r\n")
        .await;
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(client.hear().await[..3].to_owned());
    }
    assert_eq!(codes, ["250", "550", "250", "354"]);
    client.write(format!("{}NOOP\r\nQUIT\r\n", mail(TO, "Piped")).as_bytes()).await;
    for code in ["250", "250", "221"] {
        assert!(client.hear().await.starts_with(code));
    }
    assert_eq!(inbox(&shop, TO).await.len(), 1);

    let mut slow = Client::new(&sandbox).await;
    let all = format!("MAIL FROM:<a@x.example>\r\nRCPT TO:<{TO}>\r\nDATA\r\n{}", mail(TO, "Slow"));
    for byte in all.bytes() {
        slow.write(&[byte]).await;
    }
    for code in ["250", "250", "354", "250"] {
        assert!(slow.hear().await.starts_with(code));
    }
    assert_eq!(inbox(&shop, TO).await[1]["subject"], "Slow");
}

#[tokio::test]
async fn mailboxes_bounce_are_full_refuse_or_return() {
    let (sandbox, shop) = server().await;
    let mut client = Client::new(&sandbox).await;
    assert!(client.send("bounce@x.example", "a").await.starts_with("550 5.1.1"));
    assert!(client.send("Bounce+17@y.example", "a").await.starts_with("550"));
    assert!(client.send("full@x.example", "a").await.starts_with("452 4.2.2"));
    assert!(client.send("spam@x.example", "a").await.starts_with("554 5.7.1"));
    assert!(client.send("late-bounce@x.example", "Later").await.starts_with("250"));
    let notice =
        until("the notice", async || inbox(&shop, "news@sauvel.example").await.into_iter().next())
            .await;
    assert_eq!((&notice["type"], &notice["from"]), (&json!("returned"), &json!("")));
    let source = notice["source"].as_str().expect("its text");
    assert!(source.contains("multipart/report") && source.contains("Status: 5.1.1\r\n"));
    assert!(source.contains("Final-Recipient: rfc822; late-bounce@x.example\r\n"));
    assert!(source.contains("Subject: Later\r\n"), "the headers come back");
    assert_eq!(inbox(&shop, "late-bounce@x.example").await[0]["status"], "bounced");
    assert!(inbox(&shop, "bounce@x.example").await.is_empty());
    assert!(inbox(&shop, "spam@x.example").await.is_empty());
}

#[tokio::test]
async fn hostile_clients_are_answered_and_keep_nothing() {
    let (sandbox, shop) = server().await;
    let mut client = Client::new(&sandbox).await;
    // A line without end, then one.
    client.write(&[b'a'; 200_000]).await;
    assert!(client.say("\r\n").await.starts_with("500 5.5.6"));
    assert!(client.say("NOOP\n").await.starts_with("500 5.5.2"));
    client.write(b"\x00\xff\xfe\r\n").await;
    assert!(client.hear().await.starts_with("500"));
    assert!(client.say("GET / HTTP/1.1\r\n").await.starts_with("500"));

    let begin = async |client: &mut Client| {
        client.say("MAIL FROM:<a@x.example>\r\n").await;
        client.say(&format!("RCPT TO:<{TO}>\r\n")).await;
        assert!(client.say("DATA\r\n").await.starts_with("354"));
    };
    // Smuggling: what another server may take for the end is text here, and refused.
    begin(&mut client).await;
    let smuggled = "From: a@x\r\n\r\nHi\n.\nMAIL FROM:<b@x>\nRCPT TO:<b@x>\r\n.\r\n";
    assert!(client.say(smuggled).await.starts_with("554 5.6.0"));
    begin(&mut client).await;
    client.write(b"From: a@x\r\n\r\n").await;
    client.write(&[b'a'; 5_000]).await;
    assert!(client.say("\r\n.\r\n").await.starts_with("554 5.6.0"));
    begin(&mut client).await;
    assert!(client.say("no header\r\n.\r\n").await.starts_with("554 5.6.0"));
    assert!(client.say("MAIL FROM:<a@x> SIZE=99999999999\r\n").await.starts_with("552"));
    begin(&mut client).await;
    let line = format!("{}\r\n", "a".repeat(900)).repeat(1_000);
    client.write(b"From: a@x\r\n\r\n").await;
    for _ in 0..13 {
        client.write(line.as_bytes()).await;
    }
    assert!(client.say(".\r\n").await.starts_with("552 5.3.4"));
    assert!(inbox(&shop, TO).await.is_empty());
    // After all that, a mail.
    assert!(client.send(TO, "Fine").await.starts_with("250"));

    // TLS where none is spoken, a mail cut off, nothing at all.
    let mut tls = Client::raw(&sandbox).await;
    tls.write(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await;
    drop(tls);
    let mut cut = Client::new(&sandbox).await;
    begin(&mut cut).await;
    cut.write(b"From: a@x\r\n\r\nHalf a ma").await;
    drop(cut);
    assert_eq!(inbox(&shop, TO).await.len(), 1);
    let mut fool = Client::raw(&sandbox).await;
    for _ in 0..19 {
        assert!(fool.say("FOO\r\n").await.starts_with("500"));
    }
    assert!(fool.say("FOO\r\n").await.starts_with("500"));
    assert!(fool.hear().await.starts_with("421"));
}

#[tokio::test]
async fn faults_strike_mail() {
    let (sandbox, shop) = server().await;
    let fault = async |fault: Value| {
        shop.call("DELETE", "/control/faults", None).await;
        shop.control("faults", fault).await;
    };
    let mut client = Client::new(&sandbox).await;
    fault(json!({ "kind": "error_500", "match": TO, "count": 1 })).await;
    assert!(client.send(TO, "a").await.starts_with("451 4.3.0"));
    assert!(client.send(TO, "a").await.starts_with("250"), "used up");
    fault(json!({ "kind": "error_429", "channel": "email" })).await;
    assert!(client.send(TO, "b").await.starts_with("451 4.7.1"));
    fault(json!({ "kind": "error_500", "channel": "sms" })).await;
    assert!(client.send(TO, "c").await.starts_with("250"));
    fault(json!({ "kind": "latency", "match": "news@sauvel.example", "ms": 300 })).await;
    let begin = std::time::Instant::now();
    assert!(client.send(TO, "d").await.starts_with("250"));
    assert!(begin.elapsed().as_millis() >= 300);
    fault(json!({ "kind": "error", "code": 550, "channel": "email" })).await;
    assert!(client.send(TO, "e").await.starts_with("550 5.0.0"));
    fault(json!({ "kind": "error", "code": 131_049 })).await;
    assert!(client.send(TO, "f").await.starts_with("250"));
    let held = inbox(&shop, TO).await.len();
    fault(json!({ "kind": "lost_answer", "match": TO })).await;
    assert_eq!(client.send(TO, "lost").await, "");
    assert_eq!(inbox(&shop, TO).await.len(), held + 1, "kept all the same");
    fault(json!({ "kind": "reset" })).await;
    assert_eq!(Client::new(&sandbox).await.send(TO, "reset").await, "");
    assert_eq!(inbox(&shop, TO).await.len(), held + 1);

    fault(json!({ "kind": "smtp_down", "match": TO })).await;
    let mut client = Client::new(&sandbox).await;
    assert!(client.send("jonas@mail.example", "e").await.starts_with("250"));
    client.say("MAIL FROM:<a@x>\r\n").await;
    assert!(client.say(&format!("RCPT TO:<{TO}>\r\n")).await.starts_with("421"));
    fault(json!({ "kind": "smtp_down" })).await;
    let mut stream = TcpStream::connect(sandbox.smtp_addr()).await.expect("a connection");
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard).await;
    assert!(heard.is_empty());
}

#[tokio::test]
async fn mail_and_what_is_to_be_returned_survive_a_kill() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut slow = Settings { data_dir: Some(dir.path().to_owned()), ..quick() };
    slow.receipts.delivered = std::time::Duration::from_millis(800);
    let sandbox = start(slow.clone()).await;
    let mut client = Client::new(&sandbox).await;
    assert!(client.send(TO, "Kept").await.starts_with("250"));
    assert!(client.send("late-bounce@x.example", "Later").await.starts_with("250"));
    let shop = Shop::new(&sandbox);
    let before = inbox(&shop, TO).await;
    drop(sandbox);

    let sandbox = start(slow).await;
    let shop = Shop { base: sandbox.base_url(), ..shop };
    assert_eq!(inbox(&shop, TO).await, before);
    until("the notice", async || inbox(&shop, "news@sauvel.example").await.pop()).await;
    let mut client = Client::new(&sandbox).await;
    client.send(TO, "Kept").await;
    let after = inbox(&shop, TO).await;
    assert_ne!(after[0]["id"], after[1]["id"], "a repeated mail is a second one");
    shop.control("reset", json!({ "seed": 1 })).await;
    assert!(inbox(&shop, TO).await.is_empty());
    assert!(inbox(&shop, "news@sauvel.example").await.is_empty());
}

#[tokio::test]
async fn a_sandbox_that_ends_says_so() {
    let (sandbox, _) = server().await;
    let mut client = Client::new(&sandbox).await;
    let begin = std::time::Instant::now();
    sandbox.shutdown().await;
    assert!(client.hear().await.starts_with("421 4.3.2"));
    assert!(begin.elapsed().as_secs() < 3, "open conversations hold nothing up");
}
