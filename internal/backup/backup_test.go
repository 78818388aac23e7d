package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/backup"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// company is a database with some rows, an attachment and a key.
type company struct {
	*testing.T
	place sqldb.Options
	db    *sqldb.DB
	box   *seal.Box
	file  string
}

func onBoth(t *testing.T, test func(c *company)) {
	t.Helper()
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		c := &company{T: t, place: o, db: clewtest.Open(t, o), file: filepath.Join(t.TempDir(), "clew.backup")}
		var err error
		c.box, err = seal.Load(o.Dir, "")
		c.must(err)
		c.must(os.MkdirAll(filepath.Join(o.Dir, "blobs", "ab"), 0o700))
		c.must(os.WriteFile(filepath.Join(o.Dir, "blobs", "ab", "报价单.pdf"), []byte("attachment"), 0o600))
		c.settings("before", 200)
		test(c)
	})
}

func (c *company) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// settings writes n rows.
func (c *company) settings(prefix string, n int) {
	c.Helper()
	for i := range n {
		c.must(c.db.Write(c.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`INSERT INTO setting (name, value) VALUES ($1, $2)`, fmt.Sprintf("%s%d", prefix, i), "值 '\"\x01 "+prefix)
			return err
		}))
	}
}

func (c *company) options(passphrase string) backup.Options {
	return backup.Options{Place: c.place, File: c.file, Passphrase: passphrase, Version: "test", Now: time.Now}
}

func (c *company) write(passphrase string) backup.Result {
	c.Helper()
	result, err := backup.Write(c.Context(), c.options(passphrase))
	c.must(err)
	return result
}

func (c *company) restore(o backup.RestoreOptions) (backup.Restored, error) {
	o.File = c.file
	return backup.Restore(c.Context(), o)
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if f, ok := fault.As(err); !ok || f.Code != code {
		t.Errorf("error %v, want %s", err, code)
	}
}

// whole looks for everything that a company was founded with.
func (c *company) whole(place sqldb.Options) {
	c.Helper()
	db := clewtest.Open(c.T, place)
	var n int
	c.must(db.Read(c.Context(), func(tx *sqldb.Tx) error {
		return tx.QueryRow(`SELECT COUNT(*) FROM setting WHERE name LIKE 'before%' AND value = $1`, "值 '\"\x01 before").Scan(&n)
	}))
	if n != 200 {
		c.Errorf("%d rows came back", n)
	}
	attachment, err := os.ReadFile(filepath.Join(place.Dir, "blobs", "ab", "报价单.pdf"))
	if err != nil || string(attachment) != "attachment" {
		c.Errorf("attachment %q %v", attachment, err)
	}
}

func TestABackupComesBackAsItWas(t *testing.T) {
	onBoth(t, func(c *company) {
		result := c.write("")
		if result.Bytes == 0 || result.Manifest.HasKey() || result.Manifest.Key == "" || result.Manifest.Attachments() != 1 {
			t.Errorf("%+v", result)
		}
		c.settings("after", 3) // not in it
		place := clewtest.Blank(c.T, c.place)
		done, err := c.restore(backup.RestoreOptions{Place: place})
		c.must(err)
		if done.KeyThere || done.Finished {
			t.Errorf("%+v", done)
		}
		c.whole(place)
		for _, name := range []string{"database", ".restoring", "complete.json"} {
			if _, err := os.Stat(filepath.Join(place.Dir, name)); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s was left behind: %v", name, err)
			}
		}
	})
}

func TestAnEncryptedBackupHoldsTheKey(t *testing.T) {
	onBoth(t, func(c *company) {
		sealed := c.box.SealText("channel secret", "x")
		result := c.write("木马 staple")
		raw, err := os.ReadFile(c.file)
		c.must(err)
		if !result.Manifest.HasKey() || bytes.Contains(raw, []byte("manifest")) {
			t.Error("the key is not in it, or it is not encrypted")
		}
		place := clewtest.Blank(c.T, c.place)
		_, err = c.restore(backup.RestoreOptions{Place: place})
		wantCode(c.T, err, "passphrase_wanted")
		_, err = c.restore(backup.RestoreOptions{Place: place, Passphrase: "wrong"})
		wantCode(c.T, err, "passphrase_wrong")
		if _, err := os.Stat(place.Dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a refused restore left something: %v", err)
		}
		done, err := c.restore(backup.RestoreOptions{Place: place, Passphrase: "木马 staple"})
		c.must(err)
		box, err := seal.Load(place.Dir, "")
		c.must(err)
		if opened, err := box.OpenText(sealed, "x"); err != nil || opened != "channel secret" || !done.KeyThere {
			t.Errorf("with the restored key: %q %v", opened, err)
		}
	})
}

