-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What came of a segment lies packed, 64 rows to a row of this table (analyst/vault/row_pack.h), in
-- the order in which segments came: a row for each record took most of an import's time, in pages
-- all over a tree whose keys are random. Records first: who reads them reads no page of the rest.
CREATE TABLE packs (
  segment INTEGER NOT NULL,            -- segments.number
  pack INTEGER NOT NULL,               -- of rows 64 * pack and on
  records BLOB NOT NULL,               -- by place in the pack * 2 + stream: exactly what was sealed
  header BLOB NOT NULL,                -- of the segment, in its pack 0
  sealed BLOB NOT NULL,                -- by place in the pack: rows as they were sealed, for `prove`
  PRIMARY KEY (segment, pack)
) STRICT, WITHOUT ROWID;

ALTER TABLE segments ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE segments SET number = counted.number FROM
 (SELECT digest, row_number() OVER (ORDER BY report, position, digest) AS number FROM segments)
 AS counted WHERE counted.digest = segments.digest;

INSERT INTO packs (segment, pack, records, header, sealed)
SELECT s.number, p.pack,
 coalesce((SELECT unhex(group_concat(printf('%02X%06X', (r.sequence & 63) * 2 + r.stream,
   length(r.content)) || hex(r.content), '' ORDER BY r.sequence, r.stream)) FROM records AS r
   WHERE r.segment = s.digest AND r.sequence BETWEEN p.pack * 64 AND p.pack * 64 + 63), x''),
 CASE p.pack WHEN 0 THEN s.header ELSE x'' END,
 coalesce((SELECT unhex(group_concat(printf('%02X%06X', r.sequence & 63, length(r.sealed))
   || hex(r.sealed), '' ORDER BY r.sequence)) FROM sealed_rows AS r
   WHERE r.segment = s.digest AND r.sequence BETWEEN p.pack * 64 AND p.pack * 64 + 63), x'')
FROM segments AS s JOIN
 (SELECT digest AS segment, 0 AS pack FROM segments
  UNION SELECT segment, sequence / 64 FROM records
  UNION SELECT segment, sequence / 64 FROM sealed_rows) AS p ON p.segment = s.digest
ORDER BY 1, 2;

DROP TABLE records;
DROP TABLE sealed_rows;
ALTER TABLE segments DROP COLUMN header;
