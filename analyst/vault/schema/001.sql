-- What an analyst's vault holds. Everything in it came from outside and was only opened, never
-- changed: `content` is the exact record that was sealed.
CREATE TABLE facts (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE bundles (
  bundle BLOB NOT NULL,
  part INTEGER NOT NULL,
  made_day INTEGER NOT NULL,
  origin TEXT NOT NULL,
  PRIMARY KEY (bundle, part)
) STRICT, WITHOUT ROWID;

-- One roster may come with newer epoch lists: `file` is what differs.
CREATE TABLE rosters (
  file_digest BLOB PRIMARY KEY,
  number INTEGER NOT NULL,
  digest BLOB NOT NULL,
  file BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE questionnaires (
  digest BLOB PRIMARY KEY,
  form BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE log_entries (
  origin TEXT NOT NULL,
  position INTEGER NOT NULL,
  report BLOB NOT NULL,
  entry BLOB NOT NULL,
  PRIMARY KEY (origin, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_entries_of_report ON log_entries (report);

CREATE TABLE reports (
  report BLOB PRIMARY KEY,
  day INTEGER NOT NULL,
  log_verdict INTEGER NOT NULL,
  withdrawal_claimed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE segments (
  digest BLOB PRIMARY KEY,
  report BLOB NOT NULL REFERENCES reports (report),
  position INTEGER NOT NULL,
  form BLOB NOT NULL,
  roster BLOB NOT NULL,
  week INTEGER NOT NULL,
  day INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  final INTEGER NOT NULL,
  roster_verdict INTEGER NOT NULL,
  chain BLOB NOT NULL,
  header BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX segments_of_report ON segments (report, position, digest);

CREATE TABLE records (
  segment BLOB NOT NULL REFERENCES segments (digest),
  sequence INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (segment, sequence, stream)
) STRICT, WITHOUT ROWID;
