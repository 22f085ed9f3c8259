//! The offline verifier in situations: what it finds wrong, and what it refuses to claim.

use crate::support;

use openline_record::chain::LinkError;
use openline_record::finding::{At, Fault, Field, Finding, Place};
use openline_record::report::Missing;
use openline_record::tree::Edge;
use openline_wire::codes::{Kind, Precedence, Stream};
use openline_wire::entry::{Body, Entry, SignedEntry};
use openline_wire::header::{Head, Header};
use openline_wire::ids::{LineId, PartyId};
use openline_wire::key::Signature;
use proptest::prelude::{Just, Strategy as _, prop_assert_eq, proptest};
use support::author::{Boot, Draft, draft, entry_id};
use support::{
    Exchange, chain_report, head_with_presence, in_order, push_all, verifier, verify, verify_under,
};

/// An entry again with another signature or body; unverified, as it would come from a file.
fn altered(entry: &Entry, signature: Signature, body: Option<Body>) -> SignedEntry {
    SignedEntry::new(entry.header_bytes().to_vec(), signature, body).expect("a readable header")
}

fn place(boot: &Boot, stream: Stream, sequence: u64) -> Place {
    let chain = boot.chain(stream);
    Place { chain, sequence }
}

fn only<T>(all: &[T]) -> &T {
    assert_eq!(all.len(), 1, "exactly one was expected");
    &all[0]
}

/// OL-345
#[test]
fn an_intact_record_is_sound_and_counted() {
    let exchange = Exchange::new();
    let report = verify(&exchange.entries);
    assert_eq!(report.findings.kept(), []);
    assert!(report.is_sound() && report.missing.is_empty() && report.divergences.is_empty());
    assert_eq!(report.counts.entries(), 7);
    assert_eq!(report.counts.kinds[&Kind::Start], 2);
    assert_eq!(report.counts.messages[&Precedence::Flash], 2);
    let urgent = chain_report(&report, &exchange.washington, Stream::Urgent);
    assert_eq!((urgent.size, urgent.claimed), (3, None));
    let ids = (0..3).map(|n| exchange.find(&exchange.washington, Stream::Urgent, n).id());
    assert_eq!(urgent.root, ids.collect::<Edge>().root());
}

/// OL-345
#[test]
fn a_forged_signature_is_named_and_the_rest_stays_verified() {
    let exchange = Exchange::new();
    let mut verifier = verifier();
    let target = exchange.find(&exchange.moscow, Stream::Urgent, 1);
    let mut found = None;
    for entry in in_order(&exchange.entries) {
        let mut signature = *entry.signature();
        signature.0[3] ^= u8::from(entry.id() == target.id());
        let pushed = verifier.push(altered(&entry, signature, entry.body().cloned()));
        found = found.or(pushed.err());
    }
    let place = place(&exchange.moscow, Stream::Urgent, 1);
    let expected = Finding {
        at: At::Entry(place),
        field: Field::Signature,
        fault: Fault::Signature,
    };
    assert_eq!(found.as_deref(), Some(&expected));
    let report = verifier.finish();
    assert_eq!(only(report.findings.kept()), &expected);
    assert_eq!(report.counts.entries(), 6);
    assert_eq!(
        chain_report(&report, &exchange.moscow, Stream::Urgent).size,
        1
    );
    assert_eq!(
        chain_report(&report, &exchange.moscow, Stream::Traffic).size,
        2
    );
}

/// OL-304
#[test]
fn an_entry_of_a_node_that_no_card_certifies_counts_for_nothing() {
    let mut stranger = Boot::new(3);
    let report = verify(&[stranger.start(&[], &[])]);
    assert_eq!(only(report.findings.kept()).fault, Fault::UnknownNode);
    assert_eq!((report.counts.entries(), report.chains.len()), (0, 0));
}

/// OL-304
#[test]
fn moscows_node_can_not_speak_for_washington() {
    let mut moscow = Boot::new(1);
    moscow.author.party = PartyId([2; 32]);
    let report = verify(&[moscow.start(&[], &[])]);
    assert_eq!(only(report.findings.kept()).fault, Fault::OtherParty);
}

