package record

import (
	"errors"
	"slices"
	"strconv"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/match"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// key is one row of match_key: the same value in one scope is the same record.
type key struct{ scope, kind, value string }

// claim is a key and the record that it is taken for.
type claim struct {
	key    key
	record string
}

func claimsOf(record string, keys []key) []claim {
	claims := make([]claim, 0, len(keys)+4) // room for a person's
	for _, k := range keys {
		claims = append(claims, claim{k, record})
	}
	return claims
}

// recordKeyKind is the kind of a channel's own record id.
const recordKeyKind = match.External

// meet takes the keys of a new record, or finds the open record that has one
// of them already. The keys live under a unique constraint: nothing is read
// first and written later.
func (s *Store) meet(w *Work) (met string, err error) {
	if w.After = (query.Row{ID: w.Change.ID, Values: map[string]any{}}); w.After.ID == "" {
		w.After.ID = s.DB.NewID()
	}
	keys := objectKeys(w.Object, w.Change.Set)
	if d := w.Change.Delivery; d != nil && d.Key != "" {
		keys = append([]key{{"!" + d.Channel, recordKeyKind, d.Key}}, keys...)
	}
	w.person = s.personOf(w)
	claims := w.person.claim(claimsOf(w.After.ID, keys))
	if len(claims) == 0 {
		return "", nil
	}
	holders, err := takeKeys(w.Tx, claims)
	if err != nil {
		return "", err
	}
	w.person.meet(holders)
	decision := match.Decide(w.others(keys, holders))
	if decision.Outcome != match.Touch {
		return "", nil
	}
	return s.meets(w, decision)
}

// others are the keys that another open record holds, as match reads them.
func (w *Work) others(keys []key, holders map[key]string) ([]match.Key, []match.Holder) {
	asked := make([]match.Key, 0, len(keys))
	var found []match.Holder
	for _, k := range keys {
		asked = append(asked, match.Key{Kind: k.kind, Value: k.value})
		if holder := holders[k]; holder != w.After.ID {
			found = append(found, match.Holder{Key: asked[len(asked)-1], Record: holder, Open: true})
		}
	}
	return asked, found
}

// meets decides what a create does that meets an open record.
func (s *Store) meets(w *Work, decision match.Decision) (string, error) {
	holder := decision.Record
	by := ""
	if len(decision.Because) > 0 {
		by = decision.Because[0].Kind
	}
	if !w.Change.TouchOpen {
		return "", duplicateFault(w.Object, by, holder)
	}
	_, err := w.Tx.Exec("UPDATE match_key SET record=$1 WHERE record=$2", holder, w.After.ID)
	return holder, err
}

// DuplicateOf is the parameter of a duplicate fault that names the open record.
const DuplicateOf = "record"

func duplicateFault(o *schema.Object, kind, holder string) error {
	path := ""
	for _, k := range o.Keys {
		if k.Kind == kind {
			path = k.Field
			break
		}
	}
	return fault.New(fault.Conflict, "duplicate", fault.Field{Path: path, Code: "duplicate"}).With(DuplicateOf, holder)
}

// objectKeys are the match keys that values give a record of the object.
func objectKeys(o *schema.Object, values map[string]any) []key {
	var keys []key
	found, _ := match.Keys(o, values)
	for _, k := range found {
		if k.Kind != match.Company && k.Kind != match.External { // a name is a hint; external ids are keyed by their channel
			keys = append(keys, key{o.ID, k.Kind, k.Value})
		}
	}
	return keys
}

// takeKeys writes keys for their records; a key that is held already keeps its
// holder. It returns the holder of each.
func takeKeys(tx *sqldb.Tx, claims []claim) (map[key]string, error) {
	args := make([]any, 0, 4*len(claims))
	for _, c := range claims {
		args = append(args, c.key.scope, c.key.kind, c.key.value, c.record)
	}
	// Most keys are new: that all were written tells it without reading them.
	insert := insertKeys(len(claims))
	written, err := tx.Exec(insert+" ON CONFLICT (scope,kind,value) DO NOTHING", args...)
	if err != nil {
		return nil, err
	}
	holders := make(map[key]string, len(claims))
	if written == int64(len(claims)) {
		for _, c := range claims {
			holders[c.key] = c.record
		}
		return holders, nil
	}
	return holders, readHolders(tx, holders, insert, args)
}

// insertKeys is the insertion of n keys, its parameters each in order and once:
// so the embedded database finds them at once.
func insertKeys(n int) string {
	sql := make([]byte, 0, 64+20*n)
	sql = append(sql, "INSERT INTO match_key(scope,kind,value,record) VALUES "...)
	for i := range n {
		if i > 0 {
			sql = append(sql, ',')
		}
		for place := range 4 {
			sql = append(sql, "($,$,$,$"[2*place:2*place+2]...)
			sql = strconv.AppendInt(sql, int64(4*i+place+1), 10)
		}
		sql = append(sql, ')')
	}
	return string(sql)
}

// readHolders takes the keys again for who holds each.
func readHolders(tx *sqldb.Tx, holders map[key]string, insert string, args []any) error {
	// The update changes nothing; it makes RETURNING give the holder.
	rows, err := tx.Query(insert+" ON CONFLICT (scope,kind,value) DO UPDATE SET kind=excluded.kind RETURNING scope,kind,value,record", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k key
		var holder string
		if err := rows.Scan(&k.scope, &k.kind, &k.value, &holder); err != nil {
			return err
		}
		holders[k] = holder
	}
	return rows.Err()
}

// keepKeys lets the keys follow the record: taken anew when it opens or a
// keyed field changes, given back when it closes or is deleted.
func (s *Store) keepKeys(w *Work) error {
	if w.Created() {
		return nil
	}
	if w.Act == Restore {
		if err := unparkKeys(w.Tx, w.After.ID); err != nil {
			return err
		}
	}
	switch {
	case w.After.DeletedAt != nil:
		return parkKeys(w.Tx, w.After.ID)
	case len(w.Object.Keys) == 0:
	case !w.Open() && (w.WasOpen() || w.Act == Touch): // a source's own id may touch a closed one
		_, err := w.Tx.Exec("DELETE FROM match_key WHERE record=$1 AND scope=$2", w.After.ID, w.Object.ID)
		return err
	case w.Open() && (!w.WasOpen() || w.keyChanged()):
		return s.retakeKeys(w)
	}
	return nil
}

// parkKeys frees the keys of a deleted record. Those that follow from its values
// are computed again by a restore; a channel's own id for it stays nowhere else,
// so it is laid aside in a scope that nobody asks for.
func parkKeys(tx *sqldb.Tx, record string) error {
	_, err := tx.Exec("DELETE FROM match_key WHERE record=$1 AND scope NOT LIKE '!%'", record)
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE match_key SET scope='-' || record || scope WHERE record=$1", record)
	return err
}

// unparkKeys gives a restored record the channels' ids back that nobody took meanwhile.
func unparkKeys(tx *sqldb.Tx, record string) error {
	_, err := tx.Exec(`INSERT INTO match_key(scope,kind,value,record)
		SELECT substr(scope, length(record)+2), kind, value, record FROM match_key WHERE record=$1 AND scope LIKE '-%'
		ON CONFLICT (scope,kind,value) DO NOTHING`, record)
	if err != nil {
		return err
	}
	_, err = tx.Exec("DELETE FROM match_key WHERE record=$1 AND scope LIKE '-%'", record)
	return err
}

func (w *Work) keyChanged() bool {
	for _, k := range w.Object.Keys {
		if w.Changed(k.Field) {
			return true
		}
	}
	return false
}

// retakeKeys gives back the keys of values that the record has no more, and takes
// those of its present ones. What touches and merges brought it keeps, also a
// value that another record holds: only who brings one anew is told of the other.
func (s *Store) retakeKeys(w *Work) error {
	keys, had := objectKeys(w.Object, w.After.Values), objectKeys(w.Object, w.Before.Values)
	for _, k := range had {
		if slices.Contains(keys, k) {
			continue
		}
		if _, err := w.Tx.Exec("DELETE FROM match_key WHERE record=$1 AND scope=$2 AND kind=$3 AND value=$4", w.After.ID, k.scope, k.kind, k.value); err != nil {
			return err
		}
	}
	if len(keys) == 0 {
		return nil
	}
	holders, err := takeKeys(w.Tx, claimsOf(w.After.ID, keys))
	if err != nil {
		return err
	}
	for _, k := range keys {
		shared := w.Act == Touch || w.WasOpen() && slices.Contains(had, k)
		if holder := holders[k]; holder != w.After.ID && !shared {
			return duplicateFault(w.Object, k.kind, holder)
		}
	}
	return nil
}

// program is the actor of what no person and no channel did.
var program = thread.Actor{Kind: thread.System}

// number fills the automatic numbers of a new record.
func (s *Store) number(w *Work) error {
	for _, f := range w.Object.Fields {
		if f.Type != "auto_number" {
			continue
		}
		day := w.Tx.Now().In(w.Snapshot.Zone())
		var n int64
		err := w.Tx.QueryRow(`INSERT INTO counter(name,n) VALUES($1,1)
			ON CONFLICT (name) DO UPDATE SET n=counter.n+1 RETURNING n`, f.ID+" "+schema.NumberSeries(f.Format, day)).Scan(&n)
		if err != nil {
			return err
		}
		w.SetField(f, schema.AutoNumber(f.Format, day, n))
	}
	return nil
}

// Holders are the open records of the object that have one of the values' keys,
// without taking any.
func Holders(tx *sqldb.Tx, o *schema.Object, values map[string]any) ([]string, error) {
	return holdersOf(tx, objectKeys(o, values))
}

func holdersOf(tx *sqldb.Tx, keys []key) ([]string, error) {
	var ids []string
	for _, k := range keys {
		var holder string
		err := tx.QueryRow("SELECT record FROM match_key WHERE scope=$1 AND kind=$2 AND value=$3", k.scope, k.kind, k.value).Scan(&holder)
		switch {
		case errors.Is(err, sqldb.ErrNoRows):
		case err != nil:
			return nil, err
		case !contains(ids, holder):
			ids = append(ids, holder)
		}
	}
	return ids, nil
}
