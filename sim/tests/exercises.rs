//! Exercises between two real cores over a link on a virtual clock: agreed on, written in, ended; what is meant breaks in; and whatever
//! both sides ask for, nothing crosses from the one to the other.

use std::collections::BTreeMap;

use openline_proto::contact::request::Request as ContactRequest;
use openline_proto::contact::typed::{Fields, Typed};
use openline_proto::contract::{Command, Event, Refusal};
use openline_proto::exercise::request::{NotDone, Request};
use openline_proto::exercise::stands;
use openline_proto::ring::book::Shown;
use openline_proto::ring::held::Standing;
use openline_proto::watch::book::Request as WatchRequest;
use openline_sim::dice::Dice;
use openline_wire::codes::{
    Answer, Attestation, Comparison, Ending, Kind, Mark, Mode, Precedence, SilenceReason, Stage,
    SuspensionReason,
};
use openline_wire::fact::{Fact, Ring};
use openline_wire::header::{Actor, Header};
use openline_wire::ids::EntryId;
use openline_wire::office::{OfficeId, OfficeRef};

#[expect(dead_code, reason = "the other tests of a link use the rest")]
mod link;

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
    link.exercise();
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
    link.exercise();
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
    link.exercise();
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
    link.exercise();
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
    link.exercise();
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

// ---- every command of both sides ----

/// What both sides may ask for, at random: of arbitrary marks, of whatever they hold.
struct Script {
    dice: Dice,
    entries: Vec<EntryId>,
}

impl Script {
    fn of_any(&mut self) -> EntryId {
        let known = self.entries.clone();
        self.dice.pick(&known).unwrap_or(EntryId([9; 32]))
    }

    fn mark(&mut self) -> Mark {
        self.dice.pick(Mark::ALL).unwrap_or(Mark::Real)
    }

    /// Something that is there to be acted on, or now and then anything.
    fn of_kind(&mut self, link: &Link, station: usize, kind: Kind) -> EntryId {
        let held = of_kind(link, station, kind);
        match self.dice.chance(150) {
            true => self.of_any(),
            false => self.dice.pick(&held).unwrap_or(EntryId([9; 32])),
        }
    }

    fn command(&mut self, link: &Link, station: usize) -> Command {
        match self.dice.below(20) {
            0..=2 => {
                let mark = self.mark();
                let reply_to = self.dice.chance(400).then(|| self.of_any());
                let precedence = self.dice.pick(Precedence::ALL);
                say(mark, reply_to, precedence.unwrap_or(Precedence::Flash))
            }
            3..=5 => {
                let mark = self.mark();
                let office = self.dice.pick(&["watch", "chief"]).unwrap_or("watch");
                ring(link, station, mark, office)
            }
            6..=9 => {
                let said = self
                    .dice
                    .pick(&[Answer::Accept, Answer::Accept, Answer::Decline]);
                let ring = self.of_kind(link, station, Kind::Ring);
                answer(ring, said.unwrap_or(Answer::Accept))
            }
            10 => Command::WithdrawRing {
                ring: self.of_kind(link, station, Kind::Ring),
            },
            11..=14 => self.of_a_contact(link, station),
            15 => exercise(Request::Propose(3_600_000)),
            16 => exercise(Request::Accept(self.of_kind(
                link,
                station,
                Kind::ExerciseProposed,
            ))),
            17 if self.dice.chance(300) => exercise(Request::End),
            18 => self.of_the_line(link, station),
            _ => Command::Receipt {
                stage: Stage::Read,
                targets: vec![self.of_kind(link, station, Kind::Message)],
                urgent: self.dice.chance(500),
            },
        }
    }

    fn of_a_contact(&mut self, link: &Link, station: usize) -> Command {
        let contact = self.of_kind(link, station, Kind::Ring);
        let proposal = self.of_kind(link, station, Kind::Proposal);
        let fields = Fields {
            places: &["50.4501N 30.5234E"],
            from: "2027-01-16T06:00+02:00",
            until: None,
            next_contact: None,
        };
        let terms = Typed::read(fields).expect("terms");
        let request = match self.dice.below(8) {
            0..=2 => ContactRequest::Verify(Comparison::Agreed),
            3 => ContactRequest::Propose(terms, self.dice.chance(300).then_some(proposal)),
            4 => ContactRequest::ReadBack(proposal, terms),
            5 => ContactRequest::Confirm(proposal),
            6 => ContactRequest::Withdraw(proposal),
            _ if self.dice.chance(200) => ContactRequest::Close,
            _ => ContactRequest::Verify(Comparison::Agreed),
        };
        Command::Contact {
            contact,
            request: Box::new(request),
            text: String::new(),
            language: "en".into(),
        }
    }

