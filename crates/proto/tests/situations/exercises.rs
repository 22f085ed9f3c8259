//! Washington and Moscow agree on an exercise: when it is in force, for whom, and when no more.

use openline_proto::contract::Moment;
use openline_proto::exercise::book::Book;
use openline_proto::exercise::request::{NotDone, Request};
use openline_proto::exercise::stands;
use openline_proto::watch::known::Note;
use openline_wire::codes::{Attestation, Kind, Mark, Precedence, Stream};
use openline_wire::fact::{ExerciseAccepted, ExerciseEnded, ExerciseProposed, Fact, InExercise};
use openline_wire::header::{Actor, Header};
use openline_wire::ids::{Author, BootId, Digest, EntryId, LineId, NodeId, PartyId};
use openline_wire::limits;

const WASHINGTON: u8 = 1;
const MOSCOW: u8 = 2;
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const NOON: u64 = 1_652_961_600_000;

/// So long after noon, by a clock that is right.
fn at(ms: u64) -> Moment {
    Moment {
        monotonic: ms,
        wall: NOON + ms,
    }
}

fn author(party: u8) -> Author {
    Author {
        party: PartyId([party; 32]),
        node: NodeId([party; 32]),
        boot: BootId([party; 16]),
    }
}

fn person(party: u8) -> Actor {
    Actor {
        name: ["Maj. Jones", "Lt. Orlova"][usize::from(party - 1)].into(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    }
}

/// An entry of a party, signed so long after noon.
fn note(by: u8, number: u8, ms: u64, fact: Fact) -> Note {
    let mut id = [by; 32];
    id[0] = number;
    Note {
        id: EntryId(id),
        author: author(by),
        sequence: u64::from(number),
        mark: Mark::Real,
        heads: Vec::new(),
        time: NOON + ms,
        actor: person(by),
        age: 0,
        fact,
    }
}

fn book(own: u8) -> Book {
    let parties = [WASHINGTON, MOSCOW].map(|party| PartyId([party; 32]));
    Book::new(PartyId([own; 32]), parties)
}

/// What a party asks for is signed, once.
fn ask(book: &Book, by: u8, number: u8, (ms, request): (u64, Request)) -> Note {
    let mut facts = book.ask(request, at(ms)).expect("it may be asked for");
    note(by, number, ms, facts.remove(0))
}

/// Moscow proposes two hours at noon, and Washington accepts a minute later.
fn agreed() -> [Note; 2] {
    let (mut washington, moscow) = (book(WASHINGTON), book(MOSCOW));
    let proposed = ask(&moscow, MOSCOW, 1, (0, Request::Propose(2 * HOUR)));
    washington.observe(&proposed, at(MINUTE));
    let accept = Request::Accept(proposed.id);
    let accepted = ask(&washington, WASHINGTON, 1, (MINUTE, accept));
    [proposed, accepted]
}

/// A book that was given these at a moment.
fn held(own: u8, notes: &[&Note], now: Moment) -> Book {
    let mut book = book(own);
    notes.iter().for_each(|note| book.observe(note, now));
    book
}

/// OL-781 OL-782 OL-783 OL-788: in whatever order it comes, at both sides.
#[test]
fn it_is_in_force_once_the_other_side_accepted_it_and_until_either_ends_it() {
    let [proposed, accepted] = agreed();
    for own in [WASHINGTON, MOSCOW] {
        let only = held(own, &[&proposed], at(MINUTE));
        assert_eq!((only.in_force(), only.shown().count()), (None, 1));
        assert_eq!(held(own, &[&accepted], at(MINUTE)).shown().count(), 0);
        for order in [[&proposed, &accepted], [&accepted, &proposed]] {
            let book = held(own, &order, at(MINUTE));
            assert_eq!(book.in_force(), Some(accepted.id));
            let shown = book.shown().next().expect("one");
            let by = shown.accepted.map(|it| (it.party, it.by.name));
            let jones = (PartyId([WASHINGTON; 32]), "Maj. Jones".to_owned());
            assert_eq!(
                (shown.proposed.by.name.as_str(), by),
                ("Lt. Orlova", Some(jones))
            );
        }
    }
    for by in [WASHINGTON, MOSCOW] {
        let book = held(by, &[&proposed, &accepted], at(2 * MINUTE));
        let ended = ask(&book, by, 2, (2 * MINUTE, Request::End));
        for order in [
            [&proposed, &accepted, &ended],
            [&ended, &accepted, &proposed],
        ] {
            for own in [WASHINGTON, MOSCOW] {
                let book = held(own, &order, at(2 * MINUTE));
                assert_eq!((book.in_force(), book.shown().count()), (None, 0));
            }
        }
    }
}

/// OL-782 OL-784: nobody agrees with himself, and what is not meant agrees on nothing.
#[test]
fn only_another_party_agrees_and_only_in_earnest() {
    let [proposed, accepted] = agreed();
    let mut by_itself = accepted.clone();
    by_itself.author = author(MOSCOW);
    let mut stranger = accepted.clone();
    stranger.author = author(9);
    let mut practised = accepted.clone();
    practised.mark = Mark::Exercise;
    for no in [by_itself, stranger, practised] {
        let book = held(MOSCOW, &[&proposed, &no], at(MINUTE));
        assert_eq!(book.in_force(), None);
    }
    let mut practised = proposed;
    practised.mark = Mark::Exercise;
    let book = held(MOSCOW, &[&practised, &accepted], at(MINUTE));
    assert_eq!(book.shown().count(), 0);
}

/// OL-781: what is over before it begins, or lasts longer than a week.
#[test]
fn a_proposal_that_nobody_could_mean_counts_for_nothing() {
    let [_, accepted] = agreed();
    let week = limits::EXERCISE_MS;
    for (until, may) in [(0, false), (1, true), (week, true), (week + 1, false)] {
        let until = NOON + until;
        let mut proposed = note(
            MOSCOW,
            1,
            0,
            Fact::ExerciseProposed(ExerciseProposed { until }),
        );
        proposed.id = agreed()[0].id;
        let book = held(WASHINGTON, &[&proposed, &accepted], at(0));
        assert_eq!(book.in_force().is_some(), may, "{until}");
        let header = |note: &Note| header_of(note, Kind::ExerciseProposed, Mark::Real);
        let text = Fact::InExercise(InExercise {
            exercise: accepted.id,
        });
        let text = header_of(&note(MOSCOW, 2, 0, text), Kind::Message, Mark::Exercise);
        let accepted = header_of(&accepted, Kind::ExerciseAccepted, Mark::Real);
        assert_eq!(stands::stands(&text, &accepted, &header(&proposed)), may);
    }
}

fn header_of(note: &Note, kind: Kind, mark: Mark) -> Header {
    Header {
        line: LineId([0; 32]),
        author: note.author,
        stream: Stream::Urgent,
        sequence: note.sequence,
        previous: Some(EntryId([0; 32])),
        heads: Vec::new(),
        time: note.time,
        kind,
        mark,
        precedence: Precedence::Immediate,
        reply_to: None,
        actor: note.actor.clone(),
        fact: note.fact.to_bytes(),
        commitment: Some(Digest([1; 32])),
    }
}

/// OL-785: it names the acceptance, which another party wrote, and was signed before the agreed end.
#[test]
fn a_text_stands_in_the_exercise_that_it_names_or_in_none() {
    let [proposed, accepted] = agreed();
    let exercise = accepted.id;
    let text = |ms, mark| {
        let fact = Fact::InExercise(InExercise { exercise });
        header_of(&note(MOSCOW, 2, ms, fact), Kind::Message, mark)
    };
    let [proposal, acceptance] = [
        header_of(&proposed, Kind::ExerciseProposed, Mark::Real),
        header_of(&accepted, Kind::ExerciseAccepted, Mark::Real),
    ];
    assert_eq!(stands::named(&text(0, Mark::Exercise)), Some(exercise));
    assert_eq!(
        stands::named(&text(0, Mark::Real)),
        None,
        "such a thing is refused"
    );
    assert_eq!(stands::accepts(&acceptance), Some(proposed.id));
    assert_eq!(stands::accepts(&proposal), None);
    let last = 2 * HOUR - 1;
    for (ms, stood) in [(MINUTE, true), (last, true), (last + 1, false)] {
        let text = text(ms, Mark::Exercise);
        assert_eq!(stands::stands(&text, &acceptance, &proposal), stood, "{ms}");
    }
    let text = text(MINUTE, Mark::Exercise);
    let own = Header {
        author: author(MOSCOW),
        ..acceptance.clone()
    };
    assert!(!stands::stands(&text, &own, &proposal), "with itself");
    let elsewhere = Header {
        stream: Stream::Traffic,
        ..acceptance.clone()
    };
    assert_eq!(stands::accepts(&elsewhere), None, "it stands elsewhere");
    let elsewhere = Header {
        stream: Stream::Traffic,
        ..proposal
    };
    assert!(!stands::stands(&text, &acceptance, &elsewhere));
}

/// OL-788: by the wall clock, by the monotonic one where that stands still, and never anew.
#[test]
fn it_ends_by_itself_by_whichever_clock_comes_first_and_begins_no_more() {
    let [proposed, accepted] = agreed();
    let notes = [&proposed, &accepted];
    let mut book = held(WASHINGTON, &notes, at(0));
    let end = 2 * HOUR;
    assert_eq!(book.changes_at(at(HOUR)), Some(end));
    assert!(!book.lapse(at(end - 1)) && book.in_force().is_some());
    assert!(book.lapse(at(end)), "one has ended");
    assert_eq!((book.in_force(), book.shown().count()), (None, 0));
    assert!(!book.lapse(at(end)), "it is told once");
    book.lapse(at(0));
    assert_eq!(
        book.in_force(),
        None,
        "a clock that is set back begins none anew"
    );

    let behind = |ms| Moment {
        wall: NOON - 24 * HOUR + ms,
        ..at(ms)
    };
    let mut book = held(WASHINGTON, &notes, behind(0));
    assert!(!book.lapse(behind(end - 1)) && book.lapse(behind(end)));

    let ahead = Moment {
        wall: NOON + end,
        ..at(0)
    };
    let book = held(WASHINGTON, &notes, ahead);
    assert_eq!(book.in_force(), None, "over by the time that it came");
}

/// OL-788: what was stored an hour before this boot has an hour less.
#[test]
fn a_boot_goes_on_with_the_exercise_that_it_finds_on_its_disk() {
    let notes = agreed().map(|note| Note { age: HOUR, ..note });
    let late = |ms| Moment {
        wall: NOON + HOUR + ms,
        ..at(ms)
    };
    let mut book = held(MOSCOW, &notes.each_ref(), late(0));
    assert!(book.in_force().is_some());
    let stands_still = |ms| Moment {
        wall: NOON + HOUR,
        ..at(ms)
    };
    assert!(!book.lapse(stands_still(HOUR - 1)) && book.lapse(stands_still(HOUR)));
}

/// OL-789
#[test]
fn one_is_agreed_on_at_a_time_and_nobody_accepts_his_own() {
    let [proposed, accepted] = agreed();
    let now = at(2 * MINUTE);
    let propose = Request::Propose(HOUR);
    let accept = Request::Accept(proposed.id);
    let only = held(MOSCOW, &[&proposed], now);
    assert_eq!(only.ask(propose, now), Err(NotDone::ProposedAlready));
    assert_eq!(only.ask(accept, now), Err(NotDone::OurProposal));
    let theirs = held(WASHINGTON, &[&proposed], now);
    assert!(theirs.ask(propose, now).is_ok(), "they may cross");
    let unknown = Request::Accept(EntryId([9; 32]));
    assert_eq!(theirs.ask(unknown, now), Err(NotDone::NoSuchProposal));
    let both = held(WASHINGTON, &[&proposed, &accepted], now);
    assert_eq!(both.ask(propose, now), Err(NotDone::Runs));
    assert_eq!(both.ask(accept, now), Err(NotDone::Runs));
    let ended = ask(&both, WASHINGTON, 2, (2 * MINUTE, Request::End));
    let over = held(WASHINGTON, &[&proposed, &accepted, &ended], now);
    assert_eq!(over.ask(accept, now), Err(NotDone::Over));
    assert_eq!(over.ask(Request::End, now), Err(NotDone::NothingToEnd));
    let dropped = ask(&theirs, WASHINGTON, 2, (2 * MINUTE, Request::End));
    let none = held(MOSCOW, &[&proposed, &dropped], now);
    assert_eq!(none.shown().count(), 0, "a proposal is declined");
}

/// OL-789: both propose at once, and both accept.
#[test]
fn of_two_that_cross_the_one_accepted_first_is_written_in() {
    let ours = ask(
        &book(WASHINGTON),
        WASHINGTON,
        1,
        (0, Request::Propose(HOUR)),
    );
    let theirs = ask(&book(MOSCOW), MOSCOW, 1, (0, Request::Propose(HOUR)));
    let accept = |own, of: &Note, ms| {
        let book = held(own, &[of], at(ms));
        ask(&book, own, 2, (ms, Request::Accept(of.id)))
    };
    let first = accept(MOSCOW, &ours, 10);
    let second = accept(WASHINGTON, &theirs, 20);
    for own in [WASHINGTON, MOSCOW] {
        let book = held(own, &[&second, &first, &theirs, &ours], at(30));
        assert_eq!(book.in_force(), Some(first.id));
        assert!(book.is_in_force(&first.id) && book.is_in_force(&second.id));
        let facts = book.ask(Request::End, at(30)).expect("they run");
        assert_eq!(facts.len(), 2, "both end");
    }
}

/// OL-795: what is over gives way first, and what names nothing does not grow without bound.
#[test]
fn a_flood_of_proposals_leaves_the_exercise_that_runs_alone() {
    let [proposed, accepted] = agreed();
    let mut book = held(WASHINGTON, &[&proposed, &accepted], at(MINUTE));
    for number in 0..1_000u64 {
        let until = NOON + HOUR;
        let fact = Fact::ExerciseProposed(ExerciseProposed { until });
        let mut flood = note(WASHINGTON, 3, 0, fact);
        flood.id.0[1..9].copy_from_slice(&number.to_be_bytes());
        book.observe(&flood, at(MINUTE));
        let nothing = Fact::ExerciseAccepted(ExerciseAccepted { proposal: flood.id });
        book.observe(&note(MOSCOW, 4, 0, nothing), at(MINUTE));
    }
    assert!(book.is_in_force(&accepted.id));
    assert!(book.shown().count() <= 1 + limits::EXERCISES);
}

/// So many entries of a party that name something, each with an id of its own.
fn flood(by: u8, many: u64, fact: impl Fn(u64) -> Fact) -> Vec<Note> {
    let one = |number: u64| {
        let mut one = note(by, 5, 0, fact(number));
        one.id.0[1..9].copy_from_slice(&number.to_be_bytes());
        one
    };
    (0..many).map(one).collect()
}

/// OL-795: who proposes can't take the place of the other side's acceptance by accepting his own.
#[test]
fn a_flood_of_acceptances_of_ones_own_leaves_room_for_the_one_that_counts() {
    let [proposed, accepted] = agreed();
    let own = |_| {
        let proposal = proposed.id;
        Fact::ExerciseAccepted(ExerciseAccepted { proposal })
    };
    let mut book = held(WASHINGTON, &[&proposed], at(MINUTE));
    let crowd = flood(MOSCOW, 2 * limits::BOOTS as u64, own);
    crowd.iter().for_each(|note| book.observe(note, at(MINUTE)));
    book.observe(&accepted, at(MINUTE));
    assert!(book.is_in_force(&accepted.id));
}

/// OL-795: an end that is read before the proposal that it ends is not forgotten for what the other side writes.
#[test]
fn a_flood_of_ends_makes_nobody_forget_an_end_of_his_own() {
    let [proposed, accepted] = agreed();
    let proposal = proposed.id;
    let ended = note(
        MOSCOW,
        9,
        MINUTE,
        Fact::ExerciseEnded(ExerciseEnded { proposal }),
    );
    let of_nothing = |number: u64| {
        let mut proposal = EntryId([0xff; 32]);
        proposal.0[8..16].copy_from_slice(&number.to_be_bytes());
        Fact::ExerciseEnded(ExerciseEnded { proposal })
    };
    let mut book = held(MOSCOW, &[&accepted, &ended], at(MINUTE));
    let crowd = flood(WASHINGTON, 1_000, of_nothing);
    crowd.iter().for_each(|note| book.observe(note, at(MINUTE)));
    book.observe(&proposed, at(MINUTE));
    assert!(!book.is_in_force(&accepted.id), "it was ended");
}
