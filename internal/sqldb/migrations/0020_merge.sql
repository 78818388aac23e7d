-- +goose Up
-- Two records that became one: the loser is deleted and points to the winner.
-- detail is what was moved and changed, for undo.
CREATE TABLE record_merge (
  id        TEXT /*C*/ PRIMARY KEY,
  object    TEXT /*C*/ NOT NULL,
  winner    TEXT /*C*/ NOT NULL,
  loser     TEXT /*C*/ NOT NULL,
  asker     TEXT /*C*/ NOT NULL,
  detail    TEXT /*C*/ NOT NULL,
  merged_at BIGINT NOT NULL,
  undone_at BIGINT
);
CREATE UNIQUE INDEX record_merge_loser ON record_merge (loser) WHERE undone_at IS NULL;
CREATE INDEX record_merge_winner ON record_merge (winner, id) WHERE undone_at IS NULL;

-- +goose Down
DROP TABLE record_merge;
