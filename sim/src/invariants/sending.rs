//! What leaves: with which key, what it claims, what it leaves out.
//!
//! Shows OL-411, OL-421, OL-422, OL-423 and OL-440 over every history.

use std::collections::{BTreeMap, BTreeSet};

use openline_proto::bodies::{self, Body, BootPrefix, Have, HaveChain};
use openline_proto::contract::{Route, StoredEntry};
use openline_proto::packed::{Delta, Packed, PackedHeader};
use openline_proto::witness::Sealed;
use openline_wire::codes::{Kind, Stream};
use openline_wire::header::{self, Chain};
use openline_wire::ids::Author;
use openline_wire::limits;

use super::{Scene, Verdict, Violation};
use crate::disk::Disk;
use crate::model::{Model, Place};
use crate::world::Told;

pub(super) fn look(model: &mut Model, scene: Scene, disk: &Disk, sealed: &Sealed) -> Verdict {
    no_key_and_nonce_twice(model, sealed)?;
    a_frame_fits_a_datagram(scene, sealed)?;
    let bodies = bodies::read_all(&sealed.plaintext)
        .map_err(|error| Violation::new("our own frames can be read", error.to_string()))?;
    for body in &bodies {
        match body {
            Body::Have(have) => claims_are_on_disk(model, scene, disk, have)?,
            Body::Confirm(confirm) => {
                listed_are_on_disk(model, scene, disk, &confirm.chains)?;
            }
            Body::Entries(entries) => left_out_is_confirmed(model, scene, sealed.to, entries)?,
            _ => {}
        }
    }
    Ok(())
}

/// Invariant 11.
fn no_key_and_nonce_twice(model: &mut Model, sealed: &Sealed) -> Verdict {
    if model.sealed.insert(sealed.with) {
        return Ok(());
    }
    let what = format!("{:?} sealed twice", sealed.with);
    Err(Violation::new("11 no key and nonce twice", what))
}

/// Whoever was told that he must not send somewhere does not.
pub(crate) fn silent_where_it_must_be(told: &Told, route: Route) -> Verdict {
    match told.silent.contains(&route.bearer) {
        false => Ok(()),
        true => Err(Violation::new(
            "OL-440 it is silent where it must be",
            format!("sent on bearer {}", route.bearer),
        )),
    }
}

/// What is longer is lost on every path whose datagrams are as short as IPv6 allows.
fn a_frame_fits_a_datagram(scene: Scene, sealed: &Sealed) -> Verdict {
    let (len, most) = (sealed.plaintext.len(), limits::FRAME_PLAINTEXT);
    if len <= most {
        return Ok(());
    }
    let what = format!("{:?} seals {len} bytes, more than {most}", scene.author);
    Err(Violation::new("a frame fits a datagram", what))
}

/// Invariant 21, to a peer: who says that he holds something has it on disk.
fn claims_are_on_disk(model: &mut Model, scene: Scene, disk: &Disk, have: &Have) -> Verdict {
    let sizes = listed_are_on_disk(model, scene, disk, &have.chains)?;
    if have.whole {
        for (chain, size) in implied(disk, &sizes) {
            // A liar's start may name boots that never were; they are listed all the same.
            let names = |claim: &HaveChain| {
                chain.author.boot.0.starts_with(&claim.boot) && chain.stream == claim.stream
            };
            if have.chains.iter().any(names) {
                continue;
            }
            held_up_to(model, scene, disk, (chain, 0, size))?;
        }
    }
    Ok(())
}

fn listed_are_on_disk(
    model: &mut Model,
    scene: Scene,
    disk: &Disk,
    chains: &[HaveChain],
) -> Result<BTreeMap<Chain, u64>, Violation> {
    let mut sizes = BTreeMap::new();
    for claim in chains {
        if let Some(chain) = chain_of(model, claim) {
            sizes.insert(chain, claim.size);
            claim_is_on_disk(model, scene, disk, (chain, claim))?;
        }
    }
    Ok(sizes)
}

fn chain_of(model: &Model, claim: &HaveChain) -> Option<Chain> {
    let author = model.named(&claim.boot)?;
    let stream = claim.stream;
    Some(Chain { author, stream })
}

