//! What becomes of the proposals of a contact.

use std::collections::BTreeMap;

use openline_wire::codes::Settled;
use openline_wire::fact::{Fact, Proposal, ReadBack, Settlement};
use openline_wire::ids::{Author, EntryId};
use openline_wire::terms::{Term, Terms};

use super::View;
use crate::contact::held::Placed;
use crate::contact::proposal::{Event, State, step};

/// How a proposal stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has read it back.
    Open,
    /// This read-back is what was proposed; its author has not confirmed it yet.
    ReadBack(EntryId),
    /// This read-back differs in these terms.
    ReadDifferently(EntryId, Vec<Term>),
    /// Both are bound.
    Confirmed(EntryId),
    /// This proposal stands in its place.
    Corrected(EntryId),
    /// It was taken back.
    Withdrawn,
    /// The contact was over before its author confirmed it, says his station.
    Lapsed,
    /// It never counted.
    Void(Void),
}

impl Standing {
    /// The word of OL-645.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::ReadBack(_) => "read-back",
            Self::ReadDifferently(..) => "read-back-differently",
            Self::Confirmed(_) => "confirmed",
            Self::Corrected(_) => "corrected",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
            Self::Void(_) => "void",
        }
    }
}

/// Why something counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Void {
    /// Its author did not know that both said that the codes agreed.
    NotVerified,
    /// Its author knew that the contact was over.
    Over,
    /// It corrects what is not there, is another boot's, or is settled.
    CorrectsNothing,
}

impl Void {
    /// A word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotVerified => "not-verified",
            Self::Over => "contact-over",
            Self::CorrectsNothing => "corrects-nothing",
        }
    }
}

/// A proposal, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The boot that proposed.
    pub by: Author,
    /// How it stands.
    pub standing: Standing,
}

/// What was read back of a proposal.
struct Echo {
    sequence: u64,
    id: EntryId,
    differing: Vec<Term>,
}

/// A proposal under way.
struct Case<'a> {
    by: usize,
    terms: &'a Terms,
    /// In the order of the reader's chain.
    echoes: Vec<Echo>,
    settled: Option<Standing>,
    void: Option<Void>,
}

impl Case<'_> {
    /// As it stands for whoever knows so much of the reader's chain, before it is settled.
    fn read_back(&self, seen: u64) -> (State, Option<&Echo>) {
        let known = self.echoes.partition_point(|echo| echo.sequence < seen);
        let known = &self.echoes[..known];
        let state = known.iter().fold(State::Open, |state, echo| {
            let event = match echo.differing.is_empty() {
                true => Event::ReadRight,
                false => Event::ReadWrong,
            };
            step(state, event).0
        });
        (state, known.last())
    }

    fn standing(&self) -> Standing {
        if let Some(void) = self.void {
            return Standing::Void(void);
        }
        let settled = self.settled.clone();
        settled.unwrap_or_else(|| match self.read_back(u64::MAX) {
            (State::ReadBack, Some(echo)) => Standing::ReadBack(echo.id),
            (State::ReadDifferently, Some(echo)) => {
                Standing::ReadDifferently(echo.id, echo.differing.clone())
            }
            _ => Standing::Open,
        })
    }

    fn is_undecided(&self) -> bool {
        self.void.is_none() && self.settled.is_none()
    }
}

impl View<'_> {
    /// All proposals of the contact.
    pub fn proposals(&self) -> BTreeMap<EntryId, Shown> {
        let mut cases = self.proposed();
        for by in 0..2 {
            self.read_by(by, &mut cases);
        }
        for by in 0..2 {
            self.decided_by(by, &mut cases);
        }
        let shown = |(id, case): (EntryId, Case<'_>)| {
            let (by, standing) = (self.boots()[case.by], case.standing());
            (id, Shown { by, standing })
        };
        cases.into_iter().map(shown).collect()
    }

    /// How one proposal stands, and whose it is.
    pub fn proposal(&self, id: &EntryId) -> Option<Shown> {
        self.proposals().remove(id)
    }

    fn entries(&self, by: usize) -> impl Iterator<Item = Placed<'_>> {
        self.held.of(&self.accepted, self.boots()[by])
    }

    fn proposed(&self) -> BTreeMap<EntryId, Case<'_>> {
        let mut cases = BTreeMap::new();
        for by in 0..2 {
            for entry in self.entries(by) {
                let Fact::Proposal(Proposal { terms, .. }) = &entry.1.fact else {
                    continue;
                };
                let case = Case {
                    by,
                    terms,
                    echoes: Vec::new(),
                    settled: None,
                    void: self.within(by, entry).err(),
                };
                cases.insert(entry.1.id, case);
            }
        }
        cases
    }

    fn read_by(&self, by: usize, cases: &mut BTreeMap<EntryId, Case<'_>>) {
        for entry in self.entries(by) {
            let Fact::ReadBack(ReadBack {
                proposal, terms, ..
            }) = &entry.1.fact
            else {
                continue;
            };
            let case = cases.get_mut(proposal).filter(|case| case.by != by);
            if let (Some(case), Ok(())) = (case, self.within(by, entry)) {
                case.echoes.push(Echo {
                    sequence: entry.0,
                    id: entry.1.id,
                    differing: case.terms.differing(terms),
                });
            }
        }
    }

    /// What one boot decided of its own proposals, in the order in which it did.
    fn decided_by(&self, by: usize, cases: &mut BTreeMap<EntryId, Case<'_>>) {
        for entry in self.entries(by) {
            match &entry.1.fact {
                Fact::Proposal(Proposal {
                    corrects: Some(corrects),
                    ..
                }) => self.corrected(by, entry, corrects, cases),
                Fact::Settlement(settlement) => {
                    let case = cases.get_mut(&settlement.proposal);
                    if let Some(case) = case.filter(|case| case.by == by && case.is_undecided()) {
                        case.settled = self.settled(by, entry, settlement, case);
                    }
                }
                _ => {}
            }
        }
    }

    fn corrected(
        &self,
        by: usize,
        entry: Placed<'_>,
        corrects: &EntryId,
        cases: &mut BTreeMap<EntryId, Case<'_>>,
    ) {
        let id = entry.1.id;
        if cases.get(&id).is_none_or(|case| case.void.is_some()) {
            return;
        }
        let earlier = cases.get_mut(corrects);
        let earlier = earlier.filter(|it| it.by == by && it.is_undecided() && *corrects != id);
        match earlier {
            Some(earlier) => earlier.settled = Some(Standing::Corrected(id)),
            None => {
                let case = cases.get_mut(&id);
                if let Some(case) = case {
                    case.void = Some(Void::CorrectsNothing);
                }
            }
        }
    }

    fn settled(
        &self,
        by: usize,
        entry: Placed<'_>,
        settlement: &Settlement,
        case: &Case<'_>,
    ) -> Option<Standing> {
        match settlement.settled {
            Settled::Withdrawn => return Some(Standing::Withdrawn),
            Settled::Lapsed => return Some(Standing::Lapsed),
            Settled::Confirmed => {}
        }
        self.within(by, entry).ok()?;
        let (state, last) = case.read_back(self.seen(entry.1, 1 - by));
        let (next, _) = step(state, Event::Confirm);
        let cited = settlement
            .cites
            .filter(|id| last.is_some_and(|last| last.id == *id))?;
        (next == State::Confirmed).then_some(Standing::Confirmed(cited))
    }
}
