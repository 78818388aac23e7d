-- +goose Up

-- Configuration documents. Times are microseconds since 1970 UTC; a body is canonical JSON.
CREATE TABLE config_version (
    version       BIGINT PRIMARY KEY,
    at            BIGINT NOT NULL,
    by_user       TEXT /*C*/ NOT NULL,
    label         TEXT /*C*/ NOT NULL,
    restored_from BIGINT
);

-- What is live. version is the one that last changed the document.
CREATE TABLE config_document (
    kind    TEXT /*C*/ NOT NULL,
    id      TEXT /*C*/ NOT NULL,
    name    TEXT /*C*/ NOT NULL,
    body    TEXT /*C*/ NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX config_document_name ON config_document (kind, name);

-- What each version changed; a NULL body is a deletion.
CREATE TABLE config_history (
    version BIGINT NOT NULL REFERENCES config_version (version),
    kind    TEXT /*C*/ NOT NULL,
    id      TEXT /*C*/ NOT NULL,
    name    TEXT /*C*/ NOT NULL,
    body    TEXT /*C*/,
    PRIMARY KEY (kind, id, version)
);
CREATE INDEX config_history_version ON config_history (version);

-- Drafts: documents laid over the live ones. source is the YAML text that a
-- person wrote, for line and column; a NULL body is a deletion.
CREATE TABLE config_draft (
    id           TEXT /*C*/ PRIMARY KEY,
    label        TEXT /*C*/ NOT NULL,
    base         BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT /*C*/ NOT NULL,
    published_as BIGINT
);

CREATE TABLE config_draft_document (
    draft  TEXT /*C*/ NOT NULL REFERENCES config_draft (id),
    kind   TEXT /*C*/ NOT NULL,
    id     TEXT /*C*/ NOT NULL,
    name   TEXT /*C*/ NOT NULL,
    body   TEXT /*C*/,
    source TEXT /*C*/ NOT NULL,
    PRIMARY KEY (draft, kind, id)
);

-- The generated name of each object's table (kind o: o_1) and each field's column
-- (kind c: c_1), given once per permanent id and way of storing, never reused.
CREATE TABLE physical_name (
    kind TEXT /*C*/ NOT NULL,
    id   TEXT /*C*/ NOT NULL,
    n    BIGINT NOT NULL,
    PRIMARY KEY (kind, id),
    UNIQUE (kind, n)
);

-- +goose Down
DROP TABLE physical_name;
DROP TABLE config_draft_document;
DROP TABLE config_draft;
DROP TABLE config_history;
DROP TABLE config_document;
DROP TABLE config_version;
