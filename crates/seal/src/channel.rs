//! The channel: one pair of nodes on one line. This file holds its life and its frames;
//! `agreeing` moves it from epoch to epoch, `renewing` from generation to generation.

mod agreeing;
mod carrying;
mod renewing;
mod salts;
mod snapshot;
mod verifying;

use crate::agreement::Agreement;
use crate::error::ChannelError;
use crate::frame::SealedWith;
use crate::generation::GenerationRequest;
use crate::key_message::{Asked, KeyMessage, KeyMessageKind};
use crate::names::{BearerId, ChannelConfig, KeyId, Nonce};
use crate::padding::Padding;
use crate::receiver::Receiver;
use crate::ring::KeyRing;
use crate::schedule::{self, Binding, Purpose, Slot};
use crate::sender::Sender;
use crate::tape::Tapes;
pub use agreeing::KeysOutcome;
pub use carrying::{Bundle, Carried, DoorKeys};
use core::fmt;
use openline_wire::ids::BootId;
pub use salts::Salt;
use zeroize::Zeroizing;

/// The sealed channel between this node and one node of a peer on one line.
pub struct Channel<A: Agreement> {
    config: ChannelConfig,
    binding: Binding,
    agreement: A,
    ring: KeyRing,
    /// To be resent until each is answered; one of a kind.
    outgoing: Vec<KeyMessage>,
    /// Our request for a new generation, while it is open.
    request: Option<GenerationRequest>,
    /// The last request of ours, open or answered.
    asked: Option<Asked>,
    /// The peer's last request that we accepted.
    answered: Option<GenerationRequest>,
    sender: Sender,
    receiver: Receiver,
    /// Something changed that the last snapshot does not have, and the caller was not yet told.
    unsaved: bool,
    /// When we were first asked for the time in the epoch that we seal under.
    epoch_since: Option<u64>,
}

/// What came out of a frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// The text.
    pub plaintext: Vec<u8>,
    /// The start of the peer's node that sealed it.
    pub boot: BootId,
    /// Generation of the key.
    pub generation: u64,
    /// Epoch of the key; 0 is the tape.
    pub epoch: u64,
    /// Counter under the key.
    pub counter: u64,
    /// The id of the sender's frame key, also if this frame introduced it.
    pub key: KeyId,
    /// The frame introduced its nonce: tell the peer that we now hold this key of its, each time.
    pub introduced: Option<KeyId>,
    /// Sealed under the tape key of a generation that we are not in. Take key messages out of it
    /// and nothing else: whoever carried the tape could have written it.
    pub key_message_only: bool,
    /// The channel has changed: persist a snapshot before sending anything.
    pub changed: bool,
}

impl fmt::Debug for Opened {
    /// Leaves the text out, so that no log ever holds it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("bytes", &self.plaintext.len())
            .field("boot", &self.boot)
            .field("generation", &self.generation)
            .field("epoch", &self.epoch)
            .field("counter", &self.counter)
            .finish_non_exhaustive()
    }
}

impl<A: Agreement> Channel<A> {
    /// A new channel: enters the generation of `tapes` (0 when a line is opened), so that traffic
    /// can be sealed under the tape key at once. With `peer_key_package`, this side is the opener: it creates
    /// the MLS group, and [`Self::keys_to_send`] holds the Welcome. Without it, `agreement` must
    /// hold the private part of the key package that the opener has.
    pub fn new(
        config: ChannelConfig,
        tapes: Tapes,
        agreement: A,
        peer_key_package: Option<&[u8]>,
    ) -> Result<Self, ChannelError> {
        let generation = tapes.index();
        let mut channel = Self::recover(config, tapes, agreement);
        channel
            .ring
            .enter(&channel.config, &channel.binding, generation);
        channel.listen();
        if let Some(key_package) = peer_key_package {
            channel.create_group(key_package)?;
        }
        Ok(channel)
    }

    /// A home that lost its channels but still has the tapes, at some index: it can seal nothing
    /// until a new generation is agreed ([`Self::begin_generation`]).
    pub fn recover(config: ChannelConfig, tapes: Tapes, agreement: A) -> Self {
        let mut channel = Self {
            binding: Binding::new(&config),
            sender: Sender::new(config.boot),
            receiver: Receiver::default(),
            ring: KeyRing::new(tapes),
            outgoing: Vec::new(),
            request: None,
            asked: None,
            answered: None,
            unsaved: false,
            epoch_since: None,
            config,
            agreement,
        };
        channel.listen();
        channel
    }

