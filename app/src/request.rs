//! What a request says about its sender before anybody signs in: language, theme, place.

use crate::backend::Desk;
use crate::text::Lang;
use leptos::prelude::*;

/// Cookie that keeps the chosen language.
pub const LANG_COOKIE: &str = "lang";
/// Cookie that keeps the chosen theme.
pub const THEME_COOKIE: &str = "theme";
/// Cookie that keeps the chosen brand.
pub const BRAND_COOKIE: &str = "brand";

/// Which of the two palettes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Device,
    /// Paper.
    Light,
    /// Night.
    Dark,
}

impl Theme {
    /// Every choice, in the order in which a chooser shows them.
    pub const ALL: [Self; 3] = [Self::Device, Self::Light, Self::Dark];

    /// Its word in the cookie and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a word; the device's for any other.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.code() == code).unwrap_or_default()
    }

    /// The document's `data-theme`, absent when the device decides.
    #[must_use]
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Device => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

/// How a visitor wants to see the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Cookie first, then the person's settings, then the browser's languages.
    pub lang: Lang,
    /// Cookie, or the device's.
    pub theme: Theme,
}

impl Preferences {
    /// Those of the request being answered.
    #[must_use]
    pub fn of_request() -> Self {
        let chosen = Desk::get()
            .and_then(|desk| desk.guest)
            .and_then(|guest| Lang::from_code(&guest.user.language?));
        use_context::<http::request::Parts>()
            .map_or_else(Self::default, |parts| Self::of(&parts, chosen))
    }

    /// Those a request's headers carry; `chosen` is the language in the person's settings.
    #[must_use]
    pub fn of(parts: &http::request::Parts, chosen: Option<Lang>) -> Self {
        let lang = cookie(parts, LANG_COOKIE).and_then(Lang::from_code).or(chosen).or_else(|| {
            let header = parts.headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok()?;
            Lang::from_accept_language(header)
        });
        let theme = cookie(parts, THEME_COOKIE).map(Theme::from_code);
        Self { lang: lang.unwrap_or_default(), theme: theme.unwrap_or_default() }
    }
}

/// A cookie of the request.
#[must_use]
pub fn cookie<'a>(parts: &'a http::request::Parts, name: &str) -> Option<&'a str> {
    parts
        .headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&str, &str)]) -> http::request::Parts {
        let mut request = http::Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("headers are valid").into_parts().0
    }

    #[test]
    fn a_chosen_language_goes_before_the_browser_s() {
        let parts =
            request(&[("accept-language", "en-GB"), ("cookie", "a=b; lang=fr; theme=dark")]);
        let preferences = Preferences::of(&parts, None);
        assert_eq!(preferences, Preferences { lang: Lang::Fr, theme: Theme::Dark });
        let parts = request(&[("accept-language", "fr-FR,fr;q=0.9"), ("cookie", "lang=xx")]);
        assert_eq!(Preferences::of(&parts, None).lang, Lang::Fr, "an unknown choice is none");
    }
}
