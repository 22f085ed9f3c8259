//! Alarms at a station: what raises and clears them, who acknowledges and shelves them, and what a restart leaves of that.

use crate::support::desk;

use std::collections::{BTreeMap, BTreeSet};

use desk::{MOSCOW, party, person};
use openline_proto::alarm::book::{Alarm, Book, NotDone, SHELVED_MAX_MS, SHELVED_MIN_MS};
use openline_proto::alarm::cause::{Cause, Evidence, Key};
use openline_proto::alarm::machine::State;
use openline_proto::contract::Moment;
use openline_proto::watch::book::Duty;
use openline_wire::header::Actor;
use proptest::prelude::*;

const NOON: u64 = 1_652_961_600_000;

fn at(monotonic: u64) -> Moment {
    let wall = NOON + monotonic;
    Moment { monotonic, wall }
}

fn key(cause: Cause) -> Key {
    let party = party(MOSCOW);
    Key { cause, party }
}

fn holding(causes: &[Cause]) -> BTreeSet<Key> {
    causes.iter().map(|cause| key(*cause)).collect()
}

/// Nothing happens once more.
static NEVER_AGAIN: BTreeSet<Key> = BTreeSet::new();

fn state(book: &Book, cause: Cause) -> State {
    let mut alarms = book.alarms();
    alarms
        .find(|it| it.key == key(cause))
        .map_or(State::Quiet, |it| it.state)
}

/// A book with an alarm raised at 0.
fn raised(cause: Cause) -> Book {
    let mut book = Book::default();
    book.observe(&holding(&[cause]), &NEVER_AGAIN, at(0));
    book.woken(at(cause.raised_after()));
    assert_eq!(state(&book, cause), State::Raised);
    book
}

/// OL-771: `spec/registries.md` and the code say the same.
#[test]
fn every_cause_is_registered_with_its_times() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/registries.md");
    let text = std::fs::read_to_string(path).expect("the registries");
    let section = text.split("## Alarms").nth(1).expect("the alarms");
    let section = section.split("\n## ").next().expect("a table");
    let row = |line: &str| {
        let cells: Vec<String> = line.split('|').map(|cell| cell.trim().to_owned()).collect();
        cells.get(2)?.parse::<u64>().ok()?;
        Some((cells[1].clone(), (cells[2].clone(), cells[3].clone())))
    };
    let registered: BTreeMap<_, _> = section.lines().filter_map(row).collect();
    let seconds = |ms: u64| (ms / 1_000).to_string();
    let known = Cause::ALL.map(|cause| {
        let never = || "never".to_owned();
        let cleared = cause.cleared_after().map_or_else(never, seconds);
        (
            cause.word().to_owned(),
            (seconds(cause.raised_after()), cleared),
        )
    });
    assert_eq!(registered, known.into_iter().collect());
}

/// OL-771
#[test]
fn each_cause_follows_from_its_evidence_and_from_nothing_else() {
    let calm = Evidence {
        party: party(MOSCOW),
        is_own: false,
        is_alive: true,
        is_way_cut: false,
        test_missed: false,
        duty: Duty::Present,
        is_doubled: false,
        roster_gap: false,
        shift_untaken: false,
        ring_unanswered: false,
        floods: false,
        misbehaved: false,
        is_cloned: false,
        number_differs: false,
    };
    assert!(calm.causes().is_empty());
    let (mut silent, mut missed, mut empty, mut late, mut doubled) = (calm, calm, calm, calm, calm);
    silent.is_alive = false;
    let mut cut = calm;
    cut.is_way_cut = true;
    missed.test_missed = true;
    empty.duty = Duty::Nobody;
    late.duty = Duty::Overdue;
    (doubled.is_doubled, doubled.is_own) = (true, true);
    let (mut gap, mut untaken) = (calm, calm);
    (gap.roster_gap, gap.is_own) = (true, true);
    (untaken.shift_untaken, untaken.is_own) = (true, true);
    let (mut ring, mut flood, mut liar, mut cloned, mut number) = (calm, calm, calm, calm, calm);
    ring.ring_unanswered = true;
    flood.floods = true;
    liar.misbehaved = true;
    cloned.is_cloned = true;
    number.number_differs = true;
    let all = [
        silent, cut, missed, empty, late, doubled, gap, untaken, ring, flood, liar, cloned, number,
    ];
    for (evidence, cause) in all.into_iter().zip(Cause::ALL) {
        assert_eq!(evidence.causes(), holding(&[cause]));
    }
    // Theirs is theirs, and of whom nobody hears nobody can say that he is late.
    for mut theirs in [doubled, gap, untaken] {
        theirs.is_own = false;
        assert!(theirs.causes().is_empty());
    }
    late.is_alive = false;
    assert_eq!(late.causes(), holding(&[Cause::NoSignOfLife]));
}