func TestAGivenKeyMustBeTheOneThatWasUsed(t *testing.T) {
	onBoth(t, func(c *company) {
		c.write("")
		place := clewtest.Blank(c.T, c.place)
		_, err := c.restore(backup.RestoreOptions{Place: place, Key: strings.Repeat("00", 32)})
		wantCode(c.T, err, "wrong_key")
		key, err := os.ReadFile(filepath.Join(c.place.Dir, seal.KeyFile))
		c.must(err)
		done, err := c.restore(backup.RestoreOptions{Place: place, Key: string(key)})
		c.must(err)
		if again, _ := os.ReadFile(filepath.Join(place.Dir, seal.KeyFile)); !bytes.Equal(again, key) || !done.KeyThere {
			t.Error("the key was not put in place")
		}
	})
}

func TestNothingIsRestoredOverAnything(t *testing.T) {
	onBoth(t, func(c *company) {
		c.write("")
		_, err := c.restore(backup.RestoreOptions{Place: sqldb.Options{URL: c.place.URL, Dir: filepath.Join(c.TempDir(), "new")}})
		if c.place.URL != "" { // a database with tables
			c.settingsDiffer(err)
		}
		full := clewtest.Blank(c.T, c.place)
		c.must(os.MkdirAll(full.Dir, 0o700))
		c.must(os.WriteFile(filepath.Join(full.Dir, "letter.txt"), nil, 0o600))
		_, err = c.restore(backup.RestoreOptions{Place: full})
		wantCode(c.T, err, "not_empty")
		if entries, _ := os.ReadDir(full.Dir); len(entries) != 1 {
			t.Errorf("the refused folder holds %v", entries)
		}
	})
}

// settingsDiffer: the very same content counts as an interrupted restore and is
// taken over; a single row more is refused.
func (c *company) settingsDiffer(err error) {
	c.Helper()
	c.must(err)
	c.settings("more", 1)
	_, err = c.restore(backup.RestoreOptions{Place: sqldb.Options{URL: c.place.URL, Dir: filepath.Join(c.TempDir(), "other")}})
	wantCode(c.T, err, "not_empty")
}

func TestAnEmptyFolderKeepsItsPlace(t *testing.T) {
	onBoth(t, func(c *company) {
		c.write("")
		place := clewtest.Blank(c.T, c.place)
		c.must(os.MkdirAll(filepath.Join(place.Dir, "lost+found"), 0o700))
		before, err := os.Stat(place.Dir)
		c.must(err)
		_, err = c.restore(backup.RestoreOptions{Place: place})
		c.must(err)
		after, err := os.Stat(place.Dir)
		if err != nil || !os.SameFile(before, after) {
			t.Errorf("the folder was replaced: %v", err)
		}
		clewtest.Open(c.T, place)
	})
}

// TestDamageIsFound changes each of many places of a backup: either nothing is
// restored, or, where the bit meant nothing, what is restored is whole. A change
// of the checksum at the very end is always found.
func TestDamageIsFound(t *testing.T) {
	onBoth(t, func(c *company) {
		c.write("")
		good, err := os.ReadFile(c.file)
		c.must(err)
		steps, checksum := 40, len(good)-4
		if c.place.URL != "" {
			steps = 6
		}
		places := []int{checksum, len(good) - 1}
		for i := range steps {
			places = append(places, len(good)*i/steps)
		}
		for _, at := range places {
			bad := bytes.Clone(good)
			bad[at] ^= 0x55
			c.must(os.WriteFile(c.file, bad, 0o600))
			place := clewtest.Blank(c.T, c.place)
			if _, err := c.restore(backup.RestoreOptions{Place: place}); err == nil {
				if c.whole(place); at >= checksum {
					t.Errorf("a changed byte at %d of %d was not noticed", at, len(bad))
				}
				continue
			}
			if _, err := os.Stat(place.Dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("damage at %d left a folder: %v", at, err)
			}
		}
		for _, n := range []int{0, 3, len(good) / 2, len(good) - 1} {
			c.must(os.WriteFile(c.file, good[:n], 0o600))
			if _, err := c.restore(backup.RestoreOptions{Place: clewtest.Blank(c.T, c.place)}); err == nil {
				t.Errorf("%d of %d bytes were restored", n, len(good))
			}
		}
	})
}

