//! Rings: who decides, what it cites, when a bell sounds, what is shown as final.
//!
//! Shows OL-511, OL-512, OL-513, OL-514, OL-521, OL-522, OL-541 and OL-542 over every history.

use openline_proto::config::Cadences;
use openline_proto::ring::book::Shown;
use openline_proto::ring::held::Standing;
use openline_wire::codes::{Answer, Ending, Kind, Stream};
use openline_wire::fact::{Fact, Outcome};
use openline_wire::header::{Chain, Header};
use openline_wire::ids::{Author, EntryId};

use super::{Scene, Verdict, Violation};
use crate::disk::Disk;
use crate::model::{Model, Rung};

/// What is signed of rings, taken into the model.
pub(super) fn signing(
    model: &mut Model,
    scene: Scene,
    disk: &Disk,
    signed: (EntryId, &Header),
) -> Verdict {
    let (id, header) = signed;
    let by = header.author;
    match Fact::of(header) {
        Ok(Fact::Ring(ring)) => {
            let rings = disk.entries().filter(|stored| {
                let header = stored.entry.header();
                header.kind == Kind::Ring && header.author.party == ring.to.party
            });
            let knew = rings.map(|stored| stored.entry.id()).collect();
            let rung = Rung::new(header, ring, scene.now, knew);
            model.rings.insert(id, rung);
            Ok(())
        }
        Ok(Fact::Ringing(ringing)) => {
            let earlier = model.ringings.insert((ringing.ring, by), id);
            once("a ringing", by, earlier)?;
            a_bell_sounds_on_a_fresh_word(model, scene, &ringing.ring)
        }
        Ok(Fact::Answered(it)) => {
            let earlier = model.answers.insert((it.ring, by), (id, it.answer));
            once("an answer", by, earlier.map(|(id, _)| id))?;
            match model.ringings.contains_key(&(it.ring, by)) {
                true => Ok(()),
                false => Err(Violation::new(
                    "7 an answer where it rang",
                    format!("{by:?} answers {:?}", it.ring),
                )),
            }
        }
        Ok(Fact::Outcome(outcome)) => decided(model, scene, disk, (id, by, outcome)),
        _ => Ok(()),
    }
}

fn once(what: &str, by: Author, earlier: Option<EntryId>) -> Verdict {
    match earlier {
        None => Ok(()),
        Some(_) => Err(Violation::new(
            "OL-522 once",
            format!("{by:?} signs {what} twice"),
        )),
    }
}

/// Invariant 9, by what the world knows: some time after the challenge was sent the caller lived and had not decided.
fn a_bell_sounds_on_a_fresh_word(model: &Model, scene: Scene, ring: &EntryId) -> Verdict {
    let Some(rung) = model
        .rings
        .get(ring)
        .filter(|rung| !model.lies(&rung.caller.boot))
    else {
        return Ok(());
    };
    let limit = Cadences::default().silent_after;
    let decided = rung.decided.map(|(_, at)| at);
    let ended = model
        .boots
        .get(&rung.caller.boot)
        .and_then(|life| life.ended);
    let over = [decided, ended].into_iter().flatten().min();
    match over.filter(|over| over + limit <= scene.now) {
        None => Ok(()),
        Some(over) => Err(Violation::new(
            "9 a bell sounds on a fresh word",
            format!(
                "{:?} rings for {ring:?}, which was over {} ms ago",
                scene.author,
                scene.now - over
            ),
        )),
    }
}

/// Invariants 2, 7 and 8.
fn decided(
    model: &mut Model,
    scene: Scene,
    disk: &Disk,
    (id, by, outcome): (EntryId, Author, Outcome),
) -> Verdict {
    let wrong = |rule, what: String| Err(Violation::new(rule, what));
    let Some(rung) = model.rings.get(&outcome.ring) else {
        return wrong(
            "2 one outcome, by the caller",
            format!("{by:?} decides {:?}, which nobody rang", outcome.ring),
        );
    };
    if rung.caller != by || rung.decided.is_some() {
        let what = format!(
            "{by:?} decides {:?} of {:?}, decided {:?}",
            outcome.ring, rung.caller, rung.decided
        );
        return wrong("2 one outcome, by the caller", what);
    }
    if !has_grounds(model, rung, &outcome) {
        return wrong("7 an outcome cites its ground", format!("{outcome:?}"));
    }
    if outcome.ending == Ending::Accepted {
        one_of_two_that_cross(model, rung, &outcome)?;
    }
    let rang = disk.entries().find(|stored| {
        let header = stored.entry.header();
        let is_it = matches!(stored.entry.fact(), Fact::Ringing(it) if it.ring == outcome.ring);
        is_it && header.author.party == rung.ring.to.party && is_in_turn(disk, header)
    });
    if let (Ending::Unreachable, Some(rang)) = (outcome.ending, rang) {
        let what = format!("{:?} holds {:?}", scene.author, rang.entry.id());
        return wrong("8 unreachable only if nothing shows that it rang", what);
    }
    if let Some(rung) = model.rings.get_mut(&outcome.ring) {
        rung.decided = Some((id, scene.now));
    }
    if let (Ending::Accepted, Some(answer)) = (outcome.ending, outcome.cites) {
        model.accepted.insert(outcome.ring, answer);
    }
    Ok(())
}

