//! The exercises of a line at work: feeds the book ([`crate::exercise::book`]) with entries and time, writes what persons ask for, says
//! in which exercise something is written, and ends with it what rings in it.

use openline_record::ring::seen::InTurn;
use openline_seal::Agreement;
use openline_wire::codes::{Kind, Mark, Precedence, Stream};
use openline_wire::fact::{Fact, Ring};
use openline_wire::ids::{EntryId, PartyId};
use openline_wire::limits;

use crate::composer::Draft;
use crate::config::StoredTold;
use crate::contract::{Moment, Refusal};
use crate::exercise::book::{Book, Shown};
use crate::exercise::request::Request;
use crate::line::Line;
use crate::ring::held::Rung;
use crate::rings::Said;
use crate::watch::known::Note;

/// The shortest exercise: its two entries take a moment to cross.
const SHORTEST_MS: u64 = 60_000;

/// The exercises of a line.
#[derive(Debug)]
pub(crate) struct Exercises {
    book: Book,
    /// A ring of ours may have lost the exercise that it rings in.
    may_have_ended: bool,
}

impl Exercises {
    /// From what the store holds. Our party comes first.
    pub(crate) fn stored(parties: [PartyId; 2], told: &StoredTold, now: Moment) -> Self {
        let mut exercises = Self {
            book: Book::new(parties[0], parties),
            may_have_ended: false,
        };
        for entry in &told.entries {
            exercises.observe(entry, now);
        }
        exercises
    }

    /// Takes an entry into account whose turn has come.
    pub(crate) fn observe(&mut self, entry: &InTurn, now: Moment) {
        let note = &entry.note;
        self.may_have_ended |= matches!(note.fact, Fact::ExerciseEnded(_) | Fact::Ring(_));
        let is_part = matches!(
            note.fact,
            Fact::ExerciseProposed(_) | Fact::ExerciseAccepted(_) | Fact::ExerciseEnded(_)
        );
        if is_part {
            self.book.observe(&as_of(entry, now), now);
        }
    }

    /// Notes what is over by now.
    pub(crate) fn lapse(&mut self, now: Moment) {
        self.may_have_ended |= self.book.lapse(now);
    }

    /// What is proposed and what is in force.
    pub(crate) fn shown(&self) -> Vec<Shown> {
        self.book.shown().collect()
    }

    /// When time will end one.
    pub(crate) fn changes_at(&self, now: Moment) -> Option<u64> {
        self.book.changes_at(now)
    }

    /// The exercise that something of this mark is written in: none for what is meant, and refused where there is none.
    pub(crate) fn of(&self, mark: Mark) -> Result<Option<EntryId>, Refusal> {
        match (mark, self.book.in_force()) {
            (Mark::Exercise, None) => Err(Refusal::NoExercise),
            (Mark::Exercise, exercise) => Ok(exercise),
            (Mark::Real | Mark::Test, _) => Ok(None),
        }
    }

    /// Whether a ring may sound, be answered and be spoken in: always what is meant, and an exercise while it is in force (OL-787).
    pub(crate) fn allows(&self, rung: &Rung) -> bool {
        rung.mark != Mark::Exercise || self.runs(&rung.ring)
    }

    fn runs(&self, ring: &Ring) -> bool {
        let exercise = ring.exercise.as_ref();
        exercise.is_some_and(|it| self.book.is_in_force(it))
    }
}

fn as_of(entry: &InTurn, now: Moment) -> Note {
    let note = &entry.note;
    Note {
        id: note.id,
        author: note.author,
        sequence: note.sequence,
        mark: note.mark,
        heads: note.heads.clone(),
        time: entry.time,
        actor: entry.actor.clone(),
        age: now.wall.saturating_sub(entry.stored),
        fact: note.fact.clone(),
    }
}

impl<A: Agreement> Line<A> {
    /// What a person asks for about exercises.
    pub(crate) fn ask_exercise(
        &mut self,
        request: Request,
        said: Said,
        now: Moment,
    ) -> Result<(), Refusal> {
        if !said.actor.is_a_person() {
            return Err(Refusal::NotByAPerson);
        }
        if let Request::Propose(for_ms) = request
            && !(SHORTEST_MS..=limits::EXERCISE_MS).contains(&for_ms)
        {
            return Err(Refusal::ExerciseLength);
        }
        let facts = self.exercises.book.ask(request, now);
        let facts = facts.map_err(Refusal::Exercise)?;
        let Said {
            actor,
            mut body,
            ticket,
        } = said;
        let mut ticket = Some(ticket);
        for fact in facts {
            let kind = match &fact {
                Fact::ExerciseProposed(_) => Kind::ExerciseProposed,
                Fact::ExerciseAccepted(_) => Kind::ExerciseAccepted,
                _ => Kind::ExerciseEnded,
            };
            self.composer.draft(Draft {
                actor: actor.clone(),
                precedence: Precedence::Immediate,
                ticket: ticket.take(),
                body: body.take_if(|_| kind.carries_text()),
                ..Draft::by_station(Stream::Urgent, kind, fact)
            });
        }
        Ok(())
    }

    /// Notes what is over by now, and takes back what we ring in it (OL-787).
    pub(crate) fn wake_exercises(&mut self, now: Moment) {
        self.exercises.lapse(now);
        if !core::mem::take(&mut self.exercises.may_have_ended) {
            return;
        }
        let (exercises, rings) = (&self.exercises, &mut self.rings);
        let is_over = |ring: &Ring| ring.exercise.is_some() && !exercises.runs(ring);
        let facts = rings.withdraw_all(is_over);
        self.write_rings(facts, None);
    }
}
