package sandbox

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// refusal is what a vendor answers instead of taking a post.
type refusal struct {
	code int
	text string
}

// judge is how one vendor looks at a post. Both methods run under Sandbox.mu;
// g is nil when the key is unknown.
type judge interface {
	name() string
	key(r *http.Request) string
	// read fills kind, title, text and signature, and refuses or takes.
	read(g *group, r *http.Request, body []byte, now time.Time, into *Received) *refusal
	// answer is the vendor's JSON.
	answer(no *refusal) any
}

// vendor is the handler of one vendor's robot address.
func (s *Sandbox) vendor(j judge) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
		if err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		trouble := s.nextTrouble(j.name(), j.key(r))
		if trouble != nil && s.hit(w, r, j, *trouble) {
			return
		}
		no := s.judge(j, r, body)
		if trouble != nil && trouble.Mode == "lost" {
			panic(http.ErrAbortHandler) // taken, but the answer never leaves
		}
		writeJSON(w, http.StatusOK, j.answer(no))
	}
}

// hit applies a trouble; true means that it was the whole answer.
func (s *Sandbox) hit(w http.ResponseWriter, r *http.Request, j judge, t Trouble) bool {
	switch t.Mode {
	case "drop":
		panic(http.ErrAbortHandler) // the connection breaks, nothing was taken
	case "delay":
		pause(r.Context(), time.Duration(t.Value)*time.Millisecond)
	case "http":
		if t.RetryAfter != "" {
			w.Header().Set("Retry-After", t.RetryAfter)
		}
		w.WriteHeader(t.Value)
		return true
	case "errcode":
		writeJSON(w, http.StatusOK, j.answer(&refusal{t.Value, "sandbox fault"}))
		return true
	}
	return false
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

func (s *Sandbox) judge(j judge, r *http.Request, body []byte) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	g := s.groups[j.name()+"/"+j.key(r)]
	entry := Received{At: now.UTC(), Vendor: j.name(), Key: j.key(r), Signature: "none", Body: string(body)}
	no := j.read(g, r, body, now, &entry)
	if no != nil {
		entry.Code, entry.Reason = no.code, no.text
	}
	if g != nil {
		s.seq++
		entry.Seq, entry.Group = s.seq, g.Name
		g.keep(entry)
	}
	return no
}

// jsonType says whether a request claims to carry JSON.
func jsonType(r *http.Request) bool {
	return strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "application/json")
}

func lacksKeyword(words []string, text string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return false
		}
	}
	return len(words) > 0
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // the caller went away: nobody to tell
}
