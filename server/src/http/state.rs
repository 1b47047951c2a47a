//! What every handler can reach. Made once, by `compose`.

use super::throttle::Throttles;
use super::{asset, operations};
use crate::security::seal::Sealer;
use crate::security::secrets::SystemSecrets;
use crate::store::Everything;
use crate::worker::Wakes;
use app::backend::Site;
use dispatch::id::IdSource;
use dispatch::port::{Secrets, SessionRows, Store};
use dispatch::time::Clock;
use dispatch::usecase::Ports;
use metrics_exporter_prometheus::PrometheusHandle;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// What `compose` has to offer.
pub struct Wiring {
    /// Everything stored.
    pub store: Arc<dyn Everything>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Arc<dyn IdSource>,
    /// Wakes the workers.
    pub wakes: Wakes,
    /// Facts of this installation.
    pub site: Site,
    /// Folder of the built script, style and fonts.
    pub site_root: PathBuf,
}

/// The shared half of every request.
#[derive(Clone)]
pub struct AppState {
    /// Everything stored.
    pub store: Arc<dyn Store>,
    /// Where people are signed in.
    pub sessions: Arc<dyn SessionRows>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Arc<dyn IdSource>,
    /// Password hashes and tokens.
    pub secrets: Arc<dyn Secrets>,
    /// Seals what a session carries from one page to the next. Its key lives as long as the process:
    /// what was made before a restart is not shown any more, and can be made again.
    pub sealer: Sealer,
    /// Facts of this installation.
    pub site: Site,
    /// The built script, style and fonts.
    pub assets: asset::Site,
    /// Names the built files in pages.
    pub leptos: leptos::config::LeptosOptions,
    /// Wakes the workers, so that nothing waits for their next look.
    pub wakes: Wakes,
    /// How often who may try to come in.
    pub throttles: Arc<Throttles>,
    /// Renders `/metrics`; none where nobody installed a recorder.
    pub metrics: Option<PrometheusHandle>,
}

impl AppState {
    /// Puts together what handlers reach.
    ///
    /// # Errors
    /// With the reason, for the operator.
    pub fn new(wiring: Wiring) -> anyhow::Result<Self> {
        let Wiring { store, clock, ids, wakes, site, site_root } = wiring;
        let assets = asset::Site::open(site_root);
        if !assets.is_built() {
            tracing::warn!("the site's files are not built: pages have no style and no scripts");
        }
        Ok(Self {
            sessions: store.clone(),
            store,
            throttles: Arc::new(Throttles::new(clock.clone())),
            clock,
            ids,
            secrets: Arc::new(SystemSecrets::default()),
            sealer: Sealer::from_hex(&Sealer::generate_key())?,
            // Pages name their files relative to the site, so the address does not matter.
            leptos: assets.leptos_options(SocketAddr::from(([127, 0, 0, 1], 0))),
            assets,
            site,
            wakes,
            metrics: operations::recorder(),
        })
    }

    /// What use cases work with.
    #[must_use]
    pub fn ports(&self) -> Ports<'_> {
        Ports { store: &*self.store, clock: &*self.clock, ids: &*self.ids }
    }

    /// Whether people reach us encrypted: decides about `Secure` cookies and strict transport.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.site.base_url.starts_with("https://")
    }
}
