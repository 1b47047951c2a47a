//! `/privacy/{brand}`: what a brand does with its customers' data. Also of one that is put away: what it kept
//! is still there.

use super::public::{Visit, html};
use super::state::AppState;
use app::public::{Look, PrivacyPage, privacy_page};
use app::text::public::{PublicText, Tongue};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use dispatch::brand::BrandState;
use dispatch::error::Result;
use dispatch::id::BrandId;
use dispatch::source::Source;
use dispatch::view::FaceView;
use http::{Request, StatusCode};
use std::collections::BTreeSet;

/// Where a brand's customers read it.
pub const PATH: &str = "/privacy/{brand}";

/// `GET /privacy/{brand}`
pub async fn show(
    State(state): State<AppState>,
    Path(brand): Path<String>,
    request: Request<Body>,
) -> Response {
    let (parts, _) = request.into_parts();
    let visit = Visit { state: &state, parts: &parts };
    if let Some(refused) = visit.throttled() {
        return refused;
    }
    match find(&visit, &brand).await {
        Ok(Some((face, sources))) => {
            let page = page(&visit, &face, sources);
            html(StatusCode::OK, &page.nonce, privacy_page(&page))
        }
        Ok(None) => {
            let t = PublicText(visit.browsers_tongue().unwrap_or_default());
            visit.says(StatusCode::NOT_FOUND, t, t.join_unknown_title(), t.join_unknown_words())
        }
        Err(error) => visit.failed(&error),
    }
}

/// The brand, and the systems its news ever came from.
async fn find(visit: &Visit<'_>, brand: &str) -> Result<Option<(FaceView, Vec<Source>)>> {
    let Ok(brand) = brand.parse::<BrandId>() else { return Ok(None) };
    let Some(face) = visit.state.store.find_face(brand).await? else { return Ok(None) };
    let now = visit.state.clock.now();
    let connections = visit.state.store.connections(face.account, now).await?;
    let own = connections.into_iter().filter(|connection| connection.brand == brand);
    let sources: BTreeSet<Source> = own.map(|connection| connection.source).collect();
    Ok(Some((face, sources.into_iter().collect())))
}

fn page(visit: &Visit<'_>, face: &FaceView, sources: Vec<Source>) -> PrivacyPage {
    let tongue = visit.browsers_tongue().or_else(|| Tongue::from_code(face.language.code()));
    let base = &visit.state.site.base_url;
    let host = url::Url::parse(base).ok().and_then(|url| url.host_str().map(str::to_owned));
    PrivacyPage {
        tongue: tongue.unwrap_or_default(),
        path: app::route::privacy(face.brand),
        look: Look::of(face),
        host: host.unwrap_or_else(|| base.clone()),
        sources,
        email: face.support_email.clone(),
        web: face.support_url.clone(),
        whatsapp: face.whatsapp_number.clone(),
        policy: face.privacy_url.clone(),
        join: (face.state == BrandState::Active).then(|| app::route::join(face.brand)),
        retention: visit.state.site.retention,
        nonce: visit.nonce(),
    }
}
