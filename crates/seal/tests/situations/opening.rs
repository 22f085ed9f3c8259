//! A channel opens: under the tapes at once, then under MLS.

use crate::common;

use common::paper::Paper;
use common::{UDP, config, exchange, mls_opener, mls_pair, paper_pair, side, tape};
use openline_seal::{
    Agreement, AgreementError, Channel, ChannelError, MlsAgreement, MlsIdentity, Padding, Psk,
    Tapes,
};
use zeroize::Zeroizing;

/// OL-112, OL-120, OL-140
#[test]
fn the_tapes_carry_the_first_words_and_then_the_line_is_post_quantum() {
    let mut pair = mls_pair();
    let first = pair.washington.say(b"are you there?");
    assert!(pair.moscow.receive(&first).is_ok());
    let answer = pair.moscow.say(b"yes");
    assert!(pair.washington.receive(&answer).is_ok());
    assert!(!pair.washington.channel.is_post_quantum_sealed());
    assert!(!pair.moscow.channel.is_post_quantum_sealed());

    exchange(&mut pair.washington, &mut pair.moscow);
    assert!(
        pair.moscow.channel.is_post_quantum_sealed(),
        "it joined and seals so at once"
    );
    assert!(
        !pair.washington.channel.is_post_quantum_sealed(),
        "it has not heard so yet"
    );
    exchange(&mut pair.moscow, &mut pair.washington);
    pair.assert_post_quantum();
    assert_eq!(pair.washington.channel.epoch(), 1);
    assert!(pair.washington.channel.keys_to_send().is_empty());
}

/// OL-141
#[test]
fn the_welcome_is_resent_until_it_arrives_and_one_that_comes_twice_does_nothing() {
    let mut pair = mls_pair();
    let lost = pair.washington.resend();
    let late = pair.washington.resend();
    let bytes = pair.washington.channel.keys_to_send().to_vec();
    for frame in &late {
        pair.moscow.receive(frame).expect("the second copy");
    }
    let joined = pair.moscow.disk.clone();
    for frame in &lost {
        pair.moscow.receive(frame).expect("the first copy, late");
    }
    assert_eq!(joined, pair.moscow.disk, "nothing changed");
    assert_eq!(
        bytes,
        pair.washington.channel.keys_to_send(),
        "the same bytes each time"
    );
    pair.settle();
    pair.assert_post_quantum();
}

/// OL-112, OL-130
#[test]
fn a_stranger_without_the_tape_gets_silence() {
    let mut pair = paper_pair();
    let tapes = Tapes::new(tape(9), tape(1)).expect("a pair");
    let paper = Paper::new(9);
    let mut stranger =
        Channel::new(config(side(2), side(1), 66), tapes, paper, None).expect("opens");
    stranger.attach(UDP, [6; 16], Padding::None);
    let frame = stranger.seal(UDP, b"Thello").expect("attached");
    assert_eq!(pair.washington.receive(&frame), Err(ChannelError::Unknown));
}

/// OL-101
#[test]
fn another_line_charter_party_or_node_means_other_keys() {
    let mut pair = paper_pair();
    let frame = pair.washington.say(b"hello");
    let right = config(side(2), side(1), 21);
    let mut wrong = [
        right.clone(),
        right.clone(),
        right.clone(),
        right.clone(),
        right.clone(),
    ];
    wrong[0].line.0[31] ^= 1;
    wrong[1].charter.0[31] ^= 1;
    wrong[2].ours.party.0[31] ^= 1;
    wrong[3].peer.node.0[31] ^= 1;
    for (expected, config) in wrong
        .into_iter()
        .enumerate()
        .map(|(n, config)| (n == 4, config))
    {
        let tapes = Tapes::new(tape(1), tape(2)).expect("a pair");
        let mut channel = Channel::new(config, tapes, Paper::new(2), None).expect("opens");
        assert_eq!(channel.open(&frame, 0).is_ok(), expected);
    }
}

/// OL-142: the key package must carry the credential and the key that the card named.
#[test]
fn a_key_package_with_another_signature_key_is_refused() {
    let moscow = MlsIdentity::generate(side(2)).expect("random numbers");
    let impostor = MlsIdentity::generate(side(2)).expect("random numbers");
    let other_node = MlsIdentity::generate(side(3)).expect("random numbers");
    for identity in [&impostor, &other_node] {
        let prepared = identity.prepare_key_package().expect("random numbers");
        let refused = mls_opener(moscow.pin()).create(&prepared.public, &[]);
        assert!(matches!(
            refused,
            Err(AgreementError::Refused {
                what: "key package",
                ..
            })
        ));
    }
    let prepared = moscow.prepare_key_package().expect("random numbers");
    assert!(
        mls_opener(moscow.pin())
            .create(&prepared.public, &[])
            .is_ok()
    );
}

