//! What deserves a person's attention and is no state of a line.

use std::collections::VecDeque;

use openline_proto::contract::Misbehaviour;
use openline_wire::ids::Author;

/// Notices kept of each line since the start: what a person can take in; the record and the evidence have all.
const NOTICES: usize = 16;

/// What deserves a person's attention and is no state.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What.
    pub what: Noticed,
    /// When, by our wall clock; the last time, if it happened often.
    pub at: u64,
    /// Its place among the notices of all lines since the start, from 1.
    pub number: u64,
    /// How often it happened.
    pub count: u64,
    /// Its number when it happened first.
    pub first: u64,
}

/// See [`Notice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// A party did what no honest one does.
    Misbehaved(Author, Misbehaviour),
    /// A node runs again from an older disk.
    Restored(Author),
    /// Two boots of one node run at one time.
    Cloned(Author, Author),
    /// This boot of ours asks for a new generation of keys.
    KeysAsked(Author),
    /// The line has a new generation of keys; the boot of ours that saw it begin.
    KeysRenewed(Author),
}

impl Notice {
    pub(super) fn once(what: Noticed, at: u64, number: u64) -> Self {
        Self {
            what,
            at,
            number,
            count: 1,
            first: number,
        }
    }
}

/// Puts a notice before the others. What happened before just so is counted instead of told again: a peer that never stops
/// would push everything else out. New keys are asked for and come in turn, and the turn tells something.
pub(super) fn fold(notices: &mut VecDeque<Notice>, mut fresh: Notice) {
    let same = |earlier: &Notice| earlier.what == fresh.what;
    let known = match fresh.what {
        Noticed::KeysAsked(_) | Noticed::KeysRenewed(_) => {
            notices.front().is_some_and(same).then_some(0)
        }
        _ => notices.iter().position(same),
    };
    if let Some(earlier) = known.and_then(|place| notices.remove(place)) {
        (fresh.count, fresh.first) = (earlier.count + 1, earlier.first);
    }
    notices.truncate(NOTICES - 1);
    notices.push_front(fresh);
}

#[cfg(test)]
mod tests {
    use openline_wire::ids::{BootId, NodeId, PartyId};

    use super::*;

    #[test]
    fn the_same_misbehaviour_over_and_over_is_one_notice_with_a_count() {
        let by = Author {
            party: PartyId([1; 32]),
            node: NodeId([2; 32]),
            boot: BootId([3; 16]),
        };
        let (lie, asked) = (
            Noticed::Misbehaved(by, Misbehaviour::Malformed),
            Noticed::KeysAsked(by),
        );
        let mut notices = VecDeque::new();
        let happened = [asked, lie, asked, lie, lie, lie, asked, asked];
        for (number, what) in (1..).zip(happened) {
            fold(&mut notices, Notice::once(what, 10 * number, number));
        }
        let told: Vec<_> = notices
            .iter()
            .map(|it| (it.what, it.count, it.at))
            .collect();
        let expected = [(asked, 2, 80), (lie, 4, 60), (asked, 1, 30), (asked, 1, 10)];
        assert_eq!(told, expected);
        assert_eq!(notices[1].first, 2);
    }
}
