//! A peer that signs a message and keeps its text back, to show it to others later: what a person can't read, nobody here
//! signs as shown or read. And receipts that prove nothing.

use std::path::Path;
use std::sync::Arc;

use openline::api::types::NewReceipt;
use openline::client::{Client, ClientError};
use openline::home::Home;
use openline_proto::contract::{Change, StoredEntry};
use openline_record::tree::Edge;
use openline_store::{StorageKey, Store};
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Attestation, Kind, Mark, Precedence, Stage, Stream};
use openline_wire::entry::{Body, SignedEntry, to_be_signed};
use openline_wire::fact::{Fact, Receipt};
use openline_wire::header::{Actor, Chain, Head, Header};
use openline_wire::ids::{Author, BootId, EntryId, LineId, NodeId, PartyId};
use serde_json::Value;

use crate::following::Terminal;
use crate::program::{Sides, message, ok, run, run_with_input, traffic, until};

/// Signs with Washington's key what its program never would, in a chain that its boot has not begun.
struct Forger {
    home: Home,
    after: Value,
    edge: Edge,
    last: Option<EntryId>,
    changes: Vec<Change>,
}

/// What a message has in place of a text.
enum Instead {
    Nothing,
    NoBody,
    Garbage,
}

impl Forger {
    /// `after` is the last entry of its boot's urgent chain.
    fn new(home: &Path, after: Value) -> Self {
        Self {
            home: Home::open(home).expect("its home"),
            after,
            edge: Edge::default(),
            last: None,
            changes: Vec::new(),
        }
    }

    fn said(&self, field: &str) -> &str {
        let author = &self.after["author"];
        let value = if author[field].is_null() {
            &self.after[field]
        } else {
            &author[field]
        };
        value.as_str().expect("an id")
    }

    fn chain(&self, stream: Stream) -> Chain {
        let author = Author {
            party: PartyId::from_hex(self.said("party")).expect("an id"),
            node: NodeId::from_hex(self.said("node")).expect("an id"),
            boot: BootId::from_hex(self.said("boot")).expect("an id"),
        };
        Chain { author, stream }
    }

    fn message(&mut self, instead: &Instead) -> String {
        let body = Body {
            salt: [7; 16],
            content: vec![0xFF],
        };
        let commitment = match instead {
            Instead::Nothing => None,
            Instead::NoBody | Instead::Garbage => Some(body.commitment()),
        };
        let body = matches!(instead, Instead::Garbage).then_some(body);
        let header = self.header(Kind::Message, "Hugo", Fact::None);
        self.sign(
            Header {
                commitment,
                ..header
            },
            body,
        )
    }

    fn receipt(&mut self, name: &str, target: &str) -> String {
        let targets = vec![EntryId::from_hex(target).expect("an id")];
        let stage = Stage::Read;
        let header = self.header(
            Kind::Receipt,
            name,
            Fact::Receipt(Receipt { stage, targets }),
        );
        self.sign(header, None)
    }

    fn header(&self, kind: Kind, name: &str, fact: Fact) -> Header {
        let urgent = Head {
            chain: self.chain(Stream::Urgent),
            size: self.after["sequence"].as_u64().expect("a place") + 1,
            last: EntryId::from_hex(self.said("id")).expect("an id"),
        };
        Header {
            line: LineId::from_hex(self.said("line")).expect("an id"),
            author: urgent.chain.author,
            stream: Stream::Traffic,
            sequence: self.edge.size(),
            previous: self.last,
            heads: self.last.map_or_else(|| vec![urgent], |_| Vec::new()),
            time: self.after["time_ms"].as_u64().expect("a time"),
            kind,
            mark: Mark::Real,
            precedence: Precedence::Routine,
            reply_to: None,
            actor: Actor {
                name: name.to_owned(),
                attestation: match name {
                    "" => Attestation::Station,
                    _ => Attestation::Passkey,
                },
                evidence: String::new(),
            },
            fact: fact.to_bytes(),
            commitment: None,
        }
    }

    fn sign(&mut self, header: Header, body: Option<Body>) -> String {
        let signer = self.home.node().expect("its key");
        let bytes = header.to_bytes();
        let signature = signer.sign_entry(&to_be_signed(&bytes));
        let entry = SignedEntry::new(bytes, signature, body).expect("an entry");
        let entry = entry.verify(signer.public()).expect("its signature");
        let id = entry.id();
        self.edge.append(id);
        self.last = Some(id);
        self.changes.push(Change::Entry(StoredEntry {
            line: header.line,
            entry: Arc::new(entry),
            received: header.time,
            cursor: 1_000 + self.edge.size(),
        }));
        self.changes.push(Change::Progress {
            line: header.line,
            chain: header.chain(),
            size: self.edge.size(),
            last: id,
            edge: self.edge.to_bytes(),
        });
        id.to_string()
    }

    /// As if the other station had received it all.
    fn received_by(&self, home: &Path) {
        let key = Home::open(home).expect("a home").storage_key();
        let key = StorageKey::new(key.expect("a key"));
        let mut store = Store::open(home, &key).expect("a store");
        store.persist(&self.changes, &[]).expect("room");
    }
}

