//! A party's home: the folder that holds its keys, its card and its lines, for its owner's eyes only.
//!
//! ```text
//! home.lock            held by the station that runs on this home
//! origin               recognises a copied or restored home
//! identity.card        our card
//! secrets/root         both root keys; may be moved away and brought back when a card is to be issued
//! secrets/node         the key that signs entries and line files
//! secrets/mls-leaf     the key of our leaf in MLS groups
//! secrets/storage      the key that the store encrypts with
//! lines/<line id>/     one line: see `lines`
//! ```
//!
//! Whatever is written here is whole or absent, also after a power cut: see `files`.

mod error;
pub mod files;
mod keys;
mod lines;
mod lock;
mod origin;
mod process;

use std::fs;
use std::path::{Path, PathBuf};

use openline_seal::{MlsIdentity, Side};
use openline_wire::card::{Card, CardBody, NodeCertificate, UnverifiedCard};
use openline_wire::language::{Language, LocalNames};
use openline_wire::limits;
use zeroize::Zeroizing;

use crate::i18n::reason;

pub use error::HomeError;
pub use keys::{NodeSigner, RootSigner, random};
pub use lines::LineFolder;
pub use lock::StationLock;
pub use origin::HomeOrigin;
pub use process::forbid_core_dumps;

/// How long a new node may open lines: five years, in milliseconds.
pub const NODE_VALID_MS: u64 = 5 * 365 * 86_400_000;

/// Bytes of the key that the store encrypts with.
pub const STORAGE_KEY: usize = 32;

/// Most bytes of a file in `secrets`.
const SECRET_FILE: usize = 16 * 1024;

/// Who a new home is for.
#[derive(Clone, Debug)]
pub struct NewParty {
    /// What the party is called.
    pub names: LocalNames,
    /// The languages that it writes in, the usual one first.
    pub languages: Vec<Language>,
}

/// A party's home, looked over: it exists, and nobody but its owner can read it.
#[derive(Clone, Debug)]
pub struct Home {
    path: PathBuf,
}

impl Home {
    /// Makes a new home with new keys; `now` is UTC in milliseconds. Nothing is left of one that fails.
    pub fn create(path: &Path, party: NewParty, now: u64) -> Result<Self, HomeError> {
        let is_empty = fs::read_dir(path).is_ok_and(|mut items| items.next().is_none());
        if path.symlink_metadata().is_ok() && !is_empty {
            return Err(HomeError::Exists { path: path.into() });
        }
        let parent = files::parent(path);
        fs::create_dir_all(&parent).map_err(HomeError::io(&parent, "make"))?;
        let draft = files::sibling(path)?;
        let made = Self::fill(&draft, party, now)
            .and_then(|()| files::move_folder(&draft, &["secrets"], path));
        if made.is_err() {
            // What happened first is what the person should read.
            let _ = fs::remove_dir_all(&draft);
        }
        made?;
        Self::open(path)
    }

    fn fill(draft: &Path, party: NewParty, now: u64) -> Result<(), HomeError> {
        files::make_folder(draft)?;
        files::make_folder(&draft.join("secrets"))?;
        files::make_folder(&draft.join("lines"))?;
        let home = Self { path: draft.into() };
        let (root, node) = (RootSigner::generate()?, NodeSigner::generate()?);
        let side = Side {
            party: root.public().party(),
            node: node.id(),
        };
        let leaf = MlsIdentity::generate(side).map_err(HomeError::leaf)?;
        let storage = Zeroizing::new(random::<STORAGE_KEY>()?);
        let body = CardBody {
            serial: 1,
            issued: now,
            names: party.names,
            languages: party.languages,
            root: root.public().clone(),
            nodes: vec![NodeCertificate {
                key: node.public().clone(),
                leaf_key: leaf.pin().signature_key,
                expires: now
                    .saturating_add(NODE_VALID_MS)
                    .min(limits::LATEST_TIME_MS),
            }],
            revocations: Vec::new(),
            addresses: Vec::new(),
        };
        files::write_draft(&home.secret("root"), root.to_secret().as_slice())?;
        files::write_draft(&home.secret("node"), node.to_secret().as_slice())?;
        files::write_draft(&home.secret("mls-leaf"), &leaf.to_bytes())?;
        files::write_draft(&home.secret("storage"), storage.as_slice())?;
        files::write_draft(
            &home.path.join("identity.card"),
            root.sign_card(body)?.bytes(),
        )?;
        home.seal_as_own()
    }

