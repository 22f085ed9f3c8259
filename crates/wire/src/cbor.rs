//! Deterministic CBOR (RFC 8949 section 4.2.1), written and read through two small wrappers around
//! `minicbor`.
//!
//! Only the canonical form is accepted, and by construction: [`Canonical::from_bytes`] decodes,
//! encodes again and compares. A longer integer, an indefinite length or a trailing byte therefore
//! can't slip through, and two parties never hash different bytes for one value.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use thiserror::Error;

/// Why bytes were refused. All of it is the sender's doing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The bytes end early, or are no CBOR at all.
    #[error("not well-formed CBOR, expected {expected}")]
    Malformed {
        /// What was being read.
        expected: &'static str,
    },
    /// A length or number beyond the limit.
    #[error("{what}: got {got}, the limit is {limit}")]
    TooLarge {
        /// The field.
        what: &'static str,
        /// What the sender wrote.
        got: u64,
        /// What is allowed (see `limits`).
        limit: u64,
    },
    /// A value that has no meaning here.
    #[error("{what}: the value is not allowed")]
    Invalid {
        /// The field.
        what: &'static str,
    },
    /// Well-formed, but not in the one canonical form.
    #[error("not in canonical form (RFC 8949 section 4.2.1)")]
    NotCanonical,
}

/// Builds an [`DecodeError::Invalid`]; keeps decoders short.
pub fn invalid(what: &'static str) -> DecodeError {
    DecodeError::Invalid { what }
}

/// Appends canonical CBOR to a vector. No call can fail.
#[derive(Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn put(
        &mut self,
        write: impl FnOnce(
            &mut Encoder<&mut Vec<u8>>,
        ) -> Result<(), minicbor::encode::Error<core::convert::Infallible>>,
    ) -> &mut Self {
        write(&mut Encoder::new(&mut self.0)).expect("a Vec takes every write");
        self
    }

    /// An unsigned integer in its shortest form.
    pub fn uint(&mut self, value: u64) -> &mut Self {
        self.put(|e| e.u64(value).map(drop))
    }

    /// A signed integer in its shortest form.
    pub fn int(&mut self, value: i64) -> &mut Self {
        self.put(|e| e.i64(value).map(drop))
    }

    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.put(|e| e.bytes(value).map(drop))
    }

    /// A text string.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.put(|e| e.str(value).map(drop))
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.put(|e| e.bool(value).map(drop))
    }

    /// `null`.
    pub fn null(&mut self) -> &mut Self {
        self.put(|e| e.null().map(drop))
    }

    /// A byte string, or `null`.
    pub fn optional_bytes(&mut self, value: Option<&[u8]>) -> &mut Self {
        match value {
            Some(bytes) => self.bytes(bytes),
            None => self.null(),
        }
    }

    /// An unsigned integer, or `null`.
    pub fn optional_uint(&mut self, value: Option<u64>) -> &mut Self {
        match value {
            Some(number) => self.uint(number),
            None => self.null(),
        }
    }

    /// The head of an array of `len` items; the items follow.
    pub fn array(&mut self, len: usize) -> &mut Self {
        self.put(|e| e.array(len as u64).map(drop))
    }

    /// The head of a map of `len` pairs; keys and values follow, keys in ascending order.
    pub fn map(&mut self, len: usize) -> &mut Self {
        self.put(|e| e.map(len as u64).map(drop))
    }

    /// A tag (RFC 8949 section 3.4); what it tags follows.
    pub fn tag(&mut self, tag: u64) -> &mut Self {
        self.put(|e| e.tag(minicbor::data::Tag::new(tag)).map(drop))
    }

    /// A value that knows its own form.
    pub fn item<T: Canonical>(&mut self, value: &T) -> &mut Self {
        value.write(self);
        self
    }

    /// An array of values that know their own form.
    pub fn items<T: Canonical>(&mut self, values: &[T]) -> &mut Self {
        self.array(values.len());
        values.iter().for_each(|value| value.write(self));
        self
    }
}

/// Reads CBOR and checks lengths against limits before anything is allocated.
pub struct Reader<'b>(Decoder<'b>);

