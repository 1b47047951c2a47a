//! Brands, what each channel is set to, and the matrix.

use super::dialect::Dialect;
use super::row;
use super::sql::statements;
use super::value::{Row, Set, args, cells};
use super::{SqlStore, Write};
use async_trait::async_trait;
use dispatch::brand::{
    BrandState, ChannelSettings, ChannelState, ConsentBasis, CountryLanguages, CountryRow,
};
use dispatch::cascade::Cascades;
use dispatch::change::{ChangeKind, Difference, Flip, Rows, flips};
use dispatch::channel::Channel;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, BrandId, ChangeId, EventId};
use dispatch::port::{Acceptance, Brands, CellChange, NewBrand, NewLogo, Signed};
use dispatch::quiet::QuietHours;
use dispatch::time::Timestamp;
use dispatch::timing::Timing;
use dispatch::view::{BrandView, VolumeView};
use std::collections::{BTreeMap, BTreeSet};

/// Which matrix is meant.
type Place = (AccountId, BrandId, Channel);

/// The master switch of a channel.
struct Master {
    state: ChannelState,
    basis: Option<ConsentBasis>,
    version: i64,
}

impl Master {
    const UNTOUCHED: Self = Self { state: ChannelState::Off, basis: None, version: 0 };
}

/// A brand with the sender in use.
macro_rules! brand_with_sender {
    () => {
        "SELECT b.id, b.name, b.state, b.language, b.whatsapp_number, b.version, \
            b.quiet_on, b.quiet_from, b.quiet_until, b.quiet_days, b.quiet_urgent, b.timing, b.languages, b.cascades, \
            b.color, b.support_email, b.support_url, b.privacy_url, l.name, \
            s.id, s.phone_number_id, s.display_number, s.state, s.sandbox \
        FROM brand b LEFT JOIN brand_logo l ON l.brand_id = b.id LEFT JOIN sender s ON s.brand_id = b.id AND s.channel = 'whatsapp' AND s.replaced_at IS NULL "
    };
}

