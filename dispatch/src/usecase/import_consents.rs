//! A file of consents the shop collected elsewhere: taken whole or not at all.
//!
//! All or nothing, because half a file taken leaves nobody knowing which half; what is wrong is said line
//! by line, and the corrected file is simply sent again.

use super::{Ports, filled, parse_id};
use crate::channel::Channel;
use crate::consent::{
    ConsentKind, ConsentRecord, ConsentSource, Purpose, ReadPhone, channels_of, parse_words,
};
use crate::country::Country;
use crate::csv::{self, Fault};
use crate::error::{Error, Result};
use crate::id::{BrandId, ConsentId};
use crate::tenant::{Permission, Viewer};
use crate::time::Timestamp;
use std::collections::BTreeSet;
use std::str::FromStr;

/// A file of so many bytes is too large.
pub const LARGEST_FILE: usize = 1024 * 1024;

/// The longest file, in lines below the head.
pub const MOST_LINES: usize = 10_000;

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Lines below the head.
    pub lines: usize,
    /// What is wrong. Where there is anything, nothing was taken.
    pub faults: Vec<LineFault>,
    /// Whether the records were written.
    pub taken: bool,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineFault {
    /// Counted from one, the head included, as editors count.
    pub line: usize,
    /// Which column.
    pub column: Column,
    /// A stable word for the reason.
    pub reason: &'static str,
}

/// The columns a file may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The number, with its country's code or with a country beside it.
    Phone,
    /// ISO code of the number's country.
    Country,
    /// `tracking` or `marketing`; the news when nothing is said.
    Purpose,
    /// `opt_in` or `opt_out`; a yes when nothing is said.
    Kind,
    /// `whatsapp` or `sms`; WhatsApp when nothing is said.
    Channel,
    /// Where it was collected.
    Source,
    /// The words the person agreed to.
    Text,
    /// The version of those words.
    Version,
    /// What shows it.
    Proof,
    /// When.
    Time,
}

impl Column {
    /// What a file cannot do without: a record without these proves nothing.
    const NEEDED: [Self; 4] = [Self::Phone, Self::Source, Self::Text, Self::Time];

    /// The name to write at its head.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Country => "country",
            Self::Purpose => "purpose",
            Self::Kind => "kind",
            Self::Channel => "channel",
            Self::Source => "source",
            Self::Text => "text",
            Self::Version => "text_version",
            Self::Proof => "proof",
            Self::Time => "time",
        }
    }

    /// The column a head means, however it is written and in the languages shops write in.
    fn of(head: &str) -> Option<Self> {
        let plain: String =
            head.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        Some(match plain.as_str() {
            "phone" | "phonenumber" | "mobile" | "mobilephone" | "tel" | "telephone"
            | "téléphone" | "portable" | "numéro" | "numero" | "telefon" | "telefoon"
            | "teléfono" | "telefono" | "address" | "whatsapp" => Self::Phone,
            "country" | "countrycode" | "pays" | "land" | "país" | "pais" | "paese" => {
                Self::Country
            }
            "purpose" | "finalité" | "finalite" | "zweck" => Self::Purpose,
            "kind" | "type" | "consent" | "consentement" => Self::Kind,
            "channel" | "canal" | "kanal" => Self::Channel,
            "source" | "origin" | "origine" | "quelle" | "collectedat" => Self::Source,
            "text" | "texte" | "wording" | "consenttext" | "words" => Self::Text,
            "textversion" | "version" => Self::Version,
            "proof" | "preuve" | "reference" | "référence" | "order" | "ordernumber" => {
                Self::Proof
            }
            "time" | "date" | "datetime" | "timestamp" | "at" | "consentedat" | "heure"
            | "datum" => Self::Time,
            _ => return None,
        })
    }
}

/// Reads a file and, unless it is only to be checked or something is wrong with it, takes it.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` on `file` when it cannot be read as a table at all.
pub async fn import_consents(
    ports: &Ports<'_>,
    viewer: &Viewer,
    read_phone: ReadPhone,
    brand: &str,
    file: &[u8],
    only_check: bool,
) -> Result<Imported> {
    viewer.need(Permission::Edit)?;
    filled(brand).ok_or(Error::invalid("brand", "required"))?;
    let brand: BrandId = parse_id(brand)?;
    ports.store.brand(viewer.account, brand).await?.ok_or(Error::NotFound)?;
    let table = Table::read(file)?;
    let (now, mut faults, mut records) = (ports.now(), Vec::new(), Vec::new());
    for row in &table.rows {
        match table.record(row, brand, read_phone, ports, now) {
            Ok(record) => {
                let user = viewer.user;
                records.push((row.line, ConsentRecord { user, ..record }));
            }
            Err((column, reason)) => faults.push(LineFault { line: row.line, column, reason }),
        }
    }
    let addresses: Vec<String> = records
        .iter()
        .map(|(_, r)| r.address.clone())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let out = ports.store.own_opt_outs(viewer.account, brand, &addresses).await?;
    faults.extend(records.iter().filter_map(|(line, r)| {
        let refused = r.kind == ConsentKind::OptIn
            && out.contains(&(r.address.clone(), r.channel, r.purpose));
        let fault = LineFault { line: *line, column: Column::Phone, reason: "opted_out" };
        refused.then_some(fault)
    }));
    faults.sort_by_key(|fault| fault.line);
    let taken = faults.is_empty() && !only_check;
    if taken {
        let records: Vec<ConsentRecord> = records.into_iter().map(|(_, record)| record).collect();
        ports.store.record_consents(viewer.account, &records).await?;
    }
    Ok(Imported { lines: table.rows.len(), faults, taken })
}

