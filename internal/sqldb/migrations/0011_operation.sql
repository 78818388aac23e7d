-- +goose Up
-- One operation over many records. wish is what is to be done; position is the
-- last record that was dealt with, written in the transaction that dealt with
-- it. created_at is business time: records made later are not part of it.
CREATE TABLE operation (
  id         TEXT /*C*/ PRIMARY KEY,
  asker      TEXT /*C*/ NOT NULL,
  kind       TEXT /*C*/ NOT NULL,
  object     TEXT /*C*/ NOT NULL,
  wish       TEXT /*C*/ NOT NULL,
  version    BIGINT NOT NULL,
  undoes     TEXT /*C*/ NOT NULL DEFAULT '',
  undone_by  TEXT /*C*/ NOT NULL DEFAULT '',
  state      TEXT /*C*/ NOT NULL,
  problem    TEXT /*C*/ NOT NULL DEFAULT '',
  total      BIGINT NOT NULL,
  done       BIGINT NOT NULL DEFAULT 0,
  failed     BIGINT NOT NULL DEFAULT 0,
  position   TEXT /*C*/ NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  ended_at   BIGINT
);
CREATE INDEX operation_active ON operation (id) WHERE state IN ('queued', 'running');
CREATE INDEX operation_asker ON operation (asker, id);
CREATE INDEX operation_ended ON operation (ended_at) WHERE ended_at IS NOT NULL;

-- What an operation did to one record, for undo, or why it did not. problem is
-- '' when it was done; change holds the values before and after, by field id.
CREATE TABLE operation_item (
  operation TEXT /*C*/ NOT NULL,
  record    TEXT /*C*/ NOT NULL,
  act       TEXT /*C*/ NOT NULL,
  change    TEXT /*C*/ NOT NULL,
  revision  BIGINT NOT NULL,
  problem   TEXT /*C*/ NOT NULL,
  PRIMARY KEY (operation, record)
);
CREATE INDEX operation_item_failed ON operation_item (operation, record) WHERE problem <> '';

-- +goose Down
DROP TABLE operation_item;
DROP TABLE operation;
