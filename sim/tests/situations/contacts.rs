//! Contacts between two real cores over a link on a virtual clock: both sides come to one code, verify it, and agree on terms.

use std::collections::BTreeMap;

use openline_proto::contact::book::{ContactStanding, NotDone};
use openline_proto::contact::request::Request;
use openline_proto::contact::shown::Shown;
use openline_proto::contact::state::State;
use openline_proto::contact::typed::{Fields, Typed};
use openline_proto::contact::view::Standing;
use openline_proto::contract::{Command, Event, Input, Refusal};
use openline_sim::station::LINE;
use openline_wire::codes::{Answer, Attestation, Comparison, Kind, Mark, Mode, Precedence};
use openline_wire::codes::{SuspensionReason, VerifyingStep};
use openline_wire::fact::{Fact, Ring};
use openline_wire::header::Actor;
use openline_wire::ids::EntryId;
use openline_wire::office::{OfficeId, OfficeRef};

use crate::link;

use link::{Link, at};

const WASHINGTON: usize = 0;
const MOSCOW: usize = 1;

const TERMS: Fields<'_> = Fields {
    places: &["50.4501N 30.5234E"],
    from: "2027-01-16T06:00+02:00",
    until: Some("2027-01-17T06:00+02:00"),
    next_contact: None,
};

