package sqldb

import (
	"runtime"
	"sync/atomic"
	"time"

	"clew.dev/clew/internal/fault"
)

// watch notices groups that outlive their deadline by far, so that statements
// cannot be what they wait for: a fault of the program, which would otherwise
// look like a database that is merely busy.
type watch struct {
	patience time.Duration
	hung     atomic.Int32
}

// over begins to watch a group of db; the returned function ends it.
func (w *watch) over(db *DB) (done func()) {
	timer := time.AfterFunc(w.patience, func() {
		w.hung.Add(1)
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		db.log.Error("a unit does not end", "after", w.patience, "stacks", string(stacks))
	})
	return func() {
		if !timer.Stop() {
			w.hung.Add(-1)
		}
	}
}

func (w *watch) err() error {
	if w.hung.Load() > 0 {
		return fault.New(fault.Unavailable, "writer_hung")
	}
	return nil
}
