//! Who is on watch in Washington and in Moscow, as the books of their boots keep it: what is signed at which desk, what
//! arrives where in which order, and what both sides then show.

use crate::support::desk;

use desk::{Desk, MOSCOW, PRESENCE, WASHINGTON, connect, party, person};
use openline_proto::watch::book::{Duty, NotDone, Request, Seen};
use openline_proto::watch::known::Note;
use openline_proto::watch::machine::State;
use openline_wire::codes::{Attestation, Mark};
use openline_wire::fact::{Fact, WatchOpened};
use openline_wire::header::Actor;
use openline_wire::ids::EntryId;

const HOUR: u64 = 3_600_000;

fn open(desk: &mut Desk, who: &str) -> Vec<Note> {
    desk.ask(who, Request::Open(HOUR))
        .expect("nobody is on watch")
}

fn hand_over(desk: &mut Desk, from: &str, to: &str) -> Vec<Note> {
    let request = Request::HandOver(to.to_owned(), Vec::new());
    desk.ask(from, request).expect("he is on watch")
}

fn take_over(desk: &mut Desk, who: &str) -> Vec<Note> {
    let request = Request::TakeOver(HOUR);
    desk.ask(who, request).expect("it is handed over to him")
}

/// Orlova is on watch in Moscow, at the first of two desks that hear each other.
fn orlova_is_on_watch() -> (Desk, Desk, Note) {
    let (mut one, mut two) = (Desk::new(MOSCOW, 1), Desk::new(MOSCOW, 2));
    let opened = open(&mut one, "Orlova").remove(0);
    two.take(std::slice::from_ref(&opened));
    (one, two, opened)
}

/// OL-711 OL-715
#[test]
fn nobody_then_an_officer_then_one_who_is_late_is_what_both_sides_show() {
    let (mut moscow, mut washington) = (Desk::new(MOSCOW, 1), Desk::new(WASHINGTON, 2));
    (moscow.now, washington.now) = (5_000, 900_000);
    let moscows = party(MOSCOW);
    for desk in [&moscow, &washington] {
        assert_eq!(desk.book.duty(&moscows, desk.now), Duty::Nobody);
    }
    let opened = open(&mut moscow, "Orlova");
    washington.take(&opened);
    for desk in [&mut moscow, &mut washington] {
        let watch = desk.book.standing(&moscows).remove(0);
        assert_eq!(watch.officer, person("Orlova"));
        assert_eq!(watch.since, opened[0].time);
        assert_eq!(desk.book.duty(&moscows, desk.now), Duty::Present);
        let late = desk.book.changes_at(desk.now).expect("she is to confirm");
        assert_eq!(late, desk.now + HOUR);
        assert_eq!(desk.book.duty(&moscows, late - 1), Duty::Present);
        assert_eq!(desk.book.duty(&moscows, late), Duty::Overdue);
        desk.now = late;
    }
    let confirmed = moscow
        .ask("Orlova", Request::Confirm)
        .expect("she is on watch");
    washington.take(&confirmed);
    for desk in [&moscow, &washington] {
        assert_eq!(desk.book.duty(&moscows, desk.now), Duty::Present);
    }
    let closed = moscow
        .ask("Orlova", Request::Close)
        .expect("she is on watch");
    washington.take(&closed);
    for desk in [&moscow, &washington] {
        assert_eq!(desk.book.duty(&moscows, desk.now), Duty::Nobody);
    }
}

/// OL-709: Moscow's other desk is of a build that does not know the rule, or lies.
#[test]
fn who_promises_less_than_the_charter_asks_is_refused_and_held_to_the_charter() {
    let (mut moscow, mut washington) = (Desk::new(MOSCOW, 1), Desk::new(WASHINGTON, 2));
    let seldom = Request::Open(PRESENCE + 1);
    let refused = moscow.ask("Orlova", seldom);
    assert_eq!(refused.err(), Some(NotDone::TooSeldom(PRESENCE)));
    let ends = Vec::new();
    let confirms_ms = 2 * PRESENCE;
    let opened = Fact::WatchOpened(WatchOpened { ends, confirms_ms });
    let opened = moscow.sign("Orlova", opened);
    washington.take(&[opened]);
    for desk in [&moscow, &washington] {
        let moscows = party(MOSCOW);
        let late = desk.now + PRESENCE;
        assert_eq!(desk.book.duty(&moscows, late - 1), Duty::Present);
        assert_eq!(desk.book.duty(&moscows, late), Duty::Overdue);
    }
    let to = "Petrov".to_owned();
    let handed = Request::HandOver(to, Vec::new());
    moscow.ask("Orlova", handed).expect("she is on watch");
    for request in [Request::TakeOver, Request::Replace] {
        let refused = moscow.ask("Petrov", request(PRESENCE + 1));
        assert_eq!(refused.err(), Some(NotDone::TooSeldom(PRESENCE)));
    }
    assert!(moscow.ask("Petrov", Request::TakeOver(PRESENCE)).is_ok());
}

