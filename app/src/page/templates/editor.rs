//! The editor: one status in one language. Form left, what customers see right; the island makes it live.

use super::super::{Ask, Entry, Problem, Screen};
use super::fields::Fields;
use super::forecast::{self, Counted};
use super::{review_state, standing};
use crate::act;
use crate::editor::preview::{Glass, preview};
use crate::editor::{Draft, Look, Matter, words};
use crate::form::ACT;
use crate::island::editor::{FORM, REVIEW, REVIEW_SAID, REVIEW_TABS, REVIEW_TRIAL, TemplateEditor};
use crate::route;
use crate::text::{country, language, status, time};
use crate::ui::art::Picture;
use crate::ui::{self, Icon, Kind, Tone, icon};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::id::BrandId;
use dispatch::language::{Language, OF_TEMPLATES};
use dispatch::starter;
use dispatch::template::sample::Sample;
use dispatch::template::{Category, Review};
use dispatch::tenant::Permission;
use dispatch::view::{BrandView, TemplateView, VersionView};
use leptos::prelude::*;

/// Whose text this is, about what, in which language.
pub(super) struct Place<'a> {
    pub brand: BrandId,
    pub status: TrackingStatus,
    pub language: &'a Language,
}

/// What the page is drawn from.
pub(super) struct Sheet {
    pub brand: BrandView,
    pub status: TrackingStatus,
    pub language: Language,
    /// The text of this status in every language it has, this one too.
    pub siblings: Vec<TemplateView>,
    pub draft: Draft,
    /// What the last 30 days would have become, where the form asked for it.
    pub counted: Option<Counted>,
    pub look: Look,
    pub matter: Matter,
    pub sample: Sample,
    pub may_edit: bool,
    /// The words of a price for each channel, in the order of [`Channel::ALL`].
    pub prices: Vec<String>,
}

impl Sheet {
    /// The text in this language, where anything is known of it.
    pub fn view(&self) -> Option<&TemplateView> {
        self.siblings.iter().find(|view| view.language == self.language)
    }

    pub fn newest(&self) -> Option<&VersionView> {
        self.view().and_then(TemplateView::newest)
    }

    /// The version whose refusal is still to be answered: the newest, or the one under a draft.
    pub fn refused(&self) -> Option<&VersionView> {
        let view = self.view()?;
        let mut versions = view.versions.iter().chain(view.library.as_ref());
        let refused = versions.find(|version| version.variant.review != Review::Draft)?;
        (refused.variant.review == Review::Rejected).then_some(refused)
    }

    /// Whether the form says something else than a version did.
    pub fn is_edited_since(&self, version: &VersionView) -> bool {
        self.look.content != version.variant.content || self.draft.category() != version.chosen
    }

    pub fn link(&self, language: &Language, more: &[(&str, &str)]) -> String {
        let brand = self.brand.id.to_string();
        let mut query = vec![("brand", brand.as_str())];
        query.extend_from_slice(more);
        route::with_query(&route::template(self.status, language), &query)
    }
}

/// The editor of a status's text in a language.
pub async fn editor(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let account = ask.account()?;
    let status: TrackingStatus = ask.id("status")?;
    let language: Language = ask.id("language")?;
    let Some(brand) = ask.brand().cloned() else {
        return Ok(super::without_brand(&ask));
    };
    let store = ask.desk.store.clone();
    let mut siblings = store.templates(account, brand.id).await?;
    siblings.retain(|view| view.status == status);
    let known = siblings.iter().any(|view| view.language == language);
    if !known && !OF_TEMPLATES.contains(&language.code()) {
        return Err(Problem::NotFound);
    }
    let matter = Matter {
        status,
        word: starter::status_word(&language, status).to_owned(),
        language: language.clone(),
        brand: brand.name.clone(),
    };
    let draft = draft(&ask, &siblings, &language);
    let place = Place { brand: brand.id, status, language: &language };
    let counted = forecast::count(&ask, &place, &draft).await?;
    let now = ask.desk.now();
    let plan = ask.guest()?.account.plan;
    let mut prices = Vec::new();
    for channel in Channel::ALL {
        let listed = store.prices(account, *channel, now).await?;
        let own = listed.iter().find(|price| price.plan == plan);
        prices.push(own.map_or_else(
            || t.editor_price_none().to_owned(),
            |price| t.editor_price(crate::text::money::amount(ask.lang, price.price)),
        ));
    }
    let sheet = Sheet {
        look: Look::of(&draft, &matter),
        sample: ask.query_as("sample").unwrap_or(Sample::Ordinary),
        may_edit: ask.desk.may(Permission::Edit),
        brand,
        status,
        language,
        siblings,
        draft,
        counted,
        matter,
        prices,
    };
    let title =
        t.editor_title(status::name(t, status), language::name(ask.lang, sheet.language.code()));
    Ok(Screen::framed(title, Entry::Templates, page(&ask, &sheet)))
}

