//! Accounts, people, invitations, API keys, where somebody is signed in.

use super::world::{World, at, country};
use dispatch::error::Error;
use dispatch::id::{AccountId, ApiKeyId, InvitationId, UserId};
use dispatch::plan::Plan;
use dispatch::port::{KeyHolder, NewAccount, NewApiKey, NewInvitation, SessionRow};
use dispatch::source::Secret;
use dispatch::tenant::Role;

both![
    an_account_comes_with_its_owner,
    an_address_has_one_person,
    people_change_their_own_things,
    an_account_is_changed_as_a_whole,
    an_account_keeps_an_owner,
    two_owners_cannot_both_leave_at_once,
    an_invitation_makes_a_member_once,
    an_invitation_serves_who_is_there_already,
    a_withdrawn_or_expired_invitation_is_no_good,
    a_key_is_found_by_its_hash_until_revoked,
    sessions_are_listed_and_ended,
];

async fn an_account_comes_with_its_owner(world: World) {
    let (account, user) = world.account("ada").await;
    let found = world.store.find_credentials("ada@example.org").await.expect("asked");
    let found = found.expect("credentials");
    assert_eq!((found.user, found.password_hash.expose()), (user, "hash"));
    assert!(world.store.find_credentials("eve@example.org").await.expect("asked").is_none());
    let person = world.store.find_user(user).await.expect("asked").expect("a person");
    assert_eq!((person.email.as_str(), person.name.as_str()), ("ada@example.org", "ada"));
    assert_eq!(person.language.as_deref(), Some("fr"));
    let memberships = world.store.find_memberships(user).await.expect("asked");
    assert_eq!(memberships.len(), 1);
    assert_eq!((memberships[0].account, memberships[0].role), (account, Role::Owner));
    let members = world.store.members(account).await.expect("asked");
    assert_eq!(members.len(), 1);
    assert_eq!((members[0].user, members[0].role, members[0].since), (user, Role::Owner, at(0)));
}

async fn an_address_has_one_person(world: World) {
    world.account("ada").await;
    let again = NewAccount {
        account: AccountId::mint(at(5), &world.ids),
        name: "Second".into(),
        company_country: country("DE"),
        plan: Plan::Lite,
        user: UserId::mint(at(5), &world.ids),
        email: "ada@example.org".into(),
        user_name: "Ada".into(),
        password_hash: Secret::new("other".into()),
        language: None,
        at: at(5),
    };
    let refused = world.store.create_account(&again).await;
    assert_eq!(refused, Err(Error::invalid("email", "taken")));
    assert_eq!(world.store.account(again.account).await, Ok(None), "nothing was kept");
    assert_eq!(world.store.find_user(again.user).await, Ok(None));
}

async fn people_change_their_own_things(world: World) {
    let (_, user) = world.account("ada").await;
    world.store.set_user_language(user, "en").await.expect("set");
    world.store.set_password(user, &Secret::new("new hash".into())).await.expect("set");
    let person = world.store.find_user(user).await.expect("asked").expect("a person");
    assert_eq!(person.language.as_deref(), Some("en"));
    let found = world.store.find_credentials("ada@example.org").await.expect("asked");
    assert_eq!(found.expect("credentials").password_hash.expose(), "new hash");
    let nobody = UserId::mint(at(9), &world.ids);
    assert_eq!(world.store.set_user_language(nobody, "en").await, Err(Error::NotFound));
}

async fn an_account_is_changed_as_a_whole(world: World) {
    let (account, _) = world.account("ada").await;
    let before = world.store.account(account).await.expect("asked").expect("an account");
    assert_eq!((before.name.as_str(), before.plan), ("ada Ltd", Plan::Growth));
    assert_eq!((before.company_country, before.created_at), (country("FR"), at(0)));
    let changed = world.store.update_account(account, "Ada SE", country("DE"), Plan::Premium).await;
    assert_eq!(changed, Ok(()));
    let after = world.store.account(account).await.expect("asked").expect("an account");
    assert_eq!((after.name.as_str(), after.plan), ("Ada SE", Plan::Premium));
    assert_eq!(after.company_country, country("DE"));
    let nobody = AccountId::mint(at(9), &world.ids);
    let missed = world.store.update_account(nobody, "x", country("DE"), Plan::Lite).await;
    assert_eq!(missed, Err(Error::NotFound));
}

/// A second member of an account, through an invitation.
async fn join(world: &World, account: AccountId, name: &str, role: Role) -> UserId {
    let token_hash = format!("token of {name}");
    let invitation = new_invitation(world, name, role);
    world.store.invite(account, &invitation).await.expect("invited");
    let user = UserId::mint(at(3), &world.ids);
    let hash = Secret::new("hash".into());
    let joined = world.store.accept_invitation(&token_hash, user, Some((name, &hash)), at(4)).await;
    assert_eq!(joined, Ok(account));
    user
}

