-- +goose Up
-- Records whose words the search index has not taken in yet, one row a change;
-- the id is the place that the record gets in the index.
CREATE TABLE search_pending (
  id     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  object TEXT /*C*/ NOT NULL,
  record TEXT /*C*/ NOT NULL
);

-- What is in the index. n grows with each time that a record is taken in.
CREATE TABLE search_document (
  n        BIGINT PRIMARY KEY,
  object   TEXT /*C*/ NOT NULL,
  record   TEXT /*C*/ NOT NULL,
  revision BIGINT NOT NULL,
  tokens   TSVECTOR NOT NULL
);
CREATE UNIQUE INDEX search_document_record ON search_document (record);
CREATE INDEX search_document_tokens ON search_document USING gin (tokens) WITH (gin_pending_list_limit = 512);


-- How far an object's old records were handed to the index; finished is 0 or 1.
CREATE TABLE search_backfill (
  object      TEXT /*C*/ PRIMARY KEY,
  fingerprint TEXT /*C*/ NOT NULL,
  position    TEXT /*C*/ NOT NULL,
  done        BIGINT NOT NULL,
  total       BIGINT NOT NULL,
  finished    INTEGER NOT NULL
);

-- What a person keeps at hand, and what he opened last. Real time.
CREATE TABLE pin (
  account_id TEXT /*C*/ NOT NULL,
  record     TEXT /*C*/ NOT NULL,
  object     TEXT /*C*/ NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (account_id, record)
);
CREATE TABLE recent (
  account_id TEXT /*C*/ NOT NULL,
  record     TEXT /*C*/ NOT NULL,
  object     TEXT /*C*/ NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (account_id, record)
);
CREATE INDEX recent_at ON recent (account_id, at);

-- What a person chose for himself, as JSON.
CREATE TABLE preference (
  account_id TEXT /*C*/ NOT NULL,
  name       TEXT /*C*/ NOT NULL,
  value      TEXT /*C*/ NOT NULL,
  PRIMARY KEY (account_id, name)
);

-- +goose Down
DROP TABLE preference;
DROP TABLE recent;
DROP TABLE pin;
DROP TABLE search_backfill;
DROP TABLE search_document;
DROP TABLE search_pending;
