package bundle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/sqldb"
)

// Upgrade gives a company that began with an earlier template what a new
// release's template has of kinds that the company never had a document of,
// and the fields of its own objects which those may need. It only ever adds:
// what the company changed stays, and what it once deleted does not come back.
// It says which documents it added or extended.
func Upgrade(ctx context.Context, db *sqldb.DB, c *catalog.Catalog, template string) ([]string, error) {
	if c.Current().Version == 0 {
		return nil, nil
	}
	documents, err := Template(template)
	if err != nil {
		return nil, err
	}
	known, err := knownTo(ctx, db)
	if err != nil {
		return nil, err
	}
	var added []config.Document
	for _, d := range documents {
		if !known.kinds[d.Kind] {
			added = append(added, d)
		}
	}
	if len(added) == 0 || !known.descends(documents) {
		return nil, nil
	}
	extended, err := known.extend(c.Current(), documents)
	if err != nil {
		return nil, err
	}
	return publish(ctx, c, template, extended, added)
}

// publish adds all at once, or, where the company's own configuration stands
// against that, each document by itself as far as it goes.
func publish(ctx context.Context, c *catalog.Catalog, template string, extended, added []config.Document) ([]string, error) {
	note := config.Note{Label: "upgrade of template " + template}
	all := append(extended, added...)
	_, err := c.Apply(ctx, all, note)
	if err == nil {
		return references(all), nil
	}
	problems := []error{fmt.Errorf("all at once: %w", err)}
	var done []config.Document
	for _, d := range all {
		if _, err := c.Apply(ctx, []config.Document{d}, note); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", d.Reference(), err))
			continue
		}
		done = append(done, d)
	}
	return references(done), errors.Join(problems...)
}

func references(documents []config.Document) []string {
	out := make([]string, 0, len(documents))
	for _, d := range documents {
		out = append(out, d.Reference())
	}
	return out
}

// history is what a company has, or once had.
type history struct {
	kinds  map[string]bool
	ids    map[string]bool // of documents
	fields map[string]bool // permanent ids that ever had a column
}

func knownTo(ctx context.Context, db *sqldb.DB) (history, error) {
	h := history{kinds: map[string]bool{}, ids: map[string]bool{}, fields: map[string]bool{}}
	err := db.Read(ctx, func(tx *sqldb.Tx) error {
		columns := map[string]bool{}
		err := errors.Join(
			each(tx, "SELECT DISTINCT kind FROM config_history", h.kinds),
			each(tx, "SELECT DISTINCT id FROM config_history", h.ids),
			each(tx, "SELECT id FROM physical_name WHERE kind='c'", columns),
		)
		for column := range columns {
			// A column is given to "object field way-of-storing".
			if parts := strings.Fields(column); len(parts) > 1 {
				h.fields[parts[1]] = true
			}
		}
		return err
	})
	return h, err
}

func each(tx *sqldb.Tx, sql string, into map[string]bool) error {
	rows, err := tx.Query(sql)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return err
		}
		into[one] = true
	}
	return rows.Err()
}

// descends tells whether the company began with the template: it has, or had, one of its documents.
func (h history) descends(documents []config.Document) bool {
	for _, d := range documents {
		if h.ids[d.ID] {
			return true
		}
	}
	return false
}

// extend gives the company's objects the template's fields that they never had.
func (h history) extend(s *catalog.Snapshot, documents []config.Document) ([]config.Document, error) {
	var out []config.Document
	for _, d := range documents {
		object, live := s.ObjectByID(d.ID)
		if d.Kind != "object" || !live {
			continue
		}
		own, err := s.Document("object", object.Name)
		if err != nil {
			return nil, err
		}
		body, grew, err := h.withFields(own.Body, d.Body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", own.Reference(), err)
		}
		if grew {
			own.Body = body
			out = append(out, own)
		}
	}
	return out, nil
}

// withFields appends to one object's body the fields of another that never had a column.
func (h history) withFields(own, template json.RawMessage) (json.RawMessage, bool, error) {
	body, err := decode(own)
	if err != nil {
		return nil, false, err
	}
	model, err := decode(template)
	if err != nil {
		return nil, false, err
	}
	fields, _ := body["fields"].([]any)
	taken := map[any]bool{}
	for _, f := range fields {
		if f, ok := f.(map[string]any); ok {
			taken[f["id"]], taken[f["name"]] = true, true
		}
	}
	grew := false
	proposed, _ := model["fields"].([]any)
	for _, f := range proposed {
		f, ok := f.(map[string]any)
		id, named := f["id"].(string)
		if !ok || !named || h.fields[id] || taken[id] || taken[f["name"]] {
			continue
		}
		fields, grew = append(fields, f), true
	}
	body["fields"] = fields
	raw, err := config.Canonical(body)
	return raw, grew, err
}

func decode(raw json.RawMessage) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var body map[string]any
	err := decoder.Decode(&body)
	return body, err
}
