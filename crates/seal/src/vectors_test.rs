//! Keys, frames and key messages against the files in `vectors/channel`, which an independent program made from the
//! specification alone (`interop/make_vectors`). Nothing here writes them.
//!
//! What each invalid one shows, its name says; together: OL-101 OL-110 OL-111 OL-112 OL-113 OL-121 OL-122 OL-123 OL-128
//! OL-130 OL-131 OL-132 OL-133 OL-134 OL-143 OL-160 OL-171 OL-190 OL-623.

use crate::error::ChannelError;
use crate::frame::SealingKey;
use crate::names::{ChannelConfig, Origin, Side};
use crate::padding::Padding;
use crate::receiver::Receiver;
use crate::schedule::{self, Binding, Purpose, Slot};
use crate::secret::Secret;
use crate::tape::{Tape, Tapes};
use crate::{CodeOf, KeyId, KeyMessage, KeyMessageKind};
use openline_wire::codes::Stream;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, BootId, Digest, EntryId, LineId, NodeId, PartyId};
use serde_json::{Value, json};
use std::path::Path;

fn vectors(folder: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../vectors/channel")
        .join(folder);
    let files = std::fs::read_dir(folder).expect("a folder of vectors");
    let read = |path: &Path| {
        let text = std::fs::read_to_string(path).expect("a vector");
        let name = path.file_stem().expect("a name").to_string_lossy();
        (
            name.into_owned(),
            serde_json::from_str(&text).expect("JSON"),
        )
    };
    let all = files.map(|file| read(&file.expect("a file").path()));
    // Bodies are read by the crate above.
    all.filter(|(_, vector): &(String, Value)| vector["object"] != "bodies")
        .collect()
}

fn unhex(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("hexadecimal");
    let pair = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(pair).collect()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    unhex(value).try_into().expect("of this length")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn side(value: &Value) -> Side {
    Side {
        party: PartyId(array(&value["party"])),
        node: NodeId(array(&value["node"])),
    }
}

/// What a vector gives, or the name of the refusal.
fn take(vector: &Value) -> Result<Value, &'static str> {
    match vector["object"].as_str().expect("an object") {
        "schedule" => Ok(both_ends(vector)),
        "session" => Ok(session(vector)),
        "verifying-code" => Ok(verifying_code(vector)),
        "salt" => Ok(salt(vector)),
        "seal" => Ok(seal(vector)),
        "open" => open(vector).map_err(|error| match error {
            ChannelError::Malformed => "malformed",
            ChannelError::Unknown => "unknown",
            ChannelError::Forged => "forged",
            ChannelError::Replay => "replay",
            ChannelError::Misbehaviour(_) => "misbehaviour",
            other => panic!("{other}"),
        }),
        "key-message" => key_message(&unhex(&vector["bytes"])),
        other => panic!("what is a {other}?"),
    }
}

/// The lower and the higher end come to the same keys, each as what the other one sends or receives.
fn both_ends(vector: &Value) -> Value {
    let (lower, higher) = (side(&vector["lower"]), side(&vector["higher"]));
    let (one, other) = (
        schedule(vector, lower, higher),
        schedule(vector, higher, lower),
    );
    assert_eq!(one, other);
    one
}

fn schedule(vector: &Value, ours: Side, peer: Side) -> Value {
    let config = ChannelConfig {
        line: LineId(array(&vector["line"])),
        charter: Digest(array(&vector["charter"])),
        ours,
        peer,
        boot: BootId([0; 16]),
        rotate_every_ms: 0,
    };
    let is_lower = ours < peer;
    let carried = |at: usize| Tape::carried(&unhex(&vector["carried"][at])).expect("long enough");
    let (sending, receiving) = (usize::from(!is_lower), usize::from(is_lower));
    let tapes = Tapes::new(carried(sending), carried(receiving)).expect("a pair");
    let tapes = tapes.turned_to(vector["generation"].as_u64().expect("a generation"));
    let binding = Binding::new(&config);
    let ordered = |sending: &[u8], receiving: &[u8]| match is_lower {
        true => [hex(sending), hex(receiving)],
        false => [hex(receiving), hex(sending)],
    };
    let base = |purpose| schedule::tape_base(&config, &binding, &tapes, purpose);
    let (traffic, request) = (base(Purpose::Traffic), base(Purpose::Request));
    let courier = base(Purpose::Courier);
    let doors = [&courier.sending, &courier.receiving].map(schedule::door_key);
    let ids =
        [&traffic.sending, &traffic.receiving].map(|base| schedule::introduction_id(base).number());
    let psks = schedule::psks(&config, &binding, &tapes);
    json!({
        "binding": hex(binding.as_bytes()),
        "tapes": ordered(tapes.sending().as_bytes(), tapes.receiving().as_bytes()),
        "traffic": ordered(traffic.sending.as_bytes(), traffic.receiving.as_bytes()),
        "request": ordered(request.sending.as_bytes(), request.receiving.as_bytes()),
        "courier": ordered(courier.sending.as_bytes(), courier.receiving.as_bytes()),
        "doors": ordered(&doors[0], &doors[1]),
        "psks": psks.iter()
            .map(|psk| json!({ "id": hex(&psk.id), "secret": hex(&psk.secret) }))
            .collect::<Vec<_>>(),
        "introduction_ids": if is_lower { ids } else { [ids[1], ids[0]] },
    })
}

