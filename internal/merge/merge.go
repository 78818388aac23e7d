// Package merge makes one record of two that mean the same, and two again.
//
// The winner takes the values that were chosen, everything that pointed to the
// loser points to the winner, the loser's match keys meet the winner, and the
// loser is deleted with a pointer: its address leads to the winner, on which
// both threads are read. It is one transaction through record.Store.Apply, and
// what it did is kept, so that it can be undone while nobody changed it since.
package merge

import (
	"bytes"
	"encoding/json"
	"errors"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// mostReferences is how many records may point to a loser: they are moved in one transaction.
const mostReferences = 500

// Service merges records. Its fields are set once, by the server.
type Service struct {
	Records  *record.Store
	Snapshot func() *catalog.Snapshot
}

// Wish is two records of one object, and of which fields the loser's value is to be taken.
type Wish struct {
	Asker  string
	Grants *access.Grants
	Object *schema.Object
	Winner string
	Loser  string
	Take   map[string]bool // by field id; absent fills the winner's blanks
}

// Plan is what a merge would do.
type Plan struct {
	Winner, Loser query.Row
	Set           map[string]any // values that the winner would take, by field id
	References    []Reference
}

// Reference is a record that points to the loser.
type Reference struct {
	Object string `json:"object"` // permanent id
	Field  string `json:"field"`
	ID     string `json:"id"`
}

// detail is what was done, as it is kept.
type detail struct {
	References []Reference       `json:"references,omitempty"`
	Keys       [][3]string       `json:"keys,omitempty"` // scope, kind, value
	Changed    map[string][2]any `json:"changed,omitempty"`
	Followers  []string          `json:"followers,omitempty"` // that came to the winner
	Revision   int64             `json:"revision"`            // of the loser, deleted
}

// Plan reads both records within the asker's rights: he must be allowed to
// change the winner and to delete the loser.
func (s *Service) Plan(tx *sqldb.Tx, w Wish) (Plan, error) {
	var p Plan
	var err error
	if w.Winner == w.Loser {
		return p, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "other", Code: "same_record"})
	}
	if p.Winner, err = one(tx, w.Object, w.Winner, w.Grants.Scope(w.Object, access.Update)); err != nil {
		return p, err
	}
	if p.Loser, err = one(tx, w.Object, w.Loser, w.Grants.Scope(w.Object, access.Delete)); err != nil {
		return p, err
	}
	p.Set = chosen(w, p.Winner, p.Loser)
	p.References, err = s.references(tx, w.Object, w.Loser)
	return p, err
}

func one(tx *sqldb.Tx, o *schema.Object, id string, scope query.Condition) (query.Row, error) {
	rows, err := record.Select(tx, query.Select{Object: o, Fields: o.Fields, Where: query.And{query.System("id", "=", id), scope}, Limit: 1, Lock: false})
	if err != nil {
		return query.Row{}, err
	}
	if len(rows) == 0 {
		return query.Row{}, fault.New(fault.NotFound, "not_found")
	}
	return rows[0], nil
}

// chosen are the loser's values that the winner takes: those that were asked
// for, and what is blank on the winner unless it was asked to stay so.
func chosen(w Wish, winner, loser query.Row) map[string]any {
	set := map[string]any{}
	for _, f := range w.Object.Fields {
		if f.ReadOnly || f.Type == "auto_number" {
			continue
		}
		take, asked := w.Take[f.ID]
		if !asked {
			take = winner.Values[f.ID] == nil && loser.Values[f.ID] != nil
		}
		if take && !record.Equal(winner.Values[f.ID], loser.Values[f.ID]) {
			set[f.ID] = loser.Values[f.ID]
		}
	}
	return set
}

// references are the live records of any object that point to the record.
func (s *Service) references(tx *sqldb.Tx, object *schema.Object, id string) ([]Reference, error) {
	var found []Reference
	for _, other := range s.Snapshot().Objects {
		for _, f := range other.Fields {
			if f.Type != "reference" || f.ObjectName != object.Name {
				continue
			}
			rows, err := record.Select(tx, query.Select{Object: other, Where: query.Where(f, expr.OpEqual, id), Limit: mostReferences + 1})
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				found = append(found, Reference{other.ID, f.ID, row.ID})
			}
		}
	}
	if len(found) > mostReferences {
		return nil, fault.New(fault.Conflict, "too_many_references").With("max", mostReferences)
	}
	return found, nil
}

