package backup_test

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"clew.dev/clew/internal/backup"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// embedded is a company on the embedded database alone, for what no database decides.
func embedded(t *testing.T) *company {
	t.Helper()
	o := clewtest.Embedded(t)
	c := &company{T: t, place: o, db: clewtest.Open(t, o), file: filepath.Join(t.TempDir(), "clew.backup")}
	var err error
	c.box, err = seal.Load(o.Dir, "")
	c.must(err)
	c.must(os.MkdirAll(filepath.Join(o.Dir, "blobs", "ab"), 0o700))
	c.must(os.WriteFile(filepath.Join(o.Dir, "blobs", "ab", "报价单.pdf"), []byte("attachment"), 0o600))
	c.settings("before", 3)
	return c
}

// nightly is a schedule at a clock that the test moves.
func (c *company) nightly(dir string, keep int, clock *clewtest.Clock) *backup.Schedule {
	s := &backup.Schedule{DB: c.db, Options: c.options(""), Dir: dir, Keep: keep, At: 3 * time.Hour, Log: quiet(),
		Zone: func() *time.Location { return time.FixedZone("CST", 8*3600) }}
	s.Options.Now = clock.Now
	return s
}

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

// TestAClockThatWasWrongStopsNoBackups: a machine that thought for an hour that
// it was next year must not wait until then.
func TestAClockThatWasWrongStopsNoBackups(t *testing.T) {
	onBoth(t, func(c *company) {
		now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		dir := filepath.Join(c.TempDir(), "backups")
		wrong := c.nightly(dir, 5, clewtest.NewClock(now.AddDate(1, 0, 0)))
		if made, err := wrong.Due(c.Context()); !made || err != nil {
			c.Fatal(made, err)
		}
		clock := clewtest.NewClock(now)
		right := c.nightly(dir, 5, clock)
		made := 0
		for range 2 * 24 {
			done, err := right.Due(c.Context())
			c.must(err)
			if done {
				made++
			}
			clock.Advance(time.Hour)
		}
		if made != 3 {
			c.Errorf("%d backups in two days after the clock was put right, want one at once and one each night", made)
		}
	})
}

// TestAFailureInTheFutureStopsNoBackups either.
func TestAFailureInTheFutureStopsNoBackups(t *testing.T) {
	c := embedded(t)
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	dir := filepath.Join(t.TempDir(), "backups")
	c.must(os.MkdirAll(filepath.Join(dir, "clew-20271122-120000.tar.zst", "in the way"), 0o700))
	if _, err := c.nightly(dir, 5, clewtest.NewClock(now.AddDate(1, 0, 0))).Due(t.Context()); err == nil {
		t.Fatal("a backup replaced a folder")
	}
	if made, err := c.nightly(dir, 5, clewtest.NewClock(now)).Due(t.Context()); !made || err != nil {
		t.Errorf("%v %v", made, err)
	}
}

// TestWhatKilledBackupsLeftIsSwept: each night has another name, so nobody else
// would ever remove them, and a disk fills with halves. One that is being
// written, and files that are not ours, stay.
func TestWhatKilledBackupsLeftIsSwept(t *testing.T) {
	c := embedded(t)
	dir := filepath.Join(t.TempDir(), "backups")
	c.must(os.MkdirAll(dir, 0o700))
	for _, name := range []string{
		"clew-20261120-190000.tar.zst.partial", "clew-20261120-190000.tar.zst.partial.db", "clew-20261120-190000.tar.zst.partial.db-journal",
		"clew-20261121-190000.tar.zst.age.partial", "clew-20261119-190000.tar.zst.partial.db",
		"by-hand.tar.zst.partial", "clew-notes.txt", "clew-20261101-190000.tar.zst",
	} {
		c.must(os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600))
	}
	held, err := os.OpenFile(filepath.Join(dir, "clew-20261122-110000.tar.zst.partial"), os.O_CREATE|os.O_RDWR, 0o600)
	c.must(err)
	defer held.Close()
	c.must(lock(held))
	c.must(os.WriteFile(held.Name()+".db", []byte("being written"), 0o600))
	clock := clewtest.NewClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	if made, err := c.nightly(dir, 5, clock).Due(t.Context()); !made || err != nil {
		t.Fatal(made, err)
	}
	want := "by-hand.tar.zst.partial clew-20261101-190000.tar.zst clew-20261122-110000.tar.zst.partial clew-20261122-110000.tar.zst.partial.db clew-20261122-120000.tar.zst clew-notes.txt"
	if got := names(t, dir); got != want {
		t.Errorf("the folder holds %s", got)
	}
}

// TestOnlyOurOldFilesAreRemoved, encrypted and not, by their date; at least one
// is kept whatever the settings say.
func TestOnlyOurOldFilesAreRemoved(t *testing.T) {
	c := embedded(t)
	for keep, want := range map[int]string{
		-1: "a.tar.zst clew-20261122-120000.tar.zst clew.tar.zst notes",
		0:  "a.tar.zst clew-20261122-120000.tar.zst clew.tar.zst notes",
		2:  "a.tar.zst clew-20261103-190000.tar.zst clew-20261122-120000.tar.zst clew.tar.zst notes",
		3:  "a.tar.zst clew-20261102-190000.tar.zst.age clew-20261103-190000.tar.zst clew-20261122-120000.tar.zst clew.tar.zst notes",
		99: "a.tar.zst clew-20261101-190000.tar.zst clew-20261102-190000.tar.zst.age clew-20261103-190000.tar.zst clew-20261122-120000.tar.zst clew.tar.zst notes",
	} {
		dir := t.TempDir()
		for _, name := range []string{"clew-20261101-190000.tar.zst", "clew-20261102-190000.tar.zst.age", "clew-20261103-190000.tar.zst", "a.tar.zst", "clew.tar.zst", "notes"} {
			c.must(os.WriteFile(filepath.Join(dir, name), nil, 0o600))
		}
		c.must(c.db.Write(t.Context(), func(tx *sqldb.Tx) error { _, err := tx.Exec(`DELETE FROM backup_run`); return err }))
		if made, err := c.nightly(dir, keep, clewtest.NewClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))).Due(t.Context()); !made || err != nil {
			t.Fatal(made, err)
		}
		if got := names(t, dir); got != want {
			t.Errorf("keep %d: %s, want %s", keep, got, want)
		}
	}
}

// TestAScheduleStopsWhenTold, also in the middle of a backup, and twice.
func TestAScheduleStopsWhenTold(t *testing.T) {
	c := embedded(t)
	s := c.nightly(filepath.Join(t.TempDir(), "backups"), 2, clewtest.NewClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)))
	s.Stop() // before it began
	s.Start(t.Context())
	s.Stop()
	s.Stop()
	if partial, _ := filepath.Glob(filepath.Join(s.Dir, "*.partial*")); len(partial) != 0 {
		t.Errorf("left behind: %v", partial)
	}
}

func lock(f *os.File) error { return disk.Lock(f) }

func long(piece string, times int) string { return strings.Repeat(piece, times) }

func zstdOf(t *testing.T, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func tarOf(t *testing.T, name, body string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(body)), Typeflag: tar.TypeReg}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
