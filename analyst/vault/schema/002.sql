-- What an import has done: one that was stopped goes on, and parts that did not come have a name.
ALTER TABLE bundles ADD COLUMN state INTEGER NOT NULL DEFAULT 0;  -- 0 begun, 1 whole, 2 what was whole of a damaged one
ALTER TABLE bundles ADD COLUMN last INTEGER NOT NULL DEFAULT 0;   -- its end says that no part follows

-- Who opened every row of a segment, and in which server's bundle: an acknowledgement says this.
CREATE TABLE openings (
  segment BLOB NOT NULL REFERENCES segments (digest),
  member BLOB NOT NULL,
  origin TEXT NOT NULL,
  rows INTEGER NOT NULL,
  chain BLOB NOT NULL,      -- running digest of the header and these rows
  streams INTEGER NOT NULL, -- 1 testimony, 2 identity, 3 both
  PRIMARY KEY (segment, member, origin)
) STRICT, WITHOUT ROWID;
