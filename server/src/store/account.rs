//! Accounts: people, members, invitations, API keys, and where somebody is signed in.

use super::SqlStore;
use super::dialect::Dialect;
use super::row;
use super::sql::statements;
use super::value::{Row, args};
use async_trait::async_trait;
use dispatch::country::Country;
use dispatch::error::{Error, Result};
use dispatch::id::{AccountId, ApiKeyId, InvitationId, UserId};
use dispatch::plan::Plan;
use dispatch::port::{Accounts, Credentials, KeyHolder, NewAccount, NewApiKey, NewInvitation};
use dispatch::source::Secret;
use dispatch::tenant::Role;
use dispatch::time::Timestamp;
use dispatch::view::{
    AccountView, ApiKeyView, InvitationView, MemberView, MembershipView, SessionView, UserView,
};
use std::time::Duration;

statements! {
    ADD_PERSON = ["INSERT INTO person (id, email, name, password_hash, language, created_at) VALUES ($1, $2, $3, $4, $5, $6)"];
    ADD_ACCOUNT = ["INSERT INTO account (id, name, company_country, plan, created_at) VALUES ($1, $2, $3, $4, $5)"];
    // Who is a member already keeps their role: an old invitation must not take rights away.
    ADD_MEMBER = ["INSERT INTO member (account_id, user_id, role, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"];
    CREDENTIALS = ["SELECT id, password_hash FROM person WHERE email = $1"];
    PERSON = ["SELECT id, email, name, language FROM person WHERE id = $1"];
    MEMBERSHIPS = ["SELECT a.id, a.name, m.role FROM member m JOIN account a ON a.id = m.account_id \
        WHERE m.user_id = $1 ORDER BY m.since, a.id"];
    SET_LANGUAGE = ["UPDATE person SET language = $2 WHERE id = $1"];
    SET_PASSWORD = ["UPDATE person SET password_hash = $2 WHERE id = $1"];

    ACCOUNT = ["SELECT id, name, company_country, plan, created_at FROM account WHERE id = $1"];
    UPDATE_ACCOUNT = ["UPDATE account SET name = $2, company_country = $3, plan = $4 WHERE id = $1"];
    // Changes nothing; two changes of an account's members wait for each other here.
    LOCK = ["UPDATE account SET name = name WHERE id = $1"];
    MEMBERS = ["SELECT p.id, p.email, p.name, m.role, m.since FROM member m JOIN person p ON p.id = m.user_id \
        WHERE m.account_id = $1 ORDER BY m.since, p.id"];
    SET_ROLE = ["UPDATE member SET role = $3 WHERE account_id = $1 AND user_id = $2"];
    REMOVE_MEMBER = ["DELETE FROM member WHERE account_id = $1 AND user_id = $2"];
    OWNERS = ["SELECT count(*) FROM member WHERE account_id = $1 AND role = 'owner'"];

    INVITE = ["INSERT INTO invitation (id, account_id, email, role, token_hash, created_at, expires_at, accepted_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)"];
    INVITATIONS = ["SELECT id, email, role, expires_at FROM invitation \
        WHERE account_id = $1 AND accepted_at IS NULL AND expires_at > $2 ORDER BY id DESC"];
    WITHDRAW = ["DELETE FROM invitation WHERE account_id = $1 AND id = $2 AND accepted_at IS NULL"];
    FIND_INVITATION = ["SELECT a.id, a.name, i.id, i.email, i.role, i.expires_at FROM invitation i \
        JOIN account a ON a.id = i.account_id WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.expires_at > $2"];
    // Only a link that is still good, and only once.
    ACCEPT = ["UPDATE invitation SET accepted_at = $2 WHERE token_hash = $1 AND accepted_at IS NULL AND expires_at > $2 \
        RETURNING account_id, email, role"];

    ADD_KEY = ["INSERT INTO api_key (id, account_id, name, hint, hash, scopes, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"];
    KEYS = ["SELECT id, name, hint, scopes, created_at, used_at, revoked_at FROM api_key WHERE account_id = $1 ORDER BY id DESC"];
    REVOKE_KEY = ["UPDATE api_key SET revoked_at = coalesce(revoked_at, $3) WHERE account_id = $1 AND id = $2"];
    FIND_KEY = ["SELECT account_id, id, scopes, used_at FROM api_key WHERE hash = $1 AND revoked_at IS NULL"];
    USE_KEY = ["UPDATE api_key SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $2)"];

    SESSIONS = ["SELECT id_hash, agent, created_at, seen_at FROM session WHERE user_id = $1 AND expires_at > $2 \
        ORDER BY seen_at DESC, id_hash"];
    END_SESSIONS = ["DELETE FROM session WHERE user_id = $1 AND ($2 = '' OR id_hash = $2) AND id_hash <> $3"];
}

