//! What is put into the store comes out of it: to the core, to people, to programs.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use std::os::unix::fs::PermissionsExt;

use common::{Boot, LINE, NOON, entry_of, key, nodes, open, stored};
use openline_proto::contract::{Change, Misbehaviour};
use openline_store::{Depth, Filter, Letter, Reader, ShortName, Store, StoreError};
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Kind, Stage, Stream};
use openline_wire::fact::Fact;
use openline_wire::ids::{EntryId, LineId};

fn names(entries: &[openline_store::NamedEntry]) -> Vec<String> {
    entries.iter().map(|entry| entry.name.to_string()).collect()
}

#[test]
fn a_line_comes_back_after_a_restart_as_it_was_left() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 1);
    let batches = [
        boot.start(),
        boot.say("one"),
        boot.note("two"),
        boot.say("three"),
    ];
    let mut store = open(home.path());
    for batch in &batches {
        store.persist(batch, &[]).unwrap();
    }
    let before = store.stored_line(&LINE).unwrap();
    drop(store);
    let store = open(home.path());
    let line = store.stored_line(&LINE).unwrap();
    assert_eq!(line.last_cursor, 4);
    assert_eq!(format!("{before:?}"), format!("{line:?}"));
    let sizes: Vec<_> = line.chains.iter().map(|chain| chain.size).collect();
    assert_eq!(sizes, [1, 2, 1]);
    assert_eq!(line.state_entries, [entry_of(&batches[0]).clone().into()]);
    let traffic = boot.chain(Stream::Traffic);
    let found = store.load(&LINE, &traffic, 0, 10).unwrap();
    assert_eq!(
        found,
        [
            entry_of(&batches[1]).clone().into(),
            entry_of(&batches[3]).clone().into()
        ]
    );
    assert_eq!(store.load(&LINE, &traffic, 1, 10).unwrap().len(), 1);
    assert_eq!(store.load(&LINE, &traffic, 0, 1).unwrap().len(), 1);
    assert_eq!(store.lines().unwrap(), [LINE]);
}

#[test]
fn entries_beyond_a_gap_are_held_and_told_apart_from_the_others() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 1);
    let said: Vec<_> = (0..6).map(|n| boot.say(&format!("{n}"))).collect();
    let mut store = open(home.path());
    store.persist(&said[0], &[]).unwrap();
    for n in [2, 3, 5] {
        store.persist(&said[n][..1], &[]).unwrap();
    }
    let line = store.stored_line(&LINE).unwrap();
    let chain = &line.chains[0];
    let link = |n: usize| {
        (
            n as u64,
            entry_of(&said[n]).id(),
            entry_of(&said[n - 1]).id(),
        )
    };
    assert_eq!(
        (chain.size, &chain.ahead[..]),
        (1, &[2, 3, 5].map(link)[..])
    );
    assert_eq!(
        store
            .check(&LINE, &nodes(&[&boot]), Depth::Full)
            .unwrap()
            .entries,
        4
    );
}

#[test]
fn a_batch_with_an_entry_where_one_stands_is_refused_whole() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 1);
    let (first, second) = (boot.say("one"), boot.say("two"));
    let mut store = open(home.path());
    store.persist(&first, &[]).unwrap();
    let both = [second.clone(), first].concat();
    assert!(matches!(
        store.persist(&both, &[]),
        Err(StoreError::Occupied { .. })
    ));
    assert_eq!(store.stored_line(&LINE).unwrap().last_cursor, 1);
    assert_eq!(store.persist(&second, &[]).unwrap()[0].to_string(), "M-2");
}

