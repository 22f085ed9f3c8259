//! Folders that are watched: what somebody puts there is taken in, and what the other side has not confirmed is put there for whoever carries
//! it on, a person, a synchronised folder, a diode. A folder is a bearer that takes as long as it takes: either way may be missing.
//!
//! Each line has one file of ours in a folder, replaced whole when there is more to say: it holds all that is not confirmed, so
//! an older one is never missed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use openline_net::bundle;
use openline_wire::ids::{LineId, NodeId};
use openline_wire::names;
use sha2::{Digest as _, Sha256};

use super::bundles::BundleError;
use super::desk::Desk;
use crate::api::types::CourierFolder;
use crate::home::files;
use crate::station::clock::wall;

/// How often folders are looked at. Whoever carries files is slower.
const LOOK: Duration = Duration::from_secs(2);

/// What is unconfirmed for so long is put into folders: what is on its way over a bearer that works is confirmed before.
const PATIENCE: Duration = Duration::from_secs(10);

/// After so long in which nothing was put there for a line a bundle is, though the other side has everything: nobody knows of a way
/// that is gone when it is needed that it is gone. With it the other side's folder was read, or was not, for all to see.
const EXERCISED: Duration = Duration::from_secs(24 * 3_600);

/// Files of a folder that are looked at: far more than stations that share one.
const FILES: usize = 1_000;

/// What the names of bundles end with.
const ENDING: &str = "bundle";

/// Anybody may read them; only the other station can open them.
const MODE: u32 = 0o644;

/// Which folders.
#[derive(Clone, Debug, Default)]
pub struct FolderOptions {
    /// Where bundles are looked for.
    pub reads: Vec<PathBuf>,
    /// Where they are put.
    pub writes: Vec<PathBuf>,
}

/// How a file was when it was read last: what any writing to it changes, or putting another in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Look {
    length: u64,
    inode: u64,
    changed: (i64, i64),
}

impl Look {
    fn of(facts: &fs::Metadata) -> Self {
        Self {
            length: facts.len(),
            inode: facts.ino(),
            changed: (facts.ctime(), facts.ctime_nsec()),
        }
    }
}

/// Bytes that are read in one look: a folder full of large files must not keep the others, and the other folders, waiting.
const READ_AT_ONCE: u64 = 64 * 1024 * 1024;

/// After a folder refused a file it is left alone for so long.
const REFUSED_PAUSE: Duration = Duration::from_secs(30);

struct Folders {
    desk: Arc<Desk>,
    node: NodeId,
    options: FolderOptions,
    /// Files that were read, as they were then.
    seen: BTreeMap<PathBuf, Look>,
    /// Since when something waits on each line.
    waits: BTreeMap<LineId, Instant>,
    /// Which lines have brought something new, so that they are told.
    owed: BTreeSet<LineId>,
    /// The cursor up to which each line's file in each folder tells, and its length.
    written: BTreeMap<(PathBuf, LineId), (u64, u64)>,
    /// Folders that refused a file, and when they are tried again.
    refused: BTreeMap<PathBuf, Instant>,
}

/// Watches folders for as long as the station runs.
pub async fn watch(desk: Arc<Desk>, node: NodeId, options: FolderOptions) {
    let mut folders = Folders {
        desk,
        node,
        options,
        seen: BTreeMap::new(),
        waits: BTreeMap::new(),
        owed: BTreeSet::new(),
        written: BTreeMap::new(),
        refused: BTreeMap::new(),
    };
    if folders.options.reads.is_empty() && folders.options.writes.is_empty() {
        return;
    }
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        folders.read_all().await;
        folders.write_all().await;
    }
}

impl Folders {
    async fn read_all(&mut self) {
        for folder in self.options.reads.clone() {
            let listed = off_thread({
                let folder = folder.clone();
                move || list(&folder)
            });
            let found = listed.await;
            let outcome = match found {
                Ok(found) => {
                    // Of files that are gone nothing is kept.
                    let there: BTreeSet<&PathBuf> = found.iter().map(|(path, _)| path).collect();
                    self.seen
                        .retain(|path, _| path.parent() != Some(&folder) || there.contains(path));
                    self.read_new(found).await
                }
                Err(error) => Err(error),
            };
            self.tell(&folder, true, outcome);
        }
    }

