package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/sqldb"
)

const (
	ahead = 200              // rows looked at for one post
	lease = 45 * time.Second // longer than any call may take
)

// state is a robot's row in robot_post.
type state struct {
	holder string
	leased time.Time
	hold   time.Time
	fails  int
	stamps []time.Time
}

func readState(tx *sqldb.Tx, name string) (state, error) {
	var s state
	var stamps string
	err := tx.QueryRow(`SELECT holder, leased_until, hold_until, fails, stamps FROM robot_post WHERE robot = $1`, name).
		Scan(&s.holder, &s.leased, &s.hold, &s.fails, &stamps)
	if errors.Is(err, sqldb.ErrNoRows) {
		return state{}, nil
	}
	if err != nil {
		return state{}, err
	}
	var micros []int64
	if err := json.Unmarshal([]byte(stamps), &micros); err != nil {
		return state{}, fmt.Errorf("robot_post of %s: %w", name, err)
	}
	for _, us := range micros {
		s.stamps = append(s.stamps, sqldb.FromMicros(us))
	}
	return s, nil
}

func writeState(tx *sqldb.Tx, name string, s state) error {
	micros := make([]int64, len(s.stamps))
	for i, at := range s.stamps {
		micros[i] = sqldb.Micros(at)
	}
	stamps, err := json.Marshal(micros)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE robot_post SET holder = $1, leased_until = $2, hold_until = $3, fails = $4, stamps = $5 WHERE robot = $6`,
		s.holder, s.leased, s.hold, s.fails, string(stamps), name)
	return err
}

// lock takes the robot's row until the end of the transaction and reads it.
func lock(tx *sqldb.Tx, name string) (state, error) {
	_, err := tx.Exec(`INSERT INTO robot_post (robot, holder, leased_until, hold_until, fails, stamps) VALUES ($1, '', 0, 0, 0, '[]')
		ON CONFLICT (robot) DO UPDATE SET robot = excluded.robot`, name)
	if err != nil {
		return state{}, err
	}
	return readState(tx, name)
}

// readWaiting are a robot's due rows, oldest first, with their texts.
func (n *Notify) readWaiting(tx *sqldb.Tx, r Robot) ([]waiting, error) {
	out, err := scanWaiting(tx, r.Name, n.Now())
	if err != nil {
		return nil, err
	}
	who := Reader{Fields: r.Fields, Language: r.Language}
	rows := make([]row, len(out))
	for i, w := range out {
		rows[i] = w.row
	}
	subjects, err := n.subjects(tx, who, rows)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].text = n.text(who, out[i].row, subjects[out[i].object+"/"+out[i].record])
	}
	return out, nil
}

func scanWaiting(tx *sqldb.Tx, name string, now time.Time) ([]waiting, error) {
	rows, err := tx.Query(`SELECT id, cause, kind, params, object, record, at, post, part, alone, tries FROM outbox
		WHERE robot = $1 AND state = 'waiting' AND next_try <= $2 ORDER BY at, id LIMIT $3`, name, now, ahead)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []waiting
	for rows.Next() {
		var w waiting
		var params string
		if err := rows.Scan(&w.id, &w.cause, &w.kind, &params, &w.object, &w.record, &w.at, &w.post, &w.part, &w.alone, &w.tries); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(params), &w.params); err != nil {
			return nil, fmt.Errorf("outbox row %s: %w", w.id, err)
		}
		out = append(out, w)
	}
	return out, rows.Close()
}

// claim notes, before anything leaves, that this process posts d now. It is
// false when the robot is another process's, on hold, or its rows have moved on.
func (n *Notify) claim(tx *sqldb.Tx, r Robot, d draft) (bool, error) {
	s, err := lock(tx, r.Name)
	if err != nil {
		return false, err
	}
	now := n.Now()
	if n.busy(s, now) || now.Before(s.hold) || now.Before(r.pace().opening(s.stamps)) {
		return false, nil
	}
	args := append([]any{d.key}, ids(d.rows)...)
	changed, err := tx.Exec(`UPDATE outbox SET post = $1 WHERE state = 'waiting' AND id IN (`+places(2, len(d.rows))+`)`, args...)
	if err != nil {
		return false, err
	}
	if changed != int64(len(d.rows)) {
		return false, errMoved
	}
	s.holder, s.leased, s.stamps = n.holder, now.Add(lease), r.pace().stamp(s.stamps, now)
	return true, writeState(tx, r.Name, s)
}

// errMoved rolls a claim back whose rows were sent or given up meanwhile.
var errMoved = errors.New("notify: rows moved on")

func (n *Notify) busy(s state, now time.Time) bool {
	return s.holder != n.holder && now.Before(s.leased) && !n.Alone
}

func ids(rows []waiting) []any {
	out := make([]any, len(rows))
	for i, w := range rows {
		out[i] = w.id
	}
	return out
}

// settle writes what became of a post, in one transaction.
func (n *Notify) settle(tx *sqldb.Tx, name string, d draft, failure *robot.Error) error {
	s, err := lock(tx, name)
	if err != nil {
		return err
	}
	now := n.Now()
	if len(s.stamps) > 0 { // the post may have arrived as late as now
		s.stamps[len(s.stamps)-1] = now
	}
	s.leased = now
	if failure == nil {
		s.fails, s.hold = 0, now
		err = n.sent(tx, d, now)
	} else {
		err = n.failed(tx, name, d, failure, &s, now)
	}
	if err != nil {
		return err
	}
	return writeState(tx, name, s)
}

func (n *Notify) sent(tx *sqldb.Tx, d draft, now time.Time) error {
	in := `id IN (` + places(2, len(d.rows)) + `)`
	if !d.last {
		_, err := tx.Exec(`UPDATE outbox SET part = $1 WHERE `+in, append([]any{d.part + 1}, ids(d.rows)...)...)
		return err
	}
	_, err := tx.Exec(`UPDATE outbox SET state = 'sent', error = '', sent_at = $1 WHERE `+in, append([]any{now}, ids(d.rows)...)...)
	return err
}

// failed decides between another try, trying the rows of a digest one by one,
// and giving up.
func (n *Notify) failed(tx *sqldb.Tx, name string, d draft, e *robot.Error, s *state, now time.Time) error {
	if !e.Retry && e.Content && len(d.rows) > 1 {
		_, err := tx.Exec(`UPDATE outbox SET post = '', alone = 1, tries = tries + 1, error = $1 WHERE id IN (`+places(2, len(d.rows))+`)`,
			append([]any{e.Error()}, ids(d.rows)...)...)
		return err
	}
	if !e.Retry {
		_, err := tx.Exec(`UPDATE outbox SET state = 'dead', post = '', part = 0, tries = tries + 1, error = $1 WHERE id IN (`+places(2, len(d.rows))+`)`,
			append([]any{e.Error()}, ids(d.rows)...)...)
		if err != nil || n.Dead == nil {
			return err
		}
		return n.Dead(tx, name, e.Error(), len(d.rows))
	}
	s.fails++
	s.hold = now.Add(pause(s.fails, e.After))
	_, err := tx.Exec(`UPDATE outbox SET tries = tries + 1, error = $1, next_try = $2 WHERE id IN (`+places(3, len(d.rows))+`)`,
		append([]any{e.Error(), s.hold}, ids(d.rows)...)...)
	return err
}

// expire gives up what has waited for 72 hours, whatever the robot.
func (n *Notify) expire(tx *sqldb.Tx) error {
	limit := n.Now().Add(-giveUp)
	rows, err := tx.Query(`SELECT robot, COUNT(*) FROM outbox WHERE state = 'waiting' AND queued_at < $1 GROUP BY robot`, limit)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	late := map[string]int{}
	for rows.Next() {
		var name string
		var count int
		if err := rows.Scan(&name, &count); err != nil {
			return err
		}
		late[name] = count
	}
	if err := rows.Close(); err != nil || len(late) == 0 {
		return err
	}
	_, err = tx.Exec(`UPDATE outbox SET state = 'dead', error = CASE WHEN error = '' THEN 'not delivered within 72 hours' ELSE error END
		WHERE state = 'waiting' AND queued_at < $1`, limit)
	if err != nil || n.Dead == nil {
		return err
	}
	for name, count := range late {
		if err := n.Dead(tx, name, "not delivered within 72 hours", count); err != nil {
			return err
		}
	}
	return nil
}
