package search

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

const (
	batch    = 100                    // records taken in by one unit, a few milliseconds
	gather   = 200 * time.Millisecond // how long changes are gathered before they are taken in
	breath   = 5 * time.Millisecond   // between full batches, about as long as one takes
	idle     = time.Second            // between looks when nobody rings
	tidyEach = 4                      // batches between two steps of merging

	// mostLate is how long new words wait at most while leads pour in: taking
	// them in costs a third of what a lead costs.
	mostLate = 30 * time.Second
)

// Index keeps the search index after the records. Its fields are set once, by the server.
type Index struct {
	DB       *sqldb.DB
	Snapshot func() *catalog.Snapshot
	Log      *slog.Logger

	bell    chan struct{}
	stop    context.CancelFunc
	stopped sync.WaitGroup
	batches int
	untidy  bool      // something may be left to merge
	current time.Time // when nothing was left to take in
}

// NewIndex makes an index; nothing runs yet.
func NewIndex(db *sqldb.DB, snapshot func() *catalog.Snapshot, log *slog.Logger) *Index {
	return &Index{DB: db, Snapshot: snapshot, Log: log, bell: make(chan struct{}, 1), untidy: true, current: time.Now()}
}

// Note writes down, in the change's transaction, that a record's words changed.
func (x *Index) Note(w *record.Work) error {
	if !concerns(w) {
		return nil
	}
	w.Tx.AfterCommit(x.ring)
	return w.Tx.Later(`INSERT INTO search_pending (object, record) VALUES ($1, $2)`, w.Object.ID, w.After.ID)
}

func concerns(w *record.Work) bool {
	if w.Created() || (w.Before.DeletedAt == nil) != (w.After.DeletedAt == nil) || w.Changed(w.Object.OwnerField) {
		return true
	}
	for _, f := range Searchable(w.Object) {
		if w.Changed(f.Name) {
			return true
		}
	}
	return false
}

func (x *Index) ring() {
	select {
	case x.bell <- struct{}{}:
	default:
	}
}

// Start takes changes in until Stop.
func (x *Index) Start(ctx context.Context) {
	ctx, x.stop = context.WithCancel(context.WithoutCancel(ctx))
	x.stopped.Go(func() { x.run(ctx) })
}

// Stop ends what Start began.
func (x *Index) Stop() {
	if x.stop != nil {
		x.stop()
		x.stopped.Wait()
	}
}

func (x *Index) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := x.CatchUp(ctx); err != nil && ctx.Err() == nil {
			x.Log.Error("the search index is behind", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-x.bell:
			wait(ctx, gather)
		case <-time.After(idle):
		}
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// CatchUp takes in all that waits, old records included, and brings the index in order.
func (x *Index) CatchUp(ctx context.Context) error {
	for {
		makeWay(ctx, x.DB.Pressed, x.current.Add(mostLate))
		n, err := x.takeIn(ctx)
		if err != nil {
			return err
		}
		if n == batch {
			wait(ctx, breath) // others write too
		}
		if n > 0 {
			x.untidy = true
			continue
		}
		x.current = time.Now()
		more, err := x.handOver(ctx)
		if err == nil && !more {
			more, err = x.tidy(ctx)
		}
		if err != nil || !more {
			return err
		}
	}
}

// makeWay waits while leads pour in, until the given time at most.
func makeWay(ctx context.Context, pressed func() bool, until time.Time) {
	for pressed() && time.Now().Before(until) && ctx.Err() == nil {
		wait(ctx, gather)
	}
}

// tidy merges a little of what was taken in piece by piece: each piece is one
// more place to look at for every word of a question.
func (x *Index) tidy(ctx context.Context) (more bool, err error) {
	if !x.untidy {
		return false, nil
	}
	x.untidy, err = x.DB.Tidy(ctx)
	wait(ctx, breath)
	return x.untidy, err
}

// pending is one row that says what to take in.
type pending struct {
	id             int64
	object, record string
}

// takeIn takes one batch in and tells how many rows it was.
func (x *Index) takeIn(ctx context.Context) (int, error) {
	var waiting []pending
	var records []sqldb.Indexed
	err := x.DB.Read(ctx, func(tx *sqldb.Tx) (err error) {
		if waiting, err = waitingRows(tx); err != nil {
			return err
		}
		records, err = x.read(tx, waiting)
		return err
	})
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	err = x.DB.WriteBeside(ctx, func(tx *sqldb.Tx) error {
		if err := tx.Index(records); err != nil {
			return err
		}
		return forget(tx, waiting)
	})
	if err != nil {
		return 0, err
	}
	if x.batches++; x.batches%tidyEach == 0 {
		_, err = x.DB.Tidy(ctx)
	}
	return len(waiting), err
}

func waitingRows(tx *sqldb.Tx) ([]pending, error) {
	rows, err := tx.Query(`SELECT id, object, record FROM search_pending ORDER BY id LIMIT ` + strconv.Itoa(batch))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []pending
	for rows.Next() {
		var p pending
		if err := rows.Scan(&p.id, &p.object, &p.record); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// forget deletes the rows that were taken in, and no other. Their numbers are
// bound, so that all batches of a size are one statement.
func forget(tx *sqldb.Tx, waiting []pending) error {
	places, ids := make([]string, len(waiting)), make([]any, len(waiting))
	for i, p := range waiting {
		places[i], ids[i] = "$"+strconv.Itoa(i+1), p.id
	}
	_, err := tx.Exec(`DELETE FROM search_pending WHERE id IN (`+strings.Join(places, ",")+`)`, ids...)
	return err
}

// read reads the records and makes their tokens; those that are gone or
// deleted have none.
func (x *Index) read(tx *sqldb.Tx, waiting []pending) ([]sqldb.Indexed, error) {
	places := map[string]pending{} // the latest row of each record
	byObject := map[string][]any{}
	for _, p := range waiting {
		if _, seen := places[p.record]; !seen {
			byObject[p.object] = append(byObject[p.object], p.record)
		}
		places[p.record] = p
	}
	var records []sqldb.Indexed
	snapshot := x.Snapshot()
	for id, ids := range byObject {
		object, ok := snapshot.ObjectByID(id)
		if !ok {
			object = &schema.Object{}
		}
		found, err := readRows(tx, object, ids)
		if err != nil {
			return nil, err
		}
		for _, recordID := range ids {
			p := places[recordID.(string)]
			row := found[p.record]
			records = append(records, sqldb.Indexed{N: p.id, Object: p.object, Record: p.record, Revision: row.Revision, Tokens: Tokens(object, row)})
		}
	}
	return records, nil
}

func readRows(tx *sqldb.Tx, object *schema.Object, ids []any) (map[string]query.Row, error) {
	found := map[string]query.Row{}
	if len(Searchable(object)) == 0 {
		return found, nil
	}
	rows, err := record.Select(tx, query.Select{Object: object, Fields: readFields(object), Where: query.In{System: "id", Values: ids}})
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, err
}

// readFields are those that tokens are made of, and the title.
func readFields(object *schema.Object) []*schema.Field {
	fields := Searchable(object)
	for _, name := range []string{object.TitleField, object.OwnerField} {
		if f, ok := object.Field(name); ok && !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	return fields
}
