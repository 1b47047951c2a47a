//! Templates: versions, what the provider says of them, and what decisions are told.

use super::world::{Tenant, World, at, new_brand};
use dispatch::brand::BrandState;
use dispatch::channel::TrackingStatus;
use dispatch::error::Error;
use dispatch::id::BrandId;
use dispatch::language::Language;
use dispatch::port::{Adoption, NewDraft, NewMedia, Submitted, TemplateNews, VersionKey};
use dispatch::starter;
use dispatch::template::media::{Media, MediaKind};
use dispatch::template::{Category, Content, News, Review};
use dispatch::view::{TemplateChange, TemplateTrouble, TemplateView};

both![
    a_brand_that_wrote_nothing_has_the_library,
    a_draft_is_written_on_the_revision_it_was_read_at,
    a_submitted_version_is_never_changed,
    a_submission_is_taken_once_and_its_end_is_kept,
    what_the_provider_says_is_heard_in_its_order,
    news_heard_by_several_at_once_leave_the_latest,
    what_the_provider_knows_already_has_its_standing,
    another_number_begins_anew,
    senders_with_a_text_in_review_are_asked_sooner,
    texts_in_trouble_are_named,
    another_brand_may_say_the_same,
    a_headers_file_is_kept_for_ever_and_found_by_its_public_name_alone,
];

const STATUS: TrackingStatus = TrackingStatus::Delivered;

fn german() -> Language {
    "de_AT".parse().expect("a language")
}

fn draft(tenant: &Tenant, from: (i64, i64), body: &str) -> NewDraft {
    NewDraft {
        brand: tenant.brand,
        status: STATUS,
        language: german(),
        from,
        category: Category::Utility,
        content: Content { body: body.into(), ..Content::default() },
        by: Some(tenant.owner),
        at: at(10),
    }
}

fn key(tenant: &Tenant, version: i64) -> VersionKey {
    VersionKey { brand: tenant.brand, status: STATUS, language: german(), version }
}

impl World {
    async fn german(&self, tenant: &Tenant) -> TemplateView {
        let store = &self.store;
        store.template(tenant.account, tenant.brand, STATUS, &german()).await.expect("a view")
    }

    async fn write(
        &self,
        tenant: &Tenant,
        from: (i64, i64),
        body: &str,
    ) -> Result<(i64, i64), Error> {
        self.store.save_draft(tenant.account, &draft(tenant, from, body), &self.ids).await
    }

    async fn submit(&self, tenant: &Tenant, version: i64, seconds: i64) -> Result<(), Error> {
        let (key, by) = (key(tenant, version), Some(tenant.owner));
        self.store.submit_template(tenant.account, &key, by, at(seconds), &self.ids).await
    }

    async fn timeline(&self, tenant: &Tenant) -> Vec<(TemplateChange, i64, String)> {
        let lines =
            self.store.template_history(tenant.account, tenant.brand, STATUS, &german()).await;
        lines.expect("a timeline").into_iter().map(|l| (l.what, l.version, l.detail)).collect()
    }

    async fn hear(&self, tenant: &Tenant, what: News, seconds: i64) -> u64 {
        let name = self.german(tenant).await.versions[0].variant.name.clone();
        let news =
            TemplateNews { name, language: german(), provider_id: None, what, at: at(seconds) };
        self.store
            .note_template_news(tenant.account, tenant.sender, &[news], &self.ids)
            .await
            .expect("heard")
    }
}

fn review(review: Review) -> News {
    News::Review { review, reason: None }
}

