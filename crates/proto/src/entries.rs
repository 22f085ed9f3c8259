//! What a line does with an entry that came in: puts it together, verifies it, places it, and draws the
//! conclusions that concern boots: equivocation, restoration, copies.

use std::sync::Arc;

use openline_seal::Agreement;
use openline_seal::sabotage::{Bug, planted};
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Kind, Stream};
use openline_wire::entry::{self, Entry, EntryError, SignedEntry};
use openline_wire::fact::Fact;
use openline_wire::header::Chain;
use openline_wire::ids::Author;
use openline_wire::limits;

use crate::bodies::Want;
use crate::chain::Placed;
use crate::contract::{Change, Event, Misbehaviour, Moment, Output, StoredEntry};
use crate::incoming::Source;
use crate::line::Line;
use crate::packed::{Known as _, Packed, PackedHeader, SealedBy, UnpackError};
use crate::remote::Remote;

/// Entries that wait to be compared with what the store holds; a peer that sends old duplicates by the
/// thousand must not make the store read by the thousand.
const COMPARISONS: usize = 16;

/// Of these for one place: the one that is held, and one other that proves an equivocation.
const AT_ONE_PLACE: usize = 2;

/// How an entry came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// We wrote it.
    Ours,
    /// In a frame of this session.
    Heard(usize),
    /// In a bundle: it shows nothing about who lives now.
    Carried,
}

impl<A: Agreement> Line<A> {
    /// Takes a packed entry of a session.
    pub(crate) fn entry(&mut self, from: Source, packed: Packed) {
        let Source {
            at,
            author: sender,
            now,
            ..
        } = from;
        // What can be asked for again if the delta does not work out.
        let again = match &packed.header {
            PackedHeader::Whole(_) => None,
            PackedHeader::Delta(delta) => {
                let named = || self.log.prefix(&sender.boot);
                let (boot, stream) = (delta.boot.clone().unwrap_or_else(named), delta.stream);
                Some(Want {
                    boot,
                    stream,
                    sequence: delta.sequence,
                })
            }
        };
        let channel = &self.channel;
        let by = SealedBy {
            author: sender,
            salt: &|chain, place| channel.salt_received(from.epoch, chain, place),
        };
        let signed = match packed.unpack((&self.log, &by), &mut self.codec) {
            Ok(signed) => signed,
            // It leans on what was left out, most likely; whole it would be left out, too.
            Err(_) if self.asks_in_vain(again.as_ref(), now) => return,
            Err(error) => return self.not_unpacked(from, error, again),
        };
        if self.is_duplicate(&signed) {
            return self.held_already(at, &signed.header().chain(), signed.header().sequence, now);
        }
        let Some(key) = self.key_of(&signed) else {
            return self.misbehaved(sender, Misbehaviour::Stranger, Vec::new(), now);
        };
        if self.is_left_out(&signed, now) {
            return;
        }
        let verified = match planted(Bug::SignatureUnchecked) {
            true => Ok(signed.trust_own_store()),
            false => signed.verify(&key),
        };
        match verified {
            Ok(entry) => self.verified(Came::Heard(at), entry, now),
            Err(error) => self.not_unpacked(from, UnpackError::Entry(error), again),
        }
    }

    fn not_unpacked(&mut self, from: Source, error: UnpackError, again: Option<Want>) {
        let Source {
            at,
            author: sender,
            now,
            ..
        } = from;
        let remote = &mut self.remotes[at];
        match (error, again) {
            (UnpackError::UnknownAuthor, _) => {
                remote.untold_whole = Some(None);
                remote.have_due = Some(now.monotonic);
            }
            // A delta that fails is never taken for misbehaviour (rule 6).
            (_, Some(want)) if remote.wants.len() < limits::WANTS => remote.wants.push(want),
            (_, Some(_)) => {}
            (UnpackError::Entry(EntryError::Signature), None) => {
                self.misbehaved(sender, Misbehaviour::BadSignature, Vec::new(), now);
            }
            (_, None) => self.misbehaved(sender, Misbehaviour::Malformed, Vec::new(), now),
        }
    }

