package api

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestWhoWentAwayIsNoFault: a reader who closes the page leaves no line that
// wakes whoever watches the log for faults; the program's own faults do.
func TestWhoWentAwayIsNoFault(t *testing.T) {
	for _, c := range []struct {
		name string
		gone bool
		want string
	}{
		{"who waits for the answer", false, "level=ERROR"},
		{"who went away", true, "level=INFO"},
	} {
		var log bytes.Buffer
		s := &Server{Dependencies: Dependencies{Log: slog.New(slog.NewTextHandler(&log, nil))}}
		ctx, cancel := context.WithCancel(t.Context())
		if c.gone {
			cancel()
		}
		s.writeError(&Call{W: httptest.NewRecorder(), R: httptest.NewRequestWithContext(ctx, "GET", "/", nil), RequestID: "R1", Language: "en"}, errors.New("broken"))
		cancel()
		if got := log.String(); !strings.Contains(got, c.want) || !strings.Contains(got, "request=R1") || !strings.Contains(got, "broken") {
			t.Errorf("%s: logged %q, want %s with the request and the cause", c.name, got, c.want)
		}
	}
}
