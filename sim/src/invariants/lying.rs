//! What becomes of lies: who is blamed for them, and that they are.
//!
//! Shows OL-414 over every history with a liar: the first entry at a place stays, and people are told of the second.

use openline_proto::contract::Misbehaviour;
use openline_proto::verdict::{Shortcoming, Status};
use openline_wire::ids::{Author, BootId, EntryId};

use super::{Scene, Verdict, Violation};
use crate::disk::Disk;
use crate::model::{Holding, Model, Place};

/// Invariant 22: the honest are never accused; what is said of the liar is kept with what proves it. *Divergence* is
/// said of a party as a whole, because two of its boots contradict each other and nobody else can tell which lies.
pub(super) fn accused(
    model: &mut Model,
    scene: Scene,
    disk: &Disk,
    accusation: (Author, Misbehaviour),
) -> Verdict {
    let (by, what) = accusation;
    let wrong = |told: String| Err(Violation::new("22 the honest are never accused", told));
    let lies = model.liar.is_some_and(|liar| match what {
        Misbehaviour::Divergence => (liar.party, liar.node) == (by.party, by.node),
        _ => liar == by,
    });
    if !lies {
        return wrong(format!(
            "{:?} accuses {by:?} of {}",
            scene.author,
            what.word()
        ));
    }
    if !disk.has_evidence() {
        return wrong(format!("{:?} has no evidence against {by:?}", scene.author));
    }
    model.shown.insert((scene.author.boot, what));
    Ok(())
}

/// Invariant 22: who holds one entry of a place and is given another shows their author as equivocating. `carried` is
/// what stood in a frame of the liar's that the station has just taken, `before` what it held until then.
pub fn two_at_one_place_are_shown(
    model: &Model,
    observer: (usize, BootId),
    before: &Holding,
    carried: &[(Place, EntryId)],
) -> Verdict {
    let (machine, boot) = observer;
    let mut held = before.clone();
    for (place, id) in carried {
        let is_other = held.get(place).is_some_and(|held| held != id);
        if is_other && !model.shown.contains(&(boot, Misbehaviour::Equivocation)) {
            return Err(Violation::new(
                "22 two entries at one place are shown",
                format!("machine {machine} was given {id:?} for {place:?} and says nothing"),
            ));
        }
        if model.disks[machine].get(place) == Some(id) {
            held.insert(*place, *id);
        }
    }
    Ok(())
}

/// Invariant 22: proof of misbehaviour on record is said with every status, also after a restart.
pub fn misbehaviour_on_record_is_said(scene: Scene, disk: &Disk, status: &Status) -> Verdict {
    if !disk.has_evidence() || status.shortcomings.contains(&Shortcoming::Misbehaviour) {
        return Ok(());
    }
    Err(Violation::new(
        "22 misbehaviour on record is said",
        format!("{:?} has evidence and says {status:?}", scene.author),
    ))
}
