//! The catalogue of tags: what a template can show, where the value comes from, and for which news a source
//! can provide it.

use crate::channel::{StatusGroup, TrackingStatus};
use crate::words::words;

words! {
    /// A value a template can show.
    Tag {
        /// The recipient's first name.
        FirstName = "first_name",
        /// The recipient's whole name.
        Name = "name",
        /// The shop's order number.
        OrderNumber = "order_number",
        /// What was ordered, in a few words.
        Items = "items",
        /// The brand's name.
        CompanyName = "companyname",
        /// The number customers may write to.
        WhatsappNumber = "whatsappnumber",
        /// Where the person chooses what they hear, or ends it; no sign-in.
        PreferencesUrl = "preferences_url",
        /// The carrier's name.
        Carrier = "carrier",
        /// The news in a word or two, in the template's language.
        Status = "status",
        /// The carrier's number.
        TrackingNumber = "tracking_number",
        /// Public tracking page.
        TrackingUrl = "tracking_url",
        /// The day the parcel is expected.
        ExpectedDate = "expected_date",
        /// Between which hours it is expected.
        DeliverySlot = "delivery_slot",
        /// Why it is late.
        DelayReason = "delay_reason",
        /// The number of the driver on the last mile.
        DriverPhone = "driver_phone",
        /// Name of the pickup point.
        PickupPoint = "pickup_point",
        /// The last day it waits there.
        PickupUntil = "pickup_until",
        /// Where the pickup point is: only for the head of a message.
        PickupLocation = "pickup_location",
        /// A picture that proves the delivery: only for the head of a message.
        ProofUrl = "proof_url",
    }
}

words! {
    /// What kind of value a tag has.
    TagKind {
        /// Words.
        Text = "text",
        /// A day.
        Date = "date",
        /// An address on the web.
        Url = "url",
        /// A telephone number.
        Phone = "phone",
        /// A picture's address.
        Image = "image",
        /// Latitude and longitude.
        Location = "location",
    }
}

words! {
    /// Whom a tag speaks about: the headings of the picker.
    TagGroup {
        /// The person.
        Recipient = "recipient",
        /// The order.
        Order = "order",
        /// The shop.
        Brand = "brand",
        /// The parcel.
        Parcel = "parcel",
        /// The place where it waits.
        Pickup = "pickup",
    }
}

words! {
    /// How sure it is that a status brings a tag's value.
    Provided {
        /// With every parcel.
        Always = "always",
        /// When the source tells it.
        Sometimes = "sometimes",
        /// Never with this news.
        Never = "never",
    }
}

impl Tag {
    /// Under which heading the picker shows it.
    #[must_use]
    pub const fn group(self) -> TagGroup {
        match self {
            Self::FirstName | Self::Name => TagGroup::Recipient,
            Self::OrderNumber | Self::Items => TagGroup::Order,
            Self::CompanyName | Self::WhatsappNumber | Self::PreferencesUrl => TagGroup::Brand,
            Self::PickupPoint | Self::PickupUntil | Self::PickupLocation => TagGroup::Pickup,
            Self::Carrier
            | Self::Status
            | Self::TrackingNumber
            | Self::TrackingUrl
            | Self::ExpectedDate
            | Self::DeliverySlot
            | Self::DelayReason
            | Self::DriverPhone
            | Self::ProofUrl => TagGroup::Parcel,
        }
    }

    /// What kind of value it has.
    #[must_use]
    pub const fn kind(self) -> TagKind {
        match self {
            Self::PreferencesUrl | Self::TrackingUrl => TagKind::Url,
            Self::WhatsappNumber | Self::DriverPhone => TagKind::Phone,
            Self::ExpectedDate | Self::PickupUntil => TagKind::Date,
            Self::PickupLocation => TagKind::Location,
            Self::ProofUrl => TagKind::Image,
            _ => TagKind::Text,
        }
    }

    /// Whether it can stand between words; pictures and places only stand above them.
    #[must_use]
    pub const fn is_text(self) -> bool {
        !matches!(self.kind(), TagKind::Image | TagKind::Location)
    }

