//! Two stations that test their line on a virtual clock: for a month, with a peer that dies, with silences and wrong clocks.

use crate::support::two;

use std::collections::BTreeMap;

use openline_proto::alarm::book::Book as Alarms;
use openline_proto::alarm::cause::{Cause, Key};
use openline_proto::alarm::machine::State;
use openline_proto::contract::Moment;
use openline_proto::line_test::book::Book;
use openline_proto::line_test::schedule::Figures;
use openline_proto::line_test::told::{Do, NotDone, Note, Told};
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::Answerer;
use openline_wire::fact::{CallUp, Fact, Ready, TestAnswer, TestText, digest_of};
use openline_wire::ids::{Author, BootId, Digest, EntryId, NodeId, PartyId};
use openline_wire::text::Text;
use two::{HOUR, World};

const DAY: u64 = 24 * HOUR;
const LASTS: u64 = 120_000;

fn count(told: &[(u64, Told)], is: impl Fn(&Told) -> bool) -> usize {
    told.iter().filter(|(_, it)| is(it)).count()
}

fn is_missed(told: &Told) -> bool {
    told.is_missed() == Some(true)
}

/// When an alarm is raised for tests that were missed, by what a station was told.
fn raised(told: &[(u64, Told)]) -> Option<u64> {
    let party = PartyId([1; 32]);
    let key = Key {
        cause: Cause::TestMissed,
        party,
    };
    let mut book = Alarms::default();
    let mut news = told
        .iter()
        .filter_map(|(at, it)| Some((*at, it.is_missed()?)));
    news.find_map(|(monotonic, is_missed)| {
        let wall = two::MIDNIGHT + monotonic;
        let now = Moment { monotonic, wall };
        let causes = is_missed.then_some(key).into_iter().collect();
        let changed = book.observe(&causes, &std::collections::BTreeSet::new(), now);
        changed
            .iter()
            .any(|it| it.state == State::Raised)
            .then_some(monotonic)
    })
}

fn is_excused(told: &Told) -> bool {
    use Told::{NoAnswer, NoReady, TheirsMissed};
    matches!(
        told,
        NoReady { excused: true, .. }
            | NoAnswer { excused: true, .. }
            | TheirsMissed { excused: true }
    )
}

/// No text twice within a day.
fn check_texts(sent: &[(u64, Digest)]) {
    let mut last: BTreeMap<Digest, u64> = BTreeMap::new();
    for (at, digest) in sent {
        let before = last.insert(*digest, *at);
        assert!(before.is_none_or(|before| at - before >= DAY), "{at}");
    }
}

/// OL-751 OL-752 OL-754 OL-755 OL-757 OL-759
#[test]
fn for_thirty_days_each_side_begins_half_and_every_test_passes() {
    let mut world = World::new();
    world.run_until(30 * DAY - 1);
    for which in [0, 1] {
        let called = world.called_up(which);
        assert_eq!(called.len(), 360);
        for (test, at) in called.iter().enumerate() {
            let hour = (2 * test + which) as u64;
            assert_eq!(*at, hour * HOUR, "in its own hour");
        }
        let station = &world.stations[which];
        assert_eq!(
            count(&station.told, |it| matches!(it, Told::Passed { .. })),
            360
        );
        let by_person = |it: &Told| matches!(it, Told::PersonAnswered { by, is_right: true, .. } if by == "Orlova");
        assert_eq!(count(&station.told, by_person), 360);
        assert_eq!(
            count(&station.told, |it| matches!(it, Told::TheirsRead { .. })),
            360
        );
        assert_eq!(station.told.len(), 3 * 360, "and nothing else");
        assert_eq!(station.sent.len(), 360);
        check_texts(&station.sent);
    }
}

/// OL-757: whenever it dies.
#[test]
fn a_dead_peer_is_noticed_within_one_cadence_and_the_time_of_a_test() {
    for minutes in (3..240).step_by(7) {
        for dies in [0, 1] {
            let mut world = World::new();
            world.run_until(2 * DAY + minutes * 60_000);
            let death = world.now;
            let last_test = death / HOUR * HOUR;
            world.stations[dies].is_dead = true;
            world.run_until(death + 3 * HOUR);
            let told = &world.stations[1 - dies].told;
            assert_eq!(count(told, is_excused), 0);
            let missed = raised(told).expect("an alarm is raised");
            assert!(missed > death, "not before");
            // The exchange is not instantaneous: some seconds on top.
            let limit = last_test + HOUR + LASTS + 10_000;
            assert!(missed <= limit, "{minutes} {dies}: {missed} {limit}");
        }
    }
}

