-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The headers of each report are under a key of its own, which lies in the file `slots`: there it
-- can be overwritten. docs/adr/133.
ALTER TABLE report ADD COLUMN slot INTEGER;  -- its cell; NULL until an older store is opened

CREATE TABLE slot_file (
  id  INTEGER PRIMARY KEY CHECK (id = 1),
  key BLOB NOT NULL                    -- seals the cells
) STRICT;
