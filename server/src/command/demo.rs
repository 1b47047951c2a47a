//! `facteur demo`: an account to try everything with. Works with or without a running server.

use crate::compose::{self, Place};
use crate::config::{Config, SandboxMode};
use crate::security::password::Passwords;
use crate::security::random::{SystemClock, SystemIds};
use crate::security::token;
use crate::store::Everything;
use anyhow::{Context as _, bail};
use dispatch::brand::{ChannelState, ConsentBasis};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::country::Country;
use dispatch::id::{
    AcceptanceId, AccountId, ApiKeyId, BrandId, ChangeId, ConnectionId, SenderId, UserId,
};
use dispatch::language::Language;
use dispatch::plan::{Plan, rate_in_force};
use dispatch::port::{
    Acceptance, CellChange, NewAccount, NewApiKey, NewBrand, NewConnection, NewSender, Signed,
};
use dispatch::source::{Proof, Secret, Source};
use dispatch::time::{Clock as _, Timestamp};
use serde_json::json;

const EMAIL: &str = "demo@example.com";
const NAME: &str = "Sauvel Commerce";
const BRAND: &str = "Maison Sauvel";
const COUNTRIES: [&str; 3] = ["FR", "DE", "NL"];

/// Creates or refreshes the account; says where to go and how to sign in.
pub(super) async fn run(config: &Config, as_json: bool) -> anyhow::Result<()> {
    crate::telemetry::start_logs(Some("error"), crate::telemetry::LogFormat::Human);
    if config.sandbox == SandboxMode::Off {
        bail!("SANDBOX is off: the demo account would message real people, so nothing was changed");
    }
    let place = Place::find(config);
    let demo = Demo { store: &*compose::store(config).await?, now: SystemClock.now() };
    let password = token::random("").expose().chars().take(20).collect::<String>();
    let (account, user) = demo.account(&password).await?;
    let brand = demo.brand(account).await?;
    let sender = demo.sender(account, brand).await?;
    demo.activate(account, brand, user).await?;
    let (connection, secret) = demo.connection(account, brand).await?;
    let key = demo.api_key(account).await?;
    let target = demo.store.find_sender(sender).await?.context("the demo's sender")?;

    if as_json {
        let object = json!({
            "base_url": place.base_url,
            "sandbox_url": place.sandbox_url,
            "email": EMAIL,
            "password": password,
            "api_key": key.expose(),
            "account_id": account,
            "brand_id": brand,
            "plan": Plan::Growth,
            "company_country": "FR",
            "sender": {
                "id": sender,
                "phone_number_id": target.phone_number_id,
                "app_secret": target.app_secret.expose(),
                "verify_token": target.verify_token.expose(),
            },
            "connections": [{
                "id": connection,
                "source": Source::Sendcloud,
                "url": format!("{}/hooks/{}/{connection}", place.base_url, Source::Sendcloud),
                "secret": secret.expose(),
            }],
        });
        println!("{object}");
    } else {
        println!();
        println!("  Open      {}/sign-in", place.base_url);
        println!("  E-mail    {EMAIL}");
        println!("  Password  {password}");
        println!("  Phones    {}/phones", place.sandbox_url);
        println!();
    }
    Ok(())
}

struct Demo<'a> {
    store: &'a dyn Everything,
    now: Timestamp,
}

