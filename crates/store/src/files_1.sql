-- Form 1 of files.db: the bytes of files that go with messages, in chunks, each sealed. `name` is a keyed hash of the line and of the
-- root over a file's chunks, so that nobody who guesses a file finds it here.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- `chunk` counts from 0; -1 is the list of their hashes.
CREATE TABLE chunks (
    name BLOB NOT NULL,
    chunk INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX chunks_place ON chunks (name, chunk);
