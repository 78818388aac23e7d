package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/seal"
	"pgregory.net/rapid"
)

func load(t *testing.T, dir, secret string) *seal.Box {
	t.Helper()
	b, err := seal.Load(dir, secret)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestKeyFileIsMadeOnceAndKept(t *testing.T) {
	dir := t.TempDir()
	first := load(t, dir, "")
	info, err := os.Stat(filepath.Join(dir, "secret.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("key file: %v %v", info, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	sealed := first.SealText("ocean engine secret", "channel/douyin")
	if got, err := load(t, dir, "").OpenText(sealed, "channel/douyin"); err != nil || got != "ocean engine secret" {
		t.Errorf("after a restart: %q %v", got, err)
	}
}

func TestKeyThatOthersMayReadIsRefused(t *testing.T) {
	dir := t.TempDir()
	load(t, dir, "")
	if err := os.Chmod(filepath.Join(dir, "secret.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Load(dir, ""); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("Load = %v", err)
	}
}

func TestGivenKey(t *testing.T) {
	key := strings.Repeat("0a", 32)
	sealed := load(t, t.TempDir(), key).SealText("x", "a")
	same := "CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo="
	if got, err := load(t, t.TempDir(), same).OpenText(sealed, "a"); err != nil || got != "x" {
		t.Errorf("the same key in base64: %q %v", got, err)
	}
	if _, err := seal.Load(t.TempDir(), "short"); err == nil {
		t.Error("a short key was taken")
	}
}

func TestOnlyWhatWasSealedOpens(t *testing.T) {
	b, other := load(t, t.TempDir(), ""), load(t, t.TempDir(), "")
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOf(rapid.Byte()).Draw(t, "secret")
		sealed := b.Seal(secret, "a")
		if got, err := b.Open(sealed, "a"); err != nil || !bytes.Equal(got, secret) {
			t.Fatalf("open: %v", err)
		}
		if _, err := b.Open(sealed, "b"); !errors.Is(err, seal.ErrOpen) {
			t.Fatal("opened for another owner")
		}
		if _, err := other.Open(sealed, "a"); !errors.Is(err, seal.ErrOpen) {
			t.Fatal("opened by another key")
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := b.Open(sealed, "a"); !errors.Is(err, seal.ErrOpen) {
			t.Fatal("opened after a bit was turned")
		}
	})
}

func TestCursor(t *testing.T) {
	b := load(t, t.TempDir(), "")
	type place struct {
		At int64
		ID string
	}
	want := place{1764000000000000, "0193"}
	cursor, err := b.Cursor(want, "lead list")
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(cursor, "+/=") || strings.Contains(cursor, "0193") {
		t.Errorf("cursor %q", cursor)
	}
	var got place
	if err := b.OpenCursor(cursor, "lead list", &got); err != nil || got != want {
		t.Errorf("opened: %+v %v", got, err)
	}
	for _, bad := range []string{"", "?", cursor[1:], cursor + "A"} {
		if err := b.OpenCursor(bad, "lead list", &got); fault.KindOf(err) != fault.Malformed {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := b.OpenCursor(cursor, "another list", &got); fault.KindOf(err) != fault.Malformed {
		t.Errorf("another purpose: %v", err)
	}
	if _, err := b.OpenText(cursor, "lead list"); err == nil {
		t.Error("a cursor opened as a secret")
	}
}