/// Both ends show the same digits.
fn verifying_code(vector: &Value) -> Value {
    let sides = [side(&vector["lower"]), side(&vector["higher"])];
    let bases =
        [0, 1].map(|at| Secret::from_slice(&unhex(&vector["bases"][at])).expect("32 bytes"));
    let number = |field: &str| vector[field].as_u64().expect("a number");
    let boot = |field: &str| Author {
        party: PartyId(array(&vector[field]["party"])),
        node: NodeId(array(&vector[field]["node"])),
        boot: BootId(array(&vector[field]["boot"])),
    };
    let of = CodeOf {
        generation: number("generation"),
        epoch: number("epoch"),
        outcome: EntryId(array(&vector["outcome"])),
        caller: boot("caller"),
        called: boot("called"),
        caller_nonce: array(&vector["caller_nonce"]),
        called_nonce: array(&vector["called_nonce"]),
    };
    let at = |own: usize| {
        let config = ChannelConfig {
            line: LineId(array(&vector["line"])),
            charter: Digest(array(&vector["charter"])),
            ours: sides[own],
            peer: sides[1 - own],
            boot: BootId([0; 16]),
            rotate_every_ms: 0,
        };
        let base = schedule::BasePair {
            sending: bases[own].clone(),
            receiving: bases[1 - own].clone(),
        };
        schedule::verifying_code(&config, &Binding::new(&config), &base, &of).to_string()
    };
    assert_eq!(at(0), at(1));
    json!({ "code": at(0) })
}

fn salt(vector: &Value) -> Value {
    let author = Author {
        party: PartyId([0; 32]),
        node: NodeId([0; 32]),
        boot: BootId(array(&vector["boot"])),
    };
    let number = |field: &str| vector[field].as_u64().expect("a number");
    let stream = Stream::from_code(number("stream")).expect("a stream");
    let chain = Chain { author, stream };
    json!({ "salt": hex(&schedule::salt(&base(vector), &chain, number("sequence"))) })
}

fn origin(vector: &Value) -> Origin {
    Origin {
        nonce: array(&vector["nonce"]),
        boot: BootId(array(&vector["boot"])),
    }
}

fn base(vector: &Value) -> Secret {
    Secret::from_slice(&unhex(&vector["base"])).expect("32 bytes")
}

fn session(vector: &Value) -> Value {
    let base = base(vector);
    let session = schedule::session(&base, &origin(vector));
    let key = |id: KeyId, key: &Secret| json!({ "id": id.number(), "key": hex(key.as_bytes()) });
    json!({
        "introduction": key(schedule::introduction_id(&base), &session.introductions),
        "frame": key(session.id, &session.frames),
    })
}

/// Seals as often as the counter says; the last frame is meant.
fn seal(vector: &Value) -> Value {
    let (base, origin) = (base(vector), origin(vector));
    let session = schedule::session(&base, &origin);
    let is_introduction = vector["form"] == "introduction";
    let (id, key) = match is_introduction {
        true => (schedule::introduction_id(&base), &session.introductions),
        false => (session.id, &session.frames),
    };
    let padding = match vector["padding"].as_str() {
        Some("classes") => Padding::Classes,
        _ => Padding::None,
    };
    let mut key = SealingKey::new(id, key).expect("the library works");
    let origin = is_introduction.then_some(&origin);
    let text = unhex(&vector["text"]);
    let counter = vector["counter"].as_u64().expect("a counter");
    let mut frame = Vec::new();
    for at in 0..=counter {
        let (sealed, with) = key.seal(&text, padding, origin).expect("the library works");
        assert_eq!(with.counter, at);
        frame = sealed;
    }
    json!({ "frame": hex(&frame) })
}

/// One frame after the other; the last one, or the first that is refused, is meant.
fn open(vector: &Value) -> Result<Value, ChannelError> {
    let mut receiver = Receiver::default();
    receiver.listen(Slot::FIRST, &base(vector));
    let mut last = Value::Null;
    for frame in vector["frames"].as_array().expect("frames") {
        let received = receiver.open(&unhex(frame))?;
        last = json!({
            "text": hex(&received.text),
            "boot": hex(received.boot.as_bytes()),
            "counter": received.counter,
        });
    }
    Ok(last)
}

fn key_message(bytes: &[u8]) -> Result<Value, &'static str> {
    let message = KeyMessage::from_bytes(bytes).map_err(|_| "misbehaviour")?;
    assert_eq!(message.bytes, bytes);
    let kind = match message.kind {
        KeyMessageKind::Welcome => "welcome",
        KeyMessageKind::Commit => "commit",
        KeyMessageKind::KeyPackage => "key-package",
        KeyMessageKind::Request => "request",
        KeyMessageKind::Accepted => "accepted",
        KeyMessageKind::Outnumbered => "outnumbered",
    };
    Ok(json!({ "kind": kind }))
}

#[test]
fn every_valid_vector_gives_the_same_keys_and_bytes_here() {
    let vectors = vectors("valid");
    assert!(vectors.len() >= 34, "vectors are missing");
    for (name, vector) in vectors {
        assert_eq!(take(&vector).as_ref(), Ok(&vector["gives"]), "{name}");
    }
}

#[test]
fn every_invalid_vector_is_refused_for_what_is_wrong_with_it() {
    let vectors = vectors("invalid");
    assert!(vectors.len() >= 33, "vectors are missing");
    for (name, vector) in vectors {
        let refused = take(&vector).err();
        assert_eq!(refused, vector["refused_for"].as_str(), "{name}");
    }
}
