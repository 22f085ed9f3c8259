//! The facts of the watch: who is on duty, how one relieves another, and how a party suspends the line.
//!
//! All of them are by persons (OL-707): a header whose actor is the station itself is refused.

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::codes::SuspensionReason;
use crate::header::Header;
use crate::ids::EntryId;
use crate::limits;
use crate::names;

/// A watch begins (OL-701). It is named by this entry; its officer is the actor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WatchOpened {
    /// The watches that end with it, in ascending order; none if nobody was on watch.
    pub ends: Vec<EntryId>,
    /// How often its officer will confirm that he is there, in milliseconds.
    pub confirms_ms: u64,
}

/// The officer of a watch is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Presence {
    /// The watch.
    pub watch: EntryId,
}

/// Who goes names who is to come, and what is open (OL-703). It changes nothing until it is taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HandOver {
    /// The watch.
    pub watch: EntryId,
    /// Who is to take it, by the name that he acts under.
    pub to: String,
    /// The entries that are open and pass to him, in ascending order.
    pub items: Vec<EntryId>,
}

/// Who handed over takes that back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HandOverWithdrawn {
    /// The hand-over.
    pub hand_over: EntryId,
}

/// Who comes is on watch from here on (OL-705). The new watch is named by this entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TakeOver {
    /// The hand-over.
    pub hand_over: EntryId,
    /// How often its officer will confirm that he is there, in milliseconds.
    pub confirms_ms: u64,
}

/// A watch ends, and nobody follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WatchClosed {
    /// The watch.
    pub watch: EntryId,
}

/// A party suspends the line (OL-731). The reason in words is the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Suspended {
    /// Why.
    pub reason: SuspensionReason,
}

/// A party ends suspensions of its own (OL-732).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resumed {
    /// Which, at least one, in ascending order.
    pub suspensions: Vec<EntryId>,
}

macro_rules! by_a_person {
    ($($fact:ident)*) => {$(
        impl $fact {
            /// Reads the fact of a header, which must name a person as its actor.
            pub(super) fn of(header: &Header) -> Result<Self, DecodeError> {
                if !header.actor.is_a_person() {
                    return Err(invalid("actor: nobody by name"));
                }
                Self::from_bytes(&header.fact)
            }
        }
    )*};
}
by_a_person!(WatchOpened Presence HandOver HandOverWithdrawn TakeOver WatchClosed Suspended Resumed);

macro_rules! names_one_entry {
    ($($fact:ident $field:ident $what:literal)*) => {$(
        impl Canonical for $fact {
            fn write(&self, w: &mut Writer) {
                w.array(1).item(&self.$field);
            }

            fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.array_of($what, 1)?;
                Ok(Self { $field: r.item()? })
            }
        }
    )*};
}
names_one_entry!(
    Presence watch "presence"
    HandOverWithdrawn hand_over "hand-over withdrawn"
    WatchClosed watch "watch closed"
);

impl Canonical for WatchOpened {
    fn write(&self, w: &mut Writer) {
        w.array(2).items(&self.ends).uint(self.confirms_ms);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("watch opened", 2)?;
        Ok(Self {
            ends: ascending(r, "watches that it ends", limits::ENDED_AT_ONCE)?,
            confirms_ms: confirming(r)?,
        })
    }
}

impl Canonical for HandOver {
    fn write(&self, w: &mut Writer) {
        w.array(3).item(&self.watch).text(&self.to);
        w.items(&self.items);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("hand-over", 3)?;
        let hand_over = Self {
            watch: r.item()?,
            to: r.text("who comes", limits::ACTOR_NAME)?.to_owned(),
            items: ascending(r, "open items", limits::OPEN_ITEMS)?,
        };
        if hand_over.to.trim().is_empty() || !names::is_plain(&hand_over.to) {
            return Err(invalid("who comes: blank, control or direction characters"));
        }
        Ok(hand_over)
    }
}

impl Canonical for TakeOver {
    fn write(&self, w: &mut Writer) {
        w.array(2).item(&self.hand_over).uint(self.confirms_ms);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("take-over", 2)?;
        Ok(Self {
            hand_over: r.item()?,
            confirms_ms: confirming(r)?,
        })
    }
}

