//! Contacts, from what the station holds to what the API shows.

use openline_proto::contact::book::ContactStanding;
use openline_proto::contact::shown::Shown;
use openline_proto::contact::state::State;
use openline_proto::contact::view::{self, Standing};
use openline_store::{NamedEntry, Reader, StoreError};
use openline_wire::codes::VerifyingStep;
use openline_wire::fact::Fact;
use openline_wire::ids::{EntryId, PartyId};
use openline_wire::terms::{self, Term};

use super::convert::{View, text_of};
use super::exercises::exercise_of;
use super::types::{Contact, Fact as FactJson, Proposal, Terms};

/// Proposals of a contact that a status lists: what two people agree on in one talk. A peer can propose thousands.
const CURRENT: usize = 16;

/// Which proposals of a contact are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of them.
    All,
    /// What binds and what nobody has settled, not all if they are many.
    Current,
}

impl View<'_> {
    /// A contact, with what is known of it; none if the entry is no ring.
    pub fn contact(
        &self,
        reader: &Reader,
        ring: &NamedEntry,
        shown: Option<&Shown>,
        wanted: Wanted,
    ) -> Result<Option<Contact>, StoreError> {
        let (stored, header) = (&ring.stored, ring.stored.entry.header());
        let Fact::Ring(fact) = stored.entry.fact() else {
            return Ok(None);
        };
        let ours = header.author.party == self.info.ours;
        let standing = shown.map(|shown| shown.standing);
        let (caller, called) = agreed(standing);
        let (we_agreed, they_agreed) = if ours {
            (caller, called)
        } else {
            (called, caller)
        };
        let mut proposals = Vec::new();
        for (id, of) in wanted.of(shown, self.info.ours) {
            proposals.extend(self.proposal(reader, id, of)?);
        }
        proposals.sort_by_key(|(cursor, _)| *cursor);
        let count = shown.map_or(0, |shown| shown.proposals.len());
        Ok(Some(Contact {
            contact: stored.entry.id().to_string(),
            short: format!("C-{}", ring.name.number),
            ring_short: ring.name.to_string(),
            ours,
            from: self.office(&fact.from),
            to: self.office(&fact.to),
            mark: header.mark.word().to_owned(),
            exercise: exercise_of(reader, ring)?.map(|id| id.to_string()),
            state: standing.map_or("unknown", ContactStanding::word).to_owned(),
            here: shown.is_some_and(|shown| shown.is_ours && !shown.standing.is_over()),
            code: shown.and_then(|shown| shown.code.map(|code| code.to_string())),
            we_agreed,
            they_agreed,
            more_proposals: count.saturating_sub(proposals.len()) as u64,
            proposals: proposals.into_iter().map(|(_, it)| it).collect(),
        }))
    }

    /// With its cursor.
    fn proposal(
        &self,
        reader: &Reader,
        id: &EntryId,
        shown: &view::Shown,
    ) -> Result<Option<(u64, Proposal)>, StoreError> {
        let Some(named) = reader.by_id(id)? else {
            return Ok(None);
        };
        let Fact::Proposal(fact) = named.stored.entry.fact() else {
            return Ok(None);
        };
        let (read_back, differs) = match &shown.standing {
            Standing::ReadBack(id) | Standing::Confirmed(id) => (Some(*id), &[][..]),
            Standing::ReadDifferently(id, differing) => (Some(*id), differing.as_slice()),
            _ => (None, &[][..]),
        };
        let read_back = read_back.map(|id| reader.by_id(&id)).transpose()?.flatten();
        let void = match shown.standing {
            Standing::Void(why) => Some(why.word().to_owned()),
            _ => None,
        };
        let proposal = Proposal {
            proposal: id.to_string(),
            short: named.name.to_string(),
            ours: shown.by.party == self.info.ours,
            proposed: self.said(&named),
            terms: terms(&fact.terms),
            text: text_of(&named.stored.entry).map_or_else(String::new, |text| text.text),
            corrects: fact.corrects.map(|id| id.to_string()),
            state: shown.standing.word().to_owned(),
            differs: differs.iter().map(|term| Term::word(*term)).collect(),
            same_moment: same_moment(&fact.terms, read_back.as_ref(), differs),
            void,
            read_back_terms: read_terms(read_back.as_ref()).filter(|_| !differs.is_empty()),
            read_back: read_back.map(|named| self.said(&named)),
        };
        Ok(Some((named.stored.cursor, proposal)))
    }

    /// What an entry says that belongs to a contact; nothing if it does not.
    pub(super) fn fact_of_a_contact(&self, fact: &Fact) -> FactJson {
        let of = |contact: &EntryId, says: &str| FactJson {
            ring: Some(contact.to_string()),
            says: Some(says.to_owned()),
            ..FactJson::default()
        };
        let on = |proposal: &EntryId, it: FactJson| FactJson {
            proposal: Some(proposal.to_string()),
            ..it
        };
        match fact {
            Fact::Verifying(it) => of(&it.contact, step(it.step.code())),
            Fact::Verified(it) => of(&it.contact, it.said.word()),
            Fact::Proposal(it) => FactJson {
                ring: Some(it.contact.to_string()),
                proposal: it.corrects.map(|id| id.to_string()),
                terms: Some(terms(&it.terms)),
                ..FactJson::default()
            },
            Fact::ReadBack(it) => FactJson {
                ring: Some(it.contact.to_string()),
                proposal: Some(it.proposal.to_string()),
                terms: Some(terms(&it.terms)),
                ..FactJson::default()
            },
            Fact::Settlement(it) => on(&it.proposal, of(&it.contact, it.settled.word())),
            Fact::ContactClosed(it) => FactJson {
                ring: Some(it.contact.to_string()),
                ..FactJson::default()
            },
            fact => self.fact_of_a_ring(fact),
        }
    }
}

