//! The channel: one pair of nodes on one line.

use crate::{Agreement, ChannelError, Padding, Tapes};
use openline_wire::ids::{BootId, Digest, LineId, NodeId, PartyId};
use zeroize::Zeroizing;

/// One end of a channel: a node and the party it speaks for. The lower of the two has the even
/// turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Side {
    /// The party.
    pub party: PartyId,
    /// Its node.
    pub node: NodeId,
}

/// A bearer, by the number that the driver gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BearerId(pub u8);

/// Names one frame key on the wire: 31 bits of a keyed hash, top bit set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u32);

impl KeyId {
    /// The key id in a frame's header, if it parses: for choosing the channel by a look-up.
    pub fn of_frame(_frame: &[u8]) -> Option<Self> {
        todo!()
    }
}

/// 128 random bits, drawn afresh for each (boot, channel, bearer) and never stored.
pub type Nonce = [u8; 16];

/// What a channel must know and does not store: the same at each start, but for `boot`.
#[derive(Clone, Debug)]
pub struct ChannelConfig {
    /// The line.
    pub line: LineId,
    /// Hash of the charter that opened the line.
    pub charter: Digest,
    /// This end.
    pub ours: Side,
    /// The other end.
    pub peer: Side,
    /// This start of this node.
    pub boot: BootId,
    /// Age of an epoch, in milliseconds, at which the side whose turn it is commits the next.
    pub rotate_every_ms: u64,
}

/// What came out of a frame.
#[derive(Debug, PartialEq, Eq)]
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
    /// The frame introduced its nonce: tell the peer that we now hold this key of its.
    pub introduced: Option<KeyId>,
    /// Sealed under the tape key of a generation that is not (yet) ours. Only a key message may
    /// be taken from such a frame; everything else in it is ignored.
    pub key_message_only: bool,
    /// The channel's state has changed: persist a snapshot before sending anything.
    pub changed: bool,
}

/// A key and counter that sealed a frame; for tests that no pair repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealedWith {
    /// A hash of the key (not the key id, which may collide).
    pub key: [u8; 16],
    /// The counter.
    pub counter: u64,
}

/// How a key message must be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Under {
    /// By [`Channel::seal`].
    Current,
    /// By [`Channel::seal_request`]: we do not know which generation the peer is at.
    EveryCandidate,
}

/// A key message to be resent until it vanishes from [`Channel::keys_to_send`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMessage {
    /// The bytes for [`Channel::receive_keys`] on the other side (up to about 5 kB).
    pub bytes: Vec<u8>,
    /// How to seal it.
    pub under: Under,
}

/// What a key message led to.
#[derive(Debug, PartialEq, Eq)]
pub enum KeysOutcome {
    /// A duplicate, or one that cannot be used now (too early, of another generation). Nothing changed.
    Ignored,
    /// The channel moved on: persist a snapshot before sending anything.
    Advanced,
    /// The peer asks for a new generation. Verify the signature over `request.signed_bytes()` with
    /// the peer's node key, make sure that no other boot of that node is freshly echoed, then call
    /// [`Channel::accept_generation`], or ignore it.
    GenerationRequested(GenerationRequest),
}

/// A request for a new generation, by a node that was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenerationRequest {
    /// Who asks.
    pub from: Side,
    /// Grows with each request of that node.
    pub number: u64,
    /// The lowest generation it can enter.
    pub index: u64,
    /// What was signed.
    pub signed_bytes: Vec<u8>,
    /// The detached Ed25519 signature of the node's key.
    pub signature: [u8; 64],
}

/// The sealed channel between this node and one peer node on one line.
pub struct Channel<A: Agreement> {
    _agreement: A,
}

impl<A: Agreement> Channel<A> {
    /// A new channel at generation `tapes.index()` (0 when a line is opened): traffic is sealed
    /// under the tape key at once. If `peer_key_package` is given, this side is the opener: it
    /// creates the MLS group, and the Welcome is the first of [`Self::keys_to_send`].
    pub fn new(
        _config: ChannelConfig,
        _tapes: Tapes,
        _agreement: A,
        _peer_key_package: Option<&[u8]>,
    ) -> Result<Self, ChannelError> {
        todo!()
    }

    /// Goes on after a restart.
    pub fn restore(_config: ChannelConfig, _snapshot: &[u8]) -> Result<Self, ChannelError> {
        todo!()
    }

    /// A home that lost its channel state but still has the tapes at their index: it can
    /// only request a new generation ([`Self::begin_generation`]).
    pub fn recover(
        _config: ChannelConfig,
        _tapes: Tapes,
        _agreement: A,
    ) -> Result<Self, ChannelError> {
        todo!()
    }

