//! What a form was sent with and why it was refused.
//!
//! Every form is an ordinary `<form method="post">` to its own page's path, with a field [`ACT`] that
//! names the action. The server answers 303 when it is done, or 422 with the same page, for which it
//! puts a [`FormState`] into context: `ui::Field` and its relatives show the typed values and the
//! errors again by themselves. Field names are therefore unique on a page, across all its forms.
//!
//! A success is told on the next page: the redirect carries `?done=<code>` and the frame shows the
//! sentence of [`done`]. To add a notice or an error, add its sentence to `locales/*/form.toml` and
//! its code below.

use crate::text::Text;

/// The name of the field that says which of a page's actions is meant.
pub const ACT: &str = "act";

/// The query parameter by which a redirect tells what was done.
pub const DONE: &str = "done";

/// The name under which a refused form hands back what is wrong with a line of a file:
/// `line:column:code`, one each.
pub const FAULT: &str = "fault";

/// The name under which a form that waited for its sender to sign in says that it is not whole: what is
/// never kept (passwords, keys, files) is missing. Such a form is shown again, filled in, and not done.
pub const LEFT_OUT: &str = "left_out";

/// The name under which a form that was too large is told how many MiB it may have.
pub const MIB: &str = "mib";

/// Why a form was not even looked at. Its page is not shown again; one that says so is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Nobody is signed in any more: what was typed waits.
    SignedOut,
    /// Larger than is read.
    TooLarge,
    /// Not read to its end.
    Cut,
    /// Not from a page of ours.
    Elsewhere,
}

impl Stop {
    const ALL: [Self; 4] = [Self::SignedOut, Self::TooLarge, Self::Cut, Self::Elsewhere];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::TooLarge => "stopped_too_large",
            Self::Cut => "stopped_cut",
            Self::Elsewhere => "stopped_elsewhere",
        }
    }

    /// What stopped a form; none when nothing did.
    #[must_use]
    pub fn of(form: &FormState) -> Option<Self> {
        let code = form.error("")?;
        Self::ALL.into_iter().find(|stop| stop.code() == code)
    }
}

/// A refused form: what was typed and what is wrong with it. Empty on a page that is merely shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormState {
    /// Field and code, in the order of the form. The field is empty for what concerns the whole form.
    pub errors: Vec<(String, String)>,
    /// Field and text as sent; check boxes appear once per ticked box. Never holds passwords.
    pub values: Vec<(String, String)>,
}

impl FormState {
    /// A form refused for one reason.
    #[must_use]
    pub fn refused(field: &str, code: &str, values: Vec<(String, String)>) -> Self {
        Self { errors: vec![(field.to_owned(), code.to_owned())], values }
    }

    /// Whether this is the answer to a refused form.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        !self.errors.is_empty()
    }

    /// What of it concerns one of the page's forms: all when that one was sent, nothing otherwise.
    #[must_use]
    pub fn of(&self, act: &str) -> Self {
        if self.value(ACT) == Some(act) { self.clone() } else { Self::default() }
    }

    /// What was typed into a field; none when the form was not sent.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// What was typed, or what is stored.
    #[must_use]
    pub fn value_or(&self, field: &str, stored: &str) -> String {
        self.value(field).unwrap_or(stored).to_owned()
    }

    /// Whether a box stands ticked: as sent when the form was refused, as stored otherwise.
    #[must_use]
    pub fn ticked_or(&self, field: &str, value: &str, stored: bool) -> bool {
        if self.is_refused() {
            self.values.iter().any(|(name, sent)| name == field && sent == value)
        } else {
            stored
        }
    }

    /// The code of what is wrong with a field.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|(name, _)| name == field).map(|(_, code)| code.as_str())
    }
}

/// What the fields with something wrong are called on their page. They say so while they are made, and the
/// list above them, which is made after them, reads it.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Default)]
pub struct Labels(std::sync::Arc<std::sync::Mutex<Vec<(String, String)>>>);

#[cfg(feature = "ssr")]
impl Labels {
    /// Keeps a field's label; the first word of a name counts.
    pub fn keep(&self, field: &str, label: &str) {
        if let Ok(mut labels) = self.0.lock() {
            labels.push((field.to_owned(), label.to_owned()));
        }
    }

    /// A field's label; none of a field the page does not show.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<String> {
        let labels = self.0.lock().ok()?;
        labels.iter().find(|(name, _)| name == field).map(|(_, label)| label.clone())
    }
}

