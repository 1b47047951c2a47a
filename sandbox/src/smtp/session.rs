//! One conversation, without the connection it is held over.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    SIZE_LIMIT,
    address::Address,
    body::Fault,
    command::{self, Command},
    lines::Line,
    script::Script,
};

/// Recipients of one mail.
const MOST_RECIPIENTS: usize = 100;
/// Answers of 4xx or 5xx to one connection; whoever gets more does not speak SMTP.
const MOST_ERRORS: u32 = 20;

/// From whom and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope {
    /// `None` is the null sender of bounces.
    pub from: Option<Address>,
    pub to: Vec<Address>,
}

/// What follows a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    Answer(String),
    /// The text comes next.
    Body(String),
    /// Answered, and over.
    Bye(String),
}

/// What is expected next besides a command.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    Plain,
    LoginName,
    LoginPassword(String),
}

/// The state of one conversation.
#[derive(Default)]
pub(super) struct Session {
    greeted: bool,
    user: Option<String>,
    asked: Option<Asked>,
    from: Option<Option<Address>>,
    utf8: bool,
    to: Vec<Address>,
    errors: u32,
}

impl Session {
    /// `is_down` says whether the mail of an address is to be turned away just now.
    pub(super) fn line(&mut self, line: Line, is_down: &dyn Fn(&Address) -> bool) -> Next {
        let next = match line {
            Line::TooLong => Next::Answer("500 5.5.6 The line is too long".to_owned()),
            Line::BadEnd => Next::Answer("500 5.5.2 Lines end in CR and LF, both".to_owned()),
            Line::Whole(line) => match self.asked.take() {
                Some(asked) => self.credentials(asked, &line),
                None => match command::read(&line) {
                    Ok(command) => self.command(command, is_down),
                    Err(answer) => Next::Answer(answer.to_owned()),
                },
            },
        };
        match next {
            Next::Answer(answer) if answer.starts_with(['4', '5']) => self.blame(answer),
            next => next,
        }
    }

    /// What the text is answered; the envelope when it may be kept.
    pub(super) fn body(&mut self, fault: Option<Fault>) -> Result<Envelope, Next> {
        let envelope =
            Envelope { from: self.from.take().flatten(), to: std::mem::take(&mut self.to) };
        let rejected = envelope.to.iter().find_map(|to| match Script::of(to) {
            Script::Rejected(answer) => Some(answer),
            _ => None,
        });
        let answer = match fault {
            Some(Fault::TooBig) => Some("552 5.3.4 The message is larger than 10 MiB"),
            Some(Fault::BareLineEnd) => Some("554 5.6.0 A line ends in CR or LF alone"),
            Some(Fault::LongLine) => Some("554 5.6.0 A line is longer than 998 characters"),
            None => rejected,
        };
        match answer {
            Some(answer) => Err(self.blame(answer.to_owned())),
            None => Ok(envelope),
        }
    }

    fn blame(&mut self, answer: String) -> Next {
        self.errors += 1;
        if self.errors >= MOST_ERRORS {
            return Next::Bye(format!("{answer}\r\n421 4.7.0 Too many errors"));
        }
        Next::Answer(answer)
    }

    fn command(&mut self, command: Command, is_down: &dyn Fn(&Address) -> bool) -> Next {
        let answer = match command {
            Command::Quit => return Next::Bye("221 2.0.0 Bye".to_owned()),
            Command::Helo => {
                self.begin();
                "250 sandbox".to_owned()
            }
            Command::Ehlo => {
                self.begin();
                format!(
                    "250-sandbox\r\n250-PIPELINING\r\n250-SIZE {SIZE_LIMIT}\r\n250-8BITMIME\r\n\
                     250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 AUTH PLAIN LOGIN"
                )
            }
            Command::Noop => "250 2.0.0 Ok".to_owned(),
            Command::Verify => "252 2.1.5 Send it and see".to_owned(),
            Command::Help => "214 2.0.0 EHLO AUTH MAIL RCPT DATA RSET NOOP VRFY QUIT".to_owned(),
            Command::Rset => {
                self.forget();
                "250 2.0.0 Ok".to_owned()
            }
            _ if !self.greeted => "503 5.5.1 Say EHLO first".to_owned(),
            Command::Auth { mechanism, initial } => self.auth(&mechanism, initial.as_deref()),
            Command::Mail { from, size, utf8 } => self.mail(from, size, utf8),
            Command::Rcpt { to } => {
                if self.from.is_some() && is_down(&to) {
                    return Next::Bye("421 4.3.0 The server is down".to_owned());
                }
                self.rcpt(to)
            }
            Command::Data if self.from.is_none() => "503 5.5.1 Say MAIL first".to_owned(),
            Command::Data if self.to.is_empty() => "554 5.5.1 No valid recipients".to_owned(),
            Command::Data => {
                return Next::Body("354 Go on, and end with a dot alone".to_owned());
            }
        };
        Next::Answer(answer)
    }

