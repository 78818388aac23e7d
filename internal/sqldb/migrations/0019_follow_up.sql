-- +goose Up
-- Follow-ups per company day, person and action, kept in the transaction of
-- their cause: how many there were, how many answered a promise, and how many
-- of those in time.
CREATE TABLE follow_up_day (
  object  TEXT /*C*/ NOT NULL,
  day     TEXT /*C*/ NOT NULL,
  person  TEXT /*C*/ NOT NULL,
  action  TEXT /*C*/ NOT NULL,
  done    BIGINT NOT NULL,
  due     BIGINT NOT NULL,
  kept    BIGINT NOT NULL,
  PRIMARY KEY (object, day, person, action)
);
-- +goose Down
DROP TABLE follow_up_day;
