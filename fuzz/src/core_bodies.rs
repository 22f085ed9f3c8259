//! What a hostile peer puts into its frames: bodies that mean something to a core, and such as do not.

use openline_proto::bodies::{Confirm, Fragment, HaveChain, Want};
use openline_proto::files::{FileId, Piece, Pull};
use openline_proto::packed::{Delta, DeltaHead, Packed, PackedBody, PackedHeader};
use openline_wire::codes::Stream;
use openline_wire::ids::EntryId;
use openline_wire::limits;

use super::core_driver::Driver;
use super::input::Choices;

/// One of the streams.
pub fn stream(choices: &mut Choices<'_>) -> Stream {
    Stream::ALL[usize::from(choices.below(3))]
}

/// The name of a boot: ours, the peer's, one of its earlier ones, or anything.
pub fn prefix(choices: &mut Choices<'_>) -> Vec<u8> {
    match choices.below(5) {
        0 => choices.array::<4>().to_vec(),
        boot => vec![boot; usize::from(choices.below(13)) + 4],
    }
}

/// That it holds all that is on our disk of a chain of ours.
pub fn claim(ours: &Driver, stream: Stream) -> HaveChain {
    let author = ours.author();
    let of_chain = ours.disk.entries().filter(|stored| {
        let header = stored.entry.header();
        header.author == author && header.stream == stream
    });
    HaveChain {
        boot: author.boot.as_bytes()[..4].to_vec(),
        stream,
        size: of_chain.count() as u64,
        ahead: Vec::new(),
    }
}

pub fn wants(choices: &mut Choices<'_>) -> Vec<Want> {
    let want = |choices: &mut Choices<'_>| Want {
        boot: prefix(choices),
        stream: stream(choices),
        sequence: choices.number(),
    };
    (0..choices.below(17)).map(|_| want(choices)).collect()
}

pub fn fragment(choices: &mut Choices<'_>) -> Fragment {
    let count = choices.number() % 128 + 1;
    Fragment {
        whole: choices.number(),
        index: choices.number() % count,
        count,
        bytes: choices.string().to_vec(),
    }
}

pub fn garbage(choices: &mut Choices<'_>) -> Packed {
    Packed {
        header: PackedHeader::Whole(choices.string().to_vec()),
        signature: openline_wire::key::Signature(choices.array()),
        body: choices.coin().then(|| PackedBody {
            salt: choices.coin().then(|| choices.array()),
            coded: choices.string().to_vec(),
        }),
    }
}

pub fn delta(choices: &mut Choices<'_>) -> Packed {
    let head = |choices: &mut Choices<'_>| DeltaHead {
        boot: prefix(choices),
        stream: stream(choices),
        size: choices.number().max(1),
        last: choices.coin().then(|| EntryId(choices.array())),
    };
    let delta = Delta {
        boot: choices.coin().then(|| prefix(choices)),
        stream: stream(choices),
        sequence: choices.number(),
        back: choices.number(),
        previous: None,
        later: choices.number() as i64,
        heads: (0..choices.below(4)).map(|_| head(choices)).collect(),
        codes: None,
        reply_to: None,
        actor: None,
        fact: choices.string().to_vec(),
        commitment: None,
    };
    Packed {
        header: PackedHeader::Delta(Box::new(delta)),
        signature: openline_wire::key::Signature(choices.array()),
        body: None,
    }
}

/// How far our chains are held, or what nobody holds.
pub fn confirm(ours: &Driver, choices: &mut Choices<'_>) -> Confirm {
    let stream = stream(choices);
    let honest = claim(ours, stream);
    let size = match choices.coin() {
        true => honest.size.max(1),
        false => choices.number().max(1),
    };
    let first = HaveChain { size, ..honest };
    let wild = HaveChain {
        boot: prefix(choices),
        stream,
        size: choices.number(),
        ahead: Vec::new(),
    };
    Confirm {
        later: choices.number() as i64,
        report: None,
        chains: vec![first, wild],
    }
}

/// Of a file that one of our messages names, or of none.
pub fn pull(ours: &Driver, choices: &mut Choices<'_>) -> Pull {
    let entries: Vec<EntryId> = ours
        .disk
        .entries()
        .map(|stored| stored.entry.id())
        .collect();
    let at = usize::from(choices.below(8));
    let message = entries.get(at).copied();
    let (from, to) = (choices.number() % 99, choices.number() % 99);
    Pull {
        file: FileId {
            message: message.unwrap_or_else(|| EntryId(choices.array())),
            which: u64::from(choices.below(limits::ATTACHMENTS as u8)),
        },
        session: choices.number(),
        reached: choices.number(),
        lacking: vec![(from, from + to + 1)],
    }
}

/// Of whatever is pulled, or of nothing.
pub fn piece(choices: &mut Choices<'_>) -> Piece {
    Piece {
        session: choices.number() % 4,
        number: choices.number() % 99,
        sent: choices.number(),
        bytes: choices.string().to_vec(),
    }
}
