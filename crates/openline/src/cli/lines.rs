//! Which line of a status is meant, and whether anybody is there.

use crate::api::types::{Line, Status};

/// The line that is meant: by name, by id, or `-` for the only one.
pub fn line_of<'a>(status: &'a Status, wanted: &str) -> Option<&'a Line> {
    let mut lines = status.lines.iter();
    lines.find(|line| wanted == "-" || line.name == wanted || line.line == wanted)
}

/// A clock that is off by less is shown as it is: people read minutes.
const CLOCK_OFF_MS: u64 = 60_000;

/// When something was by our clock that somebody signed by his: a clock that is years off must not date what a person reads as now.
pub fn by_our_clock(line: &Line, is_ours: bool, ms: u64) -> u64 {
    let offset = line.clock_offset_ms.filter(|_| !is_ours);
    let offset = offset.filter(|offset| offset.unsigned_abs() >= CLOCK_OFF_MS);
    offset.map_or(ms, |offset| {
        ms.saturating_add_signed(offset.saturating_neg())
    })
}

/// Whether what is sent now stays here for a while.
pub fn is_silent(line: &Line) -> bool {
    line.alive_as_of_ms.is_none()
        || matches!(
            line.verdict.as_str(),
            "no-sign-of-life" | "announced-silence"
        )
}