fn new_invitation(world: &World, name: &str, role: Role) -> NewInvitation {
    NewInvitation {
        id: InvitationId::mint(at(2), &world.ids),
        email: format!("{name}@example.org"),
        role,
        token_hash: format!("token of {name}"),
        at: at(2),
        expires_at: at(1_000),
    }
}

async fn an_account_keeps_an_owner(world: World) {
    let (account, ada) = world.account("ada").await;
    let last = Err(Error::Limit { what: "last_owner" });
    assert_eq!(world.store.set_role(account, ada, Role::Admin).await, last);
    assert_eq!(world.store.remove_member(account, ada).await, last);
    assert_eq!(world.store.members(account).await.expect("asked")[0].role, Role::Owner);

    let bob = join(&world, account, "bob", Role::Viewer).await;
    assert_eq!(world.store.set_role(account, bob, Role::Owner).await, Ok(()));
    assert_eq!(world.store.set_role(account, ada, Role::Editor).await, Ok(()));
    assert_eq!(world.store.remove_member(account, ada).await, Ok(()));
    assert_eq!(world.store.remove_member(account, ada).await, Err(Error::NotFound));
    assert_eq!(world.store.set_role(account, ada, Role::Owner).await, Err(Error::NotFound));
    let members = world.store.members(account).await.expect("asked");
    assert_eq!(members.iter().map(|m| m.user).collect::<Vec<_>>(), [bob]);
}

async fn two_owners_cannot_both_leave_at_once(world: World) {
    let (account, ada) = world.account("ada").await;
    let bob = join(&world, account, "bob", Role::Owner).await;
    let (one, other) = tokio::join!(
        world.store.remove_member(account, ada),
        world.store.remove_member(account, bob)
    );
    assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
    assert_eq!(world.store.members(account).await.expect("asked").len(), 1);
}

async fn an_invitation_makes_a_member_once(world: World) {
    let (account, _) = world.account("ada").await;
    let invitation = new_invitation(&world, "bob", Role::Editor);
    world.store.invite(account, &invitation).await.expect("invited");
    let open = world.store.invitations(account, at(5)).await.expect("asked");
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].id, open[0].role), (invitation.id, Role::Editor));
    let found = world.store.find_invitation("token of bob", at(5)).await.expect("asked");
    let (whose, name, view) = found.expect("an invitation");
    assert_eq!((whose, name.as_str(), &view), (account, "ada Ltd", &open[0]));

    let bob = UserId::mint(at(5), &world.ids);
    let hash = Secret::new("hash".into());
    let new = Some(("Bob", &hash));
    let joined = world.store.accept_invitation("token of bob", bob, new, at(5)).await;
    assert_eq!(joined, Ok(account));
    let members = world.store.members(account).await.expect("asked");
    assert_eq!((members[1].user, members[1].role), (bob, Role::Editor));
    assert_eq!(members[1].email, "bob@example.org");
    assert!(world.store.invitations(account, at(5)).await.expect("asked").is_empty());
    assert_eq!(world.store.find_invitation("token of bob", at(5)).await, Ok(None));
    let again = world.store.accept_invitation("token of bob", bob, None, at(6)).await;
    assert_eq!(again, Err(Error::NotFound));
}

async fn an_invitation_serves_who_is_there_already(world: World) {
    let (account, ada) = world.account("ada").await;
    let (other, bob) = world.account("bob").await;
    world
        .store
        .invite(account, &new_invitation(&world, "bob", Role::Admin))
        .await
        .expect("invited");
    let hash = Secret::new("hash".into());
    let fresh = UserId::mint(at(5), &world.ids);
    let taken =
        world.store.accept_invitation("token of bob", fresh, Some(("Bob", &hash)), at(5)).await;
    assert_eq!(taken, Err(Error::invalid("email", "taken")));
    let nobody = world.store.accept_invitation("token of bob", fresh, None, at(5)).await;
    assert_eq!(nobody, Err(Error::NotFound), "and the invitation is still good");
    let joined = world.store.accept_invitation("token of bob", bob, None, at(5)).await;
    assert_eq!(joined, Ok(account));
    let memberships = world.store.find_memberships(bob).await.expect("asked");
    assert_eq!(memberships.iter().map(|m| m.account).collect::<Vec<_>>(), [other, account]);

    // An invitation to less than one already is takes nothing away.
    world
        .store
        .invite(account, &new_invitation(&world, "ada", Role::Viewer))
        .await
        .expect("invited");
    let joined = world.store.accept_invitation("token of ada", ada, None, at(6)).await;
    assert_eq!(joined, Ok(account));
    assert_eq!(world.store.find_memberships(ada).await.expect("asked")[0].role, Role::Owner);
}

