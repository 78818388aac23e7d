package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"clew.dev/clew/internal/demo"
)

// Screen is how long after its acknowledgement a lead stood on its owner's
// open screen, in milliseconds.
type Screen struct {
	Seen int     `json:"seen"`
	P50  float64 `json:"p50_ms"`
	P95  float64 `json:"p95_ms"`
}

// screen is one seller's open session: its stream of events.
type screen struct {
	stream io.ReadCloser
	mu     sync.Mutex
	told   map[string]time.Time // acknowledgement by record
	shown  map[string]time.Time // event by record
}

func openScreen(ctx context.Context, url string) (*screen, error) {
	cookie, err := logIn(url, "sales@demo.example")
	if err != nil {
		return nil, err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/v1/live", nil)
	if err != nil {
		return nil, err
	}
	q.Header.Set("Cookie", cookie)
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("live stream: %s", answer.Status)
	}
	s := &screen{stream: answer.Body, told: map[string]time.Time{}, shown: map[string]time.Time{}}
	go s.watch()
	return s, nil
}

func logIn(url, email string) (cookie string, err error) {
	body, err := json.Marshal(map[string]string{"email": email, "password": demo.Password})
	if err != nil {
		return "", err
	}
	answer, err := http.Post(url+"/api/v1/session", "application/json", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	cookie, _, _ = strings.Cut(answer.Header.Get("Set-Cookie"), ";")
	if answer.StatusCode >= 300 || cookie == "" {
		return "", fmt.Errorf("log-in: %s", answer.Status)
	}
	return cookie, nil
}

// watch notes each record that the stream names, until it is closed.
func (s *screen) watch() {
	lines := bufio.NewScanner(s.stream)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), `data: {"object":"lead","id":"`)
		if !ok {
			continue
		}
		id, _, _ := strings.Cut(data, `"`)
		s.mu.Lock()
		if _, known := s.shown[id]; !known {
			s.shown[id] = time.Now()
		}
		s.mu.Unlock()
	}
}

func (s *screen) acknowledged(record string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.told[record]; !known {
		s.told[record] = at
	}
}

// take is what the screen saw since the last time, given a second to see it.
func (s *screen) take() Screen {
	time.Sleep(time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	var waits []time.Duration
	for id, at := range s.shown {
		if told, ok := s.told[id]; ok {
			waits = append(waits, max(0, at.Sub(told)))
		}
	}
	slices.Sort(waits)
	clear(s.told)
	clear(s.shown)
	return Screen{Seen: len(waits), P50: quantile(waits, 0.50), P95: quantile(waits, 0.95)}
}

func (s *screen) close() { _ = s.stream.Close() }
