//! What a peer says of rings that are there, and of others.

use openline_wire::codes::{Answer, Ending, Kind, Mode};
use openline_wire::fact::{Answered, Fact, Outcome, Ring, Ringing};
use openline_wire::ids::{EntryId, PartyId};
use openline_wire::limits;
use openline_wire::office::{OfficeId, OfficeRef};

use super::core_driver::Driver;
use super::input::Choices;

/// The fact of an entry of a ring.
pub fn fact(ours: &Driver, kind: Kind, choices: &mut Choices<'_>) -> Fact {
    match kind {
        Kind::Ringing => Fact::Ringing(Ringing {
            ring: any_entry(ours, choices),
        }),
        Kind::Answer => Fact::Answered(Answered {
            ring: any_entry(ours, choices),
            answer: Answer::ALL[usize::from(choices.below(3))],
            call_back: None,
        }),
        Kind::Outcome => {
            let (ring, cited) = (any_entry(ours, choices), any_entry(ours, choices));
            let ending = Ending::ALL[usize::from(choices.below(7))];
            Fact::Outcome(Outcome {
                ring,
                ending,
                cites: ending.cites().then_some(cited),
            })
        }
        _ => Fact::Ring(Ring {
            from: office(ours.parties()[1]),
            to: office(ours.parties()[0]),
            mode: Mode::Text,
            for_ms: limits::RING_MIN_MS + u64::from(choices.byte()),
            exercise: None,
        }),
    }
}

fn any_entry(ours: &Driver, choices: &mut Choices<'_>) -> EntryId {
    let at = usize::from(choices.byte());
    let held = ours.disk.entries().nth(at);
    held.map_or_else(|| EntryId(choices.array()), |stored| stored.entry.id())
}

fn office(party: PartyId) -> OfficeRef {
    let office = OfficeId::new("watch").expect("an identifier");
    OfficeRef { party, office }
}
