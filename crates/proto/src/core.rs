//! The dispatcher: takes inputs apart, hands them to the line they belong to, and collects what comes out.

use std::collections::BTreeMap;

use openline_seal::Agreement;
use openline_wire::ids::LineId;

use crate::config::LineConfig;
use crate::contract::{Identity, Input, Moment, Output};

/// The core of one boot of one station, for all its lines.
pub struct Core<A: Agreement> {
    identity: Identity,
    lines: BTreeMap<LineId, LineConfig<A>>,
}

impl<A: Agreement> Core<A> {
    /// A new boot. `seed` is 32 random bytes, from which salts and channel nonces are expanded.
    pub fn new(identity: Identity, seed: [u8; 32], now: Moment) -> Self {
        let _ = (seed, now);
        Self {
            identity,
            lines: BTreeMap::new(),
        }
    }

    /// Takes a line up. Its first drain asks for the signature of this boot's start entry.
    pub fn add_line(&mut self, config: LineConfig<A>, now: Moment) {
        let _ = now;
        self.lines.insert(config.line, config);
    }

    /// Takes one input in. Cheap; the work that several inputs share is done in [`Self::drain`].
    pub fn handle(&mut self, now: Moment, input: Input) {
        let _ = (now, input, &self.identity);
    }

    /// What is to be done now, in order. Call until it is empty.
    pub fn drain(&mut self, now: Moment) -> Vec<Output> {
        let _ = now;
        Vec::new()
    }
}
