//! A brand's colour as a ground for white words.

/// What WCAG asks of text.
const CONTRAST: f64 = 4.5;

/// The colour, darkened until white on it can be read; none for what is no `#rrggbb`.
pub(super) fn readable_under_white(colour: &str) -> Option<String> {
    let digits =
        colour.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    let mut rgb = [f64::from(part(0)?), f64::from(part(2)?), f64::from(part(4)?)];
    while 1.05 / (luminance(rgb) + 0.05) < CONTRAST {
        rgb = rgb.map(|value| (value * 0.94).floor());
    }
    let [red, green, blue] = rgb;
    Some(format!(
        "#{red:02x}{green:02x}{blue:02x}",
        red = whole(red),
        green = whole(green),
        blue = whole(blue)
    ))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a part of a colour is 0 to 255"
)]
const fn whole(value: f64) -> u8 {
    value as u8
}

fn luminance(rgb: [f64; 3]) -> f64 {
    let [red, green, blue] = rgb.map(|value| {
        let value = value / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_can_be_read_on_every_brand() {
        assert_eq!(readable_under_white("#22463d").as_deref(), Some("#22463d"), "dark enough");
        for colour in ["#ffffff", "#f9c520", "#ff0000", "#00ff00", "#808080"] {
            let dark = readable_under_white(colour).expect("a colour");
            let part =
                |at: usize| f64::from(u8::from_str_radix(&dark[at..at + 2], 16).expect("hex"));
            let contrast = 1.05 / (luminance([part(1), part(3), part(5)]) + 0.05);
            assert!(contrast >= CONTRAST, "{colour}: {dark} {contrast}");
        }
        for odd in ["", "red", "#12345", "#12345é", "#1234567", "#zzzzzz", "}body{"] {
            assert_eq!(readable_under_white(odd), None, "{odd}");
        }
    }
}
