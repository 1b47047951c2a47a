//! What a rule saw.

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::ops::Index;

/// A name or a value; most are among the program's own words.
pub type Fact = Cow<'static, str>;

/// What a rule saw, as named facts in the order of their names. Phone numbers are masked here already.
///
/// A decision records some thirty of them, and nearly all are words of the program: they are borrowed, and one small
/// list holds a rule's, so that the record costs next to nothing while messages are made.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Saw(Vec<(Fact, Fact)>);

impl Saw {
    /// Nothing was looked at.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a fact, or says anew what it is.
    pub fn insert(&mut self, name: impl Into<Fact>, value: impl Into<Fact>) {
        let (name, value) = (name.into(), value.into());
        match self.0.binary_search_by(|(known, _)| known.cmp(&name)) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (name, value)),
        }
    }

    /// The fact of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.0.binary_search_by(|(known, _)| known.as_ref().cmp(name)).ok()?;
        Some(&self.0[at].1)
    }

    /// All facts, by their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }
}

impl<N: Into<Fact>, V: Into<Fact>> Extend<(N, V)> for Saw {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, facts: I) {
        for (name, value) in facts {
            self.insert(name, value);
        }
    }
}

impl<N: Into<Fact>, V: Into<Fact>> FromIterator<(N, V)> for Saw {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(facts: I) -> Self {
        let facts = facts.into_iter();
        let mut saw = Self(Vec::with_capacity(facts.size_hint().0));
        saw.extend(facts);
        saw
    }
}

/// Panics where the fact is missing, as maps do; for tests.
impl Index<&str> for Saw {
    type Output = str;

    fn index(&self, name: &str) -> &str {
        self.get(name).expect("a fact of that name")
    }
}

impl fmt::Debug for Saw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Saw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Saw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Facts;
        impl<'de> Visitor<'de> for Facts {
            type Value = Saw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("named facts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Saw, A::Error> {
                let mut saw = Saw::new();
                while let Some((name, value)) = map.next_entry::<String, String>()? {
                    saw.insert(name, value);
                }
                Ok(saw)
            }
        }
        deserializer.deserialize_map(Facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn facts_are_as_a_map_would_keep_them(facts in proptest::collection::vec(("[a-d]{1,2}", "\\PC{0,4}"), 0..12)) {
            let map: BTreeMap<String, String> = facts.iter().cloned().collect();
            let saw: Saw = facts.into_iter().collect();
            prop_assert!(saw.iter().eq(map.iter().map(|(name, value)| (name.as_str(), value.as_str()))));
            for name in ["a", "b", "ab", "zz"] {
                prop_assert_eq!(saw.get(name), map.get(name).map(String::as_str));
            }
            let written = serde_json::to_string(&saw).expect("JSON");
            prop_assert_eq!(&written, &serde_json::to_string(&map).expect("JSON"));
            prop_assert_eq!(format!("{saw:?}"), format!("{map:?}"));
            prop_assert_eq!(serde_json::from_str::<Saw>(&written).expect("itself"), saw);
        }
    }
}
