-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The log's order. What waits stays in log_entry; a day's turnover moves it here, once and for
-- ever, and adds the day's checkpoint in the same transaction. docs/adr/060.
ALTER TABLE log_entry ADD COLUMN day INTEGER NOT NULL DEFAULT 0;

CREATE TABLE logged (
  position INTEGER PRIMARY KEY,        -- in the log, from 0
  entry    BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE checkpoint (
  day  INTEGER PRIMARY KEY,            -- that it ends
  size INTEGER NOT NULL,               -- entries up to it
  tree BLOB NOT NULL,                  -- roots of the perfect subtrees over them
  note TEXT NOT NULL                   -- as signed
) STRICT;

-- Where exports had put entries before there was an order; nobody could check it.
DELETE FROM fact WHERE name = 'log_order';
