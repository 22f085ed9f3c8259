//! A home is restored from a backup: its channel is gone, its tapes are old, and it comes back.

use crate::common;

use common::paper::Paper;
use common::{Pair, SIGNATURE, Station, UDP, config, exchange, mls_pair, paper_pair, side};
use openline_seal::limits::GENERATIONS_AHEAD;
use openline_seal::{
    Agreement, Channel, ChannelError, KeyMessageKind, KeysOutcome, MlsAgreement, Padding, Tape,
    Tapes,
};

/// Several epochs later.
fn go_on<A: Agreement>(pair: &mut Pair<A>, epochs: u64) {
    pair.settle();
    for _ in 0..epochs {
        assert!(pair.washington.rotate() || pair.moscow.rotate());
        pair.settle();
    }
}

/// OL-170, OL-171, OL-172
fn restored_several_epochs_behind<A: Agreement>(pair: &mut Pair<A>) {
    pair.settle();
    let backup = pair.moscow.disk.clone();
    go_on(pair, 5);
    pair.moscow.restart_from(&backup);
    pair.washington.channel.unconfirm(UDP);
    let lost = pair.washington.say(b"lost");
    assert_eq!(
        pair.moscow.receive(&lost),
        Err(ChannelError::Unknown),
        "its keys are of the past"
    );

    pair.moscow.ask(1);
    for frame in pair.moscow.resend() {
        let _ = pair.washington.receive(&frame);
    }
    assert_eq!(pair.washington.channel.generation(), Some(1), "it accepted");
    assert!(!pair.washington.channel.is_post_quantum_sealed());
    pair.settle();
    pair.assert_post_quantum();
    assert_eq!(pair.moscow.channel.generation(), Some(1));
    go_on(pair, 3);
    pair.assert_post_quantum();
}

/// OL-170
/// OL-113
#[test]
fn moscow_is_restored_several_epochs_behind() {
    restored_several_epochs_behind(&mut paper_pair());
}

/// OL-170
#[test]
fn moscow_is_restored_and_mls_is_set_up_anew() {
    restored_several_epochs_behind(&mut mls_pair());
}

/// OL-171: traffic goes under the new tape key as soon as the request is accepted and the answer heard.
#[test]
fn text_passes_under_the_new_tape_key_before_mls_is_up() {
    let mut pair = paper_pair();
    go_on(&mut pair, 2);
    let disk = pair.moscow.disk.clone();
    pair.moscow.restart_from(&disk);
    pair.moscow.ask(1);
    let all = pair.moscow.resend();
    assert_eq!(
        all.len() as u64,
        GENERATIONS_AHEAD,
        "one frame for each generation ahead"
    );
    for frame in &all {
        let _ = pair.washington.receive(frame);
    }
    let kinds = pair
        .washington
        .channel
        .keys_to_send()
        .iter()
        .map(|message| message.kind);
    let both = [KeyMessageKind::Outnumbered, KeyMessageKind::KeyPackage];
    assert_eq!(kinds.collect::<Vec<_>>(), both);
    let accepted = pair.washington.resend().remove(0);
    let opened = pair
        .moscow
        .receive(&accepted)
        .expect("it listens ahead while it asks");
    assert!(opened.key_message_only);
    let first = pair.washington.say(b"FLASH");
    let opened = pair
        .moscow
        .receive(&first)
        .expect("the tape key of generation 1");
    assert_eq!(
        (opened.generation, opened.epoch, opened.key_message_only),
        (1, 0, false)
    );
    pair.settle();
    pair.assert_post_quantum();
}

/// OL-172: the asking side may be generations behind, up to eight.
#[test]
fn a_home_restored_several_generations_behind_comes_back() {
    for behind in 1..GENERATIONS_AHEAD + 2 {
        let mut pair = paper_pair();
        pair.settle();
        let backup = pair.washington.disk.clone();
        for number in 1..=behind {
            let disk = pair.washington.disk.clone();
            pair.washington.restart_from(&disk);
            pair.washington.ask(number);
            pair.settle();
        }
        assert_eq!(pair.moscow.channel.generation(), Some(behind));
        pair.washington.restart_from(&backup);
        pair.moscow.channel.unconfirm(UDP);
        pair.washington.ask(100);
        if behind < GENERATIONS_AHEAD {
            pair.settle();
            pair.assert_post_quantum();
            assert_eq!(pair.moscow.channel.generation(), Some(behind + 1));
        } else {
            exchange(&mut pair.washington, &mut pair.moscow);
            assert_eq!(
                pair.moscow.channel.generation(),
                Some(behind),
                "out of reach: silence"
            );
        }
    }
}

