//! Key messages: what both channels say to each other about keys, inside sealed frames.
//! Deterministic CBOR (RFC 8949 section 4.2); anything else is refused. CDDL: `spec/cddl/channel.cddl`.

use crate::error::ChannelError;
use crate::generation::GenerationRequest;
use crate::limits::KEY_MESSAGE_MAX;
use minicbor::{Decoder, Encoder};
use openline_wire::ids::Digest;

/// A decoded key message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// The MLS Welcome into the group of this generation.
    Welcome { generation: u64, welcome: Vec<u8> },
    /// The MLS commit that ends `epoch`.
    Commit {
        generation: u64,
        epoch: u64,
        commit: Vec<u8>,
    },
    /// A fresh MLS key package, for the other side to create the group from. It is for whoever sent
    /// this request, and not for what became of him in another life; `asked` is the sender's own last
    /// request, which tells its lives apart.
    KeyPackage {
        generation: u64,
        request: Digest,
        asked: Option<Asked>,
        key_package: Vec<u8>,
    },
    /// A node asks for a new generation.
    Request(Box<GenerationRequest>),
    /// This request was accepted; the sender is in `generation` now.
    Accepted { generation: u64, request: Digest },
    /// The peer's last accepted request, given back because it is numbered above a newer one, or so
    /// that the peer can see whether it still knows it.
    Outnumbered(Box<GenerationRequest>),
}

/// Names a request for a new generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) number: u64,
    pub(crate) digest: Digest,
}

/// What a key message is about; each kind is sent at most once at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyMessageKind {
    /// The MLS Welcome.
    Welcome = 1,
    /// An MLS commit.
    Commit = 2,
    /// An MLS key package.
    KeyPackage = 3,
    /// A request for a new generation.
    Request = 4,
    /// A request was accepted: sent once for each time that the request is heard.
    Accepted = 5,
    /// The last accepted request: the same, and with the key package. Sealed like a request.
    Outnumbered = 6,
}

impl KeyMessageKind {
    /// Whether the two sides may be in different generations: then
    /// [`Channel::seal_request`](crate::Channel::seal_request) seals it, and otherwise
    /// [`Channel::seal`](crate::Channel::seal).
    pub fn crosses_generations(self) -> bool {
        matches!(self, Self::Request | Self::Outnumbered)
    }
}

/// A key message, for the body *keys*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMessage {
    /// What it is about, and so how it is sealed.
    pub kind: KeyMessageKind,
    /// The bytes for [`Channel::receive_keys`](crate::Channel::receive_keys) on the other side.
    pub bytes: Vec<u8>,
}

impl KeyMessage {
    /// Reads a key message: its kind, and that it is in the one canonical form. Whether it means anything now,
    /// [`Channel::receive_keys`](crate::Channel::receive_keys) knows.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ChannelError> {
        Message::decode(bytes).map(|message| Self::new(&message))
    }

    pub(crate) fn new(message: &Message) -> Self {
        Self {
            kind: message.kind(),
            bytes: message.encode(),
        }
    }
}

impl Message {
    pub(crate) fn kind(&self) -> KeyMessageKind {
        match self {
            Self::Welcome { .. } => KeyMessageKind::Welcome,
            Self::Commit { .. } => KeyMessageKind::Commit,
            Self::KeyPackage { .. } => KeyMessageKind::KeyPackage,
            Self::Request(_) => KeyMessageKind::Request,
            Self::Accepted { .. } => KeyMessageKind::Accepted,
            Self::Outnumbered(_) => KeyMessageKind::Outnumbered,
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut Encoder::new(&mut bytes))
            .expect("writing to memory cannot fail");
        bytes
    }

    fn write(&self, e: &mut Encoder<&mut Vec<u8>>) -> Result<(), Infallible> {
        let kind = self.kind() as u8;
        match self {
            Self::Welcome {
                generation,
                welcome,
            } => {
                e.array(3)?.u8(kind)?.u64(*generation)?.bytes(welcome)?;
            }
            Self::KeyPackage {
                generation,
                request,
                asked,
                key_package,
            } => {
                e.array(5)?.u8(kind)?.u64(*generation)?;
                e.bytes(request.as_bytes())?;
                Asked::write(*asked, e)?;
                e.bytes(key_package)?;
            }
            Self::Commit {
                generation,
                epoch,
                commit,
            } => {
                e.array(4)?
                    .u8(kind)?
                    .u64(*generation)?
                    .u64(*epoch)?
                    .bytes(commit)?;
            }
            Self::Request(request) | Self::Outnumbered(request) => {
                e.array(3)?
                    .u8(kind)?
                    .bytes(&request.signed_bytes)?
                    .bytes(&request.signature)?;
            }
            Self::Accepted {
                generation,
                request,
            } => {
                e.array(3)?
                    .u8(kind)?
                    .u64(*generation)?
                    .bytes(request.as_bytes())?;
            }
        }
        Ok(())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, ChannelError> {
        let refused = ChannelError::Misbehaviour("a key message that does not decode");
        if bytes.len() > KEY_MESSAGE_MAX {
            return Err(refused);
        }
        match Self::read(&mut Decoder::new(bytes)) {
            // Only what we would have written ourselves is canonical, and ends where it should.
            Ok(Some(message)) if message.encode() == bytes => Ok(message),
            _ => Err(refused),
        }
    }

    fn read(d: &mut Decoder<'_>) -> Result<Option<Self>, minicbor::decode::Error> {
        d.array()?;
        let kind = d.u8()?;
        if kind == 4 || kind == 6 {
            let request = GenerationRequest::decode(d.bytes()?, d.bytes()?).map(Box::new);
            return Ok(request.map(if kind == 4 {
                Self::Request
            } else {
                Self::Outnumbered
            }));
        }
        let generation = d.u64()?;
        Ok(match kind {
            1 => Some(Self::Welcome {
                generation,
                welcome: d.bytes()?.to_vec(),
            }),
            2 => {
                let epoch = d.u64()?;
                Some(Self::Commit {
                    generation,
                    epoch,
                    commit: d.bytes()?.to_vec(),
                })
            }
            3 => Some(Self::KeyPackage {
                generation,
                request: read_digest(d)?,
                asked: Asked::read(d)?,
                key_package: d.bytes()?.to_vec(),
            }),
            5 => Some(Self::Accepted {
                generation,
                request: read_digest(d)?,
            }),
            _ => None,
        })
    }
}

fn read_digest(d: &mut Decoder<'_>) -> Result<Digest, minicbor::decode::Error> {
    let wrong = || minicbor::decode::Error::message("not a digest");
    Digest::from_slice(d.bytes()?).ok_or_else(wrong)
}

impl Asked {
    pub(crate) fn write(
        asked: Option<Self>,
        e: &mut Encoder<&mut Vec<u8>>,
    ) -> Result<(), Infallible> {
        match asked {
            Some(Self { number, digest }) => {
                e.array(2)?.u64(number)?.bytes(digest.as_bytes())?;
            }
            None => {
                e.null()?;
            }
        }
        Ok(())
    }

    pub(crate) fn read(d: &mut Decoder<'_>) -> Result<Option<Self>, minicbor::decode::Error> {
        if d.datatype()? == minicbor::data::Type::Null {
            return d.null().map(|()| None);
        }
        d.array()?;
        Ok(Some(Self {
            number: d.u64()?,
            digest: read_digest(d)?,
        }))
    }
}

/// Writing to memory has no errors of its own.
type Infallible = minicbor::encode::Error<std::convert::Infallible>;
