//! What people and programs are told.
//!
//! Shows OL-414, OL-424, OL-442, OL-443 and OL-454 over every history.

use openline_proto::contract::Event;
use openline_proto::verdict::Status;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, EntryId};

use super::{Scene, Verdict, Violation, alarming, contacting, lying, ringing, testing};
use crate::disk::Disk;
use crate::model::Model;

pub(super) fn look(model: &mut Model, scene: Scene, disk: &Disk, event: &Event) -> Verdict {
    match event {
        Event::Done { ticket, entry } => answered(model, scene, disk, (*ticket, *entry)),
        Event::Refused { ticket, .. } => refused(model, *ticket),
        Event::Stored(stored) => {
            let header = stored.entry.header();
            told_is_stored(
                scene,
                disk,
                (header.chain(), header.sequence),
                stored.entry.id(),
            )
        }
        Event::Confirmed {
            by, chain, places, ..
        } => confirmed_is_stored(model, scene, *by, (*chain, places)),
        Event::Status { status, .. } => alive_as_of_is_true(model, scene, status),
        Event::Ring { shown, .. } => ringing::shown(model, scene, disk, shown),
        Event::Contact { shown, .. } => contacting::shown(model, scene, disk, shown),
        Event::LineTests { tests, .. } => testing::shown(model, scene, disk, tests),
        Event::Misbehaved { by, what, .. } => lying::accused(model, scene, disk, (*by, *what)),
        Event::Restored { boot, .. } => a_restoration_has_its_evidence(model, scene, boot),
        Event::Cloned { one, other, .. } => clones_ran_at_one_moment(model, scene, one, other),
        Event::Alarm { alarm, .. } => alarming::told(model, scene, disk, alarm),
        Event::BootEnds { .. } => {
            model.alarms[scene.machine].is_over = true;
            Ok(())
        }
        // What was in it is told as stored, one by one.
        Event::Keys { .. } | Event::Carried { .. } | Event::File { .. } => Ok(()),
    }
}

