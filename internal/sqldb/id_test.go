package sqldb

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Property: however the clock runs, stands still, or is set back, ids are unique
// and well formed; they grow unless it was set back by ten seconds or more, and
// carry its time to the millisecond as long as it goes on.
func TestIdsGrowWithTheClock(t *testing.T) {
	steps := []time.Duration{0, time.Nanosecond, time.Microsecond, time.Millisecond, time.Second, time.Hour, -time.Microsecond, -time.Millisecond, -9 * time.Second, -11 * time.Second, -24 * time.Hour}
	rapid.Check(t, func(r *rapid.T) {
		var ids idSource
		now := time.UnixMilli(rapid.Int64Range(0, 1<<43).Draw(r, "begin")).UTC()
		seen, last, latest := map[string]bool{}, "", now
		for range rapid.IntRange(2, 60).Draw(r, "ids") {
			id := ids.next(now)
			if seen[id] {
				r.Fatalf("%s twice", id)
			}
			seen[id] = true
			if id[14] != '7' || !strings.ContainsRune("89ab", rune(id[19])) || len(id) != 36 {
				r.Fatalf("%s is no UUIDv7", id)
			}
			if latest.Sub(now) < 10*time.Second && id <= last {
				r.Fatalf("%s after %s, the clock at %v after %v", id, last, now, latest)
			}
			if !now.Before(latest) {
				if at := timeOf(r, id); at.Before(now.Truncate(time.Millisecond)) || at.Sub(now) > 2*time.Millisecond {
					r.Fatalf("%s says %v at %v", id, at, now)
				}
				latest = now
			}
			if latest.Sub(now) >= 10*time.Second {
				latest = now // ids follow the clock again
			}
			last = id
			now = now.Add(rapid.SampledFrom(steps).Draw(r, "step"))
			if now.Before(time.UnixMilli(0)) {
				now = time.UnixMilli(0).UTC()
			}
		}
	})
}

// timeOf is the time that an id carries.
func timeOf(r *rapid.T, id string) time.Time {
	raw, err := hex.DecodeString(strings.ReplaceAll(id, "-", "")[:12])
	if err != nil {
		r.Fatal(err)
	}
	var ms int64
	for _, b := range raw {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms).UTC()
}

// TestManyIdsOfOneMoment: more than a millisecond has room for go on into the next.
func TestManyIdsOfOneMoment(t *testing.T) {
	var ids idSource
	now := time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC)
	last := ""
	for i := range 10_000 {
		id := ids.next(now)
		if id <= last {
			t.Fatalf("the %dth id %s is not after %s", i, id, last)
		}
		last = id
	}
}
