package clewtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

const installPostgreSQL = "PostgreSQL is needed by the tests and was not found. " +
	"Install it: sudo apt-get install -y postgresql-15 (or run scripts/install-test-tools), " +
	"or name a server to make databases on in CLEW_TEST_POSTGRES"

// watchdog stops the cluster when no test process has used it for two minutes.
// $1 users' lock, $2 cluster's folder, then the command that stops it.
const watchdog = `users=$1; dir=$2; shift 2
idle=0
while [ $idle -lt 4 ]; do
  sleep 30
  if flock -n -x "$users" true; then idle=$((idle+1)); else idle=0; fi
done
"$@" >/dev/null 2>&1
rm -rf "$dir"`

// databaseCount makes the names of databases distinct within the process.
var databaseCount atomic.Int64

// server is the address of a throw-away server, found or started once a process.
var server = sync.OnceValues(func() (string, error) {
	if address := os.Getenv("CLEW_TEST_POSTGRES"); address != "" {
		return address, nil
	}
	return startCluster()
})

// swept is the throw-away server without what processes that have ended left on it.
var swept = sync.OnceValues(func() (string, error) {
	address, err := server()
	if err != nil {
		return "", err
	}
	return address, sweep(address)
})

// template makes a blank database that lasts as long as the process, or little longer.
func template(t testing.TB) (address, name string) {
	t.Helper()
	name = fmt.Sprintf("clew_template_%d_%d", os.Getpid(), databaseCount.Add(1))
	return create(t, name, "template1"), name
}

// database makes a copy of a database that nobody has open, and drops it with the test.
func database(t testing.TB, from string) (address string) {
	t.Helper()
	name := fmt.Sprintf("clew_test_%d_%d", os.Getpid(), databaseCount.Add(1))
	address = create(t, name, from)
	t.Cleanup(func() {
		if err := administer("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	return address
}

func create(t testing.TB, name, from string) (address string) {
	t.Helper()
	if err := administer("DROP DATABASE IF EXISTS "+name, "CREATE DATABASE "+name+" TEMPLATE "+from+" STRATEGY file_copy"); err != nil {
		t.Fatalf("make a PostgreSQL database: %v", err)
	}
	own, _ := swept()
	return withDatabase(own, name)
}

// sweep drops what processes that have ended left on the server.
func sweep(address string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, `SELECT datname, split_part(datname, '_', 3)::int FROM pg_database
		WHERE datname ~ '^clew_(template|test)_[0-9]+(_|$)'`)
	if err != nil {
		return err
	}
	var stale []string
	var name string
	var process int
	if _, err := pgx.ForEachRow(rows, []any{&name, &process}, func() error {
		if errors.Is(syscall.Kill(process, 0), syscall.ESRCH) {
			stale = append(stale, name)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, name := range stale {
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

func administer(statements ...string) error {
	address, err := swept()
	if err != nil {
		return err
	}
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

func withDatabase(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Path = "/" + name
	return u.String()
}

// cluster is a throw-away server's folder, shared by the test processes of one
// user and started by the first.
type cluster struct {
	bin string // folder of initdb, pg_ctl
	dir string
	as  []string // what precedes a command to run it as the server's user
}

// startCluster finds the user's running cluster or starts one. The process
// holds a shared lock on it for its life, which the watchdog looks at.
func startCluster() (string, error) {
	c, err := findCluster()
	if err != nil {
		return "", err
	}
	users, err := os.OpenFile(c.dir+".users", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", err
	}
	if err := syscall.Flock(int(users.Fd()), syscall.LOCK_SH); err != nil {
		return "", err
	}
	starting, err := os.OpenFile(c.dir+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", err
	}
	defer starting.Close()
	if err := syscall.Flock(int(starting.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if address, err := os.ReadFile(filepath.Join(c.dir, "address")); err == nil && c.run("pg_ctl", "-D", c.data(), "status") == nil {
		return string(address), keepOpen(users)
	}
	address, err := c.start()
	if err != nil {
		return "", err
	}
	return address, errors.Join(c.watch(users.Name()), keepOpen(users))
}

// keepOpen hands f to the process: its lock is given up by the process's end alone.
func keepOpen(f *os.File) error {
	_, err := syscall.Dup(int(f.Fd()))
	return err
}

func findCluster() (*cluster, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_ctl")
	if path, err := exec.LookPath("pg_ctl"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return nil, errors.New(installPostgreSQL)
	}
	slices.Sort(found)
	c := &cluster{
		bin: filepath.Dir(found[len(found)-1]),
		dir: filepath.Join(os.TempDir(), fmt.Sprintf("clew-test-postgresql-%d", os.Getuid())),
	}
	if os.Getuid() == 0 {
		if _, err := user.Lookup("postgres"); err != nil {
			return nil, fmt.Errorf("%s: %w", installPostgreSQL, err)
		}
		c.as = []string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"}
	}
	return c, nil
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *cluster) command(name string, args ...string) []string {
	line := append(slices.Clone(c.as), "env", "-i", "PATH="+c.bin+":/usr/bin:/bin", "HOME="+c.dir, "LC_ALL=C.UTF-8")
	return append(append(line, filepath.Join(c.bin, name)), args...)
}

func (c *cluster) run(name string, args ...string) error {
	line := c.command(name, args...)
	out, err := os.CreateTemp("", "clew-cluster-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd := exec.Command(line[0], line[1:]...)
	// A file, not a pipe: the server inherits it and would hold a pipe open.
	cmd.Dir, cmd.Stdout, cmd.Stderr = "/", out, out
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(text)))
	}
	return nil
}

// start makes a new cluster, without durability: tests of that run their own.
func (c *cluster) start() (string, error) {
	if err := os.RemoveAll(c.dir); err != nil {
		return "", err
	}
	if err := os.Mkdir(c.dir, 0o700); err != nil {
		return "", err
	}
	if len(c.as) > 0 {
		if out, err := exec.Command("chown", "postgres", c.dir).CombinedOutput(); err != nil {
			return "", fmt.Errorf("chown: %w: %s", err, out)
		}
	}
	if err := c.run("initdb", "-D", c.data(), "-U", "app", "-A", "trust", "--no-sync", "--no-instructions",
		"-E", "UTF8", "--locale=C.UTF-8"); err != nil {
		return "", err
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	options := fmt.Sprintf("-c listen_addresses=127.0.0.1 -p %d -k %s -c fsync=off -c synchronous_commit=off "+
		"-c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB", port, c.dir)
	if err := c.run("pg_ctl", "-D", c.data(), "-l", filepath.Join(c.dir, "log"), "-w", "-t", "60", "-o", options, "start"); err != nil {
		return "", err
	}
	address := fmt.Sprintf("postgres://app@127.0.0.1:%d/postgres", port)
	return address, os.WriteFile(filepath.Join(c.dir, "address"), []byte(address), 0o600)
}

// watch leaves a process behind that stops the cluster when it is idle.
func (c *cluster) watch(users string) error {
	stop := c.command("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop")
	cmd := exec.Command("sh", append([]string{"-c", watchdog, "clew-watchdog", users, c.dir}, stop...)...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
