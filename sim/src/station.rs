//! A station of the world: the real core, a disk in memory, a key that signs, and a driver that carries outputs
//! out in order and can be stopped between any two of them.

use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use openline_proto::Core;
use openline_proto::config::{Cadences, LineConfig};
use openline_proto::contract::{Change, Event, Identity, Input, Moment, Output, Route};
use openline_seal::{Channel, ChannelConfig, Padding, Side, Tape, Tapes};
use openline_wire::fact::NumberCompared;
use openline_wire::header::Actor;
use openline_wire::ids::{Author, BootId, Digest, LineId, NodeId, PartyId};
use openline_wire::key::{NodeKey, Signature};

use crate::agreement::ScriptedAgreement;
use crate::disk::Disk;

/// The one line of the world.
pub const LINE: LineId = LineId([7; 32]);

/// What stays the same over all starts of a node.
#[derive(Clone)]
pub struct Node {
    /// Its party and node.
    pub side: Side,
    key: SigningKey,
    tapes: Tapes,
    agreement: ScriptedAgreement,
    /// Given to the side that creates the group.
    peer_package: Option<Vec<u8>>,
    nodes: BTreeMap<NodeId, (PartyId, NodeKey)>,
    peer: Side,
    cadences: Cadences,
}

/// Two nodes with a line opened between them.
pub fn opened_line(cadences: Cadences) -> (Node, Node) {
    use openline_seal::Agreement as _;
    let keys = [1u8, 2].map(|n| SigningKey::from_bytes(&[n; 32]));
    let publics = keys.clone().map(|key| public(&key));
    let side = |at: usize| Side {
        party: PartyId([at as u8 + 1; 32]),
        node: publics[at].id(),
    };
    let nodes: BTreeMap<_, _> = [0, 1]
        .into_iter()
        .map(|at| (publics[at].id(), (side(at).party, publics[at].clone())))
        .collect();
    let mut agreements = [[1u8; 32], [2; 32]].map(ScriptedAgreement::new);
    let package = agreements[1].key_package().unwrap_or_default();
    let [one, other] = [[11u8; 32], [12; 32]].map(|bytes| Tape::carried(&bytes));
    let tapes = |flip: bool| match (one.clone(), other.clone(), flip) {
        (Some(a), Some(b), false) => Tapes::new(a, b),
        (Some(a), Some(b), true) => Tapes::new(b, a),
        _ => None,
    };
    let node = |at: usize| Node {
        side: side(at),
        key: keys[at].clone(),
        tapes: tapes(at == 1).expect("tapes of 32 bytes at one index"),
        agreement: agreements[at].clone(),
        peer_package: (at == 0).then(|| package.clone()),
        nodes: nodes.clone(),
        peer: side(1 - at),
        cadences,
    };
    (node(0), node(1))
}

fn public(key: &SigningKey) -> NodeKey {
    NodeKey::from_bytes(key.verifying_key().as_bytes())
        .expect("a key made by the library is canonical")
}

/// One running boot.
pub struct Station {
    /// What it runs on.
    pub disk: Disk,
    core: Core<ScriptedAgreement>,
    key: SigningKey,
    /// What it told, oldest first.
    pub told: Vec<Event>,
    /// What it sent and nobody took yet.
    pub sent: Vec<(Route, Vec<u8>)>,
    /// When it wants to be called.
    pub wake_at: Option<u64>,
    notes: Vec<Change>,
}

impl Station {
    /// A new boot of a node on a disk.
    pub fn start(node: &Node, mut disk: Disk, boot: BootId, seed: [u8; 32], now: Moment) -> Self {
        let channel = channel(node, &disk, boot);
        if let Ok(state) = channel.snapshot() {
            disk.write(&[Change::Channel {
                line: LINE,
                peer: node.peer.node,
                state,
            }]);
        }
        let Side { party, node: id } = node.side;
        let mut core = Core::new(
            Identity {
                party,
                node: id,
                boot,
            },
            seed,
        );
        let compared = NumberCompared {
            own_card: Digest([1; 32]),
            other_card: Digest([2; 32]),
            charter: Digest([3; 32]),
        };
        let config = LineConfig {
            line: LINE,
            cadences: node.cadences,
            nodes: node.nodes.clone(),
            peer: node.peer.node,
            channel,
            padding: Padding::None,
            number_compared: Some((Actor::station(), compared)),
            stored: disk.stored_line(),
        };
        core.add_line(config, now);
        core.handle(
            now,
            Input::Hint {
                line: LINE,
                route: Route { bearer: 0, path: 0 },
            },
        );
        Self {
            disk,
            core,
            key: node.key.clone(),
            told: Vec::new(),
            sent: Vec::new(),
            wake_at: Some(now.monotonic),
            notes: Vec::new(),
        }
    }

    /// Who it is in this boot.
    pub fn author(&self) -> Author {
        self.core.author()
    }

    /// The core's view of the line.
    pub fn status(&self, now: Moment) -> Option<openline_proto::verdict::Status> {
        self.core.status(&LINE, now)
    }

    /// Hands an input in.
    pub fn handle(&mut self, now: Moment, input: Input) {
        self.core.handle(now, input);
    }

    /// Carries out what is to be done, until nothing is. `steps` counts down to a crash: at zero the
    /// machine stops between two outputs and tells so by `false`.
    pub fn pump(&mut self, now: Moment, steps: &mut u64) -> bool {
        loop {
            let outputs = self.core.drain(now);
            if outputs.is_empty() {
                return true;
            }
            for output in outputs {
                if *steps == 0 {
                    return false;
                }
                *steps -= 1;
                self.carry_out(now, output);
            }
        }
    }

    fn carry_out(&mut self, now: Moment, output: Output) {
        match output {
            Output::Sign { ticket, bytes } => {
                let signature = Signature(self.key.sign(&bytes).to_bytes());
                self.core.handle(now, Input::Signed { ticket, signature });
            }
            Output::Persist(changes) => {
                self.disk.write(&changes);
                let notes = core::mem::take(&mut self.notes);
                self.disk.write(&notes);
            }
            Output::Note(change) => self.notes.push(change),
            Output::Load {
                line,
                chain,
                from,
                count,
            } => {
                let entries = self.disk.load(&chain, from, count);
                self.core.handle(
                    now,
                    Input::Loaded {
                        line,
                        chain,
                        from,
                        entries,
                    },
                );
            }
            Output::Send { route, bytes } => self.sent.push((route, bytes)),
            Output::Tell(event) => self.told.push(event),
            Output::WakeAt(at) => self.wake_at = Some(at),
        }
    }
}

fn channel(node: &Node, disk: &Disk, boot: BootId) -> Channel<ScriptedAgreement> {
    let config = ChannelConfig {
        line: LINE,
        charter: Digest([3; 32]),
        ours: node.side,
        peer: node.peer,
        boot,
        rotate_every_ms: openline_seal::limits::ROTATE_EVERY_MS,
    };
    if let Some(state) = disk.channel() {
        return Channel::restore(config, state).expect("a snapshot that this node wrote");
    }
    let (tapes, agreement) = (node.tapes.clone(), node.agreement.clone());
    Channel::new(config, tapes, agreement, node.peer_package.as_deref()).expect("fresh tapes")
}
