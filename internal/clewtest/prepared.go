package clewtest

import (
	"io/fs"
	"os"
	"sync"
	"testing"
	"testing/fstest"

	"clew.dev/clew/internal/sqldb"
)

// Prepared is what many tests begin from: a database and its data directory,
// filled once a process for either kind of database and copied for every test.
type Prepared struct {
	Fill func(t testing.TB, o sqldb.Options) // fills what is blank, and leaves nothing of it open

	mu   sync.Mutex
	made map[bool]prepared // by whether it is PostgreSQL
}

// prepared outlives the test that asked for it first.
type prepared struct {
	files    fstest.MapFS
	database string // dropped by the sweep of a later process
}

// Each is EachDatabase for tests that begin from p.
func (p *Prepared) Each(t *testing.T, fn func(t *testing.T, o sqldb.Options)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { fn(t, p.Embedded(t)) })
	t.Run("postgresql", func(t *testing.T) { fn(t, p.PostgreSQL(t)) })
}

// Embedded copies p into the test's own directory.
func (p *Prepared) Embedded(t testing.TB) sqldb.Options {
	t.Helper()
	o := sqldb.Options{Dir: t.TempDir()}
	if err := copyFiles(o.Dir, p.once(t, false).files); err != nil {
		t.Fatalf("copy the data directory: %v", err)
	}
	return o
}

// PostgreSQL copies p to a database on a throw-away server, which is dropped
// with the test.
func (p *Prepared) PostgreSQL(t testing.TB) sqldb.Options {
	t.Helper()
	from := p.once(t, true)
	o := sqldb.Options{Dir: t.TempDir(), URL: database(t, from.database)}
	if err := copyFiles(o.Dir, from.files); err != nil {
		t.Fatalf("copy the data directory: %v", err)
	}
	return o
}

// once fills p the first time that it is asked for.
func (p *Prepared) once(t testing.TB, postgres bool) prepared {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if made, ok := p.made[postgres]; ok {
		return made
	}
	made := prepared{files: fstest.MapFS{}}
	o := sqldb.Options{Dir: t.TempDir()}
	if postgres {
		o.URL, made.database = template(t)
	}
	p.Fill(t, o)
	if err := made.read(os.DirFS(o.Dir)); err != nil {
		t.Fatalf("read the data directory: %v", err)
	}
	if p.made == nil {
		p.made = map[bool]prepared{}
	}
	p.made[postgres] = made
	return made
}

// read takes a directory's files into memory.
func (p prepared) read(from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(from, name)
		p.files[name] = &fstest.MapFile{Data: content}
		return err
	})
}
