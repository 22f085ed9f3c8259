//! What a hostile wire does to frames.

use crate::common;

use common::paper::Paper;
use common::{Pair, SERIAL, UDP, paper_pair};
use openline_seal::limits::{REPLAY_WINDOW, SESSIONS};
use openline_seal::{ChannelError, KeyId, Padding};

fn silent(error: &ChannelError) -> bool {
    matches!(
        error,
        ChannelError::Unknown
            | ChannelError::Malformed
            | ChannelError::Forged
            | ChannelError::Replay
    )
}

/// An introduction and, after confirmation, a frame.
fn both_forms(pair: &mut Pair<Paper>) -> [Vec<u8>; 2] {
    pair.settle();
    pair.washington.channel.unconfirm(UDP);
    let introduction = pair.washington.say(b"introduction");
    let probe = pair.washington.say(b"probe");
    let held = pair
        .moscow
        .channel
        .open(&probe, 0)
        .expect("authentic")
        .introduced;
    pair.washington.channel.confirmed(held.expect("introduced"));
    let frame = pair.washington.say(b"frame");
    assert_eq!(
        introduction.len() - b"introduction".len(),
        frame.len() - b"frame".len() + 32
    );
    [introduction, frame]
}

/// OL-134
#[test]
fn a_replay_is_refused_in_both_forms() {
    let mut pair = paper_pair();
    for frame in both_forms(&mut pair) {
        pair.moscow.receive(&frame).expect("the first time");
        assert_eq!(pair.moscow.receive(&frame), Err(ChannelError::Replay));
    }
}

/// OL-134
#[test]
fn a_frame_older_than_the_window_is_refused_and_one_inside_it_is_not() {
    let mut pair = paper_pair();
    let frames: Vec<_> = (0..REPLAY_WINDOW + 1)
        .map(|_| pair.washington.say(b"text"))
        .collect();
    pair.moscow
        .receive(&frames[REPLAY_WINDOW])
        .expect("the newest");
    assert_eq!(
        pair.moscow.receive(&frames[0]),
        Err(ChannelError::Replay),
        "too old"
    );
    for frame in frames[1..REPLAY_WINDOW].iter().rev() {
        pair.moscow.receive(frame).expect("late, inside the window");
    }
    assert_eq!(
        pair.moscow.receive(&frames[1]),
        Err(ChannelError::Replay),
        "seen"
    );
}

/// OL-101: the directions have keys of their own.
#[test]
fn a_frame_sent_back_to_its_sender_is_unknown_to_it() {
    let mut pair = paper_pair();
    for frame in both_forms(&mut pair) {
        assert_eq!(pair.washington.receive(&frame), Err(ChannelError::Unknown));
    }
}

/// OL-132
#[test]
fn a_flipped_bit_anywhere_means_silence() {
    let mut pair = paper_pair();
    for frame in both_forms(&mut pair) {
        for at in 0..frame.len() {
            for bit in 0..8 {
                let mut forged = frame.clone();
                forged[at] ^= 1 << bit;
                let error = pair.moscow.receive(&forged).expect_err("forged");
                assert!(silent(&error), "byte {at}, bit {bit}: {error}");
            }
        }
        pair.moscow
            .receive(&frame)
            .expect("the real one, untouched by the forgeries");
    }
}

/// OL-132
#[test]
fn a_frame_cut_short_or_made_longer_means_silence() {
    let mut pair = paper_pair();
    for frame in both_forms(&mut pair) {
        for len in 0..frame.len() {
            let error = pair.moscow.receive(&frame[..len]).expect_err("cut");
            assert!(silent(&error), "{len}: {error}");
        }
        let longer = [frame.as_slice(), &[0]].concat();
        assert!(silent(&pair.moscow.receive(&longer).expect_err("longer")));
        pair.moscow.receive(&frame).expect("the real one");
    }
}

