-- Segments that came and that a member's keys are no recipient of: what is not for one who works on
-- this vault may be for another. What was noted before does not say whom it was about; an import
-- brings it again.
DROP TABLE foreign_segments;
CREATE TABLE foreign_segments (
  digest BLOB NOT NULL,
  member BLOB NOT NULL,                -- whose keys do not open it
  report BLOB NOT NULL,
  position INTEGER NOT NULL,
  week INTEGER NOT NULL,
  named INTEGER NOT NULL,              -- 1: sealed for the member all the same, the key was not there
  chain BLOB NOT NULL,
  PRIMARY KEY (digest, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX foreign_segments_of_report ON foreign_segments (report, position, digest);
