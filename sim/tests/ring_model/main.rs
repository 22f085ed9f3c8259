//! The model of rings (`spec/rings.md`): every history within its bounds, walked to the last state, with the core's own
//! machines. What must hold in each is in `invariants.rs`; OL-511 OL-512 OL-513 OL-514 OL-521 OL-522 OL-523 OL-531 OL-532
//! OL-533 OL-541 OL-542 OL-543.

mod invariants;
mod model;
mod world;

use model::Disaster::{Copy, Death};
use model::{Bounds, Disaster, Rings};
use openline_sim::sabotage::Planted;
use openline_wire::codes::Answer;
use stateright::{Checker as _, Expectation, Model as _};

/// All that may befall a boot.
const ALL_DISASTERS: &[Disaster] = &[
    Death { known: true },
    Death { known: false },
    Copy { known: true },
    Copy { known: false },
];

/// Those after which its start names it.
const KNOWN: &[Disaster] = &[Death { known: true }, Copy { known: true }];

const BOTH: &[u8] = &[0, 1];

/// One side rings, nobody dies, and everything arrives everywhere.
const QUIET: Bounds = Bounds {
    both_ring: false,
    disasters: 0,
    kinds_of_disaster: ALL_DISASTERS,
    befall: BOTH,
    answers: Answer::ALL,
    all: true,
};

/// Both ring, each whenever it likes.
const MEETING: Bounds = Bounds {
    both_ring: true,
    answers: &[Answer::Accept],
    ..QUIET
};

/// The caller dies or is copied, and everything arrives everywhere.
const DEATH_OF_A_CALLER: Bounds = Bounds {
    disasters: 1,
    befall: &[0],
    answers: &[Answer::Accept],
    ..QUIET
};

/// Two disasters, of any kind, on any side.
const TWO_DISASTERS: Bounds = Bounds {
    disasters: 2,
    befall: BOTH,
    all: false,
    ..DEATH_OF_A_CALLER
};

/// Both ring, and one of their boots dies or is copied.
const MEETING_AND_DEATH: Bounds = Bounds {
    disasters: 1,
    kinds_of_disaster: KNOWN,
    all: false,
    ..MEETING
};

/// `OPENLINE_RINGS=large` asks for the larger bounds.
fn are_large_asked_for() -> bool {
    std::env::var("OPENLINE_RINGS").is_ok_and(|value| value == "large")
}

/// Walks through all that may happen: nothing that must not, and something of each that must be possible.
fn walk(bounds: Bounds) {
    let rings = Rings {
        bounds,
        bug: Planted::Nothing,
    };
    let properties = rings.properties();
    let checker = rings.checker().spawn_dfs().join();
    let states = (checker.unique_state_count(), checker.state_count());
    println!("{} states, {} steps, {bounds:?}", states.0, states.1);
    let discoveries = checker.discoveries();
    for property in properties {
        let path = discoveries.get(property.name);
        let path = path.map(|path| path.clone().into_actions());
        match property.expectation {
            Expectation::Always => assert!(path.is_none(), "{}: {path:?}", property.name),
            _ => assert!(path.is_some(), "never: {}", property.name),
        }
    }
}

#[test]
fn one_side_rings() {
    walk(QUIET);
}

#[test]
fn both_ring_whenever_they_like() {
    let answers = match are_large_asked_for() {
        true => &Answer::ALL[..2],
        false => MEETING.answers,
    };
    walk(Bounds { answers, ..MEETING });
}

#[test]
fn the_caller_dies_or_is_copied() {
    let befall = match are_large_asked_for() {
        true => BOTH,
        false => DEATH_OF_A_CALLER.befall,
    };
    walk(Bounds {
        befall,
        ..DEATH_OF_A_CALLER
    });
}

#[test]
fn two_disasters_of_any_kind_befall_them() {
    walk(TWO_DISASTERS);
}

#[test]
fn both_ring_and_a_boot_dies_or_is_copied() {
    let kinds_of_disaster = match are_large_asked_for() {
        true => ALL_DISASTERS,
        false => MEETING_AND_DEATH.kinds_of_disaster,
    };
    walk(Bounds {
        kinds_of_disaster,
        ..MEETING_AND_DEATH
    });
}

/// Each planted bug alone is found, by the rule that it breaks.
#[cfg(feature = "sabotage")]
#[test]
fn every_planted_bug_is_found_by_the_rule_that_it_breaks() {
    let walks = [QUIET, DEATH_OF_A_CALLER, MEETING];
    for bug in Planted::OF_RINGS {
        let found = walks.iter().find_map(|&bounds| {
            let rings = Rings { bounds, bug };
            let rule = std::collections::BTreeSet::from([bug.rule()]);
            let ends = stateright::HasDiscoveries::AnyOf(rule);
            let checker = rings.checker().finish_when(ends).spawn_bfs().join();
            let path = checker.discoveries().get(bug.rule()).cloned();
            path.map(|path| (checker.unique_state_count(), path.into_actions()))
        });
        let (states, path) = found.unwrap_or_else(|| panic!("{} is not found", bug.word()));
        println!(
            "{} by {} after {states} states: {path:?}",
            bug.word(),
            bug.rule()
        );
    }
}
