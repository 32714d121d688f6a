-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The journal: one append-only row per turn of an open conversation. docs/adr/022, docs/leakage.md.
CREATE TABLE turn (
  position      INTEGER PRIMARY KEY,  -- order of turns
  day           INTEGER NOT NULL,
  delivered     BLOB NOT NULL,        -- dedupe tags of this turn, 16 bytes each
  -- the conversation's part; all NULL when the turn has none, or when it is gone
  tag           BLOB,
  counter       INTEGER,
  earlier_state INTEGER,              -- the position of the state this one replaced
  -- the report's part; all NULL when the turn has none, or when it is gone
  report        BLOB,
  earlier_turn  INTEGER,              -- the position of this report's turn before
  keep_partial  INTEGER,
  closing       INTEGER,              -- 1: whole, on its way to the report store
  -- what is long comes last, so that reading the rest does not touch its overflow pages
  state         BLOB,                 -- sealed under the sender's address
  sealed        BLOB                  -- segments and rows, sealed to the analysts
) STRICT;

-- Tags of deliveries whose turns are gone: repeats are recognised for days after a report closed.
-- By random tag, so that nothing tells in which order they came.
CREATE TABLE delivered (
  tag BLOB PRIMARY KEY,
  day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