/// A file whose head was understood.
struct Table {
    columns: Vec<Option<Column>>,
    rows: Vec<csv::Row>,
}

impl Table {
    fn read(file: &[u8]) -> Result<Self> {
        let bad = |reason| Error::invalid("file", reason);
        if file.is_empty() {
            return Err(bad("required"));
        }
        // What reads uploads keeps no more than this and cuts the rest off.
        if file.len() >= LARGEST_FILE {
            return Err(bad("too_large"));
        }
        let text = std::str::from_utf8(file).map_err(|_| bad("encoding"))?;
        let mut rows = csv::read(text).map_err(|Fault::Quote { .. }| bad("quote"))?.into_iter();
        let head = rows.next().ok_or(bad("required"))?;
        let columns: Vec<_> = head.cells.iter().map(|cell| Column::of(cell)).collect();
        if Column::NEEDED.iter().any(|needed| !columns.contains(&Some(*needed))) {
            return Err(bad("columns"));
        }
        let rows: Vec<csv::Row> = rows.collect();
        match rows.len() {
            0 => Err(bad("no_lines")),
            1..=MOST_LINES => Ok(Self { columns, rows }),
            _ => Err(bad("too_many_lines")),
        }
    }

    fn cell<'a>(&self, row: &'a csv::Row, column: Column) -> Option<&'a str> {
        let at = self.columns.iter().position(|found| *found == Some(column))?;
        // Our own export guards what a spreadsheet would compute.
        filled(row.cells.get(at)?.trim_start_matches('\''))
    }

    fn word<T: FromStr>(&self, row: &csv::Row, column: Column, usual: T) -> Cell<T> {
        match self.cell(row, column) {
            Some(text) => {
                let word = text.to_lowercase().replace([' ', '-'], "_");
                word.parse().map_err(|_| (column, "unknown"))
            }
            None => Ok(usual),
        }
    }

    fn text(&self, row: &csv::Row, column: Column) -> Cell<Option<String>> {
        parse_words("file", self.cell(row, column).unwrap_or_default()).map_err(|error| {
            let reason = match error {
                Error::Invalid { reason, .. } => reason,
                _ => "format",
            };
            (column, reason)
        })
    }

    fn needed(&self, row: &csv::Row, column: Column) -> Cell<String> {
        self.text(row, column)?.ok_or((column, "required"))
    }

    fn record(
        &self,
        row: &csv::Row,
        brand: BrandId,
        read_phone: ReadPhone,
        ports: &Ports<'_>,
        now: Timestamp,
    ) -> Cell<ConsentRecord> {
        let country = match self.cell(row, Column::Country) {
            Some(code) => {
                let code: Country =
                    code.to_uppercase().parse().map_err(|_| (Column::Country, "unknown"))?;
                Some(code)
            }
            None => None,
        };
        let typed = self.cell(row, Column::Phone).ok_or((Column::Phone, "required"))?;
        let address = read_phone(typed, country).ok_or((Column::Phone, "phone"))?;
        let kind = self.word(row, Column::Kind, ConsentKind::OptIn)?;
        if matches!(kind, ConsentKind::Choice | ConsentKind::TakenBack) {
            return Err((Column::Kind, "unknown"));
        }
        let channel = self.word(row, Column::Channel, Channel::Whatsapp)?;
        if !channels_of(&address).contains(&channel) {
            return Err((Column::Channel, "unknown"));
        }
        let at: Timestamp = self
            .cell(row, Column::Time)
            .ok_or((Column::Time, "required"))?
            .parse()
            .map_err(|_| (Column::Time, "time"))?;
        if at > now {
            return Err((Column::Time, "future"));
        }
        let id = ConsentId::mint(now, ports.ids);
        Ok(ConsentRecord {
            purpose: self.word(row, Column::Purpose, Purpose::Tracking)?,
            origin: Some(self.needed(row, Column::Source)?),
            text: self.needed(row, Column::Text)?,
            text_version: self.text(row, Column::Version)?,
            proof: self.text(row, Column::Proof)?,
            at,
            ..ConsentRecord::new(id, brand, channel, &address, kind, ConsentSource::Import, now)
        })
    }
}

/// A cell's value, or the column and the word for what is wrong with it.
type Cell<T> = std::result::Result<T, (Column, &'static str)>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_understood_however_they_are_written() {
        for head in ["Phone", "phone_number", "PHONE NUMBER", "Téléphone", "Telefon"] {
            assert_eq!(Column::of(head), Some(Column::Phone), "{head}");
        }
        assert_eq!(Column::of("Consented at"), Some(Column::Time));
        assert_eq!(Column::of("shoe size"), None);
    }

    #[test]
    fn a_file_that_is_no_table_says_why() {
        let reason = |file: &[u8]| match Table::read(file) {
            Err(Error::Invalid { reason, .. }) => reason,
            _ => "read",
        };
        assert_eq!(reason(b""), "required");
        assert_eq!(reason(&[0xff, 0xfe, 0x41]), "encoding");
        assert_eq!(reason(b"a,b\n1,2"), "columns");
        assert_eq!(reason(b"phone,source,text,time\n"), "no_lines");
        assert_eq!(reason(b"phone,source,text,time\n\"1,2"), "quote");
        assert_eq!(reason(&vec![b'a'; LARGEST_FILE]), "too_large");
        let long = format!("phone,source,text,time\n{}", "1,2,3,4\n".repeat(MOST_LINES + 1));
        assert_eq!(reason(long.as_bytes()), "too_many_lines");
        assert_eq!(reason(b"Time;Phone;Source;Text\n1;2;3;4"), "read");
    }
}
