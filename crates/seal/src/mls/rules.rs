//! What MLS may do in a group of two: two pinned members, and commits that change nothing but keys.

use mls_rs::group::{GroupContext, Roster};
use mls_rs::identity::{CredentialType, SigningIdentity};
use mls_rs::mls_rules::{
    CommitDirection, CommitOptions, CommitSource, EncryptionOptions, ProposalBundle,
};
use mls_rs::time::MlsTime;
use mls_rs::{ExtensionList, IdentityProvider, MlsRules};
use mls_rs_core::error::IntoAnyError;
use mls_rs_core::identity::MemberValidationContext;

/// Accepts the leaves that the cards named, and no other.
#[derive(Clone)]
pub(super) struct PinnedPair(Vec<SigningIdentity>);

impl PinnedPair {
    pub(super) fn new(pins: Vec<SigningIdentity>) -> Self {
        Self(pins)
    }
}

/// Why a member or a commit is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("its credential or signature key is not the one that the card named")]
    NotPinned,
    #[error("it proposes a change of the group, which stays a group of two")]
    ChangesGroup,
}

impl IntoAnyError for Refusal {
    fn into_dyn_error(self) -> Result<Box<dyn std::error::Error + Send + Sync>, Self> {
        Ok(self.into())
    }
}

impl IdentityProvider for PinnedPair {
    type Error = Refusal;

    fn validate_member(
        &self,
        member: &SigningIdentity,
        _: Option<MlsTime>,
        _: MemberValidationContext<'_>,
    ) -> Result<(), Refusal> {
        self.0
            .contains(member)
            .then_some(())
            .ok_or(Refusal::NotPinned)
    }

    fn validate_external_sender(
        &self,
        _: &SigningIdentity,
        _: Option<MlsTime>,
        _: Option<&ExtensionList>,
    ) -> Result<(), Refusal> {
        Err(Refusal::NotPinned)
    }

    fn identity(&self, member: &SigningIdentity, _: &ExtensionList) -> Result<Vec<u8>, Refusal> {
        let credential = member.credential.as_basic().ok_or(Refusal::NotPinned)?;
        Ok(credential.identifier.clone())
    }

    fn valid_successor(
        &self,
        predecessor: &SigningIdentity,
        successor: &SigningIdentity,
        _: &ExtensionList,
    ) -> Result<bool, Refusal> {
        Ok(predecessor == successor)
    }

    fn supported_types(&self) -> Vec<CredentialType> {
        vec![CredentialType::BASIC]
    }
}

/// No proposals from the peer; handshake messages in the clear, because the frames around them are
/// sealed already.
#[derive(Clone)]
pub(super) struct RulesForTwo;

impl MlsRules for RulesForTwo {
    type Error = Refusal;

    fn filter_proposals(
        &self,
        direction: CommitDirection,
        source: CommitSource,
        _: &Roster<'_>,
        _: &GroupContext,
        proposals: ProposalBundle,
    ) -> Result<ProposalBundle, Refusal> {
        let by_member = matches!(source, CommitSource::ExistingMember(_));
        let allowed = direction == CommitDirection::Send || by_member && proposals.length() == 0;
        allowed.then_some(proposals).ok_or(Refusal::ChangesGroup)
    }

    fn commit_options(
        &self,
        _: &Roster<'_>,
        _: &GroupContext,
        _: &ProposalBundle,
    ) -> Result<CommitOptions, Refusal> {
        Ok(CommitOptions::new())
    }

    fn encryption_options(
        &self,
        _: &Roster<'_>,
        _: &GroupContext,
    ) -> Result<EncryptionOptions, Refusal> {
        Ok(EncryptionOptions::default())
    }
}
