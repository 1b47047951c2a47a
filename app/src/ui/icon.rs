//! Line icons: a grid of 20, strokes of 1.5, round ends, no fill, in the colour of the words beside them.

use leptos::prelude::*;

/// Which picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A receipt with a torn edge.
    Billing,
    /// A flash: something special happened.
    Bolt,
    /// A label with a hole.
    Brand,
    /// A tick.
    Check,
    /// Waiting for time to pass.
    Clock,
    /// A shield with a tick.
    Consent,
    /// Two sheets.
    Copy,
    /// A tick in a circle.
    Delivered,
    /// Opens downwards.
    Down,
    /// Into a tray.
    Download,
    /// Look at what is hidden.
    Eye,
    /// An octagon with an exclamation mark.
    Failed,
    /// An octagon with a bar.
    Halt,
    /// Paused.
    Held,
    /// A question mark.
    Help,
    /// A clock turned back.
    History,
    /// A sheet with a folded corner.
    File,
    /// A picture with a hill and a sun.
    Image,
    /// A key.
    Key,
    /// Back.
    Left,
    /// A link of a chain.
    Link,
    /// A padlock.
    Lock,
    /// An envelope.
    Mail,
    /// A speech bubble.
    Message,
    /// A bar.
    Minus,
    /// Three dots.
    More,
    /// Leaves this page.
    Out,
    /// A house.
    Overview,
    /// A pencil.
    Pen,
    /// A mobile phone.
    Phone,
    /// A place on a map.
    Pin,
    /// Start.
    Play,
    /// A plug.
    Plug,
    /// Add.
    Plus,
    /// A heart's line.
    Pulse,
    /// Two ticks.
    Read,
    /// Again.
    Refresh,
    /// An answer.
    Reply,
    /// Onwards.
    Right,
    /// Two stops and the way between.
    Route,
    /// A magnifying glass.
    Search,
    /// A paper plane.
    Sent,
    /// Sliders.
    Settings,
    /// A struck circle.
    Skip,
    /// A bubble with dots.
    Sms,
    /// A sheet with lines.
    Template,
    /// Take back.
    Undo,
    /// Opens upwards.
    Up,
    /// A person.
    User,
    /// A triangle with an exclamation mark.
    Warn,
    /// Close or remove.
    X,
}

/// How large an icon is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// 12 px: inside a pill.
    Small,
    /// 16 px: beside words.
    #[default]
    Text,
    /// 18 px: on its own.
    Large,
}