/// OL-333
#[test]
fn an_entry_of_another_line_does_not_count() {
    let mut moscow = Boot::new(1);
    moscow.line = LineId([0x22; 32]);
    let report = verify(&[moscow.start(&[], &[])]);
    let finding = only(report.findings.kept());
    assert!(matches!(finding.fault, Fault::Link(LinkError::Line { .. })));
    assert_eq!((finding.field, report.counts.entries()), (Field::Line, 0));
}

/// OL-330
#[test]
fn an_entry_that_names_another_predecessor_ends_what_is_proven() {
    let mut exchange = Exchange::new();
    let moscow = &mut exchange.moscow;
    let next = moscow.header(&draft(Precedence::Routine, None));
    let previous = Some(entry_id(9));
    exchange
        .entries
        .push(moscow.sign(Header { previous, ..next }, None));
    exchange.entries.push(moscow.routine("Behind it"));
    let (found, verifier) = push_all(&exchange.entries);
    let finding = only(&found);
    assert_eq!(
        finding.at,
        At::Entry(place(&exchange.moscow, Stream::Traffic, 2))
    );
    assert_eq!(finding.field, Field::Previous);
    let report = verifier.finish();
    let traffic = chain_report(&report, &exchange.moscow, Stream::Traffic);
    assert_eq!((traffic.size, traffic.verified), (2, 4));
}

/// OL-335 OL-342
#[test]
fn what_lies_beyond_a_gap_is_verified_but_the_chain_is_complete_only_to_the_gap() {
    let mut exchange = Exchange::new();
    let lost = exchange.find(&exchange.moscow, Stream::Traffic, 0).id();
    exchange.entries.retain(|entry| entry.id() != lost);
    let report = verify(&exchange.entries);
    assert!(report.is_sound());
    let chain = exchange.moscow.chain(Stream::Traffic);
    let gap = Missing::Gap {
        chain,
        sequences: 0..1,
    };
    assert_eq!(report.missing, [gap]);
    let traffic = chain_report(&report, &exchange.moscow, Stream::Traffic);
    assert_eq!((traffic.size, traffic.verified, traffic.last), (0, 1, None));
}

/// OL-342
#[test]
fn a_chain_cut_short_is_never_called_complete_while_the_other_side_names_more() {
    let mut exchange = Exchange::new();
    let flash = exchange.find(&exchange.moscow, Stream::Urgent, 1).id();
    exchange.entries.retain(|entry| entry.id() != flash);
    let report = verify(&exchange.entries);
    assert!(report.is_sound());
    let urgent = chain_report(&report, &exchange.moscow, Stream::Urgent);
    let by = place(&exchange.washington, Stream::Urgent, 1);
    assert_eq!((urgent.size, urgent.claimed), (1, Some((2, by))));
    // The receipt for it is named, too.
    let target = Missing::Target {
        by,
        field: Field::ReceiptTarget,
        target: flash,
    };
    assert_eq!(report.missing, [target]);
}

/// OL-342
#[test]
fn a_head_that_names_another_entry_than_the_one_held_is_found_on_either_side() {
    // Moscow's chain is pushed before Washington's, so the same lie is met early and late.
    for (liar, other) in [(1, 2), (2, 1)] {
        let (mut liar, mut other) = (Boot::new(liar), Boot::new(other));
        let start = other.start(&[], &[]);
        let chain = start.header().chain();
        let head = Head {
            chain,
            size: 1,
            last: entry_id(9),
        };
        let entries = [start.clone(), liar.start(&[], &[head])];
        let report = verify(&entries);
        let finding = only(report.findings.kept());
        assert_eq!(finding.at, At::Entry(place(&liar, Stream::Urgent, 0)));
        let held = start.id();
        assert!(matches!(finding.fault, Fault::HeadDiffers { held: h, .. } if h == held));
        assert_eq!(finding.field, Field::Heads);
    }
}

