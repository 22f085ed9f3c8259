//! Commands that one of the books decides: rings, contacts, tests, the watch, suspensions, exercises, addresses. What is wrong with a person's words is found before
//! anything is decided.

use openline_seal::Agreement;
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Answer, Mark, Precedence};
use openline_wire::entry::Body;
use openline_wire::fact::{Answered, Ring};
use openline_wire::ids::EntryId;

use crate::commands::Asked;
use crate::contract::{Command, Moment, Refusal};
use crate::exercise::request::Request;
use crate::line::Line;
use crate::rings::Said;
use crate::watch::suspension::Act;

/// Whether a command is for one of the books, and does not simply ask for an entry.
pub(crate) fn is_for_one(command: &Command) -> bool {
    matches!(
        command,
        Command::Ring { .. }
            | Command::AnswerRing { .. }
            | Command::WithdrawRing { .. }
            | Command::Contact { .. }
            | Command::TestNow
            | Command::TestRead(_)
            | Command::Watch { .. }
            | Command::Roster(_)
            | Command::Suspend { .. }
            | Command::Resume
            | Command::Exercise { .. }
            | Command::ReachableAt(_)
    )
}

impl<A: Agreement> Line<A> {
    /// Hands a command to its book.
    pub(crate) fn book_command(&mut self, asked: Asked, now: Moment) -> Result<(), Refusal> {
        let Asked {
            ticket,
            actor,
            command,
        } = asked;
        if !actor.fits() {
            return Err(Refusal::ActorName);
        }
        let body = self.words_of(&command)?;
        let said = Said {
            actor,
            body,
            ticket,
        };
        match command {
            Command::Ring {
                ring,
                precedence,
                mark,
                ..
            } => self.ring_command(*ring, (precedence, mark), said),
            Command::AnswerRing {
                ring,
                answer,
                call_back,
                ..
            } => self.answer_command(ring, (answer, call_back), said),
            Command::WithdrawRing { ring } => self.withdraw_ring(&ring, said),
            Command::Contact {
                contact, request, ..
            } => self.ask_contact(contact, *request, said),
            Command::TestNow => self.test_now(said, now),
            Command::TestRead(text) => self.read_test(&text, said),
            Command::Watch { request, .. } => self.ask_watch(request, said),
            Command::Roster(plan) => self.plan_watch(plan, said),
            Command::Suspend { reason, .. } => self.suspend(reason, said),
            Command::Resume => self.resume(said),
            Command::Exercise { request, .. } => self.ask_exercise(request, said, now),
            Command::ReachableAt(addresses) => self.announce_addresses(addresses, said),
            // For no book.
            _ => Ok(()),
        }
    }

    fn words_of(&mut self, command: &Command) -> Result<Option<Body>, Refusal> {
        match command {
            Command::Ring { text, language, .. }
            | Command::AnswerRing { text, language, .. }
            | Command::Contact { text, language, .. }
            | Command::Watch { text, language, .. }
            | Command::Suspend { text, language, .. } => {
                self.optional_body(language.clone(), text.clone())
            }
            Command::Exercise {
                request: Request::Propose(_),
                text,
                language,
            } => self.required_body(language.clone(), text.clone()),
            _ => Ok(None),
        }
    }

    fn ring_command(
        &mut self,
        mut ring: Ring,
        how: (Precedence, Mark),
        said: Said,
    ) -> Result<(), Refusal> {
        ring.exercise = self.exercises.of(how.1)?;
        let is_ours = ring.from.party == self.author.party;
        let is_theirs = ring.to.party == self.peer_party();
        let is_written = Ring::from_bytes(&ring.to_bytes()).is_ok();
        if !(is_ours && is_theirs && is_written && how.0.is_urgent()) {
            return Err(Refusal::RingForm);
        }
        self.duties.allows(Act::Ring(&ring))?;
        self.ring(ring, how, said)
    }

    fn answer_command(
        &mut self,
        ring: EntryId,
        (answer, call_back): (Answer, Option<u64>),
        said: Said,
    ) -> Result<(), Refusal> {
        let fact = Answered {
            ring,
            answer,
            call_back,
        };
        match Answered::from_bytes(&fact.to_bytes()) {
            Ok(_) if self.is_over(&ring) => Err(Refusal::NoExercise),
            Ok(_) => self.answer_ring(&ring, (answer, call_back), said),
            Err(_) => Err(Refusal::RingForm),
        }
    }

    /// Whether a ring is part of an exercise that is in force no more.
    fn is_over(&self, ring: &EntryId) -> bool {
        let rung = self.rings.book().rung(ring);
        rung.is_some_and(|rung| !self.exercises.allows(rung))
    }
}
