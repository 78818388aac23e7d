package notify

import (
	"encoding/json"
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
	if len(m.Recipients) == 0 {
		return nil
	}
	m.Kind = Changed
	unread, err := unreadChanged(tx, m, by)
	if err != nil {
		return err
	}
	var fresh []string
	for _, recipient := range m.Recipients {
		kept, ok := unread[recipient]
		if !ok {
			fresh = append(fresh, recipient)
			continue
		}
		if err := kept.join(tx, span); err != nil {
			return err
		}
		n.told(tx, recipient)
	}
	if len(fresh) == 0 {
		return nil
	}
	m.Recipients, m.Params = fresh, map[string]any{"by": by, "from": span.From, "to": span.To}
	return n.Tell(tx, m)
}

// keptChange is an unread message that a further change may join.
type keptChange struct {
	id     string
	params changedParams
}

// unreadChanged are the recipients' latest messages that a further change joins, by recipient.
func unreadChanged(tx *sqldb.Tx, m Message, by string) (map[string]keptChange, error) {
	args := []any{m.Record, Changed, tx.Now().Add(-changedGather)}
	for _, recipient := range m.Recipients {
		args = append(args, recipient)
	}
	rows, err := tx.Query(`SELECT recipient, id, params FROM inbox WHERE record = $1 AND kind = $2 AND at > $3 AND read_at IS NULL
		AND recipient IN (`+places(4, len(m.Recipients))+`) ORDER BY at`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	latest := map[string]keptChange{}
	for rows.Next() {
		var recipient, text string
		var kept keptChange
		if err := rows.Scan(&recipient, &kept.id, &text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(text), &kept.params); err != nil {
			return nil, err
		}
		latest[recipient] = kept
	}
	for recipient, kept := range latest {
		if kept.params.By != by {
			delete(latest, recipient) // somebody else changed something since
		}
	}
	return latest, rows.Err()
}

func (k keptChange) join(tx *sqldb.Tx, span Span) error {
	k.params.To = span.To
	raw, err := json.Marshal(k.params)
	if err != nil {
		return err
	}
	return tx.Later(`UPDATE inbox SET params = $1, at = $2 WHERE id = $3`, string(raw), tx.Now(), k.id)
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
