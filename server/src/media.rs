//! Files for headers: pictures written anew, and documents that carry nothing which acts by itself.

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

/// What a document may not have: what runs, opens, starts or carries something by itself (PDF names).
const ACTIVE: [&[u8]; 9] = [
    b"/JavaScript",
    b"/JS",
    b"/Launch",
    b"/EmbeddedFile",
    b"/RichMedia",
    b"/XFA",
    b"/SubmitForm",
    b"/ImportData",
    b"/GoToE",
];

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
        (MediaKind::Pdf, document(bytes, largest_document)?)
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

fn document(file: Vec<u8>, largest: usize) -> Result<Vec<u8>> {
    if file.len() > largest {
        return Err(Error::invalid(FIELD, "document_big"));
    }
    let end = &file[file.len().saturating_sub(1_024)..];
    if !holds(end, b"%%EOF") {
        return Err(Error::invalid(FIELD, "cut_off"));
    }
    let plain = unescaped(&outside_streams(&file));
    if ACTIVE.iter().any(|name| holds_name(&plain, name)) {
        return Err(Error::invalid(FIELD, "active"));
    }
    Ok(file)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|each| each == part)
}

/// Whether a name stands there whole: `/JS` is not in `/JSON`.
fn holds_name(bytes: &[u8], name: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(name.len()).position(|each| each == name) {
        let after = at + found + name.len();
        // Every file's plural of it as well.
        let ends =
            bytes.get(after).is_none_or(|next| !next.is_ascii_alphanumeric() || *next == b's');
        if ends {
            return true;
        }
        at = after;
    }
    false
}

/// A file without what its streams hold: packed bytes, in which any name comes up by chance. What is hidden in
/// them nobody reads here; the address a document is served at lets nothing in it run (`http/media.rs`).
fn outside_streams(file: &[u8]) -> Vec<u8> {
    const BEGIN: &[u8] = b"stream";
    const END: &[u8] = b"endstream";
    let find = |from: usize, part: &[u8]| {
        let found = file.get(from..)?.windows(part.len()).position(|each| each == part)?;
        Some(from + found)
    };
    let (mut outside, mut at) = (Vec::new(), 0);
    while let Some(begin) = find(at, BEGIN) {
        let after = begin + BEGIN.len();
        outside.extend_from_slice(&file[at..after]);
        // A stream's bytes begin on a line of their own.
        let is_one =
            matches!(file.get(after), Some(b'\r' | b'\n')) && !file[..begin].ends_with(b"end");
        at = if is_one { find(after, END).unwrap_or(file.len()) } else { after };
    }
    outside.extend_from_slice(&file[at..]);
    outside
}

/// Names may be written with `#4A` for a letter.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'#');
        let letter = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match letter {
            Some(letter) => {
                plain.push(letter);
                at += 3;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    plain
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
            assert!(!holds(&kept, b"<script>"));
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
        let take = |bytes: &[u8]| document(bytes.to_vec(), 10_000);
        assert_eq!(take(SAMPLE), Ok(SAMPLE.to_vec()));
        assert_eq!(document(SAMPLE.to_vec(), SAMPLE.len() - 1), Err(refused("document_big")));
        assert_eq!(take(b"%PDF-1.7\nnothing more"), Err(refused("cut_off")));
        for bad in
            ["/JavaScript (x)", "/JS(x)", "/J#53 (x)", "/#4c#61unch<<", "/EmbeddedFiles 1 0 R"]
        {
            let file = format!("%PDF-1.7\n<< {bad} >>\n%%EOF\n");
            assert_eq!(take(file.as_bytes()), Err(refused("active")), "{bad}");
        }
        let packed = b"%PDF-1.7\n1 0 obj << >> stream\n\x01/JS \x02 endstream\nendobj\n%%EOF";
        assert!(take(packed).is_ok(), "chance");
        let behind = b"%PDF-1.7\nstream\nx endstream << /JS (x) >> stream\n endstream %%EOF";
        assert_eq!(take(behind), Err(refused("active")));
        assert!(take(b"%PDF-1.7\n<< /JSON 1 /Launcher 2 >>\n%%EOF").is_ok());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), pdf in any::<bool>()) {
            let _ = photograph(&bytes);
            let mut file = if pdf { b"%PDF-1.4 ".to_vec() } else { Vec::new() };
            file.extend_from_slice(&bytes);
            let _ = document(file, 300);
        }
    }
}
