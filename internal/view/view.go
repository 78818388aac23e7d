package view

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// View is a saved list of an object's records. Its shape is in stored form.
type View struct {
	ID, Object, Label string // Object is the permanent id
	Owner             string
	Department        string // that shares it; "" is the owner's alone
	Shape             Shape
	Created, Updated  time.Time
}

const (
	longestLabel = 60
	mostOwned    = 100 // views of one person and object
)

const columns = `id, object, label, owner, department, shape, created_at, updated_at`

// Seen lists the views of an object that a person finds: his own, then those
// of the departments that he belongs to, in the order in which they were made.
func Seen(tx *sqldb.Tx, object, person string, departments []string) ([]View, error) {
	sql, args := `SELECT `+columns+` FROM saved_view WHERE object = $1 AND (owner = $2`, []any{object, person}
	for _, department := range departments {
		args = append(args, department)
		sql += fmt.Sprintf(" OR department = $%d", len(args))
	}
	return read(tx, sql+`) ORDER BY created_at, id`, args...)
}

// Find is a view by id; NotFound when there is none.
func Find(tx *sqldb.Tx, id string) (View, error) {
	found, err := read(tx, `SELECT `+columns+` FROM saved_view WHERE id = $1`, id)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return View{}, err
	}
	return found[0], nil
}

func read(tx *sqldb.Tx, sql string, args ...any) ([]View, error) {
	rows, err := tx.Query(sql, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []View
	for rows.Next() {
		var v View
		var shape string
		var created, updated int64
		if err := rows.Scan(&v.ID, &v.Object, &v.Label, &v.Owner, &v.Department, &shape, &created, &updated); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(shape), &v.Shape); err != nil {
			return nil, fmt.Errorf("view %s: %w", v.ID, err)
		}
		v.Created, v.Updated = sqldb.FromMicros(created), sqldb.FromMicros(updated)
		out = append(out, v)
	}
	return out, rows.Err()
}

// checkLabel cleans a view's label.
func checkLabel(label string) (string, error) {
	label = strings.TrimSpace(schema.Clean(label))
	switch {
	case label == "":
		return "", fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "label", Code: "required"})
	case len([]rune(label)) > longestLabel:
		return "", fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "label", Code: "too_long", Params: map[string]any{"max": longestLabel}})
	}
	return label, nil
}

// Add keeps a new view under its id.
func Add(tx *sqldb.Tx, v View) (View, error) {
	var err error
	if v.Label, err = checkLabel(v.Label); err != nil {
		return v, err
	}
	var owned int
	if err := tx.QueryRow(`SELECT count(*) FROM saved_view WHERE owner = $1 AND object = $2`, v.Owner, v.Object).Scan(&owned); err != nil {
		return v, err
	}
	if owned >= mostOwned {
		return v, fault.New(fault.Invalid, "too_many_views").With("max", mostOwned)
	}
	shape, err := json.Marshal(v.Shape)
	if err != nil {
		return v, err
	}
	v.Created, v.Updated = tx.Now(), tx.Now()
	_, err = tx.Exec(`INSERT INTO saved_view (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		v.ID, v.Object, v.Label, v.Owner, v.Department, string(shape), sqldb.Micros(v.Created), sqldb.Micros(v.Updated))
	return v, err
}

// Change writes a view's label, department and shape.
func Change(tx *sqldb.Tx, v View) (View, error) {
	var err error
	if v.Label, err = checkLabel(v.Label); err != nil {
		return v, err
	}
	shape, err := json.Marshal(v.Shape)
	if err != nil {
		return v, err
	}
	v.Updated = tx.Now()
	_, err = tx.Exec(`UPDATE saved_view SET label = $1, department = $2, shape = $3, updated_at = $4 WHERE id = $5`,
		v.Label, v.Department, string(shape), sqldb.Micros(v.Updated), v.ID)
	return v, err
}

// Remove deletes a view.
func Remove(tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM saved_view WHERE id = $1`, id)
	return err
}

// Preference is how one person likes the views of an object.
type Preference struct {
	Standard string   `json:"default"` // the view that he begins with, "" for the usual one
	Tabs     []string `json:"order"`   // the views in his order; others follow
}

// PreferenceOf reads a person's preference; the zero one when he never said.
func PreferenceOf(tx *sqldb.Tx, person, object string) (Preference, error) {
	rows, err := tx.Query(`SELECT standard, tabs FROM view_preference WHERE account_id = $1 AND object = $2`, person, object)
	if err != nil {
		return Preference{}, err
	}
	defer func() { _ = rows.Close() }()
	p := Preference{Tabs: []string{}}
	if rows.Next() {
		var tabs string
		if err := rows.Scan(&p.Standard, &tabs); err != nil {
			return p, err
		}
		if err := json.Unmarshal([]byte(tabs), &p.Tabs); err != nil {
			return p, fmt.Errorf("view preference of %s: %w", person, err)
		}
	}
	return p, rows.Err()
}

// Prefer keeps a person's preference.
func Prefer(tx *sqldb.Tx, person, object string, p Preference) error {
	if len(p.Tabs) > 2*mostOwned {
		return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "order", Code: "too_many", Params: map[string]any{"max": 2 * mostOwned}})
	}
	tabs, err := json.Marshal(append([]string{}, p.Tabs...))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO view_preference (account_id, object, standard, tabs) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account_id, object) DO UPDATE SET standard = excluded.standard, tabs = excluded.tabs`,
		person, object, p.Standard, string(tabs))
	return err
}
