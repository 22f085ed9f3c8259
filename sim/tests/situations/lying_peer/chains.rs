//! Lies in what is signed: the record itself.

use std::collections::BTreeSet;

use openline_proto::bodies::Body;
use openline_proto::contract::{Event, Misbehaviour};
use openline_proto::packed::{Packed, PackedHeader};
use openline_proto::verdict::Verdict;
use openline_wire::codes::{Kind, Mark, Precedence, SilenceReason, Stream};
use openline_wire::fact::{Fact, InExercise, NumberCompared, Silence};
use openline_wire::header::{Chain, Header};
use openline_wire::ids::{Digest, EntryId};
use openline_wire::limits;

use super::world::{World, chain, head, id, plain, start};

/// OL-414
#[test]
fn a_forked_stream_is_named_and_the_first_story_stays() {
    let mut world = World::open();
    let mut liar = world.liar();
    let author = liar.author();
    let story = chain(author, 3);
    let other = plain(author, 3, Some(EntryId([9; 32])));
    world.hear(liar.entries(&story));
    world.hear(liar.entries(&[other]));
    assert!(world.named().contains(&Misbehaviour::ForkedChain));
    let place = story[0].chain();
    let held = |sequence| world.washington.disk.holds(&place, sequence);
    assert_eq!([held(2), held(3)], [Some(id(&story[2])), None]);
    world.our_side_goes_on();
}

/// OL-414: evidence is kept, of a few among many.
#[test]
fn a_thousand_equivocations_are_one_name_and_a_handful_of_proofs() {
    let mut world = World::open();
    let mut liar = world.liar();
    let story = chain(liar.author(), 1_000);
    world.hear(liar.entries(&story));
    let told_otherwise = |header: &Header| Header {
        time: header.time + 1,
        ..header.clone()
    };
    let others: Vec<Header> = story.iter().map(told_otherwise).collect();
    world.hear(liar.entries(&others));
    assert!(world.named().contains(&Misbehaviour::Equivocation));
    assert!((1..=16).contains(&world.evidence()), "{}", world.evidence());
    let place = story[0].chain();
    for header in &story {
        let held = world.washington.disk.holds(&place, header.sequence);
        assert_eq!(held, Some(id(header)));
    }
    world.our_side_goes_on();
}

/// A peer may send what we wrote back to us, also what is no more at hand: that is no copy of ours at work.
#[test]
fn washingtons_own_words_that_come_back_late_end_nothing() {
    let mut world = World::open();
    let place = Chain {
        author: world.washington.author(),
        stream: Stream::Urgent,
    };
    for n in 0..1_200 {
        world.say_at_washington(&format!("text {n}"));
        world.run(5);
    }
    let early = world.washington.disk.load(&place, 1, 1).remove(0);
    let packed = Packed {
        header: PackedHeader::Whole(early.header_bytes().to_vec()),
        signature: *early.signature(),
        body: None,
    };
    let mut liar = world.liar();
    let back = liar.frames(&[Body::Entries(vec![packed])]);
    world.hear(back);
    let ended = |event: &Event| matches!(event, Event::BootEnds { .. });
    assert!(!world.washington.told.iter().any(ended));
    world.our_side_goes_on();
}

/// OL-456
#[test]
fn who_compared_the_number_of_another_charter_is_named() {
    let mut world = World::open();
    let mut liar = world.liar();
    let (by, own, peer) = (liar.author(), liar.node.side.party, liar.node.peer.party);
    let right = NumberCompared {
        own_card: Digest(own.0),
        other_card: Digest(peer.0),
        charter: Digest([3; 32]),
    };
    let compared = |sequence, after: &Header, fact: &NumberCompared| Header {
        stream: Stream::Urgent,
        kind: Kind::NumberCompared,
        precedence: Precedence::Flash,
        fact: Fact::NumberCompared(*fact).to_bytes(),
        ..plain(by, sequence, Some(id(after)))
    };
    let turned = NumberCompared {
        own_card: right.other_card,
        other_card: right.own_card,
        charter: right.charter,
    };
    let other = NumberCompared {
        charter: Digest([4; 32]),
        ..right
    };
    let begin = start(by, Vec::new());
    let first = compared(1, &begin, &right);
    let second = compared(2, &first, &turned);
    let third = compared(3, &second, &other);
    world.hear(liar.entries(&[begin, first]));
    assert_eq!(world.named(), BTreeSet::new());
    world.hear(liar.entries(&[second, third]));
    let named: Vec<_> = world.named().into_iter().collect();
    assert_eq!(named, [Misbehaviour::OtherNumber]);
    world.our_side_goes_on();
}

#[test]
fn heads_that_name_what_washington_never_wrote_are_false() {
    let mut world = World::open();
    let mut liar = world.liar();
    let washington = Chain {
        author: world.washington.author(),
        stream: Stream::Urgent,
    };
    let boast = Header {
        heads: vec![head(washington, u64::MAX, EntryId([1; 32]))],
        ..plain(liar.author(), 0, None)
    };
    world.hear(liar.entries(&[boast]));
    assert_eq!(
        world.named().into_iter().collect::<Vec<_>>(),
        [Misbehaviour::FalseHeads]
    );
    assert_eq!(world.evidence(), 1);
    world.our_side_goes_on();
}

