package search

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestTheIndexLetsLeadsGoFirst: it waits while leads pour in, goes on when they
// end, and is never later than promised.
func TestTheIndexLetsLeadsGoFirst(t *testing.T) {
	for _, c := range []struct {
		name      string
		burst     time.Duration // for how long leads pour in
		late      time.Duration // how late the index is already
		atLeast   time.Duration
		atMost    time.Duration
		cancelled bool
	}{
		{name: "nobody waits", burst: 0, atMost: 0},
		{name: "a short burst", burst: 3 * time.Second, atLeast: 3 * time.Second, atMost: 3*time.Second + gather},
		{name: "an endless one", burst: time.Hour, atLeast: mostLate, atMost: mostLate + gather},
		{name: "an endless one when late already", burst: time.Hour, late: mostLate - time.Second, atLeast: time.Second, atMost: time.Second + gather},
		{name: "an endless one when too late", burst: time.Hour, late: 2 * mostLate, atMost: 0},
		{name: "an index that was never current", burst: time.Hour, late: 100 * 365 * 24 * time.Hour, atMost: 0},
		{name: "a program that ends", burst: time.Hour, atMost: 0, cancelled: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.cancelled {
					cancel()
				}
				began := time.Now()
				makeWay(ctx, func() bool { return time.Since(began) < c.burst }, began.Add(mostLate-c.late))
				if took := time.Since(began); took < c.atLeast || took > c.atMost {
					t.Errorf("waited %v, want %v to %v", took, c.atLeast, c.atMost)
				}
			})
		})
	}
}
