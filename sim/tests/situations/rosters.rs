//! Rosters of two real cores on a virtual clock: a gap alarms before it begins, a mended one clears, a restart keeps it, a shift
//! that nobody takes is noticed, and a clock that jumps raises nothing.

use openline_proto::alarm::cause::{Cause, Key};
use openline_proto::alarm::machine::State;
use openline_proto::contract::{Command, Event, Plan, Refusal};
use openline_proto::verdict::Planned;
use openline_proto::watch::book::Request;
use openline_proto::watch::clock::DOUBTED_MS;
use openline_proto::watch::roster::{Gap, LEAD_MS, TAKEN_MS};
use openline_wire::codes::Attestation;
use openline_wire::fact::Shift;
use openline_wire::header::Actor;

use crate::link;

use link::{Link, at};

const WASHINGTON: usize = 0;
const MOSCOW: usize = 1;
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

fn person(name: &str) -> Actor {
    Actor {
        name: name.into(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    }
}

/// A shift of Washington's, in milliseconds from the moment at which the clocks began.
fn shift(from: u64, until: u64, officer: &str) -> Shift {
    Shift {
        from: at(from).wall,
        until: at(until).wall,
        officer: officer.into(),
    }
}

fn ask(link: &mut Link, who: &str, command: Command) -> Option<Refusal> {
    ask_at(link, WASHINGTON, who, command)
}

fn ask_at(link: &mut Link, station: usize, who: &str, command: Command) -> Option<Refusal> {
    let before = link.stations[station].told.len();
    let now = link.moment(station);
    link.stations[station].command_by(person(who), now, 1, command);
    link.run(100);
    let told = link.stations[station].told[before..].iter();
    let mut refused = told.filter_map(|event| match event {
        Event::Refused { why, .. } => Some(why.clone()),
        _ => None,
    });
    refused.next()
}

/// Washington plans this, from the first shift to the end of the last one.
fn plan(link: &mut Link, shifts: Vec<Shift>) -> Option<Refusal> {
    plan_at(link, WASHINGTON, shifts)
}

fn plan_at(link: &mut Link, station: usize, shifts: Vec<Shift>) -> Option<Refusal> {
    let plan = Plan {
        from: shifts.first().map_or(0, |it| it.from),
        until: shifts.last().map_or(1, |it| it.until),
        shifts,
    };
    ask_at(link, station, "Maj. Jones", Command::Roster(plan))
}

fn open(link: &mut Link, who: &str) {
    let command = Command::Watch {
        request: Request::Replace(HOUR),
        text: String::new(),
        language: "en".into(),
    };
    assert_eq!(ask(link, who, command), None);
}

/// How an alarm about Washington stood at a station, from first to last.
fn states(link: &Link, station: usize, cause: Cause) -> Vec<State> {
    let party = link.stations[WASHINGTON].author().party;
    let key = Key { cause, party };
    let events = link.stations[station].told.iter();
    let alarms = events.filter_map(|event| match event {
        Event::Alarm { alarm, .. } if alarm.key == key => Some(alarm.state),
        _ => None,
    });
    alarms.collect()
}

/// What a station says of Washington's rosters.
fn planned(link: &Link, station: usize) -> Planned {
    planned_by(link, station, WASHINGTON)
}

fn planned_by(link: &Link, station: usize, planner: usize) -> Planned {
    let party = link.stations[planner].author().party;
    let status = link.stations[station].status(link.moment(station));
    let mut planned = status.expect("a line").planned.into_iter();
    planned.find(|it| it.party == party).expect("of the line")
}

/// OL-722 OL-723 OL-724 OL-771 OL-772: planned until a minute beyond the lead time.
#[test]
fn a_gap_alarms_before_it_begins_and_clears_when_it_is_mended() {
    let mut link = Link::new(5, 0);
    for station in [WASHINGTON, MOSCOW] {
        let none = planned(&link, station);
        assert!(none.rosters.is_empty());
        assert_eq!(none.outlook.expect("the clock is right").gap, None);
    }
    let ends = link.now + LEAD_MS + MINUTE;
    let begins = link.now;
    assert_eq!(
        plan(&mut link, vec![shift(begins, ends, "Maj. Jones")]),
        None
    );
    link.run(50_000);
    assert_eq!(states(&link, WASHINGTON, Cause::RosterGap), []);
    link.run(2 * MINUTE);
    assert_eq!(states(&link, WASHINGTON, Cause::RosterGap), [State::Raised]);
    // Moscow sees it, and raises no alarm over it.
    let gap = Gap {
        from: at(ends).wall,
        until: None,
    };
    for station in [WASHINGTON, MOSCOW] {
        let seen = planned(&link, station).outlook.expect("the clock is right");
        assert_eq!(seen.gap, Some(gap));
        assert_eq!(seen.now.expect("he is planned").officer, "Maj. Jones");
    }
    assert_eq!(states(&link, MOSCOW, Cause::RosterGap), []);
    let mended = vec![
        shift(begins, ends, "Maj. Jones"),
        shift(ends, ends + 12 * HOUR, "Cpt. Brown"),
    ];
    assert_eq!(plan(&mut link, mended), None);
    link.run(50_000);
    assert_eq!(states(&link, WASHINGTON, Cause::RosterGap), [State::Raised]);
    link.run(20_000);
    let cleared = [State::Raised, State::Cleared];
    assert_eq!(states(&link, WASHINGTON, Cause::RosterGap), cleared);
    assert_eq!(planned(&link, MOSCOW).rosters.len(), 1);
}

/// OL-718 OL-724 OL-775
#[test]
fn a_restart_keeps_the_roster_and_the_alarm() {
    let mut link = Link::new(5, 0);
    let begins = link.now;
    let ends = begins + 2 * HOUR;
    assert_eq!(
        plan(&mut link, vec![shift(begins, ends, "Maj. Jones")]),
        None
    );
    link.run(2 * MINUTE);
    assert_eq!(states(&link, WASHINGTON, Cause::RosterGap), [State::Raised]);
    link.restart(WASHINGTON, 3);
    link.run(30_000);
    assert_eq!(states(&link, WASHINGTON, Cause::RosterGap), [State::Raised]);
    let now = planned(&link, WASHINGTON);
    assert_eq!((now.rosters.len(), now.untaken), (1, None));
    assert!(now.outlook.expect("the clock is right").gap.is_some());
    // Taken back, it is over.
    assert_eq!(plan(&mut link, Vec::new()), None);
    link.run(61_000);
    let cleared = [State::Raised, State::Cleared];
    assert_eq!(states(&link, WASHINGTON, Cause::RosterGap), cleared);
    assert!(planned(&link, WASHINGTON).rosters.is_empty());
    assert_eq!(plan(&mut link, Vec::new()), Some(Refusal::NoRoster));
}

/// OL-725: Brown is still on watch when Jones's shift began a quarter of an hour ago.
#[test]
fn a_shift_that_its_officer_does_not_take_is_noticed_on_its_own_side() {
    let mut link = Link::new(5, 0);
    let begins = link.now;
    let shifts = vec![shift(begins, begins + 24 * HOUR, "Maj. Jones")];
    assert_eq!(plan(&mut link, shifts), None);
    open(&mut link, "Cpt. Brown");
    link.run(TAKEN_MS - MINUTE);
    assert_eq!(states(&link, WASHINGTON, Cause::ShiftNotTaken), []);
    link.run(MINUTE);
    assert_eq!(
        states(&link, WASHINGTON, Cause::ShiftNotTaken),
        [State::Raised]
    );
    assert_eq!(states(&link, MOSCOW, Cause::ShiftNotTaken), []);
    assert!(planned(&link, WASHINGTON).untaken.is_some());
    assert_eq!(planned(&link, MOSCOW).untaken, None);
    open(&mut link, "Maj. Jones");
    let over = [State::Raised, State::Cleared];
    assert_eq!(states(&link, WASHINGTON, Cause::ShiftNotTaken), over);
}

/// OL-727
#[test]
fn a_clock_that_jumps_a_week_raises_nothing_and_ends_nothing() {
    let mut link = Link::new(5, 0);
    let begins = link.now;
    let shifts = vec![shift(begins, begins + 48 * HOUR, "Maj. Jones")];
    assert_eq!(plan(&mut link, shifts), None);
    open(&mut link, "Maj. Jones");
    link.run(10_000);
    link.ahead = 7 * 24 * HOUR;
    link.run(2 * MINUTE);
    assert_eq!(planned(&link, WASHINGTON).outlook, None);
    link.ahead = 0;
    link.run(2 * MINUTE);
    assert_eq!(states(&link, WASHINGTON, Cause::RosterGap), []);
    assert_eq!(states(&link, WASHINGTON, Cause::ShiftNotTaken), []);
    // It keeps step again, and is believed.
    link.run(DOUBTED_MS);
    let outlook = planned(&link, WASHINGTON).outlook.expect("it is believed");
    assert_eq!((outlook.gap, outlook.now.is_some()), (None, true));
    // What was raised before a jump is not over with it.
    let short = vec![shift(begins, link.now + 2 * HOUR, "Maj. Jones")];
    assert_eq!(plan(&mut link, short), None);
    link.run(2 * MINUTE);
    assert_eq!(states(&link, WASHINGTON, Cause::RosterGap), [State::Raised]);
    link.ahead = HOUR;
    link.run(5 * MINUTE);
    assert_eq!(states(&link, WASHINGTON, Cause::RosterGap), [State::Raised]);
}

/// OL-727: what came while Washington's clock was ahead puts a doubt on it, and that is said of what came alone.
#[test]
fn a_roster_of_theirs_puts_no_doubt_on_ours() {
    let mut link = Link::new(5, 0);
    let begins = link.now;
    let ours = vec![shift(begins, begins + 48 * HOUR, "Maj. Jones")];
    assert_eq!(plan(&mut link, ours), None);
    link.ahead = 24 * HOUR;
    link.run(1_000);
    let theirs = vec![shift(begins, begins + 48 * HOUR, "Lt. Orlova")];
    assert_eq!(plan_at(&mut link, MOSCOW, theirs), None);
    link.run(1_000);
    link.ahead = 0;
    link.run(DOUBTED_MS + MINUTE);
    assert_eq!(planned_by(&link, WASHINGTON, MOSCOW).outlook, None);
    let outlook = planned(&link, WASHINGTON).outlook.expect("it is believed");
    assert_eq!(outlook.now.expect("he is planned").officer, "Maj. Jones");
}

/// OL-721 OL-707
#[test]
fn what_no_station_would_take_is_not_signed_and_nobody_plans_by_machine() {
    let mut link = Link::new(5, 0);
    let twice = vec![shift(0, HOUR, "Brown"), shift(0, HOUR, "Jones")];
    assert_eq!(plan(&mut link, twice), Some(Refusal::RosterForm));
    let long = vec![shift(0, 93 * 24 * HOUR, "Jones")];
    assert_eq!(plan(&mut link, long), Some(Refusal::RosterForm));
    let by_nobody = Command::Roster(Plan {
        from: 0,
        until: 1,
        shifts: Vec::new(),
    });
    let now = link.moment(WASHINGTON);
    link.stations[WASHINGTON].command_by(Actor::station(), now, 1, by_nobody);
    link.run(100);
    let mut told = link.stations[WASHINGTON].told.iter();
    let is_refused = |event: &Event| {
        let why = Refusal::NotByAPerson;
        matches!(event, Event::Refused { why: it, .. } if *it == why)
    };
    assert!(told.any(is_refused));
}
