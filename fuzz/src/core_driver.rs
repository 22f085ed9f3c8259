//! A driver that carries out what the core wants and holds each output against the contract
//! (`openline_proto::contract`): it never panics, comes to rest, writes before it sends or tells, and asks to be
//! called at times that make sense.

use std::collections::BTreeSet;

use openline_proto::Core;
use openline_proto::bodies::{self, Body, Have};
use openline_proto::contract::{
    Change, Command, Event, Identity, Input, LoadedPart, Moment, Output, Route, StoredEntry,
};
use openline_proto::packed::PackedHeader;
use openline_sim::agreement::ScriptedAgreement;
use openline_sim::disk::Disk;
use openline_sim::node::{LINE, Node};
use openline_sim::station::line_config;
use openline_wire::cbor::Canonical;
use openline_wire::entry::SignedEntry;
use openline_wire::header::{self, Actor};
use openline_wire::ids::{Author, BootId, PartyId};
use openline_wire::limits;

/// Drains until nothing is to be done, after one input.
const ROUNDS: usize = 64;
/// Frames after one input: a window of entries, each alone in its frame and in copies, stays below.
const FRAMES: usize = 4_096;
/// Alarms that go off at once one after the other.
const SPINS: usize = 4;
/// Nothing on a line waits longer: an epoch.
const LONGEST_SLEEP_MS: u64 = openline_seal::limits::ROTATE_EVERY_MS;

/// One boot with a disk and a clock.
pub struct Driver {
    /// What was written.
    pub disk: Disk,
    /// The two clocks.
    pub now: Moment,
    /// What it sent and nobody took yet.
    pub sent: Vec<(Route, Vec<u8>)>,
    /// Bundles that it sealed and nobody took yet.
    pub bundles: Vec<Vec<Vec<u8>>>,
    /// The boot is over.
    pub ended: bool,
    core: Core<ScriptedAgreement>,
    node: Node,
    notes: Vec<Change>,
    wake_at: Option<u64>,
    tickets: u64,
    unanswered: BTreeSet<u64>,
}

impl Driver {
    /// Starts a boot of a node on an empty disk.
    pub fn start(node: &Node, boot: BootId, now: Moment) -> Self {
        let mut disk = Disk::default();
        let channel = node.channel(&disk, boot);
        disk.keep_tapes(channel.tapes().clone());
        let identity = Identity {
            party: node.side.party,
            node: node.side.node,
            boot,
        };
        let mut core = Core::new(identity, [7; 32]);
        core.add_line(line_config(node, &disk, channel), now);
        let _ = core.witness();
        let mut driver = Self {
            disk,
            now,
            sent: Vec::new(),
            bundles: Vec::new(),
            ended: false,
            core,
            node: node.clone(),
            notes: Vec::new(),
            wake_at: None,
            tickets: 0,
            unanswered: BTreeSet::new(),
        };
        let route = Route { bearer: 0, path: 0 };
        driver.hand(Input::Hint {
            line: LINE,
            route,
            answered: None,
        });
        driver
    }

    /// Who it is in this boot.
    pub fn author(&self) -> Author {
        self.core.author()
    }

    /// Its own party, and the peer's.
    pub fn parties(&self) -> [PartyId; 2] {
        [self.node.side.party, self.node.peer.party]
    }

    /// Hands one input in and does all that follows from it.
    pub fn hand(&mut self, input: Input) {
        if self.ended {
            return;
        }
        self.core.handle(self.now, input);
        self.come_to_rest();
        let due = |driver: &Self| driver.wake_at.is_some_and(|at| at <= driver.now.monotonic);
        for spin in 0.. {
            if self.ended || !due(self) {
                break;
            }
            assert!(spin < SPINS, "it wants to be called again and again");
            self.wake_at = None;
            self.core.handle(self.now, Input::Woken);
            self.come_to_rest();
        }
        if !self.ended {
            let at = self
                .wake_at
                .expect("an open line always waits for something");
            assert!(at <= self.now.monotonic + LONGEST_SLEEP_MS, "it oversleeps");
            assert!(self.unanswered.is_empty(), "a command without an answer");
        }
    }

    /// Hands a command in.
    pub fn command(&mut self, actor: Actor, command: Command) {
        self.tickets += 1;
        let ticket = self.tickets;
        if !self.ended {
            self.unanswered.insert(ticket);
        }
        self.hand(Input::Command {
            ticket,
            line: LINE,
            actor,
            command,
        });
    }

    /// Is brought frames of a bundle.
    pub fn carried(&mut self, frames: &[Vec<u8>]) {
        self.tickets += 1;
        let (ticket, frames) = (self.tickets, frames.to_vec());
        self.hand(Input::Carried { ticket, frames });
    }

    /// Makes a bundle of all that it holds of its own.
    pub fn carry(&mut self) -> Vec<Vec<u8>> {
        self.tickets += 1;
        let input = Input::Carry {
            ticket: self.tickets,
            line: LINE,
            entries: self.disk.unconfirmed(self.node.side.node),
        };
        self.hand(input);
        self.bundles.pop().unwrap_or_default()
    }

    /// When the peer was alive, as far as it can tell.
    pub fn alive_as_of(&self) -> Option<u64> {
        let status = self.core.status(&LINE, self.now);
        status.and_then(|status| status.alive_as_of)
    }

