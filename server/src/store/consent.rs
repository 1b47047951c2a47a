//! Consent: the ledger read back, where a person stands, what they received.

use super::SqlStore;
use super::dialect::Dialect;
use super::row as shared;
use super::sql::statements;
use super::value::{Row, Set, args};
use async_trait::async_trait;
use dispatch::channel::Channel;
use dispatch::consent::{ConsentRecord, Position, Purpose, Standpoint};
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId, ConsentId, DecisionId, JoinId, MessageId};
use dispatch::join::JoinRequest;
use dispatch::port::Consents;
use dispatch::time::Timestamp;
use dispatch::view::{
    ConsentFigures, ConsentFilter, ConsentView, Coverage, FaceSender, FaceView, Page, ReceivedView,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A record with the name of the member who wrote it.
macro_rules! consent_columns {
    () => {
        "SELECT c.id, c.brand_id, c.channel, c.address, c.purpose, c.kind, c.source, c.origin, c.text, c.text_version, \
            c.proof, c.user_id, c.statuses, c.at, c.recorded_at, u.name FROM consent c LEFT JOIN person u ON u.id = c.user_id "
    };
}

/// Who a decision is about: a phone number; where a source told none, the order.
macro_rules! person {
    () => {
        "coalesce(phone, order_number, tracking_number, event_id)"
    };
}

/// News that notifies nobody and test buttons are about nobody.
macro_rules! about_somebody {
    () => {
        "(reason IS NULL OR reason NOT IN ('notifies', 'not_test'))"
    };
}

/// The filters beside the one that leads, and the page.
macro_rules! consent_sifted {
    () => {
        "AND c.id < $2 AND ($4 = '' OR c.brand_id = $4) AND ($5 = '' OR c.purpose = $5) AND ($6 = '' OR c.address = $6) \
        ORDER BY c.id DESC LIMIT $3"
    };
}

statements! {
    FIND_FACE = ["SELECT b.account_id, b.id, b.name, b.state, b.language, b.whatsapp_number, b.color, l.name, \
            b.support_email, b.support_url, b.privacy_url, a.company_country, \
            s.display_number, s.state, CASE WHEN s.callback_url IS NULL THEN 0 ELSE 1 END, s.phone_number_id, s.sandbox \
        FROM brand b JOIN account a ON a.id = b.account_id LEFT JOIN brand_logo l ON l.brand_id = b.id \
            LEFT JOIN sender s ON s.brand_id = b.id AND s.channel = 'whatsapp' AND s.replaced_at IS NULL WHERE b.id = $1"];
    CHANNELS_ON = ["SELECT channel FROM channel_setting WHERE brand_id = $1 AND state = 'on'"];
    BRANDS = ["SELECT count(*) FROM brand WHERE account_id = $2 AND id IN (SELECT id FROM ", {id: text}, " s)"];
    SAID = ["SELECT channel, purpose, kind, own, since FROM standing WHERE account_id = $1 AND brand_id = $2 AND address = $3"];
    CHOSEN = ["SELECT channel, statuses, since FROM choice WHERE account_id = $1 AND brand_id = $2 AND address = $3"];
    OWN_OPT_OUTS = ["SELECT t.address, t.channel, t.purpose FROM ", {address: text},
        " s JOIN standing t ON t.address = s.address WHERE t.account_id = $2 AND t.brand_id = $3 AND t.kind = 'opt_out' AND t.own = 1"];
    RECEIVED = ["SELECT m.id, m.created_at, m.channel, m.tracking_status, d.order_number, m.country, m.language, m.rendered \
        FROM decision d JOIN message m ON m.id = d.message_id \
        WHERE d.account_id = $1 AND d.phone = $2 AND d.brand_id = $3 AND m.state IN ('accepted', 'sent', 'delivered', 'read') \
        ORDER BY d.id DESC LIMIT $4"];
    EVERYTHING = [(consent_columns), "WHERE c.account_id = $1 ", (consent_sifted)];
    // An account's index is in the order asked for and so would tempt away from the few rows that are meant.
    BY_ADDRESS = [(consent_columns), "WHERE c.account_id = $1 AND c.address = $6 ", (consent_sifted)];
    ONE = [(consent_columns), "WHERE c.account_id = $1 AND c.id = $2"];
    ADDRESSES = ["SELECT DISTINCT phone FROM decision WHERE account_id = $1 AND order_number = $2 AND phone IS NOT NULL LIMIT 20"];
    PEOPLE = ["SELECT d.brand_id, count(*), count(CASE WHEN t.kind = 'opt_in' THEN 1 END), count(CASE WHEN t.kind = 'opt_out' THEN 1 END) \
        FROM (SELECT DISTINCT brand_id, ", (person), " AS person FROM decision \
            WHERE account_id = $1 AND id >= $2 AND ", (about_somebody), ") d \
        LEFT JOIN standing t ON t.brand_id = d.brand_id AND t.address = d.person AND t.channel = 'whatsapp' AND t.purpose = 'tracking' \
        GROUP BY d.brand_id"];
    // Whoever got anything was told. Of the others the newest message is looked at, or else the newest decision.
    COVERAGE = ["SELECT p.brand_id, p.channel, \
            CASE WHEN p.told = 1 THEN 'told' WHEN n.verdict = 'skip' THEN 'stopped' \
                WHEN w.state IN ('failed', 'cancelled') THEN 'failed' ELSE 'under_way' END, \
            CASE WHEN n.verdict = 'skip' THEN n.reason END, count(*) \
        FROM (SELECT d.brand_id, d.channel, d.person, max(CASE WHEN m.state IN ('delivered', 'read') THEN 1 ELSE 0 END) AS told, \
                coalesce(max(CASE WHEN d.verdict <> 'skip' THEN d.id END), max(d.id)) AS newest \
            FROM (SELECT id, brand_id, channel, verdict, message_id, ", (person), " AS person FROM decision \
                WHERE account_id = $1 AND id >= $2 AND ", (about_somebody), ") d \
                LEFT JOIN message m ON m.id = d.message_id AND m.account_id = $1 AND m.id >= $3 AND d.verdict <> 'skip' \
            GROUP BY d.brand_id, d.channel, d.person) p \
            LEFT JOIN decision n ON p.told = 0 AND n.id = p.newest AND n.account_id = $1 AND n.id >= $2 \
            LEFT JOIN message w ON n.verdict <> 'skip' AND w.id = n.message_id AND w.account_id = $1 AND w.id >= $3 \
        GROUP BY 1, 2, 3, 4"];
    STOPPED = ["SELECT brand_id, count(DISTINCT address) FROM consent \
        WHERE account_id = $1 AND id >= $2 AND kind = 'opt_out' AND purpose = 'tracking' GROUP BY brand_id"];
    OUT = ["SELECT brand_id, count(DISTINCT address) FROM standing \
        WHERE account_id = $1 AND kind = 'opt_out' AND purpose = 'tracking' GROUP BY brand_id"];
}

#[async_trait]
impl<DB: Dialect> Consents for SqlStore<DB> {
    async fn record_consents(&self, account: AccountId, records: &[ConsentRecord]) -> Result<()> {
        let brands: BTreeSet<BrandId> = records.iter().map(|record| record.brand).collect();
        let mut write = self.write().await?;
        let rows = write.rows(&BRANDS, args![Set::of(brands.iter().copied()), account]).await?;
        let own = rows.into_iter().next().ok_or(Error::Corrupt)?.int()?;
        if usize::try_from(own) != Ok(brands.len()) {
            return Err(Error::NotFound);
        }
        let records: Vec<_> = records.iter().map(|record| (account, record)).collect();
        write.record_consents(&records).await?;
        write.commit().await
    }

    async fn find_face(&self, brand: BrandId) -> Result<Option<FaceView>> {
        let Some(mut row) = self.row(&FIND_FACE, args![brand]).await? else { return Ok(None) };
        let channels = self.rows(&CHANNELS_ON, args![brand]).await?;
        Ok(Some(FaceView {
            account: row.read()?,
            brand: row.read()?,
            name: row.text()?,
            state: row.read()?,
            language: row.read()?,
            whatsapp_number: row.text_or_none()?,
            color: row.read_or_none()?,
            logo: row.text_or_none()?,
            support_email: row.text_or_none()?,
            support_url: row.text_or_none()?,
            privacy_url: row.text_or_none()?,
            company_country: row.read()?,
            sender: match row.text_or_none()? {
                None => None,
                Some(number) => Some(FaceSender {
                    number,
                    state: row.read()?,
                    hears: row.flag()?,
                    phone_number_id: row.text()?,
                    sandbox: row.flag()?,
                }),
            },
            channels: channels.into_iter().map(|mut row| row.read()).collect::<Result<_>>()?,
        }))
    }

    async fn position(
        &self,
        account: AccountId,
        brand: BrandId,
        address: &str,
    ) -> Result<Position> {
        let mut position = Position::default();
        for mut row in self.rows(&SAID, args![account, brand, address]).await? {
            let key = (row.read()?, row.read()?);
            let (kind, own, since) = (row.read()?, row.flag()?, row.time()?);
            position.said.insert(key, Standpoint { kind, own, since });
        }
        for mut row in self.rows(&CHOSEN, args![account, brand, address]).await? {
            let (channel, statuses) = (row.read()?, shared::statuses(&row.text()?)?);
            position.silent.insert(channel, (statuses, row.time()?));
        }
        Ok(position)
    }

    async fn own_opt_outs(
        &self,
        account: AccountId,
        brand: BrandId,
        addresses: &[String],
    ) -> Result<BTreeSet<(String, Channel, Purpose)>> {
        let set = Set::of(addresses.iter().map(String::as_str));
        let rows = self.rows(&OWN_OPT_OUTS, args![set, account, brand]).await?;
        rows.into_iter().map(|mut row| Ok((row.text()?, row.read()?, row.read()?))).collect()
    }

    async fn received(
        &self,
        account: AccountId,
        brand: BrandId,
        address: &str,
        limit: i64,
    ) -> Result<Vec<ReceivedView>> {
        let rows = self.rows(&RECEIVED, args![account, address, brand, limit]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(ReceivedView {
                    id: row.read()?,
                    at: row.time()?,
                    channel: row.read()?,
                    status: row.read()?,
                    order_number: row.text_or_none()?,
                    country: row.read()?,
                    language: row.read()?,
                    rendered: row.json()?,
                })
            })
            .collect()
    }

    async fn consents(
        &self,
        account: AccountId,
        filter: &ConsentFilter,
    ) -> Result<Page<ConsentView>> {
        let text = |value: Option<String>| value.unwrap_or_default();
        let address = text(filter.address.clone());
        let statement = if address.is_empty() { &EVERYTHING } else { &BY_ADDRESS };
        let parameters = args![
            account,
            shared::before(filter.before),
            filter.limit + 1,
            text(filter.brand.map(|brand| brand.to_string())),
            text(filter.purpose.map(|purpose| purpose.to_string())),
            address
        ];
        let rows = self.rows(statement, parameters).await?;
        let rows = rows.into_iter().map(view).collect::<Result<_>>()?;
        Ok(shared::page(rows, filter.limit))
    }

    async fn consent(&self, account: AccountId, id: ConsentId) -> Result<Option<ConsentView>> {
        self.row(&ONE, args![account, id]).await?.map(view).transpose()
    }

    async fn addresses_of(&self, account: AccountId, order_number: &str) -> Result<Vec<String>> {
        let rows = self.rows(&ADDRESSES, args![account, order_number]).await?;
        rows.into_iter().map(|mut row| row.text()).collect()
    }

    async fn ask_to_join(
        &self,
        account: AccountId,
        address: &str,
        request: &JoinRequest,
    ) -> Result<()> {
        self.keep_join(account, address, request).await
    }

    async fn join(
        &self,
        account: AccountId,
        brand: BrandId,
        id: JoinId,
        now: Timestamp,
    ) -> Result<Option<JoinRequest>> {
        self.one_join(account, brand, id, now).await
    }

    async fn sweep_joins(&self, now: Timestamp) -> Result<u64> {
        self.sweep_expired_joins(now).await
    }

    async fn consent_figures(
        &self,
        account: AccountId,
        since: Timestamp,
    ) -> Result<Vec<ConsentFigures>> {
        let mut figures: HashMap<BrandId, ConsentFigures> = HashMap::new();
        let mut of = |row: &mut Row, fill: &dyn Fn(&mut ConsentFigures, &mut Row) -> Result<()>| {
            let brand: BrandId = row.read()?;
            fill(figures.entry(brand).or_insert_with(|| ConsentFigures::none(brand)), row)
        };
        let first = DecisionId::least(since);
        for mut row in self.rows(&PEOPLE, args![account, first]).await? {
            of(&mut row, &|figures, row| {
                figures.people = row.int()?;
                figures.on_record = row.int()?;
                figures.refused = row.int()?;
                Ok(())
            })?;
        }
        let first = ConsentId::least(since);
        for mut row in self.rows(&STOPPED, args![account, first]).await? {
            of(&mut row, &|figures, row| row.int().map(|n| figures.stopped_lately = n))?;
        }
        for mut row in self.rows(&OUT, args![account]).await? {
            of(&mut row, &|figures, row| row.int().map(|n| figures.stopped = n))?;
        }
        let mut figures: Vec<_> = figures.into_values().collect();
        figures.sort_by_key(|line| line.brand);
        Ok(figures)
    }

    async fn coverage(&self, account: AccountId, since: Timestamp) -> Result<Vec<Coverage>> {
        let mut found: BTreeMap<(BrandId, Channel), Coverage> = BTreeMap::new();
        let first = DecisionId::least(since);
        let message = MessageId::least(since);
        for mut row in self.rows(&COVERAGE, args![account, first, message]).await? {
            let (brand, channel) = (row.read()?, row.read()?);
            let (became, reason, count) = (row.text()?, row.read_or_none()?, row.int()?);
            let line =
                found.entry((brand, channel)).or_insert_with(|| Coverage::none(brand, channel));
            match (became.as_str(), reason) {
                ("told", _) => line.told = count,
                ("failed", _) => line.failed = count,
                ("under_way", _) => line.under_way = count,
                ("stopped", Some(reason)) => line.untold.push((reason, count)),
                _ => return Err(Error::Corrupt),
            }
        }
        let mut found: Vec<_> = found.into_values().collect();
        for line in &mut found {
            line.untold.sort_by_key(|(reason, count)| (Reverse(*count), *reason));
        }
        Ok(found)
    }
}

fn view(mut row: Row) -> Result<ConsentView> {
    let record = ConsentRecord {
        id: row.read()?,
        brand: row.read()?,
        channel: row.read()?,
        address: row.text()?,
        purpose: row.read()?,
        kind: row.read()?,
        source: row.read()?,
        origin: row.text_or_none()?,
        text: row.text()?,
        text_version: row.text_or_none()?,
        proof: row.text_or_none()?,
        user: row.read_or_none()?,
        silent: shared::statuses(&row.text_or_none()?.unwrap_or_default())?,
        at: row.time()?,
        recorded_at: row.time()?,
    };
    Ok(ConsentView { record, member: row.text_or_none()? })
}
