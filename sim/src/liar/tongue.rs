//! What a liar claims about this moment: *haves*, *wants*, and what is no body at all.

use openline_proto::bodies::{Body, Confirm, Echo, Fragment, Have, HaveChain, PREFIX, Want};
use openline_proto::loss::Report;
use openline_seal::Agreement;
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::Stream;
use openline_wire::ids::{Author, BootId};
use openline_wire::limits;

use super::{Loot, Speech};
use crate::dice::Dice;
use crate::node::Node;

/// Numbers that a careless receiver counts with.
const GIANTS: [u64; 6] = [1, 7, 1 << 16, 1 << 40, u64::MAX - 1, u64::MAX];

/// A frame without an entry of its own.
pub(super) fn speech<A: Agreement>(
    dice: &mut Dice,
    author: Author,
    node: &Node<A>,
    loot: &Loot,
) -> Speech {
    let mut tongue = Tongue { dice, author, loot };
    let (what, plaintext) = match tongue.dice.below(9) {
        0..=2 => ("false have", tongue.have(node).to_bytes()),
        8 => ("false confirm", tongue.confirm().to_bytes()),
        3 => ("wants all", tongue.wants().to_bytes()),
        4 => ("noise", tongue.noise()),
        5 => ("noise in pieces", tongue.pieces()),
        6 => ("noise for keys", tongue.keys().to_bytes()),
        _ => ("their own words, changed", tongue.changed()),
    };
    Speech {
        what: what.into(),
        plaintexts: vec![plaintext],
        carried: Vec::new(),
    }
}

struct Tongue<'a> {
    dice: &'a mut Dice,
    author: Author,
    loot: &'a Loot,
}

impl Tongue<'_> {
    fn giant(&mut self) -> u64 {
        self.dice.pick(&GIANTS).unwrap_or(1)
    }

    /// A boot on record, the liar's own, or one that there never was.
    fn boot(&mut self) -> BootId {
        let at = self.dice.below(self.loot.ends.len() as u64 + 2) as usize;
        match self.loot.ends.get(at) {
            Some((chain, ..)) => chain.author.boot,
            None if self.dice.chance(500) => self.author.boot,
            None => BootId(self.dice.bytes()),
        }
    }

    fn prefix(&mut self) -> Vec<u8> {
        let boot = self.boot();
        let len = self.dice.pick(&[PREFIX, PREFIX, BootId::LEN]);
        boot.0[..len.unwrap_or(PREFIX)].to_vec()
    }

    fn have<A: Agreement>(&mut self, node: &Node<A>) -> Body {
        let chains = (0..self.dice.below(8)).map(|_| self.chain()).collect();
        let clocks = [self.loot.monotonic, self.loot.monotonic, 0, u64::MAX];
        let walls = [self.loot.wall, 0, limits::LATEST_TIME_MS];
        let report = Report {
            key: self.giant(),
            reached: self.giant(),
            received: self.giant(),
        };
        let mut confirms = self.loot.keys.clone();
        confirms.push(self.dice.below(1 << 32) as u32);
        confirms.truncate(limits::CONFIRMS);
        Body::Have(Have {
            challenge: self.dice.pick(&clocks).unwrap_or(0),
            wall: self.dice.pick(&walls).unwrap_or(0),
            whole: self.dice.chance(500),
            answer: self.dice.chance(500),
            echo: self.echo(node),
            confirms,
            report: self.dice.chance(500).then_some(report),
            chains,
            rings: self
                .dice
                .pick(&[0, 1, 2])
                .map_or_else(Vec::new, |many| (1..=4 * many).collect()),
        })
    }

    fn confirm(&mut self) -> Body {
        let many = self.dice.between(1, 4);
        let mut chains: Vec<HaveChain> = (0..many).map(|_| self.chain()).collect();
        chains[0].size = chains[0].size.max(1);
        Body::Confirm(Confirm {
            later: self.giant() as i64,
            report: None,
            chains,
        })
    }

    /// Claims more than it holds, more than there is, or less.
    fn chain(&mut self) -> HaveChain {
        let size = match self.dice.below(3) {
            0 => 0,
            1 => self.dice.below(50),
            _ => self.giant(),
        };
        let ranges = self.dice.pick(&[0, 1, limits::HAVE_RANGES as u64]);
        let ahead = (0..ranges.unwrap_or(0))
            .map(|_| (self.giant(), self.giant()))
            .collect();
        HaveChain {
            boot: self.prefix(),
            stream: self.dice.pick(Stream::ALL).unwrap_or(Stream::Urgent),
            size,
            ahead,
        }
    }

    /// A challenge that another was sent, one that is still to come, or none.
    fn echo<A: Agreement>(&mut self, node: &Node<A>) -> Option<Echo> {
        let authors = self.loot.ends.iter().map(|(chain, ..)| chain.author);
        let theirs = authors.filter(|author| author.node == node.peer.node);
        let theirs: Vec<BootId> = theirs.map(|author| author.boot).collect();
        let boot = match self.dice.chance(700) {
            true => self.dice.pick(&theirs)?.0.to_vec(),
            false => self.prefix(),
        };
        let heard = self.dice.pick(&self.loot.clocks);
        let clock = match self.dice.below(3) {
            0 => self.giant(),
            1 => self.loot.monotonic,
            _ => heard?,
        };
        let lay = self.giant();
        Some(Echo {
            boot,
            challenge: clock,
            lay,
        })
    }

    fn wants(&mut self) -> Body {
        let want = |tongue: &mut Self| Want {
            boot: tongue.prefix(),
            stream: tongue.dice.pick(Stream::ALL).unwrap_or(Stream::Urgent),
            sequence: match tongue.dice.chance(500) {
                true => tongue.dice.below(20),
                false => tongue.giant(),
            },
        };
        Body::Want((0..limits::WANTS).map(|_| want(self)).collect())
    }

    fn noise(&mut self) -> Vec<u8> {
        let len = self.dice.between(0, 200) as usize;
        self.dice.noise(len)
    }

    /// A whole of noise, of another body than may be cut up, or one that never becomes whole.
    fn pieces(&mut self) -> Vec<u8> {
        let bytes = match self.dice.chance(500) {
            true => self.noise(),
            false => self.wants().to_bytes(),
        };
        let piece = Fragment {
            whole: self.dice.below(20),
            index: 0,
            count: self.dice.pick(&[1, 2, 128]).unwrap_or(1),
            bytes,
        };
        Body::Fragment(piece).to_bytes()
    }

    fn keys(&mut self) -> Body {
        Body::Keys(self.noise())
    }

    /// What the other side said itself, with a byte changed or an end cut off.
    fn changed(&mut self) -> Vec<u8> {
        let at = self.dice.below(self.loot.plaintexts.len() as u64) as usize;
        let Some(mut bytes) = self.loot.plaintexts.get(at).cloned() else {
            return self.noise();
        };
        let place = self.dice.below(bytes.len() as u64) as usize;
        match self.dice.below(3) {
            0 => bytes.truncate(place),
            1 => bytes.extend_from_within(place..),
            _ => {
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= 1 << self.dice.below(8);
                }
            }
        }
        bytes
    }
}
