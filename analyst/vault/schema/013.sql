-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What was made for the public, and of which incidents: a report's go with it.
CREATE TABLE releases (
  number INTEGER PRIMARY KEY,
  member BLOB NOT NULL,
  time_ms INTEGER NOT NULL,
  what TEXT NOT NULL,                  -- format, purpose, filter
  incidents INTEGER NOT NULL           -- how many there were
) STRICT;
CREATE TABLE released (
  release INTEGER NOT NULL REFERENCES releases (number),
  report BLOB NOT NULL,
  incident INTEGER NOT NULL,
  PRIMARY KEY (release, report, incident)
) STRICT, WITHOUT ROWID;
CREATE INDEX released_of_report ON released (report);
