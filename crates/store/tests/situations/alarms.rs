//! How alarms stand comes back after a restart, and a record of the form before that is brought forward.
use crate::common;

use common::home::home;
use common::{Boot, LINE, key, open};
use openline_proto::alarm::book::Alarm;
use openline_proto::alarm::cause::{Cause, Key};
use openline_proto::alarm::machine::State;
use openline_proto::contract::Change;
use openline_store::{Depth, StoreError, salvage};
use openline_wire::codes::Attestation;
use openline_wire::header::Actor;
use openline_wire::ids::PartyId;

fn alarm(cause: Cause, state: State) -> Alarm {
    Alarm {
        key: Key {
            cause,
            party: PartyId([2; 32]),
        },
        state,
        since: 1_652_961_600_000,
        by: None,
        until: None,
    }
}

fn kept(alarm: &Alarm) -> Change {
    Change::Alarm {
        line: LINE,
        alarm: alarm.clone(),
    }
}

/// OL-775
#[test]
fn an_alarm_is_kept_as_it_stood_last_and_forgotten_when_it_is_quiet() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = open(directory.path());
    let (silent, empty) = (Cause::NoSignOfLife, Cause::NobodyOnWatch);
    let raised = [alarm(silent, State::Raised), alarm(empty, State::Raised)];
    store.persist(&raised.each_ref().map(kept), &[]).unwrap();
    let shelved = Alarm {
        by: Some(Actor {
            name: "Lt. Orlova".to_owned(),
            attestation: Attestation::Claimed,
            evidence: "unix user orlova".to_owned(),
        }),
        until: Some(1_652_965_200_000),
        ..alarm(silent, State::Shelved)
    };
    let changes = [&shelved, &alarm(empty, State::Quiet)].map(kept);
    store.persist(&changes, &[]).unwrap();
    drop(store);
    let store = open(directory.path());
    assert_eq!(store.stored_line(&LINE).unwrap().alarms, [shelved]);
}

#[test]
fn an_alarm_that_is_edited_by_hand_is_named_and_salvage_leaves_none_behind() {
    let home = home(2, 2);
    let silent = alarm(Cause::NoSignOfLife, State::Raised);
    open(home.path()).persist(&[kept(&silent)], &[]).unwrap();
    home.check(Depth::Start).unwrap();
    let out = tempfile::tempdir().unwrap();
    salvage(home.path(), &key(), out.path()).unwrap();
    let salvaged = open(out.path()).stored_line(&LINE).unwrap();
    assert_eq!(salvaged.alarms, [silent]);
    home.sql("UPDATE alarms SET cause = 'clone'");
    match home.check(Depth::Start) {
        Err(StoreError::HandEditedRow { table }) => assert_eq!(table, "alarms"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_of_the_form_before_is_read_as_it_is_and_brought_forward_by_who_writes() {
    let home = home(2, 2);
    let raw = home.raw();
    raw.execute_batch("DROP TABLE files; DROP TABLE alarms; PRAGMA user_version = 1")
        .unwrap();
    drop(raw);
    let out = tempfile::tempdir().unwrap();
    let report = salvage(home.path(), &key(), out.path()).unwrap();
    assert!(report.entries > 0 && !report.beside_lost, "{report:?}");
    let mut store = open(home.path());
    let said = Boot::new(1, 9).after(20).say("a");
    store.persist(&said, &[]).unwrap();
    let silent = alarm(Cause::NoSignOfLife, State::Raised);
    store.persist(&[kept(&silent)], &[]).unwrap();
    assert_eq!(store.stored_line(&LINE).unwrap().alarms, [silent]);
}