/// Whether the form shows what was typed: it was refused, or only asked. The page's other forms carry no text.
fn is_typed(ask: &Ask) -> bool {
    let asked = forecast::is_asked(ask) || ask.form.value(ACT) == Some(act::UPLOAD);
    ask.form.value("body").is_some() && (ask.form.is_refused() || asked)
}

/// What the form shows: what was typed when that is not stored, else what is stored, else the text of the
/// language `from` asks for.
fn draft(ask: &Ask, siblings: &[TemplateView], language: &Language) -> Draft {
    if is_typed(ask) {
        let values = ask.form.values.iter();
        return Draft::of_fields(values.map(|(name, text)| (name.as_str(), text.as_str())));
    }
    let newest = |wanted: &Language| {
        let view = siblings.iter().find(|view| view.language == *wanted)?;
        let newest = view.newest()?;
        Some(Draft::of(&newest.variant.content, newest.chosen))
    };
    let from = ask.query_as::<Language>("from");
    newest(language).or_else(|| newest(&from?)).unwrap_or_else(|| Draft {
        category: Category::Utility.word().to_owned(),
        ..Draft::default()
    })
}

fn page(ask: &Ask, sheet: &Sheet) -> AnyView {
    let t = ask.t;
    let stored = !is_typed(ask) && sheet.newest().is_some();
    let fields = Fields { ask, sheet };
    let content = view! {
        {choice("pane", "pane only-narrow", t.editor_show(), [
            ("edit", Icon::Pen, t.editor_edit()),
            ("preview", Icon::Phone, t.editor_preview()),
        ], "edit")}
        <div class="editor">
            <div class="page editor__form">
                {head(ask, sheet)}
                {languages(ask, sheet)}
                <div class="stack editor__notes">
                    <div data-live="kept"></div>
                    {conflict(ask, sheet)}
                    {review(ask, sheet)}
                    {begin_with(ask, sheet)}
                </div>
                {choice("side", "sides", t.editor_channel(), [
                    ("whatsapp", Icon::Message, t.channel_whatsapp()),
                    ("sms", Icon::Sms, t.channel_sms()),
                    ("email", Icon::Mail, t.channel_email()),
                ], first_side(sheet, ask))}
                {fields.form()}
                {sheet.may_edit.then(|| discard(ask, sheet))}
            </div>
            {side(ask, sheet)}
        </div>
        <div data-live="menu"></div>
        <p class="sr" role="status" data-live="full"></p>
        <p class="sr" role="status" id=REVIEW_SAID></p>
    }
    .into_any();
    view! {
        <TemplateEditor
            lang=ask.lang
            status=sheet.status
            word=sheet.matter.word.clone()
            language=sheet.language.code().to_owned()
            brand=sheet.brand.name.clone()
            place=sheet.brand.id.to_string()
            sample=sheet.sample.word().to_owned()
            stored=stored
        >
            {content}
        </TemplateEditor>
    }
    .into_any()
}

/// Where the text stands, in a place of its own: the island puts another there when the provider answers.
fn review(ask: &Ask, sheet: &Sheet) -> AnyView {
    let newest = sheet.newest();
    let word = newest.map(|newest| newest.variant.review.word());
    let said = newest.map(|newest| standing::said(ask.t, newest));
    view! {
        <div class="stack" id=REVIEW data-review=word data-said=said>{standing::notes(ask, sheet)}</div>
    }
    .into_any()
}

