package sqldb

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"clew.dev/clew/internal/fault"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// collateMark follows TEXT in the numbered migrations where the column is
// compared or sorted: bytes decide, on both databases.
const collateMark = "/*C*/"

// migrationFS is the folder of migrations for one product, with the mark
// replaced. NNNN_name.sql is for both products, NNNN_name.PRODUCT.sql for one.
type migrationFS struct {
	fs.FS
	product string
	collate string
}

// ReadDir leaves out the other product's files.
func (m migrationFS) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(m.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		parts := strings.Split(e.Name(), ".")
		return len(parts) == 3 && parts[1] != m.product
	}), err
}

// Open gives a file with the mark replaced; folders are given as they are.
func (m migrationFS) Open(name string) (fs.File, error) {
	f, err := m.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	text, err := fs.ReadFile(m.FS, name)
	if err != nil {
		return nil, err
	}
	text = bytes.ReplaceAll(text, []byte(collateMark), []byte(m.collate))
	return &migrationFile{File: f, Reader: bytes.NewReader(text)}, nil
}

type migrationFile struct {
	fs.File
	*bytes.Reader
}

func (f *migrationFile) Read(p []byte) (int, error) { return f.Reader.Read(p) }

// migrate brings the system tables to this program's version and refuses a
// database that a later program has changed.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, in migrationFS, options ...goose.ProviderOption) error {
	var err error
	if in.FS, err = fs.Sub(migrationFiles, "migrations"); err != nil {
		return err
	}
	options = append(options, goose.WithDisableGlobalRegistry(true))
	p, err := goose.NewProvider(dialect, db, in, options...)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	sources := p.ListSources()
	current, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if newest := sources[len(sources)-1].Version; current > newest {
		return fault.New(fault.Conflict, "schema_too_new").With("database", current).With("program", newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}
