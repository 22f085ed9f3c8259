//! What is carried by hand, between those who ask for it and the core: bundles are sealed and opened on the core's thread, and an answer
//! comes once everything in it is on the disk. Whoever asked waits at a channel of his own; if the boot ends, that channel closes.

use std::collections::BTreeMap;
use std::sync::Arc;

use openline_proto::contract::{Imported, Input};
use openline_wire::entry::Entry;
use openline_wire::ids::LineId;
use tokio::sync::oneshot;

/// Frames of a bundle; none if the line has no keys to seal them under.
pub type Sealed = Option<Vec<Vec<u8>>>;

/// What is wanted of the core.
#[derive(Debug)]
pub enum CourierOrder {
    /// Seal these entries.
    Export {
        /// The line.
        line: LineId,
        /// Entries of our node's that are stored.
        entries: Vec<Arc<Entry>>,
        /// Who asked.
        reply: oneshot::Sender<Sealed>,
    },
    /// Take in what these frames hold.
    Import {
        /// As they were read.
        frames: Vec<Vec<u8>>,
        /// Who asked.
        reply: oneshot::Sender<Imported>,
    },
}

/// Who waits.
#[derive(Debug, Default)]
pub struct Couriers {
    last: u64,
    exports: BTreeMap<u64, oneshot::Sender<Sealed>>,
    imports: BTreeMap<u64, oneshot::Sender<Imported>>,
}

impl Couriers {
    /// Takes an order; what the core is to be given for it.
    pub fn take(&mut self, order: CourierOrder) -> Input {
        self.last += 1;
        let ticket = self.last;
        match order {
            CourierOrder::Export {
                line,
                entries,
                reply,
            } => {
                self.exports.insert(ticket, reply);
                Input::Carry {
                    ticket,
                    line,
                    entries,
                }
            }
            CourierOrder::Import { frames, reply } => {
                self.imports.insert(ticket, reply);
                Input::Carried { ticket, frames }
            }
        }
    }

    /// A bundle is sealed. Who went away gets nothing.
    pub fn sealed(&mut self, ticket: u64, frames: Sealed) {
        if let Some(reply) = self.exports.remove(&ticket) {
            let _ = reply.send(frames);
        }
    }

    /// What frames held is on the disk.
    pub fn imported(&mut self, ticket: u64, imported: Imported) {
        if let Some(reply) = self.imports.remove(&ticket) {
            let _ = reply.send(imported);
        }
    }
}
