//! Exercises between two real cores over a link on a virtual clock: agreed on, written in, ended; what is meant breaks in; and whatever
//! both sides ask for, nothing crosses from the one to the other.

use std::collections::BTreeMap;

use openline_proto::contract::{Command, Event, Refusal};
use openline_proto::exercise::request::{NotDone, Request};
use openline_proto::exercise::stands;
use openline_proto::ring::book::Shown;
use openline_proto::ring::held::Standing;
use openline_wire::codes::{Answer, Attestation, Ending, Kind, Mark, Mode, Precedence};
use openline_wire::fact::Ring;
use openline_wire::header::{Actor, Header};
use openline_wire::ids::EntryId;
use openline_wire::office::{OfficeId, OfficeRef};

use crate::link::exercise as agreed;
mod every_command;
use crate::link;

use link::{Link, at};

const WASHINGTON: usize = 0;
const MOSCOW: usize = 1;

fn officer(station: usize) -> Actor {
    Actor {
        name: ["Maj. Jones", "Lt. Orlova"][station].into(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    }
}

/// Gives a command and runs until it is answered.
fn ask(link: &mut Link, station: usize, command: Command) -> Result<Option<EntryId>, Refusal> {
    let ticket = 1_000 + link.stations[station].told.len() as u64;
    link.stations[station].command_by(officer(station), at(link.now), ticket, command);
    link.run(5);
    let told = link.stations[station].told.iter().rev();
    let mut answers = told.filter_map(|event| match event {
        Event::Done { ticket: of, entry } if *of == ticket => Some(Ok(*entry)),
        Event::Refused { ticket: of, why } if *of == ticket => Some(Err(why.clone())),
        _ => None,
    });
    answers.next().expect("every command is answered")
}

fn say(mark: Mark, reply_to: Option<EntryId>, precedence: Precedence) -> Command {
    Command::Say {
        language: "en".into(),
        text: "A fire is reported.".into(),
        precedence,
        mark,
        reply_to,
        files: Vec::new(),
    }
}

fn ring(link: &Link, station: usize, mark: Mark, office: &str) -> Command {
    let office = |station: usize| OfficeRef {
        party: link.stations[station].author().party,
        office: OfficeId::new(office).expect("a word"),
    };
    Command::Ring {
        ring: Box::new(Ring {
            from: office(station),
            to: office(1 - station),
            mode: Mode::Text,
            for_ms: 30_000,
            exercise: None,
        }),
        precedence: Precedence::Immediate,
        mark,
        text: String::new(),
        language: "en".into(),
    }
}

fn answer(ring: EntryId, answer: Answer) -> Command {
    Command::AnswerRing {
        ring,
        answer,
        call_back: None,
        text: String::new(),
        language: "en".into(),
    }
}

fn exercise(request: Request) -> Command {
    Command::Exercise {
        request,
        text: "A fire is reported.".into(),
        language: "en".into(),
    }
}

fn headers(link: &Link, station: usize) -> Vec<(EntryId, Header)> {
    let entries = link.stations[station].disk.entries();
    let headers = entries.map(|stored| (stored.entry.id(), stored.entry.header().clone()));
    headers.collect()
}

fn of_kind(link: &Link, station: usize, kind: Kind) -> Vec<EntryId> {
    let all = headers(link, station).into_iter();
    all.filter(|(_, header)| header.kind == kind)
        .map(|(id, _)| id)
        .collect()
}

/// How each ring was shown last.
fn rings(link: &Link, station: usize) -> BTreeMap<EntryId, Shown> {
    let told = link.stations[station].told.iter();
    let shown = told.filter_map(|event| match event {
        Event::Ring { shown, .. } => Some((shown.ring, *shown)),
        _ => None,
    });
    shown.collect()
}

fn running(link: &Link, station: usize) -> usize {
    let status = link.stations[station].status(at(link.now)).expect("a line");
    let running = status.exercises.iter().filter(|it| it.accepted.is_some());
    running.count()
}

/// OL-787 OL-785: refused before, named while it runs, refused after either ended it.
#[test]
fn an_exercise_text_is_written_only_while_an_exercise_is_in_force() {
    let mut link = Link::new(5, 0);
    let practised = || say(Mark::Exercise, None, Precedence::Flash);
    let none = Err(Refusal::NoExercise);
    assert_eq!(ask(&mut link, MOSCOW, practised()), none);
    let call = ring(&link, MOSCOW, Mark::Exercise, "watch");
    assert_eq!(ask(&mut link, MOSCOW, call), none);
    let nobody = Command::Exercise {
        request: Request::Propose(60_000),
        text: " ".into(),
        language: "en".into(),
    };
    assert!(matches!(
        ask(&mut link, MOSCOW, nobody),
        Err(Refusal::Text(_))
    ));
    for for_ms in [59_999, 7 * 86_400_000 + 1] {
        let refused = ask(&mut link, MOSCOW, exercise(Request::Propose(for_ms)));
        assert_eq!(refused, Err(Refusal::ExerciseLength));
    }
    agreed::agree(&mut link);
    assert_eq!([running(&link, 0), running(&link, 1)], [1, 1]);
    let text = ask(&mut link, MOSCOW, practised()).expect("it runs");
    link.run(100);
    let accepted = of_kind(&link, WASHINGTON, Kind::ExerciseAccepted)[0];
    let held = headers(&link, WASHINGTON).into_iter();
    let held: BTreeMap<_, _> = held.collect();
    let text = &held[&text.expect("an entry")];
    assert_eq!(stands::named(text), Some(accepted));
    let proposed = stands::accepts(&held[&accepted]).expect("a proposal");
    assert!(stands::stands(text, &held[&accepted], &held[&proposed]));

    ask(&mut link, WASHINGTON, exercise(Request::End)).expect("it runs");
    link.run(100);
    assert_eq!([running(&link, 0), running(&link, 1)], [0, 0]);
    assert_eq!(ask(&mut link, MOSCOW, practised()), none);
    let twice = ask(&mut link, MOSCOW, exercise(Request::End));
    assert_eq!(twice, Err(Refusal::Exercise(NotDone::NothingToEnd)));
}

/// OL-788: derived from the entries alone, and over when its time is.
#[test]
fn an_exercise_outlives_a_restart_and_ends_by_itself() {
    let mut link = Link::new(5, 0);
    ask(&mut link, MOSCOW, exercise(Request::Propose(60_000))).expect("none runs");
    link.run(100);
    let proposal = of_kind(&link, WASHINGTON, Kind::ExerciseProposed)[0];
    ask(&mut link, WASHINGTON, exercise(Request::Accept(proposal))).expect("it is theirs");
    link.run(10_000);
    link.restart(MOSCOW, 3);
    link.run(5_000);
    assert_eq!([running(&link, 0), running(&link, 1)], [1, 1]);
    let practised = say(Mark::Exercise, None, Precedence::Flash);
    ask(&mut link, MOSCOW, practised.clone()).expect("it runs");
    link.run(45_000);
    assert_eq!([running(&link, 0), running(&link, 1)], [0, 0]);
    for station in [WASHINGTON, MOSCOW] {
        let refused = ask(&mut link, station, practised.clone());
        assert_eq!(refused, Err(Refusal::NoExercise));
        let told = link.stations[station].told.iter().rev();
        let mut told = told.filter_map(|event| match event {
            Event::Status { status, .. } => Some(status.exercises.len()),
            _ => None,
        });
        assert_eq!(told.next(), Some(0), "and that is told");
    }
}

/// OL-787: it rings at both sides when Moscow ends the exercise.
#[test]
fn what_rings_in_an_exercise_ends_with_it() {
    let mut link = Link::new(5, 0);
    agreed::agree(&mut link);
    let call = ring(&link, WASHINGTON, Mark::Exercise, "watch");
    let id = ask(&mut link, WASHINGTON, call)
        .expect("it runs")
        .expect("an entry");
    link.run(200);
    assert_eq!(rings(&link, MOSCOW)[&id].standing, Standing::Ringing);
    // The end is on Moscow's disk, and not yet at Washington's.
    link.cut = true;
    ask(&mut link, MOSCOW, exercise(Request::End)).expect("it runs");
    let late = ask(&mut link, MOSCOW, answer(id, Answer::Accept));
    assert_eq!(late, Err(Refusal::NoExercise));
    link.cut = false;
    link.run(5_000);
    for station in [WASHINGTON, MOSCOW] {
        let Standing::Ended(ended) = rings(&link, station)[&id].standing else {
            panic!("it ended");
        };
        assert_eq!(ended.ending, Ending::Withdrawn);
    }
    let outcome = of_kind(&link, MOSCOW, Kind::Outcome)[0];
    let held = headers(&link, MOSCOW).into_iter();
    let mark = held.filter(|(id, _)| *id == outcome).map(|(_, it)| it.mark);
    assert_eq!(
        mark.collect::<Vec<_>>(),
        [Mark::Exercise],
        "it belongs to the ring"
    );
}

/// OL-787: Washington rings before it learns that Moscow ended the exercise.
#[test]
fn a_ring_that_crosses_the_end_sounds_nowhere() {
    let mut link = Link::new(5, 0);
    agreed::agree(&mut link);
    link.cut = true;
    ask(&mut link, MOSCOW, exercise(Request::End)).expect("it runs");
    let call = ring(&link, WASHINGTON, Mark::Exercise, "watch");
    let id = ask(&mut link, WASHINGTON, call)
        .expect("it runs here")
        .expect("an entry");
    link.cut = false;
    link.run(10_000);
    assert_eq!(of_kind(&link, MOSCOW, Kind::Ringing), []);
    let Standing::Ended(ended) = rings(&link, MOSCOW)[&id].standing else {
        panic!("it ended");
    };
    assert_eq!(ended.ending, Ending::Withdrawn);
}

/// OL-792 OL-791: Moscow's exercise rings at Washington, which calls in earnest, and answers an exercise in earnest.
#[test]
fn what_is_meant_breaks_in_and_the_exercise_goes_on() {
    let mut link = Link::new(5, 0);
    agreed::agree(&mut link);
    let call = ring(&link, MOSCOW, Mark::Exercise, "watch");
    ask(&mut link, MOSCOW, call).expect("it runs");
    link.run(200);
    let back = ring(&link, WASHINGTON, Mark::Exercise, "watch");
    let refused = ask(&mut link, WASHINGTON, back);
    assert!(matches!(refused, Err(Refusal::Ring(_))), "answer it");
    let real = ring(&link, WASHINGTON, Mark::Real, "watch");
    let real = ask(&mut link, WASHINGTON, real)
        .expect("it is meant")
        .expect("an entry");
    link.run(500);
    assert_eq!(rings(&link, MOSCOW)[&real].standing, Standing::Ringing);

    let text = ask(
        &mut link,
        MOSCOW,
        say(Mark::Exercise, None, Precedence::Flash),
    );
    link.run(100);
    let text = text.expect("it runs");
    let real = ask(
        &mut link,
        WASHINGTON,
        say(Mark::Real, text, Precedence::Flash),
    );
    link.run(100);
    let real = real.expect("it is meant").expect("an entry");
    let held: BTreeMap<_, _> = headers(&link, MOSCOW).into_iter().collect();
    assert_eq!((held[&real].mark, held[&real].reply_to), (Mark::Real, text));
    assert_eq!([running(&link, 0), running(&link, 1)], [1, 1]);
}

/// OL-792: half of what may ring at one time is kept for what is meant.
#[test]
fn rings_of_an_exercise_leave_room_for_real_ones() {
    let mut link = Link::new(5, 0);
    agreed::agree(&mut link);
    for _ in 0..4 {
        let call = ring(&link, WASHINGTON, Mark::Exercise, "chief");
        ask(&mut link, WASHINGTON, call).expect("there is room");
    }
    let call = ring(&link, WASHINGTON, Mark::Exercise, "chief");
    assert!(matches!(
        ask(&mut link, WASHINGTON, call),
        Err(Refusal::Ring(_))
    ));
    for _ in 0..4 {
        let call = ring(&link, WASHINGTON, Mark::Real, "chief");
        ask(&mut link, WASHINGTON, call).expect("there is room");
    }
}

/// OL-793: two are practised and one is meant, asked for in one moment.
#[test]
fn of_what_goes_out_at_once_the_real_flash_arrives_first() {
    let mut link = Link::new(5, 0);
    agreed::agree(&mut link);
    let marks = [Mark::Exercise, Mark::Exercise, Mark::Real];
    for (ticket, mark) in (1..).zip(marks) {
        let command = say(mark, None, Precedence::Flash);
        link.stations[WASHINGTON].command_by(officer(WASHINGTON), at(link.now), ticket, command);
    }
    link.run(100);
    let told = link.stations[MOSCOW].told.iter();
    let came = told.filter_map(|event| match event {
        Event::Stored(stored) if stored.entry.header().kind == Kind::Message => {
            Some(stored.entry.header().mark)
        }
        _ => None,
    });
    let came: Vec<Mark> = came.collect();
    assert_eq!(came, [Mark::Real, Mark::Exercise, Mark::Exercise]);
}
