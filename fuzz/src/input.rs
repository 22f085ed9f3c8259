//! Takes an input apart into small choices. What is missing at its end is zero, so that every input says something.

/// What is left of an input.
pub struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    /// From the first byte on.
    pub fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    /// One of so many.
    pub fn below(&mut self, sides: u8) -> u8 {
        self.byte() % sides
    }

    /// Every second byte.
    pub fn coin(&mut self) -> bool {
        self.byte() % 2 == 1
    }

    /// A number, small ones in one byte, any in up to nine.
    pub fn number(&mut self) -> u64 {
        let first = self.byte();
        match first {
            0..248 => first.into(),
            _ => self
                .bytes(usize::from(first - 247))
                .iter()
                .fold(0, |number, byte| number << 8 | u64::from(*byte)),
        }
    }

    /// Up to so many bytes.
    pub fn bytes(&mut self, at_most: usize) -> &'a [u8] {
        let (bytes, rest) = self.0.split_at(at_most.min(self.0.len()));
        self.0 = rest;
        bytes
    }

    /// Bytes whose number comes first.
    pub fn string(&mut self) -> &'a [u8] {
        let long = usize::from(self.byte()) | usize::from(self.below(8)) << 8;
        self.bytes(long)
    }

    /// Exactly so many bytes.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let bytes = self.bytes(N);
        array[..bytes.len()].copy_from_slice(bytes);
        array
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.0)
    }
}