/// OL-334
#[test]
fn moscow_signs_two_texts_for_one_place_and_what_follows_is_disputed() {
    let mut exchange = Exchange::new();
    let mut copy = exchange.moscow.clone();
    exchange.entries.push(exchange.moscow.routine("We agree."));
    exchange
        .entries
        .push(exchange.moscow.routine("Until Friday."));
    exchange.entries.push(copy.routine("We do not agree."));
    let report = verify(&exchange.entries);
    assert!(!report.is_sound());
    let fork = only(&report.equivocations);
    assert_eq!(fork.place, place(&exchange.moscow, Stream::Traffic, 2));
    let evidence = fork.evidence.as_ref().expect("both stand side by side");
    assert!(evidence.verify(&exchange.moscow.node_key()));
    let traffic = chain_report(&report, &exchange.moscow, Stream::Traffic);
    assert_eq!((traffic.size, traffic.disputed_from), (2, Some(2)));
    assert_eq!(traffic.verified, 5);
}

/// OL-334
#[test]
fn a_witness_who_saw_either_side_of_a_fork_is_not_blamed() {
    let mut exchange = Exchange::new();
    let mut copy = exchange.moscow.clone();
    let (one, other) = (exchange.moscow.routine("One"), copy.routine("Other"));
    let mut witness = exchange.washington.clone();
    exchange.washington.hold([&one]);
    witness.hold([&other]);
    for seen in [exchange.washington.routine("Seen"), witness.routine("Seen")] {
        let mut entries = exchange.entries.clone();
        entries.extend([one.clone(), other.clone(), seen]);
        let report = verify(&entries);
        assert!(matches!(
            only(report.findings.kept()).fault,
            Fault::Fork { .. }
        ));
    }
}

/// OL-335
#[test]
fn an_entry_pushed_twice_is_found_and_counts_once() {
    let mut exchange = Exchange::new();
    exchange.entries.push(exchange.entries[2].clone());
    let report = verify(&exchange.entries);
    assert_eq!(only(report.findings.kept()).fault, Fault::Twice);
    assert_eq!(report.counts.entries(), 7);
}

/// OL-343
#[test]
fn a_receipt_for_ones_own_message_or_for_a_start_is_found() {
    let mut exchange = Exchange::new();
    let own = exchange.find(&exchange.washington, Stream::Urgent, 2).id();
    let start = exchange.find(&exchange.moscow, Stream::Urgent, 0).id();
    exchange.entries.push(exchange.washington.read(&[own]));
    exchange.entries.push(exchange.washington.read(&[start]));
    let report = verify(&exchange.entries);
    let faults: Vec<_> = report
        .findings
        .kept()
        .iter()
        .map(|f| (f.field, &f.fault))
        .collect();
    assert_eq!(
        faults,
        [
            (Field::ReceiptTarget, &Fault::OwnMessage),
            (Field::ReceiptTarget, &Fault::NoMessage)
        ]
    );
}

/// OL-309
#[test]
fn a_flash_outside_the_urgent_stream_is_found() {
    let mut exchange = Exchange::new();
    let flash = draft(Precedence::Flash, Some("Urgent"));
    let stream = Stream::Traffic;
    exchange
        .entries
        .push(exchange.moscow.write(Draft { stream, ..flash }));
    let report = verify(&exchange.entries);
    assert_eq!(only(report.findings.kept()).fault, Fault::Stream);
}

/// OL-709: by a charter that asks for half an hour.
#[test]
fn a_watch_whose_officer_confirms_less_often_than_the_charter_says_is_found() {
    let half_an_hour = 1_800_000;
    for (confirms_ms, is_found) in [(half_an_hour, false), (half_an_hour + 1, true)] {
        let mut exchange = Exchange::new();
        exchange.begin_watches(confirms_ms);
        let head = head_with_presence(half_an_hour);
        let report = verify_under(&head, &exchange.entries);
        let faults = report.findings.kept().iter();
        let found: Vec<_> = faults.map(|it| (it.field, it.fault.word())).collect();
        let each = (Field::Confirms, "too-seldom");
        assert_eq!(found, vec![each; if is_found { 2 } else { 0 }]);
        // Of what no charter says nothing is found.
        assert!(verify(&exchange.entries).is_sound());
    }
}