statements! {
    BRANDS = [(brand_with_sender), "WHERE b.account_id = $1 ORDER BY b.state, lower(b.name), b.id"];
    BRAND = [(brand_with_sender), "WHERE b.account_id = $1 AND b.id = $2"];
    OWN = ["SELECT id FROM brand WHERE account_id = $1 AND id = $2"];
    ADD_BRAND = ["INSERT INTO brand (id, account_id, name, state, language, whatsapp_number, version, created_at, \
            color, support_email, support_url, privacy_url) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10, $11)"];
    UPDATE_BRAND = ["UPDATE brand SET name = $4, language = $5, whatsapp_number = $6, \
            color = $7, support_email = $8, support_url = $9, privacy_url = $10, version = version + 1 \
        WHERE account_id = $1 AND id = $2 AND version = $3"];
    SET_LOGO = ["INSERT INTO brand_logo (brand_id, account_id, name, png, created_at) \
        SELECT b.id, b.account_id, $3, $4, $5 FROM brand b WHERE b.account_id = $1 AND b.id = $2 \
        ON CONFLICT (brand_id) DO UPDATE SET name = excluded.name, png = excluded.png, created_at = excluded.created_at"];
    REMOVE_LOGO = ["DELETE FROM brand_logo WHERE account_id = $1 AND brand_id = $2"];
    LOGO = ["SELECT png FROM brand_logo WHERE name = $1"];
    SET_LANGUAGES = ["UPDATE brand SET languages = $4, version = version + 1 WHERE account_id = $1 AND id = $2 AND version = $3"];
    SET_CASCADES = ["UPDATE brand SET cascades = $4, version = version + 1 WHERE account_id = $1 AND id = $2 AND version = $3"];
    SET_TIMING = ["UPDATE brand SET timing = $4, version = version + 1 WHERE account_id = $1 AND id = $2 AND version = $3"];
    SET_QUIET_HOURS = ["UPDATE brand SET quiet_on = $4, quiet_from = $5, quiet_until = $6, quiet_days = $7, quiet_urgent = $8, \
            version = version + 1 WHERE account_id = $1 AND id = $2 AND version = $3"];
    SET_BRAND_STATE = ["UPDATE brand SET state = $3 WHERE account_id = $1 AND id = $2"];

    SETTINGS = ["SELECT b.id, c.state, c.activated_at, c.consent_basis, c.version, n.country, n.is_on, n.statuses \
        FROM brand b LEFT JOIN channel_setting c ON c.brand_id = b.id AND c.channel = $3 \
            LEFT JOIN country_setting n ON n.brand_id = b.id AND n.channel = $3 \
        WHERE b.account_id = $1 AND b.id = $2 ORDER BY b.id, n.country"];
    ACCEPT = ["INSERT INTO acceptance (id, account_id, brand_id, channel, user_id, ip, basis, text_version, rate_id, accepted_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"];
    ACCEPTANCE = ["SELECT id, user_id, ip, basis, text_version, rate_id, accepted_at FROM acceptance \
        WHERE account_id = $1 AND brand_id = $2 AND channel = $3 ORDER BY accepted_at DESC, id DESC LIMIT 1"];
    // Accepted anew while on: the basis changes, the day since when it is on does not.
    ACTIVATE = ["INSERT INTO channel_setting (account_id, brand_id, channel, state, activated_at, consent_basis, version) \
        VALUES ($1, $2, $3, 'on', $4, $5, 1) ON CONFLICT (brand_id, channel) DO UPDATE SET state = 'on', \
            activated_at = CASE WHEN channel_setting.state = 'on' THEN channel_setting.activated_at ELSE excluded.activated_at END, \
            consent_basis = excluded.consent_basis, version = channel_setting.version + 1"];
    RESUME = ["UPDATE channel_setting SET state = 'on', activated_at = $4, version = version + 1 \
        WHERE account_id = $1 AND brand_id = $2 AND channel = $3 AND state = 'off' AND consent_basis IS NOT NULL"];
    DEACTIVATE = ["UPDATE channel_setting SET state = 'off', activated_at = NULL, version = version + 1 \
        WHERE account_id = $1 AND brand_id = $2 AND channel = $3 AND state = 'on'"];
    MASTER = ["SELECT state, consent_basis, version FROM channel_setting WHERE account_id = $1 AND brand_id = $2 AND channel = $3"];
    FIRST_SAVE = ["INSERT INTO channel_setting (account_id, brand_id, channel, state, activated_at, consent_basis, version) \
        VALUES ($1, $2, $3, 'off', NULL, NULL, 1) ON CONFLICT DO NOTHING"];
    NEXT_SAVE = ["UPDATE channel_setting SET version = version + 1 \
        WHERE account_id = $1 AND brand_id = $2 AND channel = $3 AND version = $4"];
    COUNTRIES = ["SELECT country, is_on, statuses FROM country_setting WHERE brand_id = $1 AND channel = $2"];
    SET_COUNTRIES = ["INSERT INTO country_setting (account_id, brand_id, channel, country, is_on, statuses) \
        SELECT account_id, brand_id, channel, country, is_on, statuses FROM ",
        {account_id: text, brand_id: text, channel: text, country: text, is_on: bigint, statuses: text},
        " s WHERE true ON CONFLICT (brand_id, channel, country) DO UPDATE SET is_on = excluded.is_on, statuses = excluded.statuses"];
    REMOVE_COUNTRIES = ["DELETE FROM country_setting WHERE brand_id = $2 AND channel = $3 \
        AND country IN (SELECT country FROM ", {country: text}, " s)"];
    NOTE_CHANGE = ["INSERT INTO setting_change (id, account_id, brand_id, channel, user_id, at, version, changes, kind, of_change) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"];
    VOLUMES = ["SELECT country, status, count(*) FROM event \
        WHERE account_id = $1 AND id >= $3 AND brand_id = $2 AND received_at >= $4 AND test = 0 AND country IS NOT NULL \
        GROUP BY country, status ORDER BY country, status"];
}

#[async_trait]
impl<DB: Dialect> Brands for SqlStore<DB> {
    async fn brands(&self, account: AccountId) -> Result<Vec<BrandView>> {
        let rows = self.rows(&BRANDS, args![account]).await?;
        rows.into_iter().map(|mut row| brand_view(&mut row)).collect()
    }