fn officer(station: usize) -> Actor {
    Actor {
        name: ["Maj. Jones", "Lt. Orlova"][station].into(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    }
}

/// Gives a command and waits for its answer.
fn ask(link: &mut Link, station: usize, command: Command) -> Result<Option<EntryId>, Refusal> {
    let ticket = give(link, station, command);
    link.run(5);
    answer(link, station, ticket)
}

fn give(link: &mut Link, station: usize, command: Command) -> u64 {
    let told = link.stations[station].told.len() as u64;
    let ticket = 1_000 + 2 * told + u64::from(command_is_new(&command));
    let (line, actor) = (LINE, officer(station));
    let input = Input::Command {
        ticket,
        line,
        actor,
        command,
    };
    let now = at(link.now);
    link.stations[station].handle(now, input);
    ticket
}

/// Two commands of one moment have two tickets.
fn command_is_new(command: &Command) -> bool {
    matches!(command, Command::Contact { request, .. } if **request == Request::Close)
}

fn answer(link: &Link, station: usize, ticket: u64) -> Result<Option<EntryId>, Refusal> {
    let told = link.stations[station].told.iter().rev();
    let mut answers = told.filter_map(|event| match event {
        Event::Done { ticket: of, entry } if *of == ticket => Some(Ok(*entry)),
        Event::Refused { ticket: of, why } if *of == ticket => Some(Err(why.clone())),
        _ => None,
    });
    answers.next().expect("every command is answered")
}

fn contact(
    link: &mut Link,
    station: usize,
    contact: EntryId,
    request: Request,
) -> Result<EntryId, Refusal> {
    let entry = ask(link, station, of(contact, request))?;
    Ok(entry.expect("it is an entry"))
}

fn of(contact: EntryId, request: Request) -> Command {
    Command::Contact {
        contact,
        request: Box::new(request),
        text: String::new(),
        language: "en".into(),
    }
}

fn typed(fields: Fields<'_>) -> Typed {
    Typed::read(fields).expect("terms")
}

/// What a station shows of a contact.
fn shown(link: &Link, station: usize, contact: &EntryId) -> Option<Shown> {
    let told = link.stations[station].told.iter().rev();
    let mut states = told.filter_map(|event| match event {
        Event::Contact { shown, .. } if shown.contact == *contact => Some((**shown).clone()),
        _ => None,
    });
    states.next()
}

fn state(link: &Link, station: usize, contact: &EntryId) -> ContactStanding {
    shown(link, station, contact).expect("it is known").standing
}

fn stored(link: &Link, station: usize, kind: Kind) -> Vec<EntryId> {
    let entries = link.stations[station].disk.entries();
    let of_kind = entries.filter(|stored| stored.entry.header().kind == kind);
    of_kind.map(|stored| stored.entry.id()).collect()
}

/// Washington rings an office of Moscow's, and Moscow accepts.
fn accepted(link: &mut Link) -> EntryId {
    let office = |station: usize| OfficeRef {
        party: link.stations[station].author().party,
        office: OfficeId::new("chief").expect("a word"),
    };
    let (from, to) = (office(WASHINGTON), office(MOSCOW));
    let ring = Command::Ring {
        ring: Box::new(Ring {
            from,
            to,
            mode: Mode::Text,
            for_ms: 60_000,
            exercise: None,
        }),
        precedence: Precedence::Immediate,
        mark: Mark::Real,
        text: "The ceasefire".into(),
        language: "en".into(),
    };
    let ring = ask(link, WASHINGTON, ring)
        .expect("it rings")
        .expect("an entry");
    link.run(200);
    let accept = Command::AnswerRing {
        ring,
        answer: Answer::Accept,
        call_back: None,
        text: String::new(),
        language: "en".into(),
    };
    ask(link, MOSCOW, accept).expect("it rang");
    link.run(1_000);
    ring
}

fn verified(link: &mut Link) -> EntryId {
    let id = accepted(link);
    for station in [WASHINGTON, MOSCOW] {
        let said = Request::Verify(Comparison::Agreed);
        contact(link, station, id, said).expect("there is a code");
    }
    link.run(500);
    id
}

/// OL-622 OL-623 OL-625: nobody asks for it: each step follows from the one before, and each is taken once.
#[test]
fn after_an_answer_both_screens_show_one_code_and_both_must_say_so() {
    let mut link = Link::new(50, 0);
    let id = accepted(&mut link);
    let codes = [WASHINGTON, MOSCOW].map(|at| shown(&link, at, &id).expect("a contact").code);
    assert!(codes[0].is_some() && codes[0] == codes[1]);
    assert_eq!(stored(&link, MOSCOW, Kind::Verifying).len(), 3);
    assert_eq!(
        state(&link, MOSCOW, &id),
        ContactStanding::Is(State::Verifying)
    );

    let early = Request::Propose(typed(TERMS), None);
    let refused = contact(&mut link, WASHINGTON, id, early);
    assert_eq!(refused, Err(Refusal::Contact(NotDone::NotVerified)));
    contact(
        &mut link,
        WASHINGTON,
        id,
        Request::Verify(Comparison::Agreed),
    )
    .expect("he says so");
    link.run(500);
    assert_eq!(
        state(&link, MOSCOW, &id),
        ContactStanding::Is(State::CallerAgreed)
    );
    let again = contact(
        &mut link,
        WASHINGTON,
        id,
        Request::Verify(Comparison::Agreed),
    );
    assert_eq!(again, Err(Refusal::Contact(NotDone::AlreadySaid)));
    contact(&mut link, MOSCOW, id, Request::Verify(Comparison::Agreed)).expect("she says so");
    link.run(500);
    for station in [WASHINGTON, MOSCOW] {
        assert_eq!(
            state(&link, station, &id),
            ContactStanding::Is(State::Verified)
        );
    }
}

/// OL-626: one word, and it is over for both.
#[test]
fn codes_that_differ_close_the_contact_on_both_sides_for_good() {
    let mut link = Link::new(50, 0);
    let id = accepted(&mut link);
    contact(&mut link, MOSCOW, id, Request::Verify(Comparison::Differed)).expect("she says so");
    link.run(500);
    for station in [WASHINGTON, MOSCOW] {
        assert_eq!(
            state(&link, station, &id),
            ContactStanding::Is(State::CodesDiffered)
        );
    }
    let refused = contact(
        &mut link,
        WASHINGTON,
        id,
        Request::Verify(Comparison::Agreed),
    );
    assert_eq!(refused, Err(Refusal::Contact(NotDone::CodesDiffered)));
}

/// OL-642 OL-643: nothing binds until the one who proposed confirms what was read back as it was proposed.
#[test]
fn what_is_proposed_is_read_back_and_confirmed() {
    let mut link = Link::new(50, 0);
    let id = verified(&mut link);
    let proposal = Request::Propose(typed(TERMS), None);
    let proposal = contact(&mut link, WASHINGTON, id, proposal).expect("a proposal");
    link.run(200);
    let early = contact(&mut link, WASHINGTON, id, Request::Confirm(proposal));
    assert_eq!(early, Err(Refusal::Contact(NotDone::NotReadBack)));

    let wrong = typed(Fields {
        from: "2027-01-16T06:00+03:00",
        ..TERMS
    });
    contact(&mut link, MOSCOW, id, Request::ReadBack(proposal, wrong)).expect("she typed it");
    link.run(200);
    let refused = contact(&mut link, WASHINGTON, id, Request::Confirm(proposal));
    assert_eq!(refused, Err(Refusal::Contact(NotDone::ReadDifferently)));

    let right = Request::ReadBack(proposal, typed(TERMS));
    let read = contact(&mut link, MOSCOW, id, right).expect("she typed it again");
    link.run(200);
    contact(&mut link, WASHINGTON, id, Request::Confirm(proposal)).expect("it is the same");
    link.run(200);
    for station in [WASHINGTON, MOSCOW] {
        let proposals = shown(&link, station, &id).expect("a contact").proposals;
        assert_eq!(proposals[&proposal].standing, Standing::Confirmed(read));
    }
}

/// Two requests of one moment: the second is judged by what the first has made of the contact.
#[test]
fn a_second_request_waits_for_the_first_to_be_on_disk() {
    let mut link = Link::new(50, 0);
    let id = accepted(&mut link);
    let agrees = give(
        &mut link,
        MOSCOW,
        of(id, Request::Verify(Comparison::Agreed)),
    );
    let closes = give(&mut link, MOSCOW, of(id, Request::Close));
    link.run(50);
    answer(&link, MOSCOW, agrees).expect("she says so");
    answer(&link, MOSCOW, closes).expect("and closes it");
    assert_eq!(
        state(&link, MOSCOW, &id),
        ContactStanding::Is(State::Closed)
    );
    let late = contact(&mut link, MOSCOW, id, Request::Close);
    assert_eq!(late, Err(Refusal::Contact(NotDone::Closed)));
}

/// OL-627: a boot of it is gone, and with it the contact; the record of it stays.
#[test]
fn a_station_that_starts_again_has_no_part_in_the_contact_any_more() {
    let mut link = Link::new(50, 0);
    let id = verified(&mut link);
    link.restart(MOSCOW, 9);
    link.run(20_000);
    for station in [WASHINGTON, MOSCOW] {
        assert_eq!(state(&link, station, &id), ContactStanding::BrokenOff);
    }
    assert_eq!(shown(&link, MOSCOW, &id).expect("a contact").code, None);
    let proposal = Request::Propose(typed(TERMS), None);
    let refused = contact(&mut link, WASHINGTON, id, proposal);
    assert_eq!(refused, Err(Refusal::Contact(NotDone::BrokenOff)));
    assert_eq!(
        steps_of(&link),
        BTreeMap::from([("commits", 1), ("shares", 1), ("reveals", 1)])
    );
}

fn steps_of(link: &Link) -> BTreeMap<&'static str, usize> {
    let mut steps = BTreeMap::new();
    for stored in link.stations[MOSCOW].disk.entries() {
        if let Fact::Verifying(it) = stored.entry.fact() {
            let step = match it.step.code() {
                VerifyingStep::Commits => "commits",
                VerifyingStep::Shares => "shares",
                VerifyingStep::Reveals => "reveals",
            };
            *steps.entry(step).or_insert(0) += 1;
        }
    }
    steps
}

/// OL-734: a principal's contact binds nobody on a suspended line; that it is over may be said.
#[test]
fn nothing_is_agreed_on_a_suspended_line() {
    let mut link = Link::new(50, 0);
    let id = verified(&mut link);
    let suspend = Command::Suspend {
        reason: SuspensionReason::Ordered,
        text: String::new(),
        language: "en".into(),
    };
    ask(&mut link, MOSCOW, suspend).expect("it is suspended");
    link.run(500);
    let proposal = Request::Propose(typed(TERMS), None);
    let refused = contact(&mut link, WASHINGTON, id, proposal);
    assert!(
        matches!(refused, Err(Refusal::Suspended { .. })),
        "{refused:?}"
    );
    contact(&mut link, WASHINGTON, id, Request::Close).expect("it may be closed");
}
