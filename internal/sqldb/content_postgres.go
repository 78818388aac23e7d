package sqldb

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"clew.dev/clew/internal/fault"
	"github.com/jackc/pgx/v5"
)

// dumpPostgres has the server's own tool write what one snapshot holds.
func dumpPostgres(ctx context.Context, address, file string) (Content, error) {
	tool, err := clientTool("pg_dump")
	if err != nil {
		return Content{}, err
	}
	conn, err := connectBeside(ctx, address)
	if err != nil {
		return Content{}, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return Content{}, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	var snapshot string
	if err := tx.QueryRow(ctx, "SELECT pg_export_snapshot()").Scan(&snapshot); err != nil {
		return Content{}, err
	}
	content, err := contentIn(ctx, tx)
	if err != nil {
		return Content{}, err
	}
	return content, runTool(ctx, address, tool, "--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--snapshot="+snapshot, "--file="+file)
}

// loadPostgres has the server's own tool restore a dump in one transaction.
func loadPostgres(ctx context.Context, address, file string) error {
	tool, err := clientTool("pg_restore")
	if err != nil {
		return err
	}
	return runTool(ctx, address, tool, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", file)
}

// clientTool finds a tool of the newest version that is installed.
func clientTool(name string) (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	slices.SortFunc(found, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) }) // 9 before 15
	if len(found) > 0 {
		return found[len(found)-1], nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fault.New(fault.Conflict, "client_tools_missing").With("tool", name)
	}
	return path, nil
}

// runTool runs a client tool on the database; the password goes by the
// environment, where other users of the machine cannot see it.
func runTool(ctx context.Context, address, tool string, arguments ...string) error {
	target, password, err := toolAddress(address)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, tool, append(arguments, "--dbname="+target)...)
	cmd.Env = os.Environ()
	if password != "" {
		cmd.Env = append(cmd.Env, "PGPASSWORD="+password)
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(tool), errors.Join(err, ctx.Err()), strings.TrimSpace(said.String()))
	}
	return nil
}

// toolAddress is the address without its password and without what only our own
// driver understands.
func toolAddress(address string) (target, password string, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", "", err
	}
	if password, _ = u.User.Password(); password != "" {
		u.User = url.User(u.User.Username())
	}
	kept := url.Values{}
	for name, values := range u.Query() {
		switch name {
		case "password": // as our driver reads it, before the one beside the user
			password = values[0]
		case "sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port", "user", "dbname", "connect_timeout", "passfile", "service", "options":
			kept[name] = values
		}
	}
	u.RawQuery = kept.Encode()
	return u.String(), password, nil
}

func contentOfPostgres(ctx context.Context, address string) (Content, error) {
	conn, err := connectBeside(ctx, address)
	if err != nil {
		return Content{}, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return Content{}, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	return contentIn(ctx, tx)
}

// tablesSQL lists the tables that are not the server's own or an extension's.
const tablesSQL = `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema$)'
	AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1`

// contentIn adds up the digests of the rows on the server, which need not send them.
func contentIn(ctx context.Context, tx pgx.Tx) (Content, error) {
	content := Content{Product: productServer}
	// What a value's text looks like may not depend on anybody's settings.
	const settings = `SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres';
		SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1`
	if _, err := tx.Exec(ctx, settings); err != nil {
		return content, err
	}
	if err := tx.QueryRow(ctx, schemaSQL).Scan(&content.Schema); err != nil {
		return content, err
	}
	rows, err := tx.Query(ctx, tablesSQL)
	if err != nil {
		return content, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return content, err
	}
	for _, name := range names {
		table := Table{Name: name}
		text := `SELECT COUNT(*), COALESCE(SUM(('x' || substr(h, 1, 16))::bit(64)::bigint::numeric), 0) || ' ' ||
			COALESCE(SUM(('x' || substr(h, 17, 16))::bit(64)::bigint::numeric), 0)
			FROM (SELECT md5(t::text) AS h FROM ` + name + ` t) digests`
		if err := tx.QueryRow(ctx, text).Scan(&table.Rows, &table.Digest); err != nil {
			return content, fmt.Errorf("table %s: %w", name, err)
		}
		content.Tables = append(content.Tables, table)
	}
	return content, nil
}

// connectBeside is a connection of its own; the address may carry a pool's parameters.
func connectBeside(ctx context.Context, address string) (*pgx.Conn, error) {
	config, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	config.ConnConfig.ConnectTimeout = acquireWait
	return pgx.ConnectConfig(ctx, config.ConnConfig)
}

func emptyPostgres(ctx context.Context, address string) (bool, error) {
	conn, err := connectBeside(ctx, address)
	if err != nil {
		return false, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var n int
	err = conn.QueryRow(ctx, "SELECT COUNT(*) FROM ("+tablesSQL+") tables").Scan(&n)
	return n == 0, err
}

func besidePostgres(ctx context.Context, address, statement string, args []any) error {
	conn, err := connectBeside(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, statement, bind(args)...)
	return err
}
