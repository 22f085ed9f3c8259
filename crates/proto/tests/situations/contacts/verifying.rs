//! From the outcome to the first proposal.

use openline_proto::contact::book::{ContactStanding, Due, NotDone};
use openline_proto::contact::state::State;
use openline_proto::ring::held::Note;
use openline_wire::codes::{Comparison, Mark, Stream};
use openline_wire::fact::{Fact, Frontier, Start, Step, Verified, Verifying, nonce_commitment};
use openline_wire::ids::{Digest, EntryId};

use super::stations::{EPOCH, FIELDS, MOSCOW, Pair, Station, WASHINGTON, typed};

/// OL-604 OL-605 OL-622: each step follows the one before it, and nobody sees a code before the last.
#[test]
fn the_stations_come_to_a_code_and_the_watches_say_that_it_agrees() {
    let mut pair = Pair::accepted();
    let codes = |pair: &Pair| {
        [&pair.washington, &pair.moscow].map(|it| it.book.code_of(&pair.contact, &it.rings))
    };
    assert_eq!(pair.step(false), None, "the caller begins");
    assert_eq!(pair.step(true), Some(Due::Commit));
    pair.settle();
    assert_eq!(
        pair.step(true),
        None,
        "his nonce stays his until he has ours"
    );
    let (generation, epoch) = EPOCH;
    assert_eq!(pair.step(false), Some(Due::Share { generation, epoch }));
    pair.settle();
    assert_eq!(codes(&pair), [None, None]);
    assert_eq!(pair.step(true), Some(Due::Reveal));
    pair.settle();
    let [Some(code), Some(same)] = codes(&pair) else {
        panic!("no code");
    };
    assert_eq!(code, same);
    assert_eq!((code.generation, code.epoch), EPOCH);
    assert_eq!(
        (code.caller, code.called),
        (pair.washington.own, pair.moscow.own)
    );
    assert_eq!(
        (code.caller_nonce, code.called_nonce),
        ([0xAA; 16], [0xBB; 16])
    );
    assert_eq!((pair.step(true), pair.step(false)), (None, None));
    pair.say(Comparison::Agreed, Comparison::Agreed);
    assert_eq!(pair.standings(), [State::Verified; 2]);
}

/// OL-625
#[test]
fn nothing_is_proposed_before_both_have_said_so() {
    let refused = |pair: &Pair| {
        let it = &pair.washington;
        it.book
            .propose(&pair.contact, typed(FIELDS), None, &it.rings)
            .err()
    };
    let mut pair = Pair::accepted();
    assert_eq!(refused(&pair), Some(NotDone::NotVerified));
    let it = &pair.washington;
    let early = it.book.verify(&pair.contact, Comparison::Agreed, &it.rings);
    assert_eq!(early, Err(NotDone::NoCode));
    pair = pair.coded();
    assert_eq!(refused(&pair), Some(NotDone::NotVerified));
    let it = &mut pair.washington;
    let said = it.book.verify(&pair.contact, Comparison::Agreed, &it.rings);
    it.write(said.expect("there is a code"));
    let again = it.book.verify(&pair.contact, Comparison::Agreed, &it.rings);
    assert_eq!(again, Err(NotDone::AlreadySaid));
    pair.settle();
    assert_eq!(pair.standings(), [State::CallerAgreed; 2]);
    assert_eq!(refused(&pair), Some(NotDone::NotVerified));
}

/// OL-626
#[test]
fn moscow_reads_another_code_and_both_sides_are_alarmed() {
    for (washington, moscow) in [
        (Comparison::Agreed, Comparison::Differed),
        (Comparison::Differed, Comparison::Agreed),
    ] {
        let mut pair = Pair::with_code();
        pair.say(washington, moscow);
        assert_eq!(pair.standings(), [State::CodesDiffered; 2]);
        for it in [&pair.washington, &pair.moscow] {
            assert!(it.book.codes_differed(&pair.contact, &it.rings));
            let proposed = it
                .book
                .propose(&pair.contact, typed(FIELDS), None, &it.rings);
            assert_eq!(proposed, Err(NotDone::CodesDiffered));
            let again = it.book.verify(&pair.contact, Comparison::Agreed, &it.rings);
            assert_eq!(again, Err(NotDone::CodesDiffered));
        }
    }
}