/// A key's use is noted at most this often: a note is a write, and a client may call every second.
const USE_NOTED_EVERY: Duration = Duration::from_secs(60);

#[async_trait]
impl<DB: Dialect> Accounts for SqlStore<DB> {
    async fn create_account(&self, new: &NewAccount) -> Result<()> {
        let mut write = self.write().await?;
        let hash = new.password_hash.expose();
        let person = args![new.user, new.email, new.user_name, hash, new.language, new.at];
        if write.run_unless_taken(&ADD_PERSON, person).await?.is_none() {
            return Err(Error::invalid("email", "taken"));
        }
        let account = args![new.account, new.name, new.company_country, new.plan, new.at];
        write.run(&ADD_ACCOUNT, account).await?;
        write.run(&ADD_MEMBER, args![new.account, new.user, Role::Owner, new.at]).await?;
        write.commit().await
    }

    async fn find_credentials(&self, email: &str) -> Result<Option<Credentials>> {
        let Some(mut row) = self.row(&CREDENTIALS, args![email]).await? else { return Ok(None) };
        Ok(Some(Credentials { user: row.read()?, password_hash: Secret::new(row.text()?) }))
    }

    async fn find_user(&self, user: UserId) -> Result<Option<UserView>> {
        let Some(mut row) = self.row(&PERSON, args![user]).await? else { return Ok(None) };
        Ok(Some(UserView {
            id: row.read()?,
            email: row.text()?,
            name: row.text()?,
            language: row.text_or_none()?,
        }))
    }