/// OL-173
#[test]
fn both_are_restored_and_ask_at_once() {
    for (washington_behind, moscow_behind) in [(0, 0), (2, 0), (0, 2), (1, 3)] {
        let mut pair = paper_pair();
        pair.settle();
        let mut backups = vec![(pair.washington.disk.clone(), pair.moscow.disk.clone())];
        for number in 1..=3 {
            let disk = pair.washington.disk.clone();
            pair.washington.restart_from(&disk);
            pair.washington.ask(number);
            pair.settle();
            backups.push((pair.washington.disk.clone(), pair.moscow.disk.clone()));
        }
        pair.washington
            .restart_from(&backups[3 - washington_behind].0);
        pair.moscow.restart_from(&backups[3 - moscow_behind].1);
        pair.washington.ask(10);
        pair.moscow.ask(10);
        // Each has said everything before either hears anything.
        let (west, east) = (pair.washington.resend(), pair.moscow.resend());
        west.iter()
            .for_each(|frame| drop(pair.moscow.receive(frame)));
        east.iter()
            .for_each(|frame| drop(pair.washington.receive(frame)));
        pair.settle();
        pair.assert_post_quantum();
        let expected = 4 - washington_behind.min(moscow_behind) as u64;
        assert_eq!(
            pair.washington.channel.generation(),
            Some(expected),
            "the higher index"
        );
    }
}

/// OL-173: a request that was on its way for long must not lead the two apart.
#[test]
fn a_request_of_an_earlier_life_arrives_late() {
    let mut pair = paper_pair();
    pair.settle();
    let backup = pair.moscow.disk.clone();
    pair.washington.ask(1);
    let late = pair.washington.resend();
    for frame in pair.washington.resend() {
        let _ = pair.moscow.receive(&frame);
    }
    pair.settle();
    pair.moscow.restart_from(&backup);
    pair.moscow.ask(1);
    // Washington accepts generation 2; Moscow, which is at 0 again, takes the old request for 1.
    for frame in pair.moscow.resend() {
        let _ = pair.washington.receive(&frame);
    }
    late.iter()
        .for_each(|frame| drop(pair.moscow.receive(frame)));
    assert_eq!(pair.washington.channel.generation(), Some(2));
    assert_eq!(pair.moscow.channel.generation(), Some(1));
    pair.settle();
    pair.assert_post_quantum();
    assert_eq!(pair.moscow.channel.generation(), Some(2));
}

/// OL-174: an answer to another request, or a frame of an earlier life, leads nowhere.
#[test]
fn frames_of_an_earlier_life_do_not_answer_a_request() {
    let mut pair = paper_pair();
    pair.settle();
    let backup = pair.moscow.disk.clone();
    pair.moscow.ask(1);
    for frame in pair.moscow.resend() {
        let _ = pair.washington.receive(&frame);
    }
    let recorded = pair.washington.resend();
    pair.settle();
    pair.moscow.restart_from(&backup);
    pair.moscow.ask(2);
    let opened = recorded
        .iter()
        .filter_map(|frame| pair.moscow.receive(frame).ok());
    let key_messages_only: Vec<_> = opened.map(|opened| opened.key_message_only).collect();
    assert_eq!(
        key_messages_only,
        vec![true; recorded.len() - 1],
        "authentic, of an earlier life; one is of a generation out of reach"
    );
    assert_eq!(pair.moscow.channel.generation(), Some(0), "not led astray");
    pair.settle();
    pair.assert_post_quantum();
}

/// OL-174: the same request again is answered again, and accepted once.
#[test]
fn a_request_that_comes_again_is_accepted_once() {
    let mut pair = paper_pair();
    pair.settle();
    pair.moscow.ask(1);
    let (first, second) = (pair.moscow.resend(), pair.moscow.resend());
    first
        .iter()
        .for_each(|frame| drop(pair.washington.receive(frame)));
    let accepted = pair.washington.disk.clone();
    second
        .iter()
        .for_each(|frame| drop(pair.washington.receive(frame)));
    assert_eq!(accepted, pair.washington.disk);
    pair.settle();
    pair.assert_post_quantum();
    assert_eq!(pair.washington.channel.generation(), Some(1));
}

