package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

// TestSpansAreLoggedWithTheirUnit: "duration":58842760 says nothing to who reads it at night.
func TestSpansAreLoggedWithTheirUnit(t *testing.T) {
	for span, want := range map[time.Duration]string{
		58842760: `"duration":"58.8ms"`, 90 * time.Second: `"duration":"1m30s"`, 1234 * time.Nanosecond: `"duration":"1.234µs"`, 0: `"duration":"0s"`,
		-3 * time.Second: `"duration":"-3s"`, 999_999: `"duration":"999.999µs"`, time.Hour + 1: `"duration":"1h0m0s"`,
	} {
		out := &strings.Builder{}
		log := slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{ReplaceAttr: spansInWords}))
		log.Warn("slow", "duration", span, "members", 3, slog.Group("unit", "of", "x"))
		if got := out.String(); !strings.Contains(got, want+`,"members":3,"unit":{"of":"x"}`) || !strings.Contains(got, `"msg":"slow"`) {
			t.Errorf("%d: %s", span, got)
		}
	}
}
