package notify

import (
	"encoding/json"
	"errors"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// Changed is the kind of the message that a followed record was changed. Its
// params hold who did it and which entries of the thread say what; the values
// are read with the reader's rights when the inbox is.
const Changed = "record_changed"

// changedGather is how long changes by the same person join an unread message.
const changedGather = 10 * time.Minute

// Span is a range of a thread's entries, both ends included.
type Span struct{ From, To int64 }

// changedParams are what a message of kind Changed keeps.
type changedParams struct {
	By   string `json:"by"`
	From int64  `json:"from"`
	To   int64  `json:"to"`
}

// TellChanged tells followers of a change; one who has an unread message of the
// same person about the same record, not older than ten minutes, finds it there.
func (n *Notify) TellChanged(tx *sqldb.Tx, m Message, by string, span Span) error {
	m.Kind = Changed
	var fresh, joined []string
	for _, recipient := range m.Recipients {
		ok, err := joinChanged(tx, recipient, m.Record, by, span)
		if err != nil {
			return err
		}
		if ok {
			joined = append(joined, recipient)
		} else {
			fresh = append(fresh, recipient)
		}
	}
	for _, user := range joined {
		n.told(tx, user)
	}
	if len(fresh) == 0 {
		return nil
	}
	m.Recipients, m.Params = fresh, map[string]any{"by": by, "from": span.From, "to": span.To}
	return n.Tell(tx, m)
}

func joinChanged(tx *sqldb.Tx, recipient, record, by string, span Span) (bool, error) {
	var id, text string
	err := tx.QueryRow(`SELECT id, params FROM inbox WHERE recipient = $1 AND read_at IS NULL AND record = $2 AND kind = $3
		AND at > $4 ORDER BY at DESC LIMIT 1`, recipient, record, Changed, tx.Now().Add(-changedGather)).Scan(&id, &text)
	if errors.Is(err, sqldb.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var kept changedParams
	if err := json.Unmarshal([]byte(text), &kept); err != nil || kept.By != by {
		return false, err
	}
	kept.To = span.To
	raw, err := json.Marshal(kept)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(`UPDATE inbox SET params = $1, at = $2 WHERE id = $3`, string(raw), tx.Now(), id)
	return true, err
}

// tellChanges puts the words of what changed into a row, as its reader may know them.
func (n *Notify) tellChanges(tx *sqldb.Tx, who Reader, r *row) error {
	number := func(name string) int64 {
		f, _ := r.params[name].(float64)
		return int64(f)
	}
	by, _ := r.params["by"].(string)
	text, err := n.Changes(tx, who, r.record, by, Span{From: number("from"), To: number("to")})
	r.params["changes"] = text
	return err
}
