//! Where a node can be reached from now on, as its people announce it on the line.

use crate::address::Address;
use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::header::Header;
use crate::limits;

/// The whole list of addresses at which the author's node can be reached from now on (OL-446).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReachableAt {
    /// In ascending order, each once. None: the other side shall not call, this node does.
    pub addresses: Vec<Address>,
}

impl ReachableAt {
    /// The list that these make, in whatever order they were told; none if it is too long.
    pub fn new(mut addresses: Vec<Address>) -> Option<Self> {
        addresses.sort();
        addresses.dedup();
        (addresses.len() <= limits::REACHABLE_AT).then_some(Self { addresses })
    }

    /// Reads the fact of a header, which must name a person as its actor: a machine does not know where else it can be reached.
    pub(super) fn of(header: &Header) -> Result<Self, DecodeError> {
        if !header.actor.is_a_person() {
            return Err(invalid("actor: nobody by name"));
        }
        Self::from_bytes(&header.fact)
    }
}

impl Canonical for ReachableAt {
    fn write(&self, w: &mut Writer) {
        w.array(1).items(&self.addresses);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("reachable at", 1)?;
        let addresses: Vec<Address> = r.items("addresses", limits::REACHABLE_AT)?;
        match addresses.is_sorted_by(|a, b| a < b) {
            true => Ok(Self { addresses }),
            false => Err(invalid("addresses: out of order, or one twice")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(count: usize) -> Vec<Address> {
        let url = |n| format!("udp://moscow.example:{}", 7600 + n);
        (0..count).filter_map(|n| Address::new(&url(n))).collect()
    }

    fn is_read(addresses: Vec<Address>) -> bool {
        let bytes = ReachableAt { addresses }.to_bytes();
        ReachableAt::from_bytes(&bytes).is_ok()
    }

    /// OL-446
    #[test]
    fn eight_addresses_are_announced_and_nine_are_not() {
        assert!(is_read(Vec::new()) && is_read(numbered(1)) && is_read(numbered(8)));
        assert!(!is_read(numbered(9)));
        assert!(ReachableAt::new(numbered(8)).is_some());
        assert_eq!(ReachableAt::new(numbered(9)), None);
    }

    /// OL-446
    #[test]
    fn one_list_has_one_form_in_whatever_order_it_was_told() {
        let mut told = numbered(3);
        let list = ReachableAt::new(told.clone());
        told.reverse();
        assert!(!is_read(told.clone()));
        told.push(told[0].clone());
        assert_eq!(ReachableAt::new(told.clone()), list);
        told.sort();
        assert!(!is_read(told));
    }

    /// OL-446
    #[test]
    fn a_scheme_that_nobody_knows_is_kept_and_what_a_terminal_cannot_show_is_refused() {
        let read = |url: &str| {
            let mut w = Writer::new();
            w.array(1).array(1).text(url);
            ReachableAt::from_bytes(&w.into_bytes())
        };
        let kept = read("pigeon://moscow.example/third-window").expect("a URL");
        assert_eq!(kept.addresses[0].scheme(), "pigeon");
        let longest = format!("udp://{}", "a".repeat(limits::ADDRESS - 6));
        assert!(read(&longest).is_ok());
        for wrong in [
            "",
            "udp://",
            "moscow.example:7600",
            "udp://mos cow:7600",
            "udp://mos\u{1b}[2Jcow:7600",
            "udp://\u{202e}elpmaxe.wocsom:7600",
            &format!("{longest}a"),
        ] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