async fn a_brand_that_wrote_nothing_has_the_library(world: World) {
    let tenant = world.tenant("ada").await;
    let views = world.store.templates(tenant.account, tenant.brand).await.expect("views");
    assert_eq!(views.len(), starter::all().count());
    assert!(views.iter().all(|view| view.versions.is_empty()));
    let states: Vec<_> = views.iter().filter_map(|v| Some(v.speaking()?.variant.review)).collect();
    assert_eq!(states.len(), views.len(), "the sender knows the library");
    assert!(views.is_sorted_by_key(|view| (view.status, view.language.clone())));

    let shelf = world.store.shelf(tenant.account, tenant.brand).await.expect("a shelf");
    assert_eq!(shelf.len(), TrackingStatus::ALL.len());
    assert_eq!(shelf[&STATUS], starter::variants(STATUS));

    let (other, _) = world.account("eve").await;
    assert_eq!(world.store.templates(other, tenant.brand).await, Err(Error::NotFound));
    assert_eq!(world.store.shelf(other, tenant.brand).await, Err(Error::NotFound));
    let english = Language::english();
    let view = world.store.template(other, tenant.brand, STATUS, &english).await;
    assert_eq!(view, Err(Error::NotFound));
}

async fn a_draft_is_written_on_the_revision_it_was_read_at(world: World) {
    let tenant = world.tenant("ada").await;
    assert!(world.german(&tenant).await.versions.is_empty());
    assert_eq!(world.write(&tenant, (0, 0), "one").await, Ok((1, 1)));
    assert_eq!(world.write(&tenant, (0, 0), "two").await, Err(Error::Conflict));
    assert_eq!(world.write(&tenant, (1, 1), "two").await, Ok((1, 2)));
    assert_eq!(world.write(&tenant, (1, 1), "three").await, Err(Error::Conflict));
    let view = world.german(&tenant).await;
    let version = &view.versions[0];
    assert_eq!((version.variant.version, version.revision), (1, 2));
    assert_eq!(version.variant.content.body, "two");
    assert_eq!(version.variant.review, Review::Draft);
    assert_eq!(version.edited_by.as_deref(), Some("ada"));
    assert_eq!((view.speaking(), view.library.as_ref()), (None, None));
    let (eve, _) = world.account("eve").await;
    let trespass = world.store.save_draft(eve, &draft(&tenant, (1, 2), "x"), &world.ids).await;
    assert_eq!(trespass, Err(Error::NotFound));

    let discard = async |account, version| {
        let key = key(&tenant, version);
        world.store.discard_draft(account, &key, Some(tenant.owner), at(20), &world.ids).await
    };
    assert_eq!(discard(eve, 1).await, Err(Error::NotFound));
    assert_eq!(discard(tenant.account, 2).await, Err(Error::NotFound));
    assert_eq!(discard(tenant.account, 1).await, Ok(()));
    assert!(world.german(&tenant).await.versions.is_empty());
    let lines = world.timeline(&tenant).await;
    let what: Vec<_> = lines.iter().map(|(what, ..)| *what).collect();
    let expected = [TemplateChange::Discarded, TemplateChange::Edited, TemplateChange::Created];
    assert_eq!(what, expected);
}

async fn a_submitted_version_is_never_changed(world: World) {
    let tenant = world.tenant("ada").await;
    world.write(&tenant, (0, 0), "one").await.expect("written");
    assert_eq!(world.submit(&tenant, 2, 11).await, Err(Error::NotFound));
    assert_eq!(world.submit(&tenant, 1, 11).await, Ok(()));
    assert_eq!(world.submit(&tenant, 1, 12).await, Ok(()), "twice changes nothing");
    assert_eq!(world.write(&tenant, (1, 1), "two").await, Ok((2, 1)));
    let view = world.german(&tenant).await;
    let bodies: Vec<_> = view.versions.iter().map(|v| v.variant.content.body.as_str()).collect();
    assert_eq!(bodies, ["two", "one"]);
    assert_ne!(view.versions[0].variant.name, view.versions[1].variant.name);
    assert_eq!(view.versions[1].submitted_at, Some(at(11)));
    world.hear(&tenant, News::Quality("x".into()), 5).await;

    // The approved one goes on speaking while the next is written and reviewed.
    let name = view.versions[1].variant.name.clone();
    let news = TemplateNews {
        name,
        language: german(),
        provider_id: Some("77".into()),
        what: review(Review::Approved),
        at: at(20),
    };
    let store = &world.store;
    let heard = store.note_template_news(tenant.account, tenant.sender, &[news], &world.ids).await;
    assert_eq!(heard, Ok(1));
    assert_eq!(world.german(&tenant).await.speaking().map(|v| v.variant.version), Some(1));
    let shelf = store.shelf(tenant.account, tenant.brand).await.expect("a shelf");
    let own: Vec<_> = shelf[&STATUS]
        .iter()
        .filter(|v| v.language == german())
        .map(|v| (v.version, v.review))
        .collect();
    assert_eq!(own, [(1, Review::Approved), (2, Review::Draft)]);
    let trespass = store
        .submit_template(world.account("eve").await.0, &key(&tenant, 1), None, at(30), &world.ids)
        .await;
    assert_eq!(trespass, Err(Error::NotFound));
}

