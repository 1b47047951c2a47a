//! Where the setting behind a rule is changed.

use crate::page::Ask;
use crate::route;
use dispatch::decision::{RuleCode, Setting};
use dispatch::tenant::Permission;
use dispatch::view::CaseView;

/// The page on which one case's rule could be made to say otherwise; none when nobody can set it, or
/// the viewer's role may not.
pub(super) fn of_case(ask: &Ask, case: &CaseView, code: RuleCode) -> Option<String> {
    let setting = code.setting()?;
    if !may(ask, setting) {
        return None;
    }
    let brand = case.row.brand.to_string();
    let country = case.row.country.map(|country| country.to_string()).unwrap_or_default();
    let channel = case.row.channel.word();
    let tracking = |country: &str| {
        route::with_query(
            route::TRACKING,
            &[("brand", &brand), ("channel", channel), ("country", country)],
        )
    };
    Some(match setting {
        Setting::SourceData => route::connection(case.connection),
        Setting::Brand => route::brand(case.row.brand),
        Setting::Sender => format!("{}#sender", route::brand(case.row.brand)),
        Setting::QuietHours => format!("{}#hours", route::brand(case.row.brand)),
        Setting::Cap => format!("{}#cap", route::brand(case.row.brand)),
        Setting::Merging => format!("{}#merging", route::brand(case.row.brand)),
        Setting::Plan => route::ACCOUNT.to_owned(),
        Setting::Channel | Setting::Consent => tracking(""),
        Setting::Country | Setting::Status => tracking(&country),
        Setting::Template => route::with_query(
            route::TEMPLATES,
            &[
                ("brand", &brand),
                ("status", case.row.status.word()),
                (
                    "language",
                    &case.message.as_ref().map(|m| m.language.to_string()).unwrap_or_default(),
                ),
            ],
        ),
        Setting::Recipient | Setting::Staleness => return None,
    })
}

/// Where it is set what counts as late.
pub(super) fn of_lookout(ask: &Ask, case: &CaseView) -> Option<String> {
    let may = ask.desk.may(Permission::Edit);
    may.then(|| format!("{}#late", route::brand(case.row.brand)))
}

/// The page on which a rule is set for the brand in the top bar.
pub(super) fn general(ask: &Ask, code: RuleCode) -> Option<String> {
    let setting = code.setting()?;
    if !may(ask, setting) {
        return None;
    }
    let brand = ask.brand_id();
    Some(match setting {
        Setting::SourceData => route::CONNECTIONS.to_owned(),
        Setting::Brand => route::BRANDS.to_owned(),
        Setting::Sender => on_brand(ask, "sender"),
        Setting::QuietHours => on_brand(ask, "hours"),
        Setting::Cap => on_brand(ask, "cap"),
        Setting::Merging => on_brand(ask, "merging"),
        Setting::Plan => route::ACCOUNT.to_owned(),
        Setting::Channel | Setting::Consent | Setting::Country | Setting::Status => {
            route::with_query(route::TRACKING, &[("brand", &brand)])
        }
        Setting::Template => route::with_query(route::TEMPLATES, &[("brand", &brand)]),
        Setting::Recipient | Setting::Staleness => return None,
    })
}

/// A place on the page of the brand in the top bar.
fn on_brand(ask: &Ask, place: &str) -> String {
    ask.brand()
        .map_or(route::BRANDS.to_owned(), |brand| format!("{}#{place}", route::brand(brand.id)))
}

fn may(ask: &Ask, setting: Setting) -> bool {
    ask.desk.may(match setting {
        Setting::Plan => Permission::ManageAccount,
        Setting::Channel | Setting::Consent => Permission::Activate,
        _ => Permission::Edit,
    })
}