impl Canonical for Suspended {
    fn write(&self, w: &mut Writer) {
        w.array(1).uint(self.reason.code());
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("suspended", 1)?;
        let reason = SuspensionReason::from_code(r.uint("suspension reason")?)?;
        Ok(Self { reason })
    }
}

impl Canonical for Resumed {
    fn write(&self, w: &mut Writer) {
        w.array(1).items(&self.suspensions);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("resumed", 1)?;
        let suspensions = ascending(r, "suspensions", limits::ENDED_AT_ONCE)?;
        if suspensions.is_empty() {
            return Err(invalid("resumed: nothing"));
        }
        Ok(Self { suspensions })
    }
}

fn ascending(
    r: &mut Reader<'_>,
    what: &'static str,
    limit: usize,
) -> Result<Vec<EntryId>, DecodeError> {
    let ids: Vec<EntryId> = r.items(what, limit)?;
    match ids.is_sorted_by(|a, b| a < b) {
        true => Ok(ids),
        false => Err(invalid("entries: out of order")),
    }
}

fn confirming(r: &mut Reader<'_>) -> Result<u64, DecodeError> {
    let ms = r.uint_up_to("time to confirm", limits::CONFIRM_MAX_MS)?;
    match ms < limits::CONFIRM_MIN_MS {
        true => Err(invalid("time to confirm: too short")),
        false => Ok(ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> EntryId {
        EntryId([byte; 32])
    }

    /// OL-701 OL-705
    #[test]
    fn an_officer_confirms_at_least_daily_and_at_most_each_minute() {
        for (confirms_ms, may) in [
            (59_999, false),
            (60_000, true),
            (86_400_000, true),
            (86_400_001, false),
        ] {
            let ends = Vec::new();
            let opened = WatchOpened { ends, confirms_ms };
            let read = WatchOpened::from_bytes(&opened.to_bytes());
            assert_eq!(read.is_ok(), may, "{confirms_ms}");
            let hand_over = id(1);
            let taken = TakeOver {
                hand_over,
                confirms_ms,
            };
            let read = TakeOver::from_bytes(&taken.to_bytes());
            assert_eq!(read.is_ok(), may, "{confirms_ms}");
        }
    }

    /// OL-701 OL-732
    #[test]
    fn at_most_sixteen_end_at_once_each_named_once() {
        let opened = |ends: Vec<EntryId>| {
            let confirms_ms = limits::CONFIRM_MIN_MS;
            let opened = WatchOpened { ends, confirms_ms };
            WatchOpened::from_bytes(&opened.to_bytes()).is_ok()
        };
        let resumed = |suspensions: Vec<EntryId>| {
            let resumed = Resumed { suspensions };
            Resumed::from_bytes(&resumed.to_bytes()).is_ok()
        };
        assert!(opened(Vec::new()) && !resumed(Vec::new()));
        for may in [vec![id(1)], (0..16).map(id).collect()] {
            assert!(opened(may.clone()) && resumed(may));
        }
        for not in [
            vec![id(2), id(1)],
            vec![id(1), id(1)],
            (0..17).map(id).collect(),
        ] {
            assert!(!opened(not.clone()) && !resumed(not));
        }
    }

    /// OL-703
    #[test]
    fn a_hand_over_names_somebody_and_what_is_open() {
        let read = |to: &str, items| {
            let watch = id(1);
            let to = to.to_owned();
            let hand_over = HandOver { watch, to, items };
            HandOver::from_bytes(&hand_over.to_bytes()).is_ok()
        };
        assert!(read("Orlova", Vec::new()));
        assert!(read(&"O".repeat(128), (0..64).map(id).collect()));
        for nobody in ["", " ", "Orl\u{202e}ova", &"O".repeat(129)] {
            assert!(!read(nobody, Vec::new()), "{nobody:?}");
        }
        assert!(!read("Orlova", vec![id(2), id(1)]));
        assert!(!read("Orlova", (0..65).map(id).collect()));
    }
}
