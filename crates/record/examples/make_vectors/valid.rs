//! Entries that everybody accepts: one for each kind, and what is rare in a header.

use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Kind, Mark, Precedence, SilenceReason, Stream};
use openline_wire::entry::Entry;
use openline_wire::fact::{Fact, Frontier, NumberCompared, Receipt, Silence};
use openline_wire::header::{Chain, Head, Header};
use openline_wire::ids::Digest;
use openline_wire::text::Text;
use serde_json::{Value, json};

use crate::contacts;
use crate::exercises;
use crate::hex;
use crate::reachable;
use crate::rings;
use crate::rosters;
use crate::support::author::{Boot, Draft, draft, entry_id};
use crate::watch;

/// Each vector with its name.
pub fn all() -> Vec<(&'static str, Value)> {
    let mut moscow = Boot::new(1);
    let first = moscow.start(&[], &[]);
    let mut washington = Boot::new(2);
    washington.hold([&first]);
    let second = washington.start(&[], &[]);
    moscow.hold([&second]);
    let flash = moscow.flash("Stop the convoy at the bridge.");
    washington.hold([&flash]);
    let rings = rings::valid(&mut moscow.clone(), &mut washington.clone());
    let contacts = contacts::valid(&mut moscow.clone(), &mut washington.clone());
    let exercises = exercises::valid(&mut moscow.clone(), &mut washington.clone());
    let mut all = vec![
        entry("start-of-a-first-boot", "OL-313", &first),
        entry("start-with-a-head", "OL-306", &second),
        entry("start-with-a-frontier", "OL-313", &restarted(&moscow)),
        entry("flash", "OL-303", &flash),
        entry("receipt", "OL-312", &washington.clone().read(&[flash.id()])),
        entry(
            "routine-in-russian",
            "OL-325",
            &moscow.clone().routine("Колонна остановлена."),
        ),
        entry("reply", "OL-303", &reply(&mut washington.clone(), &flash)),
        entry("exercise", "OL-303", &exercise(&mut moscow.clone())),
        entry("silence", "OL-314", &silence(&mut moscow.clone())),
        entry(
            "number-compared",
            "OL-315",
            &number_compared(&mut moscow.clone()),
        ),
        entry("service-note", "OL-308", &note(&mut moscow.clone())),
        entry("unknown-kind", "OL-308", &unknown(&mut moscow.clone())),
        entry("large-numbers", "OL-301", &large(&mut moscow.clone())),
        withheld(&flash),
    ];
    all.extend(rings);
    all.extend(contacts);
    all.extend(exercises);
    all.extend(watch::valid(&mut moscow, &mut washington));
    all.extend(rosters::valid(&moscow));
    all.extend(reachable::valid(&moscow));
    all
}

/// The vector of an entry.
pub fn entry(name: &'static str, shows: &str, entry: &Entry) -> (&'static str, Value) {
    let body = entry.body();
    let text = body.and_then(|body| Text::from_bytes(&body.content).ok());
    let vector = json!({
        "requirement": shows,
        "node_key": hex(&key_of(entry)),
        "stored": hex(&entry.as_signed().to_bytes()),
        "header": hex(entry.header_bytes()),
        "signature": hex(&entry.signature().0),
        "salt": body.map(|body| hex(&body.salt)),
        "content": body.map(|body| hex(&body.content)),
        "id": entry.id().to_string(),
        "cose": hex(&entry.to_cose()),
        "fields": fields(entry.header()),
        "text": text.map(|t| json!({ "language": t.language, "text": t.text })),
    });
    (name, vector)
}

/// An entry without its body is as authentic as before.
fn withheld(flash: &Entry) -> (&'static str, Value) {
    let (header, signature) = (flash.header_bytes().to_vec(), *flash.signature());
    let signed = openline_wire::entry::SignedEntry::new(header, signature, None);
    let signed = signed.expect("an entry may come without its body");
    let key = Boot::new(flash.header().author.party.0[0]).node_key();
    entry(
        "withheld-body",
        "OL-324",
        &signed.verify(&key).expect("our own signature"),
    )
}

fn key_of(entry: &Entry) -> [u8; 32] {
    Boot::new(entry.header().author.party.0[0])
        .node_key()
        .to_bytes()
}

fn restarted(moscow: &Boot) -> Entry {
    let item = |boot: u8, stream, size| Frontier {
        boot: openline_wire::ids::BootId([boot; 16]),
        stream,
        size,
        last: entry_id(size as u8),
        root: Digest([boot; 32]),
    };
    let frontier = [
        item(1, Stream::Urgent, 24),
        item(1, Stream::Traffic, 7),
        item(2, Stream::Urgent, 1),
    ];
    moscow.reboot(3).start(&frontier, &[])
}

fn reply(washington: &mut Boot, flash: &Entry) -> Entry {
    washington.write(Draft {
        reply_to: Some(flash.id()),
        ..draft(Precedence::Immediate, Some("It has stopped."))
    })
}

