package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

// TestTheNoticesAreUpToDate compares the file's headings with what is built in now.
func TestTheNoticesAreUpToDate(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, File))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if kind, rest, ok := strings.Cut(line, " "); ok && (kind == "go" || kind == "npm") && rest != "" {
			listed[line] = true
		}
	}
	all, err := components(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Errorf("only %d components", len(all))
	}
	for _, c := range all {
		if !listed[c.heading()] {
			t.Errorf("%s is missing: run make notices", c.heading())
		}
	}
	if n := strings.Count(string(text), strings.Repeat("=", 78)+"\n"); n != len(all) {
		t.Errorf("%d components are listed, %d are built in: run make notices", n, len(all))
	}
}

func TestALicenceIsFoundOrNamed(t *testing.T) {
	dir := t.TempDir()
	if _, err := licence(dir); err == nil {
		t.Error("a folder without a licence has one")
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("package.json", `{"license":"MIT","author":{"name":"Ada"}}`)
	if text, err := licence(dir); err != nil || text != "License: MIT\nAda" {
		t.Errorf("%q %v", text, err)
	}
	write("LICENSE.md", "the text")
	write("NOTICE", "the notice")
	if text, err := licence(dir); err != nil || text != "the text\n\nthe notice" {
		t.Errorf("%q %v", text, err)
	}
}
