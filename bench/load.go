package main

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Load is what one load found. Latencies are milliseconds, of an open loop
// from the moment at which the lead was due.
type Load struct {
	PerSecond  float64 `json:"per_second"`
	P50        float64 `json:"p50_ms"`
	P95        float64 `json:"p95_ms"`
	P99        float64 `json:"p99_ms"`
	Failed     int64   `json:"failed"`
	CPUPerLead float64 `json:"cpu_ms_per_lead"` // of the program's process
}

// senders are the load's senders, with connections that stay open.
type senders struct {
	client *http.Client
	bodies *bodies
	heard  func(record string, at time.Time)
}

// inFlight bounds an open loop that the program cannot follow.
const inFlight = 512

// newSenders begin where no earlier ones were, also in a company that is used again.
func newSenders(url string) *senders {
	first := time.Now().Unix() % 10_000 * 1000 // phones have seven digits left
	s := &senders{
		client: &http.Client{
			Timeout:   30 * time.Second,
			Transport: &http.Transport{MaxIdleConns: inFlight, MaxIdleConnsPerHost: inFlight, DisableCompression: true},
		},
		bodies: &bodies{url: url, first: first}, heard: func(string, time.Time) {},
	}
	s.bodies.next.Store(first)
	return s
}

func (s *senders) sent() int64 { return s.bodies.next.Load() - s.bodies.first }

// send delivers one lead; it is well when it became, or met, a record.
func (s *senders) send(ctx context.Context, r *rand.Rand) bool {
	q, err := s.bodies.request(r)
	if err != nil {
		return false
	}
	answer, err := s.client.Do(q.WithContext(ctx))
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	record := answer.Header.Get("Clew-Record")
	if err != nil || answer.StatusCode != http.StatusOK || record == "" {
		return false
	}
	s.heard(record, time.Now())
	return true
}

// closedLoop lets n senders send one lead after the other.
func (s *senders) closedLoop(ctx context.Context, n int, d time.Duration) Load {
	taken := &times{}
	var group sync.WaitGroup
	began := time.Now()
	for i := range n {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), uint64(n)))
			for time.Since(began) < d {
				from := time.Now()
				ok := s.send(ctx, r)
				taken.note(time.Since(from), ok)
			}
		})
	}
	group.Wait()
	return taken.load(time.Since(began))
}

// openLoop sends rate leads a second whatever the program does.
func (s *senders) openLoop(ctx context.Context, rate int, d time.Duration) Load {
	taken := &times{}
	due := make(chan time.Time, inFlight)
	var group sync.WaitGroup
	for i := range inFlight {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), uint64(rate)))
			for from := range due {
				ok := s.send(ctx, r)
				taken.note(time.Since(from), ok)
			}
		})
	}
	began := time.Now()
	for i := 0; ; i++ {
		at := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		if at.Sub(began) >= d {
			break
		}
		time.Sleep(time.Until(at))
		due <- at
	}
	close(due)
	group.Wait()
	return taken.load(time.Since(began))
}

// times are the latencies of one load.
type times struct {
	mu     sync.Mutex
	well   []time.Duration
	failed int64
}

func (t *times) note(d time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ok {
		t.well = append(t.well, d)
	} else {
		t.failed++
	}
}

func (t *times) load(d time.Duration) Load {
	slices.Sort(t.well)
	return Load{
		PerSecond: float64(len(t.well)) / d.Seconds(), Failed: t.failed,
		P50: quantile(t.well, 0.50), P95: quantile(t.well, 0.95), P99: quantile(t.well, 0.99),
	}
}

// quantile of sorted durations, in milliseconds; 0 of none.
func quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return milliseconds(sorted[int(q*float64(len(sorted)-1))])
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