async fn a_submission_is_taken_once_and_its_end_is_kept(world: World) {
    let (tenant, eve) = (world.tenant("ada").await, world.tenant("eve").await);
    let store = &world.store;
    world.write(&tenant, (0, 0), "one").await.expect("written");
    world.submit(&tenant, 1, 11).await.expect("submitted");
    let due = async |seconds| {
        store.due_submissions(at(seconds), at(seconds + 60), 10).await.expect("asked")
    };
    assert!(due(10).await.is_empty());
    let taken = due(11).await;
    assert_eq!(taken.len(), 1);
    assert_eq!((taken[0].account, taken[0].sender), (tenant.account, tenant.sender));
    assert_eq!((taken[0].tries, taken[0].variant.content.body.as_str()), (1, "one"));
    assert!(due(12).await.is_empty(), "somebody is at it");

    let note = async |ended, seconds| {
        store.note_submission(&taken[0], &ended, at(seconds), &world.ids).await.expect("noted");
    };
    note(Submitted::Again(at(15)), 12).await;
    assert_eq!(due(15).await[0].tries, 2);
    let refused = Submitted::Refused { code: "2388299".into(), words: "No.".into() };
    note(refused, 16).await;
    assert!(due(1_000).await.is_empty());
    let version = world.german(&tenant).await.versions[0].clone();
    assert_eq!(version.variant.review, Review::Rejected);
    assert_eq!(version.reason.as_deref(), Some("2388299: No."));
    let lines = world.timeline(&tenant).await;
    assert_eq!(lines[0], (TemplateChange::Reviewed, 1, "rejected 2388299: No.".into()));

    // A refusal without its reason is followed by it.
    world.write(&eve, (0, 0), "one").await.expect("written");
    world.submit(&eve, 1, 17).await.expect("submitted");
    let at_once = due(17).await;
    let taken_back =
        Submitted::Taken { provider_id: None, review: Review::Rejected, category: None };
    store.note_submission(&at_once[0], &taken_back, at(17), &world.ids).await.expect("noted");
    let why = News::Review { review: Review::Rejected, reason: Some("SCAM".into()) };
    assert_eq!(world.hear(&eve, why, 18).await, 1);
    let lines = world.timeline(&eve).await;
    let details: Vec<_> = lines[..2].iter().map(|(_, _, detail)| detail.as_str()).collect();
    assert_eq!(details, ["rejected SCAM", "rejected"]);

    // After a refusal it may be given once more.
    world.submit(&tenant, 1, 20).await.expect("submitted");
    let again = due(20).await;
    let ended = Submitted::Taken {
        provider_id: Some("77".into()),
        review: Review::Approved,
        category: Some(Category::Marketing),
    };
    store.note_submission(&again[0], &ended, at(21), &world.ids).await.expect("noted");
    let version = world.german(&tenant).await.versions[0].clone();
    assert_eq!((version.variant.review, version.reason), (Review::Approved, None));
    assert_eq!(
        (version.chosen, version.variant.category),
        (Category::Utility, Category::Marketing)
    );

    // A verdict is heard before the answer to the submission now and then: the answer is the older news.
    world.write(&tenant, (1, 1), "two").await.expect("written");
    world.submit(&tenant, 2, 22).await.expect("submitted");
    let taken = due(22).await;
    world.hear(&tenant, News::Category(Category::Marketing), 23).await;
    world.hear(&tenant, review(Review::Approved), 23).await;
    assert!(due(1_000).await.is_empty(), "it has arrived");
    let ended = Submitted::Taken {
        provider_id: Some("78".into()),
        review: Review::Submitted,
        category: Some(Category::Utility),
    };
    store.note_submission(&taken[0], &ended, at(22), &world.ids).await.expect("noted");
    let version = world.german(&tenant).await.versions[0].clone();
    let standing = (version.variant.review, version.variant.category);
    assert_eq!(standing, (Review::Approved, Category::Marketing));
    // The category alone does not end the submission, and its answer does not undo it.
    world.write(&tenant, (2, 1), "three").await.expect("written");
    world.submit(&tenant, 3, 24).await.expect("submitted");
    let taken = due(24).await;
    world.hear(&tenant, News::Category(Category::Marketing), 25).await;
    store.note_submission(&taken[0], &ended, at(24), &world.ids).await.expect("noted");
    let version = world.german(&tenant).await.versions[0].clone();
    let standing = (version.variant.review, version.variant.category);
    assert_eq!(standing, (Review::Submitted, Category::Marketing));

    // A text of the library goes the same way, at a number that does not know it.
    let mut bare = world.new_sender(tenant.brand);
    bare.knows_library = false;
    store.connect_sender(tenant.account, &bare, at(30)).await.expect("connected");
    let english = VersionKey { language: Language::english(), version: 0, ..key(&tenant, 0) };
    let submit = store.submit_template(tenant.account, &english, None, at(31), &world.ids).await;
    assert_eq!(submit, Ok(()));
    let due = due(31).await;
    assert_eq!((due[0].sender, due[0].variant.name.as_str()), (bare.id, "facteur_delivered"));
}

