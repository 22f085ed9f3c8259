//! Equal sets of entries give everybody the same state, in whatever order they came, and what is kept of one boot has an end.

use openline_proto::contact::book::{Book, NotDone};
use openline_proto::ring::held::Note;
use openline_wire::codes::{Comparison, Settled};
use openline_wire::fact::{Fact, Settlement, Verified};
use openline_wire::ids::EntryId;
use openline_wire::limits;
use proptest::prelude::*;

use super::stations::{FIELDS, MOSCOW, Pair, Station, misread, typed};

/// All that was signed in a contact in which much happened, and some of it against the rules.
fn history() -> (Pair, Vec<Note>) {
    let mut pair = Pair::verified();
    pair.agree();
    let corrected = pair.propose(None);
    pair.read_back(&corrected, misread());
    let open = pair.propose(Some(corrected));
    let right = pair.read_back(&open, typed(FIELDS));
    pair.read_back(&open, misread());
    for (proposal, cites) in [(open, right), (corrected, right)] {
        pair.washington.write(Fact::Settlement(Settlement {
            contact: pair.contact,
            proposal,
            settled: Settled::Confirmed,
            cites: Some(cites),
        }));
    }
    let closed = pair
        .washington
        .book
        .close(&pair.contact, &pair.washington.rings);
    pair.washington.write(closed.expect("it is open"));
    pair.moscow.write(differed(pair.contact));
    pair.settle();
    pair.propose_late();
    let notes = [&pair.washington, &pair.moscow]
        .map(|it| it.signed.clone())
        .concat();
    (pair, notes)
}

impl Pair {
    /// Washington proposes what it proposed before, and knows that the contact is over.
    fn propose_late(&mut self) {
        let all = self.washington.signed.iter();
        let earlier = all.filter(|note| matches!(note.fact, Fact::Proposal(_)));
        let fact = earlier.map(|note| note.fact.clone()).next();
        self.washington.write(fact.expect("it proposed"));
        self.settle();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// OL-645
    #[test]
    fn entries_in_any_order_give_one_state(order in Just(history().1).prop_shuffle()) {
        let (pair, _) = history();
        let mut colleague = Station::new(MOSCOW, 3);
        for note in &order {
            colleague.take(note);
        }
        let it = &pair.washington;
        let standing = it.book.standing(&pair.contact, &it.rings);
        prop_assert_eq!(colleague.book.standing(&pair.contact, &colleague.rings), standing);
        let proposals = it.book.proposals(&pair.contact, &it.rings);
        prop_assert_eq!(proposals.len(), 4);
        prop_assert_eq!(colleague.book.proposals(&pair.contact, &colleague.rings), proposals);
        prop_assert!(colleague.book.codes_differed(&pair.contact, &colleague.rings));
    }
}

/// OL-621: the first 4,096 count, in whatever order they came, and no more are asked for.
#[test]
fn a_peer_that_never_stops_is_followed_so_far_and_no_further() {
    let mut pair = Pair::verified();
    let left = limits::CONTACT_ENTRIES - counted(&pair.moscow.signed);
    for number in 0..left {
        let mut another = [0xee; 32];
        another[..8].copy_from_slice(&number.to_be_bytes());
        pair.moscow.write(differed(EntryId(another)));
    }
    no_more_counts(pair);
}

/// OL-621: of these the first 256 in one contact, so that one more of them stays cheap.
#[test]
fn a_peer_that_never_stops_in_one_contact_is_followed_less_far() {
    let mut pair = Pair::verified();
    let left = limits::ENTRIES_IN_ONE_CONTACT - counted(&pair.moscow.signed);
    let word = pair.moscow.signed.last().expect("a word").fact.clone();
    for _ in 0..left {
        pair.moscow.write(word.clone());
    }
    no_more_counts(pair);
}

/// A word too many is Moscow's next: it can't write it, and signed all the same it counts for nothing.
fn no_more_counts(mut pair: Pair) {
    let close = pair.moscow.book.close(&pair.contact, &pair.moscow.rings);
    assert_eq!(close, Err(NotDone::TooMany));
    pair.moscow.write(differed(pair.contact));
    let mut forwards = Book::new(pair.washington.own);
    let mut backwards = forwards.clone();
    let all = [pair.washington.signed.as_slice(), &pair.moscow.signed].concat();
    all.iter().for_each(|note| forwards.observe(note));
    all.iter().rev().for_each(|note| backwards.observe(note));
    for book in [&forwards, &backwards] {
        assert!(!book.codes_differed(&pair.contact, &pair.washington.rings));
    }
    assert_eq!(forwards, backwards);
}

fn differed(contact: EntryId) -> Fact {
    Fact::Verified(Verified {
        contact,
        code: EntryId([9; 32]),
        said: Comparison::Differed,
    })
}

fn counted(signed: &[Note]) -> usize {
    signed.iter().filter(|it| is_of_a_contact(it)).count()
}

fn is_of_a_contact(note: &Note) -> bool {
    matches!(note.fact, Fact::Verifying(_) | Fact::Verified(_))
}
