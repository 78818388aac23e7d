package api

import (
	"net/http"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/match"
	"clew.dev/clew/internal/merge"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/search"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) mergeRoutes() []Route {
	const one = Prefix + "/records/{object}/{id}"
	own := SignedIn("both records within the caller's scope: one to change, one to delete")
	return []Route{
		{
			Method: http.MethodGet, Path: one + "/duplicates", Tag: "records", Summary: "Records that may mean the same.",
			Policy: SignedIn("answers only with records that the caller may read"), Out: LikelyDuplicates{}, Handle: s.likelyDuplicates,
		},
		{
			Method: http.MethodPost, Path: one + "/merge", Tag: "records", Summary: "Merge another record into this one.", Policy: own, In: MergeWish{}, Out: MergePreview{}, Handle: s.mergeRecords,
			Query: []Parameter{{"dry_run", "1: only say what it would do"}},
		},
		{Method: http.MethodPost, Path: one + "/merge/undo", Tag: "records", Summary: "Make two records of the last merge again.", Policy: own, Out: Reference{}, Handle: s.undoMerge},
	}
}

// MergeWish is the record to merge into this one, and whose value each field
// takes: "this" or "other". A field that is not named keeps this record's
// value, the other's where this one has none.
type MergeWish struct {
	Other  string            `json:"other"`
	Fields map[string]string `json:"fields,omitempty"`
}

// MergePreview is what a merge does: the fields in which the records differ,
// and what points to the other record.
type MergePreview struct {
	Fields     []MergeField     `json:"fields"`
	References []MergeReference `json:"references"`
	Merged     bool             `json:"merged"`
}

// MergeField is a field with both values; Chosen is "this" or "other".
type MergeField struct {
	Name   string `json:"name"`
	Label  string `json:"label"`
	This   string `json:"this,omitempty"`
	Other  string `json:"other,omitempty"`
	Chosen string `json:"chosen"`
	Fixed  bool   `json:"fixed,omitempty"` // not the caller's to choose
}

// MergeReference is how many records of an object move along.
type MergeReference struct {
	Object string `json:"object"`
	Label  string `json:"label"`
	Count  int    `json:"count"`
}

// LikelyDuplicates are the records that may mean the same; Merged tells whether
// others became part of this one already.
type LikelyDuplicates struct {
	Items  []DuplicateView `json:"items"`
	Merged bool            `json:"merged"`
}

// DuplicateView is a record that may mean the same, and why.
type DuplicateView struct {
	ID    string     `json:"id"`
	Label string     `json:"label,omitempty"`
	Owner *Reference `json:"owner,omitempty"`
	Same  []string   `json:"same"` // labels of the fields that are the same; empty for a similar name
}

// mergeWish reads the path and the body.
func (s *Server) mergeWish(c *Call) (merge.Wish, *schema.Object, error) {
	w := merge.Wish{Asker: c.User.ID, Grants: c.Grants, Winner: c.Param("id"), Take: map[string]bool{}}
	object, visible, err := s.seen(c, access.Update)
	if err != nil {
		return w, nil, err
	}
	if !c.Grants.Can(object, access.Delete) {
		return w, nil, fault.New(fault.Forbidden, "forbidden")
	}
	w.Object = object
	return w, visible, nil
}

func (s *Server) mergeRecords(c *Call) error {
	w, visible, err := s.mergeWish(c)
	if err != nil {
		return err
	}
	var body MergeWish
	if err := c.Decode(&body); err != nil {
		return err
	}
	if w.Loser = body.Other; !isText(w.Loser) {
		return fault.New(fault.NotFound, "not_found")
	}
	var faults fault.Collector
	for _, name := range sortedNames(body.Fields) {
		f, ok := visible.Field(name)
		switch {
		case !ok:
			faults.Add(&fault.Field{Path: "fields." + name, Code: "unknown_field"})
		case f.ReadOnly || c.Grants.Field(f) < access.Writable:
			faults.Add(&fault.Field{Path: "fields." + name, Code: "read_only"})
		case body.Fields[name] != "this" && body.Fields[name] != "other":
			faults.Add(&fault.Field{Path: "fields." + name, Code: "unknown_choice"})
		default:
			w.Take[f.ID] = body.Fields[name] == "other"
		}
	}
	if err := faults.Err(); err != nil {
		return err
	}
	var preview MergePreview
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		plan, err := s.Merges.Plan(tx, w)
		if err != nil {
			return err
		}
		preview, err = s.mergePreview(c, tx, visible, plan)
		return err
	})
	if err != nil || c.Query("dry_run") == "1" {
		return c.answerUnless(err, preview)
	}
	preview.Merged = true
	return c.answerUnless(c.Write(func(tx *sqldb.Tx) error { return s.Merges.Merge(tx, w) }), preview)
}

func (c *Call) answerUnless(err error, body any) error {
	if err != nil {
		return err
	}
	return c.JSON(body)
}

