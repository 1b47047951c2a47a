//! Sendcloud's status list as data. No official list of numbers is published: the word wins over the
//! number wherever both are given.

use dispatch::event::{Direction, EventStatus};
use std::collections::HashMap;
use std::sync::LazyLock;

use EventStatus::{
    Cancelled, Delayed, Delivered, Exception, FailedAttempt, InTransit, OutForDelivery,
    ReadyForPickup, ReadyToShip, ReturnDroppedOff, ReturnLabelCreated, ReturnReceived, Shipped,
    Unknown,
};

/// One status: its names and what it means on either way. No meaning: nothing a customer could care
/// about.
#[derive(Debug)]
pub(super) struct Meaning {
    id: u32,
    message: &'static str,
    /// Sendcloud's stable name.
    pub(super) code: &'static str,
    outbound: Option<EventStatus>,
    returning: Option<EventStatus>,
}

impl Meaning {
    pub(super) const fn on(&self, direction: Direction) -> Option<EventStatus> {
        match direction {
            Direction::Outbound => self.outbound,
            Direction::Return => self.returning,
        }
    }
}

const fn row(
    id: u32,
    message: &'static str,
    code: &'static str,
    outbound: Option<EventStatus>,
    returning: Option<EventStatus>,
) -> Meaning {
    Meaning { id, message, code, outbound, returning }
}

/// An id no status has.
const NONE: u32 = u32::MAX;

#[rustfmt::skip]
const TABLE: &[Meaning] = &[
    row(999, "no label", "NO_LABEL", None, None),
    row(1000, "ready to send", "READY_TO_SEND", Some(ReadyToShip), Some(ReturnLabelCreated)),
    row(1001, "being announced", "ANNOUNCING", None, None),
    row(1, "announced", "ANNOUNCED", Some(ReadyToShip), Some(ReturnLabelCreated)),
    row(13, "announced: not collected", "ANNOUNCED_UNCOLLECTED", Some(ReadyToShip), Some(ReturnLabelCreated)),
    // The merchant has to look at these two; the customer hears nothing of them.
    row(1002, "announcement failed", "ANNOUNCEMENT_FAILED", Some(Exception), Some(Exception)),
    row(15, "error collecting", "COLLECT_ERROR", Some(Exception), Some(Exception)),
    row(22, "shipment picked up by driver", "PICKED_UP_BY_DRIVER", Some(Shipped), Some(ReturnDroppedOff)),
    row(3, "en route to sorting center", "TO_SORTING", Some(InTransit), Some(ReturnDroppedOff)),
    row(62990, "at sorting centre", "AT_SORTING_CENTRE", Some(InTransit), Some(ReturnDroppedOff)),
    row(7, "being sorted", "SORTING", Some(InTransit), Some(ReturnDroppedOff)),
    row(5, "sorted", "SORTED", Some(InTransit), Some(ReturnDroppedOff)),
    row(6, "not sorted", "UNSORTED", Some(InTransit), Some(ReturnDroppedOff)),
    row(NONE, "not sorted", "UNSORTED2", Some(InTransit), Some(ReturnDroppedOff)),
    row(62989, "at customs", "AT_CUSTOMS", Some(InTransit), Some(ReturnDroppedOff)),
    row(91, "parcel en route", "SHIPMENT_ON_ROUTE", Some(InTransit), Some(ReturnDroppedOff)),
    row(92, "driver en route", "DRIVER_ON_ROUTE", Some(OutForDelivery), Some(ReturnDroppedOff)),
    row(4, "delivery delayed", "DELAYED", Some(Delayed), None),
    // A later date would be a delay, but no payload carries the date.
    row(62994, "delivery date changed", "DELIVERY_DATE_CHANGED", None, None),
    row(62995, "delivery address changed", "DELIVERY_ADDRESS_CHANGED", None, None),
    row(62993, "delivery method changed", "DELIVERY_METHOD_CHANGED", None, None),
    row(12, "awaiting customer pickup", "AWAITING_CUSTOMER_PICKUP", Some(ReadyForPickup), None),
    row(93, "shipment collected by customer", "COLLECTED_BY_CUSTOMER", Some(Delivered), Some(ReturnReceived)),
    row(11, "delivered", "DELIVERED", Some(Delivered), Some(ReturnReceived)),
    row(NONE, "delivery forced", "DELIVERY_FORCED", Some(Delivered), Some(ReturnReceived)),
    row(8, "delivery attempt failed", "DELIVERY_FAILED", Some(FailedAttempt), None),
    row(80, "unable to deliver", "UNDELIVERABLE", Some(Exception), Some(Exception)),
    row(62991, "refused by recipient", "REFUSED_BY_RECIPIENT", Some(Exception), Some(Exception)),
    row(62992, "returned to sender", "RETURNED_TO_SENDER", Some(Exception), Some(Exception)),
    row(62997, "address invalid", "ADDRESS_INVALID", Some(Exception), Some(Exception)),
    row(62996, "exception", "EXCEPTION", Some(Exception), Some(Exception)),
    row(1999, "cancellation requested", "CANCELLING", None, None),
    row(2001, "submitting cancellation request", "CANCELLING_UPSTREAM", None, None),
    row(1998, "cancelled upstream", "CANCELLED_UPSTREAM", Some(Cancelled), Some(Cancelled)),
    row(2000, "cancelled", "CANCELLED", Some(Cancelled), Some(Cancelled)),
    row(94, "parcel cancellation failed.", "CANCELLATION_FAILED", None, None),
    row(1337, "unknown status - check carrier track & trace page for more insights", "UNKNOWN", Some(Unknown), Some(Unknown)),
];