/// OL-626: it is said too late, or of another code, and counts all the same.
#[test]
fn a_difference_counts_whenever_it_is_said_and_of_whatever_code() {
    let mut pair = Pair::verified();
    let (proposal, _) = pair.agree();
    let agreed = pair.proposal(&proposal);
    pair.moscow.write(Fact::Verified(Verified {
        contact: pair.contact,
        code: EntryId([9; 32]),
        said: Comparison::Differed,
    }));
    pair.settle();
    assert_eq!(pair.standings(), [State::CodesDiffered; 2]);
    assert_eq!(pair.proposal(&proposal), agreed, "what was confirmed stays");
}

/// OL-625: a word for another code verifies nothing.
#[test]
fn moscow_agrees_to_a_code_that_is_not_the_one() {
    let mut pair = Pair::with_code();
    pair.moscow.write(Fact::Verified(Verified {
        contact: pair.contact,
        code: EntryId([9; 32]),
        said: Comparison::Agreed,
    }));
    let it = &mut pair.washington;
    let said = it.book.verify(&pair.contact, Comparison::Agreed, &it.rings);
    it.write(said.expect("there is a code"));
    pair.settle();
    assert_eq!(pair.standings(), [State::CallerAgreed; 2]);
}

fn verifying(pair: &Pair, step: Step) -> Fact {
    let contact = pair.contact;
    Fact::Verifying(Verifying { contact, step })
}

fn commits(pair: &Pair, nonce: u8) -> Fact {
    let outcome = pair
        .washington
        .rings
        .accepted(&pair.contact)
        .expect("a contact")
        .outcome;
    verifying(
        pair,
        Step::Commits {
            outcome,
            generation: 0,
            epoch: 1,
            commitment: nonce_commitment(&pair.contact, &[nonce; 16]),
        },
    )
}

/// OL-622: a caller who shows another nonce than he committed to has been caught.
#[test]
fn washington_chooses_its_nonce_when_it_has_seen_moscows() {
    let mut pair = Pair::accepted();
    pair.step(true);
    pair.settle();
    pair.step(false);
    pair.settle();
    let shares = pair.moscow.signed.last().expect("the nonce").id;
    let nonce = [0xAB; 16];
    let lie = verifying(&pair, Step::Reveals { shares, nonce });
    pair.washington.write(lie);
    pair.settle();
    assert_eq!(pair.standings(), [State::CodesDiffered; 2]);
    let it = &pair.moscow;
    assert_eq!(it.book.code_of(&pair.contact, &it.rings), None);
    assert!(it.book.codes_differed(&pair.contact, &it.rings));
}

/// OL-622: a caller who holds his first commitment back gets no second nonce for it.
#[test]
fn moscow_gives_one_nonce_whatever_comes_in() {
    let mut pair = Pair::accepted();
    let held_back = commits(&pair, 1);
    pair.washington.write(held_back);
    let later = commits(&pair, 2);
    pair.washington.write(later);
    let [.., first, second] = &pair.washington.signed.clone()[..] else {
        panic!("two entries");
    };
    pair.moscow.take(second);
    assert!(matches!(pair.step(false), Some(Due::Share { .. })));
    pair.moscow.take(first);
    assert_eq!(pair.step(false), None);
}

/// OL-622: the outcome and the keys come first, and there is one attempt.
#[test]
fn a_commitment_to_another_outcome_or_a_second_one_counts_for_nothing() {
    let mut pair = Pair::accepted();
    let commitment = nonce_commitment(&pair.contact, &[1; 16]);
    let other = Step::Commits {
        outcome: EntryId([9; 32]),
        generation: 0,
        epoch: 1,
        commitment,
    };
    let other = verifying(&pair, other);
    pair.washington.write(other);
    pair.settle();
    assert_eq!(pair.step(false), None);

    let mut pair = Pair::accepted();
    pair.step(true);
    let again = pair
        .washington
        .book
        .commit(&pair.contact, EPOCH, [1; 16], &pair.washington.rings);
    assert_eq!(again, Err(NotDone::NotDue));
    let second = commits(&pair, 1);
    pair.washington.write(second);
    pair.settle();
    let (generation, epoch) = EPOCH;
    assert_eq!(pair.step(false), Some(Due::Share { generation, epoch }));

    let mut pair = Pair::accepted();
    let it = &mut pair.washington;
    let tape = it.book.commit(&pair.contact, (0, 0), [1; 16], &it.rings);
    assert_eq!(tape, Err(NotDone::NotDue));
}