    async fn find_memberships(&self, user: UserId) -> Result<Vec<MembershipView>> {
        let rows = self.rows(&MEMBERSHIPS, args![user]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(MembershipView { account: row.read()?, name: row.text()?, role: row.read()? })
            })
            .collect()
    }

    async fn set_user_language(&self, user: UserId, language: &str) -> Result<()> {
        row::found(self.run(&SET_LANGUAGE, args![user, language]).await?)
    }

    async fn set_password(&self, user: UserId, hash: &Secret) -> Result<()> {
        row::found(self.run(&SET_PASSWORD, args![user, hash.expose()]).await?)
    }

    async fn account(&self, account: AccountId) -> Result<Option<AccountView>> {
        let row = self.row(&ACCOUNT, args![account]).await?;
        row.map(|mut row| row::account_view(&mut row)).transpose()
    }

    async fn update_account(
        &self,
        account: AccountId,
        name: &str,
        company_country: Country,
        plan: Plan,
    ) -> Result<()> {
        row::found(self.run(&UPDATE_ACCOUNT, args![account, name, company_country, plan]).await?)
    }

    async fn members(&self, account: AccountId) -> Result<Vec<MemberView>> {
        let rows = self.rows(&MEMBERS, args![account]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(MemberView {
                    user: row.read()?,
                    email: row.text()?,
                    name: row.text()?,
                    role: row.read()?,
                    since: row.time()?,
                })
            })
            .collect()
    }

    async fn set_role(&self, account: AccountId, user: UserId, role: Role) -> Result<()> {
        let mut write = self.write().await?;
        write.run(&LOCK, args![account]).await?;
        row::found(write.run(&SET_ROLE, args![account, user, role]).await?)?;
        still_owned(write.rows(&OWNERS, args![account]).await?)?;
        write.commit().await
    }

    async fn remove_member(&self, account: AccountId, user: UserId) -> Result<()> {
        let mut write = self.write().await?;
        write.run(&LOCK, args![account]).await?;
        row::found(write.run(&REMOVE_MEMBER, args![account, user]).await?)?;
        still_owned(write.rows(&OWNERS, args![account]).await?)?;
        write.commit().await
    }

    async fn invite(&self, account: AccountId, new: &NewInvitation) -> Result<()> {
        let invitation =
            args![new.id, account, new.email, new.role, new.token_hash, new.at, new.expires_at];
        self.run(&INVITE, invitation).await.map(drop)
    }

    async fn invitations(&self, account: AccountId, now: Timestamp) -> Result<Vec<InvitationView>> {
        let rows = self.rows(&INVITATIONS, args![account, now]).await?;
        rows.into_iter().map(|mut row| invitation(&mut row)).collect()
    }

    async fn withdraw_invitation(&self, account: AccountId, id: InvitationId) -> Result<()> {
        row::found(self.run(&WITHDRAW, args![account, id]).await?)
    }

    async fn find_invitation(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<(AccountId, String, InvitationView)>> {
        let row = self.row(&FIND_INVITATION, args![token_hash, now]).await?;
        let Some(mut row) = row else { return Ok(None) };
        Ok(Some((row.read()?, row.text()?, invitation(&mut row)?)))
    }

    async fn accept_invitation(
        &self,
        token_hash: &str,
        user: UserId,
        new: Option<(&str, &Secret)>,
        now: Timestamp,
    ) -> Result<AccountId> {
        let mut write = self.write().await?;
        let mut accepted = write.rows(&ACCEPT, args![token_hash, now]).await?;
        let mut row = accepted.pop().ok_or(Error::NotFound)?;
        let (account, email, role): (AccountId, String, Role) =
            (row.read()?, row.text()?, row.read()?);
        match new {
            Some((name, hash)) => {
                let person = args![user, email, name, hash.expose(), None::<String>, now];
                if write.run_unless_taken(&ADD_PERSON, person).await?.is_none() {
                    return Err(Error::invalid("email", "taken"));
                }
            }
            None if write.rows(&PERSON, args![user]).await?.is_empty() => {
                return Err(Error::NotFound);
            }
            None => {}
        }
        write.run(&ADD_MEMBER, args![account, user, role, now]).await?;
        write.commit().await?;
        Ok(account)
    }

    async fn create_api_key(&self, account: AccountId, new: &NewApiKey) -> Result<()> {
        let scopes = new.scopes.join(" ");
        let key = args![new.id, account, new.name, new.hint, new.hash, scopes, new.at];
        self.run(&ADD_KEY, key).await.map(drop)
    }

    async fn api_keys(&self, account: AccountId) -> Result<Vec<ApiKeyView>> {
        let rows = self.rows(&KEYS, args![account]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(ApiKeyView {
                    id: row.read()?,
                    name: row.text()?,
                    hint: row.text()?,
                    scopes: scopes(&row.text()?),
                    created_at: row.time()?,
                    used_at: row.time_or_none()?,
                    revoked_at: row.time_or_none()?,
                })
            })
            .collect()
    }

    async fn revoke_api_key(&self, account: AccountId, id: ApiKeyId, now: Timestamp) -> Result<()> {
        row::found(self.run(&REVOKE_KEY, args![account, id, now]).await?)
    }

    async fn find_api_key(&self, hash: &str, now: Timestamp) -> Result<Option<KeyHolder>> {
        let Some(mut row) = self.row(&FIND_KEY, args![hash]).await? else { return Ok(None) };
        let holder =
            KeyHolder { account: row.read()?, key: row.read()?, scopes: scopes(&row.text()?) };
        let used_at = row.time_or_none()?;
        if used_at.is_none_or(|at| now.since(at) >= USE_NOTED_EVERY) {
            self.run(&USE_KEY, args![holder.key, now]).await?;
        }
        Ok(Some(holder))
    }

    async fn sessions(
        &self,
        user: UserId,
        current: &str,
        now: Timestamp,
    ) -> Result<Vec<SessionView>> {
        let rows = self.rows(&SESSIONS, args![user, now]).await?;
        rows.into_iter()
            .map(|mut row| {
                let handle = row.text()?;
                Ok(SessionView {
                    current: handle == current,
                    handle,
                    agent: row.text()?,
                    created_at: row.time()?,
                    seen_at: row.time()?,
                })
            })
            .collect()
    }

    async fn end_sessions(
        &self,
        user: UserId,
        only: Option<&str>,
        keep: Option<&str>,
    ) -> Result<()> {
        let (only, keep) = (only.unwrap_or_default(), keep.unwrap_or_default());
        self.run(&END_SESSIONS, args![user, only, keep]).await.map(drop)
    }
}

/// Refuses to leave an account without anybody who may change it.
fn still_owned(count: Vec<Row>) -> Result<()> {
    let owners = count.into_iter().next().ok_or(Error::Corrupt)?.int()?;
    if owners == 0 { Err(Error::Limit { what: "last_owner" }) } else { Ok(()) }
}

fn invitation(row: &mut Row) -> Result<InvitationView> {
    Ok(InvitationView {
        id: row.read()?,
        email: row.text()?,
        role: row.read()?,
        expires_at: row.time()?,
    })
}

/// Scopes are kept space separated: a key is never looked up by one.
fn scopes(column: &str) -> Vec<String> {
    column.split_ascii_whitespace().map(str::to_owned).collect()
}
