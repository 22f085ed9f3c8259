//! How a frame stands to others that wait for one slow bearer. Nothing of it goes over the wire: the core says it of each frame, and
//! a bearer whose line is slower than the core heeds it (OL-804).

/// What a frame carries, by what it may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Haste {
    /// An urgent entry, or its first acknowledgement: it waits for nothing but the frame that is under way.
    Urgent,
    /// How things stand at this moment: signs of life, acknowledgements. The next one says all that this one says, and more.
    Life,
    /// Entries of the other streams.
    Text,
    /// Keys and files: there is always more of it.
    Bulk,
}

impl Haste {
    /// All of them, the most hasty first.
    pub const ALL: [Self; 4] = [Self::Urgent, Self::Life, Self::Text, Self::Bulk];
}
