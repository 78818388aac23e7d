//go:build crash

package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// TestCrashesDuringABulkEdit: the program is killed again and again while it
// edits a thousand leads; it goes on after each start, does each lead once, and
// what was done can be undone.
func TestCrashesDuringABulkEdit(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, place sqldb.Options) {
		r := newCrashRun(t, place, 1000)
		r.underLoad(16, 0)
		r.begin()
		edit := r.operation(map[string]any{"object": "lead", "action": "edit", "filter": `城市="苏州"`, "fields": map[string]any{"city": "崩溃市"}})
		if done := r.killedUntilDone(edit); done["done"] != done["total"] || done["total"].(float64) < 1000 {
			t.Errorf("edit: %v", done)
		}
		undo := r.call("POST", "/api/v1/operations/"+edit+"/undo", nil)["id"].(string)
		if done := r.killedUntilDone(undo); done["done"] != done["total"] {
			t.Errorf("undo: %v", done)
		}
		r.kill()
		company := r.reopen(context.Background())
		defer company.close()
		company.verify()
		company.writtenTwice(edit, undo)
	})
}

// killedUntilDone kills the program at random moments until the operation has ended.
func (r *crashRun) killedUntilDone(id string) map[string]any {
	r.Helper()
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); {
		time.Sleep(time.Duration(20+rand.IntN(120)) * time.Millisecond)
		r.kill()
		r.begin()
		if o := r.call("GET", "/api/v1/operations/"+id, nil); o["state"] == "done" {
			return o
		}
	}
	r.Fatalf("operation %s did not end", id)
	return nil
}

func (r *crashRun) operation(wish map[string]any) string {
	r.Helper()
	id, ok := r.call("POST", "/api/v1/operations", wish)["id"].(string)
	if !ok {
		r.Fatal("no operation")
	}
	return id
}

// call asks the program as the demo's administrator.
func (r *crashRun) call(method, path string, body any) map[string]any {
	r.Helper()
	raw, err := json.Marshal(body)
	r.must(err)
	in, err := json.Marshal(map[string]string{"email": "admin@demo.example", "password": "clew-demo"})
	r.must(err)
	session, err := r.client.Post("http://"+r.address+"/api/v1/session", "application/json", bytes.NewReader(in))
	r.must(err)
	defer session.Body.Close()
	var said struct {
		CSRF string `json:"csrf"`
	}
	r.must(json.NewDecoder(session.Body).Decode(&said))
	request, err := http.NewRequest(method, "http://"+r.address+path, bytes.NewReader(raw))
	r.must(err)
	request.Header.Set("X-CSRF-Token", said.CSRF)
	request.Header.Set("Content-Type", "application/json")
	for _, cookie := range session.Cookies() {
		request.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	}
	answer, err := r.client.Do(request)
	r.must(err)
	defer answer.Body.Close()
	var got map[string]any
	r.must(json.NewDecoder(answer.Body).Decode(&got))
	if answer.StatusCode >= 300 {
		r.Fatalf("%s %s: %d %v", method, path, answer.StatusCode, got)
	}
	return got
}

// writtenTwice: each lead's thread tells of the edit once and of the undo once.
func (s *survivor) writtenTwice(edit, undo string) {
	s.Helper()
	s.must(s.app.DB.Read(context.Background(), func(tx *sqldb.Tx) error {
		rows, err := record.Select(tx, query.Select{Object: s.lead, Fields: s.lead.Fields})
		if err != nil {
			return err
		}
		for _, id := range []string{edit, undo} {
			told := s.pairs(tx, fmt.Sprintf(`SELECT record,COUNT(*) FROM thread_entry WHERE kind='changed' AND params LIKE '%%%s%%' GROUP BY record`, id))
			for record, n := range told {
				if n != 1 {
					s.Errorf("%s was changed %d times by %s", record, n, id)
				}
			}
			if len(told) < 1000 {
				s.Errorf("%d leads tell of %s", len(told), id)
			}
		}
		for _, row := range rows {
			if s.value(row, "city") == "崩溃市" {
				s.Errorf("%s was not put back", row.ID)
			}
		}
		return nil
	}))
}
