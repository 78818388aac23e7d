package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
)

// The databases' names in reports and flags.
const (
	embedded = "embedded"
	server   = "server"
)

// database is a kind of database with room for several places.
type database struct {
	name  string
	dir   string
	admin string // a server's address; "" is embedded
}

// place is where one company's data lie.
type place struct{ dir, url string }

var parts = []string{"empty", "company", "raw"}

// databases are those that can be measured here.
func databases(dir string) []database {
	list := []database{{name: embedded, dir: filepath.Join(dir, embedded)}}
	admin := os.Getenv("CLEW_TEST_POSTGRES")
	if admin == "" {
		fmt.Fprintln(os.Stderr, "no server's database: CLEW_TEST_POSTGRES is not set (make bench starts one)")
		return list
	}
	return append(list, database{name: server, dir: filepath.Join(dir, server), admin: admin})
}

func (d database) of(part string) place {
	at := place{dir: filepath.Join(d.dir, part)}
	if d.admin != "" {
		u, err := url.Parse(d.admin)
		if err != nil {
			return at
		}
		u.Path = "/" + name(part)
		at.url = u.String()
	}
	return at
}

func name(part string) string { return fmt.Sprintf("clew_bench_%d_%s", os.Getpid(), part) }

func (d database) prepare(ctx context.Context) error {
	for _, part := range parts {
		if err := os.MkdirAll(d.of(part).dir, 0o700); err != nil {
			return err
		}
	}
	return d.administer(ctx, "CREATE DATABASE %s")
}

func (d database) remove(ctx context.Context) { _ = d.administer(ctx, "DROP DATABASE %s WITH (FORCE)") }

func (d database) administer(ctx context.Context, statement string) error {
	if d.admin == "" {
		return nil
	}
	conn, err := pgx.Connect(ctx, d.admin)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, part := range parts {
		if _, err := conn.Exec(ctx, fmt.Sprintf(statement, name(part))); err != nil {
			return err
		}
	}
	return nil
}
