//! Whether an entry stands in the exercise that it names: a question about three entries, and about no clock of ours (OL-785).

use openline_wire::codes::{Mark, Stream};
use openline_wire::fact::{ExerciseProposed, Fact};
use openline_wire::header::Header;
use openline_wire::ids::EntryId;
use openline_wire::limits;

/// The exercise that a text or a ring names, by the entry that accepted that.
pub fn named(header: &Header) -> Option<EntryId> {
    match Fact::of(header) {
        Ok(Fact::InExercise(it)) => Some(it.exercise),
        Ok(Fact::Ring(ring)) => ring.exercise,
        _ => None,
    }
}

/// The proposal that an entry accepts.
pub fn accepts(header: &Header) -> Option<EntryId> {
    match Fact::of(header) {
        Ok(Fact::ExerciseAccepted(it)) if stands_where_it_should(header) => Some(it.proposal),
        _ => None,
    }
}

/// Whether a text or a ring was signed before the agreed end of what one party proposed and another one accepted. `accepted` is the
/// entry that [`named`] gave, `proposed` the one that [`accepts`] gave of that.
pub fn stands(opening: &Header, accepted: &Header, proposed: &Header) -> bool {
    let Ok(Fact::ExerciseProposed(fact)) = Fact::of(proposed) else {
        return false;
    };
    let is_agreed = accepted.author.party != proposed.author.party;
    opening.mark == Mark::Exercise
        && is_agreed
        && stands_where_it_should(proposed)
        && lasts(proposed.time, fact).is_some()
        && opening.time < fact.until
}

/// For how long, in milliseconds, if anybody could mean it.
pub fn lasts(proposed: u64, fact: ExerciseProposed) -> Option<u64> {
    let lasts = fact.until.checked_sub(proposed);
    lasts.filter(|ms| (1..=limits::EXERCISE_MS).contains(ms))
}

fn stands_where_it_should(header: &Header) -> bool {
    header.stream == Stream::Urgent
}
