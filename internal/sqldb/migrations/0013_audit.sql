-- +goose Up
-- One row per act of administration or security, never changed. seq is gapless;
-- chain covers the chain before, this row and the digest of (salt, params).
-- digest is written when params and salt are erased, so that the chain still
-- verifies. at is real time.
CREATE TABLE audit_entry (
  seq         BIGINT PRIMARY KEY,
  at          BIGINT NOT NULL,
  area        TEXT /*C*/ NOT NULL,
  kind        TEXT /*C*/ NOT NULL,
  failed      INTEGER NOT NULL,
  actor_kind  TEXT /*C*/ NOT NULL,
  actor       TEXT /*C*/ NOT NULL,
  address     TEXT /*C*/ NOT NULL,
  target_kind TEXT /*C*/ NOT NULL,
  target      TEXT /*C*/ NOT NULL,
  params      TEXT /*C*/ NOT NULL,
  salt        TEXT /*C*/ NOT NULL,
  digest      TEXT /*C*/ NOT NULL,
  chain       TEXT /*C*/ NOT NULL
);
CREATE INDEX audit_entry_at ON audit_entry (at, seq);
CREATE INDEX audit_entry_area ON audit_entry (area, at, seq);
CREATE INDEX audit_entry_actor ON audit_entry (actor, at, seq);
CREATE INDEX audit_entry_target ON audit_entry (target, at, seq);

-- Where the chain stands; the row makes writers wait for each other.
CREATE TABLE audit_head (
  id    INTEGER PRIMARY KEY,
  seq   BIGINT NOT NULL,
  chain TEXT /*C*/ NOT NULL
);
INSERT INTO audit_head (id, seq, chain) VALUES (1, 0, '');

-- +goose Down
DROP TABLE audit_head;
DROP TABLE audit_entry;
