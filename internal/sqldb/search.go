package sqldb

import (
	"context"
	"strconv"
	"strings"

	"clew.dev/clew/internal/query"
)

// Indexed is what the search index keeps of one record. N is its place, which
// no other record ever has.
type Indexed struct {
	N              int64
	Object, Record string
	Revision       int64
	Tokens         []string
}

// mergePages is how much of the embedded index one step of Tidy merges.
const mergePages = 40

// Index puts records into the search index in place of what it held of them; a
// record without tokens is taken out.
func (tx *Tx) Index(records []Indexed) error {
	_, server := tx.db.engine.(*postgresEngine)
	var kept []Indexed
	for _, r := range records {
		if len(r.Tokens) > 0 {
			kept = append(kept, r)
		}
		if server && len(r.Tokens) > 0 {
			continue // put in place of the old row
		}
		if err := tx.unindex(r.Record, server); err != nil {
			return err
		}
	}
	if server {
		return tx.indexRows(kept)
	}
	for _, r := range kept {
		if _, err := tx.Exec(`INSERT INTO search_document (n, object, record, revision) VALUES ($1, $2, $3, $4)`, r.N, r.Object, r.Record, r.Revision); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO search_text (rowid, tokens) VALUES ($1, $2)`, r.N, strings.Join(r.Tokens, " ")); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) unindex(record string, server bool) error {
	if !server {
		if _, err := tx.Exec(`DELETE FROM search_text WHERE rowid IN (SELECT n FROM search_document WHERE record = $1)`, record); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`DELETE FROM search_document WHERE record = $1`, record)
	return err
}

// indexRows writes all rows at once. Another node may have taken in a later
// state meanwhile: it stays.
func (tx *Tx) indexRows(records []Indexed) error {
	if len(records) == 0 {
		return nil
	}
	var rows []string
	var args []any
	for _, r := range records {
		args = append(args, r.N, r.Object, r.Record, r.Revision, r.Tokens)
		n := len(args)
		rows = append(rows, "($"+strconv.Itoa(n-4)+"::bigint, $"+strconv.Itoa(n-3)+"::text, $"+strconv.Itoa(n-2)+"::text, $"+
			strconv.Itoa(n-1)+"::bigint, array_to_tsvector($"+strconv.Itoa(n)+"::text[]))")
	}
	_, err := tx.Exec(`INSERT INTO search_document (n, object, record, revision, tokens) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (record) DO UPDATE SET n = excluded.n, revision = excluded.revision, tokens = excluded.tokens
		WHERE search_document.revision <= excluded.revision`, args...)
	return err
}

// Tidy merges a little of the search index, in a unit of its own, and tells
// whether there may be more to merge.
func (db *DB) Tidy(ctx context.Context) (more bool, err error) {
	if _, server := db.engine.(*postgresEngine); server {
		return false, nil
	}
	err = db.Write(ctx, func(tx *Tx) error {
		var before, after int64
		if err := tx.QueryRow(`SELECT total_changes()`).Scan(&before); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO search_text (search_text, rank) VALUES ('merge', $1)`, mergePages); err != nil {
			return err
		}
		err := tx.QueryRow(`SELECT total_changes()`).Scan(&after)
		more = after-before >= 2 // so the library says that it found something
		return err
	})
	return more, err
}

// Place is where the search index holds a record.
type Place struct {
	N      int64
	Record string
}

// Places are those before a place that a match gives, at most so many, the
// latest taken in first.
func (tx *Tx) Places(match query.Match, before int64, most int) ([]Place, error) {
	text, asked := serverPlaces, serverMatch(match)
	if _, server := tx.db.engine.(*postgresEngine); !server {
		text, asked = embeddedPlaces, embeddedMatch(match)
	}
	rows, err := tx.Query(text+strconv.Itoa(most), asked, before)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	places := make([]Place, 0, most)
	for rows.Next() {
		var p Place
		if err := rows.Scan(&p.N, &p.Record); err != nil {
			return nil, err
		}
		places = append(places, p)
	}
	return places, rows.Err()
}

const (
	// The index is walked from its end and left when there are enough.
	embeddedPlaces = `SELECT t.rowid, d.record FROM search_text AS t CROSS JOIN search_document AS d
		WHERE t.search_text MATCH $1 AND t.rowid < $2 AND d.n = t.rowid ORDER BY t.rowid DESC LIMIT `
	serverPlaces = `SELECT n, record FROM search_document WHERE tokens @@ $1::tsquery AND n < $2 ORDER BY n DESC LIMIT `
)

// notation is how a database writes a match.
type notation struct {
	and, or, never string
	token          func(token string, prefix bool) string
}

func embeddedMatch(m query.Match) string {
	return notation{" AND ", " OR ", `"@@none"`, func(token string, prefix bool) string {
		text := `"` + strings.ReplaceAll(token, `"`, `""`) + `"`
		if prefix {
			text += " *"
		}
		return text
	}}.write(m)
}

func serverMatch(m query.Match) string {
	quote := strings.NewReplacer(`'`, `''`, `\`, `\\`)
	return notation{" & ", " | ", `'@@none'`, func(token string, prefix bool) string {
		text := "'" + quote.Replace(token) + "'"
		if prefix {
			text += ":*"
		}
		return text
	}}.write(m)
}

func (n notation) write(m query.Match) string {
	switch {
	case m.Token != "":
		return n.token(m.Token, m.Prefix)
	case len(m.All) > 0:
		return n.join(m.All, n.and)
	case len(m.Any) > 0:
		return n.join(m.Any, n.or)
	}
	return n.never
}

func (n notation) join(parts []query.Match, operator string) string {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = n.write(part)
	}
	if len(texts) == 1 {
		return texts[0]
	}
	return "(" + strings.Join(texts, operator) + ")"
}
