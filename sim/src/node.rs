//! What stays the same over all starts of a node: its keys, the tapes that were carried, the line's figures.

use std::collections::BTreeMap;
use std::sync::Arc;

use ed25519_dalek::{Signer as _, SigningKey};
use openline_proto::config::Cadences;
use openline_proto::line_test::schedule::Figures;
use openline_seal::{
    Agreement, AgreementError, Channel, ChannelConfig, MlsAgreement, MlsIdentity, Side, Tape, Tapes,
};
use openline_wire::ids::{BootId, Digest, LineId, NodeId, PartyId};
use openline_wire::key::{NodeKey, Signature};

use crate::agreement::ScriptedAgreement;
use crate::disk::Disk;

/// The one line of the world.
pub const LINE: LineId = LineId([7; 32]);

/// Makes one end of the agreement, as it was when the line was opened.
type MakeAgreement<A> = Arc<dyn Fn() -> A + Send + Sync>;

/// A node, apart from its boots and disks.
pub struct Node<A = ScriptedAgreement> {
    /// Its party and node.
    pub side: Side,
    /// The other end.
    pub peer: Side,
    /// The nodes that the parties' cards certify.
    pub nodes: BTreeMap<NodeId, (PartyId, NodeKey)>,
    /// The charter's figures.
    pub cadences: Cadences,
    /// When the line is tested.
    pub tests: Figures,
    /// How long an epoch lasts.
    pub rotate_every_ms: u64,
    /// The beat of a constant rate, if it keeps one.
    pub beat_ms: Option<u64>,
    key: SigningKey,
    tapes: Tapes,
    agreement: MakeAgreement<A>,
    /// Given to the side that creates the group.
    peer_package: Option<Vec<u8>>,
}

impl<A> Clone for Node<A> {
    fn clone(&self) -> Self {
        Self {
            side: self.side,
            peer: self.peer,
            nodes: self.nodes.clone(),
            cadences: self.cadences,
            tests: self.tests,
            rotate_every_ms: self.rotate_every_ms,
            beat_ms: self.beat_ms,
            key: self.key.clone(),
            tapes: self.tapes.clone(),
            agreement: Arc::clone(&self.agreement),
            peer_package: self.peer_package.clone(),
        }
    }
}

impl<A: Agreement> Node<A> {
    /// Signs with the node's key.
    pub fn sign(&self, bytes: &[u8]) -> Signature {
        Signature(self.key.sign(bytes).to_bytes())
    }

    /// The channel of a boot: as the disk holds it, or new, or one that can only ask for a new generation.
    pub fn channel(&self, disk: &Disk, boot: BootId) -> Channel<A> {
        let config = self.channel_config(boot);
        if let Some(state) = disk.channel() {
            return Channel::restore(config, state).expect("a snapshot that this node wrote");
        }
        if let Some(tapes) = disk.kept_tapes() {
            return Channel::recover(config, tapes.clone(), (self.agreement)());
        }
        let (tapes, package) = (self.tapes.clone(), self.peer_package.as_deref());
        Channel::new(config, tapes, (self.agreement)(), package).expect("fresh tapes")
    }

    /// The tapes that a channel's state leaves for the generations to come.
    pub fn tapes_of(&self, state: &[u8], boot: BootId) -> Option<Tapes> {
        let channel = Channel::<A>::restore(self.channel_config(boot), state).ok()?;
        Some(channel.tapes().clone())
    }

    /// What a channel of a boot is told.
    pub fn channel_config(&self, boot: BootId) -> ChannelConfig {
        ChannelConfig {
            line: LINE,
            charter: Digest([3; 32]),
            ours: self.side,
            peer: self.peer,
            boot,
            rotate_every_ms: self.rotate_every_ms,
        }
    }
}

/// Two nodes with a line opened between them, whose keys follow a script.
pub fn opened_line(cadences: Cadences) -> (Node, Node) {
    let [one, mut other] = [[1u8; 32], [2; 32]].map(ScriptedAgreement::new);
    let package = other.key_package().unwrap_or_default();
    let make = |end: ScriptedAgreement| -> MakeAgreement<ScriptedAgreement> {
        Arc::new(move || end.clone())
    };
    open(cadences, [make(one), make(other)], &package)
}

/// Two nodes with a line opened between them by MLS itself. Not replayable: its library draws randomness.
pub fn opened_mls_line(
    cadences: Cadences,
) -> Result<(Node<MlsAgreement>, Node<MlsAgreement>), AgreementError> {
    let sides = [0, 1].map(|at| side(&key(at), at));
    let [one, other] = sides.map(MlsIdentity::generate);
    let (one, other) = (one?, other?);
    let prepared = other.prepare_key_package()?;
    let (pin_one, pin_other) = (one.pin(), other.pin());
    let first: MakeAgreement<MlsAgreement> = Arc::new(move || {
        MlsAgreement::new(&one, pin_other.clone(), None).expect("an identity just made")
    });
    let secret = prepared.secret;
    let second: MakeAgreement<MlsAgreement> = Arc::new(move || {
        MlsAgreement::new(&other, pin_one.clone(), Some(&secret)).expect("an identity just made")
    });
    Ok(open(cadences, [first, second], &prepared.public))
}

fn open<A: Agreement>(
    cadences: Cadences,
    agreements: [MakeAgreement<A>; 2],
    package: &[u8],
) -> (Node<A>, Node<A>) {
    let keys = [0, 1].map(key);
    let sides = [side(&keys[0], 0), side(&keys[1], 1)];
    let nodes: BTreeMap<_, _> = [0, 1]
        .map(|at| (sides[at].node, (sides[at].party, public(&keys[at]))))
        .into();
    let [one, other] = [[11u8; 32], [12; 32]].map(|bytes| Tape::carried(&bytes));
    let (one, other) = one.zip(other).expect("tapes of 32 bytes");
    let tapes = [
        Tapes::new(one.clone(), other.clone()),
        Tapes::new(other, one),
    ];
    let node = |at: usize| Node {
        side: sides[at],
        peer: sides[1 - at],
        nodes: nodes.clone(),
        cadences,
        tests: Figures::default(),
        rotate_every_ms: openline_seal::limits::ROTATE_EVERY_MS,
        beat_ms: None,
        key: keys[at].clone(),
        tapes: tapes[at].clone().expect("tapes at one index"),
        agreement: Arc::clone(&agreements[at]),
        peer_package: (at == 0).then(|| package.to_vec()),
    };
    (node(0), node(1))
}

fn key(at: usize) -> SigningKey {
    SigningKey::from_bytes(&[at as u8 + 1; 32])
}

fn side(key: &SigningKey, at: usize) -> Side {
    Side {
        party: PartyId([at as u8 + 1; 32]),
        node: public(key).id(),
    }
}

fn public(key: &SigningKey) -> NodeKey {
    NodeKey::from_bytes(key.verifying_key().as_bytes())
        .expect("a key made by the library is canonical")
}
