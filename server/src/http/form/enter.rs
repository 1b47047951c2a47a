//! Coming in and going out.

use super::{Done, Outcome, Refusal, Sent, local, unknown_act};
use app::{act, route};
use dispatch::error::Error;
use dispatch::id::{AccountId, UserId};
use dispatch::usecase::{self, AcceptInvitation, SignUp};
use http::header;
use std::sync::Arc;

/// `/sign-in`
pub async fn sign_in(sent: Arc<Sent>) -> Outcome {
    let (address, email) = (sent.address(), sent.text("email"));
    let throttles = &sent.state.throttles;
    throttles.enter(&address, email).map_err(Refusal::Throttled)?;
    let (store, secrets) = (&*sent.state.store, &*sent.state.secrets);
    let user = usecase::sign_in(store, secrets, email, sent.text("password")).await?;
    throttles.came_in(&address, email);
    let next = match sent.text("next") {
        "" => sent.query("next"),
        next => next.to_owned(),
    };
    come_in(&sent, user, None, if next.is_empty() { route::OVERVIEW } else { local(&next) }).await
}

/// `/sign-up`, also with an invitation.
pub async fn sign_up(sent: Arc<Sent>) -> Outcome {
    match sent.act() {
        act::ACCEPT => accept(&sent).await,
        act::SIGN_UP => new_account(&sent).await,
        _ => unknown_act(),
    }
}

async fn new_account(sent: &Sent) -> Outcome {
    // By address alone: there is no password to guess, and every e-mail is new.
    sent.state.throttles.enter(&sent.address(), "").map_err(Refusal::Throttled)?;
    let input = SignUp {
        name: sent.owned("name"),
        email: sent.owned("email"),
        password: sent.owned("password"),
        account: sent.owned("account"),
        company_country: sent.owned("company_country"),
        language: None,
        sandbox: sent.state.site.sandbox_url.is_some(),
    };
    let made = usecase::sign_up(&sent.ports(), &*sent.state.secrets, &input).await?;
    sent.state.wakes.subscriber.ring();
    come_in(sent, made.user, Some(made.account), route::OVERVIEW).await
}

async fn accept(sent: &Sent) -> Outcome {
    let token = sent.query(act::INVITATION);
    // The token takes the e-mail's place: whoever has a link may not try passwords without end.
    let key = sent.state.secrets.hash_token(&token);
    sent.state.throttles.enter(&sent.address(), &key).map_err(Refusal::Throttled)?;
    let input = AcceptInvitation {
        token,
        name: sent.owned("name"),
        password: sent.owned("password"),
        signed_in: sent.guest.as_ref().map(|guest| guest.user.id),
    };
    let accepted = usecase::accept_invitation(&sent.ports(), &*sent.state.secrets, &input).await;
    let (user, account) = accepted.map_err(|error| match error {
        Error::NotFound => Error::invalid("", "invitation"),
        other => other,
    })?;
    come_in(sent, user, Some(account), route::OVERVIEW).await
}

async fn come_in(sent: &Sent, user: UserId, account: Option<AccountId>, address: &str) -> Outcome {
    let agent = sent.header(header::USER_AGENT);
    sent.visit.sign_in(user, agent, sent.state.clock.now()).await?;
    if let Some(account) = account {
        sent.visit.open_account(account).await?;
    }
    Ok(Done::See(address.to_owned()))
}

/// `/sign-out`
pub async fn sign_out(sent: Arc<Sent>) -> Outcome {
    sent.visit.sign_out().await?;
    Ok(Sent::page(route::SIGN_IN, "signed_out"))
}
