//! What is proposed, read back, corrected and confirmed.

use openline_proto::contact::book::NotDone;
use openline_proto::contact::typed::{Fields, Typed};
use openline_proto::contact::view::{Standing, Void};
use openline_wire::codes::{Comparison, Settled};
use openline_wire::fact::{Fact, Proposal, Settlement};
use openline_wire::ids::EntryId;
use openline_wire::terms::Term;

use super::stations::{FIELDS, MOSCOW, Pair, Station, misread, typed};

/// OL-606 OL-607 OL-608 OL-642 OL-643
#[test]
fn washington_proposes_moscow_reads_back_and_washington_confirms() {
    let mut pair = Pair::verified();
    let proposal = pair.propose(None);
    assert_eq!(pair.proposal(&proposal), Standing::Open);
    assert_eq!(pair.confirm(&proposal), Err(NotDone::NotReadBack));
    let read_back = pair.read_back(&proposal, typed(FIELDS));
    assert_eq!(pair.proposal(&proposal), Standing::ReadBack(read_back));
    pair.confirm(&proposal).expect("it was read back");
    assert_eq!(pair.proposal(&proposal), Standing::Confirmed(read_back));
    assert_eq!(pair.confirm(&proposal), Err(NotDone::TooLate));
}

/// OL-642: what is misread is named, and can be read back again.
#[test]
fn moscow_misreads_the_hour() {
    let mut pair = Pair::verified();
    let proposal = pair.propose(None);
    let wrong = pair.read_back(&proposal, misread());
    let differs = Standing::ReadDifferently(wrong, vec![Term::From]);
    assert_eq!(pair.proposal(&proposal), differs);
    assert_eq!(pair.confirm(&proposal), Err(NotDone::ReadDifferently));
    let right = pair.read_back(&proposal, typed(FIELDS));
    pair.confirm(&proposal).expect("it was read back");
    assert_eq!(pair.proposal(&proposal), Standing::Confirmed(right));
}

/// What somebody may type who means this text: each digit changed, each letter of a hemisphere and each sign of a zone turned round.
fn slips(text: &str) -> Vec<String> {
    let mut slips = Vec::new();
    for (at, char) in text.char_indices() {
        let others = match char {
            '0'..='9' => "0123456789",
            'N' | 'S' => "NS",
            'E' | 'W' => "EW",
            '+' => "-",
            _ => "",
        };
        for other in others.chars().filter(|other| *other != char) {
            let mut slip = text.to_owned();
            slip.replace_range(at..=at, &other.to_string());
            slips.push(slip);
        }
    }
    slips
}

/// All that can go wrong in one place of what Moscow types, as far as it is taken at all.
fn mistyped() -> Vec<Typed> {
    let mut all = Vec::new();
    let mut take = |fields: Fields<'_>| all.extend(Typed::read(fields));
    for (at, place) in FIELDS.places.iter().enumerate() {
        let exchanged = [
            "30.5234N 50.4501E".to_owned(),
            "36U UA 78901 23456".to_owned(),
        ];
        for slip in slips(place).iter().chain([&exchanged[at]]) {
            let mut places = FIELDS.places.to_vec();
            places[at] = slip;
            let places = &places;
            take(Fields { places, ..FIELDS });
        }
    }
    for from in slips(FIELDS.from) {
        take(Fields {
            from: &from,
            ..FIELDS
        });
    }
    for (zone, next) in [("+02:00", "Z"), ("Z", "+00:15"), ("Z", "+03:00")] {
        let from = FIELDS.from.replace(zone, next);
        let next = FIELDS.next_contact.map(|it| it.replace(zone, next));
        if from != FIELDS.from || next.as_deref() != FIELDS.next_contact {
            let next_contact = next.as_deref();
            take(Fields {
                from: &from,
                next_contact,
                ..FIELDS
            });
        }
    }
    for slip in slips(FIELDS.until.expect("an end")) {
        let until = Some(slip.as_str());
        take(Fields { until, ..FIELDS });
    }
    take(Fields {
        until: None,
        ..FIELDS
    });
    take(Fields {
        next_contact: None,
        ..FIELDS
    });
    take(Fields {
        places: &FIELDS.places[..1],
        ..FIELDS
    });
    all
}

/// OL-642 OL-643: no single slip of Moscow's finger is ever confirmed.
#[test]
fn every_changed_digit_exchanged_pair_and_zone_is_caught() {
    let verified = Pair::verified();
    let all = mistyped();
    assert!(all.len() > 300, "{}", all.len());
    for typed in all {
        let mut pair = verified.clone();
        let proposal = pair.propose(None);
        let wrong = pair.read_back(&proposal, typed.clone());
        let Standing::ReadDifferently(named, terms) = pair.proposal(&proposal) else {
            panic!("not noticed: {typed:?}");
        };
        assert!(named == wrong && !terms.is_empty());
        assert_eq!(pair.confirm(&proposal), Err(NotDone::ReadDifferently));
        // Nor if the station that proposed lies about it.
        pair.washington.write(Fact::Settlement(Settlement {
            contact: pair.contact,
            proposal,
            settled: Settled::Confirmed,
            cites: Some(wrong),
        }));
        pair.settle();
        assert_eq!(
            pair.proposal(&proposal),
            Standing::ReadDifferently(wrong, terms)
        );
    }
}

