package record

import (
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// linkParty finds or prepares the person behind a new record: person keys
// point to the party's record (decisions.md, "Duplicates and touches").
func (s *Store) linkParty(w *Work) error {
	if w.Object.Party == nil && len(w.Object.Keys) == 0 {
		return nil // nothing to be matched by
	}
	result := map[string]any{"result": "new"}
	if p := w.Object.Party; p != nil && w.Get(p.Field) == nil {
		if err := s.findParty(w, p); err != nil {
			return err
		}
	}
	if w.Party != "" {
		result["party"] = w.Party
		result["party_new"] = w.PartyNew
	}
	w.SayAs(program, "matched", result)
	return nil
}

func (s *Store) findParty(w *Work, p *schema.Party) error {
	object, ok := w.Snapshot.Object(p.Object)
	if !ok {
		return nil
	}
	values := map[string]any{}
	for theirs, ours := range p.Copy {
		if f, ok := object.Field(theirs); ok && w.Get(ours) != nil {
			values[f.ID] = w.Get(ours)
		}
	}
	keys := objectKeys(object, values)
	if len(keys) == 0 {
		return nil
	}
	id := s.DB.NewID()
	holders, err := takeKeys(w.Tx, id, keys)
	if err != nil {
		return err
	}
	w.Party, w.PartyNew = id, true
	for _, k := range keys {
		if holders[k] != id {
			w.Party, w.PartyNew = holders[k], false
			break
		}
	}
	w.Set(p.Field, w.Party)
	if !w.PartyNew {
		_, err := w.Tx.Exec("UPDATE match_key SET record=$1 WHERE record=$2", w.Party, id)
		return err
	}
	return s.prepareParty(w, object, id, values)
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
