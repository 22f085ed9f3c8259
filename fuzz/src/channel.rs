//! The sealed channel: frames, key messages, and what a disk gives back of it.

use openline_seal::{
    BearerId, Channel, ChannelError, KeyId, KeyMessage, KeysOutcome, MlsAgreement, MlsIdentity,
    Padding,
};
use openline_sim::agreement::ScriptedAgreement;
use openline_sim::disk::Disk;
use openline_sim::node::{LINE, Node, opened_line};
use openline_wire::cbor::Writer;
use openline_wire::ids::{BootId, Digest};
use openline_wire::limits;
use sha2::{Digest as _, Sha256};

use super::input::Choices;

const UDP: BearerId = BearerId(0);

type End = Channel<ScriptedAgreement>;

/// Both ends of a channel whose agreement is a script, and their nodes.
pub struct Pair {
    /// The one that opened the line.
    pub ours: End,
    /// The other one.
    pub peer: End,
    /// Both nodes, in this order.
    pub nodes: [Node; 2],
}

impl Pair {
    /// As it was when the line was opened.
    pub fn new() -> Self {
        let (one, other) = opened_line(openline_proto::config::Cadences::default());
        let end = |node: &Node, boot: u8| {
            let mut channel = node.channel(&Disk::default(), BootId([boot; 16]));
            channel.attach(UDP, [boot; 16], Padding::None);
            channel
        };
        Self {
            ours: end(&one, 1),
            peer: end(&other, 2),
            nodes: [one, other],
        }
    }
}

/// What comes off a bearer gets silence unless the peer sealed it, opens once, and leaves nothing behind if it fails.
pub fn frame(data: &[u8]) {
    let mut pair = Pair::new();
    let before = state(&pair.ours);
    let mut choices = Choices::new(data);
    match choices.below(4) {
        0 => stranger(&mut pair.ours, choices.rest()),
        1 => named(&mut pair, choices.rest()),
        2 => changed(&mut pair, &mut choices),
        _ => authentic(&mut pair, choices.rest()),
    }
    assert_eq!(state(&pair.ours), before);
    // Whatever came: the next frame is heard.
    let frame = pair.peer.seal(UDP, b"ready").expect("a key");
    assert_eq!(
        pair.ours.open(&frame, 0).expect("authentic").plaintext,
        b"ready"
    );
}

/// Bytes that nobody sealed.
fn stranger(ours: &mut End, bytes: &[u8]) {
    let known = KeyId::of_frame(bytes).is_some_and(|key| ours.knows(key));
    if known && is_genuine(bytes) {
        return;
    }
    match ours.open(bytes, 0) {
        Ok(_) => panic!("a stranger was heard"),
        Err(ChannelError::Malformed) => {}
        Err(ChannelError::Unknown) => assert!(!known),
        Err(error) => assert!(known && !error.is_misbehaviour(), "{error}"),
    }
}

/// Keys are the same in each run, and the fuzzer remembers bytes that were compared: it may play back a frame that the
/// peer sealed in an earlier one. Then, and only then, somebody is heard: the peer, sealing this text, makes these bytes.
fn is_genuine(bytes: &[u8]) -> bool {
    let mut twin = Pair::new();
    let Ok(opened) = twin.ours.open(bytes, 0) else {
        return false;
    };
    let mut sealed = (0..2).map(|_| twin.peer.seal(UDP, &opened.plaintext).expect("a key"));
    assert!(sealed.any(|frame| frame == bytes), "a stranger was heard");
    true
}

/// The same behind the header of a frame that the peer sealed.
fn named(pair: &mut Pair, bytes: &[u8]) {
    let sealed = pair.peer.seal(UDP, b"").expect("a key");
    let key = KeyId::of_frame(&sealed).expect("a frame");
    assert!(pair.ours.knows(key));
    let forged = [&sealed[..5], bytes].concat();
    if forged != sealed {
        stranger(&mut pair.ours, &forged);
    }
}

/// A sealed frame with one byte changed, cut short or made longer.
fn changed(pair: &mut Pair, choices: &mut Choices<'_>) {
    let (place, mask, cut) = (
        usize::from(choices.byte()),
        choices.byte(),
        choices.below(64),
    );
    let text = choices.rest();
    let sealed = pair.peer.seal(UDP, text).expect("a key");
    let mut forged = sealed.clone();
    let place = place % forged.len();
    forged[place] ^= mask;
    forged.truncate(forged.len().saturating_sub(cut.into()));
    if forged != sealed {
        stranger(&mut pair.ours, &forged);
    }
    assert_eq!(
        pair.ours.open(&sealed, 0).expect("authentic").plaintext,
        text
    );
}

/// A sealed text comes out as it went in, once.
fn authentic(pair: &mut Pair, text: &[u8]) {
    let frame = pair.peer.seal(UDP, text).expect("a key");
    let opened = pair.ours.open(&frame, 0).expect("authentic");
    assert_eq!(opened.plaintext, text);
    let key = opened.introduced.expect("an introduction");
    assert!(pair.ours.knows(key));
    let again = pair.ours.open(&frame, 0);
    assert_eq!(again.err(), Some(ChannelError::Replay));
    pair.peer.confirmed(key);
    let frame = pair.peer.seal(UDP, text).expect("a key");
    let opened = pair.ours.open(&frame, 0).expect("authentic");
    assert_eq!(
        (opened.plaintext.as_slice(), opened.introduced),
        (text, None)
    );
}

