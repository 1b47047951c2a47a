//! Channels and tracking statuses: the two axes a merchant switches.

use crate::words::words;

words! {
    /// The way a message takes.
    Channel {
        /// WhatsApp, through the Cloud API.
        Whatsapp = "whatsapp",
        /// Text messages.
        Sms = "sms",
        /// Electronic mail.
        Email = "email",
    }
}

words! {
    /// News a merchant can switch on: the eleven columns of the matrix.
    TrackingStatus {
        /// Label exists, carrier informed, parcel not yet in carrier hands.
        ReadyToShip = "ready_to_ship",
        /// First possession by the carrier.
        Shipped = "shipped",
        /// On the vehicle of the last mile.
        OutForDelivery = "out_for_delivery",
        /// The carrier announces a later date, or an expected date passed.
        Delayed = "delayed",
        /// The carrier tried to hand it over and could not.
        FailedAttempt = "failed_attempt",
        /// Waiting at a pickup point, locker or counter.
        ReadyForPickup = "ready_for_pickup",
        /// Handed over, or collected at the pickup point.
        Delivered = "delivered",
        /// A return label or code exists.
        ReturnLabelCreated = "return_label_created",
        /// First possession of the return parcel by the carrier.
        ReturnDroppedOff = "return_dropped_off",
        /// Return parcel delivered to the merchant.
        ReturnReceived = "return_received",
        /// Order confirmed.
        PostPurchase = "post_purchase",
    }
}

words! {
    /// The three headings over the status columns.
    StatusGroup {
        /// On the way to the customer.
        Shipping = "shipping",
        /// On the way back.
        Returns = "returns",
        /// About the order, not a parcel.
        PostPurchase = "post_purchase",
    }
}

impl TrackingStatus {
    /// Under which heading the status stands.
    #[must_use]
    pub const fn group(self) -> StatusGroup {
        match self {
            Self::ReturnLabelCreated | Self::ReturnDroppedOff | Self::ReturnReceived => {
                StatusGroup::Returns
            }
            Self::PostPurchase => StatusGroup::PostPurchase,
            _ => StatusGroup::Shipping,
        }
    }

    /// Whether nothing is to come after it on that way.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::ReturnReceived)
    }
}
