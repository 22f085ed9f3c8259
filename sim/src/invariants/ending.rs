//! What holds when the last trouble is over and everything is quiet.
//!
//! Shows OL-412 and OL-413: histories with loss, restarts and reordering end with equal records and nobody blamed.

use openline_proto::verdict::{Status, Verdict as Line};
use openline_wire::codes::Kind;
use openline_wire::fact::Fact;

use super::{Verdict, Violation};
use crate::disk::Disk;
use crate::model::{Holding, Model};

/// A home that is left at the end.
pub struct Home<'a> {
    /// The machine.
    pub machine: usize,
    /// Its disk.
    pub disk: &'a Disk,
    /// The line, as its station sees it.
    pub status: &'a Status,
    /// Its wall clock.
    pub wall: u64,
}

/// Invariant 17.
pub fn all_hold_all(homes: &[Home<'_>], before: &[Holding]) -> Verdict {
    let wrong = |what: String| Err(Violation::new("17 all hold all, once", what));
    let sets: Vec<Holding> = homes
        .iter()
        .map(|home| home.disk.places().collect())
        .collect();
    for (home, held) in homes.iter().zip(&sets) {
        let missing = sets
            .iter()
            .chain(before)
            .flatten()
            .find(|(place, id)| held.get(place) != Some(id));
        if let Some(missing) = missing {
            return wrong(format!("machine {} lacks {missing:?}", home.machine));
        }
        let mut ids: Vec<_> = held.values().collect();
        ids.sort();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return wrong(format!("machine {} holds an entry twice", home.machine));
        }
    }
    Ok(())
}

/// What a station said that it had taken is in the end everywhere, unless its own disk was lost before
/// anybody else had it.
pub fn nothing_accepted_is_lost(model: &Model, homes: &[Home<'_>]) -> Verdict {
    for (ticket, asked) in &model.asked {
        let Some(id) = asked.done else { continue };
        let written = model.written.get(&id).map_or(0, |written| written.at);
        if model
            .wound_back
            .get(&asked.machine)
            .is_some_and(|at| *at >= written)
        {
            continue;
        }
        for home in homes {
            let times = home.disk.places().filter(|(_, held)| *held == id).count();
            if times != 1 {
                let what = format!(
                    "machine {} holds {id:?} of command {ticket} {times} times",
                    home.machine
                );
                return Err(Violation::new("17 nothing accepted is lost", what));
            }
        }
    }
    Ok(())
}

/// Invariant 5: what is computed from the entries is the same on both sides, and the line is as open as it is.
pub fn equal_sets_give_equal_status(homes: &[Home<'_>]) -> Verdict {
    let wrong = |what: String| Err(Violation::new("5 equal sets give equal status", what));
    for home in homes {
        let status = home.status;
        if status.number_compared != (true, true) || status.unconfirmed != 0 {
            return wrong(format!("machine {}: {status:?}", home.machine));
        }
        if !matches!(status.verdict, Line::Open | Line::Degraded) {
            return wrong(format!(
                "machine {} says {:?} of a healed line",
                home.machine, status.verdict
            ));
        }
        let theirs = home
            .wall
            .saturating_add_signed(status.clock_offset_ms.unwrap_or(0));
        let expected = announced(home).filter(|until| theirs < *until);
        if status.announced.map(|announced| announced.until) != expected {
            return wrong(format!(
                "machine {}: silence {:?}, not {expected:?}",
                home.machine, status.announced
            ));
        }
    }
    Ok(())
}

/// The end of the longest silence that the other party announced.
fn announced(home: &Home<'_>) -> Option<u64> {
    let own = home.status.peer.map(|peer| peer.party)?;
    let silences = home.disk.entries().filter(|stored| {
        stored.entry.header().kind == Kind::Silence && stored.entry.header().author.party == own
    });
    silences
        .filter_map(|stored| match stored.entry.fact() {
            Fact::Silence(silence) => Some(silence.until),
            _ => None,
        })
        .max()
}
