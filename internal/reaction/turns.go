package reaction

import (
	"encoding/json"
	"strconv"
	"strings"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/sqldb"
)

// What units of one transaction share: each pool's turns, and each owner's
// open records. A pool's row is locked by who reads it first; loads are as
// fresh as the transaction, of which other writers' are only told at its end.
type (
	poolKey string                         // → *poolTurns
	loadKey struct{ object, owner string } // → int64
)

// poolTurns is what a pool remembers of its assignments.
type poolTurns struct {
	pointer route.Pointer
	turns   map[string]turn // by user
}

type turn struct{ assigned, lastSeq int64 }

// readTurns reads what a pool remembers and takes the lock of its pointer.
func readTurns(tx *sqldb.Tx, pool string) (*poolTurns, error) {
	var raw string
	err := tx.QueryRow(`INSERT INTO pool_state(pool,pointer) VALUES($1,'{}')
		ON CONFLICT (pool) DO UPDATE SET pointer=pool_state.pointer RETURNING pointer`, pool).Scan(&raw)
	if err != nil {
		return nil, err
	}
	known := &poolTurns{turns: map[string]turn{}}
	if err := json.Unmarshal([]byte(raw), &known.pointer); err != nil {
		return nil, err
	}
	rows, err := tx.Query("SELECT member,assigned,last_seq FROM pool_load WHERE pool=$1", pool)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var user string
		var t turn
		if err := rows.Scan(&user, &t.assigned, &t.lastSeq); err != nil {
			return nil, err
		}
		known.turns[user] = t
	}
	return known, rows.Err()
}

// keepPointer writes what the pool remembers of this assignment.
func keepPointer(w *record.Work, d route.Decision) error {
	if d.Pointer == nil || d.Pool == "" {
		return nil
	}
	raw, err := json.Marshal(d.Pointer)
	if err != nil {
		return err
	}
	if known, ok := w.Tx.Shared()[poolKey(d.Pool)].(*poolTurns); ok {
		known.pointer = *d.Pointer
		known.turns[d.Owner] = turn{known.turns[d.Owner].assigned + 1, d.Pointer.Seq}
	}
	if err := w.Tx.Later("UPDATE pool_state SET pointer=$1 WHERE pool=$2", string(raw), d.Pool); err != nil {
		return err
	}
	return w.Tx.Later(`INSERT INTO pool_load(pool,member,assigned,last_seq) VALUES($1,$2,1,$3)
		ON CONFLICT (pool,member) DO UPDATE SET assigned=pool_load.assigned+1, last_seq=excluded.last_seq`,
		d.Pool, d.Owner, d.Pointer.Seq)
}

// knowLoads reads the open records of those users of whom the transaction does
// not know yet, in one statement.
func knowLoads(tx *sqldb.Tx, object string, users []string) error {
	shared := tx.Shared()
	args := []any{object}
	var places strings.Builder
	for _, user := range users {
		key := loadKey{object, user}
		if _, known := shared[key]; known {
			continue
		}
		shared[key] = int64(0)
		if len(args) > 1 {
			places.WriteByte(',')
		}
		args = append(args, user)
		places.WriteString("$" + strconv.Itoa(len(args)))
	}
	if len(args) == 1 {
		return nil
	}
	rows, err := tx.Query("SELECT owner,open FROM owner_load WHERE object=$1 AND owner IN ("+places.String()+")", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var owner string
		var n int64
		if err := rows.Scan(&owner, &n); err != nil {
			return err
		}
		shared[loadKey{object, owner}] = n
	}
	return rows.Err()
}