/// OL-176: the answer tells which number was the last.
#[test]
fn a_home_whose_clock_went_back_learns_that_its_number_is_too_low() {
    let mut pair = paper_pair();
    pair.settle();
    let backup = pair.moscow.disk.clone();
    pair.moscow.ask(2022);
    pair.settle();
    pair.moscow.restart_from(&backup);
    pair.moscow.ask(1970);
    pair.settle();
    pair.assert_post_quantum();
    assert_eq!(pair.washington.channel.generation(), Some(2));
}

/// OL-176: a request that was under way when its sender was restored is accepted late: neither side
/// could hear the other any more, were it not given back.
#[test]
fn a_request_held_back_since_an_earlier_life_is_given_back() {
    let mut pair = paper_pair();
    pair.settle();
    let backup = pair.moscow.disk.clone();
    pair.moscow.ask(2022);
    let held_back = pair.moscow.resend();
    pair.moscow.restart_from(&backup);
    pair.moscow.ask(1970);
    pair.settle();
    assert_eq!(pair.washington.channel.generation(), Some(1));
    for frame in &held_back {
        let _ = pair.washington.receive(frame);
    }
    assert_eq!(pair.washington.channel.generation(), Some(2));
    assert_eq!(pair.moscow.channel.generation(), Some(1), "left behind");
    pair.settle();
    pair.assert_post_quantum();
}

/// OL-173: the peer was restored, and in its new life hears what it answered in the former one.
#[test]
fn a_key_package_by_an_earlier_life_is_left_alone() {
    let mut pair = paper_pair();
    pair.washington.ask(1);
    for frame in pair.washington.resend() {
        let _ = pair.moscow.receive(&frame);
    }
    let backup = paper_pair().moscow.disk;
    let by_the_former_life = pair.moscow.resend();
    pair.moscow.restart_from(&backup);
    pair.moscow.ask(2);
    for frame in pair.moscow.resend() {
        let _ = pair.washington.receive(&frame);
    }
    for frame in &by_the_former_life {
        let _ = pair.washington.receive(frame);
    }
    pair.settle();
    pair.assert_post_quantum();
}

/// OL-176: a copy of Moscow's home asked and was answered, which the original does not know. When Washington asks, its
/// key package can't be told from one by an earlier life; it gets the copy's request back, and asks itself.
#[test]
fn washington_asks_where_a_copy_of_moscow_had_asked_before() {
    let mut pair = paper_pair();
    pair.settle();
    let original = pair.moscow.disk.clone();
    pair.moscow.ask(1);
    pair.settle();
    pair.moscow.restart_from(&original);
    pair.washington.ask(1);
    pair.settle();
    pair.assert_post_quantum();
    assert_eq!(pair.moscow.channel.generation(), Some(3));
}

/// OL-176: only a request of our own to this peer, which is not known here, says so.
#[test]
fn a_request_given_back_by_mistake_changes_nothing() {
    let mut pair = paper_pair();
    pair.settle();
    let given_back = |ours: u8, peer: u8, number: u64| {
        let tapes = Tapes::new(common::tape(1), common::tape(2)).expect("a pair");
        let config = config(side(ours), side(peer), 41);
        let mut other = Channel::recover(config, tapes, Paper::new(4));
        other.begin_generation(number);
        other.send_generation_request(SIGNATURE).expect("begun");
        let mut bytes = other.keys_to_send()[0].bytes.clone();
        bytes[1] = KeyMessageKind::Outnumbered as u8;
        bytes
    };
    let unknown = pair.moscow.channel.receive_keys(&given_back(2, 1, 0), 0);
    assert!(matches!(unknown, Ok(KeysOutcome::Outnumbered(_))));
    pair.moscow.ask(5);
    let mut last = pair.moscow.channel.keys_to_send()[0].bytes.clone();
    last[1] = KeyMessageKind::Outnumbered as u8;
    let last = pair.moscow.channel.receive_keys(&last, 0);
    assert_eq!(last, Ok(KeysOutcome::Ignored));
    let lower = pair.moscow.channel.receive_keys(&given_back(2, 1, 4), 0);
    assert_eq!(lower, Ok(KeysOutcome::Ignored));
    let higher = pair.moscow.channel.receive_keys(&given_back(2, 1, 6), 0);
    assert!(matches!(higher, Ok(KeysOutcome::Outnumbered(_))));
    let not_ours = pair.moscow.channel.receive_keys(&given_back(1, 2, 6), 0);
    assert!(not_ours.is_err_and(|error| error.is_misbehaviour()));
}

