//! Why a template is refused, in the words of the Cloud API.

use super::Standing;

/// Why a template is refused: code 100 with a subcode where one is documented.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Problem {
    pub subcode: Option<u32>,
    pub title: &'static str,
    pub message: String,
}

impl Problem {
    pub(super) fn new(subcode: u32, title: &'static str, message: impl Into<String>) -> Self {
        Self { subcode: Some(subcode), title, message: message.into() }
    }

    pub(super) fn plain(message: impl Into<String>) -> Self {
        Self { subcode: None, title: "Invalid parameter", message: message.into() }
    }

    pub(super) fn too_long(what: &str, limit: usize) -> Self {
        Self::new(
            2_388_040,
            "Character Limit Exceeded",
            format!("The field {what} is longer than {limit} characters."),
        )
    }

    pub(super) fn header(message: impl Into<String>) -> Self {
        Self::new(2_388_047, "Message Header Format Is Incorrect", message)
    }

    pub(super) fn body(message: impl Into<String>) -> Self {
        Self::new(2_388_072, "Message Body Format Is Incorrect", message)
    }

    pub(super) fn footer(message: impl Into<String>) -> Self {
        Self::new(2_388_073, "Message Footer Format Is Incorrect", message)
    }

    pub(crate) fn taken() -> Self {
        Self::new(
            2_388_024,
            "Content in This Language Already Exists",
            "There is already content in this language for this template. Use another name, or \
             edit the template that exists.",
        )
    }

    pub(crate) fn same_wording(name: &str) -> Self {
        Self::plain(format!(
            "The template {name} has the same body and footer. Write another text or use it."
        ))
    }

    pub(crate) fn blocked(name: &str) -> Self {
        Self::new(
            2_388_023,
            "Message Template Language Is Being Deleted",
            format!("The name {name} was deleted and stays blocked for 30 days. Use another name."),
        )
    }

    /// A sample that was never uploaded, or of another kind.
    pub(crate) fn sample(message: impl Into<String>) -> Self {
        Self::header(message)
    }

    pub(crate) fn not_editable(standing: Standing) -> Self {
        Self::new(
            2_388_039,
            "Status Cannot Be Changed",
            match standing {
                Standing::Pending => {
                    "The template is still in review. Change it when the review has ended."
                        .to_owned()
                }
                other => format!("A template that is {} cannot be edited.", other.as_str()),
            },
        )
    }

    pub(crate) fn category_is_fixed() -> Self {
        Self::plain("The category of an approved template cannot be changed.")
    }

    pub(crate) fn edited_too_often() -> Self {
        Self::plain(
            "An approved template can be edited once in 24 hours and 10 times in 30 days. Wait, or \
             create another one.",
        )
    }

    pub(crate) fn not_deletable() -> Self {
        Self::plain("A disabled template cannot be deleted.")
    }

    pub(crate) fn full() -> Self {
        Self::new(2_388_019, "Template Limit Exceeded", "This account has 6,000 templates.")
    }
}