fn say(home: &Path, text: &str) {
    let wait = ["say", "--flash", "--wait", "stored", "--as", "Lt. Orlova"];
    ok(run_with_input(home, &wait, text));
}

/// Both have said something, and both stations have ended.
fn after_a_talk() -> (Sides, Forger, Value) {
    let sides = Sides::opened();
    let stations = sides.connected();
    say(&sides.moscow, "We ask.");
    say(&sides.washington, "We answer.");
    let (asked, answered) = (
        message(&sides.moscow, "We ask.").expect("it"),
        message(&sides.moscow, "We answer.").expect("it"),
    );
    stations.into_iter().for_each(crate::program::Station::kill);
    let forger = Forger::new(&sides.washington, answered);
    (sides, forger, asked)
}

fn refused(home: &Path, stage: &str, id: &str, language: &str) -> openline::api::types::Problem {
    let receipt = NewReceipt {
        stage: stage.to_owned(),
        entries: vec![id.to_owned()],
        actor: None,
    };
    let client = Client::new(home).as_actor("Orlova").in_language(language);
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().expect("a runtime");
    match runtime.block_on(client.receipt("-", &receipt)) {
        Err(ClientError::Refused(problem)) => problem,
        other => panic!("{stage} {id}: {other:?}"),
    }
}

#[test]
fn nobody_signs_a_message_that_came_without_its_text_as_shown_or_read() {
    let (sides, mut forger, _) = after_a_talk();
    let withheld = [&Instead::NoBody, &Instead::Nothing].map(|it| forger.message(it));
    let garbage = forger.message(&Instead::Garbage);
    forger.received_by(&sides.moscow);
    let _station = sides.start_moscow();
    let home = &sides.moscow;
    until("the station answers", || run(home, &["status"]).code != 3);

    let told = ok(run(home, &["--lang", "en", "traffic"])).out;
    assert_eq!(told.matches("TEXT WITHHELD").count(), 2, "{told}");
    assert_eq!(told.matches("TEXT NOT READABLE").count(), 1, "{told}");
    assert!(
        told.contains("3 of these messages came without a text"),
        "{told}"
    );
    let told = ok(run(home, &["--lang", "ru", "show", &garbage])).out;
    assert!(told.contains("ТЕКСТ НЕ ЧИТАЕТСЯ"), "{told}");
    for id in withheld.iter().chain([&garbage]) {
        let entry = ok(run(home, &["--json", "show", id])).object();
        let state = if *id == garbage {
            "unreadable"
        } else {
            "withheld"
        };
        assert_eq!(
            (&entry["text"], &entry["text_state"]),
            (&Value::Null, &state.into())
        );
        let signing = ["--json", "sign-read", id, "--as", "Lt. Orlova", "--yes"];
        let ran = run(home, &signing);
        assert_eq!((ran.code, ran.error().as_str()), (5, "no-text-to-sign"));
        for stage in ["shown", "read"] {
            let [english, russian] = ["en", "ru"].map(|it| refused(home, stage, id, it));
            assert_eq!(english.error, "no-text-to-sign");
            assert_ne!(english.what, russian.what);
        }
    }

    // At a terminal the text of the FLASH counts as shown, what has none does not.
    let mut terminal = Terminal::open(&sides, home, "follow");
    terminal.until_shows("Your name");
    terminal.press("Lt. Orlova\n");
    terminal.until_shows("TEXT NOT READABLE");
    let not_shown = || run(home, &["--json", "status"]).object()["lines"][0]["not_shown"].clone();
    until("the FLASH is signed", || not_shown()["flash"] == 0);
    assert_eq!(
        (&not_shown()["routine"], &not_shown()["without_text"]),
        (&3.into(), &3.into())
    );
    for id in withheld.iter().chain([&garbage]) {
        let entry = ok(run(home, &["--json", "show", id])).object();
        assert_eq!(entry["stages"], Value::Array(Vec::new()), "{entry}");
    }
}

#[test]
fn a_receipt_that_names_nobody_or_its_authors_own_message_is_no_stage() {
    let (sides, mut forger, asked) = after_a_talk();
    let own = forger.after["id"].as_str().expect("an id").to_owned();
    let asked = asked["id"].as_str().expect("an id").to_owned();
    let void = [forger.receipt("Hugo", &own), forger.receipt("", &asked)];
    forger.received_by(&sides.moscow);
    let home = &sides.moscow;
    for id in [&own, &asked] {
        let entry = ok(run(home, &["--json", "show", id])).object();
        let stages = entry["stages"].as_array().expect("stages");
        assert!(stages.iter().all(|it| it["stage"] != "read"), "{entry}");
    }
    for id in &void {
        let entry = ok(run(home, &["--json", "show", id])).object();
        assert_eq!(entry["fact"]["void"], true, "{entry}");
        let told = ok(run(home, &["--lang", "en", "show", id])).out;
        assert!(
            told.contains("proves nothing") && !told.contains("read by"),
            "{told}"
        );
    }
    let told = ok(run(home, &["--lang", "en", "show", &void[0]])).out;
    let words: Vec<_> = told.split_whitespace().collect();
    let told = words.join(" ");
    assert!(told.contains("nobody can check that here"), "{told}");
    assert!(traffic(home).iter().any(|it| it["kind"] == "receipt"));
}
