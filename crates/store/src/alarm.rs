//! How alarms stand, as it is kept: a row for each that is not quiet, replaced whenever it changes.

use openline_proto::alarm::book::Alarm;
use openline_proto::alarm::cause::{Cause, Key};
use openline_proto::alarm::machine::State;
use openline_proto::contract::Change;
use openline_wire::cbor::{Canonical as _, DecodeError, Reader, Writer, invalid};
use openline_wire::header::Actor;
use openline_wire::ids::{LineId, PartyId};
use rusqlite::{Connection, Transaction};

use crate::StoreError;
use crate::record::Record;
use crate::vault::Vault;

const EDITED: StoreError = StoreError::HandEditedRow { table: "alarms" };

/// Longer than the longest word of a state.
const WORD: usize = 32;

/// Keeps how an alarm of a line stands now.
pub(crate) fn write(
    transaction: &Transaction<'_>,
    vault: &Vault,
    (line, number): (&LineId, i64),
    alarm: &Alarm,
) -> Result<(), StoreError> {
    let Key { cause, party } = alarm.key;
    let name = (number, &party.0, cause.word());
    if alarm.state == State::Quiet {
        let delete = "DELETE FROM alarms WHERE line = ?1 AND party = ?2 AND cause = ?3";
        transaction.prepare_cached(delete)?.execute(name)?;
        return Ok(());
    }
    let seal = vault.seal(&place(line, &alarm.key), &[&pack(alarm)])?;
    let insert = "INSERT OR REPLACE INTO alarms (line, party, cause, seal) VALUES (?1, ?2, ?3, ?4)";
    let mut statement = transaction.prepare_cached(insert)?;
    statement.execute((number, &party.0, cause.word(), seal))?;
    Ok(())
}

/// How the alarms of a line stand.
pub(crate) fn read(record: &Record, line: &LineId) -> Result<Vec<Alarm>, StoreError> {
    if !has_table(&record.connection)? {
        return Ok(Vec::new());
    }
    let query = "SELECT party, cause, seal FROM alarms JOIN lines ON lines.no = line
        WHERE lines.id = ?1 ORDER BY party, cause";
    let mut statement = record.connection.prepare_cached(query)?;
    let rows = statement.query_map([&line.0], |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))
    })?;
    rows.map(|row| {
        let (party, cause, seal) = row?;
        let party = PartyId(party);
        let cause = Cause::from_word(&cause).ok_or(EDITED)?;
        let key = Key { cause, party };
        let packed = record.vault.unseal(&place(line, &key), seal);
        unpack(key, &packed.map_err(|_| EDITED)?).map_err(|_| EDITED)
    })
    .collect()
}

/// The alarms of a line, as the changes that made them stand so.
pub(crate) fn changes(record: &Record, line: &LineId) -> Result<Vec<Change>, StoreError> {
    let alarms = read(record, line)?.into_iter();
    let line = *line;
    let changes = alarms.map(|alarm| Change::Alarm { line, alarm });
    Ok(changes.collect())
}

/// A record that no station of this version has opened for writing yet is read in the form that it has.
fn has_table(connection: &Connection) -> Result<bool, StoreError> {
    let query = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'alarms')";
    Ok(connection.query_row(query, [], |row| row.get(0))?)
}

/// What the seal of an alarm is bound to.
fn place(line: &LineId, key: &Key) -> Vec<u8> {
    [&line.0[..], &key.party.0, key.cause.word().as_bytes()].concat()
}

fn pack(alarm: &Alarm) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(4).text(alarm.state.word()).uint(alarm.since);
    match &alarm.by {
        Some(actor) => w.item(actor),
        None => w.null(),
    };
    w.optional_uint(alarm.until);
    w.into_bytes()
}

fn unpack(key: Key, packed: &[u8]) -> Result<Alarm, DecodeError> {
    let mut r = Reader::new(packed);
    r.array_of("alarm", 4)?;
    let state = State::from_word(r.text("state", WORD)?).ok_or(invalid("state"))?;
    let alarm = Alarm {
        key,
        state,
        since: r.uint("since")?,
        by: r.optional(Actor::read)?,
        until: r.optional(|r| r.uint("until"))?,
    };
    match r.at_end() {
        true => Ok(alarm),
        false => Err(invalid("alarm: bytes behind it")),
    }
}

#[cfg(test)]
mod tests {
    use openline_proto::alarm::machine::STATES;
    use openline_wire::codes::Attestation;

    use super::*;

    #[test]
    fn an_alarm_comes_back_from_the_store_as_it_stood() {
        let key = |cause| Key {
            cause,
            party: PartyId([4; 32]),
        };
        let by = Actor {
            name: "Lt. Orlova".to_owned(),
            attestation: Attestation::Claimed,
            evidence: "unix user orlova".to_owned(),
        };
        for (state, cause) in STATES.into_iter().zip(Cause::ALL) {
            for (by, until) in [(None, None), (Some(by.clone()), Some(u64::MAX))] {
                let alarm = Alarm {
                    key: key(cause),
                    state,
                    since: 1_652_961_600_000,
                    by,
                    until,
                };
                assert_eq!(unpack(alarm.key, &pack(&alarm)), Ok(alarm));
            }
        }
    }
}
