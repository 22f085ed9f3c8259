//! A request for a new generation: how a home that was restored, and so has lost its channel,
//! comes back. It is signed by the node's key, which is not ours to hold: the bytes go out to be
//! signed and come back.

use crate::names::{ChannelConfig, Side};
use minicbor::{Decoder, Encoder};
use openline_wire::ids::{BootId, Digest, LineId, NodeId, PartyId};
use sha2::Digest as _;

const CONTEXT: &str = "openline generation request 1";

/// A request for a new generation, by a node that was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenerationRequest {
    /// The line.
    pub line: LineId,
    /// Hash of its charter.
    pub charter: Digest,
    /// Who asks.
    pub from: Side,
    /// Who is asked.
    pub to: Side,
    /// The start of the node that asks.
    pub boot: BootId,
    /// Grows with each request of that node.
    pub number: u64,
    /// The lowest generation that it can enter: the index of its tapes.
    pub index: u64,
    /// What was signed: the fields above, as deterministic CBOR.
    pub signed_bytes: Vec<u8>,
    /// The Ed25519 signature of the asking node's key over `signed_bytes`. Not verified here.
    pub signature: [u8; 64],
}

impl GenerationRequest {
    /// A request of ours, not yet signed.
    pub(crate) fn new(config: &ChannelConfig, number: u64, index: u64) -> Self {
        let mut request = Self {
            line: config.line,
            charter: config.charter,
            from: config.ours,
            to: config.peer,
            boot: config.boot,
            number,
            index,
            signed_bytes: Vec::new(),
            signature: [0; 64],
        };
        request.signed_bytes = request.encode();
        request
    }

    pub(crate) fn decode(signed_bytes: &[u8], signature: &[u8]) -> Option<Self> {
        let mut request = Self::read(&mut Decoder::new(signed_bytes))?;
        request.signature = signature.try_into().ok()?;
        request.signed_bytes = request.encode();
        (request.signed_bytes == signed_bytes).then_some(request)
    }

    /// Names the request in its answer.
    pub(crate) fn digest(&self) -> Digest {
        Digest(sha2::Sha256::digest(&self.signed_bytes).into())
    }

    /// Whether one end of this channel asks the other.
    pub(crate) fn is_from(&self, from: Side, to: Side, config: &ChannelConfig) -> bool {
        let channel = (self.line, self.charter, self.from, self.to);
        channel == (config.line, config.charter, from, to)
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut e = Encoder::new(&mut bytes);
        let written = e.array(10).and_then(|e| {
            e.str(CONTEXT)?
                .bytes(self.line.as_bytes())?
                .bytes(self.charter.as_bytes())?;
            for side in [&self.from, &self.to] {
                e.bytes(side.party.as_bytes())?
                    .bytes(side.node.as_bytes())?;
            }
            e.bytes(self.boot.as_bytes())?
                .u64(self.number)?
                .u64(self.index)
        });
        written.expect("writing to memory cannot fail");
        bytes
    }

    fn read(d: &mut Decoder<'_>) -> Option<Self> {
        d.array().ok()?;
        if d.str().ok()? != CONTEXT {
            return None;
        }
        Some(Self {
            line: LineId::from_slice(d.bytes().ok()?)?,
            charter: Digest::from_slice(d.bytes().ok()?)?,
            from: read_side(d)?,
            to: read_side(d)?,
            boot: BootId::from_slice(d.bytes().ok()?)?,
            number: d.u64().ok()?,
            index: d.u64().ok()?,
            signed_bytes: Vec::new(),
            signature: [0; 64],
        })
    }
}

fn read_side(d: &mut Decoder<'_>) -> Option<Side> {
    Some(Side {
        party: PartyId::from_slice(d.bytes().ok()?)?,
        node: NodeId::from_slice(d.bytes().ok()?)?,
    })
}
