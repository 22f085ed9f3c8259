//! The code against the files in `vectors/identity`, which it never writes. An independent program made them
//! (`interop/make_vectors`), and another part of it checks them (`interop/check_vectors.py`).
//!
//! What each invalid file shows, its name says; together: OL-202 OL-203 OL-204 OL-205 OL-206 OL-211 OL-220 OL-221
//! OL-231 OL-232 OL-233 OL-234 OL-235.

use std::path::{Path, PathBuf};

use openline_wire::card::{Card, UnverifiedCard};
use openline_wire::cbor::Canonical as _;
use openline_wire::charter::Charter;
use openline_wire::ids::{NodeId, PartyId};
use openline_wire::opening::{
    Answer, LineBody, LineFile, Offer, UnverifiedAnswer, UnverifiedOffer,
};
use openline_wire::safety::SafetyNumber;
use serde_json::{Value, json};

/// A vector: its name, where it lies, what it says.
struct Vector {
    name: String,
    folder: PathBuf,
    value: Value,
}

fn vectors(folder: &str) -> Vec<Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../vectors/identity")
        .join(folder);
    let files = std::fs::read_dir(&folder).expect("a folder of vectors");
    let paths = files.map(|file| file.expect("a file").path());
    let is_vector = |path: &PathBuf| path.extension().is_some_and(|e| e == "json");
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a vector");
        Vector {
            name: path.display().to_string(),
            folder: folder.clone(),
            value: serde_json::from_str(&text).expect("JSON"),
        }
    };
    paths.filter(is_vector).map(read).collect()
}

impl Vector {
    fn text(&self, field: &str) -> &str {
        self.value[field].as_str().expect("a text")
    }

    fn bytes(&self, field: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(self.text(field))).expect("the file of a vector")
    }

    fn at(&self) -> u64 {
        self.value["at"].as_u64().expect("a time")
    }

    /// What a station makes of it: what it reads, or the name of the refusal.
    fn take(&self) -> Result<Value, &'static str> {
        match self.text("object") {
            "card" => self.card(),
            "charter" => self.charter(),
            "offer" => offer(
                &self.bytes("file"),
                self.at(),
                &card(&self.bytes("own_card"))?,
            )
            .map(|offer| said(&offer)),
            "answer" => self.answer(),
            "safety-number" => self.safety_number(),
            other => panic!("{}: what is a {other}?", self.name),
        }
    }

    fn card(&self) -> Result<Value, &'static str> {
        let card = card(&self.bytes("file"))?;
        assert_eq!(card.bytes(), self.bytes("file"), "{}", self.name);
        if let Some(node) = self.value["node"].as_str() {
            let node = NodeId::from_hex(node).expect("a node");
            card.node_at(node, self.at())
                .map_err(|error| error.code())?;
        }
        Ok(json!({ "card": fields(&card) }))
    }

    fn charter(&self) -> Result<Value, &'static str> {
        let bytes = self.bytes("file");
        let charter = Charter::from_bytes(&bytes).map_err(|_| "charter-damaged")?;
        charter.check().map_err(|error| error.code())?;
        assert_eq!(charter.to_bytes(), bytes, "{}", self.name);
        Ok(json!({ "digest": charter.digest().to_string() }))
    }

    fn answer(&self) -> Result<Value, &'static str> {
        let ours = UnverifiedOffer::from_bytes(&self.bytes("offer"))
            .and_then(|offer| offer.verify(self.at()))
            .expect("our own offer");
        let answer: Answer = UnverifiedAnswer::from_bytes(&self.bytes("file"))
            .and_then(|answer| answer.verify(self.at()))
            .map_err(|error| error.code())?;
        answer.check_answers(&ours).map_err(|error| error.code())?;
        Ok(said(&answer))
    }

    fn safety_number(&self) -> Result<Value, &'static str> {
        let typed = self.value["typed"].as_array().expect("what was typed");
        let mut read = Vec::new();
        for text in typed {
            let text = text.as_str().expect("a text");
            read.push(text.parse::<SafetyNumber>().map_err(|error| error.code())?);
        }
        let party = |at: usize| {
            let id = self.value["parties"][at].as_str().expect("a party");
            PartyId::from_hex(id).expect("a party")
        };
        for (one, other) in [(party(0), party(1)), (party(1), party(0))] {
            let number = SafetyNumber::of(one, other);
            assert!(read.iter().all(|read| *read == number), "{}", self.name);
        }
        Ok(json!({ "number": read[0].to_string() }))
    }
}

