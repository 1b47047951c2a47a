//! What is known, and how it is kept.

pub(crate) mod draw;
pub(crate) mod faults;
pub(crate) mod identity;
pub(crate) mod journal;
pub(crate) mod limits;
pub(crate) mod mail;
mod memory;
pub(crate) mod message;
pub(crate) mod news;
pub(crate) mod number;
pub(crate) mod portfolio;
pub(crate) mod queue;
pub(crate) mod sms;
pub(crate) mod template;
pub(crate) mod upload;
pub(crate) mod world;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use self::world::World;
use crate::settings::Settings;

/// One running sandbox, shared by its handlers and its courier.
#[derive(Clone)]
pub(crate) struct Sandbox(Arc<Inner>);

pub(crate) struct Inner {
    world: Mutex<World>,
    pub settings: Settings,
    /// Rings when something falls due earlier than the courier expects.
    pub bell: Notify,
    /// Phones and mail addresses on which something happened.
    pub changes: broadcast::Sender<Arc<str>>,
    pub http: reqwest::Client,
    /// Accept nothing more; finish what is under way.
    pub closing: CancellationToken,
    /// Stop as a kill would, in the middle of everything.
    pub killed: CancellationToken,
}

impl std::ops::Deref for Sandbox {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Sandbox {
    pub(crate) fn new(world: World, settings: Settings, http: reqwest::Client) -> Self {
        Self(Arc::new(Inner {
            world: Mutex::new(world),
            settings,
            bell: Notify::new(),
            changes: broadcast::channel(1_024).0,
            http,
            closing: CancellationToken::new(),
            killed: CancellationToken::new(),
        }))
    }

    /// The world, for a moment. Never held while waiting.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whoever looks at this phone.
    pub(crate) fn changed(&self, phone: &Arc<str>) {
        // An error only says that nobody looks.
        let _ = self.changes.send(phone.clone());
    }
}

/// Unix milliseconds.
#[expect(clippy::disallowed_methods, reason = "the sandbox plays the world, and so has its clock")]
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}