    /// What a reviewer of the provider and a preview see in its place.
    #[must_use]
    pub const fn sample(self) -> &'static str {
        match self {
            Self::FirstName => "Camille",
            Self::Name => "Camille Durand",
            Self::OrderNumber => "F-2026-1247",
            Self::Items => "2 linen shirts",
            Self::CompanyName => "Maison Lune",
            Self::WhatsappNumber => "+33 1 39 00 00 00",
            Self::PreferencesUrl => "https://track.example.com/u/sample",
            Self::Carrier => "PostNL",
            Self::Status => "Out for delivery",
            Self::TrackingNumber => "3SYZXG132912330",
            Self::TrackingUrl => "https://track.example.com/3SYZXG132912330",
            Self::ExpectedDate => "2026-11-27",
            Self::DeliverySlot => "14:00–16:00",
            Self::DelayReason => "bad weather",
            Self::DriverPhone => "+33 6 39 98 00 12",
            Self::PickupPoint => "Le Fournil de Camille",
            Self::PickupUntil => "2026-12-04",
            Self::PickupLocation => "48.8566,2.3522",
            Self::ProofUrl => "https://track.example.com/proof/3SYZXG132912330.jpg",
        }
    }

    /// Whether a status can bring it. Names and order numbers are absent now and then in every source
    /// (contract of the sources, §2.2).
    #[must_use]
    pub const fn provided(self, status: TrackingStatus) -> Provided {
        let shipping = matches!(status.group(), StatusGroup::Shipping);
        let order = matches!(status, TrackingStatus::PostPurchase);
        match self {
            Self::CompanyName | Self::Status | Self::PreferencesUrl => Provided::Always,
            Self::FirstName
            | Self::Name
            | Self::OrderNumber
            | Self::Items
            | Self::WhatsappNumber => Provided::Sometimes,
            Self::Carrier | Self::TrackingNumber | Self::TrackingUrl if !order => {
                Provided::Sometimes
            }
            Self::ExpectedDate | Self::DeliverySlot
                if (shipping && !status.is_final()) || order =>
            {
                Provided::Sometimes
            }
            Self::DelayReason
                if matches!(status, TrackingStatus::Delayed | TrackingStatus::FailedAttempt) =>
            {
                Provided::Sometimes
            }
            Self::DriverPhone if matches!(status, TrackingStatus::OutForDelivery) => {
                Provided::Sometimes
            }
            Self::PickupPoint | Self::PickupUntil | Self::PickupLocation
                if matches!(
                    status,
                    TrackingStatus::ReadyForPickup | TrackingStatus::FailedAttempt
                ) =>
            {
                Provided::Sometimes
            }
            Self::ProofUrl if matches!(status, TrackingStatus::Delivered) => Provided::Sometimes,
            _ => Provided::Never,
        }
    }
}

/// Names other systems and people give our tags: compared in lower case, letters and digits only.
const ALIASES: &[(&str, Tag)] = &[
    ("firstname", Tag::FirstName),
    ("prenom", Tag::FirstName),
    ("customerfirstname", Tag::FirstName),
    ("vorname", Tag::FirstName),
    ("nombre", Tag::FirstName),
    ("name", Tag::Name),
    ("customername", Tag::Name),
    ("fullname", Tag::Name),
    ("recipient", Tag::Name),
    ("nom", Tag::Name),
    ("order", Tag::OrderNumber),
    ("orderid", Tag::OrderNumber),
    ("ordernumber", Tag::OrderNumber),
    ("orderno", Tag::OrderNumber),
    ("commande", Tag::OrderNumber),
    ("numerocommande", Tag::OrderNumber),
    ("items", Tag::Items),
    ("products", Tag::Items),
    ("companyname", Tag::CompanyName),
    ("company", Tag::CompanyName),
    ("brand", Tag::CompanyName),
    ("brandname", Tag::CompanyName),
    ("shop", Tag::CompanyName),
    ("shopname", Tag::CompanyName),
    ("store", Tag::CompanyName),
    ("storename", Tag::CompanyName),
    ("whatsappnumber", Tag::WhatsappNumber),
    ("supportnumber", Tag::WhatsappNumber),
    ("preferencesurl", Tag::PreferencesUrl),
    ("unsubscribe", Tag::PreferencesUrl),
    ("unsubscribeurl", Tag::PreferencesUrl),
    ("optout", Tag::PreferencesUrl),
    ("carrier", Tag::Carrier),
    ("carriername", Tag::Carrier),
    ("courier", Tag::Carrier),
    ("transporteur", Tag::Carrier),
    ("status", Tag::Status),
    ("statut", Tag::Status),
    ("trackingnumber", Tag::TrackingNumber),
    ("trackingid", Tag::TrackingNumber),
    ("trackingcode", Tag::TrackingNumber),
    ("awb", Tag::TrackingNumber),
    ("link", Tag::TrackingUrl),
    ("trackinglink", Tag::TrackingUrl),
    ("trackingurl", Tag::TrackingUrl),
    ("url", Tag::TrackingUrl),
    ("date", Tag::ExpectedDate),
    ("eta", Tag::ExpectedDate),
    ("expecteddate", Tag::ExpectedDate),
    ("deliverydate", Tag::ExpectedDate),
    ("slot", Tag::DeliverySlot),
    ("deliveryslot", Tag::DeliverySlot),
    ("delayreason", Tag::DelayReason),
    ("reason", Tag::DelayReason),
    ("driverphone", Tag::DriverPhone),
    ("pickuppoint", Tag::PickupPoint),
    ("servicepoint", Tag::PickupPoint),
    ("pickupuntil", Tag::PickupUntil),
];

/// The tag somebody means by a name of another system.
#[must_use]
pub fn meant_by(name: &str) -> Option<Tag> {
    if let Ok(tag) = name.trim().parse() {
        return Some(tag);
    }
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    ALIASES.iter().find(|(alias, _)| *alias == plain).map(|(_, tag)| *tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_is_provided_by_some_status() {
        for tag in Tag::ALL {
            let somewhere = TrackingStatus::ALL.iter().any(|s| tag.provided(*s) != Provided::Never);
            assert!(somewhere, "{tag}");
        }
    }

    #[test]
    fn names_of_other_systems_are_understood() {
        assert_eq!(meant_by("ORDER_ID"), Some(Tag::OrderNumber));
        assert_eq!(meant_by("Name"), Some(Tag::Name));
        assert_eq!(meant_by("carrier"), Some(Tag::Carrier));
        assert_eq!(meant_by("mystery"), None);
    }
}
