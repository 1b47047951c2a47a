//! What a phone's last four digits provoke when an SMS is sent to it. The sandbox's own
//! convention: the last digits of the code where they are free.

use super::error::SmsError;

/// What becomes of an SMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Arrives,
    /// Accepted, and never sent.
    Fails(u32),
    /// Sent, and refused by the carrier.
    Undelivered(u32),
    /// Sent, and nothing is heard of it again.
    Silent,
}

impl Outcome {
    /// What an error of a receipt means: the first two never left.
    pub(super) fn failed(code: u32) -> Self {
        match code {
            30_001 | 30_002 => Self::Fails(code),
            code => Self::Undelivered(code),
        }
    }
}

/// What the call is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Script {
    Accepted(Outcome),
    Refused(SmsError),
    /// Accepted, and the answer is lost.
    AnswerLost,
}

impl Script {
    /// `phone` is digits without plus.
    pub(super) fn of(phone: &str, from: &str) -> Self {
        let refused = |code, message: String| Self::Refused(SmsError::new(code, message));
        let failed = |code| Self::Accepted(Outcome::failed(code));
        match phone.len().checked_sub(4).and_then(|start| phone.get(start..)) {
            Some("0001") => failed(30_001),
            Some("0002") => failed(30_002),
            Some("0003") => failed(30_003),
            Some("0004") => failed(30_004),
            Some("0005") => failed(30_005),
            Some("0006") => failed(30_006),
            Some("0007") => failed(30_007),
            Some("0008") => failed(30_008),
            Some("0999") => Self::Accepted(Outcome::Silent),
            Some("0429") => Self::Refused(SmsError::too_many()),
            Some("0500") => Self::Refused(SmsError::internal()),
            Some("0504") => Self::AnswerLost,
            Some("1211") => {
                refused(21_211, format!("The 'To' number +{phone} is not a valid phone number."))
            }
            Some("1408") => refused(
                21_408,
                format!(
                    "Permission to send an SMS has not been enabled for the region indicated by \
                     the 'To' number: +{phone}."
                ),
            ),
            Some("1606") => refused(
                21_606,
                format!(
                    "The 'From' phone number {from} is not a valid, SMS-capable inbound phone \
                     number or short code for your account."
                ),
            ),
            Some("1610") => Self::Refused(stopped()),
            Some("1612") => Self::Refused(unreachable(phone, from)),
            // A landline: on no WhatsApp either.
            Some("1614" | "0666") => {
                refused(21_614, format!("'To' number is not a valid mobile number: +{phone}"))
            }
            _ => Self::Accepted(Outcome::Arrives),
        }
    }
}

pub(super) fn stopped() -> SmsError {
    SmsError::new(21_610, "Attempt to send to unsubscribed recipient")
}

pub(super) fn unreachable(phone: &str, from: &str) -> SmsError {
    SmsError::new(
        21_612,
        format!(
            "The 'To' phone number: +{phone}, is not currently reachable using the 'From' phone \
             number: {from} via SMS."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_whatsapp_mean_nothing_here() {
        for last in ["0026", "0049", "0050", "0472", "0056", "0000", "0408", "0042"] {
            let script = Script::of(&format!("3363998{last}"), "+33700000001");
            assert_eq!(script, Script::Accepted(Outcome::Arrives), "{last}");
        }
        assert_eq!(Script::of("12", "x"), Script::Accepted(Outcome::Arrives));
    }
}
