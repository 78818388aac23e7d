package sqldb

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// statement is one of a writing session's that waits to be sent with others.
type statement struct {
	text string
	args []any
	sets string // the savepoint that it sets, "" for none
}

// waitingMost bounds what is kept before it is sent.
const waitingMost = 64

func (s *postgresSession) later(ctx context.Context, text string, args []any) error {
	s.waiting = append(s.waiting, statement{text: text, args: args})
	if len(s.waiting) < waitingMost {
		return nil
	}
	return s.flush(ctx)
}

// flush sends what waits in one round trip and tells the first failure.
func (s *postgresSession) flush(ctx context.Context) error {
	if len(s.waiting) == 0 {
		return nil
	}
	results, err := s.send(ctx)
	if err != nil {
		return err
	}
	return results.Close()
}

// send sends what waits, and then more, in one round trip. The results that
// remain to be read are those of more.
func (s *postgresSession) send(ctx context.Context, more ...statement) (pgx.BatchResults, error) {
	waiting := len(s.waiting)
	batch := &pgx.Batch{}
	for _, one := range append(s.waiting, more...) {
		args := one.args
		if len(args) > 0 {
			// Prepared once a connection, and known by its text from then on.
			if _, err := s.conn.Conn().Prepare(ctx, one.text, one.text); err != nil {
				s.waiting = nil
				return nil, err
			}
			args = wholes(bind(args))
		}
		batch.Queue(one.text, args...)
	}
	s.waiting = nil
	results := s.tx.SendBatch(ctx, batch)
	for range waiting {
		if _, err := results.Exec(); err != nil {
			return nil, errors.Join(err, results.Close())
		}
	}
	return results, nil
}

// wholes copies arguments so that numbers fit columns of numbers and those of
// yes and no.
func wholes(args []any) []any {
	out := make([]any, len(args))
	for i, v := range args {
		if n, ok := v.(int64); ok {
			v = whole(n)
		}
		out[i] = v
	}
	return out
}