async fn a_withdrawn_or_expired_invitation_is_no_good(world: World) {
    let (account, _) = world.account("ada").await;
    let bob = new_invitation(&world, "bob", Role::Editor);
    let eve = new_invitation(&world, "eve", Role::Editor);
    world.store.invite(account, &bob).await.expect("invited");
    world.store.invite(account, &eve).await.expect("invited");
    assert_eq!(world.store.withdraw_invitation(account, bob.id).await, Ok(()));
    assert_eq!(world.store.withdraw_invitation(account, bob.id).await, Err(Error::NotFound));
    assert_eq!(world.store.find_invitation("token of bob", at(5)).await, Ok(None));
    assert_eq!(world.store.find_invitation("token of eve", at(1_000)).await, Ok(None));
    assert!(world.store.invitations(account, at(1_000)).await.expect("asked").is_empty());
    let user = UserId::mint(at(5), &world.ids);
    let hash = Secret::new("hash".into());
    let late =
        world.store.accept_invitation("token of eve", user, Some(("Eve", &hash)), at(1_000)).await;
    assert_eq!(late, Err(Error::NotFound));
    assert_eq!(world.store.find_user(user).await, Ok(None));
}

fn new_key(world: &World, name: &str, seconds: i64) -> NewApiKey {
    NewApiKey {
        id: ApiKeyId::mint(at(seconds), &world.ids),
        name: name.into(),
        hint: format!("fk_{name}"),
        hash: format!("hash of {name}"),
        scopes: vec!["events:write".into(), "messages:read".into()],
        at: at(seconds),
    }
}

async fn a_key_is_found_by_its_hash_until_revoked(world: World) {
    let (account, _) = world.account("ada").await;
    let (one, two) = (new_key(&world, "one", 1), new_key(&world, "two", 2));
    world.store.create_api_key(account, &one).await.expect("kept");
    world.store.create_api_key(account, &two).await.expect("kept");
    let used = async || {
        let keys = world.store.api_keys(account).await.expect("asked");
        assert_eq!(keys.iter().map(|k| k.id).collect::<Vec<_>>(), [two.id, one.id]);
        keys[1].used_at
    };
    assert_eq!(used().await, None);
    let holder = KeyHolder { account, key: one.id, scopes: one.scopes.clone() };
    // The use is noted, but not more than once a minute.
    assert_eq!(world.store.find_api_key("hash of one", at(10)).await, Ok(Some(holder.clone())));
    assert_eq!(used().await, Some(at(10)));
    assert_eq!(world.store.find_api_key("hash of one", at(69)).await, Ok(Some(holder.clone())));
    assert_eq!(used().await, Some(at(10)));
    assert_eq!(world.store.find_api_key("hash of one", at(70)).await, Ok(Some(holder)));
    assert_eq!(used().await, Some(at(70)));

    assert_eq!(world.store.find_api_key("hash of none", at(70)).await, Ok(None));
    assert_eq!(world.store.revoke_api_key(account, one.id, at(80)).await, Ok(()));
    assert_eq!(world.store.find_api_key("hash of one", at(81)).await, Ok(None));
    assert_eq!(world.store.revoke_api_key(account, one.id, at(90)).await, Ok(()));
    let keys = world.store.api_keys(account).await.expect("asked");
    assert_eq!(keys[1].revoked_at, Some(at(80)), "the first revocation counts");
    let unknown = ApiKeyId::mint(at(9), &world.ids);
    assert_eq!(world.store.revoke_api_key(account, unknown, at(90)).await, Err(Error::NotFound));
}

async fn sessions_are_listed_and_ended(world: World) {
    let (_, ada) = world.account("ada").await;
    let (_, bob) = world.account("bob").await;
    for (id, user, seen) in [("a", ada, 10), ("b", ada, 20), ("c", ada, 30), ("x", bob, 40)] {
        let row = SessionRow {
            id_hash: id.into(),
            user: Some(user),
            agent: format!("browser {id}"),
            created_at: at(0),
            seen_at: at(seen),
            expires_at: at(100 + seen),
            data: "{}".into(),
        };
        world.store.save(&row).await.expect("saved");
    }
    let handles = async |user| {
        let sessions = world.store.sessions(user, "b", at(50)).await.expect("asked");
        sessions.into_iter().map(|s| (s.handle, s.current)).collect::<Vec<_>>()
    };
    let listed =
        |ids: &[&str]| ids.iter().map(|id| ((*id).to_owned(), *id == "b")).collect::<Vec<_>>();
    assert_eq!(handles(ada).await, listed(&["c", "b", "a"]), "the last seen first");
    assert!(world.store.sessions(ada, "b", at(130)).await.expect("asked").is_empty());

    // Somebody else's session is not one's own to end.
    world.store.end_sessions(ada, Some("x"), None).await.expect("ended");
    assert_eq!(handles(bob).await, listed(&["x"]));
    world.store.end_sessions(ada, Some("a"), None).await.expect("ended");
    assert_eq!(handles(ada).await, listed(&["c", "b"]));
    world.store.end_sessions(ada, None, Some("b")).await.expect("ended");
    assert_eq!(handles(ada).await, listed(&["b"]));
    world.store.end_sessions(ada, None, None).await.expect("ended");
    assert!(handles(ada).await.is_empty());
    assert_eq!(handles(bob).await, listed(&["x"]));
}
