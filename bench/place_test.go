package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWherePlacesAre: each part of a run has a directory and a database of its
// own; only companies that are filled may outlive the run, under a name that the
// next run finds.
func TestWherePlacesAre(t *testing.T) {
	t.Setenv("CLEW_TEST_POSTGRES", "postgres://app@db:5433/postgres?sslmode=disable")
	run := name("company")
	for _, c := range []struct{ title, kept, keptServer, database, part, dir, url string }{
		{"embedded", "", "", embedded, "company", "/run/embedded/company", ""},
		{"a filled one of this run", "", "", embedded, "filled-1000", "/run/embedded/filled-1000", ""},
		{"a filled one that stays", "/keep", "", embedded, "filled-1000", "/keep/embedded/filled-1000", ""},
		{"the others do not stay", "/keep", "", embedded, "raw", "/run/embedded/raw", ""},
		{"server", "", "", server, "company", "/run/server/company", "postgres://app@db:5433/" + run + "?sslmode=disable"},
		{"a directory alone keeps no server's", "/keep", "", server, "filled-1000", "/run/server/filled-1000", "postgres://app@db:5433/" + name("filled-1000") + "?sslmode=disable"},
		{"a server that keeps", "/keep", "postgres://app@kept/postgres", server, "filled-1000", "/keep/server/filled-1000", "postgres://app@kept/clew_bench_filled-1000"},
		{"what does not stay there", "/keep", "postgres://app@kept/postgres", server, "company", "/run/server/company", "postgres://app@kept/" + run},
	} {
		for _, d := range databases("/run", c.kept, c.keptServer) {
			if d.name != c.database {
				continue
			}
			if got := d.of(c.part); filepath.ToSlash(got.dir) != c.dir || got.url != c.url {
				t.Errorf("%s: %+v, want %s %s", c.title, got, c.dir, c.url)
			}
		}
	}
	t.Setenv("CLEW_TEST_POSTGRES", "")
	if list := databases("/run", "", ""); len(list) != 1 || list[0].name != embedded {
		t.Errorf("without a server: %+v", list)
	}
}

// TestTheMiddle: of an even number the upper of the two.
func TestTheMiddle(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{[]float64{3}, 3}, {[]float64{9, 1}, 9}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 3, 2, 1}, 3}} {
		values := append([]float64{}, c.values...)
		if got := middle(values); got != c.want || values[0] != c.values[0] {
			t.Errorf("%v: %g, want %g, and %v as it was", c.values, got, c.want, values)
		}
	}
}

// TestReportsStandSideBySide: one column a database, one line a figure.
func TestReportsStandSideBySide(t *testing.T) {
	var out bytes.Buffer
	printTable(&out, []Report{
		{Database: "embedded", Steady: Load{PerSecond: 300, P50: 1.25, P95: 4, P99: 9, Failed: 2}, Full64: Load{PerSecond: 1200}, RawLeads: 2400, StartFull: 190 * time.Millisecond},
		{Database: "server", Full64: Load{PerSecond: 700}, RawLeads: 2800},
	})
	lines := map[string][]string{}
	for line := range strings.Lines(out.String()) {
		var cells []string
		for cell := range strings.SplitSeq(strings.TrimRight(line, "\n"), "  ") {
			if cell = strings.TrimSpace(cell); cell != "" {
				cells = append(cells, cell)
			}
		}
		if len(cells) > 1 {
			lines[cells[0]] = cells[1:]
		}
	}
	for label, want := range map[string]string{
		"embedded":                    "server",
		"steady: leads/s":             "300 (2 failed) | 0 (0 failed)",
		"64 senders reach of it":      "50 % | 25 %",
		"start empty / with the data": "0s / 190ms | 0s / 0s",
	} {
		if got := strings.Join(lines[label], " | "); got != want {
			t.Errorf("%s: %q, want %q in\n%s", label, got, want, out.String())
		}
	}
}
