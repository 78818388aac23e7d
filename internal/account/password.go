package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"clew.dev/clew/internal/fault"
)

// The cost of one argon2id computation (OWASP password storage, second choice of its table).
const (
	argonTime    = 2
	argonMemory  = 19 * 1024 // KiB
	argonThreads = 1
	argonKey     = 32 // bytes
	argonSalt    = 16 // bytes
)

// passwordMax is the most characters of a password; the least is the rules'.
const passwordMax = 256

// waiting bounds how many log-ins may queue for a computation.
const waiting = 64

// hasher computes password hashes, a few at a time, so that a flood of
// log-ins takes neither all memory nor all cores.
type hasher struct {
	slots chan struct{}
	queue chan struct{}
	dummy string // a hash that no password has, compared for unknown users
}

func newHasher(slots int) *hasher {
	return &hasher{
		slots: make(chan struct{}, slots),
		queue: make(chan struct{}, waiting+slots),
		dummy: encode(make([]byte, argonSalt), make([]byte, argonKey)),
	}
}

// hash makes the stored text of a password: $argon2id$v=19$m=…,t=…,p=…$salt$key.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	key, err := h.compute(ctx, password, salt, argonTime, argonMemory)
	if err != nil {
		return "", err
	}
	return encode(salt, key), nil
}

// matches says whether a password has the stored hash; an empty one costs the same as any.
func (h *hasher) matches(ctx context.Context, password, stored string) (bool, error) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	salt, want, passes, memory, err := decode(stored)
	if err != nil {
		return false, err
	}
	got, err := h.compute(ctx, password, salt, passes, memory)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func (h *hasher) compute(ctx context.Context, password string, salt []byte, passes, memory uint32) ([]byte, error) {
	select {
	case h.queue <- struct{}{}:
		defer func() { <-h.queue }()
	default:
		return nil, fault.New(fault.TooMany, "busy").With("retry_after", 1)
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, passes, memory, argonThreads, argonKey), nil
}

func encode(salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

func decode(stored string) (salt, key []byte, passes, memory uint32, err error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return nil, nil, 0, 0, fmt.Errorf("account: a stored password is not argon2id")
	}
	var version, threads int
	if _, err = fmt.Sscanf(parts[2], "v=%d", &version); err != nil {
		return nil, nil, 0, 0, fmt.Errorf("account: a stored password's version: %w", err)
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil {
		return nil, nil, 0, 0, fmt.Errorf("account: a stored password's cost: %w", err)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return nil, nil, 0, 0, err
	}
	key, err = base64.RawStdEncoding.DecodeString(parts[5])
	return salt, key, passes, memory, err
}
