//! What stands above a message: a line of text, a picture, a file or a place.

use super::{
    html::{FILE, PIN, e, icon},
    words::Words,
};
use crate::state::message::{File, Heading};

pub(super) fn heading(words: &Words, heading: &Heading) -> String {
    match heading {
        Heading::Text(text) => format!("<p class=\"head\">{}</p>", e(text)),
        Heading::Media { kind, file, filename } => media(words, kind, file, filename.as_deref()),
        Heading::Location { latitude, longitude, name, address } => {
            let name = name.as_deref().or(address.as_deref()).unwrap_or(words.location);
            // The address is the name already when there is no name.
            let address = address.as_deref().filter(|address| *address != name);
            let address = address.unwrap_or_default();
            let map = format!(
                "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
            );
            attached(words, PIN, Some(&map), name, &format!("{address} {latitude}, {longitude}"))
        }
    }
}

fn media(words: &Words, kind: &str, file: &File, filename: Option<&str>) -> String {
    let called = words.media(kind);
    match file {
        File::Link(link) if kind == "image" => format!(
            "<a class=\"pic\" href=\"{link}\" target=\"_blank\" rel=\"noopener noreferrer\">\
             <img src=\"{link}\" alt=\"{called}\" referrerpolicy=\"no-referrer\"></a>",
            link = e(link),
        ),
        File::Link(link) => attached(words, FILE, Some(link), filename.unwrap_or(called), link),
        // What was uploaded has an id and no address.
        File::Id(id) => attached(words, FILE, None, filename.unwrap_or(called), id),
    }
}

/// Something with a name and a line below it; `to` is where it opens.
fn attached(words: &Words, drawing: &str, to: Option<&str>, name: &str, about: &str) -> String {
    let inside = format!(
        "{}<span><b>{}</b><small>{}</small></span>",
        icon(drawing),
        e(name),
        e(about.trim())
    );
    match to {
        Some(to) => format!(
            "<a class=\"att\" href=\"{}\" target=\"_blank\" rel=\"noopener noreferrer\">{inside}\
             <span class=\"sr\">, {}</span></a>",
            e(to),
            words.opens_elsewhere,
        ),
        None => format!("<div class=\"att\">{inside}</div>"),
    }
}
