//! The two databases, held together: statements, migrations, tables.

use super::world::World;
use crate::process::database::Kind;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

both![every_statement_is_understood];

async fn every_statement_is_understood(world: World) {
    let refused = world.store.refused_statements().await.expect("asked");
    assert!(refused.is_empty(), "refused:\n{}", refused.join("\n"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn names(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn migrations_come_in_pairs() {
    let sqlite = names(&root().join("migrations/sqlite"));
    assert_eq!(sqlite, names(&root().join("migrations/postgres")));
    let numbers: Vec<_> = sqlite.iter().map(|name| name.split('_').next()).collect();
    let unique: BTreeSet<_> = numbers.iter().collect();
    assert_eq!(unique.len(), numbers.len(), "two migrations share a number");
}

#[tokio::test]
async fn both_databases_have_the_same_columns() {
    let sqlite = World::on(Kind::Sqlite).await.expect("SQLite needs nothing");
    let Some(postgres) = World::on(Kind::Postgres).await else { return };
    let sqlite = sqlite.store.columns().await.expect("asked");
    assert!(sqlite.len() > 100, "the schema has more than {} columns", sqlite.len());
    assert_eq!(sqlite, postgres.store.columns().await.expect("asked"));
}

/// A port's method without a case here could differ between the databases unseen.
#[test]
fn every_port_method_has_a_case() {
    let mut cases = String::new();
    for name in names(&root().join("tests/it/store")) {
        cases += &fs::read_to_string(root().join("tests/it/store").join(name)).expect("a file");
    }
    let ports = root().join("dispatch/src/port");
    // These two are the outside world's, not the store's.
    let stored = |name: &&String| !["mod.rs", "provider.rs", "secrets.rs"].contains(&name.as_str());
    let mut missing = Vec::new();
    for name in names(&ports).iter().filter(stored) {
        let text = fs::read_to_string(ports.join(name)).expect("a file");
        for method in text.lines().filter_map(|line| line.trim().strip_prefix("async fn ")) {
            let method = method.split('(').next().unwrap_or(method);
            if !cases.contains(&format!(".{method}(")) {
                missing.push(format!("{name}: {method}"));
            }
        }
    }
    assert!(missing.is_empty(), "no case calls {missing:#?}");
}

/// The ledger is proof: what is in it stays as it was written.
#[test]
fn no_statement_changes_or_removes_a_consent_record() {
    let mut writes = Vec::new();
    let mut folders = vec![root().join("server/src/store")];
    while let Some(folder) = folders.pop() {
        for name in names(&folder) {
            let path = folder.join(&name);
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("a file");
            for verb in ["UPDATE consent ", "DELETE FROM consent ", "REPLACE INTO consent "] {
                if text.contains(verb) {
                    writes.push(format!("{name}: {verb}"));
                }
            }
            let inserts = text.split("INSERT INTO consent ").skip(1);
            for statement in inserts.map(|rest| rest.split("];").next().unwrap_or_default()) {
                if statement.contains("ON CONFLICT") {
                    writes.push(format!("{name}: an insert that replaces"));
                }
            }
        }
    }
    assert!(writes.is_empty(), "the ledger is only ever appended: {writes:#?}");
}
