//! What is signed: places, heads, frontiers.

use std::collections::{BTreeMap, BTreeSet};

use openline_record::tree::Edge;
use openline_wire::cbor::Reader;
use openline_wire::codes::Stream;
use openline_wire::entry;
use openline_wire::fact::Fact;
use openline_wire::header::{self, Chain, Header};
use openline_wire::ids::{Digest, EntryId};
use openline_wire::limits;

use super::{Scene, Verdict, Violation, contacting, practising, ringing, testing};
use crate::disk::Disk;
use crate::model::{Model, Written};

pub(super) fn look(model: &mut Model, scene: Scene, disk: &Disk, bytes: &[u8]) -> Verdict {
    // A request for a new generation is signed too, and is no entry.
    let Some((id, header)) = signed_header(bytes) else {
        return Ok(());
    };
    signs_each_place_once(model, &header, id)?;
    heads_are_on_disk(disk, &header)?;
    left_out_heads_are_held(model, disk, &header)?;
    heads_are_few(disk, &header)?;
    smaller_trees_are_prefixes(model, disk, &header)?;
    ringing::signing(model, scene, disk, (id, &header))?;
    contacting::signing(model, (id, &header))?;
    testing::signing(model, scene, &header)?;
    practising::signing(disk, (id, &header))?;
    let at = scene.now;
    model.places.insert((header.chain(), header.sequence), id);
    model.written.insert(id, Written { header, at });
    Ok(())
}

fn signed_header(bytes: &[u8]) -> Option<(EntryId, Header)> {
    let mut r = Reader::new(bytes);
    r.array_of("to be signed", 4).ok()?;
    r.text("context", 16).ok()?;
    r.bytes("protected", 64).ok()?;
    r.bytes("external", 0).ok()?;
    let bytes = r.bytes("header", limits::HEADER).ok()?;
    Some((entry::id_of(bytes), header::parse(bytes).ok()?))
}

/// Invariant 1.
fn signs_each_place_once(model: &Model, header: &Header, id: EntryId) -> Verdict {
    match model.places.get(&(header.chain(), header.sequence)) {
        Some(other) if *other != id => Err(Violation::new(
            "1 one entry for each place",
            format!(
                "{:?} at {} signed as {other:?} and as {id:?}",
                header.chain(),
                header.sequence
            ),
        )),
        _ => Ok(()),
    }
}

/// Invariant 16.
fn heads_are_on_disk(disk: &Disk, header: &Header) -> Verdict {
    for head in &header.heads {
        let missing = (0..head.size)
            .rev()
            .find(|at| disk.holds(&head.chain, *at).is_none());
        let last = disk.holds(&head.chain, head.size - 1);
        if missing.is_some() || last != Some(head.last) {
            return Err(Violation::new(
                "16 heads are on disk when they are signed",
                format!(
                    "{:?} {} says {head:?}; missing {missing:?}, last {last:?}",
                    header.chain(),
                    header.sequence
                ),
            ));
        }
    }
    Ok(())
}

/// Invariant 14: who lists a start and leaves out a chain that this start names, holds the chain that far.
fn left_out_heads_are_held(model: &Model, disk: &Disk, header: &Header) -> Verdict {
    let listed = heads_so_far(model, header);
    for (chain, _) in listed
        .iter()
        .filter(|(chain, _)| chain.stream == Stream::Urgent)
    {
        let Some((start, _)) = model.start_of(&chain.author) else {
            continue;
        };
        for end in &start.frontier {
            let author = openline_wire::ids::Author {
                boot: end.boot,
                ..chain.author
            };
            let named = Chain {
                author,
                stream: end.stream,
            };
            let missing = (0..end.size).find(|at| disk.holds(&named, *at).is_none());
            if let (false, Some(missing)) = (listed.contains_key(&named), missing) {
                return Err(Violation::new(
                    "14 a chain left out of a head vector is held",
                    format!(
                        "{:?} {} lists the start of {:?} and leaves out {named:?}, of which it lacks {missing}",
                        header.chain(),
                        header.sequence,
                        chain.author
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// Heads go on until they are said anew: those of this header, of the chain before it, and of the boot's start.
fn heads_so_far(model: &Model, header: &Header) -> BTreeMap<Chain, u64> {
    let mut heads = BTreeMap::new();
    let mut take = |header: &Header| {
        for head in &header.heads {
            let size = heads.entry(head.chain).or_insert(0);
            *size = head.size.max(*size);
        }
    };
    take(header);
    let urgent = Chain {
        author: header.author,
        stream: Stream::Urgent,
    };
    let own = (0..header.sequence).map(|at| (header.chain(), at));
    for place in own.chain([(urgent, 0)]) {
        if let Some(before) = model
            .places
            .get(&place)
            .and_then(|id| model.written.get(id))
        {
            take(&before.header);
        }
    }
    heads
}

/// Invariant 19: three for each boot of which something is not covered by a start, at most.
fn heads_are_few(disk: &Disk, header: &Header) -> Verdict {
    let boots: BTreeSet<_> = disk.places().map(|((chain, _), _)| chain.author).collect();
    let most = 3 * boots.len().max(1);
    if header.heads.len() > most {
        let what = format!("{} heads, {} boots", header.heads.len(), boots.len());
        return Err(Violation::new("19 heads are few", what));
    }
    Ok(())
}

/// Invariant 15: a frontier names of each chain the root of the tree over what was signed in it; of a liar's chain,
/// over what this disk holds of it.
fn smaller_trees_are_prefixes(model: &Model, disk: &Disk, header: &Header) -> Verdict {
    let Ok(Fact::Start(start)) = Fact::of(header) else {
        return Ok(());
    };
    for end in &start.frontier {
        let author = openline_wire::ids::Author {
            boot: end.boot,
            ..header.author
        };
        let chain = Chain {
            author,
            stream: end.stream,
        };
        let ids: Option<Vec<EntryId>> = (0..end.size)
            .map(|at| match model.lies(&chain.author.boot) {
                true => disk.holds(&chain, at),
                false => model.places.get(&(chain, at)).copied(),
            })
            .collect();
        let root = ids.map(|ids| Digest(ids.into_iter().collect::<Edge>().root().0));
        if root != Some(end.root) {
            return Err(Violation::new(
                "15 the smaller tree is a prefix of the larger",
                format!(
                    "the start of {:?} names of {chain:?} a root that is not its tree's",
                    header.author
                ),
            ));
        }
    }
    Ok(())
}
