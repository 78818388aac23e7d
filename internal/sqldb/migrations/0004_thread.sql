-- +goose Up
-- One row per act on a record. params holds kind-specific values, never prose.
-- chain covers the record's earlier chain, this row and the digest of (salt,
-- params); the last row of each act keeps it. digest is written when params and
-- salt are erased, so that the chain still verifies.
CREATE TABLE thread_entry (
  record     TEXT /*C*/ NOT NULL,
  seq        BIGINT NOT NULL,
  object     TEXT /*C*/ NOT NULL,
  at         BIGINT NOT NULL,
  actor_kind TEXT /*C*/ NOT NULL,
  actor      TEXT /*C*/ NOT NULL,
  kind       TEXT /*C*/ NOT NULL,
  params     TEXT /*C*/ NOT NULL,
  salt       TEXT /*C*/ NOT NULL,
  digest     TEXT /*C*/ NOT NULL,
  chain      TEXT /*C*/ NOT NULL,
  PRIMARY KEY (record, seq)
);

-- The same value of a key of one scope means the same record (decisions.md,
-- "Duplicates and touches"). scope is the object's id, "!" for record keys of channels.
CREATE TABLE match_key (
  scope  TEXT /*C*/ NOT NULL,
  kind   TEXT /*C*/ NOT NULL,
  value  TEXT /*C*/ NOT NULL,
  record TEXT /*C*/ NOT NULL,
  PRIMARY KEY (scope, kind, value)
);
CREATE INDEX match_key_record ON match_key (record);

-- What a channel received, raw and compressed, with what became of it.
CREATE TABLE delivery (
  id          TEXT /*C*/ PRIMARY KEY,
  channel     TEXT /*C*/ NOT NULL,
  at          BIGINT NOT NULL,
  source_at   BIGINT,
  status      TEXT /*C*/ NOT NULL,
  external_id TEXT /*C*/ NOT NULL,
  object      TEXT /*C*/ NOT NULL,
  record      TEXT /*C*/ NOT NULL,
  headers     TEXT /*C*/ NOT NULL,
  body        TEXT /*C*/ NOT NULL,
  errors      TEXT /*C*/ NOT NULL,
  repeats     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX delivery_channel ON delivery (channel, at, id);
CREATE INDEX delivery_odd ON delivery (channel, status, at, id) WHERE status <> 'accepted';
CREATE INDEX delivery_record ON delivery (record) WHERE record <> '';

-- The redelivery keys: one delivery per (channel, key).
CREATE TABLE delivery_key (
  channel  TEXT /*C*/ NOT NULL,
  key      TEXT /*C*/ NOT NULL,
  delivery TEXT /*C*/ NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (channel, key)
);

-- Counts per channel and company day; delay is the sum of seconds from the source's stamp.
CREATE TABLE channel_day (
  channel  TEXT /*C*/ NOT NULL,
  day      TEXT /*C*/ NOT NULL,
  status   TEXT /*C*/ NOT NULL,
  n        BIGINT NOT NULL,
  last_at  BIGINT NOT NULL,
  PRIMARY KEY (channel, day, status)
);

-- A channel's secret, sealed; never read back.
CREATE TABLE channel_secret (
  channel TEXT /*C*/ PRIMARY KEY,
  sealed  TEXT /*C*/ NOT NULL,
  at      BIGINT NOT NULL
);

-- +goose Down
DROP TABLE channel_secret;
DROP TABLE channel_day;
DROP TABLE delivery_key;
DROP TABLE delivery;
DROP TABLE match_key;
DROP TABLE thread_entry;
