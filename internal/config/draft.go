package config

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Draft is a set of documents laid over the live ones, not yet in force.
type Draft struct {
	ID        string
	Label     string
	Base      int64 // the live version when it was begun
	CreatedAt time.Time
	CreatedBy string
	Published int64 // the version it became, 0 while it is open
}

// CreateDraft begins a draft on the live version.
func (s *Store) CreateDraft(tx *sqldb.Tx, label, by string) (Draft, error) {
	base, err := s.Current(tx)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{ID: s.db.NewID(), Label: label, Base: base, CreatedAt: tx.Now(), CreatedBy: by}
	_, err = tx.Exec(`INSERT INTO config_draft (id, label, base, created_at, created_by) VALUES ($1, $2, $3, $4, $5)`,
		d.ID, d.Label, d.Base, sqldb.Micros(d.CreatedAt), d.CreatedBy)
	return d, err
}

// Draft finds a draft, fault.NotFound when there is none.
func (s *Store) Draft(tx *sqldb.Tx, id string) (Draft, error) {
	d := Draft{ID: id}
	var at int64
	err := tx.QueryRow(`SELECT label, base, created_at, created_by, COALESCE(published_as, 0) FROM config_draft WHERE id = $1`, id).
		Scan(&d.Label, &d.Base, &at, &d.CreatedBy, &d.Published)
	if isNoRows(err) {
		return d, fault.New(fault.NotFound, "draft_not_found").With("draft", id)
	}
	d.CreatedAt = sqldb.FromMicros(at)
	return d, err
}

