//! Findings, tags, samples and reasons by their words.

use crate::text::{Text, number};
use dispatch::template::check::{Finding, FindingCode, LONGEST};
use dispatch::template::sample::{Failure, Sample};
use dispatch::template::{
    ButtonKind, Category, HeaderKind, Provided, ReplyAction, Tag, TagGroup, TagKind,
};

/// What was found and what to do about it.
#[must_use]
pub fn finding(t: Text, finding: &Finding) -> String {
    let detail = finding.detail.as_str();
    let limit = || number::whole(t.lang(), detail.parse().unwrap_or_default());
    match finding.code {
        FindingCode::Required => t.finding_required().to_owned(),
        FindingCode::TooLong => t.finding_too_long(limit()),
        FindingCode::FarTooLong => t.finding_far_too_long(LONGEST / 1024),
        FindingCode::Characters => t.finding_characters(detail),
        FindingCode::Unclosed => t.finding_unclosed().to_owned(),
        FindingCode::UnknownTag => t.finding_unknown_tag(detail),
        FindingCode::EmptyFallback => t.finding_empty_fallback(detail),
        FindingCode::BadFallback => t.finding_bad_fallback(detail),
        FindingCode::Foreign => t.finding_foreign(detail),
        FindingCode::AtTheEdge => t.finding_at_the_edge(detail),
        FindingCode::Neighbours => t.finding_neighbours(detail),
        FindingCode::TooManyTags => t.finding_too_many_tags().to_owned(),
        FindingCode::NoTagsHere => t.finding_no_tags_here().to_owned(),
        FindingCode::OneTagHere => t.finding_one_tag_here().to_owned(),
        FindingCode::OneLine => t.finding_one_line().to_owned(),
        FindingCode::NoMarkup => t.finding_no_markup().to_owned(),
        FindingCode::NotAText => t.finding_not_a_text(detail),
        FindingCode::NeverProvided => t.finding_never_provided(detail),
        FindingCode::MayBeMissing => t.finding_may_be_missing(detail),
        FindingCode::OnlyHere => t.finding_only_here().to_owned(),
        FindingCode::Address => t.finding_address().to_owned(),
        FindingCode::TagAtEnd => t.finding_tag_at_end().to_owned(),
        FindingCode::PhoneNumber => t.finding_phone_number().to_owned(),
        FindingCode::TooManyButtons => t.finding_too_many_buttons(limit()),
        FindingCode::Grouping => t.finding_grouping().to_owned(),
        FindingCode::SameLabel => t.finding_same_label().to_owned(),
        FindingCode::Promotional => t.finding_promotional(detail),
        FindingCode::Capitals => t.finding_capitals().to_owned(),
        FindingCode::ShortLink => t.finding_short_link(detail),
        FindingCode::Secrets => t.finding_secrets(detail),
        FindingCode::OtherLanguage => t.finding_other_language(detail),
        FindingCode::UnsafeMarkup => t.finding_unsafe_markup(detail),
        FindingCode::MailNeedsText => t.finding_mail_needs_text().to_owned(),
    }
}

/// What the button that repairs it says; none where there is no repair.
#[must_use]
pub fn repair(t: Text, finding: &Finding) -> Option<&'static str> {
    let asks = matches!(finding.code, FindingCode::MayBeMissing | FindingCode::NeverProvided);
    if asks && finding.at.is_some() {
        return Some(t.finding_add_fallback());
    }
    finding.repair.as_ref().map(|_| match finding.code {
        FindingCode::Foreign => t.finding_convert(),
        FindingCode::AtTheEdge => t.finding_add_words(),
        FindingCode::Neighbours => t.finding_separate(),
        FindingCode::Promotional => t.finding_take_out(),
        FindingCode::Capitals => t.finding_small_letters(),
        _ => t.finding_repair(),
    })
}

