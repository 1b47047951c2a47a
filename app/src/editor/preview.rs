//! The message as a sample parcel's customer would see it, on each channel.

use super::look::{Look, Matter};
use crate::text::Text;
use crate::ui::phone::{Bubble, phone};
use crate::ui::{Icon, icon};
use dispatch::template::sample::Sample;
use dispatch::template::{RenderError, render, render_mail, render_sms};
use leptos::prelude::*;

/// As what it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glass {
    /// On WhatsApp.
    Chat,
    /// As a text message.
    Sms,
    /// As a mail.
    Mail,
}

/// What a customer would see.
pub fn preview(t: Text, look: &Look, matter: &Matter, sample: Sample, glass: Glass) -> AnyView {
    let values = matter.values(sample);
    match glass {
        Glass::Chat => match render(&look.content, &values) {
            Ok(rendered) => {
                talk(t, matter, t.editor_business(), Bubble::of(&rendered, "14:02".to_owned()))
            }
            Err(error) => silent(t, &error),
        },
        Glass::Sms => match render_sms(&look.content, &values) {
            Ok(body) => {
                let bubble = Bubble { body, time: "14:02".to_owned(), ..Bubble::default() };
                talk(t, matter, t.channel_sms(), bubble)
            }
            Err(error) => silent(t, &error),
        },
        Glass::Mail => match render_mail(&look.content, &values) {
            Ok(mail) => {
                let page = look.content.email.as_ref().is_some_and(|mail| mail.html.is_some());
                let body = if page {
                    // Nothing runs in it and nothing is loaded: no scripts, forms, or other hosts.
                    view! {
                        <iframe class="mail__page" sandbox="" srcdoc=mail.html title=t.editor_mail_page()></iframe>
                        <p class="hint mail__hint">{t.editor_mail_plain()}</p>
                    }
                    .into_any()
                } else {
                    view! { <p class="mail__text" dir="auto">{mail.text}</p> }.into_any()
                };
                view! {
                    <div class="mail">
                        <p class="mail__from"><b>{matter.brand.clone()}</b></p>
                        <p class="mail__subject" dir="auto"><b>{mail.subject}</b></p>
                        {body}
                    </div>
                }
                .into_any()
            }
            Err(error) => silent(t, &error),
        },
    }
}

fn talk(t: Text, matter: &Matter, caption: &str, bubble: Bubble) -> AnyView {
    phone(&matter.brand, caption, t.editor_today(), vec![bubble])
}

/// Why this parcel's customer would hear nothing.
fn silent(t: Text, error: &RenderError) -> AnyView {
    let words = match error {
        RenderError::Missing(tags) => {
            t.editor_fails_missing(tags.iter().map(|tag| tag.word()).collect::<Vec<_>>().join(", "))
        }
        RenderError::Text(_) => t.editor_fails_text().to_owned(),
    };
    view! {
        <div class="phone"><div class="phone__screen"><div class="chat">
            <p class="chat__sys chat__sys--bad">{icon(Icon::Skip)}{t.editor_no_message()}" "{words}</p>
        </div></div></div>
    }
    .into_any()
}