// Drafts lists the open drafts, newest first.
func (s *Store) Drafts(tx *sqldb.Tx) ([]Draft, error) {
	rows, err := tx.Query(`SELECT id, label, base, created_at, created_by FROM config_draft
		WHERE published_as IS NULL ORDER BY id DESC`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []Draft
	for rows.Next() {
		var d Draft
		var at int64
		if err := rows.Scan(&d.ID, &d.Label, &d.Base, &at, &d.CreatedBy); err != nil {
			return nil, err
		}
		d.CreatedAt = sqldb.FromMicros(at)
		found = append(found, d)
	}
	return found, rows.Err()
}

// DropDraft forgets an open draft and what is in it.
func (s *Store) DropDraft(tx *sqldb.Tx, id string) error {
	if err := s.Hold(tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM config_draft_document WHERE draft = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM config_draft WHERE id = $1`, id)
	return err
}

// Hold keeps an open draft for this unit: whoever else writes into it, or
// publishes it, waits for the unit's end.
func (s *Store) Hold(tx *sqldb.Tx, id string) error {
	var held string
	err := tx.QueryRow(`SELECT id FROM config_draft WHERE id = $1`+tx.Dialect().Lock(), id).Scan(&held)
	if err != nil && !isNoRows(err) {
		return err
	}
	_, err = s.open(tx, id)
	return err
}

func (s *Store) open(tx *sqldb.Tx, id string) (Draft, error) {
	d, err := s.Draft(tx, id)
	if err == nil && d.Published > 0 {
		err = fault.New(fault.Conflict, "draft_published").With("version", d.Published)
	}
	return d, err
}

// Put lays a document into an open draft and returns it with its permanent
// ids. It replaces the one of the same id, else the one of the same name. It need not be
// right yet: what is wrong is told when the draft is validated.
func (s *Store) Put(tx *sqldb.Tx, draft string, d Document) (Document, error) {
	if err := s.Hold(tx, draft); err != nil {
		return d, err
	}
	proposed, err := s.Proposed(tx, draft)
	if err != nil {
		return d, err
	}
	if d, err = Complete(proposed, d, s.db.NewID); err != nil {
		return d, err
	}
	return d, putRow(tx, draft, d, string(d.Body))
}

// Remove takes a document out of what a draft proposes.
func (s *Store) Remove(tx *sqldb.Tx, draft, kind, name string) error {
	if err := s.Hold(tx, draft); err != nil {
		return err
	}
	proposed, err := s.Proposed(tx, draft)
	if err != nil {
		return err
	}
	for _, d := range proposed {
		if d.Kind == kind && d.Name == name {
			return putRow(tx, draft, d, nil)
		}
	}
	return notFound(kind, name)
}

func putRow(tx *sqldb.Tx, draft string, d Document, body any) error {
	_, err := tx.Exec(`INSERT INTO config_draft_document (draft, kind, id, name, body, source) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (draft, kind, id) DO UPDATE SET name = excluded.name, body = excluded.body, source = excluded.source`,
		draft, d.Kind, d.ID, d.Name, body, d.Source)
	return err
}

// Complete gives a document the permanent ids that it has among others, by id
// first and then by name, and new ones where it is new.
func Complete(among []Document, d Document, newID func() string) (Document, error) {
	var earlier *Document
	for i, one := range among {
		if one.Kind != d.Kind {
			continue
		}
		if d.ID != "" && one.ID == d.ID {
			earlier = &among[i]
			break
		}
		if one.Name == d.Name && earlier == nil {
			earlier = &among[i]
		}
	}
	return identify(d, earlier, newID)
}

// Overlay lays documents over others by kind and id; one without a body removes.
func Overlay(under, over []Document) []Document {
	type key struct{ kind, id string }
	at := make(map[key]int, len(under))
	out := append([]Document(nil), under...)
	for i, d := range out {
		at[key{d.Kind, d.ID}] = i
	}
	for _, d := range over {
		if i, ok := at[key{d.Kind, d.ID}]; ok {
			out[i] = d
			continue
		}
		at[key{d.Kind, d.ID}] = len(out)
		out = append(out, d)
	}
	kept := out[:0]
	for _, d := range out {
		if d.Body != nil {
			kept = append(kept, d)
		}
	}
	Sort(kept)
	return kept
}

// InDraft gives the documents that a draft holds; a removed one has no body.
func (s *Store) InDraft(tx *sqldb.Tx, draft string) ([]Document, error) {
	rows, err := tx.Query(`SELECT kind, id, name, COALESCE(body, ''), source FROM config_draft_document WHERE draft = $1`, draft)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []Document
	for rows.Next() {
		var d Document
		var body string
		if err := rows.Scan(&d.Kind, &d.ID, &d.Name, &body, &d.Source); err != nil {
			return nil, err
		}
		if body != "" {
			d.Body = json.RawMessage(body)
		}
		found = append(found, d)
	}
	Sort(found)
	return found, rows.Err()
}

// Proposed gives all documents as they will be when the draft is published.
func (s *Store) Proposed(tx *sqldb.Tx, draft string) ([]Document, error) {
	if _, err := s.open(tx, draft); err != nil {
		return nil, err
	}
	live, err := s.List(tx, "")
	if err != nil {
		return nil, err
	}
	laid, err := s.InDraft(tx, draft)
	if err != nil {
		return nil, err
	}
	return Overlay(live, laid), nil
}

// Outdated names the draft's documents that were changed by someone else since
// it was begun: publishing would undo that.
func (s *Store) Outdated(tx *sqldb.Tx, draft string) ([]string, error) {
	rows, err := tx.Query(`SELECT DISTINCT x.kind, x.name FROM config_draft_document x
		JOIN config_draft d ON d.id = x.draft
		JOIN config_history h ON h.kind = x.kind AND h.id = x.id AND h.version > d.base
		WHERE x.draft = $1 ORDER BY x.kind, x.name`, draft)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []string
	for rows.Next() {
		var d Document
		if err := rows.Scan(&d.Kind, &d.Name); err != nil {
			return nil, err
		}
		found = append(found, d.Reference())
	}
	return found, rows.Err()
}

// MarkPublished closes a draft.
func (s *Store) MarkPublished(tx *sqldb.Tx, draft string, version int64) error {
	_, err := tx.Exec(`UPDATE config_draft SET published_as = $2 WHERE id = $1`, draft, version)
	return err
}

// Forget takes a document out of an open draft: what is in force holds for it again.
func (s *Store) Forget(tx *sqldb.Tx, draft, kind, name string) error {
	if err := s.Hold(tx, draft); err != nil {
		return err
	}
	n, err := tx.Exec(`DELETE FROM config_draft_document WHERE draft = $1 AND kind = $2 AND name = $3`, draft, kind, name)
	if err == nil && n == 0 {
		err = notFound(kind, name)
	}
	return err
}

// Rebase moves an open draft to the live version, so that what was published
// since is known to its writer: of the documents that others changed meanwhile,
// those in theirs are forgotten and those in mine win. One that is in
// neither is a Conflict.
func (s *Store) Rebase(tx *sqldb.Tx, draft string, mine, theirs []string) error {
	if err := s.Hold(tx, draft); err != nil {
		return err
	}
	outdated, err := s.Outdated(tx, draft)
	if err != nil {
		return err
	}
	for _, reference := range outdated {
		kind, name, _ := strings.Cut(reference, "/")
		switch {
		case slices.Contains(theirs, reference):
			if err := s.Forget(tx, draft, kind, name); err != nil {
				return err
			}
		case !slices.Contains(mine, reference):
			return fault.New(fault.Conflict, "draft_outdated").With("documents", reference)
		}
	}
	current, err := s.Current(tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE config_draft SET base = $2 WHERE id = $1`, draft, current)
	return err
}