/// OL-757 OL-752
#[test]
fn an_announced_silence_of_hours_is_excused_and_the_tests_go_on_behind_it() {
    let mut world = World::new();
    world.run_until(DAY + 30 * 60_000);
    let begins = world.now;
    world.stations[0].book.silence(true, begins);
    world.stations[1].is_dead = true;
    world.run_until(begins + 7 * HOUR);
    world.restart(1);
    world.run_until(begins + 7 * HOUR + 1_000);
    let now = world.now;
    world.stations[0].book.silence(false, now);
    world.run_until(3 * DAY);
    for station in &world.stations {
        assert_eq!(count(&station.told, is_missed), 0, "{:?}", station.told);
        assert_eq!(raised(&station.told), None);
    }
    let told = &world.stations[0].told;
    assert!(count(told, is_excused) >= 6);
    let theirs = world.stations[1].told.clone();
    let missed = |it: &Told| matches!(it, Told::OursMissed { .. });
    let turns: u64 = theirs
        .iter()
        .map(|(_, it)| match it {
            Told::OursMissed { turns } => *turns,
            _ => 0,
        })
        .sum();
    assert_eq!((count(&theirs, missed), turns), (1, 3), "reported once");
    for which in [0, 1] {
        let called = world.called_up(which);
        let mut pairs = called.windows(2);
        assert!(pairs.all(|pair| pair[1] - pair[0] >= HOUR), "no bursts");
        check_texts(&world.stations[which].sent);
    }
}

/// OL-753: set ahead by a day and an hour, back by years, running, or standing still.
#[test]
fn a_wrong_clock_stops_no_test() {
    let hours = |hours: i64| hours * HOUR as i64;
    for ahead in [hours(24), hours(25), hours(-24), hours(-20_001), hours(1)] {
        let mut world = World::new();
        world.run_until(DAY);
        world.stations[0].ahead = ahead;
        world.run_until(2 * DAY);
        world.stations[0].ahead = 0;
        world.run_until(4 * DAY);
        for station in &world.stations {
            let passed = count(&station.told, |it| matches!(it, Told::Passed { .. }));
            assert!((45..=51).contains(&passed), "{ahead}: {passed}");
            assert!(
                count(&station.told, is_missed) <= 2,
                "{ahead}: once for a jump"
            );
            check_texts(&station.sent);
        }
    }
}

/// OL-752 OL-759: a station that is restarted again and again.
#[test]
fn restarts_repeat_neither_a_call_up_nor_a_text() {
    let mut world = World::new();
    for _ in 0..100 {
        let minutes = 20 + world.draw(90);
        let next = world.now + minutes * 60_000;
        world.run_until(next);
        world.restart(0);
    }
    let called = world.called_up(0);
    let mut pairs = called.windows(2);
    assert!(pairs.all(|pair| pair[1] / HOUR != pair[0] / HOUR));
    let span = world.now / (2 * HOUR);
    assert!(
        called.len() as u64 + 3 >= span,
        "{} of {span}",
        called.len()
    );
    check_texts(&world.stations[0].sent);
}

/// OL-755: nobody reads there, and the machine's answer says no more than it is.
#[test]
fn a_station_that_nobody_attends_answers_by_machine_alone() {
    let mut world = World::new();
    world.stations[1].is_attended = false;
    world.run_until(DAY - 1);
    let told = &world.stations[0].told;
    assert_eq!(count(told, |it| matches!(it, Told::Passed { .. })), 12);
    assert_eq!(
        count(told, |it| matches!(it, Told::NobodyAnswered { .. })),
        12
    );
    assert_eq!(
        count(told, |it| matches!(it, Told::PersonAnswered { .. })),
        0
    );
}

// ---- one test, entry by entry ----

