-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The report store: closed reports. Ids are random and rows go in shuffled, so that neither says
-- which report came before which. docs/adr/023, docs/leakage.md.
CREATE TABLE report (
  id     BLOB PRIMARY KEY,
  closed INTEGER NOT NULL              -- day
) STRICT, WITHOUT ROWID;

CREATE TABLE segment (
  id      INTEGER PRIMARY KEY,         -- random
  segment BLOB NOT NULL UNIQUE,        -- BLAKE2b-256 of the header
  report  BLOB NOT NULL REFERENCES report (id),
  ordinal INTEGER NOT NULL,            -- 0, 1, 2 … within the report
  header  BLOB NOT NULL
) STRICT;
CREATE INDEX segment_of_report ON segment (report, ordinal);

CREATE TABLE sealed_row (
  id       INTEGER PRIMARY KEY,        -- random
  segment  BLOB NOT NULL REFERENCES segment (segment),
  sequence INTEGER NOT NULL,
  sealed   BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX row_of_segment ON sealed_row (segment, sequence);

CREATE TABLE log_entry (
  id    INTEGER PRIMARY KEY,           -- random
  entry BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE receipt (
  lookup          BLOB PRIMARY KEY,    -- derived from the receipt, which is nowhere
  report          BLOB NOT NULL REFERENCES report (id),
  wrapped_mailbox BLOB NOT NULL,
  withdrawal_key  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_of_report ON receipt (report);

CREATE TABLE fact (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
