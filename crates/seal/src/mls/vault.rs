//! Where the MLS library keeps its secrets: in memory, for the channel's snapshot to take. Past
//! epochs are erased at once, because frames are keyed by the exporter and never by MLS.

use crate::agreement::{AgreementError, Psk};
use mls_rs::mls_rs_codec::{MlsDecode, MlsEncode};
use mls_rs::psk::{ExternalPskId, PreSharedKey};
use mls_rs::storage_provider::KeyPackageData;
use mls_rs::{GroupStateStorage, KeyPackageStorage, PreSharedKeyStorage};
use mls_rs_core::group::{EpochRecord, GroupState};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// Shared with the library, which wants a handle for each kind of secret.
#[derive(Clone, Default)]
pub(super) struct Vault(Arc<Mutex<Contents>>);

#[derive(Default)]
struct Contents {
    key_package: Option<(Vec<u8>, KeyPackageData)>,
    group: Option<(Vec<u8>, Zeroizing<Vec<u8>>)>,
    psks: Vec<LentPsk>,
}

struct LentPsk {
    id: Vec<u8>,
    secret: Zeroizing<Vec<u8>>,
    given: bool,
}

impl Vault {
    fn open(&self) -> MutexGuard<'_, Contents> {
        // A panic while it was held leaves whole values behind, each written in one assignment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The private part of the unused key package, with its reference in front.
    pub(super) fn key_package(&self) -> Result<Option<Zeroizing<Vec<u8>>>, AgreementError> {
        let contents = self.open();
        let Some(held) = &contents.key_package else {
            return Ok(None);
        };
        held.mls_encode_to_vec()
            .map(|bytes| Some(Zeroizing::new(bytes)))
            .map_err(|error| AgreementError::Library(error.to_string()))
    }

    pub(super) fn put_key_package(&self, bytes: &[u8]) -> Result<(), AgreementError> {
        let decoded = <(Vec<u8>, KeyPackageData)>::mls_decode(&mut &*bytes);
        self.open().key_package = Some(decoded.map_err(|_| AgreementError::DamagedState)?);
        Ok(())
    }

    pub(super) fn has_key_package(&self, reference: &[u8]) -> bool {
        let contents = self.open();
        contents
            .key_package
            .as_ref()
            .is_some_and(|(held, _)| held == reference)
    }

    pub(super) fn erase_key_package(&self) {
        self.open().key_package = None;
    }

    pub(super) fn group_id(&self) -> Option<Vec<u8>> {
        self.open().group.as_ref().map(|(id, _)| id.clone())
    }

    pub(super) fn group(&self) -> Option<Zeroizing<Vec<u8>>> {
        self.open().group.as_ref().map(|(_, state)| state.clone())
    }

    pub(super) fn put_group(&self, id: Vec<u8>, state: Zeroizing<Vec<u8>>) {
        self.open().group = Some((id, state));
    }

    pub(super) fn erase_group(&self) {
        self.open().group = None;
    }

    /// Lets the library see these secrets for the length of one call.
    pub(super) fn lend_psks(&self, psks: &[Psk]) {
        let lend = |psk: &Psk| LentPsk {
            id: psk.id.clone(),
            secret: psk.secret.clone(),
            given: false,
        };
        self.open().psks = psks.iter().map(lend).collect();
    }

    pub(super) fn take_psks_back(&self) {
        self.open().psks.clear();
    }

    /// Whether the library has asked for every secret that was lent.
    pub(super) fn gave_all_psks(&self) -> bool {
        self.open().psks.iter().all(|psk| psk.given)
    }
}

impl KeyPackageStorage for Vault {
    type Error = Infallible;

    fn delete(&mut self, id: &[u8]) -> Result<(), Infallible> {
        let mut contents = self.open();
        if contents
            .key_package
            .as_ref()
            .is_some_and(|(held, _)| held == id)
        {
            contents.key_package = None;
        }
        Ok(())
    }

    fn insert(&mut self, id: Vec<u8>, package: KeyPackageData) -> Result<(), Infallible> {
        self.open().key_package = Some((id, package));
        Ok(())
    }

    fn get(&self, id: &[u8]) -> Result<Option<KeyPackageData>, Infallible> {
        let contents = self.open();
        let held = contents.key_package.as_ref().filter(|(held, _)| held == id);
        Ok(held.map(|(_, package)| package.clone()))
    }
}

impl PreSharedKeyStorage for Vault {
    type Error = Infallible;

    fn get(&self, id: &ExternalPskId) -> Result<Option<PreSharedKey>, Infallible> {
        let mut contents = self.open();
        let lent = contents.psks.iter_mut().find(|psk| psk.id == id.as_ref());
        Ok(lent.map(|psk| {
            psk.given = true;
            PreSharedKey::from(psk.secret.clone())
        }))
    }
}

impl GroupStateStorage for Vault {
    type Error = Infallible;

    fn state(&self, id: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, Infallible> {
        let contents = self.open();
        let held = contents.group.as_ref().filter(|(held, _)| held == id);
        Ok(held.map(|(_, state)| state.clone()))
    }

    fn epoch(&self, _: &[u8], _: u64) -> Result<Option<Zeroizing<Vec<u8>>>, Infallible> {
        Ok(None)
    }

    fn write(
        &mut self,
        state: GroupState,
        _past: Vec<EpochRecord>,
        _changed: Vec<EpochRecord>,
    ) -> Result<(), Infallible> {
        self.put_group(state.id, state.data);
        Ok(())
    }

    fn max_epoch_id(&self, _: &[u8]) -> Result<Option<u64>, Infallible> {
        Ok(None)
    }
}
