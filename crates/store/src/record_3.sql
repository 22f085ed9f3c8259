-- Form 3 of record.db: how the files that go with messages stand. What they are called and how long they are, the messages say; the
-- seal binds the state. Their bytes lie in files.db.
CREATE TABLE files (
    line INTEGER NOT NULL REFERENCES lines,
    message BLOB NOT NULL,
    which INTEGER NOT NULL,
    state INTEGER NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (line, message, which)
) STRICT, WITHOUT ROWID;
