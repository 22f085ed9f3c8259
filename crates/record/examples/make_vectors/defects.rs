//! Entries that everybody refuses for their form, each with one defect and otherwise right, signature
//! included: it is the defect that is refused, not a consequence.

use openline_wire::cbor::{Canonical as _, Reader, Writer};
use openline_wire::codes::{Kind, Precedence, Stream};
use openline_wire::header::{Actor, Head, Header};
use openline_wire::key::Signature;
use openline_wire::limits;
use serde_json::{Value, json};

use crate::hex;
use crate::support::author::{Boot, Draft, draft, entry_id};

type Vector = (&'static str, Value);

/// Each vector with its name.
pub fn all() -> Vec<Vector> {
    let mut all = bytes();
    all.extend(shapes());
    all.extend(places());
    all.extend(heads());
    all.extend(codes());
    all.extend(actors());
    all.extend(facts());
    all.extend(receipts());
    all.extend(silences());
    all.extend(frontiers());
    all.extend(stored());
    all
}

/// Moscow behind his start.
fn moscow() -> Boot {
    let mut moscow = Boot::new(1);
    moscow.start(&[], &[]);
    moscow
}

pub fn header() -> Header {
    moscow().header(&draft(Precedence::Flash, None))
}

/// A vector whose header has these bytes, signed as they are.
fn signed(name: &'static str, requirement: &str, bytes: &[u8]) -> Vector {
    let signature = moscow().sign_bytes(bytes);
    vector(
        name,
        requirement,
        "header",
        stored_form(bytes, &signature, None, None),
    )
}

pub fn of_header(name: &'static str, requirement: &str, header: Header) -> Vector {
    signed(name, requirement, &header.to_bytes())
}

fn vector(name: &'static str, requirement: &str, refused: &str, stored: Vec<u8>) -> Vector {
    let vector = json!({
        "requirement": requirement,
        "refused_for": refused,
        "node_key": hex(&moscow().node_key().to_bytes()),
        "stored": hex(&stored),
    });
    (name, vector)
}

fn stored_form(
    header: &[u8],
    signature: &Signature,
    salt: Option<&[u8]>,
    content: Option<&[u8]>,
) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(4).bytes(header).bytes(&signature.0);
    w.optional_bytes(salt).optional_bytes(content);
    w.into_bytes()
}

/// A vector whose header's bytes were edited. The first is the array's, the second the version, the third
/// and fourth the line's length.
fn edited(name: &'static str, requirement: &str, edit: impl FnOnce(&mut Vec<u8>)) -> Vector {
    let mut bytes = header().to_bytes();
    edit(&mut bytes);
    signed(name, requirement, &bytes)
}

/// The right value in another form.
fn bytes() -> Vec<Vector> {
    vec![
        edited("non-canonical-integer", "OL-301", |b| {
            b.splice(1..2, [0x18, 1]);
        }),
        edited("non-canonical-length", "OL-301", |b| {
            b.splice(2..4, [0x59, 0, 32]);
        }),
        edited("indefinite-length", "OL-301", |b| {
            b[0] = 0x9F;
            b.push(0xFF);
        }),
        edited("trailing-byte", "OL-301", |b| b.push(0)),
        edited("undefined-for-null", "OL-301", |b| {
            *b.last_mut().expect("bytes") = 0xF7;
        }),
    ]
}

/// No header of this version.
fn shapes() -> Vec<Vector> {
    vec![
        edited("cut-short", "OL-301", |b| b.truncate(b.len() - 1)),
        edited("a-field-too-few", "OL-303", |b| {
            b[0] = 0x90;
            b.truncate(b.len() - 1);
        }),
        edited("a-field-too-many", "OL-303", |b| {
            b[0] = 0x92;
            b.push(0xF6);
        }),
        edited("unknown-version", "OL-302", |b| b[1] = 2),
        edited("text-for-bytes", "OL-303", |b| {
            b[2] = 0x78;
            b[4..36].fill(b'a');
        }),
    ]
}

