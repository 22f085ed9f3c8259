//! The watch in any history of two desks: what follows from the entries does not depend on the order in which they came, the
//! table says what each step leads to, and nothing grows without bound.

use crate::support::desk;

use std::collections::BTreeSet;

use desk::{Desk, MOSCOW, WASHINGTON, party};
use openline_proto::watch::book::{NotDone, Request};
use openline_proto::watch::known::Note;
use openline_proto::watch::machine::{self, Event, State};
use openline_proto::watch::watches::Watch;
use openline_wire::fact::{Fact, HandOver, WatchClosed};
use openline_wire::ids::EntryId;
use openline_wire::limits;
use proptest::prelude::*;

const HOUR: u64 = 3_600_000;
const PEOPLE: [&str; 3] = ["Orlova", "Petrov", "Sidorov"];

/// What may happen: somebody asks for something at a desk, or one desk hears the other.
#[derive(Clone, Debug)]
enum Step {
    Ask(bool, usize, usize),
    Hear(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<bool>(), 0..PEOPLE.len(), 0..8usize).prop_map(|(at, who, what)| Step::Ask(at, who, what)),
        1 => any::<bool>().prop_map(Step::Hear),
    ]
}

fn request(what: usize) -> (Request, Event) {
    let to = |name: usize| Request::HandOver(PEOPLE[name].to_owned(), Vec::new());
    match what {
        0 => (Request::Open(HOUR), Event::Open),
        1 => (Request::Replace(HOUR), Event::Replace),
        2 => (Request::Confirm, Event::Confirm),
        3 => (to(0), Event::HandOver),
        4 => (to(1), Event::HandOver),
        5 => (Request::Withdraw, Event::Withdraw),
        6 => (Request::TakeOver(HOUR), Event::TakeOver),
        _ => (Request::Close, Event::Close),
    }
}

/// One desk hears all that the other wrote.
fn hear(from: &Desk, to: &mut Desk) {
    let known: BTreeSet<EntryId> = to.held.iter().map(|note| note.id).collect();
    let new = from.log.iter().filter(|note| !known.contains(&note.id));
    let new: Vec<Note> = new.cloned().collect();
    to.take(&new);
}

fn play(steps: &[Step]) -> (Desk, Desk) {
    let (mut one, mut two) = (Desk::new(MOSCOW, 1), Desk::new(MOSCOW, 2));
    for (at, step) in steps.iter().enumerate() {
        (one.now, two.now) = (at as u64 * 1_000, at as u64 * 1_000);
        match *step {
            Step::Hear(true) => hear(&one, &mut two),
            Step::Hear(false) => hear(&two, &mut one),
            Step::Ask(first, who, what) => {
                let desk = if first { &mut one } else { &mut two };
                let (request, event) = request(what);
                let before = desk.book.state();
                let (next, action) = machine::step(before, event);
                match desk.ask(PEOPLE[who], request) {
                    Ok(_) => assert_eq!(desk.book.state(), next, "{before:?} {event:?}"),
                    Err(NotDone::NotTheOfficer | NotDone::NotTheOneNamed) => {
                        assert!(action.signs());
                    }
                    Err(_) => assert!(!action.signs()),
                }
            }
        }
    }
    hear(&one, &mut two);
    hear(&two, &mut one);
    (one, two)
}

/// What follows from the entries alone; when something was stored is each desk's own.
fn ids(watches: &[Watch]) -> Vec<(EntryId, Vec<(EntryId, HandOver)>)> {
    let pairs = watches.iter().map(|watch| (watch.id, watch.handed.clone()));
    pairs.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// OL-717 OL-718
    #[test]
    fn equal_entries_give_an_equal_watch_in_whatever_order_they_came(
        steps in prop::collection::vec(step(), 0..40),
        order in any::<prop::sample::Index>(),
        flip in any::<bool>(),
    ) {
        let (one, two) = play(&steps);
        prop_assert_eq!(ids(&one.standing()), ids(&two.standing()));
        let mut notes = one.held.clone();
        let turn = order.index(notes.len());
        notes.rotate_left(turn);
        if flip {
            notes.reverse();
        }
        let mut washington = Desk::new(WASHINGTON, 3);
        washington.now = one.now;
        // As long ago as it was there: what counts from the storing is then the same.
        for note in &mut notes {
            note.age = one.now - (note.time - one.held[0].time);
        }
        washington.take(&notes);
        washington.take(&notes[..notes.len() / 2]);
        let seen = washington.book.standing(&party(MOSCOW));
        prop_assert_eq!(ids(&seen), ids(&one.standing()));
    }
}

/// OL-718: a year of three watches a day.
#[test]
fn a_year_of_watches_is_forgotten_but_for_the_last_ones() {
    let mut moscow = Desk::new(MOSCOW, 1);
    moscow
        .ask("Orlova", Request::Open(HOUR))
        .expect("nobody is");
    let mut last = Vec::new();
    for watch in 0..1_095u64 {
        moscow.now = watch * 8 * HOUR;
        let (from, to) = (PEOPLE[watch as usize % 2], PEOPLE[(watch as usize + 1) % 2]);
        let handed = Request::HandOver(to.to_owned(), Vec::new());
        moscow.ask(from, handed).expect("he is on watch");
        let taken = moscow.ask(to, Request::TakeOver(HOUR)).expect("it is his");
        last.push(taken[0].clone());
        let standing = moscow.standing();
        assert_eq!((standing.len(), standing[0].id), (1, taken[0].id));
    }
    let known = format!("{:?}", moscow.book)
        .matches("TakeOver(TakeOver")
        .count();
    assert!(
        (limits::WATCHES - 2..=limits::WATCHES).contains(&known),
        "{known}"
    );
    // A receipt of three weeks ago still names its watch.
    let then = &last[last.len() - limits::WATCHES + 4];
    let seen = openline_proto::watch::book::Seen {
        author: then.author,
        before: then.sequence + 1,
        heads: &[],
    };
    let named = moscow.book.watch_of(seen, &then.actor);
    assert_eq!(named.map(|watch| watch.id), Some(then.id));
}

/// OL-718: what names nothing that is held takes no more room than is set aside for it.
#[test]
fn a_flood_of_entries_about_watches_that_nobody_knows_is_bounded() {
    let mut moscow = Desk::new(MOSCOW, 1);
    for made_up in 0..5_000u64 {
        moscow.now = made_up;
        let mut watch = [7; 32];
        watch[..8].copy_from_slice(&made_up.to_be_bytes());
        let watch = EntryId(watch);
        moscow.sign("Orlova", Fact::WatchClosed(WatchClosed { watch }));
    }
    let held = format!("{:?}", moscow.book)
        .matches("WatchClosed(WatchClosed")
        .count();
    assert_eq!(held, limits::WATCH_ENTRIES);
    assert_eq!(moscow.book.state(), State::Nobody);
    moscow
        .ask("Orlova", Request::Open(HOUR))
        .expect("nobody is");
    assert_eq!(moscow.book.state(), State::OnWatch);
}
