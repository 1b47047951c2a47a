//! Everything known about a draft at one moment.

use super::draft::Draft;
use dispatch::channel::TrackingStatus;
use dispatch::language::Language;
use dispatch::template::category::{Prediction, predict};
use dispatch::template::check::{Finding, FindingCode, LONGEST, Place, Severity, check};
use dispatch::template::doubt::doubts;
use dispatch::template::repair::repair;
use dispatch::template::sample::{Failed, Failure, Sample, try_all};
use dispatch::template::{Content, Piece, Values, scan};
use std::ops::Range;

/// What the texts are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// The news.
    pub status: TrackingStatus,
    /// The news in a word or two, in the template's language.
    pub word: String,
    /// The template's language.
    pub language: Language,
    /// The brand's name.
    pub brand: String,
}

impl Matter {
    /// A sample parcel, with the brand's own name in its place.
    #[must_use]
    pub fn values(&self, sample: Sample) -> Values {
        let mut values = sample.values(self.status, &self.word, &self.language);
        if !self.brand.is_empty() {
            values.set(dispatch::template::Tag::CompanyName, &self.brand, &self.language);
        }
        values
    }
}

/// A draft looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// What would be sent.
    pub content: Content,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// As what it will be taken.
    pub prediction: Prediction,
    /// The sample parcels that get no message, or a bad one.
    pub failed: Vec<Failed>,
}

impl Look {
    /// Looks at a draft.
    #[must_use]
    pub fn of(draft: &Draft, matter: &Matter) -> Self {
        let content = draft.content();
        let mut findings = check(&content, draft.category(), matter.status);
        findings.extend(doubts(&content, &matter.language));
        findings.sort_by_key(|finding| finding.place);
        for finding in findings.iter_mut().filter(|finding| finding.repair.is_none()) {
            finding.repair = repair(&content, finding, &matter.language);
        }
        let readable = !findings.iter().any(|f| f.code == FindingCode::FarTooLong);
        let failed = if readable {
            try_all(&content, matter.status, &matter.word, &matter.language)
        } else {
            Vec::new()
        };
        Self { prediction: predict(&content), content, findings, failed }
    }

    /// Whether nothing prevents a submission.
    #[must_use]
    pub fn passes(&self) -> bool {
        let breaks = |failed: &Failed| !matches!(failed.why, Failure::Missing(_));
        self.faults() == 0 && !self.failed.iter().any(breaks)
    }

    /// How many findings prevent a submission.
    #[must_use]
    pub fn faults(&self) -> usize {
        self.findings.iter().filter(|f| f.severity == Severity::Fault).count()
    }
}

/// The name of the place beside which a finding is shown.
#[must_use]
pub fn spot(place: Place, draft: &Draft) -> String {
    match place {
        Place::Header => "header_text".to_owned(),
        Place::Body => "body".to_owned(),
        Place::Footer => "footer".to_owned(),
        Place::Buttons => "buttons".to_owned(),
        Place::Button(index) | Place::Target(index) => {
            ["button-", &draft.row_of(index).to_string()].concat()
        }
        Place::Sms => "sms".to_owned(),
        Place::Subject => "mail_subject".to_owned(),
        Place::MailText => "mail_text".to_owned(),
        Place::MailPage => "mail_html".to_owned(),
    }
}

/// The id of the field a finding is about.
#[must_use]
pub fn field_id(place: Place, draft: &Draft) -> String {
    match place {
        Place::Button(index) => ["button_label-", &draft.row_of(index).to_string()].concat(),
        Place::Target(index) => ["button_target-", &draft.row_of(index).to_string()].concat(),
        _ => spot(place, draft),
    }
}

/// How a stretch of a text is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A tag that is all right.
    Tag,
    /// Something to look at.
    Warning,
    /// Something wrong.
    Fault,
}

/// The longest text whose marks are drawn, in bytes: more is refused by every rule anyway.
const LONGEST_MARKED: usize = 8 * 1024;

/// A text cut into stretches with their marks.
#[must_use]
pub fn marked<'a>(text: &'a str, findings: &[&Finding]) -> Vec<(&'a str, Option<Mark>)> {
    if text.len() > LONGEST_MARKED.min(LONGEST) {
        return vec![(text, None)];
    }
    let mut marks: Vec<(Range<usize>, Mark)> = Vec::new();
    for piece in scan(text).0 {
        if let Piece::Tag { at, .. } = piece {
            marks.push((at, Mark::Tag));
        }
    }
    for finding in findings {
        if let Some(at) = &finding.at {
            let mark = match finding.severity {
                Severity::Fault => Mark::Fault,
                Severity::Warning => Mark::Warning,
            };
            marks.push((at.clone(), mark));
        }
    }
    let mut edges: Vec<usize> = marks.iter().flat_map(|(at, _)| [at.start, at.end]).collect();
    edges.extend([0, text.len()]);
    edges.sort_unstable();
    edges.dedup();
    edges
        .windows(2)
        .filter_map(|two| {
            let stretch = text.get(two[0]..two[1])?;
            let covers = |at: &Range<usize>| at.start <= two[0] && two[1] <= at.end;
            let mark = marks.iter().filter(|(at, _)| covers(at)).map(|(_, mark)| *mark).max();
            Some((stretch, mark))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matter() -> Matter {
        Matter {
            status: TrackingStatus::OutForDelivery,
            word: "Out for delivery".into(),
            language: Language::english(),
            brand: "Brume".into(),
        }
    }

    #[test]
    fn every_stretch_of_a_text_is_kept_and_the_worst_mark_wins() {
        let draft = Draft {
            body: "Hé <<first_name>>, by <<nobody>> and {{carrier}} today".into(),
            ..Draft::default()
        };
        let look = Look::of(&draft, &matter());
        let here: Vec<&Finding> = look.findings.iter().filter(|f| f.place == Place::Body).collect();
        let stretches = marked(&draft.body, &here);
        let whole: String = stretches.iter().map(|(text, _)| *text).collect();
        assert_eq!(whole, draft.body);
        let of = |text: &str| stretches.iter().find(|(t, _)| *t == text).and_then(|(_, m)| *m);
        assert_eq!(of("<<first_name>>"), Some(Mark::Warning));
        assert_eq!(of("<<nobody>>"), Some(Mark::Fault));
        assert_eq!(of("{{carrier}}"), Some(Mark::Fault));
        assert!(!look.passes());
    }

    #[test]
    fn a_finding_of_a_button_stands_at_its_row() {
        let row = |label: &str, target: &str| super::super::Row {
            label: label.into(),
            kind: "url".into(),
            target: target.into(),
        };
        let draft = Draft {
            body: "Hello there".into(),
            rows: vec![row("", ""), row("Track", "nowhere")],
            ..Draft::default()
        };
        let look = Look::of(&draft, &matter());
        let places: Vec<String> = look.findings.iter().map(|f| field_id(f.place, &draft)).collect();
        assert_eq!(places, ["button_target-1"]);
        assert_eq!(spot(look.findings[0].place, &draft), "button-1");
    }
}
