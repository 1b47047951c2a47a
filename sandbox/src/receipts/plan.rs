//! What will happen to a message, drawn when it is accepted.

use crate::{
    settings::ReceiptPace,
    sms::Outcome as SmsOutcome,
    state::{
        draw::{Draws, Of},
        message::{Stage, Step},
    },
};

/// How much later the second telling of a doubled receipt is, in milliseconds.
const ECHO_MS: u64 = 30;

/// Whether a message reaches the phone.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    Arrives,
    Fails(u32),
}

/// The steps of one message.
pub(crate) struct Plan(Vec<Step>);

impl Plan {
    pub(crate) fn new(draws: &Draws<'_>, pace: &ReceiptPace, outcome: Outcome, now: u64) -> Self {
        let sent = now + draws.around(pace.sent, Of::Sent);
        let step = |stage, at| Step { stage, at, told: at };
        match outcome {
            Outcome::Fails(code) => Self(vec![step(Stage::Failed(code), sent)]),
            Outcome::Arrives => {
                // Each step happens after the one before it, whatever was drawn.
                let delivered = (now + draws.around(pace.delivered, Of::Delivered)).max(sent + 1);
                let read = (now + draws.around(pace.read, Of::Read)).max(delivered + 1);
                Self(vec![
                    step(Stage::Sent, sent),
                    step(Stage::Delivered, delivered),
                    step(Stage::Read, read),
                ])
            }
        }
    }

    /// An SMS: queued at once, and nobody learns whether it was read.
    pub(crate) fn sms(
        draws: &Draws<'_>,
        pace: &ReceiptPace,
        outcome: SmsOutcome,
        now: u64,
    ) -> Self {
        let sent = now + 1 + draws.around(pace.sent, Of::Sent);
        let end = (now + draws.around(pace.delivered, Of::Delivered)).max(sent + 1);
        let step = |stage, at| Step { stage, at, told: at };
        let mut steps = vec![step(Stage::Queued, now)];
        match outcome {
            SmsOutcome::Fails(code) => steps.push(step(Stage::Failed(code), sent)),
            SmsOutcome::Silent => steps.push(step(Stage::Sent, sent)),
            SmsOutcome::Arrives => {
                steps.extend([step(Stage::Sent, sent), step(Stage::Delivered, end)]);
            }
            SmsOutcome::Undelivered(code) => {
                steps.extend([step(Stage::Sent, sent), step(Stage::Undelivered(code), end)]);
            }
        }
        Self(steps)
    }

    /// A message from the person: told at once.
    pub(crate) fn inbound(now: u64) -> Self {
        Self(vec![Step { stage: Stage::Received, at: now, told: now }])
    }

    /// Told in reverse order.
    pub(crate) fn reverse(&mut self) {
        let times: Vec<u64> = self.0.iter().rev().map(|step| step.told).collect();
        for (step, told) in self.0.iter_mut().zip(times) {
            step.told = told;
        }
    }

    /// Told later than it happens.
    pub(crate) fn delay(&mut self, ms: u64) {
        for step in &mut self.0 {
            step.told = step.told.saturating_add(ms);
        }
    }

    /// Told twice.
    pub(crate) fn double(&mut self) {
        let echoes: Vec<Step> =
            self.0.iter().map(|step| Step { told: step.told + ECHO_MS, ..*step }).collect();
        self.0.extend(echoes);
    }

    /// All steps as owed.
    pub(crate) fn all(&self) -> u8 {
        self.0.iter().fold(0, |bits, _| bits << 1 | 1)
    }

    pub(crate) fn steps(self) -> Vec<Step> {
        self.0
    }
}
