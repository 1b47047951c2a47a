//! A person takes an invitation.

use super::Ports;
use crate::error::{Error, Result};
use crate::id::{AccountId, UserId};
use crate::port::Secrets;
use crate::tenant::{parse_name, parse_password};

/// What the form asks.
#[derive(Debug, Clone, Default)]
pub struct AcceptInvitation {
    /// The token of the link.
    pub token: String,
    /// A new person's name; not looked at when the address has an account.
    pub name: String,
    /// A new person's choice, or the password of the account that exists.
    pub password: String,
    /// The person signed in here, who needs no password for an invitation to their own address.
    pub signed_in: Option<UserId>,
}

/// Makes the person a member; answers who it is and which account they may open now.
///
/// # Errors
/// `NotFound` when the invitation is no longer good; `Invalid` on `name` or `password`.
pub async fn accept_invitation(
    ports: &Ports<'_>,
    secrets: &dyn Secrets,
    input: &AcceptInvitation,
) -> Result<(UserId, AccountId)> {
    let now = ports.now();
    let token_hash = secrets.hash_token(&input.token);
    let (_, _, invitation) =
        ports.store.find_invitation(&token_hash, now).await?.ok_or(Error::NotFound)?;

    let Some(known) = ports.store.find_credentials(&invitation.email).await? else {
        let name = parse_name("name", &input.name)?;
        parse_password("password", &input.password)?;
        let hash = secrets.hash_password(&input.password).await?;
        let user = UserId::mint(now, ports.ids);
        let new = Some((name.as_str(), &hash));
        return Ok((user, ports.store.accept_invitation(&token_hash, user, new, now).await?));
    };
    let proven = input.signed_in == Some(known.user)
        || secrets.verify_password(&input.password, Some(&known.password_hash)).await?;
    if !proven {
        return Err(Error::invalid("password", "wrong_password"));
    }
    Ok((known.user, ports.store.accept_invitation(&token_hash, known.user, None, now).await?))
}
