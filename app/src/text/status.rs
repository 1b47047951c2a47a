//! Tracking statuses and their groups by their words.

use super::Text;
use dispatch::channel::{Channel, StatusGroup, TrackingStatus};
use dispatch::event::EventStatus;

/// A group's heading.
#[must_use]
pub fn group(t: Text, group: StatusGroup) -> &'static str {
    match group {
        StatusGroup::Shipping => t.status_group_shipping(),
        StatusGroup::Returns => t.status_group_returns(),
        StatusGroup::PostPurchase => t.status_group_post_purchase(),
    }
}

/// A status one can switch on.
#[must_use]
pub fn name(t: Text, status: TrackingStatus) -> &'static str {
    match status {
        TrackingStatus::ReadyToShip => t.status_ready_to_ship(),
        TrackingStatus::Shipped => t.status_shipped(),
        TrackingStatus::OutForDelivery => t.status_out_for_delivery(),
        TrackingStatus::Delayed => t.status_delayed(),
        TrackingStatus::FailedAttempt => t.status_failed_attempt(),
        TrackingStatus::ReadyForPickup => t.status_ready_for_pickup(),
        TrackingStatus::Delivered => t.status_delivered(),
        TrackingStatus::ReturnLabelCreated => t.status_return_label_created(),
        TrackingStatus::ReturnDroppedOff => t.status_return_dropped_off(),
        TrackingStatus::ReturnReceived => t.status_return_received(),
        TrackingStatus::PostPurchase => t.status_post_purchase(),
    }
}

/// Any status a source reports, those that notify nobody included.
#[must_use]
pub fn event(t: Text, status: EventStatus) -> &'static str {
    match (status.tracking(), status) {
        (Some(status), _) => name(t, status),
        (None, EventStatus::InTransit) => t.status_in_transit(),
        (None, EventStatus::Exception) => t.status_exception(),
        (None, EventStatus::Cancelled) => t.status_cancelled(),
        (None, _) => t.status_unknown(),
    }
}

/// A channel's name.
#[must_use]
pub fn channel(t: Text, channel: Channel) -> &'static str {
    match channel {
        Channel::Whatsapp => t.channel_whatsapp(),
        Channel::Sms => t.channel_sms(),
        Channel::Email => t.channel_email(),
    }
}
