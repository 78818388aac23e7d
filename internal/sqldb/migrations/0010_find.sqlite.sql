-- +goose Up
-- Records whose words the search index has not taken in yet, one row a change;
-- the id is the place that the record gets in the index.
CREATE TABLE search_pending (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  object TEXT NOT NULL,
  record TEXT NOT NULL
);

-- What is in the index. n grows with each time that a record is taken in.
CREATE TABLE search_document (
  n        INTEGER PRIMARY KEY,
  object   TEXT NOT NULL,
  record   TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX search_document_record ON search_document (record);

-- The words themselves, by n. Merging is the program's, in small steps.
CREATE VIRTUAL TABLE search_text USING fts5(
  tokens, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars ':.~^@'"
);
INSERT INTO search_text (search_text, rank) VALUES ('automerge', 0);
INSERT INTO search_text (search_text, rank) VALUES ('crisismerge', 1000);

-- How far an object's old records were handed to the index; finished is 0 or 1.
CREATE TABLE search_backfill (
  object      TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  position    TEXT NOT NULL,
  done        BIGINT NOT NULL,
  total       BIGINT NOT NULL,
  finished    INTEGER NOT NULL
);

-- What a person keeps at hand, and what he opened last. Real time.
CREATE TABLE pin (
  account_id TEXT NOT NULL,
  record     TEXT NOT NULL,
  object     TEXT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (account_id, record)
);
CREATE TABLE recent (
  account_id TEXT NOT NULL,
  record     TEXT NOT NULL,
  object     TEXT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (account_id, record)
);
CREATE INDEX recent_at ON recent (account_id, at);

-- What a person chose for himself, as JSON.
CREATE TABLE preference (
  account_id TEXT NOT NULL,
  name       TEXT NOT NULL,
  value      TEXT NOT NULL,
  PRIMARY KEY (account_id, name)
);

-- +goose Down
DROP TABLE preference;
DROP TABLE recent;
DROP TABLE pin;
DROP TABLE search_backfill;
DROP TABLE search_text;
DROP TABLE search_document;
DROP TABLE search_pending;
