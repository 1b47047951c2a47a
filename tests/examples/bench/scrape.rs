//! The server's own metrics, as it shows them at one moment.

use anyhow::Result;
use std::collections::HashMap;

/// Every sample by its name and labels.
pub struct Scrape(HashMap<String, f64>);

impl Scrape {
    /// Of this moment.
    pub async fn of(http: &reqwest::Client, base: &str) -> Result<Self> {
        let text = http.get(format!("{base}/metrics")).send().await?.text().await?;
        let samples = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let (name, value) = line.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        });
        Ok(Self(samples.collect()))
    }

    /// What came after an earlier moment; for counters.
    pub fn since(&self, earlier: &Self) -> Self {
        let grown = |(name, value): (&String, &f64)| {
            (name.clone(), value - earlier.0.get(name).copied().unwrap_or(0.0))
        };
        Self(self.0.iter().map(grown).collect())
    }

    /// The sample of that name with one label of that value.
    pub fn value(&self, name: &str, label: &str) -> f64 {
        let (start, part) = (format!("{name}{{"), format!("=\"{label}\""));
        let mut found = self.0.iter().filter(|(n, _)| n.starts_with(&start) && n.contains(&part));
        found.next().map_or(0.0, |(_, value)| *value)
    }

    /// The mean of a histogram.
    pub fn mean(&self, name: &str, label: &str) -> f64 {
        self.value(&format!("{name}_sum"), label) / self.value(&format!("{name}_count"), label)
    }
}
