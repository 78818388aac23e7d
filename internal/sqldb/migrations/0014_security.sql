-- +goose Up
-- How people come in. Times here are real time, in microseconds.
ALTER TABLE account ADD COLUMN password_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;
UPDATE account SET password_at = updated_at;

-- A pending session proves a password and nothing more: it waits for the second factor.
ALTER TABLE session ADD COLUMN id TEXT /*C*/ NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN address TEXT /*C*/ NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN device TEXT /*C*/ NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN method TEXT /*C*/ NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
UPDATE session SET id = digest, seen_at = created_at;

ALTER TABLE token ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;

-- Rules and the log-in provider, each one JSON body; sealed is the provider's secret.
CREATE TABLE security_setting (
  name   TEXT /*C*/ PRIMARY KEY,
  body   TEXT /*C*/ NOT NULL,
  sealed TEXT /*C*/ NOT NULL,
  at     BIGINT NOT NULL
);

-- Hashes of earlier passwords, kept while the rules ask for them.
CREATE TABLE password_history (
  account_id TEXT /*C*/ NOT NULL REFERENCES account (id),
  at         BIGINT NOT NULL,
  hash       TEXT /*C*/ NOT NULL,
  PRIMARY KEY (account_id, at)
);

-- One-time links by which a person sets a new password.
CREATE TABLE password_reset (
  digest     TEXT /*C*/ PRIMARY KEY,
  account_id TEXT /*C*/ NOT NULL REFERENCES account (id),
  expires_at BIGINT NOT NULL
);
CREATE INDEX password_reset_account ON password_reset (account_id);

-- confirmed is 1 once a code was given; last_step refuses a code that was used.
CREATE TABLE second_factor (
  account_id TEXT /*C*/ PRIMARY KEY REFERENCES account (id),
  sealed     TEXT /*C*/ NOT NULL,
  confirmed  INTEGER NOT NULL,
  last_step  BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE recovery_code (
  account_id TEXT /*C*/ NOT NULL REFERENCES account (id),
  digest     TEXT /*C*/ NOT NULL,
  PRIMARY KEY (account_id, digest)
);

-- A log-in under way at the provider: used once, by the browser that began it.
CREATE TABLE login_state (
  digest     TEXT /*C*/ PRIMARY KEY,
  browser    TEXT /*C*/ NOT NULL,
  nonce      TEXT /*C*/ NOT NULL,
  verifier   TEXT /*C*/ NOT NULL,
  next       TEXT /*C*/ NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE TABLE login_link (
  issuer     TEXT /*C*/ NOT NULL,
  subject    TEXT /*C*/ NOT NULL,
  account_id TEXT /*C*/ NOT NULL REFERENCES account (id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX login_link_account ON login_link (account_id);

-- Who follows a record; muted is 1 for somebody who asked not to.
CREATE TABLE follower (
  record     TEXT /*C*/ NOT NULL,
  account_id TEXT /*C*/ NOT NULL,
  muted      INTEGER NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (record, account_id)
);

-- +goose Down
DROP TABLE follower;
DROP TABLE login_link;
DROP TABLE login_state;
DROP TABLE recovery_code;
DROP TABLE second_factor;
DROP TABLE password_reset;
DROP TABLE password_history;
DROP TABLE security_setting;
ALTER TABLE token DROP COLUMN seen_at;
ALTER TABLE session DROP COLUMN pending;
ALTER TABLE session DROP COLUMN method;
ALTER TABLE session DROP COLUMN device;
ALTER TABLE session DROP COLUMN address;
ALTER TABLE session DROP COLUMN seen_at;
ALTER TABLE session DROP COLUMN id;
ALTER TABLE account DROP COLUMN must_change;
ALTER TABLE account DROP COLUMN password_at;