    /// Spares the signature of what would not be taken in now, whatever it says.
    pub(crate) fn is_left_out(&mut self, signed: &SignedEntry, now: Moment) -> bool {
        let header = signed.header();
        let held = self.log.chain(&header.chain()).map(|log| log.held());
        let is_held = held.is_some_and(|held| held.contains(header.sequence));
        let is_own = self.is_of_our_node(&header.author);
        !is_held && !is_own && !self.admissions.has_room(header.stream, now.monotonic)
    }

    fn asks_in_vain(&mut self, again: Option<&Want>, now: Moment) -> bool {
        again.is_some_and(|want| !self.admissions.has_room(want.stream, now.monotonic))
    }

    fn is_of_our_node(&self, author: &Author) -> bool {
        (author.party, author.node) == (self.author.party, self.author.node)
    }

    /// Spares the signature of what is held already, byte for byte.
    pub(crate) fn is_duplicate(&self, signed: &SignedEntry) -> bool {
        let header = signed.header();
        let held = self.log.chain(&header.chain()).and_then(|log| {
            log.held()
                .contains(header.sequence)
                .then(|| log.id(header.sequence))
                .flatten()
        });
        held == Some(entry::id_of(signed.header_bytes()))
    }

    pub(crate) fn key_of(&self, signed: &SignedEntry) -> Option<openline_wire::key::NodeKey> {
        let header = signed.header();
        let (party, key) = self.nodes.get(&header.author.node)?;
        let belongs = header.line == self.id && *party == header.author.party;
        belongs.then(|| key.clone())
    }

    pub(crate) fn verified(&mut self, came: Came, entry: Entry, now: Moment) {
        let (chain, sequence) = (entry.header().chain(), entry.header().sequence);
        let placed = self.log.place(&entry);
        let comes_back = matches!(placed, Placed::Duplicate | Placed::Compare);
        if chain.author == self.author && !comes_back {
            // Signed with our key in our boot's name, and not written by us: another of us runs (rule 4).
            self.ended = true;
            return;
        }
        match placed {
            Placed::New if !self.admits(&entry, now) => {}
            Placed::New => self.take(came, entry, now),
            Placed::Duplicate => {
                if let Came::Heard(at) = came {
                    self.held_already(at, &chain, sequence, now);
                }
            }
            Placed::Compare => self.load_to_compare(chain, entry),
            Placed::Conflict(held) => self.equivocated(&held, &entry, now),
            Placed::Fork => {
                let before = sequence.checked_sub(1);
                let held = before.and_then(|place| self.log.chain(&chain)?.recent(place).cloned());
                let proof = held.iter().map(|held| held.as_signed().to_bytes());
                let proof = proof.chain([entry.as_signed().to_bytes()]).collect();
                self.misbehaved(chain.author, Misbehaviour::ForkedChain, proof, now);
            }
            Placed::TooFar => {}
        }
    }

    /// Whether an entry may be taken in, which may add one more boot of the peer's to those that are followed. One
    /// that may not is not confirmed, so it comes again; nobody is blamed.
    fn admits(&mut self, entry: &Entry, now: Moment) -> bool {
        let room = self.log.room_for(entry);
        self.is_of_our_node(&entry.header().author)
            || self.admissions.admit(entry, room, now.monotonic)
    }

    fn equivocated(&mut self, held: &Entry, other: &Entry, now: Moment) {
        let proof = [held, other]
            .map(|entry| entry.as_signed().to_bytes())
            .to_vec();
        let author = other.header().author;
        self.misbehaved(author, Misbehaviour::Equivocation, proof, now);
    }

