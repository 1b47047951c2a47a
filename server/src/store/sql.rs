//! Statements: one text for both databases, written once, with named fragments where they differ.
//!
//! ```text
//! statements! {
//!     /// Why this statement exists.
//!     KEEP = ["INSERT INTO delivery (id, body) SELECT id, body FROM ", {id: text, body: bytes}, " s"];
//!     CLAIM = ["UPDATE … WHERE id IN (SELECT … ", skip_locked, ") RETURNING id"];
//! }
//! ```
//!
//! A piece in braces is a *set*: the rows of one JSON parameter (`$1` of the statement), an array of
//! arrays, as a table with these columns. A set is how one statement writes or reads many rows.
//! A name in parentheses is a macro of that file that writes text several of its statements share.
//! `ALL` of each file lists its statements, so that a test can prepare every one on both databases.

/// A statement in both dialects.
#[derive(Debug)]
pub struct Sql {
    /// Its name, for spans and the test that prepares it.
    pub name: &'static str,
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

/// Defines statements and `ALL`, the list of them.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = [$($piece:tt),+ $(,)?];)+) => {
        $($(#[$doc])*
        const $name: $crate::store::sql::Sql = $crate::store::sql::Sql {
            name: stringify!($name),
            sqlite: concat!($($crate::store::dialect::piece!(sqlite $piece)),+),
            postgres: concat!($($crate::store::dialect::piece!(postgres $piece)),+),
        };)+
        /// Every statement of this file.
        pub(in crate::store) const ALL: &[&$crate::store::sql::Sql] = &[$(&$name),+];
    };
}
pub(in crate::store) use statements;
