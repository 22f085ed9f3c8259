//! TLS 1.3 with raw public keys (RFC 7250): a second layer around frames that are sealed anyway, for the bearers that have one.
//!
//! Each side shows its node's key, which the other one knows from the card. Keys are agreed on with X25519MLKEM768 alone
//! (draft-ietf-tls-ecdhe-mlkem), so that who records today reads nothing when there are quantum computers.

use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::HEXLOWER;
use openline_wire::ids::NodeId;
use rustls::client::AlwaysResolvesClientRawPublicKeys;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs::{self, cipher_suite, kx_group};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::{
    CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime, alg_id::ED25519,
};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{AlwaysResolvesServerRawPublicKeys, ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, Signer, SigningKey, public_key_to_spki};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, ServerConfig,
    SignatureAlgorithm, SignatureScheme, version,
};

use crate::door::Door;
use crate::knock::{self, At, Heard, Knock};

/// What a connection looks like to the network: the protocol that both sides name (RFC 7301).
#[derive(Clone, Copy, Debug)]
pub(crate) enum Look {
    /// Ours.
    Openline,
    /// That of any web server.
    Https,
}

impl Look {
    fn protocols(self, knock: Option<&Knock>) -> Vec<Vec<u8>> {
        let mut protocols = self.names();
        protocols.extend(knock.map(|knock| HEXLOWER.encode(knock).into_bytes()));
        protocols
    }

    fn names(self) -> Vec<Vec<u8>> {
        match self {
            Self::Openline => vec![b"openline/1".to_vec()],
            Self::Https => vec![b"http/1.1".to_vec()],
        }
    }
}

/// The suite of QUIC's first packets (RFC 9001 section 5.2), which hide nothing.
pub(crate) fn initial_suite() -> Option<rustls::quic::Suite> {
    cipher_suite::TLS13_AES_128_GCM_SHA256.tls13()?.quic_suite()
}

/// For who calls: only the node `peer` answers there.
pub(crate) fn client(
    door: &Arc<dyn Door>,
    peer: NodeId,
    look: Look,
    knock: Option<&Knock>,
) -> Result<ClientConfig, Error> {
    let verifier = PeersOnly {
        door: Arc::clone(door),
        expected: Some(peer),
        algorithms: provider().signature_verification_algorithms,
    };
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_protocol_versions(&[&version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(Arc::new(AlwaysResolvesClientRawPublicKeys::new(own_key(
            door,
        ))));
    config.alpn_protocols = look.protocols(knock);
    // A resumed session would outlive the removal of its node.
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

/// For who is called: any line's peer may, and says which it is.
pub(crate) fn server(door: &Arc<dyn Door>, look: Look) -> Result<ServerConfig, Error> {
    let verifier = PeersOnly {
        door: Arc::clone(door),
        expected: None,
        algorithms: provider().signature_verification_algorithms,
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider()))
        .with_protocol_versions(&[&version::TLS13])?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_cert_resolver(match look {
            Look::Openline => Arc::new(AlwaysResolvesServerRawPublicKeys::new(own_key(door))),
            Look::Https => Arc::new(Knocked::at(door)),
        });
    config.alpn_protocols = look.protocols(None);
    config.send_tls13_tickets = 0;
    Ok(config)
}

/// Shows our key to who has knocked, and to nobody else: in TLS the called side shows its key first, and cards are public.
#[derive(Debug)]
struct Knocked {
    door: Arc<dyn Door>,
    key: Arc<CertifiedKey>,
    let_in: Mutex<Heard>,
}

impl Knocked {
    fn at(door: &Arc<dyn Door>) -> Self {
        Self {
            key: own_key(door),
            let_in: Mutex::new(Heard::of(&door.let_in_before())),
            door: Arc::clone(door),
        }
    }

    fn is_let_in(&self, knock: &Knock) -> bool {
        let mut let_in = self.let_in.lock().unwrap_or_else(PoisonError::into_inner);
        let is_welcome = knock::is_made_with(At::Wss, &self.door.keys_from_peers(), knock)
            && !let_in.knows(knock)
            && self.door.remember(knock);
        if is_welcome {
            let_in.note(knock);
        }
        is_welcome
    }
}

impl ResolvesServerCert for Knocked {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let mut offered = hello.alpn()?;
        let knock = |name: &[u8]| Knock::try_from(HEXLOWER.decode(name).ok()?).ok();
        let knock = offered.find_map(knock)?;
        self.is_let_in(&knock).then(|| Arc::clone(&self.key))
    }

    fn only_raw_public_keys(&self) -> bool {
        true
    }
}

/// The node that the other side of a connection has shown and proven to be.
pub(crate) fn node_shown(door: &dyn Door, shown: &[CertificateDer<'_>]) -> Option<NodeId> {
    door.peer(&key_of(shown.first()?)?)
}

fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: vec![cipher_suite::TLS13_AES_256_GCM_SHA384],
        kx_groups: vec![kx_group::X25519MLKEM768],
        ..aws_lc_rs::default_provider()
    }
}

