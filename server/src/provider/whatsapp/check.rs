//! What the Cloud API says about a number when it is asked (contract §1).

use super::error::{self, Class};
use dispatch::port::ReachNews;
use dispatch::reach::Limit;
use dispatch::sender::{SenderCheck, SenderProblem, SenderQuality};
use serde_json::Value;

/// What is asked of the number.
pub(super) const FIELDS: &str = "verified_name,display_phone_number,quality_rating,code_verification_status,\
    platform_type,status,whatsapp_business_manager_messaging_limit,throughput";

/// Messages a second of a number that was upgraded (contract §8.1).
const UPGRADED: u32 = 1_000;
/// What is asked of the business account. Whose it is stands on its page of the Graph API; where it does not, the
/// business account stands for its portfolio.
pub(super) const OWNER_FIELDS: &str = "id,name,owner_business_info";

/// An answer's status and body; none when there was none in time.
type Answer = Option<(u16, Vec<u8>)>;

/// Puts together what the number and its business account said.
pub(super) fn read(
    number: Answer,
    subscribed: Answer,
    owner: Answer,
    callback_url: &str,
) -> SenderCheck {
    let Some((status, body)) = number else {
        return SenderCheck::failed(SenderProblem::Unreachable);
    };
    if let Some(problem) = refused(status, &body, SenderProblem::NumberUnknown) {
        return SenderCheck::failed(problem);
    }
    let Ok(said) = serde_json::from_slice::<Value>(&body) else {
        return SenderCheck::failed(SenderProblem::Unclear);
    };
    let text = |field: &str| said[field].as_str().map(str::to_owned);
    // A business account answers to its id too, but has no number.
    if text("display_phone_number").is_none() {
        return SenderCheck::failed(SenderProblem::NumberUnknown);
    }
    let mut problems = Vec::new();
    let elsewhere = |field: &str, fine: &str| said[field].as_str().is_some_and(|word| word != fine);
    if elsewhere("platform_type", "CLOUD_API")
        || matches!(
            said["status"].as_str(),
            Some("DISCONNECTED" | "UNVERIFIED" | "DELETED" | "MIGRATED")
        )
    {
        problems.push(SenderProblem::NotRegistered);
    }
    problems.extend(subscription(subscribed, callback_url));
    SenderCheck {
        problems,
        name: text("verified_name"),
        number: text("display_phone_number"),
        quality: match said["quality_rating"].as_str() {
            Some("GREEN") => SenderQuality::Green,
            Some("YELLOW") => SenderQuality::Yellow,
            Some("RED") => SenderQuality::Red,
            _ => SenderQuality::Unknown,
        },
        limit: match limit(&said["whatsapp_business_manager_messaging_limit"]) {
            Some(Limit::People(people)) => Some(people),
            _ => None,
        },
        unlimited: limit(&said["whatsapp_business_manager_messaging_limit"]) == Some(Limit::Any),
        portfolio: owner.and_then(|(_, body)| portfolio(&body)),
        // Contract §8: a number is upgraded by Meta, without being asked.
        per_second: (said["throughput"]["level"].as_str() == Some("HIGH")).then_some(UPGRADED),
    }
}

