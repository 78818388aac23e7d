package notify

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Item is one message of an inbox, as its owner may read it now. Object,
// Record and Label are blank when the record may not be seen any more.
type Item struct {
	ID     string
	Kind   string
	At     time.Time // business time
	Read   bool
	Urgent bool
	Text   string
	Object string
	Record string
	Label  string
}

const (
	pageDefault = 50
	pageMost    = 500
)

// List is a page of a person's inbox, newest first, in a language. next is the
// cursor of the following page, "" at the end.
func (n *Notify) List(tx *sqldb.Tx, user, language string, unread bool, cursor string, limit int) (items []Item, next string, err error) {
	if limit <= 0 {
		limit = pageDefault
	}
	limit = min(limit, pageMost)
	var after *place
	if cursor != "" {
		after = &place{}
		if err := n.Box.OpenCursor(cursor, "inbox/"+user, after); err != nil {
			return nil, "", err
		}
	}
	rows, err := readPage(tx, user, unread, after, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		if next, err = n.Box.Cursor(place{sqldb.Micros(last.at), last.id}, "inbox/"+user); err != nil {
			return nil, "", err
		}
	}
	items, err = n.items(tx, Reader{User: user, Language: language}, rows)
	return items, next, err
}

// row is a stored message of either box.
type row struct {
	id, cause, kind string
	params          map[string]any
	object, record  string
	at              time.Time
	urgent          bool
	readAt          *time.Time
}

// place is where a page ended.
type place struct {
	At int64 // microseconds
	ID string
}

func readPage(tx *sqldb.Tx, user string, unread bool, after *place, limit int) ([]row, error) {
	query, args := `SELECT id, kind, params, object, record, urgent, at, read_at FROM inbox WHERE recipient = $1`, []any{user}
	if unread {
		query += ` AND read_at IS NULL`
	}
	if after != nil {
		query += ` AND (at < $2 OR (at = $3 AND id < $4))`
		args = append(args, after.At, after.At, after.ID)
	}
	query += ` ORDER BY at DESC, id DESC LIMIT ` + strconv.Itoa(limit)
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []row
	for rows.Next() {
		var r row
		var params string
		if err := rows.Scan(&r.id, &r.kind, &params, &r.object, &r.record, &r.urgent, &r.at, &r.readAt); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(params), &r.params); err != nil {
			return nil, fmt.Errorf("inbox row %s: %w", r.id, err)
		}
		out = append(out, r)
	}
	return out, rows.Close()
}

func (n *Notify) items(tx *sqldb.Tx, who Reader, rows []row) ([]Item, error) {
	subjects, err := n.subjects(tx, who, rows)
	if err != nil {
		return nil, err
	}
	out := make([]Item, len(rows))
	for i, r := range rows {
		subject, seen := subjects[r.object+"/"+r.record]
		if r.kind == Changed && seen && n.Changes != nil {
			if err := n.tellChanges(tx, who, &r); err != nil {
				return nil, err
			}
		}
		t := n.text(who, r, subject)
		item := Item{ID: r.id, Kind: r.kind, At: r.at, Read: r.readAt != nil, Urgent: r.urgent, Text: t.line()}
		if seen {
			item.Object, item.Record, item.Label = r.object, r.record, subject.Label
		}
		out[i] = item
	}
	return out, nil
}

// subjects asks for the records of rows, once per object.
func (n *Notify) subjects(tx *sqldb.Tx, who Reader, rows []row) (map[string]Subject, error) {
	ids := map[string][]string{}
	seen := map[string]bool{}
	for _, r := range rows {
		if key := r.object + "/" + r.record; r.record != "" && !seen[key] {
			seen[key] = true
			ids[r.object] = append(ids[r.object], r.record)
		}
	}
	out := map[string]Subject{}
	for object, list := range ids {
		found, err := n.Describe(tx, who, object, list)
		if err != nil {
			return nil, err
		}
		for id, subject := range found {
			out[object+"/"+id] = subject
		}
	}
	return out, nil
}

// Unread counts a person's unread messages.
func (n *Notify) Unread(tx *sqldb.Tx, user string) (int64, error) {
	var count int64
	err := tx.QueryRow(`SELECT COUNT(*) FROM inbox WHERE recipient = $1 AND read_at IS NULL`, user).Scan(&count)
	return count, err
}

// MarkRead marks one message of a person's inbox; a NotFound fault when there
// is none. Doing it again changes nothing.
func (n *Notify) MarkRead(tx *sqldb.Tx, user, id string) error {
	changed, err := tx.Exec(`UPDATE inbox SET read_at = COALESCE(read_at, $1) WHERE id = $2 AND recipient = $3`, tx.Now(), id, user)
	if err != nil {
		return err
	}
	if changed == 0 {
		return fault.New(fault.NotFound, "not_found")
	}
	n.told(tx, user)
	return nil
}

// MarkAll marks everything that a person has not read and tells how many.
func (n *Notify) MarkAll(tx *sqldb.Tx, user string) (int64, error) {
	changed, err := tx.Exec(`UPDATE inbox SET read_at = $1 WHERE recipient = $2 AND read_at IS NULL`, tx.Now(), user)
	if err == nil && changed > 0 {
		n.told(tx, user)
	}
	return changed, err
}

func (n *Notify) told(tx *sqldb.Tx, user string) {
	if n.Told != nil {
		tx.AfterCommit(func() { n.Told([]string{user}) })
	}
}
