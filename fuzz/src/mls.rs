//! What a peer's MLS may say: key packages, Welcomes and commits, at states that `fixtures/` holds because MLS draws
//! its own randomness and the corpus must fit.

use openline_seal::{Agreement, MlsAgreement, Psk};
use zeroize::Zeroizing;

use super::input::Choices;

/// Holds no group and no key package: creates one.
const CREATOR: &[u8] = include_bytes!("../fixtures/mls-creator");
/// Holds a key package, the one that the Welcome in the corpus is for.
const JOINER: &[u8] = include_bytes!("../fixtures/mls-joiner");
/// Stands in epoch 1, which the peer may end.
const FOLLOWER: &[u8] = include_bytes!("../fixtures/mls-follower");

/// Whatever is said: no panic, and what is refused changes nothing.
pub fn mls(data: &[u8]) {
    let mut choices = Choices::new(data);
    match choices.below(3) {
        0 => takes(CREATOR, 1, |agreement| {
            agreement.create(choices.rest(), &psks()).map(drop)
        }),
        1 => takes(JOINER, 1, |agreement| {
            agreement.join(choices.rest(), &psks())
        }),
        _ => takes(FOLLOWER, 2, |agreement| agreement.process(choices.rest())),
    }
}

fn takes<E>(state: &[u8], epoch: u64, step: impl FnOnce(&mut MlsAgreement) -> Result<(), E>) {
    let mut agreement = MlsAgreement::restore(state).expect("a state that was written");
    let before = agreement.epoch();
    match step(&mut agreement) {
        Ok(()) => {
            assert_eq!(agreement.epoch(), epoch);
            let secret = agreement.export(b"openline frame 1", b"", 32);
            assert_eq!(secret.expect("a new epoch").len(), 32);
            assert!(agreement.commit().is_ok());
        }
        Err(_) => {
            assert_eq!(agreement.epoch(), before);
            let after = agreement.state().expect("it can be written");
            assert_eq!(after.as_slice(), state);
        }
    }
}

/// The tapes that both ends mixed in.
pub fn psks() -> Vec<Psk> {
    let psk = |n: u8| Psk {
        id: vec![n; 16],
        secret: Zeroizing::new(vec![n; 32]),
    };
    vec![psk(1), psk(2)]
}
