//! Files for headers: pictures written anew, and documents that carry nothing which acts by itself.

mod document;

use crate::picture::{self, Bounds};
use app::backend::LARGEST_PICTURE;
use dispatch::error::{Error, Result};
use dispatch::id::BrandId;
use dispatch::port::NewMedia;
use dispatch::template::media::{Media, MediaKind, file_name};
use image::ImageFormat;
use sha2::{Digest, Sha256};

/// Files a brand may keep. None is ever taken away: a message that was sent may still be opened.
pub const MOST: i64 = 200;

/// The field of the form, which errors name.
pub const FIELD: &str = "header_file";
const BOUNDS: Bounds = Bounds {
    field: FIELD,
    formats: &[ImageFormat::Png, ImageFormat::Jpeg],
    // A camera's photograph.
    longest_side: 6_000,
    memory: 96 * 1024 * 1024,
    // More than any phone shows above a message.
    side: 1_600,
    unreadable: "file_kind",
    too_wide: "picture_wide",
};

/// A file as it was sent.
#[derive(Debug)]
pub struct Upload {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it was called.
    pub called: String,
}

/// Makes a file of ours of what was sent.
///
/// # Errors
/// `Invalid` on `header_file` with `file_kind` (none of the three that can be read), `picture_big`,
/// `picture_wide`, `document_big`, `cut_off` or `active`; `Unavailable` when the process is ending.
pub async fn of_upload(upload: Upload, largest_document: usize) -> Result<Media> {
    let Upload { bytes, called } = upload;
    let (kind, bytes) = if bytes.starts_with(b"%PDF-") {
        document::check(&bytes, largest_document).map_err(|why| Error::invalid(FIELD, why))?;
        (MediaKind::Pdf, bytes)
    } else {
        if bytes.len() > LARGEST_PICTURE {
            return Err(Error::invalid(FIELD, "picture_big"));
        }
        picture::apart(&BOUNDS, move || photograph(&bytes)).await?
    };
    Ok(Media { kind, file: file_name(&called, kind), bytes })
}

/// As a brand's, under a name that changes with the file and the brand: 128 bits, so that nobody finds one by
/// trying, and the same file is kept once.
#[must_use]
pub fn of_brand(media: Media, brand: BrandId) -> NewMedia {
    let hash = Sha256::new()
        .chain_update(brand.to_string())
        .chain_update(&media.file)
        .chain_update([0])
        .chain_update(&media.bytes)
        .finalize();
    NewMedia { name: hex::encode(&hash[..16]), media, most: MOST }
}

fn photograph(file: &[u8]) -> Result<(MediaKind, Vec<u8>)> {
    let kind = match image::guess_format(file) {
        Ok(ImageFormat::Png) => MediaKind::Png,
        Ok(ImageFormat::Jpeg) => MediaKind::Jpeg,
        _ => return Err(Error::invalid(FIELD, "file_kind")),
    };
    let (format, picture) = picture::read(file, &BOUNDS)?;
    let bytes = picture::write(picture, format).ok_or(Error::invalid(FIELD, "file_kind"))?;
    // Noise without loss can be larger than what it was made of.
    if bytes.len() > LARGEST_PICTURE {
        return Err(Error::invalid(FIELD, "picture_big"));
    }
    Ok((kind, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgb, RgbImage};
    use proptest::prelude::*;
    use std::io::Cursor;

    const SAMPLE: &[u8] = include_bytes!("provider/whatsapp/sample.pdf");

    fn photo(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let pixels = RgbImage::from_fn(width, height, |x, y| {
            Rgb([u8::try_from(x % 256).unwrap_or(0), u8::try_from(y % 256).unwrap_or(0), 90])
        });
        let mut file = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(pixels).write_to(&mut file, format).expect("written");
        file.into_inner()
    }

    fn refused(reason: &'static str) -> Error {
        Error::invalid(FIELD, reason)
    }

    #[test]
    fn pictures_are_written_anew_and_made_smaller() {
        for (format, kind) in
            [(ImageFormat::Png, MediaKind::Png), (ImageFormat::Jpeg, MediaKind::Jpeg)]
        {
            let mut file = photo(2_400, 1_200, format);
            file.extend_from_slice(b"<script>alert(1)</script>");
            let (found, kept) = photograph(&file).expect("a picture");
            assert_eq!(found, kind);
            assert!(!kept.windows(8).any(|each| each == b"<script>"));
            let read = image::load_from_memory_with_format(&kept, format).expect("a picture");
            assert_eq!((read.width(), read.height()), (1_600, 800));
        }
        let webp = photo(40, 40, ImageFormat::WebP);
        assert_eq!(photograph(&webp), Err(refused("file_kind")), "the provider takes none");
        assert_eq!(photograph(b"<svg/>"), Err(refused("file_kind")));
        assert_eq!(photograph(&photo(6_001, 1, ImageFormat::Png)), Err(refused("picture_wide")));
    }

    #[test]
    fn a_document_is_whole_and_does_nothing_by_itself() {
        let take = |bytes: &[u8]| document::check(bytes, 10_000);
        assert_eq!(take(SAMPLE), Ok(()));
        assert_eq!(document::check(SAMPLE, SAMPLE.len() - 1), Err("document_big"));
        assert_eq!(take(b"%PDF-1.7\nnothing more"), Err("cut_off"));
        for bad in
            ["/JavaScript (x)", "/JS(x)", "/J#53 (x)", "/#4c#61unch<<", "/EmbeddedFiles 1 0 R"]
        {
            let file = format!("%PDF-1.7\n<< {bad} >>\n%%EOF\n");
            assert_eq!(take(file.as_bytes()), Err("active"), "{bad}");
        }
        let packed = b"%PDF-1.7\n1 0 obj << >> stream\n\x01/JS \x02 endstream\nendobj\n%%EOF";
        assert!(take(packed).is_ok(), "chance");
        let behind = b"%PDF-1.7\nstream\nx endstream << /JS (x) >> stream\n endstream %%EOF";
        assert_eq!(take(behind), Err("active"));
        assert!(take(b"%PDF-1.7\n<< /JSON 1 /Launcher 2 >>\n%%EOF").is_ok());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), pdf in any::<bool>()) {
            let _ = photograph(&bytes);
            let mut file = if pdf { b"%PDF-1.4 ".to_vec() } else { Vec::new() };
            file.extend_from_slice(&bytes);
            let _ = document::check(&file, 300);
        }
    }
}
