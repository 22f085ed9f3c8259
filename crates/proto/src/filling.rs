//! What goes into the frames of a line: what it holds, what it wants, its entries.

use std::sync::Arc;

use openline_seal::Agreement;
use openline_seal::sabotage::{Bug, planted};
use openline_wire::cbor::Canonical;
use openline_wire::codes::Stream;
use openline_wire::compress::Effort;
use openline_wire::entry::Entry;
use openline_wire::haste::Haste;
use openline_wire::header::Head;
use rand_chacha::rand_core::Rng as _;

use crate::bodies::{Body, Confirm, Have};
use crate::challenges::Lane;
use crate::contract::Moment;
use crate::filler::{Filler, Frames};
use crate::fragments;
use crate::line::Line;
use crate::packed::{self, Known as _, Packed, PackedBody, SealedBy};

/// So many entries at once go only where as many were confirmed a moment ago (the outbox's window): over a link on which
/// time to compress costs more than bytes.
const WIDE: usize = 64;

impl<A: Agreement> Line<A> {
    /// Fills frames: the *have* first, because it tells the receiver what deltas may refer to, then entries in
    /// the order of urgency.
    pub(crate) fn fill(
        &mut self,
        at: usize,
        entries: &[Arc<Entry>],
        have: Option<bool>,
        now: Moment,
    ) -> Frames {
        let mut filler = Filler::default();
        let mut told = None;
        let haste = self.haste_of(at, entries, have.is_some());
        if let Some(answer) = have {
            match self.confirm_instead(at, answer, now) {
                Some(confirm) => filler.body(&Body::Confirm(confirm)),
                None => told = Some(self.fill_have(at, answer, &mut filler, now)),
            }
            self.have_said(at, now);
        }
        let wants = core::mem::take(&mut self.remotes[at].wants);
        if !wants.is_empty() {
            filler.body(&Body::Want(wants));
        }
        let effort = match entries.len() {
            WIDE.. => Effort::Little,
            _ => Effort::Full,
        };
        for entry in entries {
            self.fill_entry(at, entry, effort, &mut filler);
        }
        Frames {
            have: told,
            texts: filler.finish(),
            haste,
        }
    }

    fn haste_of(&self, at: usize, entries: &[Arc<Entry>], tells: bool) -> Haste {
        let urgent = |entry: &Arc<Entry>| entry.header().stream == Stream::Urgent;
        let confirms_urgent = tells && self.remotes[at].has_urgent_news;
        match entries.is_empty() {
            _ if confirms_urgent || entries.iter().any(urgent) => Haste::Urgent,
            true => Haste::Life,
            false => Haste::Text,
        }
    }

    fn fill_have(&mut self, at: usize, answer: bool, filler: &mut Filler, now: Moment) -> Have {
        let challenge = self.challenges.at(now.monotonic, Lane::Common(0));
        let remote = &mut self.remotes[at];
        let mut have = remote.have(&self.log, challenge, now, answer);
        have.rings = self.rings.open();
        filler.body(&Body::Have(have.clone()));
        remote.next_echo = now.monotonic + self.cadences.echo;
        have
    }

    /// What is said instead of a *have* that would tell nothing but how far a few chains are held (OL-427).
    fn confirm_instead(&mut self, at: usize, answer: bool, now: Moment) -> Option<Confirm> {
        let remote = &mut self.remotes[at];
        let is_echo_due = remote.next_echo <= now.monotonic;
        if answer || is_echo_due || !self.rings.open().is_empty() {
            return None;
        }
        remote.confirm(&self.log, now)
    }

    /// Plans the copies of what was just told, and the rest of it.
    fn have_said(&mut self, at: usize, now: Moment) {
        let remote = &mut self.remotes[at];
        remote.has_urgent_news = false;
        let sent =
            (remote.ways.loss().copies(&remote.round_trip) - 1).saturating_sub(remote.have_copies);
        let again = now.monotonic + remote.round_trip.stagger_ms(sent);
        remote.have_due = (remote.have_copies > 0).then_some(again);
        remote.have_copies = remote.have_copies.saturating_sub(1);
        if remote.is_left_untold() {
            remote.have_due = Some(now.monotonic);
        }
    }

    fn fill_entry(&mut self, at: usize, entry: &Entry, effort: Effort, filler: &mut Filler) {
        let place = (entry.header().chain(), entry.header().sequence);
        let whole = self.remotes[at].wants_whole.remove(&place);
        let coded = packed::body(entry, &mut self.codec, effort);
        let pack = |filler: &Filler| match whole {
            true => packed::whole(entry, coded.clone()),
            false => self.pack(at, entry, filler, coded.clone()),
        };
        let mut packed = pack(filler).to_bytes();
        if !filler.takes(packed.len()) {
            // It goes into the next frame, and so can't lean on what stands in this one (rule 6).
            filler.close();
            packed = pack(filler).to_bytes();
        }
        if packed.len() <= fragments::PIECE {
            filler.entry(packed, entry);
            return;
        }
        // It goes alone and in pieces, and can't lean on an entry in the same frame.
        let body = Body::Entries(vec![packed::whole(entry, coded)]).to_bytes();
        // A bearer that takes only the first of so many frames takes others each time.
        let mut pieces = fragments::cut(fragments::name_of(&body), &body);
        let first = self.rng.next_u32() as usize % pieces.len().max(1);
        pieces.rotate_left(first);
        for piece in pieces {
            filler.alone(&Body::Fragment(piece));
        }
    }

    /// Packs an entry for one boot: against the entry before it in the same frame, or against the last one
    /// that this very boot has confirmed (rule 6), or whole.
    fn pack(&self, at: usize, entry: &Entry, filler: &Filler, body: Option<PackedBody>) -> Packed {
        let (chain, sequence) = (entry.header().chain(), entry.header().sequence);
        let confirmed = &self.remotes[self.leans_on(at)].confirmed;
        let held = confirmed.get(&chain).map_or(0, |set| set.contiguous());
        let in_frame = filler
            .base
            .filter(|(base, place)| *base == chain && place + 1 == sequence);
        let place = match in_frame {
            Some((_, place)) => Some(place),
            None => held.min(sequence).checked_sub(1),
        };
        let base = place.and_then(|place| self.log.entry(&chain, place));
        let Some(base) = base else {
            return packed::whole(entry, body);
        };
        let has = |head: &Head| {
            confirmed
                .get(&head.chain)
                .is_some_and(|set| set.contains(head.size - 1))
        };
        let by = SealedBy {
            author: self.author,
            salt: &|chain, place| self.channel.salt_to_send(chain, place),
        };
        packed::delta(entry, base, (&self.log, &by), has, body)
    }

    /// The session whose confirmations decide what is left out for a session: that one (rule 6).
    fn leans_on(&self, at: usize) -> usize {
        match planted(Bug::ElisionAcrossBoots) {
            true => 0,
            false => at,
        }
    }
}