/// Exclusive views of the same page, worked by style alone: they belong to no form and are never sent.
fn choice<const N: usize>(
    name: &'static str,
    class: &'static str,
    label: &'static str,
    choices: [(&'static str, Icon, &'static str); N],
    chosen: &str,
) -> AnyView {
    let choices = choices
        .into_iter()
        .map(|(word, symbol, words)| {
            let id = format!("{name}-{word}");
            let of = id.clone();
            view! {
                <label for=of>
                    <input class="sr" type="radio" name=name id=id form="none" checked=word == chosen/>
                    {icon(symbol)}{words}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class=class>
            <legend class="sr">{label}</legend>
            <div class="seg">{choices}</div>
        </fieldset>
    }
    .into_any()
}

/// The channel whose part was refused is the one that is open.
fn first_side(sheet: &Sheet, ask: &Ask) -> &'static str {
    use dispatch::template::check::{Place, Severity};
    let mut faults = sheet.look.findings.iter().filter(|f| f.severity == Severity::Fault);
    match faults.next().filter(|_| ask.form.is_refused()).map(|finding| finding.place) {
        Some(Place::Sms) => "sms",
        Some(Place::Subject | Place::MailText | Place::MailPage) => "email",
        _ => "whatsapp",
    }
}

fn head(ask: &Ask, sheet: &Sheet) -> AnyView {
    let t = ask.t;
    let brand = sheet.brand.id.to_string();
    let version = sheet.newest().map(|newest| {
        let number = newest.variant.version;
        let words = if number == 0 {
            t.editor_version_library().to_owned()
        } else {
            t.editor_version(number)
        };
        view! { <span class="state state--box">{words}</span> }
    });
    let language = language::name(ask.lang, sheet.language.code());
    let acts = sheet.may_edit.then(|| {
        view! {
            <span class="small faint" role="status" data-live="unsaved"></span>
            <button class="btn" type="submit" form=FORM name=ACT value=act::SAVE>{t.editor_save()}</button>
            <button class="btn btn--commit" type="submit" form=FORM name=ACT value=act::SUBMIT>
                {t.editor_submit(language)}
            </button>
        }
    });
    view! {
        <div class="page__head">
            <div>
                {ui::back_link(&route::with_query(route::TEMPLATES, &[("brand", &brand)]), t.editor_back())}
                <h1 class="row">{status::name(t, sheet.status)}" "{version}</h1>
            </div>
            <div class="page__acts">
                {acts}
            </div>
        </div>
    }
    .into_any()
}

/// Every language with its state, and the way to another one.
fn languages(ask: &Ask, sheet: &Sheet) -> AnyView {
    let t = ask.t;
    let mut known: Vec<(Language, Option<&VersionView>)> =
        sheet.siblings.iter().map(|view| (view.language.clone(), view.newest())).collect();
    if sheet.view().is_none() {
        known.push((sheet.language.clone(), None));
    }
    let tabs = known
        .iter()
        .map(|(each, newest)| {
            let state = newest.map(|newest| review_state(t, newest.variant.review));
            view! {
                <a
                    class="tab"
                    href=sheet.link(each, &[])
                    aria-current=(*each == sheet.language).then_some("page")
                >
                    {language::name(ask.lang, each.code())} " " <small>{state}</small>
                </a>
            }
        })
        .collect_view();
    let more = sheet.may_edit.then(|| {
        let from = sheet.language.code();
        let mut missing: Vec<(String, Language)> = OF_TEMPLATES
            .iter()
            .filter(|code| known.iter().all(|(each, _)| each.code() != **code))
            .filter_map(|code| Some((language::both_names(ask.lang, code), code.parse().ok()?)))
            .collect();
        missing.sort_by_key(|(name, _)| country::sort_key(name));
        let missing = missing.into_iter().map(|(name, each)| {
            let href = sheet.link(&each, &[("from", from)]);
            view! { <li><a href=href>{name}" "<small class="faint">{each.code().to_owned()}</small></a></li> }
        });
        view! {
            <details class="menu menu--end" data-search="">
                <summary class="btn btn--s btn--quiet" data-act="search">{icon(Icon::Plus)}{t.editor_add_language()}</summary>
                <div class="menu__box menu__box--search">
                    <div class="field awake">
                        <label for="language-search">{t.editor_language()}</label>
                        <input
                            class="input"
                            id="language-search"
                            type="search"
                            autocomplete="off"
                            placeholder=t.impact_picker_hint()
                            data-filter=""
                        />
                        <p class="hint" role="status" data-found=""></p>
                    </div>
                    <ul>{missing.collect_view()}</ul>
                </div>
            </details>
        }
    });
    let brand = sheet.brand.id.to_string();
    let history = route::with_query(
        &route::template_history(sheet.status, &sheet.language),
        &[("brand", &brand)],
    );
    view! {
        <div class="langs">
            <nav class="tabs" id=REVIEW_TABS aria-label=t.editor_languages()>{tabs}</nav>
            <span id=REVIEW_TRIAL>{trial(ask, sheet)}</span>
            <a class="btn btn--s btn--quiet" href=history>{icon(Icon::History)}{t.editor_history()}</a>
            {more}
        </div>
    }
    .into_any()
}

/// The simulator, set to this status and language: what can be sent goes the way of every message.
fn trial(ask: &Ask, sheet: &Sheet) -> Option<AnyView> {
    let t = ask.t;
    let speaking = sheet.view().and_then(TemplateView::speaking).filter(|_| sheet.may_edit)?;
    sheet.brand.sender.as_ref()?;
    let is_newest = sheet.newest().is_some_and(|newest| newest == speaking);
    let words = match speaking.variant.version {
        _ if is_newest => t.editor_try().to_owned(),
        0 => t.editor_try_library().to_owned(),
        version => t.editor_try_version(version),
    };
    let brand = sheet.brand.id.to_string();
    let asked = [
        ("brand", brand.as_str()),
        ("status", sheet.status.word()),
        ("language", sheet.language.code()),
    ];
    let href = route::with_query(route::SIMULATE, &asked);
    Some(
        view! { <a class="btn btn--s btn--quiet" href=href>{icon(Icon::Play)}{words}</a> }
            .into_any(),
    )
}

/// Nothing is written yet: the texts of other languages to begin with.
fn begin_with(ask: &Ask, sheet: &Sheet) -> Option<AnyView> {
    let t = ask.t;
    if sheet.newest().is_some() || !sheet.may_edit {
        return None;
    }
    let name = language::name(ask.lang, sheet.language.code());
    let links = sheet
        .siblings
        .iter()
        .map(|view| {
            let href = sheet.link(&sheet.language, &[("from", view.language.code())]);
            view! { <a href=href>{language::name(ask.lang, view.language.code())}</a>" " }
        })
        .collect_view();
    let words = view! { <p>{t.editor_from_blank(name)} " " {t.editor_from()} " " {links}</p> };
    Some(ui::note_with(Tone::Plain, words))
}

/// Two people wrote at once: theirs stands here, one's own in the form.
fn conflict(ask: &Ask, sheet: &Sheet) -> Option<AnyView> {
    let t = ask.t;
    if ask.form.error("") != Some("conflict") {
        return None;
    }
    let theirs = sheet.newest()?;
    let name = theirs.edited_by.clone().unwrap_or_else(|| t.editor_conflict_somebody().to_owned());
    let at = time::short(ask.lang, theirs.edited_at, &ask.zone);
    let parts = super::timeline::parts(t, &theirs.variant.content)
        .into_iter()
        .map(|(label, text)| view! { <dt>{label}</dt><dd class="said" dir="auto">{text}</dd> })
        .collect_view();
    let content = view! {
        <h2>{t.editor_conflict()}</h2>
        <p>{t.editor_conflict_words(name, at)}</p>
        <dl class="facts">{parts}</dl>
        <p><a href=sheet.link(&sheet.language, &[])>{t.editor_conflict_take()}</a></p>
    };
    Some(ui::note_with(Tone::Warn, content))
}

/// A draft can be thrown away; what spoke before goes on.
fn discard(ask: &Ask, sheet: &Sheet) -> Option<AnyView> {
    let t = ask.t;
    let newest = sheet.newest()?;
    let is_draft = newest.variant.review == Review::Draft;
    (is_draft && newest.variant.version > 0).then(|| {
        view! {
            <form method="post" action=sheet.link(&sheet.language, &[]) class="editor__discard">
                <input type="hidden" name=ACT value=act::DISCARD/>
                <input type="hidden" name="discarded" value=newest.variant.version.to_string()/>
                <details class="fold">
                    <summary>{t.editor_discard()}</summary>
                    {ui::submit(Kind::Remove, t.editor_discard_now())}
                </details>
            </form>
        }
        .into_any()
    })
}

/// The phone with a sample parcel's message, and its twins.
fn side(ask: &Ask, sheet: &Sheet) -> AnyView {
    let t = ask.t;
    let samples = Sample::ALL
        .iter()
        .map(|sample| {
            let href = sheet.link(&sheet.language, &[("sample", sample.word())]);
            let current = (*sample == sheet.sample).then_some("true");
            view! {
                <a class="pill" href=href aria-current=current data-act="sample" data-n=sample.word()>
                    {words::sample(t, *sample)}
                </a>
            }
        })
        .collect_view();
    let glass = |glass| preview(t, &sheet.look, &sheet.matter, sheet.sample, glass);
    view! {
        <aside class="editor__side" aria-label=t.editor_preview()>
            <div class="spread editor__look">
                <label class="tick tick--switch" for="phone-dark">
                    <input class="switch" type="checkbox" role="switch" id="phone-dark" form="none"/>
                    <span>{t.editor_dark()}</span>
                </label>
            </div>
            <div class="pills" role="group" aria-label=t.editor_sample()>{samples}</div>
            <div class="glass glass--whatsapp" data-live="chat">{glass(Glass::Chat)}</div>
            <div class="glass glass--sms" data-live="text">{glass(Glass::Sms)}</div>
            <div class="glass glass--email" data-live="mail">{glass(Glass::Mail)}</div>
            {sheet.may_edit.then(|| view! { <p class="hint asleep">{t.editor_preview_hint()}</p> })}
        </aside>
    }
    .into_any()
}

/// No brand, nothing to say.
pub(super) fn no_brand(ask: &Ask) -> AnyView {
    let t = ask.t;
    let act = ui::button_link(Kind::Primary, route::BRAND_NEW, None, t.firstrun_brand_act());
    ui::empty(Picture::Letterbox, t.editor_no_brand(), t.editor_no_brand_words(), act)
}
