//! What brands can say: their own versions and the library's, with where each stands at the brand's sender.
//! Decisions read it for the statuses at hand, screens whole.

use super::SqlStore;
use super::dialect::Dialect;
use super::sql::statements;
use super::value::{Set, args, cells};
use dispatch::channel::TrackingStatus;
use dispatch::error::Result;
use dispatch::id::BrandId;
use dispatch::language::Language;
use dispatch::port::Shelf;
use dispatch::starter;
use dispatch::template::{Category, Review, Variant};
use std::collections::{BTreeSet, HashMap};

statements! {
    OWN = ["SELECT v.brand_id, v.status, v.language, v.version, v.name, coalesce(r.category, v.category), v.content, r.review FROM ",
        {brand_id: text, status: text}, " s \
        JOIN template_version v ON v.brand_id = s.brand_id AND v.status = s.status \
        LEFT JOIN sender n ON n.brand_id = v.brand_id AND n.channel = 'whatsapp' AND n.replaced_at IS NULL \
        LEFT JOIN template_review r ON r.sender_id = n.id AND r.name = v.name AND r.language = v.language"];
    LIBRARY = ["SELECT n.brand_id, r.name, r.language, r.review, r.category FROM ",
        {brand_id: text, name: text}, " s \
        JOIN sender n ON n.brand_id = s.brand_id AND n.channel = 'whatsapp' AND n.replaced_at IS NULL \
        JOIN template_review r ON r.sender_id = n.id AND r.name = s.name"];
}

impl<DB: Dialect> SqlStore<DB> {
    /// The variants of brands for statuses.
    pub(super) async fn shelves(
        &self,
        wanted: &BTreeSet<(BrandId, TrackingStatus)>,
    ) -> Result<HashMap<BrandId, Shelf>> {
        let (mut by_status, mut by_name) = (Set::new(), Set::new());
        for (brand, status) in wanted {
            by_status.push(&cells![*brand, *status]);
            by_name.push(&cells![*brand, starter::name(*status)]);
        }
        let mut reviews: HashMap<(BrandId, String, Language), (Review, Option<Category>)> =
            HashMap::new();
        let mut shelves: HashMap<BrandId, Shelf> = HashMap::new();
        if wanted.is_empty() {
            return Ok(shelves);
        }
        for mut row in self.rows(&LIBRARY, args![by_name]).await? {
            let key = (row.read()?, row.text()?, row.read()?);
            reviews.insert(key, (row.read()?, row.read_or_none()?));
        }
        for (brand, status) in wanted {
            let variants = starter::variants(*status).iter().map(|variant| {
                let key = (*brand, variant.name.clone(), variant.language.clone());
                let (review, category) =
                    reviews.get(&key).copied().unwrap_or((Review::Draft, None));
                Variant {
                    review,
                    category: category.unwrap_or(variant.category),
                    ..variant.clone()
                }
            });
            shelves.entry(*brand).or_default().entry(*status).or_default().extend(variants);
        }
        for mut row in self.rows(&OWN, args![by_status]).await? {
            let brand: BrandId = row.read()?;
            let variant = Variant {
                status: row.read()?,
                language: row.read()?,
                version: row.int()?,
                name: row.text()?,
                category: row.read()?,
                content: row.json()?,
                review: row.read_or_none()?.unwrap_or(Review::Draft),
            };
            shelves.entry(brand).or_default().entry(variant.status).or_default().push(variant);
        }
        Ok(shelves)
    }
}
