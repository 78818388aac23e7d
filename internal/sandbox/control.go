package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// Trouble makes the next posts go wrong.
type Trouble struct {
	Vendor     string `json:"vendor"`                // "" = every vendor
	Key        string `json:"key,omitempty"`         // "" = every group
	Mode       string `json:"mode"`                  // drop, lost (taken, no answer), delay, http, errcode
	Value      int    `json:"value,omitempty"`       // delay: ms · http: status · errcode: the vendor's code
	RetryAfter string `json:"retry_after,omitempty"` // header of mode http
	Count      int    `json:"count"`                 // posts still to hit
}

const troublesKept = 100

// Fail makes posts go wrong from now on.
func (s *Sandbox) Fail(t Trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.troubles) < troublesKept {
		s.troubles = append(s.troubles, &t)
	}
}

// Mend ends all trouble.
func (s *Sandbox) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.troubles = nil
}

// Clear forgets all posts, limits and throttling.
func (s *Sandbox) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	for id, g := range s.groups {
		s.groups[id] = &group{Group: g.Group, seen: map[string]bool{}}
	}
}

func (s *Sandbox) nextTrouble(vendor, key string) *Trouble {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.troubles {
		if t.Count > 0 && (t.Vendor == "" || t.Vendor == vendor) && (t.Key == "" || t.Key == key) {
			t.Count--
			hit := *t
			return &hit
		}
	}
	return nil
}

func (s *Sandbox) listReceived(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	after, _ := strconv.ParseInt(q.Get("after"), 10, 64) // absent: from the start
	items := []Received{}
	for _, g := range s.Groups() {
		if (q.Get("vendor") != "" && q.Get("vendor") != g.Vendor) || (q.Get("key") != "" && q.Get("key") != g.Key) {
			continue
		}
		for _, entry := range s.Received(g.Vendor, g.Key) {
			if entry.Seq > after {
				items = append(items, entry)
			}
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"items": items})
}

func (s *Sandbox) clearReceived(w http.ResponseWriter, _ *http.Request) {
	s.Clear()
	w.WriteHeader(http.StatusNoContent)
}

func (s *Sandbox) showSeq(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	seq := s.seq
	s.mu.Unlock()
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, map[string]any{"seq": seq})
}

func (s *Sandbox) listGroups(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"items": s.Groups()})
}

func (s *Sandbox) putGroup(w http.ResponseWriter, r *http.Request) {
	var g Group
	if !readJSON(w, r, &g) {
		return
	}
	if (g.Vendor != "wecom" && g.Vendor != "dingtalk" && g.Vendor != "feishu") || g.Key == "" {
		writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": "vendor and key are needed"})
		return
	}
	s.Put(g)
	writeJSON(w, http.StatusOK, g)
}

func (s *Sandbox) listTroubles(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	items := []Trouble{}
	for _, t := range s.troubles {
		items = append(items, *t)
	}
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{"items": items})
}

func (s *Sandbox) addTrouble(w http.ResponseWriter, r *http.Request) {
	t := Trouble{Count: 1}
	if !readJSON(w, r, &t) {
		return
	}
	switch t.Mode {
	case "drop", "lost", "delay", "errcode":
	case "http":
		if t.Value < 200 || t.Value > 599 {
			writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": "value is not a status"})
			return
		}
	default:
		writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": "mode is drop, lost, delay, http or errcode"})
		return
	}
	s.Fail(t)
	writeJSON(w, http.StatusCreated, t)
}

func (s *Sandbox) clearTroubles(w http.ResponseWriter, _ *http.Request) {
	s.Mend()
	w.WriteHeader(http.StatusNoContent)
}

func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(into); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return false
	}
	return true
}
