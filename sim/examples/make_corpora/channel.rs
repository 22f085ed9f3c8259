//! Frames, key messages, snapshots, and what MLS says.

use openline_seal::{Agreement, BearerId, MlsAgreement, MlsIdentity, Padding, Side};
use openline_sim::node::Node;
use openline_wire::cbor::Writer;
use openline_wire::ids::{BootId, NodeId, PartyId};

use super::Input;
use super::fuzz::channel::{Pair, request_by};
use super::fuzz::mls::psks;

const UDP: BearerId = BearerId(0);

/// Frames, key messages and snapshots.
pub fn inputs() -> Vec<Input> {
    let mut inputs = frames();
    inputs.extend(key_messages());
    inputs.extend(snapshots());
    inputs
}

fn frames() -> Vec<Input> {
    let sealed = Pair::new().peer.seal(UDP, b"Ready.").expect("a key");
    let of = |name, first: &[u8], rest: &[u8]| ("frame", name, [first, rest].concat());
    vec![
        of("stranger-nothing", &[0], &[]),
        of("stranger-noise", &[0], &[0x5A; 80]),
        of("stranger-with-a-long-header", &[0], &[0xFF; 40]),
        of(
            "stranger-with-a-short-key-id",
            &[0],
            &[[0x07].as_slice(), &[1; 40]].concat(),
        ),
        of("named-nothing", &[1], &[]),
        of("named-tag-of-zeros", &[1], &[0; 16]),
        of("named-noise", &[1], &[0x5A; 80]),
        of("named-longer", &[1], &[&sealed[5..], &[0]].concat()),
        of("changed-header", &[2, 0, 1, 0], b"Ready."),
        of("changed-key-id", &[2, 3, 0x10, 0], b"Ready."),
        of("changed-text", &[2, 7, 0x10, 0], b"Ready."),
        of("changed-nonce", &[2, 35, 1, 0], b"Ready."),
        of("changed-boot", &[2, 58, 1, 0], b"Ready."),
        of("cut-short", &[2, 0, 0, 9], b"Ready."),
        of("unchanged", &[2, 0, 0, 0], b"Ready."),
        of("authentic", &[3], b"Ready."),
        of("authentic-nothing", &[3], &[]),
        of("authentic-that-looks-like-padding", &[3], &[0x80, 0, 0]),
        of("authentic-longest", &[3], &[7; 1_135]),
    ]
}

fn key_messages() -> Vec<Input> {
    let mut pair = Pair::new();
    let welcome = pair.ours.keys_to_send()[0].bytes.clone();
    let washington = request_by(&pair.nodes[0], 7, 1);
    let moscow = request_by(&pair.nodes[1], 9, 1);
    pair.ours
        .receive_keys(&request(4, &moscow), 0)
        .expect("a request");
    let mut trailing = welcome.clone();
    trailing.push(0);
    let of = |name, bytes| ("key_message", name, bytes);
    vec![
        of("welcome", welcome.clone()),
        of("welcome-with-a-byte-behind-the-end", trailing),
        of("welcome-cut-short", welcome[..welcome.len() - 1].to_vec()),
        of("commit", numbers(2, &[0, 1])),
        of(
            "commit-of-the-last-epoch",
            numbers(2, &[u64::MAX, u64::MAX]),
        ),
        of("request-by-the-peer", request(4, &moscow)),
        of("request-by-ourselves", request(4, &washington)),
        of(
            "request-of-the-highest-number",
            request(4, &request_by(&pair.nodes[1], u64::MAX, 1)),
        ),
        of(
            "request-out-of-reach",
            request(4, &request_by(&pair.nodes[1], 9, u64::MAX)),
        ),
        of(
            "request-far-ahead",
            request(4, &request_by(&pair.nodes[1], 9, 8)),
        ),
        of("outnumbered", request(6, &washington)),
        of("outnumbered-of-another", request(6, &moscow)),
        of("unknown-kind", numbers(7, &[0])),
        of("accepted-of-another", numbers(5, &[1])),
        of("about-an-acceptance", vec![5, 0, 1, 0]),
        of(
            "about-an-acceptance-out-of-reach",
            vec![5, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ),
        of("about-a-key-package", vec![3, 0, 1, 0, 9, 9, 9]),
        of("kind-not-canonical", b"\x83\x18\x01\x00\x43mls".to_vec()),
    ]
}

fn request(kind: u64, signed: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(3).uint(kind).bytes(signed).bytes(&[7; 64]);
    w.into_bytes()
}

fn numbers(first: u64, more: &[u64]) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(more.len() + 2).uint(first);
    more.iter().for_each(|n| {
        w.uint(*n);
    });
    w.bytes(b"mls");
    w.into_bytes()
}

