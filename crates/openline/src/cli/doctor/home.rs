//! The home: who can read it, whether it is a copy, where the root keys are, whether the record is as it was
//! written.

use openline_store::{Depth, StorageKey, StoreError, check_channels, is_lost, is_reminder_altered};

use super::super::held;
use super::{Found, Outcome};
use crate::ceremony::load_lines;
use crate::home::{Home, HomeError, HomeOrigin};

pub fn look(home: &Home) -> Vec<Found> {
    let path = home.path().display().to_string();
    let mut found = vec![
        Found::new("home", Outcome::Good).with("path", path),
        keys(home),
        copy(home),
        root(home),
    ];
    found.extend(lines(home));
    found.extend(reminder(home));
    found.extend(store(home));
    found.extend(channels(home));
    found
}

/// The keys that a station signs and seals with are those that our card certifies.
fn keys(home: &Home) -> Found {
    match home.node().and_then(|_| home.leaf()) {
        Ok(_) => Found::new("keys", Outcome::Good),
        Err(error) => Found::failed("keys", error),
    }
}

fn copy(home: &Home) -> Found {
    match home.origin() {
        Ok(HomeOrigin::Same) => Found::new("copy", Outcome::Good),
        Ok(HomeOrigin::CopiedOrRestored) => Found::new("copy", Outcome::Advice),
        Err(error) => Found::failed("copy", error),
    }
}

/// The root keys belong on a medium that is not in the machine.
fn root(home: &Home) -> Found {
    match home.root() {
        Err(HomeError::RootOffline { .. }) => Found::new("root", Outcome::Good),
        Err(error) => Found::failed("root", error),
        Ok(_) => {
            let path = home.path().join("secrets/root").display().to_string();
            Found::new("root", Outcome::Advice).with("path", path)
        }
    }
}

/// Lines whose files are damaged, and offers that wait for an answer.
fn lines(home: &Home) -> Vec<Found> {
    let lines = match load_lines(home) {
        Ok(lines) => lines,
        Err(error) => return vec![Found::failed("lines", error)],
    };
    let damaged = lines
        .damaged
        .into_iter()
        .map(|(_, error)| Found::failed("lines", error));
    let mut found: Vec<Found> = damaged.collect();
    if lines.open.is_empty() && lines.waiting.is_empty() && found.is_empty() {
        found.push(Found::new("lines", Outcome::Advice));
    }
    if !lines.waiting.is_empty() {
        found.push(Found::new("waiting", Outcome::Advice).with("count", lines.waiting.len()));
    }
    found
}

/// What reminds the station of its record, touched by somebody else.
fn reminder(home: &Home) -> Option<Found> {
    let path = home.path().join("record.made").display().to_string();
    let found = Found::new("reminder", Outcome::Advice).with("path", path);
    is_reminder_altered(home.path()).then(|| found.with("home", home.path().display().to_string()))
}

/// The channels' file: a station that can't open it does not start.
fn channels(home: &Home) -> Option<Found> {
    let key = home.storage_key().map(StorageKey::new);
    let checked = match key {
        Ok(key) => check_channels(home.path(), &key),
        Err(error) => return Some(Found::failed("channels", error)),
    };
    match checked {
        Ok(true) => Some(Found::new("channels", Outcome::Good)),
        Ok(false) => None,
        Err(error) => Some(Found::failed("channels", error)),
    }
}

/// Lines of which entries are stored, but whose files are gone. Those whose files are damaged were named already.
fn strays(home: &Home) -> Vec<Found> {
    let known = load_lines(home).unwrap_or_default();
    let unusable = held::unusable(home).unwrap_or_default().into_iter();
    let gone = unusable.filter(|(line, _)| !known.has_files_of(line));
    gone.map(|(_, error)| Found::failed("store", error))
        .collect()
}

/// As a station does at its start: every hash and seal, and the last signatures.
fn store(home: &Home) -> Vec<Found> {
    if is_lost(home.path()) {
        return vec![Found::failed("store", StoreError::RecordLost)];
    }
    if !held::has_record(home) {
        return vec![Found::new("store", Outcome::Advice)];
    }
    let lines = match held::lines(home) {
        Ok(lines) => lines,
        Err(error) => return vec![Found::failed("store", error)],
    };
    let check = |held: &held::Held| {
        let nodes = held::nodes(held.cards());
        match held.reader.check(&held.line(), &nodes, Depth::Start) {
            Ok(checked) => Found::new("store", Outcome::Good).with("entries", checked.entries),
            Err(error) => Found::failed("store", error),
        }
    };
    lines.iter().map(check).chain(strays(home)).collect()
}
