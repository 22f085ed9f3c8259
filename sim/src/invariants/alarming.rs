//! Alarms: which there must be and which there must not, by what the disk holds and the status says.
//!
//! Shows OL-771, OL-772 and OL-775 over every history.

use std::collections::BTreeSet;

use openline_proto::alarm::book::Alarm;
use openline_proto::alarm::cause::{Cause, Key};
use openline_proto::alarm::machine::State;
use openline_proto::contact::book::ContactStanding;
use openline_proto::contact::state::State as ContactState;
use openline_proto::contract::{Change, Misbehaviour};
use openline_proto::ring::held::{Ended, Standing};
use openline_proto::verdict::{Shortcoming, Status, Verdict as LineVerdict, Way, WayState};
use openline_proto::watch::book::Duty;
use openline_proto::watch::roster::Outlook;
use openline_wire::codes::{Ending, Kind, Mark, Stream};
use openline_wire::fact::Fact;
use openline_wire::header::{Head, Header};
use openline_wire::ids::{Author, EntryId, PartyId};
use openline_wire::limits;

use super::{Scene, Verdict, Violation};
use crate::disk::Disk;
use crate::model::{Alarming, Model};
use crate::node::Node;

/// What is written of alarms, and of rings that may raise one.
pub(super) fn written(model: &mut Model, scene: Scene, disk: &Disk, changes: &[Change]) {
    for change in changes {
        if let Change::Entry(stored) = change
            && stored.entry.header().kind == Kind::Ring
            && stored.entry.header().mark == Mark::Real
            && let Fact::Ring(ring) = stored.entry.fact()
        {
            model.real_rings.insert(stored.entry.id(), ring.to.party);
        }
    }
    let alarms = changes.iter().filter_map(|change| match change {
        Change::Alarm { alarm, .. } => Some(alarm.clone()),
        _ => None,
    });
    let written: Vec<Alarm> = alarms.collect();
    for alarm in &written {
        let before = model.alarms[scene.machine].shown.get(&alarm.key);
        let was_raised = before.is_some_and(|before| before.state == State::Raised);
        if was_raised && alarm.state == State::Acknowledged {
            // It counts once it is on the disk, even if the machine dies before anybody is told.
            let left = left_unanswered(model, scene, disk, alarm.key.party);
            let party = scene.author.party;
            let known = left.unwrap_or_default().into_iter();
            model.acknowledged.extend(known.map(|it| (party, it)));
        }
    }
    model.alarms[scene.machine].written = written;
}

/// Invariant 21 for alarms: whoever is told of one finds it so on the disk.
pub(super) fn told(model: &mut Model, scene: Scene, disk: &Disk, alarm: &Alarm) -> Verdict {
    let alarms = &mut model.alarms[scene.machine];
    let of_key = alarms.written.iter().filter(|it| it.key == alarm.key);
    let last = of_key.clone().next_back();
    let is_kept = match last.filter(|last| last.state != State::Quiet) {
        Some(last) => disk.alarm(&alarm.key) == Some(last),
        None => disk.alarm(&alarm.key).is_none(),
    };
    if !is_kept || !of_key.clone().any(|it| it == alarm) {
        let what = format!("{:?} told {alarm:?}, and it is not on disk", scene.author);
        let rule = "21 nothing is told as stored before it is";
        return Err(Violation::new(rule, what));
    }
    alarms.shown.insert(alarm.key, alarm.clone());
    Ok(())
}

/// OL-771 OL-772: what lasts has its alarm, and none is raised of which the cause is gone. Looked at when a station has come to
/// rest.
pub fn alarms_follow_their_causes<A>(
    model: &mut Model,
    scene: Scene,
    (node, disk): (&Node<A>, &Disk),
    status: &Status,
) -> Verdict {
    if model.alarms[scene.machine].is_over {
        return Ok(());
    }
    a_dead_peer_is_missed(model, scene, node, status)?;
    no_ring_is_acknowledged_beforehand(model, scene, (node, disk))?;
    let causes = causes(model, scene, (node, disk), status);
    let unsure = unsure(model, scene, (node, disk), status);
    let alarms = &mut model.alarms[scene.machine];
    take_note(alarms, &causes, scene.now);
    alarms.causes.retain(|key, _| !unsure.contains(key));
    for (key, (holds, since)) in &alarms.causes {
        let lasted = scene.now - since;
        let state = alarms.shown.get(key).map_or(State::Quiet, |it| it.state);
        let after = match holds {
            true => Some(key.cause.raised_after()),
            false => key.cause.cleared_after(),
        };
        let is_due = after.is_some_and(|after| lasted >= after);
        let is_wrong = match holds {
            true => state == State::Quiet,
            false => matches!(state, State::Raised | State::Acknowledged),
        };
        if is_due && is_wrong {
            let what = format!(
                "{:?}: {key:?} is {state:?}, and its cause is there: {holds}, for {lasted} ms",
                scene.author
            );
            return Err(Violation::new("OL-772 alarms follow their causes", what));
        }
    }
    Ok(())
}

