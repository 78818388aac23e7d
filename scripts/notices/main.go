// Command notices writes THIRD_PARTY_NOTICES.txt: the licences of the Go
// modules that the program is built of and of the npm packages in its pages.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// File is where the notices lie, from the project's root.
const File = "THIRD_PARTY_NOTICES.txt"

// component is one module or package that is passed on.
type component struct{ kind, name, version, dir string }

// heading names it in the notices; the test looks for it there.
func (c component) heading() string { return c.kind + " " + c.name + " " + c.version }

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	all, err := components(root)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Clew contains the following third-party software, %d components.\nWritten by \"make notices\".\n", len(all))
	for _, c := range all {
		text, err := licence(c.dir)
		if err != nil {
			return fmt.Errorf("%s: %w", c.heading(), err)
		}
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 78), c.heading(), strings.TrimSpace(text))
	}
	return os.WriteFile(filepath.Join(root, File), b.Bytes(), 0o644)
}

func components(root string) ([]component, error) {
	all, err := modules(root)
	if err != nil {
		return nil, err
	}
	packages, err := npm(root)
	if err != nil {
		return nil, err
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	all = append(all, packages...)
	slices.SortFunc(all, func(a, b component) int { return strings.Compare(a.heading(), b.heading()) })
	return append([]component{{"go", "The Go standard library", "", strings.TrimSpace(string(goroot))}}, all...), nil
}

// modules are those that the program links on any of the released systems.
func modules(root string) ([]component, error) {
	var all []component
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.Command("go", "list", "-deps", "-f", `{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}`, "./cmd/clew")
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0", "GOFLAGS=")
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		for line := range strings.Lines(string(out)) {
			if parts := strings.Fields(line); len(parts) == 3 {
				if c := (component{"go", parts[0], parts[1], parts[2]}); !slices.Contains(all, c) {
					all = append(all, c)
				}
			}
		}
	}
	return all, nil
}

// npm are the packages of the lock file that are not for development alone.
func npm(root string) ([]component, error) {
	text, err := os.ReadFile(filepath.Join(root, "web", "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version                    string
			Dev, Optional, DevOptional bool
		}
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return nil, err
	}
	var all []component
	for path, p := range lock.Packages {
		_, name, ok := strings.Cut("/"+path, "/node_modules/")
		if !ok || p.Dev || p.Optional || p.DevOptional {
			continue
		}
		if i := strings.LastIndex(name, "node_modules/"); i >= 0 {
			name = name[i+len("node_modules/"):]
		}
		c := component{"npm", name, p.Version, filepath.Join(root, "web", filepath.FromSlash(path))}
		if !slices.ContainsFunc(all, func(o component) bool { return o.heading() == c.heading() }) {
			all = append(all, c)
		}
	}
	return all, nil
}

// licence is the text of the licence files of a folder, or what the package says of itself.
func licence(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var texts []string
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"}, func(start string) bool { return strings.HasPrefix(name, start) }) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		texts = append(texts, strings.TrimSpace(string(text)))
	}
	if len(texts) > 0 {
		return strings.Join(texts, "\n\n"), nil
	}
	return declared(dir)
}

// declared is the licence that an npm package names where it has no text of it.
func declared(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return "", errors.New("no licence was found")
	}
	var p struct {
		License string
		Author  any
	}
	if err := json.Unmarshal(text, &p); err != nil || p.License == "" {
		return "", errors.New("no licence was found")
	}
	author := ""
	switch a := p.Author.(type) {
	case string:
		author = a
	case map[string]any:
		author = fmt.Sprint(a["name"])
	}
	return strings.TrimSpace("License: " + p.License + "\n" + author), nil
}