/// OL-325
#[test]
fn a_message_whose_body_is_no_text_is_found() {
    let mut exchange = Exchange::new();
    let garbage = Draft {
        body: Some(b"\xFF\xFF".to_vec()),
        ..draft(Precedence::Routine, None)
    };
    exchange.entries.push(exchange.moscow.write(garbage));
    let report = verify(&exchange.entries);
    let finding = only(report.findings.kept());
    assert_eq!(
        (finding.field, finding.fault.word()),
        (Field::Body, "unreadable")
    );
}

/// OL-324
#[test]
fn an_erased_body_breaks_nothing_and_is_counted() {
    let exchange = Exchange::new();
    let whole = verify(&exchange.entries);
    let mut verifier = verifier();
    for entry in in_order(&exchange.entries) {
        let pushed = verifier.push(altered(&entry, *entry.signature(), None));
        assert_eq!(pushed, Ok(entry.id()));
    }
    let report = verifier.finish();
    assert_eq!(report.counts.without_body, 4);
    let committed = |entry: &&Entry| entry.header().commitment.is_some();
    let entries = in_order(&exchange.entries);
    let erased = entries.iter().filter(committed);
    let erased: Vec<_> = erased.map(|it| Place::of(it.header())).collect();
    assert_eq!(report.withheld, erased, "each is named");
    assert_eq!(report.digest(), whole.digest());
}

/// OL-344
#[test]
fn an_entry_of_an_unknown_kind_is_kept_and_counted() {
    let mut exchange = Exchange::new();
    let unknown = Draft {
        kind: Kind::Unknown(99),
        fact: vec![0xF6],
        ..draft(Precedence::Routine, None)
    };
    exchange.entries.push(exchange.moscow.write(unknown));
    let report = verify(&exchange.entries);
    assert!(report.is_sound());
    assert_eq!(report.counts.unknown(), 1);
}

/// OL-346
#[test]
fn records_are_equal_exactly_if_their_digests_are() {
    let mut exchange = Exchange::new();
    let before = verify(&exchange.entries).digest();
    assert_eq!(Exchange::new().entries, exchange.entries);
    exchange
        .entries
        .push(exchange.washington.routine("One more"));
    assert_ne!(verify(&exchange.entries).digest(), before);
    exchange.entries.pop();
    assert_eq!(verify(&exchange.entries).digest(), before);
}

/// OL-345
#[test]
fn a_hostile_record_can_not_make_the_report_grow_without_end() {
    let mut moscow = Boot::new(1);
    let start = moscow.start(&[], &[]);
    let mut verifier = verifier();
    for _ in 0..1_500 {
        let _ = verifier.push(start.as_signed().clone());
    }
    let report = verifier.finish();
    assert_eq!(report.findings.kept().len(), 1_000);
    assert_eq!(report.findings.left_out(), 499);
}

proptest! {
    /// OL-345: chains may be read side by side, as long as each comes in order and starts come first.
    #[test]
    fn chains_may_be_pushed_side_by_side(order in shuffled()) {
        let exchange = Exchange::new();
        let sorted = in_order(&exchange.entries);
        let mut chains: Vec<Vec<&Entry>> = Vec::new();
        for entry in &sorted {
            match chains.last_mut() {
                Some(chain) if chain[0].header().chain() == entry.header().chain() => chain.push(entry),
                _ => chains.push(vec![entry]),
            }
        }
        let mut verifier = verifier();
        // Urgent streams begin first, whatever the order of the rest.
        let urgent = |chain: &&mut Vec<&Entry>| chain[0].header().stream == Stream::Urgent;
        for chain in chains.iter_mut().filter(urgent) {
            verifier.push(chain.remove(0).as_signed().clone()).expect("a start");
        }
        for number in order {
            if let Some(chain) = chains.get_mut(number).filter(|chain| !chain.is_empty()) {
                verifier.push(chain.remove(0).as_signed().clone()).expect("in order");
            }
        }
        for entry in chains.iter().flatten() {
            verifier.push(entry.as_signed().clone()).expect("in order");
        }
        prop_assert_eq!(verifier.finish(), verify(&exchange.entries));
    }
}

fn shuffled() -> impl proptest::strategy::Strategy<Value = Vec<usize>> {
    Just(vec![0, 0, 1, 1, 2, 2, 3, 3]).prop_shuffle()
}