/// OL-773: as long as an alarm of unanswered rings counts as acknowledged, somebody knew of each of them.
fn no_ring_is_acknowledged_beforehand<A>(
    model: &Model,
    scene: Scene,
    (node, disk): (&Node<A>, &Disk),
) -> Verdict {
    let own = node.side.party;
    for party in [own, node.peer.party] {
        let cause = Cause::RingUnanswered;
        let shown = model.alarms[scene.machine].shown.get(&Key { cause, party });
        if shown.is_none_or(|alarm| alarm.state != State::Acknowledged) {
            continue;
        }
        let left = left_unanswered(model, scene, disk, party).unwrap_or_default();
        let mut left = left.into_iter();
        if let Some(unknown) = left.find(|it| !model.acknowledged.contains(&(own, *it))) {
            let what = format!("{:?}: {party:?} left {unknown:?}", scene.author);
            return Err(Violation::new("OL-773 acknowledged beforehand", what));
        }
    }
    Ok(())
}

/// What nobody can tell now: who was rung last, where several boots rang; and what a roster says, by a clock that can't be believed.
fn unsure<A>(
    model: &Model,
    scene: Scene,
    (node, disk): (&Node<A>, &Disk),
    status: &Status,
) -> BTreeSet<Key> {
    let parties = [node.side.party, node.peer.party];
    let rang = parties.into_iter().filter(|party| {
        let left = left_unanswered(model, scene, disk, *party);
        left.is_none()
    });
    let unsure = rang.map(|party| Key {
        cause: Cause::RingUnanswered,
        party,
    });
    let party = node.side.party;
    let is_readable = outlook(status, party).is_some();
    let by_the_clock = [Cause::RosterGap, Cause::ShiftNotTaken];
    let by_the_clock = by_the_clock.into_iter().filter(|_| !is_readable);
    unsure
        .chain(by_the_clock.map(|cause| Key { cause, party }))
        .collect()
}

/// What a party's rosters say, if that can be told.
fn outlook(status: &Status, party: PartyId) -> Option<&Outlook> {
    let planned = status.planned.iter().find(|it| it.party == party);
    planned.and_then(|it| it.outlook.as_ref())
}

fn take_note(alarms: &mut Alarming, causes: &BTreeSet<Key>, now: u64) {
    let known = alarms.causes.keys().chain(alarms.shown.keys()).copied();
    let all: BTreeSet<Key> = known.chain(causes.iter().copied()).collect();
    for key in all {
        let holds = causes.contains(&key);
        let noted = alarms.causes.entry(key).or_insert((holds, now));
        if noted.0 != holds {
            *noted = (holds, now);
        }
    }
}

/// OL-451 as alarms need it: when no machine of the other side has run for longer than the charter allows, and it did not
/// announce that, a line that was open is without a sign of life.
fn a_dead_peer_is_missed<A>(
    model: &Model,
    scene: Scene,
    node: &Node<A>,
    status: &Status,
) -> Verdict {
    let lives = model.boots.values();
    let theirs = lives.filter(|life| life.author.node == node.peer.node);
    let mut ends: Vec<Option<u64>> = theirs.map(|life| life.ended).collect();
    let own = model.boots.get(&scene.author.boot);
    ends.push(own.map(|life| life.started));
    let lies = model.liar.is_some_and(|liar| liar.node == node.peer.node);
    let dead_since = ends.iter().copied().collect::<Option<Vec<u64>>>();
    let dead_since = dead_since.and_then(|ends| ends.into_iter().max());
    let is_silent = dead_since.is_some_and(|since| scene.now >= since + node.cadences.silent_after);
    let was_open = status.number_compared == (true, true);
    let must = is_silent && was_open && status.announced.is_none() && !lies;
    if !must || status.verdict == LineVerdict::NoSignOfLife {
        return Ok(());
    }
    let what = format!("{:?} says {:?}", scene.author, status.verdict);
    Err(Violation::new("OL-771 a dead peer is missed", what))
}

