//! Languages by country: what people get who tell no language of their own.

use super::{conflict, own_form};
use crate::act;
use crate::form::sentence;
use crate::page::{Ask, Problem};
use crate::text::{country, language};
use crate::ui::{self, Hidden, Icon, Kind, icon};
use dispatch::channel::Channel;
use dispatch::country::Country;
use dispatch::language::Language;
use dispatch::tenant::Permission;
use dispatch::view::BrandView;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The section of the page: the countries the brand tells news in, and room for one more.
pub(super) async fn section(ask: &Ask, brand: &BrandView) -> Result<AnyView, Problem> {
    let t = ask.t;
    let (account, store) = (ask.account()?, &ask.desk.store);
    let mut lands: BTreeSet<Country> = brand.languages.0.keys().copied().collect();
    for channel in Channel::ALL {
        let settings = store.channel_settings(account, brand.id, *channel).await?;
        lands.extend(settings.countries.keys());
    }
    // A language without a text would never speak.
    let texts = store.templates(account, brand.id).await?;
    let mut written: BTreeSet<Language> = texts.into_iter().map(|view| view.language).collect();
    written.extend(brand.languages.0.values().cloned());
    let mut choices: Vec<(String, String)> = written
        .iter()
        .map(|code| (code.code().to_owned(), language::both_names(ask.lang, code.code())))
        .collect();
    choices.sort_by_key(|(_, name)| country::sort_key(name));
    let mut sorted: Vec<(Country, String)> =
        lands.iter().map(|land| (*land, country::name(ask.lang, land.code()))).collect();
    sorted.sort_by_key(|(_, name)| country::sort_key(name));

    let may_edit = ask.desk.may(Permission::Edit);
    let sent = ask.form.of(act::SAVE_LANGUAGES);
    let typed = |field: &str| {
        let of = sent.values.iter().filter(move |(name, _)| name == field);
        of.map(|(_, text)| text.clone()).collect::<Vec<_>>()
    };
    let (typed_lands, typed_languages) = (typed("land"), typed("reads"));
    let typed_for = |land: &str| {
        let at = typed_lands.iter().position(|each| each == land)?;
        typed_languages.get(at).cloned()
    };
    let options = |first: String, chosen: &str| {
        let rows = choices.iter().map(|(code, name)| {
            view! { <option value=code.clone() selected=code == chosen>{name.clone()}</option> }
        });
        view! { <option value="" selected=chosen.is_empty()>{first}</option> {rows.collect_view()} }
    };
    let form = own_form(ask, act::SAVE_LANGUAGES, "form", || {
        let rows = sorted.iter().map(|(land, name)| {
            let code = land.code();
            let stored = brand.languages.chosen(*land).map(ToString::to_string).unwrap_or_default();
            let chosen = typed_for(code).unwrap_or(stored);
            let default = match land.language() {
                Some(read) => t.brand_languages_default(language::name(ask.lang, read.code())),
                None => t.brand_languages_own(language::name(ask.lang, brand.language.code())),
            };
            let id = format!("reads-{code}");
            view! {
                <li class="reads">
                    <label for=id.clone()>{name.clone()}</label>
                    <input type="hidden" name="land" value=code.to_owned()/>
                    <select class="input input--select" name="reads" id=id>{options(default, &chosen)}</select>
                </li>
            }
        });
        let rest = country::sorted(ask.lang)
            .into_iter()
            .filter(|(code, _)| code.parse().is_ok_and(|code: Country| !lands.contains(&code)));
        let last = |all: &[String]| all.get(sorted.len()).cloned().unwrap_or_default();
        let (one_more, reads) = (last(&typed_lands), last(&typed_languages));
        let rest = rest.map(|(code, name)| {
            let selected = code == one_more;
            view! { <option value=code.to_owned() selected=selected>{name.to_owned()}</option> }
        });
        let error = sent.errors.iter().find(|(field, _)| field == "land" || field == "reads");
        let error = error.map(|(_, code)| {
            view! { <p class="error" id="languages-error">{icon(Icon::Failed)}{sentence(t, code)}</p> }
        });
        let nothing = t.brand_languages_choose().to_owned();
        view! {
            <Hidden name="version" value=brand.version.to_string()/>
            <ul class="stack reads__list">
                {rows.collect_view()}
                <li class="reads">
                    <select class="input input--select" name="land" aria-label=t.brand_languages_more()>
                        <option value="">{t.brand_languages_more()}</option>
                        {rest.collect_view()}
                    </select>
                    <select class="input input--select" name="reads" aria-label=t.brand_languages_more_reads()>
                        {options(nothing, &reads)}
                    </select>
                </li>
            </ul>
            {error}
            {may_edit.then(|| view! { <div class="form__acts">{ui::submit(Kind::Primary, t.brand_languages_save())}</div> })}
        }
        .into_any()
    });
    let now = sorted.iter().filter_map(|(land, name)| {
        let read = brand.languages.chosen(*land)?;
        Some(format!("{name}: {}", language::name(ask.lang, read.code())))
    });
    let stored = [(t.brand_languages(), "reads", now.collect::<Vec<_>>().join(", "))];
    let view = view! {
        <section class="stack" id="languages" aria-labelledby="languages-head">
            <h2 id="languages-head">{t.brand_languages()}</h2>
            {conflict(ask, act::SAVE_LANGUAGES, &stored)}
            <p class="muted">{t.brand_languages_words()}</p>
            <fieldset disabled=!may_edit>{form}</fieldset>
        </section>
    };
    Ok(view.into_any())
}