/// OL-772
#[test]
fn a_link_that_fades_and_comes_back_makes_no_chatter() {
    let cause = Cause::NoSignOfLife;
    let mut book = Book::default();
    for second in 0..600 {
        // Away for 25 seconds of every 30.
        let causes = if second % 30 < 25 {
            holding(&[cause])
        } else {
            BTreeSet::new()
        };
        assert_eq!(book.observe(&causes, &NEVER_AGAIN, at(second * 1_000)), []);
    }
    let mut book = raised(cause);
    for second in 30..600 {
        // Back for ten seconds of every thirty.
        let causes = if second % 30 < 20 {
            holding(&[cause])
        } else {
            BTreeSet::new()
        };
        assert_eq!(book.observe(&causes, &NEVER_AGAIN, at(second * 1_000)), []);
    }
    assert_eq!(
        book.observe(&BTreeSet::new(), &NEVER_AGAIN, at(600_000)),
        []
    );
    assert_eq!(book.wake_at(), Some(605_000));
    assert_eq!(book.woken(at(604_999)), []);
    assert_eq!(book.woken(at(605_000))[0].state, State::Cleared);
}

/// OL-772
#[test]
fn proof_of_misbehaviour_is_never_cleared() {
    let mut book = raised(Cause::Misbehaviour);
    assert_eq!(
        book.observe(&BTreeSet::new(), &NEVER_AGAIN, at(1_000_000_000)),
        []
    );
    assert_eq!(state(&book, Cause::Misbehaviour), State::Raised);
}

/// OL-773
#[test]
fn orlova_acknowledges_by_name_and_a_new_alarm_is_a_new_one() {
    let cause = Cause::TestMissed;
    let mut book = raised(cause);
    assert!(book.sounds());
    let nobody = book.acknowledge(&key(cause), &Actor::station(), at(1));
    assert_eq!(nobody, Err(NotDone::Nobody));
    let alarm = book
        .acknowledge(&key(cause), &person("Orlova"), at(1))
        .expect("it is raised");
    assert_eq!(alarm.by, Some(person("Orlova")));
    assert!(!book.sounds());
    let again = book.acknowledge(&key(cause), &person("Petrov"), at(2));
    assert_eq!(again, Err(NotDone::Done));
    book.observe(&BTreeSet::new(), &NEVER_AGAIN, at(3));
    assert_eq!(state(&book, cause), State::Quiet);
    book.observe(&holding(&[cause]), &NEVER_AGAIN, at(4));
    assert_eq!(state(&book, cause), State::Raised);
    let other = book.acknowledge(&key(Cause::Clone), &person("Orlova"), at(5));
    assert_eq!(other, Err(NotDone::NotRaised));
}

/// OL-773
#[test]
fn what_happens_once_more_is_raised_anew_unless_it_is_put_aside() {
    let cause = Cause::RingUnanswered;
    let causes = holding(&[cause]);
    let mut book = raised(cause);
    assert_eq!(book.observe(&causes, &causes, at(1)), [], "it sounds");
    book.acknowledge(&key(cause), &person("Orlova"), at(2))
        .expect("it is raised");
    assert_eq!(book.observe(&causes, &NEVER_AGAIN, at(3)), []);
    let again = book.observe(&causes, &causes, at(4));
    let again: Vec<_> = again.into_iter().map(|it| (it.state, it.by)).collect();
    assert_eq!(again, [(State::Raised, None)]);
    book.shelve(&key(cause), &person("Orlova"), SHELVED_MIN_MS, at(5))
        .expect("it is raised");
    assert_eq!(book.observe(&causes, &causes, at(6)), []);
    // Once accepted and once more unanswered between two looks.
    let mut book = Book::default();
    let new = book.observe(&causes, &causes, at(7));
    assert_eq!(new.len(), 1, "raised once");
}

/// OL-773
#[test]
fn what_went_away_before_anybody_saw_it_is_still_shown() {
    let cause = Cause::RingUnanswered;
    let mut book = raised(cause);
    book.observe(&BTreeSet::new(), &NEVER_AGAIN, at(10));
    assert_eq!(state(&book, cause), State::Cleared);
    book.woken(at(1_000_000_000));
    assert_eq!(state(&book, cause), State::Cleared);
    book.acknowledge(&key(cause), &person("Orlova"), at(1_000_000_001))
        .expect("it is shown");
    assert_eq!(book.alarms().count(), 0);
}

/// OL-774
#[test]
fn what_is_shelved_comes_back_when_its_time_is_over() {
    let cause = Cause::PresenceOverdue;
    for wrong in [0, SHELVED_MIN_MS - 1, SHELVED_MAX_MS + 1, u64::MAX] {
        let mut book = raised(cause);
        let shelved = book.shelve(&key(cause), &person("Orlova"), wrong, at(0));
        assert_eq!(shelved, Err(NotDone::WrongTime));
    }
    for lasts in [true, false] {
        let mut book = raised(cause);
        let shelved = book
            .shelve(&key(cause), &person("Orlova"), 3_600_000, at(0))
            .expect("it is raised");
        assert_eq!(
            (shelved.by, shelved.until),
            (Some(person("Orlova")), Some(NOON + 3_600_000))
        );
        let longer = book.shelve(&key(cause), &person("Orlova"), SHELVED_MAX_MS, at(1));
        assert_eq!(longer, Err(NotDone::Done));
        let causes = if lasts {
            holding(&[cause])
        } else {
            BTreeSet::new()
        };
        assert_eq!(book.observe(&causes, &NEVER_AGAIN, at(3_599_999)), []);
        assert!(!book.sounds());
        assert_eq!(book.wake_at(), Some(3_600_000));
        book.woken(at(3_600_000));
        let then = if lasts { State::Raised } else { State::Quiet };
        assert_eq!(state(&book, cause), then);
    }
    let mut book = raised(cause);
    book.shelve(&key(cause), &person("Orlova"), SHELVED_MIN_MS, at(0))
        .expect("it is raised");
    book.unshelve(&key(cause), &person("Petrov"), at(1))
        .expect("it is shelved");
    assert!(book.sounds());
}

