package backup_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"clew.dev/clew/internal/backup"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

// part is one entry of an archive that somebody made by hand.
type part struct {
	name string
	body string
	kind byte   // tar.TypeReg unless told otherwise
	link string // where a link leads
}

// packed is an archive of a manifest and parts.
func packed(t *testing.T, manifest string, parts ...part) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	for _, p := range append([]part{{name: "manifest.json", body: manifest}}, parts...) {
		head := &tar.Header{Name: p.name, Size: int64(len(p.body)), Mode: 0o777, Typeflag: p.kind, Linkname: p.link}
		if head.Typeflag == 0 {
			head.Typeflag = tar.TypeReg
		}
		if err := w.WriteHeader(head); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(p.body)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []interface{ Close() error }{w, z} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// listed is a manifest of this program that names these parts as they are.
func listed(t *testing.T, parts ...part) string {
	t.Helper()
	m := backup.Manifest{Format: 1, Program: "test", At: time.Unix(0, 0), Content: sqldb.Content{Product: "sqlite", Schema: 1}}
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p.body))
		m.Files = append(m.Files, backup.File{Name: p.name, Size: int64(len(p.body)), SHA256: hex.EncodeToString(sum[:])})
	}
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func honest(t *testing.T, parts ...part) []byte { return packed(t, listed(t, parts...), parts...) }

