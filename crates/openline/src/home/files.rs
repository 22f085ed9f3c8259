//! Files that are whole or absent, and readable by their owner alone.
//!
//! A file is written beside its place, synchronised, renamed into its place, and the folder is synchronised
//! (rename(2) is atomic; without the last step a power cut may forget it).

use std::fs::{self, DirBuilder, File, FileType, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _,
};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::process::geteuid;
use zeroize::Zeroizing;

use super::HomeError;
use super::keys::random;

/// Mode of every file here.
const FILE_MODE: u32 = 0o600;

/// Mode of every folder here.
const FOLDER_MODE: u32 = 0o700;

/// Makes a folder for its owner alone.
pub(super) fn make_folder(path: &Path) -> Result<(), HomeError> {
    let made = DirBuilder::new().mode(FOLDER_MODE).create(path);
    made.map_err(HomeError::io(path, "make"))
}

/// A name beside `path` that nobody uses yet.
pub(super) fn sibling(path: &Path) -> Result<PathBuf, HomeError> {
    let tag = u64::from_be_bytes(random()?);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(parent(path).join(format!(".{name}.{tag:016x}")))
}

/// Writes a file for its owner alone, in place of an earlier one if there is one. Line files as well, which
/// people carry: they hold a tape.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), HomeError> {
    let draft = sibling(path)?;
    let written = put(&draft, bytes)
        .and_then(|()| fs::rename(&draft, path))
        .and_then(|()| sync_folder(&parent(path)));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written.map_err(HomeError::io(path, "write"))
}

fn put(draft: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(draft)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Writes a file into a folder that is still a draft: [`move_folder`] makes the whole of it durable.
pub(super) fn write_draft(path: &Path, bytes: &[u8]) -> Result<(), HomeError> {
    put(path, bytes).map_err(HomeError::io(path, "write"))
}

/// Writes a file whose content is made of what the operating system says of that very file.
pub(super) fn write_described(
    path: &Path,
    describe: impl FnOnce(&Metadata) -> Vec<u8>,
) -> Result<(), HomeError> {
    let draft = sibling(path)?;
    let written = put(&draft, b"")
        .and_then(|()| {
            // Filled in place: renaming keeps the inode and the time of birth.
            let mut file = OpenOptions::new().write(true).open(&draft)?;
            file.write_all(&describe(&file.metadata()?))?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&draft, path))
        .and_then(|()| sync_folder(&parent(path)));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written.map_err(HomeError::io(path, "write"))
}

/// Moves a filled folder to its place, which is free or an empty folder; its entries, and those of the folders
/// `within` it, are on the disk before it is seen there.
pub(super) fn move_folder(draft: &Path, within: &[&str], path: &Path) -> Result<(), HomeError> {
    let inner = within.iter().map(|name| sync_folder(&draft.join(name)));
    let moved = inner
        .collect::<io::Result<()>>()
        .and_then(|()| sync_folder(draft))
        .and_then(|()| fs::rename(draft, path))
        .and_then(|()| sync_folder(&parent(path)));
    moved.map_err(HomeError::io(path, "make"))
}

/// Overwrites a secret and removes it. What the disk's own machinery keeps of it is beyond us.
pub(super) fn erase(path: &Path) -> Result<(), HomeError> {
    let overwrite = |file: &mut File| {
        let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
        file.write_all(&vec![0; length])?;
        file.sync_all()
    };
    let erased = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened
            .and_then(|mut file| overwrite(&mut file))
            .and_then(|()| fs::remove_file(path))
            .and_then(|()| sync_folder(&parent(path))),
    };
    erased.map_err(HomeError::io(path, "erase"))
}

/// Reads a file of the home: owner-only, and no longer than `limit`.
pub(super) fn read(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, HomeError> {
    check_owner_only(path)?;
    read_limited(path, limit).map_err(|error| match error {
        // We wrote it, and not that long.
        HomeError::TooLong { path, .. } => HomeError::damaged(&path, "reason-part-too-long"),
        error => error,
    })
}

/// Opens a file that a person named, for reading: a file, and nothing that waits or never ends.
pub fn open_named(path: &Path) -> Result<File, HomeError> {
    let failed = HomeError::io(path, "read");
    // Opening a pipe that nobody writes into would wait for ever.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty());
    let is_socket = |error: &Errno| *error == Errno::NXIO;
    let file = File::from(opened.map_err(|error| match is_socket(&error) {
        true => HomeError::no_file(path, "socket"),
        false => failed(error.into()),
    })?);
    let kind = file.metadata().map_err(&failed)?.file_type();
    match kind.is_file() {
        true => Ok(file),
        false => Err(HomeError::no_file(path, kind_word(kind))),
    }
}

fn kind_word(kind: FileType) -> &'static str {
    match () {
        () if kind.is_dir() => "folder",
        () if kind.is_fifo() => "pipe",
        () => "device",
    }
}

/// Reads a file that a person named, of no more than `limit` bytes, into memory that is wiped afterwards.
pub fn read_limited(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, HomeError> {
    let failed = HomeError::io(path, "read");
    let file = open_named(path)?;
    // All the room at once: a growing vector would leave copies of a secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit + 1));
    let most = limit as u64 + 1;
    file.take(most).read_to_end(&mut bytes).map_err(&failed)?;
    if bytes.len() > limit {
        let path = path.to_owned();
        return Err(HomeError::TooLong { path, limit });
    }
    Ok(bytes)
}

/// Refuses a file or folder that others can read, or that belongs to another user.
pub(super) fn check_owner_only(path: &Path) -> Result<(), HomeError> {
    let facts = fs::metadata(path).map_err(HomeError::io(path, "look at"))?;
    let (owner, us) = (facts.uid(), geteuid().as_raw());
    if owner != us {
        let path = path.to_owned();
        return Err(HomeError::ForeignOwner { path, owner, us });
    }
    let mode = facts.mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.to_owned();
        return Err(HomeError::Exposed { path, mode });
    }
    Ok(())
}

/// Makes durable which files a folder holds.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// The folder that `path` stands in.
pub(crate) fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
