//! Alarms of two real cores over a link on a virtual clock: who is missed, who acknowledged, and what a restart leaves of it.

use openline_proto::alarm::book::{Act, Alarm, NotDone, Request};
use openline_proto::alarm::cause::{Cause, Key};
use openline_proto::alarm::machine::State;
use openline_proto::contract::{Command, Event, Input, Refusal};
use openline_proto::watch::book::Request as WatchRequest;
use openline_wire::codes::{Answer, Attestation, Kind, Mark, Mode, Precedence, SilenceReason};
use openline_wire::fact::Ring;
use openline_wire::header::Actor;
use openline_wire::ids::EntryId;
use openline_wire::limits;
use openline_wire::office::{OfficeId, OfficeRef};

use crate::link;
use crate::link::exercise as agreed;

use link::{Link, at};

const WASHINGTON: usize = 0;
const MOSCOW: usize = 1;

/// `silent_after` of the charter, and how long there must be no sign of life.
const NOTICED_AFTER: u64 = 15_000 + 30_000;

fn jones() -> Actor {
    Actor {
        name: "Maj. Jones".into(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    }
}

fn key(link: &Link, cause: Cause, party: usize) -> Key {
    let party = link.stations[party].author().party;
    Key { cause, party }
}

/// Everything that a station told of an alarm.
fn told(link: &Link, station: usize, key: Key) -> Vec<Alarm> {
    let events = link.stations[station].told.iter();
    let alarms = events.filter_map(|event| match event {
        Event::Alarm { alarm, .. } if alarm.key == key => Some(alarm.clone()),
        _ => None,
    });
    alarms.collect()
}

fn states(link: &Link, station: usize, key: Key) -> Vec<State> {
    let told = told(link, station, key);
    told.iter().map(|alarm| alarm.state).collect()
}

fn ask_as(link: &mut Link, station: usize, by: Actor, command: Command) -> Option<Refusal> {
    let before = link.stations[station].told.len();
    link.stations[station].command_by(by, at(link.now), 1, command);
    link.run(1);
    let told = link.stations[station].told[before..].iter();
    let mut refused = told.filter_map(|event| match event {
        Event::Refused { why, .. } => Some(why.clone()),
        _ => None,
    });
    refused.next()
}

fn ask(link: &mut Link, key: Key, act: Act) -> Option<Refusal> {
    let command = Command::Alarm(Request { key, act });
    ask_as(link, WASHINGTON, jones(), command)
}

/// OL-771 OL-772 OL-773
#[test]
fn a_station_that_dies_is_missed_and_one_that_comes_back_is_not() {
    let mut link = Link::new(5, 0);
    let silent = key(&link, Cause::NoSignOfLife, MOSCOW);
    link.cut = true;
    // The last question that was answered may be two echoes old.
    link.run(NOTICED_AFTER - 2_000 - 10_000);
    assert_eq!(states(&link, WASHINGTON, silent), []);
    link.run(12_000 + 2_000);
    assert_eq!(states(&link, WASHINGTON, silent), [State::Raised]);
    let on_disk = link.stations[WASHINGTON].disk.alarm(&silent);
    assert_eq!(on_disk, told(&link, WASHINGTON, silent).last());
    // The other side is told nothing of it, and has its own.
    let own = key(&link, Cause::NoSignOfLife, WASHINGTON);
    assert_eq!(states(&link, MOSCOW, own), [State::Raised]);
    assert_eq!(states(&link, MOSCOW, silent), []);

    let nobody = ask_as(
        &mut link,
        WASHINGTON,
        Actor::station(),
        Command::Alarm(Request {
            key: silent,
            act: Act::Acknowledge,
        }),
    );
    assert_eq!(nobody, Some(Refusal::NotByAPerson));
    assert_eq!(ask(&mut link, silent, Act::Acknowledge), None);
    let last = told(&link, WASHINGTON, silent).pop().expect("an alarm");
    assert_eq!((last.state, last.by), (State::Acknowledged, Some(jones())));
    let twice = ask(&mut link, silent, Act::Acknowledge);
    assert_eq!(twice, Some(Refusal::Alarm(NotDone::Done)));

    link.cut = false;
    link.run(30_000);
    let states = states(&link, WASHINGTON, silent);
    assert_eq!(states, [State::Raised, State::Acknowledged, State::Quiet]);
    assert_eq!(link.stations[WASHINGTON].disk.alarm(&silent), None);
}

/// OL-771: an announced silence is no reason for an alarm, until it is over.
#[test]
fn a_silence_that_was_announced_raises_no_alarm_until_it_is_over() {
    let mut link = Link::new(5, 0);
    let silent = key(&link, Cause::NoSignOfLife, MOSCOW);
    let announce = Command::AnnounceSilence {
        for_ms: 120_000,
        reason: SilenceReason::Maintenance,
        text: String::new(),
        language: "en".into(),
    };
    assert_eq!(ask_as(&mut link, MOSCOW, jones(), announce), None);
    link.run(100);
    link.cut = true;
    link.run(119_000);
    assert_eq!(states(&link, WASHINGTON, silent), []);
    link.run(32_000);
    assert_eq!(states(&link, WASHINGTON, silent), [State::Raised]);
}

/// OL-775
#[test]
fn what_somebody_acknowledged_or_put_aside_outlives_a_restart_and_what_nobody_has_seen_too() {
    let mut link = Link::new(5, 0);
    let silent = key(&link, Cause::NoSignOfLife, MOSCOW);
    let empty = key(&link, Cause::NobodyOnWatch, MOSCOW);
    let own = key(&link, Cause::NobodyOnWatch, WASHINGTON);
    link.cut = true;
    link.run(70_000);
    assert_eq!(ask(&mut link, silent, Act::Acknowledge), None);
    assert_eq!(ask(&mut link, empty, Act::Shelve(600_000)), None);
    let until = told(&link, WASHINGTON, empty).pop().and_then(|it| it.until);
    link.restart(WASHINGTON, 3);
    link.run(1);
    let shelved = told(&link, WASHINGTON, empty).pop().expect("told anew");
    assert_eq!((shelved.state, shelved.until), (State::Shelved, until));
    assert_eq!(states(&link, WASHINGTON, silent), [State::Acknowledged]);
    // What was raised and acknowledged by nobody still is, and at no moment is its cause said to be gone.
    link.run(60_000);
    assert_eq!(states(&link, WASHINGTON, own), [State::Raised]);
    // The other station was not heard since the start either, so nothing was to be acknowledged anew.
    assert_eq!(states(&link, WASHINGTON, silent), [State::Acknowledged]);
    link.run(541_000);
    let back = states(&link, WASHINGTON, empty).pop();
    assert_eq!(back, Some(State::Raised), "its time is over");
}

/// OL-773 OL-774
#[test]
fn an_alarm_that_clears_before_anybody_saw_it_stays_and_a_time_that_is_too_long_is_refused() {
    let mut link = Link::new(5, 0);
    let empty = key(&link, Cause::NobodyOnWatch, WASHINGTON);
    link.run(61_000);
    assert_eq!(states(&link, WASHINGTON, empty), [State::Raised]);
    let wrong = ask(&mut link, empty, Act::Shelve(30_000_000));
    assert_eq!(wrong, Some(Refusal::Alarm(NotDone::WrongTime)));
    let open = Command::Watch {
        request: WatchRequest::Open(3_600_000),
        text: String::new(),
        language: "en".into(),
    };
    assert_eq!(ask_as(&mut link, WASHINGTON, jones(), open), None);
    let cleared = [State::Raised, State::Cleared];
    assert_eq!(states(&link, WASHINGTON, empty), cleared);
    assert_eq!(ask(&mut link, empty, Act::Acknowledge), None);
    let last = states(&link, WASHINGTON, empty).pop();
    assert_eq!(last, Some(State::Quiet));
    let gone = ask(&mut link, empty, Act::Unshelve);
    assert_eq!(gone, Some(Refusal::Alarm(NotDone::NotRaised)));
}

fn ring(link: &mut Link, mark: Mark) {
    ring_from(link, WASHINGTON, mark);
}

/// A party's officer rings the other's watch.
fn ring_from(link: &mut Link, station: usize, mark: Mark) {
    let office = |station: usize| OfficeRef {
        party: link.stations[station].author().party,
        office: OfficeId::new("watch").expect("a word"),
    };
    let command = Command::Ring {
        ring: Box::new(Ring {
            from: office(station),
            to: office(1 - station),
            mode: Mode::Text,
            for_ms: 5_000,
            exercise: None,
        }),
        precedence: Precedence::Immediate,
        mark,
        text: String::new(),
        language: "en".into(),
    };
    assert_eq!(ask_as(link, station, jones(), command), None);
    link.run(100);
}

/// He takes back the ring that he rang last.
fn withdraw_from(link: &mut Link, station: usize) {
    let ring = last_ring(link, station);
    let command = Command::WithdrawRing { ring };
    assert_eq!(ask_as(link, station, jones(), command), None);
    link.run(100);
}

/// The ring that a station stored last.
fn last_ring(link: &Link, station: usize) -> EntryId {
    let rings = link.stations[station].disk.entries();
    let rings = rings.filter(|stored| stored.entry.header().kind == Kind::Ring);
    let last = rings.max_by_key(|stored| stored.cursor);
    last.expect("it rings").entry.id()
}

fn accept(link: &mut Link) {
    accept_at(link, MOSCOW);
}

/// The called side's officer accepts the last ring.
fn accept_at(link: &mut Link, station: usize) {
    let ring = last_ring(link, station);
    let command = Command::AnswerRing {
        ring,
        answer: Answer::Accept,
        call_back: None,
        text: String::new(),
        language: "en".into(),
    };
    assert_eq!(ask_as(link, station, jones(), command), None);
    link.run(100);
}

/// OL-771: on both sides, across a restart, and until one is accepted; an exercise is none.
#[test]
fn a_ring_that_nobody_answers_raises_an_alarm_on_both_sides_until_one_is_accepted() {
    let mut link = Link::new(5, 0);
    let unanswered = key(&link, Cause::RingUnanswered, MOSCOW);
    agreed::agree(&mut link);
    ring(&mut link, Mark::Exercise);
    link.run(6_000);
    assert_eq!(states(&link, MOSCOW, unanswered), []);
    ring(&mut link, Mark::Real);
    link.run(6_000);
    for station in [WASHINGTON, MOSCOW] {
        assert_eq!(states(&link, station, unanswered), [State::Raised]);
    }
    ring(&mut link, Mark::Exercise);
    accept(&mut link);
    assert_eq!(states(&link, MOSCOW, unanswered), [State::Raised]);
    link.restart(MOSCOW, 3);
    link.run(20_000);
    assert_eq!(states(&link, MOSCOW, unanswered), [State::Raised]);
    ring(&mut link, Mark::Real);
    accept(&mut link);
    for station in [WASHINGTON, MOSCOW] {
        let last = states(&link, station, unanswered).pop();
        assert_eq!(last, Some(State::Cleared));
    }
    link.restart(MOSCOW, 4);
    link.run(20_000);
    let left = states(&link, MOSCOW, unanswered);
    assert_eq!(left, [State::Cleared], "nobody has acknowledged it");
    ring(&mut link, Mark::Real);
    link.run(6_000);
    for station in [WASHINGTON, MOSCOW] {
        let last = states(&link, station, unanswered).pop();
        assert_eq!(last, Some(State::Raised), "the one accepted came before");
    }
}

/// OL-771: whoever did not answer calls back, and is accepted: both sides were there, whoever called, on both sides and across a restart.
#[test]
fn whoever_did_not_answer_and_calls_back_ends_the_alarm_once_he_is_accepted() {
    let mut link = Link::new(5, 0);
    let unanswered = key(&link, Cause::RingUnanswered, MOSCOW);
    ring(&mut link, Mark::Real);
    link.run(6_000);
    ring_from(&mut link, MOSCOW, Mark::Real);
    withdraw_from(&mut link, MOSCOW);
    for station in [WASHINGTON, MOSCOW] {
        assert_eq!(states(&link, station, unanswered), [State::Raised]);
    }
    ring_from(&mut link, MOSCOW, Mark::Real);
    accept_at(&mut link, WASHINGTON);
    for station in [WASHINGTON, MOSCOW] {
        let last = states(&link, station, unanswered).pop();
        assert_eq!(last, Some(State::Cleared));
        link.restart(station, 3);
        link.run(20_000);
        let last = states(&link, station, unanswered).pop();
        assert_eq!(last, Some(State::Cleared));
    }
    ring(&mut link, Mark::Real);
    link.run(6_000);
    for station in [WASHINGTON, MOSCOW] {
        let last = states(&link, station, unanswered).pop();
        assert_eq!(last, Some(State::Raised), "the one accepted came before");
    }
}

/// OL-773: whoever acknowledged the first knew nothing of the second; and across a restart nothing is raised that he knew.
#[test]
fn a_second_ring_that_nobody_answers_raises_the_alarm_anew_though_the_first_was_acknowledged() {
    let mut link = Link::new(5, 0);
    let unanswered = key(&link, Cause::RingUnanswered, MOSCOW);
    ring(&mut link, Mark::Real);
    link.run(6_000);
    assert_eq!(ask(&mut link, unanswered, Act::Acknowledge), None);
    let known = [State::Raised, State::Acknowledged];
    assert_eq!(states(&link, WASHINGTON, unanswered), known);
    link.restart(WASHINGTON, 3);
    link.run(20_000);
    let last = states(&link, WASHINGTON, unanswered).pop();
    assert_eq!(last, Some(State::Acknowledged), "it is the same ring");
    ring(&mut link, Mark::Real);
    link.run(6_000);
    let last = told(&link, WASHINGTON, unanswered).pop();
    let last = last.expect("an alarm");
    assert_eq!((last.state, last.by.clone()), (State::Raised, None));
    let on_disk = link.stations[WASHINGTON].disk.alarm(&unanswered);
    assert_eq!(on_disk, Some(&last));
    assert_eq!(ask(&mut link, unanswered, Act::Acknowledge), None);
    let acknowledged = states(&link, WASHINGTON, unanswered).pop();
    assert_eq!(acknowledged, Some(State::Acknowledged));
}

/// OL-771: whoever comes back is told that he was rung while nothing reached him; the one who rang knows that it never rang there.
#[test]
fn a_ring_that_could_not_reach_us_raises_an_alarm_here_and_none_at_the_callers() {
    let mut link = Link::new(5, 0);
    let unanswered = key(&link, Cause::RingUnanswered, MOSCOW);
    link.cut = true;
    ring(&mut link, Mark::Real);
    link.run(6_000);
    link.cut = false;
    link.run(5_000);
    assert_eq!(states(&link, WASHINGTON, unanswered), []);
    assert_eq!(states(&link, MOSCOW, unanswered), [State::Raised]);
    ring(&mut link, Mark::Real);
    accept(&mut link);
    let last = states(&link, MOSCOW, unanswered).pop();
    assert_eq!(last, Some(State::Cleared));
}

/// OL-771: what was accepted by an earlier boot of the caller came before, however many starts lie between.
#[test]
fn a_ring_that_nobody_answers_raises_its_alarm_however_often_the_caller_was_restarted_before() {
    for restarts in 0..=3 {
        let mut link = Link::new(5, 0);
        let unanswered = key(&link, Cause::RingUnanswered, MOSCOW);
        ring(&mut link, Mark::Real);
        accept(&mut link);
        for boot in 0..restarts {
            link.restart(WASHINGTON, 10 + boot);
            link.run(20_000);
        }
        ring(&mut link, Mark::Real);
        link.run(6_000);
        for station in [WASHINGTON, MOSCOW] {
            let states = states(&link, station, unanswered);
            assert_eq!(states, [State::Raised], "{restarts} restarts, {station}");
        }
    }
}

/// OL-771 OL-775: whoever left our ring unanswered can't have it forgotten by ringing us until we begin anew.
#[test]
fn no_flood_of_their_rings_and_no_restart_forgets_the_ring_that_they_left_unanswered() {
    let mut link = Link::new(5, 0);
    let unanswered = key(&link, Cause::RingUnanswered, MOSCOW);
    ring(&mut link, Mark::Real);
    link.run(6_000);
    assert_eq!(states(&link, WASHINGTON, unanswered), [State::Raised]);
    for _ in 0..=limits::RINGS {
        ring_from(&mut link, MOSCOW, Mark::Real);
        withdraw_from(&mut link, MOSCOW);
    }
    link.restart(WASHINGTON, 3);
    link.run(20_000);
    assert_eq!(states(&link, WASHINGTON, unanswered), [State::Raised]);
}

/// OL-774: to the millisecond, though nothing else is to be done then.
#[test]
fn what_is_put_aside_comes_back_when_its_time_is_over_and_not_when_something_else_wakes_the_station()
 {
    let mut link = Link::new(5, 0);
    let empty = key(&link, Cause::NobodyOnWatch, WASHINGTON);
    link.run(61_007);
    assert_eq!(ask(&mut link, empty, Act::Shelve(60_001)), None);
    let shelved = told(&link, WASHINGTON, empty).pop().expect("an alarm");
    let station = &mut link.stations[WASHINGTON];
    let raised = loop {
        let wake = station
            .wake_at
            .expect("an open line always waits for something");
        station.handle(at(wake), Input::Woken);
        assert!(station.pump(at(wake), &mut u64::MAX.clone()));
        let last = station.told.last();
        if let Some(Event::Alarm { alarm, .. }) = last
            && alarm.key == empty
            && alarm.state == State::Raised
        {
            break alarm.clone();
        }
    };
    assert_eq!(Some(raised.since), shelved.until);
}