fn card(bytes: &[u8]) -> Result<Card, &'static str> {
    let card = UnverifiedCard::from_bytes(bytes).and_then(UnverifiedCard::verify);
    card.map_err(|error| error.code())
}

fn offer(bytes: &[u8], at: u64, own: &Card) -> Result<Offer, &'static str> {
    let offer = UnverifiedOffer::from_bytes(bytes).and_then(|offer| offer.verify(at));
    let offer = offer.map_err(|error| error.code())?;
    assert_eq!(*offer.to_file(), bytes);
    offer.check_addressee(own).map_err(|error| error.code())?;
    Ok(offer)
}

fn fields(card: &Card) -> Value {
    let body = card.body();
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let texts = |pair: (&_, &str)| json!([language(pair.0), pair.1]);
    let node = |node: &openline_wire::card::NodeCertificate| {
        json!({
            "node": node.key.id().to_string(),
            "leaf_key": hex(&node.leaf_key),
            "expires": node.expires,
        })
    };
    json!({
        "party": card.party().to_string(),
        "digest": card.digest().to_string(),
        "serial": body.serial,
        "issued": body.issued,
        "names": card.names().iter().map(texts).collect::<Vec<_>>(),
        "languages": body.languages.iter().map(language).collect::<Vec<_>>(),
        "nodes": body.nodes.iter().map(node).collect::<Vec<_>>(),
        "revocations": body.revocations.iter()
            .map(|r| json!({ "node": r.node.to_string(), "time": r.time }))
            .collect::<Vec<_>>(),
        "addresses": body.addresses.iter().map(|a| a.as_str()).collect::<Vec<_>>(),
    })
}

fn language(language: &openline_wire::language::Language) -> &str {
    language.as_str()
}

fn said<B: LineBody>(file: &LineFile<B>) -> Value {
    let from = file.signatory();
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    json!({
        "line": from.founding.line().to_string(),
        "id": file.id().to_string(),
        "from": from.card.party().to_string(),
        "to": from.to.to_string(),
        "node": from.node.key.id().to_string(),
        "tape": file.tape().map(|tape| hex(&tape.to_secret())),
        "reachable_at": from.reachable_at.iter().map(|a| a.as_str()).collect::<Vec<_>>(),
        "time": from.time,
        "safety_number": SafetyNumber::of(from.card.party(), from.to).to_string(),
    })
}

/// OL-201 OL-202 OL-210 OL-220 OL-230 OL-231
#[test]
fn every_valid_file_is_taken_and_says_what_its_vector_says() {
    let vectors = vectors("valid");
    assert!(vectors.len() >= 25, "vectors are missing");
    for vector in vectors {
        let read = vector.take();
        let read = read.unwrap_or_else(|why| panic!("{}: refused: {why}", vector.name));
        for (field, value) in read.as_object().expect("fields") {
            let expected = &vector.value[field];
            assert!(
                expected == value || expected.is_null() && field == "card",
                "{}: {field}\n{value}\n{expected}",
                vector.name
            );
        }
    }
}

#[test]
fn every_invalid_file_is_refused_for_what_is_wrong_with_it() {
    let vectors = vectors("invalid");
    assert!(vectors.len() >= 175, "vectors are missing");
    let mut wrong = Vec::new();
    for vector in vectors {
        let refused = vector.take().err();
        if refused != Some(vector.text("refused_for")) {
            wrong.push((vector.name, refused));
        }
    }
    assert!(wrong.is_empty(), "refused otherwise: {wrong:#?}");
}
