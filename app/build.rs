//! Turns `locales/<language>/<area>.toml` into typed wording, and `locales/public/<language>/<area>.toml`
//! into that of the pages customers see.
//!
//! `locales/en/billing.toml` with `due = "Due in {days} {days|day|days}"` becomes
//! `Text::billing_due(days)`. `common.toml` gives names without a prefix. A key that one language
//! lacks, or whose placeholders differ between languages, stops the build and says where.
//!
//! In a text, `{name}` stands for a value and `{name|one|other}` for the form that fits the number
//! `name`. Where a name is used both ways, `{name}` is written as a number of that language.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, process};

/// A set of texts in the languages of its readers.
struct Family {
    /// Under `locales`; a folder for each language is in it.
    folder: &'static str,
    /// The type whose methods the texts become, and the enum of its languages.
    text: &'static str,
    lang: &'static str,
    languages: &'static [(&'static str, &'static str)],
    file: &'static str,
}

/// The console is read by merchants, in the languages it speaks; the pages of their customers are read by
/// everybody the starter library writes to. Two families, so that a language of customers asks nothing of
/// the console, and both are checked alike.
const FAMILIES: [Family; 2] = [
    Family {
        folder: "",
        text: "Text",
        lang: "Lang",
        languages: &[("en", "En"), ("fr", "Fr")],
        file: "wording.rs",
    },
    Family {
        folder: "public",
        text: "PublicText",
        lang: "Tongue",
        languages: &[
            ("en", "En"),
            ("fr", "Fr"),
            ("de", "De"),
            ("nl", "Nl"),
            ("es", "Es"),
            ("it", "It"),
        ],
        file: "public_wording.rs",
    },
];

type Wording = BTreeMap<String, String>;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo speaks to build scripts through the environment"
)]
fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build.rs");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");

    let mut faults = Vec::new();
    let mut files = Vec::new();
    for family in &FAMILIES {
        let folder = Path::new(&root).join("locales").join(family.folder);
        let wordings: Vec<Wording> = family
            .languages
            .iter()
            .map(|(code, _)| read_language(&folder.join(code), &mut faults))
            .collect();
        files.push((family.file, generate(family, &wordings, &mut faults)));
    }
    if !faults.is_empty() {
        for fault in &faults {
            println!("cargo::error={fault}");
        }
        process::exit(1);
    }
    for (file, code) in files {
        fs::write(Path::new(&out).join(file), code).expect("OUT_DIR is writable");
    }
}

fn read_language(folder: &Path, faults: &mut Vec<String>) -> Wording {
    let mut wording = Wording::new();
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    let french = folder.ends_with("fr");
    for file in files {
        let area = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let text = fs::read_to_string(&file).unwrap_or_default();
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                faults.push(format!(
                    "{}: {}",
                    file.display(),
                    error.to_string().replace('\n', " ")
                ));
                continue;
            }
        };
        for (key, value) in table {
            let name = if area == "common" { key.clone() } else { format!("{area}_{key}") };
            match value.as_str() {
                Some(text) => {
                    let text = if french { french_spaces(text) } else { text.to_owned() };
                    if wording.insert(name.clone(), text).is_some() {
                        faults.push(format!("{}: `{name}` is defined twice", file.display()));
                    }
                }
                None => faults.push(format!("{}: `{key}` is not a text", file.display())),
            }
        }
    }
    wording
}

/// French keeps high punctuation on the line of the word before it.
fn french_spaces(text: &str) -> String {
    [" ;", " :", " ?", " !", " »", " %"]
        .iter()
        .fold(text.to_owned(), |text, mark| text.replace(mark, &mark.replace(' ', "\u{a0}")))
        .replace("« ", "«\u{a0}")
}

/// One stretch of a text.
enum Piece {
    Words(String),
    Value(String),
    Plural { name: String, one: String, other: String },
}

