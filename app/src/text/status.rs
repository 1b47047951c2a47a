//! The eleven tracking statuses by their words, as design and API write them.

use super::Text;

/// How the matrix and the templates group statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// On its way to the customer.
    Shipping,
    /// On its way back.
    Returns,
    /// Around the purchase itself.
    PostPurchase,
}

/// The groups with their statuses, in the order in which every screen shows them.
pub const GROUPS: [(Group, &[&str]); 3] = [
    (
        Group::Shipping,
        &[
            "ready_to_ship",
            "shipped",
            "out_for_delivery",
            "delayed",
            "failed_attempt",
            "ready_for_pickup",
            "delivered",
        ],
    ),
    (Group::Returns, &["return_label_created", "return_dropped_off", "return_received"]),
    (Group::PostPurchase, &["post_purchase"]),
];

impl Group {
    /// Its heading.
    #[must_use]
    pub fn name(self, t: Text) -> &'static str {
        match self {
            Self::Shipping => t.status_group_shipping(),
            Self::Returns => t.status_group_returns(),
            Self::PostPurchase => t.status_group_post_purchase(),
        }
    }
}

/// A status in words. A word we do not know is shown as it came.
#[must_use]
pub fn name(t: Text, status: &str) -> String {
    match status {
        "ready_to_ship" => t.status_ready_to_ship(),
        "shipped" => t.status_shipped(),
        "out_for_delivery" => t.status_out_for_delivery(),
        "delayed" => t.status_delayed(),
        "failed_attempt" => t.status_failed_attempt(),
        "ready_for_pickup" => t.status_ready_for_pickup(),
        "delivered" => t.status_delivered(),
        "return_label_created" => t.status_return_label_created(),
        "return_dropped_off" => t.status_return_dropped_off(),
        "return_received" => t.status_return_received(),
        "post_purchase" => t.status_post_purchase(),
        "in_transit" => t.status_in_transit(),
        "exception" => t.status_exception(),
        "cancelled" => t.status_cancelled(),
        "unknown" => t.status_unknown(),
        other => return other.replace('_', " "),
    }
    .to_owned()
}
