//! The editor's form: every field with its counter, what was found in it, and what describes it.

use super::super::Ask;
use super::editor::Sheet;
use super::forecast;
use crate::act;
use crate::editor::{ROWS, Row, parts, words};
use crate::form::{ACT, sentence};
use crate::island::editor::FORM;
use crate::ui::{self, Icon, Tone, icon};
use dispatch::template::check::{Place, is_only_here};
use dispatch::template::{ButtonKind, Category, HeaderKind, ReplyAction};
use leptos::prelude::*;

/// Field of the header's file.
const HEADER_FILE: &str = "header_file";
/// Empty rows of buttons that are offered where no script can add one.
const SPARE_ROWS: usize = 2;

/// What the form is drawn from.
pub(super) struct Fields<'a> {
    pub ask: &'a Ask,
    pub sheet: &'a Sheet,
}

/// A text as the content of a text area: the first line break after the tag is not part of it.
fn kept(text: &str) -> String {
    if text.starts_with('\n') { ["\n", text].concat() } else { text.to_owned() }
}

impl Fields<'_> {
    /// The whole form.
    pub fn form(&self) -> AnyView {
        let Self { ask, sheet } = self;
        let t = ask.t;
        // What was stored meanwhile is what the next save builds on, where the refusal has shown it; else
        // what the page was made from stays, so that a conflict is still noticed.
        let told = matches!(ask.form.error(""), Some("conflict" | "sender"))
            || ask.form.errors.iter().any(|(_, code)| code == "checks");
        let own = sheet.view().and_then(|view| view.versions.first());
        let (version, revision) = own.map_or((0, 0), |own| (own.variant.version, own.revision));
        let number = |name: &str, stored: i64| {
            ask.form.value(name).filter(|_| !told).map_or(stored.to_string(), str::to_owned)
        };
        view! {
            <form
                method="post"
                id=FORM
                class="form2"
                action=sheet.link(&sheet.language, &[])
                enctype="multipart/form-data"
                data-closed=(!sheet.may_edit).then_some("")
            >
                <input type="hidden" name="version" value=number("version", version)/>
                <input type="hidden" name="revision" value=number("revision", revision)/>
                <fieldset class="bare" disabled=!sheet.may_edit>
                    <div class="form2__a">
                        <div class="part part--whatsapp">
                            {self.header()}
                            {self.body()}
                            {self.footer()}
                            {self.buttons()}
                        </div>
                        <div class="part part--sms">{self.sms()}</div>
                        <div class="part part--email">{self.mail()}</div>
                    </div>
                    <div class="form2__b">
                        {self.category()}
                        <section aria-labelledby="checks-title">
                            <div class="spread">
                                <h3 id="checks-title">{t.editor_checks()}</h3>
                                <span class="small faint" role="status" data-live="sum">
                                    {parts::checks_sum(t, &sheet.look)}
                                </span>
                            </div>
                            <div data-live="checks">{parts::checks(t, &sheet.look, &sheet.draft)}</div>
                            <div data-live="samples">{parts::samples(t, &sheet.look)}</div>
                        </section>
                        {sheet.may_edit.then(|| forecast::panel(ask, sheet))}
                        {self.otherwise()}
                    </div>
                </fieldset>
            </form>
        }
        .into_any()
    }

    fn text(&self, field: &str) -> &str {
        let draft = &self.sheet.draft;
        match field {
            "header_text" => &draft.header_text,
            "body" => &draft.body,
            "footer" => &draft.footer,
            "sms" => &draft.sms,
            "mail_subject" => &draft.mail_subject,
            "mail_text" => &draft.mail_text,
            _ => &draft.mail_html,
        }
    }

    /// Label and counter above, the field, then what describes it and what was found.
    fn field(&self, id: &'static str, label: &str, hint: &str, control: AnyView) -> AnyView {
        let t = self.ask.t;
        let count = parts::most(id).map(|_| {
            view! {
                <span class="small faint" data-live=format!("count:{id}")>
                    {parts::count(t, &self.sheet.draft, id)}
                </span>
            }
        });
        view! {
            <div class="field">
                <div class="spread"><label class="label" for=id>{label.to_owned()}</label>{count}</div>
                {control}
                <p class="hint" id=format!("{id}-hint")>{hint.to_owned()}</p>
                {self.found(id)}
            </div>
        }
        .into_any()
    }

    fn found(&self, spot: &str) -> AnyView {
        let (t, sheet) = (self.ask.t, self.sheet);
        view! {
            <ul class="found" id=format!("{spot}-found") data-live=format!("found:{spot}")>
                {parts::findings(t, &sheet.look, &sheet.draft, spot)}
            </ul>
        }
        .into_any()
    }

    fn is_bad(&self, id: &str) -> bool {
        parts::is_bad(&self.sheet.look, &self.sheet.draft, id)
    }

    fn line(&self, id: &'static str, tags: bool) -> AnyView {
        let bad = self.is_bad(id);
        view! {
            <input
                class=if bad { "input is-bad" } else { "input" }
                type="text"
                id=id
                name=id
                value=self.text(id).to_owned()
                dir="auto"
                autocomplete="off"
                data-tags=tags.then_some("")
                data-checked=""
                aria-invalid=if bad { "true" } else { "false" }
                aria-describedby=format!("{id}-found {id}-hint")
            />
        }
        .into_any()
    }

    /// A text of several lines over a copy of itself, which shows its tags and what is wrong with them.
    fn area(&self, id: &'static str, place: Place, rows: &'static str) -> AnyView {
        let t = self.ask.t;
        let bad = self.is_bad(id);
        let text = self.text(id);
        view! {
            <div class="area">
                <div class="area__in">
                    <div class="area__under" aria-hidden="true" dir="auto" data-mirror=id data-live=format!("mirror:{id}")>
                        {parts::mirror(text, &self.sheet.look, place)}
                    </div>
                    <textarea
                        class=if bad { "area__text is-bad" } else { "area__text" }
                        id=id
                        name=id
                        rows=rows
                        dir="auto"
                        data-tags=""
                        data-checked=""
                        aria-invalid=if bad { "true" } else { "false" }
                        aria-describedby=format!("{id}-found {id}-hint")
                    >{kept(text)}</textarea>
                </div>
                <div class="area__bar awake">
                    <button class="btn btn--s btn--quiet" type="button" data-act="tag" data-n=id>
                        {icon(Icon::Plus)}{t.editor_insert_tag()}" "<kbd>"<<"</kbd>
                    </button>
                </div>
            </div>
        }
        .into_any()
    }

    fn header(&self) -> AnyView {
        let t = self.ask.t;
        let chosen: HeaderKind = self.sheet.draft.header_kind.parse().unwrap_or(HeaderKind::None);
        let kinds = HeaderKind::ALL
            .iter()
            .map(|kind| {
                let id = format!("header_kind-{kind}");
                let of = id.clone();
                view! {
                    <label for=of>
                        <input class="sr" type="radio" name="header_kind" id=id value=kind.word() checked=*kind == chosen/>
                        {words::header(t, *kind)}
                    </label>
                }
            })
            .collect_view();
        view! {
            <div class="headed">
                <fieldset class="line1">
                    <legend class="label">{t.editor_header()}</legend>
                    <div class="seg">{kinds}</div>
                </fieldset>
                <div class="headed__text">
                    {self.field("header_text", t.editor_header_text_label(), t.editor_header_hint(), self.line("header_text", true))}
                </div>
                {self.upload()}
                <p class="hint headed__place">{t.editor_header_location_hint()}</p>
            </div>
        }
        .into_any()
    }

    /// A file in the place of an address; its own button, so that it is seen before anything is saved.
    fn upload(&self) -> AnyView {
        let (t, ask) = (self.ask.t, self.ask);
        let site = &ask.desk.site;
        let error = ask.form.error(HEADER_FILE).map(|code| sentence(t, code));
        let done = ask.form.value(ACT) == Some(act::UPLOAD) && !ask.form.is_refused();
        let said = done.then(|| view! { <p class="hint" role="status">{t.editor_file_done()}</p> });
        // The checks say it of the address that stands there.
        let said_already = is_only_here(&self.sheet.draft.header_text);
        let here = (is_only_here(&site.base_url) && !said_already)
            .then(|| ui::note(Tone::Warn, t.editor_file_here(&site.base_url)));
        let mut described = "header_file-hint".to_owned();
        if error.is_some() {
            described.push_str(" header_file-error");
        }
        view! {
            <div class="headed__file field">
                <label class="label" for=HEADER_FILE>{t.editor_file()}</label>
                <div class="row">
                    <input
                        class=if error.is_some() { "input input--file grow is-bad" } else { "input input--file grow" }
                        type="file"
                        id=HEADER_FILE
                        name=HEADER_FILE
                        accept="image/png,image/jpeg,application/pdf"
                        aria-invalid=error.is_some().then_some("true")
                        aria-describedby=described
                    />
                    <button class="btn btn--s" type="submit" name=ACT value=act::UPLOAD>{t.editor_file_act()}</button>
                </div>
                <p class="hint" id="header_file-hint">{t.editor_file_hint(site.document_mib)}</p>
                {error.map(|error| view! { <p class="error" id="header_file-error">{icon(Icon::Failed)}{error}</p> })}
                {said}
                {here}
            </div>
        }
        .into_any()
    }

    fn body(&self) -> AnyView {
        let t = self.ask.t;
        self.field(
            "body",
            t.editor_body(),
            t.editor_body_hint(),
            self.area("body", Place::Body, "9"),
        )
    }

    fn footer(&self) -> AnyView {
        let t = self.ask.t;
        self.field("footer", t.editor_footer(), t.editor_footer_hint(), self.line("footer", false))
    }

    fn buttons(&self) -> AnyView {
        let (t, draft) = (self.ask.t, &self.sheet.draft);
        let filled = draft.rows.iter().rposition(|row| !row.is_blank()).map_or(0, |last| last + 1);
        let may = self.sheet.may_edit;
        let spare = if may { SPARE_ROWS } else { 0 };
        let rows = (0..ROWS - 1)
            .map(|index| {
                let row = draft.rows.get(index).cloned().unwrap_or_default();
                self.row(index, &row, index < filled + spare)
            })
            .collect_view();
        view! {
            <fieldset class="field">
                <legend class="spread">
                    <span class="label">{t.editor_buttons()}</span>
                    <span class="small faint" data-live="count:buttons">{parts::count(t, draft, "buttons")}</span>
                </legend>
                <ol class="btnlist" id="buttons">{rows}</ol>
                {self.found("buttons")}
                <div class="awake">
                    <button class="btn btn--s" type="button" id="button-add" data-act="add">
                        {icon(Icon::Plus)}{t.editor_button_add()}
                    </button>
                </div>
                {may.then(|| view! { <p class="hint asleep">{t.editor_buttons_hint()}</p> })}
            </fieldset>
        }
        .into_any()
    }

    fn row(&self, index: usize, row: &Row, shown: bool) -> AnyView {
        let t = self.ask.t;
        let number = index + 1;
        let of = |part: &str| format!("button_{part}-{index}");
        let described = format!("button-{index}-found");
        let spoken = |words: &str| format!("{}, {words}", t.editor_button_row(number));
        let (label_bad, target_bad) = (self.is_bad(&of("label")), self.is_bad(&of("target")));
        let class = |bad: bool| if bad { "input is-bad" } else { "input" };
        let kinds = [ButtonKind::Url, ButtonKind::Phone]
            .into_iter()
            .map(|kind| (kind.word().to_owned(), words::button_kind(t, kind)))
            .chain(ReplyAction::ALL.iter().map(|action| {
                (format!("{}:{action}", ButtonKind::Reply), words::reply(t, *action))
            }))
            .map(|(word, words)| {
                let selected = word == row.kind;
                view! { <option value=word selected=selected>{words}</option> }
            })
            .collect_view();
        let press = |act: &'static str, symbol: Icon, words: String| {
            view! {
                <button class="iconbtn" type="button" data-act=act data-n=index.to_string() aria-label=words>
                    {icon(symbol)}
                </button>
            }
        };
        view! {
            <li class="brow" hidden=!shown>
                <div class="brow__in">
                    <input
                        class=class(label_bad)
                        type="text"
                        name="button_label"
                        id=of("label")
                        value=row.label.clone()
                        dir="auto"
                        autocomplete="off"
                        placeholder=t.editor_button_label()
                        aria-label=spoken(t.editor_button_label())
                        data-checked=""
                        aria-invalid=if label_bad { "true" } else { "false" }
                        aria-describedby=described.clone()
                    />
                    <select class="input input--select" name="button_kind" id=of("kind") aria-label=spoken(t.editor_button_kind())>
                        {kinds}
                    </select>
                    <input
                        class=format!("{} brow__target", class(target_bad))
                        type="text"
                        inputmode="url"
                        name="button_target"
                        id=of("target")
                        value=row.target.clone()
                        autocomplete="off"
                        placeholder=t.editor_button_target()
                        aria-label=spoken(t.editor_button_target())
                        data-tags=""
                        data-checked=""
                        aria-invalid=if target_bad { "true" } else { "false" }
                        aria-describedby=described
                    />
                </div>
                <span class="brow__acts awake">
                    {press("up", Icon::Up, t.editor_button_up(number))}
                    {press("down", Icon::Down, t.editor_button_down(number))}
                    {press("remove", Icon::X, t.editor_button_remove(number))}
                </span>
                {self.found(&format!("button-{index}"))}
            </li>
        }
        .into_any()
    }

    fn sms(&self) -> AnyView {
        let t = self.ask.t;
        view! {
            {self.field("sms", t.editor_sms(), t.editor_sms_hint(), self.area("sms", Place::Sms, "6"))}
            <div role="status" data-live="sms">{parts::parts_of_sms(t, &self.sheet.look)}</div>
        }
        .into_any()
    }

    fn mail(&self) -> AnyView {
        let t = self.ask.t;
        let bad = self.is_bad("mail_html");
        let page = view! {
            <textarea
                class=if bad { "input input--area mono is-bad" } else { "input input--area mono" }
                id="mail_html"
                name="mail_html"
                rows="8"
                spellcheck="false"
                data-tags=""
                data-checked=""
                aria-invalid=if bad { "true" } else { "false" }
                aria-describedby="mail_html-found mail_html-hint"
            >{kept(self.text("mail_html"))}</textarea>
        }
        .into_any();
        view! {
            {self.field("mail_subject", t.editor_mail_subject(), t.editor_mail_subject_hint(), self.line("mail_subject", true))}
            {self.field("mail_text", t.editor_mail_text(), "", self.area("mail_text", Place::MailText, "8"))}
            {self.field("mail_html", t.editor_mail_html(), t.editor_mail_html_hint(), page)}
        }
        .into_any()
    }

    fn category(&self) -> AnyView {
        let (t, sheet) = (self.ask.t, self.sheet);
        let chosen = sheet.draft.category();
        let choices = Category::ALL
            .iter()
            .map(|category| {
                let id = format!("category-{category}");
                let of = id.clone();
                view! {
                    <label class="tick" for=of>
                        <input class="radio" type="radio" name="category" id=id value=category.word() checked=*category == chosen/>
                        <span>{words::category(t, *category)}</span>
                    </label>
                }
            })
            .collect_view();
        view! {
            <section>
                <fieldset>
                    <legend><h3>{t.editor_category()}</h3></legend>
                    <div class="guard">
                        {choices}
                        <p class="small faint">{sheet.prices.first().cloned()}</p>
                    </div>
                </fieldset>
                <div data-live="prediction">{parts::prediction(t, &sheet.look, chosen)}</div>
                <p class="hint">{t.editor_category_hint()}</p>
            </section>
        }
        .into_any()
    }

    /// The twins that go out when WhatsApp fails, with what each costs.
    fn otherwise(&self) -> AnyView {
        let t = self.ask.t;
        let price = |index: usize| self.sheet.prices.get(index).cloned();
        view! {
            <section>
                <h3>{t.editor_otherwise()}</h3>
                <ul class="fb">
                    <li>{icon(Icon::Sms)}<span class="grow">{t.channel_sms()}</span><span class="small faint">{price(1)}</span></li>
                    <li>{icon(Icon::Mail)}<span class="grow">{t.channel_email()}</span><span class="small faint">{price(2)}</span></li>
                </ul>
            </section>
        }
        .into_any()
    }
}
