package catalog

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"github.com/google/go-cmp/cmp"
)

// TestRefusals runs testdata/refusals.txt: the first part is the configuration
// that is live; each other one, between a line of "====" and lines of "=>",
// is laid over it. "=> published" is what can be published; else everything
// that is told, as line:column path code. Nothing is kept from one to the next.
func TestRefusals(t *testing.T) {
	path := filepath.Join("testdata", "refusals.txt")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n==== ")
	db := clewtest.Open(t, clewtest.Embedded(t))
	store := config.New(db)
	c, err := New(db, store, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := bench{t, db, store, c}
	b.apply(strings.SplitN(parts[1], "\n", 2)[1])
	got := []string{parts[0], parts[1]}
	for _, part := range parts[2:] {
		var kept []string
		for _, line := range strings.Split(part, "\n") {
			if !strings.HasPrefix(line, "=>") && (line != "" || len(kept) == 0) {
				kept = append(kept, line)
			}
		}
		got = append(got, strings.Join(append(kept, b.told(strings.Join(kept[1:], "\n"))...), "\n")+"\n")
	}
	text := strings.TrimSuffix(strings.Join(got, "\n==== "), "\n")
	if diff := cmp.Diff(strings.TrimSuffix(string(content), "\n"), text); diff != "" {
		if os.Getenv("CLEW_UPDATE") != "" {
			if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		t.Errorf("refusals.txt (-want +got):\n%s", diff)
	}
}

// told validates documents as a draft, so that nothing is published.
func (b bench) told(text string) []string {
	draft := b.draft("scenario", text)
	documents := b.parse(text)
	err := b.Validate(b.Context(), draft)
	if err == nil {
		return []string{"=> published"}
	}
	problem, ok := fault.As(err)
	if !ok {
		return []string{"=> " + err.Error()}
	}
	if len(problem.Fields) == 0 {
		return []string{"=> " + problem.Code}
	}
	var out []string
	for _, f := range problem.Fields {
		out = append(out, fmt.Sprintf("=> %d:%d %s %s", f.Line, f.Column, f.Path, f.Code))
	}
	if len(documents) == 0 {
		b.Error("a scenario without documents")
	}
	return out
}
