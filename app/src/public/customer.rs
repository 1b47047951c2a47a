//! The customer's own page: what they received, what they want to hear.

use super::{Look, carried, document, languages};
use crate::form::ACT;
use crate::route::with_query;
use crate::text::after_colon;
use crate::text::public::{PublicText, Tongue};
use dispatch::channel::{Channel, StatusGroup, TrackingStatus};
use dispatch::id::ConsentId;
use dispatch::language::Language;
use dispatch::starter;
use dispatch::template::RenderedHeader;
use dispatch::time::Timestamp;
use dispatch::view::ReceivedView;
use dispatch::zone::LocalTime;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The news that matters on the day: what [`Preset::Essential`] leaves on.
const ESSENTIAL: [TrackingStatus; 4] = [
    TrackingStatus::OutForDelivery,
    TrackingStatus::Delayed,
    TrackingStatus::FailedAttempt,
    TrackingStatus::ReadyForPickup,
];

/// What was done before the page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Everything ended.
    Stopped,
    /// One channel ended.
    StoppedOne,
    /// A channel is allowed again.
    Resumed,
    /// A choice was kept.
    Saved,
    /// A change was taken back.
    Undone,
    /// It was so already.
    Nothing,
}

impl Notice {
    /// Every notice with its word in the address.
    const ALL: [(Self, &'static str); 6] = [
        (Self::Stopped, "stopped"),
        (Self::StoppedOne, "stopped_one"),
        (Self::Resumed, "resumed"),
        (Self::Saved, "saved"),
        (Self::Undone, "undone"),
        (Self::Nothing, "nothing"),
    ];

    /// Its word in the address.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(notice, _)| *notice == self).map_or("", |(_, word)| word)
    }

    /// The notice of a word; none for any other, since anybody can type an address.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(notice, _)| *notice)
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct CustomerPage {
    /// In which language.
    pub tongue: Tongue,
    /// The page's own path, where its forms lead.
    pub path: String,
    /// The shop.
    pub look: Look,
    /// Where the shop says what it does with addresses.
    pub privacy: String,
    /// The number customers may write to.
    pub contact: Option<String>,
    /// Whose page; none for a sample.
    pub address: Option<String>,
    /// The channels it is about, and since when each is stopped.
    pub channels: Vec<(Channel, Option<Timestamp>)>,
    /// Whether the person agreed to advertising.
    pub advertising: bool,
    /// The news switched off.
    pub silent: BTreeSet<TrackingStatus>,
    /// Newest first, with what clocks showed where the parcel went.
    pub received: Vec<(ReceivedView, LocalTime)>,
    /// What was just done, and the record by which it is undone.
    pub done: Option<(Notice, Option<ConsentId>)>,
    /// Names the page's style for the content policy.
    pub nonce: String,
}

/// The choices one press makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Preset {
    All,
    Essential,
    Own,
    Nothing,
}

impl Preset {
    const ALL: [Self; 4] = [Self::All, Self::Essential, Self::Own, Self::Nothing];

    const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Essential => "essential",
            Self::Own => "own",
            Self::Nothing => "nothing",
        }
    }
}

/// What a choice comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// No messages at all.
    Nothing,
    /// All news but this.
    Without(BTreeSet<TrackingStatus>),
}

/// What the form's `choice` and its ticked `status` boxes come to; none for a choice the page does not have.
#[must_use]
pub fn chosen(choice: &str, ticked: &[String]) -> Option<Chosen> {
    let all = TrackingStatus::ALL.iter().copied();
    let preset = Preset::ALL.into_iter().find(|preset| preset.word() == choice)?;
    let silent = match preset {
        Preset::All => BTreeSet::new(),
        Preset::Essential => all.filter(|status| !ESSENTIAL.contains(status)).collect(),
        Preset::Own => {
            let wanted = |status: &TrackingStatus| ticked.iter().any(|word| word == status.word());
            let silent: BTreeSet<_> = all.filter(|status| !wanted(status)).collect();
            // None of them chosen is the choice of no messages, and is told so.
            if silent.len() == TrackingStatus::ALL.len() {
                return Some(Chosen::Nothing);
            }
            silent
        }
        Preset::Nothing => return Some(Chosen::Nothing),
    };
    Some(Chosen::Without(silent))
}

/// The choice that stands: the word of the radio button to be filled.
fn preset_of(all_stopped: bool, silent: &BTreeSet<TrackingStatus>) -> &'static str {
    let preset = if all_stopped {
        Preset::Nothing
    } else if silent.is_empty() {
        Preset::All
    } else if chosen(Preset::Essential.word(), &[]) == Some(Chosen::Without(silent.clone())) {
        Preset::Essential
    } else {
        Preset::Own
    };
    preset.word()
}

