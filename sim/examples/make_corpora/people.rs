//! What people write and carry.

use openline_wire::address::Address;
use openline_wire::card::UnverifiedCard;
use openline_wire::cbor::{Canonical, Reader};
use openline_wire::codes::{Answer, Attestation, Ending, SilenceReason, Stage, Stream};
use openline_wire::compress::{Codec, Effort};
use openline_wire::cose::{HybridSign, Sign1};
use openline_wire::fact::{Answered, Frontier, NumberCompared, Outcome, Receipt, Silence, Start};
use openline_wire::header::Actor;
use openline_wire::ids::{BootId, Digest, EntryId};
use openline_wire::language::{Language, LocalNames};
use openline_wire::opening::{AnswerBody, OfferBody};
use openline_wire::text::Text;

use super::Input;

/// Invalid cards and line files that are in the corpora, too.
pub const CHOSEN: &[&str] = &[
    "ed25519-half-by-another-root",
    "ml-dsa-signature-changed",
    "name-with-a-direction-override",
    "nodes-out-of-order",
    "tag-not-canonical",
    "integer-not-canonical",
    "unprotected-header",
    "node-revoked",
    "offer-cut-short",
    "offer-with-its-tape-changed",
    "offer-without-its-tape",
    "offer-with-the-charter-signed-by-another-node",
    "offer-under-a-charter-that-does-not-fit",
    "answer-to-another-offer",
    "answer-with-the-charter-altered",
    "founding-for-an-offer",
];

/// Addresses, texts, facts, tapes, compressed bodies.
pub fn inputs() -> Vec<Input> {
    let mut inputs = Vec::new();
    inputs.extend(addresses());
    inputs.extend(texts());
    inputs.extend(facts());
    inputs.extend(facts_of_rings());
    inputs.extend(tapes());
    inputs.extend(compressed());
    inputs
}

fn addresses() -> Vec<Input> {
    let address = |url: &str| Address::new(url).expect("an address").to_bytes();
    let of = |name, bytes: &[u8]| ("address", name, bytes.to_vec());
    vec![
        of("name", b"udp://moscow.example:7600"),
        of("number", b"udp://192.0.2.1:7600"),
        of("number-of-the-new-kind", b"udp://[2001:db8::1]:7600"),
        of("unknown-scheme", b"quic://moscow.example"),
        of("no-scheme", b"moscow.example:7600"),
        of("no-host", b"udp://"),
        of("scheme-in-capitals", b"UDP://moscow.example"),
        of("space", b"udp://moscow example"),
        of("cyrillic", "udp://москва:7600".as_bytes()),
        of("escape-code", b"udp://\x1b[31m"),
        of("two-schemes", b"udp://udp://x"),
        of("encoded", &address("udp://moscow.example:7600")),
        of("encoded-number", &address("udp://192.0.2.1:7600")),
    ]
}

fn texts() -> Vec<Input> {
    let of = |name, text: &str| ("text", name, text.as_bytes().to_vec());
    let text = Text {
        language: "ru".to_owned(),
        text: "Рейс семь — наши учения.".to_owned(),
        ..Text::default()
    };
    let english = Language::new("en").expect("a tag");
    let names = LocalNames::new(vec![(english.clone(), "Moscow".to_owned())]).expect("names");
    let actor = Actor {
        name: "Lt. Orlova".to_owned(),
        attestation: Attestation::UnixUser,
        evidence: "orlova".to_owned(),
    };
    vec![
        of("english", "Flight seven is our exercise."),
        of("russian", "Рейс семь — наши учения."),
        of("chinese", "请求通话"),
        of("arabic", "القاهرة"),
        of("white-space", " \n\t"),
        of("escape-code", "a\u{1b}[2Jb"),
        of("direction-override", "ab\u{202e}cd"),
        of("two-hundred-and-one-words", &["go"; 201].join(" ")),
        of("tag", "zh-Hant-TW"),
        of("tag-in-capitals", "EN-us-X-AB"),
        of("office", "chief-of-staff"),
        of("boot-id", "0123456789abcdef0123456789ABCDEF"),
        of("entry-id", &"ab".repeat(32)),
        of(
            "safety-number",
            "12038-99300-50348-10775-85005-67875-09599-58683-67734-18874-33869-28188",
        ),
        ("text", "encoded-text", text.to_bytes()),
        ("text", "encoded-names", names.to_bytes()),
        ("text", "encoded-tag", english.to_bytes()),
        ("text", "encoded-actor", actor.to_bytes()),
        ("text", "not-utf-8", vec![0xC3, 0x28]),
    ]
}