    fn begin(&mut self) {
        self.greeted = true;
        self.forget();
    }

    fn forget(&mut self) {
        self.from = None;
        self.utf8 = false;
        self.to.clear();
    }

    fn mail(&mut self, from: Option<Address>, size: usize, utf8: bool) -> String {
        if self.from.is_some() {
            return "503 5.5.1 The sender is known already".to_owned();
        }
        if size > SIZE_LIMIT {
            return "552 5.3.4 The message is larger than 10 MiB".to_owned();
        }
        if !utf8 && from.as_ref().is_some_and(|from| !from.is_ascii()) {
            return "553 5.6.7 This address needs SMTPUTF8".to_owned();
        }
        self.utf8 = utf8;
        self.from = Some(from);
        "250 2.1.0 Ok".to_owned()
    }

    fn rcpt(&mut self, to: Address) -> String {
        if self.from.is_none() {
            return "503 5.5.1 Say MAIL first".to_owned();
        }
        if !self.utf8 && !to.is_ascii() {
            return "553 5.6.7 This address needs SMTPUTF8".to_owned();
        }
        if let Script::Refused(answer) = Script::of(&to) {
            return answer.to_owned();
        }
        if self.to.len() >= MOST_RECIPIENTS {
            return "452 4.5.3 Too many recipients".to_owned();
        }
        if !self.to.contains(&to) {
            self.to.push(to);
        }
        "250 2.1.5 Ok".to_owned()
    }

    fn auth(&mut self, mechanism: &str, initial: Option<&str>) -> String {
        if self.user.is_some() {
            return "503 5.5.1 Signed in already".to_owned();
        }
        if self.from.is_some() {
            return "503 5.5.1 Not within a mail".to_owned();
        }
        match (mechanism, initial) {
            ("PLAIN", None) => {
                self.asked = Some(Asked::Plain);
                "334 ".to_owned()
            }
            ("PLAIN", Some(packed)) => self.plain(packed),
            ("LOGIN", None) => {
                self.asked = Some(Asked::LoginName);
                "334 VXNlcm5hbWU6".to_owned()
            }
            ("LOGIN", Some(packed)) => self.login_name(packed),
            _ => "504 5.5.4 PLAIN and LOGIN are offered".to_owned(),
        }
    }

    /// A line that answers a challenge.
    fn credentials(&mut self, asked: Asked, line: &[u8]) -> Next {
        let Ok(line) = std::str::from_utf8(line) else { return Next::Answer(NOT_BASE64.into()) };
        if line == "*" {
            return Next::Answer("501 5.7.0 Cancelled".to_owned());
        }
        Next::Answer(match asked {
            Asked::Plain => self.plain(line),
            Asked::LoginName => self.login_name(line),
            Asked::LoginPassword(user) => match unpack(line) {
                Some(password) => self.sign_in(user, &password),
                None => NOT_BASE64.to_owned(),
            },
        })
    }

    fn plain(&mut self, packed: &str) -> String {
        let Some(text) = unpack(packed) else { return NOT_BASE64.to_owned() };
        // [whose mailbox] NUL user NUL password
        let mut parts = text.split('\0');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(_), Some(user), Some(password), None) => self.sign_in(user.to_owned(), password),
            _ => "501 5.5.2 PLAIN is user and password behind a NUL each".to_owned(),
        }
    }

    fn login_name(&mut self, packed: &str) -> String {
        match unpack(packed) {
            Some(user) => {
                self.asked = Some(Asked::LoginPassword(user));
                "334 UGFzc3dvcmQ6".to_owned()
            }
            None => NOT_BASE64.to_owned(),
        }
    }

    /// Like tokens of the APIs: anything that is not revoked.
    fn sign_in(&mut self, user: String, password: &str) -> String {
        if user.is_empty() || password.is_empty() || password.starts_with("revoked") {
            return "535 5.7.8 Wrong user or password".to_owned();
        }
        self.user = Some(user);
        "235 2.7.0 Welcome".to_owned()
    }
}

