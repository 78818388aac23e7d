package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// Search is which entries are wanted; what is empty does not matter.
type Search struct {
	Actor    string    // user id
	Target   string    // id of what was acted on
	Kind     string    // an area ("session") or a kind ("session.started")
	From, To time.Time // From ≤ at < To
	Failed   bool      // only what was refused
}

// Place is where a page ends.
type Place struct {
	At  int64
	Seq int64
}

// List reads entries, newest first, below a place (the zero Place is the end).
func List(tx *sqldb.Tx, s Search, below Place, limit int) ([]Entry, error) {
	where, args := s.condition(below)
	args = append(args, int64(limit))
	rows, err := tx.Query(`SELECT seq, at, kind, failed, actor_kind, actor, address, target_kind, target, params
		FROM audit_entry`+where+` ORDER BY at DESC, seq DESC LIMIT $`+strconv.Itoa(len(args)), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []Entry
	for rows.Next() {
		e, params := Entry{}, ""
		err := rows.Scan(&e.Seq, &e.At, &e.Kind, &e.Failed, &e.Actor.Kind, &e.Actor.ID, &e.Actor.Address,
			&e.Target.Kind, &e.Target.ID, &params)
		if err != nil {
			return nil, err
		}
		if e.Params, err = unmarshal(params); err != nil {
			return nil, fmt.Errorf("audit: entry %d: %w", e.Seq, err)
		}
		found = append(found, e)
	}
	return found, rows.Err()
}

// condition is the search as WHERE with its arguments.
func (s Search) condition(below Place) (string, []any) {
	var parts []string
	var args []any
	add := func(sql string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			sql = strings.Replace(sql, "?", "$"+strconv.Itoa(len(args)), 1)
		}
		parts = append(parts, sql)
	}
	if s.Actor != "" {
		add("actor = ?", s.Actor)
	}
	if s.Target != "" {
		add("target = ?", s.Target)
	}
	if area, _, one := strings.Cut(s.Kind, "."); s.Kind != "" {
		add("area = ?", area)
		if one {
			add("kind = ?", s.Kind)
		}
	}
	if !s.From.IsZero() {
		add("at >= ?", s.From)
	}
	if !s.To.IsZero() {
		add("at < ?", s.To)
	}
	if s.Failed {
		add("failed = ?", int64(1))
	}
	if below != (Place{}) {
		add("(at, seq) < (?, ?)", below.At, below.Seq)
	}
	if len(parts) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(parts, " AND "), args
}

// Place is where the entry stands.
func (e Entry) Place() Place { return Place{At: sqldb.Micros(e.At), Seq: e.Seq} }

// Head is how many entries there are and the last link of their chain: who
// keeps it elsewhere can tell later that nothing before it was changed.
func Head(tx *sqldb.Tx) (seq int64, chain string, err error) {
	err = tx.QueryRow(`SELECT seq, chain FROM audit_head WHERE id = 1`).Scan(&seq, &chain)
	return seq, chain, err
}

// verifyStep is how many entries Verify reads at a time.
const verifyStep = 1000

// Verify walks the chain and names the first entry that does not hold; 0 when all hold.
func Verify(tx *sqldb.Tx) (int64, error) {
	last, head, err := Head(tx)
	if err != nil {
		return 0, err
	}
	if added, err := outside(tx, last); err != nil || added > 0 {
		return added, err
	}
	seq, chain := int64(0), ""
	for seq < last {
		before := seq
		var broken int64
		if seq, chain, broken, err = verifyFrom(tx, seq, chain); err != nil || broken > 0 {
			return broken, err
		}
		if seq == before {
			return seq + 1, nil // the end is gone
		}
	}
	if chain != head {
		return last, nil
	}
	return 0, nil
}

// outside names an entry that lies before the first or behind the last, 0 for
// none; what lies before the first spoils the first.
func outside(tx *sqldb.Tx, last int64) (int64, error) {
	var seq int64
	err := tx.QueryRow(`SELECT seq FROM audit_entry WHERE seq < 1 OR seq > $1 ORDER BY seq LIMIT 1`, last).Scan(&seq)
	if errors.Is(err, sqldb.ErrNoRows) {
		return 0, nil
	}
	return max(seq, 1), err
}

// verifyFrom checks the entries after seq and gives the last that holds with its link, or the broken one.
func verifyFrom(tx *sqldb.Tx, seq int64, chain string) (int64, string, int64, error) {
	rows, err := tx.Query(`SELECT seq, at, kind, failed, actor_kind, actor, address, target_kind, target, params, salt,
		digest, chain FROM audit_entry WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, int64(verifyStep))
	if err != nil {
		return 0, "", 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var e Entry
		var params, salt, digest, stored string
		err := rows.Scan(&e.Seq, &e.At, &e.Kind, &e.Failed, &e.Actor.Kind, &e.Actor.ID, &e.Actor.Address,
			&e.Target.Kind, &e.Target.ID, &params, &salt, &digest, &stored)
		if err != nil {
			return 0, "", 0, err
		}
		seq++
		if salt != "" { // else erased: the digest stands for what was there
			digest = digestOf(salt, params)
		}
		chain = link(chain, e, digest)
		if e.Seq != seq || stored != chain {
			return 0, "", seq, nil
		}
	}
	return seq, chain, 0, rows.Err()
}

func unmarshal(text string) (map[string]any, error) {
	var params map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	err := decoder.Decode(&params)
	return params, err
}
