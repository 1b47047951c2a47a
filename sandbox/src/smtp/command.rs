//! Commands, as far as one line shows them.

use super::address::Address;

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Helo,
    Ehlo,
    Auth {
        mechanism: String,
        initial: Option<String>,
    },
    /// `None` is the null sender of bounces.
    Mail {
        from: Option<Address>,
        size: usize,
        utf8: bool,
    },
    Rcpt {
        to: Address,
    },
    Data,
    Rset,
    Noop,
    Verify,
    Help,
    Quit,
}

/// Why a line is no command: the whole answer.
pub(super) type Misunderstood = &'static str;

/// The longest line of all commands but AUTH, its line end not included.
const LINE_LIMIT: usize = 1_000;

pub(super) fn read(line: &[u8]) -> Result<Command, Misunderstood> {
    let line = std::str::from_utf8(line).map_err(|_| "500 5.5.2 The line is not UTF-8")?;
    if line.chars().any(char::is_control) {
        return Err("500 5.5.2 The line has control characters");
    }
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let verb = verb.to_ascii_uppercase();
    if line.len() > LINE_LIMIT && verb != "AUTH" {
        return Err("500 5.5.6 The line is too long");
    }
    let alone = |command| if rest.trim().is_empty() { Ok(command) } else { Err(NO_ARGUMENT) };
    match verb.as_str() {
        "HELO" | "EHLO" if rest.trim().is_empty() => Err("501 5.5.4 Say who you are"),
        "HELO" => Ok(Command::Helo),
        "EHLO" => Ok(Command::Ehlo),
        "AUTH" => auth(rest),
        "MAIL" => mail(rest),
        "RCPT" => rcpt(rest),
        "DATA" => alone(Command::Data),
        "RSET" => alone(Command::Rset),
        "QUIT" => alone(Command::Quit),
        "NOOP" => Ok(Command::Noop),
        "VRFY" => Ok(Command::Verify),
        "HELP" => Ok(Command::Help),
        "STARTTLS" | "EXPN" | "BDAT" | "ETRN" | "TURN" => Err("502 5.5.1 Not offered"),
        _ => Err("500 5.5.1 Unknown command"),
    }
}

const NO_ARGUMENT: Misunderstood = "501 5.5.4 This command takes no argument";

fn auth(rest: &str) -> Result<Command, Misunderstood> {
    let mut words = rest.split_ascii_whitespace();
    let mechanism = words.next().ok_or("501 5.5.4 Say the mechanism")?.to_ascii_uppercase();
    let initial = words.next().map(str::to_owned);
    match words.next() {
        Some(_) => Err("501 5.5.4 AUTH takes a mechanism and one response"),
        None => Ok(Command::Auth { mechanism, initial }),
    }
}

fn mail(rest: &str) -> Result<Command, Misunderstood> {
    const SYNTAX: Misunderstood = "501 5.5.4 Say MAIL FROM:<address>";
    let (path, parameters) = path(rest, "FROM:").ok_or(SYNTAX)?;
    let (mut size, mut utf8) = (0, false);
    for parameter in parameters.split_ascii_whitespace() {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = value.to_ascii_uppercase();
        match (name.to_ascii_uppercase().as_str(), value.as_str()) {
            ("SIZE", digits) => {
                let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                if !is_number {
                    return Err("501 5.5.4 SIZE is a number");
                }
                // Longer than a number can be is larger than any limit.
                size = digits.parse().unwrap_or(usize::MAX);
            }
            ("BODY", "7BIT" | "8BITMIME") | ("AUTH", "<>") => {}
            ("SMTPUTF8", "") => utf8 = true,
            _ => return Err("555 5.5.4 Unknown parameter of MAIL"),
        }
    }
    let from = match path {
        "" => None,
        address => Some(Address::read(address).ok_or("553 5.1.7 The sender is no address")?),
    };
    Ok(Command::Mail { from, size, utf8 })
}

fn rcpt(rest: &str) -> Result<Command, Misunderstood> {
    let (path, parameters) = path(rest, "TO:").ok_or("501 5.5.4 Say RCPT TO:<address>")?;
    if !parameters.trim().is_empty() {
        return Err("555 5.5.4 Unknown parameter of RCPT");
    }
    let to = Address::read(path).ok_or("553 5.1.3 The recipient is no address")?;
    Ok(Command::Rcpt { to })
}

/// What stands in angle brackets behind `FROM:` or `TO:`, and what follows.
fn path<'a>(rest: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let start = rest.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word))?;
    // A space behind the colon is wrong, and every server takes it.
    let path = rest.get(start.len()..)?.trim_start().strip_prefix('<')?;
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (place, c) in path.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => {
                let after = &path[place + 1..];
                let is_apart = after.is_empty() || after.starts_with(' ');
                return is_apart.then(|| (&path[..place], after));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(text: &str) -> Address {
        Address::read(text).expect("an address")
    }

    #[test]
    fn commands_are_read_in_any_case() {
        assert_eq!(read(b"ehlo shop.example"), Ok(Command::Ehlo));
        let from = Some(address("shop@x.example"));
        assert_eq!(
            read(b"Mail From:<shop@x.example> SIZE=123 body=8bitmime SMTPUTF8"),
            Ok(Command::Mail { from, size: 123, utf8: true })
        );
        assert_eq!(read(b"MAIL FROM:<>"), Ok(Command::Mail { from: None, size: 0, utf8: false }));
        assert_eq!(read(b"RCPT TO:<\"a>b\"@x>"), Ok(Command::Rcpt { to: address("\"a>b\"@x") }));
        let auth = Command::Auth { mechanism: "PLAIN".into(), initial: Some("AGEAYg==".into()) };
        assert_eq!(read(b"AUTH plain AGEAYg=="), Ok(auth));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, code) in [
            ("", "500"),
            ("EHLO", "501"),
            ("MAIL FROM:a@x", "501"),
            ("MAIL FROM:<a>", "553"),
            ("MAIL FROM:<a@x>SIZE=1", "501"),
            ("MAIL FROM:<a@x> SIZE=x", "501"),
            ("MAIL FROM:<a@x> RET=FULL", "555"),
            ("RCPT TO:<a@x> NOTIFY=NEVER", "555"),
            ("RCPT TO:<>", "553"),
            ("DATA now", "501"),
            ("STARTTLS", "502"),
            ("GET / HTTP/1.1", "500"),
            ("AUTH", "501"),
            ("AUTH PLAIN a b", "501"),
            ("NOOP \u{7f}", "500"),
        ] {
            let answer = read(line.as_bytes()).expect_err(line);
            assert!(answer.starts_with(code), "{line}: {answer}");
        }
        assert!(read(b"\xff\xfe").is_err());
        assert!(read(format!("NOOP {}", "a".repeat(1_000)).as_bytes()).is_err());
        let huge = format!("MAIL FROM:<a@x> SIZE={}", "9".repeat(40));
        assert!(matches!(read(huge.as_bytes()), Ok(Command::Mail { size: usize::MAX, .. })));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(line in "(MAIL FROM:|RCPT TO:|AUTH )?[<>\"@\\\\a .=é-]{0,30}") {
            let _ = read(line.as_bytes());
        }
    }
}
