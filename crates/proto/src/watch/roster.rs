//! Rosters: who is to be on watch when, as a party plans it, and the gaps in that (`spec/watch.md`, OL-722 to OL-726).
//!
//! A roster stands until an entry of the same party lists it as replaced. So one that crosses another stands beside it, whoever
//! comes first; a moment is planned if a shift of any of them covers it. Times are UTC by this machine's wall clock: a roster
//! is a plan of people, who go by the clock on the wall. Whether that can be believed, [`super::clock`] says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openline_wire::codes::Mark;
use openline_wire::fact::{Fact, Roster, Shift};
use openline_wire::header::Actor;
use openline_wire::ids::{EntryId, PartyId};
use openline_wire::limits;

use super::known::Note;

/// So long before it begins a gap is one to be mended, in milliseconds: twelve hours. A gap at night is noticed in the
/// afternoon, while whoever makes the roster is awake.
pub const LEAD_MS: u64 = 12 * 3_600_000;

/// So long after its beginning an officer is to have taken his shift, in milliseconds: a quarter of an hour, for the way and for
/// what the one who goes has to say.
pub const TAKEN_MS: u64 = 15 * 60_000;

/// A roster that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The entry.
    pub id: EntryId,
    /// Who signed it.
    pub by: Actor,
    /// When, by his clock.
    pub signed: u64,
    /// When it was stored here, by ours.
    pub stored: u64,
    /// What it plans.
    pub roster: Roster,
}

/// A time for which nobody is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// From when on.
    pub from: u64,
    /// Until when; none if nobody is planned afterwards.
    pub until: Option<u64>,
}

/// What a party's rosters say of now and of the time that comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The shift that runs; of several the one that began last.
    pub now: Option<Shift>,
    /// The one that begins next.
    pub next: Option<Shift>,
    /// The first gap, if it has begun or begins within [`LEAD_MS`].
    pub gap: Option<Gap>,
}

/// The rosters of one party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rosters {
    standing: BTreeMap<EntryId, Arc<Standing>>,
    /// Rosters that are replaced and not held yet.
    replaced: BTreeSet<EntryId>,
    /// The shifts of all that stand, in the order of their beginnings.
    shifts: Vec<Shift>,
}

impl Rosters {
    /// Those of a party that stand.
    pub fn of(standing: &[Arc<Standing>]) -> Self {
        let standing = standing.iter().map(|it| (it.id, Arc::clone(it)));
        let mut rosters = Self {
            standing: standing.collect(),
            ..Self::default()
        };
        rosters.sort();
        rosters
    }

    /// Takes a roster of this party into account, once, in whatever order they come.
    fn observe(&mut self, note: &Note, roster: &Roster, stored: u64) {
        for id in &roster.replaces {
            let was_held = self.standing.remove(id).is_some();
            if !was_held && self.replaced.len() < limits::WATCH_ENTRIES {
                self.replaced.insert(*id);
            }
        }
        let is_over = self.replaced.remove(&note.id);
        if !(is_over || roster.shifts.is_empty()) {
            let standing = Standing {
                id: note.id,
                by: note.actor.clone(),
                signed: note.time,
                stored,
                roster: roster.clone(),
            };
            self.standing.insert(note.id, Arc::new(standing));
        }
        self.forget();
        self.sort();
    }

    fn sort(&mut self) {
        let shifts = self.standing.values().flat_map(|it| &it.roster.shifts);
        self.shifts = shifts.cloned().collect();
        self.shifts.sort();
    }

    /// Forgets the one that ends first, if more stand than one entry can replace.
    fn forget(&mut self) {
        if self.standing.len() > limits::ROSTERS {
            let ends = |it: &Arc<Standing>| (it.roster.until, it.id);
            let first = self.standing.values().map(ends).min();
            if let Some((_, id)) = first {
                self.standing.remove(&id);
            }
        }
    }

    /// Those that stand: none, one, or several if the party's boots did not hear each other.
    pub fn standing(&self) -> impl Iterator<Item = &Arc<Standing>> {
        self.standing.values()
    }

