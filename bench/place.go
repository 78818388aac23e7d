package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

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
	kept  string // where filled companies stay; "" is with the others, for this run
}

// place is where one company's data lie.
type place struct{ dir, url string }

var parts = []string{"empty", "company", "raw"}

// databases are those that can be measured here.
func databases(dir, kept, keptServer string) []database {
	in := func(name string) string {
		if kept == "" {
			return ""
		}
		return filepath.Join(kept, name)
	}
	list := []database{{name: embedded, dir: filepath.Join(dir, embedded), kept: in(embedded)}}
	admin := os.Getenv("CLEW_TEST_POSTGRES")
	if keptServer != "" {
		admin = keptServer
	}
	if admin == "" {
		fmt.Fprintln(os.Stderr, "no server's database: CLEW_TEST_POSTGRES is not set (make bench starts one)")
		return list
	}
	if keptServer == "" {
		kept = "" // the directory alone would be of no use
	}
	return append(list, database{name: server, dir: filepath.Join(dir, server), admin: admin, kept: in(server)})
}

func (d database) of(part string) place {
	at := place{dir: filepath.Join(d.dir, part)}
	name := name
	if d.kept != "" && strings.HasPrefix(part, "filled") {
		at.dir = filepath.Join(d.kept, part)
		name = func(part string) string { return "clew_bench_" + part }
	}
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
	for _, part := range parts {
		if err := d.execute(ctx, fmt.Sprintf(statement, name(part))); err != nil {
			return err
		}
	}
	return nil
}

// execute runs a statement on a server, beside its databases.
func (d database) execute(ctx context.Context, statement string) error {
	if d.admin == "" {
		return nil
	}
	conn, err := pgx.Connect(ctx, d.admin)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
