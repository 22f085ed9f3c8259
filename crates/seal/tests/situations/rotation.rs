//! Epochs alternate, over any loss, and old keys go.

use crate::common;

use common::{Dice, Pair, UDP, mls_pair, paper_pair};
use openline_seal::limits::{EPOCHS_KEPT, OLD_EPOCH_KEPT_MS, SESSIONS, SPENT_NONCES};
use openline_seal::{Agreement, ChannelError};

/// OL-150: each commits when it is its turn and never otherwise.
#[test]
fn the_sides_commit_in_turns() {
    let mut pair = mls_pair();
    assert!(!pair.washington.rotate(), "there is no group to rotate");
    pair.settle();
    for epoch in 1..6 {
        assert_eq!(pair.washington.channel.epoch(), epoch);
        let lower_turn = epoch % 2 == 0;
        assert_eq!(pair.washington.rotate(), lower_turn);
        assert_eq!(pair.moscow.rotate(), !lower_turn);
        assert!(
            !pair.washington.rotate() && !pair.moscow.rotate(),
            "one commit at a time"
        );
        pair.settle();
        pair.assert_post_quantum();
    }
}

/// OL-151: over a link that loses and reorders, both arrive at each epoch; every text that arrives
/// is right, and the side that moved first waits for the other.
/// OL-102
#[test]
fn fifty_epochs_over_a_link_that_loses_a_third_and_reorders() {
    rotate_over_a_bad_link(&mut paper_pair(), 50, 1);
}

/// OL-151
#[test]
fn mls_rotates_over_the_same_link() {
    rotate_over_a_bad_link(&mut mls_pair(), 50, 2);
}

fn rotate_over_a_bad_link<A: Agreement>(pair: &mut Pair<A>, epochs: u64, seed: u64) {
    let mut dice = Dice(seed);
    // Each frame with its direction and the epoch that it was sealed in.
    let mut wire: Vec<(bool, u64, Vec<u8>)> = Vec::new();
    let mut rounds = 0;
    while pair.washington.channel.epoch() < epochs || pair.moscow.channel.epoch() < epochs {
        rounds += 1;
        assert!(
            rounds < 100 * epochs,
            "stuck at {}",
            pair.washington.channel.epoch()
        );
        for (to_moscow, from) in [(true, &mut pair.washington), (false, &mut pair.moscow)] {
            from.now += 700;
            if from
                .channel
                .rotate_if_due(from.now)
                .expect("the library works")
            {
                from.persist();
            }
            let mut frames = from.resend();
            frames.push(from.say(b"text"));
            let epoch = from.channel.epoch();
            wire.extend(frames.into_iter().map(|frame| (to_moscow, epoch, frame)));
        }
        wire.retain(|_| dice.roll(10) >= 3);
        while wire.len() > 3 {
            let (to_moscow, epoch, frame) = wire.swap_remove(dice.roll(wire.len() as u64) as usize);
            let to = if to_moscow {
                &mut pair.moscow
            } else {
                &mut pair.washington
            };
            match to.receive(&frame) {
                Ok(opened) => assert_eq!((opened.epoch, opened.key_message_only), (epoch, false)),
                // Held back on the wire for longer than epochs are kept.
                Err(error) => {
                    assert_eq!(error, ChannelError::Unknown);
                    assert!(
                        epoch + EPOCHS_KEPT as u64 <= to.channel.epoch() + 1,
                        "{epoch}"
                    );
                }
            }
        }
        let (one, two) = (pair.washington.channel.epoch(), pair.moscow.channel.epoch());
        assert!(one.abs_diff(two) <= 1, "{one} and {two}");
    }
}

/// OL-152: the same bytes each time, and until the answer everything goes on under the old epoch.
#[test]
fn a_lost_commit_is_resent_and_the_old_epoch_carries_the_traffic_meanwhile() {
    let mut pair = paper_pair();
    pair.settle();
    assert!(pair.moscow.rotate());
    let bytes = pair.moscow.channel.keys_to_send().to_vec();
    let _lost = pair.moscow.resend();
    assert_eq!(pair.moscow.channel.epoch(), 1);
    pair.assert_open();
    assert_eq!(pair.moscow.channel.keys_to_send(), bytes);
    pair.settle();
    assert_eq!(pair.moscow.channel.epoch(), 2);
    pair.assert_post_quantum();
}

