//! What must hold in every state, by the numbers of the rules that hold for the whole project; and what must come about in
//! some state, so that a model in which nothing happens is noticed.

use openline_proto::ring::held::Standing;
use openline_wire::codes::{Answer, Ending};
use stateright::Property;

use crate::model::{Bounds, Rings};
use crate::world::{BOOTS, Fault, Kind, Machine, Said, Slot, World, number};

/// What must hold within these bounds, and what must come about.
pub fn within(bounds: &Bounds) -> Vec<Property<Rings>> {
    let mut all = always();
    all.extend(sometimes());
    if bounds.all {
        all.extend(shown_sometimes());
    }
    if bounds.both_ring {
        all.extend(of_both());
    }
    if bounds.disasters > 0 && bounds.all {
        all.extend(of_the_dead());
    }
    all
}

/// A rule, looked at with the bug planted that the walk is about.
macro_rules! always {
    ($name:literal, $holds:ident) => {
        Property::always($name, |rings: &Rings, world: &World| {
            rings.bug.during(|| $holds(world))
        })
    };
}

macro_rules! sometimes {
    ($name:literal, $comes_about:expr) => {
        Property::sometimes($name, |_: &Rings, world: &World| $comes_about(world))
    };
}

fn always() -> Vec<Property<Rings>> {
    vec![
        always!("2", has_one_outcome),
        always!("3", is_shown_one_ending),
        always!("4", is_covered_when_final),
        always!("5", stands_alike),
        always!("6", talks_on_an_outcome),
        always!("7", is_accepted_where_it_rang),
        always!("8", is_unreachable_for_good),
        always!("9", heeds_fresh_echoes_alone),
        always!("OL-522", is_signed_once),
        always!("OL-533", meets_once),
    ]
}

fn sometimes() -> Vec<Property<Rings>> {
    vec![
        sometimes!("accepted", |it| ended(it, 0) == Some(Ending::Accepted)),
        sometimes!("unanswered", |it| ended(it, 0) == Some(Ending::Unanswered)),
        sometimes!("unreachable", |it| ended(it, 0)
            == Some(Ending::Unreachable)),
        sometimes!("withdrawn while it is accepted", |it: &World| {
            let accepted = Said::Answer(Answer::Accept);
            let answer = it.signed.get(&Slot::of(1, 0, Kind::Answer));
            ended(it, 0) == Some(Ending::Withdrawn) && answer.is_some_and(|a| a.said == accepted)
        }),
    ]
}

/// What must come about on the screens.
fn shown_sometimes() -> Vec<Property<Rings>> {
    vec![
        sometimes!("accepted, and final on both sides", |it| {
            let is = |machine: &Machine| final_of(machine, 0) == Some(Ending::Accepted);
            on_both_sides(it, is)
        }),
        sometimes!("both may talk", |it| {
            let talks = |machine: &Machine| machine.book.talk(&Slot::ring(0).id()).is_some();
            on_both_sides(it, talks)
        }),
    ]
}

/// What must come about where both ring.
fn of_both() -> Vec<Property<Rings>> {
    vec![
        sometimes!("merged, and the other one accepted", |it| {
            ended(it, 1) == Some(Ending::Merged) && ended(it, 0) == Some(Ending::Accepted)
        }),
        sometimes!("the smaller withdrawn, the larger accepted", |it| {
            ended(it, 1) == Some(Ending::Accepted) && ended(it, 0) == Some(Ending::Withdrawn)
        }),
    ]
}

/// What must come about where boots die.
fn of_the_dead() -> Vec<Property<Rings>> {
    vec![
        sometimes!("broken off on both sides", |it| {
            on_both_sides(it, |machine| {
                standing(machine, 0) == Some(Standing::BrokenOff)
            })
        }),
        sometimes!("an outcome after its boot", |it: &World| {
            let has_talk = |m: &Machine| m.book.talk(&Slot::ring(0).id()).is_some();
            let is = |m: &Machine| final_of(m, 0) == Some(Ending::Accepted) && !has_talk(m);
            it.boots[0] > 1 && it.machines.iter().any(|m| m.side == 1 && is(m))
        }),
    ]
}

fn on_both_sides(world: &World, is: impl Fn(&Machine) -> bool) -> bool {
    let at = |side| world.machines.iter().any(|m| m.side == side && is(m));
    at(0) && at(1)
}

fn standing(machine: &Machine, side: u8) -> Option<Standing> {
    machine.book.standing(&Slot::ring(side).id())
}

fn final_of(machine: &Machine, side: u8) -> Option<Ending> {
    let ended = machine.book.ended_for_good(&Slot::ring(side).id());
    ended.map(|ended| ended.ending)
}

/// How the caller's outcome says that a ring ended.
fn ended(world: &World, side: u8) -> Option<Ending> {
    match world.signed.get(&Slot::of(side, 0, Kind::Outcome))?.said {
        Said::Outcome(ending, _) => Some(ending),
        _ => None,
    }
}

/// By the boot that rang.
fn has_one_outcome(world: &World) -> bool {
    let is_foreign = |slot: &Slot| slot.kind() == Kind::Outcome && slot.boot() != 0;
    !world.signed.keys().any(is_foreign) && !world.faults.contains(&Fault::Twice(Kind::Outcome))
}

