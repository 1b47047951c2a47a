//! The outside world on one machine: a WhatsApp Cloud API and a Twilio-compatible SMS API over real
//! HTTP, a mail server over real SMTP, with phones one can read and answer on. Tests, demonstrations and load runs use the same one, and so does anybody who
//! wants to try an integration without an account at Meta or Twilio.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! let sandbox = sandbox::start(sandbox::Settings::default()).await?;
//! println!("phones: {}/phones", sandbox.base_url());
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Conventions of its own
//!
//! | thing | convention |
//! |---|---|
//! | access token | `sbx.<app secret>.<anything>`; the secret also signs the webhooks ([`access_token`]) |
//! | phone number id | any digits; it belongs to the app that used it first, another app gets error 10 |
//! | a number's name | as `POST /control/numbers` says, else the `companyname` of the first template it sends |
//! | WABA id | the phone number id with `00` behind it ([`waba_of`]) |
//! | portfolio | the phone number id with `01` behind it, unless `POST /control/portfolios` says otherwise |
//! | callback | `override_callback_uri` of `subscribed_apps`, verified at once; receipts wait for one |
//! | templates | those of `starter.json` are approved everywhere; created and edited ones are reviewed |
//! | uploads | samples for headers: `POST /{version}/app/uploads`, then the bytes; the app is the token's |
//! | last four digits of a phone | `0026` `0049` `0050` `0472`: fails with 131026, 131049, 131050, 130472; `0056`: 131056; `0000`: HTTP 500 with 131000; `0408`: accepted, but the answer is lost |
//!
//! # SMS
//!
//! `POST /2010-04-01/Accounts/{AccountSid}/Messages.json` takes `To`, `From` or
//! `MessagingServiceSid`, `Body`, `StatusCallback` and `ValidityPeriod`, and answers as Twilio does;
//! media, contents and schedules are refused, unknown fields ignored. Messages are read one by one
//! (`…/Messages/{sid}.json`) or listed by `To` and `From`.
//!
//! | thing | convention |
//! |---|---|
//! | account | any `AC` and 32 hexadecimal digits; whoever names it has it |
//! | auth token | anything that does not begin with `revoked` (that is answered 20003); the one used last is the account's primary token and signs the callbacks |
//! | sender | any number with plus, a short code, or a name of 11 characters; a messaging service (`MG…`) has one number, drawn from its sid |
//! | status callback | `queued`, `sent`, `delivered`, or `undelivered` and `failed` with `ErrorCode`; a form of its own each, `X-Twilio-Signature` on it, retried like receipts until it is answered 2xx |
//! | answers | go to the sender's `SmsUrl` (`IncomingPhoneNumbers.json`, or `POST /control/senders`), else to the status callback of the last message to that phone; what it answers is not read |
//! | keywords | `STOP STOPALL UNSUBSCRIBE CANCEL END QUIT OPTOUT REVOKE`: later sends of that account and sender to that phone are answered 21610, until `START YES UNSTOP`; told like any answer, with `OptOutType` when a service wrote last |
//! | segments | 160 characters of the GSM alphabet or 70 of UCS-2, else 153 or 67 each; pairs are never split |
//!
//! Last four digits of a phone, for SMS only (those of WhatsApp above mean nothing here, so that a
//! person who is not on WhatsApp, `0026`, gets the SMS):
//!
//! | digits | what happens |
//! |---|---|
//! | `1211` `1408` `1606` `1610` `1612` `1614` | answered 400 with 21211, 21408, 21606, 21610, 21612, 21614 |
//! | `0429` `0500` | answered 429 with 20429, 500 with 20500 |
//! | `0001` `0002` | accepted, then `failed` with 30001, 30002 |
//! | `0003` to `0008` | sent, then `undelivered` with 30003 to 30008 |
//! | `0504` | accepted, but the answer is lost |
//! | `0999` | `sent`, and nothing more is heard |
//! | `0666` | a landline: 21614, and 131026 on WhatsApp; only mail reaches it |
//!
//! Names as senders cannot be answered, and reach no number of North America (21612).
//!
//! # Mail
//!
//! A mail server on a port of its own ([`Running::smtp_url`], `smtp` in `GET /control/state`) takes
//! mail for every address and keeps it: EHLO, AUTH PLAIN and LOGIN, MAIL (SIZE, BODY, SMTPUTF8), RCPT,
//! DATA, RSET, NOOP, VRFY, QUIT, pipelined or not, 10 MiB and 100 recipients at most, no encryption. It
//! is as strict as strict servers are: lines end in CR and LF, have 998 characters at most, and a mail
//! has a `From`; otherwise it is refused with 554. Signing in is not needed; any user and password will
//! do, but none that begins with `revoked` (535).
//!
//! | mailbox, at any domain, with or without `+something` | what happens |
//! |---|---|
//! | `bounce@` | 550 5.1.1 when it is named |
//! | `full@` | 452 4.2.2 when it is named |
//! | `spam@` | 554 5.7.1 when the text is there |
//! | `late-bounce@` | accepted; a moment later a delivery status notification (RFC 3464) is in the inbox of the envelope's sender, with its whole `source` in `GET /control/messages?to=` that sender |
//!
//! Faults for mail: `latency`, `reset`, `error_429` and `error_500` (451), `lost_answer` (kept, then the
//! connection closes) strike at the end of the text, by any recipient or the envelope's sender;
//! `smtp_down` closes connections before a word, or with an address, answers 421 when it is named.
//!
//! # Reviews of templates
//!
//! A created or edited template is `PENDING`, and decided after two seconds, about; a setting and
//! `POST /control/reviews {delay_ms}` say otherwise, and at 0 it is decided within the call. Unless
//! an order says how, these rules decide, the first that matches:
//!
//! | the text | verdict |
//! |---|---|
//! | is written in capitals; or says nothing (two short words, `lorem ipsum`) | `INVALID_FORMAT`, with advice |
//! | insults or threatens | `ABUSIVE_CONTENT` |
//! | asks for passwords or card numbers; hides an address behind a shortener | `SCAM` |
//! | is written in another language than it says (of en, fr, de, nl, es, it) | `TAG_CONTENT_MISMATCH` |
//! | is `AUTHENTICATION` without a button for the code | `INCORRECT_CATEGORY` |
//! | is `UTILITY` and nothing but advertising | `PROMOTIONAL` |
//! | is `UTILITY` and advertises | approved as `MARKETING`, with `template_category_update` |
//! | anything else | approved |
//!
//! What happens to a template is told to the subscribed callback, each in a POST of its own, with
//! the same retries as receipts: `message_template_status_update`, `message_template_quality_update`,
//! `template_category_update`, `message_template_components_update` (after an edit). A template
//! disliked for the first time is paused for 3 hours, then 6, then disabled.
//!
//! # Deterministic
//!
//! Ids and delays are hashes of (seed, key of the message, number of the draw). The key is
//! `biz_opaque_callback_data`, or else number and phone; a key used again draws anew, because
//! a repeated POST really is a second message. An SMS's key is sender, phone and text, a mail's is its
//! envelope and subject. A review's key is number, name and language.
//! Concurrency changes nothing.
//!
//! # Kept
//!
//! With a `data_dir`, every accepted message, mail, subscription, sender, opt-out, upload and template with
//! its standing and its news is written to `sandbox.jsonl` before it is answered for, and so survives a kill.
//! Faults, rate limits and orders to the reviewers are not kept.
//!
//! # Control
//!
//! | route | does |
//! |---|---|
//! | `GET /control/messages?to=` | what a phone received, newest last; or an inbox; `channel=whatsapp\|sms\|email` says over which alone, `include=failed` adds what never arrived, `direction=inbound` shows what it wrote |
//! | `GET`, `POST`, `DELETE /control/faults` | `{kind, match, count, ms, code?, channel?}`; strikes all channels unless it says one; `error` and `failed_receipt` take the `code`, WhatsApp's unless `channel` says `sms` (Twilio's) or `email` (an `error` of SMTP, 400 to 599, at the end of the text); see the list of kinds in the error of a wrong one |
//! | `POST /control/inbound` | `{from, sender, text}` or `{from, sender, button: {payload, text}}` |
//! | | for SMS `{from, sender, text}` with the number as sender (a short code needs `channel: "sms"`) |
//! | `POST /control/reset` | `{seed}`; forgets messages, mails, faults, windows, opt-outs, orders; keeps numbers, senders, subscriptions, templates, uploads |
//! | `GET`, `POST /control/limits` | `{number_per_second, pair_burst}`, off by default; `{templates_per_hour, edits_per_day, edits_per_month}`, Meta's by default, `null` is off |
//! | `POST /control/numbers` | `{phone_number_id, name?, display?, throughput?}`: the business as phones show it; `HIGH` is told as an upgrade |
//! | `POST /control/portfolios` | `{phone_number_id, portfolio?, people?, excess?, code?, window_ms?}`: how many people its portfolio may reach within a day (`-1`: any, as at first), told to its numbers; what happens beyond it: `fail` (accepted, then failed with `code`, 131048 at first), `refuse` (answered with it) or `accept` |
//! | `POST /control/senders` | `{account_sid, sender, sms_url?, name?}`: where a sender's answers go, and its name on phones |
//! | `GET`, `POST`, `DELETE /control/reviews` | `{phone_number_id?, name?, language?, verdict: approve\|reject\|recategorise\|hold, reason?, delay_ms?, count?}` decides the next matching reviews (one unless `count` says more), those under way first and at once; `{delay_ms}` alone sets how long all take |
//! | `POST /control/templates` | `{phone_number_id, name, language}` and what happens to it: `status` (`PAUSED` with `pause_ms?`, `pacing?`; `REJECTED` with `reason?`; `APPROVED` lifts a pause), `quality`, `category` (announced first with `notice_ms?`) |
//! | `GET /control/state` | counts, and where mail is taken |
//!
//! # Pages
//!
//! Phones and inboxes are listed at `/phones`. `/phones/{number}` is a phone with WhatsApp and SMS beside
//! each other, to read and to answer; `?embed=1` leaves the page around it out and shows one of both
//! (`app=whatsapp|sms`). `/mail/{address}` is an inbox: the mail as its reader sees it in a frame without
//! scripts, its text part, its headers, and the button of a one-click `List-Unsubscribe`, which tells the
//! sender as mail providers do. All of it works without scripts, and follows what happens with one.

