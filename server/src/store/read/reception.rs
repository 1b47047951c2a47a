//! How texts are received. The rule of who stopped after what stands in [`dispatch::reception`].

use super::any;
use crate::store::SqlStore;
use crate::store::dialect::Dialect;
use crate::store::sql::statements;
use crate::store::value::{Row, args};
use dispatch::error::Result;
use dispatch::id::{AccountId, BrandId, ConsentId, DecisionId, MessageId};
use dispatch::reception::{FOLLOWS, Reception};
use dispatch::time::Timestamp;
use dispatch::view::TextReception;

statements! {
    SENT = ["SELECT brand_id, channel, tracking_status, template, template_version, language, count(*), \
            count(CASE WHEN state IN ('delivered', 'read') THEN 1 END), count(CASE WHEN state = 'read' THEN 1 END) \
        FROM message WHERE account_id = $1 AND id >= $2 AND ($3 = '' OR brand_id = $3) \
            AND state IN ('accepted', 'sent', 'delivered', 'read') \
        GROUP BY brand_id, channel, tracking_status, template, template_version, language"];
    // The few who stopped lead; what each had got before is found by their number. DISTINCT: who says it twice
    // stopped once.
    STOPPED = ["SELECT m.brand_id, m.channel, m.tracking_status, m.template, m.template_version, m.language, count(*) \
        FROM (SELECT DISTINCT (SELECT x.id FROM decision d JOIN message x ON x.id = d.message_id JOIN attempt a ON a.message_id = x.id \
                WHERE d.account_id = c.account_id AND d.phone = c.address AND d.id >= $2 AND d.brand_id = c.brand_id \
                    AND x.channel = c.channel AND x.state IN ('accepted', 'sent', 'delivered', 'read') \
                    AND a.started_at <= c.recorded_at AND a.started_at >= c.recorded_at - $5 \
                ORDER BY a.started_at DESC, x.id DESC LIMIT 1) AS message_id \
            FROM consent c WHERE c.account_id = $1 AND c.id >= $4 AND c.kind = 'opt_out' AND c.purpose = 'tracking' \
                AND c.source IN ('keyword', 'link', 'page') AND ($3 = '' OR c.brand_id = $3)) s \
            JOIN message m ON m.id = s.message_id \
        WHERE m.id >= $6 \
        GROUP BY m.brand_id, m.channel, m.tracking_status, m.template, m.template_version, m.language"];
}

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn read_reception(
        &self,
        account: AccountId,
        brand: Option<BrandId>,
        since: Timestamp,
    ) -> Result<Vec<TextReception>> {
        let (first, brand) = (MessageId::least(since), any(brand.as_ref()));
        let mut texts = Vec::new();
        for mut row in self.rows(&SENT, args![account, first, brand]).await? {
            let mut text = text(&mut row)?;
            text.figures =
                Reception { sent: row.int()?, delivered: row.int()?, read: row.int()?, stopped: 0 };
            texts.push(text);
        }
        let follows = i64::try_from(FOLLOWS.as_micros()).unwrap_or(i64::MAX);
        let parameters = args![
            account,
            DecisionId::least(since),
            brand,
            ConsentId::least(since),
            follows,
            first
        ];
        for mut row in self.rows(&STOPPED, parameters).await? {
            let of = text(&mut row)?;
            // A message the first statement had not seen yet is counted with the next look.
            let found = texts
                .iter_mut()
                .find(|text| TextReception { figures: of.figures, ..(*text).clone() } == of);
            if let Some(found) = found {
                found.figures.stopped = row.int()?;
            }
        }
        texts.sort_by(|a, b| key(a).cmp(&key(b)));
        Ok(texts)
    }
}

/// What names a text, in the order of the answer.
fn key(text: &TextReception) -> impl Ord {
    let language = text.language.code().to_owned();
    (text.brand, text.channel, text.status, language, text.version, text.template.clone())
}

/// The six cells that name a text.
fn text(row: &mut Row) -> Result<TextReception> {
    Ok(TextReception {
        brand: row.read()?,
        channel: row.read()?,
        status: row.read()?,
        template: row.text()?,
        version: row.int()?,
        language: row.read()?,
        figures: Reception::default(),
    })
}
