//! The code against the files in `vectors/`, which it never writes.
//!
//! What each invalid entry shows, its file says; together: OL-301 OL-302 OL-303 OL-305 OL-306 OL-307
//! OL-308 OL-310 OL-312 OL-313 OL-314 OL-322 OL-324 OL-326 OL-501 OL-502 OL-503 OL-504
//! OL-601 OL-602 OL-603 OL-604 OL-605 OL-606 OL-607 OL-608 OL-609 OL-610 OL-701 OL-702
//! OL-703 OL-704 OL-705 OL-706 OL-707 OL-721 OL-731 OL-732 OL-741 OL-742 OL-743 OL-744 OL-745; what is found in a record, likewise:
//! OL-505 OL-610 OL-708 OL-709 OL-745.

use crate::support;

use std::path::{Path, PathBuf};

use coset::iana::{Algorithm, EnumI64 as _};
use coset::{CborSerializable as _, CoseSign1, RegisteredLabelWithPrivate};
use ed25519_dalek::VerifyingKey;
use openline_record::export::{Head, RecordCheck, StoredEntry};
use openline_record::verify::Nodes;
use openline_wire::cbor::Canonical as _;
use openline_wire::entry::{Body, Entry, EntryError, SignedEntry, id_of};
use openline_wire::fact::Fact;
use openline_wire::header;
use openline_wire::ids::{NodeId, PartyId};
use openline_wire::key::NodeKey;
use openline_wire::text::Text;
use serde_json::Value;
use support::report_json;

/// The JSON files of a folder of `vectors/`, by name.
fn vectors(folder: &str) -> Vec<(String, PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../vectors")
        .join(folder);
    let files = std::fs::read_dir(&folder).expect("a folder of vectors");
    let paths = files.map(|file| file.expect("a file").path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a vector");
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        (name, path, serde_json::from_str(&text).expect("JSON"))
    };
    paths.into_iter().map(read).collect()
}

fn unhex(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("hexadecimal");
    let pair = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(pair).collect()
}

fn key(value: &Value) -> [u8; 32] {
    unhex(value).try_into().expect("a key of 32 bytes")
}

/// Takes an entry in as a station would, and says at which door it was refused.
fn accept(stored: &[u8], key: &[u8; 32]) -> Result<Entry, &'static str> {
    let form = StoredEntry::from_bytes(stored).map_err(|_| "stored form")?;
    header::parse(form.header).map_err(|_| "header")?;
    let body = form.body.map(|(salt, content)| Body {
        salt: *salt,
        content: content.to_vec(),
    });
    let signed = SignedEntry::new(form.header.to_vec(), form.signature, body);
    let signed = signed.map_err(|error| match error {
        EntryError::Body => "body",
        _ => "header",
    })?;
    let key = NodeKey::from_bytes(key).ok_or("key")?;
    signed.verify(&key).map_err(|error| match error {
        EntryError::WrongNode => "node",
        _ => "signature",
    })
}

/// OL-303 OL-320 OL-326
#[test]
fn every_valid_entry_is_accepted_and_read_as_its_file_says() {
    let vectors = vectors("entry/valid");
    assert!(vectors.len() >= 36, "vectors are missing");
    for (name, _, vector) in vectors {
        let entry = accept(&unhex(&vector["stored"]), &key(&vector["node_key"]));
        let entry = entry.unwrap_or_else(|door| panic!("{name}: refused for its {door}"));
        assert_eq!(entry.id().to_string(), vector["id"], "{name}");
        assert_eq!(entry.header_bytes(), unhex(&vector["header"]), "{name}");
        assert_eq!(
            entry.as_signed().to_bytes(),
            unhex(&vector["stored"]),
            "{name}"
        );
        check_fields(&name, &entry, &vector["fields"]);
        let text = entry
            .body()
            .and_then(|body| Text::from_bytes(&body.content).ok());
        let expected = vector["text"]["text"].as_str();
        assert_eq!(
            text.as_ref().map(|text| text.text.as_str()),
            expected,
            "{name}"
        );
    }
}

fn check_fields(name: &str, entry: &Entry, fields: &Value) {
    let header = entry.header();
    assert_eq!(header.author.party.to_string(), fields["party"], "{name}");
    assert_eq!(header.author.boot.to_string(), fields["boot"], "{name}");
    assert_eq!(header.stream.word(), fields["stream"], "{name}");
    assert_eq!(header.sequence, fields["sequence"], "{name}");
    assert_eq!(header.time, fields["time"], "{name}");
    assert_eq!(header.kind.code(), fields["kind"], "{name}");
    assert_eq!(header.mark.word(), fields["mark"], "{name}");
    assert_eq!(header.precedence.word(), fields["precedence"], "{name}");
    assert_eq!(header.actor.name, fields["actor"]["name"], "{name}");
    let heads: Vec<u64> = header.heads.iter().map(|head| head.size).collect();
    let expected = fields["heads"].as_array().expect("heads");
    assert_eq!(
        heads,
        expected
            .iter()
            .map(|h| h["size"].as_u64().expect("a size"))
            .collect::<Vec<_>>()
    );
}

