//! Why a failed message waits, and why one is not sent again, in a few words.

use super::Text;
use dispatch::stranded::{LeftOut, Stranded};

/// Why it waits.
#[must_use]
pub fn why(t: Text, reason: Stranded) -> &'static str {
    match reason {
        Stranded::Provider => t.again_why_provider(),
        Stranded::Tries => t.again_why_tries(),
        Stranded::TooFast => t.again_why_fast(),
        Stranded::Credentials => t.again_why_credentials(),
        Stranded::Number => t.again_why_number(),
        Stranded::Sender => t.again_why_sender(),
        Stranded::Template => t.again_why_template(),
    }
}

/// Why it is left out.
#[must_use]
pub fn left_out(t: Text, reason: LeftOut) -> &'static str {
    match reason {
        LeftOut::OptedOut => t.again_not_opted_out(),
        LeftOut::Unwanted => t.again_not_unwanted(),
        LeftOut::NoMarketing => t.again_not_marketing(),
        LeftOut::Stale => t.again_not_stale(),
        LeftOut::Overtaken => t.again_not_overtaken(),
        LeftOut::BrandArchived => t.again_not_archived(),
        LeftOut::ChannelOff => t.again_not_channel(),
        LeftOut::NoPrice => t.again_not_price(),
        LeftOut::SenderNotReady => t.again_not_sender(),
        LeftOut::TemplateNotReady => t.again_not_template(),
        LeftOut::NotWaiting => t.again_not_waiting(),
    }
}
