-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Files that reporters send: what waits to be fetched, and what was fetched of an open report and
-- goes to the report store with it. By random id, so that nothing tells in which order they came.
-- docs/adr/151.
CREATE TABLE media (
  media      BLOB PRIMARY KEY,
  report     BLOB NOT NULL,
  day        INTEGER NOT NULL,  -- of the turn that took it
  closed     INTEGER NOT NULL,  -- 1: the report has closed since
  reference  BLOB,              -- while it waits: where the messenger has it
  bytes      INTEGER,           -- of the sealed file, once it was fetched
  ciphertext BLOB               -- its SHA-256
) STRICT, WITHOUT ROWID;
CREATE INDEX media_of_report ON media (report);
