//! Templates at the Cloud API: given to the review, listed, and what callbacks say of them (contract §5, §6).

use super::error;
use dispatch::language::Language;
use dispatch::port::{ProviderTemplate, Submitted, TemplateNews};
use dispatch::template::{Category, News, Review};
use dispatch::time::Timestamp;
use serde_json::Value;

/// The same name and language exists: a submission whose answer was lost had arrived.
const TAKEN: i64 = 2_388_024;
/// What is asked of each template.
pub const FIELDS: &str = "id,name,language,status,category,rejected_reason,quality_score";
/// Templates per page.
pub const PAGE: usize = 200;
/// Most pages read: 6,000 templates is the largest allowance of a business account (contract §6.1).
pub const MOST_PAGES: usize = 31;

/// Longest advice kept with a refusal, in characters.
const LONGEST_SENTENCE: usize = 600;

/// Where a template stands, in our words. States that are none of our business answer none.
#[must_use]
pub fn review(word: &str) -> Option<Review> {
    Some(match word.to_ascii_uppercase().as_str() {
        // At risk, and still sendable.
        "APPROVED" | "REINSTATED" | "FLAGGED" | "UNARCHIVED" => Review::Approved,
        "PENDING" | "IN_APPEAL" => Review::Submitted,
        "REJECTED" => Review::Rejected,
        "PAUSED" => Review::Paused,
        "DISABLED" | "LOCKED" | "LIMIT_EXCEEDED" | "ARCHIVED" | "DELETED" | "PENDING_DELETION" => {
            Review::Disabled
        }
        _ => return None,
    })
}

fn category(word: &str) -> Option<Category> {
    word.to_ascii_lowercase().parse().ok()
}

/// A text that says something: Meta writes `NONE` for nothing.
fn said(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty() && *text != "NONE").map(str::to_owned)
}

/// What the answer to a create means. An error with a body is a clear no.
#[must_use]
pub fn submitted(status: u16, body: &[u8], again: Timestamp) -> Submitted {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    if let Some(error) = error::parse(body) {
        if value["error"]["error_subcode"].as_i64() == Some(TAKEN) {
            return Submitted::Taken {
                provider_id: None,
                review: Review::Submitted,
                category: None,
            };
        }
        let class = error::class(error.code);
        return match class {
            Some(error::Class::Fix) if !error.transient => {
                let subcode = value["error"]["error_subcode"].as_i64().unwrap_or(error.code);
                Submitted::Refused { code: refused(subcode), words: error.sentence().to_owned() }
            }
            // Limits pass, credentials are renewed, and what nobody knows may be a bad hour of theirs.
            _ => Submitted::Again(again),
        };
    }
    match (status, value["status"].as_str().and_then(review)) {
        (200..=299, Some(review)) => Submitted::Taken {
            provider_id: said(&value["id"]),
            review,
            category: value["category"].as_str().and_then(category),
        },
        _ => Submitted::Again(again),
    }
}

/// What a code of a refused submission amounts to, in the words of a review (contract §6.5); the code itself
/// where there is none.
fn refused(code: i64) -> String {
    match code {
        // The limit of the business account.
        2_388_019 => "TEMPLATE_LIMIT".to_owned(),
        // Too long a field; header, body or footer; too many variables; a variable at an end.
        2_388_040 | 2_388_047 | 2_388_072 | 2_388_073 | 2_388_293 | 2_388_299 => {
            "INVALID_FORMAT".to_owned()
        }
        other => other.to_string(),
    }
}

/// One page of a list, and where the next begins.
#[must_use]
pub fn page(body: &[u8]) -> Option<(Vec<ProviderTemplate>, Option<String>)> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let found = value["data"].as_array()?.iter().filter_map(listed).collect();
    let after = value["paging"]["cursors"]["after"].as_str().map(str::to_owned);
    // Without a link to the next page this was the last, whatever the cursors say.
    Some((found, after.filter(|_| value["paging"]["next"].is_string())))
}

fn listed(item: &Value) -> Option<ProviderTemplate> {
    Some(ProviderTemplate {
        provider_id: said(&item["id"])?,
        name: said(&item["name"])?,
        language: item["language"].as_str()?.parse().ok()?,
        review: review(item["status"].as_str()?)?,
        reason: said(&item["rejected_reason"]),
        category: item["category"].as_str().and_then(category)?,
        quality: quality(&item["quality_score"]["score"]),
    })
}

fn quality(value: &Value) -> Option<String> {
    said(value).filter(|word| word != "UNKNOWN").map(|word| word.to_ascii_lowercase())
}

