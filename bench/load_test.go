package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"clew.dev/clew/internal/connector/oceanengine"
	"clew.dev/clew/internal/demo"
)

// door answers deliveries like the program, as answer says, and keeps them.
type door struct {
	mu     sync.Mutex
	bodies []map[string]any
	paths  map[string]int
	forged int
	answer func(w http.ResponseWriter, n int64)
	count  atomic.Int64
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	var body map[string]any
	_ = json.Unmarshal(raw, &body)
	d.mu.Lock()
	d.bodies = append(d.bodies, body)
	if d.paths == nil {
		d.paths = map[string]int{}
	}
	d.paths[r.URL.Path]++
	genuine := r.Header.Get("Authorization") == "Bearer "+demo.WebsiteSecret
	if r.URL.Path == "/in/douyin" {
		genuine = oceanengine.Verify(demo.DouyinSecret, raw, r.Header.Get("X-Open-Signature"))
	}
	if !genuine {
		d.forged++
	}
	d.mu.Unlock()
	d.answer(w, d.count.Add(1))
}

func well(w http.ResponseWriter, n int64) { w.Header().Set("Clew-Record", fmt.Sprint(n)) }

func sending(t *testing.T, d *door) *senders {
	t.Helper()
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	return newSenders(server.URL)
}

// TestWhatCountsAsSent: a lead that became no record was not taken, whatever the
// status says.
func TestWhatCountsAsSent(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, n int64)
		well   bool
	}{
		"a record":               {well, true},
		"no record":              {func(http.ResponseWriter, int64) {}, false},
		"a refusal":              {func(w http.ResponseWriter, n int64) { well(w, n); w.WriteHeader(http.StatusTooManyRequests) }, false},
		"an error":               {func(w http.ResponseWriter, _ int64) { w.WriteHeader(http.StatusInternalServerError) }, false},
		"a connection that dies": {func(http.ResponseWriter, int64) { panic(http.ErrAbortHandler) }, false},
	} {
		s := sending(t, &door{answer: c.answer})
		heard := 0
		s.heard = func(record string, at time.Time) {
			heard++
			if record == "" || at.IsZero() {
				t.Errorf("%s: heard of %q at %s", name, record, at)
			}
		}
		if got := s.send(t.Context(), rand.New(rand.NewPCG(1, 2))); got != c.well || (heard == 1) != c.well {
			t.Errorf("%s: %v, heard %d times", name, got, heard)
		}
	}
}

// TestLeadsOfALoad: half come by each door, all are genuine, each has an id of its
// own, and about one in twelve is somebody who came before.
func TestLeadsOfALoad(t *testing.T) {
	d := &door{answer: well}
	s := sending(t, d)
	r := rand.New(rand.NewPCG(3, 4))
	const n = 1500
	for range n {
		if !s.send(t.Context(), r) {
			t.Fatal("a lead was not taken")
		}
	}
	if s.sent() != n || d.forged != 0 || d.paths["/in/douyin"] != n/2 || d.paths["/in/website-api"] != n/2 {
		t.Errorf("%d sent, %d forged, by %v", s.sent(), d.forged, d.paths)
	}
	ids, phones := map[any]bool{}, map[any]bool{}
	for _, body := range d.bodies {
		lead := body
		if data, ok := body["data"].(string); ok {
			lead = map[string]any{}
			if err := json.Unmarshal([]byte(data), &lead); err != nil {
				t.Fatal(err)
			}
			lead["phone"], lead["external_id"] = lead["telephone"], lead["clue_id"]
		}
		if ids[lead["external_id"]] {
			t.Fatalf("%v came twice", lead["external_id"])
		}
		ids[lead["external_id"]], phones[lead["phone"]] = true, true
	}
	if again := float64(n-len(phones)) / n; again < repeated/2 || again > repeated*1.5 {
		t.Errorf("%.3f of the leads came before, want about %.2f", again, repeated)
	}
}

// TestLoadsCountBoth: what was taken and what was not, in a closed loop and in an
// open one, which sends at its rate whatever the program does.
func TestLoadsCountBoth(t *testing.T) {
	d := &door{answer: func(w http.ResponseWriter, n int64) {
		if n%5 == 0 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		well(w, n)
	}}
	s := sending(t, d)
	closed := s.closedLoop(t.Context(), 4, 150*time.Millisecond)
	sent := d.count.Load()
	if sent < 5 || closed.Failed != sent/5 || closed.P50 <= 0 || closed.P99 < closed.P95 || closed.P95 < closed.P50 {
		t.Errorf("of %d: %+v", sent, closed)
	}
	open := s.openLoop(t.Context(), 200, 250*time.Millisecond)
	if got := d.count.Load() - sent; got != 50 || open.Failed != 10 {
		t.Errorf("of %d that were due 50: %+v", got, open)
	}
}

// TestWaitingCounts: in an open loop a lead that had to wait for others is as late
// as its sender finds it: from the moment at which it was due.
func TestWaitingCounts(t *testing.T) {
	var gate sync.WaitGroup
	gate.Add(1)
	d := &door{answer: func(w http.ResponseWriter, n int64) {
		if n == 20 {
			gate.Done()
		}
		gate.Wait() // nobody is answered before the last one has come
		well(w, n)
	}}
	s := sending(t, d)
	load := s.openLoop(t.Context(), 100, 200*time.Millisecond)
	if load.Failed != 0 || load.P50 < 50 || load.P99 < 150 {
		t.Errorf("twenty leads, 10 ms apart, answered with the last: %+v", load)
	}
}

// TestQuantiles of sorted times.
func TestQuantiles(t *testing.T) {
	var hundred []time.Duration
	for i := range 101 {
		hundred = append(hundred, time.Duration(i)*time.Millisecond)
	}
	for _, c := range []struct {
		of   []time.Duration
		q    float64
		want float64
	}{{nil, 0.5, 0}, {hundred[7:8], 0.99, 7}, {hundred, 0, 0}, {hundred, 0.5, 50}, {hundred, 0.95, 95}, {hundred, 0.99, 99}, {hundred, 1, 100}} {
		if got := quantile(c.of, c.q); got != c.want {
			t.Errorf("%v of %d: %v, want %v", c.q, len(c.of), got, c.want)
		}
	}
	if got := middle([]float64{9, 1, 5}); got != 5 {
		t.Errorf("the middle is %v", got)
	}
}

// TestFiguresSayWhetherTheyAreMet, on both sides of a target and at it.
func TestFiguresSayWhetherTheyAreMet(t *testing.T) {
	var r Report
	for _, c := range []struct {
		side        string
		target, got float64
		met         bool
	}{{"≤", 50, 50, true}, {"≤", 50, 50.1, false}, {"≥", 1500, 1500, true}, {"≥", 1500, 1499, false}, {"≤", 0, 0, true}} {
		r.figure(fmt.Sprint(c), c.side, c.target, c.got, "ms")
		if last := r.Figures[len(r.Figures)-1]; last.Met != c.met || last.Got != c.got {
			t.Errorf("%+v: %+v", c, last)
		}
	}
	var out bytes.Buffer
	r.Database = "embedded"
	printFigures(&out, []Report{r})
	if text := out.String(); strings.Count(text, "MISSED") != 2 || strings.Count(text, "met") != 3 || !strings.Contains(text, "embedded") {
		t.Errorf("the table says\n%s", text)
	}
	printTable(&out, []Report{{Database: "embedded", RawLeads: 0}, {Database: "server"}}) // a database that measured nothing is no division by zero
	if text := out.String(); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Errorf("the table says\n%s", text)
	}
}
