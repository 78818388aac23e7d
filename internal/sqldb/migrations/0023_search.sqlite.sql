-- +goose Up
-- Two pieces of the index are merged, not only four: each piece is looked at for
-- every word of every question. The program merges, in small steps.
INSERT INTO search_text (search_text, rank) VALUES ('usermerge', 2);

-- +goose Down
INSERT INTO search_text (search_text, rank) VALUES ('usermerge', 4);
