//! What the core puts into the store comes out of it again.
use crate::common;

use common::{Boot, LINE, entry_of, nodes, open, stored};
use openline_proto::contract::{Change, Misbehaviour};
use openline_store::{Depth, ShortName, StoreError};
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Kind, Stream};
use openline_wire::fact::Fact;

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
    let state: Vec<_> = line
        .state_entries
        .iter()
        .map(|stored| &*stored.entry)
        .collect();
    assert_eq!(state, [entry_of(&batches[0])]);
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
fn who_is_first_named_in_a_refused_batch_is_named_again_in_the_next() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 1);
    let first = boot.say("one");
    let mut other = Boot::new(2, 1).after(boot.cursor());
    let theirs = other.say("two");
    let mut store = open(home.path());
    store.persist(&first, &[]).unwrap();
    let refused = [theirs.clone(), first].concat();
    assert!(store.persist(&refused, &[]).is_err());
    store.persist(&theirs, &[]).unwrap();
    drop(store);
    let line = open(home.path()).stored_line(&LINE).unwrap();
    let authors: Vec<_> = line.chains.iter().map(|c| c.chain.author).collect();
    assert!(authors.contains(&other.author) && authors.len() == 2);
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
    assert!(store.stored_line(&LINE).unwrap().misbehaved.is_empty());
    store.persist(&[change], &[]).unwrap();
    let found = store.reader().unwrap().evidence(&LINE).unwrap();
    assert_eq!((found.len(), &found[0].proof, found[0].at), (1, &proof, 7));
    let line = store.stored_line(&LINE).unwrap();
    let known = (liar.author.party, Misbehaviour::Equivocation);
    assert_eq!(line.misbehaved, [known].into());
    assert!(line.chains.is_empty());
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