impl Demo<'_> {
    /// The account with its owner, on Growth, with a new password.
    async fn account(&self, password: &str) -> anyhow::Result<(AccountId, UserId)> {
        let hash = Passwords::default().hash(password.to_owned()).await?;
        let france: Country = "FR".parse()?;
        if let Some(known) = self.store.find_credentials(EMAIL).await? {
            self.store.set_password(known.user, &hash).await?;
            let memberships = self.store.find_memberships(known.user).await?;
            let account = memberships.first().context("the demo's owner has no account")?.account;
            self.store.update_account(account, NAME, france, Plan::Growth).await?;
            return Ok((account, known.user));
        }
        let new = NewAccount {
            account: AccountId::mint(self.now, &SystemIds),
            name: NAME.to_owned(),
            company_country: france,
            plan: Plan::Growth,
            user: UserId::mint(self.now, &SystemIds),
            email: EMAIL.to_owned(),
            user_name: "Demo".to_owned(),
            password_hash: hash,
            language: None,
            at: self.now,
        };
        self.store.create_account(&new).await?;
        Ok((new.account, new.user))
    }

    async fn brand(&self, account: AccountId) -> anyhow::Result<BrandId> {
        if let Some(brand) = self.store.brands(account).await?.first() {
            return Ok(brand.id);
        }
        let id = BrandId::mint(self.now, &SystemIds);
        let new = NewBrand {
            whatsapp_number: Some("+33756801422".to_owned()),
            ..NewBrand::named(BRAND.to_owned(), Language::english())
        };
        self.store.create_brand(account, id, &new, self.now).await?;
        Ok(id)
    }

    async fn sender(&self, account: AccountId, brand: BrandId) -> anyhow::Result<SenderId> {
        let known = self.store.brand(account, brand).await?.and_then(|b| b.sender);
        if let Some(sender) = known {
            return Ok(sender.id);
        }
        let id = SenderId::mint(self.now, &SystemIds);
        let new = NewSender::of_sandbox(id, brand, &SystemIds, &Passwords::default());
        self.store.connect_sender(account, &new, self.now).await?;
        Ok(new.id)
    }

    /// WhatsApp on, with every status for the three countries.
    async fn activate(
        &self,
        account: AccountId,
        brand: BrandId,
        user: UserId,
    ) -> anyhow::Result<()> {
        let channel = Channel::Whatsapp;
        let settings = self.store.channel_settings(account, brand, channel).await?;
        let mut changes = Vec::new();
        for code in COUNTRIES {
            let country: Country = code.parse()?;
            let row = settings.countries.get(&country);
            if !row.is_some_and(|row| row.on) {
                changes.push(CellChange::Country { country, on: true });
            }
            for status in TrackingStatus::ALL {
                if !row.is_some_and(|row| row.statuses.contains(status)) {
                    changes.push(CellChange::Status { country, status: *status, on: true });
                }
            }
        }
        if settings.state == ChannelState::Off {
            let rates = self.store.rates().await?;
            let rate = rate_in_force(&rates, "FR".parse()?, Plan::Growth, channel, self.now)
                .context("no price is in force")?;
            let acceptance = Acceptance {
                id: AcceptanceId::mint(self.now, &SystemIds),
                brand,
                channel,
                user: Some(user),
                ip: "127.0.0.1".to_owned(),
                basis: ConsentBasis::CollectedByShop,
                text_version: app::act::TERMS_VERSION.to_owned(),
                rate: rate.id.clone(),
                at: self.now,
            };
            let change = ChangeId::mint(self.now, &SystemIds);
            self.store.activate_channel(account, &acceptance, &changes, change).await?;
            if settings.countries.is_empty() {
                return Ok(());
            }
        }
        if !changes.is_empty() {
            let settings = self.store.channel_settings(account, brand, channel).await?;
            let id = ChangeId::mint(self.now, &SystemIds);
            let by = Signed::new(id, Some(user), self.now);
            self.store.save_matrix(account, brand, channel, settings.version, &changes, by).await?;
        }
        Ok(())
    }

    async fn connection(
        &self,
        account: AccountId,
        brand: BrandId,
    ) -> anyhow::Result<(ConnectionId, Secret)> {
        if let Some(id) = self.store.connection_of(account, brand, Source::Sendcloud).await?
            && let Some(secret) = self.store.current_secret(account, id).await?
        {
            return Ok((id, secret));
        }
        let new = NewConnection {
            id: ConnectionId::mint(self.now, &SystemIds),
            brand,
            source: Source::Sendcloud,
            proof: Proof::Signature,
            secrets: vec![token::random("whs_")],
            at: self.now,
        };
        self.store.create_connection(account, &new).await?;
        Ok((new.id, new.secrets[0].clone()))
    }

    async fn api_key(&self, account: AccountId) -> anyhow::Result<Secret> {
        let made = token::api_key();
        let new = NewApiKey {
            id: ApiKeyId::mint(self.now, &SystemIds),
            name: "Demo".to_owned(),
            hint: made.hint,
            hash: made.hash,
            scopes: ["read", "write", "read_phones"].map(str::to_owned).to_vec(),
            at: self.now,
        };
        self.store.create_api_key(account, &new).await?;
        Ok(made.key)
    }
}
