package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"github.com/google/go-cmp/cmp"
)

// TestKinds runs testdata/kinds.txt: documents in YAML, each between a line of
// "====" that says what it is about and lines of "=>" that say everything that
// is told about it, as line:column path code; "=> right" is nothing.
func TestKinds(t *testing.T) {
	path := filepath.Join("testdata", "kinds.txt")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := config.NewSchemas()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n==== ")
	got := []string{parts[0]}
	for _, part := range parts[1:] {
		var kept []string
		for _, line := range strings.Split(part, "\n") {
			if !strings.HasPrefix(line, "=>") {
				kept = append(kept, line)
			}
		}
		for len(kept) > 1 && kept[len(kept)-1] == "" {
			kept = kept[:len(kept)-1]
		}
		got = append(got, strings.Join(append(kept, told(schemas, strings.Join(kept[1:], "\n"))...), "\n")+"\n")
	}
	text := strings.TrimSuffix(strings.Join(got, "\n==== "), "\n")
	if diff := cmp.Diff(strings.TrimSuffix(string(content), "\n"), text); diff != "" {
		if os.Getenv("CLEW_UPDATE") != "" {
			if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		t.Errorf("kinds.txt (-want +got):\n%s", diff)
	}
	for _, kind := range config.Kinds() {
		if !strings.Contains(text, "\ndocument: "+kind+"\n") {
			t.Errorf("nothing about the kind %s", kind)
		}
	}
}

func told(schemas *config.Schemas, text string) []string {
	documents, err := config.ParseYAML([]byte(text), "", "")
	if problem, ok := fault.As(err); ok {
		out := []string{}
		for _, f := range problem.Fields {
			out = append(out, fmt.Sprintf("=> %d:%d %s %s", f.Line, f.Column, f.Path, f.Code))
		}
		if len(out) == 0 {
			out = append(out, "=> "+problem.Code)
		}
		return out
	}
	var out []string
	for _, d := range documents {
		for _, f := range schemas.Check(d) {
			out = append(out, fmt.Sprintf("=> %d:%d %s %s", f.Line, f.Column, f.Path, f.Code))
		}
	}
	if len(out) == 0 {
		return []string{"=> right"}
	}
	return out
}