impl Wanted {
    fn of(
        self,
        shown: Option<&Shown>,
        ours: PartyId,
    ) -> impl Iterator<Item = (&EntryId, &view::Shown)> {
        let most = match self {
            Self::All => usize::MAX,
            Self::Current => CURRENT,
        };
        let is_wanted =
            move |(_, it): &(&EntryId, &view::Shown)| self == Self::All || is_current(&it.standing);
        let proposals = move || shown.into_iter().flat_map(|shown| &shown.proposals);
        let own = move |(_, it): &(&EntryId, &view::Shown)| it.by.party == ours;
        // Ours first: nobody pushes them off our screen with proposals of his.
        let first = proposals().filter(move |it| own(it));
        let rest = proposals().filter(move |it| !own(it));
        first.chain(rest).filter(is_wanted).take(most)
    }
}

fn is_current(standing: &Standing) -> bool {
    use Standing::{Confirmed, Open, ReadBack, ReadDifferently};
    matches!(
        standing,
        Confirmed(_) | Open | ReadBack(_) | ReadDifferently(..)
    )
}

/// Whether the caller, and whether the called side, has said that the codes agreed, while nothing ended the contact.
fn agreed(standing: Option<ContactStanding>) -> (bool, bool) {
    match standing {
        Some(ContactStanding::Is(State::Verified)) => (true, true),
        Some(ContactStanding::Is(State::CallerAgreed)) => (true, false),
        Some(ContactStanding::Is(State::CalledAgreed)) => (false, true),
        _ => (false, false),
    }
}

fn step(step: VerifyingStep) -> &'static str {
    match step {
        VerifyingStep::Commits => "commits",
        VerifyingStep::Shares => "shares",
        VerifyingStep::Reveals => "reveals",
    }
}

fn terms(terms: &terms::Terms) -> Terms {
    Terms {
        places: terms.places.iter().map(ToString::to_string).collect(),
        from: terms.from.to_string(),
        until: terms.until.map(|time| time.to_string()),
        next_contact: terms.next_contact.map(|time| time.to_string()),
    }
}

fn read_terms(read_back: Option<&NamedEntry>) -> Option<Terms> {
    match read_back?.stored.entry.fact() {
        Fact::ReadBack(read) => Some(terms(&read.terms)),
        _ => None,
    }
}

/// Which of the terms that differ name one moment in two zones.
fn same_moment(
    meant: &terms::Terms,
    read_back: Option<&NamedEntry>,
    differs: &[Term],
) -> Vec<String> {
    let Some(Fact::ReadBack(read)) = read_back.map(|named| named.stored.entry.fact()) else {
        return Vec::new();
    };
    let is_same = |term: &&Term| {
        let [meant, read] = [meant, &read.terms].map(|terms| terms.time(**term));
        meant.is_some() && meant.map(|time| time.utc_ms()) == read.map(|time| time.utc_ms())
    };
    let same = differs.iter().filter(is_same);
    same.map(|term| term.word()).collect()
}
