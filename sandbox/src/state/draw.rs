//! Chance without chance: a draw is a hash of (seed, key of the message, number of the draw), so
//! the same run gives the same ids and delays however many calls are under way at once.

use sha2::{Digest as _, Sha256};

/// What is drawn for one message. Numbers are for ever: changing one changes every recorded run.
#[derive(Clone, Copy)]
#[repr(u32)]
pub(crate) enum Of {
    /// First half of the message id.
    IdHead = 0,
    /// Second half of the message id.
    IdTail = 1,
    /// Delay of `sent`, or of `failed` in its place.
    Sent = 2,
    /// Delay of `delivered`.
    Delivered = 3,
    /// Delay of `read`.
    Read = 4,
    /// Duration of a template's review.
    Review = 5,
    /// Id of an upload.
    Upload = 6,
}

/// The draws of one message.
pub(crate) struct Draws<'a> {
    seed: u64,
    key: &'a str,
    /// How often the same key was used before: a repeated POST is a second message.
    nth: u32,
}

impl<'a> Draws<'a> {
    pub(crate) fn new(seed: u64, key: &'a str, nth: u32) -> Self {
        Self { seed, key, nth }
    }

    pub(crate) fn number(&self, of: Of) -> u64 {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        hash.update(self.nth.to_le_bytes());
        hash.update((of as u32).to_le_bytes());
        hash.update(self.key.as_bytes());
        head(&hash.finalize())
    }

    /// `base` stretched to between half and one and a half times, in milliseconds.
    pub(crate) fn around(&self, base: std::time::Duration, of: Of) -> u64 {
        let base = u64::try_from(base.as_millis()).unwrap_or(u64::MAX / 4);
        base / 2 + (base.saturating_mul(self.number(of) >> 44) >> 20)
    }
}

/// A 64-bit name for any text; for maps that must not keep the text itself.
pub(crate) fn digest(text: &str) -> u64 {
    head(&Sha256::digest(text.as_bytes()))
}

fn head(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn delays_stay_between_half_and_one_and_a_half() {
        for nth in 0..500 {
            let delay = Draws::new(7, "key", nth).around(Duration::from_millis(1000), Of::Read);
            assert!((500..=1500).contains(&delay), "{delay}");
        }
    }

    #[test]
    fn every_part_of_the_key_counts() {
        let draw = |seed, key, nth, of| Draws::new(seed, key, nth).number(of);
        let one = draw(1, "a", 0, Of::Sent);
        assert_eq!(one, draw(1, "a", 0, Of::Sent));
        assert_ne!(one, draw(2, "a", 0, Of::Sent));
        assert_ne!(one, draw(1, "b", 0, Of::Sent));
        assert_ne!(one, draw(1, "a", 1, Of::Sent));
        assert_ne!(one, draw(1, "a", 0, Of::Read));
    }
}