/// OL-132: what fails to authenticate leaves nothing behind, not even a session.
#[test]
fn forged_introductions_do_not_take_up_room() {
    let mut pair = paper_pair();
    let real = pair.washington.say(b"real");
    let before = pair.moscow.channel.snapshot().expect("the library works");
    for n in 0..10 * SESSIONS {
        let mut forged = real.clone();
        let nonce = forged.len() - 32;
        forged[nonce..nonce + 8].copy_from_slice(&(!n).to_be_bytes());
        assert_eq!(pair.moscow.receive(&forged), Err(ChannelError::Forged));
    }
    assert_eq!(
        *before,
        *pair.moscow.channel.snapshot().expect("the library works")
    );
    pair.moscow.receive(&real).expect("room is left");
}

/// OL-130: a key id in a longer form than needed, or without its top bit, is not looked up.
/// OL-123
#[test]
fn only_the_header_that_we_write_is_read() {
    let mut pair = paper_pair();
    let frame = pair.washington.say(b"text");
    let key = KeyId::of_frame(&frame).expect("our own");
    assert!(pair.moscow.channel.knows(key));
    assert!(!pair.washington.channel.knows(key));
    let mut long = vec![frame[0] + 0x10, 0];
    long.extend(&frame[1..]);
    assert_eq!(KeyId::of_frame(&long), None, "five bytes of key id");
    let mut low = frame.clone();
    low[1] &= 0x7F;
    assert_eq!(KeyId::of_frame(&low), None, "the top bit");
    assert_eq!(KeyId::of_frame(&[]), None);
    assert_eq!(
        KeyId::of_frame(&[0x03; 40]),
        None,
        "a key id inside the first byte"
    );
}

/// OL-124: each bearer has its own key and counter; losing one does not disturb the other.
/// OL-122
#[test]
fn two_bearers_have_keys_and_windows_of_their_own() {
    let mut pair = paper_pair();
    pair.washington.attach(SERIAL, Padding::Classes);
    let on_udp = pair.washington.say(b"text");
    let on_serial = pair
        .washington
        .channel
        .seal(SERIAL, b"Ttext")
        .expect("attached");
    assert_ne!(on_udp, on_serial);
    for frame in [&on_udp, &on_serial] {
        assert_eq!(pair.moscow.receive(frame).expect("authentic").counter, 0);
    }
}

/// OL-125
/// OL-121
#[test]
fn the_sender_introduces_until_told_and_again_when_the_peer_fell_silent() {
    let mut pair = paper_pair();
    let introduced = |pair: &mut Pair<Paper>| {
        let frame = pair.washington.say(b"text");
        pair.moscow.receive(&frame).expect("authentic").introduced
    };
    let key = introduced(&mut pair).expect("the first frame introduces");
    assert_eq!(
        introduced(&mut pair),
        Some(key),
        "and the second, until confirmed"
    );
    pair.washington.channel.confirmed(key);
    assert_eq!(introduced(&mut pair), None);

    pair.moscow.restart();
    let lost = pair.washington.say(b"text");
    assert_eq!(
        pair.moscow.receive(&lost),
        Err(ChannelError::Unknown),
        "it has forgotten the key"
    );
    pair.washington.channel.unconfirm(UDP);
    assert_eq!(
        introduced(&mut pair),
        Some(key),
        "the same key, with its counter going on"
    );
}

/// OL-126: a peer that starts again and again is heard each time, and what an earlier start of its
/// sent stays refused once its window is gone.
#[test]
fn a_peer_that_restarts_often_is_heard_and_its_old_frames_are_not() {
    let mut pair = paper_pair();
    let oldest = pair.washington.say(b"oldest");
    pair.moscow.receive(&oldest).expect("authentic");
    for _ in 0..SESSIONS {
        pair.washington.restart();
        let frame = pair.washington.say(b"again");
        pair.moscow.receive(&frame).expect("a new start");
    }
    assert_eq!(pair.moscow.receive(&oldest), Err(ChannelError::Replay));
}

/// OL-127: the counter ends before AES-GCM's limit; a fresh nonce is a fresh key.
#[test]
fn nothing_is_sealed_on_a_bearer_that_was_not_attached() {
    let mut pair = paper_pair();
    assert_eq!(
        pair.moscow.channel.seal(SERIAL, b"x"),
        Err(ChannelError::NotAttached)
    );
    pair.moscow.channel.detach(UDP);
    assert_eq!(
        pair.moscow.channel.seal(UDP, b"x"),
        Err(ChannelError::NotAttached)
    );
}