async fn what_the_provider_says_is_heard_in_its_order(world: World) {
    let tenant = world.tenant("ada").await;
    world.write(&tenant, (0, 0), "one").await.expect("written");
    world.submit(&tenant, 1, 11).await.expect("submitted");
    assert_eq!(world.hear(&tenant, review(Review::Approved), 20).await, 1);
    assert_eq!(world.hear(&tenant, review(Review::Approved), 21).await, 1, "a later moment");
    assert_eq!(world.hear(&tenant, review(Review::Rejected), 15).await, 0, "an older one");
    let then = at(90);
    assert_eq!(world.hear(&tenant, News::Impending(Category::Marketing, then), 22).await, 1);
    let version = world.german(&tenant).await.versions[0].clone();
    assert_eq!(version.impending, Some((Category::Marketing, then)));
    assert_eq!(world.hear(&tenant, News::Category(Category::Utility), 23).await, 1);
    assert_eq!(world.hear(&tenant, News::Category(Category::Marketing), 91).await, 1);
    assert_eq!(world.hear(&tenant, News::Quality("yellow".into()), 92).await, 1);
    let paused = News::Review { review: Review::Paused, reason: Some("FIRST_PAUSE".into()) };
    assert_eq!(world.hear(&tenant, paused, 93).await, 1);
    let version = world.german(&tenant).await.versions[0].clone();
    assert_eq!(version.variant.category, Category::Marketing);
    assert_eq!((version.quality.as_deref(), version.impending), (Some("yellow"), None));
    assert_eq!(version.reason.as_deref(), Some("FIRST_PAUSE"));
    let lines = world.timeline(&tenant).await;
    let expected = [
        (TemplateChange::Reviewed, 1, "paused FIRST_PAUSE".to_owned()),
        (TemplateChange::Quality, 1, "yellow".to_owned()),
        (TemplateChange::Recategorised, 1, "marketing".to_owned()),
        (TemplateChange::Impending, 1, "marketing".to_owned()),
        (TemplateChange::Reviewed, 1, "approved".to_owned()),
        (TemplateChange::Submitted, 1, String::new()),
        (TemplateChange::Created, 1, String::new()),
    ];
    assert_eq!(lines, expected);

    let stranger = TemplateNews {
        name: "somebody_elses".into(),
        language: german(),
        provider_id: None,
        what: review(Review::Approved),
        at: at(99),
    };
    let store = &world.store;
    let news = [stranger];
    let heard = store.note_template_news(tenant.account, tenant.sender, &news, &world.ids).await;
    assert_eq!(heard, Ok(0));
    let eve = world.tenant("eve").await;
    let heard = store.note_template_news(eve.account, tenant.sender, &news, &world.ids).await;
    assert_eq!(heard, Err(Error::NotFound));
}

