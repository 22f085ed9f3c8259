//! The core's input. An input of this target is a script: a peer that has its node's key and a real channel says
//! whatever the bytes choose, strangers talk, commands come, the disk answers what was not asked, clocks jump. What
//! must hold is in `core_driver`.

use std::sync::Arc;

use openline_proto::contract::{Command, Input, Moment, Route};
use openline_sim::node::LINE;
use openline_wire::address::Address;
use openline_wire::codes::{Attestation, Mark, Precedence, SilenceReason, Stage};
use openline_wire::entry::Entry;
use openline_wire::header::{Actor, Chain};
use openline_wire::ids::{BootId, EntryId, LineId};
use openline_wire::key::Signature;

use super::core_bodies::stream;
use super::core_driver::Driver;
use super::core_peer::Peer;
use super::input::Choices;

/// Moves of one script; a longer one says no more.
const MOVES: usize = 64;
/// No machine runs longer than this without a restart: a century.
const LONGEST_RUN_MS: u64 = 100 * 366 * 86_400_000;
/// Clocks may be set beyond the last year that has a date.
const LATEST_WALL_MS: u64 = 1 << 48;

/// Runs one script. Whatever came, a text can still be said at the end.
pub fn core_input(data: &[u8]) {
    let mut choices = Choices::new(data);
    let mut peer = Peer::new();
    let now = Moment {
        monotonic: 0,
        wall: 1_652_432_400_000,
    };
    let mut ours = Driver::start(&peer.nodes()[0], BootId([1; 16]), now);
    for _ in 0..MOVES {
        if choices.is_empty() || ours.ended {
            break;
        }
        step(&mut ours, &mut peer, &mut choices);
    }
    if !ours.ended {
        let before = ours.disk.len();
        ours.command(Actor::station(), flash("Whatever came, we are here."));
        assert!(ours.ended || ours.disk.len() > before);
    }
}

fn step(ours: &mut Driver, peer: &mut Peer, choices: &mut Choices<'_>) {
    match choices.below(16) {
        0..=7 => {
            for bytes in peer.say(ours, choices) {
                let route = route(choices);
                ours.hand(Input::Frame { route, bytes });
            }
        }
        8 => {
            let bytes = stranger(ours, peer, choices);
            let route = route(choices);
            ours.hand(Input::Frame { route, bytes });
        }
        9 => {
            let (actor, asked) = (actor(choices), command(ours, choices));
            ours.command(actor, asked);
        }
        10 => ours.hand(loaded(ours, choices)),
        11 => ours.hand(Input::Signed {
            ticket: u64::MAX - choices.number(),
            signature: Signature(choices.array()),
        }),
        12 => {
            let line = if choices.coin() {
                LINE
            } else {
                LineId([0; 32])
            };
            let route = route(choices);
            // What a list leads to comes with the hints.
            if route.path >= 12 {
                let routes = vec![route];
                return ours.hand(Input::Announced { line, routes });
            }
            ours.hand(Input::Hint {
                line,
                route,
                answered: None,
            });
        }
        13 => ours.hand(Input::Woken),
        14 => pass(ours, choices),
        _ => peer.hear(core::mem::take(&mut ours.sent), choices.coin()),
    }
}

/// Time passes, and the clock for people may be set.
fn pass(ours: &mut Driver, choices: &mut Choices<'_>) {
    let step = choices.number() << choices.below(32);
    let monotonic = ours.now.monotonic.saturating_add(step).min(LONGEST_RUN_MS);
    let wall = if choices.coin() {
        choices.number() % LATEST_WALL_MS
    } else {
        ours.now.wall.saturating_add(step).min(LATEST_WALL_MS)
    };
    ours.now = Moment { monotonic, wall };
    ours.hand(Input::Woken);
}

fn route(choices: &mut Choices<'_>) -> Route {
    Route {
        bearer: choices.below(3),
        path: choices.below(16).into(),
    }
}

