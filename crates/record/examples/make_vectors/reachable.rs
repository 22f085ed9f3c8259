//! Where a node can be reached: right lists, and one for each way to be wrong.

use openline_wire::address::Address;
use openline_wire::codes::{Kind, Stream};
use openline_wire::fact::{Fact, ReachableAt};
use openline_wire::header::{Actor, Header};
use serde_json::{Value, json};

use crate::defects::{header, of_fact, of_header};
use crate::support::author::{Boot, Draft};
use crate::valid::entry;
use crate::watch::{array, of};

type Vector = (&'static str, Value);

/// Lists of several bearers, of none, and with a scheme that nobody knows yet.
pub fn valid(moscow: &Boot) -> Vec<Vector> {
    let said = |urls: &[&str]| {
        moscow
            .clone()
            .write(of(Kind::ReachableAt, list(urls), None))
    };
    let several = [
        "quic://[2001:db8::1]:7601",
        "udp://moscow.example:7611",
        "wss://moscow.example:443",
    ];
    let unknown = [
        "pigeon://moscow.example/third-window",
        "udp://192.0.2.7:7600",
    ];
    let longest = format!("udp://{}:7600", "a".repeat(269));
    vec![
        entry("reachable-at", "OL-446", &said(&several)),
        entry("reachable-at-nowhere", "OL-446", &said(&[])),
        entry("reachable-at-an-unknown-scheme", "OL-446", &said(&unknown)),
        entry(
            "reachable-at-the-longest-address",
            "OL-446",
            &said(&[&longest]),
        ),
    ]
}

/// An authentic entry that stands where it should not.
pub fn misplaced() -> (&'static str, &'static str, Draft) {
    let fact = list(&["udp://moscow.example:7611"]);
    let draft = Draft {
        stream: Stream::Traffic,
        ..of(Kind::ReachableAt, fact, None)
    };
    ("addresses-outside-the-urgent-stream", "OL-446", draft)
}

/// Each with one defect.
pub fn defects() -> Vec<Vector> {
    let wrong = |name, urls: &[&str]| {
        let fact = array(1, |w| {
            w.array(urls.len());
            urls.iter().for_each(|url| {
                w.text(url);
            });
        });
        of_fact(name, "OL-446", Kind::ReachableAt, fact)
    };
    let nine: Vec<String> = (0..9).map(|n| format!("udp://192.0.2.{n}:7600")).collect();
    let nine: Vec<&str> = nine.iter().map(String::as_str).collect();
    let too_long = format!("udp://{}:7600", "a".repeat(270));
    let by_nobody = Header {
        kind: Kind::ReachableAt,
        fact: list(&["udp://192.0.2.7:7600"]).to_bytes(),
        actor: Actor::station(),
        ..header()
    };
    vec![
        wrong("reachable-at-nine-addresses", &nine),
        wrong("reachable-at-out-of-order", &["udp://b:1", "udp://a:1"]),
        wrong("reachable-at-one-twice", &["udp://a:1", "udp://a:1"]),
        wrong("reachable-at-no-url", &["moscow.example:7600"]),
        wrong("reachable-at-a-scheme-in-capitals", &["UDP://a:1"]),
        wrong("reachable-at-a-space", &["udp://a b:1"]),
        wrong("reachable-at-an-escape-code", &["udp://a\u{1b}[2J:1"]),
        wrong("reachable-at-a-letter-beyond-ascii", &["udp://москва:1"]),
        wrong("reachable-at-too-long", &[&too_long]),
        of_header("reachable-at-by-a-station", "OL-446", by_nobody),
    ]
}

fn list(urls: &[&str]) -> Fact {
    let addresses = urls.iter().filter_map(|url| Address::new(url)).collect();
    Fact::ReachableAt(ReachableAt { addresses })
}

/// A fact, read: what another implementation must have found in the bytes.
pub fn fact(fact: &Fact) -> Option<Value> {
    let Fact::ReachableAt(list) = fact else {
        return None;
    };
    let addresses: Vec<&str> = list.addresses.iter().map(Address::as_str).collect();
    Some(json!({ "addresses": addresses }))
}
