//! A company signs up: its account, its owner, and everything needed to see a first message.

use super::{Ports, parse, parse_own_name};
use crate::country::Country;
use crate::error::{Faults, Result};
use crate::id::{AccountId, BrandId, ConnectionId, SenderId, UserId};
use crate::language::Language;
use crate::plan::Plan;
use crate::port::{NewAccount, NewBrand, NewConnection, NewSender, Secrets};
use crate::source::Source;
use crate::tenant::{parse_email, parse_name, parse_password};

/// What the form asks.
#[derive(Debug, Clone, Default)]
pub struct SignUp {
    /// The person's name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their password, as typed.
    pub password: String,
    /// The company's name: of the account and of its first brand.
    pub account: String,
    /// Where the company is registered.
    pub company_country: String,
    /// Language of the screens at that moment.
    pub language: Option<String>,
    /// Whether a sandbox runs, so that the first brand can send at once.
    pub sandbox: bool,
}

/// Whom the account belongs to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedUp {
    /// The account.
    pub account: AccountId,
    /// Its owner.
    pub user: UserId,
}

/// Makes an account on plan Lite with a brand, a sandbox sender where there is a sandbox, and the
/// simulator's connection. If the process dies after the account was made, its owner signs in and
/// makes the rest by hand.
///
/// # Errors
/// `Invalid` or `Several` on the fields, `generic` on `account` when the name says nothing of whose it is; `taken` on `email` when somebody has that address.
pub async fn sign_up(ports: &Ports<'_>, secrets: &dyn Secrets, input: &SignUp) -> Result<SignedUp> {
    let mut faults = Faults::default();
    let user_name = faults.read(parse_name("name", &input.name));
    let email = faults.read(parse_email(&input.email));
    let password = faults.read(parse_password("password", &input.password));
    let company = faults.read(parse_own_name("account", &input.account));
    let country = faults.read(parse::<Country>("company_country", &input.company_country));
    let (Some(user_name), Some(email), Some(_), Some(company), Some(country)) =
        (user_name, email, password, company, country)
    else {
        return Err(faults.told());
    };

    let now = ports.now();
    let new = NewAccount {
        account: AccountId::mint(now, ports.ids),
        name: company.clone(),
        company_country: country,
        plan: Plan::Lite,
        user: UserId::mint(now, ports.ids),
        email,
        user_name,
        password_hash: secrets.hash_password(&input.password).await?,
        language: input.language.clone(),
        at: now,
    };
    ports.store.create_account(&new).await?;

    let brand = BrandId::mint(now, ports.ids);
    let language = country.language().filter(crate::starter::has);
    let first = NewBrand::named(company, language.unwrap_or_else(Language::english));
    ports.store.create_brand(new.account, brand, &first, now).await?;
    if input.sandbox {
        let id = SenderId::mint(now, ports.ids);
        let sender = NewSender::of_sandbox(id, brand, ports.ids, secrets);
        ports.store.connect_sender(new.account, &sender, now).await?;
    }
    let id = ConnectionId::mint(now, ports.ids);
    let simulator = NewConnection::of_own(id, brand, Source::Simulator, secrets, now);
    ports.store.create_connection(new.account, &simulator).await?;
    Ok(SignedUp { account: new.account, user: new.user })
}
