-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What `search` looks in: of each report the words of its testimony that stand (analyst/report/words.h).
-- Made from the records; a report without a row is not indexed yet.
CREATE TABLE told (
  number INTEGER PRIMARY KEY,
  report BLOB NOT NULL UNIQUE REFERENCES reports (report),
  language TEXT NOT NULL,
  words TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE told_words USING fts5(
  words, content='told', content_rowid='number', tokenize="unicode61 remove_diacritics 2");
-- What is taken out leaves its pages at once, not at some later merge.
INSERT INTO told_words (told_words, rank) VALUES ('secure-delete', 1);
