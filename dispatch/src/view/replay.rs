//! Messages that were sent again at somebody's request.

use crate::id::ReplayId;
use crate::message::MessageState;
use crate::stranded::Replay;
use crate::time::Timestamp;

/// A replay with its author's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayView {
    /// All of it.
    pub replay: Replay,
    /// Who asked for it; none for a key of the API, or somebody who is gone.
    pub by: Option<String>,
    /// Where the messages it sent are by now; empty in lists.
    pub states: Vec<(MessageState, i64)>,
}

/// One message's part in a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayedView {
    /// Which replay.
    pub replay: ReplayId,
    /// Who asked for it; none as above.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
}
