//! Events, as the API gives them. One statement per way in, as for the log.

use super::any;
use crate::store::SqlStore;
use crate::store::dialect::Dialect;
use crate::store::row as shared;
use crate::store::sql::{Sql, statements};
use crate::store::value::args;
use dispatch::error::Result;
use dispatch::event::Event;
use dispatch::id::{AccountId, EventId};
use dispatch::view::{EventView, LogFilter, Page};

/// The filters beside the one that leads, and the page.
macro_rules! sifted {
    () => {
        "AND e.id < $2 \
        AND ($4 = '' OR e.brand_id = $4) AND ($5 = '' OR e.status = $5) AND ($6 = '' OR e.country = $6) \
        AND ($7 = '' OR e.order_number = $7) AND ($8 = '' OR e.tracking_number = $8) AND ($9 = '' OR e.delivery_id = $9) \
        AND ($10 = '' OR e.id IN (SELECT d.event_id FROM decision d WHERE d.account_id = $1 AND d.phone = $10)) \
        ORDER BY e.id DESC LIMIT $3"
    };
}

statements! {
    EVERYTHING = ["SELECT ", (event_columns), "FROM event e WHERE e.account_id = $1 ", (sifted)];
    // An order, a parcel and a person are found through the decisions, which every event has within moments and which
    // also know the person where the event left them to be remembered from the order.
    BY_ORDER = ["SELECT ", (event_columns), "FROM (SELECT DISTINCT event_id FROM decision WHERE account_id = $1 AND order_number = $7) x \
        CROSS JOIN event e WHERE e.id = x.event_id AND e.account_id = $1 ", (sifted)];
    BY_TRACKING = ["SELECT ", (event_columns), "FROM (SELECT DISTINCT event_id FROM decision WHERE account_id = $1 AND tracking_number = $8) x \
        CROSS JOIN event e WHERE e.id = x.event_id AND e.account_id = $1 ", (sifted)];
    // The account is looked at last, as for the log.
    BY_DELIVERY = ["SELECT ", (event_columns), "FROM event x CROSS JOIN event e \
        WHERE x.delivery_id = $9 AND e.id = x.id AND e.account_id = $1 ", (sifted)];
    BY_PHONE = ["SELECT ", (event_columns), "FROM (SELECT DISTINCT event_id FROM decision WHERE account_id = $1 AND phone = $10) x \
        CROSS JOIN event e WHERE e.id = x.event_id AND e.account_id = $1 ", (sifted)];
    ONE = ["SELECT ", (event_columns), "FROM event e WHERE e.account_id = $1 AND e.id = $2"];
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn read_events(
        &self,
        account: AccountId,
        filter: &LogFilter,
        before: Option<EventId>,
    ) -> Result<Page<EventView>> {
        let parameters = args![
            account,
            shared::before(before),
            filter.limit + 1,
            any(filter.brand.as_ref()),
            any(filter.status.as_ref()),
            any(filter.country.as_ref()),
            any(filter.order_number.as_ref()),
            any(filter.tracking_number.as_ref()),
            any(filter.delivery.as_ref()),
            any(filter.phone.as_ref())
        ];
        let rows = self.rows(way_in(filter), parameters).await?;
        let rows = rows
            .into_iter()
            .map(|mut row| shared::event(&mut row).map(event_view))
            .collect::<Result<_>>()?;
        Ok(shared::page(rows, filter.limit))
    }

    pub(super) async fn read_event(
        &self,
        account: AccountId,
        id: EventId,
    ) -> Result<Option<EventView>> {
        let row = self.row(&ONE, args![account, id]).await?;
        row.map(|mut row| shared::event(&mut row).map(event_view)).transpose()
    }
}

/// The statement whose index finds the fewest rows.
const fn way_in(filter: &LogFilter) -> &'static Sql {
    match filter {
        LogFilter { delivery: Some(_), .. } => &BY_DELIVERY,
        LogFilter { tracking_number: Some(_), .. } => &BY_TRACKING,
        LogFilter { order_number: Some(_), .. } => &BY_ORDER,
        LogFilter { phone: Some(_), .. } => &BY_PHONE,
        _ => &EVERYTHING,
    }
}

/// An event without what only the pipeline needs.
pub(super) fn event_view(event: Event) -> EventView {
    EventView {
        id: event.id,
        brand: event.brand,
        delivery: event.delivery,
        status: event.status,
        direction: event.direction,
        test: event.test,
        occurred_at: event.occurred_at,
        received_at: event.received_at,
        facts: event.facts,
    }
}
