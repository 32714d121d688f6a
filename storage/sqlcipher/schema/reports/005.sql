-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Files that reporters sent: each lies sealed beside the database, named by its id. docs/adr/151.
CREATE TABLE media (
  media      BLOB PRIMARY KEY,         -- random
  report     BLOB NOT NULL REFERENCES report (id),
  bytes      INTEGER NOT NULL,         -- of the sealed file
  ciphertext BLOB NOT NULL             -- its SHA-256
) STRICT, WITHOUT ROWID;
CREATE INDEX media_of_report ON media (report);
