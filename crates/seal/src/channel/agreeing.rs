//! From epoch to epoch: the group of two is created, joined and rotated by key messages.
//!
//! Whoever moves first (by a Welcome or a commit) holds both epochs, seals under the older one, and
//! resends the same bytes until a frame of the newer one arrives. Whoever follows seals under the
//! newer one at once: that frame is the answer.

use super::Channel;
use crate::agreement::{Agreement, AgreementError};
use crate::error::ChannelError;
use crate::generation::GenerationRequest;
use crate::key_message::{Asked, KeyMessage, KeyMessageKind, Message};
use crate::limits::COURIER_EVERY;
use crate::schedule::{self, Purpose, Slot, ordered};
use openline_wire::ids::Digest;

/// What a key message led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysOutcome {
    /// A duplicate, or of no use now. Nothing changed.
    Ignored,
    /// The channel moved on: persist a snapshot before sending anything.
    Advanced,
    /// The peer asks for what it was given already, or with too low a number: send this once.
    /// Nothing changed.
    Answer(KeyMessage),
    /// The peer has accepted this request of our node, and it is not our last one nor numbered below
    /// it: our clock went back, or the request was under way when we were restored. Verify its
    /// signature with our node's own key, then [`begin`](Channel::begin_generation) again with a
    /// number above it. Nothing changed.
    Outnumbered(Box<GenerationRequest>),
    /// The peer asks for a new generation. Verify the signature over its `signed_bytes` with the key of
    /// its node, make sure that no other boot of that node is freshly echoed, then call
    /// [`Channel::accept_generation`], or leave it unanswered.
    GenerationRequested(Box<GenerationRequest>),
}

impl<A: Agreement> Channel<A> {
    /// Takes a key message of the peer's out of a frame that [`Self::open`] opened.
    pub fn receive_keys(&mut self, bytes: &[u8], now: u64) -> Result<KeysOutcome, ChannelError> {
        match Message::decode(bytes)? {
            Message::Welcome {
                generation,
                welcome,
            } => self.join_group(generation, &welcome, now),
            Message::Commit {
                generation,
                epoch,
                commit,
            } => self.follow_commit(Slot::traffic(generation, epoch), &commit, now),
            Message::KeyPackage {
                generation,
                request,
                asked,
                key_package,
            } => self.hear_key_package(generation, (request, asked), &key_package),
            Message::Request(request) => self.hear_request(*request),
            Message::Outnumbered(former) => self.hear_outnumbered(*former),
            Message::Accepted {
                generation,
                request,
            } => self.hear_answer(generation, request),
        }
    }

    /// Commits the next epoch now; `false` if it is not our turn, or a group or the peer's answer
    /// is still missing. Otherwise persist a snapshot before sending anything.
    pub fn rotate(&mut self) -> Result<bool, ChannelError> {
        let Some(slot) = self.ring.sending.filter(|_| self.may_rotate()) else {
            return Ok(false);
        };
        let commit = self.agreement.commit()?;
        self.add_epoch(slot.generation, slot.epoch + 1)?;
        let Slot {
            generation, epoch, ..
        } = slot;
        self.send(&Message::Commit {
            generation,
            epoch,
            commit,
        });
        Ok(true)
    }

    /// Whether the group exists, the peer has followed it, and the epoch is ours to end.
    pub(super) fn may_rotate(&self) -> bool {
        let settled = self.ring.sending == self.ring.latest();
        settled && self.epoch() > 0 && self.is_our_turn(self.epoch())
    }

    /// Epoch n is ended by the lower side if n is even, by the higher one if it is odd.
    fn is_our_turn(&self, epoch: u64) -> bool {
        let (lower, _) = ordered(&self.config);
        epoch.is_multiple_of(2) == (*lower == self.config.ours)
    }

    pub(super) fn create_group(&mut self, key_package: &[u8]) -> Result<(), ChannelError> {
        let slot = self.ring.latest().ok_or(ChannelError::NoGeneration)?;
        let welcome = self.agreement.create(key_package, &self.ring.psks)?;
        self.add_epoch(slot.generation, 1)?;
        self.leave_only_our_request();
        let generation = slot.generation;
        self.send(&Message::Welcome {
            generation,
            welcome,
        });
        Ok(())
    }