// Merge makes one record of two.
func (s *Service) Merge(tx *sqldb.Tx, w Wish) error {
	p, err := s.Plan(tx, w)
	if err != nil {
		return err
	}
	d := detail{References: p.References, Changed: map[string][2]any{}}
	if d.Keys, err = keysOf(tx, w.Loser); err != nil {
		return err
	}
	if err := s.point(tx, w, p.References, w.Loser, w.Winner); err != nil {
		return err
	}
	deleted, err := s.Records.Apply(tx, s.change(w, w.Loser, record.Delete, w.Winner))
	if err != nil {
		return err
	}
	d.Revision = deleted.Row.Revision
	change := s.change(w, w.Winner, record.Update, w.Loser)
	change.Set = p.Set
	merged, err := s.Records.Apply(tx, change)
	if err != nil {
		return err
	}
	for id := range p.Set {
		f, _ := w.Object.FieldByID(id)
		d.Changed[id] = [2]any{storedOrNil(f, merged.Before.Values[id]), storedOrNil(f, merged.Row.Values[id])}
	}
	if err := handOver(tx, w, d.Keys, record.IsOpen(w.Object, merged.Row)); err != nil {
		return err
	}
	if d.Followers, err = moveFollowers(tx, w.Loser, w.Winner); err != nil {
		return err
	}
	return s.keep(tx, w, d)
}

// handOver lets the loser's keys lead to the winner. One that is closed meets
// only what its source calls by its own id.
func handOver(tx *sqldb.Tx, w Wish, keys [][3]string, open bool) error {
	for _, k := range keys {
		if !open && k[0] == w.Object.ID {
			continue
		}
		if _, err := tx.Exec("INSERT INTO match_key(scope,kind,value,record) VALUES($1,$2,$3,$4) ON CONFLICT (scope,kind,value) DO NOTHING", k[0], k[1], k[2], w.Winner); err != nil {
			return err
		}
	}
	return nil
}

// moveFollowers lets those who follow one record follow the other too, but for
// who said about that one that he does not want to; it names who came.
func moveFollowers(tx *sqldb.Tx, from, to string) ([]string, error) {
	rows, err := tx.Query(`INSERT INTO follower (record, account_id, muted, at)
		SELECT $2, account_id, 0, at FROM follower WHERE record = $1 AND muted = 0
		ON CONFLICT (record, account_id) DO NOTHING RETURNING account_id`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var came []string
	for rows.Next() {
		var user string
		if err := rows.Scan(&user); err != nil {
			return nil, err
		}
		came = append(came, user)
	}
	return came, rows.Err()
}

func storedOrNil(f *schema.Field, value any) any {
	if value == nil {
		return nil
	}
	return record.Stored(f, value)
}

func (s *Service) change(w Wish, id string, act record.Act, with string) record.Change {
	return record.Change{Act: act, Actor: thread.Actor{Kind: thread.User, ID: w.Asker}, Object: w.Object, ID: id, Merge: with}
}

// point lets references that point from one record point to another; one that
// points elsewhere by now is left alone.
func (s *Service) point(tx *sqldb.Tx, w Wish, references []Reference, from, to string) error {
	for _, r := range references {
		object, ok := s.Snapshot().ObjectByID(r.Object)
		if !ok {
			continue
		}
		f, ok := object.FieldByID(r.Field)
		if !ok {
			continue
		}
		_, err := s.Records.Apply(tx, record.Change{
			Act: record.Update, Actor: thread.Actor{Kind: thread.User, ID: w.Asker}, Object: object, ID: r.ID,
			Set: map[string]any{f.ID: to}, Scope: query.Where(f, expr.OpEqual, from),
		})
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	return nil
}

func keysOf(tx *sqldb.Tx, id string) ([][3]string, error) {
	rows, err := tx.Query("SELECT scope,kind,value FROM match_key WHERE record=$1 ORDER BY scope,kind,value", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var keys [][3]string
	for rows.Next() {
		var k [3]string
		if err := rows.Scan(&k[0], &k[1], &k[2]); err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, rows.Err()
}

func (s *Service) keep(tx *sqldb.Tx, w Wish, d detail) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO record_merge(id,object,winner,loser,asker,detail,merged_at) VALUES($1,$2,$3,$4,$5,$6,$7)",
		s.Records.DB.NewID(), w.Object.ID, w.Winner, w.Loser, w.Asker, string(text), sqldb.Micros(tx.Now()))
	return err
}

// Into is the record that a merged one became part of, "" for one that was not merged.
func Into(tx *sqldb.Tx, id string) (winner string, err error) {
	for range 10 { // a winner may have lost since
		var next string
		err := tx.QueryRow("SELECT winner FROM record_merge WHERE loser=$1 AND undone_at IS NULL", id).Scan(&next)
		if errors.Is(err, sqldb.ErrNoRows) {
			return winner, nil
		}
		if err != nil {
			return "", err
		}
		id, winner = next, next
	}
	return winner, nil
}

// Parts are the records that became part of this one, the latest first, with theirs.
func Parts(tx *sqldb.Tx, id string) ([]string, error) {
	rows, err := tx.Query(`WITH RECURSIVE part(id,merged) AS (
		SELECT loser,id FROM record_merge WHERE winner=$1 AND undone_at IS NULL
		UNION SELECT m.loser,m.id FROM record_merge m JOIN part ON m.winner=part.id AND m.undone_at IS NULL)
		SELECT id FROM part ORDER BY merged DESC LIMIT 100`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var parts []string
	for rows.Next() {
		var part string
		if err := rows.Scan(&part); err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, rows.Err()
}

func decode(text string, target any) error {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	return d.Decode(target)
}
