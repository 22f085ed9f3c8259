//! Offices: the roles on each side that can be called, with their levels, counterparts and substitutes.

use core::fmt;

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::ids::PartyId;
use crate::language::LocalNames;
use crate::limits;

/// What a charter calls an office: `chief-of-staff`. Lower-case letters, digits and dashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfficeId(String);

impl OfficeId {
    /// Takes an identifier.
    pub fn new(id: &str) -> Option<Self> {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=limits::OFFICE_ID).contains(&id.len());
        (fits && id.bytes().all(is_plain)).then(|| Self(id.to_owned()))
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OfficeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An office of any party of the line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfficeRef {
    /// Whose.
    pub party: PartyId,
    /// Which.
    pub office: OfficeId,
}

/// A role that can be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// Whose and which.
    pub id: OfficeRef,
    /// What it is called.
    pub names: LocalNames,
    /// How high it stands: 1 is the watch; calls climb from level to level.
    pub level: u64,
    /// The offices of other parties that speak with it, in ascending order. Counterparts name each other.
    pub counterparts: Vec<OfficeRef>,
    /// The offices of the same party that answer for it, first choice first.
    pub substitutes: Vec<OfficeId>,
}

impl Canonical for OfficeId {
    fn write(&self, w: &mut Writer) {
        w.text(&self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::new(r.text("office", limits::OFFICE_ID)?).ok_or(invalid("office"))
    }
}

impl Canonical for OfficeRef {
    fn write(&self, w: &mut Writer) {
        w.array(2).item(&self.party).item(&self.office);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("office of a party", 2)?;
        Ok(Self {
            party: r.item()?,
            office: r.item()?,
        })
    }
}

impl Canonical for Office {
    fn write(&self, w: &mut Writer) {
        w.array(5).item(&self.id).item(&self.names);
        w.uint(self.level);
        w.items(&self.counterparts).items(&self.substitutes);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("office", 5)?;
        Ok(Self {
            id: r.item()?,
            names: r.item()?,
            level: r.uint_up_to("level", limits::OFFICE_LEVEL)?,
            counterparts: r.items("counterparts", limits::OFFICE_LINKS)?,
            substitutes: r.items("substitutes", limits::OFFICE_LINKS)?,
        })
    }
}
