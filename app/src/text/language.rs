//! Names of the languages templates are written in; the code itself where it is none of the list.

use super::Lang;

/// `German`, `allemand`; a region stays as its code: `Portuguese (BR)`.
#[must_use]
pub fn name(lang: Lang, code: &str) -> String {
    let (base, region) = code.split_once(['_', '-']).map_or((code, None), |(b, r)| (b, Some(r)));
    let Some(names) = NAMES.iter().find(|(known, ..)| *known == base) else {
        return code.to_owned();
    };
    let name = match lang {
        Lang::En => names.1,
        Lang::Fr => names.2,
    };
    region.map_or_else(|| name.to_owned(), |region| format!("{name} ({region})"))
}

const NAMES: [(&str, &str, &str); 22] = [
    ("ar", "Arabic", "arabe"),
    ("bg", "Bulgarian", "bulgare"),
    ("ca", "Catalan", "catalan"),
    ("cs", "Czech", "tchèque"),
    ("da", "Danish", "danois"),
    ("de", "German", "allemand"),
    ("el", "Greek", "grec"),
    ("en", "English", "anglais"),
    ("es", "Spanish", "espagnol"),
    ("fi", "Finnish", "finnois"),
    ("fr", "French", "français"),
    ("hr", "Croatian", "croate"),
    ("hu", "Hungarian", "hongrois"),
    ("it", "Italian", "italien"),
    ("nl", "Dutch", "néerlandais"),
    ("no", "Norwegian", "norvégien"),
    ("pl", "Polish", "polonais"),
    ("pt", "Portuguese", "portugais"),
    ("ro", "Romanian", "roumain"),
    ("sk", "Slovak", "slovaque"),
    ("sv", "Swedish", "suédois"),
    ("tr", "Turkish", "turc"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_stays_beside_its_language() {
        assert_eq!(name(Lang::En, "de"), "German");
        assert_eq!(name(Lang::Fr, "pt_BR"), "portugais (BR)");
        assert_eq!(name(Lang::En, "xx"), "xx");
    }
}
