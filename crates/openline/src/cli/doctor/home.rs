//! The home: who can read it, whether it is a copy, where the root keys are, whether the record is as it was
//! written.

use openline_store::Depth;

use super::super::held;
use super::{Found, Outcome};
use crate::ceremony::load_lines;
use crate::home::{Home, HomeError, HomeOrigin};

pub fn look(home: &Home) -> Vec<Found> {
    let path = home.path().display().to_string();
    let mut found = vec![
        Found::new("home", Outcome::Good).with("path", path),
        copy(home),
        root(home),
    ];
    found.extend(lines(home));
    found.extend(store(home));
    found
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
    if lines.open.is_empty() {
        found.push(Found::new("lines", Outcome::Advice));
    }
    if !lines.waiting.is_empty() {
        found.push(Found::new("waiting", Outcome::Advice).with("count", lines.waiting.len()));
    }
    found
}

/// As a station does at its start: every hash and seal, and the last signatures.
fn store(home: &Home) -> Vec<Found> {
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
    lines.iter().map(check).collect()
}
