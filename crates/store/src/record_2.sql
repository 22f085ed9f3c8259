-- Form 2 of record.db: how the alarms of each line stand, those that are not quiet. The seal holds all but their names.
CREATE TABLE alarms (
    line INTEGER NOT NULL REFERENCES lines,
    party BLOB NOT NULL,
    cause TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (line, party, cause)
) STRICT, WITHOUT ROWID;
