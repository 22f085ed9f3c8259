//! Who may come in at a bearer with TLS: the peers of the lines that are taken up, who show that they share a secret with us.
//!
//! What was let in is remembered in the home, so that nobody who recorded a call can repeat it, not even after a restart.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use openline_net::{Door, DoorKey, KNOCKS_REMEMBERED, Knock};
use openline_seal::DoorKeys;
use openline_wire::ids::{LineId, NodeId};
use openline_wire::key::NodeKey;

use crate::home::NodeSigner;

/// In the home: one knock after the other, the newest last.
const FILE: &str = "knocks";

const KNOCK: usize = size_of::<Knock>();

/// The file is written anew when it holds so many times what is remembered.
const SLACK: usize = 2;

/// What stands between strangers and the station.
pub struct Doorkeeper {
    signer: Arc<NodeSigner>,
    lines: RwLock<BTreeMap<LineId, (NodeId, DoorKeys)>>,
    knocks: Mutex<Knocks>,
}

/// So many calls are let in at once, and then one each [`REFILL`]: more than peers whose links break need, and so few that what is
/// remembered lasts longer than the keys. Each costs a durable write.
const AT_ONCE: u32 = 64;
const REFILL: Duration = Duration::from_secs(10);

/// What was let in.
#[derive(Debug)]
struct Knocks {
    /// How many may be let in now, and as of when.
    room: (u32, Instant),
    /// None if the home has no room for it: then nobody is let in.
    file: Option<File>,
    known: Vec<Knock>,
}

impl Doorkeeper {
    /// For a home.
    pub fn of(home: &Path, signer: Arc<NodeSigner>) -> Self {
        let knocks = Knocks::open(&home.join(FILE)).unwrap_or_else(|error| {
            tracing::error!(%error, "who called can't be remembered, so no peer can call over quic");
            Knocks {
                room: (0, Instant::now()),
                file: None,
                known: Vec::new(),
            }
        });
        Self {
            signer,
            lines: RwLock::default(),
            knocks: Mutex::new(knocks),
        }
    }

    /// A line was taken up, or its keys changed.
    pub fn know(&self, line: LineId, peer: NodeId, keys: DoorKeys) {
        let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
        lines.insert(line, (peer, keys));
    }
}

impl fmt::Debug for Doorkeeper {
    /// Leaves the keys out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doorkeeper").finish_non_exhaustive()
    }
}

impl Door for Doorkeeper {
    fn public_key(&self) -> [u8; 32] {
        self.signer.public().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signer.sign_entry(message).0
    }

    fn peer(&self, public_key: &[u8; 32]) -> Option<NodeId> {
        let node = NodeKey::from_bytes(public_key)?.id();
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        let mut peers = lines.values().map(|(peer, _)| *peer);
        peers.find(|peer| *peer == node)
    }

    fn keys_to(&self, peer: &NodeId) -> Vec<DoorKey> {
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        let theirs = lines.values().filter(|(node, _)| node == peer);
        let keys = theirs.flat_map(|(_, keys)| &keys.theirs);
        keys.map(|key| **key).collect()
    }

    fn keys_from_peers(&self) -> Vec<DoorKey> {
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        let keys = lines.values().flat_map(|(_, keys)| &keys.ours);
        keys.map(|key| **key).collect()
    }

    fn let_in_before(&self) -> Vec<Knock> {
        self.knocks().known.clone()
    }

    fn remember(&self, knock: &Knock) -> bool {
        match self.knocks().add(knock) {
            Ok(()) => true,
            // A peer could fill a log with these.
            Err(error) if error.kind() == io::ErrorKind::QuotaExceeded => false,
            Err(error) => {
                tracing::error!(%error, "who called can't be remembered, and was not let in");
                false
            }
        }
    }
}

impl Doorkeeper {
    fn knocks(&self) -> std::sync::MutexGuard<'_, Knocks> {
        self.knocks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Knocks {
    fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        let mut bytes = Vec::new();
        let most = (KNOCKS_REMEMBERED * SLACK + 1) * KNOCK;
        (&mut file).take(most as u64).read_to_end(&mut bytes)?;
        // A knock that was half written when the power failed was not answered.
        let (whole, _) = bytes.as_chunks::<KNOCK>();
        let mut knocks = Self {
            room: (AT_ONCE, Instant::now()),
            file: Some(file),
            known: whole.to_vec(),
        };
        knocks.write_anew()?;
        Ok(knocks)
    }

