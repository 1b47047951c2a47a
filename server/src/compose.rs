//! The only file that knows every concrete type: puts the parts together and takes them apart again.

use crate::command::Role;
use crate::config::{Config, SandboxMode};
use crate::dry_run::DryRuns;
use crate::http::callback::{CallbackState, hear};
use crate::http::hook::HookState;
use crate::http::throttle::Throttles;
use crate::http::{AppState, asset, router};
use crate::provider::smtp::{Settings as SmtpSettings, Smtp};
use crate::provider::twilio::{Settings as TwilioSettings, Twilio};
use crate::provider::whatsapp::{CloudApi, Settings as CloudApiSettings};
use crate::provider::{Switchboard, http_client};
use crate::security::link::CustomerLinks;
use crate::security::password::Passwords;
use crate::security::random::{SystemClock, SystemIds};
use crate::security::seal::Sealer;
use crate::store::{self, Everything};
use crate::worker::{self, Crew, Wakes, bell};
use crate::zone::BundledZones;
use anyhow::Context as _;
use app::backend::Site;
use dispatch::id::IdSource as _;
use dispatch::pace::Paces;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a stop waits for what is under way: a little more than a provider's longest answer.
const STOP: Duration = Duration::from_secs(12);

/// Opens the store with its sealing key, and brings the schema up to date.
///
/// # Errors
/// With the reason, for the operator.
pub async fn store(config: &Config) -> anyhow::Result<Arc<dyn Everything>> {
    open(config, sealer(config)?).await
}

/// What seals secrets at rest, and makes the keys of other purposes.
///
/// # Errors
/// With the reason, for the operator.
pub fn sealer(config: &Config) -> anyhow::Result<Sealer> {
    Sealer::from_hex(config.sealing_key()?.expose()).context("SECRET_KEY is not 64 hex digits")
}

async fn open(config: &Config, sealer: Sealer) -> anyhow::Result<Arc<dyn Everything>> {
    store::open(&config.database_url, sealer).await.context("the database could not be opened")
}

/// Where messages leave to: as set, else the sandbox of this process, else Meta.
#[must_use]
pub fn whatsapp_base_url(config: &Config, sandbox_url: Option<&str>) -> String {
    config
        .whatsapp_base_url
        .clone()
        .or_else(|| sandbox_url.map(str::to_owned))
        .unwrap_or_else(|| CloudApiSettings::BASE_URL.to_owned())
}

/// A serving process.
pub struct Running {
    /// Where it listens; none for a worker.
    pub addr: Option<SocketAddr>,
    /// Its public address.
    pub base_url: String,
    /// Where the sandbox's phones are, when it knows one.
    pub sandbox_url: Option<String>,
    /// Everything stored, for tests that look behind the doors.
    pub store: Arc<dyn Everything>,
    ending: CancellationToken,
    tasks: TaskTracker,
    sandbox: Option<sandbox::Running>,
    place: PathBuf,
}

impl Running {
    /// Takes nothing new, finishes what is under way, then ends.
    pub async fn stop(self) {
        self.ending.cancel();
        self.tasks.close();
        if tokio::time::timeout(STOP, self.tasks.wait()).await.is_err() {
            tracing::warn!("some work did not end in time; its leases run out by themselves");
        }
        if let Some(sandbox) = self.sandbox {
            sandbox.shutdown().await;
        }
        // Only a hint for the demo command.
        let _ = std::fs::remove_file(self.place);
    }
}

/// Puts a serving process together.
///
/// # Errors
/// With the reason, for the operator.
pub async fn start(config: Config, role: Role) -> anyhow::Result<Running> {
    let sealer = sealer(&config)?;
    let store = open(&config, sealer.clone()).await?;
    let listener = match role {
        Role::Worker => None,
        Role::All | Role::Web => Some(
            TcpListener::bind(config.listen_addr)
                .await
                .with_context(|| format!("{} cannot be listened on", config.listen_addr))?,
        ),
    };
    let addr = listener.as_ref().map(TcpListener::local_addr).transpose()?;
    let base_url = config
        .base_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", addr.unwrap_or(config.listen_addr)));

    let sandbox = match config.sandbox {
        SandboxMode::On => Some(start_sandbox(&config, &base_url).await?),
        SandboxMode::Off | SandboxMode::Unset => None,
    };
    let sandbox_url = sandbox
        .as_ref()
        .map(|running| format!("http://{}", running.addr))
        .or_else(|| config.sandbox_url.clone());

    let whatsapp = whatsapp_base_url(&config, sandbox_url.as_deref());
    let provider = Arc::new(providers(&config, whatsapp, sandbox.as_ref(), &base_url)?);
    let links = Arc::new(CustomerLinks::new(&sealer, &base_url));
    let (clock, ids, wakes) = (Arc::new(SystemClock), Arc::new(SystemIds), Wakes::default());
    let (tasks, ending) = (TaskTracker::new(), CancellationToken::new());
    let me = format!("p{:016x}", ids.random() & u128::from(u64::MAX));
    if !config.single_process() {
        let has_stages = role != Role::Web;
        bell::call_out(store.clone(), &wakes, has_stages, me.clone(), &tasks, &ending);
    }

    if role != Role::Web {
        let crew = Crew {
            store: store.clone(),
            provider: provider.clone(),
            read: crate::source::read,
            clock: clock.clone(),
            ids: ids.clone(),
            zones: Arc::new(BundledZones),
            links: links.clone(),
            wakes: wakes.clone(),
            base_url: base_url.clone(),
            stale_after: config.stale_after,
            unknown_after: config.unknown_after,
            unknown_reach: config.unknown_reach,
            retention: config.retention,
            alone: config.single_process(),
            breakers: Arc::default(),
            paces: Arc::new(Mutex::new(Paces::new(config.whatsapp_per_second))),
        };
        worker::start(&crew, &me, &tasks, &ending);
    }
    if let Some(listener) = listener {
        let site = Site {
            base_url: base_url.clone(),
            sandbox_url: sandbox_url.clone(),
            document_mib: config.document_mib,
            retention: config.retention,
            unknown_reach: config.unknown_reach,
            stale_after: config.stale_after,
        };
        let assets = asset::Site::open(&config.site_root);
        if !assets.is_built() {
            tracing::warn!(
                "the site's files are not built: pages have no style and no scripts (make build)"
            );
        }
        let state = AppState {
            store: store.clone(),
            sessions: store.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            zones: Arc::new(BundledZones),
            provider: provider.clone(),
            secrets: Arc::new(Passwords::default()),
            sealer,
            links,
            site,
            // What machines call stands beside the pages' layers: no session, no check of origin.
            hooks: HookState::new(store.clone(), clock.clone(), ids.clone(), wakes.clone()),
            callbacks: CallbackState::new(
                store.clone(),
                hear(store.clone(), ids.clone()),
                clock.clone(),
                ids.clone(),
                wakes.receipts.clone(),
                base_url.clone(),
            ),
            leptos: assets.leptos_options(addr.unwrap_or(config.listen_addr)),
            assets,
            wakes: wakes.clone(),
            dry_runs: DryRuns::new(
                store.clone(),
                clock.clone(),
                ids.clone(),
                Arc::new(BundledZones),
                config.stale_after,
            ),
            throttles: Arc::new(Throttles::new(clock.clone())),
            metrics: crate::telemetry::start_metrics(),
        };
        let routes = router(state).into_make_service_with_connect_info::<SocketAddr>();
        let end = ending.clone();
        tasks.spawn(async move {
            let served = axum::serve(listener, routes)
                .with_graceful_shutdown(async move { end.cancelled().await })
                .await;
            if let Err(error) = served {
                tracing::error!(%error, "the listener ended");
            }
        });
    }
    let place =
        Place { base_url: base_url.clone(), sandbox_url: sandbox_url.clone().unwrap_or_default() };
    let place = place.keep(&config);
    Ok(Running { addr, base_url, sandbox_url, store, ending, tasks, sandbox, place })
}

