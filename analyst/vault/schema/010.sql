-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What people decided of two incidents that may be one. Only ever added to, until a report goes.
CREATE TABLE pair_decisions (
  number INTEGER PRIMARY KEY,          -- the last of a pair holds
  report BLOB NOT NULL,                -- that of the lesser id
  incident INTEGER NOT NULL,           -- within it
  other_report BLOB NOT NULL,
  other_incident INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  member BLOB,                         -- whoever decided, as far as the vault knows
  time_ms INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX pair_decisions_of_report ON pair_decisions (report, incident);
CREATE INDEX pair_decisions_of_other ON pair_decisions (other_report, other_incident);