func (s *Server) mergePreview(c *Call, tx *sqldb.Tx, visible *schema.Object, plan merge.Plan) (MergePreview, error) {
	preview := MergePreview{Fields: []MergeField{}, References: []MergeReference{}}
	labels, err := s.referenceLabels(s.reader(c, tx), visible.Fields, []query.Row{plan.Winner, plan.Loser})
	if err != nil {
		return preview, err
	}
	for _, f := range visible.Fields {
		this, other := plan.Winner.Values[f.ID], plan.Loser.Values[f.ID]
		if record.Equal(this, other) {
			continue
		}
		field := MergeField{Name: f.Name, Label: c.Label(f.Label), This: c.wording(f, plan.Winner, labels), Other: c.wording(f, plan.Loser, labels), Chosen: "this"}
		if _, taken := plan.Set[f.ID]; taken {
			field.Chosen = "other"
		}
		field.Fixed = f.ReadOnly || c.Grants.Field(f) < access.Writable
		preview.Fields = append(preview.Fields, field)
	}
	preview.References, err = s.readableReferences(c, tx, plan.References)
	return preview, err
}

// wording is a value as a person reads it.
func (c *Call) wording(f *schema.Field, row query.Row, labels map[string]string) string {
	text := ""
	for _, column := range c.fieldColumns(f) {
		if cell := column.cell(row, labels).Text; cell != "" && text != "" {
			text += " " + cell
		} else {
			text += cell
		}
	}
	return text
}

// readableReferences counts, by object, what the caller may read of what moves along.
func (s *Server) readableReferences(c *Call, tx *sqldb.Tx, references []merge.Reference) ([]MergeReference, error) {
	ids := map[string][]string{}
	for _, r := range references {
		ids[r.Object] = append(ids[r.Object], r.ID)
	}
	counts := []MergeReference{}
	for _, object := range s.Snapshot().Objects {
		found, err := s.reader(c, tx).Readable(object, ids[object.ID])
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			counts = append(counts, MergeReference{object.Name, c.Label(object.Plural), len(found)})
		}
	}
	return counts, nil
}

func (s *Server) undoMerge(c *Call) error {
	w, _, err := s.mergeWish(c)
	if err != nil {
		return err
	}
	var loser string
	err = c.Write(func(tx *sqldb.Tx) (err error) {
		loser, err = s.Merges.Undo(tx, w)
		return err
	})
	return c.answerUnless(err, Reference{ID: loser})
}

// likelyMost is how many records that may mean the same are named.
const likelyMost = 10

func (s *Server) likelyDuplicates(c *Call) error {
	list := LikelyDuplicates{Items: []DuplicateView{}}
	err := s.readable(c, func(r *record.Reader, visible *schema.Object, row query.Row) error {
		parts, err := merge.Parts(r.Tx, row.ID)
		if err != nil {
			return err
		}
		list.Merged = len(parts) > 0
		found, same, err := s.sameKeys(r, visible, row)
		if err != nil {
			return err
		}
		similar, err := similarNames(r, visible, row)
		if err != nil {
			return err
		}
		for _, other := range append(found, similar...) {
			if _, named := same[other.ID]; !named {
				same[other.ID] = nil
				found = append(found, other)
			}
		}
		for _, other := range found[:min(len(found), likelyMost)] {
			view := DuplicateView{ID: other.ID, Label: titleOf(visible, other), Same: []string{}}
			for _, f := range same[other.ID] {
				view.Same = append(view.Same, c.Label(f.Label))
			}
			if f, ok := visible.Field(visible.OwnerField); ok {
				owner, _ := other.Values[f.ID].(string)
				view.Owner = c.UserReference(owner)
			}
			list.Items = append(list.Items, view)
		}
		return nil
	})
	return c.answerUnless(err, list)
}

// sameKeys are the other records with the same value in a field that is a match key.
func (s *Server) sameKeys(r *record.Reader, visible *schema.Object, row query.Row) ([]query.Row, map[string][]*schema.Field, error) {
	var found []query.Row
	same := map[string][]*schema.Field{}
	for _, key := range visible.Keys {
		f, ok := visible.Field(key.Field)
		if !ok || row.Values[f.ID] == nil {
			continue
		}
		page, err := r.List(record.Listing{Object: visible.Name, Also: query.Where(f, expr.OpEqual, row.Values[f.ID]), Limit: likelyMost + 1})
		if err != nil {
			return nil, nil, err
		}
		for _, other := range page.Rows {
			if other.ID == row.ID {
				continue
			}
			if same[other.ID] == nil {
				found = append(found, other)
			}
			same[other.ID] = append(same[other.ID], f)
		}
	}
	return found, same, nil
}

// similarNames are the other records whose name is found by this one's, without its legal form.
func similarNames(r *record.Reader, visible *schema.Object, row query.Row) ([]query.Row, error) {
	name := match.Normalise(match.Company, titleOf(visible, row))
	terms := search.Terms(name)
	if len([]rune(name)) < 2 || len(terms) == 0 || len(search.Searchable(visible)) == 0 {
		return nil, nil
	}
	hits, err := (&search.Finder{Reader: r, Object: visible, Terms: terms}).Find(likelyMost, nil)
	var others []query.Row
	for _, hit := range hits.Rows {
		if hit.ID != row.ID {
			others = append(others, hit)
		}
	}
	return others, err
}
