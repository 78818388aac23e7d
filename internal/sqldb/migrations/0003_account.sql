-- +goose Up

-- People, who they are and what they belong to. Times are microseconds since 1970 UTC.
CREATE TABLE department (
    id         TEXT /*C*/ PRIMARY KEY,
    name       TEXT /*C*/ NOT NULL,
    parent_id  TEXT /*C*/ REFERENCES department (id),
    leader_id  TEXT /*C*/,
    created_at BIGINT NOT NULL
);

CREATE TABLE account (
    id            TEXT /*C*/ PRIMARY KEY,
    name          TEXT /*C*/ NOT NULL,
    email         TEXT /*C*/ NOT NULL,
    email_key     TEXT /*C*/ NOT NULL,
    language      TEXT /*C*/ NOT NULL,
    zone          TEXT /*C*/ NOT NULL,
    department_id TEXT /*C*/ REFERENCES department (id),
    active        INTEGER NOT NULL,
    capacity      BIGINT,
    password_hash TEXT /*C*/ NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_email ON account (email_key);
CREATE INDEX account_department ON account (department_id);

CREATE TABLE account_role (
    account_id TEXT /*C*/ NOT NULL REFERENCES account (id),
    role       TEXT /*C*/ NOT NULL,
    position   INTEGER NOT NULL,
    PRIMARY KEY (account_id, role)
);

-- Raised by every change of the tables that the directory is made of.
CREATE TABLE directory_version (
    id      INTEGER PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO directory_version (id, version) VALUES (1, 1);

CREATE TABLE session (
    digest     TEXT /*C*/ PRIMARY KEY,
    account_id TEXT /*C*/ NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE token (
    id         TEXT /*C*/ PRIMARY KEY,
    account_id TEXT /*C*/ NOT NULL REFERENCES account (id),
    name       TEXT /*C*/ NOT NULL,
    digest     TEXT /*C*/ NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX token_digest ON token (digest);
CREATE INDEX token_account ON token (account_id);

-- One row per account and address, and one per address.
CREATE TABLE login_failure (
    counter      TEXT /*C*/ PRIMARY KEY,
    failures     BIGINT NOT NULL,
    since        BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);

CREATE TABLE leave (
    id         TEXT /*C*/ PRIMARY KEY,
    account_id TEXT /*C*/ NOT NULL REFERENCES account (id),
    from_at    BIGINT NOT NULL,
    to_at      BIGINT NOT NULL,
    reason     TEXT /*C*/ NOT NULL
);
CREATE INDEX leave_account ON leave (account_id, from_at);

CREATE TABLE pool_member (
    pool       TEXT /*C*/ NOT NULL,
    account_id TEXT /*C*/ NOT NULL REFERENCES account (id),
    capacity   BIGINT,
    weight     BIGINT NOT NULL,
    position   BIGINT NOT NULL,
    PRIMARY KEY (pool, account_id)
);

-- Answers given to a POST that carried an Idempotency-Key, kept for 24 hours.
CREATE TABLE idempotency (
    account_id TEXT /*C*/ NOT NULL,
    key        TEXT /*C*/ NOT NULL,
    request    TEXT /*C*/ NOT NULL,
    state      TEXT /*C*/ NOT NULL,
    status     BIGINT NOT NULL,
    header     TEXT /*C*/ NOT NULL,
    body       TEXT /*C*/ NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- +goose Down
DROP TABLE idempotency;
DROP TABLE pool_member;
DROP TABLE leave;
DROP TABLE login_failure;
DROP TABLE token;
DROP TABLE session;
DROP TABLE directory_version;
DROP TABLE account_role;
DROP TABLE account;
DROP TABLE department;