#[test]
fn short_names_count_what_they_name_and_survive_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let (mut ours, mut theirs) = (Boot::new(1, 1), Boot::new(2, 1).after(3));
    let mut store = open(home.path());
    let batch = [ours.start(), ours.say("one"), ours.note("n")].concat();
    let given: Vec<_> = store.persist(&batch, &[]).unwrap();
    assert_eq!(
        given.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["E-1", "M-1", "N-1"]
    );
    store.persist(&theirs.say("two"), &[]).unwrap();
    drop(store);
    let mut store = open(home.path());
    let mut ours = ours.after(theirs.cursor());
    assert_eq!(
        store.persist(&ours.say("three"), &[]).unwrap()[0].to_string(),
        "M-3"
    );
    let reader = store.reader().unwrap();
    let second: ShortName = "M-2".parse().unwrap();
    let found = reader.by_name(&LINE, second).unwrap().unwrap();
    assert_eq!(found.stored.entry.header().author, theirs.author);
    assert!(
        reader
            .by_name(&LINE, "M-4".parse().unwrap())
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_program_follows_the_line_from_its_cursor() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 1);
    let mut store = open(home.path());
    for n in 0..10 {
        store.persist(&boot.say(&format!("{n}")), &[]).unwrap();
    }
    let reader = store.reader().unwrap();
    let mut cursor = 0;
    let mut seen = Vec::new();
    loop {
        let part = reader.entries_after(&LINE, cursor, 4).unwrap();
        if part.entries.is_empty() {
            break;
        }
        cursor = part.cursor;
        seen.extend(names(&part.entries));
    }
    let all: Vec<_> = (1..=10).map(|n| format!("M-{n}")).collect();
    assert_eq!((seen, cursor), (all, 10));
    assert!(
        reader
            .entries_after(&LineId([9; 32]), 0, 4)
            .unwrap()
            .entries
            .is_empty()
    );
}

#[test]
fn a_reader_in_another_thread_sees_each_batch_whole() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 1);
    let mut store = open(home.path());
    let reader = store.reader().unwrap();
    let counting = std::thread::spawn(move || {
        loop {
            let entries = reader.counts(&LINE).unwrap().entries;
            assert_eq!(entries % 10, 0, "half a batch was seen");
            if entries == 200 {
                return;
            }
        }
    });
    for _ in 0..20 {
        let batch: Vec<_> = (0..10).flat_map(|n| boot.say(&format!("{n}"))).collect();
        store.persist(&batch, &[]).unwrap();
    }
    counting.join().unwrap();
}

#[test]
fn a_message_is_found_by_its_id_and_by_the_first_digits_of_it() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 1);
    let mut store = open(home.path());
    for n in 0..40 {
        store.persist(&boot.say(&format!("{n}")), &[]).unwrap();
    }
    let reader = store.reader().unwrap();
    let all = reader.entries_after(&LINE, 0, 100).unwrap().entries;
    for entry in &all {
        let id = entry.stored.entry.id();
        assert_eq!(reader.by_id(&id).unwrap().unwrap().name, entry.name);
        let found = reader.by_id_prefix(&LINE, &id.to_string()[..9], 2).unwrap();
        assert_eq!(names(&found), [entry.name.to_string()]);
    }
    let with_a = all
        .iter()
        .filter(|e| e.stored.entry.id().to_string().starts_with('a'));
    assert_eq!(
        reader.by_id_prefix(&LINE, "A", 100).unwrap().len(),
        with_a.count()
    );
    assert_eq!(reader.by_id_prefix(&LINE, "", 3).unwrap().len(), 3);
    for wrong in ["xyz", &"0".repeat(65)] {
        assert!(reader.by_id_prefix(&LINE, wrong, 2).unwrap().is_empty());
    }
    assert!(reader.by_id(&EntryId([0; 32])).unwrap().is_none());
}

#[test]
fn the_receipts_of_a_message_are_found_in_their_order() {
    let home = tempfile::tempdir().unwrap();
    let (mut ours, mut store) = (Boot::new(1, 1), open(home.path()));
    let (first, second) = (ours.say("one"), ours.say("two"));
    let (first_id, second_id) = (entry_of(&first).id(), entry_of(&second).id());
    store.persist(&[first, second].concat(), &[]).unwrap();
    let mut theirs = Boot::new(2, 1).after(2);
    store
        .persist(
            &theirs.receipt(Stage::Shown, vec![first_id, second_id]),
            &[],
        )
        .unwrap();
    store
        .persist(&theirs.receipt(Stage::Read, vec![first_id]), &[])
        .unwrap();
    let reader = store.reader().unwrap();
    let stages = |id| {
        let receipts = reader.receipts_for(id).unwrap();
        let stage = |e: &openline_store::NamedEntry| match e.stored.entry.fact() {
            Fact::Receipt(receipt) => receipt.stage,
            other => panic!("{other:?}"),
        };
        receipts.iter().map(stage).collect::<Vec<_>>()
    };
    assert_eq!(stages(&first_id), [Stage::Shown, Stage::Read]);
    assert_eq!(stages(&second_id), [Stage::Shown]);
}

