//! What people and programs are shown of the record.
use crate::common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{Boot, LINE, NOON, entry_of, open};
use openline_proto::contract::Change;
use openline_store::{Filter, Letter, NamedEntry};
use openline_wire::codes::{Stage, Stream};
use openline_wire::fact::Fact;
use openline_wire::ids::{EntryId, LineId};

fn names(entries: &[NamedEntry]) -> Vec<String> {
    entries.iter().map(|entry| entry.name.to_string()).collect()
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
    let (is_done, done) = (Arc::new(AtomicBool::new(false)), Ordering::SeqCst);
    let writer_is_done = Arc::clone(&is_done);
    let counting = std::thread::spawn(move || {
        while !writer_is_done.load(done) {
            let entries = reader.counts(&LINE).unwrap().entries;
            assert_eq!(entries % 10, 0, "half a batch was seen");
        }
        reader.counts(&LINE).unwrap().entries
    });
    for _ in 0..20 {
        let batch: Vec<_> = (0..10).flat_map(|n| boot.say(&format!("{n}"))).collect();
        store.persist(&batch, &[]).unwrap();
    }
    is_done.store(true, done);
    assert_eq!(counting.join().unwrap(), 200);
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
        let stage = |e: &NamedEntry| match e.stored.entry.fact() {
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
