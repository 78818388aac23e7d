package route

// Target is where a record's values lead, whoever is there to take it: the first
// row with a target whose condition holds. ok is false where the table is not
// for the record or no row leads anywhere.
func (t *Table) Target(in Input) (row string, then Then, ok bool) {
	scene := t.scene(in)
	if holds, _ := scene.holds(t.when); !holds {
		return "", Then{}, false
	}
	for _, r := range t.rows {
		if why, _ := scene.matches(r); why != "" {
			continue
		}
		if !r.then.Continue {
			return r.id, r.then, true
		}
		scene.grow(r.add)
	}
	return "", Then{}, false
}

// Same says whether two rows hand over to the same.
func (t Then) Same(other Then) bool {
	return t.Pool == other.Pool && t.Person == other.Person && t.Group == other.Group
}
