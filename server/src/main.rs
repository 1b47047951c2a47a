//! facteur
fn main() {}