fn state(end: &End) -> Vec<u8> {
    end.snapshot().expect("a script can be written").to_vec()
}

/// A key message is read in one form only; whatever it is, the channel takes it without a panic and can be written
/// down.
pub fn key_message(data: &[u8]) {
    if let Ok(message) = KeyMessage::from_bytes(data) {
        assert_eq!(message.bytes, data);
    }
    let mut pair = Pair::new();
    heard(&mut pair.ours, data);
    heard(&mut pair.peer, data);
    let mut choices = Choices::new(data);
    let digest = asked(&mut pair.ours);
    let message = message_about(&pair, &mut choices, digest);
    heard(&mut pair.ours, &message);
    heard(&mut pair.peer, &message);
    // Both ends still restore from what they would write.
    for (end, node) in [&pair.ours, &pair.peer].into_iter().zip(&pair.nodes) {
        let state = state(end);
        assert!(node.tapes_of(&state, BootId([9; 16])).is_some());
    }
}

fn heard(end: &mut End, bytes: &[u8]) {
    if let Ok(KeysOutcome::GenerationRequested(request)) = end.receive_keys(bytes, 0) {
        let answer = end.accept_generation(&request).expect("within reach");
        assert_eq!(
            KeyMessage::from_bytes(&answer.bytes).map(|read| read.kind),
            Ok(answer.kind)
        );
    }
    for message in end.keys_to_send() {
        assert!(message.bytes.len() <= limits::KEY_MESSAGE);
        assert_eq!(KeyMessage::from_bytes(&message.bytes).as_ref(), Ok(message));
    }
}

/// Asks for a new generation; gives the request's name.
fn asked(end: &mut End) -> Digest {
    let signed = end.begin_generation(7);
    end.send_generation_request([7; 64]).expect("it was begun");
    Digest(Sha256::digest(signed).into())
}

/// A key message that fits this channel but for the numbers in it.
fn message_about(pair: &Pair, choices: &mut Choices<'_>, request: Digest) -> Vec<u8> {
    let (kind, from) = (choices.below(7), choices.below(2));
    let (generation, number) = (choices.number(), choices.number());
    let mut w = Writer::new();
    match kind {
        4 | 6 => {
            let signed = request_by(&pair.nodes[usize::from(from)], number, generation);
            w.array(3).uint(kind.into()).bytes(&signed).bytes(&[7; 64])
        }
        5 => w.array(3).uint(5).uint(generation).item(&request),
        3 => {
            w.array(4).uint(3).uint(generation).item(&request);
            w.bytes(choices.rest())
        }
        2 => {
            w.array(4).uint(2).uint(generation).uint(number);
            w.bytes(choices.rest())
        }
        _ => w.array(3).uint(1).uint(generation).bytes(choices.rest()),
    };
    w.into_bytes()
}

/// A request for a new generation by a node, as `spec/cddl/channel.cddl` has it.
pub fn request_by(node: &Node, number: u64, index: u64) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(10).text("openline generation request 1");
    w.item(&LINE).bytes(&[3; 32]);
    for side in [node.side, node.peer] {
        w.item(&side.party).item(&side.node);
    }
    w.item(&BootId([2; 16])).uint(number).uint(index);
    w.into_bytes()
}

/// What a disk gives back of a channel, an agreement or an identity is refused or stays what it is, and a channel that
/// was taken goes on without a panic.
pub fn snapshot(data: &[u8]) {
    if let Ok(identity) = MlsIdentity::from_bytes(data) {
        let bytes = identity.to_bytes();
        let again = MlsIdentity::from_bytes(&bytes).expect("just written");
        assert_eq!(again.to_bytes(), bytes);
    }
    let (node, _) = opened_line(openline_proto::config::Cadences::default());
    goes_on::<ScriptedAgreement>(&node, data);
    goes_on::<MlsAgreement>(&node, data);
}

fn goes_on<A: openline_seal::Agreement>(node: &Node, data: &[u8]) {
    let config = || node.channel_config(BootId([9; 16]));
    let Ok(mut channel) = Channel::<A>::restore(config(), data) else {
        return;
    };
    let state = channel.snapshot().expect("it was written before");
    let again = Channel::<A>::restore(config(), &state).expect("just written");
    assert_eq!(again.snapshot().expect("it was written before"), state);
    channel.attach(UDP, [9; 16], Padding::Classes);
    let sealed = channel.seal(UDP, b"ready");
    assert_eq!(sealed.is_ok(), channel.generation().is_some());
    let _ = channel.seal_request(UDP, b"ready");
    let _ = channel.rotate_if_due(u64::MAX);
    let _ = channel.rotate();
    channel.begin_generation(u64::MAX);
    assert!(channel.send_generation_request([7; 64]).is_ok());
}
