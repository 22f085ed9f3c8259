//! What a station needs of each line: read from the home at each start, and checked as if it had just been
//! carried here.

use openline_wire::address::Address;
use openline_wire::card::{Card, NodeCertificate};
use openline_wire::charter::Charter;
use openline_wire::fact::NumberCompared;
use openline_wire::header::Actor;
use openline_wire::ids::{Digest, LineId};
use openline_wire::language::LocalNames;
use openline_wire::opening::{Answer, Offer, Signatory};
use openline_wire::tape::CarriedTape;
use zeroize::Zeroizing;

use super::CeremonyError;
use super::folder::{self, ComparedBy};
use crate::home::{Home, HomeError, LineFolder};

/// One side of an open line.
#[derive(Clone, Debug)]
pub struct LineParty {
    /// Its card, as it was when the line was opened.
    pub card: Card,
    /// Its node on this line.
    pub node: NodeCertificate,
    /// Where its station may be reached: what its file says, else what its card says.
    pub reachable_at: Vec<Address>,
}

/// Both tapes as they were carried.
#[derive(Clone, Debug)]
pub struct Tapes {
    /// Made by the peer: keys what we send.
    pub sending: CarriedTape,
    /// Made by us: keys what we receive.
    pub receiving: CarriedTape,
}

/// Who compared the safety number on our side, for the entry "number compared".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// What the entry says.
    pub fact: NumberCompared,
    /// Who.
    pub actor: Actor,
    /// When, UTC in milliseconds by our clock.
    pub time: u64,
}

/// An open line.
#[derive(Clone)]
pub struct LineSetup {
    /// Its name.
    pub line: LineId,
    /// Its rules.
    pub charter: Charter,
    /// SHA-256 of the charter.
    pub charter_digest: Digest,
    /// Whether we proposed it; the opener creates the MLS group.
    pub opener: bool,
    /// Our side.
    pub own: LineParty,
    /// The other side.
    pub peer: LineParty,
    /// Both tapes, until [`super::erase_opening_secrets`].
    pub tapes: Option<Tapes>,
    /// On the opener's side: the peer's MLS KeyPackage.
    pub peer_key_package: Option<Vec<u8>>,
    /// On the accepting side: the private part of our KeyPackage, until [`super::erase_opening_secrets`].
    pub key_package_secret: Option<Zeroizing<Vec<u8>>>,
    /// Our comparison.
    pub compared: Compared,
    /// The peer's comparison, if we have it: it came with the answer.
    pub peer_compared: Option<NumberCompared>,
    /// The folder of the line in the home.
    pub folder: LineFolder,
}

impl core::fmt::Debug for LineSetup {
    /// It holds secrets, which never go into a log.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "LineSetup({})", self.line.short())
    }
}

/// A line that we proposed and that waits for its answer.
#[derive(Clone, Debug)]
pub struct WaitingLine {
    /// Its name to be.
    pub line: LineId,
    /// The rules that we proposed.
    pub charter: Charter,
    /// When we proposed it, UTC in milliseconds by our clock.
    pub time: u64,
}

/// All lines of a home.
#[derive(Debug, Default)]
pub struct Lines {
    /// Open ones.
    pub open: Vec<LineSetup>,
    /// Those that wait for an answer.
    pub waiting: Vec<WaitingLine>,
    /// Those whose files are damaged, and how. The others stay usable.
    pub damaged: Vec<(LineId, CeremonyError)>,
}

impl Lines {
    /// Whether a line is open here, or known to be damaged: else its entries have lost their files.
    pub fn has_files_of(&self, line: &LineId) -> bool {
        self.open.iter().any(|setup| setup.line == *line)
            || self.damaged.iter().any(|(damaged, _)| damaged == line)
    }
}

/// Reads all lines of a home.
pub fn load_lines(home: &Home) -> Result<Lines, HomeError> {
    let own = home.card()?;
    let mut lines = Lines::default();
    for folder in home.line_folders()? {
        let line = folder.line();
        match load(&folder, &own) {
            Ok(Loaded::Open(setup)) => lines.open.push(*setup),
            Ok(Loaded::Waiting(waiting)) => lines.waiting.push(*waiting),
            Err(error) => lines.damaged.push((line, error)),
        }
    }
    Ok(lines)
}

/// What the other party of a line with damaged files is called, if one of the files still tells.
pub fn damaged_lines_peer(home: &Home, line: LineId) -> Option<LocalNames> {
    let own = home.card().ok()?.party();
    let charter = folder::charter(&home.line_folder(line)?)?;
    let peer = charter.parties.iter().find(|party| party.id != own)?;
    Some(peer.names.clone())
}

enum Loaded {
    Open(Box<LineSetup>),
    Waiting(Box<WaitingLine>),
}

fn load(folder: &LineFolder, own: &Card) -> Result<Loaded, CeremonyError> {
    if !folder.has("answer") {
        let signatory = folder::offer(folder)?.signatory().clone();
        if signatory.card.party() == own.party() {
            folder::check_addressee(folder, &signatory)?;
        }
        return Ok(Loaded::Waiting(Box::new(WaitingLine {
            line: folder.line(),
            charter: signatory.founding.charter,
            time: signatory.time,
        })));
    }
    let by = folder::compared(folder)?;
    let (offer, answer) = folder::both(folder, by.time)?;
    let opener = offer.signatory().card.party() == own.party();
    let is_ours = opener || answer.signatory().card.party() == own.party();
    if !is_ours || offer.signatory().founding.line() != folder.line() {
        return Err(HomeError::damaged(folder.path(), "reason-of-another-party").into());
    }
    setup(folder, by, &offer, &answer, opener).map(|setup| Loaded::Open(Box::new(setup)))
}

fn setup(
    folder: &LineFolder,
    by: ComparedBy,
    offer: &Offer,
    answer: &Answer,
    opener: bool,
) -> Result<LineSetup, CeremonyError> {
    let (offering, answering) = (offer.signatory(), answer.signatory());
    let (own, peer) = match opener {
        true => (offering, answering),
        false => (answering, offering),
    };
    folder::check_peer_card(folder, &peer.card)?;
    let charter = offering.founding.charter.clone();
    let charter_digest = charter.digest();
    let fact = NumberCompared {
        own_card: own.card.digest(),
        other_card: peer.card.digest(),
        charter: charter_digest,
    };
    Ok(LineSetup {
        line: folder.line(),
        charter,
        charter_digest,
        opener,
        own: LineParty::of(own),
        peer: LineParty::of(peer),
        tapes: folder::tapes(folder)?,
        peer_key_package: opener.then(|| answer.body().key_package.clone()),
        key_package_secret: folder.read("key-package")?,
        compared: Compared {
            fact,
            actor: by.actor,
            time: by.time,
        },
        peer_compared: opener.then_some(answer.body().compared),
        folder: folder.clone(),
    })
}

impl LineParty {
    fn of(signatory: &Signatory) -> Self {
        let hints = match signatory.reachable_at.is_empty() {
            true => &signatory.card.body().addresses,
            false => &signatory.reachable_at,
        };
        Self {
            card: signatory.card.clone(),
            node: signatory.node.clone(),
            reachable_at: hints.clone(),
        }
    }
}