// TestWhatIsNoBackupLeavesNothing: whatever file is given, it is refused with
// what is wrong with it, and nothing lies where it would have gone, nor beside,
// nor anywhere that its names lead to.
func TestWhatIsNoBackupLeavesNothing(t *testing.T) {
	reg := part{name: "blobs/a", body: "x"}
	var sealed bytes.Buffer
	recipient, err := age.NewScryptRecipient("right")
	if err != nil {
		t.Fatal(err)
	}
	recipient.SetWorkFactor(10)
	w, err := age.Encrypt(&sealed, recipient)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(honest(t, reg)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name       string
		file       []byte
		code       string
		passphrase string
	}{
		{name: "nothing", file: nil, code: "no_backup"},
		{name: "a text", file: []byte("Dear Sir,\n"), code: "no_backup"},
		{name: "an SQLite file", file: []byte("SQLite format 3\x00" + strings.Repeat("\x00", 4096)), code: "no_backup"},
		{name: "a gzip", file: []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00"), code: "no_backup"},
		{name: "a zstd of nothing", file: zstdOf(t, nil), code: "no_backup"},
		{name: "a zstd of words", file: zstdOf(t, bytes.Repeat([]byte("word "), 1000)), code: "no_backup"},
		{name: "another archive", file: zstdOf(t, tarOf(t, "README.md", "x")), code: "no_backup"},
		{name: "half an age header", file: []byte("age-encryption.org/v1\n"), code: "passphrase_wrong", passphrase: "right"},
		{name: "encrypted, without a passphrase", file: sealed.Bytes(), code: "passphrase_wanted"},
		{name: "encrypted, with another passphrase", file: sealed.Bytes(), code: "passphrase_wrong", passphrase: "Right"},
		{name: "encrypted and cut", file: sealed.Bytes()[:sealed.Len()-20], code: "", passphrase: "right"},
		{name: "a manifest that is none", file: packed(t, "{", reg)},
		{name: "a manifest of a later program", file: packed(t, `{"format":2}`), code: "backup_format_unknown"},
		{name: "a manifest of no program", file: packed(t, `{}`), code: "backup_format_unknown"},
		{name: "a manifest longer than any", file: packed(t, `{"format":1,"program":"`+strings.Repeat("x", 17<<20)+`"}`)},
		{name: "a later schema", file: packed(t, `{"format":1,"content":{"product":"sqlite","schema":99999}}`), code: "schema_too_new"},
		{name: "another database", file: packed(t, strings.Replace(listed(t, part{name: "database", body: "x"}), "sqlite", "oracle", 1), part{name: "database", body: "x"}), code: "backup_of_other_database"},
		{name: "a file that is not listed", file: packed(t, listed(t), reg), code: "backup_damaged"},
		{name: "a listed file that is missing", file: packed(t, listed(t, reg)), code: "backup_damaged"},
		{name: "files in another order", file: packed(t, listed(t, part{name: "database", body: "d"}, reg), reg, part{name: "database", body: "d"}), code: "backup_damaged"},
		{name: "another content", file: packed(t, listed(t, reg), part{name: reg.name, body: "y"}), code: "backup_damaged"},
		{name: "a longer content", file: packed(t, listed(t, reg), part{name: reg.name, body: "xx"}), code: "backup_damaged"},
		{name: "the same file twice", file: honest(t, reg, reg), code: "backup_damaged"},
		{name: "a file and a folder of one name", file: honest(t, reg, part{name: "blobs/a/b", body: "x"})},
		{name: "a way up", file: honest(t, part{name: "../escaped", body: "x"}), code: "backup_damaged"},
		{name: "a way up inside", file: honest(t, part{name: "blobs/../../escaped", body: "x"}), code: "backup_damaged"},
		{name: "from the root", file: honest(t, part{name: "/tmp/escaped", body: "x"}), code: "backup_damaged"},
		{name: "a dot", file: honest(t, part{name: ".", body: "x"}), code: "backup_damaged"},
		{name: "no name", file: honest(t, part{name: "", body: "x"}), code: "backup_damaged"},
		{name: "two slashes", file: honest(t, part{name: "blobs//a", body: "x"}), code: "backup_damaged"},
		{name: "a way up for Windows", file: honest(t, part{name: `blobs\..\..\escaped`, body: "x"}), code: "backup_damaged"},
		{name: "a drive", file: honest(t, part{name: "c:escaped", body: "x"}), code: "backup_damaged"},
		{name: "a null byte", file: packed(t, strings.Replace(listed(t, part{name: "blobs/aNUL", body: "x"}), "NUL", "\\u0000", 1), part{name: "blobs/a", body: "x"}), code: "backup_damaged"},
		{name: "a certificate's private key", file: honest(t, part{name: "certificates/crm.example.com", body: "x"}), code: "backup_damaged"},
		{name: "a log of the database", file: honest(t, part{name: "clew.db-wal", body: "x"}), code: "backup_damaged"},
		{name: "the mark of a finished restore", file: honest(t, part{name: "complete.json", body: "{}"}), code: "backup_damaged"},
		{name: "the lock", file: honest(t, part{name: "clew.lock", body: "x"}), code: "backup_damaged"},
		{name: "a link to a file", file: packed(t, listed(t, part{name: "blobs/a"}), part{name: "blobs/a", kind: tar.TypeSymlink, link: "/etc/passwd"}), code: "backup_damaged"},
		{name: "a hard link", file: packed(t, listed(t, part{name: "blobs/a"}), part{name: "blobs/a", kind: tar.TypeLink, link: "/etc/passwd"}), code: "backup_damaged"},
		{name: "a folder", file: packed(t, listed(t, part{name: "blobs/a"}), part{name: "blobs/a", kind: tar.TypeDir}), code: "backup_damaged"},
		{name: "a pipe", file: packed(t, listed(t, part{name: "blobs/a"}), part{name: "blobs/a", kind: tar.TypeFifo}), code: "backup_damaged"},
		{name: "no database", file: honest(t, reg), code: "backup_damaged"},
		{name: "a database that is none", file: honest(t, part{name: "database", body: "not one"})},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			file, target := filepath.Join(dir, "clew.backup"), filepath.Join(dir, "deep", "data")
			if err := os.WriteFile(file, c.file, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(filepath.Join(dir, "deep"), 0o700); err != nil {
				t.Fatal(err)
			}
			_, err := backup.Restore(t.Context(), backup.RestoreOptions{Place: sqldb.Options{Dir: target}, File: file, Passphrase: c.passphrase})
			if err == nil {
				t.Fatal("was restored")
			}
			if c.code != "" {
				wantCode(t, err, c.code)
			}
			for _, place := range []string{dir, filepath.Join(dir, "deep"), os.TempDir()} {
				if _, err := os.Lstat(filepath.Join(place, "escaped")); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("wrote outside: %s", place)
				}
			}
			if left, _ := os.ReadDir(filepath.Join(dir, "deep")); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestOpenTellsOfABackupWithoutTouchingAnything.
func TestOpenTellsOfABackupWithoutTouchingAnything(t *testing.T) {
	c := embedded(t)
	c.write("pass")
	before, err := os.ReadFile(c.file)
	c.must(err)
	_, err = backup.Open(c.file, "")
	wantCode(t, err, "passphrase_wanted")
	m, err := backup.Open(c.file, "pass")
	if err != nil || m.Program != "test" || m.Content.Rows() < 3 || m.Content.Product != c.place.Product() || !m.HasKey() || m.Attachments() != 1 {
		t.Errorf("%+v %v", m, err)
	}
	if after, _ := os.ReadFile(c.file); !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
	if _, err := backup.Open(filepath.Join(t.TempDir(), "gone"), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestAttachmentsComeBackByteForByte: empty ones, large ones, deep ones and those
// with names of any script; links are not followed out of the data directory.
func TestAttachmentsComeBackByteForByte(t *testing.T) {
	c := embedded(t)
	outside := filepath.Join(t.TempDir(), "passwd")
	c.must(os.WriteFile(outside, []byte("root"), 0o600))
	c.must(os.Symlink(outside, filepath.Join(c.place.Dir, "blobs", "link")))
	c.must(os.Symlink(filepath.Dir(outside), filepath.Join(c.place.Dir, "blobs", "folder")))
	want := map[string][]byte{"blobs/ab/报价单.pdf": []byte("attachment")}
	for name, body := range map[string][]byte{
		"blobs/empty":               {},
		"blobs/large":               bytes.Repeat([]byte("0123456789abcdef"), 1<<17),
		"blobs/a/b/c/d/e/f/g":       []byte("deep"),
		"blobs/" + long("名", 60):    []byte("a name of 180 bytes"),
		"blobs/ with blanks ' \" $": []byte("x"),
		"blobs/😀.png":               []byte("\x89PNG"),
	} {
		want[name] = body
		path := filepath.Join(c.place.Dir, name)
		c.must(os.MkdirAll(filepath.Dir(path), 0o755))
		c.must(os.WriteFile(path, body, 0o644))
	}
	if result := c.write(""); result.Manifest.Attachments() != len(want) {
		t.Errorf("%d attachments, want %d", result.Manifest.Attachments(), len(want))
	}
	info, err := os.Stat(c.file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the backup: %v %v", info.Mode(), err)
	}
	place := clewtest.Blank(t, c.place)
	_, err = c.restore(backup.RestoreOptions{Place: place})
	c.must(err)
	c.must(filepath.WalkDir(filepath.Join(place.Dir, "blobs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v %v", path, info.Mode(), err)
		}
		if d.IsDir() {
			return nil
		}
		name, err := filepath.Rel(place.Dir, path)
		c.must(err)
		body, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(body, want[name]) {
			t.Errorf("%s came back with %d bytes, %v", name, len(body), err)
		}
		delete(want, name)
		return nil
	}))
	if len(want) != 0 {
		t.Errorf("%d did not come back", len(want))
	}
}

// TestOnlyOneBackupAndOneRestoreAtATime of a place.
func TestOnlyOneBackupAndOneRestoreAtATime(t *testing.T) {
	c := embedded(t)
	held, err := os.OpenFile(c.file+".partial", os.O_CREATE|os.O_RDWR, 0o600)
	c.must(err)
	c.must(lock(held))
	_, err = backup.Write(t.Context(), c.options(""))
	wantCode(t, err, "backup_running")
	c.must(held.Close())
	c.must(os.WriteFile(c.file+".partial", bytes.Repeat([]byte("left of a killed one"), 100_000), 0o600))
	c.write("") // what a killed one left is written over

	target := filepath.Join(t.TempDir(), "data")
	c.must(os.MkdirAll(target, 0o700))
	running, err := os.OpenFile(filepath.Join(target, "clew.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	c.must(err)
	c.must(lock(running))
	_, err = c.restore(backup.RestoreOptions{Place: sqldb.Options{Dir: target}})
	wantCode(t, err, "data_directory_in_use")
	if _, err := os.Stat(filepath.Join(target, "clew.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was restored into a directory in use: %v", err)
	}
	c.must(running.Close())
	// What a killed restore left does not mix with the next.
	c.must(os.MkdirAll(filepath.Join(target, ".restoring", "blobs", "stale"), 0o700))
	c.must(os.WriteFile(filepath.Join(target, ".restoring", "secret.key"), []byte("stale"), 0o600))
	_, err = c.restore(backup.RestoreOptions{Place: sqldb.Options{Dir: target}})
	c.must(err)
	for _, name := range []string{"blobs/stale", "secret.key", ".restoring"} {
		if _, err := os.Stat(filepath.Join(target, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there: %v", name, err)
		}
	}
	clewtest.Open(t, sqldb.Options{Dir: target})
}

// TestABackupOfOneDatabaseIsNotForTheOther, and nothing is left of the attempt.
func TestABackupOfOneDatabaseIsNotForTheOther(t *testing.T) {
	files := map[string]string{}
	onBoth(t, func(c *company) {
		c.write("")
		raw, err := os.ReadFile(c.file)
		c.must(err)
		files[c.place.Product()] = string(raw)
		for product, other := range files {
			if product == c.place.Product() {
				continue
			}
			c.must(os.WriteFile(c.file, []byte(other), 0o600))
			place := clewtest.Blank(c.T, c.place)
			_, err := c.restore(backup.RestoreOptions{Place: place})
			wantCode(c.T, err, "backup_of_other_database")
			empty, err := sqldb.Empty(c.Context(), place)
			if err != nil || !empty {
				c.Errorf("the database is not empty any more: %v", err)
			}
		}
	})
	if len(files) != 2 {
		t.Errorf("%d databases", len(files))
	}
}

// TestAKeyFromTheEnvironmentIsNamedAndNotCopied: it never was in the directory.
func TestAKeyFromTheEnvironmentIsNamedAndNotCopied(t *testing.T) {
	c := embedded(t)
	c.must(os.Remove(filepath.Join(c.place.Dir, "secret.key")))
	o := c.options("pass")
	o.Secret = strings.Repeat("ab", 32)
	result, err := backup.Write(t.Context(), o)
	if err != nil || result.Manifest.HasKey() || len(result.Manifest.Key) != 16 {
		t.Errorf("%+v %v", result.Manifest, err)
	}
	o.Passphrase = "" // the rest is the same, and quicker
	_, err = backup.Write(t.Context(), o)
	c.must(err)
	place := clewtest.Blank(t, c.place)
	_, err = c.restore(backup.RestoreOptions{Place: place, Key: strings.Repeat("cd", 32)})
	wantCode(t, err, "wrong_key")
	if _, err = c.restore(backup.RestoreOptions{Place: place, Key: "short"}); err == nil {
		t.Error("a key that is none was taken")
	}
	done, err := c.restore(backup.RestoreOptions{Place: place, Key: strings.Repeat("AB", 32)})
	if err != nil || !done.KeyThere {
		t.Errorf("%+v %v", done, err)
	}
}