/// OL-142: and so must whoever creates the group.
#[test]
fn a_welcome_by_another_signature_key_is_refused() {
    let washington = MlsIdentity::generate(side(1)).expect("random numbers");
    let moscow = MlsIdentity::generate(side(2)).expect("random numbers");
    let prepared = moscow.prepare_key_package().expect("random numbers");
    let welcome = mls_opener(moscow.pin())
        .create(&prepared.public, &[])
        .expect("creates");
    let mut joiner =
        MlsAgreement::new(&moscow, washington.pin(), Some(&prepared.secret)).expect("an identity");
    let refused = joiner.join(&welcome, &[]);
    assert!(matches!(
        refused,
        Err(AgreementError::Refused {
            what: "Welcome",
            ..
        })
    ));
}

fn psk(id: u8, secret: u8) -> Psk {
    Psk {
        id: vec![id],
        secret: Zeroizing::new(vec![secret; 32]),
    }
}

/// OL-143
#[test]
fn a_welcome_that_leaves_a_tape_out_is_refused() {
    let washington = MlsIdentity::generate(side(1)).expect("random numbers");
    let moscow = MlsIdentity::generate(side(2)).expect("random numbers");
    let prepared = moscow.prepare_key_package().expect("random numbers");
    let join = |psks: &[Psk], expected: &[Psk]| {
        let mut opener = MlsAgreement::new(&washington, moscow.pin(), None).expect("an identity");
        let mut joiner = MlsAgreement::new(&moscow, washington.pin(), Some(&prepared.secret))
            .expect("an identity");
        let welcome = opener.create(&prepared.public, psks)?;
        joiner.join(&welcome, expected)?;
        let export = |agreement: &MlsAgreement| agreement.export(b"x", b"", 32);
        assert_eq!(export(&opener)?, export(&joiner)?);
        export(&joiner)
    };
    let both = [psk(1, 1), psk(2, 2)];
    assert!(join(&both, &both).is_ok());
    assert!(join(&both[..1], &both).is_err(), "one tape is missing");
    assert!(join(&[], &both).is_err(), "both are");
    assert!(join(&both, &[psk(1, 1), psk(2, 3)]).is_err(), "one differs");
}

/// OL-143, B15: the same MLS randomness with another tape gives other keys, and the same tape with
/// other MLS randomness does; so breaking one of them opens nothing.
#[test]
fn tape_and_kem_each_keep_the_secret_alone() {
    let export = |seed: u64, tape: u8| {
        let mut opener = Paper::new(seed);
        opener
            .create(b"key package", &[psk(1, tape), psk(2, 2)])
            .expect("paper does not fail");
        opener.export(b"x", b"", 32).expect("a group")
    };
    assert_eq!(export(1, 1), export(1, 1));
    assert_ne!(export(1, 1), export(1, 9), "only the tape differs");
    assert_ne!(export(1, 1), export(9, 1), "only the key agreement differs");

    // MLS itself: two groups from the same identities and tapes share no key.
    let (mut one, mut two) = (mls_pair(), mls_pair());
    one.settle();
    two.settle();
    let frame = one.washington.say(b"secret");
    assert_eq!(two.moscow.receive(&frame), Err(ChannelError::Unknown));
}

/// OL-112, OL-140: whoever copied the tapes on their way reads what the tape key carries, and
/// nothing after it.
#[test]
fn a_copied_tape_reads_the_first_words_and_no_more() {
    let mut pair = mls_pair();
    let tapes = Tapes::new(tape(1), tape(2)).expect("a pair");
    let paper = Paper::new(9);
    let mut thief = Channel::new(config(side(2), side(1), 66), tapes, paper, None).expect("opens");
    assert!(thief.open(&pair.washington.say(b"first words"), 0).is_ok());
    pair.settle();
    assert_eq!(
        thief.open(&pair.washington.say(b"secret"), 0),
        Err(ChannelError::Unknown)
    );
}

/// OL-131, OL-133: the figures in the crate's documentation.
#[test]
fn a_frame_costs_what_the_documentation_says() {
    let mut pair = paper_pair();
    let text = [b'x'; 100];
    let mut sizes = Vec::new();
    for _ in 0..300 {
        let frame = pair.washington.channel.seal(UDP, &text).expect("attached");
        sizes.push(frame.len() - text.len());
    }
    assert_eq!(
        (sizes[7], sizes[8], sizes[255], sizes[256]),
        (54, 55, 55, 56),
        "introductions"
    );
    pair.settle();
    let mut sizes = Vec::new();
    for _ in 0..300 {
        let frame = pair.washington.channel.seal(UDP, &text).expect("attached");
        sizes.push(frame.len() - text.len());
    }
    assert_eq!((sizes[0], sizes[200], sizes[299]), (22, 23, 24), "frames");
}

/// OL-131
#[test]
fn what_fits_into_a_frame_is_what_room_says() {
    for padding in [Padding::None, Padding::Classes] {
        let mut pair = paper_pair();
        pair.washington.attach(UDP, padding);
        for round in 0..20 {
            let room = pair.washington.channel.room(UDP, 1200).expect("attached");
            let frame = pair
                .washington
                .channel
                .seal(UDP, &vec![1; room])
                .expect("attached");
            assert!(frame.len() <= 1200, "{padding:?} {round}");
            let frame = pair
                .washington
                .channel
                .seal(UDP, &vec![1; room + 1])
                .expect("attached");
            assert!(frame.len() > 1200, "{padding:?} {round}");
            if round == 10 {
                pair.settle();
            }
        }
    }
}