/// What there is a cause for, of either party.
fn causes<A>(
    model: &Model,
    scene: Scene,
    (node, disk): (&Node<A>, &Disk),
    status: &Status,
) -> BTreeSet<Key> {
    let (own, peer) = (node.side.party, node.peer.party);
    let stood = |cause, party| {
        let shown = model.alarms[scene.machine].shown.get(&Key { cause, party });
        shown.is_some_and(|it| it.state != State::Quiet)
    };
    let is_silent = is_silent(status, stood(Cause::NoSignOfLife, peer));
    let way_cut = is_way_cut(model, scene, status, peer);
    let mut causes = BTreeSet::new();
    for party in [own, peer] {
        let watch = status.watch.iter().find(|watch| watch.party == party);
        let duty = watch.map_or(Duty::Nobody, |watch| watch.duty);
        let officers = watch.map_or(0, |watch| watch.officers.len());
        let is_ours = party == own;
        let has_proof = |what| disk.misbehaved().contains(&(party, what));
        let cloned = match is_ours {
            true => Shortcoming::ClonedHere,
            false => Shortcoming::Cloned,
        };
        let all = [
            (Cause::NoSignOfLife, is_silent && !is_ours),
            (Cause::WayCut, way_cut && !is_ours),
            (
                Cause::TestMissed,
                !is_ours && test_missed(model, scene.machine),
            ),
            (Cause::NobodyOnWatch, duty == Duty::Nobody),
            (
                Cause::PresenceOverdue,
                duty == Duty::Overdue && (is_ours || !is_silent),
            ),
            (Cause::WatchDoubled, officers > 1 && is_ours),
            (
                Cause::RingUnanswered,
                left_unanswered(model, scene, disk, party).is_some_and(|left| !left.is_empty()),
            ),
            (
                Cause::Misbehaviour,
                disk.misbehaved().iter().any(|(by, _)| *by == party),
            ),
            (Cause::Clone, status.shortcomings.contains(&cloned)),
            (
                Cause::NumberMismatch,
                has_proof(Misbehaviour::OtherNumber)
                    || !is_ours && codes_differed(model, scene.machine),
            ),
        ];
        let all = all.into_iter().chain(planned(status, party, is_ours));
        let holding = all.filter(|(_, holds)| *holds);
        causes.extend(holding.map(|(cause, _)| Key { cause, party }));
    }
    causes
}

/// What its own roster raises alarms for.
fn planned(status: &Status, party: PartyId, is_ours: bool) -> [(Cause, bool); 2] {
    let has_gap = outlook(status, party).is_some_and(|it| it.gap.is_some());
    let mut planned = status.planned.iter();
    let is_untaken = planned.any(|it| it.party == party && it.untaken.is_some());
    [
        (Cause::RosterGap, is_ours && has_gap),
        (Cause::ShiftNotTaken, is_ours && is_untaken),
    ]
}

/// Whether nobody is heard. Nothing follows from hearing nobody so far: what was so before the start is so still.
fn is_silent(status: &Status, stood: bool) -> bool {
    match status.verdict {
        LineVerdict::NoSignOfLife => true,
        LineVerdict::NotHeardYet => stood,
        _ => false,
    }
}

/// Whether the cause of an alarm was there at the last look, or, before any, what the machine showed of it.
fn held(model: &Model, machine: usize, cause: Cause, party: PartyId) -> bool {
    let (alarms, key) = (&model.alarms[machine], Key { cause, party });
    let is_up = |alarm: &Alarm| !matches!(alarm.state, State::Quiet | State::Cleared);
    let noted = alarms.causes.get(&key).map(|(holds, _)| *holds);
    noted.unwrap_or_else(|| alarms.shown.get(&key).is_some_and(is_up))
}

