//! A contact ends while a proposal that was read back waits for its confirmation: whoever read it back can't know what it is worth before
//! the boot that proposed has signed it.

use openline_proto::contact::view::Standing;
use openline_wire::codes::{Comparison, Settled};
use openline_wire::fact::{ContactClosed, Fact, Settlement};
use openline_wire::ids::EntryId;

use super::stations::{FIELDS, MOSCOW, Pair, WASHINGTON, typed};
use super::verifying::begun;

/// Washington has proposed, and Moscow read it back as it was meant.
fn read_back() -> (Pair, EntryId, EntryId) {
    let mut pair = Pair::verified();
    let proposal = pair.propose(None);
    let read_back = pair.read_back(&proposal, typed(FIELDS));
    (pair, proposal, read_back)
}

/// What a station that learned of the end owes.
fn lapse(pair: &mut Pair) -> Vec<Fact> {
    let contact = pair.contact;
    let [one, other] =
        [&pair.washington, &pair.moscow].map(|it| it.book.lapse(&contact, &it.rings));
    one.into_iter().chain(other).collect()
}

/// OL-627 OL-608: Moscow closes; Washington's station says that it had not confirmed, once and for all.
#[test]
fn whoever_proposed_says_that_it_was_not_confirmed() {
    let (mut pair, proposal, cites) = read_back();
    assert!(lapse(&mut pair).is_empty(), "it may still be confirmed");
    let it = &mut pair.moscow;
    let closed = it.book.close(&pair.contact, &it.rings).expect("it is open");
    it.write(closed);
    assert!(lapse(&mut pair).is_empty(), "Washington does not know yet");
    pair.settle();
    assert_eq!(pair.proposal(&proposal), Standing::ReadBack(cites));
    let [lapsed] = <[Fact; 1]>::try_from(lapse(&mut pair)).expect("one word, of one side");
    let id = pair.washington.write(lapsed);
    pair.settle();
    assert_eq!(pair.proposal(&proposal), Standing::Lapsed);
    assert!(lapse(&mut pair).is_empty(), "{id:?} is said once");

    // A confirmation after that word counts for nothing.
    let settled = Settled::Confirmed;
    pair.washington.write(Fact::Settlement(Settlement {
        contact: pair.contact,
        proposal,
        settled,
        cites: Some(cites),
    }));
    pair.settle();
    assert_eq!(pair.proposal(&proposal), Standing::Lapsed);
}

/// OL-641: Washington had confirmed before it heard of the end; that binds both, and nothing lapses.
#[test]
fn a_confirmation_that_crosses_the_end_binds() {
    for differed in [false, true] {
        let (mut pair, proposal, cites) = read_back();
        let it = &mut pair.moscow;
        let contact = pair.contact;
        let end = match differed {
            true => it.book.verify(&contact, Comparison::Differed, &it.rings),
            false => Ok(Fact::ContactClosed(ContactClosed { contact })),
        };
        it.write(end.expect("it is open"));
        let it = &mut pair.washington;
        let confirmed = it.book.confirm(&contact, &proposal, &it.rings);
        it.write(confirmed.expect("it knows nothing of the end"));
        pair.settle();
        assert_eq!(pair.proposal(&proposal), Standing::Confirmed(cites));
        assert!(lapse(&mut pair).is_empty());
    }
}

/// OL-641 OL-627: Moscow's station restarts, which Washington's holds: nothing that it signs after that confirms, whoever changed its
/// program, and an honest one says that the proposal lapsed.
#[test]
fn a_contact_that_is_broken_off_is_no_option_for_whoever_proposed() {
    let (mut pair, proposal, cites) = read_back();
    let start = begun(MOSCOW, 4, &pair.moscow);
    let mut crossing = pair.clone();
    let it = &mut crossing.washington;
    let confirmed = it.book.confirm(&pair.contact, &proposal, &it.rings);
    it.write(confirmed.expect("it knows nothing of the restart"));
    for it in [&mut crossing.washington, &mut crossing.moscow] {
        it.take(&start);
    }
    crossing.settle();
    assert_eq!(crossing.proposal(&proposal), Standing::Confirmed(cites));

    for it in [&mut pair.washington, &mut pair.moscow] {
        it.take(&start);
    }
    let mut lying = pair.clone();
    lying.washington.write(Fact::Settlement(Settlement {
        contact: pair.contact,
        proposal,
        settled: Settled::Confirmed,
        cites: Some(cites),
    }));
    lying.settle();
    assert_eq!(lying.proposal(&proposal), Standing::ReadBack(cites));
    let [lapsed] = <[Fact; 1]>::try_from(lapse(&mut pair)).expect("one word, of one side");
    pair.washington.write(lapsed);
    pair.settle();
    assert_eq!(pair.proposal(&proposal), Standing::Lapsed);
}

/// OL-627: nothing lapses that nobody read back, was settled, or is the other side's.
#[test]
fn only_what_may_be_in_doubt_lapses() {
    let mut pair = Pair::verified();
    let unread = pair.propose(None);
    let confirmed = pair.propose(None);
    pair.read_back(&confirmed, typed(FIELDS));
    pair.confirm(&confirmed).expect("it was read back");
    let start = begun(WASHINGTON, 5, &pair.washington);
    let it = &mut pair.moscow;
    let closed = it.book.close(&pair.contact, &it.rings).expect("it is open");
    it.write(closed);
    pair.settle();
    assert!(lapse(&mut pair).is_empty());
    assert_eq!(pair.proposal(&unread), Standing::Open);
    pair.moscow.take(&start);
    assert!(lapse(&mut pair).is_empty());
}
