-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Phones whose people chose to read replies without the receipt, for 30 days: the mailbox's seed
-- under the phone's address, and that once more under the report's slot key. docs/adr/162.
CREATE TABLE link (
  tag    BLOB PRIMARY KEY,             -- of the phone, under a key of that day that goes with it
  report BLOB NOT NULL REFERENCES report (id),
  day    INTEGER NOT NULL,             -- on which it was made
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_of_report ON link (report);
