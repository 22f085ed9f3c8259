//! MLS (RFC 9420) as the agreement of a group of two: the X-Wing suite, so that what is recorded
//! today stays closed to quantum computers; both tapes as external pre-shared keys, so that it
//! stays closed also if X-Wing falls; and the peer's leaf pinned to what its card says.

mod identity;
mod rules;
mod vault;

pub use identity::{MlsIdentity, PeerPin, PreparedKeyPackage};

use crate::agreement::{Agreement, AgreementError, Psk};
use core::time::Duration;
use identity::{decode, encode};
use mls_rs::client_builder::{
    BaseConfig, IntoConfigOutput, WithCryptoProvider, WithGroupStateStorage, WithIdentityProvider,
    WithKeyPackageRepo, WithMlsRules, WithPskStore,
};
use mls_rs::error::MlsError;
use mls_rs::group::{CommitEffect, ReceivedMessage};
use mls_rs::psk::ExternalPskId;
use mls_rs::time::MlsTime;
use mls_rs::{CipherSuite, Client, ExtensionList, Group, MlsMessage};
use mls_rs_crypto_awslc::AwsLcCryptoProvider;
use rules::{PinnedPair, RulesForTwo};
use vault::Vault;
use zeroize::Zeroizing;

/// X-Wing (X25519 and ML-KEM-768), AES-128-GCM, SHA-256, Ed25519: number 65100, private use.
const SUITE: CipherSuite = CipherSuite::ML_KEM_768_X25519;

/// MLS is never told the time, so that a clock that is a day wrong stops nothing: key packages are
/// valid from the epoch of Unix on, for longer than any card.
const ALWAYS: Duration = Duration::from_secs(u32::MAX as u64);

type Config = IntoConfigOutput<
    WithMlsRules<
        RulesForTwo,
        WithCryptoProvider<
            AwsLcCryptoProvider,
            WithIdentityProvider<
                PinnedPair,
                WithGroupStateStorage<
                    Vault,
                    WithPskStore<Vault, WithKeyPackageRepo<Vault, BaseConfig>>,
                >,
            >,
        >,
    >,
>;

/// [`Agreement`] by MLS.
pub struct MlsAgreement {
    identity: MlsIdentity,
    peer: PeerPin,
    vault: Vault,
    client: Client<Config>,
    group: Option<Group<Config>>,
}

impl MlsAgreement {
    /// An agreement without a group. `prepared` is [`PreparedKeyPackage::secret`] of the key
    /// package that the peer holds, if it is the peer who will create the group.
    pub fn new(
        identity: &MlsIdentity,
        peer: PeerPin,
        prepared: Option<&[u8]>,
    ) -> Result<Self, AgreementError> {
        let vault = Vault::default();
        if let Some(secret) = prepared {
            vault.put_key_package(secret)?;
        }
        Ok(Self::over(identity.clone(), peer, vault))
    }

    fn over(identity: MlsIdentity, peer: PeerPin, vault: Vault) -> Self {
        let client = client(&identity, Some(&peer), vault.clone());
        Self {
            identity,
            peer,
            vault,
            client,
            group: None,
        }
    }

    fn create_group(&mut self, peer: &[u8], psks: &[Psk]) -> Result<Vec<u8>, MlsError> {
        let now = MlsTime::from(0);
        let mut group = self.client.group_builder()?.with_now_time(now).build()?;
        let mut commit = group
            .commit_builder()
            .add_member(MlsMessage::from_bytes(peer)?)?;
        for psk in psks {
            commit = commit.add_external_psk(ExternalPskId::new(psk.id.clone()))?;
        }
        let output = commit.build()?;
        group.apply_pending_commit()?;
        let welcome = output
            .welcome_messages()
            .first()
            .ok_or(MlsError::UnexpectedMessageType)?;
        let welcome = welcome.to_bytes()?;
        group.write_to_storage()?;
        self.group = Some(group);
        Ok(welcome)
    }

    fn join_group(&mut self, welcome: &[u8]) -> Result<(), AgreementError> {
        let refused = refused("Welcome");
        let message = MlsMessage::from_bytes(welcome).map_err(&refused)?;
        let named = message.welcome_key_package_references();
        if !named
            .iter()
            .any(|reference| self.vault.has_key_package(reference))
        {
            return Err(AgreementError::NotForUs);
        }
        let (mut group, _) = self
            .client
            .join_group(None, &message, None)
            .map_err(&refused)?;
        let wrong = |why: &str| AgreementError::Refused {
            what: "Welcome",
            why: why.into(),
        };
        if !self.vault.gave_all_psks() {
            return Err(wrong("it does not mix in both tapes"));
        }
        let is_ours = group.cipher_suite() == SUITE && group.current_epoch() == 1;
        if !is_ours || group.roster().members().len() != 2 {
            return Err(wrong("it is not into a new group of two"));
        }
        group.write_to_storage().map_err(library)?;
        self.group = Some(group);
        Ok(())
    }

    /// Runs one step of the group and stores it; if it fails, the group is as it was.
    fn step<T>(
        &mut self,
        run: impl FnOnce(&mut Group<Config>) -> Result<T, AgreementError>,
    ) -> Result<T, AgreementError> {
        let group = self.group.as_mut().ok_or(AgreementError::NoGroup)?;
        let done = run(group).and_then(|value| {
            group.write_to_storage().map_err(library)?;
            Ok(value)
        });
        if done.is_err() {
            self.reload()?;
        }
        done
    }

