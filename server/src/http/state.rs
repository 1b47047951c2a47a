//! What every handler can reach. Made once, by `compose`.

use super::asset;
use super::callback::CallbackState;
use super::hook::HookState;
use super::throttle::Throttles;
use crate::dry_run::DryRuns;
use crate::security::link::CustomerLinks;
use crate::security::seal::Sealer;
use crate::worker::Wakes;
use app::backend::Site;
use dispatch::id::IdSource;
use dispatch::port::{Provider, Secrets, SessionRows, Store};
use dispatch::time::Clock;
use dispatch::usecase::{Ports, ReplayTerms};
use dispatch::zone::Zones;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;

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
    /// How clocks are set around the world.
    pub zones: Arc<dyn Zones>,
    /// The way out, to ask how senders are.
    pub provider: Arc<dyn Provider>,
    /// Password hashes and tokens.
    pub secrets: Arc<dyn Secrets>,
    /// Seals what a session carries from one page to the next.
    pub sealer: Sealer,
    /// Makes and opens the links of customers.
    pub links: Arc<CustomerLinks>,
    /// Facts of this installation.
    pub site: Site,
    /// The built script, style and fonts.
    pub assets: asset::Site,
    /// The door of shops' systems. It remembers connections for a moment: what changes one says so.
    pub hooks: HookState,
    /// The door of messaging platforms.
    pub callbacks: CallbackState,
    /// Names the built files in pages.
    pub leptos: leptos::config::LeptosOptions,
    /// Wakes the workers, so that nothing waits for their next look.
    pub wakes: Wakes,
    /// What a change of settings would mean, computed.
    pub dry_runs: DryRuns,
    /// How often who may try to come in.
    pub throttles: Arc<Throttles>,
    /// Renders `/metrics`; none where nobody installed a recorder.
    pub metrics: Option<PrometheusHandle>,
}

impl AppState {
    /// What use cases work with.
    #[must_use]
    pub fn ports(&self) -> Ports<'_> {
        Ports { store: &*self.store, clock: &*self.clock, ids: &*self.ids }
    }

    /// What sending messages again depends on.
    #[must_use]
    pub fn replay_terms(&self) -> ReplayTerms<'_> {
        ReplayTerms { zones: &*self.zones, stale_after: self.site.stale_after }
    }

    /// Whether people reach us encrypted: decides about `Secure` cookies and strict transport.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.site.base_url.starts_with("https://")
    }
}
