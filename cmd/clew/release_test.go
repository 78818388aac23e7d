package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReleasesAreReproducible builds a release here and from a copy of the
// sources in another folder: the bytes must be the same.
func TestReleasesAreReproducible(t *testing.T) {
	here, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Mkdir(copied, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cmd", "docs", "internal", "templates", "go.mod", "go.sum", "scripts"} {
		runIn(t, here, "cp", "-r", name, filepath.Join(copied, name))
	}
	if err := os.Mkdir(filepath.Join(copied, "web"), 0o700); err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob(filepath.Join(here, "web", "*.go"))
	if err != nil || len(sources) == 0 {
		t.Fatalf("the front end's Go files: %v %v", sources, err)
	}
	runIn(t, here, "cp", append(append([]string{"-r"}, sources...), filepath.Join(here, "web", "dist"), filepath.Join(copied, "web"))...)
	var sums []string
	for _, root := range []string{here, copied} {
		out := t.TempDir()
		runIn(t, root, filepath.Join(root, "scripts", "release"), out)
		text, err := os.ReadFile(filepath.Join(out, "SHA256SUMS"))
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, string(text))
		if said := runIn(t, out, filepath.Join(out, "clew-linux-amd64"), "version"); !strings.Contains(said, "v0.0-test") {
			t.Errorf("version: %s", said)
		}
	}
	if sums[0] != sums[1] || strings.Count(sums[0], "\n") != 1 {
		t.Errorf("here:\n%selsewhere:\n%s", sums[0], sums[1])
	}
}

func runIn(t *testing.T, dir, name string, arguments ...string) string {
	t.Helper()
	cmd := exec.Command(name, arguments...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CLEW_VERSION=v0.0-test", "CLEW_TARGETS=linux/amd64")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %v: %v: %s", name, arguments, err, said.String())
	}
	return said.String()
}