    fn reload(&mut self) -> Result<(), AgreementError> {
        self.group = match self.vault.group_id() {
            Some(id) => Some(
                self.client
                    .load_group(&id)
                    .map_err(|_| AgreementError::DamagedState)?,
            ),
            None => None,
        };
        Ok(())
    }
}

impl Agreement for MlsAgreement {
    fn key_package(&mut self) -> Result<Vec<u8>, AgreementError> {
        new_key_package(&self.client)
    }

    fn create(&mut self, peer_key_package: &[u8], psks: &[Psk]) -> Result<Vec<u8>, AgreementError> {
        self.vault.lend_psks(psks);
        let created = self.create_group(peer_key_package, psks);
        self.vault.take_psks_back();
        let welcome = created.map_err(refused("key package"))?;
        self.vault.erase_key_package();
        Ok(welcome)
    }

    fn join(&mut self, welcome: &[u8], psks: &[Psk]) -> Result<(), AgreementError> {
        self.vault.lend_psks(psks);
        let joined = self.join_group(welcome);
        self.vault.take_psks_back();
        joined
    }

    fn commit(&mut self) -> Result<Vec<u8>, AgreementError> {
        self.step(|group| {
            let commit = group.commit(Vec::new()).map_err(library)?.commit_message;
            group.apply_pending_commit().map_err(library)?;
            commit.to_bytes().map_err(library)
        })
    }

    fn process(&mut self, commit: &[u8]) -> Result<(), AgreementError> {
        self.step(|group| {
            let refused = refused("commit");
            let message = MlsMessage::from_bytes(commit).map_err(&refused)?;
            match group.process_incoming_message(message).map_err(&refused)? {
                ReceivedMessage::Commit(done)
                    if matches!(done.effect, CommitEffect::NewEpoch(_)) =>
                {
                    Ok(())
                }
                _ => Err(refused(MlsError::UnexpectedMessageType)),
            }
        })
    }

    fn epoch(&self) -> u64 {
        self.group.as_ref().map_or(0, Group::current_epoch)
    }

    fn export(
        &self,
        label: &[u8],
        context: &[u8],
        len: usize,
    ) -> Result<Zeroizing<Vec<u8>>, AgreementError> {
        let group = self.group.as_ref().ok_or(AgreementError::NoGroup)?;
        let secret = group.export_secret(label, context, len).map_err(library)?;
        Ok(Zeroizing::new(secret.as_bytes().to_vec()))
    }

    fn forget_exporter(&mut self) -> Result<(), AgreementError> {
        self.step(|group| {
            group.delete_exporter();
            Ok(())
        })
    }

    fn abandon(&mut self) {
        self.group = None;
        self.vault.erase_group();
    }

    fn state(&self) -> Result<Zeroizing<Vec<u8>>, AgreementError> {
        let parts = [
            self.identity.to_bytes(),
            self.peer.to_bytes(),
            self.vault.key_package()?.unwrap_or_default(),
            Zeroizing::new(self.vault.group_id().unwrap_or_default()),
            self.vault.group().unwrap_or_default(),
        ];
        Ok(encode(&parts))
    }

    fn restore(state: &[u8]) -> Result<Self, AgreementError> {
        let [identity, peer, key_package, group_id, group] =
            decode(state).ok_or(AgreementError::DamagedState)?;
        let vault = Vault::default();
        if !key_package.is_empty() {
            vault.put_key_package(&key_package)?;
        }
        if !group.is_empty() {
            vault.put_group(group_id.to_vec(), group);
        }
        let identity = MlsIdentity::from_bytes(&identity)?;
        let peer = PeerPin::from_bytes(&peer).ok_or(AgreementError::DamagedState)?;
        let mut agreement = Self::over(identity, peer, vault);
        agreement.reload()?;
        Ok(agreement)
    }
}

fn client(identity: &MlsIdentity, peer: Option<&PeerPin>, vault: Vault) -> Client<Config> {
    let pins = [
        Some(identity.signing_identity()),
        peer.map(PeerPin::signing_identity),
    ];
    Client::builder()
        .key_package_repo(vault.clone())
        .psk_store(vault.clone())
        .group_state_storage(vault)
        .identity_provider(PinnedPair::new(pins.into_iter().flatten().collect()))
        .crypto_provider(AwsLcCryptoProvider::with_enabled_cipher_suites(vec![SUITE]))
        .mls_rules(RulesForTwo)
        .key_package_lifetime(ALWAYS)
        .signing_identity(identity.signing_identity(), identity.signing_key(), SUITE)
        .build()
}

fn new_key_package(client: &Client<Config>) -> Result<Vec<u8>, AgreementError> {
    let none = ExtensionList::new;
    client
        .generate_key_package_message(none(), none(), Some(MlsTime::from(0)))
        .and_then(|message| message.to_bytes())
        .map_err(library)
}

fn refused(what: &'static str) -> impl Fn(MlsError) -> AgreementError {
    move |error| AgreementError::Refused {
        what,
        why: error.to_string(),
    }
}

fn library(error: MlsError) -> AgreementError {
    AgreementError::Library(error.to_string())
}
