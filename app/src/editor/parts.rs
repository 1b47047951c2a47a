//! What stands beside the fields: findings at their place, counters, marks, the list of checks. Buttons say
//! what they do in `data-act`, for the island; without scripts they are not shown.

use super::draft::Draft;
use super::look::{Look, Mark, field_id, marked, spot};
use super::words;
use crate::text::{Text, number};
use crate::ui::{Icon, icon};
use dispatch::template::check::{
    BODY, BUTTONS, FOOTER, Finding, FindingCode, HEADER, Place, SMS, SUBJECT, Severity,
};
use dispatch::template::refusal::{Why, propose};
use dispatch::template::sms::{Encoding, segments};
use dispatch::template::{Category, HeaderKind};
use leptos::prelude::*;

/// Whether a finding is shown at its place: an empty page is not met with reproaches.
fn is_shown(finding: &Finding, draft: &Draft) -> bool {
    finding.code != FindingCode::Required || !draft.is_blank()
}

/// The findings of one place, as the items of its list.
pub fn findings(t: Text, look: &Look, draft: &Draft, at: &str) -> Vec<AnyView> {
    look.findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| is_shown(finding, draft) && spot(finding.place, draft) == at)
        .map(|(index, finding)| {
            let class = match finding.severity {
                Severity::Fault => "found__bad",
                Severity::Warning => "found__warn",
            };
            view! {
                <li class=class>
                    {symbol(finding.severity)}
                    <span>{words::finding(t, finding)}</span>
                    {repair_button(t, finding, index)}
                </li>
            }
            .into_any()
        })
        .collect()
}

fn symbol(severity: Severity) -> impl IntoView {
    icon(match severity {
        Severity::Fault => Icon::Failed,
        Severity::Warning => Icon::Warn,
    })
}

fn repair_button(t: Text, finding: &Finding, index: usize) -> Option<AnyView> {
    words::repair(t, finding).map(|label| {
        view! {
            <button class="link small awake" type="button" data-act="repair" data-n=index.to_string()>
                {label}
            </button>
        }
        .into_any()
    })
}

/// Whether one of the findings of a place prevents a submission.
#[must_use]
pub fn is_bad(look: &Look, draft: &Draft, at: &str) -> bool {
    look.findings.iter().any(|f| {
        f.severity == Severity::Fault && is_shown(f, draft) && field_id(f.place, draft) == at
    })
}

/// The most characters of a counted field; none for one without a counter.
#[must_use]
pub fn most(field: &str) -> Option<usize> {
    Some(match field {
        "header_text" => HEADER,
        "body" => BODY,
        "footer" => FOOTER,
        "sms" => SMS,
        "mail_subject" => SUBJECT,
        _ => return None,
    })
}

/// Characters of a counted field.
#[must_use]
pub fn used(draft: &Draft, field: &str) -> usize {
    let text = match field {
        "header_text" => &draft.header_text,
        "body" => &draft.body,
        "footer" => &draft.footer,
        "sms" => &draft.sms,
        _ => &draft.mail_subject,
    };
    text.chars().count()
}

/// `222 of 1,024`.
#[must_use]
pub fn count(t: Text, draft: &Draft, field: &str) -> String {
    let whole = |value: usize| number::whole(t.lang(), i64::try_from(value).unwrap_or(i64::MAX));
    if field == "buttons" {
        let buttons = draft.rows.iter().filter(|row| !row.is_blank()).count();
        return t.editor_count(whole(buttons), whole(BUTTONS));
    }
    // Only a header of words has a limit worth counting against.
    if field == "header_text" && draft.header_kind != HeaderKind::Text.word() {
        return String::new();
    }
    most(field)
        .map_or_else(String::new, |most| t.editor_count(whole(used(draft, field)), whole(most)))
}

/// How full a counted field is: below nine tenths, above, at its end or over it.
#[must_use]
pub fn fullness(draft: &Draft, field: &str) -> u8 {
    let Some(most) = most(field) else { return 0 };
    match used(draft, field) {
        used if used >= most => 2,
        used if used * 10 >= most * 9 => 1,
        _ => 0,
    }
}

/// A text's stretches with their marks: what lies under a field, in the same type.
pub fn mirror(text: &str, look: &Look, place: Place) -> Vec<AnyView> {
    let here: Vec<&Finding> = look.findings.iter().filter(|f| f.place == place).collect();
    let mut stretches: Vec<AnyView> = marked(text, &here)
        .into_iter()
        .map(|(words, mark)| {
            let class = match mark {
                None => return words.to_owned().into_any(),
                Some(Mark::Tag) => "mark",
                Some(Mark::Warning) => "mark mark--warn",
                Some(Mark::Fault) => "mark mark--bad",
            };
            view! { <span class=class>{words.to_owned()}</span> }.into_any()
        })
        .collect();
    // A last line without anything in it has its height, too.
    stretches.push("\u{200b}".into_any());
    stretches
}

/// Everything that was found, each with the way to its place; what is well where nothing was.
pub fn checks(t: Text, look: &Look, draft: &Draft) -> AnyView {
    let found: Vec<AnyView> = look
        .findings
        .iter()
        .enumerate()
        .map(|(index, finding)| {
            let class = match finding.severity {
                Severity::Fault => "state state--bad",
                Severity::Warning => "state state--warn",
            };
            view! {
                <li>
                    <span class=class>{symbol(finding.severity)}</span>
                    <span>{words::finding(t, finding)}</span>
                    <a
                        class="small"
                        href=["#", &field_id(finding.place, draft)].concat()
                        data-act="show"
                        data-n=index.to_string()
                    >
                        {place(t, finding.place)}
                    </a>
                </li>
            }
            .into_any()
        })
        .collect();
    let well = [
        (look.faults() == 0).then(|| t.editor_well_rules()),
        look.failed.is_empty().then(|| t.editor_well_samples()),
        (look.prediction.category == Category::Utility).then(|| t.editor_well_news()),
    ];
    let well: Vec<AnyView> = well
        .into_iter()
        .flatten()
        .map(|words| {
            view! {
                <li><span class="state state--good">{icon(Icon::Check)}</span><span>{words}</span></li>
            }
            .into_any()
        })
        .collect();
    view! { <ul class="lint">{found}{well}</ul> }.into_any()
}