impl Icon {
    const fn shapes(self) -> &'static str {
        match self {
            Self::Billing => {
                r#"<path d="M4.5 17V4a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v13l-2.2-1.5L11.7 17 10 15.5 8.3 17l-1.6-1.5Z"/><path d="M7.6 7h4.8M7.6 10.2h4.8"/>"#
            }
            Self::Bolt => r#"<path d="M11 2.8 4.5 11.5H10l-1 5.7 6.5-8.7H10Z"/>"#,
            Self::Brand => {
                r#"<path d="M3.3 9.7V4.3a1 1 0 0 1 1-1h5.4l7 7-6.4 6.4Z"/><circle cx="6.9" cy="6.9" r="1.1"/>"#
            }
            Self::Check => r#"<path d="m4.5 10.5 3.7 3.6 7.3-8"/>"#,
            Self::Clock => r#"<circle cx="10" cy="10" r="7"/><path d="M10 6v4.2l2.6 1.6"/>"#,
            Self::Consent => {
                r#"<path d="M10 2.9 16 5v4.7c0 3.5-2.4 6-6 7.4-3.6-1.4-6-3.9-6-7.4V5Z"/><path d="m7.3 9.9 2 2 3.6-3.9"/>"#
            }
            Self::Copy => {
                r#"<rect x="7" y="7" width="9.5" height="9.5" rx="1.5"/><path d="M4.5 13H4a.8.8 0 0 1-.8-.8V4.3c0-.6.4-1 1-1h7.9c.5 0 .9.4.9.9v.3"/>"#
            }
            Self::Delivered => {
                r#"<circle cx="10" cy="10" r="7"/><path d="m6.9 10.3 2.2 2.1 4.1-4.5"/>"#
            }
            Self::Down => r#"<path d="m6 8 4 4 4-4"/>"#,
            Self::Download => r#"<path d="M10 3.5v9M6.3 9l3.7 3.7L13.7 9M4 16.5h12"/>"#,
            Self::Eye => {
                r#"<path d="M2.5 10S5.2 4.8 10 4.8 17.5 10 17.5 10 14.8 15.2 10 15.2 2.5 10 2.5 10Z"/><circle cx="10" cy="10" r="2.3"/>"#
            }
            Self::Failed => {
                r#"<path d="M7.1 3h5.8L17 7.1v5.8L12.9 17H7.1L3 12.9V7.1Z"/><path d="M10 6.6v4.2M10 13.4v.1"/>"#
            }
            Self::Halt => {
                r#"<path d="M7.1 3h5.8L17 7.1v5.8L12.9 17H7.1L3 12.9V7.1Z"/><path d="M6.8 10h6.4"/>"#
            }
            Self::Held => r#"<circle cx="10" cy="10" r="7"/><path d="M8.2 7.5v5M11.8 7.5v5"/>"#,
            Self::Help => {
                r#"<circle cx="10" cy="10" r="7"/><path d="M7.9 8a2.2 2.2 0 1 1 3.2 2c-.7.4-1.1.9-1.1 1.6M10 14.1v.1"/>"#
            }
            Self::History => {
                r#"<path d="M3.5 4v3.5H7"/><path d="M4 7.3A6.8 6.8 0 1 1 3.2 10M10 6.5V10l2.3 1.5"/>"#
            }
            Self::File => {
                r#"<path d="M5 3h6.5L15.5 7v9a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Z"/><path d="M11.3 3v4.2h4.2"/>"#
            }
            Self::Image => {
                r#"<rect x="3" y="4" width="14" height="12" rx="1.6"/><path d="m3.5 14 4-4.2 3 3 2.3-2.2 3.7 3.6"/><circle cx="12.8" cy="7.6" r="1.2"/>"#
            }
            Self::Key => {
                r#"<circle cx="7" cy="13" r="3.5"/><path d="m9.5 10.5 6.5-6.5M13 7l2.5 2.5"/>"#
            }
            Self::Left => r#"<path d="m12 6-4 4 4 4"/>"#,
            Self::Link => {
                r#"<path d="M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l1-1"/>"#
            }
            Self::Lock => {
                r#"<rect x="4.5" y="9" width="11" height="7.5" rx="1.4"/><path d="M7 9V6.5a3 3 0 0 1 6 0V9"/>"#
            }
            Self::Mail => {
                r#"<rect x="2.8" y="4.5" width="14.4" height="11" rx="1.6"/><path d="m3.2 5.5 6.8 5.3 6.8-5.3"/>"#
            }
            Self::Message => {
                r#"<path d="M4.6 3.5h10.8A1.6 1.6 0 0 1 17 5.1v7.3a1.6 1.6 0 0 1-1.6 1.6H9.2L5.6 17v-3h-1A1.6 1.6 0 0 1 3 12.4V5.1a1.6 1.6 0 0 1 1.6-1.6Z"/>"#
            }
            Self::Minus => r#"<path d="M5 10h10"/>"#,
            Self::More => r#"<path d="M4.5 10h.01M10 10h.01M15.5 10h.01" stroke-width="2.2"/>"#,
            Self::Out => {
                r#"<path d="M11.5 3.5h5v5M16.5 3.5 9.5 10.5M14.5 11.5v4a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1h4"/>"#
            }
            Self::Overview => {
                r#"<path d="M3 9.2 10 3.5l7 5.7V16a1 1 0 0 1-1 1h-3.6v-4.6H7.6V17H4a1 1 0 0 1-1-1Z"/>"#
            }
            Self::Pen => {
                r#"<path d="m4 16 .8-3.4L13.2 4.2a1.5 1.5 0 0 1 2.1 0l.5.5a1.5 1.5 0 0 1 0 2.1L7.4 15.2Z"/>"#
            }
            Self::Phone => {
                r#"<rect x="5.5" y="2.5" width="9" height="15" rx="2"/><path d="M9 14.7h2"/>"#
            }
            Self::Pin => {
                r#"<path d="M10 17.2s5.2-4.6 5.2-8.7a5.2 5.2 0 0 0-10.4 0c0 4.1 5.2 8.7 5.2 8.7Z"/><circle cx="10" cy="8.4" r="1.9"/>"#
            }
            Self::Play => r#"<path d="M6 4.2v11.6l9.5-5.8Z"/>"#,
            Self::Plug => {
                r#"<path d="M7 3v3.5M13 3v3.5M5 6.5h10v2.8a5 5 0 0 1-10 0ZM10 14.3V17"/>"#
            }
            Self::Plus => r#"<path d="M10 4.5v11M4.5 10h11"/>"#,
            Self::Pulse => r#"<path d="M2.5 10.5h3.3L8 4.5l3.8 11.5 2.1-5.5h3.6"/>"#,
            Self::Read => r#"<path d="m2.5 10.7 3.3 3.2 6-6.6M9.3 13l.9.9 7.3-7.9"/>"#,
            Self::Refresh => {
                r#"<path d="M16.5 8.5A6.8 6.8 0 0 0 4.2 7M3.5 3.5V7H7M3.5 11.5A6.8 6.8 0 0 0 15.8 13M16.5 16.5V13H13"/>"#
            }
            Self::Reply => r#"<path d="M8 5 3.5 9.5 8 14"/><path d="M3.5 9.5h7a6 6 0 0 1 6 6"/>"#,
            Self::Right => r#"<path d="m8 6 4 4-4 4"/>"#,
            Self::Route => {
                r#"<circle cx="4.5" cy="15" r="1.9"/><circle cx="15.5" cy="5" r="1.9"/><path d="M6.4 15h6.1a2.6 2.6 0 0 0 0-5.1H7.6a2.5 2.5 0 0 1 0-4.9h6"/>"#
            }
            Self::Search => r#"<circle cx="9" cy="9" r="5"/><path d="m12.8 12.8 3.7 3.7"/>"#,
            Self::Sent => r#"<path d="M17 3.3 9 11.3M17 3.3l-5 13.4-3-5.4-5.7-2.8Z"/>"#,
            Self::Settings => {
                r#"<path d="M3 6h7.5M14.5 6H17M3 14h2.5M9.5 14H17"/><circle cx="12.5" cy="6" r="2"/><circle cx="7.5" cy="14" r="2"/>"#
            }
            Self::Skip => r#"<circle cx="10" cy="10" r="7"/><path d="m5.2 14.8 9.6-9.6"/>"#,
            Self::Sms => {
                r#"<path d="M4.6 3.5h10.8A1.6 1.6 0 0 1 17 5.1v7.3a1.6 1.6 0 0 1-1.6 1.6H9.2L5.6 17v-3h-1A1.6 1.6 0 0 1 3 12.4V5.1a1.6 1.6 0 0 1 1.6-1.6Z"/><path d="M6.8 8.8h.01M10 8.8h.01M13.2 8.8h.01" stroke-width="2"/>"#
            }
            Self::Template => {
                r#"<rect x="3.5" y="3" width="13" height="14" rx="1.6"/><path d="M6.8 7h6.4M6.8 10.2h6.4M6.8 13.4h3.4"/>"#
            }
            Self::Undo => {
                r#"<path d="M7 4 3.5 7.5 7 11"/><path d="M3.5 7.5h8a4.5 4.5 0 0 1 0 9H8"/>"#
            }
            Self::Up => r#"<path d="m6 12 4-4 4 4"/>"#,
            Self::User => {
                r#"<circle cx="10" cy="7" r="3.2"/><path d="M3.8 16.8c.7-3 3.1-4.6 6.2-4.6s5.5 1.6 6.2 4.6"/>"#
            }
            Self::Warn => r#"<path d="M10 3.5 17.2 16H2.8Z"/><path d="M10 8.3v3.5M10 13.9v.1"/>"#,
            Self::X => r#"<path d="m5.5 5.5 9 9M14.5 5.5l-9 9"/>"#,
        }
    }
}

/// An icon beside words. It is decoration: the words next to it, or the control's name, say it too.
pub fn icon(which: Icon) -> AnyView {
    sized(which, Size::Text)
}

/// An icon of a given size.
pub fn sized(which: Icon, size: Size) -> AnyView {
    let class = match size {
        Size::Small => "i i--12",
        Size::Text => "i",
        Size::Large => "i i--18",
    };
    view! { <svg class=class viewBox="0 0 20 20" aria-hidden="true" inner_html=which.shapes()></svg> }.into_any()
}
