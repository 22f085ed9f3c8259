//! What links the entries of one chain: sequence, previous hash, and heads that only move forward.
//!
//! A [`Tip`] is where a chain ends and what its next entry must fit. It serves the offline verifier and
//! a live station alike; neither may take an entry that it refuses.

use std::collections::BTreeMap;

use openline_wire::codes::Stream;
use openline_wire::header::{Chain, Header};
use openline_wire::ids::{EntryId, LineId};
use thiserror::Error;

/// How far an author says that he holds each chain: entries held, and the last of them.
pub type Heads = BTreeMap<Chain, (u64, EntryId)>;

/// Why an entry does not follow the one before it. All of it is its author's doing, except a
/// [`LinkError::Gap`], which says only that something has not come yet.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    /// It belongs to another line.
    #[error("it belongs to line {got}, expected {expected}")]
    Line {
        /// The line being read.
        expected: LineId,
        /// The line in the header.
        got: LineId,
    },
    /// It belongs to another chain: another author, or another of his streams.
    #[error("it belongs to another chain")]
    Chain,
    /// Entries between are not held.
    #[error("sequence {got} after a gap, expected {expected}")]
    Gap {
        /// The next place.
        expected: u64,
        /// The entry's place.
        got: u64,
    },
    /// Its place lies before the tip.
    #[error("sequence {got} again, expected {expected}")]
    Behind {
        /// The next place.
        expected: u64,
        /// The entry's place.
        got: u64,
    },
    /// It names another entry before it than the one that is held there.
    #[error("its previous entry is {got:?}, but {expected:?} is held there")]
    Previous {
        /// What is held.
        expected: Option<EntryId>,
        /// What the header says.
        got: Option<EntryId>,
    },
    /// A head that is not beyond the one named before; heads list only what moved.
    #[error("a head of size {got} after one of size {had}")]
    HeadDidNotMove {
        /// The chain it is about.
        chain: Box<Chain>,
        /// What an earlier entry of this chain said.
        had: u64,
        /// What this one says.
        got: u64,
    },
    /// A head about the very chain that it stands in: `previous` says that already.
    #[error("a head about its own chain")]
    OwnHead,
    /// The first entry of a stream other than the urgent one names no start of its boot.
    #[error("the stream begins without naming its boot's start")]
    StartNotCited,
}

/// The end of one chain, as far as it is held.
#[derive(Clone, Debug)]
pub struct Tip {
    line: LineId,
    chain: Chain,
    next: u64,
    /// None at the beginning, and where the entry before `next` is not held.
    last: Option<EntryId>,
    heads: Heads,
}

impl Tip {
    /// The beginning of a chain. `heads` are those of the boot's start for its other streams, which
    /// count from there; for the urgent stream itself they are empty.
    pub fn new(line: LineId, chain: Chain, heads: Heads) -> Self {
        Self {
            line,
            chain,
            next: 0,
            last: None,
            heads,
        }
    }

    /// The sequence that comes next.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// The entry before it, if it is held.
    pub fn last(&self) -> Option<EntryId> {
        self.last
    }

    /// All that the author said he had stored, summed over the chain.
    pub fn heads(&self) -> &Heads {
        &self.heads
    }

    /// Whether an entry comes next here. Looks at everything but signature and body.
    pub fn check(&self, header: &Header) -> Result<(), LinkError> {
        self.check_place(header)?;
        self.check_previous(header)?;
        self.check_heads(header)
    }

    /// Goes on behind an entry, whether or not it followed: the caller has said so by then.
    pub fn advance(&mut self, header: &Header, id: EntryId) {
        self.next = header.sequence.saturating_add(1);
        self.last = Some(id);
        let moved = header.heads.iter();
        self.heads
            .extend(moved.map(|h| (h.chain, (h.size, h.last))));
    }

    /// Goes on behind a place whose entry can't be read.
    pub fn skip(&mut self, sequence: u64) {
        self.next = sequence.saturating_add(1);
        self.last = None;
    }

    fn check_place(&self, header: &Header) -> Result<(), LinkError> {
        let (expected, got) = (self.next, header.sequence);
        if header.line != self.line {
            return Err(LinkError::Line {
                expected: self.line,
                got: header.line,
            });
        }
        if header.chain() != self.chain {
            return Err(LinkError::Chain);
        }
        match got.cmp(&expected) {
            core::cmp::Ordering::Less => Err(LinkError::Behind { expected, got }),
            core::cmp::Ordering::Equal => Ok(()),
            core::cmp::Ordering::Greater => Err(LinkError::Gap { expected, got }),
        }
    }

    fn check_previous(&self, header: &Header) -> Result<(), LinkError> {
        let known = self.last.is_some() || self.next == 0;
        if known && header.previous != self.last {
            return Err(LinkError::Previous {
                expected: self.last,
                got: header.previous,
            });
        }
        Ok(())
    }

