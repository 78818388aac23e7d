-- +goose Up
-- Each backup that was tried, by real time; problem is '' when it went well.
CREATE TABLE backup_run (
  id        TEXT /*C*/ PRIMARY KEY,
  at        BIGINT NOT NULL,
  ended_at  BIGINT NOT NULL,
  origin    TEXT /*C*/ NOT NULL,
  file      TEXT /*C*/ NOT NULL,
  bytes     BIGINT NOT NULL,
  encrypted INTEGER NOT NULL,
  problem   TEXT /*C*/ NOT NULL
);
CREATE INDEX backup_run_at ON backup_run (at);

-- The clocks that failed, for the health page.
CREATE INDEX clock_run_tries ON clock_run (tries) WHERE tries > 0;

-- +goose Down
DROP INDEX clock_run_tries;
DROP TABLE backup_run;