    /// Opens a home: refused if it does not belong to us, or if others can read it or its secrets.
    pub fn open(path: &Path) -> Result<Self, HomeError> {
        let home = Self { path: path.into() };
        match path.join("identity.card").try_exists() {
            Ok(true) => {}
            Ok(false) => return Err(HomeError::Missing { path: path.into() }),
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
                return Err(HomeError::NoHome { path: path.into() });
            }
            // It may be there and not for our eyes: whose it is, is what helps.
            Err(error) => {
                files::check_owner_only(path)?;
                return Err(HomeError::io(path, "look into")(error));
            }
        }
        files::check_owner_only(path)?;
        files::check_owner_only(&path.join("secrets"))?;
        for item in fs::read_dir(path.join("secrets")).map_err(HomeError::io(path, "list"))? {
            let item = item.map_err(HomeError::io(path, "list"))?;
            files::check_owner_only(&item.path())?;
        }
        Ok(home)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Our card.
    pub fn card(&self) -> Result<Card, HomeError> {
        let path = self.path.join("identity.card");
        let bytes = files::read(&path, limits::CARD)?;
        let card = UnverifiedCard::from_bytes(&bytes).and_then(UnverifiedCard::verify);
        card.map_err(|error| HomeError::damaged(&path, reason::of_card(&error)))
    }

    /// The key that signs entries and line files: one that our card certifies, for the other side believes no other.
    pub fn node(&self) -> Result<NodeSigner, HomeError> {
        let path = self.secret("node");
        let signer = NodeSigner::from_secret(&files::read(&path, SECRET_FILE)?)
            .ok_or_else(|| HomeError::damaged(&path, "reason-no-key"))?;
        let is_ours = |node: &NodeCertificate| node.key.id() == signer.id();
        match self.card()?.body().nodes.iter().any(is_ours) {
            true => Ok(signer),
            false => Err(HomeError::ForeignKey { path }),
        }
    }

    /// Both root keys, if they are here.
    pub fn root(&self) -> Result<RootSigner, HomeError> {
        let path = self.secret("root");
        if !path.exists() {
            return Err(HomeError::RootOffline { path });
        }
        RootSigner::from_secret(&files::read(&path, SECRET_FILE)?)
            .ok_or_else(|| HomeError::damaged(&path, "reason-no-key"))
    }

    /// The key of our leaf in MLS groups.
    pub fn leaf(&self) -> Result<MlsIdentity, HomeError> {
        let path = self.secret("mls-leaf");
        let bytes = files::read(&path, SECRET_FILE)?;
        let leaf = MlsIdentity::from_bytes(&bytes);
        let leaf = leaf.map_err(|_| HomeError::damaged(&path, "reason-no-key"))?;
        let key = leaf.pin().signature_key;
        let is_ours = |node: &NodeCertificate| node.leaf_key == key;
        match self.card()?.body().nodes.iter().any(is_ours) {
            true => Ok(leaf),
            false => Err(HomeError::ForeignKey { path }),
        }
    }

    /// The key that the store encrypts with.
    pub fn storage_key(&self) -> Result<Zeroizing<[u8; STORAGE_KEY]>, HomeError> {
        let path = self.secret("storage");
        let bytes = files::read(&path, SECRET_FILE)?;
        let key = bytes.as_slice().try_into().map(Zeroizing::new);
        key.map_err(|_| HomeError::damaged(&path, "reason-no-key"))
    }

    /// Issues our next card with the root keys: a node added, revoked or renewed, an address changed.
    pub fn issue_card(
        &self,
        root: &RootSigner,
        now: u64,
        change: impl FnOnce(&mut CardBody),
    ) -> Result<Card, HomeError> {
        let current = self.card()?;
        if root.public().party() != current.party() {
            let path = self.path.join("identity.card");
            return Err(HomeError::damaged(&path, "reason-of-another-party"));
        }
        let mut body = current.body().clone();
        body.serial += 1;
        body.issued = now;
        change(&mut body);
        let card = root.sign_card(body)?;
        files::write(&self.path.join("identity.card"), card.bytes())?;
        Ok(card)
    }

    /// Takes the home for one station, until the lock is dropped.
    pub fn lock(&self) -> Result<StationLock, HomeError> {
        lock::take(&self.path)
    }

    /// Whether this is the home that was made here, or a copy of one.
    pub fn origin(&self) -> Result<HomeOrigin, HomeError> {
        origin::check(&self.path.join("origin"))
    }

    /// Takes a copied or restored home for our own from now on.
    pub fn seal_as_own(&self) -> Result<(), HomeError> {
        origin::seal(&self.path.join("origin"))
    }

    fn secret(&self, name: &str) -> PathBuf {
        self.path.join("secrets").join(name)
    }
}

#[cfg(test)]
mod tests;
