//! Every form of every page: which act it names, which fields it carries.
//!
//! Pages write these names into their forms and the server's form routes read them; this table is
//! where the two agree. A form posts to its page's own path and query; what the path or query
//! already says (an id, `brand`, `channel`) is not repeated. Fields in brackets may be absent or empty.
//! A field that appears once per ticked box is marked with a star.
//!
//! | page | act | fields | done |
//! |---|---|---|---|
//! | `/sign-in` | [`SIGN_IN`] | `email password [next]` | goes to `next` or the overview |
//! | `/sign-up` | [`SIGN_UP`] | `name email password account company_country` | overview |
//! | `/sign-up?invitation=…` | [`ACCEPT`] | `[name] [password]` (a new person's) | overview |
//! | `/sign-out` | any or none | | `signed_out` on `/sign-in` |
//! | `/preferences` | none | `back`, `lang` or `theme` | goes to `back` |
//! | `/account` | none | `account back` | goes to `back` |
//! | `/tracking` | [`ACTIVATE`] | `rate text_version basis accept_price accept_terms country*` (rows to begin with) | `activated`, or `activated_quiet` while no news is on |
//! | | [`DEACTIVATE`] | | `deactivated` |
//! | | [`RESUME`] | | `activated`, or `activated_quiet` while no news is on |
//! | | [`SAVE_MATRIX`] | `version row* on* cell* [remove*] [kind of]` | `matrix_saved`, with the `change`; with `preview` and perhaps a `cap` (an amount, never saved) it writes nothing and shows the page with the figures; with `add country`, `drop` or `keep` (a country) likewise with the row staged |
//! | | [`UNDO`] | `change` | `undone` |
//! | `/settings/brands/new` | [`CREATE`] | `name language [whatsapp_number support_email support_url privacy_url color]`, and a file `[logo]` | `created`, on the brand's page |
//! | `/settings/brands/{id}` | [`SAVE`] | `version` and the same, `[remove_logo]` | `saved` |
//! | | [`SAVE_HOURS`] | `version [quiet_on] quiet_from quiet_until quiet_day* quiet_urgent*` | `saved` |
//! | | [`SAVE_TIMING`] | `version [cap_on cap_order cap_day] [merge_on merge_minutes] [late_on late_expected late_hours]` | `saved` |
//! | | [`ARCHIVE`], [`RESTORE`] | | `archived`, `restored` |
//! | | [`CONNECT_SENDER`] | `phone_number_id waba_id display_number access_token app_secret verify_token [untested]` | `saved` |
//! | | [`SAVE_CASCADES`] | `version` and of each row `of first then_1 after_1 then_2 after_2 beside` | `saved` |
//! | | [`CONNECT_SANDBOX`] | `[channel]` | `saved` |
//! | | [`CONNECT_SMS`] | `sms_account sms_token sms_from [untested]` | `saved` |
//! | | [`CONNECT_MAIL`] | `mail_from` | `saved` |
//! | | [`CHECK_SENDER`] | | `checked` |
//! | | [`SAVE_RESERVE`] | `reserve` (per cent) | `saved` |
//! | `/settings/account` | [`SAVE`] | `name company_country plan [accept_plan]` | `saved`; where the plan would become another one that `accept_plan` does not name, it writes nothing and shows the page with the question |
//! | | [`PASSWORD`] | `current_password password` | `saved` |
//! | `/settings/members` | [`INVITE`] | `email role` | `invited`, with the link handed over |
//! | | [`SET_ROLE`] | `user role` | `saved` |
//! | | [`REMOVE`] | `user` | `removed` |
//! | | [`WITHDRAW`] | `invitation` | `revoked` |
//! | `/settings/keys` | [`CREATE`] | `name scope*` (words of [`dispatch::tenant::Scope`]) | `created`, with the key handed over |
//! | | [`REVOKE`] | `key` | `revoked` |
//! | `/settings/sessions` | [`END`] | `session` (its handle) | `removed` |
//! | | [`END_OTHERS`] | | `signed_out_everywhere` |
//! | `/connections/new` | [`CREATE`] | `brand source auth [header] [secret]` | `created`, on the connection's page, with a secret we made handed over |
//! | `/connections/{id}` | [`ROTATE`] | `[secret]` | `rotated`, with a secret we made handed over |
//! | | [`REMOVE`] | | `removed`, on `/connections` |
//! | | [`REPLAY`] | `delivery` | `replayed` |
//! | `/messages/{id}` | [`REPLAY`] | | `sent_again` |
//! | `/messages/again` | [`REPLAY`] | `[pick_id]` (done once under it) and of the filter `[pick_brand pick_country pick_channel pick_sender pick_reason pick_since pick_until]` | the page of the replay |
//! | `/consent` | [`RECORD`] | `brand phone [country] kind [purpose] [channel] text [proof]` | `consent_recorded` |
//! | | [`CHECK`], [`IMPORT`] | `brand`, and `file` or `lines` | `checked`, `imported` |
//! | `/simulate` | [`SIMULATE`] | `brand country [language] [phone] [name] [order]`, and `status*` or `journey` (a word of [`dispatch::usecase::Journey`]) | `simulated`, with `order`, which the page then shows |
//!
//! | `/templates` | [`SUBMIT`] | `template*` (as `delivered:fr`) | `submitted` |
//! | `/templates/{status}/{language}` | [`SAVE`] | `version revision` and a [`crate::editor::Draft`] | `saved` |
//! | | [`SUBMIT`] | the same | `submitted`; `saved` where it does not pass, with what is wrong |
//! | | [`PREVIEW`] | the same | writes nothing and shows the page with what the text would have meant |
//! | | [`UPLOAD`] | the same and a file `header_file`, which [`SAVE`], [`SUBMIT`] and [`PREVIEW`] take, too | shows the page with the file's address as the header |
//! | | [`DISCARD`] | `discarded` (the version) | `discarded` |
//! | | [`RESTORE`] | `restored` (the version) `into` (a language) | `restored`, on the editor of `into` |
//!
//! A template's draft is `category header_kind header_text body footer sms mail_subject mail_text mail_html`
//! and, row by row, `button_label* button_kind* button_target*`.
//!
//! `SAVE_MATRIX`: `row` names each country whose row was shown, `on` the countries switched on, `cell`
//! the ticked statuses as `FR:delivered`. What was shown and is not named was switched off; a country
//! named by `remove` loses its row if nothing of it is ticked. `kind` and `of` say where a proposal came
//! from ([`dispatch::change::ChangeKind`]).

