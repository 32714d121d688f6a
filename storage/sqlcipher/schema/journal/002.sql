-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What the index needs of each turn, beside what is long, so that a start does not read that too:
-- of the turns up to some position; the last ones are read themselves (docs/adr/142). A row says
-- what its turn's row says, is emptied with it and goes with it.
CREATE TABLE listed (
  position     INTEGER PRIMARY KEY,
  day          INTEGER NOT NULL,
  delivered    BLOB NOT NULL,  -- prints of the dedupe tags, 8 bytes each
  tag          BLOB,
  counter      INTEGER,
  report       BLOB,
  keep_partial INTEGER,
  closing      INTEGER,
  segments     BLOB,           -- prints of the segments that the turn begins, 8 bytes each
  week         INTEGER         -- the earliest one that these are sealed to
) STRICT;
