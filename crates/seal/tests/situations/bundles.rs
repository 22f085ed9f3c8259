//! What is carried by hand: sealed frames that open late, in any order and as often as they are brought.

use crate::common;

use common::{Pair, Station, mls_pair, paper_pair};
use openline_seal::limits::{COURIER_EVERY, COURIER_KEYS, DOOR_KEYS};
use openline_seal::{Agreement, Channel, ChannelError};

fn bundle<A: Agreement>(from: &Station<A>, nonce: u8, texts: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut bundle = from.channel.bundle([nonce; 16]).expect("it has keys");
    let seal = |text: &&[u8]| bundle.seal(text).expect("a fresh key");
    texts.iter().map(seal).collect()
}

fn opens<A: Agreement>(at: &Station<A>, frame: &[u8]) -> Result<Vec<u8>, ChannelError> {
    at.channel
        .open_carried(frame)
        .map(|carried| carried.plaintext)
}

const TEXTS: [&[u8]; 3] = [b"first", b"", &[7; 1100]];

/// OL-190
#[test]
fn a_bundle_opens_in_any_order_and_as_often_as_it_comes_at_the_other_side_alone() {
    let mut pair = mls_pair();
    pair.settle();
    let frames = bundle(&pair.washington, 1, &TEXTS);
    let boot = pair.washington.config.boot;
    for _ in 0..2 {
        for (frame, text) in frames.iter().zip(TEXTS).rev() {
            assert_eq!(opens(&pair.moscow, frame), Ok(text.to_vec()));
            let carried = pair.moscow.channel.open_carried(frame).expect("it opens");
            assert_eq!(carried.boot, boot);
        }
    }
    assert_eq!(
        opens(&pair.washington, &frames[0]),
        Err(ChannelError::Unknown)
    );
    let stranger = mls_pair();
    assert_eq!(
        opens(&stranger.moscow, &frames[0]),
        Err(ChannelError::Unknown)
    );
    pair.moscow.restart();
    assert_eq!(opens(&pair.moscow, &frames[0]), Ok(b"first".to_vec()));
}

/// OL-192
#[test]
fn each_side_opens_its_door_to_what_the_other_calls_with_and_to_nothing_else() {
    let mut pair = mls_pair();
    pair.settle();
    let [ours, theirs] = [&pair.washington, &pair.moscow].map(|it| it.channel.door_keys());
    assert_eq!(ours.theirs, theirs.ours);
    assert_eq!(ours.ours, theirs.theirs);
    assert!(ours.ours.iter().all(|key| !ours.theirs.contains(key)));
    // Another line has another agreement; the tapes of these two are the same, as no two lines' are.
    let mut other = mls_pair();
    other.settle();
    let stranger = other.moscow.channel.door_keys();
    assert!(!ours.ours.contains(&stranger.theirs[0]));
    // A restart changes none of it, and neither side must ask the other first.
    pair.moscow.restart();
    assert_eq!(pair.moscow.channel.door_keys().ours, theirs.ours);
}

/// OL-192: as keys come and go, what one side calls with opens the other's door, and there are few.
#[test]
fn the_newest_key_that_the_other_side_is_known_to_have_comes_first() {
    let mut pair = paper_pair();
    pair.settle();
    for epoch in 1..=COURIER_EVERY * 6 {
        rotate_to(&mut pair, epoch);
        for (caller, called) in [
            (&pair.washington, &pair.moscow),
            (&pair.moscow, &pair.washington),
        ] {
            let (to, at) = (caller.channel.door_keys(), called.channel.door_keys());
            assert!(at.ours.contains(&to.theirs[0]));
            assert!(to.theirs.len() <= DOOR_KEYS && at.ours.len() <= DOOR_KEYS);
        }
    }
}

/// OL-190: the keys of what is carried and of what is heard are apart.
#[test]
fn no_bearer_listens_to_a_bundle_and_no_bundle_holds_a_frame_of_a_bearer() {
    let mut pair = paper_pair();
    pair.settle();
    let frames = bundle(&pair.washington, 1, &TEXTS);
    for frame in &frames {
        assert_eq!(pair.moscow.receive(frame), Err(ChannelError::Unknown));
    }
    let live = pair.washington.say(b"now");
    assert!(opens(&pair.moscow, &live).is_err());
    assert!(pair.moscow.receive(&live).is_ok());
}

