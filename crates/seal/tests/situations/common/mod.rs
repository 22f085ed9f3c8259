//! Two stations with a wire between them that the test holds in its hands.
pub mod paper;

use openline_seal::{
    Agreement, BearerId, Channel, ChannelConfig, ChannelError, KeyId, KeyMessage, KeysOutcome,
    MlsAgreement, MlsIdentity, Nonce, Opened, Padding, PeerPin, SealedWith, Side, Tape, Tapes,
};
use openline_wire::ids::{BootId, Digest, LineId, NodeId, PartyId};
use paper::Paper;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

pub const UDP: BearerId = BearerId(0);
pub const SERIAL: BearerId = BearerId(1);

/// What the node's key would sign a request with.
pub const SIGNATURE: [u8; 64] = [7; 64];

/// Deterministic choices of a test (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }
}

/// Everything drawn or used by all stations of a test: nothing may come twice.
#[derive(Default)]
pub struct World {
    drawn: u64,
    used: BTreeSet<SealedWith>,
}

impl World {
    fn draw(&mut self) -> [u8; 16] {
        self.drawn += 1;
        let mut nonce = [0xA5; 16];
        nonce[..8].copy_from_slice(&self.drawn.to_be_bytes());
        nonce
    }

    fn record(&mut self, sealed: &[SealedWith]) {
        for with in sealed {
            assert!(
                self.used.insert(*with),
                "a key and counter sealed twice: {with:?}"
            );
        }
    }
}

/// A node with its channel to the other one, and the disk that it persists to.
pub struct Station<A: Agreement> {
    pub channel: Channel<A>,
    pub config: ChannelConfig,
    pub disk: Vec<u8>,
    pub now: u64,
    /// Accepts requests for a new generation.
    pub trusts: bool,
    /// Texts received.
    pub heard: Vec<Vec<u8>>,
    /// To be sent once.
    answer: Option<KeyMessage>,
    /// Key ids of the peer's that it must be told about.
    introduced: BTreeSet<KeyId>,
    world: Rc<RefCell<World>>,
}

pub struct Pair<A: Agreement> {
    pub washington: Station<A>,
    pub moscow: Station<A>,
    pub world: Rc<RefCell<World>>,
}

pub fn side(n: u8) -> Side {
    Side {
        party: PartyId([n; 32]),
        node: NodeId([n; 32]),
    }
}

pub fn config(ours: Side, peer: Side, boot: u8) -> ChannelConfig {
    ChannelConfig {
        line: LineId([1; 32]),
        charter: Digest([2; 32]),
        ours,
        peer,
        boot: BootId([boot; 16]),
        rotate_every_ms: 1000,
    }
}

/// The tape that the side with this number made, for what it receives.
pub fn tape(n: u8) -> Tape {
    Tape::carried(&[n; 40]).expect("long enough")
}

/// Washington (side 1, the lower) opens; Moscow (side 2) made its key package beforehand.
pub fn paper_pair() -> Pair<Paper> {
    let mut moscow = Paper::new(2);
    let key_package = moscow.key_package().expect("paper does not fail");
    open(Paper::new(1), moscow, &key_package)
}

pub fn mls_pair() -> Pair<MlsAgreement> {
    mls_pair_with_identities().0
}

pub fn mls_pair_with_identities() -> (Pair<MlsAgreement>, MlsIdentity, MlsIdentity) {
    let washington = MlsIdentity::generate(side(1)).expect("random numbers");
    let moscow = MlsIdentity::generate(side(2)).expect("random numbers");
    let prepared = moscow.prepare_key_package().expect("random numbers");
    let opener = MlsAgreement::new(&washington, moscow.pin(), None).expect("an identity");
    let other = MlsAgreement::new(&moscow, washington.pin(), Some(&prepared.secret));
    let pair = open(opener, other.expect("an identity"), &prepared.public);
    (pair, washington, moscow)
}

/// An MLS agreement of side 1 with side 2, whose pin and key package are given.
pub fn mls_opener(peer: PeerPin) -> MlsAgreement {
    let identity = MlsIdentity::generate(side(1)).expect("random numbers");
    MlsAgreement::new(&identity, peer, None).expect("an identity")
}

fn open<A: Agreement>(opener: A, other: A, key_package: &[u8]) -> Pair<A> {
    let world = Rc::new(RefCell::new(World::default()));
    let (one, two) = (config(side(1), side(2), 11), config(side(2), side(1), 21));
    let tapes = |sending, receiving| Tapes::new(tape(sending), tape(receiving)).expect("a pair");
    let washington = Channel::new(one.clone(), tapes(2, 1), opener, Some(key_package));
    let moscow = Channel::new(two.clone(), tapes(1, 2), other, None);
    Pair {
        washington: Station::start(washington.expect("opens"), one, &world),
        moscow: Station::start(moscow.expect("opens"), two, &world),
        world,
    }
}

impl<A: Agreement> Station<A> {
    pub fn start(channel: Channel<A>, config: ChannelConfig, world: &Rc<RefCell<World>>) -> Self {
        let mut station = Self {
            channel,
            config,
            disk: Vec::new(),
            now: 0,
            trusts: true,
            heard: Vec::new(),
            answer: None,
            introduced: BTreeSet::new(),
            world: Rc::clone(world),
        };
        station.attach(UDP, Padding::None);
        station.persist();
        station.channel.rotate_if_due(0).expect("the library works");
        station
    }

    pub fn attach(&mut self, bearer: BearerId, padding: Padding) {
        let nonce: Nonce = self.world.borrow_mut().draw();
        self.channel.attach(bearer, nonce, padding);
    }

    pub fn persist(&mut self) {
        self.disk = self.channel.snapshot().expect("the library works").to_vec();
    }

