//! The key schedule: which secret comes from which, from the tapes and the MLS exporter down to
//! the key of a single bearer. No secrets are kept here.
//!
//! ```text
//! tapes at index g ──┬─ tape secret of generation g ──┬─ base of epoch 0, each direction
//!                    │                                ├─ base of requests, each direction
//!                    │                                └─ base of bundles, each direction
//!                    └─ PSKs ─► MLS ─► exporter of epoch n ──┬─ base of epoch n, each direction
//!                                                            └─ of some n: base of bundles, each direction
//!
//! base ──┬─ introduction id
//!        ├─ of bundles: door key
//!        ├─ session (nonce, boot) ──┬─ key id
//!        │                          ├─ introduction key
//!        │                          └─ frame key
//!        ├─ from epoch 1 on: salts
//!        └─ both directions, from epoch 1 on ── verifying codes
//! ```

use crate::agreement::{Agreement, AgreementError, Psk};
use crate::names::{ChannelConfig, KeyId, Origin, Side};
use crate::secret::Secret;
use crate::tape::{Tape, Tapes};
use crate::verifying::{CodeOf, VerifyingCode};
use openline_wire::header::Chain;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// What the keys of a channel are bound to: the line, its charter and both ends. A digest.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Binding([u8; 32]);

impl Binding {
    pub(crate) fn new(config: &ChannelConfig) -> Self {
        let (lower, higher) = ordered(config);
        let mut hash = Sha256::new();
        hash.update(b"openline channel 1");
        hash.update(config.line.as_bytes());
        hash.update(config.charter.as_bytes());
        for side in [lower, higher] {
            hash.update(side.party.as_bytes());
            hash.update(side.node.as_bytes());
        }
        Self(hash.finalize().into())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What a base secret is for; distinct slots never share a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(crate) generation: u64,
    pub(crate) epoch: u64,
    pub(crate) purpose: Purpose,
}

/// Whether a base secret carries everything, requests for a new generation alone, or bundles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    Traffic,
    Request,
    /// What is carried by hand.
    Courier,
}

impl Slot {
    /// Before every other.
    pub(crate) const FIRST: Self = Self {
        generation: 0,
        epoch: 0,
        purpose: Purpose::Traffic,
    };

    pub(crate) fn traffic(generation: u64, epoch: u64) -> Self {
        let purpose = Purpose::Traffic;
        Self {
            generation,
            epoch,
            purpose,
        }
    }

    pub(crate) fn request(generation: u64) -> Self {
        let purpose = Purpose::Request;
        Self {
            generation,
            epoch: 0,
            purpose,
        }
    }

    pub(crate) fn courier(generation: u64, epoch: u64) -> Self {
        let purpose = Purpose::Courier;
        Self {
            generation,
            epoch,
            purpose,
        }
    }
}

/// The base secrets of one slot.
#[derive(Clone)]
pub(crate) struct BasePair {
    pub(crate) sending: Secret,
    pub(crate) receiving: Secret,
}

/// The tape key of the generation that these tapes are for.
pub(crate) fn tape_base(
    config: &ChannelConfig,
    binding: &Binding,
    tapes: &Tapes,
    purpose: Purpose,
) -> BasePair {
    let (from_lower, from_higher) = if config.ours < config.peer {
        (tapes.sending(), tapes.receiving())
    } else {
        (tapes.receiving(), tapes.sending())
    };
    let material = [from_lower.as_bytes(), from_higher.as_bytes()];
    let both = Secret::extract(binding.as_bytes(), &material);
    let label = match purpose {
        Purpose::Traffic => "openline tape key 1",
        Purpose::Request => "openline request key 1",
        Purpose::Courier => "openline courier key 1",
    };
    let generation = tapes.index().to_be_bytes();
    let base = |sender: &Side| {
        both.derive(
            label,
            &[&generation, sender.party.as_bytes(), sender.node.as_bytes()],
        )
    };
    BasePair {
        sending: base(&config.ours),
        receiving: base(&config.peer),
    }
}