#[test]
fn messages_are_chosen_by_party_and_time_and_letter() {
    let home = tempfile::tempdir().unwrap();
    let (mut ours, mut theirs) = (Boot::new(1, 1), Boot::new(2, 1).after(4));
    let mut store = open(home.path());
    let batch = [
        ours.start(),
        ours.say("one"),
        ours.say("two"),
        ours.note("n"),
        theirs.say("three"),
    ];
    store.persist(&batch.concat(), &[]).unwrap();
    let reader = store.reader().unwrap();
    let all = Filter::default();
    let found = |after, filter: &Filter, limit| {
        names(
            &reader
                .messages(&LINE, after, filter, limit)
                .unwrap()
                .entries,
        )
    };
    assert_eq!(found(0, &all, 10), ["M-1", "M-2", "M-3"]);
    assert_eq!(found(2, &all, 1), ["M-2"]);
    let from = Filter {
        from: Some(theirs.author.party),
        ..Filter::default()
    };
    assert_eq!(found(0, &from, 10), ["M-3"]);
    let since = Filter {
        since: Some(NOON + 3),
        ..Filter::default()
    };
    assert_eq!(found(0, &since, 10), ["M-2", "M-3"]);
    let notes = Filter {
        letter: Some(Letter::Note),
        ..Filter::default()
    };
    assert_eq!(found(0, &notes, 10), ["N-1"]);
    let last = reader.last_messages(&LINE, &all, 2).unwrap();
    assert_eq!(
        (names(&last.entries), last.cursor),
        (vec!["M-2".into(), "M-3".into()], 5)
    );
}

#[test]
fn the_first_word_that_a_message_is_stored_is_the_one_that_counts() {
    let home = tempfile::tempdir().unwrap();
    let (mut ours, theirs) = (Boot::new(1, 1), Boot::new(2, 1));
    let mut store = open(home.path());
    let batch: Vec<_> = (0..5).flat_map(|n| ours.say(&format!("{n}"))).collect();
    let chain = ours.chain(Stream::Traffic);
    let confirmed = |size, at| Change::Confirmed {
        line: LINE,
        by: theirs.author,
        chain,
        size,
        at,
        their_time: at + 1,
    };
    store.persist(&batch, &[confirmed(2, 100)]).unwrap();
    store
        .persist(
            &[],
            &[confirmed(4, 200), confirmed(2, 300), confirmed(4, 300)],
        )
        .unwrap();
    let reader = store.reader().unwrap();
    let heard = |sequence| {
        let all = reader.confirmations(&LINE, &chain, sequence).unwrap();
        all.iter()
            .map(|said| (said.by, said.at, said.their_time))
            .collect::<Vec<_>>()
    };
    assert_eq!(heard(1), [(theirs.author, 100, 101)]);
    assert_eq!(heard(3), [(theirs.author, 200, 201)]);
    assert_eq!(heard(4), []);
    let known = store.stored_line(&LINE).unwrap().confirmed;
    assert_eq!(known, [(theirs.author, chain, 4)]);
}

#[test]
fn evidence_is_kept_with_its_proof() {
    let home = tempfile::tempdir().unwrap();
    let mut liar = Boot::new(2, 1);
    let proof = vec![entry_of(&liar.say("a")).as_signed().to_bytes(), Vec::new()];
    let mut store = open(home.path());
    let change = Change::Evidence {
        line: LINE,
        by: liar.author,
        what: Misbehaviour::Equivocation,
        proof: proof.clone(),
        at: 7,
    };
    assert!(!store.stored_line(&LINE).unwrap().has_evidence);
    store.persist(&[change], &[]).unwrap();
    let found = store.reader().unwrap().evidence(&LINE).unwrap();
    assert_eq!((found.len(), &found[0].proof, found[0].at), (1, &proof, 7));
    let line = store.stored_line(&LINE).unwrap();
    assert!(line.has_evidence && line.chains.is_empty());
}