    /// What they say at a time.
    pub fn outlook(&self, now: u64) -> Outlook {
        Outlook {
            now: self.running(now).last().cloned(),
            next: self.shifts.iter().find(|it| it.from > now).cloned(),
            gap: self.gaps(now, now.saturating_add(LEAD_MS)).first().copied(),
        }
    }

    /// The shift that began [`TAKEN_MS`] ago or longer and of whose officer `is_on_watch` says that he is not; if several began
    /// last, it is enough that one of their officers is.
    pub fn untaken(&self, now: u64, is_on_watch: impl Fn(&str) -> bool) -> Option<&Shift> {
        let last = self.running(now).last()?;
        let began_with_it = self.running(now).filter(|it| it.from == last.from);
        let is_due = last.from.saturating_add(TAKEN_MS) <= now;
        let mut officers = began_with_it.map(|it| it.officer.as_str());
        (is_due && !officers.any(is_on_watch)).then_some(last)
    }

    fn running(&self, now: u64) -> impl Iterator<Item = &Shift> {
        let runs = move |it: &&Shift| it.from <= now && now < it.until;
        self.shifts.iter().filter(runs)
    }

    /// The times for which nobody is planned, if they begin before `until` and are not over at `from`. With no roster there
    /// is none: nothing was promised.
    pub fn gaps(&self, from: u64, until: u64) -> Vec<Gap> {
        let begins = |it: &Arc<Standing>| it.signed.min(it.roster.from);
        let Some(mut covered) = self.standing.values().map(begins).min() else {
            return Vec::new();
        };
        let mut gaps = Vec::new();
        for shift in &self.shifts {
            if shift.from > covered {
                let until = Some(shift.from);
                gaps.push(Gap {
                    from: covered,
                    until,
                });
            }
            covered = covered.max(shift.until);
        }
        gaps.push(Gap {
            from: covered,
            until: None,
        });
        gaps.retain(|gap| gap.from < until && gap.until.is_none_or(|end| end > from));
        gaps
    }

    /// When what follows from them changes next, by the wall clock.
    fn changes_after(&self, now: u64) -> Option<u64> {
        let of = |it: &Shift| {
            let taken = it.from.saturating_add(TAKEN_MS);
            let ahead = it.until.saturating_sub(LEAD_MS).saturating_add(1);
            [it.from, it.until, taken, ahead]
        };
        let times = self.shifts.iter().flat_map(of);
        times.filter(|&at| at > now).min()
    }

    /// When the latest of those that stand was stored here: no clock that is right stands before that.
    pub fn stored(&self) -> Option<u64> {
        self.standing.values().map(|it| it.stored).max()
    }
}

/// The rosters of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    parties: BTreeMap<PartyId, Rosters>,
}

impl Book {
    /// None yet. The parties are those of the charter.
    pub fn new(parties: impl IntoIterator<Item = PartyId>) -> Self {
        let parties = parties.into_iter().map(|party| (party, Rosters::default()));
        Self {
            parties: parties.collect(),
        }
    }

    /// Takes an entry of an urgent stream into account, ours or theirs, once; it was stored here at this time by our wall clock.
    pub fn observe(&mut self, note: &Note, stored: u64) {
        let rosters = self.parties.get_mut(&note.author.party);
        if let (Some(rosters), Fact::Roster(roster), Mark::Real) = (rosters, &note.fact, note.mark)
        {
            rosters.observe(note, roster, stored);
        }
    }

    /// Those of a party; none of a party that the charter does not name.
    pub fn of(&self, party: &PartyId) -> Option<&Rosters> {
        self.parties.get(party)
    }

    /// The fact of the entry that plans this for a party, and replaces what stands.
    pub fn plan(&self, party: &PartyId, (from, until): (u64, u64), shifts: Vec<Shift>) -> Roster {
        let standing = self.of(party).into_iter().flat_map(Rosters::standing);
        Roster {
            from,
            until,
            shifts,
            replaces: standing.map(|it| it.id).collect(),
        }
    }

    /// When what follows from them changes next, by the wall clock.
    pub fn changes_after(&self, now: u64) -> Option<u64> {
        let parties = self.parties.values();
        parties.filter_map(|it| it.changes_after(now)).min()
    }
}