/// Both tapes as external PSKs for MLS, the lower side's first. Their values are bound to the
/// channel and the generation, so MLS is too.
pub(crate) fn psks(config: &ChannelConfig, binding: &Binding, tapes: &Tapes) -> Vec<Psk> {
    let generation = tapes.index().to_be_bytes();
    let psk = |sender: &Side, tape: &Tape| Psk {
        id: [
            b"openline tape 1",
            generation.as_slice(),
            sender.node.as_bytes(),
        ]
        .concat(),
        secret: Zeroizing::new(
            Secret::extract(binding.as_bytes(), &[tape.secret().as_bytes()])
                .derive("openline psk 1", &[&generation, sender.node.as_bytes()])
                .as_bytes()
                .to_vec(),
        ),
    };
    let mut pair = vec![
        (config.ours, psk(&config.ours, tapes.sending())),
        (config.peer, psk(&config.peer, tapes.receiving())),
    ];
    pair.sort_by_key(|(sender, _)| *sender);
    pair.into_iter().map(|(_, psk)| psk).collect()
}

/// The base secrets of the agreement's current epoch, by the MLS exporter (RFC 9420 section 8.5).
pub(crate) fn epoch_base<A: Agreement>(
    config: &ChannelConfig,
    binding: &Binding,
    (generation, purpose): (u64, Purpose),
    agreement: &A,
) -> Result<BasePair, AgreementError> {
    let label: &[u8] = match purpose {
        Purpose::Courier => b"openline courier 1",
        Purpose::Traffic | Purpose::Request => b"openline frame 1",
    };
    let base = |sender: &Side| {
        let generation = generation.to_be_bytes();
        let party = sender.party.as_bytes();
        let context = [
            binding.as_bytes(),
            &generation,
            party,
            sender.node.as_bytes(),
        ]
        .concat();
        let secret = agreement.export(label, &context, 32)?;
        Secret::from_slice(&secret)
            .ok_or_else(|| AgreementError::Library("the exporter gave another length".into()))
    };
    Ok(BasePair {
        sending: base(&config.ours)?,
        receiving: base(&config.peer)?,
    })
}

/// The id under which a nonce of this base secret is introduced.
pub(crate) fn introduction_id(base: &Secret) -> KeyId {
    KeyId::from_hash(base.expand("openline introduction id 1", &[]))
}

/// What opens the door of the side that receives under this base secret of bundles (OL-192).
pub(crate) fn door_key(base: &Secret) -> [u8; 32] {
    base.expand("openline door key 1", &[])
}

/// The salt of the commitment at a place of a chain whose author seals under this base secret.
pub(crate) fn salt(base: &Secret, chain: &Chain, sequence: u64) -> [u8; 16] {
    let stream = chain.stream.code().to_be_bytes();
    let context = [
        chain.author.boot.as_bytes(),
        &stream[..],
        &sequence.to_be_bytes(),
    ];
    base.expand("openline salt 1", &context)
}

/// What one sender's start derives on one bearer.
pub(crate) struct Session {
    /// Id of the frame key.
    pub(crate) id: KeyId,
    /// SFrame base key of introductions.
    pub(crate) introductions: Secret,
    /// SFrame base key of frames.
    pub(crate) frames: Secret,
}

/// Derives the keys of one nonce. Introductions and frames get a key each, because SFrame binds the
/// key id into its derivation (RFC 9605 section 4.4.2); each has its own counter.
pub(crate) fn session(base: &Secret, origin: &Origin) -> Session {
    let session = base.derive(
        "openline session 1",
        &[&origin.nonce, origin.boot.as_bytes()],
    );
    Session {
        id: KeyId::from_hash(session.expand("openline key id 1", &[])),
        introductions: session.derive("openline introduction key 1", &[]),
        frames: session.derive("openline frame key 1", &[]),
    }
}

/// The code of a contact: the same at both ends, whoever is the lower.
pub(crate) fn verifying_code(
    config: &ChannelConfig,
    binding: &Binding,
    base: &BasePair,
    of: &CodeOf,
) -> VerifyingCode {
    let (from_lower, from_higher) = if config.ours < config.peer {
        (&base.sending, &base.receiving)
    } else {
        (&base.receiving, &base.sending)
    };
    let material = [from_lower.as_bytes(), from_higher.as_bytes()];
    let secret = Secret::extract(binding.as_bytes(), &material);
    VerifyingCode::of(secret.expand("openline verifying code 1", &[&of.context()]))
}

/// Both ends, the lower first.
pub(crate) fn ordered(config: &ChannelConfig) -> (&Side, &Side) {
    if config.ours < config.peer {
        (&config.ours, &config.peer)
    } else {
        (&config.peer, &config.ours)
    }
}