fn author(party: u8, boot: u8) -> Author {
    Author {
        party: PartyId([party; 32]),
        node: NodeId([party; 32]),
        boot: BootId([boot; 16]),
    }
}

fn book(party: u8) -> Book {
    let place = (usize::from(party) - 1, 2);
    Book::new(author(party, 1), place, Figures::default(), [party; 32], 0)
}

fn note(id: u8, author: Author, fact: Fact, content: Option<Digest>) -> Note {
    Note {
        id: EntryId([id; 32]),
        author,
        actor: String::new(),
        age: 0,
        content,
        fact,
    }
}

/// Washington called up and Moscow is ready: what Washington's book wants written then.
fn texted() -> (Book, Vec<Do>) {
    let mut washington = book(1);
    let asked = washington.call_up(0).expect("none is under way");
    assert_eq!(asked, Do::Write(Fact::CallUp(CallUp { turn: None }), None));
    let called = Fact::CallUp(CallUp { turn: None });
    washington.observe(&note(1, author(1, 1), called, None), 0);
    let ready = Fact::Ready(Ready {
        call_up: EntryId([1; 32]),
    });
    let done = washington.observe(&note(2, author(2, 1), ready, None), 1_000);
    (washington, done)
}

fn answer(id: u8, by: Answerer, content: Digest, author: Author) -> Note {
    let text = EntryId([3; 32]);
    note(
        id,
        author,
        Fact::TestAnswer(TestAnswer { text, by, content }),
        None,
    )
}

/// OL-754 OL-755 OL-756
#[test]
fn only_the_boot_that_was_ready_answers_and_only_in_time() {
    let (mut washington, done) = texted();
    let ready = EntryId([2; 32]);
    let [Do::Write(fact @ Fact::TestText(TestText { ready: names }), Some(text))] = &done[..]
    else {
        panic!("no text: {done:?}");
    };
    assert_eq!(*names, ready);
    let digest = digest_of(&text.to_bytes());
    washington.observe(&note(3, author(1, 1), fact.clone(), Some(digest)), 1_000);
    let other_ready = Fact::Ready(Ready {
        call_up: EntryId([1; 32]),
    });
    let again = washington.observe(&note(4, author(2, 2), other_ready, None), 1_500);
    assert_eq!(again, [], "one text only");
    let stranger = answer(5, Answerer::Machine, digest, author(2, 2));
    assert_eq!(washington.observe(&stranger, 2_000), []);
    let mut late = washington.clone();
    let right = answer(6, Answerer::Machine, digest, author(2, 1));
    let call_up = EntryId([1; 32]);
    let told = washington.observe(&right, LASTS - 1);
    assert_eq!(
        told,
        [Do::Tell(Told::Passed {
            call_up,
            took_ms: LASTS - 1
        })]
    );
    assert_eq!(late.observe(&right, LASTS), [], "too late");
    let mut garbled = texted().0;
    garbled.observe(&note(3, author(1, 1), fact.clone(), Some(digest)), 1_000);
    let wrong = answer(6, Answerer::Machine, Digest([0; 32]), author(2, 1));
    assert_eq!(
        garbled.observe(&wrong, 2_000),
        [Do::Tell(Told::Garbled { call_up })]
    );
}

/// OL-754: who asks again at once is told so, and what the timetable has waits for a moment.
#[test]
fn a_boot_calls_up_no_two_times_within_twenty_seconds() {
    let mut washington = book(1);
    let asked = Fact::CallUp(CallUp { turn: None });
    let just_before = HOUR * 2 - 5_000;
    washington.woken(Moment {
        monotonic: 0,
        wall: 0,
    });
    washington.call_up(just_before).expect("none is under way");
    washington.observe(&note(1, author(1, 1), asked, None), just_before);
    let ready = Fact::Ready(Ready {
        call_up: EntryId([1; 32]),
    });
    let done = washington.observe(&note(2, author(2, 1), ready, None), just_before + 10);
    let [Do::Write(fact, Some(text))] = &done[..] else {
        panic!("no text: {done:?}");
    };
    let content = digest_of(&text.to_bytes());
    let sent = note(3, author(1, 1), fact.clone(), Some(content));
    washington.observe(&sent, just_before + 10);
    let right = answer(4, Answerer::Machine, content, author(2, 1));
    assert_eq!(washington.observe(&right, just_before + 20).len(), 1);
    assert_eq!(
        washington.call_up(just_before + 9_999),
        Err(NotDone::TooSoon)
    );
    let at = |monotonic| Moment {
        monotonic,
        wall: monotonic,
    };
    assert_eq!(washington.wake_at(at(2 * HOUR)), just_before + 20_000);
    assert_eq!(washington.woken(at(2 * HOUR)), []);
    let due = washington.woken(at(just_before + 20_000));
    let called = Fact::CallUp(CallUp { turn: Some(2) });
    assert!(due.contains(&Do::Write(called, None)), "{due:?}");
}

