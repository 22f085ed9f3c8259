//! Record files with the report that must come out: sound ones, and one for each way to be damaged or to
//! show that a party broke a rule.

use openline_record::export::{Head as FileHead, Item, RecordEnd};
use openline_record::tree::Edge;
use openline_wire::cbor::Writer;
use openline_wire::codes::{Answer, Kind, Precedence, Stream};
use openline_wire::entry::{Entry, SignedEntry};
use openline_wire::fact::{Fact, Frontier, Ringing};
use openline_wire::header::{Chain, Head, Header};
use openline_wire::ids::{Author, BootId, Digest, LineId, NodeId, PartyId};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::contacts;
use crate::exercises;
use crate::hex;
use crate::reachable;
use crate::rings;
use crate::support::author::{Boot, Draft, draft, entry_id};
use crate::support::{
    Exchange, export, export_under, head, head_with_presence, in_order, nodes, report_json,
    verify_file,
};
use crate::watch;

#[path = "records/damaged.rs"]
mod damaged;

const HOUR: u64 = 3_600_000;

type Vector = (&'static str, Vec<u8>, Value);

/// Each vector with its name.
pub fn all() -> Vec<Vector> {
    let mut all = sound();
    all.extend(incomplete());
    all.extend(disputed());
    all.extend(wrong_headers());
    all.extend(wrong_contents());
    all.extend(misstated());
    all.extend(other_grounds());
    all.extend(damaged::files());
    all
}

fn vector(name: &'static str, requirement: &str, file: Vec<u8>) -> Vector {
    let report = verify_file(&file, file.len());
    let key = |(node, (party, key)): (_, (PartyId, openline_wire::key::NodeKey))| {
        let node: NodeId = node;
        json!({ "node": node.to_string(), "party": party.to_string(), "key": hex(&key.to_bytes()) })
    };
    let expected = json!({
        "requirement": requirement,
        "nodes": nodes().into_iter().map(key).collect::<Vec<_>>(),
        "report": report_json::report(&report),
    });
    (name, file, expected)
}

/// The exchange, and what `more` adds to it.
fn with(name: &'static str, requirement: &str, more: impl FnOnce(&mut Exchange)) -> Vector {
    let mut exchange = Exchange::new();
    more(&mut exchange);
    vector(name, requirement, export(&exchange.entries))
}

fn sound() -> Vec<Vector> {
    vec![
        with("sound", "OL-360", |_| {}),
        vector("empty", "OL-360", export(&[])),
        with("bodies-withheld", "OL-324", |exchange| {
            for entry in &mut exchange.entries {
                let (header, signature) = (entry.header_bytes().to_vec(), *entry.signature());
                let bare = SignedEntry::new(header, signature, None).expect("without its body");
                *entry = bare.trust_own_store();
            }
        }),
        with("unknown-kind", "OL-344", |exchange| {
            exchange.entries.push(exchange.moscow.write(Draft {
                kind: Kind::Unknown(99),
                fact: vec![0xF6],
                ..draft(Precedence::Routine, None)
            }));
        }),
        with("ring", "OL-504", |exchange| {
            let Exchange {
                moscow,
                washington,
                entries,
            } = exchange;
            entries.extend(rings::whole(moscow, washington, Answer::Decline));
        }),
        with("watch-and-test", "OL-344", |exchange| {
            let Exchange {
                moscow,
                washington,
                entries,
            } = exchange;
            entries.extend(watch::whole_watch(moscow));
            entries.extend(watch::whole_test(moscow, washington));
        }),
        with("contact", "OL-608", |exchange| {
            let Exchange {
                moscow,
                washington,
                entries,
            } = exchange;
            entries.extend(contacts::whole(moscow, washington));
        }),
        with("exercise", "OL-785", |exchange| {
            let Exchange {
                moscow,
                washington,
                entries,
            } = exchange;
            entries.extend(exercises::whole(moscow, washington));
        }),
        with("restarted", "OL-341", |exchange| restart(exchange, 2)),
    ]
}

/// Moscow starts again, knowing the first `known` of his urgent entries and all of his traffic.
fn restart(exchange: &mut Exchange, known: usize) {
    let of = |stream| {
        let chain = exchange.moscow.chain(stream);
        let entries = exchange
            .entries
            .iter()
            .filter(move |e| e.header().chain() == chain);
        entries.map(Entry::id).collect::<Vec<_>>()
    };
    let item = |stream, ids: &[openline_wire::ids::EntryId]| Frontier {
        boot: exchange.moscow.author.boot,
        stream,
        size: ids.len() as u64,
        last: *ids.last().expect("an entry"),
        root: ids.iter().copied().collect::<Edge>().root(),
    };
    let frontier = [
        item(Stream::Urgent, &of(Stream::Urgent)[..known]),
        item(Stream::Traffic, &of(Stream::Traffic)),
    ];
    let mut again = exchange.moscow.reboot(2);
    exchange.entries.push(again.start(&frontier, &[]));
    exchange.entries.push(again.routine("We are back."));
}

fn incomplete() -> Vec<Vector> {
    let lost = |exchange: &mut Exchange, stream, sequence| {
        let id = exchange.find(&exchange.moscow, stream, sequence).id();
        exchange.entries.retain(|entry| entry.id() != id);
    };
    vec![
        with("gap", "OL-335", |exchange| {
            lost(exchange, Stream::Traffic, 0)
        }),
        with("cut-short", "OL-342", |exchange| {
            lost(exchange, Stream::Urgent, 1)
        }),
        with("restored", "OL-341", |exchange| restart(exchange, 1)),
        with("reply-to-nothing", "OL-343", |exchange| {
            exchange.entries.push(exchange.moscow.write(Draft {
                reply_to: Some(entry_id(9)),
                ..draft(Precedence::Routine, Some("As you say."))
            }));
        }),
    ]
}

fn disputed() -> Vec<Vector> {
    vec![
        with("equivocation", "OL-334", |exchange| {
            let mut copy = exchange.moscow.clone();
            exchange.entries.push(exchange.moscow.routine("We agree."));
            exchange
                .entries
                .push(exchange.moscow.routine("Until Friday."));
            exchange.entries.push(copy.routine("We do not agree."));
        }),
        with("head-differs", "OL-342", |exchange| {
            let chain = exchange.moscow.chain(Stream::Traffic);
            let heads = vec![Head {
                chain,
                size: 2,
                last: entry_id(9),
            }];
            let header = exchange.washington.header(&draft(Precedence::Flash, None));
            let entry = exchange.washington.sign(Header { heads, ..header }, None);
            exchange.entries.push(entry);
        }),
        with("frontier-of-another-root", "OL-340", |exchange| {
            let start = exchange.find(&exchange.moscow, Stream::Urgent, 0).id();
            let frontier = Frontier {
                boot: exchange.moscow.author.boot,
                stream: Stream::Urgent,
                size: 1,
                last: start,
                root: Digest([9; 32]),
            };
            exchange
                .entries
                .push(exchange.moscow.reboot(2).start(&[frontier], &[]));
        }),
    ]
}

/// A routine message without a text.
fn message() -> Draft {
    draft(Precedence::Routine, None)
}

/// Authentic headers that break a rule, behind the exchange.
fn wrong_headers() -> Vec<Vector> {
    let moscow = |name, requirement, change: &dyn Fn(&Exchange, Header) -> Header| {
        with(name, requirement, |exchange| {
            let header = change(exchange, exchange.moscow.header(&message()));
            exchange.entries.push(exchange.moscow.sign(header, None));
        })
    };
    let head = |chain, last| {
        vec![Head {
            chain,
            size: 1,
            last,
        }]
    };
    vec![
        moscow("wrong-previous", "OL-330", &|_, header| Header {
            previous: Some(entry_id(9)),
            ..header
        }),
        of_another_line(),
        moscow("own-head", "OL-306", &|_, header| Header {
            heads: head(header.chain(), entry_id(1)),
            ..header
        }),
        moscow("head-that-did-not-move", "OL-306", &|exchange, header| {
            let seen = exchange.find(&exchange.washington, Stream::Urgent, 0);
            let heads = head(seen.header().chain(), seen.id());
            Header { heads, ..header }
        }),
        with("start-not-cited", "OL-331", |exchange| {
            let header = Header {
                heads: Vec::new(),
                ..exchange.washington.header(&message())
            };
            let entry = exchange.washington.sign(header, None);
            exchange.entries.push(entry);
        }),
    ]
}

/// Authentic entries whose content breaks a rule, and one of a stranger.
fn wrong_contents() -> Vec<Vector> {
    let moscow = |name, requirement, draft: &dyn Fn(&Exchange) -> Draft| {
        with(name, requirement, |exchange| {
            let draft = draft(exchange);
            exchange.entries.push(exchange.moscow.write(draft));
        })
    };
    let mut all = vec![
        moscow("flash-outside-the-urgent-stream", "OL-309", &|_| Draft {
            stream: Stream::Traffic,
            ..draft(Precedence::Flash, Some("Urgent!"))
        }),
        moscow("ring-outside-the-urgent-stream", "OL-505", &|_| Draft {
            stream: Stream::Traffic,
            ..rings::of(Kind::Ringing, ringing(), None)
        }),
        moscow("contact-outside-the-urgent-stream", "OL-610", &|_| Draft {
            stream: Stream::Traffic,
            ..rings::of(Kind::ContactClosed, contacts::closed(entry_id(1)), None)
        }),
        moscow("body-that-is-no-text", "OL-325", &|_| Draft {
            body: Some(vec![0xFF]),
            ..message()
        }),
        with("receipt-for-its-own-message", "OL-312", |exchange| {
            let own = exchange.find(&exchange.moscow, Stream::Urgent, 1).id();
            exchange.entries.push(exchange.moscow.read(&[own]));
        }),
        with("receipt-for-a-start", "OL-312", |exchange| {
            let start = exchange.find(&exchange.washington, Stream::Urgent, 0).id();
            exchange.entries.push(exchange.moscow.read(&[start]));
        }),
        with("stranger", "OL-304", |exchange| {
            exchange.entries.push(Boot::new(3).start(&[], &[]));
        }),
    ];
    for (name, longest) in [
        ("watch-confirmed-as-the-charter-says", HOUR),
        ("watch-confirmed-too-seldom", HOUR - 1),
    ] {
        let mut exchange = Exchange::new();
        exchange.begin_watches(HOUR);
        let head = head_with_presence(longest);
        let file = export_under(head, &exchange.entries);
        all.push(vector(name, "OL-709", file));
    }
    let misplaced = watch::misplaced().into_iter();
    let misplaced = misplaced.chain([exercises::misplaced(), reachable::misplaced()]);
    all.extend(
        misplaced.map(|(name, requirement, draft)| moscow(name, requirement, &|_| draft.clone())),
    );
    all
}

fn ringing() -> Fact {
    let ring = entry_id(1);
    Fact::Ringing(Ringing { ring })
}

/// The writer would refuse it, so the file is put together by hand.
fn of_another_line() -> Vector {
    let mut exchange = Exchange::new();
    let message = draft(Precedence::Routine, None);
    let header = Header {
        line: LineId([9; 32]),
        ..exchange.moscow.header(&message)
    };
    exchange.entries.push(exchange.moscow.sign(header, None));
    vector("other-line", "OL-333", sealed(items(&exchange)))
}

/// Files that say something else than they hold; their digests are right.
fn misstated() -> Vec<Vector> {
    let exchange = Exchange::new();
    let edit = |edit: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut items = items(&exchange);
        edit(&mut items);
        sealed(items)
    };
    vec![
        vector(
            "closing-of-another-size",
            "OL-364",
            edit(&|items| {
                *items.get_mut(4).expect("a closing") = item(&Item::ChainEnd {
                    size: 9,
                    root: Digest([0; 32]),
                });
            }),
        ),
        vector(
            "entry-twice",
            "OL-363",
            edit(&|items| items.insert(3, items[2].clone())),
        ),
        vector(
            "entries-out-of-order",
            "OL-363",
            edit(&|items| items.swap(2, 3)),
        ),
        vector(
            "entry-under-another-heading",
            "OL-363",
            edit(&|items| {
                let moved = items.remove(3);
                items.insert(items.len() - 1, moved);
            }),
        ),
        vector(
            "chain-twice",
            "OL-362",
            edit(&|items| {
                let again = items[1..5].to_vec();
                items.extend(again);
            }),
        ),
        vector("no-closing", "OL-360", edit(&|items| drop(items.remove(4)))),
        vector(
            "heading-without-entries",
            "OL-362",
            edit(&|items| items.extend(empty_chain())),
        ),
    ]
}

