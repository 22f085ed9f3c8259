//! The exit code of `openline status`, for monitoring: see `docs/json.md`.

use crate::api::types::{Line, NOT_TAKEN_UP, Status};
use crate::cli::alarm::is_unacknowledged;
use crate::cli::failure::Exit;

/// The code of the worst line that was asked for.
pub fn worst(status: &Status) -> Exit {
    if status.station.state != "running" || status.lines.is_empty() {
        return Exit::Degraded;
    }
    let exits = status
        .lines
        .iter()
        .flat_map(|line| [verdict(line), alarms(line)]);
    exits
        .max_by_key(|exit| badness(*exit))
        .unwrap_or(Exit::Degraded)
}

fn verdict(line: &Line) -> Exit {
    match line.verdict.as_str() {
        "open" | "announced-silence" => Exit::Done,
        "no-sign-of-life" | "not-heard-yet" => Exit::NoSignOfLife,
        NOT_TAKEN_UP => Exit::Failed,
        _ => Exit::Degraded,
    }
}

fn alarms(line: &Line) -> Exit {
    match line.alarms.iter().any(is_unacknowledged) {
        true => Exit::Alarm,
        false => Exit::Done,
    }
}

/// A line that nobody works on is worse than one that is silent, and that is worse than what somebody has only to look at.
fn badness(exit: Exit) -> u8 {
    match exit {
        Exit::Failed => 4,
        Exit::NoSignOfLife => 3,
        Exit::Alarm => 2,
        Exit::Degraded => 1,
        _ => 0,
    }
}
