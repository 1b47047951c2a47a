//! Logos: what people upload becomes a small PNG of ours, of which only the pixels are theirs.

use crate::picture::{self, Bounds};
use dispatch::error::{Error, Result};
use dispatch::id::BrandId;
use dispatch::port::NewLogo;
use image::ImageFormat;
use sha2::{Digest, Sha256};

/// Largest file, in bytes.
pub const LARGEST: usize = 512 * 1024;
/// The field of the form, which errors name.
const FIELD: &str = "logo";
const BOUNDS: Bounds = Bounds {
    field: FIELD,
    formats: &[ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP],
    longest_side: 2_000,
    // Four bytes for each pixel, twice, and some more.
    memory: 48 * 1024 * 1024,
    side: 256,
    unreadable: "picture",
    too_wide: "too_wide",
};

/// A picture made small, not yet anybody's.
#[derive(Debug, Clone)]
pub struct Picture(Vec<u8>);

impl Picture {
    /// As a brand's logo.
    #[must_use]
    pub fn of(self, brand: BrandId) -> NewLogo {
        NewLogo { name: name(brand, &self.0), png: self.0 }
    }
}

/// Makes a small picture of a file.
///
/// # Errors
/// `Invalid` on `logo` with `too_big`, `picture` (no PNG, JPEG or WebP that can be read) or
/// `too_wide`; `Unavailable` when the process is ending.
pub async fn of_upload(file: Vec<u8>) -> Result<Picture> {
    if file.len() > LARGEST {
        return Err(Error::invalid(FIELD, "too_big"));
    }
    picture::apart(&BOUNDS, move || small_png(&file)).await.map(Picture)
}

/// Changes with the picture and the brand: 128 bits, so that nobody finds one by trying.
fn name(brand: BrandId, png: &[u8]) -> String {
    let hash = Sha256::new().chain_update(brand.to_string()).chain_update(png).finalize();
    hex::encode(&hash[..16])
}

fn small_png(file: &[u8]) -> Result<Vec<u8>> {
    let (_, picture) = picture::read(file, &BOUNDS)?;
    picture::write(picture, ImageFormat::Png).ok_or(Error::invalid(FIELD, "picture"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security::random::SystemIds;
    use image::{DynamicImage, Rgba, RgbaImage};
    use proptest::prelude::*;
    use std::io::Cursor;

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let pixels = RgbaImage::from_fn(width, height, |x, y| {
            Rgba([u8::try_from(x % 256).unwrap_or(0), u8::try_from(y % 256).unwrap_or(0), 90, 255])
        });
        let whole = DynamicImage::ImageRgba8(pixels);
        let whole = if format == ImageFormat::Jpeg { whole.to_rgb8().into() } else { whole };
        let mut file = Cursor::new(Vec::new());
        whole.write_to(&mut file, format).expect("written");
        file.into_inner()
    }

    fn read(png: &[u8]) -> DynamicImage {
        image::load_from_memory_with_format(png, ImageFormat::Png).expect("a PNG")
    }

    #[test]
    fn three_kinds_of_picture_become_a_small_png() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let small = read(&small_png(&picture(600, 300, format)).expect("a picture"));
            assert_eq!((small.width(), small.height()), (256, 128), "{format:?}");
        }
        let kept = read(&small_png(&picture(40, 20, ImageFormat::Png)).expect("a picture"));
        assert_eq!((kept.width(), kept.height()), (40, 20), "nothing is blown up");
    }

    #[test]
    fn what_is_wider_than_allowed_is_refused_before_it_is_unpacked() {
        let wide = picture(2_001, 1, ImageFormat::Png);
        assert_eq!(small_png(&wide), Err(Error::invalid(FIELD, "too_wide")));
        assert!(small_png(&picture(2_000, 4, ImageFormat::Png)).is_ok());
        // A header that promises 60,000 x 60,000 pixels, and nothing behind it.
        let mut bomb = picture(4, 4, ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        assert!(small_png(&bomb).is_err());
    }

    #[test]
    fn no_other_kind_of_file_is_a_logo() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!";
        for file in [&svg[..], gif, b"", b"\x89PNG", b"%PDF-1.7", b"BM\x00\x00", &[0xff; 400]] {
            assert_eq!(small_png(file), Err(Error::invalid(FIELD, "picture")));
        }
        let whole = picture(300, 300, ImageFormat::Png);
        assert!(small_png(&whole[..whole.len() / 2]).is_err(), "cut off");
    }

    #[test]
    fn what_hides_behind_a_picture_is_not_kept() {
        let mut polyglot = picture(30, 30, ImageFormat::Png);
        polyglot.extend_from_slice(b"<script>alert(1)</script>PK\x03\x04");
        let kept = small_png(&polyglot).expect("a picture in front");
        let text = b"<script>";
        assert!(!kept.windows(text.len()).any(|part| part == text));
    }

    #[test]
    fn its_address_changes_with_the_picture_and_the_brand() {
        let mint = || BrandId::mint(dispatch::time::Timestamp::from_seconds(0), &SystemIds);
        let (a, b) = (mint(), mint());
        assert_ne!(name(a, b"1"), name(a, b"2"));
        assert_ne!(name(a, b"1"), name(b, b"1"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in 0usize..200) {
            let mut file = picture(8, 8, ImageFormat::Png);
            let at = at.min(file.len());
            file.splice(at.., bytes);
            let _ = small_png(&file);
        }
    }
}
