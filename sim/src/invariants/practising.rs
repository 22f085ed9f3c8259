//! What is practised.

use openline_wire::codes::{Kind, Mark};
use openline_wire::fact::Fact;
use openline_wire::header::Header;
use openline_wire::ids::EntryId;

use super::{Verdict, Violation};
use crate::disk::Disk;

/// OL-785: a text or a ring that is practised names an exercise that one party proposed and another accepted, and whoever signs it
/// holds both.
pub(super) fn signing(disk: &Disk, (id, header): (EntryId, &Header)) -> Verdict {
    let is_said = matches!(header.kind, Kind::Message | Kind::Ring);
    if header.mark != Mark::Exercise || !is_said {
        return Ok(());
    }
    let named = match Fact::of(header) {
        Ok(Fact::InExercise(it)) => Some(it.exercise),
        Ok(Fact::Ring(ring)) => ring.exercise,
        _ => None,
    };
    if named.is_some_and(|exercise| is_agreed(disk, &exercise)) {
        return Ok(());
    }
    let what = format!("{id:?} is practised in {named:?}");
    Err(Violation::new("OL-785 an exercise is agreed on", what))
}

fn is_agreed(disk: &Disk, exercise: &EntryId) -> bool {
    let find = |id: &EntryId| disk.find(id);
    let Some(acceptance) = find(exercise) else {
        return false;
    };
    let Fact::ExerciseAccepted(accepted) = acceptance.entry.fact() else {
        return false;
    };
    find(&accepted.proposal).is_some_and(|proposal| {
        let parties = [proposal, acceptance].map(|it| it.entry.header().author.party);
        let is_proposal = matches!(proposal.entry.fact(), Fact::ExerciseProposed(_));
        is_proposal && parties[0] != parties[1]
    })
}
