//! The code that two watches compare is the same at both ends of one channel, and another one everywhere else.

use crate::common;

use common::{Pair, exchange, mls_pair, side};
use openline_seal::{Agreement, CodeOf, VerifyingCode};
use openline_wire::ids::{Author, BootId, EntryId};

/// Washington rang in the epoch that the pair is in, and Moscow accepted.
fn contact<A: Agreement>(pair: &Pair<A>) -> CodeOf {
    let (generation, epoch) = pair
        .washington
        .channel
        .verifying_epoch()
        .expect("MLS is up");
    let boot = |n: u8| Author {
        party: side(n).party,
        node: side(n).node,
        boot: BootId([n; 16]),
    };
    CodeOf {
        generation,
        epoch,
        outcome: EntryId([5; 32]),
        caller: boot(1),
        called: boot(2),
        caller_nonce: [6; 16],
        called_nonce: [7; 16],
    }
}

/// What both show.
fn codes<A: Agreement>(pair: &Pair<A>, of: &CodeOf) -> [Option<VerifyingCode>; 2] {
    [&pair.washington, &pair.moscow].map(|station| station.channel.verifying_code(of))
}

fn open() -> (Pair<openline_seal::MlsAgreement>, CodeOf, VerifyingCode) {
    let mut pair = mls_pair();
    pair.settle();
    let of = contact(&pair);
    let [Some(washington), Some(moscow)] = codes(&pair, &of) else {
        panic!("no code");
    };
    assert_eq!(washington, moscow);
    (pair, of, washington)
}

/// OL-623
#[test]
fn both_ends_derive_the_same_code_and_another_one_for_whatever_differs() {
    let (pair, of, code) = open();
    let others = [
        CodeOf {
            outcome: EntryId([8; 32]),
            ..of.clone()
        },
        CodeOf {
            caller: of.called,
            called: of.caller,
            ..of.clone()
        },
        CodeOf {
            caller: Author {
                boot: BootId([9; 16]),
                ..of.caller
            },
            ..of.clone()
        },
        CodeOf {
            called: Author {
                boot: BootId([9; 16]),
                ..of.called
            },
            ..of.clone()
        },
        CodeOf {
            caller_nonce: [8; 16],
            ..of.clone()
        },
        CodeOf {
            called_nonce: [8; 16],
            ..of.clone()
        },
        CodeOf {
            caller_nonce: [7; 16],
            called_nonce: [6; 16],
            ..of.clone()
        },
    ];
    for other in &others {
        let [washington, moscow] = codes(&pair, other);
        assert_eq!(washington, moscow);
        assert_ne!(washington, Some(code), "{other:?}");
    }
}

/// OL-623: the next epoch has another code, and while the old epoch is held the old code is still the same at both ends.
#[test]
fn the_keys_are_changed_while_the_watches_compare() {
    let (mut pair, of, code) = open();
    assert!(pair.moscow.rotate());
    assert_eq!(codes(&pair, &of), [Some(code), Some(code)], "under way");
    pair.settle();
    let next = contact(&pair);
    assert_eq!((of.epoch, next.epoch), (1, 2));
    let [washington, moscow] = codes(&pair, &next);
    assert_eq!(washington, moscow);
    assert_ne!(washington, Some(code));
    assert_eq!(codes(&pair, &of), [Some(code), Some(code)]);
}

/// OL-623
#[test]
fn another_generation_has_another_code_and_the_one_before_none() {
    let (mut pair, of, code) = open();
    pair.washington.ask(1);
    pair.settle();
    assert_eq!(codes(&pair, &of), [None, None]);
    let next = contact(&pair);
    assert_ne!(of.generation, next.generation);
    let [washington, moscow] = codes(&pair, &next);
    assert!(washington.is_some() && washington == moscow);
    assert_ne!(washington, Some(code));
}

/// OL-623: who stands between has a channel with each side, and relays what both say.
#[test]
fn somebody_stands_between_them() {
    let (to_moscow, of, code) = open();
    let (to_washington, _, other) = open();
    assert_ne!(code, other);
    let [washington, _] = codes(&to_washington, &of);
    let [_, moscow] = codes(&to_moscow, &of);
    assert_ne!(washington, moscow);
}

/// OL-624 OL-622: whoever carried the tapes has these keys too. Moscow holds the epoch before Washington seals under it.
#[test]
fn the_tape_alone_gives_no_code() {
    let mut pair = mls_pair();
    for station in [&pair.washington, &pair.moscow] {
        assert_eq!(station.channel.verifying_epoch(), None);
        assert!(!station.channel.holds_epoch(0, 0));
    }
    assert!(!pair.moscow.channel.holds_epoch(0, 1));
    exchange(&mut pair.washington, &mut pair.moscow);
    assert_eq!(
        pair.washington.channel.verifying_epoch(),
        None,
        "it has not heard that Moscow joined"
    );
    assert!(pair.moscow.channel.holds_epoch(0, 1));
    pair.settle();
    let tape = CodeOf {
        epoch: 0,
        ..contact(&pair)
    };
    assert_eq!(codes(&pair, &tape), [None, None]);
}