async fn news_heard_by_several_at_once_leave_the_latest(world: World) {
    let tenant = world.tenant("ada").await;
    world.write(&tenant, (0, 0), "one").await.expect("written");
    world.submit(&tenant, 1, 11).await.expect("submitted");
    let words = [Review::Approved, Review::Paused, Review::Rejected, Review::Disabled];
    for round in 0..8 {
        let told = (0..8usize).map(|each| {
            // The latest is told first as often as last.
            let each = if round % 2 == 0 { each } else { 7 - each };
            let seconds = 20 + i64::try_from(round * 8 + each).expect("small");
            world.hear(&tenant, review(words[(round + each) % 4]), seconds)
        });
        futures::future::join_all(told).await;
        let latest = words[(round + 7) % 4];
        let view = world.german(&tenant).await;
        assert_eq!(view.versions[0].variant.review, latest, "round {round}");
        let changed = view.versions[0].changed_at;
        assert_eq!(changed, Some(at(20 + i64::try_from(round * 8 + 7).expect("small"))));
    }
    // The same news, told to all of them: one has heard it.
    let approved = async || {
        let lines = world.timeline(&tenant).await;
        lines
            .iter()
            .filter(|line| line.0 == TemplateChange::Reviewed && line.2 == "approved")
            .count()
    };
    let before = approved().await;
    let told = (0..8).map(|_| world.hear(&tenant, review(Review::Approved), 200));
    let heard: u64 = futures::future::join_all(told).await.into_iter().sum();
    assert_eq!(heard, 1);
    assert_eq!(approved().await, before + 1, "told once");
}