/// OL-642 OL-643: who proposed reads nothing back, and who reads back settles nothing.
#[test]
fn each_side_does_its_own_part_only() {
    let mut pair = Pair::verified();
    let proposal = pair.propose(None);
    let own = pair.washington.book.read_back(
        &pair.contact,
        &proposal,
        typed(FIELDS),
        &pair.washington.rings,
    );
    assert_eq!(own, Err(NotDone::OurProposal));
    let read_back = pair.read_back(&proposal, typed(FIELDS));
    let it = &mut pair.moscow;
    assert_eq!(
        it.book.confirm(&pair.contact, &proposal, &it.rings),
        Err(NotDone::TheirProposal)
    );
    let withdrawn = it.book.withdraw(&pair.contact, &proposal, &it.rings);
    assert_eq!(withdrawn, Err(NotDone::TheirProposal));
    for (settled, cites) in [
        (Settled::Withdrawn, None),
        (Settled::Confirmed, Some(read_back)),
    ] {
        it.write(Fact::Settlement(Settlement {
            contact: pair.contact,
            proposal,
            settled,
            cites,
        }));
    }
    pair.settle();
    assert_eq!(pair.proposal(&proposal), Standing::ReadBack(read_back));
}

/// OL-644
#[test]
fn a_correction_makes_the_proposal_and_its_read_back_void() {
    let mut pair = Pair::verified();
    let first = pair.propose(None);
    let read_back = pair.read_back(&first, typed(FIELDS));
    let second = pair.propose(Some(first));
    assert_eq!(pair.proposal(&first), Standing::Corrected(second));
    assert_eq!(pair.proposal(&second), Standing::Open);
    assert_eq!(pair.confirm(&first), Err(NotDone::TooLate));
    let late = pair
        .moscow
        .book
        .read_back(&pair.contact, &first, typed(FIELDS), &pair.moscow.rings);
    assert_eq!(late, Err(NotDone::TooLate));
    // The read-back of the first is none of the second.
    for proposal in [first, second] {
        pair.washington.write(Fact::Settlement(Settlement {
            contact: pair.contact,
            proposal,
            settled: Settled::Confirmed,
            cites: Some(read_back),
        }));
    }
    pair.settle();
    assert_eq!(pair.proposal(&first), Standing::Corrected(second));
    assert_eq!(pair.proposal(&second), Standing::Open);
}

/// OL-643 OL-644: what is settled stays as it is.
#[test]
fn what_was_confirmed_or_withdrawn_is_not_changed_by_one_side() {
    let mut pair = Pair::verified();
    let (confirmed, read_back) = pair.agree();
    let withdrawn = pair.propose(None);
    let it = &mut pair.washington;
    let fact = it.book.withdraw(&pair.contact, &withdrawn, &it.rings);
    it.write(fact.expect("it is open"));
    for settled in [confirmed, withdrawn] {
        let it = &mut pair.washington;
        let corrects = Some(settled);
        let refused = it
            .book
            .propose(&pair.contact, typed(FIELDS), corrects, &it.rings);
        assert_eq!(refused, Err(NotDone::TooLate));
        let refused = it.book.withdraw(&pair.contact, &settled, &it.rings);
        assert_eq!(refused, Err(NotDone::TooLate));
        let lie = it.write(proposed(pair.contact, corrects));
        it.write(Fact::Settlement(Settlement {
            contact: pair.contact,
            proposal: settled,
            settled: Settled::Withdrawn,
            cites: None,
        }));
        pair.settle();
        assert_eq!(pair.proposal(&lie), Standing::Void(Void::CorrectsNothing));
    }
    assert_eq!(pair.proposal(&confirmed), Standing::Confirmed(read_back));
    assert_eq!(pair.proposal(&withdrawn), Standing::Withdrawn);
}

fn proposed(contact: EntryId, corrects: Option<EntryId>) -> Fact {
    let mut pair = Pair::verified();
    let id = pair.propose(None);
    let note = pair.washington.signed.iter().find(|note| note.id == id);
    match note.map(|note| note.fact.clone()) {
        Some(Fact::Proposal(it)) => Fact::Proposal(Proposal {
            contact,
            corrects,
            ..it
        }),
        other => panic!("{other:?}"),
    }
}

