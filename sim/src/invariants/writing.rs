//! What is on disk.

use openline_proto::contract::Change;

use super::{Scene, Verdict, Violation, testing};
use crate::disk::Disk;
use crate::model::Model;
use crate::station::entries_of;

pub(super) fn look(model: &mut Model, scene: Scene, changes: &[Change]) -> Verdict {
    for stored in entries_of(changes) {
        let (id, header) = (stored.entry.id(), stored.entry.header());
        if !model.written.contains_key(&id) {
            let what = format!(
                "{id:?} at {:?} {} was signed by nobody",
                header.chain(),
                header.sequence
            );
            return Err(Violation::new(
                "22 only what its author signed is taken",
                what,
            ));
        }
        let place = (header.chain(), header.sequence);
        let before = model.disks[scene.machine].insert(place, id);
        if before.is_some() {
            let what = format!("{:?} {} written twice", place.0, place.1);
            return Err(Violation::new("17 once", what));
        }
        testing::persisted(model, scene, stored)?;
    }
    for change in changes {
        complete_means_no_gap(model, scene, change)?;
    }
    Ok(())
}

/// Invariant 20, of what is to be written. Whether it is written is another question.
fn complete_means_no_gap(model: &Model, scene: Scene, change: &Change) -> Verdict {
    let Change::Progress {
        chain, size, last, ..
    } = change
    else {
        return Ok(());
    };
    let held = &model.disks[scene.machine];
    let missing = (0..*size).find(|at| !held.contains_key(&(*chain, *at)));
    let found = held.get(&(*chain, size.saturating_sub(1)));
    if missing.is_some() || found != Some(last) {
        let what =
            format!("{chain:?} said complete to {size}: missing {missing:?}, last {found:?}");
        return Err(Violation::new(
            "20 complete means that nothing is missing",
            what,
        ));
    }
    Ok(())
}

/// The disk holds what was written to it, no less and no more.
pub fn disk_is_as_the_model_says(model: &Model, machine: usize, disk: &Disk) -> Verdict {
    let expected = &model.disks[machine];
    if disk.len() == expected.len()
        && disk
            .places()
            .all(|(place, id)| expected.get(&place) == Some(&id))
    {
        return Ok(());
    }
    let lost = expected
        .iter()
        .find(|((chain, at), id)| disk.holds(chain, *at) != Some(**id));
    let what = format!(
        "machine {machine} holds {} entries of {}; {lost:?}",
        disk.len(),
        expected.len()
    );
    Err(Violation::new("21 what was written is on disk", what))
}