async fn what_the_provider_knows_already_has_its_standing(world: World) {
    let (tenant, eve) = (world.tenant("ada").await, world.tenant("eve").await);
    let store = &world.store;
    let adopt = async |account, version, revision, known, seconds| {
        let (key, by) = (key(&tenant, version), Some(tenant.owner));
        let adoption = Adoption { key, revision, known, by, at: at(seconds) };
        store.adopt_template(account, &adoption, &world.ids).await
    };
    world.write(&tenant, (0, 0), "one").await.expect("written");
    assert_eq!(adopt(tenant.account, 1, 1, 1, 10).await, Err(Error::NotFound), "itself, a draft");
    world.submit(&tenant, 1, 11).await.expect("submitted");
    world.hear(&tenant, review(Review::Approved), 20).await;
    world.write(&tenant, (1, 1), "two").await.expect("written");
    world.write(&tenant, (2, 1), "one!").await.expect("written");
    assert_eq!(adopt(eve.account, 2, 2, 1, 21).await, Err(Error::NotFound));
    assert_eq!(adopt(tenant.account, 3, 1, 1, 21).await, Err(Error::NotFound));
    assert_eq!(adopt(tenant.account, 2, 2, 7, 21).await, Err(Error::NotFound));
    assert_eq!(adopt(tenant.account, 2, 1, 1, 21).await, Err(Error::Conflict), "written on");
    assert_eq!(adopt(tenant.account, 2, 2, 1, 21).await, Ok(()));
    assert_eq!(adopt(tenant.account, 2, 2, 1, 21).await, Err(Error::Conflict), "given away");
    assert_eq!(world.write(&tenant, (2, 2), "three").await, Ok((3, 1)), "it is never changed");
    let submitted = store.due_submissions(at(900), at(960), 10).await.expect("asked");
    assert_eq!(submitted.len(), 1, "nothing but the first is given to the provider");
    let taken = Submitted::Taken { provider_id: None, review: Review::Approved, category: None };
    assert_eq!(submitted[0].variant.version, 2, "the newest that the name stands for");
    store.note_submission(&submitted[0], &taken, at(22), &world.ids).await.expect("noted");

    let states = async || {
        let views = world.german(&tenant).await.versions;
        views.iter().map(|v| (v.variant.version, v.variant.review)).collect::<Vec<_>>()
    };
    let draft = (3, Review::Draft);
    assert_eq!(states().await, [draft, (2, Review::Approved), (1, Review::Approved)]);
    let view = world.german(&tenant).await;
    assert_eq!(view.speaking().map(|version| version.variant.version), Some(2));
    let [_, second, first] = &view.versions[..] else { panic!("three versions") };
    assert_eq!(second.variant.name, first.variant.name);
    let shelf = store.shelf(tenant.account, tenant.brand).await.expect("a shelf");
    let own = shelf[&STATUS].iter().filter(|v| v.language == german() && v.review.is_sendable());
    assert_eq!(own.map(|v| v.version).max(), Some(2));
    let adopted = (TemplateChange::Adopted, 2, "1".to_owned());
    assert!(world.timeline(&tenant).await.contains(&adopted));

    // What is said of the name is said of both, and told once: of the one that speaks.
    let name = first.variant.name.clone();
    let hear = async |what, seconds| {
        let news = [TemplateNews {
            name: name.clone(),
            language: german(),
            provider_id: None,
            what,
            at: at(seconds),
        }];
        store.note_template_news(tenant.account, tenant.sender, &news, &world.ids).await
    };
    assert_eq!(hear(review(Review::Paused), 30).await, Ok(1));
    assert_eq!(states().await, [draft, (2, Review::Paused), (1, Review::Paused)]);
    let lines = world.timeline(&tenant).await;
    let paused = (TemplateChange::Reviewed, 2, "paused".to_owned());
    assert_eq!(lines[0], paused);
    assert!(!lines[1..].contains(&paused));
    let alerts = store.template_alerts(tenant.account, at(0)).await.expect("asked");
    assert_eq!(alerts.iter().map(|a| a.trouble).collect::<Vec<_>>(), [TemplateTrouble::Paused]);
    assert_eq!(hear(review(Review::Approved), 31).await, Ok(1));
    assert_eq!(hear(News::Category(Category::Marketing), 32).await, Ok(1));
    let view = world.german(&tenant).await;
    assert!(view.versions[1..].iter().all(|v| v.variant.category == Category::Marketing));
    let alerts = store.template_alerts(tenant.account, at(0)).await.expect("asked");
    assert_eq!(alerts.len(), 1);

    // Another number gets the text once, under the one name, as its newest version says it.
    let mut bare = world.new_sender(tenant.brand);
    bare.knows_library = false;
    store.connect_sender(tenant.account, &bare, at(40)).await.expect("connected");
    world.submit(&tenant, 2, 41).await.expect("submitted");
    assert_eq!(states().await, [draft, (2, Review::Submitted), (1, Review::Submitted)]);
    let due = store.due_submissions(at(41), at(99), 10).await.expect("asked");
    let due: Vec<_> = due.iter().map(|d| (d.variant.version, &d.variant.name)).collect();
    assert_eq!(due, [(2, &name)]);

    // The library's texts can be what a version is to the provider, too.
    let english = Language::english();
    let first = NewDraft { language: english.clone(), ..self::draft(&eve, (0, 0), "As it was.") };
    assert_eq!(store.save_draft(eve.account, &first, &world.ids).await, Ok((1, 1)));
    let key = VersionKey { language: english.clone(), ..key(&eve, 1) };
    let adoption = Adoption { key, revision: 1, known: 0, by: None, at: at(50) };
    assert_eq!(store.adopt_template(eve.account, &adoption, &world.ids).await, Ok(()));
    let view = store.template(eve.account, eve.brand, STATUS, &english).await.expect("a view");
    assert_eq!(view.speaking().map(|v| v.variant.version), Some(1));
    assert_eq!(view.versions[0].variant.name, starter::name(STATUS));
    let views = store.templates(eve.account, eve.brand).await.expect("views");
    assert_eq!(views.len(), starter::all().count(), "each is listed once");
}

