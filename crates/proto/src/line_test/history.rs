//! What came of the tests of a line: from the entries that are held, and of this boot's own tests from its clock.
//!
//! A boot that is over can't say any more whether an answer came in its time. So of its tests that is told which the entries
//! show, by the times at which they were stored here, and the rest is *cut short*: unknown is an answer, too.

use std::collections::BTreeMap;

use openline_wire::codes::Answerer;
use openline_wire::fact::{CallUp, Fact, Ready, TestAnswer, TestText};
use openline_wire::ids::{Author, Digest, EntryId};
use openline_wire::limits;

use super::shown::{Answered, Held, Shown, State};
use super::told::{Note, Told};

/// Boots of one party that are told as ready for one call-up: as many as two desks and their copies.
const READIES: usize = 4;

/// A test with what is needed to place the entries that follow.
#[derive(Clone, Debug)]
struct Kept {
    shown: Shown,
    readies: Vec<(EntryId, Author, u64)>,
    /// Who was ready for the text: he alone answers.
    reader: Option<Author>,
    content: Option<Digest>,
}

/// The latest tests of a line.
#[derive(Clone, Debug)]
pub struct History {
    own: Author,
    lasts: u64,
    tests: BTreeMap<EntryId, Kept>,
    is_missed: bool,
}

impl History {
    /// Of a line of which nothing is held yet, with tests that last so long.
    pub fn new(own: Author, lasts: u64) -> Self {
        Self {
            own,
            lasts,
            tests: BTreeMap::new(),
            is_missed: false,
        }
    }

    /// Whether the last test in which the other party had a part was missed or garbled, and no silence explains it.
    pub fn is_missed(&self) -> bool {
        self.is_missed
    }

    /// The tests, the latest first.
    pub fn shown(&self) -> Vec<Shown> {
        let mut shown: Vec<Shown> = self.tests.values().map(|it| it.shown.clone()).collect();
        shown.sort_by_key(|it| std::cmp::Reverse((it.called, it.call_up)));
        shown
    }

    /// Takes an entry into account that was stored then, by our wall clock.
    pub fn observe(&mut self, note: &Note, stored: u64) {
        match &note.fact {
            Fact::CallUp(call_up) => self.called(note, call_up, stored),
            Fact::Ready(ready) => self.ready(note, ready, stored),
            Fact::TestText(text) => self.text(note, text, stored),
            Fact::TestAnswer(answer) => self.answered(note, answer, stored),
            _ => {}
        }
    }

    fn called(&mut self, note: &Note, call_up: &CallUp, stored: u64) {
        let is_ours = note.author.party == self.own.party;
        let kept = Kept {
            shown: Shown {
                call_up: note.id,
                began: note.author,
                is_ours,
                turn: call_up.turn,
                called: stored,
                ready: None,
                text: None,
                by_machine: None,
                by_person: None,
                state: State::Called,
                is_excused: false,
                took_ms: None,
                nobody_read: false,
            },
            readies: Vec::new(),
            reader: None,
            content: None,
        };
        self.tests.entry(note.id).or_insert(kept);
        let of_side = self.tests.values().filter(|it| it.shown.is_ours == is_ours);
        let of_side = of_side.map(|it| (it.shown.called, it.shown.call_up));
        let (count, oldest) = (of_side.clone().count(), of_side.min());
        if let (true, Some((_, id))) = (count > limits::TESTS_TOLD, oldest) {
            self.tests.remove(&id);
        }
    }

    fn ready(&mut self, note: &Note, ready: &Ready, stored: u64) {
        let Some(kept) = self.tests.get_mut(&ready.call_up) else {
            return;
        };
        if note.author.party == kept.shown.began.party || kept.readies.len() == READIES {
            return;
        }
        kept.readies.push((note.id, note.author, stored));
        if kept.shown.state == State::Called {
            kept.shown.state = State::Ready;
        }
        kept.shown.ready.get_or_insert(Held::new(note.id, stored));
    }

    fn text(&mut self, note: &Note, text: &TestText, stored: u64) {
        let follows = |kept: &&mut Kept| {
            let is_named = kept.readies.iter().any(|(id, ..)| *id == text.ready);
            is_named && kept.shown.began == note.author && kept.shown.text.is_none()
        };
        let Some(kept) = self.tests.values_mut().find(follows) else {
            return;
        };
        let named = kept.readies.iter().find(|(id, ..)| *id == text.ready);
        if let Some((id, reader, at)) = named {
            kept.reader = Some(*reader);
            kept.shown.ready = Some(Held::new(*id, *at));
        }
        kept.content = note.content;
        kept.shown.text = Some(Held::new(note.id, stored));
        if kept.shown.state == State::Ready {
            kept.shown.state = State::Texted;
        }
    }

