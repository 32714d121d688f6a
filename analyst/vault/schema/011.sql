-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What analysts decided of reports, beside what was told. Only ever added to, until its report, or
-- the one it is linked to, is erased. The journal names each by H(salt, all of it).
CREATE TABLE decisions (
  number INTEGER PRIMARY KEY,
  report BLOB NOT NULL REFERENCES reports (report),
  kind INTEGER NOT NULL,
  how INTEGER NOT NULL,
  incident INTEGER NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  other BLOB,
  other_incident INTEGER NOT NULL,
  member BLOB NOT NULL,
  time INTEGER NOT NULL,
  salt BLOB NOT NULL
) STRICT;
CREATE INDEX decisions_of_report ON decisions (report, number);
CREATE INDEX decisions_of_other ON decisions (other) WHERE other IS NOT NULL;