async fn another_number_begins_anew(world: World) {
    let tenant = world.tenant("ada").await;
    let store = &world.store;
    world.write(&tenant, (0, 0), "one").await.expect("written");
    world.submit(&tenant, 1, 11).await.expect("submitted");
    world.hear(&tenant, review(Review::Approved), 20).await;
    let mut bare = world.new_sender(tenant.brand);
    bare.knows_library = false;
    store.connect_sender(tenant.account, &bare, at(30)).await.expect("connected");
    let view = world.german(&tenant).await;
    assert_eq!((view.versions[0].variant.review, view.speaking()), (Review::Draft, None));
    let shelf = store.shelf(tenant.account, tenant.brand).await.expect("a shelf");
    assert!(shelf[&STATUS].iter().all(|variant| variant.review == Review::Draft));

    // The library is learnt from what the provider lists.
    let news = TemplateNews {
        name: starter::name(STATUS),
        language: Language::english(),
        provider_id: Some("1".into()),
        what: News::State {
            review: Review::Approved,
            reason: None,
            category: Category::Utility,
            quality: None,
        },
        at: at(40),
    };
    let heard = store.note_template_news(tenant.account, bare.id, &[news], &world.ids).await;
    assert_eq!(heard, Ok(1));
    let shelf = store.shelf(tenant.account, tenant.brand).await.expect("a shelf");
    let english: Vec<_> = shelf[&STATUS].iter().filter(|v| v.language.code() == "en").collect();
    assert_eq!(english[0].review, Review::Approved);
}