    /// Goes on after a restart.
    pub fn restore(config: ChannelConfig, snapshot: &[u8]) -> Result<Self, ChannelError> {
        snapshot::restore(config, snapshot)
    }

    /// The channel as secret bytes. Holds neither nonces nor counters, so that no two copies of it
    /// ever seal alike.
    pub fn snapshot(&self) -> Result<Zeroizing<Vec<u8>>, ChannelError> {
        snapshot::take(self)
    }

    /// The tapes that the next generation will use: all that a backup may hold of a channel.
    pub fn tapes(&self) -> &Tapes {
        &self.ring.tapes
    }

    /// Readies a bearer for sealing. The nonce must be fresh from the system's random source, at
    /// each start and also when a bearer is attached again.
    pub fn attach(&mut self, bearer: BearerId, nonce: Nonce, padding: Padding) {
        self.sender.attach(bearer, nonce, padding);
    }

    /// Forgets a bearer.
    pub fn detach(&mut self, bearer: BearerId) {
        self.sender.detach(bearer);
    }

    /// Seals one frame.
    pub fn seal(&mut self, bearer: BearerId, plaintext: &[u8]) -> Result<Vec<u8>, ChannelError> {
        self.sender.start_call();
        let (slot, base) = self.ring.sending_base()?;
        self.sender.seal(bearer, slot, base, plaintext)
    }

    /// Seals a body with a key message that
    /// [crosses generations](KeyMessageKind::crosses_generations), once for each generation in
    /// which the peer may hear it; the caller sends all the frames.
    pub fn seal_request(
        &mut self,
        bearer: BearerId,
        plaintext: &[u8],
    ) -> Result<Vec<Vec<u8>>, ChannelError> {
        self.sender.start_call();
        let seal = |tapes: Tapes| {
            let base = schedule::tape_base(&self.config, &self.binding, &tapes, Purpose::Request);
            self.sender.seal(
                bearer,
                Slot::request(tapes.index()),
                &base.sending,
                plaintext,
            )
        };
        self.ring.tapes.ahead().map(seal).collect()
    }

    /// The longest text whose frame on this bearer, as it stands now, is at most `frame_size` bytes.
    pub fn room(&self, bearer: BearerId, frame_size: usize) -> Option<usize> {
        let slot = self.ring.sending.unwrap_or(Slot::FIRST);
        self.sender.room(bearer, slot, frame_size)
    }

    /// The longest text for [`Self::seal_request`] whose frames are at most `frame_size` bytes.
    pub fn request_room(&self, bearer: BearerId, frame_size: usize) -> Option<usize> {
        let slot = Slot::request(self.ring.tapes.index());
        self.sender.room(bearer, slot, frame_size)
    }

    /// Keys and counters of the last [`Self::seal`] or [`Self::seal_request`].
    pub fn sealed_with(&self) -> &[SealedWith] {
        self.sender.sealed_with()
    }

    /// Whether a frame with this key id ([`KeyId::of_frame`]) may be for this channel.
    pub fn knows(&self, key: KeyId) -> bool {
        self.receiver.knows(key)
    }

    /// Opens one frame. One that fails leaves nothing behind.
    pub fn open(&mut self, frame: &[u8], now: u64) -> Result<Opened, ChannelError> {
        self.expire(now);
        let received = self.receiver.open(frame)?;
        let heard = self.heard_in(received.slot, now);
        Ok(Opened {
            plaintext: received.text,
            boot: received.boot,
            generation: received.slot.generation,
            epoch: received.slot.epoch,
            counter: received.counter,
            key: received.id,
            introduced: received.introduced,
            key_message_only: !self.ring.holds(received.slot),
            changed: std::mem::take(&mut self.unsaved) || heard,
        })
    }

    /// The peer says that it holds this key of ours: frames under it go without introduction.
    pub fn confirmed(&mut self, key: KeyId) {
        self.sender.confirmed(key);
    }

