-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What analysts answer, until the reporter comes back: sealed to the report's mailbox, and that once
-- more under the report's slot key. Of what the reporter has taken only that it was here stays,
-- without its report. docs/adr/159.
CREATE TABLE reply (
  id     INTEGER PRIMARY KEY,          -- random
  reply  BLOB NOT NULL UNIQUE,         -- its random name
  report BLOB NOT NULL REFERENCES report (id),
  day    INTEGER NOT NULL,             -- on which the server was given it
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX reply_of_report ON reply (report);

CREATE TABLE taken_reply (
  reply BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
