package sqldb

import (
	"context"
	"database/sql"
	"strings"
)

// Table is what one table holds: how many rows, and a digest over them that
// does not depend on their order.
type Table struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Digest string `json:"digest"`
}

// Content is what a database holds. Contents of the two products cannot be compared.
type Content struct {
	Product string  `json:"product"`
	Schema  int64   `json:"schema"`
	Tables  []Table `json:"tables"`
}

// Rows is the sum over all tables.
func (c Content) Rows() (n int64) {
	for _, t := range c.Tables {
		n += t.Rows
	}
	return n
}

// Differences names the tables by which d is not c.
func (c Content) Differences(d Content) []string {
	var names []string
	there := make(map[string]Table, len(d.Tables))
	for _, t := range d.Tables {
		there[t.Name] = t
	}
	for _, t := range c.Tables {
		if there[t.Name] != t {
			names = append(names, t.Name)
		}
		delete(there, t.Name)
	}
	for name := range there {
		names = append(names, name)
	}
	return names
}

// The functions below work beside a process that may be serving the database:
// they take no lock on the data directory and migrate nothing. Of Options they
// read URL and Dir.

// Dump writes a consistent copy of the database to a file, which is replaced,
// and says what the copy holds.
func Dump(ctx context.Context, o Options, file string) (Content, error) {
	if o.server() {
		content, err := dumpPostgres(ctx, o.URL, file)
		return content, Classify(err)
	}
	path, err := embeddedPath(o.withDefaults())
	if err != nil {
		return Content{}, err
	}
	content, err := dumpSQLite(ctx, path, file)
	return content, Classify(err)
}

// Load fills an empty database from a file that Dump wrote; all of it or nothing.
func Load(ctx context.Context, o Options, file string) error {
	if o.server() {
		return Classify(loadPostgres(ctx, o.URL, file))
	}
	path, err := embeddedPath(o.withDefaults())
	if err != nil {
		return err
	}
	return loadSQLite(path, file)
}

// ContentOf says what a database holds, reading all of it.
func ContentOf(ctx context.Context, o Options) (Content, error) {
	if o.server() {
		content, err := contentOfPostgres(ctx, o.URL)
		return content, Classify(err)
	}
	path, err := embeddedPath(o.withDefaults())
	if err != nil {
		return Content{}, err
	}
	content, err := contentOfSQLite(ctx, path)
	return content, Classify(err)
}

// Empty tells whether a database holds no table yet, or is not there.
func Empty(ctx context.Context, o Options) (bool, error) {
	if o.server() {
		empty, err := emptyPostgres(ctx, o.URL)
		return empty, Classify(err)
	}
	path, err := embeddedPath(o.withDefaults())
	if err != nil {
		return false, err
	}
	return absent(path)
}

// Beside runs one statement, durably, beside the process that serves the database.
func Beside(ctx context.Context, o Options, statement string, args ...any) error {
	if o.server() {
		return Classify(besidePostgres(ctx, o.URL, statement, args))
	}
	path, err := embeddedPath(o.withDefaults())
	if err != nil {
		return err
	}
	return Classify(besideSQLite(ctx, path, statement, args))
}

// Product is the database's kind, as Content has it.
func (o Options) Product() string {
	if o.server() {
		return productServer
	}
	return productEmbedded
}

// The products as a Content names them.
const (
	productEmbedded = "sqlite"
	productServer   = "postgres"
)

func (o Options) server() bool {
	return strings.HasPrefix(o.URL, "postgres://") || strings.HasPrefix(o.URL, "postgresql://")
}

// NewestSchema is the number of this program's last migration.
func NewestSchema() (int64, error) {
	entries, err := migrationFiles.ReadDir("migrations")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, e := range entries {
		var n int64
		for _, digit := range strings.SplitN(e.Name(), "_", 2)[0] {
			n = 10*n + int64(digit-'0')
		}
		newest = max(newest, n)
	}
	return newest, nil
}

const schemaSQL = "SELECT COALESCE(MAX(version_id),0) FROM goose_db_version"

// scanNames reads a result of one text column.
func scanNames(rows *sql.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