fn is_signed_once(world: &World) -> bool {
    !world.faults.iter().any(|fault| {
        matches!(
            fault,
            Fault::Twice(Kind::Ringing) | Fault::Twice(Kind::Answer)
        )
    })
}

/// A caller's side shows an ending as final only where it holds an entry of the called side that saw the outcome.
fn is_covered_when_final(world: &World) -> bool {
    world.machines.iter().all(|machine| {
        let outcome = Slot::of(machine.side, 0, Kind::Outcome);
        let mut signed = world.signed.iter();
        let covered = signed.any(|(slot, signed)| {
            let saw = signed.saw & 1 << outcome.0 != 0;
            machine.holds(*slot) && slot.side() != machine.side && saw
        });
        covered || final_of(machine, machine.side).is_none()
    })
}

fn stands_alike(world: &World) -> bool {
    let pairs = world.machines.iter().enumerate();
    pairs.into_iter().all(|(at, one)| {
        let mut others = world.machines[at + 1..].iter();
        let alike =
            |other: &Machine| (0..2).all(|side| standing(one, side) == standing(other, side));
        others.all(|other| other.disk != one.disk || alike(other))
    })
}

/// A talk may open only where the accepted outcome is held, with the other of the two boots that made it, and if no start
/// that is held names the caller, except one that the caller knew of when it rang.
fn talks_on_an_outcome(world: &World) -> bool {
    let rings = world.machines.iter().flat_map(|m| [(m, 0), (m, 1)]);
    rings.into_iter().all(|(machine, side)| {
        let Some((with, id)) = machine.book.talk(&Slot::ring(side).id()) else {
            return true;
        };
        let outcome = Slot::of(side, 0, Kind::Outcome);
        let cites = match world.signed.get(&outcome).map(|signed| signed.said) {
            Some(Said::Outcome(Ending::Accepted, Some(cites))) => cites,
            _ => return false,
        };
        let pair = [(side, 0), (cites.side(), cites.boot())];
        let own = (machine.side, machine.boot);
        let are_they = pair.contains(&own) && pair.contains(&number(&with)) && number(&with) != own;
        let held = machine.holds(outcome) && outcome.id() == id;
        held && are_they && !is_gone(world, machine, side)
    })
}

/// Whether a machine holds a start that names the caller and that the ring did not see.
fn is_gone(world: &World, machine: &Machine, side: u8) -> bool {
    let rung = world.signed.get(&Slot::ring(side)).map_or(0, |it| it.saw);
    (1..BOOTS).any(|boot| {
        let slot = Slot::of(side, boot, Kind::Start);
        let start = world.signed.get(&slot).map(|signed| signed.said);
        let names = matches!(start, Some(Said::Start(names)) if names & 1 != 0);
        names && machine.holds(slot) && rung & 1 << slot.0 == 0
    })
}

/// The answer that counted is by a boot that signed a ringing, and the caller knew that.
fn is_accepted_where_it_rang(world: &World) -> bool {
    !world.faults.contains(&Fault::NotRung)
        && (0..2).all(|side| {
            let outcome = world.signed.get(&Slot::of(side, 0, Kind::Outcome));
            let Some(Said::Outcome(Ending::Accepted, cites)) = outcome.map(|signed| signed.said)
            else {
                return true;
            };
            cites.is_some_and(|cites| {
                let answer = world.signed.get(&cites).map(|signed| signed.said);
                let ringing = Slot::of(cites.side(), cites.boot(), Kind::Ringing);
                let accepts = answer == Some(Said::Answer(Answer::Accept));
                accepts && cites.side() != side && world.signed.contains_key(&ringing)
            })
        })
}

fn is_shown_one_ending(world: &World) -> bool {
    world.shown.iter().all(|shown| shown.count_ones() <= 1)
}

fn heeds_fresh_echoes_alone(world: &World) -> bool {
    !world.machines.iter().any(|it| it.heeds_stale_echoes())
}

/// Nobody who held a ringing wrote it; and who holds a ring and its outcome *unreachable* is told just that, whatever else
/// comes.
fn is_unreachable_for_good(world: &World) -> bool {
    let nobody_erred = !world.faults.contains(&Fault::Reached);
    nobody_erred
        && world.machines.iter().all(|machine| {
            (0..2).all(|side| {
                let outcome = Slot::of(side, 0, Kind::Outcome);
                let held = machine.holds(outcome) && machine.holds(Slot::ring(side));
                let is_unreachable = ended(world, side) == Some(Ending::Unreachable);
                let told = standing(machine, side);
                let is_told =
                    matches!(told, Some(Standing::Ended(it)) if it.ending == Ending::Unreachable);
                !(held && is_unreachable) || is_told
            })
        })
}

/// Of two rings that cross between two boots at most one is accepted.
fn meets_once(world: &World) -> bool {
    let by = |side| {
        let outcome = world.signed.get(&Slot::of(side, 0, Kind::Outcome));
        match outcome.map(|signed| signed.said) {
            Some(Said::Outcome(Ending::Accepted, Some(cites))) => Some(cites.boot()),
            _ => None,
        }
    };
    let saw = |side| {
        let rung = world.signed.get(&Slot::ring(side));
        rung.is_some_and(|rung| rung.saw & 1 << Slot::ring(1 - side).0 != 0)
    };
    let crosses = !saw(0) && !saw(1);
    !(crosses && by(0) == Some(0) && by(1) == Some(0))
}
