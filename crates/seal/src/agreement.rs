//! What agrees on epoch secrets in a group of two. A small trait, so that a simulated world can
//! replace MLS by something deterministic; nothing but [`crate::MlsAgreement`] draws randomness.

use zeroize::Zeroizing;

/// A secret both sides already share, mixed into the group's first epoch: one for each tape.
pub struct Psk {
    /// Names the secret; the same on both sides, not secret.
    pub id: Vec<u8>,
    /// The secret.
    pub secret: Zeroizing<Vec<u8>>,
}

/// Agrees with the peer on one secret for each epoch.
///
/// The epoch is 0 until a group exists, 1 after [`create`](Self::create) or
/// [`join`](Self::join), and grows by one with each commit. What fails changes nothing.
pub trait Agreement: Sized {
    /// A fresh key package for the peer to create a group from. Its private part replaces that of
    /// an earlier unused one in [`state`](Self::state).
    fn key_package(&mut self) -> Result<Vec<u8>, AgreementError>;

    /// Creates the group of two from the peer's key package, in place of an earlier group, and
    /// returns the Welcome for the peer.
    fn create(&mut self, peer_key_package: &[u8], psks: &[Psk]) -> Result<Vec<u8>, AgreementError>;

    /// Joins the group that the peer created from our latest key package, in place of an earlier
    /// group. A Welcome that does not mix in all of `psks` is refused; one for another key package
    /// is [`NotForUs`](AgreementError::NotForUs).
    fn join(&mut self, welcome: &[u8], psks: &[Psk]) -> Result<(), AgreementError>;

    /// Moves to the next epoch at once and returns the commit that takes the peer there.
    fn commit(&mut self) -> Result<Vec<u8>, AgreementError>;

    /// Follows the peer's commit into the next epoch.
    fn process(&mut self, commit: &[u8]) -> Result<(), AgreementError>;

    /// The epoch; 0 without a group.
    fn epoch(&self) -> u64;

    /// Derives a secret of `len` bytes from the current epoch (RFC 9420 section 8.5).
    fn export(
        &self,
        label: &[u8],
        context: &[u8],
        len: usize,
    ) -> Result<Zeroizing<Vec<u8>>, AgreementError>;

    /// Erases what [`export`](Self::export) derives from, until the next epoch.
    fn forget_exporter(&mut self) -> Result<(), AgreementError>;

    /// Erases the group: the epoch is 0 again.
    fn abandon(&mut self);

    /// Everything needed to go on after a restart, as secret bytes.
    fn state(&self) -> Result<Zeroizing<Vec<u8>>, AgreementError>;

    /// Goes on from [`state`](Self::state).
    fn restore(state: &[u8]) -> Result<Self, AgreementError>;
}

/// Why an agreement failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgreementError {
    /// The peer's message is not acceptable: malformed, of another suite, not signed by the key
    /// that its card named, or asking for something that a group of two has no use for.
    #[error("the peer's {what} is refused: {why}")]
    Refused {
        /// Which message.
        what: &'static str,
        /// The reason.
        why: String,
    },
    /// The Welcome is for a key package that we do not hold (any more). Nobody's fault: it may have
    /// been on its way while we were restored.
    #[error("the Welcome is for another key package")]
    NotForUs,
    /// There is no group, or its exporter has been erased.
    #[error("there is no group, or its exporter has been erased")]
    NoGroup,
    /// Stored state does not decode.
    #[error("the stored agreement state is damaged")]
    DamagedState,
    /// The cryptographic library failed for a reason of its own.
    #[error("the MLS library failed: {0}")]
    Library(String),
}
