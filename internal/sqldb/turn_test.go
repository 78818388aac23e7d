package sqldb

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestAsManyReadsAsAllowedTakeTheirTurnAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(3)
		back := []func(){take(t, turns), take(t, turns), take(t, turns)}
		fourth := taking(t.Context(), turns)
		synctest.Wait()
		if fourth.here() {
			t.Fatal("a fourth read has begun where three may")
		}
		back[1]()
		synctest.Wait()
		if !fourth.here() {
			t.Fatal("a turn was given back and nobody took it")
		}
		back[1]() // a second time counts for nothing
		fifth := taking(t.Context(), turns)
		synctest.Wait()
		if fifth.here() {
			t.Fatal("a turn was given back twice")
		}
		for _, give := range []func(){back[0], back[2], fourth.giveBack} {
			give()
		}
		synctest.Wait()
		fifth.giveBack()
	})
}

func TestWhoCameFirstIsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(1)
		give := take(t, turns)
		var line []*taker
		for range 5 {
			line = append(line, taking(t.Context(), turns))
			synctest.Wait()
		}
		for i, first := range line {
			give()
			synctest.Wait()
			for k, other := range line {
				if other.here() != (k <= i) {
					t.Fatalf("after %d turns the %dth in the line has begun: %v", i+1, k+1, other.here())
				}
			}
			give = first.giveBack
		}
		give()
	})
}

func TestWhoGoesAwayHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(1)
		give := take(t, turns)
		gone, cancel := context.WithCancel(t.Context())
		impatient := taking(gone, turns)
		synctest.Wait()
		patient := taking(t.Context(), turns)
		synctest.Wait()
		cancel()
		synctest.Wait()
		if !errors.Is(impatient.err, context.Canceled) {
			t.Fatalf("who went away got %v", impatient.err)
		}
		give()
		synctest.Wait()
		if !patient.here() {
			t.Fatal("the turn of who went away was lost")
		}
		patient.giveBack()
	})
}

func TestAReadThatTakesLongGivesItsTurnBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(1)
		give := take(t, turns)
		next := taking(t.Context(), turns)
		time.Sleep(turnTime - time.Millisecond)
		synctest.Wait()
		if next.here() {
			t.Fatal("a quick read lost its turn")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if !next.here() {
			t.Fatal("a slow read holds up a quick one")
		}
		give() // it has no turn any more
		third := taking(t.Context(), turns)
		synctest.Wait()
		if third.here() {
			t.Fatal("a slow read gave back a turn that another has")
		}
		next.giveBack()
		synctest.Wait()
		third.giveBack()
	})
}

func TestReadsLetAGroupGoFirstButNotForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(100)
		written := turns.write()
		var line []*taker
		for range 100 {
			line = append(line, taking(t.Context(), turns))
		}
		synctest.Wait()
		if got := here(line); got != 0 {
			t.Fatalf("%d reads have begun beside a group at once", got)
		}
		second := turns.write() // of another writer
		written()
		time.Sleep(turnGrace)
		synctest.Wait()
		if got, want := here(line), max(1, runtime.GOMAXPROCS(0)-1); got != want {
			t.Fatalf("%d reads beside a group after they waited, want %d", got, want)
		}
		second()
		synctest.Wait()
		if got := here(line); got != 100 {
			t.Fatalf("%d of 100 reads when nothing is written", got)
		}
		for _, one := range line {
			one.giveBack()
		}
	})
}

// TestReadsGoOnWhateverIsWritten: groups follow each other without a gap, and
// still each read comes to its turn.
func TestReadsGoOnWhateverIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(8)
		defer turns.write()()
		began := time.Now()
		for range 10 {
			take(t, turns)()
		}
		if took := time.Since(began); took != 10*turnGrace {
			t.Errorf("ten reads one after the other waited %v, want %v each", took, turnGrace)
		}
	})
}

func TestAHungDatabaseShedsItsReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := &turns{most: 0}
		if _, err := turns.take(t.Context()); err == nil || err.Error() == "" {
			t.Fatalf("a turn that never comes: %v", err)
		}
		if len(turns.waiting) != 0 {
			t.Fatal("who was sent away still stands in the line")
		}
	})
}

// TestNoTurnIsLost lets many come, go away and write at random, in real time: in
// the end all turns are there, and never were there more than allowed.
func TestNoTurnIsLost(t *testing.T) {
	turns := newTurns(4)
	var running, worst atomic.Int64
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			for k := range 200 {
				if i%16 == 0 {
					written := turns.write()
					runtime.Gosched()
					written()
					continue
				}
				ctx, cancel := context.WithCancel(t.Context())
				if (i+k)%3 == 0 {
					go cancel()
				}
				if give, err := turns.take(ctx); err == nil {
					now := running.Add(1)
					worst.Store(max(worst.Load(), now))
					runtime.Gosched()
					running.Add(-1)
					give()
				}
				cancel()
			}
		})
	}
	all.Wait()
	if turns.taken != 0 || turns.writing != 0 || len(turns.waiting) != 0 {
		t.Errorf("left: %d taken, %d writing, %d waiting", turns.taken, turns.writing, len(turns.waiting))
	}
	if got := worst.Load(); got > 4 {
		t.Errorf("%d reads at a time, at most 4", got)
	}
}

// taker is a read that waits for its turn or has it.
type taker struct {
	give func()
	err  error
}

func taking(ctx context.Context, turns *turns) *taker {
	one := &taker{}
	go func() { one.give, one.err = turns.take(ctx) }()
	return one
}

func (t *taker) here() bool { return t.give != nil }

func (t *taker) giveBack() { t.give() }

func take(t *testing.T, turns *turns) func() {
	t.Helper()
	give, err := turns.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return give
}

func here(line []*taker) (n int) {
	for _, one := range line {
		if one.here() {
			n++
		}
	}
	return n
}
