//! What goes wrong: each kind once, in an order the seed decides, then whatever is drawn.

use super::now_millis;
use super::scene::{Role, Scene};
use super::shop::Shop;
use crate::process::cluster::Stop;
use crate::process::database::Kind;
use anyhow::Result;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// SIGKILL; it comes back within half a second.
    Kill(Role),
    /// PostgreSQL goes away and comes back.
    Database(Stop),
    /// The provider: kind of fault, how many messages, by how many milliseconds.
    Provider(&'static str, u32, u64),
}

/// Longer than a provider's answer is waited for.
const TIMEOUT: u64 = 11_000;

const PROVIDER: [Trouble; 10] = [
    Trouble::Provider("error_500", 10, 0),
    Trouble::Provider("error_429", 1, 0),
    Trouble::Provider("reset", 5, 0),
    Trouble::Provider("lost_answer", 10, 0),
    Trouble::Provider("latency", 20, 400),
    Trouble::Provider("latency", 1, TIMEOUT),
    Trouble::Provider("duplicate_receipt", 40, 0),
    Trouble::Provider("late_receipt", 20, 1_500),
    Trouble::Provider("reorder_receipts", 40, 0),
    Trouble::Provider("no_phone", 10, 0),
];

/// What went wrong in a run.
pub struct Troubles {
    draw: StdRng,
    kind: Kind,
    /// Still to come once.
    first: Vec<Trouble>,
    /// How often each happened, by its name.
    pub count: BTreeMap<String, u32>,
    /// When a process of ours was killed, in milliseconds since 1970.
    pub kills: Vec<i64>,
}

impl Troubles {
    /// As the generator draws them.
    pub fn new(mut draw: StdRng, kind: Kind) -> Self {
        let mut first = Self::possible(kind);
        first.shuffle(&mut draw);
        Self { draw, kind, first, count: BTreeMap::new(), kills: Vec::new() }
    }

    fn possible(kind: Kind) -> Vec<Trouble> {
        let mut all = PROVIDER.to_vec();
        all.extend(Scene::roles(kind).iter().map(|role| Trouble::Kill(*role)));
        all.push(Trouble::Kill(Role::Sandbox));
        match kind {
            // Where there is one process and one kind of kill, it comes more often.
            Kind::Sqlite => all.extend([Trouble::Kill(Role::All); 2]),
            Kind::Postgres => {
                all.extend([Trouble::Database(Stop::Fast), Trouble::Database(Stop::Crash)]);
            }
        }
        all
    }

    /// How long nothing happens.
    pub fn pause(&mut self) -> Duration {
        Duration::from_millis(self.draw.random_range(50..500))
    }

    /// The next one.
    pub async fn strike(&mut self, scene: &mut Scene, shop: &Shop) -> Result<()> {
        let trouble = self.first.pop().unwrap_or_else(|| {
            let all = Self::possible(self.kind);
            all[self.draw.random_range(0..all.len())]
        });
        *self.count.entry(name(trouble)).or_default() += 1;
        let away = Duration::from_millis(self.draw.random_range(0..400));
        match trouble {
            Trouble::Kill(role) => {
                scene.kill(role);
                if role != Role::Sandbox {
                    self.kills.push(now_millis());
                }
                tokio::time::sleep(away).await;
                scene.enter(role)
            }
            Trouble::Database(how) => {
                scene.stop_database(how)?;
                tokio::time::sleep(away).await;
                scene.start_database()
            }
            Trouble::Provider(kind, count, ms) => {
                let fault =
                    json!({ "kind": kind, "count": count, "ms": ms, "channel": "whatsapp" });
                shop.fault(&fault).await
            }
        }
    }
}

fn name(trouble: Trouble) -> String {
    match trouble {
        Trouble::Kill(Role::Worker(_)) => "worker killed".to_owned(),
        Trouble::Kill(role) => format!("{role:?} killed").to_lowercase(),
        Trouble::Database(Stop::Fast) => "database restarted".to_owned(),
        Trouble::Database(Stop::Crash) => "database crashed".to_owned(),
        Trouble::Provider("latency", _, TIMEOUT) => "timeout".to_owned(),
        Trouble::Provider(kind, ..) => kind.replace('_', " "),
    }
}