/// OL-775
#[test]
fn a_restart_forgets_neither_names_nor_shelves_and_lengthens_none() {
    let cause = Cause::PresenceOverdue;
    let restored = |alarm: &Alarm, wall| {
        let mut book = Book::default();
        let now = Moment { monotonic: 0, wall };
        book.restore([alarm.clone()], now);
        book.observe(&holding(&[cause]), &NEVER_AGAIN, now);
        book
    };
    let mut book = raised(cause);
    let shown = book.alarms().next().expect("one").clone();
    assert!(restored(&shown, NOON + 1).sounds(), "nobody has seen it");
    let seen = book
        .acknowledge(&key(cause), &person("Orlova"), at(0))
        .expect("raised");
    let again = restored(&seen, NOON + 1);
    assert_eq!(again.alarms().next(), Some(&seen));
    let shelved = book
        .shelve(&key(cause), &person("Orlova"), 3_600_000, at(0))
        .expect("raised");
    // The clock was right, ran ahead, or was set back by a year.
    for (wall, left) in [
        (NOON + 600_000, 3_000_000),
        (NOON + 7_200_000, 0),
        (NOON - 31_536_000_000, 3_600_000),
    ] {
        let again = restored(&shelved, wall);
        assert_eq!(again.wake_at().unwrap_or(0), left, "{wall}");
        assert_eq!(again.sounds(), left == 0);
    }
    // The cause is gone, and nobody had acknowledged it: that is still shown.
    let mut book = Book::default();
    book.restore([shown], at(0));
    book.observe(&BTreeSet::new(), &NEVER_AGAIN, at(0));
    assert_eq!(state(&book, cause), State::Cleared);
}

#[derive(Clone, Debug)]
enum Step {
    Causes(BTreeSet<usize>),
    Acknowledge(usize),
    Shelve(usize, u64),
}

fn step() -> impl Strategy<Value = (u64, Step)> {
    let causes = || 0..Cause::ALL.len();
    let step = prop_oneof![
        prop::collection::btree_set(causes(), 0..6).prop_map(Step::Causes),
        causes().prop_map(Step::Acknowledge),
        (causes(), SHELVED_MIN_MS..=SHELVED_MAX_MS)
            .prop_map(|(at, length)| Step::Shelve(at, length)),
    ];
    (0..400_000u64, step)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// OL-772 OL-773 OL-774
    #[test]
    fn in_any_history_a_lasting_cause_is_raised_known_or_shelved(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut book = Book::default();
        let mut since = [None::<u64>; 9];
        let mut now = 0;
        for (length, step) in steps {
            let end = now + length;
            while let Some(due) = book.wake_at().filter(|due| *due <= end) {
                now = due.max(now);
                book.woken(at(now));
                prop_assert!(book.wake_at().is_none_or(|next| next > now));
            }
            now = end;
            match step {
                Step::Causes(numbers) => {
                    let causes = numbers.iter().map(|&it| key(Cause::ALL[it])).collect::<BTreeSet<_>>();
                    for (number, since) in since.iter_mut().enumerate() {
                        let holds = numbers.contains(&number);
                        *since = holds.then(|| since.unwrap_or(now));
                    }
                    book.observe(&causes, &NEVER_AGAIN, at(now));
                }
                Step::Acknowledge(which) => {
                    let _ = book.acknowledge(&key(Cause::ALL[which]), &person("Orlova"), at(now));
                }
                Step::Shelve(which, length) => {
                    let _ = book.shelve(&key(Cause::ALL[which]), &person("Orlova"), length, at(now));
                }
            }
            for (cause, since) in Cause::ALL.iter().zip(since) {
                let state = state(&book, *cause);
                let lasts = since.is_some_and(|since| now >= since + cause.raised_after());
                prop_assert!(!lasts || !matches!(state, State::Quiet | State::Cleared));
            }
            for alarm in book.alarms() {
                let by_name = matches!(alarm.state, State::Acknowledged | State::Shelved);
                prop_assert_eq!(alarm.by.is_some(), by_name);
                let ends = alarm.until.map(|until| until - NOON);
                prop_assert!(ends.is_none_or(|ends| ends > now && ends <= now + SHELVED_MAX_MS));
            }
        }
    }
}