    fn come_to_rest(&mut self) {
        let mut frames = 0;
        for _ in 0..ROUNDS {
            let outputs = self.core.drain(self.now);
            if outputs.is_empty() {
                let _ = self
                    .core
                    .status(&LINE, self.now)
                    .expect("the line is there");
                return;
            }
            in_order(&outputs);
            let mut sealed = self.core.witness().sealed;
            for output in outputs {
                if let Output::Bundle { frames, .. } = &output {
                    for bytes in frames.iter().flatten() {
                        assert!(bytes.len() <= limits::DATAGRAM);
                        let sealed = sealed.pop_front().expect("each frame was sealed");
                        self.look_inside(&sealed.plaintext);
                    }
                }
                if let Output::Send { bytes, .. } = &output {
                    frames += 1;
                    assert!(frames <= FRAMES, "too many frames for one input");
                    assert!(bytes.len() <= limits::DATAGRAM);
                    let sealed = sealed.pop_front().expect("each frame was sealed");
                    self.look_inside(&sealed.plaintext);
                }
                self.carry_out(output);
                if self.ended {
                    return;
                }
            }
        }
        panic!("it never comes to rest");
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Sign { ticket, bytes } => {
                let signature = self.node.sign(&bytes);
                self.core
                    .handle(self.now, Input::Signed { ticket, signature });
            }
            Output::Persist(changes) => self.write(&changes),
            Output::Note(change) => self.notes.push(change),
            Output::Load {
                line,
                chain,
                from,
                count,
            } => {
                let entries = self.disk.load(&chain, from, count);
                let loaded = Input::Loaded {
                    line,
                    chain,
                    from,
                    entries,
                };
                self.core.handle(self.now, loaded);
            }
            Output::LoadPart { line, root, part } => {
                // A file that was removed here, for all that the core knows.
                let loaded = Input::PartLoaded(LoadedPart {
                    line,
                    root,
                    part,
                    bytes: None,
                });
                self.core.handle(self.now, loaded);
            }
            Output::Send { route, bytes, .. } => self.sent.push((route, bytes)),
            Output::Bundle { frames, .. } => self.bundles.extend(frames),
            Output::Tell(event) => self.told(&event),
            Output::WakeAt(at) => self.wake_at = Some(at),
        }
    }

    fn write(&mut self, changes: &[Change]) {
        for change in changes {
            if let Change::Entry(stored) = change {
                let bytes = stored.entry.as_signed().to_bytes();
                let read = SignedEntry::from_bytes(&bytes).expect("every store reads it");
                let place = (stored.entry.header().chain(), read.header().sequence);
                let held = self.disk.holds(&place.0, place.1);
                assert!(held.is_none(), "a second entry for one place");
            }
        }
        self.disk.write(changes);
        let notes = core::mem::take(&mut self.notes);
        self.disk.write(&notes);
        let boot = self.core.author().boot;
        if let Some(tapes) = self
            .disk
            .channel()
            .and_then(|state| self.node.tapes_of(state, boot))
        {
            self.disk.keep_tapes(tapes);
        }
    }

    fn told(&mut self, event: &Event) {
        match event {
            Event::Done { ticket, entry } => {
                assert!(self.unanswered.remove(ticket), "answered twice");
                let is_it = |stored: &StoredEntry| Some(stored.entry.id()) == *entry;
                assert!(entry.is_none() || self.disk.entries().any(is_it));
            }
            Event::Refused { ticket, .. } => {
                assert!(self.unanswered.remove(ticket), "answered twice");
            }
            Event::Stored(stored) => {
                let header = stored.entry.header();
                let held = self.disk.holds(&header.chain(), header.sequence);
                assert_eq!(held, Some(stored.entry.id()), "told before it was written");
            }
            Event::BootEnds { .. } => self.ended = true,
            _ => {}
        }
    }

    /// What goes out is of the protocol, and says and holds nothing that a crash would take back.
    fn look_inside(&self, plaintext: &[u8]) {
        let bodies = bodies::read_all(plaintext).expect("what any peer reads");
        for body in bodies {
            match body {
                Body::Have(have) => self.is_held(&have),
                Body::Entries(entries) => {
                    for packed in entries {
                        let PackedHeader::Whole(bytes) = packed.header else {
                            continue;
                        };
                        let header = header::parse(&bytes).expect("a header");
                        let held = self.disk.holds(&header.chain(), header.sequence);
                        let id = openline_wire::entry::id_of(&bytes);
                        assert_eq!(held, Some(id), "sent before it was written");
                    }
                }
                _ => {}
            }
        }
    }

    fn is_held(&self, have: &Have) {
        for claim in have.chains.iter().filter(|claim| claim.size > 0) {
            let is_last = |stored: &StoredEntry| {
                let header = stored.entry.header();
                header.author.boot.as_bytes().starts_with(&claim.boot)
                    && header.stream == claim.stream
                    && header.sequence == claim.size - 1
            };
            assert!(
                self.disk.entries().any(is_last),
                "confirmed before it was written"
            );
        }
    }
}

/// Persist, notes, what is asked for and sent, what is told, the alarm.
fn in_order(outputs: &[Output]) {
    let rank = |output: &Output| match output {
        Output::Persist(_) => 1,
        Output::Note(_) => 2,
        Output::Sign { .. }
        | Output::Load { .. }
        | Output::LoadPart { .. }
        | Output::Send { .. }
        | Output::Bundle { .. } => 3,
        Output::Tell(_) => 4,
        Output::WakeAt(_) => 5,
    };
    assert!(outputs.is_sorted_by_key(rank), "out of order: {outputs:?}");
    let count = |of: u8| outputs.iter().filter(|output| rank(output) == of).count();
    assert!(count(1) <= 1 && count(5) <= 1);
}
