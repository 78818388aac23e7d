package sqldb

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// statement is one of a writing session's that runs beside its unit.
type statement struct {
	text     string
	args     []any
	sets     string // the savepoint that it sets, "" for none
	presumed bool   // to change a row
}

// pushedTogether is how many statements are sent at once: each sending wakes the
// server, which runs them while the unit computes the next.
const pushedTogether = 4

// pipeline is what a writing session has sent and not read the results of.
type pipeline struct {
	*pgconn.Pipeline
	sent []bool // of each statement, whether it is presumed to change a row
}

func (s *postgresSession) later(ctx context.Context, text string, args []any) error {
	return s.add(ctx, statement{text: text, args: args})
}

// presume believes that a row will be changed; flush tells when it was not.
func (s *postgresSession) presume(ctx context.Context, text string, args []any) (bool, error) {
	return true, s.add(ctx, statement{text: text, args: args, presumed: true})
}

func (s *postgresSession) add(ctx context.Context, one statement) error {
	s.waiting = append(s.waiting, one)
	if len(s.waiting) < pushedTogether {
		return nil
	}
	return s.push(ctx)
}

// push sends what waits, and does not wait for the results.
func (s *postgresSession) push(ctx context.Context) error {
	if err := s.enqueue(ctx); err != nil || s.sent.Pipeline == nil {
		return err
	}
	return s.sent.Flush()
}

// flush waits for the results of all, and tells the first failure.
func (s *postgresSession) flush(ctx context.Context) error {
	if err := s.enqueue(ctx); err != nil {
		return err
	}
	return s.drain()
}

// behind sends a statement behind all that went before, and waits for its result.
// The session's end is due when that has been read.
func (s *postgresSession) behind(ctx context.Context, one statement) (*pgconn.ResultReader, error) {
	s.waiting = append(s.waiting, one)
	if err := s.enqueue(ctx); err != nil {
		return nil, err
	}
	if err := s.sent.Sync(); err != nil {
		return nil, s.end(err)
	}
	last := len(s.sent.sent) - 1
	if err := s.sent.read(last); err != nil {
		return nil, s.end(err)
	}
	result, err := s.sent.result()
	if err != nil {
		return nil, s.end(err)
	}
	return result, nil
}

// enqueue puts what waits into the pipeline.
func (s *postgresSession) enqueue(ctx context.Context) error {
	waiting := s.waiting
	s.waiting = s.waiting[:0]
	for _, one := range waiting {
		if err := s.put(ctx, one); err != nil {
			return err
		}
	}
	clear(waiting)
	return nil
}

func (s *postgresSession) put(ctx context.Context, one statement) error {
	if len(one.args) == 0 {
		s.open(ctx).SendQueryParams(one.text, nil, nil, nil, nil)
	} else {
		prepared, err := s.prepare(ctx, one.text)
		if err != nil {
			return err
		}
		if err := s.built.Build(s.conn.Conn().TypeMap(), prepared, wholes(bind(one.args))); err != nil {
			return err
		}
		s.open(ctx).SendQueryPrepared(prepared.Name, s.built.ParamValues, s.built.ParamFormats, s.built.ResultFormats)
	}
	s.sent.sent = append(s.sent.sent, one.presumed)
	return nil
}

func (s *postgresSession) open(ctx context.Context) *pgconn.Pipeline {
	if s.sent.Pipeline == nil {
		s.sent.Pipeline = s.conn.Conn().PgConn().StartPipeline(ctx)
	}
	return s.sent.Pipeline
}

// prepare knows the statement by its text, once prepared on the connection.
// That takes a round trip of its own, so what was sent is waited for.
func (s *postgresSession) prepare(ctx context.Context, text string) (*pgconn.StatementDescription, error) {
	const place = "clew's statements"
	kept := s.conn.Conn().PgConn().CustomData()
	known, _ := kept[place].(map[string]*pgconn.StatementDescription)
	if prepared, ok := known[text]; ok {
		return prepared, nil
	}
	if err := s.drain(); err != nil {
		return nil, err
	}
	prepared, err := s.conn.Conn().Prepare(ctx, text, text)
	if err != nil {
		return nil, err
	}
	if known == nil {
		known = map[string]*pgconn.StatementDescription{}
		kept[place] = known
	}
	known[text] = prepared
	return prepared, nil
}

// drain waits for the results of what was sent.
func (s *postgresSession) drain() error {
	if s.sent.Pipeline == nil {
		return nil
	}
	err := s.sent.Sync()
	if err == nil {
		err = s.sent.read(len(s.sent.sent))
	}
	return s.end(err)
}

// end leaves the connection as it was before the pipeline, with the first failure.
func (s *postgresSession) end(err error) error {
	closed := s.sent.Close()
	s.sent = pipeline{sent: s.sent.sent[:0]}
	if err != nil {
		return err
	}
	return closed
}

// read reads the next n results.
func (p *pipeline) read(n int) error {
	for _, presumed := range p.sent[:n] {
		result, err := p.result()
		if err != nil {
			return err
		}
		tag, err := result.Close()
		if err != nil {
			return err
		}
		if presumed && tag.RowsAffected() == 0 {
			return errUnguarded
		}
	}
	return nil
}

func (p *pipeline) result() (*pgconn.ResultReader, error) {
	next, err := p.GetResults()
	if err != nil {
		return nil, err
	}
	result, ok := next.(*pgconn.ResultReader)
	if !ok {
		return nil, errOutOfStep
	}
	return result, nil
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

// rows are those of a result that was read from the pipeline.
func (s *postgresSession) rows(result *pgconn.ResultReader) pgx.Rows {
	return pgx.RowsFromResultReader(s.conn.Conn().TypeMap(), result)
}