fn claim_is_on_disk(
    model: &mut Model,
    scene: Scene,
    disk: &Disk,
    claim: (Chain, &HaveChain),
) -> Verdict {
    let (chain, claim) = claim;
    let boot = scene.author.boot;
    let proven = |model: &Model| {
        model
            .boots
            .get(&boot)
            .and_then(|life| life.proven.get(&chain).copied())
    };
    held_up_to(
        model,
        scene,
        disk,
        (chain, proven(model).unwrap_or(0), claim.size),
    )?;
    if let Some(life) = model.boots.get_mut(&boot) {
        life.proven.insert(chain, claim.size);
    }
    let mut end = claim.size;
    for &(missing, held) in &claim.ahead {
        let from = end + missing;
        end = from + held;
        held_up_to(model, scene, disk, (chain, from, end))?;
    }
    Ok(())
}

fn held_up_to(_model: &Model, scene: Scene, disk: &Disk, claim: (Chain, u64, u64)) -> Verdict {
    let (chain, from, to) = claim;
    match (from..to).find(|at| disk.holds(&chain, *at).is_none()) {
        None => Ok(()),
        Some(missing) => Err(Violation::new(
            "21 nothing is told as stored before it is",
            format!(
                "{:?} tells that it holds {chain:?} from {from} to {to}, and lacks {missing}",
                scene.author
            ),
        )),
    }
}

/// What a whole *have* says of chains that it leaves out: a start that is held implies what it names.
fn implied(disk: &Disk, sizes: &BTreeMap<Chain, u64>) -> BTreeMap<Chain, u64> {
    use openline_wire::fact::Fact;
    let is_start = |stored: &&StoredEntry| stored.entry.header().kind == Kind::Start;
    let starts: Vec<_> = disk
        .entries()
        .filter(is_start)
        .filter_map(|stored| match stored.entry.fact() {
            Fact::Start(start) => Some((stored.entry.header().author, start)),
            _ => None,
        })
        .collect();
    let mut implied: BTreeMap<Chain, u64> = BTreeMap::new();
    for _ in 0..starts.len() {
        for (author, start) in &starts {
            let urgent = Chain {
                author: *author,
                stream: Stream::Urgent,
            };
            let held = sizes.get(&urgent).or(implied.get(&urgent)).copied();
            if held.unwrap_or(0) == 0 {
                continue;
            }
            for end in &start.frontier {
                let author = Author {
                    boot: end.boot,
                    ..*author
                };
                let chain = Chain {
                    author,
                    stream: end.stream,
                };
                if !sizes.contains_key(&chain) {
                    let size = implied.entry(chain).or_insert(0);
                    *size = end.size.max(*size);
                }
            }
        }
    }
    implied
}

/// Invariant 18: what is left out on the wire to a boot, that boot holds itself (it could not have confirmed it
/// otherwise), or it stands before it in the same frame.
fn left_out_is_confirmed(
    model: &Model,
    scene: Scene,
    to: Option<BootOf>,
    entries: &[Packed],
) -> Verdict {
    let mut in_frame: BTreeSet<Place> = BTreeSet::new();
    for packed in entries {
        match &packed.header {
            PackedHeader::Whole(bytes) => {
                if let Ok(header) = header::parse(bytes) {
                    in_frame.insert((header.chain(), header.sequence));
                }
            }
            PackedHeader::Delta(delta) => {
                let named = |boot: &BootPrefix| model.named(boot);
                let author = delta.boot.as_ref().map_or(Some(scene.author), named);
                let Some(author) = author else {
                    continue;
                };
                for place in leans_on(model, delta, author) {
                    let held = to.is_some_and(|to| {
                        model.lies(&to.boot) || model.held_by(&to.boot, &place).is_some()
                    });
                    if !held && !in_frame.contains(&place) {
                        return Err(Violation::new(
                            "18 only what that boot confirmed is left out",
                            format!(
                                "{:?} leans on {place:?}, which {to:?} does not hold",
                                scene.author
                            ),
                        ));
                    }
                }
                let stream = delta.stream;
                in_frame.insert((Chain { author, stream }, delta.sequence));
            }
        }
    }
    Ok(())
}

type BootOf = Author;

/// The places that a receiver must hold to put a delta together again.
fn leans_on(model: &Model, delta: &Delta, author: Author) -> Vec<Place> {
    let chain = Chain {
        author,
        stream: delta.stream,
    };
    let heads = delta.heads.iter().filter(|head| head.last.is_none());
    let heads = heads.filter_map(|head| {
        let author = model.named(&head.boot)?;
        let stream = head.stream;
        Some((Chain { author, stream }, head.size - 1))
    });
    heads
        .chain([(chain, delta.sequence.wrapping_sub(delta.back))])
        .collect()
}
