-- +goose Up
-- A lead and the person behind it have the same phone, mail and WeChat: in the
-- order of the value their keys stand on one page of the index (ADR 26).
ALTER TABLE match_key DROP CONSTRAINT match_key_pkey, ADD PRIMARY KEY (value, kind, scope);

-- +goose Down
ALTER TABLE match_key DROP CONSTRAINT match_key_pkey, ADD PRIMARY KEY (scope, kind, value);
