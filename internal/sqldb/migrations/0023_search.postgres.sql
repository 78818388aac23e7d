-- +goose Up
-- The latest records of one object, to look at for words that many hold. In no
-- other index are they in the order of "n + 0": the key's would pass the records
-- of all other objects.
CREATE INDEX search_document_latest ON search_document (object, (n + 0));

-- +goose Down
DROP INDEX search_document_latest;
