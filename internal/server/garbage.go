package server

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much garbage may lie about before it is collected. A program that is busy
// spends a tenth of its processor time on collecting as often as Go does by
// itself; one that has little to do gives the memory back instead.
const (
	garbageLook  = 5 * time.Second
	garbageBusy  = 4 << 20  // bytes a second from which on the program is busy
	garbageRoom  = 96 << 20 // garbage at most while it is
	garbageUsual = 100      // GOGC as Go has it
	garbageMost  = 400
)

// collector sets how often garbage is collected, by what the program does.
type collector struct {
	percent  int
	made     uint64
	set      func(percent int)
	giveBack func()
}

// tendGarbage lets a collector look again and again until ctx ends. Whoever set
// GOGC or GOMEMLIMIT has decided already.
func tendGarbage(ctx context.Context) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	c := &collector{percent: garbageUsual, set: func(percent int) { debug.SetGCPercent(percent) }, giveBack: debug.FreeOSMemory}
	c.made, _ = heap()
	for tick := time.NewTicker(garbageLook); ; {
		select {
		case <-tick.C:
			c.look(heap())
		case <-ctx.Done():
			tick.Stop()
			c.look(c.made, 0)
			return
		}
	}
}

// look decides from the bytes that were made so far and those that are in use.
func (c *collector) look(made, live uint64) {
	percent := garbageUsual
	if made-c.made > garbageBusy*uint64(garbageLook/time.Second) {
		percent = int(min(max(garbageRoom*100/max(live, 1), garbageUsual), garbageMost))
	}
	c.made = made
	if percent == c.percent {
		return
	}
	c.set(percent)
	if percent == garbageUsual {
		c.giveBack()
	}
	c.percent = percent
}

// heap is what was ever made on it, and what was in use after the last collection.
func heap() (made, live uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64(), samples[1].Value.Uint64()
}