/// OL-132
#[test]
fn a_changed_byte_anywhere_opens_nothing() {
    let mut pair = paper_pair();
    pair.settle();
    let frame = &bundle(&pair.washington, 1, &[b"text"])[0];
    for at in 0..frame.len() {
        let mut changed = frame.clone();
        changed[at] ^= 1;
        assert!(opens(&pair.moscow, &changed).is_err(), "byte {at}");
    }
    for length in 0..frame.len() {
        assert!(
            opens(&pair.moscow, &frame[..length]).is_err(),
            "{length} bytes"
        );
    }
}

/// OL-190: before the agreement the tapes give the keys, so what is carried works from the first hour.
#[test]
fn a_line_that_has_no_agreement_yet_carries_under_its_tapes() {
    let pair = paper_pair();
    for (from, to) in [
        (&pair.washington, &pair.moscow),
        (&pair.moscow, &pair.washington),
    ] {
        let frame = &bundle(from, 1, &[b"text"])[0];
        assert_eq!(opens(to, frame), Ok(b"text".to_vec()));
    }
}

/// Epoch after epoch, until the channels have reached this one.
fn rotate_to<A: Agreement>(pair: &mut Pair<A>, epoch: u64) {
    while pair.washington.channel.epoch() < epoch {
        assert!(pair.washington.rotate() || pair.moscow.rotate());
        pair.settle();
    }
}

/// OL-191
#[test]
fn a_bundle_outlives_epochs_and_generations_and_then_its_keys_are_erased() {
    let mut pair = paper_pair();
    pair.settle();
    let old = bundle(&pair.washington, 1, &[b"old"])[0].clone();
    let kept = COURIER_KEYS as u64 - 1;
    rotate_to(&mut pair, COURIER_EVERY * kept - 1);
    pair.moscow.restart();
    assert_eq!(opens(&pair.moscow, &old), Ok(b"old".to_vec()));
    // Two keys for the new generation: its tape's, and its agreement's.
    let newer = bundle(&pair.washington, 2, &[b"newer"])[0].clone();
    pair.moscow.ask(1);
    pair.settle();
    pair.assert_post_quantum();
    assert_eq!(opens(&pair.moscow, &newer), Ok(b"newer".to_vec()));
    assert_eq!(opens(&pair.moscow, &old), Err(ChannelError::Unknown));
    let now = bundle(&pair.washington, 3, &[b"now"])[0].clone();
    assert_eq!(opens(&pair.moscow, &now), Ok(b"now".to_vec()));
}

/// OL-191: whoever ended an epoch seals bundles under keys that the other is known to have.
#[test]
fn a_commit_on_its_way_changes_no_key_of_bundles() {
    let mut pair = paper_pair();
    pair.settle();
    rotate_to(&mut pair, COURIER_EVERY);
    assert!(pair.washington.rotate() || pair.moscow.rotate());
    for (from, to) in [
        (&pair.washington, &pair.moscow),
        (&pair.moscow, &pair.washington),
    ] {
        let frame = &bundle(from, 1, &[b"text"])[0];
        assert_eq!(opens(to, frame), Ok(b"text".to_vec()));
    }
}

/// OL-180: what an earlier version wrote knows of no bundles, and the line goes on.
#[test]
fn a_snapshot_of_the_version_before_is_read() {
    let mut pair = paper_pair();
    pair.settle();
    // The keys of two epochs stand at its end: an array of two, each with two numbers and two secrets.
    let mut before = pair.moscow.disk.clone();
    before.truncate(before.len() - (1 + 2 * (1 + 1 + 1 + 2 * 34)));
    assert_eq!(before[..2], [0x8c, 3]);
    before[..2].copy_from_slice(&[0x8b, 2]);
    pair.moscow.restart_from(&before);
    let frame = pair.moscow.say(b"we go on");
    let opened = pair.washington.receive(&frame).expect("it is heard");
    assert_eq!(opened.epoch, 1);
    assert!(matches!(
        pair.moscow.channel.bundle([1; 16]),
        Err(ChannelError::NoGeneration)
    ));
    let recovered =
        Channel::<common::paper::Paper>::restore(pair.moscow.config.clone(), &before[1..]);
    assert!(matches!(recovered, Err(ChannelError::DamagedSnapshot)));
}
