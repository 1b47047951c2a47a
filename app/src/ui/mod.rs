//! The parts pages are made of. They know nothing of brands, messages or money: words and figures
//! arrive as text. Looks are in `style/`, one class per part; no part sets a style of its own,
//! because the content policy allows none.

pub mod art;
pub mod button;
pub mod copy;
pub mod field;
pub mod flag;
pub mod icon;
pub mod layout;
pub mod note;
pub mod phone;
pub mod postmark;
pub mod state;

pub use button::{Kind, button_link, submit, submit_act};
pub use copy::{copy_button, copying};
pub use field::{Check, Field, Form, Hidden, Radio, Select, Switch, TextArea, choices, form};
pub use flag::flag;
pub use icon::{Icon, icon};
pub use layout::{Pager, Tab, Tabs, back_link, card, empty, meter, moment, page_head, table};
pub use note::{Tone, note, note_with};
pub use state::{State, state_box, state_word};