fn exercise(moscow: &mut Boot) -> Entry {
    moscow.write(Draft {
        mark: Mark::Exercise,
        ..draft(
            Precedence::Priority,
            Some("Exercise. A fire is reported. Exercise."),
        )
    })
}

fn fact_only(kind: Kind, fact: Fact) -> Draft {
    Draft {
        kind,
        fact: fact.to_bytes(),
        ..draft(Precedence::Routine, None)
    }
}

fn silence(moscow: &mut Boot) -> Entry {
    let fact = Fact::Silence(Silence {
        from: moscow.clock,
        until: moscow.clock + 600_000,
        reason: SilenceReason::Restart,
    });
    moscow.write(fact_only(Kind::Silence, fact))
}

fn number_compared(moscow: &mut Boot) -> Entry {
    let fact = Fact::NumberCompared(NumberCompared {
        own_card: Digest([0xA1; 32]),
        other_card: Digest([0xA2; 32]),
        charter: Digest([0xC0; 32]),
    });
    moscow.write(fact_only(Kind::NumberCompared, fact))
}

fn note(moscow: &mut Boot) -> Entry {
    moscow.write(Draft {
        kind: Kind::ServiceNote,
        stream: Stream::Service,
        ..draft(Precedence::Routine, Some("Your carrier fades at dusk."))
    })
}

fn unknown(moscow: &mut Boot) -> Entry {
    moscow.write(Draft {
        kind: Kind::Unknown(4_711),
        fact: vec![0x82, 0x01, 0x02],
        body: Some(b"not for this version".to_vec()),
        ..draft(Precedence::Routine, None)
    })
}

/// Integers of eight bytes, a head of the largest size, the last millisecond.
fn large(moscow: &mut Boot) -> Entry {
    let header = moscow.header(&draft(Precedence::Flash, None));
    let chain = Boot::new(2).chain(Stream::Service);
    let header = Header {
        sequence: u64::MAX - 1,
        heads: vec![Head {
            chain,
            size: u64::MAX,
            last: entry_id(0xEE),
        }],
        time: openline_wire::limits::LATEST_TIME_MS,
        kind: Kind::Unknown(u64::MAX),
        ..header
    };
    moscow.sign_beside(&header, None)
}

/// The header, read: what another implementation must have found in the bytes.
fn fields(header: &Header) -> Value {
    let Chain { author, stream } = header.chain();
    json!({
        "line": header.line.to_string(),
        "party": author.party.to_string(),
        "node": author.node.to_string(),
        "boot": author.boot.to_string(),
        "stream": stream.word(),
        "sequence": header.sequence,
        "previous": header.previous.map(|id| id.to_string()),
        "heads": header.heads.iter().map(head).collect::<Vec<_>>(),
        "time": header.time,
        "kind": header.kind.code(),
        "mark": header.mark.word(),
        "precedence": header.precedence.word(),
        "reply_to": header.reply_to.map(|id| id.to_string()),
        "actor": {
            "name": header.actor.name,
            "attestation": header.actor.attestation.word(),
            "evidence": header.actor.evidence,
        },
        "fact": fact(&Fact::of(header).expect("a fact of its kind")),
        "commitment": header.commitment.map(|digest| digest.to_string()),
    })
}

fn head(
    Head {
        chain: Chain { author, stream },
        size,
        last,
    }: &Head,
) -> Value {
    json!({
        "party": author.party.to_string(),
        "node": author.node.to_string(),
        "boot": author.boot.to_string(),
        "stream": stream.word(),
        "size": size,
        "last": last.to_string(),
    })
}

fn fact(fact: &Fact) -> Value {
    match fact {
        Fact::Start(start) => json!({
            "frontier": start.frontier.iter().map(frontier).collect::<Vec<_>>(),
        }),
        Fact::Receipt(Receipt { stage, targets }) => {
            let targets: Vec<_> = targets.iter().map(ToString::to_string).collect();
            json!({ "stage": stage.word(), "targets": targets })
        }
        Fact::Silence(s) => json!({ "from": s.from, "until": s.until, "reason": s.reason.word() }),
        Fact::NumberCompared(compared) => json!({
            "own_card": compared.own_card.to_string(),
            "other_card": compared.other_card.to_string(),
            "charter": compared.charter.to_string(),
        }),
        Fact::Verifying(_)
        | Fact::Verified(_)
        | Fact::Proposal(_)
        | Fact::ReadBack(_)
        | Fact::Settlement(_)
        | Fact::ContactClosed(_) => contacts::fact(fact),
        other => rings::fact(other)
            .or_else(|| exercises::fact(other))
            .or_else(|| reachable::fact(other))
            .unwrap_or_else(|| watch::fact(other)),
    }
}

fn frontier(item: &Frontier) -> Value {
    json!({
        "boot": item.boot.to_string(),
        "stream": item.stream.word(),
        "size": item.size,
        "last": item.last.to_string(),
        "root": item.root.to_string(),
    })
}
