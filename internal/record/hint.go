package record

import (
	"slices"

	"clew.dev/clew/internal/match"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// hintScope keeps what only hints at a record apart from the keys that are
// proof of it: the first holder keeps a hint, and nothing is refused for it.
func hintScope(o *schema.Object) string { return "~" + o.ID }

// hintsOf are the hints that values give: an organisation's normalised name.
func hintsOf(o *schema.Object, values map[string]any) []key {
	var hints []key
	if !givesHints(o) {
		return nil
	}
	found, _ := match.Keys(o, values)
	for _, k := range found {
		if k.Kind == match.Company {
			hints = append(hints, key{hintScope(o), k.Kind, k.Value})
		}
	}
	return hints
}

func givesHints(o *schema.Object) bool {
	return slices.ContainsFunc(o.Keys, func(k schema.MatchKey) bool { return k.Kind == match.Company })
}

// keepHints lets the hints follow the record. Those of a deleted one went with its keys.
func keepHints(w *Work) error {
	if w.After.DeletedAt != nil || !givesHints(w.Object) {
		return nil
	}
	if !w.Created() {
		if w.Act != Restore && !w.keyChanged() {
			return nil
		}
		if _, err := w.Tx.Exec("DELETE FROM match_key WHERE record=$1 AND scope=$2", w.After.ID, hintScope(w.Object)); err != nil {
			return err
		}
	}
	for _, h := range hintsOf(w.Object, w.After.Values) {
		if _, err := w.Tx.Exec(`INSERT INTO match_key(scope,kind,value,record) VALUES($1,$2,$3,$4)
			ON CONFLICT (scope,kind,value) DO NOTHING`, h.scope, h.kind, h.value, w.After.ID); err != nil {
			return err
		}
	}
	return nil
}

// Hinted are the live records of the object that the values hint at.
func Hinted(tx *sqldb.Tx, o *schema.Object, values map[string]any) ([]string, error) {
	return holdersOf(tx, hintsOf(o, values))
}