/// Whether a way counts as cut: what was so is not over while a way that answered does not, or in the first ten minutes of a boot any.
fn is_way_cut(model: &Model, scene: Scene, status: &Status, peer: PartyId) -> bool {
    let was_cut = held(model, scene.machine, Cause::WayCut, peer);
    let life = model.boots.get(&scene.author.boot);
    let age = life.map_or(0, |life| scene.now - life.started);
    let is_cut = |way: &Way| matches!(way.state, WayState::Cut { .. });
    let may_be = |way: &Way| {
        let has_answered = way.answered.is_some();
        way.state == WayState::Unknown && (has_answered || age < limits::WAYS_AWAITED_MS)
    };
    status.ways.iter().any(is_cut) || was_cut && status.ways.iter().any(may_be)
}

/// Whether a station shows that the last test of the line was missed. When that may be said is asked where tests are looked at.
fn test_missed(model: &Model, machine: usize) -> bool {
    let shown = model.shown_tests.get(machine).and_then(Option::as_ref);
    shown.is_some_and(|tests| tests.is_missed)
}

/// The outcomes of the rings that a party left unanswered (or, if it is ours, that did not reach it) after the last that was accepted, by
/// either side. None where several boots of a party rang: which was last then follows from what each knew.
fn left_unanswered(
    model: &Model,
    scene: Scene,
    disk: &Disk,
    party: PartyId,
) -> Option<BTreeSet<EntryId>> {
    let rung_to = |ring: &EntryId| {
        let to = model.real_rings.get(ring)?;
        disk.find(ring).map(|_| *to)
    };
    let author_of = |ended: &Ended| {
        let outcome = disk.find(&ended.id)?;
        Some(outcome.entry.header().author)
    };
    let (mut left, mut accepted) = (Vec::new(), Vec::new());
    for shown in model.shown_rings[scene.machine].values() {
        let Standing::Ended(ended) = shown.standing else {
            continue;
        };
        let is_accepted = ended.ending == Ending::Accepted;
        let is_left = match ended.ending {
            Ending::Unanswered => true,
            Ending::Unreachable => party == scene.author.party,
            _ => false,
        };
        if !is_accepted && !is_left {
            continue;
        }
        let to = rung_to(&shown.ring);
        if is_accepted && to.is_some() {
            accepted.push((author_of(&ended)?, ended.sequence));
        } else if is_left && to == Some(party) {
            left.push((author_of(&ended)?, ended));
        }
    }
    if left.is_empty() {
        return Some(BTreeSet::new());
    }
    let authors = left.iter().map(|(author, _)| *author);
    let authors: BTreeSet<_> = authors.chain(accepted.iter().map(|it| it.0)).collect();
    let parties: BTreeSet<_> = authors.iter().map(|author| author.party).collect();
    if authors.len() > parties.len() {
        return None;
    }
    let mut without = BTreeSet::new();
    for (author, ended) in left {
        let mut talked_since = false;
        for (by, at) in &accepted {
            talked_since |= *at >= stored_of(disk, (author, ended.sequence), *by)?;
        }
        if !talked_since {
            without.insert(ended.id);
        }
    }
    Some(without)
}

/// How much of a boot's urgent stream the author of an entry of his own had stored when he signed it. None where he knew of another boot
/// of that party: its start may say it in place of a head.
fn stored_of(disk: &Disk, (author, sequence): (Author, u64), of: Author) -> Option<u64> {
    if author == of {
        return Some(sequence);
    }
    let is_before = |header: &&Header| {
        let is_his = header.author == author && header.stream == Stream::Urgent;
        is_his && header.sequence <= sequence
    };
    let headers = disk.entries().map(|stored| stored.entry.header());
    let heads = headers.filter(is_before).flat_map(|it| &it.heads);
    let theirs: Vec<_> = heads
        .filter(|head| head.chain.author.party == of.party)
        .collect();
    let is_his = |head: &&&Head| head.chain.author == of && head.chain.stream == Stream::Urgent;
    let sizes = theirs.iter().filter(is_his).map(|head| head.size);
    let is_alone = theirs.iter().all(|head| head.chain.author == of);
    is_alone.then(|| sizes.max().unwrap_or(0))
}

fn codes_differed(model: &Model, machine: usize) -> bool {
    let differed = ContactStanding::Is(ContactState::CodesDiffered);
    let mut shown = model.shown_contacts[machine].values();
    shown.any(|shown| shown.standing == differed)
}