    /// What has no mark that anybody could give.
    fn of_the_line(&mut self, link: &Link, station: usize) -> Command {
        let (text, language) = (String::new(), "en".to_owned());
        match self.dice.below(9) {
            0 => Command::Note {
                language,
                text: "How do you read?".into(),
            },
            1 => Command::AnnounceSilence {
                for_ms: 60_000,
                reason: SilenceReason::Other,
                text,
                language,
            },
            2 => Command::TestNow,
            3 => Command::TestRead(self.of_kind(link, station, Kind::TestText)),
            4 => Command::Suspend {
                reason: SuspensionReason::Other,
                text,
                language,
            },
            5 => Command::Resume,
            6 => Command::Watch {
                request: WatchRequest::HandOver("Petrov".into(), vec![self.of_any()]),
                text,
                language,
            },
            7 => Command::NewGeneration,
            _ => Command::Watch {
                request: WatchRequest::Open(3_600_000),
                text,
                language,
            },
        }
    }
}

/// The ring that an entry belongs to.
fn belongs_to(header: &Header) -> Option<EntryId> {
    match Fact::of(header).expect("it was taken in") {
        Fact::Ringing(it) => Some(it.ring),
        Fact::Answered(it) => Some(it.ring),
        Fact::Outcome(it) => Some(it.ring),
        fact => openline_proto::contact::held::contact_of(&fact),
    }
}

/// Nothing on a disk, and nothing shown, has crossed from practised to meant, or back.
fn check(link: &Link, station: usize, seed: u64) {
    let held: BTreeMap<EntryId, Header> = headers(link, station).into_iter().collect();
    for (id, header) in &held {
        let about = format!("seed {seed}, station {station}, {id:?}: {:?}", header.kind);
        if let Some(ring) = belongs_to(header) {
            let ring = &held[&ring];
            assert_eq!(header.mark, ring.mark, "{about}");
        }
        let is_practised = header.mark == Mark::Exercise;
        match header.kind {
            Kind::Message | Kind::Ring if is_practised => {
                let named = stands::named(header).expect("it names one");
                let proposal = stands::accepts(&held[&named]).expect("an acceptance");
                let (accepted, proposed) = (&held[&named], &held[&proposal]);
                assert!(stands::stands(header, accepted, proposed), "{about}");
            }
            Kind::Message | Kind::Ring => assert_eq!(stands::named(header), None, "{about}"),
            kind if kind.is_of_a_ring() || kind.is_of_a_contact() => {}
            _ => assert!(!is_practised, "{about}"),
        }
    }
    for (id, shown) in rings(link, station) {
        let mark = held[&id].mark;
        let grounds = match shown.standing {
            Standing::Ended(ended) => [Some(ended.id), ended.cites, shown.answer],
            _ => [shown.ringing, shown.answer, None],
        };
        for ground in grounds.into_iter().flatten() {
            assert_eq!(held[&ground].mark, mark, "seed {seed}: ring {id:?}");
        }
    }
    for event in &link.stations[station].told {
        let Event::Contact { shown, .. } = event else {
            continue;
        };
        let mark = held[&shown.contact].mark;
        for proposal in shown.proposals.keys() {
            assert_eq!(held[proposal].mark, mark, "seed {seed}: a commitment");
        }
    }
}

/// OL-786 OL-785: random sequences of every command of both sides, of arbitrary marks and targets, with exercises that begin and
/// end meanwhile, cuts and restarts.
#[test]
fn whatever_both_sides_ask_for_nothing_practised_becomes_real_nor_the_other_way_round() {
    let (mut practised, mut meant, mut verified) = (0, 0, [0, 0]);
    for seed in 0..40 {
        let mut link = Link::new(2, 0);
        if seed % 2 == 0 {
            link.exercise();
        }
        let mut script = Script {
            dice: Dice::new(seed),
            entries: Vec::new(),
        };
        for step in 0..70 {
            let station = script.dice.below(2) as usize;
            let command = script.command(&link, station);
            let _ = ask(&mut link, station, command);
            let pause = script.dice.pick(&[0, 20, 200]).unwrap_or(0);
            link.run(pause);
            link.cut ^= script.dice.chance(if link.cut { 500 } else { 40 });
            if step % 35 == 34 && script.dice.chance(300) {
                link.restart(station, 10 + step as u8);
            }
            script.entries = headers(&link, station)
                .into_iter()
                .map(|(id, _)| id)
                .collect();
        }
        link.cut = false;
        link.run(3_000);
        for station in [WASHINGTON, MOSCOW] {
            check(&link, station, seed);
        }
        for (_, header) in headers(&link, MOSCOW) {
            let is_one = matches!(header.kind, Kind::Outcome | Kind::Proposal | Kind::Message);
            practised += u32::from(is_one && header.mark == Mark::Exercise);
            meant += u32::from(is_one && header.mark == Mark::Real);
        }
        for event in &link.stations[MOSCOW].told {
            if let Event::Contact { shown, .. } = event
                && shown.standing.word() == "verified"
            {
                let held: BTreeMap<_, _> = headers(&link, MOSCOW).into_iter().collect();
                let is_practised = held[&shown.contact].mark == Mark::Exercise;
                verified[usize::from(is_practised)] += 1;
            }
        }
    }
    // Each of it was reached, so that there was something to mix up.
    assert!(practised > 60 && meant > 60, "{practised} {meant}");
    assert!(verified.iter().all(|&count| count > 0), "{verified:?}");
}