/// Says what is wrong and what to type instead.
#[must_use]
pub fn sentence(t: Text, code: &str) -> &'static str {
    match code {
        "required" => t.form_required(),
        "format" => t.form_format(),
        "unknown" => t.form_unknown(),
        "characters" => t.form_characters(),
        "plan" => t.form_plan(),
        "plan_use" => t.form_plan_use(),
        "taken" => t.form_taken(),
        "short" | "too_short" => t.form_short(),
        "long" | "too_long" => t.form_long(),
        "amount" => t.form_amount(),
        "email" => t.form_email(),
        "phone" => t.form_phone(),
        "url" => t.form_url(),
        "credentials" => t.form_credentials(),
        "current_password" => t.form_current_password(),
        "wrong_password" => t.form_wrong_password(),
        "invitation" => t.form_invitation(),
        "throttled" => t.form_throttled(),
        "expired" => t.form_expired(),
        "denied" => t.form_denied(),
        "conflict" => t.form_conflict(),
        "unavailable" => t.form_unavailable(),
        "countries" => t.form_countries(),
        "brands" => t.form_brands(),
        "accept" => t.form_accept(),
        "basis" => t.form_basis(),
        "not_active" => t.form_not_active(),
        "no_price" => t.form_no_price(),
        "price_changed" => t.form_price_changed(),
        "accepted_before" => t.form_accepted_before(),
        "terms_changed" => t.form_terms_changed(),
        "overtaken" => t.form_overtaken(),
        "last_owner" => t.form_last_owner(),
        "in_use" => t.form_in_use(),
        "opted_out" => t.form_opted_out(),
        "future" => t.form_future(),
        "time" => t.form_time(),
        "too_large" => t.form_too_large(),
        "encoding" => t.form_encoding(),
        "quote" => t.form_quote(),
        "columns" => t.form_columns(),
        "no_lines" => t.form_no_lines(),
        "too_many_lines" => t.form_too_many_lines(),
        "lines" => t.form_lines(),
        "platform_id" => t.form_platform_id(),
        "wrong_token" => t.brand_wrong_token(),
        "wrong_number" => t.brand_wrong_number(),
        "wrong_waba" => t.brand_wrong_waba(),
        "wrong_registered" => t.brand_wrong_registered(),
        "unreachable" => t.form_unreachable(),
        "unclear" => t.form_unclear(),
        "too_late" => t.form_too_late(),
        "not_found" => t.form_not_found(),
        "same" => t.form_same(),
        "color" => t.form_color(),
        "generic" => t.form_generic(),
        "https" => t.form_https(),
        "picture" => t.form_picture(),
        "too_big" => t.form_too_big(),
        "too_wide" => t.form_too_wide(),
        "no_file" => t.form_no_file(),
        "number" => t.form_number(),
        "range" => t.form_range(),
        "file_kind" => t.form_file_kind(),
        "picture_big" => t.form_picture_big(),
        "picture_wide" => t.form_picture_wide(),
        "document_big" => t.form_document_big(),
        "cut_off" => t.form_cut_off(),
        "active" => t.form_active(),
        "files" => t.form_files(),
        "choose" => t.form_choose(),
        "not_again" => t.form_not_again(),
        "checks" => t.form_checks(),
        "stopped" => t.form_stopped(),
        "hidden" => t.form_hidden(),
        LEFT_OUT => t.form_left_out(),
        "sender" => t.form_sender(),
        _ => t.form_refused(),
    }
}

/// The notice of something done; none for a code nobody knows, since anybody can type a query.
#[must_use]
pub fn done(t: Text, code: &str) -> Option<&'static str> {
    Some(match code {
        "saved" => t.form_done_saved(),
        "checked" => t.form_done_checked(),
        "created" => t.form_done_created(),
        "archived" => t.form_done_archived(),
        "restored" => t.form_done_restored(),
        "activated" => t.form_done_activated(),
        "activated_quiet" => t.form_done_activated_quiet(),
        "deactivated" => t.form_done_deactivated(),
        "matrix_saved" => t.form_done_matrix_saved(),
        "undone" => t.form_done_undone(),
        "invited" => t.form_done_invited(),
        "removed" => t.form_done_removed(),
        "revoked" => t.form_done_revoked(),
        "rotated" => t.form_done_rotated(),
        "signed_out" => t.form_done_signed_out(),
        "signed_out_everywhere" => t.form_done_signed_out_everywhere(),
        "replayed" => t.form_done_replayed(),
        "sent_again" => t.form_done_sent_again(),
        "simulated" => t.form_done_simulated(),
        "submitted" => t.form_done_submitted(),
        "adopted" => t.form_done_adopted(),
        "unchanged" => t.form_done_unchanged(),
        "discarded" => t.form_done_discarded(),
        "closed" => t.form_done_closed(),
        "consent_recorded" => t.form_done_consent_recorded(),
        "imported" => t.form_done_imported(),
        "lines_checked" => t.form_done_lines_checked(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_shows_what_was_typed_even_when_it_was_emptied() {
        let typed =
            vec![("name".to_owned(), String::new()), ("country".to_owned(), "FR".to_owned())];
        let form = FormState::refused("name", "required", typed);
        assert_eq!(form.value_or("name", "Maison Sauvel"), "");
        assert_eq!(form.value_or("footer", "STOP"), "STOP");
        assert!(form.ticked_or("country", "FR", false));
        assert!(!form.ticked_or("country", "DE", true), "an unticked box is sent as nothing");
        assert!(FormState::default().ticked_or("country", "DE", true));
    }
}
