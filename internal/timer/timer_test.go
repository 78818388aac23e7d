package timer_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
	"clew.dev/clew/internal/timer"
)

const document = `
document: object
id: t.lead
name: lead
label: {zh-CN: 线索}
title: company
fields: [{id: t.lead.company, name: company, label: {zh-CN: 公司}, type: text}]
`

// noon is the business time at which every test begins.
var noon = time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC)

// bench is a timer over leads whose only reaction notes who was looked at, and
// does to each what the test says.
type bench struct {
	*testing.T
	db     *sqldb.DB
	clock  *clewtest.Clock
	timer  *timer.Timer
	object *schema.Object

	mu     sync.Mutex
	ticked []string // "clock of record", in order
	act    func(w *record.Work) error
	before time.Time // real time before the last try
}

func each(t *testing.T, test func(b *bench)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		b := &bench{T: t, db: db, clock: clewtest.NewClock(noon)}
		db.SetClock(b.clock.Now)
		c, err := catalog.New(db, config.New(db), nil)
		b.must(err)
		documents, err := config.ParseYAML([]byte(document), "", "")
		b.must(err)
		_, err = c.Apply(t.Context(), documents, config.Note{Label: "test"})
		b.must(err)
		b.object, _ = c.Current().Object("lead")
		people := account.New(db, account.Options{})
		b.must(people.Load(t.Context()))
		store := &record.Store{
			DB: db, Snapshot: c.Current, Directory: people.Directory,
			Reactions: []record.Reaction{{Name: "clocks", Run: b.note}},
		}
		b.timer = &timer.Timer{DB: db, Snapshot: c.Current, Records: store, Log: slog.New(slog.DiscardHandler)}
		test(b)
	})
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// note is what the clocks' reaction would do: it ends what is due, unless the
// test lets it fail.
func (b *bench) note(w *record.Work) error {
	if w.Act != record.Tick {
		return nil
	}
	b.mu.Lock()
	b.ticked = append(b.ticked, w.Change.Actor.ID+" of "+w.After.ID)
	b.mu.Unlock()
	if b.act != nil {
		if err := b.act(w); err != nil {
			return err
		}
	}
	_, err := w.Tx.Exec("UPDATE clock_run SET wake_at=NULL, phase='fired' WHERE record=$1 AND wake_at<=$2", w.After.ID, sqldb.Micros(w.Tx.Now()))
	return err
}

// lead makes a record.
func (b *bench) lead(id string) {
	b.Helper()
	b.must(b.db.Write(b.Context(), func(tx *sqldb.Tx) error {
		_, err := b.timer.Records.Apply(tx, record.Change{
			Act: record.Create, Actor: thread.Actor{Kind: thread.System}, Object: b.object, ID: id, Set: map[string]any{"t.lead.company": id},
		})
		return err
	}))
}

// run starts a clock of a record that is due after a while.
func (b *bench) run(object, id, clock string, after time.Duration) {
	b.Helper()
	b.exec(`INSERT INTO clock_run(record,clock,object,phase,state,wake_at) VALUES($1,$2,$3,'running','{}',$4)`,
		id, clock, object, sqldb.Micros(noon.Add(after)))
}

func (b *bench) exec(sql string, args ...any) {
	b.Helper()
	b.must(b.db.Write(b.Context(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(sql, args...)
		return err
	}))
}

// due lets the timer look and tells whom it ticked meanwhile, sorted.
func (b *bench) due() []string {
	b.Helper()
	b.ticked = nil
	_, err := b.timer.Due(b.Context())
	b.must(err)
	slices.Sort(b.ticked)
	return slices.Compact(b.ticked) // units that share a commit with a failing one run again
}

func (b *bench) want(what string, got []string, want ...string) {
	b.Helper()
	if !slices.Equal(got, want) {
		b.Errorf("%s: %q, want %q", what, got, want)
	}
}

// row is a clock's row as the database has it.
type row struct {
	phase, problem string
	tries          int64
	wakes          bool
	retry          time.Time
}

func (b *bench) row(id, clock string) (r row) {
	b.Helper()
	b.must(b.db.Read(b.Context(), func(tx *sqldb.Tx) error {
		var wake *int64
		var retry int64
		err := tx.QueryRow("SELECT phase,problem,tries,wake_at,retry_at FROM clock_run WHERE record=$1 AND clock=$2", id, clock).
			Scan(&r.phase, &r.problem, &r.tries, &wake, &retry)
		r.wakes, r.retry = wake != nil, sqldb.FromMicros(retry)
		return err
	}))
	return r
}

func (b *bench) real() (now time.Time) {
	b.Helper()
	b.must(b.db.Read(b.Context(), func(tx *sqldb.Tx) error { now = tx.RealNow(); return nil }))
	return now
}

func (b *bench) between(at, from, until time.Time) {
	b.Helper()
	if at.Before(from) || at.After(until) {
		b.Errorf("%v is not between %v and %v", at, from, until)
	}
}

func TestOnlyWhatIsDueIsTicked(t *testing.T) {
	each(t, func(b *bench) {
		b.lead("one")
		b.lead("two")
		b.run("lead", "one", "claim", 30*time.Minute)
		b.run("lead", "two", "claim", time.Hour)
		b.want("at once", b.due())
		b.clock.Advance(30*time.Minute - time.Microsecond)
		b.want("a moment before", b.due())
		b.clock.Advance(time.Microsecond)
		b.want("at its very time", b.due(), "claim of one")
		b.want("once more", b.due())
		b.clock.Advance(24 * time.Hour)
		b.want("a day late", b.due(), "claim of two")
	})
}

