//! Durable storage of a station: it carries out the core's changes, hands stored entries back, and decides
//! nothing.
//!
//! Two SQLite files lie in a home. `record.db` holds the record and may be copied as a backup; `channel.db`
//! holds the channels' secret state and may not (rule 2). What stands in them, what is encrypted, and the
//! order of writes is told in `docs/storage.md`.
//!
//! # What a caller does
//!
//! 1. [`Store::open`], once for each home; a second one is refused.
//! 2. [`Store::check`] each line of [`Store::lines`], and go on only if it is found as it was written.
//! 3. [`Store::stored_line`] and [`Store::channel_state`] for the core.
//! 4. [`Store::persist`] what a drain wants persisted; when it returns, the changes survive a crash.
//! 5. [`Store::reader`] for whoever shows entries to people and programs, from other threads.

mod alarm;
mod channel;
mod check;
mod error;
mod evidence;
mod file;
mod files;
mod names;
mod query;
mod read;
mod record;
mod row;
mod salvage;
mod schema;
mod store;
mod stray;
mod vault;
mod write;

pub use channel::check_channels;
pub use check::{Checked, Depth, Nodes};
pub use error::StoreError;
pub use evidence::Evidence;
pub use file::is_reminder_altered;
pub use files::FileShelf;
pub use names::{Letter, ShortName};
pub use query::{Confirmation, Counts, Unconfirmed};
pub use read::{Filter, KnownFile, Listing, Reader};
pub use record::is_lost;
pub use row::NamedEntry;
pub use salvage::{SalvageReport, salvage, salvage_in_place};
pub use store::Store;
pub use vault::StorageKey;