/// Whether receipts come to us.
fn subscription(answer: Answer, callback_url: &str) -> Option<SenderProblem> {
    let Some((status, body)) = answer else { return Some(SenderProblem::Unreachable) };
    // The number has answered with the same token, so the account is the wrong one.
    if refused(status, &body, SenderProblem::WrongWaba).is_some() {
        return Some(SenderProblem::WrongWaba);
    }
    let Ok(said) = serde_json::from_slice::<Value>(&body) else {
        return Some(SenderProblem::Unclear);
    };
    let apps = said["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut addresses =
        apps.iter().filter_map(|app| app["override_callback_uri"].as_str()).peekable();
    if apps.is_empty() {
        Some(SenderProblem::NotSubscribed)
    } else if addresses.peek().is_some() && !addresses.any(|address| address == callback_url) {
        Some(SenderProblem::SubscribedElsewhere)
    } else {
        None
    }
}

/// Why an answer is none; `unknown` when there is no such object for this token.
fn refused(status: u16, body: &[u8], unknown: SenderProblem) -> Option<SenderProblem> {
    match error::parse(body) {
        Some(error) if error.code == 190 || error.code == 0 => Some(SenderProblem::TokenRefused),
        Some(error) => Some(match error::class(error.code) {
            // Permission on this very object is missing, or there is none.
            Some(Class::Auth | Class::Fix | Class::PauseNumber) => unknown,
            _ => SenderProblem::Unclear,
        }),
        None if status == 401 => Some(SenderProblem::TokenRefused),
        None if !(200..300).contains(&status) => Some(SenderProblem::Unclear),
        None => None,
    }
}

/// The id of the portfolio that owns a business account.
fn portfolio(body: &[u8]) -> Option<String> {
    let said: Value = serde_json::from_slice(body).ok()?;
    let id = said["owner_business_info"]["id"].as_str()?;
    let fits = (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| id.to_owned())
}

/// People within a day: a word (`TIER_2K`, `TIER_250`, `TIER_UNLIMITED`) or a number, of which -1 means any. None
/// when nothing is said, or something nobody knows.
pub(super) fn limit(said: &Value) -> Option<Limit> {
    if let Some(number) = said.as_i64() {
        return if number < 0 { Some(Limit::Any) } else { people(u32::try_from(number).ok()?) };
    }
    let word = said.as_str()?;
    let tier = word.strip_prefix("TIER_").unwrap_or(word);
    match tier.strip_suffix('K') {
        Some(thousands) => people(thousands.parse::<u32>().ok()?.checked_mul(1_000)?),
        None if tier == "UNLIMITED" || tier == "-1" => Some(Limit::Any),
        None => people(tier.parse().ok()?),
    }
}

/// Nobody has a limit of nobody: such a number is told while nothing is set.
fn people(number: u32) -> Option<Limit> {
    (number > 0).then_some(Limit::People(number))
}

/// What a callback says of a number or its portfolio (contract §5.1); none when that is nothing for us.
pub(super) fn news(field: &str, value: &Value) -> Option<ReachNews> {
    let limit = limit(&value["max_daily_conversations_per_business"]);
    match field {
        "business_capability_update" => Some(ReachNews { limit, ..ReachNews::default() }),
        "phone_number_quality_update" => {
            let upgraded = value["event"].as_str() == Some("THROUGHPUT_UPGRADE");
            let number = value["display_phone_number"].as_str().filter(|_| upgraded);
            let per_second = number.map(|number| (UPGRADED, number.to_owned()));
            let limit = limit.or_else(|| self::limit(&value["current_limit"]));
            Some(ReachNews { limit, per_second, ..ReachNews::default() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const OURS: &str = "https://facteur.example/callbacks/whatsapp/snd_1";
    const NUMBER: &str = r#"{"id":"118842056631907","display_phone_number":"+351 300 501 234",
        "verified_name":"Loja Exemplo","quality_rating":"YELLOW","code_verification_status":"VERIFIED",
        "whatsapp_business_manager_messaging_limit":"TIER_2K"}"#;

    fn answer(status: u16, body: &str) -> Answer {
        Some((status, body.as_bytes().to_vec()))
    }

    fn app(address: &str) -> Answer {
        answer(
            200,
            &format!(
                r#"{{"data":[{{"whatsapp_business_api_data":{{"id":"1"}},"override_callback_uri":"{address}"}}]}}"#
            ),
        )
    }

    fn error(code: i64) -> Answer {
        answer(400, &format!(r#"{{"error":{{"message":"no","code":{code}}}}}"#))
    }

    #[test]
    fn a_number_in_order_has_no_problem() {
        let check = read(answer(200, NUMBER), app(OURS), None, OURS);
        assert_eq!(check.problems, []);
        assert_eq!((check.quality, check.limit), (SenderQuality::Yellow, Some(2_000)));
        assert_eq!(check.number.as_deref(), Some("+351 300 501 234"));
        // An app without an address of its own listens where its dashboard says.
        let plain = answer(200, r#"{"data":[{"whatsapp_business_api_data":{"id":"1"}}]}"#);
        assert_eq!(read(answer(200, NUMBER), plain, None, OURS).problems, []);
    }

    #[test]
    fn each_mistake_has_its_name() {
        use SenderProblem::{
            NotRegistered, NotSubscribed, NumberUnknown, SubscribedElsewhere, TokenRefused,
            Unclear, Unreachable, WrongWaba,
        };
        let fine = || answer(200, NUMBER);
        let unregistered = NUMBER.replace("\"id\"", "\"platform_type\":\"NOT_APPLICABLE\",\"id\"");
        for (number, subscribed, expected) in [
            (error(190), error(190), TokenRefused),
            (answer(401, ""), None, TokenRefused),
            (error(100), app(OURS), NumberUnknown),
            (error(33), app(OURS), NumberUnknown),
            (answer(200, r#"{"id":"1","name":"a WABA"}"#), app(OURS), NumberUnknown),
            (None, app(OURS), Unreachable),
            (answer(200, "<html>"), app(OURS), Unclear),
            (error(4), app(OURS), Unclear),
            (answer(200, &unregistered), app(OURS), NotRegistered),
            (fine(), error(100), WrongWaba),
            (fine(), error(200), WrongWaba),
            (fine(), None, Unreachable),
            (fine(), answer(200, r#"{"data":[]}"#), NotSubscribed),
            (fine(), app("https://else.example/"), SubscribedElsewhere),
        ] {
            assert_eq!(read(number, subscribed, None, OURS).problems, [expected]);
        }
    }

    #[test]
    fn limits_are_numbers_of_people() {
        for (tier, people) in [
            (json!("TIER_50"), Some(Limit::People(50))),
            (json!("TIER_1K"), Some(Limit::People(1_000))),
            (json!("TIER_UNLIMITED"), Some(Limit::Any)),
            (json!(2_000), Some(Limit::People(2_000))),
            (json!("2000"), Some(Limit::People(2_000))),
            (json!(-1), Some(Limit::Any)),
            (json!(0), None),
            (json!("TIER_NOT_SET"), None),
            (json!(""), None),
            (json!(null), None),
            (json!("TIER_9999999K"), None),
        ] {
            assert_eq!(limit(&tier), people, "{tier}");
        }
    }

    #[test]
    fn the_portfolio_is_the_business_accounts_owner() {
        let owner =
            |body: &str| read(answer(200, NUMBER), app(OURS), answer(200, body), OURS).portfolio;
        let whole = r#"{"id":"1","owner_business_info":{"id":"2729063490586005","name":"Loja"}}"#;
        assert_eq!(owner(whole).as_deref(), Some("2729063490586005"));
        for other in [r#"{"id":"1"}"#, r#"{"owner_business_info":{"id":"x' OR"}}"#, "<html>", ""] {
            assert_eq!(owner(other), None, "{other}");
        }
    }

    #[test]
    fn callbacks_tell_limits_and_speeds() {
        let told = |field: &str, value: Value| news(field, &value).expect("news");
        let limit = |limit| ReachNews { limit: Some(limit), ..ReachNews::default() };
        let capability = "business_capability_update";
        let people =
            json!({"max_daily_conversations_per_business": 2000, "max_phone_numbers_per_waba": 25});
        assert_eq!(told(capability, people), limit(Limit::People(2_000)));
        let any = json!({"max_daily_conversations_per_business": -1});
        assert_eq!(told(capability, any), limit(Limit::Any));
        let quality = "phone_number_quality_update";
        let tier =
            json!({"event": "ONBOARDING", "max_daily_conversations_per_business": "TIER_10K"});
        assert_eq!(told(quality, tier), limit(Limit::People(10_000)));
        let faster = json!({"event": "THROUGHPUT_UPGRADE", "display_phone_number": "351300501234"});
        assert_eq!(told(quality, faster).per_second, Some((1_000, "351300501234".into())));
        assert!(told(capability, json!({"x": [1]})).is_empty());
        assert_eq!(news("account_update", &json!({})), None);
    }
}
