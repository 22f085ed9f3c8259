//! The station and its lines: does it run, does it answer, is the other side heard, can its addresses be found.

use std::os::unix::fs::PermissionsExt as _;

use openline_net::Hint;
use openline_wire::names;

use super::super::context::Context;
use super::super::{identity_text, time};
use super::{Found, Outcome};
use crate::api::types::{Line, Status};
use crate::ceremony::{LineSetup, load_lines};
use crate::client::{ClientError, SOCKET};
use crate::home::{Home, HomeError};

/// Two clocks that differ by more than this puzzle people.
const PUZZLING_MS: u64 = 60_000;

pub async fn look(context: &Context<'_>, home: &Home) -> Vec<Found> {
    let mut found = socket(home);
    match context.client().status().await {
        Ok(status) => found.extend(station(context, &status)),
        Err(ClientError::NoStation(_)) => found.push(silent(home)),
        Err(error) => found.push(Found::failed("station", error)),
    }
    // Damaged lines were named already.
    for line in load_lines(home).map(|lines| lines.open).unwrap_or_default() {
        found.push(hints(context, &line));
    }
    found
}

/// The control socket is for the owner alone.
fn socket(home: &Home) -> Vec<Found> {
    let path = home.path().join(SOCKET);
    let Ok(facts) = std::fs::symlink_metadata(&path) else {
        return Vec::new();
    };
    let is_ours = facts.permissions().mode() & 0o077 == 0;
    let outcome = if is_ours {
        Outcome::Good
    } else {
        Outcome::Wrong
    };
    vec![Found::new("socket", outcome).with("path", path.display().to_string())]
}

/// Nobody answers: because no station runs, or because the one that runs is stuck.
fn silent(home: &Home) -> Found {
    let path = home.path().display().to_string();
    let outcome = match home.lock() {
        Ok(_free) => Outcome::Advice,
        Err(HomeError::InUse { .. }) => Outcome::Wrong,
        Err(error) => return Found::failed("station", error),
    };
    Found::new("station", outcome).with("home", path)
}

fn station(context: &Context<'_>, status: &Status) -> Vec<Found> {
    let pid = status.station.pid;
    let mut found = vec![match &status.station.trouble {
        None => Found::new("station", Outcome::Good).with("pid", pid),
        Some(problem) => Found::failed(
            "station",
            super::Failure::stations(super::Exit::Failed, problem.clone()),
        ),
    }];
    for line in &status.lines {
        found.push(verdict(context, line));
        found.extend(offset(context, line));
    }
    found
}

fn verdict(context: &Context<'_>, line: &Line) -> Found {
    let outcome = match line.verdict.as_str() {
        "open" | "announced-silence" => Outcome::Good,
        "opening" => Outcome::Unknown,
        "no-sign-of-life" => Outcome::Wrong,
        _ => Outcome::Advice,
    };
    let verdict = context.words.find(&format!("verdict-{}", line.verdict));
    Found::new("line", outcome)
        .with("party", names::for_screen(&line.name))
        .with(
            "verdict",
            verdict.unwrap_or_else(|| names::for_screen(&line.verdict)),
        )
        .with("since", time::date_and_time(line.since_ms))
}

fn offset(context: &Context<'_>, line: &Line) -> Option<Found> {
    let size = line.clock_offset_ms?.unsigned_abs();
    let outcome = match size > PUZZLING_MS {
        true => Outcome::Advice,
        false => Outcome::Good,
    };
    let found = Found::new("offset", outcome)
        .with("party", names::for_screen(&line.name))
        .with("span", time::span(size, context.words));
    Some(found)
}

/// Whether the names in the other side's addresses can be resolved here.
fn hints(context: &Context<'_>, line: &LineSetup) -> Found {
    let party = identity_text::name(context, line.peer.card.names());
    let unknown: Vec<String> = line
        .peer
        .reachable_at
        .iter()
        .filter(|address| !resolves(address.as_str()))
        .map(ToString::to_string)
        .collect();
    let outcome = match (line.peer.reachable_at.is_empty(), unknown.is_empty()) {
        (true, _) => Outcome::Advice,
        (false, true) => Outcome::Good,
        (false, false) => Outcome::Wrong,
    };
    Found::new("hints", outcome)
        .with("party", party)
        .with("addresses", unknown.join(", "))
}

fn resolves(address: &str) -> bool {
    Hint::parse(address).is_ok_and(|hint| !hint.resolve().is_empty())
}
