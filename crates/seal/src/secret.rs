//! Thirty-two secret bytes and the one way to derive others from them: HKDF with SHA-256
//! (RFC 5869).

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A uniformly random secret; erased when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// HKDF-Extract: concentrates key material of any length.
    pub(crate) fn extract(salt: &[u8], material: &[&[u8]]) -> Self {
        let mut extract = hkdf::HkdfExtract::<Sha256>::new(Some(salt));
        material.iter().for_each(|part| extract.input_ikm(part));
        Self(extract.finalize().0.into())
    }

    /// HKDF-Expand to another secret. The info is the label followed by `context`, whose parts all
    /// have fixed lengths, so two different derivations never share an info.
    pub(crate) fn derive(&self, label: &str, context: &[&[u8]]) -> Self {
        Self(self.expand(label, context))
    }

    /// HKDF-Expand to `N` bytes.
    pub(crate) fn expand<const N: usize>(&self, label: &str, context: &[&[u8]]) -> [u8; N] {
        let mut info = vec![label.as_bytes()];
        info.extend(context);
        let mut out = [0; N];
        Hkdf::<Sha256>::from_prk(&self.0)
            .expect("32 bytes are the length of a SHA-256 output")
            .expand_multi_info(&info, &mut out)
            .expect("less than 255 hash lengths");
        out
    }
}
