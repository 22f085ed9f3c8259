//! What a record is made of: headers, entries, record files.

use openline_record::equivocation::Equivocation;
use openline_record::export::{Head, RecordCheck, StoredEntry, locate};
use openline_record::report::Report;
use openline_record::tree::Edge;
use openline_record::verify::Nodes;
use openline_wire::cbor::Canonical;
use openline_wire::entry::SignedEntry;
use openline_wire::fact::Fact;
use openline_wire::header;
use openline_wire::ids::{NodeId, PartyId};
use openline_wire::key::NodeKey;

use super::is_read_in_one_form;

/// The keys of the parties in the corpora: Ed25519 from the seeds 01…01 and 02…02.
const KEYS: [(u8, &str); 2] = [
    (
        1,
        "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c",
    ),
    (
        2,
        "8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394",
    ),
];

/// A header is read in one form only, and so is its fact.
pub fn header(data: &[u8]) {
    is_read_in_one_form::<Edge>(data);
    is_read_in_one_form::<Equivocation>(data);
    let Ok(header) = header::parse(data) else {
        return;
    };
    assert_eq!(header.to_bytes(), data);
    match Fact::of(&header) {
        Ok(Fact::Unknown) | Err(_) => {}
        Ok(fact) => assert_eq!(fact.to_bytes(), header.fact),
    }
}

/// An entry is read in one form only, and the stored form that is read lazily agrees.
pub fn entry(data: &[u8]) {
    let form = StoredEntry::from_bytes(data);
    let Ok(entry) = SignedEntry::from_bytes(data) else {
        return;
    };
    assert_eq!(entry.to_bytes(), data);
    let form = form.expect("the stored form of an entry that is read");
    assert_eq!(form.header, entry.header_bytes());
    for (_, key) in nodes().values() {
        // Almost never authentic; whatever it is, no panic.
        let _ = entry.clone().verify(key);
    }
}

/// A record file gives the same report however it comes in pieces, and a sound one has no byte that is
/// not accounted for.
pub fn record_file(data: &[u8]) {
    let whole = report(data, data.len().max(1));
    let pieces = usize::from(data.last().copied().unwrap_or(0)) + 1;
    assert_eq!(report(data, pieces), whole);
    if whole.is_some_and(|report| report.is_sound()) {
        let last = data.len() as u64 - 1;
        assert!(locate(data, last).is_some() && locate(data, last + 1).is_none());
    }
}

fn report(data: &[u8], piece: usize) -> Option<Report> {
    let mut check = RecordCheck::new(|_: &Head| Ok(nodes()));
    for bytes in data.chunks(piece) {
        check.push(bytes).ok()?;
    }
    check.finish().ok().map(|(_, report)| report)
}

fn nodes() -> Nodes {
    KEYS.iter()
        .filter_map(|(party, key)| node(*party, key))
        .collect()
}

fn node(party: u8, key: &str) -> Option<(NodeId, (PartyId, NodeKey))> {
    // An id has 32 bytes and reads hexadecimal; so it reads a key, too.
    let key = NodeKey::from_bytes(&NodeId::from_hex(key)?.0)?;
    Some((key.id(), (PartyId([party; 32]), key)))
}