/// Where a text shows what it was refused for, each place with its repair, and the category that would settle
/// it. `edited` when it is not the refused text any more: then it is said that nothing is left of it.
pub fn refused(t: Text, look: &Look, draft: &Draft, why: Why, edited: bool) -> AnyView {
    let chosen = draft.category();
    let proposal = propose(why, &look.findings, chosen, look.prediction.category);
    let mut spots: Vec<(usize, Finding)> = Vec::new();
    for index in proposal.spots {
        let Some(finding) = look.findings.get(index) else { continue };
        match spots.last_mut() {
            // Words that one repair settles are one line.
            Some((_, last))
                if (last.place, last.code) == (finding.place, finding.code)
                    && last.repair == finding.repair =>
            {
                last.detail = [last.detail.as_str(), finding.detail.as_str()].join(", ");
            }
            _ => spots.push((index, finding.clone())),
        }
    }
    let spots: Vec<AnyView> = spots
        .iter()
        .map(|(index, finding)| {
            view! {
                <li>
                    <span>
                        {words::finding(t, finding)} " " <a
                            href=["#", &field_id(finding.place, draft)].concat()
                            data-act="show"
                            data-n=index.to_string()
                        >
                            {t.editor_show_in(place(t, finding.place))}
                        </a>
                    </span>
                    {repair_button(t, finding, *index)}
                </li>
            }
            .into_any()
        })
        .collect();
    if edited && spots.is_empty() && why.has_signs() {
        return view! { <p class="refusal__done">{icon(Icon::Check)}{t.editor_refused_nothing_left()}</p> }
            .into_any();
    }
    let category = proposal.category.map(|category| {
        view! {
            <button class="btn btn--s awake" type="button" data-act="category" data-n=category.word()>
                {t.editor_choose_category(words::category(t, category))}
            </button>
        }
    });
    let list = (!spots.is_empty()).then(|| view! { <ul class="refusal__list">{spots}</ul> });
    view! { {list} {category} }.into_any()
}

/// `2 to repair, 1 to look at`.
#[must_use]
pub fn checks_sum(t: Text, look: &Look) -> String {
    let faults = look.faults();
    match (faults, look.findings.len() - faults) {
        (0, 0) => t.editor_all_well().to_owned(),
        (0, warnings) => t.editor_to_look_at(warnings),
        (faults, 0) => t.editor_to_repair(faults),
        (faults, warnings) => {
            [t.editor_to_repair(faults), t.editor_to_look_at(warnings)].join(", ")
        }
    }
}

fn place(t: Text, place: Place) -> &'static str {
    match place {
        Place::Header => t.editor_header(),
        Place::Body => t.editor_body(),
        Place::Footer => t.editor_footer(),
        Place::Buttons | Place::Button(_) | Place::Target(_) => t.editor_buttons(),
        Place::Sms => t.channel_sms(),
        Place::Subject | Place::MailText | Place::MailPage => t.channel_email(),
    }
}

/// The sample parcels that get no message, or a bad one, each with its reason.
pub fn samples(t: Text, look: &Look) -> AnyView {
    if look.failed.is_empty() {
        return ().into_any();
    }
    let lines: Vec<AnyView> = look
        .failed
        .iter()
        .map(|failed| {
            view! {
                <li>
                    <b>{words::sample(t, failed.sample)}</b>
                    " "
                    <span class="muted">{words::failure(t, &failed.why)}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="note note--warn">
            {icon(Icon::Warn)}
            <div class="grow"><b>{t.editor_fails(look.failed.len())}</b><ul class="fails">{lines}</ul></div>
        </div>
    }
    .into_any()
}

/// As what the provider will take it, and the words that decide that.
pub fn prediction(t: Text, look: &Look, chosen: Category) -> AnyView {
    let found = look.prediction.category;
    let words: Vec<AnyView> = look
        .prediction
        .because
        .iter()
        .take(6)
        .map(|(_, _, words)| view! { <mark>{words.clone()}</mark>" " }.into_any())
        .collect();
    let because = if words.is_empty() {
        t.editor_predicted_news().into_any()
    } else {
        view! { {t.editor_predicted_because()} " " {words} }.into_any()
    };
    let differs = (found != chosen).then(|| match found {
        Category::Marketing => t.editor_will_be_marketing(),
        Category::Utility => t.editor_could_be_utility(),
    });
    view! {
        <p class="small muted">
            {t.editor_predicted(words::category(t, found))} " " {because} " " {differs}
        </p>
    }
    .into_any()
}

/// How many parts the text message needs, how it is written, and which character makes it dear.
pub fn parts_of_sms(t: Text, look: &Look) -> AnyView {
    let text = look.content.sms.as_deref().unwrap_or(&look.content.body);
    let found = segments(text);
    let (name, odd) = match found.encoding {
        Encoding::Gsm7 => ("GSM-7", None),
        Encoding::Ucs2 => ("UCS-2", found.odd),
    };
    view! {
        <p class="small muted">
            {t.editor_sms_parts(found.segments)} ", " {name} ", " {t.editor_sms_left(found.left)}
        </p>
        {odd.map(|odd| view! { <p class="small state--warn">{t.editor_sms_odd(odd)}</p> })}
    }
    .into_any()
}
