-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Questions that are kept by a name. None names a report: what one finds is asked anew.
CREATE TABLE sets (
  name TEXT PRIMARY KEY,
  filter TEXT NOT NULL,                -- filter_json.h
  member BLOB NOT NULL,                -- who kept it
  time_ms INTEGER NOT NULL
) STRICT;
-- Where files that people sent lie in the clear, and which; empty once they were wiped. The folder
-- is here before it is made.
CREATE TABLE work_folder (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  path TEXT NOT NULL,
  time_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE work_files (
  name TEXT PRIMARY KEY,               -- in the folder; says nothing of its report
  report BLOB NOT NULL,
  media BLOB NOT NULL,
  sha256 BLOB NOT NULL
) STRICT;
