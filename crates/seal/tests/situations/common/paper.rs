//! An agreement without any secrecy, but with the same moves: deterministic, for tests of
//! everything around it.

use openline_seal::{Agreement, AgreementError, Psk};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Agreement on paper: whoever reads the messages knows the secrets, except for the tapes in them.
pub struct Paper {
    seed: u64,
    draws: u64,
    key_package: Option<[u8; 32]>,
    group: Option<(u64, [u8; 32])>,
}

impl Paper {
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            draws: 0,
            key_package: None,
            group: None,
        }
    }

    fn draw(&mut self) -> [u8; 32] {
        self.draws += 1;
        hash(&[b"draw", &self.seed.to_be_bytes(), &self.draws.to_be_bytes()])
    }

    fn group(&self) -> Result<(u64, [u8; 32]), AgreementError> {
        self.group.ok_or(AgreementError::NoGroup)
    }
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

fn mixed(secret: &[u8], psks: &[Psk]) -> [u8; 32] {
    psks.iter().fold(hash(&[secret]), |mixed, psk| {
        hash(&[&mixed, &psk.id, &psk.secret])
    })
}

fn refused(what: &'static str) -> AgreementError {
    AgreementError::Refused {
        what,
        why: "not on this paper".into(),
    }
}

impl Agreement for Paper {
    fn key_package(&mut self) -> Result<Vec<u8>, AgreementError> {
        let drawn = self.draw();
        self.key_package = Some(drawn);
        Ok(drawn.to_vec())
    }

    fn create(&mut self, peer: &[u8], psks: &[Psk]) -> Result<Vec<u8>, AgreementError> {
        let drawn = self.draw();
        self.group = Some((1, mixed(&[&drawn, peer].concat(), psks)));
        self.key_package = None;
        Ok([&drawn, peer].concat())
    }

    fn join(&mut self, welcome: &[u8], psks: &[Psk]) -> Result<(), AgreementError> {
        let ours = self
            .key_package
            .is_some_and(|held| welcome.ends_with(&held));
        if !ours {
            return Err(AgreementError::NotForUs);
        }
        if welcome.len() != 64 {
            return Err(refused("Welcome"));
        }
        self.group = Some((1, mixed(welcome, psks)));
        self.key_package = None;
        Ok(())
    }

    fn commit(&mut self) -> Result<Vec<u8>, AgreementError> {
        let (epoch, secret) = self.group()?;
        let drawn = self.draw();
        self.group = Some((epoch + 1, hash(&[&secret, &drawn])));
        Ok([&epoch.to_be_bytes()[..], &drawn].concat())
    }

    fn process(&mut self, commit: &[u8]) -> Result<(), AgreementError> {
        let (epoch, secret) = self.group()?;
        match commit.split_first_chunk::<8>() {
            Some((of, drawn)) if *of == epoch.to_be_bytes() && drawn.len() == 32 => {
                self.group = Some((epoch + 1, hash(&[&secret, drawn])));
                Ok(())
            }
            _ => Err(refused("commit")),
        }
    }

    fn epoch(&self) -> u64 {
        self.group.map_or(0, |(epoch, _)| epoch)
    }

    fn export(
        &self,
        label: &[u8],
        context: &[u8],
        len: usize,
    ) -> Result<Zeroizing<Vec<u8>>, AgreementError> {
        let (_, secret) = self.group()?;
        Ok(Zeroizing::new(
            hash(&[&secret, label, context])[..len].to_vec(),
        ))
    }

    fn forget_exporter(&mut self) -> Result<(), AgreementError> {
        self.group().map(|_| ())
    }

    fn abandon(&mut self) {
        self.group = None;
    }

    fn state(&self) -> Result<Zeroizing<Vec<u8>>, AgreementError> {
        let (epoch, secret) = self.group.unwrap_or_default();
        let key_package = self.key_package.unwrap_or_default();
        let numbers = [self.seed, self.draws, epoch]
            .map(u64::to_be_bytes)
            .concat();
        Ok(Zeroizing::new(
            [numbers.as_slice(), &secret, &key_package].concat(),
        ))
    }

    fn restore(state: &[u8]) -> Result<Self, AgreementError> {
        if state.len() != 88 {
            return Err(AgreementError::DamagedState);
        }
        let number = |at: usize| u64::from_be_bytes(state[at..at + 8].try_into().expect("eight"));
        let array = |at: usize| -> [u8; 32] { state[at..at + 32].try_into().expect("32") };
        Ok(Self {
            seed: number(0),
            // A copy must not draw what its original draws.
            draws: number(8) + 1_000_000,
            group: (number(16) > 0).then(|| (number(16), array(24))),
            key_package: Some(array(56)).filter(|held| *held != [0; 32]),
        })
    }
}
