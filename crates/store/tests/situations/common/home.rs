//! A home to be edited by hand or damaged, and what the next start says of it.

use std::path::Path;

use openline_proto::contract::{Change, Misbehaviour};
use openline_store::{Checked, Depth, Nodes, StoreError};
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Stage, Stream};
use openline_wire::header::{self, Header};
use openline_wire::ids::EntryId;
use rusqlite::Connection;

use super::{Boot, LINE, entry_of, nodes, open};

/// A home with a receipt in the middle: ours says `before` messages, theirs shows the first, ours says some more.
pub struct Home {
    pub directory: tempfile::TempDir,
    pub nodes: Nodes,
    pub receipt: EntryId,
    pub theirs: Boot,
}

pub fn home(before: u64, after: u64) -> Home {
    let directory = tempfile::tempdir().unwrap();
    let (mut ours, mut theirs) = (Boot::new(1, 1), Boot::new(2, 1).after(before));
    let mut store = open(directory.path());
    let said: Vec<_> = (0..before).map(|n| ours.say(&format!("{n}"))).collect();
    store.persist(&said.concat(), &[]).unwrap();
    let shown = theirs.receipt(Stage::Shown, vec![entry_of(&said[0]).id()]);
    let confirmed = Change::Confirmed {
        line: LINE,
        by: theirs.author,
        chain: ours.chain(Stream::Traffic),
        size: before,
        at: 1,
        their_time: 2,
    };
    let evidence = Change::Evidence {
        line: LINE,
        by: theirs.author,
        what: Misbehaviour::FalseHeads,
        proof: Vec::new(),
        at: 3,
    };
    store.persist(&shown, &[confirmed, evidence]).unwrap();
    let mut ours = ours.after(theirs.cursor());
    let nodes = nodes(&[&ours, &theirs]);
    for n in 0..after {
        store.persist(&ours.say(&format!("{n}")), &[]).unwrap();
    }
    Home {
        directory,
        nodes,
        receipt: entry_of(&shown).id(),
        theirs,
    }
}

impl Home {
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn raw(&self) -> Connection {
        Connection::open(self.path().join("record.db")).unwrap()
    }

    /// Edits the receipt's header by hand.
    pub fn edit_receipt(&self, edit: impl FnOnce(&mut Header)) -> Vec<u8> {
        let raw = self.raw();
        let query = "SELECT header FROM entries WHERE id = ?1";
        let bytes: Vec<u8> = raw
            .query_row(query, [&self.receipt.0], |row| row.get(0))
            .unwrap();
        let mut header = header::parse(&bytes).unwrap();
        edit(&mut header);
        let bytes = header.to_bytes();
        let update = "UPDATE entries SET header = ?1 WHERE id = ?2";
        assert_eq!(raw.execute(update, (&bytes, &self.receipt.0)).unwrap(), 1);
        bytes
    }

    pub fn sql(&self, sql: &str) {
        assert!(
            self.raw().execute(sql, []).unwrap() > 0,
            "{sql}: nothing was edited"
        );
    }

    pub fn check(&self, depth: Depth) -> Result<Checked, StoreError> {
        open(self.path()).check(&LINE, &self.nodes, depth)
    }

    /// The field that the next start names, in the entry of this boot at this place.
    pub fn named_at(&self, author: &Boot, place: u64) -> &'static str {
        match self.check(Depth::Start) {
            Err(StoreError::HandEdited {
                party,
                node,
                boot,
                stream,
                sequence,
                field,
            }) => {
                let named = (party, node, boot, stream, sequence);
                let Boot { author, .. } = author;
                let expected = (
                    author.party,
                    author.node,
                    author.boot,
                    Stream::Traffic,
                    place,
                );
                assert_eq!(named, expected);
                field
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn named_in_receipt(&self) -> &'static str {
        self.named_at(&self.theirs, 0)
    }
}