/// OL-315
#[test]
fn number_compared_names_both_cards_and_the_charter() {
    let vectors = vectors("entry/valid");
    let (_, _, vector) = vectors
        .iter()
        .find(|v| v.0 == "number-compared")
        .expect("the vector");
    let entry = accept(&unhex(&vector["stored"]), &key(&vector["node_key"])).expect("valid");
    let Fact::NumberCompared(fact) = entry.fact() else {
        panic!("another fact");
    };
    let expected = &vector["fields"]["fact"];
    assert_eq!(fact.own_card.to_string(), expected["own_card"]);
    assert_eq!(fact.other_card.to_string(), expected["other_card"]);
    assert_eq!(fact.charter.to_string(), expected["charter"]);
}

/// OL-321 OL-327: somebody else's COSE reads our entries and finds the bytes that were signed.
#[test]
fn other_peoples_cose_verifies_our_entries() {
    for (name, _, vector) in vectors("entry/valid") {
        let cose = CoseSign1::from_slice(&unhex(&vector["cose"])).expect("a COSE_Sign1");
        let algorithm = Some(RegisteredLabelWithPrivate::Assigned(Algorithm::EdDSA));
        assert_eq!(
            cose.protected.header.alg,
            algorithm,
            "{name}: {}",
            Algorithm::EdDSA.to_i64()
        );
        assert_eq!(cose.payload, Some(unhex(&vector["header"])), "{name}");
        let key = VerifyingKey::from_bytes(&key(&vector["node_key"])).expect("a key");
        let verified = cose.verify_signature(b"", |signature, message| {
            let signature = ed25519_dalek::Signature::from_slice(signature)?;
            key.verify_strict(message, &signature)
        });
        assert!(verified.is_ok(), "{name}");
    }
}

/// Each defect is refused at the door that its file names, and is refused for itself alone.
#[test]
fn every_invalid_entry_is_refused_for_its_defect() {
    let vectors = vectors("entry/invalid");
    assert!(vectors.len() >= 119, "vectors are missing");
    for (name, _, vector) in vectors {
        let stored = unhex(&vector["stored"]);
        let refused = accept(&stored, &key(&vector["node_key"])).map(|entry| entry.id());
        let door = vector["refused_for"].as_str().expect("a door");
        assert_eq!(refused, Err(door), "{name}");
        if let ("header", Ok(form)) = (door, StoredEntry::from_bytes(&stored)) {
            let key = NodeKey::from_bytes(&key(&vector["node_key"])).expect("a good key");
            let message = openline_wire::entry::to_be_signed(form.header);
            assert!(
                key.verify(&message, &form.signature),
                "{name}: a second defect"
            );
        }
    }
}

/// The nodes that a record's vector trusts.
fn nodes(vector: &Value) -> Nodes {
    let nodes = vector["nodes"].as_array().expect("nodes");
    let node = |node: &Value| {
        let key = NodeKey::from_bytes(&key(&node["key"])).expect("a key");
        let party = PartyId::from_hex(node["party"].as_str().expect("a party")).expect("a party");
        let id = NodeId::from_hex(node["node"].as_str().expect("a node"));
        assert_eq!(id, Some(key.id()));
        (key.id(), (party, key))
    };
    nodes.iter().map(node).collect()
}

/// OL-340 OL-345 OL-347 OL-360 OL-366: what is in the report, and what is found.
#[test]
fn every_record_is_reported_as_its_file_says() {
    let vectors = vectors("record");
    assert!(vectors.len() >= 50, "vectors are missing");
    for (name, path, vector) in vectors {
        let file = std::fs::read(path.with_extension("olr")).expect("a record");
        for piece in [file.len(), 13] {
            let mut check = RecordCheck::new(|_: &Head| Ok(nodes(&vector)));
            for bytes in file.chunks(piece) {
                check
                    .push(bytes)
                    .unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            let (_, report) = check
                .finish()
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(report_json::report(&report), vector["report"], "{name}");
        }
    }
}

/// OL-320
#[test]
fn an_id_is_the_leaf_hash_of_the_header_alone() {
    let vectors = vectors("entry/valid");
    let of = |name: &str| {
        let found = vectors.iter().find(|vector| vector.0 == name);
        found.map(|(_, _, vector)| (unhex(&vector["header"]), vector["id"].clone()))
    };
    let (whole, withheld) = (
        of("flash").expect("a vector"),
        of("withheld-body").expect("a vector"),
    );
    assert_eq!(whole, withheld);
    assert_eq!(id_of(&whole.0).to_string(), whole.1);
}
