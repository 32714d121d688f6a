-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who has said that a report arrived and opens: retention runs from it. docs/adr/132.
CREATE TABLE acknowledged (
  report   BLOB NOT NULL,
  member   BLOB NOT NULL,              -- of the roster
  identity INTEGER NOT NULL,           -- 0: the testimony, 1: the identity
  day      INTEGER NOT NULL,           -- on which the server was told first
  PRIMARY KEY (report, member, identity)
) STRICT, WITHOUT ROWID;