/// OL-153: a frame of the old epoch opens for a while after the peer was heard in the new one, and
/// no longer.
#[test]
fn an_old_epoch_opens_late_frames_for_a_bounded_time() {
    let mut pair = paper_pair();
    pair.settle();
    let (in_time, too_late) = (
        pair.washington.say(b"in time"),
        pair.washington.say(b"too late"),
    );
    assert!(pair.moscow.rotate());
    pair.settle();
    pair.moscow.now += OLD_EPOCH_KEPT_MS - 1;
    let opened = pair.moscow.receive(&in_time).expect("still held");
    assert_eq!(opened.epoch, 1);
    let with_old_keys = pair.moscow.channel.snapshot().expect("works").len();
    pair.moscow.now += 1;
    assert_eq!(pair.moscow.receive(&too_late), Err(ChannelError::Unknown));
    let now = pair.moscow.now;
    assert!(
        pair.moscow.channel.rotate_if_due(now).expect("works"),
        "to be persisted"
    );
    let without = pair.moscow.channel.snapshot().expect("works").len();
    assert!(without < with_old_keys, "erased from the disk too");
}

/// OL-153: while the peer was not heard in the new epoch, the old one is kept, however long.
#[test]
fn a_peer_that_was_cut_off_for_a_day_is_heard_in_the_epoch_that_it_knows() {
    let mut pair = paper_pair();
    pair.settle();
    assert!(pair.moscow.rotate());
    for frame in pair.moscow.resend() {
        pair.washington.receive(&frame).expect("the commit arrives");
    }
    pair.washington.now += 24 * 60 * 60 * 1000;
    assert!(pair.washington.rotate(), "its turn has come meanwhile");
    let late = pair.moscow.say(b"I have not heard from you since");
    assert_eq!(
        pair.washington.receive(&late).map(|opened| opened.epoch),
        Ok(1)
    );
}

/// OL-150: a commit out of turn is misbehaviour, and changes nothing.
#[test]
fn a_commit_out_of_turn_is_named() {
    let mut pair = paper_pair();
    pair.settle();
    // [2, generation 0, epoch 1, 32 bytes]: epoch 1 is Moscow's to end.
    let commit = [&[0x84, 2, 0, 1, 0x58, 40], &[0; 40][..]].concat();
    let before = pair.moscow.channel.snapshot().expect("works");
    let error = pair
        .moscow
        .channel
        .receive_keys(&commit, 0)
        .expect_err("out of turn");
    assert!(error.is_misbehaviour(), "{error}");
    assert_eq!(*before, *pair.moscow.channel.snapshot().expect("works"));
}

/// OL-142: so is one that the peer's leaf has not signed.
/// OL-144
#[test]
fn a_forged_commit_is_named_and_changes_nothing() {
    let mut pair = mls_pair();
    pair.settle();
    assert!(pair.moscow.rotate());
    let message = pair.moscow.channel.keys_to_send()[0].clone();
    for at in [20, message.bytes.len() / 2, message.bytes.len() - 1] {
        let mut forged = message.bytes.clone();
        forged[at] ^= 1;
        let before = pair.washington.channel.snapshot().expect("works");
        let error = pair
            .washington
            .channel
            .receive_keys(&forged, 0)
            .expect_err("forged");
        assert!(error.is_misbehaviour(), "byte {at}: {error}");
        assert_eq!(*before, *pair.washington.channel.snapshot().expect("works"));
    }
    pair.settle();
    pair.assert_post_quantum();
}

/// OL-160
#[test]
fn only_canonical_key_messages_are_read() {
    let mut pair = paper_pair();
    let good = pair.washington.channel.keys_to_send()[0].bytes.clone();
    let mut long_number = good.clone();
    long_number.splice(1..2, [0x18, 1]);
    let trailing = [good.as_slice(), &[0]].concat();
    let mut unknown_kind = good.clone();
    unknown_kind[1] = 9;
    for wrong in [
        &long_number[..],
        &trailing,
        &unknown_kind,
        &good[..good.len() - 1],
        &[],
    ] {
        let error = pair
            .moscow
            .channel
            .receive_keys(wrong, 0)
            .expect_err("not canonical");
        assert!(error.is_misbehaviour(), "{error}");
    }
    assert!(pair.moscow.channel.receive_keys(&good, 0).is_ok());
}

/// OL-126: a peer in a crash loop makes the next epoch come early, before its nonces run out.
#[test]
fn a_peer_in_a_crash_loop_makes_the_next_epoch_come_early() {
    let mut pair = paper_pair();
    pair.settle();
    for round in 0.. {
        pair.washington.restart();
        let frame = pair.washington.say(b"again");
        pair.moscow.receive(&frame).expect("a new start");
        if pair.moscow.channel.rotate_if_due(0).expect("works") {
            assert!(round <= SESSIONS + SPENT_NONCES / 2);
            break;
        }
    }
    pair.moscow.persist();
    pair.moscow.channel.unconfirm(UDP);
    pair.settle();
    pair.assert_post_quantum();
    assert!(
        !pair.moscow.channel.rotate_if_due(0).expect("works"),
        "there is room again"
    );
}