async fn senders_with_a_text_in_review_are_asked_sooner(world: World) {
    let (ada, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    world.write(&ada, (0, 0), "one").await.expect("written");
    world.submit(&ada, 1, 11).await.expect("submitted");
    let due = async |seconds: i64| {
        let (soon, later) = (at(seconds + 30), at(seconds + 3600));
        let found = world.store.due_polls(at(seconds), soon, later, 10).await.expect("asked");
        found.into_iter().map(|(_, sender)| sender).collect::<Vec<_>>()
    };
    let mut both = vec![ada.sender, bob.sender];
    both.sort();
    assert_eq!(due(20).await, both);
    assert!(due(21).await.is_empty());
    assert_eq!(due(60).await, [ada.sender]);
    // What is submitted just after the hourly asking does not wait an hour.
    world.write(&bob, (0, 0), "one").await.expect("written");
    world.submit(&bob, 1, 70).await.expect("submitted");
    assert_eq!(due(71).await, [bob.sender]);
    assert!(due(72).await.is_empty());
    assert_eq!(due(3700).await, both);
}

async fn texts_in_trouble_are_named(world: World) {
    let tenant = world.tenant("ada").await;
    let named = async |since| {
        let found = world.store.template_alerts(tenant.account, at(since)).await.expect("asked");
        let of = |a: dispatch::view::TemplateAlert| {
            (a.brand == tenant.brand, a.status, a.language, a.trouble)
        };
        found.into_iter().map(of).collect::<Vec<_>>()
    };
    let only = |trouble| vec![(true, STATUS, german(), trouble)];
    assert!(named(0).await.is_empty());
    world.write(&tenant, (0, 0), "one").await.expect("written");
    world.submit(&tenant, 1, 11).await.expect("submitted");
    assert!(named(11).await.is_empty());
    assert_eq!(named(12).await, only(TemplateTrouble::Overdue));
    world.hear(&tenant, review(Review::Approved), 20).await;
    assert!(named(100).await.is_empty());
    world.hear(&tenant, News::Impending(Category::Marketing, at(90)), 21).await;
    assert_eq!(named(100).await, only(TemplateTrouble::Impending));
    world.hear(&tenant, News::Category(Category::Marketing), 22).await;
    assert_eq!(named(100).await, only(TemplateTrouble::Recategorised));
    for (word, trouble) in [
        (Review::Paused, TemplateTrouble::Paused),
        (Review::Rejected, TemplateTrouble::Rejected),
        (Review::Disabled, TemplateTrouble::Disabled),
    ] {
        world.hear(&tenant, review(word), 23).await;
        assert_eq!(named(100).await, only(trouble));
    }
    // That more people may get a text is nobody's trouble.
    world.hear(&tenant, review(Review::Approved), 24).await;
    world.hear(&tenant, News::Category(Category::Utility), 24).await;
    world.hear(&tenant, News::Impending(Category::Utility, at(90)), 24).await;
    assert!(named(100).await.is_empty());
    world.hear(&tenant, review(Review::Disabled), 25).await;
    // What has been written anew and submitted is nobody's trouble any more.
    world.write(&tenant, (1, 1), "two").await.expect("written");
    assert_eq!(named(100).await, only(TemplateTrouble::Disabled));
    world.submit(&tenant, 2, 200).await.expect("submitted");
    assert!(named(100).await.is_empty());
    let store = &world.store;
    store.set_brand_state(tenant.account, tenant.brand, BrandState::Archived).await.expect("set");
    assert!(named(300).await.is_empty());
}

async fn another_brand_may_say_the_same(world: World) {
    let (ada, bob) = (world.tenant("ada").await, world.tenant("bob").await);
    let second = BrandId::mint(at(0), &world.ids);
    world.store.create_brand(ada.account, second, &new_brand("Second"), at(0)).await.expect("one");
    let other = Tenant { brand: second, ..ada };
    let twins = async |tenant: &Tenant| {
        let found = world.store.twins(tenant.account, tenant.brand).await.expect("asked");
        found.into_iter().collect::<Vec<_>>()
    };
    world.write(&ada, (0, 0), "Es ist da.").await.expect("written");
    world.write(&bob, (0, 0), "Es ist da.").await.expect("written");
    assert_eq!(twins(&ada).await, [], "what another account says is nobody's business");
    world.write(&other, (0, 0), "Es ist da!").await.expect("written");
    assert_eq!(twins(&ada).await, []);
    world.write(&other, (1, 1), "Es ist da.").await.expect("written");
    assert_eq!(twins(&ada).await, [((STATUS, german()), "Second".to_owned())]);
    assert_eq!(twins(&other).await, [((STATUS, german()), "ada Shop".to_owned())]);
    // Of each the newest counts.
    world.submit(&other, 1, 20).await.expect_err("no sender");
    world.submit(&ada, 1, 20).await.expect("submitted");
    world.write(&ada, (1, 1), "Es ist jetzt da.").await.expect("the next version");
    assert_eq!(twins(&ada).await, []);
    assert_eq!(twins(&other).await, []);
    let foreign = world.store.twins(bob.account, ada.brand).await;
    assert_eq!(foreign, Err(Error::NotFound));
}

async fn a_headers_file_is_kept_for_ever_and_found_by_its_public_name_alone(world: World) {
    let (ada, eve) = (world.tenant("ada").await, world.tenant("eve").await);
    let store = &world.store;
    let new = |name: &str, byte| NewMedia {
        name: name.into(),
        media: Media { kind: MediaKind::Pdf, file: "a.pdf".into(), bytes: vec![byte, 0, 255] },
        most: 2,
    };
    let keep = async |tenant: &Tenant, brand, new: &NewMedia| {
        store.keep_media(tenant.account, brand, new, at(1)).await
    };
    let (first, second) = (new("aa11", 1), new("bb22", 2));
    assert_eq!(store.find_media("aa11").await, Ok(None));
    assert_eq!(keep(&ada, ada.brand, &first).await, Ok(()));
    assert_eq!(keep(&ada, ada.brand, &first).await, Ok(()), "the same once more");
    assert_eq!(keep(&eve, ada.brand, &second).await, Err(Error::NotFound));
    assert_eq!(keep(&ada, ada.brand, &second).await, Ok(()));
    let third = new("cc33", 3);
    assert_eq!(keep(&ada, ada.brand, &third).await, Err(Error::Limit { what: "files" }));
    assert_eq!(keep(&ada, ada.brand, &second).await, Ok(()), "what is there needs no room");
    assert_eq!(keep(&eve, eve.brand, &third).await, Ok(()));
    assert_eq!(store.find_media("aa11").await, Ok(Some(first.media)));
    assert_eq!(store.find_media("bb22").await, Ok(Some(second.media)));
    assert_eq!(store.find_media("' OR 1=1 --").await, Ok(None));
}