    /// The peer restarted or fell silent: introduce again on this bearer.
    pub fn unconfirm(&mut self, bearer: BearerId) {
        self.sender.unconfirm(bearer);
    }

    /// What to send, in the body *keys*, again and again until it vanishes from here.
    pub fn keys_to_send(&self) -> &[KeyMessage] {
        &self.outgoing
    }

    /// Erases the keys that are due and, if it is time and our turn, commits the next epoch.
    /// `true`: the channel has changed, persist a snapshot before sending anything.
    pub fn rotate_if_due(&mut self, now: u64) -> Result<bool, ChannelError> {
        self.expire(now);
        let since = *self.epoch_since.get_or_insert(now);
        let crowded = self
            .ring
            .sending
            .is_some_and(|slot| self.receiver.is_crowded(slot));
        let due = crowded || now.saturating_sub(since) >= self.config.rotate_every_ms;
        let rotated = due && self.rotate()?;
        Ok(std::mem::take(&mut self.unsaved) || rotated)
    }

    /// When [`Self::rotate_if_due`] has something to do.
    pub fn wake_at(&self) -> Option<u64> {
        let rotation = self.epoch_since.filter(|_| self.may_rotate());
        let rotation = rotation.map(|since| since.saturating_add(self.config.rotate_every_ms));
        rotation.into_iter().chain(self.ring.next_expiry()).min()
    }

    /// The generation that we seal under; `None` after [`Self::recover`] until one is entered.
    pub fn generation(&self) -> Option<u64> {
        self.ring.sending.map(|slot| slot.generation)
    }

    /// The epoch that we seal under; 0 is the tape.
    pub fn epoch(&self) -> u64 {
        self.ring.sending.map_or(0, |slot| slot.epoch)
    }

    /// Whether what we seal now is kept by the post-quantum agreement, not by the tape alone.
    pub fn is_post_quantum_sealed(&self) -> bool {
        self.epoch() > 0
    }

    /// An authentic frame says where the peer is: it follows our Welcome or commit, or it has left
    /// the epochs before.
    fn heard_in(&mut self, slot: Slot, now: u64) -> bool {
        if slot.purpose != Purpose::Traffic || !self.ring.holds(slot) {
            return false;
        }
        self.ring.heard_in(slot, now);
        let follows = self.ring.sending < Some(slot);
        if follows {
            self.answer_arrived(KeyMessageKind::Welcome);
            self.answer_arrived(KeyMessageKind::Commit);
            self.seal_under(slot, Some(now));
        }
        follows
    }

    fn answer_arrived(&mut self, kind: KeyMessageKind) {
        self.outgoing.retain(|message| message.kind != kind);
    }

    fn seal_under(&mut self, slot: Slot, now: Option<u64>) {
        self.ring.sending = Some(slot);
        self.sender.forget_before(slot);
        self.epoch_since = now;
    }

    fn expire(&mut self, now: u64) {
        if self.ring.expire(now) {
            self.unsaved = true;
            self.listen();
        }
    }

    /// Makes the receiver listen to exactly what the key ring can open: the epochs, requests for
    /// the generations ahead and, while we ask for one ourselves, the tape keys of those.
    fn listen(&mut self) {
        let ahead = self.ring.tapes.index()..;
        let asking = self.request.is_some();
        let ring = &self.ring;
        let derived = |slot: Slot| ahead.contains(&slot.generation);
        let is_heard = |slot: Slot| slot.purpose == Purpose::Request || asking;
        self.receiver.retain(
            |slot| ring.holds(slot) || derived(slot) && is_heard(slot),
            derived,
        );
        for epoch in &self.ring.epochs {
            self.receiver.listen(epoch.slot, &epoch.base.receiving);
        }
        let base = |tapes: &Tapes, purpose| {
            schedule::tape_base(&self.config, &self.binding, tapes, purpose).receiving
        };
        for tapes in self.ring.tapes.ahead() {
            let generation = tapes.index();
            self.receiver
                .listen(Slot::request(generation), &base(&tapes, Purpose::Request));
            if asking {
                let slot = Slot::traffic(generation, 0);
                self.receiver.listen(slot, &base(&tapes, Purpose::Traffic));
            }
        }
    }
}