/// OL-754: a peer that calls up without end gets one ready every ten seconds.
#[test]
fn a_flood_of_call_ups_is_passed_over() {
    let mut moscow = book(2);
    let mut ready = 0;
    for at in 0..100u64 {
        let mut called = note(0, author(1, 1), Fact::CallUp(CallUp { turn: None }), None);
        called.id.0[..8].copy_from_slice(&at.to_be_bytes());
        ready += moscow.observe(&called, at * 1_000).len();
    }
    assert_eq!(ready, 10);
}

/// OL-755: Moscow's side of a test.
#[test]
fn moscow_answers_once_by_machine_and_once_in_orlovas_name() {
    let mut moscow = book(2);
    let called = note(
        1,
        author(1, 1),
        Fact::CallUp(CallUp { turn: Some(0) }),
        None,
    );
    let call_up = called.id;
    let ready = Fact::Ready(Ready { call_up });
    assert_eq!(moscow.observe(&called, 0), [Do::Write(ready.clone(), None)]);
    assert_eq!(moscow.observe(&called, 20_000), [], "it is not new");
    moscow.observe(&note(2, author(2, 1), ready, None), 0);
    let text = EntryId([3; 32]);
    assert_eq!(moscow.read(&text), Err(NotDone::NothingToRead));
    let sent = Fact::TestText(TestText {
        ready: EntryId([2; 32]),
    });
    let without_body = note(3, author(1, 1), sent.clone(), None);
    assert_eq!(moscow.observe(&without_body, 500), [], "nothing was read");
    let content = Digest([5; 32]);
    let other = note(3, author(1, 2), sent.clone(), Some(content));
    assert_eq!(moscow.observe(&other, 500), [], "another boot's");
    let answer = |by| Fact::TestAnswer(TestAnswer { text, by, content });
    let sent = note(3, author(1, 1), sent, Some(content));
    let done = moscow.observe(&sent, 600);
    let machine = answer(Answerer::Machine);
    assert_eq!(
        done,
        [
            Do::Write(machine, None),
            Do::Tell(Told::TheirsRead { text })
        ]
    );
    assert_eq!(moscow.observe(&sent, 700), []);
    assert_eq!(moscow.read(&text), Ok(answer(Answerer::Person)));
    assert_eq!(moscow.read(&text), Err(NotDone::Answered));
}

/// OL-756 OL-759
#[test]
fn a_person_may_test_at_any_time_but_not_use_up_the_texts() {
    let mut washington = book(1);
    let mut tests = 0u8;
    let refused = loop {
        let now = u64::from(tests) * 200_000;
        let moment = Moment {
            monotonic: now,
            wall: 0,
        };
        washington.woken(moment);
        let Ok(_) = washington.call_up(now) else {
            break washington.call_up(now);
        };
        assert_eq!(washington.call_up(now), Err(NotDone::UnderWay));
        tests += 1;
        let called = Fact::CallUp(CallUp { turn: None });
        let called = note(2 * tests, author(1, 1), called, None);
        washington.observe(&called, now);
        let ready = Fact::Ready(Ready { call_up: called.id });
        let ready = note(2 * tests + 1, author(2, 1), ready, None);
        let done = washington.observe(&ready, now + 10);
        assert!(matches!(&done[..], [Do::Write(_, Some(Text { .. }))]));
    };
    assert_eq!((tests, refused), (16, Err(NotDone::NoTextLeft)));
}