    /// A crash and a start from what is on the disk.
    pub fn restart(&mut self) {
        let disk = self.disk.clone();
        self.restart_from(&disk);
    }

    /// A start from another disk: a backup, or a copy.
    pub fn restart_from(&mut self, disk: &[u8]) {
        self.config.boot = BootId(self.world.borrow_mut().draw());
        let channel = Channel::restore(self.config.clone(), disk).expect("our own snapshot");
        let heard = std::mem::take(&mut self.heard);
        *self = Self {
            heard,
            now: self.now,
            ..Self::start(channel, self.config.clone(), &self.world)
        };
    }

    pub fn say(&mut self, text: &[u8]) -> Vec<u8> {
        self.seal(UDP, &[b"T", text].concat())
    }

    fn seal(&mut self, bearer: BearerId, body: &[u8]) -> Vec<u8> {
        let frame = self
            .channel
            .seal(bearer, body)
            .expect("a key and an attached bearer");
        self.world.borrow_mut().record(self.channel.sealed_with());
        frame
    }

    /// One frame for each thing that has to be said again: key messages, and keys of the peer's
    /// that we hold.
    pub fn resend(&mut self) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        let answer = self.answer.take();
        for message in answer
            .into_iter()
            .chain(self.channel.keys_to_send().to_vec())
        {
            let body = [b"K", message.bytes.as_slice()].concat();
            if message.kind.crosses_generations() {
                frames.extend(
                    self.channel
                        .seal_request(UDP, &body)
                        .expect("an attached bearer"),
                );
                self.world.borrow_mut().record(self.channel.sealed_with());
            } else {
                frames.push(self.seal(UDP, &body));
            }
        }
        if self.channel.generation().is_some() {
            for key in std::mem::take(&mut self.introduced) {
                frames
                    .push(self.seal(UDP, &[b"C", key.number().to_be_bytes().as_slice()].concat()));
            }
        }
        frames
    }

    /// Opens a frame and does what a core would do with it.
    pub fn receive(&mut self, frame: &[u8]) -> Result<Opened, ChannelError> {
        let opened = self.channel.open(frame, self.now)?;
        self.introduced.extend(opened.introduced);
        if opened.changed {
            self.persist();
        }
        match opened.plaintext.split_first() {
            Some((b'K', keys)) => self.receive_keys(keys)?,
            Some((b'T', text)) if !opened.key_message_only => self.heard.push(text.to_vec()),
            Some((b'C', key)) if !opened.key_message_only => {
                let number = u32::from_be_bytes(key.try_into().expect("four bytes"));
                self.channel
                    .confirmed(KeyId::new(number).expect("a key id"));
            }
            _ => {}
        }
        Ok(opened)
    }

    fn receive_keys(&mut self, keys: &[u8]) -> Result<(), ChannelError> {
        match self.channel.receive_keys(keys, self.now)? {
            KeysOutcome::Advanced => self.persist(),
            KeysOutcome::GenerationRequested(request) if self.trusts => {
                assert_eq!(request.signature, SIGNATURE);
                self.answer = Some(self.channel.accept_generation(&request)?);
                self.persist();
            }
            KeysOutcome::Answer(answer) => self.answer = Some(answer),
            KeysOutcome::Outnumbered(former) => {
                assert_eq!(former.signature, SIGNATURE);
                self.ask(former.number + 1);
            }
            _ => {}
        }
        Ok(())
    }

    /// Asks for a new generation.
    pub fn ask(&mut self, number: u64) {
        self.channel.begin_generation(number);
        self.channel
            .send_generation_request(SIGNATURE)
            .expect("it was begun");
        self.persist();
    }

    pub fn rotate(&mut self) -> bool {
        let rotated = self.channel.rotate().expect("the library works");
        if rotated {
            self.persist();
        }
        rotated
    }
}

impl<A: Agreement> Pair<A> {
    /// Both say all that is open, in turns, until there is nothing; every frame arrives.
    pub fn settle(&mut self) {
        for _ in 0..8 {
            exchange(&mut self.washington, &mut self.moscow);
            exchange(&mut self.moscow, &mut self.washington);
        }
        for (name, station) in [("Washington", &self.washington), ("Moscow", &self.moscow)] {
            let channel = &station.channel;
            let waits: Vec<_> = channel.keys_to_send().iter().map(|m| m.kind).collect();
            let (generation, epoch) = (channel.generation(), channel.epoch());
            let next = channel.tapes().index();
            assert!(
                waits.is_empty(),
                "{name} waits with {waits:?} in generation {generation:?}, epoch {epoch}, next {next}"
            );
        }
    }

    /// One text each way arrives, in the same generation and epoch.
    pub fn assert_open(&mut self) {
        let (one, two) = (&mut self.washington, &mut self.moscow);
        let opened = two.receive(&one.say(b"ready")).expect("Moscow hears");
        assert!(!opened.key_message_only);
        let opened = one.receive(&two.say(b"ready")).expect("Washington hears");
        assert!(!opened.key_message_only);
        assert_eq!(one.channel.generation(), two.channel.generation());
        assert_eq!(one.channel.epoch(), two.channel.epoch());
    }

    pub fn assert_post_quantum(&mut self) {
        self.assert_open();
        assert!(self.washington.channel.is_post_quantum_sealed());
        assert!(self.moscow.channel.is_post_quantum_sealed());
    }
}

/// All that `from` has to say arrives, and something besides.
pub fn exchange<A: Agreement>(from: &mut Station<A>, to: &mut Station<A>) {
    let mut frames = from.resend();
    if from.channel.generation().is_some() {
        frames.push(from.say(b"here"));
    }
    for frame in frames {
        // Frames for other generations than the other side's are refused, as they should be.
        let _ = to.receive(&frame);
    }
}
