//! What no honest party does.

/// What no honest party does, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misbehaviour {
    /// Two different entries at one place of one chain, both signed.
    Equivocation,
    /// An entry that does not continue its author's chain as we hold it.
    ForkedChain,
    /// Heads that name entries of ours that we never wrote, or that go backwards.
    FalseHeads,
    /// A signature that does not verify, inside an authenticated frame.
    BadSignature,
    /// Bytes inside an authenticated frame that are not of the protocol.
    Malformed,
    /// An entry for another line, or by a node that its party never certified.
    Stranger,
    /// Places beyond every limit.
    Excess,
    /// Two parties were told different stories by one party.
    Divergence,
    /// It signed that it compared the safety number of other cards, or of another charter.
    OtherNumber,
    /// What it sent of a file is not what its author signed.
    WrongFile,
}

impl Misbehaviour {
    /// The word used in JSON and in the registry.
    pub fn word(self) -> &'static str {
        match self {
            Self::Equivocation => "equivocation",
            Self::ForkedChain => "forked-chain",
            Self::FalseHeads => "false-heads",
            Self::BadSignature => "bad-signature",
            Self::Malformed => "malformed",
            Self::Stranger => "stranger",
            Self::Excess => "excess",
            Self::Divergence => "divergence",
            Self::OtherNumber => "other-number",
            Self::WrongFile => "wrong-file",
        }
    }
}
