//! Cells: what goes into a statement and what comes out of a row, in the five forms both databases share.

use dispatch::error::{Error, Result};
use dispatch::time::Timestamp;
use std::str::FromStr;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text: ids, words, JSON.
    Text(String),
    /// Integers, moments in microseconds, 0 and 1 for no and yes.
    Int(i64),
    /// Bytes as they came.
    Bytes(Vec<u8>),
    /// No text. Also what every null is read as.
    NoText,
    /// No integer.
    NoInt,
}

/// What can be put into a cell.
pub trait ToValue {
    /// As a cell.
    fn to_value(&self) -> Value;
}

impl ToValue for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
}

impl ToValue for Timestamp {
    fn to_value(&self) -> Value {
        Value::Int(self.micros())
    }
}

impl ToValue for Option<Timestamp> {
    fn to_value(&self) -> Value {
        self.map_or(Value::NoInt, |at| Value::Int(at.micros()))
    }
}

impl ToValue for Option<i64> {
    fn to_value(&self) -> Value {
        self.map_or(Value::NoInt, Value::Int)
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}

impl ToValue for Set {
    fn to_value(&self) -> Value {
        Value::Text(self.json())
    }
}

/// Everything that is written as its text: ids, words, countries.
macro_rules! by_text {
    ($($kind:ty),* $(,)?) => {$(
        impl ToValue for $kind {
            fn to_value(&self) -> Value { Value::Text(clean(self.to_string())) }
        }
        impl ToValue for Option<$kind> {
            fn to_value(&self) -> Value {
                self.as_ref().map_or(Value::NoText, |v| Value::Text(clean(v.to_string())))
            }
        }
    )*};
}

/// PostgreSQL has no text with a zero byte in it, so neither database gets one.
fn clean(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

use dispatch::attempt::Outcome;
use dispatch::brand::{BrandState, ChannelState, ConsentBasis, SenderState};
use dispatch::change::ChangeKind;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::color::Color;
use dispatch::consent::{ConsentKind, ConsentSource, Purpose};
use dispatch::country::Country;
use dispatch::decision::{RuleCode, Verdict};
use dispatch::event::{Direction, EventStatus};
use dispatch::id::*;
use dispatch::invoice::InvoiceState;
use dispatch::language::Language;
use dispatch::ledger::ChargeKind;
use dispatch::message::MessageState;
use dispatch::money::Currency;
use dispatch::plan::Plan;
use dispatch::receipt::ReceiptKind;
use dispatch::source::{ConnectionState, DeliveryState, Source};
use dispatch::stranded::Stranded;
use dispatch::template::{Category, Review, Tag};
use dispatch::tenant::Role;
use dispatch::time::Month;
use dispatch::view::TemplateChange;

by_text![
    String,
    &str,
    AccountId,
    UserId,
    InvitationId,
    BrandId,
    SenderId,
    ConnectionId,
    ApiKeyId,
    DeliveryId,
    EventId,
    DecisionId,
    MessageId,
    AttemptId,
    ReceiptId,
    ConsentId,
    JoinId,
    AcceptanceId,
    ChargeId,
    InvoiceId,
    InvoiceLineId,
    ReplayId,
    ChangeId,
    ChangeKind,
    Outcome,
    BrandState,
    ChannelState,
    ConsentBasis,
    SenderState,
    Color,
    Channel,
    TrackingStatus,
    ConsentKind,
    ConsentSource,
    Purpose,
    Country,
    RuleCode,
    Verdict,
    Direction,
    EventStatus,
    InvoiceState,
    Language,
    ChargeKind,
    MessageState,
    Currency,
    Plan,
    ReceiptKind,
    ConnectionState,
    DeliveryState,
    Source,
    Category,
    Tag,
    Review,
    Stranded,
    TemplateChange,
    Role,
    Month
];

/// One row of a [`Set`], in the order of its columns.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { [$($crate::store::value::ToValue::to_value(&$value)),*] };
}
pub(in crate::store) use cells;

/// The parameters of a statement, in order.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::value::ToValue::to_value(&$value)),*] };
}
pub(in crate::store) use args;

/// Rows for a statement on a set: one JSON array of arrays.
#[derive(Debug, Default)]
pub struct Set {
    json: Vec<u8>,
}

