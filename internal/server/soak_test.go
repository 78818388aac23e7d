//go:build soak

package server_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// The soak's shape; CLEW_SOAK is how long one database is soaked (default 2h).
const (
	soakActors   = 4
	soakReaders  = 4
	soakSenders  = 4
	soakRound    = 2 * time.Minute
	soakPatience = 15 * time.Second // no answer takes longer, and no stop
	soakGrowth   = 2                // times the memory of the second round at most
)

// soak is the real program under everything at once: people who act at random,
// readers, channels; stopped and looked at after each round.
type soak struct {
	*company
	binary  string
	address string
	callers map[string]caller
	pushed  atomic.Int64
	memory  []int64 // kB at the end of each round
	process *exec.Cmd
}

func TestSoak(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s := newSoak(t, c)
		for until := time.Now().Add(soakTime(t)); time.Now().Before(until) && !t.Failed(); {
			s.round(min(soakRound, time.Until(until)))
		}
		if n := len(s.memory); n > 2 && s.memory[n-1] > soakGrowth*s.memory[1] {
			t.Errorf("memory grew: %v kB", s.memory)
		}
		t.Logf("%d pushes; memory after each round: %v kB", s.pushed.Load(), s.memory)
	})
}

func soakTime(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("CLEW_SOAK")
	if text == "" {
		return 2 * time.Hour
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func newSoak(t *testing.T, c *company) *soak {
	t.Helper()
	s := &soak{company: c, binary: filepath.Join(t.TempDir(), "clew"), callers: map[string]caller{}}
	if out, err := exec.Command("go", "build", "-o", s.binary, "clew.dev/clew/cmd/clew").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	c.must(err)
	s.address = listener.Addr().String()
	c.must(listener.Close())
	for _, who := range []string{"leader", "s1", "s2", "s3", "marketing", "admin"} {
		s.callers[who] = c.as(who)
	}
	return s
}

// round runs the program for a while, ends it in good order and checks what it left.
func (s *soak) round(length time.Duration) {
	s.Helper()
	s.end()
	s.start()
	ctx, cancel := context.WithTimeout(s.Context(), length)
	defer cancel()
	var all sync.WaitGroup
	for range soakActors {
		all.Go(func() { s.act(ctx) })
	}
	for range soakReaders {
		all.Go(func() { s.read(ctx) })
	}
	for range soakSenders {
		all.Go(func() { s.push(ctx) })
	}
	all.Wait()
	s.finish()
	s.begin()
	s.invariants()
}

func (s *soak) start() {
	s.Helper()
	arguments := []string{"serve", "--data", s.options.Data, "--listen", s.address, "--log-level", "error"}
	if s.options.Database != "" {
		arguments = append(arguments, "--database", s.options.Database)
	}
	s.process = exec.Command(s.binary, arguments...)
	s.process.Stderr = os.Stderr
	s.must(s.process.Start())
	s.Cleanup(func() { _ = s.process.Process.Kill() })
	s.site = &httptest.Server{URL: "http://" + s.address}
	for range 600 {
		if answer, err := http.Get(s.site.URL + "/readyz"); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.Fatal("the program did not start")
}

// finish notes the program's memory and stops it; one that does not stop says
// where it hangs.
func (s *soak) finish() {
	s.Helper()
	s.memory = append(s.memory, s.resident())
	s.must(s.process.Process.Signal(syscall.SIGTERM))
	hung := time.AfterFunc(soakPatience, func() { _ = s.process.Process.Signal(syscall.SIGQUIT) })
	err := s.process.Wait()
	if !hung.Stop() || err != nil {
		s.Fatalf("the program did not end in good order: %v", err)
	}
}

// resident is the program's memory in kB.
func (s *soak) resident() int64 {
	s.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	s.must(err)
	_, rest, _ := strings.Cut(string(raw), "VmRSS:")
	n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	s.must(err)
	return n
}

// timed fails the test when what is done takes longer than anybody waits.
func (s *soak) timed(what string, do func()) {
	s.Helper()
	began := time.Now()
	if do(); time.Since(began) > soakPatience {
		s.Errorf("%s took %v", what, time.Since(began))
	}
}

func (s *soak) act(ctx context.Context) {
	d := &dice{company: s.company, Rand: rand.New(rand.NewPCG(rand.Uint64(), 1)), people: []string{"leader", "s1", "s2", "s3", "marketing", "admin"}, by: s.callers, pass: func() {}}
	d.leads = []string{s.lead(s.callers["leader"], map[string]any{"company": "开头"})}
	for ctx.Err() == nil && !s.Failed() {
		s.timed("an act", d.act)
	}
}

// read looks at what people look at; each filter is another statement.
func (s *soak) read(ctx context.Context) {
	for ctx.Err() == nil && !s.Failed() {
		who := []string{"leader", "s1", "admin"}[rand.IntN(3)]
		path := []string{
			leads + "?limit=50&sort=-created_at", leads + fmt.Sprintf("?limit=50&sort=-score,company&filter=score > %d", rand.IntN(5000)),
			"/api/v1/home", "/api/v1/dash/lead-health", fmt.Sprintf("/api/v1/search?q=随机%d", rand.IntN(30)), "/api/v1/search?q=brjg",
		}[rand.IntN(6)]
		s.timed(path, func() {
			if got := s.callers[who]("GET", strings.ReplaceAll(escaped(path), " ", "%20"), nil); got.status >= 500 {
				s.Errorf("%s: %d %s", path, got.status, got.body)
			}
		})
	}
}

func (s *soak) push(ctx context.Context) {
	for ctx.Err() == nil && !s.Failed() {
		n := s.pushed.Add(1)
		s.timed("a push", func() {
			got := s.company.push(clue(fmt.Sprint("soak", n), fmt.Sprint("soak", n), fmt.Sprintf("1720%07d", n%5000), nil))
			if got.status != http.StatusOK || got.header.Get("Clew-Delivery") == "" {
				s.Errorf("push %d: %d %s", n, got.status, got.body)
			}
		})
	}
}