/// Noise, an old frame of the peer's, one of our own come back, or one changed on its way.
fn stranger(ours: &Driver, peer: &Peer, choices: &mut Choices<'_>) -> Vec<u8> {
    let which = choices.below(4);
    let at = choices.byte();
    let pick = |frames: &[Vec<u8>]| match frames.len() {
        0 => Vec::new(),
        some => frames[usize::from(at) % some].clone(),
    };
    let own: Vec<Vec<u8>> = ours.sent.iter().map(|(_, bytes)| bytes.clone()).collect();
    match which {
        0 => choices.string().to_vec(),
        1 => pick(&peer.said),
        2 => pick(&own),
        _ => {
            let mut bytes = pick(&peer.said);
            let place = usize::from(choices.byte());
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= choices.byte();
            }
            bytes
        }
    }
}

fn actor(choices: &mut Choices<'_>) -> Actor {
    if choices.coin() {
        return Actor::station();
    }
    Actor {
        name: words(choices),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    }
}

fn words(choices: &mut Choices<'_>) -> String {
    String::from_utf8_lossy(choices.string()).into_owned()
}

fn flash(text: &str) -> Command {
    Command::Say {
        language: "en".to_owned(),
        text: text.to_owned(),
        precedence: Precedence::Flash,
        mark: Mark::Real,
        reply_to: None,
        files: Vec::new(),
    }
}

fn command(ours: &Driver, choices: &mut Choices<'_>) -> Command {
    let language = if choices.coin() { "ru" } else { "en" }.to_owned();
    match choices.below(5) {
        0 => Command::Say {
            language: words(choices),
            text: words(choices).repeat(usize::from(choices.below(40))),
            precedence: Precedence::ALL[usize::from(choices.below(4))],
            mark: Mark::ALL[usize::from(choices.below(3))],
            reply_to: choices.coin().then(|| EntryId(choices.array())),
            files: Vec::new(),
        },
        1 => Command::Note {
            language,
            text: words(choices),
        },
        2 => Command::Receipt {
            stage: Stage::ALL[usize::from(choices.below(2))],
            targets: targets(ours, choices),
            urgent: choices.coin(),
        },
        3 => Command::AnnounceSilence {
            for_ms: choices.number(),
            reason: SilenceReason::ALL[usize::from(choices.below(3))],
            text: words(choices).repeat(usize::from(choices.below(40))),
            language,
        },
        _ if choices.coin() => Command::ReachableAt(addresses(choices)),
        _ => Command::NewGeneration,
    }
}

/// Up to more than one announcement lists, some of them twice.
fn addresses(choices: &mut Choices<'_>) -> Vec<Address> {
    let many = choices.below(12);
    let url = |at: u8| Address::new(&format!("udp://192.0.2.{at}:7600"));
    (0..many).filter_map(|_| url(choices.byte())).collect()
}

fn targets(ours: &Driver, choices: &mut Choices<'_>) -> Vec<EntryId> {
    let held: Vec<EntryId> = ours
        .disk
        .entries()
        .map(|stored| stored.entry.id())
        .collect();
    let many = choices.below(80);
    let target = |at: u8| match held.get(usize::from(at)) {
        Some(id) => *id,
        None => EntryId([at; 32]),
    };
    (0..many).map(|_| target(choices.byte())).collect()
}

/// What the disk holds, under a wrong name, from a wrong place, out of order or not asked for.
fn loaded(ours: &Driver, choices: &mut Choices<'_>) -> Input {
    let held: Vec<Arc<Entry>> = ours
        .disk
        .entries()
        .map(|stored| Arc::clone(&stored.entry))
        .collect();
    let at = usize::from(choices.byte());
    let author = held.get(at % held.len().max(1)).map(|e| e.header().author);
    let author = author.unwrap_or(ours.author());
    let chain = Chain {
        author,
        stream: stream(choices),
    };
    let from = choices.number();
    let entries = (0..choices.below(8))
        .filter_map(|_| held.get(usize::from(choices.byte())).cloned())
        .collect();
    Input::Loaded {
        line: LINE,
        chain,
        from,
        entries,
    }
}
