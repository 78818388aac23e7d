package account_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
)

// An unknown user must cost what a known one costs. The bound is wide because
// the machine is shared; without the computation the ratio would be above 20.
func TestUnknownUserTakesAsLongAsAKnownOne(t *testing.T) {
	c := newCompany(t, clewtest.Open(t, clewtest.Embedded(t)))
	c.user("ann", "")
	var known, unknown []time.Duration
	for i := range 15 {
		address := fmt.Sprintf("10.0.1.%d", i)
		known = append(known, duration(func() { wantCode(t, c.logIn("ann@example.com", "wrong password", address), "bad_credentials") }))
		unknown = append(unknown, duration(func() { wantCode(t, c.logIn("nobody@example.com", "wrong password", address), "bad_credentials") }))
	}
	slices.Sort(known)
	slices.Sort(unknown)
	a, b := known[len(known)/2], unknown[len(unknown)/2]
	if a > 3*b || b > 3*a {
		t.Errorf("median of a known user %s, of an unknown one %s", a, b)
	}
}

func duration(fn func()) time.Duration {
	start := time.Now()
	fn()
	return time.Since(start)
}
