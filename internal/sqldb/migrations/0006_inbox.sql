-- +goose Up
-- One message to one person, exactly once per cause. at is business time; params
-- holds what the sentence needs, never a field's value.
CREATE TABLE inbox (
  id        TEXT /*C*/ PRIMARY KEY,
  recipient TEXT /*C*/ NOT NULL,
  cause     TEXT /*C*/ NOT NULL,
  kind      TEXT /*C*/ NOT NULL,
  params    TEXT /*C*/ NOT NULL,
  object    TEXT /*C*/ NOT NULL,
  record    TEXT /*C*/ NOT NULL,
  urgent    INTEGER NOT NULL,
  at        BIGINT NOT NULL,
  read_at   BIGINT
);
CREATE UNIQUE INDEX inbox_cause ON inbox (cause, recipient);
CREATE INDEX inbox_recipient ON inbox (recipient, at, id);
CREATE INDEX inbox_unread ON inbox (recipient, at, id) WHERE read_at IS NULL;

-- One message to one group robot. queued_at, next_try and sent_at are real time;
-- post is the idempotency key of the post that carries the row, part counts the
-- parts of a split message already posted.
CREATE TABLE outbox (
  id        TEXT /*C*/ PRIMARY KEY,
  robot     TEXT /*C*/ NOT NULL,
  cause     TEXT /*C*/ NOT NULL,
  kind      TEXT /*C*/ NOT NULL,
  params    TEXT /*C*/ NOT NULL,
  object    TEXT /*C*/ NOT NULL,
  record    TEXT /*C*/ NOT NULL,
  at        BIGINT NOT NULL,
  state     TEXT /*C*/ NOT NULL,
  post      TEXT /*C*/ NOT NULL DEFAULT '',
  part      BIGINT NOT NULL DEFAULT 0,
  alone     INTEGER NOT NULL DEFAULT 0,
  tries     BIGINT NOT NULL DEFAULT 0,
  queued_at BIGINT NOT NULL,
  next_try  BIGINT NOT NULL DEFAULT 0,
  sent_at   BIGINT,
  error     TEXT /*C*/ NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX outbox_cause ON outbox (robot, cause);
CREATE INDEX outbox_waiting ON outbox (robot, at, id) WHERE state = 'waiting';
CREATE INDEX outbox_dead ON outbox (robot, queued_at) WHERE state = 'dead';

-- What must be remembered of a robot: who is posting, the times of its last
-- posts (JSON, microseconds) and how long it is to be left alone. Real time.
CREATE TABLE robot_post (
  robot        TEXT /*C*/ PRIMARY KEY,
  holder       TEXT /*C*/ NOT NULL,
  leased_until BIGINT NOT NULL,
  hold_until   BIGINT NOT NULL,
  fails        BIGINT NOT NULL,
  stamps       TEXT /*C*/ NOT NULL
);

-- A robot's key and signing secret, sealed; never read back.
CREATE TABLE robot_secret (
  robot  TEXT /*C*/ PRIMARY KEY,
  sealed TEXT /*C*/ NOT NULL,
  at     BIGINT NOT NULL
);

-- +goose Down
DROP TABLE robot_secret;
DROP TABLE robot_post;
DROP TABLE outbox;
DROP TABLE inbox;