/// OL-715: a boot that begins does not take what its disk held for news.
#[test]
fn after_a_restart_a_confirmation_is_as_old_as_it_was() {
    let mut before = Desk::new(MOSCOW, 1);
    let mut opened = open(&mut before, "Orlova").remove(0);
    let mut after = Desk::new(MOSCOW, 2);
    after.now = 1_000;
    opened.age = HOUR - 1;
    after.take(&[opened]);
    let moscow = party(MOSCOW);
    assert_eq!(after.book.duty(&moscow, after.now), Duty::Present);
    assert_eq!(after.book.duty(&moscow, after.now + 1), Duty::Overdue);
}

/// OL-712 OL-717
#[test]
fn orlova_is_on_watch_until_the_moment_in_which_petrov_takes_over() {
    let (mut one, mut two, opened) = orlova_is_on_watch();
    let items = vec![EntryId([9; 32]), EntryId([8; 32])];
    let request = Request::HandOver("Petrov".to_owned(), items);
    let handed = one.ask("Orlova", request).expect("she is on watch");
    two.take(&handed);
    let watch = two.standing().remove(0);
    assert_eq!(
        (watch.id, two.book.state()),
        (opened.id, State::HandingOver)
    );
    let items = &watch.handed[0].1.items;
    assert_eq!(items, &[EntryId([8; 32]), EntryId([9; 32])]);
    let other = two.ask("Sidorov", Request::TakeOver(HOUR));
    assert_eq!(other, Err(NotDone::NotTheOneNamed));
    let taken = take_over(&mut two, "Petrov");
    one.take(&taken);
    for desk in [&one, &two] {
        let watch = desk.standing();
        assert_eq!((watch.len(), watch[0].id), (1, taken[0].id));
        assert_eq!(watch[0].officer.name, "Petrov");
    }
    let late = one.ask("Orlova", Request::Confirm);
    assert_eq!(late, Err(NotDone::NotTheOfficer));
}

/// OL-712: neither the wrong person nor the wrong officer's word makes a hand-over.
#[test]
fn a_take_over_without_both_signatures_changes_nothing() {
    let (mut one, mut two, opened) = orlova_is_on_watch();
    let mut handed = hand_over(&mut one, "Orlova", "Petrov");
    two.take(&handed);
    let taken = take_over(&mut two, "Petrov").remove(0);
    let stands = |handed: &Note, taken: &Note| {
        let mut third = Desk::new(MOSCOW, 3);
        third.take(&[opened.clone(), handed.clone(), taken.clone()]);
        third.standing().remove(0).id
    };
    assert_eq!(stands(&handed[0], &taken), taken.id);
    let mut stranger = taken.clone();
    stranger.actor = person("Sidorov");
    assert_eq!(stands(&handed[0], &stranger), opened.id);
    handed[0].actor = person("Sidorov");
    assert_eq!(stands(&handed[0], &taken), opened.id);
    let mut washington = Desk::new(WASHINGTON, 4);
    let mut foreign = taken.clone();
    foreign.author = washington.author;
    washington.take(&[opened.clone(), handed.remove(0), foreign]);
    assert_eq!(washington.standing(), []);
}

/// OL-713
#[test]
fn a_take_over_crosses_a_withdrawal_and_counts() {
    let (mut one, mut two, _) = orlova_is_on_watch();
    let handed = hand_over(&mut one, "Orlova", "Petrov");
    two.take(&handed);
    let withdrawn = one.ask("Orlova", Request::Withdraw).expect("it is open");
    assert_eq!(one.book.state(), State::OnWatch);
    let taken = take_over(&mut two, "Petrov");
    connect(&mut one, &mut two, &withdrawn, &taken);
    for desk in [&one, &two] {
        assert_eq!(desk.standing()[0].id, taken[0].id);
    }
}

