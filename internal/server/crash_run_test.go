package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"clew.dev/clew/internal/demo"
	"clew.dev/clew/internal/sqldb"
)

// crashRun is the real program as a process of its own on one database, killed
// again and again while leads come in. The ledger holds what was acknowledged.
type crashRun struct {
	*testing.T
	place   sqldb.Options
	dir     string
	binary  string
	address string
	leads   int
	client  *http.Client

	process *exec.Cmd
	mu      sync.Mutex
	ledger  map[int]string // record by lead
}

func newCrashRun(t *testing.T, place sqldb.Options, leads int) *crashRun {
	t.Helper()
	r := &crashRun{
		T: t, place: place, dir: place.Dir, binary: filepath.Join(t.TempDir(), "clew"), leads: leads, ledger: map[int]string{},
		client: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	if out, err := exec.Command("go", "build", "-o", r.binary, "clew.dev/clew/cmd/clew").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	r.address = listener.Addr().String()
	r.must(listener.Close())
	return r
}

func (r *crashRun) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// begin starts the program and waits until it serves.
func (r *crashRun) begin() {
	r.Helper()
	arguments := []string{"demo", "--data", r.dir, "--listen", r.address, "--leads", "10", "--log-level", "error"}
	if r.place.URL != "" {
		arguments = append(arguments, "--database", r.place.URL)
	}
	r.process = exec.Command(r.binary, arguments...)
	var said bytes.Buffer
	r.process.Stderr = &said
	r.must(r.process.Start())
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if answer, err := r.client.Get("http://" + r.address + "/readyz"); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
	}
	r.kill()
	r.Fatalf("the program did not start: %s", said.String())
}

// kill ends the program at once, without a chance to put anything in order.
func (r *crashRun) kill() {
	_ = r.process.Process.Signal(syscall.SIGKILL)
	_ = r.process.Wait()
}

// underLoad sends all leads from senders at a time and kills the program at
// random moments on the way.
func (r *crashRun) underLoad(senders, kills int) {
	r.Helper()
	r.begin()
	next := make(chan int)
	var group sync.WaitGroup
	for range senders {
		group.Go(func() {
			for i := range next {
				r.deliver(i)
			}
		})
	}
	moments := map[int]bool{}
	for len(moments) < kills {
		moments[1+rand.IntN(r.leads-1)] = true
	}
	for i := range r.leads {
		next <- i
		if moments[i] {
			time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
			r.kill()
			r.begin()
		}
	}
	close(next)
	group.Wait()
	r.kill()
}

// deliver sends lead i until it is acknowledged and enters it into the ledger.
func (r *crashRun) deliver(i int) {
	for range 2000 {
		if record, ok := r.send(i); ok {
			r.mu.Lock()
			r.ledger[i] = record
			r.mu.Unlock()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	r.Errorf("lead %d was never acknowledged", i)
}

func (r *crashRun) send(i int) (record string, ok bool) {
	body := crashClue(i)
	request, err := http.NewRequest(http.MethodPost, "http://"+r.address+"/in/douyin", bytes.NewReader(body))
	if err != nil {
		return "", false
	}
	request.Header.Set("X-Open-Signature", signWith(demo.DouyinSecret, body))
	answer, err := r.client.Do(request)
	if err != nil {
		return "", false
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	record = answer.Header.Get("Clew-Record")
	if err == nil && answer.StatusCode == http.StatusOK && record == "" {
		r.Errorf("lead %d was acknowledged without a record: %s", i, said)
	}
	return record, err == nil && answer.StatusCode == http.StatusOK
}

// crashClue is lead i's push: regions by turns, every tenth without a budget.
func crashClue(i int) []byte {
	answers := map[string]any{"意向机型": "VX-200", "公司名称": fmt.Sprintf("崩溃测试第%d有限公司", i)}
	if i%10 != 0 {
		answers["预算"] = "30万"
	}
	provinces := []string{"江苏", "广东", "湖北", "北京", "四川", "陕西", "辽宁"}
	return clue(fmt.Sprintf("m%d", i), crashKey(i), fmt.Sprintf("1701%07d", i), map[string]any{
		"province_name": provinces[i%len(provinces)], "remark_dict": answers,
	})
}

func crashKey(i int) string { return fmt.Sprintf("crash-%d", i) }

func TestCrashOnceLosesNothing(t *testing.T) {
	r := newCrashRun(t, sqldb.Options{Dir: t.TempDir()}, 200)
	r.underLoad(16, 1)
	company := r.reopen(context.Background())
	defer company.close()
	company.verify()
}
