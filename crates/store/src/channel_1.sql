-- Form 1 of channel.db: one sealed snapshot for each channel, always only the latest.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE channels (
    line BLOB NOT NULL,
    peer BLOB NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (line, peer)
) STRICT, WITHOUT ROWID;
