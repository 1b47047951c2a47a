//! The matrix of one brand and channel is nobody else's: whatever is toggled in one, the rows of all the
//! others stay what they are, byte for byte.

use super::world::{World, at, new_brand};
use dispatch::brand::ConsentBasis;
use dispatch::channel::{Channel, TrackingStatus};
use dispatch::id::BrandId;
use dispatch::tenant::{Role, Viewer};
use dispatch::time::{Clock, Timestamp};
use dispatch::usecase::{
    ActivateChannel, Ports, SaveMatrix, activate_channel, deactivate_channel, save_matrix,
    undo_change,
};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

both![toggling_one_matrix_leaves_the_others_byte_identical];

/// Stands still; ids are told apart by their random part.
struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

const COUNTRIES: [&str; 4] = ["FR", "DE", "NL", "BE"];
const SEQUENCES: u64 = 12;
const STEPS: usize = 10;

#[derive(Clone, Copy)]
struct Place {
    brand: BrandId,
    channel: Channel,
}

impl Place {
    fn mark(self) -> String {
        format!("{}/{} ", self.brand, self.channel)
    }
}

async fn toggling_one_matrix_leaves_the_others_byte_identical(world: World) {
    let tenant = world.tenant("ada").await;
    let second = BrandId::mint(at(1), &world.ids);
    world.store.create_brand(tenant.account, second, &new_brand("Two"), at(1)).await.expect("made");
    let viewer = Viewer { account: tenant.account, user: Some(tenant.owner), role: Role::Owner };
    let places: Vec<Place> = [tenant.brand, second]
        .into_iter()
        .flat_map(|brand| {
            Channel::ALL.iter().map(move |channel| Place { brand, channel: *channel })
        })
        .collect();
    assert_eq!(places.len(), 6);

    for seed in 0..SEQUENCES {
        let mut random = StdRng::seed_from_u64(seed);
        let mut told = Vec::new();
        for step in 0..STEPS {
            let place = *places.choose(&mut random).expect("some");
            let seconds =
                i64::try_from(seed).expect("small") * 100 + i64::try_from(step).expect("small");
            let clock = Still(at(1000 + seconds));
            let ports = Ports { store: &*world.store, clock: &clock, ids: &world.ids };
            let before = world.store.setting_rows().await.expect("rows");
            told.push(act(&ports, &viewer, place, &mut random).await);
            let after = world.store.setting_rows().await.expect("rows");

            let others = |rows: Vec<String>| -> Vec<String> {
                rows.into_iter().filter(|row| !row.starts_with(&place.mark())).collect()
            };
            assert_eq!(others(before), others(after), "seed {seed}: {}", told.join("; "));
        }
    }
    // The property would hold too if nothing had ever been written.
    let rows = world.store.setting_rows().await.expect("rows");
    for place in &places {
        let written = rows.iter().filter(|row| row.starts_with(&place.mark())).count();
        assert!(written > 3, "{} was never touched: {rows:#?}", place.mark());
    }
}

/// Does something at random to one matrix; answers what, in words.
async fn act(ports: &Ports<'_>, viewer: &Viewer, place: Place, random: &mut StdRng) -> String {
    let (brand, channel) = (place.brand.to_string(), place.channel.to_string());
    let now = ports
        .store
        .channel_settings(viewer.account, place.brand, place.channel)
        .await
        .expect("settings");
    let country = *COUNTRIES.choose(random).expect("some");
    let whole_row = |on: &[&str], removed: &[&str]| SaveMatrix {
        brand: brand.clone(),
        channel: channel.clone(),
        version: now.version.to_string(),
        rows: vec![country.into()],
        countries: on.iter().map(ToString::to_string).collect(),
        removed: removed.iter().map(ToString::to_string).collect(),
        ..SaveMatrix::default()
    };
    let (what, outcome) = match random.random_range(0..10) {
        0 => {
            let input = whole_row(&[country], &[]);
            ("add", save_matrix(ports, viewer, &input).await.map(|_| ()))
        }
        1 => {
            let input = whole_row(&[], &[country]);
            ("remove", save_matrix(ports, viewer, &input).await.map(|_| ()))
        }
        2 => ("off", deactivate_channel(ports, viewer, &brand, &channel).await),
        3 => {
            // SMS and e-mail have no price here, so this is refused for them.
            let input = ActivateChannel {
                brand: brand.clone(),
                channel: channel.clone(),
                accept_price: true,
                accept_terms: true,
                basis: ConsentBasis::OnRecord.to_string(),
                rate: "whatsapp-growth-2025-01-01".into(),
                text_version: "2026-11".into(),
                countries: vec![country.into()],
                ..ActivateChannel::default()
            };
            ("on", activate_channel(ports, viewer, &input).await.map(|_| ()))
        }
        4 => {
            let asked = dispatch::port::ChangesAsked { above: 0, before: None, limit: 1 };
            let page = ports.store.changes(viewer.account, place.brand, place.channel, asked).await;
            let last = page.expect("changes").rows.pop().map(|change| change.id.to_string());
            let last = last.unwrap_or_default();
            ("undo", undo_change(ports, viewer, &brand, &channel, &last).await.map(|_| ()))
        }
        _ => {
            let cells = COUNTRIES.iter().flat_map(|country| {
                TrackingStatus::ALL
                    .iter()
                    .map(move |each| ((*country).to_owned(), each.to_string()))
            });
            let input = SaveMatrix {
                brand: brand.clone(),
                channel: channel.clone(),
                version: now.version.to_string(),
                rows: COUNTRIES
                    .iter()
                    .filter(|_| random.random())
                    .map(ToString::to_string)
                    .collect(),
                countries: COUNTRIES
                    .iter()
                    .filter(|_| random.random())
                    .map(ToString::to_string)
                    .collect(),
                cells: cells.filter(|_| random.random()).collect(),
                ..SaveMatrix::default()
            };
            ("save", save_matrix(ports, viewer, &input).await.map(|_| ()))
        }
    };
    format!("{what} {country} in {brand}/{channel}: {outcome:?}")
}