    async fn brand(&self, account: AccountId, brand: BrandId) -> Result<Option<BrandView>> {
        let row = self.row(&BRAND, args![account, brand]).await?;
        row.map(|mut row| brand_view(&mut row)).transpose()
    }

    async fn create_brand(
        &self,
        account: AccountId,
        id: BrandId,
        new: &NewBrand,
        now: Timestamp,
    ) -> Result<()> {
        let mut write = self.write().await?;
        let number = &new.whatsapp_number;
        let brand = args![
            id,
            account,
            new.name,
            BrandState::Active,
            new.language,
            *number,
            now,
            new.color,
            new.support_email,
            new.support_url,
            new.privacy_url
        ];
        if write.run_unless_taken(&ADD_BRAND, brand).await?.is_none() {
            return Err(Error::invalid("name", "taken"));
        }
        write.commit().await
    }

    async fn update_brand(
        &self,
        account: AccountId,
        brand: BrandId,
        version: i64,
        new: &NewBrand,
    ) -> Result<()> {
        let mut write = self.write().await?;
        let change = args![
            account,
            brand,
            version,
            new.name,
            new.language,
            new.whatsapp_number,
            new.color,
            new.support_email,
            new.support_url,
            new.privacy_url
        ];
        match write.run_unless_taken(&UPDATE_BRAND, change).await? {
            None => return Err(Error::invalid("name", "taken")),
            Some(0) => {
                write.own(account, brand).await?;
                return Err(Error::Conflict);
            }
            Some(_) => {}
        }
        write.commit().await
    }

    async fn set_logo(
        &self,
        account: AccountId,
        brand: BrandId,
        logo: Option<&NewLogo>,
        now: Timestamp,
    ) -> Result<()> {
        let mut write = self.write().await?;
        write.own(account, brand).await?;
        match logo {
            Some(logo) => {
                let picture = args![account, brand, logo.name, logo.png, now];
                write.run(&SET_LOGO, picture).await?;
            }
            None => drop(write.run(&REMOVE_LOGO, args![account, brand]).await?),
        }
        write.commit().await
    }

    async fn find_logo(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.row(&LOGO, args![name]).await?.map(|mut row| row.bytes()).transpose()
    }

    async fn set_quiet_hours(
        &self,
        account: AccountId,
        brand: BrandId,
        version: i64,
        quiet: &QuietHours,
    ) -> Result<()> {
        let change = args![
            account,
            brand,
            version,
            quiet.on,
            i64::from(quiet.from),
            i64::from(quiet.until),
            row::words_column(&quiet.days),
            row::statuses_column(&quiet.urgent)
        ];
        let mut write = self.write().await?;
        if write.run(&SET_QUIET_HOURS, change).await? == 0 {
            write.own(account, brand).await?;
            return Err(Error::Conflict);
        }
        write.commit().await
    }

    async fn set_cascades(
        &self,
        account: AccountId,
        brand: BrandId,
        version: i64,
        cascades: &Cascades,
    ) -> Result<()> {
        let cascades = serde_json::to_string(cascades).map_err(|_| Error::Corrupt)?;
        let mut write = self.write().await?;
        if write.run(&SET_CASCADES, args![account, brand, version, cascades]).await? == 0 {
            write.own(account, brand).await?;
            return Err(Error::Conflict);
        }
        write.commit().await
    }

    async fn set_timing(
        &self,
        account: AccountId,
        brand: BrandId,
        version: i64,
        timing: &Timing,
    ) -> Result<()> {
        let timing = serde_json::to_string(timing).map_err(|_| Error::Corrupt)?;
        let mut write = self.write().await?;
        if write.run(&SET_TIMING, args![account, brand, version, timing]).await? == 0 {
            write.own(account, brand).await?;
            return Err(Error::Conflict);
        }
        write.commit().await
    }

    async fn set_country_languages(
        &self,
        account: AccountId,
        brand: BrandId,
        version: i64,
        languages: &CountryLanguages,
    ) -> Result<()> {
        let languages = serde_json::to_string(languages).map_err(|_| Error::Corrupt)?;
        let mut write = self.write().await?;
        if write.run(&SET_LANGUAGES, args![account, brand, version, languages]).await? == 0 {
            write.own(account, brand).await?;
            return Err(Error::Conflict);
        }
        write.commit().await
    }

