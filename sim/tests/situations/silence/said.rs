//! What a station says, in the words of its status.

use openline_proto::verdict::{OnWatch, Status, Verdict, WayState};
use openline_proto::watch::book::Duty;
use openline_wire::ids::PartyId;

/// Beyond it clocks are said to differ: two good ones do not.
const CLOCKS_MS: i64 = 60_000;

/// The verdict and its evidence.
pub fn of(status: &Status, own: PartyId) -> String {
    let mut said = vec![format!("`{}`", status.verdict.word())];
    if status.verdict == Verdict::NoSignOfLife {
        said.push("cannot tell why".into());
    }
    if let Some(announced) = &status.announced {
        said.push(format!("announced: {}", announced.reason.word()));
    }
    if status.announced_here.is_some() {
        said.push("announced by us".into());
    }
    let used = status.ways.iter().find(|way| way.in_use);
    if let (Verdict::Open | Verdict::Degraded, Some(way)) = (status.verdict, used) {
        said.push(format!("on way {}", way.route.path + 1));
    }
    for way in &status.ways {
        if let WayState::Cut { .. } = way.state {
            said.push(format!("way {} is cut", way.route.path + 1));
        }
    }
    for suspension in &status.suspended {
        let whose = if suspension.party == own {
            "us"
        } else {
            "them"
        };
        said.push(format!(
            "suspended by {whose}: {}",
            suspension.reason.word()
        ));
    }
    said.extend(status.watch.iter().filter_map(|it| duty(it, own)));
    let offset = status.clock_offset_ms.unwrap_or(0);
    if offset.abs() > CLOCKS_MS {
        said.push(format!("clocks differ by {} h", offset.abs() / 3_600_000));
    }
    said.join("; ")
}

fn duty(watch: &OnWatch, own: PartyId) -> Option<String> {
    let whose = if watch.party == own { "here" } else { "there" };
    match watch.duty {
        Duty::Nobody => Some(format!("nobody on watch {whose}")),
        Duty::Overdue => Some(format!("officer overdue {whose}")),
        _ => None,
    }
}
