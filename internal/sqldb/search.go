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
	err = db.WriteBeside(ctx, func(tx *Tx) error {
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

// Places are those of an object before a place that a match gives, at most so
// many, the latest taken in first.
func (tx *Tx) Places(object string, match query.Match, before int64, most int) ([]Place, error) {
	if _, server := tx.db.engine.(*postgresEngine); server {
		return tx.serverPlaces(object, serverMatch(match), before, most)
	}
	// The index is walked from its end and left when there are enough.
	return tx.readPlaces(most, nil, `SELECT t.rowid, d.record FROM search_text AS t CROSS JOIN search_document AS d
		WHERE t.search_text MATCH $1 AND t.rowid < $2 AND d.n = t.rowid ORDER BY t.rowid DESC LIMIT `, embeddedMatch(match), before)
}

// A server's index of tokens gives all there are before it gives the latest.
const (
	walkedFirst = 2_000  // records that are looked at themselves, whatever is asked
	walkedMost  = 20_000 // and when many hold the words
	rareOf      = 200    // one of so many of the first shows that many do
	gathered    = 3_000  // records that the index may give before many do
)

// serverPlaces looks at the latest records themselves, which is quick for words
// that many hold and for small objects, and asks the index for the others. The
// server does not choose: it knows how frequent the most frequent tokens are, and
// takes one record in two hundred to hold any other.
func (tx *Tx) serverPlaces(object, match string, before int64, most int) ([]Place, error) {
	places, all, err := tx.walk(object, match, before, most, walkedFirst)
	if err != nil || all || len(places) == most {
		return places, err
	}
	if len(places)*rareOf < walkedFirst { // the latest may be of another kind than most
		places, all, err = tx.gather(match, before, most, gathered)
		if err != nil || all {
			return places, err
		}
	}
	places, all, err = tx.walk(object, match, before, most, walkedMost)
	if err != nil || all || len(places) == most {
		return places, err
	}
	places, _, err = tx.gather(match, before, most, 0)
	return places, err
}

// walk looks at so many of the object's latest records, and tells whether those are all.
func (tx *Tx) walk(object, match string, before int64, most, walked int) (places []Place, all bool, err error) {
	places, err = tx.readPlaces(most, nil, `SELECT n, record FROM (SELECT n, record, tokens FROM search_document
		WHERE object = $1 AND n + 0 < $2 ORDER BY n + 0 DESC LIMIT `+strconv.Itoa(walked)+`) AS latest
		WHERE tokens @@ $3::tsquery ORDER BY n DESC LIMIT `, object, before, match)
	if err != nil || len(places) == most {
		return places, false, err
	}
	more, err := tx.readPlaces(1, nil, `SELECT n, record FROM search_document WHERE object = $1 AND n + 0 < $2
		ORDER BY n + 0 DESC OFFSET `+strconv.Itoa(walked)+` LIMIT `, object, before)
	return places, len(more) == 0, err
}

// gather asks the index, which gives its records in no order: with a limit they
// are of use only if they are all, fewer than the limit.
func (tx *Tx) gather(match string, before int64, most, limit int) (places []Place, all bool, err error) {
	if _, err := tx.session.exec(tx.ctx, "SET LOCAL enable_seqscan = off", nil); err != nil {
		return nil, false, tx.fail(err)
	}
	bound := "OFFSET 0"
	if limit > 0 {
		bound = "LIMIT " + strconv.Itoa(limit)
	}
	var met int
	places, err = tx.readPlaces(most, []any{&met}, `SELECT n, record, count(*) OVER () FROM (SELECT n, record FROM search_document
		WHERE tokens @@ $1::tsquery AND n < $2 `+bound+`) AS found ORDER BY n DESC LIMIT `, match, before)
	if err == nil {
		_, err = tx.session.exec(tx.ctx, "SET LOCAL enable_seqscan = on", nil)
	}
	return places, limit == 0 || met < limit, tx.fail(err)
}

// readPlaces reads at most so many places; also is what the rows have beside.
func (tx *Tx) readPlaces(most int, also []any, text string, args ...any) ([]Place, error) {
	rows, err := tx.Query(text+strconv.Itoa(most), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	places := make([]Place, 0, most)
	for rows.Next() {
		var p Place
		if err := rows.Scan(append([]any{&p.N, &p.Record}, also...)...); err != nil {
			return nil, err
		}
		places = append(places, p)
	}
	return places, rows.Err()
}

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
