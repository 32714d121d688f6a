-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Files that people sent: sealed as they came, in chunks. Nothing of them is opened in here.
CREATE TABLE media (
  media BLOB PRIMARY KEY,
  addendum INTEGER NOT NULL,           -- index of the segment that brings its key
  state INTEGER NOT NULL,              -- 0 not whole, or not looked at yet; 1 opens; 2 whole, and does not
  segment BLOB,                        -- 1, 2: whose record was tried
  ciphertext BLOB                      -- SHA-256 of the chunks up to the first gap
) STRICT, WITHOUT ROWID;
CREATE INDEX media_of_addendum ON media (addendum);

CREATE TABLE media_chunks (
  media BLOB NOT NULL REFERENCES media (media),
  number INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (media, number)
) STRICT;

-- What the records of addenda say of files.
CREATE TABLE media_records (
  segment BLOB NOT NULL REFERENCES segments (digest),
  media BLOB NOT NULL,
  chunks INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  streams INTEGER NOT NULL,            -- in which it stands: 1 testimony, 2 identity, 3 both
  PRIMARY KEY (segment, media)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_records_of_media ON media_records (media);

-- Who read the record of an addendum, and not its file, which is neither lost nor here and open. If
-- they vouched for it, the server might erase what nobody has. Who opens one stream alone vouches
-- for that: its file is their matter if its record stands there.
CREATE VIEW openings_without_file AS
SELECT o.segment AS segment, o.member AS member, o.origin AS origin
FROM openings AS o JOIN segments AS s ON s.digest = o.segment
WHERE s.position >= 2147483648 AND (
  EXISTS (SELECT 1 FROM media_records AS r LEFT JOIN media AS m ON m.media = r.media
    WHERE r.segment = o.segment AND (r.streams & o.streams) <> 0 AND r.lost = 0
    AND coalesce(m.state = 1 AND m.segment = o.segment, 0) = 0)
  OR (o.streams = 3 AND NOT EXISTS (SELECT 1 FROM media_records AS r WHERE r.segment = o.segment)));

ALTER TABLE reports ADD COLUMN addendum_absent INTEGER NOT NULL DEFAULT 0;
