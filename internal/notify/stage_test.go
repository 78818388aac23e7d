package notify

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/outbound"
	"clew.dev/clew/internal/sandbox"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// stage is a Notify over a real database whose robots are the sandbox's.
type stage struct {
	*Notify
	sandbox *sandbox.Sandbox
	clock   *clewtest.Clock
	told    []string
	dead    []string
	hidden  map[string]bool // records that nobody may see
}

var groups = []sandbox.Group{
	{Vendor: "wecom", Key: "we-1", Name: "市场"},
	{Vendor: "dingtalk", Key: "ding-1", Secret: "SEC-1", Keywords: []string{"线索"}, Name: "TOP-3"},
	{Vendor: "feishu", Key: "fei-1", Secret: "fei", Name: "售后"},
}

var robots = []Robot{
	{Name: "market", Vendor: "wecom", Language: "zh-CN", Fields: []string{"company"}},
	{Name: "top3", Vendor: "dingtalk", Language: "zh-CN", Keyword: "线索", Fields: []string{"company"}},
	{Name: "service", Vendor: "feishu", Language: "en"},
}

func newStage(t *testing.T, db *sqldb.DB) *stage {
	t.Helper()
	clock := clewtest.NewClock(time.Now().UTC().Truncate(time.Second))
	s := &stage{clock: clock, sandbox: sandbox.New(sandbox.Options{Now: clock.Now, Groups: groups}), hidden: map[string]bool{}}
	server := httptest.NewServer(s.sandbox)
	t.Cleanup(server.Close)
	client := outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(server.URL, "http://")}, Only: true})
	t.Cleanup(client.Close)
	box, err := seal.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	s.Notify = New(Options{
		DB: db, Box: box, Now: clock.Now, Client: client, Describe: s.describe,
		Person: func(id string) string { return "姓名-" + id },
		Robots: func() []Robot { return robots },
		Base:   func(vendor string) string { return server.URL + "/sandbox/" + vendor },
		Told:   func(to []string) { s.told = append(s.told, to...) },
		Dead: func(_ *sqldb.Tx, robot, reason string, count int) error {
			s.dead = append(s.dead, fmt.Sprintf("%s %d %s", robot, count, reason))
			return nil
		},
	})
	return s
}

func (s *stage) describe(_ *sqldb.Tx, who Reader, object string, ids []string) (map[string]Subject, error) {
	out := map[string]Subject{}
	for _, id := range ids {
		if s.hidden[id] && who.User != "" {
			continue
		}
		out[id] = Subject{Label: "⟦" + id + "⟧", Link: "http://127.0.0.1:8420/" + object + "/" + id,
			Fields: []FieldText{{"公司", "恒锐" + id}}}
	}
	return out, nil
}

func (s *stage) write(t *testing.T, fn func(*sqldb.Tx) error) {
	t.Helper()
	if err := s.DB.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func (s *stage) secrets(t *testing.T) {
	t.Helper()
	s.write(t, func(tx *sqldb.Tx) error {
		for i, r := range robots {
			if err := s.SetSecret(tx, r.Name, Secret{Key: groups[i].Key, Secret: groups[i].Secret}); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell tells count leads, numbered on from from, to robots and persons.
func (s *stage) tell(t *testing.T, from, count int, to []string, names ...string) {
	t.Helper()
	s.write(t, func(tx *sqldb.Tx) error {
		for i := from; i < from+count; i++ {
			id := fmt.Sprint(i)
			m := Message{Cause: "thread:" + id, Recipients: to, Robots: names, Kind: "assigned",
				Params: map[string]any{"owner": "u1"}, Object: "lead", Record: id}
			if err := s.Tell(tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// run steps a robot, moving the clock instead of waiting, until span has gone by.
func (s *stage) run(t *testing.T, name string, span time.Duration) {
	t.Helper()
	end := s.clock.Now().Add(span)
	for s.clock.Now().Before(end) {
		wait, err := s.step(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		s.clock.Advance(min(wait, end.Sub(s.clock.Now())))
	}
}

// counts are a robot's rows by state.
func (s *stage) counts(t *testing.T, name string) map[string]int {
	t.Helper()
	out := map[string]int{}
	err := s.DB.Read(t.Context(), func(tx *sqldb.Tx) error {
		rows, err := tx.Query(`SELECT state, COUNT(*) FROM outbox WHERE robot = $1 GROUP BY state`, name)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var state string
			var n int
			if err := rows.Scan(&state, &n); err != nil {
				return err
			}
			out[state] = n
		}
		return rows.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// taken are the posts that the group saw.
func (s *stage) taken(vendor, key string) (out []sandbox.Received) {
	for _, r := range s.sandbox.Received(vendor, key) {
		if r.Code == 0 && !r.Repeated {
			out = append(out, r)
		}
	}
	return out
}

// named counts in how many places the group's posts name each record.
func (s *stage) named(vendor, key string, from, count int) map[string]int {
	out := map[string]int{}
	for _, r := range s.taken(vendor, key) {
		for i := from; i < from+count; i++ {
			out[fmt.Sprint(i)] += strings.Count(r.Text, fmt.Sprintf("⟦%d⟧", i))
		}
	}
	return out
}
