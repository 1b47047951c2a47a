//! Forms that carry files: `multipart/form-data`, read to its end, kept within bounds.

use super::Unread;
use axum::body::BodyDataStream;
use http::{HeaderMap, header};
use multer::{Constraints, Multipart, SizeLimit};

/// The largest body: a file that is too large is read past, so that the page can say so and show again
/// what was typed; a browser that is hung up on shows nothing.
pub const LARGEST: u64 = 64 * 1024 * 1024;
/// Bytes kept of a file where nothing else is said: what uses it refuses a file of this length.
pub const KEPT: usize = 1024 * 1024;
/// Bytes of all texts together.
const TEXTS: usize = super::LARGEST;
/// Parts of a form.
const PARTS: usize = 200;

/// A file of a form.
#[derive(Debug, Clone)]
pub struct File {
    /// The name of its field.
    pub field: String,
    /// What it was called.
    pub called: String,
    /// Its bytes, as many as are kept.
    pub bytes: Vec<u8>,
}

/// Whether a body is such a form.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|kind| {
        kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
    })
}

/// Reads texts and files, of each file as many bytes as are `kept`. A field for which no file was chosen is left out.
///
/// # Errors
/// `TooLarge`; `Cut` for what is not such a form, or not all of it.
pub async fn read(
    headers: &HeaderMap,
    body: &mut BodyDataStream,
    kept: usize,
) -> Result<(Vec<(String, String)>, Vec<File>), Unread> {
    let boundary = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|kind| multer::parse_boundary(kind).ok())
        .ok_or(Unread::Cut)?;
    let limit = SizeLimit::new().whole_stream(LARGEST);
    let constraints = Constraints::new().size_limit(limit);
    let mut parts = Multipart::with_constraints(body, boundary, constraints);
    let wrong = |error: multer::Error| match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            Unread::TooLarge(LARGEST)
        }
        _ => Unread::Cut,
    };
    let too_much = Unread::TooLarge(TEXTS as u64);
    let (mut texts, mut files, mut length, mut count) = (Vec::new(), Vec::new(), 0, 0);
    while let Some(mut part) = parts.next_field().await.map_err(wrong)? {
        count += 1;
        if count > PARTS {
            return Err(too_much);
        }
        let field = part.name().unwrap_or_default().chars().take(100).collect::<String>();
        let called = part.file_name().map(|name| name.chars().take(300).collect::<String>());
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(wrong)? {
            if called.is_some() {
                let room = kept.saturating_sub(bytes.len());
                bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
            } else {
                length += chunk.len();
                if length > TEXTS {
                    return Err(too_much);
                }
                bytes.extend_from_slice(&chunk);
            }
        }
        match called {
            None => texts.push((field, String::from_utf8_lossy(&bytes).into_owned())),
            Some(called) if !bytes.is_empty() => files.push(File { field, called, bytes }),
            Some(_) => {}
        }
    }
    Ok((texts, files))
}
