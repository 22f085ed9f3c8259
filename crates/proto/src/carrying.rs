//! What is carried by hand (OL-190): bundles of entries, and of what is held here. A bundle may come days late, twice, in any
//! order or in part, and whoever sealed it may be gone: so it is evidence of what was written and stored, and of nobody's life.

use std::sync::Arc;

use openline_seal::{Agreement, Carried};
use openline_wire::cbor::Canonical as _;
use openline_wire::compress::Effort;
use openline_wire::entry::Entry;
use openline_wire::header::Chain;
use openline_wire::ids::Author;
use openline_wire::limits;
use rand_chacha::rand_core::Rng as _;

use crate::bodies::{self, Body, Fragment, Have};
use crate::contract::{Change, Event, ImportedFrom, Misbehaviour, Moment};
use crate::entries::Came;
use crate::filler::Filler;
use crate::fragments::{self, CARRIED_BODIES, CARRIED_BYTES};
use crate::line::Line;
use crate::packed::{self, Packed, SealedBy};
use crate::ranges::RangeSet;
use crate::remote::carried_haves;
use crate::witness::Sealed;

impl<A: Agreement> Line<A> {
    /// Seals a bundle: what is held here, then these entries. None if there are no keys for it.
    pub(crate) fn carry(&mut self, entries: &[Arc<Entry>], now: Moment) -> Option<Vec<Vec<u8>>> {
        let mut nonce = [0; 16];
        self.rng.fill_bytes(&mut nonce);
        let mut bundle = self.channel.bundle(nonce).ok()?;
        let texts = self.bundle_texts(entries, now);
        let sealed: Result<Vec<_>, _> = texts.iter().map(|text| bundle.seal(text)).collect();
        if let Some(witness) = &mut self.witness {
            let seals = bundle.sealed_with().iter().zip(texts);
            let seals = seals.map(|(&with, plaintext)| Sealed {
                to: None,
                with,
                plaintext,
            });
            witness.sealed.extend(seals);
        }
        sealed.ok()
    }

    /// Entries stand whole: nobody knows what the boot that will read it has by then (rule 6).
    fn bundle_texts(&mut self, entries: &[Arc<Entry>], now: Moment) -> Vec<Vec<u8>> {
        let mut filler = Filler::default();
        for have in carried_haves(&self.log, now) {
            filler.alone(&Body::Have(have));
        }
        self.whole_texts(filler, entries)
    }

    /// Texts of frames with whole entries, behind what stands in the first already.
    pub(crate) fn whole_texts(
        &mut self,
        mut filler: Filler,
        entries: &[Arc<Entry>],
    ) -> Vec<Vec<u8>> {
        for entry in entries {
            let coded = packed::body(entry, &mut self.codec, Effort::Full);
            let whole = packed::whole(entry, coded);
            let bytes = whole.to_bytes();
            if bytes.len() <= fragments::PIECE {
                if !filler.takes(bytes.len()) {
                    filler.close();
                }
                filler.entry(bytes, entry);
                continue;
            }
            let body = Body::Entries(vec![whole]).to_bytes();
            for piece in fragments::cut(fragments::name_of(&body), &body) {
                filler.alone(&Body::Fragment(piece));
            }
        }
        filler.finish()
    }

    /// Takes a frame out of a bundle in. None: it was not sealed for this line, or with keys that are not held any more.
    pub(crate) fn carried(&mut self, frame: &[u8], now: Moment) -> Option<ImportedFrom> {
        let Carried { plaintext, boot } = self.channel.open_carried(frame).ok()?;
        if let Some(witness) = &mut self.witness {
            witness.opened += 1;
        }
        let by = Author {
            party: self.peer_party(),
            node: self.peer,
            boot,
        };
        let mut import = ImportedFrom::nothing(self.id, by);
        match bodies::read_all(&plaintext) {
            Ok(bodies) => {
                let each = bodies.into_iter();
                each.for_each(|body| self.carried_body(body, now, &mut import));
            }
            Err(_) => self.misbehaved(by, Misbehaviour::Malformed, Vec::new(), now),
        }
        Some(import)
    }

    /// What those who sealed the frames held, once their entries are taken in: they may be the first of theirs that come.
    pub(crate) fn take_carried_haves(&mut self, now: Moment) {
        let mut haves = core::mem::take(&mut self.pieces.haves);
        // Of whole lists the latest of each boot says all: they are long to read, and a bundle has many.
        haves.sort_by_key(|(by, have)| (*by, have.whole, have.wall));
        let next = haves.iter().map(|(by, have)| (*by, have.whole)).skip(1);
        let next: Vec<_> = next.map(Some).chain([None]).collect();
        for ((by, have), next) in haves.into_iter().zip(next) {
            if !have.whole || next != Some((by, true)) {
                self.carried_have(by, &have, now);
            }
        }
    }

    /// Long entries out of bundles of which pieces are missing.
    pub(crate) fn unfinished(&self) -> u64 {
        self.pieces.carried.unfinished() as u64
    }

