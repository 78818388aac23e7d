-- +goose Up
-- A lead and the person behind it have the same phone, mail and WeChat: in the
-- order of the value their keys stand on one page, and it is what differs
-- between two keys (ADR 26). The rows come in runs of ascending values.

CREATE TABLE match_key_by_value (
  scope  TEXT NOT NULL,
  kind   TEXT NOT NULL,
  value  TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (value, kind, scope)
) WITHOUT ROWID;
INSERT INTO match_key_by_value (scope, kind, value, record) SELECT scope, kind, value, record FROM match_key;
DROP TABLE match_key;
ALTER TABLE match_key_by_value RENAME TO match_key;
CREATE INDEX match_key_record ON match_key (record);

-- +goose Down
CREATE TABLE match_key_by_scope (
  scope  TEXT NOT NULL,
  kind   TEXT NOT NULL,
  value  TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (scope, kind, value)
) WITHOUT ROWID;
INSERT INTO match_key_by_scope (scope, kind, value, record) SELECT scope, kind, value, record FROM match_key ORDER BY scope, kind, value;
DROP TABLE match_key;
ALTER TABLE match_key_by_scope RENAME TO match_key;
CREATE INDEX match_key_record ON match_key (record);
