//! What stands in frames: bodies and packed entries.

use openline_proto::bodies::{Body, Confirm, Echo, Fragment, Have, HaveChain, Want};
use openline_proto::fragments::cut;
use openline_proto::loss::Report;
use openline_proto::packed::{self, Packed, PackedBody, PackedHeader, SealedBy};
use openline_wire::cbor::Canonical;
use openline_wire::codes::Stream;
use openline_wire::compress::{Codec, Effort};
use openline_wire::ids::{Author, BootId};

use super::Input;
use super::fuzz::frames::Shelf;

/// Bodies, and entries packed against the shelf that the target knows.
pub fn inputs() -> Vec<Input> {
    let mut inputs = bodies();
    inputs.extend(packed_entries());
    inputs
}

fn have() -> Have {
    Have {
        challenge: 60_000,
        wall: 1_652_432_400_000,
        whole: true,
        answer: false,
        echo: Some(Echo {
            boot: vec![1; 4],
            challenge: 59_000,
            lay: 40,
        }),
        confirms: vec![0x8000_0001, 0xFFFF_FFFF],
        report: Some(Report {
            key: 1 << 24 | 3,
            reached: 40,
            received: 38,
        }),
        chains: vec![HaveChain {
            boot: vec![1; 4],
            stream: Stream::Urgent,
            size: 12,
            ahead: vec![(2, 5), (1, 1)],
        }],
        rings: vec![9, 11],
    }
}

fn confirm() -> Body {
    Body::Confirm(Confirm {
        later: 300,
        report: have().report,
        chains: have().chains,
    })
}

fn bodies() -> Vec<Input> {
    let shelf = Shelf::new();
    let mut codec = Codec::new();
    let whole = packed::whole(
        &shelf.entries[0],
        packed::body(&shelf.entries[0], &mut codec, Effort::Full),
    );
    let want = Body::Want(vec![Want {
        boot: vec![1; 16],
        stream: Stream::Traffic,
        sequence: 9,
    }]);
    let least = Body::Have(Have {
        whole: false,
        answer: true,
        echo: None,
        confirms: Vec::new(),
        report: None,
        chains: Vec::new(),
        rings: Vec::new(),
        ..have()
    });
    let have = Body::Have(have()).to_bytes();
    let entries = Body::Entries(vec![whole.clone(), whole]).to_bytes();
    let pieces = cut(7, &[5; 2_500]);
    let piece = |at: usize| Body::Fragment(pieces[at].clone()).to_bytes();
    let wrong = Body::Fragment(Fragment {
        whole: 1,
        index: 8,
        count: 8,
        bytes: vec![1],
    });
    let of = |name, bytes| ("bodies", name, bytes);
    vec![
        of("nothing", Vec::new()),
        of("have", have.clone()),
        of("have-of-nothing", least.to_bytes()),
        of(
            "have-with-flags-beyond",
            [&have[..12], &[7], &have[13..]].concat(),
        ),
        of("entries", entries.clone()),
        of("no-entries", Body::Entries(Vec::new()).to_bytes()),
        of("want", want.to_bytes()),
        of("want-of-nothing", Body::Want(Vec::new()).to_bytes()),
        of("first-piece", piece(0)),
        of("last-piece", piece(2)),
        of("piece-beyond-the-last", wrong.to_bytes()),
        of("keys", Body::Keys(vec![1, 2, 3]).to_bytes()),
        of("have-and-entries", [have.clone(), entries].concat()),
        of(
            "seventeen-bodies",
            Body::Want(Vec::new()).to_bytes().repeat(17),
        ),
        of("confirm", confirm().to_bytes()),
        of("cut-short", have[..have.len() - 1].to_vec()),
        of("type-not-canonical", b"\x82\x18\x02\x80".to_vec()),
        of("array-without-a-length", b"\x9f\x02\x80\xff".to_vec()),
    ]
}

fn packed_entries() -> Vec<Input> {
    let shelf = Shelf::new();
    let mut codec = Codec::new();
    let next = shelf.next("We shall land at six.");
    let (first, second) = (&shelf.entries[0], &shelf.entries[1]);
    let mut body = |entry| packed::body(entry, &mut codec, Effort::Full);
    let own = (&shelf, &shelf.sealed_by());
    let near = packed::delta(second, first, own, |_| true, body(second));
    let (named, long) = deltas_of_another_boot(&shelf, body(second));
    let far = packed::delta(&next, first, own, |_| true, body(&next));
    let whole = packed::whole(&next, body(&next));
    let whole_first = packed::whole(first, body(first)).to_bytes();
    let without = Packed {
        body: None,
        ..near.clone()
    };
    let mut unsigned = whole.clone();
    unsigned.signature.0[5] ^= 1;
    let mut damaged = whole.clone();
    if let Some(body) = &mut damaged.body {
        body.coded = vec![9, 9];
    }
    let (bytes, delta) = (whole.to_bytes(), near.to_bytes());
    let of = |name, bytes| ("packed", name, bytes);
    vec![
        of("whole", bytes.clone()),
        of("whole-first", whole_first),
        of("whole-with-a-wrong-signature", unsigned.to_bytes()),
        of("whole-with-a-body-of-unknown-coding", damaged.to_bytes()),
        of("whole-cut-short", bytes[..bytes.len() - 3].to_vec()),
        of("delta", delta.clone()),
        of("delta-of-another-boot", named.clone()),
        of("delta-long", long),
        of("delta-of-two-steps", far.to_bytes()),
        of("delta-without-its-body", without.to_bytes()),
        of(
            "delta-of-an-unknown-boot",
            replaced(&named, &[0x44, 5, 5, 5, 5], &[0x44, 9, 9, 9, 9]),
        ),
        of(
            "delta-with-a-name-of-three-bytes",
            replaced(&named, &[0x44, 5, 5, 5, 5], &[0x43, 5, 5, 5]),
        ),
        of(
            "delta-on-itself",
            replaced(&delta, &[0x85, 0xF6, 1, 1, 1], &[0x85, 0xF6, 1, 1, 0]),
        ),
        of(
            "delta-beyond-the-base",
            replaced(&delta, &[0x85, 0xF6, 1, 1, 1], &[0x85, 0xF6, 1, 1, 2]),
        ),
    ]
}

/// In a frame that another boot sealed: in the brief form, and in the long one.
fn deltas_of_another_boot(shelf: &Shelf, body: Option<PackedBody>) -> (Vec<u8>, Vec<u8>) {
    let by = shelf.sealed_by();
    let another = SealedBy {
        author: Author {
            boot: BootId([8; 16]),
            ..by.author
        },
        salt: by.salt,
    };
    let (first, second) = (&shelf.entries[0], &shelf.entries[1]);
    let named = packed::delta(second, first, (shelf, &another), |_| true, body);
    let mut long = named.clone();
    if let PackedHeader::Delta(delta) = &mut long.header {
        delta.reply_to = Some(first.id());
    }
    (named.to_bytes(), long.to_bytes())
}

/// Some bytes in the place of others, which must be there.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|window| window == old);
    let at = at.expect("the bytes are there");
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}
