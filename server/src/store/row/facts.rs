//! The columns that keep the person and the parcel of an event, and whom an order belongs to.

use dispatch::country::Country;
use dispatch::error::{Error, Result};
use dispatch::event::Facts;
use dispatch::language::Language;
use dispatch::port::Contact;
use serde::{Deserialize, Serialize};

/// The person and parcel as the `facts` columns keep them: short, absent facts left out.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(in crate::store) struct FactsColumn {
    #[serde(skip_serializing_if = "Option::is_none")]
    order_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parcel_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<Country>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_raw: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_point_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_point_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_slot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    driver_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pickup_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pickup_location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof_url: Option<String>,
}

impl From<FactsColumn> for Facts {
    fn from(column: FactsColumn) -> Self {
        Self {
            order_number: column.order_number,
            tracking_number: column.tracking_number,
            parcel_id: column.parcel_id,
            carrier: column.carrier,
            country: column.country,
            phone_raw: column.phone_raw.or_else(|| column.phone.clone()),
            phone: column.phone,
            email: column.email,
            locale: column.locale,
            name: column.name,
            tracking_url: column.tracking_url,
            service_point_id: column.service_point_id,
            service_point_name: column.service_point_name,
            brand_id: column.brand_id,
            items: column.items,
            expected_date: column.expected_date,
            delivery_slot: column.delivery_slot,
            delay_reason: column.delay_reason,
            driver_phone: column.driver_phone,
            pickup_until: column.pickup_until,
            pickup_location: column.pickup_location,
            proof_url: column.proof_url,
        }
    }
}

/// The column for the facts of an event.
pub(in crate::store) fn facts_json(facts: &Facts) -> Result<String> {
    let facts = facts.clone();
    serde_json::to_string(&FactsColumn {
        order_number: facts.order_number,
        tracking_number: facts.tracking_number,
        parcel_id: facts.parcel_id,
        carrier: facts.carrier,
        country: facts.country,
        phone_raw: unlike(facts.phone_raw, facts.phone.as_ref()),
        phone: facts.phone,
        email: facts.email,
        locale: facts.locale,
        name: facts.name,
        tracking_url: facts.tracking_url,
        service_point_id: facts.service_point_id,
        service_point_name: facts.service_point_name,
        brand_id: facts.brand_id,
        items: facts.items,
        expected_date: facts.expected_date,
        delivery_slot: facts.delivery_slot,
        delay_reason: facts.delay_reason,
        driver_phone: facts.driver_phone,
        pickup_until: facts.pickup_until,
        pickup_location: facts.pickup_location,
        proof_url: facts.proof_url,
    })
    .map_err(|_| Error::Corrupt)
}

/// What later news may lack, as the `contact` column keeps it under each of a parcel's names: a list, because the words for
/// seven places would take more room than what they name. Order, country, phone, as typed, e-mail, language, name.
type ContactColumn = (
    Option<String>,
    Option<Country>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<Language>,
    Option<String>,
);

/// The column for a contact: of the facts, what later events may lack.
pub(in crate::store) fn contact_json(facts: &Facts) -> Result<String> {
    let Contact { name, phone, phone_raw, email, country, locale, order_number } =
        Contact::of(facts);
    let phone_raw = unlike(phone_raw, phone.as_ref());
    let column: ContactColumn = (order_number, country, phone, phone_raw, email, locale, name);
    serde_json::to_string(&column).map_err(|_| Error::Corrupt)
}

/// The facts a column holds.
pub(in crate::store) fn facts(column: &str) -> Result<Facts> {
    serde_json::from_str::<FactsColumn>(column).map(Facts::from).map_err(|_| Error::Corrupt)
}

/// A remembered contact.
pub(in crate::store) fn contact(column: &str) -> Result<Contact> {
    let (order_number, country, phone, phone_raw, email, locale, name): ContactColumn =
        serde_json::from_str(column).map_err(|_| Error::Corrupt)?;
    let phone_raw = phone_raw.or_else(|| phone.clone());
    Ok(Contact { name, phone, phone_raw, email, country, locale, order_number })
}

/// What was typed, where it is not the number itself: many shops send it as it is dialled, and it would stand there twice.
fn unlike(typed: Option<String>, phone: Option<&String>) -> Option<String> {
    typed.filter(|typed| Some(typed) != phone)
}
