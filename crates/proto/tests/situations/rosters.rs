//! What the two parties' rosters say of a moment: who is planned, where nobody is, whose shift was not taken, and when the clock on
//! the wall says nothing.

use crate::support::desk;

use desk::{Desk, MOSCOW, WASHINGTON, party};
use openline_proto::contract::Moment;
use openline_proto::watch::clock::{Clock, DOUBTED_MS};
use openline_proto::watch::known::Note;
use openline_proto::watch::roster::{Book, Gap, LEAD_MS, Outlook, Rosters, TAKEN_MS};
use openline_wire::codes::Mark;
use openline_wire::fact::{Fact, Roster, Shift};
use openline_wire::limits;

const HOUR: u64 = 3_600_000;

/// The hour in which the desks sign, and from which all times here are counted.
const NOON: u64 = 1_652_961_600_000;

fn shift(from: u64, until: u64, officer: &str) -> Shift {
    Shift {
        from: NOON + from * HOUR,
        until: NOON + until * HOUR,
        officer: officer.to_owned(),
    }
}

fn book() -> Book {
    Book::new([party(WASHINGTON), party(MOSCOW)])
}

/// Signed at a desk whose book holds this.
fn planned(desk: &mut Desk, book: &Book, shifts: Vec<Shift>) -> Note {
    let length = (NOON, NOON + 48 * HOUR);
    let roster = book.plan(&desk.author.party, length, shifts);
    desk.sign("Orlova", Fact::Roster(roster))
}

fn outlook(book: &Book, hour: u64) -> Outlook {
    let moscows = book.of(&party(MOSCOW)).expect("of the line");
    moscows.outlook(NOON + hour * HOUR)
}

fn gap(from: u64, until: Option<u64>) -> Option<Gap> {
    let at = |hour| NOON + hour * HOUR;
    Some(Gap {
        from: at(from),
        until: until.map(at),
    })
}

/// Three officers, with nobody from 30 to 32 o'clock, and the end of the plan at 40.
fn moscows_plan() -> Vec<Shift> {
    vec![
        shift(0, 8, "Orlova"),
        shift(8, 30, "Petrov"),
        shift(32, 40, "Sidorov"),
    ]
}

/// OL-724
#[test]
fn a_gap_is_seen_twelve_hours_ahead_and_not_sooner_and_so_is_the_end_of_the_plan() {
    let (mut moscow, mut held) = (Desk::new(MOSCOW, 1), book());
    let note = planned(&mut moscow, &held, moscows_plan());
    held.observe(&note, NOON);
    let lead = LEAD_MS / HOUR;
    assert_eq!(outlook(&held, 30 - lead).gap, None);
    let soon = held.of(&party(MOSCOW)).expect("of the line");
    assert_eq!(
        soon.outlook(NOON + 30 * HOUR - LEAD_MS + 1).gap,
        gap(30, Some(32))
    );
    assert_eq!(outlook(&held, 31).gap, gap(30, Some(32)));
    assert_eq!(outlook(&held, 32).gap, gap(40, None));
    assert_eq!(outlook(&held, 500).gap, gap(40, None));
    let now = outlook(&held, 9);
    assert_eq!(now.now, Some(shift(8, 30, "Petrov")));
    assert_eq!(now.next, Some(shift(32, 40, "Sidorov")));
    assert_eq!(outlook(&held, 31).now, None);
    assert_eq!(soon.gaps(NOON, NOON + 48 * HOUR).len(), 2);
}

/// OL-723 OL-724: nobody promised anything.
#[test]
fn a_party_without_a_roster_has_no_gap_and_one_that_takes_it_back_has_none_any_more() {
    let (mut moscow, mut held) = (Desk::new(MOSCOW, 1), book());
    assert_eq!(outlook(&held, 0), Outlook::default());
    let first = planned(&mut moscow, &held, moscows_plan());
    held.observe(&first, NOON);
    let back = planned(&mut moscow, &held, Vec::new());
    held.observe(&back, NOON);
    assert_eq!(outlook(&held, 500), Outlook::default());
    let rosters = held.of(&party(MOSCOW));
    assert_eq!(rosters.and_then(Rosters::stored), None);
}

