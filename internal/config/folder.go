package config

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"clew.dev/clew/internal/fault"
)

// ReadFolder reads every YAML file below a folder, in the order of their
// names. Of several unreadable files, all are told.
func ReadFolder(folder fs.FS) ([]Document, error) {
	var found []Document
	var faults fault.Collector
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isYAML(name) {
			return err
		}
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		found = append(found, readFile(name, text, &faults)...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading configuration: %w", err)
	}
	return found, faults.Err()
}

// ReadPath reads one YAML file or a folder of them.
func ReadPath(name string) ([]Document, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return ReadFolder(os.DirFS(name))
	}
	text, err := os.ReadFile(name) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	var faults fault.Collector
	found := readFile(filepath.Base(name), text, &faults)
	return found, faults.Err()
}

func readFile(name string, text []byte, faults *fault.Collector) []Document {
	found, err := ParseYAML(text, "", "")
	if problem, ok := fault.As(err); ok {
		fields := problem.Fields
		if len(fields) == 0 {
			fields = []fault.Field{{Code: problem.Code}}
		}
		for _, f := range fields {
			f.Params = with(f.Params, "file", name)
			faults.Add(&f)
		}
		return nil
	}
	if err != nil { // no file is left out in silence
		faults.Add(&fault.Field{Code: "malformed_yaml", Detail: err.Error(), Params: map[string]any{"file": name}})
		return nil
	}
	for i := range found {
		found[i].File = name
	}
	return found
}

func isYAML(name string) bool {
	ext := path.Ext(name)
	return (ext == ".yaml" || ext == ".yml") && !strings.HasPrefix(path.Base(name), ".")
}

// WriteFolder writes one file per document, KIND/NAME.yaml, and removes YAML
// files of those kinds that no document has any more.
func WriteFolder(dir string, documents []Document) error {
	wanted := map[string]bool{}
	for _, d := range documents {
		text, err := FormatYAML(d)
		if err != nil {
			return err
		}
		name := filepath.Join(dir, d.Kind, d.Name+".yaml")
		wanted[name] = true
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(name, text, 0o600); err != nil {
			return err
		}
	}
	for _, kind := range Kinds() {
		old, err := filepath.Glob(filepath.Join(dir, kind, "*.yaml"))
		if err != nil {
			return err
		}
		for _, name := range old {
			if wanted[name] {
				continue
			}
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}