impl Set {
    /// An empty set.
    pub const fn new() -> Self {
        Self { json: Vec::new() }
    }

    /// A set of one text column.
    pub fn of<T: ToValue>(values: impl IntoIterator<Item = T>) -> Self {
        let mut set = Self::new();
        for value in values {
            set.push(&[value.to_value()]);
        }
        set
    }

    /// Adds a row.
    pub fn push(&mut self, cells: &[Value]) {
        self.json.push(if self.json.is_empty() { b'[' } else { b',' });
        self.json.push(b'[');
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                self.json.push(b',');
            }
            // Written in place: a batch has thousands of cells. Writing into memory cannot fail.
            let _ = match cell {
                Value::Text(text) => serde_json::to_writer(&mut self.json, text),
                Value::Int(number) => serde_json::to_writer(&mut self.json, number),
                Value::Bytes(bytes) => serde_json::to_writer(&mut self.json, &hex::encode(bytes)),
                Value::NoText | Value::NoInt => serde_json::to_writer(&mut self.json, &()),
            };
        }
        self.json.push(b']');
    }

    /// Whether nothing was added.
    pub const fn is_empty(&self) -> bool {
        self.json.is_empty()
    }

    fn json(&self) -> String {
        let mut json = self.json.clone();
        json.extend_from_slice(if json.is_empty() { b"[]" } else { b"]" });
        String::from_utf8(json).unwrap_or_default()
    }
}

/// A row, read cell by cell in the order of the statement's columns.
#[derive(Debug)]
pub struct Row {
    cells: std::vec::IntoIter<Value>,
}

impl Row {
    /// From its cells.
    pub fn new(cells: Vec<Value>) -> Self {
        Self { cells: cells.into_iter() }
    }

    fn next(&mut self) -> Result<Value> {
        self.cells.next().ok_or(Error::Corrupt)
    }

    /// Passes the next cell by.
    pub fn skip(&mut self) -> Result<()> {
        self.next().map(drop)
    }

    /// The next cell as text that must be there.
    pub fn text(&mut self) -> Result<String> {
        self.text_or_none()?.ok_or(Error::Corrupt)
    }

    /// The next cell as text, or none.
    pub fn text_or_none(&mut self) -> Result<Option<String>> {
        match self.next()? {
            Value::Text(text) => Ok(Some(text)),
            Value::NoText | Value::NoInt => Ok(None),
            Value::Int(_) | Value::Bytes(_) => Err(Error::Corrupt),
        }
    }

    /// The next cell as a number that must be there.
    pub fn int(&mut self) -> Result<i64> {
        self.int_or_none()?.ok_or(Error::Corrupt)
    }

    /// The next cell as a number, or none.
    pub fn int_or_none(&mut self) -> Result<Option<i64>> {
        match self.next()? {
            Value::Int(number) => Ok(Some(number)),
            Value::NoText | Value::NoInt => Ok(None),
            Value::Text(_) | Value::Bytes(_) => Err(Error::Corrupt),
        }
    }

    /// The next cell as yes or no.
    pub fn flag(&mut self) -> Result<bool> {
        self.int().map(|number| number != 0)
    }

    /// The next cell as a moment.
    pub fn time(&mut self) -> Result<Timestamp> {
        self.int().map(Timestamp::from_micros)
    }

    /// The next cell as a moment, or none.
    pub fn time_or_none(&mut self) -> Result<Option<Timestamp>> {
        Ok(self.int_or_none()?.map(Timestamp::from_micros))
    }

    /// The next cell as bytes.
    pub fn bytes(&mut self) -> Result<Vec<u8>> {
        match self.next()? {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(Error::Corrupt),
        }
    }

    /// The next cell as something written by its text: an id, a word.
    pub fn read<T: FromStr>(&mut self) -> Result<T> {
        self.text()?.parse().map_err(|_| Error::Corrupt)
    }

    /// The same, or none.
    pub fn read_or_none<T: FromStr>(&mut self) -> Result<Option<T>> {
        self.text_or_none()?.map(|text| text.parse().map_err(|_| Error::Corrupt)).transpose()
    }

    /// The next cell as JSON of a type of ours.
    pub fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T> {
        serde_json::from_str(&self.text()?).map_err(|_| Error::Corrupt)
    }
}
