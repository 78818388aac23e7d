package api_test

import (
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

func TestSameKeySameAnswer(t *testing.T) {
	sites(t, func(s *site) {
		admin := s.logIn("admin")
		body := map[string]any{"name": "华东"}
		first := admin.do("POST", "/api/v1/departments", body, "Idempotency-Key", "k1")
		again := admin.do("POST", "/api/v1/departments", body, "Idempotency-Key", "k1")
		s.want("first", first, 201, "")
		if again.status != 201 || again.raw != first.raw || again.header.Get("Idempotent-Replayed") != "true" {
			s.t.Errorf("again: %d %s", again.status, again.raw)
		}
		if first.header.Get("Idempotent-Replayed") != "" {
			s.t.Error("the first answer claims to be a repeat")
		}
		s.want("another body", admin.do("POST", "/api/v1/departments", map[string]any{"name": "华西"}, "Idempotency-Key", "k1"), 422, "idempotency_key_reused")
		s.want("another person's key", s.logIn("sales").do("POST", "/api/v1/departments", body, "Idempotency-Key", "k1"), 403, "forbidden")
		if list := admin.do("GET", "/api/v1/departments", nil); len(list.items()) != 2 {
			s.t.Errorf("made more than once: %s", list.raw)
		}
	})
}

func TestFailureLeavesTheKeyFree(t *testing.T) {
	sites(t, func(s *site) {
		admin := s.logIn("admin")
		s.want("wrong", admin.do("POST", "/api/v1/departments", map[string]any{"name": ""}, "Idempotency-Key", "k1"), 422, "invalid_input")
		s.want("mended", admin.do("POST", "/api/v1/departments", map[string]any{"name": "华东"}, "Idempotency-Key", "k1"), 201, "")
	})
}

func TestParallelRepeatsActOnce(t *testing.T) {
	sites(t, func(s *site) {
		admin := s.logIn("admin")
		var calls sync.WaitGroup
		statuses := make(chan int, 20)
		for range 20 {
			calls.Go(func() {
				statuses <- admin.do("POST", "/api/v1/departments", map[string]any{"name": "华东"}, "Idempotency-Key", "k1").status
			})
		}
		calls.Wait()
		close(statuses)
		for status := range statuses {
			if status != 201 && status != 409 {
				s.t.Errorf("status %d", status)
			}
		}
		if list := admin.do("GET", "/api/v1/departments", nil); len(list.items()) != 2 {
			s.t.Errorf("made more than once: %s", list.raw)
		}
	})
}

func TestSecretAnswerIsNotKept(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newSite(t, db, nil)
		sales := s.logIn("sales")
		s.want("token", sales.do("POST", "/api/v1/tokens", map[string]any{"name": "robot"}, "Idempotency-Key", "k1"), 201, "")
		s.want("again", sales.do("POST", "/api/v1/tokens", map[string]any{"name": "robot"}, "Idempotency-Key", "k1"), 409, "idempotency_answer_lost")
		var kept string
		s.must(db.Read(t.Context(), func(tx *sqldb.Tx) error {
			return tx.QueryRow(`SELECT body FROM idempotency WHERE key = $1`, "k1").Scan(&kept)
		}))
		if kept != "" {
			t.Errorf("kept: %s", kept)
		}
	})
}

// After an internal failure nobody knows whether the effect is there: the
// repeat must not act again, however late it comes.
func TestFailedCallIsNotRepeated(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newSite(t, db, func(d *api.Dependencies) {
			d.OpenLoad = func(*sqldb.Tx, []string) (map[string]int, error) { panic("after the effect") }
		})
		admin := s.logIn("admin")
		body := map[string]any{"name": "x", "email": "x@example.com"}
		s.want("fails", admin.do("POST", "/api/v1/users", body, "Idempotency-Key", "k1"), 500, "internal")
		s.want("at once", admin.do("POST", "/api/v1/users", body, "Idempotency-Key", "k1"), 409, "idempotency_answer_lost")
		s.must(db.Write(t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`UPDATE idempotency SET created_at = created_at - $1`, time.Hour.Microseconds())
			return err
		}))
		s.want("an hour later", admin.do("POST", "/api/v1/users", body, "Idempotency-Key", "k1"), 409, "idempotency_answer_lost")
	})
}
