//! The notice that a mail could not be delivered after all (RFC 3464).

use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use crate::state::mail::Mail;

/// The notice's whole text.
pub(super) fn notice(mail: &Mail, lost: &[String], to: &str, now: u64) -> String {
    let date = i64::try_from(now / 1_000)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|at| at.format(&Rfc2822).ok())
        .unwrap_or_default();
    let each = lost.iter().map(|address| {
        format!(
            "\r\nFinal-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
             Diagnostic-Code: smtp; 550 5.1.1 No such mailbox here\r\n"
        )
    });
    let each: String = each.collect();
    let headers: String =
        mail.letter.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let boundary = format!("returned-{}", mail.id);
    format!(
        "From: Mail Delivery System <MAILER-DAEMON@sandbox.invalid>\r\n\
         To: {to}\r\n\
         Subject: Undelivered Mail Returned to Sender\r\n\
         Date: {date}\r\n\
         Message-ID: <returned-{id}@sandbox.invalid>\r\n\
         Auto-Submitted: auto-replied\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"{boundary}\"\r\n\
         \r\n\
         --{boundary}\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\
         \r\n\
         Your message could not be delivered: no such mailbox.\r\n\
         --{boundary}\r\n\
         Content-Type: message/delivery-status\r\n\
         \r\n\
         Reporting-MTA: dns; sandbox.invalid\r\n\
         X-Queue-Id: {id}\r\n\
         {each}\
         --{boundary}\r\n\
         Content-Type: text/rfc822-headers\r\n\
         \r\n\
         {headers}\
         --{boundary}--\r\n",
        id = mail.id,
    )
}
