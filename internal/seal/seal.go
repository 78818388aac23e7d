// Package seal keeps secrets at rest and gives clients tokens that they can
// neither read nor make: XChaCha20-Poly1305 with a random 24-byte nonce. The key
// is a file beside the data, never in the database, so that a copy of the
// database alone gives no secret away.
//
// A sealed value is version byte 1, nonce, ciphertext and tag.
package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/fault"
	"golang.org/x/crypto/chacha20poly1305"
)

// KeyFile is the name of the key's file in a data directory.
const KeyFile = "secret.key"

const (
	version = 1
	keySize = chacha20poly1305.KeySize
)

// ErrOpen is what Open returns for anything that was not sealed by this key
// with this associated data. It says no more.
var ErrOpen = errors.New("seal: cannot be opened")

// Box seals and opens. Its methods are safe for concurrent use.
type Box struct {
	secrets cipher.AEAD
	cursors cipher.AEAD
}

// Load is the box of a data directory. The key is secret when that is not empty
// (64 hexadecimal digits, or base64 of 32 bytes), else DIR/secret.key, which is
// made at random, mode 0600, if it is not there. A key file that others may read
// is refused.
func Load(dir, secret string) (*Box, error) {
	if secret != "" {
		key, err := parseKey(secret)
		if err != nil {
			return nil, err
		}
		return New(key)
	}
	path := filepath.Join(dir, KeyFile)
	text, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeKey(path); err == nil || errors.Is(err, fs.ErrExist) {
			text, err = readKey(path)
		}
	}
	if err != nil {
		return nil, err
	}
	key, err := parseKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return New(key)
}

// New is the box of a 32-byte key.
func New(key []byte) (*Box, error) {
	if len(key) != keySize {
		return nil, fmt.Errorf("seal: the key has %d bytes, want %d", len(key), keySize)
	}
	var b Box
	for name, aead := range map[string]*cipher.AEAD{"secret": &b.secrets, "cursor": &b.cursors} {
		derived, err := hkdf.Key(sha256.New, key, nil, "clew "+name, keySize)
		if err != nil {
			return nil, err
		}
		if *aead, err = chacha20poly1305.NewX(derived); err != nil {
			return nil, err
		}
	}
	return &b, nil
}

// Fingerprint names a key without giving anything of it away: eight bytes
// derived from it, in hexadecimal digits.
func Fingerprint(text string) (string, error) {
	key, err := parseKey(text)
	if err != nil {
		return "", err
	}
	derived, err := hkdf.Key(sha256.New, key, nil, "clew fingerprint", 8)
	return hex.EncodeToString(derived), err
}

func parseKey(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	if key, err := hex.DecodeString(text); err == nil && len(key) == keySize {
		return key, nil
	}
	if key, err := base64.StdEncoding.DecodeString(text); err == nil && len(key) == keySize {
		return key, nil
	}
	return nil, errors.New("seal: the key must be 64 hexadecimal digits or base64 of 32 bytes")
}

func readKey(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !disk.Private(info) {
		return "", fmt.Errorf("%s can be read by others (mode %04o); run chmod 600 on it", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	return string(text), err
}

// makeKey writes a new key so that a crash leaves the whole of it or nothing.
func makeKey(path string) error {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails: crypto/rand ends the process instead
	f, err := os.CreateTemp(filepath.Dir(path), KeyFile+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil {
		return err
	}
	return disk.SyncDir(filepath.Dir(path))
}

// Seal encrypts a secret. associated names what the secret belongs to, such as
// "channel/douyin": it is not stored, and the same is needed to open.
func (b *Box) Seal(secret []byte, associated string) []byte {
	return sealWith(b.secrets, secret, associated)
}

// Open decrypts what Seal made with the same associated text, or returns ErrOpen.
func (b *Box) Open(sealed []byte, associated string) ([]byte, error) {
	return openWith(b.secrets, sealed, associated)
}

// SealText is Seal for a column of text.
func (b *Box) SealText(secret, associated string) string {
	return base64.RawURLEncoding.EncodeToString(b.Seal([]byte(secret), associated))
}

// OpenText is Open for what SealText made.
func (b *Box) OpenText(sealed, associated string) (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", ErrOpen
	}
	secret, err := b.Open(raw, associated)
	return string(secret), err
}

// Cursor makes an opaque, URL-safe text of a place in a list. purpose names the
// list and whatever else the place is bound to (object, filter, user): a cursor
// opens only for the purpose it was made for.
func (b *Box) Cursor(place any, purpose string) (string, error) {
	raw, err := json.Marshal(place)
	if err != nil {
		return "", fmt.Errorf("seal: cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sealWith(b.cursors, raw, purpose)), nil
}

// OpenCursor reads a cursor into place. A cursor that is not ours, or not of this
// purpose, is a Malformed fault "invalid_cursor".
func (b *Box) OpenCursor(cursor, purpose string, place any) error {
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		var raw []byte
		if raw, err = openWith(b.cursors, sealed, purpose); err == nil {
			err = json.Unmarshal(raw, place)
		}
	}
	if err != nil {
		return fault.New(fault.Malformed, "invalid_cursor", fault.Field{Path: "cursor", Code: "invalid_cursor"})
	}
	return nil
}

func sealWith(aead cipher.AEAD, plain []byte, associated string) []byte {
	out := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(plain)+aead.Overhead())
	out[0] = version
	_, _ = rand.Read(out[1:])
	return aead.Seal(out, out[1:], plain, []byte(associated))
}

func openWith(aead cipher.AEAD, sealed []byte, associated string) ([]byte, error) {
	n := 1 + aead.NonceSize()
	if len(sealed) < n || sealed[0] != version {
		return nil, ErrOpen
	}
	plain, err := aead.Open(nil, sealed[1:n], sealed[n:], []byte(associated))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}
