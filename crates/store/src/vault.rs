//! The vault: what must not be read in a copy of the files is sealed with a key that does not lie in them.
//!
//! AES-256-GCM (NIST SP 800-38D) under a key of its own for each file, derived by HKDF-SHA-256 (RFC 5869) from
//! the storage key and the file's random salt, with a random 96-bit nonce for each sealing. Section 8.3 there
//! allows 2^32 sealings under one key: a thousand entries a second for seven weeks, and a line writes a few a
//! minute.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac};
use zeroize::Zeroizing;

use crate::StoreError;

/// Random bytes that make the keys of two files differ.
pub(crate) const SALT_LEN: usize = 32;

/// The key that a home's files are sealed with. It is kept outside them, and wiped when dropped.
#[derive(Clone)]
pub struct StorageKey(Zeroizing<[u8; 32]>);

impl StorageKey {
    /// Takes 32 random bytes.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }
}

impl core::fmt::Debug for StorageKey {
    /// A key never goes into a log.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("StorageKey(..)")
    }
}

/// What was unsealed does not carry the seal of this key for this place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BrokenSeal;

/// Seals and unseals for one file, and names what nobody is to guess.
pub(crate) struct Vault(LessSafeKey, hmac::Key);

impl Vault {
    /// The vault of the file that is named by `purpose` and holds `salt`.
    pub(crate) fn new(key: &StorageKey, salt: &[u8], purpose: &'static [u8]) -> Self {
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(&key.0[..]);
        let info = [b"openline storage 1 ", purpose];
        let derived = secret
            .expand(&info, &AES_256_GCM)
            .expect("HKDF-SHA-256 gives up to 8160 bytes");
        let info = [&b"openline storage 1 names "[..], purpose];
        let names = secret
            .expand(&info, hmac::HMAC_SHA256)
            .expect("HKDF-SHA-256 gives up to 8160 bytes");
        Self(
            LessSafeKey::new(UnboundKey::from(derived)),
            hmac::Key::from(names),
        )
    }

    /// HMAC-SHA-256 of what the parts are together: the same each time, and nothing to whoever has no key.
    pub(crate) fn name(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut name = hmac::Context::with_key(&self.1);
        parts.iter().for_each(|part| name.update(part));
        name.sign().as_ref().to_vec()
    }

    /// Seals what the parts of `plaintext` are together, bound to `place`.
    pub(crate) fn seal(&self, place: &[u8], plaintext: &[&[u8]]) -> Result<Vec<u8>, StoreError> {
        let nonce: [u8; NONCE_LEN] = random()?;
        // Room for all of it at once: a vector that grows leaves copies of the plaintext behind.
        let len: usize = plaintext.iter().map(|part| part.len()).sum();
        let mut sealed = Vec::with_capacity(NONCE_LEN + len + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&nonce);
        plaintext
            .iter()
            .for_each(|part| sealed.extend_from_slice(part));
        let tag = self
            .0
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place),
                &mut sealed[NONCE_LEN..],
            )
            .expect("AES-GCM takes up to 64 GiB");
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Unseals what was sealed for `place`.
    pub(crate) fn unseal(
        &self,
        place: &[u8],
        mut sealed: Vec<u8>,
    ) -> Result<Zeroizing<Vec<u8>>, BrokenSeal> {
        let (nonce, _) = sealed.split_first_chunk().ok_or(BrokenSeal)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let len = self
            .0
            .open_within(nonce, Aad::from(place), &mut sealed, NONCE_LEN..)
            .map_err(|_| BrokenSeal)?
            .len();
        sealed.truncate(len);
        Ok(Zeroizing::new(sealed))
    }
}

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    // The system's, which a copied machine renews: a generator in this process's memory would be copied with it.
    getrandom::fill(&mut bytes)
        .map_err(|_| StoreError::Io("the system gives no random bytes".to_owned()))?;
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that panics has failed")]
mod tests {
    use super::*;

    fn vault(salt: u8) -> Vault {
        let key = StorageKey::new(Zeroizing::new([7; 32]));
        Vault::new(&key, &[salt; SALT_LEN], b"test")
    }

    #[test]
    fn what_was_sealed_comes_back_only_at_its_place_and_under_its_key() {
        let sealed = vault(1).seal(b"here", &[b"attack ", b"at dawn"]).unwrap();
        let opened = vault(1).unseal(b"here", sealed.clone()).unwrap();
        assert_eq!(&opened[..], b"attack at dawn");
        assert_eq!(
            vault(1).unseal(b"there", sealed.clone()).err(),
            Some(BrokenSeal)
        );
        assert_eq!(vault(2).unseal(b"here", sealed).err(), Some(BrokenSeal));
    }

    #[test]
    fn a_torn_seal_is_refused_at_every_length() {
        let sealed = vault(1).seal(b"", &[b"attack"]).unwrap();
        for len in 0..sealed.len() {
            assert!(vault(1).unseal(b"", sealed[..len].to_vec()).is_err());
        }
    }
}
