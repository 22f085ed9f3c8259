//! Entries of the watch, of suspensions and of tests of the line: right ones, and one for each way to be wrong.

use openline_wire::cbor::Writer;
use openline_wire::codes::{
    Answerer, Attestation, Kind, Mark, Precedence, Stream, SuspensionReason,
};
use openline_wire::entry::Entry;
use openline_wire::fact::{
    CallUp, Fact, HandOver, HandOverWithdrawn, Presence, Ready, Resumed, Suspended, TakeOver,
    TestAnswer, TestText, WatchClosed, WatchOpened, digest_of,
};
use openline_wire::header::{Actor, Header};
use openline_wire::ids::EntryId;
use serde_json::{Value, json};

use crate::defects::{header, of_fact, of_header};
use crate::support::author::{Boot, Draft, draft, entry_id};
use crate::valid::entry;

type Vector = (&'static str, Value);

const HOUR: u64 = 3_600_000;

/// What a test text of the vectors says.
const TEXT: &str = "The quick brown fox jumps over the lazy dog. 1234567890";

/// Everything that the two write of watches, suspensions and tests.
pub fn valid(moscow: &mut Boot, washington: &mut Boot) -> Vec<Vector> {
    let [opened, presence, handed, taken, closed] = whole_watch(moscow);
    let [suspended, resumed] = suspension(moscow);
    let [called, ready, text, machine, person] = whole_test(moscow, washington);
    let id = opened.id();
    let in_place = Fact::WatchOpened(WatchOpened {
        ends: vec![entry_id(1), entry_id(2)],
        confirms_ms: HOUR,
    });
    let in_place = moscow.clone().write(of(Kind::WatchOpened, in_place, None));
    let withdrawn = Fact::HandOverWithdrawn(HandOverWithdrawn { hand_over: id });
    let withdrawn = moscow
        .clone()
        .write(of(Kind::HandOverWithdrawn, withdrawn, None));
    let by_hand = Fact::CallUp(CallUp { turn: None });
    let by_hand = moscow.clone().write(of_test(Kind::CallUp, by_hand, None));
    vec![
        entry("watch-opened", "OL-701", &opened),
        entry("watch-opened-in-place-of-two", "OL-701", &in_place),
        entry("presence", "OL-702", &presence),
        entry("hand-over", "OL-703", &handed),
        entry("hand-over-withdrawn", "OL-704", &withdrawn),
        entry("take-over", "OL-705", &taken),
        entry("watch-closed", "OL-706", &closed),
        entry("suspended", "OL-731", &suspended),
        entry("resumed", "OL-732", &resumed),
        entry("call-up", "OL-741", &called),
        entry("call-up-by-hand", "OL-741", &by_hand),
        entry("ready", "OL-742", &ready),
        entry("test-text", "OL-743", &text),
        entry("test-answer-by-machine", "OL-744", &machine),
        entry("test-answer-by-a-person", "OL-744", &person),
    ]
}

/// A watch from its beginning to the end of the next one.
pub fn whole_watch(moscow: &mut Boot) -> [Entry; 5] {
    let confirms_ms = HOUR;
    let fact = Fact::WatchOpened(WatchOpened {
        ends: Vec::new(),
        confirms_ms,
    });
    let opened = moscow.write(of(Kind::WatchOpened, fact, None));
    let watch = opened.id();
    let fact = Fact::Presence(Presence { watch });
    let presence = moscow.write(of(Kind::Presence, fact, None));
    let fact = Fact::HandOver(HandOver {
        watch,
        to: "Cpt. Petrov".to_owned(),
        items: vec![entry_id(7), entry_id(9)],
    });
    let handed = moscow.write(of(
        Kind::HandOver,
        fact,
        Some("The convoy has not arrived."),
    ));
    let fact = Fact::TakeOver(TakeOver {
        hand_over: handed.id(),
        confirms_ms,
    });
    let taken = moscow.write(of(Kind::TakeOver, fact, None));
    let watch = taken.id();
    let fact = Fact::WatchClosed(WatchClosed { watch });
    let closed = moscow.write(of(Kind::WatchClosed, fact, None));
    [opened, presence, handed, taken, closed]
}

fn suspension(moscow: &mut Boot) -> [Entry; 2] {
    let reason = SuspensionReason::Ordered;
    let fact = Fact::Suspended(Suspended { reason });
    let suspended = moscow.write(of(Kind::Suspended, fact, Some("Until further notice.")));
    let suspensions = vec![suspended.id()];
    let fact = Fact::Resumed(Resumed { suspensions });
    let resumed = moscow.write(of(Kind::Resumed, fact, None));
    [suspended, resumed]
}

/// A test from its call-up to both answers.
pub fn whole_test(moscow: &mut Boot, washington: &mut Boot) -> [Entry; 5] {
    let turn = Some(moscow.clock / HOUR);
    let fact = Fact::CallUp(CallUp { turn });
    let called = moscow.write(of_test(Kind::CallUp, fact, None));
    washington.hold([&called]);
    let call_up = called.id();
    let fact = Fact::Ready(Ready { call_up });
    let ready = washington.write(of_test(Kind::Ready, fact, None));
    moscow.hold([&ready]);
    let fact = Fact::TestText(TestText { ready: ready.id() });
    let text = moscow.write(of_test(Kind::TestText, fact, Some(TEXT)));
    washington.hold([&text]);
    let content = digest_of(&text.body().expect("a text").content);
    let answer = |by| {
        let text = text.id();
        let fact = Fact::TestAnswer(TestAnswer { text, by, content });
        of_test(Kind::TestAnswer, fact, None)
    };
    let machine = washington.write(answer(Answerer::Machine));
    let person = Header {
        actor: named("Brown"),
        ..washington.header(&answer(Answerer::Person))
    };
    let person = washington.sign(person, None);
    moscow.hold([&machine, &person]);
    [called, ready, text, machine, person]
}

/// What stands in the urgent stream for a watch.
pub fn of(kind: Kind, fact: Fact, text: Option<&str>) -> Draft {
    Draft {
        kind,
        fact: fact.to_bytes(),
        ..draft(Precedence::Flash, text)
    }
}

/// What stands in the service stream for a test.
pub fn of_test(kind: Kind, fact: Fact, text: Option<&str>) -> Draft {
    Draft {
        kind,
        stream: Stream::Service,
        mark: Mark::Test,
        fact: fact.to_bytes(),
        ..draft(Precedence::Routine, text)
    }
}

/// Somebody who says so himself.
pub fn named(name: &str) -> Actor {
    Actor {
        name: name.to_owned(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    }
}

/// Authentic entries that stand where they should not, with the requirement that says so.
pub fn misplaced() -> [(&'static str, &'static str, Draft); 4] {
    let watch = entry_id(1);
    let reason = SuspensionReason::Other;
    let presence = Fact::Presence(Presence { watch });
    let suspended = Fact::Suspended(Suspended { reason });
    let called = Fact::CallUp(CallUp { turn: None });
    let at = |stream, draft| Draft { stream, ..draft };
    [
        (
            "watch-outside-the-urgent-stream",
            "OL-708",
            at(Stream::Service, of(Kind::Presence, presence, None)),
        ),
        (
            "suspension-outside-the-urgent-stream",
            "OL-708",
            at(Stream::Traffic, of(Kind::Suspended, suspended, None)),
        ),
        (
            "test-outside-the-service-stream",
            "OL-745",
            at(Stream::Urgent, of_test(Kind::CallUp, called, None)),
        ),
        crate::rosters::misplaced(),
    ]
}

/// Each with one defect.
pub fn defects() -> Vec<Vector> {
    let mut all = wrong_watches();
    all.extend(wrong_hand_overs());
    all.extend(wrong_actors());
    all.extend(wrong_suspensions());
    all
}

/// An array whose items `write` writes.
pub fn array(len: usize, write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(len);
    write(&mut w);
    w.into_bytes()
}

fn ids(bytes: impl IntoIterator<Item = u8>) -> Vec<EntryId> {
    bytes.into_iter().map(entry_id).collect()
}

fn wrong_watches() -> Vec<Vector> {
    let opened = |name, ends: Vec<EntryId>, confirms_ms| {
        let fact = array(2, |w| {
            w.items(&ends).uint(confirms_ms);
        });
        of_fact(name, "OL-701", Kind::WatchOpened, fact)
    };
    let taken = |name, fact| of_fact(name, "OL-705", Kind::TakeOver, fact);
    let nothing = array(1, |w| {
        w.null();
    });
    let too_often = array(2, |w| {
        w.item(&entry_id(1)).uint(59_999);
    });
    let no_time = array(1, |w| {
        w.item(&entry_id(1));
    });
    vec![
        opened("watch-opened-out-of-order", ids([2, 1]), HOUR),
        opened("watch-opened-ending-one-twice", ids([1, 1]), HOUR),
        opened("watch-opened-ending-17", ids(0..17), HOUR),
        opened("watch-opened-confirming-too-often", Vec::new(), 59_999),
        opened("watch-opened-confirming-too-seldom", Vec::new(), 86_400_001),
        of_fact(
            "presence-of-nothing",
            "OL-702",
            Kind::Presence,
            nothing.clone(),
        ),
        of_fact(
            "watch-closed-of-nothing",
            "OL-706",
            Kind::WatchClosed,
            nothing,
        ),
        taken("take-over-confirming-too-often", too_often),
        taken("take-over-without-a-time", no_time),
    ]
}

fn wrong_hand_overs() -> Vec<Vector> {
    let of = |name, to: &str, items: Vec<EntryId>| {
        let fact = array(3, |w| {
            w.item(&entry_id(1)).text(to).items(&items);
        });
        of_fact(name, "OL-703", Kind::HandOver, fact)
    };
    let two = array(2, |w| {
        w.item(&entry_id(1)).item(&entry_id(2));
    });
    let withdrawn = Kind::HandOverWithdrawn;
    vec![
        of("hand-over-to-nobody", "", Vec::new()),
        of("hand-over-to-a-blank", " ", Vec::new()),
        of(
            "hand-over-to-a-direction-override",
            "Pe\u{202e}trov",
            Vec::new(),
        ),
        of("hand-over-to-a-name-too-long", &"P".repeat(129), Vec::new()),
        of("hand-over-items-out-of-order", "Petrov", ids([2, 1])),
        of("hand-over-of-65-items", "Petrov", ids(0..65)),
        of_fact("hand-over-withdrawn-of-two", "OL-704", withdrawn, two),
    ]
}

/// Right but for who acts.
fn wrong_actors() -> Vec<Vector> {
    let by = |name, kind, fact: &Fact, actor| {
        let header = Header {
            kind,
            fact: fact.to_bytes(),
            actor,
            ..header()
        };
        of_header(name, "OL-707", header)
    };
    let facts = one_of_each().into_iter();
    let stations = facts.map(|(name, kind, fact)| by(name, kind, &fact, Actor::station()));
    let (_, kind, opened) = &one_of_each()[0];
    let blank = by("watch-opened-by-a-blank-name", *kind, opened, named(" "));
    stations.chain([blank]).collect()
}

/// What a person must sign, and what it is called if a station does.
fn one_of_each() -> [(&'static str, Kind, Fact); 8] {
    let watch = entry_id(1);
    let hand_over = watch;
    let confirms_ms = HOUR;
    let ends = Vec::new();
    let (to, items) = ("Petrov".to_owned(), Vec::new());
    let reason = SuspensionReason::Other;
    let suspensions = vec![watch];
    let opened = Fact::WatchOpened(WatchOpened { ends, confirms_ms });
    let presence = Fact::Presence(Presence { watch });
    let handed = Fact::HandOver(HandOver { watch, to, items });
    let withdrawn = Fact::HandOverWithdrawn(HandOverWithdrawn { hand_over });
    let taken = Fact::TakeOver(TakeOver {
        hand_over,
        confirms_ms,
    });
    let closed = Fact::WatchClosed(WatchClosed { watch });
    let suspended = Fact::Suspended(Suspended { reason });
    let resumed = Fact::Resumed(Resumed { suspensions });
    let withdrawing = "hand-over-withdrawn-by-a-station";
    [
        ("watch-opened-by-a-station", Kind::WatchOpened, opened),
        ("presence-of-a-station", Kind::Presence, presence),
        ("hand-over-by-a-station", Kind::HandOver, handed),
        (withdrawing, Kind::HandOverWithdrawn, withdrawn),
        ("take-over-by-a-station", Kind::TakeOver, taken),
        ("watch-closed-by-a-station", Kind::WatchClosed, closed),
        ("suspended-by-a-station", Kind::Suspended, suspended),
        ("resumed-by-a-station", Kind::Resumed, resumed),
    ]
}

fn wrong_suspensions() -> Vec<Vector> {
    let unknown = array(1, |w| {
        w.uint(3);
    });
    let resumed = |name, ids: Vec<EntryId>| {
        let fact = array(1, |w| {
            w.items(&ids);
        });
        of_fact(name, "OL-732", Kind::Resumed, fact)
    };
    vec![
        of_fact(
            "suspended-for-an-unknown-reason",
            "OL-731",
            Kind::Suspended,
            unknown,
        ),
        resumed("resumed-nothing", Vec::new()),
        resumed("resumed-out-of-order", ids([2, 1])),
        resumed("resumed-17", ids(0..17)),
    ]
}

/// A fact, read: what another implementation must have found in the bytes.
pub fn fact(fact: &Fact) -> Value {
    let texts = |ids: &[EntryId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    match fact {
        Fact::Roster(it) => crate::rosters::fact(it),
        Fact::WatchOpened(it) => json!({ "ends": texts(&it.ends), "confirms_ms": it.confirms_ms }),
        Fact::Presence(it) => json!({ "watch": it.watch.to_string() }),
        Fact::HandOver(it) => {
            json!({ "watch": it.watch.to_string(), "to": it.to, "items": texts(&it.items) })
        }
        Fact::HandOverWithdrawn(it) => json!({ "hand_over": it.hand_over.to_string() }),
        Fact::TakeOver(it) => {
            json!({ "hand_over": it.hand_over.to_string(), "confirms_ms": it.confirms_ms })
        }
        Fact::WatchClosed(it) => json!({ "watch": it.watch.to_string() }),
        Fact::Suspended(it) => json!({ "reason": it.reason.word() }),
        Fact::Resumed(it) => json!({ "suspensions": texts(&it.suspensions) }),
        Fact::CallUp(it) => json!({ "turn": it.turn }),
        Fact::Ready(it) => json!({ "call_up": it.call_up.to_string() }),
        Fact::TestText(it) => json!({ "ready": it.ready.to_string() }),
        Fact::TestAnswer(it) => json!({
            "text": it.text.to_string(),
            "by": it.by.word(),
            "content": it.content.to_string(),
        }),
        _ => Value::Null,
    }
}
