//! Every command of both sides, at random: nothing crosses from what is practised to what is meant, or back.

use std::collections::BTreeMap;

use openline_proto::contact::request::Request as ContactRequest;
use openline_proto::contact::typed::{Fields, Typed};
use openline_proto::contact::view;
use openline_proto::contract::{Command, Event};
use openline_proto::exercise::request::Request;
use openline_proto::exercise::stands;
use openline_proto::ring::held::Standing;
use openline_proto::watch::book::Request as WatchRequest;
use openline_sim::dice::Dice;
use openline_wire::codes::{
    Answer, Comparison, Kind, Mark, Precedence, SilenceReason, Stage, SuspensionReason,
};
use openline_wire::fact::Fact;
use openline_wire::header::Header;
use openline_wire::ids::EntryId;

use super::{
    MOSCOW, WASHINGTON, agreed, answer, ask, exercise, headers, of_kind, ring, rings, say,
};
use crate::link::Link;

fn contact_of(contact: EntryId, request: ContactRequest) -> Command {
    Command::Contact {
        contact,
        request: Box::new(request),
        text: String::new(),
        language: "en".into(),
    }
}

fn terms() -> Typed {
    let fields = Fields {
        places: &["50.4501N 30.5234E"],
        from: "2027-01-16T06:00+02:00",
        until: None,
        next_contact: None,
    };
    Typed::read(fields).expect("terms")
}

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

    /// From a ring to a commitment, as far as both sides' commands are carried out: what it would be a pity to mix up.
    fn agree(&mut self, link: &mut Link, station: usize) {
        let mark = self.mark();
        let call = ring(link, station, mark, "watch");
        let Ok(Some(contact)) = ask(link, station, call) else {
            return;
        };
        link.run(50);
        let _ = ask(link, 1 - station, answer(contact, Answer::Accept));
        link.run(100);
        for side in [station, 1 - station] {
            let agreed = ContactRequest::Verify(Comparison::Agreed);
            let _ = ask(link, side, contact_of(contact, agreed));
        }
        link.run(50);
        let by = self.dice.below(2) as usize;
        let propose = ContactRequest::Propose(terms(), None);
        let Ok(Some(proposal)) = ask(link, by, contact_of(contact, propose)) else {
            return;
        };
        link.run(50);
        let read = ContactRequest::ReadBack(proposal, terms());
        let _ = ask(link, 1 - by, contact_of(contact, read));
        link.run(50);
        let _ = ask(
            link,
            by,
            contact_of(contact, ContactRequest::Confirm(proposal)),
        );
    }

    fn of_a_contact(&mut self, link: &Link, station: usize) -> Command {
        let contact = self.of_kind(link, station, Kind::Ring);
        let proposal = self.of_kind(link, station, Kind::Proposal);
        let terms = terms();
        let request = match self.dice.below(8) {
            0..=2 => ContactRequest::Verify(Comparison::Agreed),
            3 => ContactRequest::Propose(terms, self.dice.chance(300).then_some(proposal)),
            4 => ContactRequest::ReadBack(proposal, terms),
            5 => ContactRequest::Confirm(proposal),
            6 => ContactRequest::Withdraw(proposal),
            _ if self.dice.chance(200) => ContactRequest::Close,
            _ => ContactRequest::Verify(Comparison::Agreed),
        };
        contact_of(contact, request)
    }

    /// What has no mark that anybody could give.
    fn of_the_line(&mut self, link: &Link, station: usize) -> Command {
        let (text, language) = (String::new(), "en".to_owned());
        match self.dice.below(10) {
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
            8 => Command::ReachableAt(Vec::new()),
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

/// What was reached, of what is meant and of what is practised: so that there was something to mix up.
#[derive(Debug, Default)]
struct Reached {
    entries: [u32; 2],
    commitments: [u32; 2],
}

impl Reached {
    fn count(&mut self, link: &Link) {
        let held: BTreeMap<_, _> = headers(link, MOSCOW).into_iter().collect();
        let is_practised = |header: &Header| usize::from(header.mark == Mark::Exercise);
        let is_one =
            |it: &&Header| matches!(it.kind, Kind::Outcome | Kind::Proposal | Kind::Message);
        for header in held.values().filter(is_one) {
            self.entries[is_practised(header)] += 1;
        }
        for event in &link.stations[MOSCOW].told {
            let Event::Contact { shown, .. } = event else {
                continue;
            };
            let mut proposals = shown.proposals.values();
            if proposals.any(|it| matches!(it.standing, view::Standing::Confirmed(_))) {
                self.commitments[is_practised(&held[&shown.contact])] += 1;
            }
        }
    }
}

/// A world in which both sides ask for whatever comes, with cuts and restarts.
fn lived_through(seed: u64) -> Link {
    let mut link = Link::new(2, 0);
    if seed.is_multiple_of(2) {
        agreed::agree(&mut link);
    }
    let mut script = Script {
        dice: Dice::new(seed),
        entries: Vec::new(),
    };
    for step in 0..70 {
        let station = script.dice.below(2) as usize;
        match script.dice.chance(60) {
            true => script.agree(&mut link, station),
            false => {
                let command = script.command(&link, station);
                let _ = ask(&mut link, station, command);
            }
        }
        link.run(script.dice.pick(&[0, 20, 200]).unwrap_or(0));
        link.cut ^= script.dice.chance(if link.cut { 500 } else { 40 });
        if step % 35 == 34 && script.dice.chance(300) {
            link.restart(station, 10 + step as u8);
        }
        let held = headers(&link, station).into_iter();
        script.entries = held.map(|(id, _)| id).collect();
    }
    link.cut = false;
    link.run(3_000);
    link
}

/// OL-786 OL-785: random sequences of every command of both sides, of arbitrary marks and targets, with exercises that begin and
/// end meanwhile.
#[test]
fn whatever_both_sides_ask_for_nothing_practised_becomes_real_nor_the_other_way_round() {
    let mut reached = Reached::default();
    for seed in 0..40 {
        let link = lived_through(seed);
        for station in [WASHINGTON, MOSCOW] {
            check(&link, station, seed);
        }
        reached.count(&link);
    }
    assert!(
        reached.entries.iter().all(|&count| count > 60),
        "{reached:?}"
    );
    assert!(
        reached.commitments.iter().all(|&count| count > 0),
        "{reached:?}"
    );
}
