package sqldb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/fault"
	"modernc.org/sqlite"
)

// copyPages is how many pages are copied between looks at the context.
const copyPages = 2048

// dumpSQLite copies the file page by page from one snapshot; writers go on.
func dumpSQLite(ctx context.Context, path, file string) (Content, error) {
	if gone, err := absent(path); err != nil || gone {
		return Content{}, errors.Join(err, noDatabase(path, gone))
	}
	if err := removeSQLite(file); err != nil {
		return Content{}, err
	}
	db, err := openBeside(path)
	if err != nil {
		return Content{}, err
	}
	defer db.Close()
	c, err := db.Conn(ctx)
	if err != nil {
		return Content{}, err
	}
	defer c.Close()
	if err := copySnapshot(ctx, c, file); err != nil {
		return Content{}, err
	}
	return contentOfSQLite(ctx, file)
}

func noDatabase(path string, gone bool) error {
	if !gone {
		return nil
	}
	return fault.New(fault.NotFound, "no_database").With("path", path)
}

// copySnapshot holds one reading transaction over all steps, so that no write
// in between makes the copy begin anew.
func copySnapshot(ctx context.Context, c *sql.Conn, file string) error {
	if _, err := c.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() { _, _ = c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") }()
	var tables int
	if err := c.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&tables); err != nil {
		return err
	}
	return c.Raw(func(driver any) error {
		source, ok := driver.(interface {
			NewBackup(to string) (*sqlite.Backup, error)
		})
		if !ok {
			return fmt.Errorf("sqldb: %T cannot copy", driver)
		}
		b, err := source.NewBackup("file:" + (&url.URL{Path: file}).EscapedPath())
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			if err = ctx.Err(); err == nil {
				more, err = b.Step(copyPages)
			}
		}
		return errors.Join(err, b.Finish())
	})
}

func openBeside(path string) (*sql.DB, error) {
	if err := registerSQLiteFunctions(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", sqliteDSN(path))
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// contentOfSQLite reads a file that nobody else writes or, beside a server, one snapshot of it.
func contentOfSQLite(ctx context.Context, path string) (Content, error) {
	if gone, err := absent(path); err != nil || gone {
		return Content{}, errors.Join(err, noDatabase(path, gone))
	}
	content := Content{Product: productEmbedded}
	db, err := openBeside(path)
	if err != nil {
		return content, err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return content, err
	}
	defer func() { _ = tx.Rollback() }()
	if err := tx.QueryRowContext(ctx, schemaSQL).Scan(&content.Schema); err != nil {
		return content, err
	}
	names, err := scanNames(tx.QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'table'
		AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`))
	if err != nil {
		return content, err
	}
	for _, name := range names {
		table, err := digestSQLite(ctx, tx, name)
		if err != nil {
			return content, fmt.Errorf("table %s: %w", name, err)
		}
		content.Tables = append(content.Tables, table)
	}
	return content, nil
}

// digestSQLite adds up the digests of the rows, each as the text of its values.
func digestSQLite(ctx context.Context, tx *sql.Tx, name string) (Table, error) {
	table := Table{Name: name}
	columns, err := scanNames(tx.QueryContext(ctx, "SELECT name FROM pragma_table_info($1) ORDER BY cid", name))
	if err != nil {
		return table, err
	}
	for i, column := range columns {
		columns[i] = "quote(" + quoteName(column) + ")"
	}
	rows, err := tx.QueryContext(ctx, "SELECT "+strings.Join(columns, "||','||")+" FROM "+quoteName(name))
	if err != nil {
		return table, err
	}
	defer rows.Close()
	var sum [4]uint64
	var text sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&text); err != nil {
			return table, err
		}
		digest := sha256.Sum256(text)
		for i := range sum {
			sum[i] += binary.BigEndian.Uint64(digest[8*i:])
		}
		table.Rows++
	}
	var all [32]byte
	for i, n := range sum {
		binary.BigEndian.PutUint64(all[8*i:], n)
	}
	table.Digest = hex.EncodeToString(all[:])
	return table, rows.Err()
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// loadSQLite puts a copy where the database is to be.
func loadSQLite(path, file string) error {
	if there, err := absent(path); err != nil || !there {
		return errors.Join(err, fault.New(fault.Conflict, "not_empty").With("place", path))
	}
	from, err := os.Open(file)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Sync(), to.Close(), disk.SyncDir(filepath.Dir(path)))
}

func besideSQLite(ctx context.Context, path, statement string, args []any) error {
	db, err := openBeside(path)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, unnumbered(statement), bind(args)...)
	return errors.Join(err, db.Close())
}

// absent tells whether there is no file of that name, or an empty one.
func absent(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return err == nil && info.Size() == 0, err
}

// removeSQLite removes a database file and what belongs to it.
func removeSQLite(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