/// A heading and a closing, behind all that a record has.
fn empty_chain() -> [Vec<u8>; 2] {
    let chain = Chain {
        author: Author {
            party: PartyId([0xff; 32]),
            node: NodeId([0; 32]),
            boot: BootId([0; 16]),
        },
        stream: Stream::Urgent,
    };
    let closing = Item::ChainEnd {
        size: 0,
        root: Edge::default().root(),
    };
    [item(&Item::Chain(chain)), item(&closing)]
}

/// Another head before the same entries, and a digest that fits it: only what the parties signed of charter and
/// cards tells.
fn other_grounds() -> Vec<Vector> {
    let mut compared = Exchange::new();
    compared.compare_number();
    let of = |name, head, exchange: &Exchange| {
        vector(name, "OL-347", export_under(head, &exchange.entries))
    };
    let other_charter = || FileHead {
        charter: b"the chapter".to_vec(),
        ..head()
    };
    let no_charter = || FileHead {
        charter: Vec::new(),
        ..head()
    };
    let [moscow, washington] = [0, 1].map(|n| head().cards[n].clone());
    let cards = |cards: Vec<Vec<u8>>| FileHead { cards, ..head() };
    let exporter = FileHead {
        exported_by: PartyId([9; 32]),
        ..head()
    };
    vec![
        of("number-compared", head(), &compared),
        of("charter-changed", other_charter(), &compared),
        of(
            "charter-changed-and-nobody-signed-it",
            other_charter(),
            &Exchange::new(),
        ),
        of("charter-missing", no_charter(), &compared),
        of(
            "charter-missing-and-nobody-signed-it",
            no_charter(),
            &Exchange::new(),
        ),
        of(
            "card-changed",
            cards(vec![moscow.clone(), b"Washington's cord".to_vec()]),
            &compared,
        ),
        of("card-missing", cards(vec![moscow.clone()]), &compared),
        of(
            "cards-in-another-order",
            cards(vec![washington, moscow]),
            &compared,
        ),
        of("exported-by-a-stranger", exporter, &compared),
    ]
}

