package seal_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/seal"
)

func TestKeysThatAreNone(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 32)
	for about, c := range map[string]struct {
		text string
		ok   bool
	}{
		"hexadecimal":            {hex.EncodeToString(key), true},
		"hexadecimal in capital": {strings.ToUpper(hex.EncodeToString(bytes.Repeat([]byte{0xab}, 32))), true},
		"base64":                 {base64.StdEncoding.EncodeToString(key), true},
		"blanks around it":       {" \n" + hex.EncodeToString(key) + "\r\n", true},
		"a byte too few":         {hex.EncodeToString(key[1:]), false},
		"a byte too many":        {hex.EncodeToString(append(key, 1)), false},
		"blanks within":          {hex.EncodeToString(key[:16]) + " " + hex.EncodeToString(key[16:]), false},
		"a pass phrase":          {"correct horse battery staple", false},
		"half a base64":          {base64.StdEncoding.EncodeToString(key[:16]), false},
		"base64 for addresses":   {base64.URLEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, 32)), false},
	} {
		_, err := seal.Load(t.TempDir(), c.text)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", about, err)
		}
		if err != nil && strings.Contains(err.Error(), strings.TrimSpace(c.text)) {
			t.Errorf("%s: the message tells the key: %v", about, err)
		}
		mark, err := seal.Fingerprint(c.text)
		if (err == nil) != c.ok || c.ok && len(mark) != 16 {
			t.Errorf("%s: fingerprint %q, %v", about, mark, err)
		}
	}
	for _, size := range []int{0, 16, 31, 33, 64} {
		if _, err := seal.New(make([]byte, size)); err == nil {
			t.Errorf("a key of %d bytes is taken", size)
		}
	}
}

// TestTheSameKeyInAnyWritingIsOneKey, and has one fingerprint; another has another.
func TestTheSameKeyInAnyWritingIsOneKey(t *testing.T) {
	key := bytes.Repeat([]byte{0xc3}, 32)
	var boxes []*seal.Box
	var marks []string
	for _, text := range []string{hex.EncodeToString(key), strings.ToUpper(hex.EncodeToString(key)), base64.StdEncoding.EncodeToString(key)} {
		boxes = append(boxes, load(t, t.TempDir(), text))
		mark, err := seal.Fingerprint(text)
		if err != nil {
			t.Fatal(err)
		}
		marks = append(marks, mark)
	}
	for i, from := range boxes {
		sealed := from.SealText("s3cret 密", "channel/douyin")
		for j, to := range boxes {
			if got, err := to.OpenText(sealed, "channel/douyin"); err != nil || got != "s3cret 密" {
				t.Errorf("sealed by %d, opened by %d: %q %v", i, j, got, err)
			}
		}
		if marks[i] != marks[0] {
			t.Errorf("fingerprints %v", marks)
		}
	}
	other, err := seal.Fingerprint(hex.EncodeToString(bytes.Repeat([]byte{0xc4}, 32)))
	if err != nil || other == marks[0] || strings.Contains(hex.EncodeToString(key), marks[0]) {
		t.Errorf("%q %v", other, err)
	}
}

// TestEightProcessesMakeOneKey: whoever comes first makes it, all get the same.
func TestEightProcessesMakeOneKey(t *testing.T) {
	dir := t.TempDir()
	boxes := make([]*seal.Box, 8)
	errs := make([]error, len(boxes))
	var all sync.WaitGroup
	for i := range boxes {
		all.Go(func() { boxes[i], errs[i] = seal.Load(dir, "") })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	sealed := boxes[0].SealText("x", "a")
	for i, b := range boxes {
		if got, err := b.OpenText(sealed, "a"); err != nil || got != "x" {
			t.Errorf("box %d: %q %v", i, got, err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || files[0].Name() != seal.KeyFile {
		t.Errorf("%v %v", files, err)
	}
	if info, err := os.Stat(filepath.Join(dir, seal.KeyFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

// TestASpoiltKeyFileIsNotReplaced: a new key would make every secret unreadable.
func TestASpoiltKeyFileIsNotReplaced(t *testing.T) {
	for _, text := range []string{"", "\n", "not a key", strings.Repeat("0", 63)} {
		dir := t.TempDir()
		path := filepath.Join(dir, seal.KeyFile)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.Load(dir, ""); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", text, err)
		}
		if kept, err := os.ReadFile(path); err != nil || string(kept) != text {
			t.Errorf("%q became %q, %v", text, kept, err)
		}
	}
}

// TestSecretsAndCursorsDoNotOpenEachOther, no text is sealed twice alike, and
// what is too short, cut or of another version does not open.
func TestSecretsAndCursorsDoNotOpenEachOther(t *testing.T) {
	b := load(t, t.TempDir(), "")
	cursor, err := b.Cursor("x", "a")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := b.OpenText(cursor, "a"); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("a cursor opens as the secret %q: %v", got, err)
	}
	sealed := b.SealText(`"x"`, "a")
	var place string
	if err := b.OpenCursor(sealed, "a", &place); fault.KindOf(err) != fault.Malformed || place != "" {
		t.Errorf("a secret opens as the cursor %q: %v", place, err)
	}
	seen := map[string]bool{}
	for range 200 {
		one := b.SealText("same", "a")
		if seen[one] {
			t.Fatal("sealed twice alike")
		}
		seen[one] = true
	}
	raw := b.Seal([]byte("secret"), "a")
	for n := range raw {
		if _, err := b.Open(raw[:n], "a"); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("the first %d bytes open: %v", n, err)
		}
	}
	for version := range 256 {
		raw[0] = byte(version)
		if _, err := b.Open(raw, "a"); (err == nil) != (version == 1) {
			t.Errorf("version %d: %v", version, err)
		}
	}
	for _, text := range []string{"", "=", "\x00", "////", strings.Repeat("A", 10_000)} {
		if _, err := b.OpenText(text, "a"); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("%.10q opens: %v", text, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	b, err := seal.New(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b.SealText("x", "other"))
	f.Add("")
	f.Add("AQ")
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := b.OpenText(text, "a"); err == nil {
			t.Fatalf("%q opens as %q", text, got)
		}
		var place any
		if err := b.OpenCursor(text, "a", &place); fault.KindOf(err) != fault.Malformed {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
