package record

import (
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// person is who stands behind a new record, as its values say.
type person struct {
	object *schema.Object
	field  string // of the new record, that names the person
	id     string // of the record to be made, should nobody have the keys
	values map[string]any
	keys   []key
	known  string // who has one of them
	fresh  bool   // one was new
}

// personOf is nil where the change names nobody who could be known again.
func (s *Store) personOf(w *Work) *person {
	rule := w.Object.Party
	if rule == nil || w.changes(rule.Field) != nil {
		return nil
	}
	object, ok := w.Snapshot.Object(rule.Object)
	if !ok || object.ID == w.Object.ID {
		return nil
	}
	values := map[string]any{}
	for theirs, ours := range rule.Copy {
		if f, ok := object.Field(theirs); ok {
			if v := w.changes(ours); v != nil {
				values[f.ID] = v
			}
		}
	}
	keys := objectKeys(object, values)
	if len(keys) == 0 {
		return nil
	}
	return &person{object: object, field: rule.Field, id: s.DB.NewID(), values: values, keys: keys}
}

// changes is the value that the change itself brings, by API name.
func (w *Work) changes(name string) any {
	if f, ok := w.Object.Field(name); ok {
		return w.Change.Set[f.ID]
	}
	return nil
}

// claim adds the person's keys to a new record's own: they are taken together.
func (p *person) claim(claims []claim) []claim {
	if p == nil {
		return claims
	}
	for _, k := range p.keys {
		claims = append(claims, claim{k, p.id})
	}
	return claims
}

// meet notes who has the keys: the first that is held decides.
func (p *person) meet(holders map[key]string) {
	if p == nil {
		return
	}
	for _, k := range p.keys {
		switch holder := holders[k]; {
		case holder == p.id:
			p.fresh = true
		case p.known == "":
			p.known = holder
		}
	}
}

// settle is for a record that turned out to be an old one: what keys were new are
// its own person's, or nobody's.
func (p *person) settle(w *Work) error {
	if p == nil || !p.fresh {
		return nil
	}
	if party := w.Text(p.field); party != "" {
		_, err := w.Tx.Exec("UPDATE match_key SET record=$1 WHERE record=$2", party, p.id)
		return err
	}
	_, err := w.Tx.Exec("DELETE FROM match_key WHERE record=$1", p.id)
	return err
}

// linkParty links the person behind a new record, or prepares their record:
// person keys point to it (decisions.md, "Duplicates and touches").
func (s *Store) linkParty(w *Work) error {
	if w.Object.Party == nil && len(w.Object.Keys) == 0 {
		return nil // nothing to be matched by
	}
	result := map[string]any{"result": "new"}
	if w.person != nil {
		if err := s.link(w, w.person); err != nil {
			return err
		}
		result["party"], result["party_new"] = w.Party, w.PartyNew
	}
	w.SayAs(program, "matched", result)
	return nil
}

func (s *Store) link(w *Work, p *person) error {
	w.Party, w.PartyNew = p.id, true
	if p.known != "" {
		w.Party, w.PartyNew = p.known, false
	}
	w.Set(p.field, w.Party)
	switch {
	case w.PartyNew:
		return s.prepareParty(w, p.object, p.id, p.values)
	case p.fresh:
		_, err := w.Tx.Exec("UPDATE match_key SET record=$1 WHERE record=$2", p.known, p.id)
		return err
	}
	return nil
}

// prepareParty makes the party's record with the keys already taken; it is
// written with the record itself, when the owner is known.
func (s *Store) prepareParty(w *Work, object *schema.Object, id string, values map[string]any) error {
	change := Change{Act: Create, Actor: w.Change.Actor, Object: object, Set: values}
	party := &Work{
		Tx: w.Tx, Snapshot: w.Snapshot, Directory: w.Directory, Object: object,
		Change: &change, Act: Create, Facts: map[string]any{},
		After: query.Row{ID: id, Values: map[string]any{}, CreatedAt: w.Tx.Now(), UpdatedAt: w.Tx.Now(), CreatedBy: w.Change.Actor.ID},
	}
	for _, f := range object.Fields {
		if v, ok := values[f.ID]; ok {
			party.SetField(f, v)
		}
	}
	party.Say("received", map[string]any{"from": w.After.ID, "from_object": w.Object.ID})
	w.party = party
	return s.number(party)
}

// saveParty writes a new party. Who owns the record owns its party; a field
// that the party's object requires does not stop a lead.
func (s *Store) saveParty(w *Work) error {
	party := w.party
	if party == nil {
		return nil
	}
	if owner := w.Owner(); owner != "" {
		party.Set(party.Object.OwnerField, owner)
	}
	return s.writeDown(party)
}

// PartyOwner is who owns the known party of a new record, "" when nobody does.
func (w *Work) PartyOwner() (string, error) {
	rule := w.Object.Party
	if rule == nil || w.Party == "" || w.PartyNew {
		return "", nil
	}
	object, ok := w.Snapshot.Object(rule.Object)
	if !ok {
		return "", nil
	}
	owner, ok := object.Field(object.OwnerField)
	if !ok {
		return "", nil
	}
	rows, err := Select(w.Tx, query.Select{
		Object: object, Fields: []*schema.Field{owner}, Where: query.System("id", "=", w.Party), Limit: 1,
	})
	if err != nil || len(rows) == 0 {
		return "", err
	}
	id, _ := rows[0].Values[owner.ID].(string)
	return id, nil
}
