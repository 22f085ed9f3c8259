//! Whether a home is the one that was made here, or a copy of it.
//!
//! The marker file records where it itself lies: inode and time of birth, which no user can set, and the
//! machine. A copy or a restored backup is another file, so it does not describe itself. The file system's
//! device number is left out where there is a time of birth: it changes with the order of mounting.
//!
//! This only tells a person, and begins a new channel generation in good time; that nothing is signed or
//! sealed twice does not hang on it. A disk image restored below the file system is not noticed here.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::UNIX_EPOCH;

use openline_wire::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use sha2::{Digest as _, Sha256};

use super::{HomeError, files};

/// Whether a home lies where it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeOrigin {
    /// It does.
    Same,
    /// It was copied here, restored from a backup, or carried to another machine.
    CopiedOrRestored,
}

/// What the marker says of itself.
#[derive(Debug, PartialEq, Eq)]
struct Marker {
    inode: u64,
    /// The time of birth in nanoseconds since 1970, or, where the file system keeps none, the device number.
    birth: Birth,
    /// A hash of the machine's id; none where it has none.
    machine: Option<[u8; 32]>,
}

#[derive(Debug, PartialEq, Eq)]
enum Birth {
    At(u64),
    On(u64),
}

/// Compares the marker with where it lies.
pub fn check(path: &Path) -> Result<HomeOrigin, HomeError> {
    let facts = match fs::metadata(path) {
        // A backup that leaves it out is a backup all the same.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(HomeOrigin::CopiedOrRestored);
        }
        facts => facts.map_err(HomeError::io(path, "look at"))?,
    };
    let bytes = files::read_limited(path, 256)?;
    let same = Marker::from_bytes(&bytes).is_ok_and(|marker| marker == Marker::of(&facts));
    Ok(if same {
        HomeOrigin::Same
    } else {
        HomeOrigin::CopiedOrRestored
    })
}

/// Writes a new marker that describes itself.
pub fn seal(path: &Path) -> Result<(), HomeError> {
    files::write_described(path, |facts| Marker::of(facts).to_bytes())
}

impl Marker {
    fn of(facts: &Metadata) -> Self {
        let since_1970 = facts
            .created()
            .ok()
            .and_then(|born| born.duration_since(UNIX_EPOCH).ok());
        let nanoseconds = since_1970.and_then(|age| u64::try_from(age.as_nanos()).ok());
        Self {
            inode: facts.ino(),
            birth: nanoseconds.map_or(Birth::On(facts.dev()), Birth::At),
            machine: machine(),
        }
    }
}

/// A hash of the machine's id under a name of ours, as machine-id(5) asks: the id itself goes nowhere.
fn machine() -> Option<[u8; 32]> {
    let id = fs::read("/etc/machine-id").ok()?;
    let id = id.trim_ascii();
    let hash = Sha256::new()
        .chain_update(b"openline home origin 1")
        .chain_update(id);
    (!id.is_empty()).then(|| hash.finalize().into())
}

impl Canonical for Marker {
    fn write(&self, w: &mut Writer) {
        w.array(4).uint(self.inode);
        match self.birth {
            Birth::At(nanoseconds) => w.uint(0).uint(nanoseconds),
            Birth::On(device) => w.uint(1).uint(device),
        };
        w.optional_bytes(self.machine.as_ref().map(|hash| &hash[..]));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("origin", 4)?;
        Ok(Self {
            inode: r.uint("inode")?,
            birth: match r.uint("birth")? {
                0 => Birth::At(r.uint("nanoseconds")?),
                1 => Birth::On(r.uint("device")?),
                _ => return Err(invalid("birth")),
            },
            machine: r.optional(|r| r.fixed("machine"))?,
        })
    }
}