/// Who sends on each channel: as set, else the sandbox of this process, else the provider's own address.
fn providers(
    config: &Config,
    whatsapp: String,
    sandbox: Option<&sandbox::Running>,
    base_url: &str,
) -> anyhow::Result<Switchboard> {
    let sms = config
        .sms_base_url
        .clone()
        .or_else(|| sandbox.map(|running| format!("http://{}", running.addr)))
        .unwrap_or_else(|| TwilioSettings::BASE_URL.to_owned());
    let smtp = match (&config.smtp_url, sandbox) {
        (Some(url), _) => Some(url.expose().to_owned()),
        (None, Some(running)) => Some(running.smtp_url()),
        (None, None) => None,
    };
    let smtp = smtp.as_deref().map(SmtpSettings::parse).transpose();
    let smtp = smtp.map_err(|error| anyhow::anyhow!("SMTP_URL cannot be used: {error}"))?;
    let client = http_client(&[&whatsapp, &sms])?;
    let cloud = CloudApiSettings { base_url: whatsapp, version: config.whatsapp_version.clone() };
    let twilio = TwilioSettings { base_url: sms, callback_base: base_url.to_owned() };
    Ok(Switchboard {
        whatsapp: Box::new(CloudApi::new(client.clone(), &cloud)),
        sms: Box::new(Twilio::new(client, twilio)),
        email: Box::new(Smtp::new(smtp)),
    })
}

async fn start_sandbox(config: &Config, base_url: &str) -> anyhow::Result<sandbox::Running> {
    let settings = sandbox::Settings {
        addr: config.sandbox_addr,
        data_dir: Some(config.data_dir().join("sandbox")),
        seed: config.sandbox_seed,
        frame_ancestors: base_url.to_owned(),
        ..sandbox::Settings::default()
    };
    sandbox::start(settings)
        .await
        .with_context(|| format!("the sandbox cannot listen on {}", config.sandbox_addr))
}

/// Where a running server is, written beside its data for the demo command: with port 0 nobody else knows.
#[derive(Debug, Serialize, Deserialize)]
pub struct Place {
    /// Public address of the server.
    pub base_url: String,
    /// Address of the sandbox.
    pub sandbox_url: String,
}

impl Place {
    fn file(config: &Config) -> PathBuf {
        config.data_dir().join("running.json")
    }

    fn keep(&self, config: &Config) -> PathBuf {
        let file = Self::file(config);
        let kept = serde_json::to_vec(self).map_err(std::io::Error::from).and_then(|text| {
            std::fs::create_dir_all(config.data_dir()).and_then(|()| std::fs::write(&file, text))
        });
        if let Err(error) = kept {
            tracing::debug!(%error, "the place of this server was not written down");
        }
        file
    }

    /// What is set, else where a server said it is, else where one would be.
    #[must_use]
    pub fn find(config: &Config) -> Self {
        let running: Option<Self> = std::fs::read(Self::file(config))
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok());
        let base_url =
            config.base_url.clone().or_else(|| running.as_ref().map(|r| r.base_url.clone()));
        let sandbox_url = config
            .sandbox_url
            .clone()
            .or_else(|| running.map(|r| r.sandbox_url).filter(|url| !url.is_empty()))
            .or_else(|| config.whatsapp_base_url.clone());
        Self {
            base_url: base_url.unwrap_or_else(|| format!("http://{}", config.listen_addr)),
            sandbox_url: sandbox_url.unwrap_or_else(|| format!("http://{}", config.sandbox_addr)),
        }
    }
}