struct Index {
    by_code: HashMap<String, &'static Meaning>,
    by_message: HashMap<&'static str, &'static Meaning>,
    by_id: HashMap<u32, &'static Meaning>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index =
        Index { by_code: HashMap::new(), by_message: HashMap::new(), by_id: HashMap::new() };
    for meaning in TABLE {
        index.by_code.insert(meaning.code.to_owned(), meaning);
        index.by_message.entry(meaning.message).or_insert(meaning);
        if meaning.id != NONE {
            index.by_id.insert(meaning.id, meaning);
        }
    }
    index
});

/// The meaning of a status: by its code, else its message, else its number. None when nobody has told
/// us any of them.
pub(super) fn resolve(
    code: Option<&str>,
    message: Option<&str>,
    id: Option<&str>,
) -> Option<&'static Meaning> {
    // The returns API writes the same codes as slugs: `ready-to-send`.
    let by_code = code.and_then(|c| INDEX.by_code.get(&c.to_uppercase().replace('-', "_")));
    by_code
        .or_else(|| INDEX.by_message.get(message?.trim().to_lowercase().as_str()))
        .or_else(|| INDEX.by_id.get(&id?.trim().parse().ok()?))
        .copied()
}

/// What a phase of an event subscription means with its exception. The outer none: an unknown phase;
/// the inner: nothing a customer could care about.
#[expect(clippy::option_option, reason = "the two absences are different answers")]
pub(super) fn of_phase(
    phase: &str,
    exception: Option<&str>,
    direction: Direction,
) -> Option<Option<EventStatus>> {
    let (outbound, returning) = match phase {
        "ready_to_send" | "announced" | "labelled" => (Some(ReadyToShip), Some(ReturnLabelCreated)),
        "accepted" | "dropped" => (Some(Shipped), Some(ReturnDroppedOff)),
        "sorted" | "in_transit" | "customs" => (Some(InTransit), Some(ReturnDroppedOff)),
        "in_delivery" => (Some(OutForDelivery), None),
        "attempted" => (Some(FailedAttempt), None),
        "pup" => (Some(ReadyForPickup), None),
        "delivered" | "delivery_forced" => (Some(Delivered), Some(ReturnReceived)),
        "cancelled" => (Some(Cancelled), Some(Cancelled)),
        "none" | "no_label" | "announcing" | "unknown" => (None, None),
        _ => return None,
    };
    let by_phase = if direction == Direction::Return { returning } else { outbound };
    if by_phase.is_some_and(EventStatus::is_final) {
        return Some(by_phase);
    }
    Some(match exception {
        Some("delivery_delay" | "handover_delay" | "sorting_delay" | "delay_unknown") => {
            // The customer waits for a parcel, not for their own return.
            (direction == Direction::Outbound).then_some(Delayed)
        }
        Some(
            "address_error" | "refused" | "customer_rejected" | "returned_sender" | "damaged"
            | "missing" | "hold" | "customs_issue" | "pup_expiration" | "dropoff_expiration"
            | "off_radar" | "non_conformity" | "claim" | "claimable",
        ) => Some(Exception),
        _ => by_phase,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbound(
        code: Option<&str>,
        message: Option<&str>,
        id: Option<&str>,
    ) -> Option<EventStatus> {
        resolve(code, message, id).and_then(|m| m.on(Direction::Outbound))
    }

    #[test]
    fn the_code_wins_over_the_message_and_the_message_over_the_number() {
        assert_eq!(outbound(Some("DELIVERED"), Some("Ready to send"), Some("3")), Some(Delivered));
        assert_eq!(
            outbound(Some("brand-new"), Some(" READY TO SEND "), Some("3")),
            Some(ReadyToShip)
        );
        assert_eq!(outbound(None, Some("Something else"), Some("3")), Some(InTransit));
        assert_eq!(outbound(Some("driver-on-route"), None, None), Some(OutForDelivery));
        assert!(resolve(Some("x"), Some("y"), Some("424242")).is_none());
        assert!(resolve(None, None, Some("-1")).is_none());
    }

    #[test]
    fn no_id_or_code_is_written_twice() {
        assert_eq!(INDEX.by_code.len(), TABLE.len());
        assert_eq!(INDEX.by_id.len(), TABLE.iter().filter(|m| m.id != NONE).count());
    }

    #[test]
    fn a_return_is_never_told_as_an_outbound_parcel() {
        for meaning in TABLE {
            let told = meaning.on(Direction::Return);
            assert!(
                matches!(
                    told,
                    None | Some(
                        ReturnLabelCreated
                            | ReturnDroppedOff
                            | ReturnReceived
                            | Exception
                            | Cancelled
                            | Unknown
                    )
                ),
                "{}: {told:?}",
                meaning.code
            );
        }
    }

    #[test]
    fn an_exception_overrides_a_phase_unless_it_is_final() {
        let told = |phase, exception| of_phase(phase, exception, Direction::Outbound).flatten();
        assert_eq!(told("in_delivery", Some("none")), Some(OutForDelivery));
        assert_eq!(told("in_delivery", Some("delivery_delay")), Some(Delayed));
        assert_eq!(told("in_transit", Some("damaged")), Some(Exception));
        assert_eq!(told("delivered", Some("damaged")), Some(Delivered));
        assert_eq!(told("in_transit", Some("relabelled")), Some(InTransit));
        assert_eq!(told("announcing", None), None);
        assert_eq!(of_phase("teleported", None, Direction::Outbound), None);
        assert_eq!(of_phase("in_delivery", None, Direction::Return), Some(None),);
    }
}
