package config

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Store reads and writes the documents' tables. Every method takes the
// caller's transaction.
type Store struct{ db *sqldb.DB }

// New makes the store over a database.
func New(db *sqldb.DB) *Store { return &Store{db: db} }

// Current is the number of the live version, 0 before the first.
func (s *Store) Current(tx *sqldb.Tx) (int64, error) {
	var n int64
	err := tx.QueryRow(`SELECT COALESCE(MAX(version), 0) FROM config_version`).Scan(&n)
	return n, err
}

// List gives the live documents of a kind, of all kinds for "", in order.
func (s *Store) List(tx *sqldb.Tx, kind string) ([]Document, error) {
	return documents(tx, `SELECT kind, id, name, body, version FROM config_document WHERE $1 = '' OR kind = $1`, kind)
}

// Get gives a live document, fault.NotFound when there is none.
func (s *Store) Get(tx *sqldb.Tx, kind, name string) (Document, error) {
	found, err := documents(tx,
		`SELECT kind, id, name, body, version FROM config_document WHERE kind = $1 AND name = $2`, kind, name)
	if err != nil {
		return Document{}, err
	}
	if len(found) == 0 {
		return Document{}, notFound(kind, name)
	}
	return found[0], nil
}

func notFound(kind, name string) error {
	return fault.New(fault.NotFound, "document_not_found").With("kind", kind).With("name", name)
}