    /// The channel as secret bytes. Holds neither boot nonces nor counters, so two copies of it
    /// never seal two frames alike.
    pub fn snapshot(&self) -> Result<Zeroizing<Vec<u8>>, ChannelError> {
        todo!()
    }

    /// The tapes not yet used: for a backup, which must hold nothing else of the channel.
    pub fn tapes(&self) -> &Tapes {
        todo!()
    }

    /// Readies a bearer. The nonce must be fresh from the system's random source, also when a
    /// bearer is attached again.
    pub fn attach(&mut self, _bearer: BearerId, _nonce: Nonce, _padding: Padding) {
        todo!()
    }

    /// Forgets a bearer.
    pub fn detach(&mut self, _bearer: BearerId) {
        todo!()
    }

    /// Seals one frame.
    pub fn seal(&mut self, _bearer: BearerId, _plaintext: &[u8]) -> Result<Vec<u8>, ChannelError> {
        todo!()
    }

    /// Seals a key message marked [`Under::EveryCandidate`], once for each generation that the
    /// peer may be waiting in; the caller sends all the frames.
    pub fn seal_request(
        &mut self,
        _bearer: BearerId,
        _plaintext: &[u8],
    ) -> Result<Vec<Vec<u8>>, ChannelError> {
        todo!()
    }

    /// The longest plaintext whose frame on this bearer, as it stands, is at most `frame_size` long.
    pub fn room(&self, _bearer: BearerId, _frame_size: usize) -> Option<usize> {
        todo!()
    }

    /// Keys and counters of the last [`Self::seal`] or [`Self::seal_request`].
    pub fn sealed_with(&self) -> &[SealedWith] {
        todo!()
    }

    /// Whether a frame with this key id is worth an [`Self::open`].
    pub fn knows(&self, _key: KeyId) -> bool {
        todo!()
    }

    /// Opens one frame. A frame that fails leaves nothing behind.
    pub fn open(&mut self, _frame: &[u8], _now: u64) -> Result<Opened, ChannelError> {
        todo!()
    }

    /// The peer says that it holds this key of ours: frames under it go without introduction.
    pub fn confirmed(&mut self, _key: KeyId) {
        todo!()
    }

    /// The peer restarted or fell silent: introduce again on this bearer.
    pub fn unconfirm(&mut self, _bearer: BearerId) {
        todo!()
    }

    /// What to resend, in the body *keys*, until it vanishes from here.
    pub fn keys_to_send(&self) -> &[KeyMessage] {
        todo!()
    }

    /// Takes a key message of the peer out of an authentic frame.
    pub fn receive_keys(&mut self, _bytes: &[u8], _now: u64) -> Result<KeysOutcome, ChannelError> {
        todo!()
    }

    /// Erases what is due and, if it is our turn and time, commits the next epoch. `true`: persist
    /// a snapshot before sending anything.
    pub fn rotate_if_due(&mut self, _now: u64) -> Result<bool, ChannelError> {
        todo!()
    }

    /// Commits the next epoch now, if it is our turn and nothing is pending.
    pub fn rotate(&mut self) -> Result<bool, ChannelError> {
        todo!()
    }

    /// When [`Self::rotate_if_due`] has something to do next.
    pub fn wake_at(&self) -> Option<u64> {
        todo!()
    }

    /// The generation that we seal under; none after [`Self::recover`], until the peer answered.
    pub fn generation(&self) -> Option<u64> {
        todo!()
    }

    /// The epoch that we seal under; 0 is the tape.
    pub fn epoch(&self) -> u64 {
        todo!()
    }

    /// Whether what we seal now is protected by the post-quantum agreement, not by the tape alone.
    pub fn is_post_quantum_sealed(&self) -> bool {
        todo!()
    }

    /// Starts a request for a new generation (restored home). `number` must be higher than in any
    /// request of this node before; returns the bytes for the node's key to sign.
    pub fn begin_generation(&mut self, _number: u64) -> Result<Vec<u8>, ChannelError> {
        todo!()
    }

    /// Takes the signature over what [`Self::begin_generation`] returned; the request is now in
    /// [`Self::keys_to_send`].
    pub fn send_generation_request(&mut self, _signature: [u8; 64]) -> Result<(), ChannelError> {
        todo!()
    }

    /// Enters the generation that the peer asks for; the caller has verified the request.
    /// Persist a snapshot before sending anything.
    pub fn accept_generation(&mut self, _request: &GenerationRequest) -> Result<(), ChannelError> {
        todo!()
    }
}