/// What a tag shows.
#[must_use]
pub fn tag(t: Text, tag: Tag) -> &'static str {
    match tag {
        Tag::FirstName => t.tag_first_name(),
        Tag::Name => t.tag_name(),
        Tag::OrderNumber => t.tag_order_number(),
        Tag::Items => t.tag_items(),
        Tag::CompanyName => t.tag_companyname(),
        Tag::WhatsappNumber => t.tag_whatsappnumber(),
        Tag::PreferencesUrl => t.tag_preferences_url(),
        Tag::Carrier => t.tag_carrier(),
        Tag::Status => t.tag_status(),
        Tag::TrackingNumber => t.tag_tracking_number(),
        Tag::TrackingUrl => t.tag_tracking_url(),
        Tag::ExpectedDate => t.tag_expected_date(),
        Tag::DeliverySlot => t.tag_delivery_slot(),
        Tag::DelayReason => t.tag_delay_reason(),
        Tag::DriverPhone => t.tag_driver_phone(),
        Tag::PickupPoint => t.tag_pickup_point(),
        Tag::PickupUntil => t.tag_pickup_until(),
        Tag::PickupLocation => t.tag_pickup_location(),
        Tag::ProofUrl => t.tag_proof_url(),
    }
}

/// A heading of the menu of tags.
#[must_use]
pub fn group(t: Text, group: TagGroup) -> &'static str {
    match group {
        TagGroup::Recipient => t.tag_group_recipient(),
        TagGroup::Order => t.tag_group_order(),
        TagGroup::Brand => t.tag_group_brand(),
        TagGroup::Parcel => t.tag_group_parcel(),
        TagGroup::Pickup => t.tag_group_pickup(),
    }
}

/// The kind of a tag's value.
#[must_use]
pub fn kind(t: Text, kind: TagKind) -> &'static str {
    match kind {
        TagKind::Text => t.tag_kind_text(),
        TagKind::Date => t.tag_kind_date(),
        TagKind::Url => t.tag_kind_url(),
        TagKind::Phone => t.tag_kind_phone(),
        TagKind::Image => t.tag_kind_image(),
        TagKind::Location => t.tag_kind_location(),
    }
}

/// How sure it is that the news brings a tag's value.
#[must_use]
pub fn provided(t: Text, provided: Provided) -> &'static str {
    match provided {
        Provided::Always => t.tag_always(),
        Provided::Sometimes => t.tag_sometimes(),
        Provided::Never => t.tag_never(),
    }
}

/// A category's name.
#[must_use]
pub fn category(t: Text, category: Category) -> &'static str {
    match category {
        Category::Utility => t.editor_utility(),
        Category::Marketing => t.editor_marketing(),
    }
}

/// A sample parcel's name.
#[must_use]
pub fn sample(t: Text, sample: Sample) -> &'static str {
    match sample {
        Sample::Ordinary => t.editor_sample_ordinary(),
        Sample::MissingName => t.editor_sample_missing_name(),
        Sample::LongCarrier => t.editor_sample_long_carrier(),
        Sample::Arabic => t.editor_sample_arabic(),
        Sample::Least => t.editor_sample_least(),
    }
}

/// Why a sample parcel gets no good message.
#[must_use]
pub fn failure(t: Text, failure: &Failure) -> String {
    match failure {
        Failure::Missing(tags) => {
            let names = tags.iter().map(|tag| tag.word()).collect::<Vec<_>>().join(", ");
            t.editor_fails_missing(names)
        }
        Failure::Text => t.editor_fails_text().to_owned(),
        Failure::TooLong(length) => t.editor_fails_too_long(*length),
    }
}

/// A kind of header.
#[must_use]
pub fn header(t: Text, kind: HeaderKind) -> &'static str {
    match kind {
        HeaderKind::None => t.editor_header_none(),
        HeaderKind::Text => t.editor_header_text(),
        HeaderKind::Image => t.editor_header_image(),
        HeaderKind::Document => t.editor_header_document(),
        HeaderKind::Location => t.editor_header_location(),
    }
}

/// What a button does, as the chooser says it.
#[must_use]
pub fn button_kind(t: Text, kind: ButtonKind) -> &'static str {
    match kind {
        ButtonKind::Url => t.editor_button_url(),
        ButtonKind::Phone => t.editor_button_phone(),
        ButtonKind::Reply => t.editor_button_reply(),
    }
}

/// What an answer does, as the chooser says it.
#[must_use]
pub fn reply(t: Text, action: ReplyAction) -> &'static str {
    match action {
        ReplyAction::Stop => t.editor_reply_stop(),
        ReplyAction::Track => t.editor_reply_track(),
        ReplyAction::Reschedule => t.editor_reply_reschedule(),
        ReplyAction::Support => t.editor_reply_support(),
        ReplyAction::Confirm => t.editor_reply_confirm(),
    }
}