/// One answer for each command, and the entry that it names has the words that were asked for.
fn answered(
    model: &mut Model,
    scene: Scene,
    disk: &Disk,
    answer: (u64, Option<EntryId>),
) -> Verdict {
    let (ticket, entry) = answer;
    let (Some(asked), Some(id)) = (model.asked.get_mut(&ticket), entry) else {
        return Ok(());
    };
    let wrong = |what: String| Err(Violation::new("a command has one answer", what));
    if asked.done.is_some() || asked.refused {
        return wrong(format!("command {ticket} answered twice"));
    }
    asked.done = Some(id);
    let Some(stored) = disk.find(&id) else {
        let what = format!("{:?} told {id:?} done, and it is not on disk", scene.author);
        return Err(Violation::new(
            "21 nothing is told as stored before it is",
            what,
        ));
    };
    let words = stored
        .entry
        .body()
        .map(|body| body.content.clone())
        .unwrap_or_default();
    let is_said = |text: &String| {
        words
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    if asked.text.as_ref().is_some_and(|text| !is_said(text)) {
        return wrong(format!("command {ticket} became another text"));
    }
    Ok(())
}

fn refused(model: &mut Model, ticket: u64) -> Verdict {
    if let Some(asked) = model.asked.get_mut(&ticket) {
        asked.refused = true;
    }
    Ok(())
}

/// Invariant 21, to a person.
fn told_is_stored(scene: Scene, disk: &Disk, place: (Chain, u64), id: EntryId) -> Verdict {
    if disk.holds(&place.0, place.1) == Some(id) {
        return Ok(());
    }
    let what = format!(
        "{:?} told that {place:?} is stored, and it is not",
        scene.author
    );
    Err(Violation::new(
        "21 nothing is told as stored before it is",
        what,
    ))
}

/// Invariant 21, by way of the other side: what a boot is said to have confirmed, it had on its disk.
fn confirmed_is_stored(
    model: &Model,
    scene: Scene,
    by: Author,
    told: (Chain, &Vec<(u64, u64)>),
) -> Verdict {
    if model.lies(&by.boot) {
        return Ok(());
    }
    let (chain, places) = told;
    let all = places.iter().flat_map(|&(from, to)| from..to);
    for at in all {
        if model.held_by(&by.boot, &(chain, at)).is_none() {
            return Err(Violation::new(
                "21 nothing is told as stored before it is",
                format!(
                    "{:?} was told that {by:?} holds {chain:?} {at}, and it does not",
                    scene.author
                ),
            ));
        }
    }
    Ok(())
}

/// Invariant 10.
pub fn alive_as_of_is_true(model: &Model, scene: Scene, status: &Status) -> Verdict {
    let (Some(alive), Some(peer)) = (status.alive_as_of, status.peer) else {
        return Ok(());
    };
    let since = scene
        .now
        .saturating_sub(scene.moment.wall.saturating_sub(alive));
    let ended = model.boots.get(&peer.boot).and_then(|life| life.ended);
    match ended {
        Some(ended) if ended < since => Err(Violation::new(
            "10 alive as of is true",
            format!(
                "{:?} says that {peer:?} lived at {since}; it ended at {ended}",
                scene.author
            ),
        )),
        _ => Ok(()),
    }
}

/// Invariant 13, one half: whoever reports a restoration holds an entry of that node that the start does not
/// cover, written before it, or by a boot that did not know of it. (Which of two such boots came first, when a
/// disk was copied, nobody can tell from the outside.)
fn a_restoration_has_its_evidence(model: &Model, scene: Scene, boot: &Author) -> Verdict {
    let lacking = |what: &str| {
        let what = format!("{:?} reports {boot:?} restored: {what}", scene.author);
        Err(Violation::new("13 a restoration has its evidence", what))
    };
    if model.liar.is_some_and(|liar| liar.party == boot.party) {
        return Ok(());
    }
    let Some((start, began)) = model.start_of(boot) else {
        return lacking("it never started");
    };
    let is_evidence = |(chain, at): &(Chain, u64), id: &EntryId| {
        let author = chain.author;
        let same_node = (author.party, author.node) == (boot.party, boot.node);
        let before = model
            .written
            .get(id)
            .is_some_and(|written| written.at <= began)
            || !model.knew(&author, boot);
        same_node
            && author.boot != boot.boot
            && before
            && *at >= model.covered_by(&start, boot, chain)
    };
    match model.disks[scene.machine]
        .iter()
        .any(|(place, id)| is_evidence(place, id))
    {
        true => Ok(()),
        false => lacking("nothing held here shows it"),
    }
}

/// Invariant 12, one half.
fn clones_ran_at_one_moment(model: &Model, scene: Scene, one: &Author, other: &Author) -> Verdict {
    let lies = model
        .liar
        .is_some_and(|liar| liar == *one || liar == *other);
    if lies || model.overlap(&one.boot, &other.boot) {
        return Ok(());
    }
    let what = format!("{:?} reports {one:?} and {other:?}", scene.author);
    Err(Violation::new("12 clones ran at one moment", what))
}

/// What is carried by hand has keys of its own, which no bearer listens to: it may be days old.
pub fn what_is_carried_is_not_heard(scene: Scene, is_carried: bool) -> Verdict {
    match is_carried {
        false => Ok(()),
        true => Err(Violation::new(
            "10 nothing carried is heard",
            format!("{:?} took a frame of a bundle for a live one", scene.author),
        )),
    }
}

/// A frame that authenticated once never does again at the same boot.
pub fn no_frame_is_taken_twice(scene: Scene, times: u64) -> Verdict {
    match times {
        0 | 1 => Ok(()),
        _ => Err(Violation::new(
            "11 no frame outside its window",
            format!("{:?} took one frame {times} times", scene.author),
        )),
    }
}
