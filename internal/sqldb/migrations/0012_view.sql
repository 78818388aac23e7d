-- +goose Up

-- Lists that people saved. department is '' for the owner's alone, else the
-- department that shares it. shape is JSON that names fields by permanent id.
CREATE TABLE saved_view (
    id         TEXT /*C*/ PRIMARY KEY,
    object     TEXT /*C*/ NOT NULL,
    label      TEXT /*C*/ NOT NULL,
    owner      TEXT /*C*/ NOT NULL REFERENCES account (id),
    department TEXT /*C*/ NOT NULL DEFAULT '',
    shape      TEXT /*C*/ NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX saved_view_owner ON saved_view (owner, object);
CREATE INDEX saved_view_department ON saved_view (department, object) WHERE department <> '';

-- With which view of an object a person begins, and in which order his tabs stand (JSON).
CREATE TABLE view_preference (
    account_id TEXT /*C*/ NOT NULL REFERENCES account (id),
    object     TEXT /*C*/ NOT NULL,
    standard   TEXT /*C*/ NOT NULL,
    tabs       TEXT /*C*/ NOT NULL,
    PRIMARY KEY (account_id, object)
);

-- +goose Down
DROP TABLE view_preference;
DROP TABLE saved_view;