    /// Whether the heads of an entry go on from those before.
    pub(crate) fn check_heads(&self, header: &Header) -> Result<(), LinkError> {
        for head in &header.heads {
            if head.chain == self.chain {
                return Err(LinkError::OwnHead);
            }
            let had = self.heads.get(&head.chain).map_or(0, |(size, _)| *size);
            if head.size <= had {
                return Err(LinkError::HeadDidNotMove {
                    chain: Box::new(head.chain),
                    had,
                    got: head.size,
                });
            }
        }
        self.check_start_cited(header)
    }

    /// Rule 4: a start carries the frontier, the other streams begin by citing it.
    fn check_start_cited(&self, header: &Header) -> Result<(), LinkError> {
        let urgent = Chain {
            stream: Stream::Urgent,
            ..self.chain
        };
        let begins = header.sequence == 0 && self.chain != urgent;
        if begins && !header.heads.iter().any(|head| head.chain == urgent) {
            return Err(LinkError::StartNotCited);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use openline_wire::header::Head;

    use super::*;
    use crate::testing::{Boot, entry_id};

    fn chain_of(boot: &Boot, stream: Stream) -> Chain {
        Chain {
            author: boot.author,
            stream,
        }
    }

    /// A tip behind the start of `boot`'s urgent stream, and the next header there.
    fn after_the_start(boot: &mut Boot) -> (Tip, Header) {
        let chain = chain_of(boot, Stream::Urgent);
        let mut tip = Tip::new(boot.line, chain, Heads::new());
        let start = boot.start(&[], &[]);
        assert_eq!(tip.check(start.header()), Ok(()));
        tip.advance(start.header(), start.id());
        let next = boot.flash("One").header().clone();
        (tip, next)
    }

    /// OL-330
    #[test]
    fn each_entry_follows_the_one_before_it() {
        let mut moscow = Boot::new(1);
        let (tip, next) = after_the_start(&mut moscow);
        assert_eq!(tip.check(&next), Ok(()));

        let other = Some(entry_id(7));
        let unlinked = Header {
            previous: other,
            ..next.clone()
        };
        assert!(
            matches!(tip.check(&unlinked), Err(LinkError::Previous { got, .. }) if got == other)
        );
        let later = Header {
            sequence: 3,
            ..next
        };
        assert_eq!(
            tip.check(&later),
            Err(LinkError::Gap {
                expected: 1,
                got: 3
            })
        );
    }

    /// OL-333
    #[test]
    fn an_entry_of_another_line_or_author_does_not_follow() {
        let mut moscow = Boot::new(1);
        let (tip, next) = after_the_start(&mut moscow);
        let line = LineId([9; 32]);
        let stray = Header {
            line,
            ..next.clone()
        };
        assert!(matches!(tip.check(&stray), Err(LinkError::Line { got, .. }) if got == line));
        let author = Boot::new(2).author;
        assert_eq!(tip.check(&Header { author, ..next }), Err(LinkError::Chain));
    }

    /// OL-306
    #[test]
    fn heads_name_only_what_moved_and_never_go_back() {
        let (mut moscow, washington) = (Boot::new(1), Boot::new(2));
        let (mut tip, mut next) = after_the_start(&mut moscow);
        let chain = chain_of(&washington, Stream::Urgent);
        let head = |size| Head {
            chain,
            size,
            last: entry_id(1),
        };

        next.heads = vec![head(5)];
        assert_eq!(tip.check(&next), Ok(()));
        tip.advance(&next, entry_id(3));
        assert_eq!(tip.heads()[&chain].0, 5);
        for size in [4, 5] {
            let header = Header {
                sequence: 2,
                previous: Some(entry_id(3)),
                heads: vec![head(size)],
                ..next.clone()
            };
            assert!(
                matches!(
                    tip.check(&header),
                    Err(LinkError::HeadDidNotMove { had: 5, .. })
                ),
                "{size}"
            );
        }
    }

    /// OL-306
    #[test]
    fn a_head_about_its_own_chain_is_refused() {
        let mut moscow = Boot::new(1);
        let (tip, mut next) = after_the_start(&mut moscow);
        next.heads = vec![Head {
            chain: next.chain(),
            size: 1,
            last: entry_id(1),
        }];
        assert_eq!(tip.check(&next), Err(LinkError::OwnHead));
    }

    /// OL-331
    #[test]
    fn the_traffic_stream_begins_by_naming_the_start() {
        let mut moscow = Boot::new(1);
        moscow.start(&[], &[]);
        let first = moscow.routine("One").header().clone();
        let tip = Tip::new(moscow.line, first.chain(), Heads::new());
        assert_eq!(tip.check(&first), Ok(()));
        let header = Header {
            heads: Vec::new(),
            ..first
        };
        assert_eq!(tip.check(&header), Err(LinkError::StartNotCited));
    }
}