fn places() -> Vec<Vector> {
    let right = header();
    let start = Boot::new(1).start(&[], &[]).header().clone();
    let message = |stream| Header {
        stream,
        kind: Kind::Message,
        fact: Vec::new(),
        ..start.clone()
    };
    let stream = Stream::Traffic;
    vec![
        of_header(
            "previous-at-sequence-0",
            "OL-305",
            Header {
                previous: Some(entry_id(1)),
                ..start.clone()
            },
        ),
        of_header(
            "no-previous-behind-the-first",
            "OL-305",
            Header {
                previous: None,
                ..right.clone()
            },
        ),
        of_header("first-is-no-start", "OL-305", message(Stream::Urgent)),
        of_header(
            "start-behind-the-first",
            "OL-305",
            Header {
                kind: Kind::Start,
                fact: start.fact.clone(),
                ..right.clone()
            },
        ),
        of_header(
            "start-in-the-traffic-stream",
            "OL-305",
            Header {
                stream,
                ..start.clone()
            },
        ),
        of_header(
            "over-long-time",
            "OL-307",
            Header {
                time: limits::LATEST_TIME_MS + 1,
                ..right
            },
        ),
    ]
}

fn heads() -> Vec<Vector> {
    let with = |heads| Header { heads, ..header() };
    let head = |party: u8, size| Head {
        chain: Boot::new(party).chain(Stream::Urgent),
        size,
        last: entry_id(party),
    };
    let boot = |n: u8| Head {
        chain: Boot::new(2).reboot(n).chain(Stream::Urgent),
        size: 1,
        last: entry_id(n),
    };
    vec![
        of_header(
            "heads-out-of-order",
            "OL-306",
            with(vec![head(3, 1), head(2, 1)]),
        ),
        of_header("head-twice", "OL-306", with(vec![head(2, 1), head(2, 1)])),
        of_header("head-of-size-0", "OL-306", with(vec![head(2, 0)])),
        of_header(
            "too-many-heads",
            "OL-301",
            with((0..193).map(boot).collect()),
        ),
    ]
}

/// Codes that no registry lists.
fn codes() -> Vec<Vector> {
    let bytes = header().to_bytes();
    let changed = |at: usize, code: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = code;
        bytes
    };
    // Behind the array's byte and the name, with a byte for its length.
    let attestation = part(&bytes, 14) + 2 + header().actor.name.len();
    vec![
        signed("unknown-stream", "OL-303", &changed(part(&bytes, 5), 3)),
        signed("unknown-mark", "OL-303", &changed(part(&bytes, 11), 3)),
        signed(
            "unknown-precedence",
            "OL-303",
            &changed(part(&bytes, 12), 4),
        ),
        signed("unknown-attestation", "OL-303", &changed(attestation, 4)),
    ]
}

/// Where the field with this number begins in a header.
fn part(header: &[u8], number: usize) -> usize {
    let mut r = Reader::new(header);
    r.array_of("header", 17).expect("a header");
    for _ in 0..number {
        r.raw("field").expect("a header");
    }
    r.position()
}

fn actors() -> Vec<Vector> {
    let named = |name: &str, evidence: &str| {
        let right = header();
        let actor = Actor {
            name: name.to_owned(),
            evidence: evidence.to_owned(),
            ..right.actor.clone()
        };
        Header { actor, ..right }
    };
    vec![
        of_header(
            "actor-with-a-direction-override",
            "OL-310",
            named("Orlova\u{202e}", ""),
        ),
        of_header(
            "actor-with-an-escape-code",
            "OL-310",
            named("\u{1b}[2JOrlova", ""),
        ),
        of_header(
            "evidence-with-an-invisible-character",
            "OL-310",
            named("Orlova", "uid\u{200b}0"),
        ),
        of_header("actor-with-a-blank-letter", "OL-310", named("\u{3164}", "")),
        of_header("actor-name-too-long", "OL-301", named(&"O".repeat(129), "")),
    ]
}

/// A vector with a fact of its own choosing.
pub fn of_fact(name: &'static str, requirement: &str, kind: Kind, fact: Vec<u8>) -> Vector {
    let header = Header {
        kind,
        fact,
        ..header()
    };
    of_header(name, requirement, header)
}

