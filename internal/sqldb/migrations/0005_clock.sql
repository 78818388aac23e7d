-- +goose Up
-- One clock on one record. state is the decider's own; wake_at is the next
-- moment at which the shell must look at it (business time), NULL once there is
-- nothing to wait for; retry_at (real time) holds it back after a failure.
CREATE TABLE clock_run (
  record   TEXT /*C*/ NOT NULL,
  clock    TEXT /*C*/ NOT NULL,
  object   TEXT /*C*/ NOT NULL,
  phase    TEXT /*C*/ NOT NULL,
  state    TEXT /*C*/ NOT NULL,
  due_at   BIGINT,
  wake_at  BIGINT,
  retry_at BIGINT NOT NULL DEFAULT 0,
  tries    BIGINT NOT NULL DEFAULT 0,
  problem  TEXT /*C*/ NOT NULL DEFAULT '',
  PRIMARY KEY (record, clock)
);
CREATE INDEX clock_run_wake ON clock_run (wake_at) WHERE wake_at IS NOT NULL;

-- +goose Down
DROP TABLE clock_run;
