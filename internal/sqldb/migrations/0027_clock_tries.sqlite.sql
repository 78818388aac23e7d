-- +goose Up
-- The rebuilt table (0017) had lost it.
CREATE INDEX IF NOT EXISTS clock_run_tries ON clock_run (tries) WHERE tries > 0;

-- +goose Down
DROP INDEX clock_run_tries;