    fn answered(&mut self, note: &Note, answer: &TestAnswer, stored: u64) {
        let answers = |kept: &&mut Kept| {
            let text = kept.shown.text.map(|text| text.entry);
            text == Some(answer.text) && kept.reader == Some(note.author)
        };
        let own = self.own;
        let Some(kept) = self.tests.values_mut().find(answers) else {
            return;
        };
        let said = Answered {
            entry: note.id,
            by: note.actor.clone(),
            at: stored,
            is_right: kept.content == Some(answer.content),
        };
        if answer.by == Answerer::Person {
            kept.shown.by_person.get_or_insert(said);
            return;
        }
        let is_first = kept.shown.by_machine.is_none();
        let said = kept.shown.by_machine.get_or_insert(said).clone();
        // Of a test of its own this boot's clock says more than the entry.
        if is_first && kept.shown.began != own {
            kept.judge(&said, self.lasts);
            if !kept.shown.is_ours {
                self.is_missed = false;
            }
        }
    }

    /// What this boot's clock and machines say.
    pub fn told(&mut self, told: &Told) {
        self.is_missed = told.is_missed().unwrap_or(self.is_missed);
        let (call_up, state, is_excused) = match told {
            Told::Passed { call_up, .. } => (call_up, State::Passed, false),
            Told::Garbled { call_up } => (call_up, State::Garbled, false),
            Told::NoReady { call_up, excused } => (call_up, State::NoReady, *excused),
            Told::NoAnswer { call_up, excused } => (call_up, State::NoAnswer, *excused),
            Told::NobodyAnswered { call_up } => {
                if let Some(kept) = self.tests.get_mut(call_up) {
                    kept.shown.nobody_read = true;
                }
                return;
            }
            _ => return,
        };
        if let Some(kept) = self.tests.get_mut(call_up) {
            (kept.shown.state, kept.shown.is_excused) = (state, is_excused);
            if let Told::Passed { took_ms, .. } = told {
                kept.shown.took_ms = Some(*took_ms);
            }
        }
    }

    /// To be called once when the disk is read: what earlier boots began is over. `silences` are those that either party
    /// announced: from when until when, by our wall clock.
    pub fn settle(&mut self, now: u64, silences: &[(u64, u64)]) {
        let lasts = self.lasts;
        for kept in self.tests.values_mut().filter(|it| it.shown.is_ours) {
            kept.cut_short(now, lasts);
            let (from, until) = (kept.shown.called, kept.shown.called + lasts);
            let falls_into = |(begins, ends): &(u64, u64)| *begins <= until && *ends >= from;
            let is_missed = matches!(kept.shown.state, State::NoReady | State::NoAnswer);
            kept.shown.is_excused = is_missed && silences.iter().any(falls_into);
        }
        let last = self.tests.values().filter_map(|it| it.shown.was_missed());
        let last = last.max_by_key(|(at, _)| *at);
        self.is_missed = last.is_some_and(|(_, is_missed)| is_missed);
    }
}

impl Kept {
    /// What a machine's answer says of a test that another boot began.
    fn judge(&mut self, said: &Answered, lasts: u64) {
        let shown = &mut self.shown;
        let took = said.at.saturating_sub(shown.called);
        shown.state = match (shown.is_ours, said.is_right) {
            (false, _) => State::Read,
            (true, false) => State::Garbled,
            (true, true) if took <= lasts => State::Passed,
            (true, true) => State::CutShort,
        };
        if shown.state == State::Passed {
            shown.took_ms = Some(took);
        }
    }

    /// No answer comes any more that would count.
    fn cut_short(&mut self, now: u64, lasts: u64) {
        let shown = &mut self.shown;
        let is_over = now.saturating_sub(shown.called) >= lasts;
        shown.state = match shown.state {
            State::Called if is_over => State::NoReady,
            State::Texted if is_over => State::NoAnswer,
            // They were ready, and it was our boot that wrote no text.
            State::Called | State::Texted | State::Ready => State::CutShort,
            known => known,
        };
    }
}

impl Shown {
    /// When it was decided whether it was missed, by our wall clock, and whether it was; none if nobody can tell, or if a
    /// silence explains it.
    fn was_missed(&self) -> Option<(u64, bool)> {
        match self.state {
            State::Passed | State::Read => Some((self.by_machine.as_ref()?.at, false)),
            State::Garbled => Some((self.by_machine.as_ref()?.at, true)),
            State::NoReady | State::NoAnswer => (!self.is_excused).then_some((self.called, true)),
            State::Called | State::Ready | State::Texted | State::CutShort => None,
        }
    }
}
