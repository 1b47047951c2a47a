//! `/settings/*` about the account and its people.

use super::{Done, Outcome, Sent, unknown_act};
use app::backend::{Handover, HandoverKind};
use app::{act, route};
use dispatch::source::Secret;
use dispatch::usecase::{self, AccountSaved, SaveAccount};
use std::sync::Arc;

/// `/settings/account`
pub async fn account(sent: Arc<Sent>) -> Outcome {
    let store = &*sent.state.store;
    match sent.act() {
        act::SAVE => {
            let input = SaveAccount {
                name: sent.owned("name"),
                company_country: sent.owned("company_country"),
                plan: sent.owned("plan"),
                accepted: sent.owned("accept_plan"),
            };
            match usecase::save_account(store, sent.viewer()?, &input).await? {
                AccountSaved::Done => {}
                AccountSaved::Asks => return Ok(Done::Again),
            }
        }
        act::PASSWORD => {
            let here = sent.visit.handle().unwrap_or_default();
            let (user, secrets) = (sent.user()?, &*sent.state.secrets);
            // Whoever found the page open must not try passwords here either.
            let key = user.to_string();
            let address = sent.address();
            sent.state.throttles.enter(&address, &key).map_err(super::Refusal::Throttled)?;
            let (current, new) = (sent.text("current_password"), sent.text("password"));
            usecase::change_password(store, secrets, user, &here, current, new).await?;
            sent.state.throttles.came_in(&address, &key);
        }
        _ => return unknown_act(),
    }
    Ok(sent.same_page("saved"))
}

/// `/settings/members`
pub async fn members(sent: Arc<Sent>) -> Outcome {
    let viewer = sent.viewer()?;
    let store = &*sent.state.store;
    match sent.act() {
        act::INVITE => {
            let (email, role) = (sent.text("email"), sent.text("role"));
            let secrets = &*sent.state.secrets;
            let token = usecase::invite_member(&sent.ports(), secrets, viewer, email, role).await?;
            let link = route::with_query(route::SIGN_UP, &[(act::INVITATION, token.expose())]);
            let text = Secret::new(format!("{}{link}", sent.state.site.base_url));
            sent.hand_over(&Handover { kind: HandoverKind::InvitationLink, text }).await?;
            Ok(sent.same_page("invited"))
        }
        act::SET_ROLE => {
            usecase::set_role(store, viewer, sent.text("user"), sent.text("role")).await?;
            Ok(sent.same_page("saved"))
        }
        act::REMOVE => {
            usecase::remove_member(store, viewer, sent.text("user")).await?;
            Ok(sent.same_page("removed"))
        }
        act::WITHDRAW => {
            usecase::withdraw_invitation(store, viewer, sent.text("invitation")).await?;
            Ok(sent.same_page("revoked"))
        }
        _ => unknown_act(),
    }
}

/// `/settings/keys`
pub async fn keys(sent: Arc<Sent>) -> Outcome {
    let viewer = sent.viewer()?;
    match sent.act() {
        act::CREATE => {
            let (secrets, scopes) = (&*sent.state.secrets, sent.all("scope"));
            let name = sent.text("name");
            let (_, key) =
                usecase::create_api_key(&sent.ports(), secrets, viewer, name, &scopes).await?;
            sent.hand_over(&Handover { kind: HandoverKind::ApiKey, text: key }).await?;
            Ok(sent.same_page("created"))
        }
        act::REVOKE => {
            usecase::revoke_api_key(&sent.ports(), viewer, sent.text("key")).await?;
            Ok(sent.same_page("revoked"))
        }
        _ => unknown_act(),
    }
}

/// `/settings/sessions`
pub async fn sessions(sent: Arc<Sent>) -> Outcome {
    let user = sent.user()?;
    let store = &*sent.state.store;
    let here = sent.visit.handle();
    match sent.act() {
        act::END if here.as_deref() == Some(sent.text("session")) => {
            sent.visit.sign_out().await?;
            Ok(Sent::page(route::SIGN_IN, "signed_out"))
        }
        act::END => {
            store.end_sessions(user, Some(sent.text("session")), None).await?;
            Ok(sent.same_page("removed"))
        }
        act::END_OTHERS => {
            store.end_sessions(user, None, here.as_deref()).await?;
            Ok::<Done, _>(sent.same_page("signed_out_everywhere"))
        }
        _ => unknown_act(),
    }
}
