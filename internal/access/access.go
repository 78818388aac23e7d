package access

import (
	"sync"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/schema"
)

// Principal is on whose behalf something is done.
type Principal struct {
	UserID string
	System bool // the program itself: every right, every record, every field
}

// Policy is the part of a configuration snapshot that grants rest on.
type Policy struct {
	Version int64 // of the snapshot; grants are cached by it
	Objects []*schema.Object
	Roles   []*Role
	Zone    *time.Location // the company's
}

// Access makes grants and keeps them until the policy or the directory changes.
type Access struct {
	now   func() time.Time // business time, for scopes that name TODAY()
	mu    sync.Mutex
	state state
}

type state struct {
	policy, directory int64
	grants            map[Principal]*Grants
}

// New makes an Access; now is business time.
func New(now func() time.Time) *Access { return &Access{now: now} }

// For is what a principal may do under a policy. A user who is unknown or
// disabled may do nothing.
func (a *Access) For(p Principal, policy Policy, directory *account.Directory) *Grants {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state.grants == nil || a.state.policy != policy.Version || a.state.directory != directory.Version() {
		a.state = state{policy: policy.Version, directory: directory.Version(), grants: map[Principal]*Grants{}}
	}
	g, ok := a.state.grants[p]
	if !ok {
		g = newGrants(p, policy, directory, a.now)
		a.state.grants[p] = g
	}
	return g
}

// Trial works out the grants under objects that are only proposed; it keeps nothing.
func (a *Access) Trial(p Principal, policy Policy, directory *account.Directory) *Grants {
	return newGrants(p, policy, directory, a.now)
}
