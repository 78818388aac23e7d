package sqldb

import (
	"context"
	"errors"
	"sync"
	"time"
)

// The group commit's limits. A group grows as long as units wait, so that a
// commit costs each of many little; nobody waits for a group to fill.
const (
	queueLength = 1024
	groupUnits  = 100
	groupTime   = 20 * time.Millisecond
	groupLimit  = 30 * time.Second // of a whole group, a hanging server included
	groupHung   = 2 * groupLimit   // a group that goes on then never ends by itself
	unitSlow    = 50 * time.Millisecond
	unitTries   = 10
	unitPoint   = "u"

	// cautiousUnits is how many units are guarded one by one after a failure:
	// running a group twice costs more than the savepoints of many.
	cautiousUnits = 200
)

// errUnguarded is why a unit is run once more: it has something to be undone, or
// presumed wrongly, in a group without savepoints.
var errUnguarded = errors.New("sqldb: the unit is to be run again under a savepoint")

func (db *DB) startWriters(n int) {
	var wait sync.WaitGroup
	for range n {
		wait.Go(db.writeLoop)
	}
	go func() {
		wait.Wait()
		close(db.ended)
	}()
}

// writeLoop commits groups until the database is closed and the queue empty.
func (db *DB) writeLoop() {
	g := &group{db: db, queue: db.queue}
	for {
		select {
		case u := <-db.queue:
			g.write(u)
		case <-db.closed:
			for {
				select {
				case u := <-db.queue:
					g.write(u)
				default:
					return
				}
			}
		}
	}
}

// group is the shared transaction of one writer, used again and again.
type group struct {
	db       *DB
	queue    chan *unit // nil when it has one member alone
	session  session
	members  []*unit // begun and, so far, well
	again    []*unit // to be run alone, from their start
	redo     []*unit // to be run once more together, guarded
	cautious int     // for so many units more, each is guarded
	guarded  bool    // each unit of this round has a savepoint of its own
	base     time.Time
	read     time.Time // when base was read, monotonic
	shared   map[any]any
}

// write is commit, which reads let go first unless it begins with upkeep.
func (g *group) write(first *unit) {
	if first.quiet {
		g.commit(first)
		return
	}
	defer g.db.turns.write()()
	g.commit(first)
}

// commit runs first and what else is queued, and commits them together. Units
// that lost a deadlock, or whose neighbour broke the transaction, follow alone.
func (g *group) commit(first *unit) {
	if !first.start() {
		return
	}
	g.round(first, groupUnits)
	for {
		var u *unit
		switch {
		case len(g.redo) > 0:
			u, g.redo = g.redo[0], g.redo[1:]
			g.round(u, groupUnits)
		case len(g.again) > 0:
			u, g.again = g.again[0], g.again[1:]
			g.round(u, 1)
		default:
			return
		}
	}
}

// round is one transaction: first, already begun, and up to limit units in all.
func (g *group) round(first *unit, limit int) {
	ctx, cancel := context.WithTimeout(context.Background(), groupLimit)
	defer cancel()
	defer g.db.watch.over(g.db)()
	s, err := g.db.engine.beginWrite(ctx)
	if err != nil {
		first.finish(err)
		return
	}
	g.session, g.members, g.base, g.guarded = s, g.members[:0], time.Time{}, g.cautious > 0
	g.shared = map[any]any{}
	began := time.Now()
	for u := first; u != nil; u = g.next(began, limit) {
		if !g.member(ctx, u) {
			return
		}
	}
	if err = s.flush(ctx); err != nil { // whose it is shows when each is guarded
		s.rollback()
		g.runAgain(g.members...)
		return
	}
	if len(g.queue) > 0 {
		g.db.pressed.Store(time.Now().UnixNano())
	}
	err = s.commit(ctx)
	g.db.committed(len(g.members), time.Since(began))
	g.finish(err)
}

// next is the next unit, begun, while the group may still grow.
func (g *group) next(began time.Time, limit int) *unit {
	for len(g.members) < limit && time.Since(began) < groupTime {
		if len(g.redo) > 0 && limit > 1 {
			u := g.redo[0]
			g.redo = g.redo[1:]
			return u
		}
		select {
		case u := <-g.queue:
			if u.start() {
				return u
			}
		default:
			return nil
		}
	}
	return nil
}

// member runs u; false means that the transaction is over and every member has
// been dealt with.
func (g *group) member(ctx context.Context, u *unit) bool {
	if g.guarded {
		g.cautious = max(0, g.cautious-1)
		return g.guardedMember(ctx, u)
	}
	u.tries++
	err := g.runUnit(ctx, u)
	if err == nil {
		g.members = append(g.members, u)
		return true
	}
	g.session.rollback()
	switch {
	case len(g.members) > 0 || errors.Is(err, errUnguarded):
		g.runAgain(append(g.members, u)...)
	case isRetryable(err) && u.tries < unitTries:
		g.again = append(g.again, u)
	default:
		u.finish(err)
	}
	return false
}

// runAgain has the units run once more together, guarded.
func (g *group) runAgain(units ...*unit) {
	g.redo = append(g.redo, units...)
	g.cautious = cautiousUnits
}

// guardedMember runs u under its savepoint.
func (g *group) guardedMember(ctx context.Context, u *unit) bool {
	if err := g.session.savepoint(ctx, unitPoint); err != nil {
		g.members = append(g.members, u)
		g.lost(err)
		return false
	}
	u.tries++
	err := g.runUnit(ctx, u)
	var broken error
	if err != nil {
		clear(g.shared)
		broken = g.session.undo(ctx, unitPoint)
	} else {
		broken = g.session.release(ctx, unitPoint)
		err = broken
	}
	if broken != nil {
		g.lost(broken)
		u.finish(err)
		return false
	}
	if isRetryable(err) && u.tries < unitTries {
		g.again = append(g.again, u)
		return true
	}
	u.err = err
	g.members = append(g.members, u)
	return true
}

func (g *group) runUnit(ctx context.Context, u *unit) error {
	began := time.Now()
	tx := g.db.newTx(unitContext{Context: ctx, values: u.ctx}, g.session)
	tx.unguarded, tx.shared = !g.guarded, g.shared
	if !g.base.IsZero() {
		tx.setNow(g.base.Add(time.Since(g.read)))
	}
	err := tx.run(u.fn)
	if g.base.IsZero() && !tx.real.IsZero() {
		g.base, g.read = tx.real, time.Now()
	}
	u.after = tx.after
	if d := time.Since(began); d > unitSlow {
		g.db.log.Warn("slow unit held the writer", "duration", d)
	}
	return err
}

// lost ends a transaction that cannot be mended. Nothing was committed, so its
// members are run again alone, and whoever broke it gets the error then.
func (g *group) lost(cause error) {
	g.session.rollback()
	g.db.log.Warn("transaction lost", "cause", cause, "members", len(g.members))
	for _, u := range g.members {
		if u.tries++; u.tries < unitTries {
			g.again = append(g.again, u)
		} else {
			u.finish(cause)
		}
	}
}

// finish answers every member after the commit: its own error, or the commit's.
func (g *group) finish(err error) {
	if err != nil {
		g.db.gone.note(err)
		g.db.log.Error("commit failed", "error", err, "members", len(g.members))
	}
	for _, u := range g.members {
		if err != nil {
			u.finish(commitError(err))
		} else {
			u.finish(u.err)
		}
	}
}

// unitContext has the group's deadline and the caller's values.
type unitContext struct {
	context.Context
	values context.Context
}

func (c unitContext) Value(key any) any {
	if key == (insideUnit{}) {
		return true
	}
	return c.values.Value(key)
}
