-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Each server's log as this vault has verified it. What was kept of logs before was signed by nobody
-- and goes: an import brings it again.
DROP TABLE log_entries;

CREATE TABLE logs (
  origin TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  day INTEGER NOT NULL,
  tree BLOB NOT NULL,                  -- roots of the perfect subtrees over the entries
  note TEXT NOT NULL                   -- the last verified checkpoint, as signed
) STRICT, WITHOUT ROWID;

CREATE TABLE log_entries (
  origin TEXT NOT NULL,
  position INTEGER NOT NULL,
  leaf BLOB NOT NULL,                  -- RFC 6962's hash of the entry
  kind INTEGER NOT NULL,
  subject BLOB NOT NULL,               -- the id in the entry: of a report, a member …
  week TEXT,                           -- of EPOCH_CLOSED
  entry BLOB NOT NULL,
  PRIMARY KEY (origin, position),
  UNIQUE (origin, leaf)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_entries_of_subject ON log_entries (subject);
CREATE INDEX log_entries_of_kind ON log_entries (origin, kind, position);

-- Entries that a bundle showed before they had a place.
CREATE TABLE log_promises (
  origin TEXT NOT NULL,
  leaf BLOB NOT NULL,
  subject BLOB NOT NULL,
  day INTEGER NOT NULL,                -- when the bundle was made
  entry BLOB NOT NULL,
  PRIMARY KEY (origin, leaf)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_promises_of_subject ON log_promises (subject);

-- Rows as they were sealed, for `prove`.
CREATE TABLE sealed_rows (
  segment BLOB NOT NULL REFERENCES segments (digest),
  sequence INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (segment, sequence)
) STRICT, WITHOUT ROWID;

-- Segments that came and are sealed for other readers only.
CREATE TABLE foreign_segments (
  digest BLOB PRIMARY KEY,
  report BLOB NOT NULL,
  position INTEGER NOT NULL,
  chain BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX foreign_segments_of_report ON foreign_segments (report, position, digest);
