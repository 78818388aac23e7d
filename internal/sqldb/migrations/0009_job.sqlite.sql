-- +goose Up
-- The embedded queue. due is real time; state is waiting, running or dead; a job
-- that went well is deleted.
CREATE TABLE job (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,
  args       TEXT NOT NULL,
  unique_key TEXT,
  state      TEXT NOT NULL,
  due        BIGINT NOT NULL,
  tries      BIGINT NOT NULL,
  reason     TEXT NOT NULL
);
CREATE INDEX job_due ON job (due, id) WHERE state = 'waiting';
CREATE INDEX job_dead ON job (due, id) WHERE state = 'dead';
CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE unique_key IS NOT NULL;