fn own_key(door: &Arc<dyn Door>) -> Arc<CertifiedKey> {
    let key = public_key_to_spki(&ED25519, door.public_key());
    let shown = vec![CertificateDer::from(key.to_vec())];
    Arc::new(CertifiedKey::new(
        shown,
        Arc::new(NodeKey(Arc::clone(door))),
    ))
}

/// The 32 bytes of an Ed25519 key in its usual form (RFC 8410 section 4); none if it is another key.
fn key_of(shown: &CertificateDer<'_>) -> Option<[u8; 32]> {
    let (_, last) = shown.split_at_checked(shown.len().checked_sub(32)?)?;
    let key: [u8; 32] = last.try_into().ok()?;
    (public_key_to_spki(&ED25519, key).as_ref() == shown.as_ref()).then_some(key)
}

/// Our node's key, which the station uses for us.
#[derive(Debug)]
struct NodeKey(Arc<dyn Door>);

impl SigningKey for NodeKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let may = offered.contains(&SignatureScheme::ED25519);
        may.then(|| Box::new(Self(Arc::clone(&self.0))) as Box<dyn Signer>)
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        Some(public_key_to_spki(&ED25519, self.0.public_key()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ED25519
    }
}

impl Signer for NodeKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.0.sign(message).to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

/// Takes the peers of lines and nobody else.
#[derive(Debug)]
struct PeersOnly {
    door: Arc<dyn Door>,
    /// Who it must be, if that is known.
    expected: Option<NodeId>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl PeersOnly {
    fn check(&self, shown: &CertificateDer<'_>) -> Result<(), Error> {
        let node = key_of(shown).and_then(|key| self.door.peer(&key));
        match (node, self.expected) {
            (Some(node), Some(expected)) if node == expected => Ok(()),
            (Some(_), None) => Ok(()),
            _ => Err(CertificateError::ApplicationVerificationFailure.into()),
        }
    }

    fn proven(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        proof: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let key = SubjectPublicKeyInfoDer::from(shown.as_ref());
        rustls::crypto::verify_tls13_signature_with_raw_key(message, &key, proof, &self.algorithms)
    }
}

/// TLS 1.2 is not offered, so nothing of it can be asked.
fn not_offered() -> Result<HandshakeSignatureValid, Error> {
    Err(Error::PeerIncompatible(
        rustls::PeerIncompatible::Tls12NotOffered,
    ))
}

impl ServerCertVerifier for PeersOnly {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _more: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(shown).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _shown: &CertificateDer<'_>,
        _proof: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        not_offered()
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        proof: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.proven(message, shown, proof)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

impl ClientCertVerifier for PeersOnly {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        _more: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check(shown).map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _shown: &CertificateDer<'_>,
        _proof: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        not_offered()
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        proof: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.proven(message, shown, proof)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}
