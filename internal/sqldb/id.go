package sqldb

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"

	"github.com/google/uuid"
)

// idRebase is how far the clock must fall back before ids follow it; smaller
// steps keep counting upwards.
const idRebase = 10 * time.Second

// idSource makes UUIDv7 texts that grow while the clock does.
type idSource struct {
	mu   sync.Mutex
	last int64 // 1/4096 ms since 1970
}

// NewID is a new UUIDv7 in its text form, from business time. Ids of one
// process grow; after the clock was set back by more than ten seconds they
// follow it, unique by their random part.
func (db *DB) NewID() string { return db.ids.next(db.Now()) }

func (s *idSource) next(now time.Time) string {
	tick := now.UnixMilli()<<12 | int64(now.Nanosecond()%1_000_000)*4096/1_000_000
	s.mu.Lock()
	if tick <= s.last && s.last-tick < int64(idRebase/time.Millisecond)<<12 {
		tick = s.last + 1
	}
	s.last = tick
	s.mu.Unlock()

	var id uuid.UUID
	_, _ = rand.Read(id[8:]) // never fails: crypto/rand ends the process instead
	binary.BigEndian.PutUint64(id[:8], uint64(tick>>12)<<16|0x7000|uint64(tick&0xfff))
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}