fn snapshots() -> Vec<Input> {
    let mut pair = Pair::new();
    let state = |end: &openline_seal::Channel<_>| end.snapshot().expect("a script").to_vec();
    let opener = state(&pair.ours);
    let other = state(&pair.peer);
    let welcome = pair.ours.keys_to_send()[0].bytes.clone();
    pair.peer.receive_keys(&welcome, 0).expect("a Welcome");
    let joined = state(&pair.peer);
    let frame = pair.peer.seal(UDP, b"Ready.").expect("a key");
    pair.ours.open(&frame, 0).expect("a frame");
    let settled = state(&pair.ours);
    let signed = pair.ours.begin_generation(9);
    let begun = state(&pair.ours);
    pair.ours.send_generation_request([7; 64]).expect("begun");
    let asked = state(&pair.ours);
    let request = request(4, &signed);
    let outcome = pair.peer.receive_keys(&request, 0).expect("a request");
    if let openline_seal::KeysOutcome::GenerationRequested(request) = outcome {
        pair.peer.accept_generation(&request).expect("within reach");
    }
    let accepted = state(&pair.peer);
    let identity = identity(5);
    let mut last_tape = opener.clone();
    let last = [0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    // The index of the tapes follows version and binding, and the first epoch its generation.
    last_tape.splice(37..38, last);
    let mut last_epoch = joined.clone();
    let at = 37 + 1 + 2 * 34 + 3;
    last_epoch.splice(at..=at, last);
    let of = |name, bytes| ("snapshot", name, bytes);
    vec![
        of("opener", opener.clone()),
        of("other", other),
        of("joined", joined),
        of("settled", settled),
        of("request-begun", begun),
        of("request-asked", asked),
        of("request-accepted", accepted),
        of("recovered", state(&recovered(&pair.nodes[0]))),
        of("cut-short", opener[..opener.len() / 2].to_vec()),
        of("last-index-of-all", last_tape),
        of("last-epoch-of-all", last_epoch),
        of("identity", identity.to_bytes().to_vec()),
        of("nothing", Vec::new()),
    ]
}

fn recovered(node: &Node) -> openline_seal::Channel<openline_sim::agreement::ScriptedAgreement> {
    let pair = Pair::new();
    let agreement = openline_sim::agreement::ScriptedAgreement::new([9; 32]);
    let config = node.channel_config(BootId([9; 16]));
    let mut channel = openline_seal::Channel::recover(config, pair.ours.tapes().clone(), agreement);
    channel.attach(UDP, [9; 16], Padding::None);
    channel
}

fn identity(n: u8) -> MlsIdentity {
    let side = Side {
        party: PartyId([n; 32]),
        node: NodeId([n; 32]),
    };
    MlsIdentity::generate(side).expect("random numbers")
}

/// The states that the target `mls` stands on, and the messages that fit them. Both change with each run.
pub struct Mls {
    /// Files of `fuzz/fixtures`.
    pub states: Vec<(&'static str, Vec<u8>)>,
    /// The corpus.
    pub inputs: Vec<Input>,
}

/// A group of two by MLS itself, stopped at each step.
pub fn mls() -> Mls {
    let (one, two) = (identity(1), identity(2));
    let prepared = two.prepare_key_package().expect("random numbers");
    let state = |agreement: &MlsAgreement| agreement.state().expect("it can be written").to_vec();
    let mut creator = MlsAgreement::new(&one, two.pin(), None).expect("an identity");
    let mut joiner =
        MlsAgreement::new(&two, one.pin(), Some(&prepared.secret)).expect("an identity");
    let states = vec![
        ("mls-creator", state(&creator)),
        ("mls-joiner", state(&joiner)),
    ];
    let package = prepared.public.clone();
    let welcome = creator.create(&package, &psks()).expect("its key package");
    joiner.join(&welcome, &psks()).expect("its Welcome");
    let follower = ("mls-follower", state(&joiner));
    let commit = creator.commit().expect("a group");
    let strangers = identity(3)
        .prepare_key_package()
        .expect("random numbers")
        .public;
    let mut other = MlsAgreement::new(&one, two.pin(), None).expect("an identity");
    let without_tapes = other.create(&package, &[]).expect("its key package");
    let foreign = other.commit().expect("a group");
    let of = |name, first: u8, bytes: &[u8]| ("mls", name, [&[first], bytes].concat());
    let changed = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    };
    let inputs = vec![
        of("key-package", 0, &package),
        of("key-package-changed", 0, &changed(&package)),
        of("key-package-of-a-stranger", 0, &strangers),
        of("key-package-cut-short", 0, &package[..package.len() / 2]),
        of("key-package-that-is-a-commit", 0, &commit),
        of("welcome", 1, &welcome),
        of("welcome-changed", 1, &changed(&welcome)),
        of("welcome-without-the-tapes", 1, &without_tapes),
        of("welcome-cut-short", 1, &welcome[..welcome.len() / 2]),
        of("welcome-that-is-a-key-package", 1, &package),
        of("commit", 2, &commit),
        of("commit-changed", 2, &changed(&commit)),
        of("commit-of-another-group", 2, &foreign),
        of("commit-that-is-a-welcome", 2, &welcome),
        of("nothing", 2, &[]),
    ];
    Mls {
        states: [states, vec![follower]].concat(),
        inputs,
    }
}