    fn load_to_compare(&mut self, chain: Chain, entry: Entry) {
        let from = entry.header().sequence;
        if let Some(waiting) = self.loads_to_compare.get_mut(&(chain, from)) {
            // A duplicate that came just before must not hide another entry for the same place.
            let is_new = waiting.iter().all(|other| other.id() != entry.id());
            if is_new && waiting.len() < AT_ONE_PLACE {
                waiting.push(entry);
            }
        } else if self.loads_to_compare.len() < COMPARISONS {
            self.loads_to_compare.insert((chain, from), vec![entry]);
            self.batch.outputs.push(Output::Load {
                line: self.id,
                chain,
                from,
                count: 1,
            });
        }
    }

    /// The store handed entries back: for sending, or to compare.
    pub(crate) fn loaded(
        &mut self,
        chain: Chain,
        from: u64,
        entries: Vec<Arc<Entry>>,
        now: Moment,
    ) {
        let waiting = self.loads_to_compare.remove(&(chain, from));
        for other in waiting.unwrap_or_default() {
            match entries.first() {
                Some(held) if held.id() == other.id() => {
                    self.remotes
                        .iter_mut()
                        .for_each(|remote| remote.must_tell(chain, now.monotonic));
                }
                Some(_) if chain.author == self.author => self.ended = true,
                Some(held) => self.equivocated(held, &other, now),
                None => {}
            }
        }
        self.one_way.fetched(&chain, &entries);
        self.remotes
            .iter_mut()
            .for_each(|remote| remote.outbox.fetched(&chain, &entries));
    }

    /// A boot sent what is here: so it holds it, and needs no more of it. That it holds an entry of ours its *have* will say,
    /// with its time; whoever waits for that is told only then.
    fn held_already(&mut self, at: usize, chain: &Chain, sequence: u64, now: Moment) {
        let is_ours = chain.author.node == self.author.node;
        let remote = &mut self.remotes[at];
        if !is_ours {
            let held = remote.confirmed.entry(*chain).or_default();
            held.insert(sequence, sequence + 1);
        }
        // It does not know that we hold it: what told it so was lost.
        remote.must_tell(*chain, now.monotonic);
    }

    /// Takes a new entry in, ours or the peer's: it will be persisted, then told.
    pub(crate) fn take(&mut self, came: Came, entry: Entry, now: Moment) {
        let (chain, sequence) = (entry.header().chain(), entry.header().sequence);
        self.check_heads(&entry, now);
        let entry = Arc::new(entry);
        if self.log.insert(Arc::clone(&entry)) {
            self.grown.insert(chain);
        }
        // That a boot holds what this node wrote and lost, its *have* will say: whoever waits is told only then.
        let is_ours = chain.author.node == self.author.node;
        for (at, remote) in self.remotes.iter_mut().enumerate() {
            let sent_it = came == Came::Heard(at) && !is_ours;
            if sent_it || remote.boot == Some(chain.author) {
                remote
                    .confirmed
                    .entry(chain)
                    .or_default()
                    .insert(sequence, sequence + 1);
            } else {
                remote.outbox.reopen(&chain, sequence);
            }
            if came != Came::Ours {
                remote.must_tell(chain, now.monotonic);
                remote.has_urgent_news |= chain.stream == Stream::Urgent;
            }
            if remote.boot == Some(chain.author) {
                let unnoted = core::mem::take(&mut remote.unnoted).into_values();
                self.batch.notes.extend(unnoted);
            }
        }
        if came == Came::Ours {
            self.one_way.wrote(chain, sequence);
        }
        self.last_cursor += 1;
        let (line, received) = (self.id, now.wall);
        let stored = StoredEntry {
            line,
            entry,
            received,
            cursor: self.last_cursor,
        };
        self.standing.observe(&stored, self.author.party, now);
        self.batch.changes.push(Change::Entry(stored.clone()));
        self.batch.events.push(Event::Stored(stored.clone()));
        self.observe_files(&stored.entry, now);
        self.look_for_restorations(&stored.entry);
        self.look_for_a_copy_of_us(&stored.entry);
        self.check_number(&stored.entry, now);
        self.observe_rings(&stored.entry, now);
        self.observe_tests(&stored, now);
    }