fn parse(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        if start > 0 {
            pieces.push(Piece::Words(rest[..start].to_owned()));
        }
        let end = rest[start..].find('}').ok_or("a brace is not closed")? + start;
        let inside: Vec<&str> = rest[start + 1..end].split('|').collect();
        let name = inside[0].to_owned();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err(format!("`{name}` is not a name for a value"));
        }
        pieces.push(match inside[..] {
            [_] => Piece::Value(name),
            [_, one, other] => Piece::Plural { name, one: one.to_owned(), other: other.to_owned() },
            _ => return Err(format!("`{name}` needs two forms, one and other")),
        });
        rest = &rest[end + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    Ok(pieces)
}

fn generate(family: &Family, wordings: &[Wording], faults: &mut Vec<String>) -> String {
    let keys: BTreeSet<&String> = wordings.iter().flat_map(BTreeMap::keys).collect();
    let mut code = format!("impl {} {{\n", family.text);
    for key in keys {
        let mut texts = Vec::new();
        for (wording, (language, _)) in wordings.iter().zip(family.languages) {
            match wording.get(key).map(|text| parse(text)) {
                Some(Ok(pieces)) => texts.push(pieces),
                Some(Err(reason)) => faults.push(format!("locales {language}: `{key}`: {reason}")),
                None => faults.push(format!("locales {language}: `{key}` is missing")),
            }
        }
        if texts.len() != family.languages.len() {
            continue;
        }
        let names: Vec<BTreeSet<String>> = texts.iter().map(|pieces| names_of(pieces)).collect();
        if names.iter().any(|set| *set != names[0]) {
            faults.push(format!("`{key}` has different values in different languages: {names:?}"));
            continue;
        }
        write_function(family, &mut code, key, &wordings[0][key], &texts);
    }
    code.push_str("}\n");
    code
}

fn names_of(pieces: &[Piece]) -> BTreeSet<String> {
    pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Words(_) => None,
            Piece::Value(name) | Piece::Plural { name, .. } => Some(name.clone()),
        })
        .collect()
}

fn write_function(
    family: &Family,
    code: &mut String,
    key: &str,
    english: &str,
    texts: &[Vec<Piece>],
) {
    let plural: BTreeSet<&str> = texts
        .iter()
        .flatten()
        .filter_map(|piece| match piece {
            Piece::Plural { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    // In the order of the English sentence, which is how a caller thinks of them.
    let mut names: Vec<&str> = Vec::new();
    for piece in &texts[0] {
        if let Piece::Value(name) | Piece::Plural { name, .. } = piece
            && !names.contains(&name.as_str())
        {
            names.push(name);
        }
    }
    let parameters: String = names
        .iter()
        .map(|name| {
            let kind = if plural.contains(name) { "Count" } else { "std::fmt::Display" };
            format!(", {name}: impl {kind}")
        })
        .collect();
    let answer = if names.is_empty() { "&'static str" } else { "String" };
    // As code: rustdoc would take `<<tag>>` for HTML.
    let shown = format!("`{english}`");
    let _ = write!(
        code,
        "    #[doc = {shown:?}]\n    #[must_use]\n    pub fn {key}(self{parameters}) -> {answer} {{\n"
    );
    for name in &plural {
        let _ = writeln!(code, "        let {name} = {name}.count();");
    }
    code.push_str("        match self.0 {\n");
    for (pieces, (_, variant)) in texts.iter().zip(family.languages) {
        let said = expression(pieces, &plural);
        let _ = writeln!(code, "            {}::{variant} => {said},", family.lang);
    }
    code.push_str("        }\n    }\n");
}

fn expression(pieces: &[Piece], plural: &BTreeSet<&str>) -> String {
    let mut pattern = String::new();
    let mut values = String::new();
    let mut constant = true;
    for piece in pieces {
        match piece {
            Piece::Words(words) => pattern.push_str(words),
            Piece::Value(name) if plural.contains(name.as_str()) => {
                constant = false;
                pattern.push_str("{}");
                let _ = write!(values, ", number::whole(self.0, {name})");
            }
            Piece::Value(name) => {
                constant = false;
                let _ = write!(pattern, "{{{name}}}");
            }
            Piece::Plural { name, one, other } => {
                constant = false;
                pattern.push_str("{}");
                let _ = write!(values, ", self.0.plural({name}, {one:?}, {other:?})");
            }
        }
    }
    if constant { format!("{pattern:?}") } else { format!("format!({pattern:?}{values})") }
}
