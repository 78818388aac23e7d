-- +goose Up
-- When a record entered and left each choice of the field that it moves
-- through; left_at is NULL for the present one.
CREATE TABLE stage_visit (
  record     TEXT /*C*/ NOT NULL,
  n          BIGINT NOT NULL,
  object     TEXT /*C*/ NOT NULL,
  choice     TEXT /*C*/ NOT NULL,
  entered_at BIGINT NOT NULL,
  left_at    BIGINT,
  PRIMARY KEY (record, n)
);

-- What a conversion made of a record, so that it can be undone.
CREATE TABLE conversion (
  record   TEXT /*C*/ PRIMARY KEY,
  document TEXT /*C*/ NOT NULL,
  at       BIGINT NOT NULL,
  actor    TEXT /*C*/ NOT NULL,
  made     TEXT /*C*/ NOT NULL
);
-- +goose Down
DROP TABLE conversion;
DROP TABLE stage_visit;
