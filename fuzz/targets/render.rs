//! The renderer: whatever is written and whatever a parcel says, either there is no message or no tag in it.
#![no_main]

use dispatch::language::Language;
use dispatch::template::{
    Button, ButtonAct, Content, Email, Header, RenderedAct, RenderedHeader, Tag, Values, render,
    render_mail, render_sms,
};
use libfuzzer_sys::fuzz_target;

fn has_raw_tag(text: &str) -> bool {
    text.find("<<").is_some_and(|start| text[start..].contains(">>"))
}

fuzz_target!(|input: (&str, &str, Vec<(u8, &str)>)| {
    let (written, other, told) = input;
    let english = Language::english();
    let mut values = Values::default();
    for (which, value) in told {
        let tag = Tag::ALL[usize::from(which) % Tag::ALL.len()];
        values.set(tag, value, &english);
    }
    let content = Content {
        header: if other.len() % 2 == 0 {
            Header::Text(other.to_owned())
        } else {
            Header::Document(other.to_owned())
        },
        body: written.to_owned(),
        footer: None,
        buttons: vec![Button {
            label: "x".to_owned(),
            act: ButtonAct::Url { url: format!("https://a.example/{other}") },
        }],
        sms: Some(format!("{other}{written}")),
        email: Some(Email {
            subject: other.to_owned(),
            text: written.to_owned(),
            html: Some(format!("<p>{written}</p>")),
        }),
    };
    if let Ok(rendered) = render(&content, &values) {
        assert!(!has_raw_tag(&rendered.body));
        match rendered.header {
            Some(RenderedHeader::Text { text, .. }) => assert!(!has_raw_tag(&text)),
            Some(RenderedHeader::Document { link, .. }) => assert!(!has_raw_tag(&link)),
            _ => {}
        }
        for button in rendered.buttons {
            if let RenderedAct::Url { url, .. } = button.does {
                assert!(!has_raw_tag(&url));
            }
        }
        // The provider refuses parameters with line breaks or runs of spaces.
        for (_, value) in rendered.values {
            assert!(!value.contains('\n') && !value.contains("    "));
        }
    }
    if let Ok(text) = render_sms(&content, &values) {
        assert!(!has_raw_tag(&text));
    }
    if let Ok(mail) = render_mail(&content, &values) {
        assert!(!has_raw_tag(&mail.subject) && !has_raw_tag(&mail.text));
        assert!(!has_raw_tag(&mail.html));
    }
});