func TestAFailedBackupLeavesTheEarlierOne(t *testing.T) {
	onBoth(t, func(c *company) {
		c.write("")
		good, err := os.ReadFile(c.file)
		c.must(err)
		ended, cancel := context.WithCancel(c.Context())
		cancel()
		if _, err := backup.Write(ended, c.options("")); err == nil {
			t.Fatal("a cancelled backup went well")
		}
		missing := c.options("")
		missing.Place = sqldb.Options{Dir: filepath.Join(c.TempDir(), "absent")}
		_, err = backup.Write(c.Context(), missing)
		wantCode(c.T, err, "no_database")
		if now, _ := os.ReadFile(c.file); !bytes.Equal(now, good) {
			t.Error("the earlier backup was changed")
		}
		if left, _ := filepath.Glob(c.file + ".*"); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

func TestALaterSchemaIsNotRestored(t *testing.T) {
	onBoth(t, func(c *company) {
		c.must(c.db.Write(c.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, $1)`, true)
			return err
		}))
		_, err := backup.Write(c.Context(), c.options(""))
		wantCode(c.T, err, "schema_too_new")
	})
}

func TestAnInterruptedMoveIsFinishedAndRefusedUntilThen(t *testing.T) {
	c := &company{T: t, place: clewtest.Embedded(t), file: filepath.Join(t.TempDir(), "b")}
	c.db = clewtest.Open(t, c.place)
	c.settings("before", 2)
	c.write("")
	whole := clewtest.Blank(t, c.place)
	_, err := c.restore(backup.RestoreOptions{Place: whole})
	c.must(err)
	m, err := backup.Open(c.file, "")
	c.must(err)
	// The state after the files were complete and before any was moved.
	halfway := filepath.Join(t.TempDir(), "data")
	staging := filepath.Join(halfway, ".restoring")
	c.must(os.MkdirAll(staging, 0o700))
	c.must(os.Rename(filepath.Join(whole.Dir, "clew.db"), filepath.Join(staging, "clew.db")))
	_, err = sqldb.Open(t.Context(), sqldb.Options{Dir: halfway})
	wantCode(t, err, "restore_unfinished")
	c.must(os.WriteFile(filepath.Join(staging, "complete.json"), []byte(fmt.Sprintf(`{"format":1,"program":%q,"content":{}}`, m.Program)), 0o600))
	done, err := c.restore(backup.RestoreOptions{Place: sqldb.Options{Dir: halfway}})
	c.must(err)
	if !done.Finished {
		t.Error("the interrupted restore was not noticed")
	}
	clewtest.Open(t, sqldb.Options{Dir: halfway})
}

func TestTheScheduleKeepsTheNewestAndNotesEach(t *testing.T) {
	onBoth(t, func(c *company) {
		clock := clewtest.NewClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
		dir := filepath.Join(c.TempDir(), "backups")
		s := &backup.Schedule{
			DB: c.db, Options: c.options(""), Dir: dir, Keep: 2, At: 3 * time.Hour, Log: quiet(),
			Zone: func() *time.Location { return time.FixedZone("CST", 8*3600) },
		}
		s.Options.Now = clock.Now
		due := func() bool {
			c.Helper()
			made, err := s.Due(c.Context())
			c.must(err)
			return made
		}
		made := 0
		for range 4 * 24 {
			if due() {
				made++
			}
			clock.Advance(time.Hour)
		}
		if made != 5 { // at once, then each night at 3:00 of the company
			t.Errorf("%d backups in four days", made)
		}
		files, _ := filepath.Glob(filepath.Join(dir, "clew-*.tar.zst"))
		if len(files) != 2 || !strings.Contains(files[1], "20261125-190000") {
			t.Errorf("kept %v", files)
		}
		c.must(c.db.Read(c.Context(), func(tx *sqldb.Tx) error {
			good, newest, err := backup.Last(tx)
			if good != newest || good.Origin != backup.BySchedule || good.Bytes == 0 || good.File != files[1] {
				t.Errorf("noted %+v, %+v", good, newest)
			}
			return err
		}))
		if entries, _ := os.ReadDir(dir); len(entries) != 2 {
			t.Errorf("beside them: %v", entries)
		}
	})
}

func TestAFailedNightIsTriedAgainAfterAnHour(t *testing.T) {
	onBoth(t, func(c *company) {
		clock := clewtest.NewClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
		dir := filepath.Join(c.TempDir(), "backups")
		s := &backup.Schedule{DB: c.db, Options: c.options(""), Dir: dir, Keep: 2, Log: quiet(), Zone: func() *time.Location { return time.UTC }}
		s.Options.Now = clock.Now
		c.must(os.MkdirAll(filepath.Join(dir, "clew-20261122-120000.tar.zst", "in the way"), 0o700))
		if _, err := s.Due(c.Context()); err == nil {
			t.Fatal("a backup replaced a folder")
		}
		if made, err := s.Due(c.Context()); made || err != nil {
			t.Errorf("at once again: %v %v", made, err)
		}
		c.must(c.db.Read(c.Context(), func(tx *sqldb.Tx) error {
			good, newest, err := backup.Last(tx)
			if newest.Problem == "" || !good.At.IsZero() {
				t.Errorf("noted %+v, %+v", good, newest)
			}
			return err
		}))
		clock.Advance(61 * time.Minute)
		if made, err := s.Due(c.Context()); !made || err != nil {
			t.Errorf("an hour later: %v %v", made, err)
		}
	})
}
