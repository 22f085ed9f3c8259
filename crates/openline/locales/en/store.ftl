### What the store can report: its codes are stable words for programs too.

## What was edited, and where

store-field = { $field ->
    [stage] how far a message had come (shown or read)
    [mark] the mark (real, exercise or test)
    [precedence] the precedence
    [attestation] how the person was attested
    [kind] what kind of entry it is
    [commitment] what its header says of the text
    [seal] the text, the id, the time received, the cursor or the short name
    [sequence] its place
    [previous] the link to the entry before
    [line] which line it belongs to
    [author] the author or stream
    [node] who signed it: a node that no card certifies
    [signature] the signature
    [targets] the list of messages that it is a receipt for
    [missing] the whole entry: it is gone
    [size] how far the chain is noted to reach
    [last] which entry is noted as the last of the chain
    [edge] the noted edge of the chain's tree
   *[header] the header
}

store-stream = { $stream ->
    [urgent] urgent
    [traffic] traffic
   *[service] service
}

## Errors

store-disk-full = The disk is full. What was to be written just now is not stored, and nothing of it was sent.
    .do = Make room. What the station had acknowledged is safe; give again what it had not.
store-read-only = The home can't be written: its disk or its files are read-only.
    .do = Check whose the files are, their modes, and how the disk is mounted.
store-damaged = { $file } is damaged: { $place }
    .do = { $kind ->
        [channel] Stop the station, move channel.db out of the home and keep it, then start the station: it asks the other side for new keys. The record is not touched.
       *[other] Delete nothing. Stop the station and copy the home to another disk, then run `openline doctor --salvage`: it brings what is intact into a new record, and the other side sends again what is lost.
    }
store-hand-edited = The record was changed from outside: entry { $sequence } in the { store-stream } stream of boot { $boot } (node { $node }, party { $party }). What differs: { store-field }.
    .do = Keep a copy of the home as evidence and ask who could write to this disk. Then stop the station and run `openline doctor --salvage`: it brings what is as it was written into a new record.
store-hand-edited-row = The store was changed from outside, in the table { $table }.
    .do = Keep a copy of the home as evidence and ask who could write to this disk. Then stop the station and run `openline doctor --salvage`: it brings what is as it was written into a new record.
store-hand-edited-schema = { $file } was changed from outside: the { $name } in it is not what this program defines there.
    .do = Keep a copy of the home as evidence and ask who could write to this disk. Then stop the station and run `openline doctor --salvage`: it brings what is intact into a new record.
store-newer-schema = { $file } was written by a later version of this program (form { $found }; this version knows forms up to { $known }).
    .do = Install the later version again, or restore the backup that was made before it.
store-record-lost = This home had a record, and it is gone: record.db is not there, or is empty.
    .do = Stop the station. Put record.db back, with record.db-wal if there is one, from a backup or from where it went. If there is none, remove the file record.made from the home and start the station: it begins an empty record, and the other side sends again what it holds.
store-locked = Another process is using this home.
    .do = Only one station may run on a home. Find it with `openline status`, or stop it.
store-wrong-key = The key of this home does not open its store.
    .do = Do the store and the keys come from one home? Restore both from the same backup.
store-occupied = Where something was to be written, something stands already: { $what }
    .do = Nothing was overwritten. If a station reports this, it begins anew by itself; if it happens again, report it as a fault of this program.
store-io = The store can't be read or written: { $what }
    .do = Look into the system's log for faults of the disk.