/// The whole page.
#[must_use]
pub fn customer_page(page: &CustomerPage) -> String {
    let t = PublicText(page.tongue);
    let for_whom = match page.address.as_deref() {
        None => t.page_sample().to_owned(),
        Some(address) if address.contains('@') => t.page_for_email(start_of(address)),
        Some(address) => t.page_for_number(end_of(address)),
    };
    let body = view! {
        {page.look.bar(t.page_subtitle())}
        <main>
            {notice(page, t)}
            <div><h1>{t.page_heading()}</h1><p>{for_whom}</p></div>
            {choices(page, t)}
            {channels(page, t)}
            {received(page, t)}
            <footer>
                <p>
                    {t.page_privacy(&page.look.brand)}" "
                    <a href=with_query(&page.privacy, &[("lang", page.tongue.code())])>{t.page_privacy_more()}</a>
                </p>
                {contact(page, t)}
                {languages(page.tongue, &page.path, &[])}
                {carried(t)}
            </footer>
        </main>
    };
    document(page.tongue, t.page_title(&page.look.brand), &page.nonce, page.look.color, body)
}

/// The last digits: enough to know one's own number, too few to learn another's.
fn end_of(address: &str) -> String {
    address.get(address.len().saturating_sub(2)..).unwrap_or_default().to_owned()
}

fn start_of(address: &str) -> String {
    let (name, host) = address.split_once('@').unwrap_or((address, ""));
    format!("{}…@{host}", name.chars().next().map(String::from).unwrap_or_default())
}

/// A form that does one thing at once.
fn act(page: &CustomerPage, act: &str, content: impl IntoView + 'static) -> AnyView {
    view! {
        <form method="post" action=page.path.clone()>
            <input type="hidden" name=ACT value=act.to_owned()/>
            <input type="hidden" name="lang" value=page.tongue.code()/>
            {content}
        </form>
    }
    .into_any()
}

fn notice(page: &CustomerPage, t: PublicText) -> Option<AnyView> {
    let (notice, change) = page.done?;
    let words = match notice {
        Notice::Stopped => t.page_done_stopped(&page.look.brand),
        Notice::StoppedOne => t.page_done_stopped_one().to_owned(),
        Notice::Resumed => t.page_done_resumed().to_owned(),
        Notice::Saved => t.page_done_saved().to_owned(),
        Notice::Undone => t.page_done_undone().to_owned(),
        Notice::Nothing => t.page_done_nothing().to_owned(),
    };
    let undo = change.map(|change| {
        act(
            page,
            "undo",
            view! {
                <input type="hidden" name="change" value=change.to_string()/>
                <button class="btn" type="submit">{t.page_undo()}</button>
            },
        )
    });
    Some(view! { <div class="done" role="status"><p>{words}</p>{undo}</div> }.into_any())
}

fn choices(page: &CustomerPage, t: PublicText) -> AnyView {
    let stopped = page.channels.iter().all(|(_, since)| since.is_some());
    let stands = preset_of(stopped, &page.silent);
    let radios = Preset::ALL
        .map(|preset| {
            let (label, hint) = match preset {
                Preset::All => (t.page_all(), t.page_all_hint()),
                Preset::Essential => (t.page_essential(), t.page_essential_hint()),
                Preset::Own => (t.page_own(), t.page_own_hint()),
                Preset::Nothing => (t.page_nothing(), t.page_nothing_hint()),
            };
            let word = preset.word();
            view! {
                <label>
                    <input type="radio" name="choice" value=word checked=word == stands/>
                    <span>{label}<small>{hint}</small></span>
                </label>
            }
        })
        .collect_view();
    let language = Language::english();
    let language: Language = page.tongue.code().parse().unwrap_or(language);
    let boxes = TrackingStatus::ALL
        .iter()
        .map(|status| {
            let checked = !page.silent.contains(status);
            // Where the next group begins, a line.
            let first =
                matches!(status, TrackingStatus::ReturnLabelCreated | TrackingStatus::PostPurchase);
            debug_assert!(!first || status.group() != StatusGroup::Shipping);
            view! {
                <label class=first.then_some("next")>
                    <input type="checkbox" name="status" value=status.word() checked=checked/>
                    <span>{starter::status_word(&language, *status)}</span>
                </label>
            }
        })
        .collect_view();
    let form = act(
        page,
        "choose",
        view! {
            <fieldset class="choice"><legend class="sr">{t.page_legend()}</legend>{radios}</fieldset>
            <fieldset class="choice own"><legend>{t.page_own_legend()}</legend>{boxes}</fieldset>
            <button class="btn btn--brand" type="submit">{t.page_save()}</button>
        },
    );
    let stop = (!stopped).then(|| {
        act(
            page,
            "stop_all",
            view! { <button class="btn" type="submit">{t.page_stop_all()}</button> },
        )
    });
    view! { <section class="forms">{form}{stop}</section> }.into_any()
}

/// A channel's name.
#[must_use]
pub fn channel_name(t: PublicText, channel: Channel) -> &'static str {
    match channel {
        Channel::Whatsapp => "WhatsApp",
        Channel::Sms => "SMS",
        Channel::Email => t.page_email(),
    }
}

