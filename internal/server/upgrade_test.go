package server_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/demo"
	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

// unpacked is a file of testdata without its compression.
func unpacked(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	reader, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	content, err := reader.DecodeAll(raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// earlier is a copy of the demo company with 60 leads as the program of schema
// 9 left it.
func earlier(t *testing.T, like sqldb.Options) sqldb.Options {
	t.Helper()
	place := clewtest.Blank(t, like)
	if err := os.MkdirAll(place.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	files := tar.NewReader(bytes.NewReader(unpacked(t, "schema-9.tar.zst")))
	for {
		head, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		if place.URL != "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(place.Dir, head.Name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if place.URL != "" {
		dump := filepath.Join(t.TempDir(), "dump")
		if err := os.WriteFile(dump, unpacked(t, "schema-9.dump.zst"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := sqldb.Load(t.Context(), place, dump); err != nil {
			t.Fatal(err)
		}
	}
	return place
}

// TestAnEarlierSchemaIsUpgradedWithItsData opens the company of an earlier
// program: everything can be read, new leads come in, and the system tables are
// those of a fresh database.
func TestAnEarlierSchemaIsUpgradedWithItsData(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		place := earlier(t, o)
		before, err := sqldb.ContentOf(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		c := &company{T: t, ids: map[string]string{}, options: server.Options{Data: place.Dir, Database: place.URL, Listen: "127.0.0.1:0", Template: "crm", Version: "test"}}
		c.begin()
		defer c.end()
		token, err := c.app.CreateToken(t.Context(), demo.Logins()[0].Email, "test")
		c.must(err)
		ask := func(path string) answer {
			return c.send("GET", path, nil, map[string]string{"Authorization": "Bearer " + token}).want(t, path, 200)
		}
		list := ask(leads + "?limit=500").items(t)
		if len(list) < 50 {
			t.Errorf("%d leads can be seen", len(list))
		}
		for _, lead := range list[:10] {
			if entries := ask(leads + "/" + fmt.Sprint(lead["id"]) + "/thread").items(t); len(entries) == 0 || entries[0]["text"] == "" {
				t.Errorf("the thread of %v: %v", lead["id"], entries)
			}
		}
		c.chainsHold()
		after, err := sqldb.ContentOf(t.Context(), place)
		c.must(err)
		for _, table := range before.Tables {
			at := slices.IndexFunc(after.Tables, func(a sqldb.Table) bool { return a.Name == table.Name })
			if at < 0 || after.Tables[at].Rows < table.Rows {
				t.Errorf("%s had %d rows: %+v", table.Name, table.Rows, after.Tables[max(at, 0)])
			}
		}
		c.sameAsFresh(o)
		if place.URL == "" { // the key of the stored secrets came with the data
			got := c.send("POST", "/in/website-api", map[string]any{"company": "新来的公司", "phone": "13911112222"}, map[string]string{"Authorization": "Bearer " + demo.WebsiteSecret})
			if got.want(t, "a new lead", 200).header.Get("Clew-Record") == "" {
				t.Errorf("%s", got.body)
			}
		}
	})
}

// columns are the system tables' columns as "table.column".
func columns(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	text := "SELECT m.name || '.' || p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'"
	if _, ok := db.Pool(); ok {
		text = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns WHERE table_schema = 'public'"
	}
	var list []string
	err := db.Read(context.WithoutCancel(t.Context()), func(tx *sqldb.Tx) error {
		rows, err := tx.Query(text)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			list = append(list, name)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (c *company) sameAsFresh(like sqldb.Options) {
	c.Helper()
	fresh := columns(c.T, clewtest.Open(c.T, clewtest.Blank(c.T, like)))
	upgraded := columns(c.T, c.app.DB)
	tables := map[string]bool{}
	for _, name := range fresh {
		table, _, _ := strings.Cut(name, ".")
		tables[table] = true
		if !slices.Contains(upgraded, name) {
			c.Errorf("a fresh database has %s, the upgraded one has not", name)
		}
	}
	for _, name := range upgraded {
		if table, _, _ := strings.Cut(name, "."); tables[table] && !slices.Contains(fresh, name) {
			c.Errorf("the upgraded database has %s, a fresh one has not", name)
		}
	}
	if len(fresh) < 100 {
		c.Errorf("only %d columns were compared", len(fresh))
	}
}

// TestAnUpgradeKilledAtAnyTimeIsFinishedByTheNextStart kills the program while
// it migrates, later and later.
func TestAnUpgradeKilledAtAnyTimeIsFinishedByTheNextStart(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "clew")
	if out, err := exec.Command("go", "build", "-o", binary, "clew.dev/clew/cmd/clew").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		place := earlier(t, o)
		arguments := []string{"export", filepath.Join(t.TempDir(), "documents"), "--data", place.Dir}
		if place.URL != "" {
			arguments = append(arguments, "--database", place.URL)
		}
		kills := 0
		for wait := 20 * time.Millisecond; !runKilled(t, wait, binary, arguments...); wait = wait * 4 / 3 {
			kills++
		}
		c := &company{T: t, ids: map[string]string{}, options: server.Options{Data: place.Dir, Database: place.URL, Listen: "127.0.0.1:0", Version: "test"}}
		c.begin()
		defer c.end()
		c.chainsHold()
		c.sameAsFresh(o)
		if kills == 0 {
			t.Error("nothing was killed")
		}
	})
}
