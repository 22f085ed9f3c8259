//! Settlements: what a station says of a proposal, and each way to say it wrongly.

use openline_wire::codes::{Kind, Settled};
use openline_wire::entry::Entry;
use openline_wire::fact::{Fact, Settlement};
use openline_wire::header::Actor;
use openline_wire::ids::EntryId;

use super::{Vector, by, fact_of, said};
use crate::rings;
use crate::support::author::{Boot, entry_id};

/// A proposal lapsed; its station says so.
pub fn lapsed(by: &Boot, contact: EntryId, proposal: EntryId) -> Entry {
    let lapsed = Fact::Settlement(Settlement {
        contact,
        proposal,
        settled: Settled::Lapsed,
        cites: None,
    });
    let mut header = by.header(&rings::of(Kind::Settlement, lapsed, None));
    header.actor = Actor::station();
    by.sign_beside(&header, None)
}

/// Each with one defect.
pub fn wrong() -> Vec<Vector> {
    let fact = |settled, cites: Option<u8>| {
        fact_of(4, |w| {
            let cites = cites.map(entry_id);
            w.item(&entry_id(2)).uint(settled);
            w.optional_bytes(cites.as_ref().map(EntryId::as_bytes));
        })
    };
    let of = |name, settled, cites| said(name, "OL-608", Kind::Settlement, fact(settled, cites));
    vec![
        by(
            "settlement-withdrawn-by-a-station",
            "OL-610",
            Kind::Settlement,
            (fact(1, None), Actor::station()),
        ),
        of("settlement-lapsed-by-a-person", 2, None),
        of("settlement-lapsed-citing", 2, Some(3)),
        of("settlement-unknown", 3, None),
        of("settlement-confirmed-without-a-read-back", 0, None),
        of("settlement-withdrawn-citing", 1, Some(3)),
    ]
}