/// The items of the exchange's file without the end: a head; Moscow's urgent heading, two entries and
/// closing; and so on.
fn items(exchange: &Exchange) -> Vec<Vec<u8>> {
    let mut items = vec![item(&Item::Head(head()))];
    let entries = in_order(&exchange.entries);
    for chain in entries.chunk_by(|a, b| a.header().chain() == b.header().chain()) {
        use openline_wire::cbor::Canonical as _;
        items.push(item(&Item::Chain(chain[0].header().chain())));
        items.extend(chain.iter().map(|entry| entry.as_signed().to_bytes()));
        let edge: Edge = chain.iter().map(Entry::id).collect();
        items.push(item(&Item::ChainEnd {
            size: edge.size(),
            root: edge.root(),
        }));
    }
    items
}

fn item(item: &Item<'_>) -> Vec<u8> {
    let mut w = Writer::new();
    item.write(&mut w);
    w.into_bytes()
}

/// The items with an end that fits them.
fn sealed(items: Vec<Vec<u8>>) -> Vec<u8> {
    let count = |begin: &[u8]| items.iter().filter(|i| i.starts_with(begin)).count() as u64;
    let end = Item::RecordEnd(RecordEnd {
        chains: count(b"\x85\x65chain"),
        // An entry begins with the bytes of its header.
        entries: count(b"\x84\x58") + count(b"\x84\x59"),
        digest: Digest(Sha256::digest(items.concat()).into()),
    });
    [items.concat(), item(&end)].concat()
}