/// OL-175: until the core accepts, everything goes on as before.
#[test]
fn a_request_that_is_not_trusted_changes_nothing() {
    let mut pair = paper_pair();
    go_on(&mut pair, 2);
    pair.washington.trusts = false;
    pair.moscow.ask(1);
    for _ in 0..3 {
        exchange(&mut pair.moscow, &mut pair.washington);
        exchange(&mut pair.washington, &mut pair.moscow);
    }
    pair.assert_post_quantum();
    assert_eq!(pair.washington.channel.generation(), Some(0));
    pair.washington.trusts = true;
    pair.settle();
    pair.assert_post_quantum();
    assert_eq!(pair.washington.channel.generation(), Some(1));
}

/// OL-171: from a frame under the tape key of another generation nothing is taken but key messages;
/// and a request names who asks whom, on which line.
#[test]
fn a_request_for_another_channel_is_named() {
    let mut pair = paper_pair();
    let tapes = |a, b| Tapes::new(common::tape(a), common::tape(b)).expect("a pair");
    let mut foreign = Channel::recover(config(side(3), side(1), 31), tapes(1, 2), Paper::new(3));
    foreign.begin_generation(1);
    foreign.send_generation_request(SIGNATURE).expect("begun");
    let bytes = &foreign.keys_to_send()[0].bytes;
    let error = pair
        .washington
        .channel
        .receive_keys(bytes, 0)
        .expect_err("not Moscow");
    assert!(error.is_misbehaviour(), "{error}");
}

/// OL-172: only the tapes were in the backup.
fn recovered_from_its_tapes<A: Agreement>(pair: &mut Pair<A>, agreement: A) {
    pair.settle();
    let tapes = pair.moscow.channel.tapes();
    let stored = |tape: &Tape| Tape::stored(tape.index(), tape.as_bytes()).expect("32 bytes");
    let tapes = Tapes::new(stored(tapes.sending()), stored(tapes.receiving())).expect("a pair");
    go_on(pair, 4);
    let channel = Channel::recover(config(side(2), side(1), 99), tapes, agreement);
    pair.moscow = Station::start(channel, config(side(2), side(1), 99), &pair.world);
    assert_eq!(pair.moscow.channel.generation(), None);
    assert_eq!(
        pair.moscow.channel.seal(UDP, b"x"),
        Err(ChannelError::NoGeneration)
    );
    pair.moscow.ask(1);
    pair.settle();
    pair.assert_post_quantum();
}

/// OL-172
#[test]
fn a_home_with_nothing_but_its_tapes_comes_back() {
    recovered_from_its_tapes(&mut paper_pair(), Paper::new(77));
}

/// OL-172
#[test]
fn a_home_with_nothing_but_its_tapes_and_identity_comes_back_to_mls() {
    let (mut pair, washington, moscow) = common::mls_pair_with_identities();
    let agreement = MlsAgreement::new(&moscow, washington.pin(), None).expect("an identity");
    recovered_from_its_tapes(&mut pair, agreement);
}

/// OL-111: the tape of a generation is gone once the generation is entered.
#[test]
fn a_used_tape_is_in_no_snapshot() {
    let mut pair = paper_pair();
    for tape in [common::tape(1), common::tape(2)] {
        let holds = |disk: &[u8], tape: &Tape| disk.windows(32).any(|w| w == tape.as_bytes());
        assert!(!holds(&pair.moscow.disk, &tape), "used");
        assert!(
            holds(&pair.moscow.disk, &tape.successor()),
            "its successor waits"
        );
    }
    pair.moscow.attach(UDP, Padding::Classes);
    pair.settle();
}

/// OL-171
#[test]
fn a_request_must_be_signed_before_it_is_sent() {
    let mut pair = paper_pair();
    let unsigned = pair.moscow.channel.send_generation_request(SIGNATURE);
    assert!(matches!(unsigned, Err(ChannelError::OutOfOrder(_))));
    pair.moscow.channel.begin_generation(1);
    assert!(pair.moscow.channel.keys_to_send().is_empty());
    let bytes = {
        pair.moscow
            .channel
            .send_generation_request(SIGNATURE)
            .expect("begun");
        pair.moscow.channel.keys_to_send()[0].bytes.clone()
    };
    let heard = pair
        .washington
        .channel
        .receive_keys(&bytes, 0)
        .expect("well formed");
    let KeysOutcome::GenerationRequested(request) = heard else {
        panic!("{heard:?}")
    };
    assert_eq!(
        (request.from, request.number, request.index),
        (side(2), 1, 1)
    );
}
