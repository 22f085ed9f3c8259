//! A call begins with a knock, which shows that the caller shares a secret with us. Over `quic` it is the first connection id (RFC 9000
//! section 7.2), and whatever else comes from a stranger is dropped before QUIC sees it: a bare QUIC server would answer him. Over
//! `wss` it is among the protocols that TLS offers, and who has none does not see our key.
//!
//! `nonce (8) ‖ HMAC-SHA256(key, label ‖ nonce), its first 12 bytes`. Who recorded a knock can repeat it, so each is let in
//! once: the station remembers them, also across its restarts.

use std::collections::{BTreeSet, VecDeque};

use aws_lc_rs::hmac;

use crate::door::DoorKey;

const NONCE: usize = 8;
/// As long as a connection id may be: RFC 9000 section 17.2.
pub(crate) const KNOCK: usize = 20;

/// Which bearer a knock is for: one that was heard at the one opens nothing at the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// `quic`.
    Quic,
    /// `wss`.
    Wss,
}

impl At {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Quic => b"openline 1 quic knock",
            Self::Wss => b"openline 1 wss knock",
        }
    }
}

/// Knocks remembered. The station lets in one in ten seconds in the long run, so these are a week's; by then the keys of a line whose
/// epochs change hourly have changed so often that what was made with the first opens nothing any more.
pub const REMEMBERED: usize = 65_536;

/// A first connection id.
pub type Knock = [u8; KNOCK];

/// A knock of ours.
pub(crate) fn knock(at: At, key: &DoorKey, nonce: [u8; NONCE]) -> Knock {
    let mut knock = [0; KNOCK];
    let (first, rest) = knock.split_at_mut(NONCE);
    first.copy_from_slice(&nonce);
    rest.copy_from_slice(&tag(at, key, &nonce).as_ref()[..KNOCK - NONCE]);
    knock
}

/// Whether one of these keys made it.
pub(crate) fn is_made_with(at: At, keys: &[DoorKey], knock: &[u8]) -> bool {
    let Some((nonce, shown)) = knock.split_first_chunk::<NONCE>() else {
        return false;
    };
    let is_it = |key: &DoorKey| {
        let tag = tag(at, key, nonce);
        aws_lc_rs::constant_time::verify_slices_are_equal(&tag.as_ref()[..KNOCK - NONCE], shown)
            .is_ok()
    };
    knock.len() == KNOCK && keys.iter().any(is_it)
}

fn tag(at: At, key: &DoorKey, nonce: &[u8; NONCE]) -> hmac::Tag {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, &[at.label(), nonce].concat())
}

/// A fresh knock for a peer, with the keys to its door in turn: one that was restored from a backup may have an older key only.
pub(crate) fn for_call(
    at: At,
    door: &dyn crate::door::Door,
    peer: &openline_wire::ids::NodeId,
    call: usize,
) -> Option<Knock> {
    let keys = door.keys_to(peer);
    let key = keys.get(call.checked_rem(keys.len())?)?;
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).ok()?;
    Some(knock(at, key, nonce))
}

/// What the first packet of a call says before anything is decrypted (RFC 8999 section 5.1).
pub(crate) enum First<'packet> {
    /// A long header with this destination.
    Long(&'packet [u8]),
    /// A short header: of a connection that exists, or of none.
    Short,
    /// Neither.
    Nonsense,
}

/// Reads so much of a packet as every version of QUIC has.
pub(crate) fn first(packet: &[u8]) -> First<'_> {
    match packet {
        [head, ..] if head & 0x80 == 0 => First::Short,
        [_, _, _, _, _, length, rest @ ..] => rest
            .get(..usize::from(*length))
            .map_or(First::Nonsense, First::Long),
        _ => First::Nonsense,
    }
}

/// Knocks that were let in.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    set: BTreeSet<Knock>,
    order: VecDeque<Knock>,
}

impl Heard {
    /// Those that the station remembers from earlier, the oldest first.
    pub(crate) fn of(earlier: &[Knock]) -> Self {
        let mut heard = Self::default();
        earlier.iter().for_each(|knock| heard.note(knock));
        heard
    }

    /// Whether it was heard before.
    pub(crate) fn knows(&self, knock: &[u8]) -> bool {
        Knock::try_from(knock).is_ok_and(|knock| self.set.contains(&knock))
    }

    /// Notes one.
    pub(crate) fn note(&mut self, knock: &Knock) {
        if self.set.insert(*knock) {
            self.order.push_back(*knock);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.set.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_the_key_can_knock() {
        let made = knock(At::Quic, &[7; 32], [1; NONCE]);
        assert!(is_made_with(At::Quic, &[[6; 32], [7; 32]], &made));
        assert!(!is_made_with(At::Quic, &[[6; 32]], &made));
        assert!(!is_made_with(At::Wss, &[[7; 32]], &made));
        for bit in 0..KNOCK * 8 {
            let mut changed = made;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_made_with(At::Quic, &[[7; 32]], &changed), "bit {bit}");
        }
        for length in 0..KNOCK {
            assert!(!is_made_with(At::Quic, &[[7; 32]], &made[..length]));
        }
    }

    /// Made with Python: `hmac.new(b"\x07" * 32, b"openline 1 quic knock" + bytes(range(8)), "sha256")`.
    #[test]
    fn a_knock_is_what_the_specification_says() {
        let made = knock(At::Quic, &[7; 32], [0, 1, 2, 3, 4, 5, 6, 7]);
        let hex: String = made.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "00010203040506074323c94fa579b3d649ba87b8");
    }

    #[test]
    fn a_knock_is_remembered_until_many_others_were_let_in() {
        let mut heard = Heard::default();
        let nth = |n: u64| knock(At::Quic, &[7; 32], n.to_be_bytes());
        heard.note(&nth(0));
        assert!(heard.knows(&nth(0)) && !heard.knows(&nth(1)));
        (1..=REMEMBERED as u64).for_each(|n| heard.note(&nth(n)));
        assert!(!heard.knows(&nth(0)) && heard.knows(&nth(1)));
        assert_eq!(heard.set.len(), REMEMBERED);
    }

    #[test]
    fn a_packet_is_told_by_what_every_version_has() {
        assert!(matches!(first(&[0x40, 1, 2]), First::Short));
        assert!(matches!(first(&[]), First::Nonsense));
        assert!(matches!(first(&[0xc0, 0, 0, 0, 1]), First::Nonsense));
        assert!(matches!(first(&[0xc0, 0, 0, 0, 1, 9, 0]), First::Nonsense));
        let packet = [0xc0, 0, 0, 0, 1, 2, 8, 9, 0];
        assert!(matches!(first(&packet), First::Long([8, 9])));
    }
}
