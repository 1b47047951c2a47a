//! What a status says: which text, how it reads, what a message costs. In the list it stands under each switch.

use super::Board;
use super::matrix::variant;
use crate::editor::Matter;
use crate::page::Ask;
use crate::page::templates::review_state;
use crate::route;
use crate::text::{language, money, status};
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::country::Country;
use dispatch::starter;
use dispatch::template::sample::Sample;
use dispatch::template::{Variant, render, render_mail, render_sms};
use leptos::prelude::*;

/// The editor of a text.
pub(super) fn editor(board: &Board, variant: &Variant) -> String {
    let brand = board.brand.id.to_string();
    route::with_query(&route::template(variant.status, &variant.language), &[("brand", &brand)])
}

/// A text's name with its version; the library's have none.
pub(super) fn name(variant: &Variant) -> String {
    match variant.version {
        0 => variant.name.clone(),
        version => format!("{} v{version}", variant.name),
    }
}

/// What a message costs, where the channel has a price.
pub(super) fn price(ask: &Ask, board: &Board) -> Option<String> {
    board.price.as_ref().map(|price| money::amount(ask.lang, price.price))
}

/// The text as a customer with an ordinary parcel would read it, in one line that opens.
pub(super) fn fold(
    ask: &Ask,
    board: &Board,
    (code, land): (Country, &str),
    each: TrackingStatus,
) -> Option<AnyView> {
    let t = ask.t;
    let variant = variant(board, code, each)?;
    let tongue = variant.language.code();
    let reviewed = board.channel == Channel::Whatsapp;
    let each_costs = price(ask, board).map(|price| view! { <p>{t.tracking_say_price(price)}</p> });
    Some(
        view! {
            <details class="say">
                <summary>
                    <span class="sr">{t.tracking_say(status::name(t, each), land)} " "</span>
                    <span class="say__text" dir="auto" lang=tongue.replace('_', "-")>{text(board, variant)}</span>
                </summary>
                <div class="say__facts">
                    <p>
                        <a href=editor(board, variant)>{name(variant)}</a>
                        " " {language::name(ask.lang, tongue)}
                    </p>
                    {reviewed.then(|| review_state(t, variant.review))}
                    {each_costs}
                </div>
            </details>
        }
        .into_any(),
    )
}

/// What the channel makes of a text; as it is written where it cannot be filled.
fn text(board: &Board, variant: &Variant) -> String {
    let matter = Matter {
        status: variant.status,
        word: starter::status_word(&variant.language, variant.status).to_owned(),
        language: variant.language.clone(),
        brand: board.brand.name.clone(),
    };
    let (content, values) = (&variant.content, matter.values(Sample::Ordinary));
    let filled = match board.channel {
        Channel::Whatsapp => render(content, &values).map(|message| message.body),
        Channel::Sms => render_sms(content, &values),
        Channel::Email => {
            render_mail(content, &values).map(|mail| format!("{}\n{}", mail.subject, mail.text))
        }
    };
    filled.unwrap_or_else(|_| content.body.clone())
}
