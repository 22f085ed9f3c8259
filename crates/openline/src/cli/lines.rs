//! Which line of a status is meant, and whether anybody is there.

use crate::api::types::{Line, Status};

/// The line that is meant: by name, by id, or `-` for the only one.
pub fn line_of<'a>(status: &'a Status, wanted: &str) -> Option<&'a Line> {
    let mut lines = status.lines.iter();
    lines.find(|line| wanted == "-" || line.name == wanted || line.line == wanted)
}

/// Whether what is sent now stays here for a while.
pub fn is_silent(line: &Line) -> bool {
    line.alive_as_of_ms.is_none()
        || matches!(
            line.verdict.as_str(),
            "no-sign-of-life" | "announced-silence"
        )
}