mod api;
mod control;
mod mail;
mod phone;
mod receipts;
mod review;
mod serve;
mod settings;
mod sms;
mod smtp;
mod state;
mod templates;

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use axum::{Router, extract::DefaultBodyLimit, response::Redirect, routing::get};
use tokio::{net::TcpListener, task::JoinHandle};

pub use crate::{
    api::access::access_token,
    settings::{Limits, ReceiptPace, Settings},
    state::number::waba_of,
};
use crate::{
    state::{Sandbox, world::World},
    templates::Catalogue,
};

/// Bodies larger than this are refused.
const BODY_LIMIT: usize = 1 << 20;
/// How long calls and webhooks under way may take to finish at the end.
const FAREWELL: Duration = Duration::from_secs(3);

/// A sandbox that is listening. Dropping it stops it as a kill would; [`Running::shutdown`] lets
/// calls and webhooks under way finish.
#[derive(Debug)]
pub struct Running {
    /// Where it listens; the port the system chose when the settings said 0.
    pub addr: SocketAddr,
    smtp_addr: SocketAddr,
    sandbox: Sandbox,
    server: JoinHandle<()>,
    mail_server: JoinHandle<()>,
    courier: JoinHandle<()>,
}

impl Running {
    /// `http://…`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Where mail is taken; the port the system chose when the settings said 0.
    #[must_use]
    pub fn smtp_addr(&self) -> SocketAddr {
        self.smtp_addr
    }