/// Enter.
pub const SIGN_IN: &str = "sign_in";
/// Make an account.
pub const SIGN_UP: &str = "sign_up";
/// Take an invitation.
pub const ACCEPT: &str = "accept";
/// Turn a channel on, with prices and consent basis accepted.
pub const ACTIVATE: &str = "activate";
/// Turn a channel off; its matrix stays.
pub const DEACTIVATE: &str = "deactivate";
/// Turn it on again under what was accepted before.
pub const RESUME: &str = "resume";
/// Write the staged switches.
pub const SAVE_MATRIX: &str = "save_matrix";
/// The button of [`SAVE_MATRIX`] that stages a row for `country`.
pub const ADD: &str = "add";
/// The button that stages a country's row to go.
pub const DROP: &str = "drop";
/// The button that lets it stay.
pub const KEEP: &str = "keep";
/// The buttons of [`SAVE_MATRIX`] that write nothing.
pub const LOOKS: [&str; 4] = ["preview", ADD, DROP, KEEP];
/// Take a change of the matrix back.
pub const UNDO: &str = "undo";
/// Make what the page lists.
pub const CREATE: &str = "create";
/// Write what was edited.
pub const SAVE: &str = "save";
/// Choose the languages of countries.
pub const SAVE_LANGUAGES: &str = "save_languages";
/// Set a brand's quiet hours.
pub const SAVE_HOURS: &str = "save_hours";
/// The order in which channels are tried.
pub const SAVE_CASCADES: &str = "save_cascades";
/// A number or name for text messages.
pub const CONNECT_SMS: &str = "connect_sms";
/// An address for mail.
pub const CONNECT_MAIL: &str = "connect_mail";
/// Set how often a brand writes, what it tells together and when a parcel is late.
pub const SAVE_TIMING: &str = "save_timing";
/// Put a brand away.
pub const ARCHIVE: &str = "archive";
/// Take a brand out again; bring an earlier text back.
pub const RESTORE: &str = "restore";
/// Ask the platform how the number is.
pub const CHECK_SENDER: &str = "check_sender";
/// Keep a part of the daily limit for urgent news.
pub const SAVE_RESERVE: &str = "save_reserve";
/// Connect a WhatsApp number.
pub const CONNECT_SENDER: &str = "connect_sender";
/// Give the brand a number of the sandbox.
pub const CONNECT_SANDBOX: &str = "connect_sandbox";
/// Choose another password.
pub const PASSWORD: &str = "password";
/// Invite somebody.
pub const INVITE: &str = "invite";
/// Change a member's role.
pub const SET_ROLE: &str = "set_role";
/// Take out a member, or a connection.
pub const REMOVE: &str = "remove";
/// Take an invitation back.
pub const WITHDRAW: &str = "withdraw";
/// End an API key.
pub const REVOKE: &str = "revoke";
/// End one session.
pub const END: &str = "end";
/// End all other sessions.
pub const END_OTHERS: &str = "end_others";
/// Take a new secret.
pub const ROTATE: &str = "rotate";
/// Look at a delivery once more; send messages again.
pub const REPLAY: &str = "replay";
/// Send a parcel's journey through the pipeline.
pub const SIMULATE: &str = "simulate";

/// Write down what a customer said.
pub const RECORD: &str = "record";
/// Look at a file without taking it.
pub const CHECK: &str = "check";
/// Take a file in.
pub const IMPORT: &str = "import";
/// Give texts to the provider's review.
pub const SUBMIT: &str = "submit";
/// Only look at what it would mean.
pub const PREVIEW: &str = "preview";
/// Keep a file and show the form with its address.
pub const UPLOAD: &str = "upload";
/// Throw a draft away.
pub const DISCARD: &str = "discard";

/// Query parameter of an invitation's link to the sign-up.
pub const INVITATION: &str = "invitation";

/// Version of the text a merchant accepts when activating a channel; changes whenever its words do.
pub const TERMS_VERSION: &str = "2026-11";
