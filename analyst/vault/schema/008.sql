-- SPDX-License-Identifier: AGPL-3.0-or-later
-- With which this vault signs its journal for a member, once an entry of it certified the key.
CREATE TABLE custody_keys (
  member BLOB PRIMARY KEY,
  entry INTEGER NOT NULL REFERENCES journal (number),  -- that certified it
  secret BLOB NOT NULL                 -- Ed25519: seed and public key
) STRICT, WITHOUT ROWID;