    /// Takes in the files that are not as they were.
    async fn read_new(&mut self, found: Vec<(PathBuf, Look)>) -> io::Result<u64> {
        let (mut count, mut budget) = (0, READ_AT_ONCE);
        for (path, look) in found {
            if self.seen.get(&path) == Some(&look) {
                continue;
            }
            if look.length > bundle::LONGEST as u64 {
                tracing::warn!(file = shown(&path), "it is too long for a bundle");
                self.seen.insert(path, look);
                continue;
            }
            // The rest has its turn at the next look.
            budget = match budget.checked_sub(look.length) {
                Some(left) => left,
                None => break,
            };
            let bytes = off_thread({
                let path = path.clone();
                move || {
                    let read = files::read_limited(&path, bundle::LONGEST);
                    read.map_err(io::Error::other)
                }
            });
            // One that is too long, or gone again, is no reason to leave the others unread.
            let taken = match bytes.await {
                Ok(bytes) => self.desk.take_bundle(&bytes).await,
                Err(_) => Err(BundleError::NotABundle),
            };
            match taken {
                Ok(taken) => {
                    if taken.missing + taken.unfinished > 0 {
                        let missing = taken.missing;
                        tracing::warn!(
                            file = shown(&path),
                            missing,
                            "a bundle is damaged or not whole; what is whole was taken"
                        );
                    }
                    let news = taken.lines.iter().filter(|(_, taken)| taken.fresh > 0);
                    self.owed.extend(news.map(|(line, _)| *line));
                    count += u64::from(!taken.lines.is_empty());
                }
                Err(BundleError::NotABundle) => {
                    tracing::warn!(file = shown(&path), "it is called a bundle and is none");
                }
                Err(BundleError::NoRoom) => return Err(io::ErrorKind::StorageFull.into()),
                // The store or the boot: it is read again.
                Err(_) => continue,
            }
            self.seen.insert(path, look);
        }
        Ok(count)
    }

    async fn write_all(&mut self) {
        for folder in self.options.writes.clone() {
            // That it can be listed does not say that it takes files: what it refused stands until it is tried again.
            if self.is_refused(&folder) {
                continue;
            }
            let place = folder.clone();
            let is_there = off_thread(move || fs::read_dir(place).map(|_| 0));
            self.tell(&folder, false, is_there.await);
        }
        if self.options.writes.is_empty() {
            return;
        }
        for info in self.desk.board.lines() {
            let line = info.line;
            let Ok(Some((cursor, is_exercise))) = self.due(line).await else {
                continue;
            };
            let to = self.stale(line, cursor, is_exercise).await;
            if to.is_empty() {
                continue;
            }
            if let Ok((given, file)) = self.desk.make_bundle(line, self.node).await
                && self.write(line, cursor, to, file).await
            {
                self.desk.gave_bundle(line, given);
            }
        }
    }

    fn is_refused(&self, folder: &Path) -> bool {
        let until = self.refused.get(folder);
        until.is_some_and(|until| Instant::now() < *until)
    }

    /// The folders whose file for a line is not there, or tells of less. A courier may have taken it, and come with another stick. With
    /// one that is there to be carried at all it is replaced.
    async fn stale(&self, line: LineId, cursor: u64, is_exercise: bool) -> Vec<PathBuf> {
        let mut stale = Vec::new();
        for folder in &self.options.writes {
            let path = folder.join(name(&line, &self.node));
            let length = off_thread(move || fs::metadata(path).map(|facts| facts.len()));
            let there = length.await.ok();
            let told = self.written.get(&(folder.clone(), line));
            let is_told =
                told.is_some_and(|(told, length)| *told >= cursor && there == Some(*length));
            if (is_exercise || !is_told) && !self.is_refused(folder) {
                stale.push(folder.clone());
            }
        }
        stale
    }

    /// Whether a line's file is to tell of what is stored up to a cursor, and whether only so that the way is used; none if neither.
    async fn due(&mut self, line: LineId) -> Result<Option<(u64, bool)>, BundleError> {
        // What the core knows: to ask the store would read all confirmations of a long record, each time.
        let state = self.desk.board.state();
        let status = state.lines.get(&line).and_then(|it| it.status.as_ref());
        let waiting = status.map_or(0, |status| status.unconfirmed);
        let is_owed = self.owed.contains(&line);
        let has_news = waiting > 0 || is_owed;
        let is_exercise = !has_news && self.was_idle(line);
        if !has_news && !is_exercise {
            self.waits.remove(&line);
            return Ok(None);
        }
        let since = *self.waits.entry(line).or_insert_with(Instant::now);
        if since.elapsed() < PATIENCE && !is_owed {
            return Ok(None);
        }
        let last = self.desk.read(move |reader| reader.last_cursor(&line));
        Ok(Some((last.await?, is_exercise)))
    }