    async fn set_brand_state(
        &self,
        account: AccountId,
        brand: BrandId,
        state: BrandState,
    ) -> Result<()> {
        row::found(self.run(&SET_BRAND_STATE, args![account, brand, state]).await?)
    }

    async fn channel_settings(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
    ) -> Result<ChannelSettings> {
        let rows = self.rows(&SETTINGS, args![account, brand, channel]).await?;
        row::settings(channel, rows)?.pop().map(|(_, settings)| settings).ok_or(Error::NotFound)
    }

    async fn activate_channel(
        &self,
        account: AccountId,
        acceptance: &Acceptance,
        proposal: &[CellChange],
        change: ChangeId,
    ) -> Result<()> {
        let a = acceptance;
        let mut write = self.write().await?;
        write.own(account, a.brand).await?;
        let proof = args![
            a.id,
            account,
            a.brand,
            a.channel,
            a.user,
            a.ip,
            a.basis,
            a.text_version,
            a.rate,
            a.at
        ];
        write.run(&ACCEPT, proof).await?;
        let place = (account, a.brand, a.channel);
        let before = write.master(place).await?;
        write.run(&ACTIVATE, args![account, a.brand, a.channel, a.at, a.basis]).await?;
        let mut difference = Difference {
            channel: (before.state == ChannelState::Off).then_some(ChannelState::On),
            basis: (before.basis != Some(a.basis)).then_some((before.basis, a.basis)),
            ..Difference::default()
        };
        if write.countries(a.brand, a.channel).await?.is_empty() {
            difference.flips = write.change(place, BTreeMap::new(), proposal).await?;
        }
        let by = Signed::new(change, a.user, a.at).meaning(ChangeKind::Activated, None);
        write.note_settings(place, before.version + 1, &difference, by).await?;
        write.commit().await
    }

    async fn acceptance(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
    ) -> Result<Option<Acceptance>> {
        let Some(mut row) = self.row(&ACCEPTANCE, args![account, brand, channel]).await? else {
            return Ok(None);
        };
        Ok(Some(Acceptance {
            id: row.read()?,
            brand,
            channel,
            user: row.read_or_none()?,
            ip: row.text()?,
            basis: row.read()?,
            text_version: row.text()?,
            rate: row.text()?,
            at: row.time()?,
        }))
    }

    async fn resume_channel(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
        by: Signed,
    ) -> Result<()> {
        let mut write = self.write().await?;
        write.own(account, brand).await?;
        let place = (account, brand, channel);
        if write.run(&RESUME, args![account, brand, channel, by.at]).await? > 0 {
            let version = write.master(place).await?.version;
            let difference =
                Difference { channel: Some(ChannelState::On), ..Difference::default() };
            write.note_settings(place, version, &difference, by).await?;
        } else if write.master(place).await?.basis.is_none() {
            return Err(Error::NotFound);
        }
        write.commit().await
    }

    async fn deactivate_channel(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
        by: Signed,
    ) -> Result<()> {
        let mut write = self.write().await?;
        write.own(account, brand).await?;
        let place = (account, brand, channel);
        if write.run(&DEACTIVATE, args![account, brand, channel]).await? > 0 {
            let version = write.master(place).await?.version;
            let difference =
                Difference { channel: Some(ChannelState::Off), ..Difference::default() };
            write.note_settings(place, version, &difference, by).await?;
        }
        write.commit().await
    }

    async fn save_matrix(
        &self,
        account: AccountId,
        brand: BrandId,
        channel: Channel,
        version: i64,
        changes: &[CellChange],
        by: Signed,
    ) -> Result<i64> {
        let mut write = self.write().await?;
        write.own(account, brand).await?;
        let mut saved = write.run(&NEXT_SAVE, args![account, brand, channel, version]).await?;
        if saved == 0 && version == 0 {
            saved = write.run(&FIRST_SAVE, args![account, brand, channel]).await?;
        }
        if saved == 0 {
            return Err(Error::Conflict);
        }
        let countries = write.countries(brand, channel).await?;
        let place = (account, brand, channel);
        let flips = write.change(place, countries, changes).await?;
        let difference = Difference { flips, ..Difference::default() };
        write.note_settings(place, version + 1, &difference, by).await?;
        write.commit().await?;
        Ok(version + 1)
    }