func documents(tx *sqldb.Tx, sql string, args ...any) ([]Document, error) {
	rows, err := tx.Query(sql, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []Document
	for rows.Next() {
		var d Document
		var body string
		if err := rows.Scan(&d.Kind, &d.ID, &d.Name, &body, &d.Version); err != nil {
			return nil, err
		}
		d.Body = json.RawMessage(body)
		found = append(found, d)
	}
	Sort(found)
	return found, rows.Err()
}

// Version is one published state of the configuration.
type Version struct {
	Number       int64
	At           time.Time
	By           string // user id, "" for the program
	Label        string
	RestoredFrom int64 // the version whose bodies it brought back, 0 if none
	Changes      int   // documents that it changed
}

// Versions lists the newest versions first.
func (s *Store) Versions(tx *sqldb.Tx, limit int) ([]Version, error) {
	rows, err := tx.Query(`SELECT v.version, v.at, v.by_user, v.label, COALESCE(v.restored_from, 0),
			(SELECT COUNT(*) FROM config_history h WHERE h.version = v.version)
		FROM config_version v ORDER BY v.version DESC LIMIT $1`, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []Version
	for rows.Next() {
		var v Version
		var at int64
		if err := rows.Scan(&v.Number, &at, &v.By, &v.Label, &v.RestoredFrom, &v.Changes); err != nil {
			return nil, err
		}
		v.At = sqldb.FromMicros(at)
		found = append(found, v)
	}
	return found, rows.Err()
}

// Version gives one version, fault.NotFound when there is none.
func (s *Store) Version(tx *sqldb.Tx, number int64) (Version, error) {
	v := Version{Number: number}
	var at int64
	err := tx.QueryRow(`SELECT at, by_user, label, COALESCE(restored_from, 0),
			(SELECT COUNT(*) FROM config_history h WHERE h.version = $1)
		FROM config_version WHERE version = $1`, number).Scan(&at, &v.By, &v.Label, &v.RestoredFrom, &v.Changes)
	if isNoRows(err) {
		return v, fault.New(fault.NotFound, "version_not_found").With("version", number)
	}
	v.At = sqldb.FromMicros(at)
	return v, err
}

// At gives the documents as they were at a version.
func (s *Store) At(tx *sqldb.Tx, version int64) ([]Document, error) {
	var n int
	if err := tx.QueryRow(`SELECT COUNT(*) FROM config_version WHERE version = $1`, version).Scan(&n); err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, fault.New(fault.NotFound, "version_not_found").With("version", version)
	}
	return documents(tx, `SELECT h.kind, h.id, h.name, h.body, h.version FROM config_history h
		WHERE h.body IS NOT NULL AND h.version = (SELECT MAX(x.version) FROM config_history x
			WHERE x.kind = h.kind AND x.id = h.id AND x.version <= $1)`, version)
}

// Revision gives a document by its name as it stood at a version.
func (s *Store) Revision(tx *sqldb.Tx, kind, name string, version int64) (Document, error) {
	found, err := documents(tx, `SELECT kind, id, name, body, version FROM config_history
		WHERE kind = $1 AND name = $2 AND version <= $3 AND body IS NOT NULL
		ORDER BY version DESC LIMIT 1`, kind, name, version)
	if err != nil {
		return Document{}, err
	}
	if len(found) == 0 {
		return Document{}, notFound(kind, name)
	}
	return found[0], nil
}

// History lists the versions of one document, newest first; a removed one has no Body.
func (s *Store) History(tx *sqldb.Tx, kind, id string) ([]Document, error) {
	rows, err := tx.Query(`SELECT name, COALESCE(body, ''), version FROM config_history
		WHERE kind = $1 AND id = $2 ORDER BY version DESC`, kind, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []Document
	for rows.Next() {
		d := Document{Kind: kind, ID: id}
		var body string
		if err := rows.Scan(&d.Name, &body, &d.Version); err != nil {
			return nil, err
		}
		if body != "" {
			d.Body = json.RawMessage(body)
		}
		found = append(found, d)
	}
	return found, rows.Err()
}

// Note says who makes a version and why.
type Note struct {
	By           string
	Label        string
	RestoredFrom int64
}

// Commit makes `next` the live documents, as a new version in which only what
// differs is written. When nothing differs, no version is made and the current
// number comes back. The caller has compiled what it commits.
func (s *Store) Commit(tx *sqldb.Tx, next []Document, note Note) (int64, error) {
	live, err := s.List(tx, "")
	if err != nil {
		return 0, err
	}
	current, err := s.Current(tx)
	if err != nil {
		return 0, err
	}
	changes := compare(live, next)
	if len(changes) == 0 && current > 0 {
		return current, nil
	}
	version := current + 1
	var restored any
	if note.RestoredFrom > 0 {
		restored = note.RestoredFrom
	}
	_, err = tx.Exec(`INSERT INTO config_version (version, at, by_user, label, restored_from) VALUES ($1, $2, $3, $4, $5)`,
		version, sqldb.Micros(tx.Now()), note.By, note.Label, restored)
	if _, taken := sqldb.IsUnique(err); taken {
		return 0, fault.New(fault.Conflict, "configuration_changed_meanwhile")
	}
	if err != nil {
		return 0, err
	}
	if err := writeChanges(tx, version, changes); err != nil {
		return 0, err
	}
	return version, audit.Write(tx, published(version, changes, note))
}

// auditedChanges bounds how many documents an audit entry names.
const auditedChanges = 100

// published is what the audit keeps of a version.
func published(version int64, changes []change, note Note) audit.Entry {
	names := []string{}
	for _, c := range changes[:min(len(changes), auditedChanges)] {
		sign := "~"
		switch {
		case c.before == nil:
			sign = "+"
		case c.after == nil:
			sign = "-"
		}
		names = append(names, sign+c.one().Reference())
	}
	e := audit.Entry{
		Kind: "config.published", Target: audit.Target{Kind: "version", ID: strconv.FormatInt(version, 10)},
		Params: map[string]any{"version": version, "label": note.Label, "documents": names, "count": len(changes)},
	}
	if note.RestoredFrom > 0 {
		e.Kind, e.Params["restored_from"] = "config.rolled_back", note.RestoredFrom
	}
	return e
}

// writeChanges removes first, so that a name which moves to another document is free.
func writeChanges(tx *sqldb.Tx, version int64, changes []change) error {
	for _, c := range changes {
		if _, err := tx.Exec(`DELETE FROM config_document WHERE kind = $1 AND id = $2`, c.kind(), c.id()); err != nil {
			return err
		}
	}
	for _, c := range changes {
		var body any
		name := ""
		if c.after != nil {
			body, name = string(c.after.Body), c.after.Name
			_, err := tx.Exec(`INSERT INTO config_document (kind, id, name, body, version) VALUES ($1, $2, $3, $4, $5)`,
				c.kind(), c.id(), name, body, version)
			if _, taken := sqldb.IsUnique(err); taken {
				return fault.New(fault.Invalid, "duplicate_document").With("document", c.after.Reference())
			}
			if err != nil {
				return err
			}
		} else {
			name = c.before.Name
		}
		_, err := tx.Exec(`INSERT INTO config_history (version, kind, id, name, body) VALUES ($1, $2, $3, $4, $5)`,
			version, c.kind(), c.id(), name, body)
		if err != nil {
			return err
		}
	}
	return nil
}

// change is one document before and after, either may be absent.
type change struct{ before, after *Document }

func (c change) one() *Document {
	if c.after != nil {
		return c.after
	}
	return c.before
}

func (c change) kind() string { return c.one().Kind }
func (c change) id() string   { return c.one().ID }

// compare pairs documents by kind and id and leaves out those that are the same.
func compare(before, after []Document) []change {
	type key struct{ kind, id string }
	was := make(map[key]*Document, len(before))
	for i, d := range before {
		was[key{d.Kind, d.ID}] = &before[i]
	}
	var changes []change
	for i, d := range after {
		old := was[key{d.Kind, d.ID}]
		delete(was, key{d.Kind, d.ID})
		if old == nil || old.Name != d.Name || string(old.Body) != string(d.Body) {
			changes = append(changes, change{before: old, after: &after[i]})
		}
	}
	for i, d := range before {
		if was[key{d.Kind, d.ID}] != nil {
			changes = append(changes, change{before: &before[i]})
		}
	}
	return changes
}

func isNoRows(err error) bool { return errors.Is(err, sqldb.ErrNoRows) }