/// OL-724: one that is to begin tomorrow leaves today open, and that is a gap from when it was signed.
#[test]
fn a_plan_that_begins_tomorrow_says_that_nobody_is_planned_today() {
    let (mut moscow, mut held) = (Desk::new(MOSCOW, 1), book());
    let note = planned(&mut moscow, &held, vec![shift(24, 40, "Orlova")]);
    held.observe(&note, NOON);
    assert_eq!(outlook(&held, 1).gap, gap(0, Some(24)));
}

/// OL-722: the later one lists the earlier one; whichever comes first.
#[test]
fn a_roster_that_replaces_another_stands_alone_in_whatever_order_they_come() {
    let (mut moscow, mut own) = (Desk::new(MOSCOW, 1), book());
    let first = planned(&mut moscow, &own, moscows_plan());
    own.observe(&first, NOON);
    let mended = vec![shift(0, 8, "Orlova"), shift(8, 40, "Petrov")];
    let second = planned(&mut moscow, &own, mended);
    own.observe(&second, NOON);
    let mut theirs = book();
    theirs.observe(&second, NOON);
    theirs.observe(&first, NOON);
    for held in [&own, &theirs] {
        let rosters = held.of(&party(MOSCOW)).expect("of the line");
        let ids: Vec<_> = rosters.standing().map(|it| it.id).collect();
        assert_eq!(ids, [second.id]);
        assert_eq!(outlook(held, 29).gap, gap(40, None));
    }
}

/// OL-722 OL-724: two desks that did not hear each other; a moment is planned if either plans it.
#[test]
fn of_two_rosters_that_cross_both_stand_until_one_replaces_both() {
    let (mut one, mut two, mut held) = (Desk::new(MOSCOW, 1), Desk::new(MOSCOW, 2), book());
    let empty = book();
    let notes = [
        planned(&mut one, &empty, vec![shift(0, 10, "Orlova")]),
        planned(&mut two, &empty, vec![shift(8, 20, "Petrov")]),
    ];
    notes.iter().for_each(|note| held.observe(note, NOON));
    assert_eq!(outlook(&held, 9).gap, gap(20, None));
    assert_eq!(outlook(&held, 7).gap, None);
    assert_eq!(outlook(&held, 9).now, Some(shift(8, 20, "Petrov")));
    let both = planned(&mut one, &held, vec![shift(0, 40, "Orlova")]);
    held.observe(&both, NOON);
    let rosters = held.of(&party(MOSCOW)).expect("of the line");
    assert_eq!(rosters.standing().count(), 1);
    assert_eq!(outlook(&held, 27).gap, None);
}

/// OL-708 OL-722: an exercise plans nobody, and Washington plans nobody for Moscow.
#[test]
fn what_is_no_earnest_or_another_partys_plans_nobody() {
    let (mut moscow, mut washington) = (Desk::new(MOSCOW, 1), Desk::new(WASHINGTON, 2));
    let mut held = book();
    let mut exercise = planned(&mut moscow, &held, moscows_plan());
    exercise.mark = Mark::Exercise;
    held.observe(&exercise, NOON);
    assert_eq!(outlook(&held, 0), Outlook::default());
    let mut first = planned(&mut moscow, &held, moscows_plan());
    first.mark = Mark::Real;
    held.observe(&first, NOON);
    let takes_back = Roster {
        from: NOON,
        until: NOON + HOUR,
        shifts: Vec::new(),
        replaces: vec![first.id],
    };
    let theirs = washington.sign("Jones", Fact::Roster(takes_back));
    held.observe(&theirs, NOON);
    assert_eq!(outlook(&held, 9).now, Some(shift(8, 30, "Petrov")));
}

