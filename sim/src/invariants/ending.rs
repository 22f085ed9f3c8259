//! What holds when the last trouble is over and everything is quiet.
//!
//! Shows OL-412 and OL-413: histories with loss, restarts and reordering end with equal records and nobody blamed.

use std::collections::{BTreeMap, BTreeSet};

use openline_proto::contract::StoredEntry;
use openline_proto::verdict::{Announced, Status, Verdict as Line};
use openline_wire::codes::SilenceReason;
use openline_wire::fact::Fact;
use openline_wire::ids::{EntryId, PartyId};
use openline_wire::limits;

use super::{Verdict, Violation};
use crate::disk::Disk;
use crate::model::{Holding, Model, Place};

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

/// Invariant 17. Of a liar's chains everybody keeps what he was told first, and they need not be the same.
pub fn all_hold_all(model: &Model, homes: &[Home<'_>], before: &[Holding]) -> Verdict {
    let wrong = |what: String| Err(Violation::new("17 all hold all, once", what));
    let sets: Vec<Holding> = homes
        .iter()
        .map(|home| honest_places(model, home.disk).collect())
        .collect();
    for (home, held) in homes.iter().zip(&sets) {
        let missing = sets
            .iter()
            .chain(before)
            .flatten()
            .filter(|((chain, _), _)| !model.lies(&chain.author.boot))
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

/// What is held of chains whose authors do not lie.
pub fn honest_places<'a>(
    model: &'a Model,
    disk: &'a Disk,
) -> impl Iterator<Item = (Place, EntryId)> + 'a {
    let places = disk.places();
    places.filter(|((chain, _), _)| !model.lies(&chain.author.boot))
}

/// Entries of a liar's that `disk` holds and `other` can never confirm: something else came first there.
pub fn disputed(model: &Model, disk: &Disk, other: &Disk) -> u64 {
    let lies = disk
        .places()
        .filter(|((chain, _), _)| model.lies(&chain.author.boot));
    let lacking = lies.filter(|((chain, at), _)| other.holds(chain, *at).is_none());
    lacking.count() as u64
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
pub fn equal_sets_give_equal_status(model: &Model, homes: &[Home<'_>; 2]) -> Verdict {
    let wrong = |what: String| Err(Violation::new("5 equal sets give equal status", what));
    for (at, home) in homes.iter().enumerate() {
        let status = home.status;
        let disputed = disputed(model, home.disk, homes[1 - at].disk);
        if status.number_compared != (true, true) || status.unconfirmed > disputed {
            return wrong(format!("machine {}: {status:?}", home.machine));
        }
        if !matches!(status.verdict, Line::Open | Line::Degraded) {
            return wrong(format!(
                "machine {} says {:?} of a healed line",
                home.machine, status.verdict
            ));
        }
        if !status
            .announced
            .is_none_or(|shown| was_announced(home, &shown))
        {
            return wrong(format!(
                "machine {}: nobody announced {:?}",
                home.machine, status.announced
            ));
        }
    }
    let [one, other] = homes.each_ref().map(|home| people(home.status));
    // What a liar told each of two sides need not be the same.
    if model.liar.is_none() && one != other {
        return wrong(format!("{one:?}, and {other:?}"));
    }
    Ok(())
}

/// Who is on watch on either side since when, to whom he hands over, which rosters stand, which suspensions are in force, and which
/// lists of addresses count.
fn people(status: &Status) -> (Watches, [BTreeSet<EntryId>; 3]) {
    let watches = status.watch.iter().map(|watch| {
        let officers = watch.officers.iter();
        let officers = officers.map(|it| (it.watch, (it.actor.name.clone(), it.handed_to.clone())));
        (watch.party, officers.collect())
    });
    let planned = status.planned.iter().flat_map(|it| &it.rosters);
    let suspended = status.suspended.iter().map(|it| it.id);
    let rosters = planned.map(|it| it.id);
    let lists = status.reachable.iter().map(|it| it.entry);
    let sets = [rosters.collect(), suspended.collect(), lists.collect()];
    (watches.collect(), sets)
}

/// Of each party the watches that stand, with the officer and those to whom he has handed over.
type Watches = BTreeMap<PartyId, BTreeMap<EntryId, (String, Vec<String>)>>;

/// Whether the other party announced a silence that ends so, counted from when its entry was stored, and whether no
/// later boot has begun if it was to restart. (By clocks that jump nobody can say more; situations do.)
fn was_announced(home: &Home<'_>, shown: &Announced) -> bool {
    let is_it = |stored: &&StoredEntry| stored.entry.header().author == shown.by;
    home.disk.entries().filter(is_it).any(|stored| {
        let (header, Fact::Silence(silence)) = (stored.entry.header(), stored.entry.fact()) else {
            return false;
        };
        let end = stored.received + silence.until.saturating_sub(header.time);
        let is_back = |other: &&StoredEntry| match other.entry.fact() {
            Fact::Start(start) => start.frontier.iter().any(|end| {
                (end.boot, end.stream) == (header.author.boot, header.stream)
                    && end.size > header.sequence
            }),
            _ => false,
        };
        let is_over = silence.reason == SilenceReason::Restart
            && home.disk.entries().any(|other| is_back(&other));
        silence.until - silence.from <= limits::SILENCE_MS
            && (end, silence.reason) == (shown.until, shown.reason)
            && !is_over
    })
}