/// OL-621: a colleague's boot and another mark count for nothing.
#[test]
fn strangers_and_other_marks_count_for_nothing() {
    let mut pair = Pair::with_code();
    let mut colleague = Station::new(MOSCOW, 3);
    colleague.hear(&pair.washington);
    colleague.hear(&pair.moscow);
    let refused = colleague
        .book
        .verify(&pair.contact, Comparison::Agreed, &colleague.rings);
    assert_eq!(refused, Err(NotDone::NoSuchContact));
    colleague.write(Fact::Verified(Verified {
        contact: pair.contact,
        code: EntryId([9; 32]),
        said: Comparison::Differed,
    }));
    pair.washington.hear(&colleague);
    pair.moscow.hear(&colleague);
    assert_eq!(pair.standings(), [State::Verifying; 2]);

    pair.moscow.mark = Mark::Exercise;
    pair.say(Comparison::Agreed, Comparison::Agreed);
    assert_eq!(pair.standings(), [State::CallerAgreed; 2]);
    let mut exercise = Pair::accepted_as(Mark::Exercise).coded();
    exercise.say(Comparison::Agreed, Comparison::Agreed);
    assert_eq!(exercise.standings(), [State::Verified; 2]);
}

/// OL-609 OL-627
#[test]
fn moscow_closes_and_nothing_more_is_said() {
    let mut pair = Pair::verified();
    let it = &mut pair.moscow;
    let closed = it.book.close(&pair.contact, &it.rings).expect("it is open");
    it.write(closed);
    pair.settle();
    assert_eq!(pair.standings(), [State::Closed; 2]);
    let it = &pair.washington;
    assert_eq!(
        it.book.close(&pair.contact, &it.rings),
        Err(NotDone::Closed)
    );
    let proposed = it
        .book
        .propose(&pair.contact, typed(FIELDS), None, &it.rings);
    assert_eq!(proposed, Err(NotDone::Closed));
    assert!(!it.book.codes_differed(&pair.contact, &it.rings));
}

/// The start of a boot of a node that names an earlier one.
pub fn begun(party: u8, boot: u8, earlier: &Station) -> Note {
    let mut later = Station::new(party, boot);
    later.hear(earlier);
    let frontier = vec![Frontier {
        boot: earlier.own.boot,
        stream: Stream::Urgent,
        size: 2,
        last: EntryId([0; 32]),
        root: Digest([0; 32]),
    }];
    later.write(Fact::Start(Start { frontier }));
    later.signed.remove(0)
}

/// OL-627: either side's boot takes the contact with it.
#[test]
fn a_station_restarts_while_they_speak() {
    for party in [WASHINGTON, MOSCOW] {
        let mut pair = Pair::verified();
        let gone = match party {
            WASHINGTON => pair.washington.clone(),
            _ => pair.moscow.clone(),
        };
        let start = begun(party, 4, &gone);
        for it in [&mut pair.washington, &mut pair.moscow] {
            it.take(&start);
            let standing = it.book.standing(&pair.contact, &it.rings);
            assert_eq!(standing, Some(ContactStanding::BrokenOff));
            let proposed = it
                .book
                .propose(&pair.contact, typed(FIELDS), None, &it.rings);
            assert_eq!(proposed, Err(NotDone::BrokenOff));
        }
    }
}

/// OL-627: Moscow answers beside a copy that began before, and knows of it.
#[test]
fn moscow_answers_beside_its_copy() {
    let original = Station::new(MOSCOW, 2);
    let start = begun(MOSCOW, 4, &original);
    let mut pair = Pair::accepted_when(Mark::Real, std::slice::from_ref(&start));
    pair.washington.take(&start);
    pair = pair.coded();
    pair.say(Comparison::Agreed, Comparison::Agreed);
    assert_eq!(pair.standings(), [State::Verified; 2]);
}
