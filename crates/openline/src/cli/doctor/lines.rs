//! The station and its lines: does it run, does it answer, is the other side heard, can its addresses be found.

use std::os::unix::fs::PermissionsExt as _;

use openline_net::{Hint, Proxy, Scheme};
use openline_wire::names;

use super::super::context::Context;
use super::super::render::label;
use super::super::unfinished::Unfinished;
use super::super::{identity_text, listen, status, time};
use super::{Found, Outcome};
use crate::api::types::{Line, Notice, Status, Way};
use crate::ceremony::{LineSetup, load_lines};
use crate::client::{ClientError, SOCKET};
use crate::home::{Home, HomeError};
use crate::i18n::reason;

/// Two clocks that differ by more than this puzzle people.
const PUZZLING_MS: u64 = 60_000;

pub async fn look(context: &Context<'_>, home: &Home) -> Vec<Found> {
    let mut found = socket(home);
    let mut running = Vec::new();
    match context.client().status().await {
        Ok(status) => {
            found.extend(station(context, &status));
            running = status.lines;
        }
        Err(ClientError::NoStation(_)) => found.push(silent(home)),
        Err(error) => found.push(Found::failed("station", error)),
    }
    // Damaged lines were named already.
    for line in load_lines(home).map(|lines| lines.open).unwrap_or_default() {
        let id = line.line.to_string();
        let of_station = running.iter().find(|it| it.line == id);
        found.push(hints(context, &line, of_station));
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
    let found = match home.lock() {
        // Where a line is open, nothing arrives and nothing goes out now.
        Ok(_free) if has_open_line(home) => Found::new("station", Outcome::Wrong),
        Ok(_free) => Found::new("station", Outcome::Advice),
        Err(HomeError::InUse { .. }) => {
            Found::new("station", Outcome::Wrong).in_words_of("station-stuck")
        }
        Err(error) => return Found::failed("station", error),
    };
    found
        .with("home", path)
        .with("listen", listen::address(home.path()))
}

fn has_open_line(home: &Home) -> bool {
    load_lines(home).is_ok_and(|lines| !lines.open.is_empty())
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
    found.extend(status.station.gone.iter().map(|gone| {
        let why = reason::in_words(context.words, &gone.why);
        Found::new("bearer", Outcome::Wrong)
            .with("address", label(&gone.address))
            .with("why", label(&why))
    }));
    for line in &status.lines {
        found.push(verdict(context, line));
        found.extend(alarms(line));
        found.extend(cut_ways(line));
        found.extend(notices(context, line));
        found.extend(offset(context, line));
    }
    let left_out = Unfinished::of(context, status).left_out.into_iter();
    found.extend(left_out.map(|it| Found::new("left-out", Outcome::Wrong).with("party", it.name)));
    found
}

fn verdict(context: &Context<'_>, line: &Line) -> Found {
    if let Some(trouble) = &line.trouble {
        let failure = super::Failure::stations(super::Exit::Failed, trouble.clone());
        return Found::failed("line", failure);
    }
    let outcome = match line.verdict.as_str() {
        "open" | "announced-silence" => Outcome::Good,
        "opening" | "not-heard-yet" => Outcome::Unknown,
        "no-sign-of-life" => Outcome::Wrong,
        _ => Outcome::Advice,
    };
    let verdict = context.words.find(&format!("verdict-{}", line.verdict));
    let found = match line.unopened {
        Some(_) => Found::new("line", Outcome::Wrong).in_words_of("line-keys"),
        None => Found::new("line", outcome),
    };
    found
        .with("party", names::for_screen(&line.name))
        .with(
            "verdict",
            verdict.unwrap_or_else(|| names::for_screen(&line.verdict)),
        )
        .with("since", time::date_and_time(status::since_ms(line)))
}

/// Alarms that are not over: what is well with this machine is not all well.
fn alarms(line: &Line) -> Option<Found> {
    let names: Vec<String> = line.alarms.iter().map(|it| label(&it.name)).collect();
    let party = names::for_screen(&line.name);
    (!names.is_empty()).then(|| {
        Found::new("alarms", Outcome::Advice)
            .with("party", party)
            .with("alarms", names.join(", "))
    })
}

/// The line is open on another way, and nobody has it mended who does not know.
fn cut_ways(line: &Line) -> Vec<Found> {
    let cut = line.ways.iter().filter(|way| way.state == "cut");
    let one = |way: &Way| {
        Found::new("way", Outcome::Advice)
            .with("party", names::for_screen(&line.name))
            .with("address", label(&way.address))
            .with("from", label(&way.from))
            .with("since", time::date_and_time(way.cut_since_ms.unwrap_or(0)))
    };
    cut.map(one).collect()
}

/// What `status` tells as well, and what is left to do about it. It is over when nothing is.
fn notices(context: &Context<'_>, line: &Line) -> Vec<Found> {
    let all = status::folded(&line.notices);
    let tell = |(place, notice): (usize, &Notice)| {
        let later = &all[..place];
        let found = Found::new("notice", Outcome::Advice).in_words_of(words_for(notice, later));
        found
            .with("party", names::for_screen(&line.name))
            .with("when", time::date_and_time(notice.at_ms))
            .with("notice", status::notice_text(context.words, notice))
    };
    all.iter().enumerate().map(tell).collect()
}

/// New keys were asked for, and there are some: nobody need wait for them any more.
fn words_for(notice: &Notice, later: &[Notice]) -> &'static str {
    let are_renewed = later.iter().any(|it| it.what == "keys-renewed");
    match notice.what.as_str() {
        "restored" => "notice-restored",
        "cloned" => "notice-cloned",
        "misbehaved" => "notice-misbehaved",
        "keys-asked" if are_renewed => "notice-mended",
        "keys-asked" => "notice-keys-asked",
        "keys-renewed" => "notice-keys-renewed",
        _ => "notice",
    }
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

/// Whether the names in the other side's addresses can be resolved here: in those that it announced last, or else in those of its line
/// file.
fn hints(context: &Context<'_>, line: &LineSetup, running: Option<&Line>) -> Found {
    let party = identity_text::name(context, line.peer.card.names());
    let peer = line.peer.node.key.id().to_string();
    let mut lists = running.into_iter().flat_map(|line| &line.reachable);
    let told: Vec<String> = match lists.find(|list| list.by.node == peer) {
        Some(list) => list.addresses.clone(),
        None => {
            let of_file = line.peer.reachable_at.iter();
            of_file.map(ToString::to_string).collect()
        }
    };
    let unknown = told.iter().filter(|address| !resolves(address));
    let unknown: Vec<String> = unknown.map(|address| label(address)).collect();
    let outcome = match (told.is_empty(), unknown.is_empty()) {
        (true, _) => Outcome::Advice,
        (false, true) => Outcome::Good,
        (false, false) => Outcome::Wrong,
    };
    Found::new("hints", outcome)
        .with("party", party)
        .with("addresses", unknown.join(", "))
}

fn resolves(address: &str) -> bool {
    // Where a proxy connects us it is the one that must know the name.
    let has_proxy = || Proxy::from_environment().is_ok_and(|proxy| proxy.is_some());
    Hint::parse(address).is_ok_and(|hint| {
        let is_proxys = hint.scheme() == Scheme::Wss && has_proxy();
        is_proxys || !hint.resolve().is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(what: &str, at_ms: u64, boot: &str) -> Notice {
        let by = serde_json::json!({ "party": "", "node": "", "boot": boot, "name": "Moscow" });
        let notice = serde_json::json!({
            "what": what, "at_ms": at_ms, "by": by, "other": null, "misbehaviour": null,
        });
        serde_json::from_value(notice).expect("a notice")
    }

    #[test]
    fn notices_that_read_the_same_are_one_with_a_count_and_the_last_time() {
        let boots = [0, 1, 2, 3, 4, 5, 6].map(|n| notice("restored", 70 - n, &n.to_string()));
        let told = status::folded(&boots);
        assert_eq!((told.len(), told[0].at_ms, told[0].count), (1, 70, 7));
        let turns = ["keys-renewed", "keys-asked", "keys-asked", "keys-renewed"];
        let turns = turns.map(|what| notice(what, 1, "a"));
        assert_eq!(status::folded(&turns).len(), 3, "the turn tells something");
    }
}
