//! Colours of brands, and how well text can be read on them.

use crate::error::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// The contrast that text needs (WCAG 2.2, AA).
pub const READABLE: f64 = 4.5;

/// A colour of the sRGB space. Written `#1f6f5c`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

impl Color {
    /// White.
    pub const WHITE: Self = Self([255, 255, 255]);

    /// From red, green and blue.
    #[must_use]
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// Relative luminance, 0 for black to 1 for white (WCAG's formula).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// How much two colours differ, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Whether white text can be read on it.
    #[must_use]
    pub fn carries_white(self) -> bool {
        self.contrast(Self::WHITE) >= READABLE
    }

    /// The lightest shade of it on which white text can be read: itself, or darker in the same hue.
    /// Public pages use this one.
    #[must_use]
    pub fn under_white(self) -> Self {
        (0..=255u16)
            .rev()
            .map(|share| {
                Self(self.0.map(|part| u8::try_from(u16::from(part) * share / 255).unwrap_or(0)))
            })
            .find(|shade| shade.carries_white())
            .unwrap_or(Self([0, 0, 0]))
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl FromStr for Color {
    type Err = Error;
    /// `#1f6f5c`, `1F6F5C` or `#abc`.
    fn from_str(text: &str) -> Result<Self> {
        let bad = Error::invalid("color", "color");
        let digits = text.trim();
        let digits = digits.strip_prefix('#').unwrap_or(digits);
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(bad);
        }
        let part = |from: usize, to: usize| u8::from_str_radix(&digits[from..to], 16);
        let parts = match digits.len() {
            6 => [part(0, 2), part(2, 4), part(4, 6)],
            3 => [part(0, 1), part(1, 2), part(2, 3)].map(|part| part.map(|part| part * 17)),
            _ => return Err(bad),
        };
        match parts {
            [Ok(red), Ok(green), Ok(blue)] => Ok(Self([red, green, blue])),
            _ => Err(bad),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn color(text: &str) -> Color {
        text.parse().expect("a colour")
    }

    #[test]
    fn colours_are_read_as_people_write_them() {
        for text in ["#1f6f5c", "1F6F5C", "  #1F6f5C "] {
            assert_eq!(color(text).to_string(), "#1f6f5c");
        }
        assert_eq!(color("#abc").to_string(), "#aabbcc");
        for text in
            ["", "#", "red", "#12345", "#1234567", "#ééé", "#12g", "rgb(1,2,3)", "#ff\u{202e}"]
        {
            assert!(text.parse::<Color>().is_err(), "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let near = |a: f64, b: f64| (a - b).abs() < 0.01;
        assert!(near(color("#000000").contrast(Color::WHITE), 21.0));
        assert!(near(Color::WHITE.contrast(Color::WHITE), 1.0));
        // The grey that is just enough, and the one that is just not.
        assert!(color("#767676").carries_white() && !color("#777777").carries_white());
        assert!(near(color("#777777").contrast(Color::WHITE), 4.478));
    }

    #[test]
    fn what_carries_white_stays_and_what_does_not_gets_darker_in_its_hue() {
        assert_eq!(color("#1f6f5c").under_white(), color("#1f6f5c"));
        assert_eq!(Color::WHITE.under_white(), color("#767676"));
        let Color([red, green, blue]) = color("#f9c520").under_white();
        assert!(red > green && green > blue, "still yellow");
    }

    proptest! {
        #[test]
        fn white_can_be_read_on_every_brand(red: u8, green: u8, blue: u8) {
            let chosen = Color::rgb(red, green, blue);
            let shade = chosen.under_white();
            prop_assert!(shade.contrast(Color::WHITE) >= READABLE);
            prop_assert!(!chosen.carries_white() || shade == chosen, "not darker than needed");
            prop_assert_eq!(shade.to_string().parse::<Color>(), Ok(shade));
        }
    }
}