    fn join_group(
        &mut self,
        generation: u64,
        welcome: &[u8],
        now: u64,
    ) -> Result<KeysOutcome, ChannelError> {
        if self.ring.latest() != Some(Slot::traffic(generation, 0)) {
            return Ok(KeysOutcome::Ignored);
        }
        match self.agreement.join(welcome, &self.ring.psks) {
            // For a key package of an earlier life.
            Err(AgreementError::NotForUs) => return Ok(KeysOutcome::Ignored),
            joined => joined?,
        }
        self.leave_only_our_request();
        self.add_epoch(generation, 1)?;
        self.seal_under(Slot::traffic(generation, 1), Some(now));
        Ok(KeysOutcome::Advanced)
    }

    fn follow_commit(
        &mut self,
        ended: Slot,
        commit: &[u8],
        now: u64,
    ) -> Result<KeysOutcome, ChannelError> {
        if self.ring.latest() != Some(ended) || ended.epoch == 0 {
            return Ok(KeysOutcome::Ignored);
        }
        if self.is_our_turn(ended.epoch) {
            return Err(ChannelError::Misbehaviour("it committed out of turn"));
        }
        self.agreement.process(commit)?;
        // Whoever ends an epoch has reached it, also if its frames of that epoch were lost.
        self.heard_in(ended, now);
        self.add_epoch(ended.generation, ended.epoch + 1)?;
        self.seal_under(Slot::traffic(ended.generation, ended.epoch + 1), Some(now));
        Ok(KeysOutcome::Advanced)
    }

    /// In a new generation, whoever was asked sends a key package and whoever asked creates the
    /// group from it. A key package that answers an earlier request of ours is for someone who is no
    /// more; one by a peer that had not yet asked what we accepted from it is by someone who is no
    /// more, or by one who does not know that a copy of his asked: it gets that request back, so that
    /// it asks anew if it lives. If both asked and each can use the other's, the lower side creates.
    fn hear_key_package(
        &mut self,
        generation: u64,
        (request, asked): (Digest, Option<Asked>),
        key_package: &[u8],
    ) -> Result<KeysOutcome, ChannelError> {
        let accepted = self.answered.as_ref();
        let can_use_ours = self.offers()
            && asked.map(|theirs| theirs.digest) == accepted.map(|theirs| theirs.digest());
        let waits = can_use_ours && self.config.ours > self.config.peer;
        let awaited = self.ring.latest() == Some(Slot::traffic(generation, 0));
        let is_for_us = self.asked.map(|ours| ours.digest) == Some(request);
        let is_outlived = asked.map(|theirs| theirs.number) < accepted.map(|theirs| theirs.number);
        if !awaited || waits || !is_for_us {
            return Ok(KeysOutcome::Ignored);
        }
        if let Some(former) = accepted.filter(|_| is_outlived) {
            let former = Message::Outnumbered(Box::new(former.clone()));
            return Ok(KeysOutcome::Answer(KeyMessage::new(&former)));
        }
        self.create_group(key_package)?;
        Ok(KeysOutcome::Advanced)
    }

    /// Whether the peer is to create the group from a key package of ours.
    pub(super) fn offers(&self) -> bool {
        let mut kinds = self.outgoing.iter().map(|message| message.kind);
        kinds.any(|kind| kind == KeyMessageKind::KeyPackage)
    }

    /// Takes the base secrets of the agreement's new epoch, and erases what they came from.
    fn add_epoch(&mut self, generation: u64, epoch: u64) -> Result<(), ChannelError> {
        let base = |purpose| {
            let of = (generation, purpose);
            schedule::epoch_base(&self.config, &self.binding, of, &self.agreement)
        };
        let gives_courier_keys = epoch % COURIER_EVERY == 1;
        let courier = gives_courier_keys
            .then(|| base(Purpose::Courier))
            .transpose()?;
        let base = base(Purpose::Traffic)?;
        self.agreement.forget_exporter()?;
        self.ring.psks.clear();
        self.ring.add(Slot::traffic(generation, epoch), base);
        if let Some(base) = courier {
            self.ring
                .add_courier(Slot::courier(generation, epoch), base);
        }
        self.listen();
        Ok(())
    }

    /// Puts a message up for sending, in the place of an earlier one of its kind.
    pub(super) fn send(&mut self, message: &Message) {
        let message = KeyMessage::new(message);
        match self
            .outgoing
            .iter_mut()
            .find(|held| held.kind == message.kind)
        {
            Some(held) => *held = message,
            None => self.outgoing.push(message),
        }
    }
}
