package api

import (
	"fmt"
	"sync"
	"time"

	"clew.dev/clew/internal/intake"
)

// A form is sent neither faster than a person can nor from a page left open for days.
const (
	formFastest = 2 * time.Second
	formOldest  = 24 * time.Hour
)

// formTrap is the input that people do not see.
const formTrap = "_website"

func formPurpose(form string) string { return "form " + form }

// token is when the page was given out, sealed.
func (v *formVisit) token() (string, error) {
	return v.forms.Seal.Cursor(time.Now().UnixMilli(), formPurpose(v.form.Name))
}

// suspicious gives the message by which the visitor is asked to send again, ""
// when all is well. A person who does so gets through; nothing is thrown away.
func (v *formVisit) suspicious() string {
	var given int64
	token := v.typed.Get("_token")
	if err := v.forms.Seal.OpenCursor(token, formPurpose(v.form.Name), &given); err != nil {
		return "form_again"
	}
	age := time.Since(time.UnixMilli(given))
	switch {
	case age >= formOldest:
		return "form_again"
	case age < formFastest:
		v.kept = token // the time of the same page goes on
		return "form_again"
	case v.typed.Get(formTrap) != "":
		return "form_again"
	}
	return ""
}

// How many posts one address has where the channel's document does not say.
const (
	formPerMinute = 60
	formBurstMin  = 5
	formBurstMax  = 60
)

// How many posts one address has at a signed channel where the document does
// not say: more than the program takes in, so that a vendor's burst is slowed
// down by it alone and a runaway sender cannot use up everything.
const (
	signedPerMinute = 600_000
	signedBurstMin  = 100
)

// postLimits has a limiter for each channel and limit, so that a flood at one
// form does not close another.
type postLimits struct {
	mu       sync.Mutex
	limiters map[string]*limiter
}

func newPostLimits() *postLimits { return &postLimits{limiters: map[string]*limiter{}} }

func (l *postLimits) allow(channel *intake.Channel, address string) bool {
	perMinute := channel.PerMinute
	if perMinute == 0 {
		perMinute = formPerMinute
	}
	return l.of(channel.Name, perMinute, min(formBurstMax, max(formBurstMin, perMinute/4))).allow(address)
}

// allowSigned is allow for a channel whose sender signs; ten seconds' worth may come at once.
func (l *postLimits) allowSigned(channel *intake.Channel, address string) bool {
	perMinute := channel.PerMinute
	if perMinute == 0 {
		perMinute = signedPerMinute
	}
	return l.of(channel.Name, perMinute, max(signedBurstMin, perMinute/6)).allow(address)
}

func (l *postLimits) of(channel string, perMinute, burst int) *limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := fmt.Sprintf("%s/%d", channel, perMinute)
	one, ok := l.limiters[key]
	if !ok {
		one = newLimiter(float64(perMinute)/60, burst)
		l.limiters[key] = one
	}
	return one
}
