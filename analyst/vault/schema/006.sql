-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What only several open together, and what was done about it.
ALTER TABLE segments ADD COLUMN quorum INTEGER NOT NULL DEFAULT 0;  -- streams: 1 testimony, 2 identity
ALTER TABLE openings ADD COLUMN shares INTEGER NOT NULL DEFAULT 0;  -- of its streams: by a share that fits, not open

-- A member's own share, checked when it came: it outlives the key of its week.
CREATE TABLE quorum_shares (
  segment BLOB NOT NULL REFERENCES segments (digest),
  stream INTEGER NOT NULL,             -- 0 testimony, 1 identity
  member BLOB NOT NULL,
  place INTEGER NOT NULL,              -- in the set's list
  share BLOB NOT NULL,
  commitments BLOB NOT NULL,
  PRIMARY KEY (segment, stream, member)
) STRICT, WITHOUT ROWID;

-- The key of a stream that was opened together: whoever combined keeps it.
CREATE TABLE quorum_keys (
  segment BLOB NOT NULL REFERENCES segments (digest),
  stream INTEGER NOT NULL,
  key BLOB NOT NULL,
  PRIMARY KEY (segment, stream)
) STRICT, WITHOUT ROWID;

-- Requests made with this vault, as they were signed: a grant of none of them is not combined.
CREATE TABLE quorum_requests (
  digest BLOB PRIMARY KEY,
  request TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was done with this vault, each entry naming the one before it. Only ever added to.
CREATE TABLE journal (
  number INTEGER PRIMARY KEY,
  digest BLOB NOT NULL,
  signed BLOB NOT NULL                 -- SignedMessage over a JournalEntry
) STRICT;