fn facts() -> Vec<Vector> {
    let right = receipt(2, &[1]);
    let mut longer = right.clone();
    longer.splice(1..2, [0x18, 2]);
    let (message, other) = (vec![0xF6], right);
    vec![
        of_fact("message-with-a-fact", "OL-308", Kind::Message, message),
        of_fact("fact-of-another-kind", "OL-308", Kind::Silence, other),
        of_fact("fact-not-canonical", "OL-301", Kind::Receipt, longer),
        of_fact("fact-empty", "OL-308", Kind::Receipt, Vec::new()),
    ]
}

/// A receipt's fact, right or wrong.
fn receipt(stage: u64, targets: &[u8]) -> Vec<u8> {
    let targets: Vec<_> = targets.iter().map(|byte| entry_id(*byte)).collect();
    let mut w = Writer::new();
    w.array(2).uint(stage).items(&targets);
    w.into_bytes()
}

fn receipts() -> Vec<Vector> {
    let of = |name, requirement, stage, targets: &[u8]| {
        of_fact(name, requirement, Kind::Receipt, receipt(stage, targets))
    };
    let many: Vec<u8> = (0..65).collect();
    vec![
        of("receipt-without-targets", "OL-312", 2, &[]),
        of("receipt-targets-out-of-order", "OL-312", 2, &[2, 1]),
        of("receipt-target-twice", "OL-312", 2, &[1, 1]),
        of("receipt-with-too-many-targets", "OL-301", 2, &many),
        of("receipt-of-unknown-stage", "OL-303", 3, &[1]),
    ]
}

fn silences() -> Vec<Vector> {
    let of = |name, requirement, from, until, reason| {
        let mut w = Writer::new();
        w.array(3).uint(from).uint(until).uint(reason);
        of_fact(name, requirement, Kind::Silence, w.into_bytes())
    };
    let late = limits::LATEST_TIME_MS + 1;
    vec![
        of("silence-that-ends-before-it-begins", "OL-314", 5, 5, 0),
        of("silence-beyond-the-calendar", "OL-314", 5, late, 0),
        of("silence-for-an-unknown-reason", "OL-303", 5, 6, 3),
    ]
}

fn frontiers() -> Vec<Vector> {
    let of = |name, items| of_header(name, "OL-313", with_frontier(items));
    vec![
        of("frontier-out-of-order", &[(2, 1), (1, 1)]),
        of("frontier-twice", &[(1, 1), (1, 1)]),
        of("frontier-of-size-0", &[(1, 0)]),
    ]
}

/// A start whose frontier lists (boot, size).
fn with_frontier(items: &[(u8, u64)]) -> Header {
    let mut w = Writer::new();
    w.array(1).array(items.len());
    for (boot, size) in items {
        w.array(5).bytes(&[*boot; 16]).uint(0);
        w.uint(*size).bytes(&[1; 32]).bytes(&[2; 32]);
    }
    let start = Boot::new(1).start(&[], &[]).header().clone();
    Header {
        fact: w.into_bytes(),
        ..start
    }
}

/// The stored form around a header that is right.
fn stored() -> Vec<Vector> {
    let flash = moscow().write(Draft {
        ..draft(Precedence::Flash, Some("Stop."))
    });
    let (header, signature) = (flash.header_bytes(), flash.signature());
    let body = flash.body().expect("a text");
    let (salt, content) = (Some(&body.salt[..]), Some(&body.content[..]));
    let form = |salt, content| stored_form(header, signature, salt, content);
    let mut trailing = form(salt, content);
    trailing.push(0);
    let mut longer = form(salt, content);
    longer[0] = 0x98;
    longer.insert(1, 4);
    let mut w = Writer::new();
    w.array(4)
        .bytes(header)
        .bytes(&signature.0[..63])
        .null()
        .null();
    let of = |name, bytes| vector(name, "OL-326", "stored form", bytes);
    vec![
        of("salt-without-body", form(salt, None)),
        of("body-without-salt", form(None, content)),
        of("salt-too-short", form(Some(&body.salt[..15]), content)),
        of("signature-too-short", w.into_bytes()),
        of("byte-behind-the-stored-form", trailing),
        of("stored-form-not-canonical", longer),
    ]
}
