//! The tables, by number of the form they have in the file (`user_version`), and how a file gets from each form
//! to the next.

use std::collections::BTreeMap;

use rusqlite::{Connection, TransactionBehavior};

use crate::vault::{self, SALT_LEN, StorageKey, Vault};
use crate::{StoreError, file};

/// A kind of file: its name, its mark, and the steps that make it what it is now.
pub(crate) struct Schema {
    /// Name of the file, which also separates its key from others'.
    pub(crate) file: &'static str,
    /// SQLite's `application_id`: no other program's file is taken for ours.
    application_id: i64,
    /// Step n makes form n + 1 of form n.
    steps: &'static [&'static str],
}

/// "OLrc": the record.
pub(crate) const RECORD: Schema = Schema {
    file: file::RECORD,
    application_id: 0x4F4C_7263,
    steps: &[
        include_str!("record_1.sql"),
        include_str!("record_2.sql"),
        include_str!("record_3.sql"),
    ],
};

/// "OLch": the channels.
pub(crate) const CHANNEL: Schema = Schema {
    file: file::CHANNEL,
    application_id: 0x4F4C_6368,
    steps: &[include_str!("channel_1.sql")],
};

/// "OLfl": the bytes of files.
pub(crate) const FILES: Schema = Schema {
    file: file::FILES,
    application_id: 0x4F4C_666C,
    steps: &[include_str!("files_1.sql")],
};

/// What the seal in a new file is made over, to tell a wrong key from a damaged file.
const KEY_CHECK: &[u8] = b"openline storage key";

impl Schema {
    /// Brings a file to the latest form, making it if it is empty, and opens its vault.
    pub(crate) fn prepare(
        &self,
        connection: &mut Connection,
        key: &StorageKey,
    ) -> Result<Vault, StoreError> {
        let form = self.form(connection)?;
        if form == 0 {
            self.begin(connection, key)?;
        }
        for step in form.max(1)..self.latest() {
            self.step(connection, step)?;
        }
        self.check_definitions(connection)?;
        self.vault(connection, key)
    }

    /// Refuses a file that defines anything else than its form does: a trigger could undo what was just written,
    /// a view could stand in for a table.
    pub(crate) fn check_definitions(&self, connection: &Connection) -> Result<(), StoreError> {
        let fresh = Connection::open_in_memory()?;
        let form = usize::try_from(self.form(connection)?).unwrap_or(0);
        self.steps
            .iter()
            .take(form)
            .try_for_each(|step| fresh.execute_batch(step))?;
        let (expected, found) = (definitions(&fresh)?, definitions(connection)?);
        let differs = |(name, sql): &(&String, &String)| found.get(*name) != Some(sql);
        let foreign = found.keys().find(|name| !expected.contains_key(*name));
        let changed = expected.iter().find(differs).map(|(name, _)| name);
        match foreign.or(changed) {
            None => Ok(()),
            Some(name) => Err(StoreError::HandEditedSchema {
                file: self.file,
                name: name.clone(),
            }),
        }
    }

    /// Opens the vault of a file that has tables, of whatever form: who only reads does not bring it forward.
    pub(crate) fn vault(
        &self,
        connection: &Connection,
        key: &StorageKey,
    ) -> Result<Vault, StoreError> {
        if self.form(connection)? == 0 {
            return Err(StoreError::Io(format!("{} has no tables yet", self.file)));
        }
        let vault = Vault::new(key, &meta(connection, "salt")?, self.file.as_bytes());
        match vault.unseal(KEY_CHECK, meta(connection, "key-check")?) {
            Ok(_) => Ok(vault),
            Err(vault::BrokenSeal) => Err(StoreError::WrongKey),
        }
    }

    /// Whether a file has no tables, as one that was just made or was emptied.
    pub(crate) fn is_empty(&self, connection: &Connection) -> Result<bool, StoreError> {
        Ok(self.form(connection)? == 0)
    }

    fn latest(&self) -> i64 {
        i64::try_from(self.steps.len()).expect("a handful")
    }

    /// The form that a file has; 0 if it is new.
    fn form(&self, connection: &Connection) -> Result<i64, StoreError> {
        let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let damaged = |what: &str| StoreError::Damaged {
            file: self.file,
            place: what.to_owned(),
        };
        let (mark, form) = (number("application_id")?, number("user_version")?);
        if mark != self.application_id && (mark, form) != (0, 0) {
            return Err(damaged("not a file of openline"));
        }
        if form > self.latest() {
            return Err(StoreError::NewerSchema {
                file: self.file,
                found: form,
                known: self.latest(),
            });
        }
        if form < 0 || (form == 0) != (mark == 0) {
            return Err(damaged("no valid form"));
        }
        Ok(form)
    }

    /// Makes form 1 in an empty file, with salt and key check.
    fn begin(&self, connection: &mut Connection, key: &StorageKey) -> Result<(), StoreError> {
        let salt: [u8; SALT_LEN] = vault::random()?;
        let check = Vault::new(key, &salt, self.file.as_bytes()).seal(KEY_CHECK, &[])?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        transaction.execute_batch(self.steps[0])?;
        let insert = "INSERT INTO meta (name, value) VALUES (?1, ?2)";
        transaction.execute(insert, ("salt", &salt[..]))?;
        transaction.execute(insert, ("key-check", check))?;
        transaction.pragma_update(None, "application_id", self.application_id)?;
        transaction.pragma_update(None, "user_version", 1)?;
        Ok(transaction.commit()?)
    }

    /// Makes form `step` + 1 of form `step`, wholly or not at all.
    fn step(&self, connection: &mut Connection, step: i64) -> Result<(), StoreError> {
        let sql = usize::try_from(step)
            .ok()
            .and_then(|step| self.steps.get(step));
        let sql = sql.expect("called only for steps below the latest form");
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", step + 1)?;
        Ok(transaction.commit()?)
    }
}

/// What a file defines: each table, index, trigger and view, and the words that define it.
fn definitions(connection: &Connection) -> Result<BTreeMap<String, String>, StoreError> {
    // SQLite makes the indexes of keys by itself; they have no words.
    let query =
        "SELECT type || ' ' || name, coalesce(tbl_name || ': ' || sql, '') FROM sqlite_schema";
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn meta(connection: &Connection, name: &'static str) -> Result<Vec<u8>, StoreError> {
    let query = "SELECT value FROM meta WHERE name = ?1";
    let value = connection.query_row(query, [name], |row| row.get(0));
    value.map_err(|error| StoreError::from(error).at(|| format!("table meta, {name}")))
}