func TestARecordWithSeveralClocksIsLookedAtOnce(t *testing.T) {
	each(t, func(b *bench) {
		b.lead("one")
		b.run("lead", "one", "claim", time.Minute)
		b.run("lead", "one", "silence", time.Minute)
		b.run("lead", "one", "later", time.Hour)
		b.clock.Advance(2 * time.Minute)
		if got := b.due(); len(got) != 1 {
			b.Errorf("ticked %q, want the record once for both clocks", got)
		}
		if r := b.row("one", "later"); r.phase != "running" || !r.wakes {
			b.Errorf("a clock that is not due: %+v", r)
		}
	})
}

func TestMoreThanOneLookFetchesAllAreTicked(t *testing.T) {
	each(t, func(b *bench) {
		const n = 230 // a look reads 100
		var want []string
		for i := range n {
			id := fmt.Sprintf("r%03d", i)
			b.lead(id)
			b.run("lead", id, "claim", time.Duration(i)*time.Second)
			want = append(want, "claim of "+id)
		}
		b.clock.Advance(time.Hour)
		b.want("all", b.due(), want...)
		if n, err := b.timer.Due(b.Context()); n != 0 || err != nil {
			b.Errorf("a second look: %d, %v", n, err)
		}
	})
}

func TestClocksOfWhatIsNoMoreEnd(t *testing.T) {
	each(t, func(b *bench) {
		b.run("lead", "gone", "claim", time.Minute)
		b.run("lead", "gone", "silence", time.Hour)
		b.run("nonsense", "other", "claim", time.Minute)
		b.clock.Advance(2 * time.Minute)
		b.want("nothing to tick", b.due())
		for _, one := range [][2]string{{"gone", "claim"}, {"gone", "silence"}, {"other", "claim"}} {
			if r := b.row(one[0], one[1]); r.phase != "cancelled" || r.wakes {
				b.Errorf("%v: %+v", one, r)
			}
		}
	})
}

// What fails waits longer each time, in real time, and holds up nobody else.
func TestWhatFailsIsTriedAgainEverMoreSlowly(t *testing.T) {
	each(t, func(b *bench) {
		b.lead("bad")
		b.lead("good")
		b.run("lead", "bad", "claim", time.Minute)
		b.run("lead", "good", "claim", 2*time.Minute)
		b.clock.Advance(time.Hour)
		b.act = func(w *record.Work) error {
			if w.After.ID == "bad" {
				return errors.New("it does not work")
			}
			return nil
		}
		b.before = b.real()
		b.want("the first look", b.due(), "claim of bad", "claim of good")
		b.want("not before its time", b.due())
		waits := []time.Duration{2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300} // seconds
		for i, wait := range waits {
			r := b.row("bad", "claim")
			if r.tries != int64(i+1) || r.phase != "running" || !r.wakes || r.problem == "" {
				b.Fatalf("after %d tries: %+v", i+1, r)
			}
			b.between(r.retry, b.before.Add(wait*time.Second), b.real().Add(wait*time.Second))
			b.before = b.real()
			b.exec("UPDATE clock_run SET retry_at=0 WHERE record='bad'") // as if it had waited
			b.want("another try", b.due(), "claim of bad")
		}
		b.act = nil
		b.exec("UPDATE clock_run SET retry_at=0 WHERE record='bad'")
		b.want("it works at last", b.due(), "claim of bad")
		if r := b.row("bad", "claim"); r.phase != "fired" || r.wakes {
			b.Errorf("in the end: %+v", r)
		}
	})
}

// A panic in one record's reactions is that record's own.
func TestAPanicHarmsOnlyItsRecord(t *testing.T) {
	each(t, func(b *bench) {
		for _, id := range []string{"a", "b", "c"} {
			b.lead(id)
			b.run("lead", id, "claim", time.Minute)
		}
		b.clock.Advance(time.Hour)
		b.act = func(w *record.Work) error {
			if w.After.ID == "b" {
				panic("poison")
			}
			return nil
		}
		b.want("all are tried", b.due(), "claim of a", "claim of b", "claim of c")
		for id, want := range map[string]string{"a": "fired", "b": "running", "c": "fired"} {
			if r := b.row(id, "claim"); r.phase != want {
				b.Errorf("%s: %+v, want %s", id, r, want)
			}
		}
	})
}

func TestNextIsTheEarliestThatRuns(t *testing.T) {
	each(t, func(b *bench) {
		next := func() time.Time {
			at, err := b.timer.Next(b.Context())
			b.must(err)
			return at
		}
		if at := next(); !at.IsZero() {
			b.Errorf("no clock runs, and the next is at %v", at)
		}
		b.lead("one")
		b.run("lead", "one", "late", 3*time.Hour)
		b.run("lead", "one", "early", time.Hour)
		if at := next(); !at.Equal(noon.Add(time.Hour)) {
			b.Errorf("next at %v", at)
		}
		b.clock.Advance(2 * time.Hour)
		b.due()
		if at := next(); !at.Equal(noon.Add(3 * time.Hour)) {
			b.Errorf("after the first: next at %v", at)
		}
	})
}

func TestALookThatIsCancelledSaysSo(t *testing.T) {
	each(t, func(b *bench) {
		ctx, cancel := context.WithCancel(b.Context())
		cancel()
		if _, err := b.timer.Due(ctx); !errors.Is(err, context.Canceled) {
			b.Errorf("got %v", err)
		}
		b.timer.Stop() // that was never started
	})
}