    fn carried_body(&mut self, body: Body, now: Moment, import: &mut ImportedFrom) {
        match body {
            Body::Have(have) => {
                import.sealed = import.sealed.max(Some(have.wall));
                self.pieces.haves.push((import.by, have));
            }
            Body::Entries(entries) => {
                let each = entries.into_iter();
                each.for_each(|packed| self.carried_entry(packed, now, import));
            }
            Body::Fragment(piece) => self.carried_piece(piece, now, import),
            // They are for a boot that listens now.
            Body::Want(_) | Body::Keys(_) | Body::Pull(_) | Body::Piece(_) | Body::Confirm(_) => {}
        }
    }

    fn carried_piece(&mut self, piece: Fragment, now: Moment, import: &mut ImportedFrom) {
        let name = piece.whole;
        if self.pieces.done.contains(&name) {
            import.held += u64::from(piece.index == 0);
            return;
        }
        let carried = &mut self.pieces.carried;
        let whole = carried.take_among(piece, CARRIED_BODIES, CARRIED_BYTES);
        let Some(whole) = whole else { return };
        let before = import.left;
        match bodies::read_all(&whole).as_deref_mut() {
            Ok([Body::Entries(entries)]) => {
                let each = core::mem::take(entries).into_iter();
                each.for_each(|packed| self.carried_entry(packed, now, import));
            }
            _ => self.misbehaved(import.by, Misbehaviour::Malformed, Vec::new(), now),
        }
        // What was not taken may come again, when there is room.
        if import.left == before {
            self.pieces.is_done(name);
        }
    }

    fn carried_entry(&mut self, packed: Packed, now: Moment, import: &mut ImportedFrom) {
        let by = import.by;
        let signed = match packed.is_delta() {
            // Nothing may be left out of a bundle.
            true => None,
            false => {
                let salt = &|_: &Chain, _| None;
                let by = SealedBy { author: by, salt };
                packed.unpack((&self.log, &by), &mut self.codec).ok()
            }
        };
        let Some(signed) = signed else {
            import.left += 1;
            return self.misbehaved(by, Misbehaviour::Malformed, Vec::new(), now);
        };
        let (chain, sequence) = (signed.header().chain(), signed.header().sequence);
        let held = self.log.chain(&chain).map(|log| log.held());
        let is_held = held.is_some_and(|held| held.contains(sequence));
        if self.is_duplicate(&signed) {
            import.held += 1;
            return;
        }
        let Some(key) = self.key_of(&signed) else {
            import.left += 1;
            return self.misbehaved(by, Misbehaviour::Stranger, Vec::new(), now);
        };
        if self.is_left_out(&signed, now) {
            import.left += 1;
            return;
        }
        let Ok(entry) = signed.verify(&key) else {
            import.left += 1;
            return self.misbehaved(by, Misbehaviour::BadSignature, Vec::new(), now);
        };
        let before = self.last_cursor;
        self.verified(Came::Carried, entry, now);
        match (self.last_cursor > before, is_held) {
            (true, _) => import.fresh += 1,
            (false, true) => import.held += 1,
            (false, false) => import.left += 1,
        }
    }

    /// What a boot had on its disk when it sealed the bundle. It tells nothing else: an echo that lay for days, or a ring that was open
    /// then, says nothing of now.
    fn carried_have(&mut self, by: Author, have: &Have, now: Moment) {
        let at = self
            .remotes
            .iter()
            .position(|remote| remote.boot == Some(by));
        let listed = self.listed_chains((by, now), &have.chains);
        if let Some(at) = at {
            for (chain, places) in self.newly_confirmed(at, have.whole, listed) {
                self.confirm((at, by, now), chain, places, have.wall);
            }
            return;
        }
        for (chain, set) in self.claims(have.whole, listed) {
            self.confirmed_by_another(by, chain, &set, have.wall, now);
        }
    }

    /// A boot that is not heard now holds this of our chain.
    fn confirmed_by_another(
        &mut self,
        by: Author,
        chain: Chain,
        set: &RangeSet,
        their_time: u64,
        now: Moment,
    ) {
        let is_ours =
            (chain.author.party, chain.author.node) == (self.author.party, self.author.node);
        let size = set.contiguous();
        // A boot costs its sender an entry that is counted, or it costs our disk nothing (OL-445).
        let said = self.pieces.said.get(&(by, chain)).copied().unwrap_or(0);
        if !is_ours || size <= said || !self.log.has_written(&by) {
            return;
        }
        self.pieces.said.insert((by, chain), size);
        self.standing.confirmed(chain, size);
        let (line, at) = (self.id, now.wall);
        self.batch.notes.push(Change::Confirmed {
            line,
            by,
            chain,
            size,
            at,
            their_time: their_time.min(limits::LATEST_TIME_MS),
        });
        self.batch.events.push(Event::Confirmed {
            line,
            by,
            chain,
            places: vec![(0, size)],
            at: now,
            their_time,
        });
    }
}
