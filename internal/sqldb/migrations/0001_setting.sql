-- +goose Up
-- Values of the program itself that must outlive it, such as the business offset.
CREATE TABLE setting (
  name  TEXT /*C*/ PRIMARY KEY,
  value TEXT /*C*/ NOT NULL
);
