//! The shape of the code: edges that must never exist, read off the `use` lines and the manifests.
//!
//! Code counts up to a file's `#[cfg(test)]`; comments do not count. To allow a new edge, change the table
//! here and its reason in ARCHITECTURE.md together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A file of ours, without comments and tests.
struct Source {
    /// From the project's root, with slashes.
    path: String,
    code: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root()).expect("ours").to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).expect("a file");
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                let code = text.lines().map(without_comment).collect::<Vec<_>>().join("\n");
                found.push(Source { path: name, code });
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no code");
    found
}

/// The line before its comment; `//` inside a text (`https://`) is no comment.
fn without_comment(line: &str) -> &str {
    let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
    comment.map_or(line, |(at, _)| &line[..at])
}

/// What stands right after each occurrence of a word: the first segment of a path.
fn after<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    code.split(word).skip(1).map(|rest| {
        rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
    })
}

/// The module a file belongs to: `store` of `server/src/store/read/log.rs`.
fn module(path: &str) -> &str {
    let inside = path.split("/src/").nth(1).unwrap_or_default();
    inside.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

/// The groups of modules as `dispatch/src/lib.rs` lists them, one after the other.
fn groups() -> BTreeMap<String, usize> {
    let text = fs::read_to_string(root().join("dispatch/src/lib.rs")).expect("a file");
    let mut groups = BTreeMap::new();
    let mut group = 0;
    for line in text.lines() {
        let name = line.trim_start_matches("pub ").strip_prefix("mod ");
        match name.and_then(|name| name.strip_suffix(';')) {
            Some(name) => drop(groups.insert(name.to_owned(), group)),
            None => group += 1,
        }
    }
    groups
}

#[test]
fn the_core_uses_only_its_own_group_and_those_above() {
    let groups = groups();
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for source in sources("dispatch/src").iter().filter(|s| module(&s.path) != "lib") {
        let from = module(&source.path);
        for to in after(&source.code, "crate::").filter(|to| *to != from) {
            let (Some(here), Some(there)) = (groups.get(from), groups.get(to)) else {
                wrong.push(format!("{}: {to} is not in lib.rs", source.path));
                continue;
            };
            if there > here {
                wrong.push(format!("{}: uses {to}, which stands below", source.path));
            }
            uses.entry(from.to_owned()).or_default().insert(to.to_owned());
        }
    }
    assert_none("the core's order", &wrong);

    // What uses nothing that is left can be taken away; a circle stays.
    let mut left = uses;
    loop {
        let known: BTreeSet<String> = left.keys().cloned().collect();
        let before = left.len();
        left.retain(|_, to| to.iter().any(|to| known.contains(to)));
        if left.len() == before {
            break;
        }
    }
    assert!(left.is_empty(), "modules of the core use each other in a circle: {left:#?}");
}

#[test]
fn the_core_touches_nothing_outside() {
    let outside = [
        "std::env",
        "std::fs",
        "std::net",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant",
        "tokio",
        "sqlx",
        "axum",
        "reqwest",
        "leptos",
        " rand::",
    ];
    let mut wrong = Vec::new();
    for source in sources("dispatch/src") {
        for word in outside.iter().filter(|word| source.code.contains(**word)) {
            wrong.push(format!("{}: {word}", source.path));
        }
    }
    assert_none("the core decides, others act", &wrong);
}

#[test]
fn use_cases_do_not_nest() {
    let folder = "dispatch/src/usecase";
    let verbs: BTreeSet<String> =
        sources(folder).iter().map(|s| name(&s.path).to_owned()).collect();
    let mut wrong = Vec::new();
    for source in sources(folder).iter().filter(|s| name(&s.path) != "mod") {
        for word in ["super::", "crate::usecase::"] {
            for verb in after(&source.code, word).filter(|verb| verbs.contains(*verb)) {
                wrong.push(format!("{}: calls {verb}", source.path));
            }
        }
    }
    assert_none("what two use cases share belongs into a module of the core", &wrong);
}

/// The file's own name: `log` of `server/src/store/read/log.rs`.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// From, to, why not.
const FORBIDDEN: &[(&str, &[&str], &str)] = &[
    ("http", &["store", "command"], "requests reach rows only through ports"),
    ("worker", &["store", "http", "command"], "loops reach rows only through ports"),
    (
        "store",
        &["http", "source", "provider", "payment", "worker", "command", "compose", "config"],
        "SQL knows the core and nothing else",
    ),
    (
        "source",
        &["store", "provider", "http", "worker", "compose", "config"],
        "a vendor's file turns bytes into words of the core",
    ),
    (
        "provider",
        &["store", "source", "worker", "compose", "config"],
        "a vendor's file turns words of the core into bytes and back",
    ),
    (
        "security",
        &["store", "http", "source", "provider", "worker", "command", "compose", "config"],
        "it knows no table and no route",
    ),
];

/// The handle of everything the store serves is a trait made of ports: naming it is no back door.
const HANDLE: &str = "crate::store::Everything";

#[test]
fn the_servers_parts_keep_apart() {
    let sources = sources("server/src");
    let mut wrong = Vec::new();
    for (from, to, why) in FORBIDDEN {
        for source in sources.iter().filter(|s| module(&s.path) == *from) {
            let code = source.code.replace(HANDLE, "");
            for found in after(&code, "crate::").filter(|found| to.contains(found)) {
                wrong.push(format!("{}: uses {found}, but {why}", source.path));
            }
        }
    }
    assert_none("forbidden edges", &wrong);
}

#[test]
fn one_ports_file_uses_no_other_ports_file() {
    let shared = ["dialect", "ledger", "row", "ruling", "sql", "stand_in", "value"];
    let files: BTreeSet<String> = sources("server/src/store")
        .iter()
        .filter_map(|s| s.path.strip_prefix("server/src/store/"))
        .map(|path| path.split('/').next().unwrap_or(path).trim_end_matches(".rs").to_owned())
        .filter(|file| !shared.contains(&file.as_str()) && file != "mod")
        .collect();
    let mut wrong = Vec::new();
    for source in sources("server/src/store") {
        let inside = source.path.trim_start_matches("server/src/store/");
        let own = inside.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        if shared.contains(&own) || own == "mod" {
            continue;
        }
        // In a folder of its own, `super` is that folder.
        let words: &[&str] =
            if inside.contains('/') { &["crate::store::"] } else { &["crate::store::", "super::"] };
        for word in words {
            for found in after(&source.code, word) {
                if found != own && files.contains(found) {
                    wrong.push(format!("{}: uses {found}", source.path));
                }
            }
        }
    }
    assert_none("what two ports need belongs into store/row.rs", &wrong);
}

#[test]
fn sql_and_its_driver_stay_in_the_store() {
    let signs =
        ["\"SELECT ", "\"INSERT INTO ", "\"DELETE FROM ", "\"UPDATE ", "\"CREATE TABLE ", "sqlx::"];
    let mut wrong = Vec::new();
    for folder in ["server/src", "app/src", "dispatch/src", "frontend/src", "sandbox/src"] {
        for source in sources(folder).iter().filter(|s| module(&s.path) != "store") {
            for sign in signs.iter().filter(|sign| source.code.contains(**sign)) {
                wrong.push(format!("{}: {sign}", source.path));
            }
        }
    }
    assert_none("SQL outside the store", &wrong);

    let mut wrong = Vec::new();
    let drivers = ["mod", "dialect", "bare"];
    for source in sources("server/src/store").iter().filter(|s| !drivers.contains(&name(&s.path))) {
        if source.code.contains("sqlx") {
            wrong.push(source.path.clone());
        }
    }
    assert_none("a port's file does not know the driver", &wrong);
}

#[test]
fn vendors_field_names_stop_at_their_files() {
    let fields = [
        "biz_opaque_callback_data",
        "messaging_product",
        "body_text_named_params",
        "override_callback_uri",
        "whatsapp_business_account",
        "hub.challenge",
        "sendcloud-signature",
        "parcel_status_changed",
        "to_service_point",
    ];
    let adapters = ["provider", "source", "callback", "hook"];
    let mut wrong = Vec::new();
    for folder in ["server/src", "app/src", "dispatch/src"] {
        for source in sources(folder) {
            if source.path.split(['/', '.']).any(|part| adapters.contains(&part)) {
                continue;
            }
            for field in fields.iter().filter(|field| source.code.contains(**field)) {
                wrong.push(format!("{}: {field}", source.path));
            }
        }
    }
    assert_none("a vendor's word beyond its adapter", &wrong);
}

/// A crate, and what its manifest may not name.
const NOT_NAMED: &[(&str, &[&str])] = &[
    (
        "dispatch",
        &["app", "server", "sandbox", "sqlx", "axum", "tokio", "reqwest", "leptos", "rand"],
    ),
    ("app", &["server", "sandbox", "sqlx", "reqwest", "argon2", "tower-sessions", "async-stripe"]),
    ("frontend", &["server", "sandbox", "dispatch", "sqlx", "tokio", "reqwest"]),
    ("sandbox", &["server", "app", "dispatch", "sqlx"]),
    ("tests", &["sqlx", "argon2", "tower-sessions"]),
];

#[test]
fn manifests_name_only_what_their_crate_may_use() {
    let mut wrong = Vec::new();
    for (name, banned) in NOT_NAMED {
        let text = fs::read_to_string(root().join(name).join("Cargo.toml")).expect("a manifest");
        let mut section = "";
        for line in text.lines() {
            if let Some(head) = line.strip_prefix('[') {
                section = head.trim_end_matches(']');
                continue;
            }
            let dependency = line.split(['=', '.']).next().unwrap_or_default().trim();
            if section.ends_with("dependencies") && banned.contains(&dependency) {
                wrong.push(format!("{name}/Cargo.toml: {dependency}"));
            }
        }
    }
    assert_none("a crate names what it may not use", &wrong);
}