    /// `smtp://…`: no encryption, any user and password.
    #[must_use]
    pub fn smtp_url(&self) -> String {
        format!("smtp://{}", self.smtp_addr)
    }

    /// Stops accepting, finishes what is under way, and forces the journal to the disk. Receipts
    /// that no callback accepted yet are kept for the next start.
    pub async fn shutdown(mut self) {
        self.sandbox.closing.cancel();
        let all = async {
            let _ = tokio::join!(&mut self.server, &mut self.mail_server, &mut self.courier);
        };
        if tokio::time::timeout(FAREWELL, all).await.is_err() {
            tracing::info!("the sandbox left calls behind that did not end in time");
        }
        self.sandbox.world().sync();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.sandbox.closing.cancel();
        self.sandbox.killed.cancel();
        self.sandbox.world().close();
        self.server.abort();
        self.mail_server.abort();
        self.courier.abort();
    }
}

/// Starts a sandbox: reads its journal, listens, and begins to deliver what was still owed.
///
/// # Errors
///
/// When the address is taken, or the folder cannot be read, written or is in use.
pub async fn start(settings: Settings) -> anyhow::Result<Running> {
    let starter = Catalogue::starter().context("the sandbox's starter templates are wrong")?;
    let mut world = World::new(&settings, starter);
    if let Some(dir) = &settings.data_dir {
        world.remember(dir)?;
    }
    let listener = TcpListener::bind(settings.addr)
        .await
        .with_context(|| format!("the sandbox cannot listen on {}", settings.addr))?;
    let addr = listener.local_addr()?;
    let mail_listener = TcpListener::bind(settings.smtp_addr)
        .await
        .with_context(|| format!("the sandbox cannot take mail on {}", settings.smtp_addr))?;
    let smtp_addr = mail_listener.local_addr()?;
    // What calls say of it is where it is, not port 0.
    let settings = Settings { smtp_addr, ..settings };
    let http = http_client().context("the sandbox has no HTTP client")?;
    let sandbox = Sandbox::new(world, settings, http);
    let app = routes(sandbox.clone());
    let server =
        tokio::spawn(serve::serve(listener, app, sandbox.closing.clone(), sandbox.killed.clone()));
    let mail_server = tokio::spawn(smtp::serve(mail_listener, sandbox.clone()));
    let courier = tokio::spawn(receipts::run(sandbox.clone()));
    Ok(Running { addr, smtp_addr, sandbox, server, mail_server, courier })
}

#[expect(clippy::disallowed_methods, reason = "callbacks are on the loopback more often than not")]
fn http_client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(3))
        // Callbacks are called as they are given: no proxy in between, no other place.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

fn routes(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/phones")))
        .merge(api::routes())
        .merge(sms::routes())
        .merge(control::routes())
        .merge(phone::routes(&sandbox))
        .fallback(api::unknown)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(sandbox)
}