/// OL-713: each thing that makes a hand-over void, known to who takes it all the same, and not known to him.
#[test]
fn who_takes_over_what_he_knows_to_be_void_is_not_on_watch() {
    let ways: [fn(&mut Desk) -> Vec<Note>; 4] = [
        |desk| desk.ask("Orlova", Request::Withdraw).expect("it is open"),
        |desk| hand_over(desk, "Orlova", "Sidorov"),
        |desk| desk.ask("Orlova", Request::Close).expect("she is on watch"),
        |desk| desk.ask("Sidorov", Request::Replace(HOUR)).expect("he may"),
    ];
    for way in ways {
        let (mut one, mut two, _) = orlova_is_on_watch();
        let handed = hand_over(&mut one, "Orlova", "Petrov");
        two.take(&handed);
        let mut taken = take_over(&mut two, "Petrov").remove(0);
        let voided = way(&mut one);
        one.take(std::slice::from_ref(&taken));
        let is_on = |desk: &Desk| desk.standing().iter().any(|it| it.id == taken.id);
        assert!(is_on(&one), "it crossed: {voided:?}");
        taken.heads = vec![(one.author, one.written)];
        let mut third = Desk::new(MOSCOW, 3);
        let known = [&one.log[..], &[taken.clone()]].concat();
        third.take(&known);
        assert!(!is_on(&third), "he knew: {voided:?}");
    }
}

/// OL-713: what a boot was told by the start of an earlier one's successor it knows.
#[test]
fn a_withdrawal_before_a_restart_is_known_behind_it() {
    let (mut one, _, _) = orlova_is_on_watch();
    let handed = hand_over(&mut one, "Orlova", "Petrov");
    one.ask("Orlova", Request::Withdraw).expect("it is open");
    let mut later = one.restart(7);
    assert_eq!(later.book.state(), State::OnWatch);
    assert_eq!(
        later.ask("Petrov", Request::TakeOver(HOUR)),
        Err(NotDone::NothingIsHandedOver)
    );
    let Fact::HandOver(_) = handed[0].fact else {
        panic!("no hand-over");
    };
    let taken = later.sign("Petrov", desk::take_over_of(&handed[0]));
    let mut third = Desk::new(MOSCOW, 3);
    let known = [&one.log[..], &later.log[..]].concat();
    third.take(&known);
    assert!(third.standing().iter().all(|it| it.id != taken.id));
}

/// OL-713: two desks, one hand-over.
#[test]
fn of_two_take_overs_the_second_counts_only_if_it_did_not_know_the_first() {
    let (mut one, mut two, _) = orlova_is_on_watch();
    let handed = hand_over(&mut one, "Orlova", "Petrov");
    two.take(&handed);
    let first = take_over(&mut two, "Petrov");
    let mut late = one.clone();
    let crossed = take_over(&mut one, "Petrov");
    connect(&mut one, &mut two, &crossed, &first);
    assert_eq!(
        (one.book.state(), two.book.state()),
        (State::Doubled, State::Doubled)
    );
    late.take(&first);
    let again = late.ask("Petrov", Request::TakeOver(HOUR));
    assert_eq!(again, Err(NotDone::NothingIsHandedOver));
    let forced = late.sign("Petrov", desk::take_over_of(&handed[0]));
    let ids: Vec<EntryId> = late.standing().iter().map(|it| it.id).collect();
    assert_eq!(ids, [first[0].id], "{forced:?}");
}

/// OL-714 OL-717
#[test]
fn two_desks_that_do_not_hear_each_other_open_and_one_person_ends_it() {
    let (mut one, mut two) = (Desk::new(MOSCOW, 1), Desk::new(MOSCOW, 2));
    let (first, second) = (open(&mut one, "Orlova"), open(&mut two, "Petrov"));
    connect(&mut one, &mut two, &first, &second);
    for desk in [&one, &two] {
        let names: Vec<String> = desk
            .standing()
            .into_iter()
            .map(|it| it.officer.name)
            .collect();
        assert_eq!(names, ["Orlova", "Petrov"]);
        assert_eq!(desk.book.state(), State::Doubled);
        assert_eq!(desk.book.duty(&party(MOSCOW), 0), Duty::Present);
    }
    let closed = one.ask("Orlova", Request::Close);
    assert_eq!(closed, Err(NotDone::TwoAreOnWatch));
    let opened = one.ask("Orlova", Request::Open(HOUR));
    assert_eq!(opened, Err(NotDone::SomebodyIsOnWatch));
    let replaced = one.ask("Orlova", Request::Replace(HOUR)).expect("she may");
    two.take(&replaced);
    for desk in [&one, &two] {
        let standing = desk.standing();
        assert_eq!((standing.len(), standing[0].id), (1, replaced[0].id));
    }
}