/// What a change of a field about templates says; none for a field or an event we have no use for.
#[must_use]
pub fn news(field: &str, value: &Value, at: Timestamp) -> Option<TemplateNews> {
    let what = match field {
        "message_template_status_update" => {
            let review = review(value["event"].as_str()?)?;
            // The word first: screens know it. Meta's own sentence, where there is one, behind it.
            let word = said(&value["reason"]).or_else(|| said(&value["other_info"]["title"]));
            let info = &value["rejection_info"];
            let sentences = [said(&info["reason"]), said(&info["recommendation"])];
            let sentence =
                sentences.into_iter().flatten().reduce(|one, two| format!("{one} {two}"));
            let reason = match (word, sentence) {
                (Some(word), Some(sentence)) => {
                    let short: String = sentence.chars().take(LONGEST_SENTENCE).collect();
                    Some(format!("{word}: {short}"))
                }
                (word, sentence) => word.or(sentence),
            };
            News::Review { review, reason: reason.filter(|_| review != Review::Approved) }
        }
        "message_template_quality_update" => News::Quality(quality(&value["new_quality_score"])?),
        "template_category_update" => match value["correct_category"].as_str() {
            // Announced: `new_category` is the one it still has.
            Some(coming) => {
                let when = value["category_update_timestamp"].as_i64().map(Timestamp::from_seconds);
                News::Impending(category(coming)?, when.unwrap_or(at))
            }
            None => News::Category(category(value["new_category"].as_str()?)?),
        },
        _ => return None,
    };
    Some(TemplateNews {
        name: said(&value["message_template_name"])?,
        language: value["message_template_language"].as_str()?.parse::<Language>().ok()?,
        provider_id: value["message_template_id"].as_i64().map(|id| id.to_string()),
        what,
        at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Timestamp = Timestamp::from_seconds(100);

    fn answer(status: u16, body: &Value) -> Submitted {
        submitted(status, body.to_string().as_bytes(), NOW)
    }

    #[test]
    fn a_submission_ends_in_one_of_three_ways() {
        let taken = answer(200, &json!({"id": "1", "status": "PENDING", "category": "UTILITY"}));
        let expected = Submitted::Taken {
            provider_id: Some("1".into()),
            review: Review::Submitted,
            category: Some(Category::Utility),
        };
        assert_eq!(taken, expected);
        let error = |code: i64, subcode: i64| json!({"error": {"message": "x", "code": code, "error_subcode": subcode}});
        assert!(matches!(answer(400, &error(100, TAKEN)), Submitted::Taken { .. }));
        let refused = |code: &str| Submitted::Refused { code: code.into(), words: "x".into() };
        assert_eq!(answer(400, &error(100, 2_388_299)), refused("INVALID_FORMAT"));
        assert_eq!(answer(400, &error(100, 2_388_019)), refused("TEMPLATE_LIMIT"));
        assert_eq!(answer(400, &error(100, 2_388_039)), refused("2388039"));
        for (status, body) in [(400, error(190, 0)), (429, error(4, 0)), (502, json!("<html>"))] {
            assert_eq!(answer(status, &body), Submitted::Again(NOW), "{body}");
        }
    }

    #[test]
    fn the_last_page_is_the_one_without_a_next() {
        let item = json!({"id": "9", "name": "n", "language": "pt_BR", "status": "REJECTED",
            "category": "MARKETING", "rejected_reason": "PROMOTIONAL", "quality_score": {"score": "UNKNOWN"}});
        let strange = json!({"id": "9", "name": "n", "language": "en", "status": "NEW_WORD", "category": "X"});
        let mut body = json!({"data": [item, strange], "paging": {"cursors": {"after": "A"}}});
        let (found, after) = page(body.to_string().as_bytes()).expect("a page");
        assert_eq!((found.len(), after), (1, None));
        assert_eq!(found[0].reason.as_deref(), Some("PROMOTIONAL"));
        assert_eq!(found[0].quality, None);
        body["paging"]["next"] = json!("https://…");
        assert_eq!(page(body.to_string().as_bytes()).and_then(|p| p.1), Some("A".into()));
    }

    #[test]
    fn an_announced_category_is_not_yet_the_category() {
        let mut value = json!({"message_template_id": 7, "message_template_name": "n",
            "message_template_language": "en", "new_category": "UTILITY",
            "correct_category": "MARKETING", "category_update_timestamp": 200});
        let what = |value: &Value| news("template_category_update", value, NOW).map(|n| n.what);
        let then = Timestamp::from_seconds(200);
        assert_eq!(what(&value), Some(News::Impending(Category::Marketing, then)));
        value["correct_category"] = Value::Null;
        value["new_category"] = json!("MARKETING");
        assert_eq!(what(&value), Some(News::Category(Category::Marketing)));
    }
}
