//! Files that pages offer: made while they are read, so their length costs no memory.

use super::session::Visit;
use super::state::AppState;
use super::{page, viewer};
use app::route::CONSENT_EXPORT;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use dispatch::csv;
use dispatch::decision::mask_phone;
use dispatch::error::Error;
use dispatch::id::{AccountId, BrandId, ConsentId};
use dispatch::tenant::Permission;
use dispatch::view::{ConsentFilter, ConsentView};
use futures::stream;
use http::{HeaderValue, Request, header};
use tower_sessions::Session;

/// Records read at a time.
const ROWS: i64 = 500;

/// The heads are those the import understands, so that what a shop recorded can move.
const HEADS: [&str; 13] = [
    "id",
    "time",
    "recorded_at",
    "phone",
    "channel",
    "purpose",
    "kind",
    "recorded_by",
    "source",
    "text",
    "text_version",
    "proof",
    "member",
];

/// `GET /consent/export?brand=`
pub async fn consents(
    State(state): State<AppState>,
    session: Session,
    request: Request<Body>,
) -> Response {
    let (parts, _) = request.into_parts();
    debug_assert_eq!(parts.uri.path(), CONSENT_EXPORT);
    let visit = Visit::new(session);
    let guest = match viewer::guest(&state, &visit).await {
        Ok(Some(guest)) => guest,
        Ok(None) => return page::sign_in_first(&parts),
        Err(error) => return super::error::status(&error).into_response(),
    };
    let query = parts.uri.query().unwrap_or_default();
    let wanted = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "brand")
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty());
    let brand = match wanted.map(|text| text.parse::<BrandId>()).transpose() {
        Ok(brand) => brand.filter(|id| guest.brands.iter().any(|brand| brand.id == *id)),
        Err(_) => None,
    };
    if !query.is_empty() && brand.is_none() {
        return super::error::status(&Error::NotFound).into_response();
    }
    let rows = Rows {
        state,
        account: guest.viewer.account,
        brand,
        whole: guest.viewer.role.may(Permission::ReadPhones),
    };
    let mut response =
        Response::new(Body::from_stream(stream::try_unfold(Next::Head, move |next| {
            let rows = rows.clone();
            async move { rows.some(next).await }
        })));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let name = HeaderValue::from_static("attachment; filename=\"consent.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    response
}

/// Where the file stands.
enum Next {
    Head,
    Before(Option<ConsentId>),
    End,
}

#[derive(Clone)]
struct Rows {
    state: AppState,
    account: AccountId,
    brand: Option<BrandId>,
    whole: bool,
}

impl Rows {
    async fn some(&self, next: Next) -> Result<Option<(Bytes, Next)>, Error> {
        let before = match next {
            // The mark tells spreadsheets that it is UTF-8.
            Next::Head => {
                let head = format!("\u{feff}{}", csv::line(&HEADS));
                return Ok(Some((head.into(), Next::Before(None))));
            }
            Next::Before(before) => before,
            Next::End => return Ok(None),
        };
        let filter =
            ConsentFilter { brand: self.brand, before, limit: ROWS, ..ConsentFilter::default() };
        let page = self.state.store.consents(self.account, &filter).await?;
        let text: String = page.rows.iter().map(|row| self.line(row)).collect();
        let last = page.rows.last().map(|row| row.record.id);
        let next = if page.more { Next::Before(last) } else { Next::End };
        Ok(Some((text.into(), next)))
    }

    fn line(&self, row: &ConsentView) -> String {
        let r = &row.record;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let address = match r.address.split_once('@') {
            _ if self.whole => r.address.clone(),
            Some((name, host)) => {
                format!("{}**@{host}", name.chars().next().map(String::from).unwrap_or_default())
            }
            None => mask_phone(&r.address),
        };
        let silent: Vec<&str> = r.silent.iter().map(|status| status.word()).collect();
        let words = if silent.is_empty() {
            r.text.clone()
        } else {
            format!("{} [{}]", r.text, silent.join(" "))
        };
        csv::line(&[
            &r.id.to_string(),
            &r.at.to_string(),
            &r.recorded_at.to_string(),
            &address,
            r.channel.word(),
            r.purpose.word(),
            r.kind.word(),
            r.source.word(),
            &text(&r.origin),
            &words,
            &text(&r.text_version),
            &text(&r.proof),
            &text(&row.member),
        ])
    }
}
