//! What the template editor's form carries, as typed: the browser reads it from the page, the server from
//! what was sent, and both make the same content of it.

use dispatch::template::{
    Button, ButtonAct, ButtonKind, Category, Content, Email, Header, HeaderKind, ReplyAction,
};

/// Rows of buttons that are looked at: one more than allowed, so that too many can be named.
pub const ROWS: usize = dispatch::template::check::BUTTONS + 1;

/// A row of the button builder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// What stands on it.
    pub label: String,
    /// `url`, `phone`, or `reply:` and what it does.
    pub kind: String,
    /// The address or number.
    pub target: String,
}

/// The form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// A word of [`Category`].
    pub category: String,
    /// A word of [`HeaderKind`].
    pub header_kind: String,
    /// The header's line or address.
    pub header_text: String,
    /// The text.
    pub body: String,
    /// The line below.
    pub footer: String,
    /// Its rows, blank ones too.
    pub rows: Vec<Row>,
    /// The text message.
    pub sms: String,
    /// The mail's subject.
    pub mail_subject: String,
    /// The mail's text.
    pub mail_text: String,
    /// The mail's page.
    pub mail_html: String,
}

impl Row {
    /// Whether the row is no button: nothing is written, and it does not answer either.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.label.trim().is_empty()
            && self.target.trim().is_empty()
            && !self.kind.starts_with(ButtonKind::Reply.word())
    }

    fn of(button: &Button) -> Self {
        let kind = button.act.kind().word();
        let (kind, target) = match &button.act {
            ButtonAct::Url { url } => (kind.to_owned(), url.clone()),
            ButtonAct::Phone { number } => (kind.to_owned(), number.clone()),
            ButtonAct::Reply { action } => ([kind, ":", action.word()].concat(), String::new()),
        };
        Self { label: button.label.clone(), kind, target }
    }

    /// What is no kind of button becomes an address, which the checks then refuse.
    fn button(&self) -> Button {
        let target = self.target.trim().to_owned();
        let act = match self.kind.split_once(':') {
            None if self.kind == ButtonKind::Phone.word() => {
                // As people write numbers; the provider wants digits alone.
                let plain = target.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')'));
                ButtonAct::Phone { number: plain.collect() }
            }
            None if self.kind == ButtonKind::Reply.word() => match target.parse() {
                Ok(action) => ButtonAct::Reply { action },
                Err(_) => ButtonAct::Url { url: target },
            },
            Some((_, action)) => match action.parse::<ReplyAction>() {
                Ok(action) => ButtonAct::Reply { action },
                Err(_) => ButtonAct::Url { url: target },
            },
            None => ButtonAct::Url { url: target },
        };
        Button { label: self.label.trim().to_owned(), act }
    }
}

impl Draft {
    /// What a stored content looks like in the form.
    #[must_use]
    pub fn of(content: &Content, category: Category) -> Self {
        let mail = content.email.clone().unwrap_or_default();
        Self {
            category: category.word().to_owned(),
            header_kind: content.header.kind().word().to_owned(),
            header_text: content.header.text().to_owned(),
            body: content.body.clone(),
            footer: content.footer.clone().unwrap_or_default(),
            rows: content.buttons.iter().map(Row::of).collect(),
            sms: content.sms.clone().unwrap_or_default(),
            mail_subject: mail.subject,
            mail_text: mail.text,
            mail_html: mail.html.unwrap_or_default(),
        }
    }

