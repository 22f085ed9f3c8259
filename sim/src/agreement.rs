//! Key agreement without randomness and without secrecy, so that a world replays exactly: what MLS does to
//! epochs, and nothing of what it does against attackers. A smaller set of seeds runs the real one.

use openline_seal::{Agreement, AgreementError, Psk};
use openline_wire::cbor::{DecodeError, Reader, Writer};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A group of two that agrees by hashing what both know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptedAgreement {
    name: [u8; 32],
    packages: u64,
    open_package: Option<[u8; 32]>,
    epoch: u64,
    secret: [u8; 32],
    /// The epoch's exporter was used and forgotten; the next epoch has a new one.
    exported: bool,
}

impl ScriptedAgreement {
    /// One end, told apart from all others by `name`.
    pub fn new(name: [u8; 32]) -> Self {
        Self {
            name,
            packages: 0,
            open_package: None,
            epoch: 0,
            secret: [0; 32],
            exported: true,
        }
    }

    fn begin(&mut self, package: &[u8], psks: &[Psk]) {
        let mut hash = Sha256::new_with_prefix(package);
        // Each side names the tapes by what they are, so the order is the same on both.
        let mut secrets: Vec<_> = psks
            .iter()
            .map(|psk| (&psk.id, psk.secret.to_vec()))
            .collect();
        secrets.sort();
        secrets.iter().for_each(|(_, secret)| hash.update(secret));
        (self.secret, self.epoch, self.exported) = (hash.finalize().into(), 1, false);
    }

    fn step(&mut self) {
        let next = Sha256::new()
            .chain_update(b"commit")
            .chain_update(self.secret);
        self.secret = next.finalize().into();
        self.epoch += 1;
        self.exported = false;
    }
}

fn refused(what: &'static str) -> AgreementError {
    AgreementError::Refused {
        what,
        why: "not the one expected".into(),
    }
}

impl Agreement for ScriptedAgreement {
    fn key_package(&mut self) -> Result<Vec<u8>, AgreementError> {
        self.packages += 1;
        let package: [u8; 32] = Sha256::new()
            .chain_update(self.name)
            .chain_update(self.packages.to_be_bytes())
            .finalize()
            .into();
        self.open_package = Some(package);
        Ok(package.to_vec())
    }

    fn create(&mut self, peer_key_package: &[u8], psks: &[Psk]) -> Result<Vec<u8>, AgreementError> {
        self.begin(peer_key_package, psks);
        Ok(peer_key_package.to_vec())
    }

    fn join(&mut self, welcome: &[u8], psks: &[Psk]) -> Result<(), AgreementError> {
        if self.open_package.as_ref().map(|package| &package[..]) != Some(welcome) {
            return Err(AgreementError::NotForUs);
        }
        self.begin(welcome, psks);
        self.open_package = None;
        Ok(())
    }

    fn commit(&mut self) -> Result<Vec<u8>, AgreementError> {
        if self.epoch == 0 {
            return Err(AgreementError::NoGroup);
        }
        let commit = Sha256::new_with_prefix(self.secret).finalize().to_vec();
        self.step();
        Ok(commit)
    }

    fn process(&mut self, commit: &[u8]) -> Result<(), AgreementError> {
        if Sha256::new_with_prefix(self.secret).finalize().as_slice() != commit {
            return Err(refused("commit"));
        }
        self.step();
        Ok(())
    }

    fn forget_exporter(&mut self) -> Result<(), AgreementError> {
        self.exported = true;
        Ok(())
    }

    fn abandon(&mut self) {
        (self.epoch, self.exported) = (0, true);
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn export(
        &self,
        label: &[u8],
        context: &[u8],
        len: usize,
    ) -> Result<Zeroizing<Vec<u8>>, AgreementError> {
        if self.exported {
            return Err(AgreementError::NoGroup);
        }
        let mut out = Vec::new();
        for block in 0u8.. {
            if out.len() >= len {
                break;
            }
            let hash = Sha256::new()
                .chain_update(self.secret)
                .chain_update([block]);
            out.extend(hash.chain_update(label).chain_update(context).finalize());
        }
        out.truncate(len);
        Ok(Zeroizing::new(out))
    }

    fn state(&self) -> Result<Zeroizing<Vec<u8>>, AgreementError> {
        let mut w = Writer::new();
        w.array(6).bytes(&self.name).uint(self.packages);
        w.optional_bytes(self.open_package.as_ref().map(|package| &package[..]));
        w.uint(self.epoch).bytes(&self.secret).bool(self.exported);
        Ok(Zeroizing::new(w.into_bytes()))
    }

    fn restore(state: &[u8]) -> Result<Self, AgreementError> {
        read(&mut Reader::new(state)).map_err(|_| AgreementError::DamagedState)
    }
}

fn read(r: &mut Reader<'_>) -> Result<ScriptedAgreement, DecodeError> {
    r.array_of("agreement", 6)?;
    Ok(ScriptedAgreement {
        name: r.fixed("name")?,
        packages: r.uint("packages")?,
        open_package: r.optional(|r| r.fixed("package"))?,
        epoch: r.uint("epoch")?,
        secret: r.fixed("secret")?,
        exported: r.bool("exported")?,
    })
}