    /// Whether no courier was given anything for a line for long.
    fn was_idle(&self, line: LineId) -> bool {
        let given = self.desk.courier.line(&line.to_string()).given;
        let ago = given.map(|given| Duration::from_millis(wall().saturating_sub(given.at_ms)));
        ago.is_none_or(|ago| ago >= EXERCISED)
    }

    /// Tells whether it is in one of the folders.
    async fn write(&mut self, line: LineId, cursor: u64, to: Vec<PathBuf>, file: Vec<u8>) -> bool {
        let name = name(&line, &self.node);
        let (mut all_have, mut one_has) = (true, false);
        for folder in to {
            let (path, bytes) = (folder.join(&name), file.clone());
            let written = off_thread(move || put(&path, &bytes)).await;
            all_have &= written.is_ok();
            one_has |= written.is_ok();
            if written.is_ok() {
                let told = (cursor, file.len() as u64);
                self.written.insert((folder.clone(), line), told);
            } else {
                let until = Instant::now() + REFUSED_PAUSE;
                self.refused.insert(folder.clone(), until);
            }
            self.tell(&folder, false, written.map(|()| 1));
        }
        if all_have {
            self.owed.remove(&line);
        }
        one_has
    }

    fn tell(&self, folder: &Path, reads: bool, outcome: io::Result<u64>) {
        let path = folder.display().to_string();
        let (files, why) = match outcome {
            Ok(files) => (files, None),
            Err(error) => (0, Some(error.to_string())),
        };
        self.desk.courier.tell_of_folder(CourierFolder {
            path,
            reads,
            files,
            last_ms: (files > 0).then(wall),
            why,
        });
    }
}

/// The name of a line's file tells nothing to whoever does not know the line, and two stations that share a folder have different ones.
fn name(line: &LineId, node: &NodeId) -> String {
    let hash = Sha256::new()
        .chain_update(b"openline bundle name 1")
        .chain_update(line.as_bytes())
        .chain_update(node.as_bytes())
        .finalize();
    let digits: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("openline-{digits}.{ENDING}")
}

/// Whoever brings a file names it: no name may play with a terminal.
fn shown(path: &Path) -> String {
    names::for_screen(&path.display().to_string())
}

/// The bundles in a folder, those that changed last first: what somebody just put there is not hidden by what lies there.
fn list(folder: &Path) -> io::Result<Vec<(PathBuf, Look)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_meant = path.extension().is_some_and(|ending| ending == ENDING)
            && !path
                .file_name()
                .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        // What is gone again by now, or no file, is none.
        if let (true, Ok(facts)) = (is_meant, fs::metadata(&path))
            && facts.is_file()
        {
            found.push((path, Look::of(&facts)));
        }
    }
    found.sort_by_key(|(path, look)| (std::cmp::Reverse(look.changed), path.clone()));
    found.truncate(FILES);
    Ok(found)
}

/// Puts a file into its place, whole or not at all.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = files::parent(path);
    let mut draft = tempfile::Builder::new()
        .prefix(".openline-")
        .permissions(fs::Permissions::from_mode(MODE))
        .tempfile_in(&folder)?;
    draft.write_all(bytes)?;
    draft.as_file().sync_all()?;
    draft.persist(path).map_err(|refused| refused.error)?;
    files::sync_folder(&folder)
}

/// A disk that somebody pulled out may keep whoever asks it waiting.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_files_that_are_called_bundles_are_looked_at() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        put(&at("a.bundle"), b"one").expect("room");
        put(&at("a.bundle"), b"another").expect("room");
        fs::write(at(".hidden.bundle"), b"draft").expect("room");
        fs::write(at("letter.txt"), b"text").expect("room");
        fs::create_dir(at("b.bundle")).expect("room");
        let found = list(folder.path()).expect("a folder");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((&found[0].0, found[0].1.length), (&at("a.bundle"), 7));
        let mode = fs::metadata(at("a.bundle"))
            .expect("it")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, MODE);
        assert!(list(&at("not-there")).is_err());
    }

    #[test]
    fn two_stations_that_share_a_folder_write_different_files() {
        let (line, one, other) = (LineId([1; 32]), NodeId([2; 32]), NodeId([3; 32]));
        assert_ne!(name(&line, &one), name(&line, &other));
        assert!(!name(&line, &one).contains("0101"));
    }
}