    /// The form as it was sent: fields and texts in their order.
    #[must_use]
    pub fn of_fields<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut draft = Self::default();
        let (mut labels, mut kinds, mut targets) = (Vec::new(), Vec::new(), Vec::new());
        for (name, text) in fields {
            // Browsers send the ends of lines as two characters.
            let text = text.replace("\r\n", "\n");
            match name {
                "category" => draft.category = text,
                "header_kind" => draft.header_kind = text,
                "header_text" => draft.header_text = text,
                "body" => draft.body = text,
                "footer" => draft.footer = text,
                "button_label" => labels.push(text),
                "button_kind" => kinds.push(text),
                "button_target" => targets.push(text),
                "sms" => draft.sms = text,
                "mail_subject" => draft.mail_subject = text,
                "mail_text" => draft.mail_text = text,
                "mail_html" => draft.mail_html = text,
                _ => {}
            }
        }
        let mut targets = targets.into_iter();
        let mut kinds = kinds.into_iter();
        draft.rows = labels
            .into_iter()
            .map(|label| Row {
                label,
                kind: kinds.next().unwrap_or_default(),
                target: targets.next().unwrap_or_default(),
            })
            .take(ROWS)
            .collect();
        draft
    }

    /// Whether nothing is written yet.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let texts = [&self.header_text, &self.body, &self.footer, &self.sms, &self.mail_text];
        texts.iter().all(|text| text.trim().is_empty()) && self.rows.iter().all(Row::is_blank)
    }

    /// The category chosen.
    #[must_use]
    pub fn category(&self) -> Category {
        if self.category == Category::Marketing.word() {
            Category::Marketing
        } else {
            Category::Utility
        }
    }

    /// What is to be sent. Empty parts are none; nothing else is changed but the ends of short lines.
    #[must_use]
    pub fn content(&self) -> Content {
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
        let kind = self.header_kind.parse().unwrap_or(HeaderKind::None);
        let mail = [&self.mail_subject, &self.mail_text, &self.mail_html];
        let email = mail.iter().any(|text| !text.trim().is_empty()).then(|| Email {
            subject: self.mail_subject.trim().to_owned(),
            text: self.mail_text.clone(),
            html: some(&self.mail_html),
        });
        Content {
            header: Header::of(kind, self.header_text.trim()),
            body: self.body.clone(),
            footer: some(self.footer.trim()),
            buttons: self.rows.iter().filter(|row| !row.is_blank()).map(Row::button).collect(),
            sms: some(&self.sms),
            email,
        }
    }

    /// Which row of the form a button of the content is.
    #[must_use]
    pub fn row_of(&self, button: usize) -> usize {
        let rows = self.rows.iter().enumerate().filter(|(_, row)| !row.is_blank());
        rows.map(|(index, _)| index).nth(button).unwrap_or(button)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent<'a>(fields: &'a [(&'a str, &'a str)]) -> Draft {
        Draft::of_fields(fields.iter().copied())
    }

    #[test]
    fn what_is_stored_comes_back_from_its_own_form() {
        let content = Content {
            header: Header::Text("Order".into()),
            body: "Hello\n\nthere".into(),
            footer: None,
            buttons: vec![
                Button {
                    label: "Track".into(),
                    act: ButtonAct::Url { url: "https://a.example/".into() },
                },
                Button {
                    label: "Stop".into(),
                    act: ButtonAct::Reply { action: ReplyAction::Stop },
                },
            ],
            sms: Some("Hi".into()),
            email: Some(Email { subject: "S".into(), text: "T".into(), html: None }),
        };
        let draft = Draft::of(&content, Category::Marketing);
        assert_eq!((draft.content(), draft.category()), (content, Category::Marketing));
    }

    #[test]
    fn rows_without_anything_are_no_buttons_and_lines_end_in_one_character() {
        let draft = sent(&[
            ("body", "a\r\nb"),
            ("button_label", ""),
            ("button_kind", "url"),
            ("button_target", " "),
            ("button_label", "Call"),
            ("button_kind", "phone"),
            ("button_target", "+33 1 39 00 00 00"),
            ("button_label", ""),
            ("button_kind", "reply:track"),
            ("button_target", ""),
        ]);
        let content = draft.content();
        assert_eq!(content.body, "a\nb");
        let acts: Vec<_> = content.buttons.into_iter().map(|button| button.act).collect();
        let number = "+33139000000".to_owned();
        let reply = ButtonAct::Reply { action: ReplyAction::Track };
        assert_eq!(acts, [ButtonAct::Phone { number }, reply]);
        assert_eq!((content.sms, content.email, content.footer), (None, None, None));
    }

    #[test]
    fn an_unknown_kind_of_button_is_left_to_the_checks() {
        let fields = [("button_label", "x"), ("button_kind", "reply:dance"), ("button_target", "")];
        let act = sent(&fields).content().buttons.remove(0).act;
        assert_eq!(act, ButtonAct::Url { url: String::new() });
        let many: Vec<_> = (0..40).map(|_| ("button_label", "x")).collect();
        assert_eq!(sent(&many).rows.len(), ROWS);
    }
}
