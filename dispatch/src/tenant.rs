//! Accounts, the people in them and what each role may do: the one place where roles are judged.

use crate::error::{Error, Result};
use crate::id::{AccountId, UserId};
use crate::words::words;

words! {
    /// What a member of an account may do.
    Role {
        /// Everything, also the account itself.
        Owner = "owner",
        /// Members, keys, billing and all an editor may.
        Admin = "admin",
        /// Brands, statuses, connections.
        Editor = "editor",
        /// Look, change nothing.
        Viewer = "viewer",
    }
}

words! {
    /// One thing that needs a right.
    Permission {
        /// See settings, messages and reasons (phones masked).
        Read = "read",
        /// See whole phone numbers.
        ReadPhones = "read_phones",
        /// Change brands, matrix, connections; simulate; replay.
        Edit = "edit",
        /// Turn on what costs money.
        Activate = "activate",
        /// See invoices.
        ReadBilling = "read_billing",
        /// Invite, remove, change roles.
        ManageMembers = "manage_members",
        /// Create and revoke API keys.
        ManageKeys = "manage_keys",
        /// Rename the account, change its plan.
        ManageAccount = "manage_account",
    }
}

words! {
    /// What a key of the REST API may do.
    Scope {
        /// Read everything, phones masked.
        Read = "read",
        /// Hand in events, make connections.
        Write = "write",
        /// See whole phone numbers.
        ReadPhones = "read_phones",
    }
}

impl Role {
    /// Whether the role includes the right.
    #[must_use]
    pub const fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::Read => true,
            Permission::ReadPhones | Permission::Edit => !matches!(self, Self::Viewer),
            Permission::Activate
            | Permission::ReadBilling
            | Permission::ManageMembers
            | Permission::ManageKeys => matches!(self, Self::Owner | Self::Admin),
            Permission::ManageAccount => matches!(self, Self::Owner),
        }
    }
}

/// Who is asking, for which account. A value of this type is the proof of having signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The tenant everything is read and written for.
    pub account: AccountId,
    /// The person; none for an API key.
    pub user: Option<UserId>,
    /// What they may do there.
    pub role: Role,
}

impl Viewer {
    /// Asks for a right.
    ///
    /// # Errors
    /// `Denied` when the role does not include it.
    pub const fn need(&self, permission: Permission) -> Result<()> {
        if self.role.may(permission) { Ok(()) } else { Err(Error::Denied) }
    }

    /// Asks for the right to give a role, or to take it from somebody: only an owner's hand reaches
    /// owners.
    ///
    /// # Errors
    /// `Denied`.
    pub const fn need_to_give(&self, role: Role) -> Result<()> {
        match role {
            Role::Owner => self.need(Permission::ManageAccount),
            Role::Admin | Role::Editor | Role::Viewer => self.need(Permission::ManageMembers),
        }
    }
}

/// Reads an e-mail address as a person types it: trimmed, lower case.
///
/// # Errors
/// `Invalid` on `email` when it cannot be one (no check whether it exists).
pub fn parse_email(text: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Err(Error::invalid("email", "required"));
    }
    let plausible = text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && host.contains('.')
                && !host.contains('@')
                && !host.starts_with('.')
                && !host.ends_with('.')
        });
    if plausible { Ok(text) } else { Err(Error::invalid("email", "email")) }
}

/// Reads a name a person gives to something: trimmed, 1 to 80 characters, no control characters.
///
/// # Errors
/// `Invalid` on the given field.
pub fn parse_name(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        Err(Error::invalid(field, "required"))
    } else if text.chars().count() > 80 {
        Err(Error::invalid(field, "too_long"))
    } else if text.chars().any(|c| c.is_control() || is_bidi_control(c)) {
        Err(Error::invalid(field, "characters"))
    } else {
        Ok(text.to_owned())
    }
}

/// Looks at a new password: at least 8 characters, at most 1024 bytes, nothing else, because rules
/// about digits and signs make passwords worse.
///
/// # Errors
/// `Invalid` on the given field.
pub fn parse_password(field: &'static str, text: &str) -> Result<()> {
    if text.is_empty() {
        Err(Error::invalid(field, "required"))
    } else if text.chars().count() < 8 {
        Err(Error::invalid(field, "too_short"))
    } else if text.len() > 1024 {
        Err(Error::invalid(field, "too_long"))
    } else {
        Ok(())
    }
}

/// Characters that reorder the text around them and so can make one name look like another.
#[must_use]
pub const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_only_reads_and_only_an_owner_changes_the_account() {
        for permission in Permission::ALL {
            assert!(Role::Owner.may(*permission));
            assert_eq!(Role::Viewer.may(*permission), *permission == Permission::Read);
        }
        assert!(!Role::Editor.may(Permission::Activate));
        assert!(!Role::Admin.may(Permission::ManageAccount));
    }

    #[test]
    fn addresses_are_trimmed_and_lowered_and_nonsense_is_refused() {
        assert_eq!(parse_email(" Ada@Example.ORG "), Ok("ada@example.org".into()));
        for bad in ["", "ada", "ada@", "@b.c", "a@b", "a b@c.d", "a@b@c.d", "a@.b"] {
            assert!(parse_email(bad).is_err(), "{bad}");
        }
    }
}