    async fn volumes(
        &self,
        account: AccountId,
        brand: BrandId,
        since: Timestamp,
    ) -> Result<Vec<VolumeView>> {
        let first = EventId::least(since);
        let rows = self.rows(&VOLUMES, args![account, brand, first, since]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(VolumeView { country: row.read()?, status: row.read()?, events: row.int()? })
            })
            .collect()
    }
}

impl<DB: Dialect> Write<DB> {
    /// Makes sure that the brand is the account's.
    async fn own(&mut self, account: AccountId, brand: BrandId) -> Result<()> {
        let rows = self.rows(&OWN, args![account, brand]).await?;
        row::found(rows.len() as u64)
    }

    async fn countries(&mut self, brand: BrandId, channel: Channel) -> Result<Rows> {
        let rows = self.rows(&COUNTRIES, args![brand, channel]).await?;
        rows.into_iter()
            .map(|mut row| {
                let country = row.read()?;
                let on = row.flag()?;
                Ok((country, CountryRow { on, statuses: row::statuses(&row.text()?)? }))
            })
            .collect()
    }

    /// The master switch as it is.
    async fn master(&mut self, (account, brand, channel): Place) -> Result<Master> {
        let rows = self.rows(&MASTER, args![account, brand, channel]).await?;
        let Some(mut row) = rows.into_iter().next() else { return Ok(Master::UNTOUCHED) };
        Ok(Master { state: row.read()?, basis: row.read_or_none()?, version: row.int()? })
    }

    /// Notes what was changed, by whom.
    async fn note_settings(
        &mut self,
        (account, brand, channel): Place,
        version: i64,
        difference: &Difference,
        by: Signed,
    ) -> Result<()> {
        let changes = row::difference_column(difference);
        let note =
            args![by.id, account, brand, channel, by.user, by.at, version, changes, by.kind, by.of];
        self.run(&NOTE_CHANGE, note).await.map(|_| ())
    }

    /// Applies changes to a matrix and writes the rows they touch; answers what flipped.
    async fn change(
        &mut self,
        (account, brand, channel): Place,
        mut countries: Rows,
        changes: &[CellChange],
    ) -> Result<Vec<Flip>> {
        let before = countries.clone();
        for change in changes {
            change.apply(&mut countries);
        }
        let (mut kept, mut gone) = (Set::new(), Set::new());
        for country in changes.iter().map(CellChange::country).collect::<BTreeSet<_>>() {
            match countries.get(&country) {
                Some(line) => {
                    let statuses = row::statuses_column(&line.statuses);
                    kept.push(&cells![account, brand, channel, country, line.on, statuses]);
                }
                None => gone.push(&cells![country]),
            }
        }
        if !kept.is_empty() {
            self.run(&SET_COUNTRIES, args![kept]).await?;
        }
        if !gone.is_empty() {
            self.run(&REMOVE_COUNTRIES, args![gone, brand, channel]).await?;
        }
        Ok(flips(&before, &countries))
    }
}

fn brand_view(row: &mut Row) -> Result<BrandView> {
    let mut brand = BrandView {
        id: row.read()?,
        name: row.text()?,
        state: row.read()?,
        language: row.read()?,
        whatsapp_number: row.text_or_none()?,
        version: row.int()?,
        quiet: row::quiet_hours(row)?,
        timing: row.json()?,
        languages: row.json()?,
        cascades: row::cascades(row)?,
        color: row.read_or_none()?,
        support_email: row.text_or_none()?,
        support_url: row.text_or_none()?,
        privacy_url: row.text_or_none()?,
        logo: row.text_or_none()?,
        sender: None,
    };
    if let Some(id) = row.read_or_none()? {
        brand.sender = Some(row::sender_view(id, row)?);
    }
    Ok(brand)
}