impl<'b> Reader<'b> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(Decoder::new(bytes))
    }

    /// Whether all bytes were read.
    pub fn at_end(&self) -> bool {
        self.0.position() == self.0.input().len()
    }

    /// How many bytes were read so far.
    pub fn position(&self) -> usize {
        self.0.position()
    }

    /// An unsigned integer.
    pub fn uint(&mut self, what: &'static str) -> Result<u64, DecodeError> {
        self.0
            .u64()
            .map_err(|_| DecodeError::Malformed { expected: what })
    }

    /// An unsigned integer that is at most `limit`.
    pub fn uint_up_to(&mut self, what: &'static str, limit: u64) -> Result<u64, DecodeError> {
        let got = self.uint(what)?;
        within(what, got, limit)?;
        Ok(got)
    }

    /// A signed integer.
    pub fn int(&mut self, what: &'static str) -> Result<i64, DecodeError> {
        self.0
            .i64()
            .map_err(|_| DecodeError::Malformed { expected: what })
    }

    /// `true` or `false`.
    pub fn bool(&mut self, what: &'static str) -> Result<bool, DecodeError> {
        self.0
            .bool()
            .map_err(|_| DecodeError::Malformed { expected: what })
    }

    /// A byte string of at most `limit` bytes.
    pub fn bytes(&mut self, what: &'static str, limit: usize) -> Result<&'b [u8], DecodeError> {
        let bytes = self
            .0
            .bytes()
            .map_err(|_| DecodeError::Malformed { expected: what })?;
        within(what, bytes.len() as u64, limit as u64)?;
        Ok(bytes)
    }

    /// A byte string of exactly `N` bytes.
    pub fn fixed<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], DecodeError> {
        self.bytes(what, N)?
            .try_into()
            .map_err(|_| DecodeError::Invalid { what })
    }

    /// A text string of at most `limit` bytes.
    pub fn text(&mut self, what: &'static str, limit: usize) -> Result<&'b str, DecodeError> {
        let text = self
            .0
            .str()
            .map_err(|_| DecodeError::Malformed { expected: what })?;
        within(what, text.len() as u64, limit as u64)?;
        Ok(text)
    }

    /// Whether an array is next.
    pub fn is_array(&mut self) -> bool {
        matches!(self.0.datatype(), Ok(Type::Array))
    }

    /// Reads a `null` if one is next.
    pub fn null(&mut self) -> bool {
        let is_null = matches!(self.0.datatype(), Ok(Type::Null));
        if is_null {
            // The type was just seen, so this read can't fail.
            let _ = self.0.null();
        }
        is_null
    }

    /// `null`, or what `read` reads.
    pub fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        if self.null() {
            return Ok(None);
        }
        read(self).map(Some)
    }

    /// The head of an array of at most `limit` items.
    pub fn array(&mut self, what: &'static str, limit: usize) -> Result<usize, DecodeError> {
        let len = self.0.array().ok().flatten();
        self.length(what, len, limit)
    }

    /// The head of an array of exactly `len` items.
    pub fn array_of(&mut self, what: &'static str, len: usize) -> Result<(), DecodeError> {
        match self.array(what, len)? {
            got if got == len => Ok(()),
            _ => Err(DecodeError::Invalid { what }),
        }
    }

    /// The head of a map of at most `limit` pairs.
    pub fn map(&mut self, what: &'static str, limit: usize) -> Result<usize, DecodeError> {
        let len = self.0.map().ok().flatten();
        self.length(what, len, limit)
    }

    /// This very tag; what it tags follows.
    pub fn tag(&mut self, what: &'static str, expected: u64) -> Result<(), DecodeError> {
        match self.0.tag() {
            Ok(tag) if tag.as_u64() == expected => Ok(()),
            _ => Err(DecodeError::Malformed { expected: what }),
        }
    }

    fn length(
        &self,
        what: &'static str,
        len: Option<u64>,
        limit: usize,
    ) -> Result<usize, DecodeError> {
        let got = len.ok_or(DecodeError::Malformed { expected: what })?;
        within(what, got, limit as u64)?;
        usize::try_from(got).map_err(|_| DecodeError::Invalid { what })
    }

    /// A value that knows its own form.
    pub fn item<T: Canonical>(&mut self) -> Result<T, DecodeError> {
        T::read(self)
    }

    /// An array of at most `limit` values that know their own form.
    pub fn items<T: Canonical>(
        &mut self,
        what: &'static str,
        limit: usize,
    ) -> Result<Vec<T>, DecodeError> {
        let len = self.array(what, limit)?;
        (0..len).map(|_| T::read(self)).collect()
    }

    /// The encoded bytes of the next item, whatever it is.
    pub fn raw(&mut self, what: &'static str) -> Result<&'b [u8], DecodeError> {
        let start = self.0.position();
        self.0
            .skip()
            .map_err(|_| DecodeError::Malformed { expected: what })?;
        Ok(&self.0.input()[start..self.0.position()])
    }
}

/// Refuses a number beyond its limit.
pub fn within(what: &'static str, got: u64, limit: u64) -> Result<(), DecodeError> {
    if got > limit {
        return Err(DecodeError::TooLarge { what, got, limit });
    }
    Ok(())
}

/// A value with exactly one encoding.
pub trait Canonical: Sized {
    /// Appends the canonical form.
    fn write(&self, w: &mut Writer);

    /// Reads one value, limits first. May accept a form that is not canonical;
    /// [`Self::from_bytes`] does not.
    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// The canonical bytes.
    fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::new();
        self.write(&mut w);
        w.into_bytes()
    }

    /// Reads the whole of `bytes`, which must be the canonical form.
    fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let value = Self::read(&mut reader)?;
        if !reader.at_end() || value.to_bytes() != bytes {
            return Err(DecodeError::NotCanonical);
        }
        Ok(value)
    }
}

macro_rules! canonical_id {
    ($($name:ident),*) => {$(
        impl Canonical for crate::ids::$name {
            fn write(&self, w: &mut Writer) {
                w.bytes(&self.0);
            }
            fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.fixed(stringify!($name)).map(Self)
            }
        }
    )*};
}
canonical_id!(PartyId, NodeId, BootId, LineId, EntryId, Digest);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::BootId;

    #[test]
    fn a_longer_integer_or_a_trailing_byte_is_refused() {
        struct Number(u64);
        impl Canonical for Number {
            fn write(&self, w: &mut Writer) {
                w.uint(self.0);
            }
            fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.uint("number").map(Self)
            }
        }
        assert!(Number::from_bytes(&[0x05]).is_ok());
        for wrong in [&[0x18, 0x05][..], &[0x05, 0x00], &[0x19, 0, 5]] {
            assert_eq!(
                Number::from_bytes(wrong).err(),
                Some(DecodeError::NotCanonical)
            );
        }
    }

    #[test]
    fn a_huge_announced_length_is_refused_before_anything_is_allocated() {
        let mut huge = vec![0x9B];
        huge.extend([0xFF; 8]);
        let got = Reader::new(&huge).items::<BootId>("boots", 3);
        assert!(matches!(got, Err(DecodeError::TooLarge { limit: 3, .. })));
    }
}