#[test]
fn an_entry_of_a_kind_from_a_newer_version_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 1);
    let strange = boot.write(
        Stream::Traffic,
        Kind::Unknown(u64::MAX),
        Fact::Unknown,
        None,
    );
    let mut store = open(home.path());
    assert_eq!(store.persist(&strange, &[]).unwrap()[0].to_string(), "E-1");
    let found = store
        .load(&LINE, &boot.chain(Stream::Traffic), 0, 9)
        .unwrap();
    assert_eq!(found, [entry_of(&strange).clone().into()]);
    store.check(&LINE, &nodes(&[&boot]), Depth::Full).unwrap();
}

#[test]
fn an_entry_whose_body_was_withheld_is_kept_without_it() {
    let home = tempfile::tempdir().unwrap();
    let boot = Boot::new(1, 1);
    let body = common::body(1, "secret");
    let header = boot.header(Stream::Traffic, Kind::Message, Fact::None, Some(&body));
    let withheld = boot.sign(&header, None);
    let mut store = open(home.path());
    store.persist(&[stored(withheld.clone(), 1)], &[]).unwrap();
    let found = store
        .reader()
        .unwrap()
        .by_id(&withheld.id())
        .unwrap()
        .unwrap();
    assert_eq!(found.stored.entry.as_ref(), &withheld);
}

#[test]
fn a_second_writer_is_refused_until_the_first_is_gone() {
    let home = tempfile::tempdir().unwrap();
    let first = open(home.path());
    let second = Store::open(home.path(), &key());
    assert!(matches!(second.err(), Some(StoreError::Locked)));
    drop(first);
    open(home.path());
}

#[test]
fn every_file_of_a_home_can_be_opened_by_its_owner_alone() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("record.db"), "").unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_ne!(
        mode(&home.path().join("record.db")),
        0o600,
        "nothing would be shown"
    );
    let mut store = open(home.path());
    store.persist(&Boot::new(1, 1).say("one"), &[]).unwrap();
    let _reader = store.reader().unwrap();
    let files = std::fs::read_dir(home.path())
        .unwrap()
        .map(|file| file.unwrap().path());
    let files: Vec<_> = files.map(|path| (mode(&path), path)).collect();
    assert!(files.len() >= 5, "{files:?}");
    assert!(files.iter().all(|(mode, _)| *mode == 0o600), "{files:?}");
}

#[test]
fn a_key_of_another_home_opens_nothing() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()));
    let other = openline_store::StorageKey::new(zeroize::Zeroizing::new([1; 32]));
    assert!(matches!(
        Store::open(home.path(), &other).err(),
        Some(StoreError::WrongKey)
    ));
    assert!(matches!(
        Reader::open(home.path(), &other).err(),
        Some(StoreError::WrongKey)
    ));
}

#[test]
fn a_home_of_a_later_version_is_refused_and_left_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()));
    let raw = rusqlite::Connection::open(home.path().join("record.db")).unwrap();
    raw.pragma_update(None, "user_version", 7).unwrap();
    drop(raw);
    let refused = Store::open(home.path(), &key()).err();
    let Some(StoreError::NewerSchema { file, found, known }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((file, found, known), ("record.db", 7, 1));
}

#[test]
fn a_file_of_another_program_is_not_taken_for_ours() {
    let home = tempfile::tempdir().unwrap();
    let raw = rusqlite::Connection::open(home.path().join("record.db")).unwrap();
    raw.execute_batch("PRAGMA user_version = 1; CREATE TABLE meta (x)")
        .unwrap();
    drop(raw);
    let refused = Store::open(home.path(), &key()).err();
    assert!(
        matches!(refused, Some(StoreError::Damaged { .. })),
        "{refused:?}"
    );
}