#[test]
fn heads_that_name_another_entry_than_washington_wrote_are_false() {
    let mut world = World::open();
    let mut liar = world.liar();
    let washington = Chain {
        author: world.washington.author(),
        stream: Stream::Urgent,
    };
    let misquote = Header {
        heads: vec![head(washington, 1, EntryId([1; 32]))],
        ..plain(liar.author(), 0, None)
    };
    world.hear(liar.entries(&[misquote]));
    assert!(world.named().contains(&Misbehaviour::FalseHeads));
    world.our_side_goes_on();
}

/// OL-452: nothing is taken from an author's time, so it may say what it likes.
#[test]
fn entries_from_the_year_9999_are_stored_and_stop_nothing() {
    let mut world = World::open();
    let mut liar = world.liar();
    let mut late = start(liar.author(), Vec::new());
    late.time = limits::LATEST_TIME_MS;
    let next = Header {
        time: 0,
        ..plain(liar.author(), 0, None)
    };
    world.hear(liar.entries(&[late.clone(), next.clone()]));
    let held = |header: &Header| world.washington.disk.holds(&header.chain(), 0);
    assert_eq!(
        [held(&late), held(&next)],
        [Some(id(&late)), Some(id(&next))]
    );
    assert_eq!(world.named().len(), 0);
    let mut have = liar.have(false, Vec::new());
    have.wall = limits::LATEST_TIME_MS;
    have.challenge = u64::MAX;
    world.hear(liar.frames(&[Body::Have(have)]));
    world.our_side_goes_on();
}

/// OL-314: a dead line shall not look like an agreed silence until the year 9999.
#[test]
fn a_silence_announced_for_eight_thousand_years_is_no_announcement() {
    let verdict_after = |ahead_ms: u64, for_ms: u64| {
        let mut world = World::open();
        let mut liar = world.liar();
        let from = world.now().wall + ahead_ms;
        let until = (from + for_ms).min(limits::LATEST_TIME_MS);
        let silence = Silence {
            from,
            until,
            reason: SilenceReason::from_code(1).expect("a reason"),
        };
        let first = start(liar.author(), Vec::new());
        let announcement = Header {
            stream: Stream::Urgent,
            kind: Kind::Silence,
            fact: Fact::Silence(silence).to_bytes(),
            ..plain(liar.author(), 1, Some(id(&first)))
        };
        world.hear(liar.entries(&[first, announcement]));
        world.now += 60_000;
        let status = world.washington.status(world.now());
        status.expect("the line is there").verdict
    };
    let century = 100 * 365 * 86_400_000;
    let verdicts = [
        verdict_after(0, limits::SILENCE_MS),
        verdict_after(0, limits::SILENCE_MS + 1),
        verdict_after(0, u64::MAX / 2),
        verdict_after(century, limits::SILENCE_MS),
    ];
    let silent = Verdict::NoSignOfLife;
    assert_eq!(
        verdicts,
        [Verdict::AnnouncedSilence, silent, silent, silent]
    );
}

/// OL-413: what is further ahead than anything may be under way is dropped, and all that is kept ahead is bounded.
#[test]
fn a_chain_with_holes_takes_up_a_bounded_part_of_our_memory() {
    let mut world = World::open();
    let mut liar = world.liar();
    let far = |sequence| plain(liar.author(), sequence, Some(EntryId([7; 32])));
    let places = [limits::AHEAD, limits::AHEAD + 1, u64::MAX - 1, u64::MAX];
    let headers = places.map(far);
    world.hear(liar.entries(&headers));
    let held = headers.map(|header| {
        let place = header.chain();
        world
            .washington
            .disk
            .holds(&place, header.sequence)
            .is_some()
    });
    assert_eq!(held, [true, false, false, false]);
    world.our_side_goes_on();
}

/// OL-790: texts of an exercise that nobody agreed on are kept, and nobody is blamed for them.
#[test]
fn what_stands_in_no_exercise_is_kept_and_nobodys_misbehaviour() {
    let mut world = World::open();
    let mut liar = world.liar();
    let author = liar.author();
    let begin = start(author, Vec::new());
    let exercise = EntryId([9; 32]);
    let text = Header {
        kind: Kind::Message,
        mark: Mark::Exercise,
        ..plain(author, 0, None)
    };
    let named = Header {
        sequence: 1,
        previous: Some(id(&text)),
        fact: Fact::InExercise(InExercise { exercise }).to_bytes(),
        ..text.clone()
    };
    world.hear(liar.entries(&[begin, text.clone(), named.clone()]));
    for header in [&text, &named] {
        let held = world
            .washington
            .disk
            .holds(&header.chain(), header.sequence);
        assert_eq!(held, Some(id(header)));
    }
    assert_eq!(world.named().into_iter().collect::<Vec<_>>(), []);
    world.our_side_goes_on();
}