fn facts() -> Vec<Input> {
    let frontier = |boot: u8, stream| Frontier {
        boot: BootId([boot; 16]),
        stream,
        size: 7,
        last: EntryId([3; 32]),
        root: Digest([4; 32]),
    };
    let start = |frontier| Start { frontier }.to_bytes();
    let receipt = |stage, targets: &[u8]| {
        let targets = targets.iter().map(|n| EntryId([*n; 32])).collect();
        Receipt { stage, targets }.to_bytes()
    };
    let silence = |from, until, reason| {
        Silence {
            from,
            until,
            reason,
        }
        .to_bytes()
    };
    let compared = NumberCompared {
        own_card: Digest([1; 32]),
        other_card: Digest([2; 32]),
        charter: Digest([3; 32]),
    };
    let both = [frontier(1, Stream::Urgent), frontier(2, Stream::Traffic)];
    let swapped = vec![both[1], both[0]];
    let of = |name, bytes| ("fact", name, bytes);
    vec![
        of("start-of-a-first-boot", start(Vec::new())),
        of("start-with-a-frontier", start(both.to_vec())),
        of("start-out-of-order", start(swapped)),
        of("frontier", frontier(9, Stream::Service).to_bytes()),
        of("receipt-shown", receipt(Stage::Shown, &[1])),
        of("receipt-read", receipt(Stage::Read, &[1, 2, 3])),
        of("receipt-out-of-order", receipt(Stage::Read, &[3, 2])),
        of("receipt-without-targets", receipt(Stage::Read, &[])),
        of(
            "silence-for-a-restart",
            silence(1_000, 601_000, SilenceReason::Restart),
        ),
        of(
            "silence-that-ends-before-it-begins",
            silence(2, 1, SilenceReason::Other),
        ),
        of("number-compared", compared.to_bytes()),
        of(
            "number-compared-cut-short",
            compared.to_bytes()[..70].to_vec(),
        ),
    ]
}

fn facts_of_rings() -> Vec<Input> {
    let of = |name, bytes| ("fact", name, bytes);
    vec![
        of("ringing", [[0x81, 0x58, 32].as_slice(), &[7; 32]].concat()),
        of("answer-later", answered(Answer::Later).to_bytes()),
        of(
            "answer-that-accepts-for-later",
            answered(Answer::Accept).to_bytes(),
        ),
        of(
            "outcome-unanswered",
            outcome(Some(EntryId([8; 32]))).to_bytes(),
        ),
        of("outcome-without-its-ground", outcome(None).to_bytes()),
    ]
}

fn answered(answer: Answer) -> Answered {
    Answered {
        ring: EntryId([7; 32]),
        answer,
        call_back: Some(1_652_432_400_000),
    }
}

fn outcome(cites: Option<EntryId>) -> Outcome {
    Outcome {
        ring: EntryId([7; 32]),
        ending: Ending::Unanswered,
        cites,
    }
}

fn tapes() -> Vec<Input> {
    let of = |name, long: usize| ("tape", name, (0..long).map(|n| n as u8).collect());
    vec![
        of("none", 0),
        of("one-byte", 1),
        of("half", 16),
        of("one-too-few", 31),
        of("shortest", 32),
        of("one-more", 33),
        of("between", 40),
        of("three-quarters", 48),
        of("longest", 64),
        of("one-too-many", 65),
        of("much-too-long", 200),
    ]
}

fn compressed() -> Vec<Input> {
    let mut codec = Codec::new();
    let english = "Flight seven is our exercise. We shall land at Geneva at six in the evening.";
    let russian = "Рейс семь — наши учения. Мы приземлимся в Женеве в шесть часов вечера.";
    let long = english.repeat(40);
    let mut damaged = codec.compress(english.as_bytes(), Effort::Full);
    if let Some(byte) = damaged.get_mut(6) {
        *byte ^= 0x55;
    }
    let coded = codec.compress(english.as_bytes(), Effort::Full);
    let of = |name, bytes| ("compressed", name, bytes);
    vec![
        of("empty", Vec::new()),
        of("stored", b"\x00Ready.".to_vec()),
        of("stored-nothing", vec![0]),
        of("english", coded.clone()),
        of("english-cut-short", coded[..coded.len() / 2].to_vec()),
        of(
            "english-under-the-other-dictionary",
            [&[2], &coded[1..]].concat(),
        ),
        of("english-damaged", damaged),
        of("russian", codec.compress(russian.as_bytes(), Effort::Full)),
        of("long", codec.compress(long.as_bytes(), Effort::Full)),
        of("unknown-coding", b"\x03Ready.".to_vec()),
        of("block-of-nothing", vec![1]),
        of("plain", english.as_bytes().to_vec()),
    ]
}

/// The parts of a line file, each for its own decoder.
pub fn inside(name: &str, file: &[u8]) -> Vec<(&'static str, String, Vec<u8>)> {
    let mut reader = Reader::new(file);
    reader.array_of("line file", 2).expect("a line file");
    let record = reader.bytes("signed part", file.len()).expect("signed");
    let signed = Sign1::from_bytes(record).expect("a COSE_Sign1");
    let mut parts = vec![
        ("opening", format!("{name}-signed"), record.to_vec()),
        ("opening", format!("{name}-body"), signed.payload.clone()),
    ];
    let offer = OfferBody::from_bytes(&signed.payload).map(|body| body.consent);
    let answer = AnswerBody::from_bytes(&signed.payload).map(|body| body.consent);
    let consent = offer.or(answer).expect("a consent");
    let founding = consent.founding.to_bytes();
    parts.push(("opening", format!("{name}-consent"), consent.to_bytes()));
    parts.push(("opening", format!("{name}-founding"), founding));
    if UnverifiedCard::from_bytes(&consent.card).is_ok() {
        let signed = HybridSign::from_bytes(&consent.card).expect("a card");
        parts.push(("card", format!("{name}-card-body"), signed.payload));
    }
    parts
}