/// OL-533: two boots ring one another, neither having heard of it, and at most one of the two rings is accepted by them.
fn one_of_two_that_cross(model: &Model, rung: &Rung, outcome: &Outcome) -> Verdict {
    let answered_by = |ring: &EntryId, answer: Option<EntryId>| {
        let mut answers = model.answers.iter();
        let cited = answers.find(|((of, _), (id, _))| of == ring && Some(*id) == answer);
        cited.map(|((_, by), _)| *by)
    };
    let called = answered_by(&outcome.ring, outcome.cites);
    let other = model.rings.iter().find(|(id, other)| {
        let meets = other.ring.from == rung.ring.to && other.ring.to == rung.ring.from;
        let alike = other.mark == rung.mark && other.ring.mode == rung.ring.mode;
        let unheard = !other.knew.contains(&outcome.ring) && !rung.knew.contains(id);
        let accepted = model
            .accepted
            .get(id)
            .map(|answer| answered_by(id, Some(*answer)));
        let each_other = Some(other.caller) == called && accepted == Some(Some(rung.caller));
        meets && alike && unheard && each_other
    });
    match other {
        None => Ok(()),
        Some((other, _)) => Err(Violation::new(
            "OL-533 of two that cross one is accepted",
            format!("{:?} and {other:?}", outcome.ring),
        )),
    }
}

/// Whether the chain of an entry is held up to it.
fn is_in_turn(disk: &Disk, header: &Header) -> bool {
    let chain = header.chain();
    chain.stream == Stream::Urgent
        && (0..header.sequence).all(|at| disk.holds(&chain, at).is_some())
}

fn has_grounds(model: &Model, rung: &Rung, outcome: &Outcome) -> bool {
    let answered = |answer: Answer| {
        let mut answers = model.answers.iter();
        answers.any(|((ring, by), (id, said))| {
            let cited = Some(*id) == outcome.cites && *ring == outcome.ring && *said == answer;
            let rang = model.ringings.contains_key(&(*ring, *by));
            cited && rang && by.party == rung.ring.to.party
        })
    };
    // What a liar writes the model does not know.
    let lied = || {
        model
            .liar
            .is_some_and(|liar| liar.party == rung.ring.to.party)
    };
    let holds = match outcome.ending {
        Ending::Accepted => answered(Answer::Accept),
        Ending::Declined => answered(Answer::Decline),
        Ending::Later => answered(Answer::Later),
        Ending::Withdrawn | Ending::Unreachable => outcome.cites.is_none(),
        Ending::Unanswered => {
            let mut ringings = model.ringings.iter();
            ringings.any(|((ring, _), id)| *ring == outcome.ring && Some(*id) == outcome.cites)
        }
        Ending::Merged => {
            let other = outcome.cites.and_then(|other| model.rings.get(&other));
            other.is_some_and(|other| other.caller.party == rung.ring.to.party)
        }
    };
    holds || lied()
}

/// What is shown: invariants 3 and 4.
pub(super) fn shown(model: &mut Model, scene: Scene, disk: &Disk, shown: &Shown) -> Verdict {
    model.shown_rings[scene.machine].insert(shown.ring, *shown);
    let Some(rung) = model.rings.get_mut(&shown.ring).filter(|_| shown.is_final) else {
        return Ok(());
    };
    let wrong = |rule, what: String| Err(Violation::new(rule, what));
    let Standing::Ended(ended) = shown.standing else {
        return wrong(
            "3 one final ending",
            format!("{:?} is final", shown.standing),
        );
    };
    let first = *rung.shown_final.get_or_insert(ended.id);
    let (caller, called) = (rung.caller, rung.ring.to.party);
    if first != ended.id && !model.lies(&caller.boot) {
        return wrong(
            "3 one final ending",
            format!("{first:?}, and then {:?}", ended.id),
        );
    }
    let chain = Chain {
        author: caller,
        stream: Stream::Urgent,
    };
    let covers = |header: &Header| {
        let mut heads = header.heads.iter();
        header.author.party == called
            && heads.any(|head| head.chain == chain && head.size > ended.sequence)
    };
    let is_covered = disk.entries().any(|stored| covers(stored.entry.header()));
    match scene.author.party == called || is_covered {
        true => Ok(()),
        false => wrong(
            "4 a final ending is covered",
            format!("{:?} of {:?}", ended.id, shown.ring),
        ),
    }
}

/// Invariant 5 for rings, and that every ring ends whose caller lives.
pub fn rings_end_alike(model: &Model, machines: [usize; 2], now: u64) -> Verdict {
    for (ring, rung) in &model.rings {
        let lives = model
            .boots
            .get(&rung.caller.boot)
            .is_some_and(|life| life.ended.is_none());
        let is_over = rung.at + rung.ring.for_ms < now;
        if lives && is_over && rung.decided.is_none() && is_held(model, machines, ring) {
            return Err(Violation::new(
                "2 one outcome, by the caller",
                format!("{ring:?} has none"),
            ));
        }
    }
    if model.liar.is_some() {
        // What he told each of two sides need not be the same.
        return Ok(());
    }
    let [one, other] = machines.map(|at| &model.shown_rings[at]);
    for (ring, shown) in one {
        let there = other.get(ring).map(|shown| shown.standing);
        if there != Some(shown.standing) {
            let what = format!("{ring:?}: {:?}, and there {there:?}", shown.standing);
            return Err(Violation::new("5 equal sets, equal status", what));
        }
    }
    Ok(())
}

/// An entry that was signed and never persisted never existed.
fn is_held(model: &Model, machines: [usize; 2], ring: &EntryId) -> bool {
    machines
        .iter()
        .any(|at| model.shown_rings[*at].contains_key(ring))
}