/// OL-725
#[test]
fn a_shift_is_not_taken_a_quarter_of_an_hour_after_it_began_without_its_officer() {
    let (mut moscow, mut held) = (Desk::new(MOSCOW, 1), book());
    // Who goes stays for half an hour.
    let shifts = vec![shift(0, 9, "Orlova"), shift(8, 16, "Petrov")];
    let note = planned(&mut moscow, &held, shifts);
    held.observe(&note, NOON);
    let rosters = held.of(&party(MOSCOW)).expect("of the line");
    let untaken = |at: u64, on_watch: &str| rosters.untaken(at, |name| name == on_watch).cloned();
    let begins = NOON + 8 * HOUR;
    assert_eq!(untaken(begins + TAKEN_MS - 1, "Orlova"), None);
    let petrovs = Some(shift(8, 16, "Petrov"));
    assert_eq!(untaken(begins + TAKEN_MS, "Orlova"), petrovs);
    assert_eq!(untaken(begins + TAKEN_MS, "Petrov"), None);
    assert_eq!(untaken(begins - 1, "Nobody"), Some(shift(0, 9, "Orlova")));
    assert_eq!(untaken(NOON + 16 * HOUR, "Nobody"), None);
}

/// OL-725: two desks planned two officers for one shift; one of them came.
#[test]
fn of_two_who_are_planned_at_once_one_is_enough() {
    let (mut moscow, mut held) = (Desk::new(MOSCOW, 1), book());
    let mut two = Desk::new(MOSCOW, 2);
    let empty = book();
    let notes = [
        planned(&mut moscow, &empty, vec![shift(0, 8, "Orlova")]),
        planned(&mut two, &empty, vec![shift(0, 8, "Petrov")]),
    ];
    notes.iter().for_each(|note| held.observe(note, NOON));
    let rosters = held.of(&party(MOSCOW)).expect("of the line");
    for name in ["Orlova", "Petrov"] {
        assert_eq!(rosters.untaken(NOON + HOUR, |it| it == name), None);
    }
    assert!(rosters.untaken(NOON + HOUR, |_| false).is_some());
}

/// OL-726: a peer that signs rosters without end fills no memory.
#[test]
fn of_many_rosters_at_once_the_ones_that_last_longest_are_kept() {
    let (mut moscow, mut held) = (Desk::new(MOSCOW, 1), book());
    let empty = book();
    for hour in 0..40 {
        let roster = Roster {
            from: NOON,
            until: NOON + (hour + 1) * HOUR,
            ..empty.plan(&party(MOSCOW), (0, 0), vec![shift(0, 1, "Orlova")])
        };
        let note = moscow.sign("Orlova", Fact::Roster(roster));
        held.observe(&note, NOON);
    }
    let rosters = held.of(&party(MOSCOW)).expect("of the line");
    let ends: Vec<u64> = rosters.standing().map(|it| it.roster.until).collect();
    assert_eq!(ends.len(), limits::ROSTERS);
    assert!(ends.iter().all(|&until| until > NOON + 24 * HOUR));
    let next = held.plan(&party(MOSCOW), (NOON, NOON + HOUR), Vec::new());
    assert_eq!(next.replaces.len(), limits::ROSTERS);
}

/// OL-727
#[test]
fn a_clock_that_jumps_is_doubted_until_it_has_kept_step_and_one_behind_what_it_wrote_as_long_as_that()
 {
    let mut clock = Clock::default();
    let at = |monotonic, ahead: u64| Moment {
        monotonic,
        wall: NOON + monotonic + ahead,
    };
    let mut look = |now: Moment| {
        clock.look(now);
        clock.is_believed(now, Some(NOON))
    };
    assert!(look(at(0, 0)) && look(at(HOUR, limits::CLOCK_DOUBT_MS)));
    // A day ahead, and back.
    assert!(!look(at(HOUR + 1, 24 * HOUR)));
    assert!(!look(at(HOUR + DOUBTED_MS, 24 * HOUR)));
    assert!(look(at(HOUR + 1 + DOUBTED_MS, 24 * HOUR)));
    assert!(!look(at(2 * HOUR, 0)));
    assert!(look(at(2 * HOUR + DOUBTED_MS, 0)));
    // A boot whose clock has forgotten the time.
    let forgotten = Moment {
        monotonic: 0,
        wall: 0,
    };
    let clock = Clock::default();
    assert!(!clock.is_believed(forgotten, Some(NOON)) && clock.is_believed(forgotten, None));
}
