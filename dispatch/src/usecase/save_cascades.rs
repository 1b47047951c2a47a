//! The order in which a brand tries channels is set.

use super::{Ports, parse, parse_id};
use crate::cascade::{Cascade, Cascades, StandIn};
use crate::channel::{Channel, TrackingStatus};
use crate::error::{Error, Result};
use crate::id::BrandId;
use crate::tenant::{Permission, Viewer};
use std::collections::BTreeSet;

/// One row of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CascadeRow {
    /// `all`, or the news it is for; empty for the row that was left alone.
    pub of: String,
    /// Tried first.
    pub first: String,
    /// Who stands in, and the minutes the one before has: empty for nobody, and for a failure alone.
    pub then: [(String, String); 2],
    /// Told at the same time; empty for nobody.
    pub beside: String,
}

/// What the form asks.
#[derive(Debug, Clone, Default)]
pub struct SaveCascades {
    /// Of which brand.
    pub brand: String,
    /// The version that was changed.
    pub version: String,
    /// Its rows.
    pub rows: Vec<CascadeRow>,
}

/// Sets it for what is decided from now on; messages on their way keep theirs.
///
/// # Errors
/// `Denied`, `NotFound`, `Conflict`; `Invalid` on `first`, `then`, `after`, or on `of` with `twice`.
pub async fn save_cascades(ports: &Ports<'_>, viewer: &Viewer, input: &SaveCascades) -> Result<()> {
    viewer.need(Permission::Edit)?;
    let brand: BrandId = parse_id(&input.brand)?;
    let version = input.version.trim().parse().map_err(|_| Error::Conflict)?;
    let cascades = cascades(&input.rows)?;
    ports.store.set_cascades(viewer.account, brand, version, &cascades).await
}

fn cascades(rows: &[CascadeRow]) -> Result<Cascades> {
    let mut made = Cascades::default();
    for row in rows.iter().filter(|row| !row.of.trim().is_empty()) {
        let order = order(row)?;
        if row.of.trim() == "all" {
            made.all = order;
            continue;
        }
        let status: TrackingStatus = parse("of", &row.of)?;
        if made.own.insert(status, order).is_some() {
            return Err(Error::invalid("of", "twice"));
        }
    }
    // What says the same as the rest is no exception.
    made.own.retain(|_, order| *order != made.all);
    made.check()?;
    Ok(made)
}

fn order(row: &CascadeRow) -> Result<Cascade> {
    let first: Channel = parse("first", &row.first)?;
    let mut then = Vec::new();
    for (channel, minutes) in &row.then {
        if channel.trim().is_empty() {
            continue;
        }
        let channel = parse("then", channel)?;
        let after = match minutes.trim() {
            "" => None,
            minutes => Some(minutes.parse().map_err(|_| Error::invalid("after", "range"))?),
        };
        then.push(StandIn { channel, after });
    }
    let beside = match row.beside.trim() {
        "" => BTreeSet::new(),
        channel => BTreeSet::from([parse("beside", channel)?]),
    };
    Ok(Cascade { first, then, beside })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(of: &str, first: &str, then: [(&str, &str); 2], beside: &str) -> CascadeRow {
        let then = then.map(|(channel, minutes)| (channel.to_owned(), minutes.to_owned()));
        CascadeRow { of: of.into(), first: first.into(), then, beside: beside.into() }
    }

    #[test]
    fn an_exception_differs_from_the_rest() {
        let all = row("all", "whatsapp", [("sms", "30"), ("", "")], "");
        let same = row("delivered", "whatsapp", [("sms", "30"), ("", "")], "");
        let mail = row("post_purchase", "email", [("", ""), ("", "")], "sms");
        let none = row("", "whatsapp", [("whatsapp", "x"), ("", "")], "");
        let made = cascades(&[all.clone(), same, mail.clone(), none]).expect("an order");
        assert_eq!(made.own.keys().collect::<Vec<_>>(), [&TrackingStatus::PostPurchase]);
        let order = made.of(TrackingStatus::PostPurchase);
        assert_eq!((order.first, order.then.len()), (Channel::Email, 0));
        assert!(order.beside.contains(&Channel::Sms));
        let twice = cascades(&[all, mail.clone(), mail]);
        assert_eq!(twice, Err(Error::invalid("of", "twice")));
    }

    #[test]
    fn what_cannot_be_followed_is_refused_at_its_field() {
        let refused =
            |first, then, beside| cascades(&[row("all", first, then, beside)]).map(|_| ());
        let none = ("", "");
        assert_eq!(refused("fax", [none, none], ""), Err(Error::invalid("first", "unknown")));
        let same = refused("sms", [("sms", "10"), none], "");
        assert_eq!(same, Err(Error::invalid("then", "twice")));
        for minutes in ["0", "1441", "-5", "an hour"] {
            let range = refused("sms", [("email", minutes), none], "");
            assert_eq!(range, Err(Error::invalid("after", "range")), "{minutes}");
        }
    }
}
