package notify

import (
	"strconv"
	"strings"

	"clew.dev/clew/internal/sqldb"
)

// Message is something to be told.
type Message struct {
	Cause      string         // what it follows from, stable over retries ("thread:<record>:<seq>")
	Recipients []string       // user ids
	Robots     []string       // names of robot documents
	Kind       string         // of the catalogue in text.go
	Params     map[string]any // for the sentence: persons, counts, names; never a field's value
	Object     string         // API name, "" = no record
	Record     string
	Urgent     bool
}

const rowsPerInsert = 50

// Tell writes the message's rows in the caller's transaction. Telling the same
// cause to the same one again changes nothing.
func (n *Notify) Tell(tx *sqldb.Tx, messages ...Message) error {
	var inboxes, outboxes [][]any
	var told []string
	for _, m := range messages {
		params, err := encode(m.Params)
		if err != nil {
			return err
		}
		inboxes = append(inboxes, n.inboxRows(tx, m, params)...)
		outboxes = append(outboxes, n.outboxRows(tx, m, params)...)
		told = append(told, m.Recipients...)
	}
	if err := insert(tx, `INSERT INTO inbox (id, recipient, cause, kind, params, object, record, urgent, at, read_at) VALUES `,
		` ON CONFLICT (cause, recipient) DO NOTHING`, inboxes); err != nil {
		return err
	}
	if err := insert(tx, `INSERT INTO outbox (id, robot, cause, kind, params, object, record, at, state, queued_at, sent_at) VALUES `,
		` ON CONFLICT (robot, cause) DO NOTHING`, outboxes); err != nil {
		return err
	}
	tx.AfterCommit(func() {
		if n.Told != nil && len(told) > 0 {
			n.Told(told)
		}
		if len(outboxes) > 0 {
			n.wake()
		}
	})
	return nil
}

func (n *Notify) inboxRows(tx *sqldb.Tx, m Message, params string) [][]any {
	var read any
	if n.history.Load() {
		read = tx.Now()
	}
	rows := make([][]any, 0, len(m.Recipients))
	for _, recipient := range m.Recipients {
		if recipient != "" {
			rows = append(rows, []any{n.DB.NewID(), recipient, m.Cause, m.Kind, params, m.Object, m.Record, m.Urgent, tx.Now(), read})
		}
	}
	return rows
}

func (n *Notify) outboxRows(tx *sqldb.Tx, m Message, params string) [][]any {
	state, queued := "waiting", n.Now()
	var sent any
	if n.history.Load() {
		state, sent = "sent", queued
	}
	rows := make([][]any, 0, len(m.Robots))
	for _, robot := range m.Robots {
		if robot != "" {
			rows = append(rows, []any{n.DB.NewID(), robot, m.Cause, m.Kind, params, m.Object, m.Record, tx.Now(), state, queued, sent})
		}
	}
	return rows
}

// insert writes rows of equal width, some at a time.
func insert(tx *sqldb.Tx, head, tail string, rows [][]any) error {
	for len(rows) > 0 {
		chunk := rows[:min(len(rows), rowsPerInsert)]
		rows = rows[len(chunk):]
		args := make([]any, 0, len(chunk)*len(chunk[0]))
		var b strings.Builder
		b.WriteString(head)
		for i, row := range chunk {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString("(" + places(len(args)+1, len(row)) + ")")
			args = append(args, row...)
		}
		b.WriteString(tail)
		if err := tx.Later(b.String(), args...); err != nil {
			return err
		}
	}
	return nil
}

// places is "$from, $from+1, …", count of them.
func places(from, count int) string {
	out := make([]byte, 0, 6*count)
	for i := range count {
		if i > 0 {
			out = append(out, ", "...)
		}
		out = strconv.AppendInt(append(out, '$'), int64(from+i), 10)
	}
	return string(out)
}