/// OL-714: the watch is the party's; the boot that opened it is gone.
#[test]
fn a_watch_outlives_the_boot_that_began_it() {
    let (one, _, opened) = orlova_is_on_watch();
    let mut later = one.restart(7);
    assert_eq!(later.standing()[0].id, opened.id);
    later
        .ask("Orlova", Request::Confirm)
        .expect("she is on watch");
    let handed = hand_over(&mut later, "Orlova", "Petrov");
    assert_eq!(handed.len(), 1);
    take_over(&mut later, "Petrov");
    assert_eq!(later.standing()[0].officer.name, "Petrov");
}

/// OL-716, situation: the receipt is signed at one desk while the watch is handed over at the other.
#[test]
fn moscow_hands_over_while_it_reads_a_flash_and_the_receipt_names_one_watch() {
    let (mut one, mut two, opened) = orlova_is_on_watch();
    let handed = hand_over(&mut one, "Orlova", "Petrov");
    two.take(&handed);
    let taken = take_over(&mut two, "Petrov");
    // Orlova signs the receipt at her desk, which has not heard of it yet.
    let receipt = one.sign("Orlova", Fact::None);
    let mut washington = Desk::new(WASHINGTON, 4);
    let all = [
        vec![opened.clone()],
        handed,
        taken.clone(),
        vec![receipt.clone()],
    ]
    .concat();
    for order in [all.clone(), all.into_iter().rev().collect()] {
        let mut reader = washington.clone();
        reader.take(&order);
        let named = reader.book.watch_of(seen(&receipt), &receipt.actor);
        assert_eq!(named.map(|watch| watch.id), Some(opened.id));
    }
    // And the next one, signed when it has.
    one.take(&taken);
    let next = one.sign("Orlova", Fact::None);
    washington.take(&one.log);
    washington.take(&two.log);
    let named = washington.book.watch_of(seen(&next), &next.actor);
    assert_eq!(named.map(|watch| watch.id), Some(taken[0].id));
}

fn seen(note: &Note) -> Seen<'_> {
    Seen {
        author: note.author,
        before: note.sequence,
        heads: &note.heads,
    }
}

/// OL-716: of a doubled watch each officer's receipts name his own.
#[test]
fn while_two_are_on_watch_a_receipt_names_the_watch_of_who_signed_it() {
    let (mut one, mut two) = (Desk::new(MOSCOW, 1), Desk::new(MOSCOW, 2));
    let (first, second) = (open(&mut one, "Orlova"), open(&mut two, "Petrov"));
    connect(&mut one, &mut two, &first, &second);
    for (who, watch) in [("Orlova", &first), ("Petrov", &second), ("Sidorov", &first)] {
        let receipt = one.sign(who, Fact::None);
        let named = one.book.watch_of(seen(&receipt), &receipt.actor);
        assert_eq!(named.map(|it| it.id), Some(watch[0].id), "{who}");
    }
}

/// OL-708
#[test]
fn an_exercise_relieves_nobody() {
    let (mut one, _, opened) = orlova_is_on_watch();
    let mut played = one.clone();
    let mut replaced = played
        .ask("Petrov", Request::Replace(HOUR))
        .expect("he may");
    replaced[0].mark = Mark::Exercise;
    one.take(&replaced);
    assert_eq!(one.standing()[0].id, opened.id);
}

/// OL-707
#[test]
fn a_station_by_itself_is_nobody() {
    let moscow = Desk::new(MOSCOW, 1);
    let nameless = Actor {
        name: " ".to_owned(),
        attestation: Attestation::Passkey,
        evidence: String::new(),
    };
    for actor in [Actor::station(), nameless] {
        let asked = moscow.book.ask(Request::Open(HOUR), &actor);
        assert_eq!(asked, Err(NotDone::Nobody));
    }
}

/// OL-717
#[test]
fn what_the_state_does_not_allow_is_refused_with_the_reason() {
    let mut moscow = Desk::new(MOSCOW, 1);
    let refused = |desk: &mut Desk, who, request| desk.ask(who, request).expect_err("refused");
    for request in [Request::Confirm, Request::Close] {
        assert_eq!(
            refused(&mut moscow, "Orlova", request),
            NotDone::NobodyIsOnWatch
        );
    }
    open(&mut moscow, "Orlova");
    let why = refused(&mut moscow, "Petrov", Request::Open(HOUR));
    assert_eq!(why, NotDone::SomebodyIsOnWatch);
    for request in [Request::Withdraw, Request::TakeOver(HOUR)] {
        let why = refused(&mut moscow, "Orlova", request);
        assert_eq!(why, NotDone::NothingIsHandedOver);
    }
    for request in [Request::Confirm, Request::Close] {
        assert_eq!(
            refused(&mut moscow, "Petrov", request),
            NotDone::NotTheOfficer
        );
    }
}
