//! Salts that need not be sent: both ends have the same from their keys, and nobody else has any.

use crate::common;

use std::collections::BTreeSet;

use common::{Pair, mls_pair, side};
use openline_seal::MlsAgreement;
use openline_wire::codes::Stream;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, BootId};

fn chain(of: u8, boot: u8, stream: Stream) -> Chain {
    let author = Author {
        party: side(of).party,
        node: side(of).node,
        boot: BootId([boot; 16]),
    };
    Chain { author, stream }
}

fn epoch_of(pair: &Pair<MlsAgreement>) -> (u64, u64) {
    let channel = &pair.washington.channel;
    channel.verifying_epoch().expect("MLS is up")
}

/// OL-128
#[test]
fn the_author_and_the_peer_have_one_salt_for_each_place_and_no_two_places_have_the_same() {
    let mut pair = mls_pair();
    pair.settle();
    let epoch = epoch_of(&pair);
    let (washington, moscow) = (&pair.washington.channel, &pair.moscow.channel);
    let mut seen = BTreeSet::new();
    for boot in [1, 2] {
        for &stream in Stream::ALL {
            for place in [0, 1, u64::MAX] {
                let chain = chain(1, boot, stream);
                let sent = washington.salt_to_send(&chain, place).expect("a salt");
                assert_eq!(moscow.salt_received(epoch, &chain, place), Some(sent));
                assert!(seen.insert(sent), "{chain:?} {place}");
            }
        }
    }
    // Of the other's chains nobody has a salt to send.
    let theirs = chain(2, 1, Stream::Traffic);
    assert_eq!(washington.salt_to_send(&theirs, 0), None);
    assert_eq!(moscow.salt_received(epoch, &theirs, 0), None);
}

/// OL-128: whoever carried the tape could try what stands behind a commitment.
#[test]
fn the_tape_gives_no_salt() {
    let pair = mls_pair();
    assert_eq!(pair.washington.channel.epoch(), 0);
    let chain = chain(1, 1, Stream::Traffic);
    assert_eq!(pair.washington.channel.salt_to_send(&chain, 0), None);
    let generation = pair.washington.channel.generation().expect("the first");
    let received = pair
        .moscow
        .channel
        .salt_received((generation, 0), &chain, 0);
    assert_eq!(received, None);
}
