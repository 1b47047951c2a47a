//! Names of the languages templates are written in; the code itself where it is none of the list.

use super::{Lang, country};

/// `German`, `allemand`; `Portuguese (Brazil)` where the code has a region.
#[must_use]
pub fn name(lang: Lang, code: &str) -> String {
    let (base, region) = parts(code);
    let Some((_, _, english, french)) = find(base) else { return code.to_owned() };
    let name = match lang {
        Lang::En => english,
        Lang::Fr => french,
    };
    region.map_or_else(
        || (*name).to_owned(),
        |region| format!("{name} ({})", country::name(lang, &region.to_ascii_uppercase())),
    )
}

/// By its own name, as its readers look for it: `Deutsch`, `Português (BR)`.
#[must_use]
pub fn own_name(code: &str) -> String {
    let (base, region) = parts(code);
    match (find(base), region) {
        (None, _) => code.to_owned(),
        (Some((_, own, ..)), None) => (*own).to_owned(),
        (Some((_, own, ..)), Some(region)) => format!("{own} ({})", region.to_ascii_uppercase()),
    }
}

/// Both, for who looks for either: `German · Deutsch`.
#[must_use]
pub fn both_names(lang: Lang, code: &str) -> String {
    let (name, own) = (name(lang, code), own_name(code));
    if name.to_lowercase() == own.to_lowercase() { name } else { format!("{name} · {own}") }
}

fn parts(code: &str) -> (&str, Option<&str>) {
    code.split_once(['_', '-']).map_or((code, None), |(base, region)| (base, Some(region)))
}

type Names = (&'static str, &'static str, &'static str, &'static str);

fn find(base: &str) -> Option<&'static Names> {
    NAMES.binary_search_by_key(&base, |(known, ..)| known).ok().map(|index| &NAMES[index])
}

/// Every language of the provider's templates (Cloud API contract §6.3), by code: its own name, the
/// English and the French one. `no` is how sources write `nb`.
#[rustfmt::skip]
const NAMES: &[Names] = &[
    ("af", "Afrikaans", "Afrikaans", "afrikaans"),
    ("ar", "العربية", "Arabic", "arabe"),
    ("az", "Azərbaycanca", "Azerbaijani", "azéri"),
    ("bg", "Български", "Bulgarian", "bulgare"),
    ("bn", "বাংলা", "Bengali", "bengali"),
    ("ca", "Català", "Catalan", "catalan"),
    ("cs", "Čeština", "Czech", "tchèque"),
    ("da", "Dansk", "Danish", "danois"),
    ("de", "Deutsch", "German", "allemand"),
    ("el", "Ελληνικά", "Greek", "grec"),
    ("en", "English", "English", "anglais"),
    ("es", "Español", "Spanish", "espagnol"),
    ("et", "Eesti", "Estonian", "estonien"),
    ("fa", "فارسی", "Persian", "persan"),
    ("fi", "Suomi", "Finnish", "finnois"),
    ("fil", "Filipino", "Filipino", "filipino"),
    ("fr", "Français", "French", "français"),
    ("ga", "Gaeilge", "Irish", "irlandais"),
    ("gu", "ગુજરાતી", "Gujarati", "gujarati"),
    ("ha", "Hausa", "Hausa", "haoussa"),
    ("he", "עברית", "Hebrew", "hébreu"),
    ("hi", "हिन्दी", "Hindi", "hindi"),
    ("hr", "Hrvatski", "Croatian", "croate"),
    ("hu", "Magyar", "Hungarian", "hongrois"),
    ("id", "Bahasa Indonesia", "Indonesian", "indonésien"),
    ("it", "Italiano", "Italian", "italien"),
    ("ja", "日本語", "Japanese", "japonais"),
    ("ka", "ქართული", "Georgian", "géorgien"),
    ("kk", "Қазақ тілі", "Kazakh", "kazakh"),
    ("kn", "ಕನ್ನಡ", "Kannada", "kannada"),
    ("ko", "한국어", "Korean", "coréen"),
    ("ky", "Кыргызча", "Kyrgyz", "kirghize"),
    ("lo", "ລາວ", "Lao", "lao"),
    ("lt", "Lietuvių", "Lithuanian", "lituanien"),
    ("lv", "Latviešu", "Latvian", "letton"),
    ("mk", "Македонски", "Macedonian", "macédonien"),
    ("ml", "മലയാളം", "Malayalam", "malayalam"),
    ("mr", "मराठी", "Marathi", "marathi"),
    ("ms", "Bahasa Melayu", "Malay", "malais"),
    ("nb", "Norsk bokmål", "Norwegian", "norvégien"),
    ("nl", "Nederlands", "Dutch", "néerlandais"),
    ("no", "Norsk", "Norwegian", "norvégien"),
    ("pa", "ਪੰਜਾਬੀ", "Punjabi", "pendjabi"),
    ("pl", "Polski", "Polish", "polonais"),
    ("pt", "Português", "Portuguese", "portugais"),
    ("ro", "Română", "Romanian", "roumain"),
    ("ru", "Русский", "Russian", "russe"),
    ("rw", "Ikinyarwanda", "Kinyarwanda", "kinyarwanda"),
    ("sk", "Slovenčina", "Slovak", "slovaque"),
    ("sl", "Slovenščina", "Slovenian", "slovène"),
    ("sq", "Shqip", "Albanian", "albanais"),
    ("sr", "Српски", "Serbian", "serbe"),
    ("sv", "Svenska", "Swedish", "suédois"),
    ("sw", "Kiswahili", "Swahili", "swahili"),
    ("ta", "தமிழ்", "Tamil", "tamoul"),
    ("te", "తెలుగు", "Telugu", "télougou"),
    ("th", "ไทย", "Thai", "thaï"),
    ("tr", "Türkçe", "Turkish", "turc"),
    ("uk", "Українська", "Ukrainian", "ukrainien"),
    ("ur", "اردو", "Urdu", "ourdou"),
    ("uz", "Oʻzbekcha", "Uzbek", "ouzbek"),
    ("vi", "Tiếng Việt", "Vietnamese", "vietnamien"),
    ("zh", "中文", "Chinese", "chinois"),
    ("zu", "IsiZulu", "Zulu", "zoulou"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use dispatch::language::OF_TEMPLATES;

    #[test]
    fn a_region_stands_beside_its_language() {
        assert_eq!(name(Lang::En, "de"), "German");
        assert_eq!(name(Lang::Fr, "pt_BR"), "portugais (Brésil)");
        assert_eq!(name(Lang::En, "pt-br"), "Portuguese (Brazil)");
        assert_eq!(name(Lang::En, "xx"), "xx");
        assert_eq!(own_name("nl"), "Nederlands");
        assert_eq!(both_names(Lang::Fr, "de"), "allemand · Deutsch");
        assert_eq!(both_names(Lang::Fr, "fr"), "français");
        assert_eq!(own_name("fr_BE"), "Français (BE)");
        assert_eq!(own_name("xx_YY"), "xx_YY");
    }

    #[test]
    fn every_language_of_templates_has_its_names() {
        let mut before = "";
        for (code, ..) in NAMES {
            assert!(before < *code, "{code} is out of order");
            before = code;
        }
        for code in OF_TEMPLATES {
            for name in [name(Lang::En, code), name(Lang::Fr, code), own_name(code)] {
                assert!(name != code && !name.is_empty(), "{code}");
            }
            if let Some((_, region)) = code.split_once('_') {
                assert_ne!(country::name(Lang::En, region), region, "{code} shows as letters");
            }
        }
    }
}
