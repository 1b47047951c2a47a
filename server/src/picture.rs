//! Pictures that people upload: read within bounds, and written anew, so that only the pixels are theirs.
//!
//! The bytes decide what a file is, never its name or its type as sent. Nothing is unpacked before its
//! size is known and small enough, so a few kilobytes cannot become gigabytes.

use dispatch::error::{Error, Result};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use tokio::sync::Semaphore;

/// Pictures read at a time: each takes a core for some tenths of a second, and its memory.
static AT_A_TIME: Semaphore = Semaphore::const_new(2);

/// What is taken, and what is kept of it.
#[derive(Debug)]
pub struct Bounds {
    /// The field of the form, which errors name.
    pub field: &'static str,
    /// Formats that are read.
    pub formats: &'static [ImageFormat],
    /// Longest side of an upload, in pixels.
    pub longest_side: u32,
    /// Memory one picture may take while it is read.
    pub memory: u64,
    /// Longest side of what is kept; nothing is blown up.
    pub side: u32,
    /// The reason of an error about what is no such picture.
    pub unreadable: &'static str,
    /// The reason of an error about what has too many pixels.
    pub too_wide: &'static str,
}

/// Does what reads a picture where it keeps nobody waiting, a few at a time.
///
/// # Errors
/// Those of the work; `Invalid` when it broke off, `Unavailable` when the process is ending.
pub async fn apart<T, F>(bounds: &Bounds, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    let _place = AT_A_TIME.acquire().await.map_err(|_| Error::Unavailable)?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::invalid(bounds.field, bounds.unreadable))?
}

/// Reads a picture, upright and no larger than is kept.
///
/// # Errors
/// `Invalid` with the reasons of the bounds.
pub fn read(file: &[u8], bounds: &Bounds) -> Result<(ImageFormat, DynamicImage)> {
    let unreadable = || Error::invalid(bounds.field, bounds.unreadable);
    let too_wide = || Error::invalid(bounds.field, bounds.too_wide);
    let format = image::guess_format(file).map_err(|_| unreadable())?;
    if !bounds.formats.contains(&format) {
        return Err(unreadable());
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(bounds.longest_side);
    limits.max_image_height = Some(bounds.longest_side);
    limits.max_alloc = Some(bounds.memory);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| match error {
        image::ImageError::Limits(_) => too_wide(),
        _ => unreadable(),
    })?;
    let (width, height) = decoder.dimensions();
    if width > bounds.longest_side || height > bounds.longest_side {
        return Err(too_wide());
    }
    if decoder.total_bytes() > bounds.memory {
        return Err(too_wide());
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| unreadable())?;
    if width > bounds.side || height > bounds.side {
        picture = picture.resize(bounds.side, bounds.side, image::imageops::FilterType::Lanczos3);
    }
    picture.apply_orientation(orientation);
    Ok((format, picture))
}

/// Writes a picture with eight bits a channel, without whatever else its file carried.
#[must_use]
pub fn write(picture: DynamicImage, format: ImageFormat) -> Option<Vec<u8>> {
    let plain = match format {
        // A photograph has nothing to see through.
        ImageFormat::Jpeg => DynamicImage::ImageRgb8(picture.into_rgb8()),
        _ => DynamicImage::ImageRgba8(picture.into_rgba8()),
    };
    let mut file = Cursor::new(Vec::new());
    plain.write_to(&mut file, format).ok()?;
    Some(file.into_inner())
}
