//! Templates: what a brand says, and what becomes of it for one parcel.
//!
//! ```text
//! tag       the catalogue          text      words and tags        paste     other systems' spellings
//! content   what is written        check     every rule of it      category  news or advertising
//! doubt     what reviewers mind    repair    words that help       refusal   why, and where it shows
//! variant   language and version   review    the provider's word
//! values    of one parcel          render    finished text         sample    parcels to try it on
//! sms       how many parts a text message needs
//! ```
//!
//! All of it runs on the server and, the same code, in the browser's editor.

pub mod category;
pub mod check;
pub mod content;
pub mod doubt;
pub mod media;
pub mod paste;
pub mod refusal;
mod render;
pub mod repair;
mod review;
pub mod sample;
pub mod sms;
mod tag;
mod text;
mod values;
mod variant;

pub use category::Category;
pub use content::{Button, ButtonAct, ButtonKind, Content, Email, Header, HeaderKind, ReplyAction};
pub use render::{
    Letter, RenderError, Rendered, RenderedAct, RenderedButton, RenderedHeader, RenderedMail,
    render, render_mail, render_sms,
};
pub use review::{News, Review, Standing};
pub use tag::{Provided, Tag, TagGroup, TagKind, meant_by};
pub use text::{Piece, TextError, TextFault, pieces, scan, tags, with_placeholders};
pub use values::{Source, Values, carrier_name};
pub use variant::{Choice, ChosenBy, Variant, choose, provider_name};