/// OL-644: nobody corrects the other side's words, and nothing corrects itself.
#[test]
fn a_correction_of_what_is_not_ones_own_is_void() {
    let mut pair = Pair::verified();
    let ours = pair.propose(None);
    for corrects in [ours, EntryId([9; 32])] {
        let fact = proposed(pair.contact, Some(corrects));
        let theirs = pair.moscow.write(fact);
        pair.settle();
        assert_eq!(
            pair.proposal(&theirs),
            Standing::Void(Void::CorrectsNothing)
        );
    }
    assert_eq!(pair.proposal(&ours), Standing::Open);
}

/// OL-641
#[test]
fn a_proposal_before_the_words_or_after_the_end_counts_for_nothing() {
    let mut pair = Pair::with_code();
    let early = proposed(pair.contact, None);
    let early = pair.washington.write(early);
    pair.say(Comparison::Agreed, Comparison::Agreed);
    assert_eq!(pair.proposal(&early), Standing::Void(Void::NotVerified));
    let read = pair
        .moscow
        .book
        .read_back(&pair.contact, &early, typed(FIELDS), &pair.moscow.rings);
    assert_eq!(read, Err(NotDone::NoSuchProposal));

    let mut pair = Pair::verified();
    let open = pair.propose(None);
    let closed = pair.moscow.book.close(&pair.contact, &pair.moscow.rings);
    pair.moscow.write(closed.expect("it is open"));
    let crossing = proposed(pair.contact, None);
    let crossing = pair.washington.write(crossing);
    pair.settle();
    let late = proposed(pair.contact, None);
    let late = pair.washington.write(late);
    pair.settle();
    assert_eq!(pair.proposal(&open), Standing::Open);
    assert_eq!(
        pair.proposal(&crossing),
        Standing::Open,
        "it crossed the end"
    );
    assert_eq!(pair.proposal(&late), Standing::Void(Void::Over));
}

/// OL-643: Moscow reads back, then finds that it misread; Washington confirms before it hears that, and once it has heard, can't.
#[test]
fn a_confirmation_crosses_a_second_read_back() {
    let mut pair = Pair::verified();
    let proposal = pair.propose(None);
    let right = pair.read_back(&proposal, typed(FIELDS));
    let mut crossing = pair.clone();
    let it = &mut crossing.moscow;
    let wrong = it
        .book
        .read_back(&pair.contact, &proposal, misread(), &it.rings);
    it.write(wrong.expect("it is open"));
    crossing.confirm(&proposal).expect("nothing else is known");
    assert_eq!(crossing.proposal(&proposal), Standing::Confirmed(right));

    let wrong = pair.read_back(&proposal, misread());
    assert_eq!(pair.confirm(&proposal), Err(NotDone::ReadDifferently));
    pair.washington.write(Fact::Settlement(Settlement {
        contact: pair.contact,
        proposal,
        settled: Settled::Confirmed,
        cites: Some(right),
    }));
    pair.settle();
    let differs = Standing::ReadDifferently(wrong, vec![Term::From]);
    assert_eq!(pair.proposal(&proposal), differs, "it knew of the second");
}

/// OL-642 OL-621: a colleague's read-back is none.
#[test]
fn only_the_boot_that_answered_reads_back() {
    let mut pair = Pair::verified();
    let proposal = pair.propose(None);
    let read_back = pair.clone().read_back(&proposal, typed(FIELDS));
    let mut colleague = Station::new(MOSCOW, 3);
    colleague.hear(&pair.washington);
    colleague.hear(&pair.moscow);
    let mut twin = pair.clone();
    twin.read_back(&proposal, typed(FIELDS));
    let note = twin.moscow.signed.iter().find(|note| note.id == read_back);
    colleague.write(note.expect("a read-back").fact.clone());
    pair.washington.hear(&colleague);
    pair.moscow.hear(&colleague);
    assert_eq!(pair.proposal(&proposal), Standing::Open);
}

/// OL-642 OL-643: a station that lies reads its own proposal back, or confirms another read-back than the last that it knew.
#[test]
fn a_read_back_by_whoever_proposed_or_before_the_last_confirms_nothing() {
    let mut pair = Pair::verified();
    let proposal = pair.propose(None);
    let read_back = pair.clone().read_back(&proposal, typed(FIELDS));
    let mut twin = pair.clone();
    twin.read_back(&proposal, typed(FIELDS));
    let note = twin.moscow.signed.iter().find(|note| note.id == read_back);
    let own = pair
        .washington
        .write(note.expect("a read-back").fact.clone());
    pair.settle();
    assert_eq!(pair.proposal(&proposal), Standing::Open);
    let first = pair.read_back(&proposal, typed(FIELDS));
    let last = pair.read_back(&proposal, typed(FIELDS));
    for cites in [first, own, EntryId([9; 32])] {
        let lie = Fact::Settlement(Settlement {
            contact: pair.contact,
            proposal,
            settled: Settled::Confirmed,
            cites: Some(cites),
        });
        pair.washington.write(lie);
        pair.settle();
        assert_eq!(pair.proposal(&proposal), Standing::ReadBack(last));
    }
}