    fn add(&mut self, knock: &Knock) -> io::Result<()> {
        if !self.has_room(Instant::now()) {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let Some(file) = &mut self.file else {
            return Err(io::ErrorKind::NotFound.into());
        };
        file.write_all(knock)?;
        file.sync_data()?;
        self.known.push(*knock);
        match self.known.len() > KNOCKS_REMEMBERED * SLACK {
            true => self.write_anew(),
            false => Ok(()),
        }
    }

    fn has_room(&mut self, now: Instant) -> bool {
        let (room, since) = self.room;
        let grown = now.duration_since(since).as_secs() / REFILL.as_secs();
        let grown = u32::try_from(grown).unwrap_or(AT_ONCE).min(AT_ONCE);
        let room = (room + grown).min(AT_ONCE);
        let since = match room {
            AT_ONCE => now,
            _ => since + REFILL * grown,
        };
        self.room = (room.saturating_sub(1), since);
        room > 0
    }

    /// Only what is remembered stays in the file. In place: what a crash leaves out of it are calls that are long over.
    fn write_anew(&mut self) -> io::Result<()> {
        let excess = self.known.len().saturating_sub(KNOCKS_REMEMBERED);
        self.known.drain(..excess);
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        file.seek(SeekFrom::Start(0))?;
        file.write_all(self.known.as_flattened())?;
        file.set_len((self.known.len() * KNOCK) as u64)?;
        file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knock(n: u64) -> Knock {
        let mut knock = [0; KNOCK];
        knock[..8].copy_from_slice(&n.to_be_bytes());
        knock
    }

    fn keeper(home: &Path) -> Doorkeeper {
        let signer = NodeSigner::from_secret(&[7; 32]).expect("a key");
        Doorkeeper::of(home, Arc::new(signer))
    }

    #[test]
    fn what_was_let_in_outlives_a_restart_and_half_a_knock_is_none() {
        let home = tempfile::tempdir().expect("a folder");
        let before = keeper(home.path());
        assert!(before.remember(&knock(1)) && before.remember(&knock(2)));
        let path = home.path().join(FILE);
        let mut bytes = std::fs::read(&path).expect("a file");
        bytes.extend([9; KNOCK - 1]);
        std::fs::write(&path, bytes).expect("written");
        let after = keeper(home.path());
        assert_eq!(after.let_in_before(), [knock(1), knock(2)]);
        assert!(after.remember(&knock(3)));
        assert_eq!(keeper(home.path()).let_in_before().len(), 3);
    }

    #[test]
    fn the_file_is_for_its_owner_and_stays_small() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join(FILE);
        let many: Vec<Knock> = (0..KNOCKS_REMEMBERED as u64 + 9).map(knock).collect();
        std::fs::write(&path, many.as_flattened()).expect("written");
        drop(keeper(home.path()));
        let length = std::fs::metadata(&path).expect("a file").len();
        assert_eq!(length, (KNOCKS_REMEMBERED * KNOCK) as u64);
        std::fs::remove_file(&path).expect("removed");
        drop(keeper(home.path()));
        let mode = std::fs::metadata(&path)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn calls_are_let_in_at_a_rate_that_the_memory_outlasts() {
        let home = tempfile::tempdir().expect("a folder");
        let mut knocks = Knocks::open(&home.path().join(FILE)).expect("a file");
        let begun = Instant::now();
        let let_in = (0..1_000).filter(|_| knocks.has_room(begun)).count();
        assert_eq!(let_in, AT_ONCE as usize);
        let later = begun + REFILL * 3;
        let let_in = (0..1_000).filter(|_| knocks.has_room(later)).count();
        assert_eq!(let_in, 3);
        let much_later = begun + REFILL * 100_000;
        let let_in = (0..1_000).filter(|_| knocks.has_room(much_later)).count();
        assert_eq!(let_in, AT_ONCE as usize);
    }

    #[test]
    fn where_nothing_can_be_remembered_nobody_is_let_in() {
        let nowhere = keeper(Path::new("/proc/no-such-home"));
        assert!(!nowhere.remember(&knock(1)));
    }

    #[test]
    fn only_the_peers_of_lines_are_known_and_each_by_its_own_keys() {
        use zeroize::Zeroizing;
        let home = tempfile::tempdir().expect("a folder");
        let keeper = keeper(home.path());
        let peer = NodeSigner::from_secret(&[8; 32]).expect("a key");
        let shown = peer.public().to_bytes();
        assert_eq!(keeper.peer(&shown), None);
        let keys = DoorKeys {
            theirs: vec![Zeroizing::new([1; 32])],
            ours: vec![Zeroizing::new([2; 32])],
        };
        keeper.know(LineId([5; 32]), peer.id(), keys);
        assert_eq!(keeper.peer(&shown), Some(peer.id()));
        assert_eq!(keeper.keys_to(&peer.id()), [[1; 32]]);
        assert_eq!(keeper.keys_from_peers(), [[2; 32]]);
        assert!(keeper.keys_to(&keeper.signer.id()).is_empty());
    }
}
