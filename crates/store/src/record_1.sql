-- Form 1 of record.db. Every row is proven by a signature (entries), can be computed again from such rows
-- (lines, authors, chains, receipts), or carries a seal under the storage key, so that none can be edited
-- without its being seen. Numbers of 64 bits without a sign are kept as SQLite's signed ones, bit for bit.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Ids are long; rows refer to them by number.
CREATE TABLE lines (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE authors (
    no INTEGER PRIMARY KEY,
    party BLOB NOT NULL,
    node BLOB NOT NULL,
    boot BLOB NOT NULL,
    UNIQUE (party, node, boot)
) STRICT;

-- How far each chain is held without a gap: entries from the first on, the last of them, the tree's right edge.
CREATE TABLE chains (
    no INTEGER PRIMARY KEY,
    line INTEGER NOT NULL REFERENCES lines,
    author INTEGER NOT NULL REFERENCES authors,
    stream INTEGER NOT NULL,
    size INTEGER NOT NULL DEFAULT 0,
    last BLOB,
    edge BLOB,
    UNIQUE (line, author, stream)
) STRICT;

-- `place` is the order in which this station stored entries of all lines. `seal` holds the body, if there is
-- one, and binds cursor, time received and short name to the id.
CREATE TABLE entries (
    place INTEGER PRIMARY KEY,
    line INTEGER NOT NULL REFERENCES lines,
    chain INTEGER NOT NULL REFERENCES chains,
    sequence INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    cursor INTEGER NOT NULL,
    received INTEGER NOT NULL,
    letter TEXT NOT NULL,
    number INTEGER NOT NULL,
    id BLOB NOT NULL,
    header BLOB NOT NULL,
    signature BLOB NOT NULL,
    seal BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX entries_id ON entries (id);
CREATE UNIQUE INDEX entries_chain ON entries (chain, sequence);
CREATE UNIQUE INDEX entries_cursor ON entries (line, cursor);
-- With the time received and the cursor, so that "since yesterday" is answered without touching the entries.
CREATE UNIQUE INDEX entries_name ON entries (line, letter, number, received, cursor);
-- Kinds that a line's state is computed from: start, silence, number compared.
CREATE INDEX entries_state ON entries (line, cursor) WHERE kind IN (0, 3, 4);

-- Which receipts name a message.
CREATE TABLE receipts (
    target BLOB NOT NULL,
    receipt INTEGER NOT NULL REFERENCES entries,
    PRIMARY KEY (target, receipt)
) STRICT, WITHOUT ROWID;

-- Which boot confirmed a chain up to which size, and when it first did: one row for each size, so that the time
-- at which a message was known to be stored stays known.
CREATE TABLE confirmed (
    chain INTEGER NOT NULL REFERENCES chains,
    author INTEGER NOT NULL REFERENCES authors,
    size INTEGER NOT NULL,
    at INTEGER NOT NULL,
    their_time INTEGER NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (chain, author, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
    no INTEGER PRIMARY KEY,
    line INTEGER NOT NULL REFERENCES lines,
    author INTEGER NOT NULL REFERENCES authors,
    what INTEGER NOT NULL,
    at INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT;
CREATE INDEX evidence_line ON evidence (line);
