//! Entries of contacts: right ones, and one for each way to be wrong.

#[path = "contacts/settlements.rs"]
mod settlements;

use openline_wire::cbor::Writer;
use openline_wire::codes::{Answer, Comparison, Kind, Settled};
use openline_wire::entry::Entry;
use openline_wire::fact::{
    ContactClosed, Fact, Proposal, ReadBack, Settlement, Step, Verified, Verifying,
    nonce_commitment,
};
use openline_wire::header::{Actor, Header};
use openline_wire::ids::EntryId;
use openline_wire::place::Place;
use openline_wire::terms::Terms;
use openline_wire::zoned::Zoned;
use serde_json::{Value, json};

use crate::defects::{header, of_fact, of_header};
use crate::hex;
use crate::rings;
use crate::support::author::{Boot, entry_id, person};
use crate::valid::entry;

type Vector = (&'static str, Value);

const NONCES: [[u8; 16]; 2] = [[0xAA; 16], [0xBB; 16]];

/// Moscow rang and Washington accepted; they verify, and Moscow proposes.
pub fn valid(moscow: &mut Boot, washington: &mut Boot) -> Vec<Vector> {
    let all = whole(moscow, washington);
    let [
        ..,
        commits,
        shares,
        reveals,
        agreed,
        _,
        proposal,
        read_back,
        confirmed,
        closed,
    ] = &all[..]
    else {
        panic!("nine entries behind the ring's");
    };
    let contact = all[0].id();
    let more = |kind, fact| moscow.clone().write(rings::of(kind, fact, None));
    let differed = Fact::Verified(Verified {
        contact,
        code: reveals.id(),
        said: Comparison::Differed,
    });
    let corrected = Fact::Proposal(Proposal {
        contact,
        corrects: Some(proposal.id()),
        terms: narrow(),
    });
    let withdrawn = settled(contact, proposal.id(), None);
    let lapsed = settlements::lapsed(moscow, contact, proposal.id());
    vec![
        entry("verifying-commits", "OL-604", commits),
        entry("verifying-shares", "OL-604", shares),
        entry("verifying-reveals", "OL-604", reveals),
        entry("verified-agreed", "OL-605", agreed),
        entry(
            "verified-differed",
            "OL-605",
            &more(Kind::Verified, differed),
        ),
        entry("proposal", "OL-606", proposal),
        entry(
            "proposal-that-corrects",
            "OL-606",
            &more(Kind::Proposal, corrected),
        ),
        entry("read-back", "OL-607", read_back),
        entry("settlement-confirmed", "OL-608", confirmed),
        entry(
            "settlement-withdrawn",
            "OL-608",
            &more(Kind::Settlement, withdrawn),
        ),
        entry("settlement-lapsed", "OL-608", &lapsed),
        entry("contact-closed", "OL-609", closed),
    ]
}

/// A contact from its ring to its end.
pub fn whole(moscow: &mut Boot, washington: &mut Boot) -> Vec<Entry> {
    let mut all = rings::whole(moscow, washington, Answer::Accept).to_vec();
    let (contact, outcome) = (all[0].id(), all[3].id());
    all.extend(verified(moscow, washington, contact, outcome));
    all.extend(agreed(moscow, washington, contact));
    let text = Some("Until tomorrow.");
    let end = rings::of(Kind::ContactClosed, closed(contact), text);
    all.push(moscow.write(end));
    all
}

/// Writes an entry that the other side then holds.
fn say(by: &mut Boot, other: &mut Boot, (kind, fact): (Kind, Fact), text: Option<&str>) -> Entry {
    let entry = by.write(rings::of(kind, fact, text));
    other.hold([&entry]);
    entry
}

fn verified(
    moscow: &mut Boot,
    washington: &mut Boot,
    contact: EntryId,
    outcome: EntryId,
) -> [Entry; 5] {
    let step = |step| {
        let fact = Fact::Verifying(Verifying { contact, step });
        (Kind::Verifying, fact)
    };
    let [nonce, other] = NONCES;
    let commits = step(Step::Commits {
        outcome,
        generation: 0,
        epoch: 1,
        commitment: nonce_commitment(&contact, &nonce),
    });
    let commits = say(moscow, washington, commits, None);
    let shares = step(Step::Shares {
        commits: commits.id(),
        nonce: other,
    });
    let shares = say(washington, moscow, shares, None);
    let reveals = step(Step::Reveals {
        shares: shares.id(),
        nonce,
    });
    let reveals = say(moscow, washington, reveals, None);
    let word = Fact::Verified(Verified {
        contact,
        code: reveals.id(),
        said: Comparison::Agreed,
    });
    let ours = say(moscow, washington, (Kind::Verified, word.clone()), None);
    let theirs = say(washington, moscow, (Kind::Verified, word), None);
    [commits, shares, reveals, ours, theirs]
}

fn agreed(moscow: &mut Boot, washington: &mut Boot, contact: EntryId) -> [Entry; 3] {
    let fact = Fact::Proposal(Proposal {
        contact,
        corrects: None,
        terms: wide(),
    });
    let text = Some("No fire between the two bridges.");
    let proposal = say(moscow, washington, (Kind::Proposal, fact), text);
    let fact = Fact::ReadBack(ReadBack {
        contact,
        proposal: proposal.id(),
        terms: wide(),
    });
    let read_back = say(washington, moscow, (Kind::ReadBack, fact), None);
    let fact = settled(contact, proposal.id(), Some(read_back.id()));
    let settlement = say(moscow, washington, (Kind::Settlement, fact), None);
    [proposal, read_back, settlement]
}

/// A contact is over.
pub fn closed(contact: EntryId) -> Fact {
    Fact::ContactClosed(ContactClosed { contact })
}

fn settled(contact: EntryId, proposal: EntryId, cites: Option<EntryId>) -> Fact {
    let settled = match cites {
        Some(_) => Settled::Confirmed,
        None => Settled::Withdrawn,
    };
    Fact::Settlement(Settlement {
        contact,
        proposal,
        settled,
        cites,
    })
}

fn time(text: &str) -> Zoned {
    text.parse().expect("a time")
}

/// Both forms of places, south and west, all times.
fn wide() -> Terms {
    let place = |text: &str| text.parse().expect("a place");
    Terms {
        places: vec![
            place("50.450123N 30.523456E"),
            place("36U UA 23456 78901"),
            place("33 51.4083S 68 18 10.8W"),
        ],
        from: time("2022-05-20T06:00+03:00"),
        until: Some(time("2022-05-21T06:00+03:00")),
        next_contact: Some(time("2022-05-20T00:30-03:30")),
    }
}

/// As little as there may be.
fn narrow() -> Terms {
    Terms {
        places: Vec::new(),
        from: time("2022-05-20T07:00Z"),
        until: None,
        next_contact: None,
    }
}

/// Each with one defect.
pub fn defects() -> Vec<Vector> {
    let mut all = wrong_steps();
    all.extend(wrong_words());
    all.extend(settlements::wrong());
    all.extend(wrong_places());
    all.extend(wrong_terms());
    all
}

/// A fact of a contact, with what stands behind its name.
fn fact_of(items: usize, write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(items).item(&entry_id(1));
    write(&mut w);
    w.into_bytes()
}

fn wrong_steps() -> Vec<Vector> {
    let of = |name, items, write: &dyn Fn(&mut Writer)| {
        of_fact(name, "OL-604", Kind::Verifying, fact_of(items, write))
    };
    vec![
        of("verifying-under-the-tape", 6, &|w| {
            w.uint(0)
                .item(&entry_id(2))
                .uint(0)
                .uint(0)
                .item(&entry_id(3));
        }),
        of("verifying-by-an-unknown-step", 4, &|w| {
            w.uint(3).item(&entry_id(2)).bytes(&NONCES[0]);
        }),
        of("verifying-with-a-short-nonce", 4, &|w| {
            w.uint(1).item(&entry_id(2)).bytes(&NONCES[0][1..]);
        }),
        of("verifying-that-shares-and-commits", 6, &|w| {
            w.uint(1)
                .item(&entry_id(2))
                .uint(0)
                .uint(1)
                .item(&entry_id(3));
        }),
    ]
}

/// A fact that a person signs.
fn said(name: &'static str, requirement: &str, kind: Kind, fact: Vec<u8>) -> Vector {
    by(name, requirement, kind, (fact, person()))
}

fn by(
    name: &'static str,
    requirement: &str,
    kind: Kind,
    (fact, actor): (Vec<u8>, Actor),
) -> Vector {
    let header = Header {
        kind,
        actor,
        fact,
        ..header()
    };
    of_header(name, requirement, header)
}

fn wrong_words() -> Vec<Vector> {
    let agreed = fact_of(3, |w| {
        w.item(&entry_id(2)).uint(0);
    });
    let unknown = fact_of(3, |w| {
        w.item(&entry_id(2)).uint(2);
    });
    let nameless = Actor {
        name: " ".to_owned(),
        ..person()
    };
    let close = closed(entry_id(1)).to_bytes();
    vec![
        by(
            "verified-by-a-station",
            "OL-610",
            Kind::Verified,
            (agreed, Actor::station()),
        ),
        by(
            "contact-closed-by-nobody",
            "OL-610",
            Kind::ContactClosed,
            (close, nameless),
        ),
        said(
            "verified-with-an-unknown-word",
            "OL-605",
            Kind::Verified,
            unknown,
        ),
        said(
            "contact-closed-of-nothing",
            "OL-609",
            Kind::ContactClosed,
            vec![0x81, 0xF6],
        ),
    ]
}

/// A read-back of a proposal with these places and times.
fn read_back(places: &[&dyn Fn(&mut Writer)], times: &dyn Fn(&mut Writer)) -> Vec<u8> {
    fact_of(3, |w| {
        w.item(&entry_id(2)).array(4).array(places.len());
        places.iter().for_each(|write| write(w));
        times(w);
    })
}

fn zoned(w: &mut Writer, utc_s: u64, offset_min: i64) {
    w.array(2).uint(utc_s).int(offset_min);
}

fn some_time(w: &mut Writer) {
    zoned(w, 1_653_000_000, 180);
    w.null().null();
}

fn wrong_places() -> Vec<Vector> {
    let of = |name, place: &dyn Fn(&mut Writer)| {
        let fact = read_back(&[place], &some_time);
        said(name, "OL-601", Kind::ReadBack, fact)
    };
    let degrees = |w: &mut Writer, latitude: i64, longitude: i64| {
        w.array(3).uint(0).int(latitude).int(longitude);
    };
    let grid = |w: &mut Writer, text: &str| {
        w.array(2).uint(1).text(text);
    };
    vec![
        of("place-beyond-the-pole", &|w| degrees(w, 3_240_000_001, 0)),
        of("place-beyond-180-degrees", &|w| {
            degrees(w, 0, 6_480_000_001)
        }),
        of("place-at-180-degrees-west", &|w| {
            degrees(w, 0, -6_480_000_000)
        }),
        of("place-in-an-unknown-form", &|w| {
            w.array(3).uint(2).int(0).int(0);
        }),
        of("place-with-half-a-value", &|w| {
            w.array(2).uint(0).int(0);
        }),
        of("grid-in-small-letters", &|w| grid(w, "36uua2345678901")),
        of("grid-with-spaces", &|w| grid(w, "36U UA 234 789")),
        of("grid-in-zone-61", &|w| grid(w, "61UUA2345678901")),
        of("grid-with-the-letter-i", &|w| grid(w, "36UIA2345678901")),
        of("grid-with-an-odd-number-of-digits", &|w| {
            grid(w, "36UUA234567890")
        }),
        of("grid-too-coarse", &|w| grid(w, "36UUA2378")),
    ]
}

fn wrong_terms() -> Vec<Vector> {
    let of = |name, requirement, times: &dyn Fn(&mut Writer)| {
        said(name, requirement, Kind::ReadBack, read_back(&[], times))
    };
    let at = |name, utc_s, offset_min| {
        let times = move |w: &mut Writer| {
            zoned(w, utc_s, offset_min);
            w.null().null();
        };
        of(name, "OL-602", &times)
    };
    let ends = |name, until| {
        let times = move |w: &mut Writer| {
            zoned(w, 1_653_000_000, 180);
            zoned(w, until, 0);
            w.null();
        };
        of(name, "OL-603", &times)
    };
    let here = |w: &mut Writer| {
        w.array(3).uint(0).int(0).int(0);
    };
    let here: &dyn Fn(&mut Writer) = &here;
    let nine = read_back(&[here; 9], &some_time);
    vec![
        at("zone-of-ten-minutes", 1_653_000_000, 190),
        at("zone-too-far-east", 1_653_000_000, 855),
        at("zone-too-far-west", 1_653_000_000, -735),
        at("time-beyond-the-calendar", 253_402_300_800, 0),
        at("local-time-beyond-the-calendar", 253_402_300_799, 15),
        at("local-time-before-the-calendar", 0, -15),
        ends("terms-that-end-as-they-begin", 1_653_000_000),
        ends("terms-that-end-before-they-begin", 1_652_999_999),
        said("terms-of-nine-places", "OL-603", Kind::ReadBack, nine),
    ]
}

/// A fact of a contact, read: what another implementation must have found in the bytes.
pub fn fact(fact: &Fact) -> Value {
    match fact {
        Fact::Verifying(it) => verifying(it),
        Fact::Verified(it) => json!({
            "contact": it.contact.to_string(),
            "code": it.code.to_string(),
            "said": it.said.word(),
        }),
        Fact::Proposal(it) => json!({
            "contact": it.contact.to_string(),
            "corrects": it.corrects.map(|id| id.to_string()),
            "terms": terms(&it.terms),
        }),
        Fact::ReadBack(it) => json!({
            "contact": it.contact.to_string(),
            "proposal": it.proposal.to_string(),
            "terms": terms(&it.terms),
        }),
        Fact::Settlement(it) => json!({
            "contact": it.contact.to_string(),
            "proposal": it.proposal.to_string(),
            "settled": it.settled.word(),
            "cites": it.cites.map(|id| id.to_string()),
        }),
        Fact::ContactClosed(it) => json!({ "contact": it.contact.to_string() }),
        _ => Value::Null,
    }
}

fn verifying(it: &Verifying) -> Value {
    let contact = it.contact.to_string();
    let word = it.step.code().word();
    match &it.step {
        Step::Commits {
            outcome,
            generation,
            epoch,
            commitment,
        } => json!({
            "contact": contact,
            "step": word,
            "outcome": outcome.to_string(),
            "generation": generation,
            "epoch": epoch,
            "commitment": commitment.to_string(),
        }),
        Step::Shares {
            commits: after,
            nonce,
        }
        | Step::Reveals {
            shares: after,
            nonce,
        } => {
            json!({ "contact": contact, "step": word, "after": after.to_string(), "nonce": hex(nonce) })
        }
    }
}

/// With the texts that people read: another implementation must write them alike.
fn terms(terms: &Terms) -> Value {
    let time = |time: &Zoned| time.to_string();
    json!({
        "places": terms.places.iter().map(Place::to_string).collect::<Vec<_>>(),
        "from": time(&terms.from),
        "until": terms.until.as_ref().map(time),
        "next_contact": terms.next_contact.as_ref().map(time),
    })
}
