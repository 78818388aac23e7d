package sqldb

import (
	"context"
	"runtime"
	"sync"
	"time"

	"clew.dev/clew/internal/fault"
)

// turnTime is for how long a read counts as a quick one.
const turnTime = 50 * time.Millisecond

// turns let only as many quick reads of the embedded database run at a time as
// there are processors: further ones would be no sooner done, and a lead that
// comes in would stand behind each of them at every step of its way. A read that
// takes longer gives its turn back, so that it holds up no quick one.
type turns chan struct{}

func newTurns() turns { return make(turns, runtime.GOMAXPROCS(0)) }

// take waits for a turn; the returned function gives it back, once.
func (t turns) take(ctx context.Context) (giveBack func(), err error) {
	wait := time.NewTimer(acquireWait)
	defer wait.Stop()
	select {
	case t <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-wait.C:
		return nil, fault.New(fault.Unavailable, "database_busy")
	}
	once := sync.OnceFunc(func() { <-t })
	long := time.AfterFunc(turnTime, once)
	return func() { long.Stop(); once() }, nil
}
