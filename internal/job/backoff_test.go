package job

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Property: the wait after a failure doubles, from a second up to an hour, and
// is off by a tenth at most, so that what failed together does not come back
// together; no number of failures, however wrong, makes it none.
func TestTheWaitAfterAFailure(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		failures := rapid.OneOf(rapid.IntRange(-3, 20), rapid.Just(1<<40)).Draw(r, "failures")
		whole := time.Hour
		if failures < 12 {
			whole = time.Second
			for range failures - 1 {
				whole = min(2*whole, time.Hour)
			}
		}
		least, most := whole*9/10, whole*11/10
		if got := backoff(failures); got < least || got > most {
			r.Fatalf("after %d failures %v, want %v to %v", failures, got, least, most)
		}
	})
	spread := map[time.Duration]bool{}
	for range 20 {
		spread[backoff(5)] = true
	}
	if len(spread) < 2 {
		t.Error("all wait equally long")
	}
}

// TestWhatIsNotSaidIsSensible: options that are left out, or make no sense, give
// a queue that works and ends.
func TestWhatIsNotSaidIsSensible(t *testing.T) {
	for name, o := range map[string]Options{"nothing": {}, "less than nothing": {Workers: -1, Tries: -5, Timeout: -time.Second}} {
		got := o.withDefaults()
		if got.Workers < 1 || got.Tries < 1 || got.Timeout <= 0 || got.Backoff == nil || got.Now == nil || got.Log == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	said := Options{Workers: 3, Tries: 2, Timeout: time.Hour}.withDefaults()
	if said.Workers != 3 || said.Tries != 2 || said.Timeout != time.Hour {
		t.Errorf("what was said: %+v", said)
	}
}
