-- +goose Up
-- Tables of short rows that are only ever found by their key are kept in the
-- order of the key: one tree to write instead of two (ADR 17).

CREATE TABLE match_key_by_key (
  scope  TEXT NOT NULL,
  kind   TEXT NOT NULL,
  value  TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (scope, kind, value)
) WITHOUT ROWID;
INSERT INTO match_key_by_key (scope, kind, value, record) SELECT scope, kind, value, record FROM match_key;
DROP TABLE match_key;
ALTER TABLE match_key_by_key RENAME TO match_key;
CREATE INDEX match_key_record ON match_key (record);

CREATE TABLE delivery_key_by_key (
  channel  TEXT NOT NULL,
  key      TEXT NOT NULL,
  delivery TEXT NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (channel, key)
) WITHOUT ROWID;
INSERT INTO delivery_key_by_key (channel, key, delivery, at) SELECT channel, key, delivery, at FROM delivery_key;
DROP TABLE delivery_key;
ALTER TABLE delivery_key_by_key RENAME TO delivery_key;

CREATE TABLE clock_run_by_key (
  record   TEXT NOT NULL,
  clock    TEXT NOT NULL,
  object   TEXT NOT NULL,
  phase    TEXT NOT NULL,
  state    TEXT NOT NULL,
  due_at   BIGINT,
  wake_at  BIGINT,
  retry_at BIGINT NOT NULL DEFAULT 0,
  tries    BIGINT NOT NULL DEFAULT 0,
  problem  TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (record, clock)
) WITHOUT ROWID;
INSERT INTO clock_run_by_key (record, clock, object, phase, state, due_at, wake_at, retry_at, tries, problem) SELECT record, clock, object, phase, state, due_at, wake_at, retry_at, tries, problem FROM clock_run;
DROP TABLE clock_run;
ALTER TABLE clock_run_by_key RENAME TO clock_run;
CREATE INDEX clock_run_wake ON clock_run (wake_at) WHERE wake_at IS NOT NULL;

CREATE TABLE channel_day_by_key (
  channel  TEXT NOT NULL,
  day      TEXT NOT NULL,
  status   TEXT NOT NULL,
  n        BIGINT NOT NULL,
  last_at  BIGINT NOT NULL,
  PRIMARY KEY (channel, day, status)
) WITHOUT ROWID;
INSERT INTO channel_day_by_key (channel, day, status, n, last_at) SELECT channel, day, status, n, last_at FROM channel_day;
DROP TABLE channel_day;
ALTER TABLE channel_day_by_key RENAME TO channel_day;

CREATE TABLE owner_load_by_key (
  object TEXT NOT NULL,
  owner  TEXT NOT NULL,
  open   BIGINT NOT NULL,
  PRIMARY KEY (object, owner)
) WITHOUT ROWID;
INSERT INTO owner_load_by_key (object, owner, open) SELECT object, owner, open FROM owner_load;
DROP TABLE owner_load;
ALTER TABLE owner_load_by_key RENAME TO owner_load;

CREATE TABLE pool_load_by_key (
  pool     TEXT NOT NULL,
  member   TEXT NOT NULL,
  assigned BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  PRIMARY KEY (pool, member)
) WITHOUT ROWID;
INSERT INTO pool_load_by_key (pool, member, assigned, last_seq) SELECT pool, member, assigned, last_seq FROM pool_load;
DROP TABLE pool_load;
ALTER TABLE pool_load_by_key RENAME TO pool_load;

CREATE TABLE figure_by_key (
  object  TEXT NOT NULL,
  day     TEXT NOT NULL,
  source  TEXT NOT NULL,
  owner   TEXT NOT NULL,
  created BIGINT NOT NULL,
  touched BIGINT NOT NULL,
  within_24h BIGINT NOT NULL,
  within_30m BIGINT NOT NULL,
  PRIMARY KEY (object, day, source, owner)
) WITHOUT ROWID;
INSERT INTO figure_by_key (object, day, source, owner, created, touched, within_24h, within_30m) SELECT object, day, source, owner, created, touched, within_24h, within_30m FROM figure;
DROP TABLE figure;
ALTER TABLE figure_by_key RENAME TO figure;

CREATE TABLE response_time_by_key (
  object TEXT NOT NULL,
  day    TEXT NOT NULL,
  source TEXT NOT NULL,
  owner  TEXT NOT NULL,
  bucket BIGINT NOT NULL,
  n      BIGINT NOT NULL,
  PRIMARY KEY (object, day, source, owner, bucket)
) WITHOUT ROWID;
INSERT INTO response_time_by_key (object, day, source, owner, bucket, n) SELECT object, day, source, owner, bucket, n FROM response_time;
DROP TABLE response_time;
ALTER TABLE response_time_by_key RENAME TO response_time;