    /// Who signs that he compared the number of other cards, or of another charter, does not speak of this line: he opened
    /// it with somebody else's, or lies.
    fn check_number(&mut self, entry: &Entry, now: Moment) {
        let by = entry.header().author;
        let Fact::NumberCompared(theirs) = entry.fact() else {
            return;
        };
        if by.party != self.author.party && !self.standing.is_the_same_number(&theirs) {
            let proof = vec![entry.as_signed().to_bytes()];
            self.misbehaved(by, Misbehaviour::OtherNumber, proof, now);
        }
    }

    /// Heads are signed receipts. One for what this boot never wrote is a lie. One for another entry of its own
    /// party than the one held here shows that this party tells two stories. If it names another entry of somebody
    /// else's, one of the two lies and nobody can tell which; so nobody is blamed on the word of the other.
    fn check_heads(&mut self, entry: &Entry, now: Moment) {
        let proof = || vec![entry.as_signed().to_bytes()];
        let by = entry.header().author;
        for head in &entry.header().heads {
            let Some(log) = self.log.chain(&head.chain) else {
                continue;
            };
            let is_ours = head.chain.author == self.author;
            let beyond = is_ours && head.size > log.size();
            let other = log.id(head.size - 1).is_some_and(|id| id != head.last);
            if beyond || (other && is_ours) {
                self.misbehaved(by, Misbehaviour::FalseHeads, proof(), now);
            } else if other && head.chain.author.party == by.party {
                self.misbehaved(by, Misbehaviour::Divergence, proof(), now);
            }
        }
    }

    /// Invariant 13: a start that does not cover what its node wrote before, as we hold it, comes from an older
    /// disk. What comes in later shows nothing: it may have been written later, too.
    fn look_for_restorations(&mut self, entry: &Entry) {
        if entry.header().kind != Kind::Start {
            return;
        }
        self.log.begin_judging(entry.header().author);
        let line = self.id;
        let restored = self.log.restored().into_iter();
        let events = restored.map(|boot| Event::Restored { line, boot });
        self.batch.events.extend(events);
    }

    /// Invariant 12, seen from within: an entry of another boot of our node that names something of ours was written
    /// after we began, and we still run.
    fn look_for_a_copy_of_us(&mut self, entry: &Entry) {
        let (own, by) = (self.author, entry.header().author);
        if self.standing.cloned_here || (by.party, by.node) != (own.party, own.node) || by == own {
            return;
        }
        let starts_from_us = match entry.fact() {
            Fact::Start(start) => start.frontier.iter().any(|end| end.boot == own.boot),
            _ => false,
        };
        let heads = &entry.header().heads;
        if starts_from_us || heads.iter().any(|head| head.chain.author == own) {
            self.standing.cloned_here = true;
            let (line, one, other) = (self.id, own, by);
            self.batch.events.push(Event::Cloned { line, one, other });
        }
    }

    /// Invariant 12: two boots of one node ran at one moment if each gave back a challenge that was sent after
    /// the other had been heard: neither can have ended before the other began.
    pub(crate) fn compare_lives(&mut self, at: usize) {
        let one = &self.remotes[at];
        let outlives = |one: &Remote, other: &Remote| {
            let heard = other.life.heard.map(|(first, _)| first);
            heard.is_some_and(|heard| one.life.alive_as_of > Some(heard))
        };
        let twin = self
            .remotes
            .iter()
            .find(|other| outlives(one, other) && outlives(other, one) && other.boot != one.boot);
        let pair = one.boot.zip(twin.and_then(|twin| twin.boot));
        let pair = pair.map(|(one, other)| (one.min(other), one.max(other)));
        if let Some((one, other)) = pair.filter(|_| pair != self.standing.cloned) {
            self.standing.cloned = pair;
            let line = self.id;
            self.batch.events.push(Event::Cloned { line, one, other });
        }
    }
}