const NOT_BASE64: &str = "501 5.5.2 That is not base64";

fn unpack(packed: &str) -> Option<String> {
    // An equals sign alone is an empty response (RFC 4954).
    let packed = if packed == "=" { "" } else { packed };
    String::from_utf8(STANDARD.decode(packed).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The last line of each answer.
    fn talk(session: &mut Session, lines: &[&str]) -> Vec<String> {
        let answers = lines.iter().map(|line| {
            match session.line(Line::Whole(line.as_bytes().to_vec()), &|_| false) {
                Next::Answer(text) | Next::Body(text) | Next::Bye(text) => text,
            }
        });
        answers.map(|text| text.rsplit("\r\n").next().unwrap_or_default().to_owned()).collect()
    }

    fn codes(lines: &[&str]) -> Vec<String> {
        let answers = talk(&mut Session::default(), lines);
        answers.iter().map(|answer| answer[..3].to_owned()).collect()
    }

    #[test]
    fn order_is_kept() {
        assert_eq!(
            codes(&[
                "MAIL FROM:<a@x>",
                "NOOP",
                "EHLO c",
                "RCPT TO:<b@x>",
                "DATA",
                "MAIL FROM:<a@x>",
                "MAIL FROM:<a@x>",
                "DATA",
                "RCPT TO:<b@x>",
                "RSET",
                "RCPT TO:<b@x>",
                "QUIT"
            ]),
            ["503", "250", "250", "503", "503", "250", "503", "554", "250", "250", "503", "221"]
        );
    }

    #[test]
    fn mailboxes_have_scripts() {
        assert_eq!(
            codes(&[
                "EHLO c",
                "MAIL FROM:<a@x>",
                "RCPT TO:<bounce@x>",
                "RCPT TO:<Full+1@x>",
                "RCPT TO:<late-bounce@x>",
                "RCPT TO:<spam@x>",
                "DATA"
            ]),
            ["250", "250", "550", "452", "250", "250", "354"]
        );
    }

    #[test]
    fn users_sign_in_with_anything_but_what_is_revoked() {
        let pack = |text: &str| STANDARD.encode(text);
        let plain =
            |text: &str| codes(&["EHLO c", &format!("AUTH PLAIN {}", pack(text))])[1].clone();
        assert_eq!(plain("\0user\0password"), "235");
        assert_eq!(plain("\0user\0revoked"), "535");
        assert_eq!(plain("user"), "501");
        let (user, password) = (pack("user"), pack("password"));
        assert_eq!(
            codes(&["EHLO c", "AUTH LOGIN", &user, &password]),
            ["250", "334", "334", "235"]
        );
        assert_eq!(codes(&["EHLO c", "AUTH LOGIN", "*", "NOOP"]), ["250", "334", "501", "250"]);
        assert_eq!(codes(&["EHLO c", "AUTH PLAIN", "###"]), ["250", "334", "501"]);
        assert_eq!(codes(&["AUTH PLAIN", "EHLO c", "AUTH CRAM-MD5"]), ["503", "250", "504"]);
    }

    #[test]
    fn letters_beyond_ascii_need_their_extension() {
        assert_eq!(
            codes(&[
                "EHLO c",
                "MAIL FROM:<a@x>",
                "RCPT TO:<é@x>",
                "RSET",
                "MAIL FROM:<é@x> SMTPUTF8",
                "RCPT TO:<ü@x>"
            ]),
            ["250", "250", "553", "250", "250", "250"]
        );
    }

    #[test]
    fn whoever_only_errs_is_sent_away() {
        let mut session = Session::default();
        let talk = talk(&mut session, &["GET / HTTP/1.1"; 20]);
        assert!(talk[18].starts_with("500") && talk[19].starts_with("421"), "{talk:?}");
    }

    proptest! {
        #[test]
        fn every_answer_has_a_code(
            lines in prop::collection::vec(
                "(EHLO |AUTH (PLAIN|LOGIN)? ?|MAIL FROM:|RCPT TO:|DATA|RSET|\\*|)[<>@a=\\\\\" é\\x00]{0,12}",
                0..20,
            ),
        ) {
            let mut session = Session::default();
            for line in lines {
                let next = session.line(Line::Whole(line.into_bytes()), &|_| false);
                let (Next::Answer(text) | Next::Body(text) | Next::Bye(text)) = next;
                for line in text.split("\r\n") {
                    prop_assert!(line.len() >= 4 && line.bytes().take(3).all(|b| b.is_ascii_digit()));
                }
            }
        }
    }
}