fn channels(page: &CustomerPage, t: PublicText) -> AnyView {
    let rows = page
        .channels
        .iter()
        .map(|(channel, since)| {
            let name = channel_name(t, *channel);
            // Within a sentence; German writes it large there too, and Dutch begins with it.
            let called = match page.tongue {
                Tongue::De | Tongue::Nl => name.to_owned(),
                _ => after_colon(name),
            };
            let (state, word, label) = match since {
                Some(since) => {
                    (t.page_is_stopped(t.date(since.date())), "resume", t.page_resume(called))
                }
                None => (t.page_is_on().to_owned(), "stop", t.page_stop(called)),
            };
            view! {
                <li>
                    <span><b>{name}</b><small>{state}</small></span>
                    {act(page, word, view! {
                        <input type="hidden" name="channel" value=channel.word()/>
                        <button class="btn btn--s" type="submit">{label}</button>
                    })}
                </li>
            }
        })
        .collect_view();
    let advertising = page.advertising.then(|| {
        view! {
            <li>
                <span><small>{t.page_advertising(&page.look.brand)}</small></span>
                {act(page, "stop_advertising", view! {
                    <button class="btn btn--s" type="submit">{t.page_stop_advertising()}</button>
                })}
            </li>
        }
    });
    view! { <section><h2>{t.page_channels()}</h2><ul class="rows">{rows}{advertising}</ul></section> }.into_any()
}

fn received(page: &CustomerPage, t: PublicText) -> AnyView {
    let rows = page
        .received
        .iter()
        .map(|(message, local)| {
            let order = message.order_number.as_ref().map(|number| {
                view! { <span>{t.page_order(number)}</span> }
            });
            let header = match &message.rendered.header {
                Some(RenderedHeader::Text { text, .. }) => Some(view! { <b>{text.clone()}</b> }),
                _ => None,
            };
            let footer =
                message.rendered.footer.clone().map(|text| view! { <small>{text}</small> });
            let at = message.at;
            view! {
                <li>
                    <p class="when">
                        <time datetime=crate::text::time::machine(at)>{t.moment(*local)}</time>
                        <span>{channel_name(t, message.channel)}</span>
                        {order}
                    </p>
                    <blockquote lang=message.language.code().replace('_', "-")>
                        {header}
                        <p>{message.rendered.body.clone()}</p>
                        {footer}
                    </blockquote>
                </li>
            }
        })
        .collect_view();
    let list = if page.received.is_empty() {
        view! { <p class="quiet">{t.page_none_received()}</p> }.into_any()
    } else {
        view! { <ol class="messages">{rows}</ol> }.into_any()
    };
    view! { <section><h2>{t.page_received()}</h2>{list}</section> }.into_any()
}

fn contact(page: &CustomerPage, t: PublicText) -> Option<AnyView> {
    let number = page.contact.as_ref()?.trim_start_matches('+').to_owned();
    let words = t.page_contact(&page.look.brand);
    let href = format!("https://wa.me/{number}");
    Some(view! { <p><a href=href rel="noreferrer">{words}</a></p> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(tongue: Tongue) -> CustomerPage {
        CustomerPage {
            tongue,
            path: "/u/token".into(),
            look: Look { brand: "Maison <b>Sauvel</b>".into(), color: None, logo: None },
            privacy: "/privacy/brand".into(),
            contact: Some("+33639980099".into()),
            address: Some("+33639980042".into()),
            channels: vec![(Channel::Whatsapp, None)],
            advertising: true,
            silent: BTreeSet::new(),
            received: vec![],
            done: None,
            nonce: "n".into(),
        }
    }

    #[test]
    fn the_page_speaks_the_readers_language_and_hides_the_number() {
        for tongue in Tongue::ALL {
            let html = customer_page(&page(tongue));
            assert!(html.starts_with("<!DOCTYPE html><html lang=\""), "{html}");
            assert!(html.contains(&format!("lang=\"{}\"", tongue.code())));
            assert!(!html.contains("639980042") && !html.contains("<b>Sauvel"), "{tongue:?}");
            assert!(!html.contains("<script") && !html.contains(" style="));
            assert!(html.len() < 40_000, "{} bytes", html.len());
        }
    }

    #[test]
    fn a_choice_reads_back_as_itself() {
        for word in ["all", "essential"] {
            let Some(Chosen::Without(silent)) = chosen(word, &[]) else { panic!("{word}") };
            assert_eq!(preset_of(false, &silent), word);
        }
        let own = chosen("own", &["delivered".into(), "nonsense".into()]);
        let Some(Chosen::Without(own)) = own else { panic!("{own:?}") };
        assert_eq!(own.len(), TrackingStatus::ALL.len() - 1);
        assert_eq!(preset_of(false, &own), "own");
        assert_eq!(preset_of(true, &own), "nothing");
        assert_eq!(chosen("nothing", &[]), Some(Chosen::Nothing));
        assert_eq!(chosen("own", &["nonsense".into()]), Some(Chosen::Nothing));
        assert_eq!(chosen("loud", &[]), None);
    }
}
