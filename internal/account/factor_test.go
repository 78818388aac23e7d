package account_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/totp"
)

const address = "192.0.2.1"

// sealed runs a test on a company whose people can have second factors.
func sealedCompanies(t *testing.T, run func(c *company, db *sqldb.DB)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		box, err := seal.New(make([]byte, 32))
		if err != nil {
			t.Fatal(err)
		}
		c := &company{t: t, clock: clewtest.NewClock(time.Date(2026, 11, 3, 2, 0, 0, 0, time.UTC))}
		c.Store = account.New(db, account.Options{Now: c.clock.Now, Box: box})
		wantCode(t, c.Load(t.Context()), "")
		run(c, db)
	})
}

// enrol gives a person a second factor and returns its secret and the recovery codes.
func (c *company) enrol(user account.User) (string, []string) {
	c.t.Helper()
	secret, err := c.EnrolFactor(c.t.Context(), user.ID)
	wantCode(c.t, err, "")
	codes, err := c.ConfirmFactor(c.t.Context(), user.ID, c.code(secret), address)
	wantCode(c.t, err, "")
	c.clock.Advance(time.Minute)
	return secret, codes
}

func (c *company) code(secret string) string {
	c.t.Helper()
	text, err := totp.Code(secret, c.clock.Now())
	if err != nil {
		c.t.Fatal(err)
	}
	return text
}

func (c *company) check(user account.User, text string) (string, string) {
	c.t.Helper()
	method, err := c.CheckFactor(c.t.Context(), user.ID, text, address)
	return method, code(err)
}

func TestAFactorCountsOnceItsCodeWasGiven(t *testing.T) {
	sealedCompanies(t, func(c *company, db *sqldb.DB) {
		ann := c.user("ann", "")
		secret, err := c.EnrolFactor(c.t.Context(), ann.ID)
		wantCode(c.t, err, "")
		if c.Directory().Standing(ann.ID).HasFactor {
			c.t.Error("counts before its first code")
		}
		if _, got := c.check(ann, c.code(secret)); got != "invalid_input" {
			c.t.Errorf("an unconfirmed factor lets in: %s", got)
		}
		_, err = c.ConfirmFactor(c.t.Context(), ann.ID, "000000", address)
		wantCode(c.t, err, "invalid_input")
		again, err := c.EnrolFactor(c.t.Context(), ann.ID)
		wantCode(c.t, err, "")
		_, err = c.ConfirmFactor(c.t.Context(), ann.ID, c.code(secret), address)
		wantCode(c.t, err, "invalid_input") // of the secret before
		codes, err := c.ConfirmFactor(c.t.Context(), ann.ID, c.code(again), address)
		wantCode(c.t, err, "")
		if !c.Directory().Standing(ann.ID).HasFactor || len(codes) != 10 {
			c.t.Errorf("not there, or %d codes", len(codes))
		}
		_, err = c.EnrolFactor(c.t.Context(), ann.ID)
		wantCode(c.t, err, "factor_there")
		var kept string
		wantCode(c.t, db.Read(c.t.Context(), func(tx *sqldb.Tx) error {
			return tx.QueryRow(`SELECT sealed FROM second_factor`).Scan(&kept)
		}), "")
		if strings.Contains(kept, again) {
			c.t.Error("the secret stands in the database")
		}
	})
}

func TestACodeLetsInOnce(t *testing.T) {
	sealedCompanies(t, func(c *company, _ *sqldb.DB) {
		ann := c.user("ann", "")
		secret, _ := c.enrol(ann)
		text := c.code(secret)
		if method, got := c.check(ann, text); method != account.ByFactor || got != "" {
			c.t.Fatalf("%s %s", method, got)
		}
		if _, got := c.check(ann, text); got != "invalid_input" {
			c.t.Errorf("the same code again: %q", got)
		}
		c.clock.Advance(30 * time.Second)
		if _, got := c.check(ann, text); got != "invalid_input" {
			c.t.Errorf("the same code half a minute later: %q", got)
		}
		if _, got := c.check(ann, c.code(secret)); got != "" {
			c.t.Errorf("the next code: %q", got)
		}
	})
}

func TestOfParallelUsesOfACodeOneCounts(t *testing.T) {
	sealedCompanies(t, func(c *company, _ *sqldb.DB) {
		ann := c.user("ann", "")
		secret, _ := c.enrol(ann)
		text := c.code(secret)
		var good atomic.Int64
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if _, err := c.CheckFactor(c.t.Context(), ann.ID, text, address); err == nil {
					good.Add(1)
				}
			})
		}
		wait.Wait()
		if good.Load() != 1 {
			c.t.Errorf("%d of 4 came in", good.Load())
		}
	})
}

func TestRecoveryCodesLetInOnceEach(t *testing.T) {
	sealedCompanies(t, func(c *company, _ *sqldb.DB) {
		ann, bob := c.user("ann", ""), c.user("bob", "")
		_, codes := c.enrol(ann)
		c.enrol(bob)
		if _, got := c.check(bob, codes[0]); got != "invalid_input" {
			c.t.Errorf("another's code: %q", got)
		}
		typed := strings.ToUpper(strings.ReplaceAll(codes[0], "-", " "))
		if method, got := c.check(ann, typed); method != account.ByRecovery || got != "" {
			c.t.Errorf("%q: %s %s", typed, method, got)
		}
		if _, got := c.check(ann, codes[0]); got != "invalid_input" {
			c.t.Errorf("again: %q", got)
		}
		left, err := c.RecoveryLeft(c.t.Context(), ann.ID)
		if wantCode(c.t, err, ""); left != 9 {
			c.t.Errorf("%d left", left)
		}
		fresh, err := c.NewRecoveryCodes(c.t.Context(), ann.ID)
		wantCode(c.t, err, "")
		if slices.Contains(fresh, codes[1]) {
			c.t.Error("a code came twice")
		}
		if _, got := c.check(ann, codes[1]); got != "invalid_input" {
			c.t.Errorf("a replaced code: %q", got)
		}
	})
}

func TestGuessingCodesIsLocked(t *testing.T) {
	sealedCompanies(t, func(c *company, _ *sqldb.DB) {
		ann := c.user("ann", "")
		secret, _ := c.enrol(ann)
		for range 5 {
			if _, got := c.check(ann, "000000"); got != "invalid_input" {
				c.t.Fatal(got)
			}
		}
		if _, got := c.check(ann, c.code(secret)); got != "locked" {
			c.t.Errorf("the right code after five wrong ones: %q", got)
		}
		for i := range 30 { // from everywhere
			_, err := c.CheckFactor(c.t.Context(), ann.ID, "000000", "198.51.100."+string(rune('a'+i)))
			if code(err) == "locked" {
				return
			}
		}
		c.t.Error("thirty places may guess as they like")
	})
}

func TestALostFactorIsReset(t *testing.T) {
	sealedCompanies(t, func(c *company, _ *sqldb.DB) {
		ann := c.user("ann", "")
		wantCode(c.t, c.RemoveFactor(c.t.Context(), ann.ID, true), "not_found")
		_, codes := c.enrol(ann)
		session, err := c.StartSession(c.t.Context(), ann, account.Arrival{})
		wantCode(c.t, err, "")
		wantCode(c.t, c.RemoveFactor(c.t.Context(), ann.ID, true), "")
		if _, ok, _ := c.FindSession(c.t.Context(), session.Secret); ok {
			c.t.Error("a session outlived the reset")
		}
		if c.Directory().Standing(ann.ID).HasFactor {
			c.t.Error("still there")
		}
		if _, got := c.check(ann, codes[0]); got != "invalid_input" {
			c.t.Errorf("a recovery code outlived the reset: %q", got)
		}
	})
}

func TestARoleAsksForAFactorAfterAGrace(t *testing.T) {
	sealedCompanies(t, func(c *company, _ *sqldb.DB) {
		ann, bob := c.user("ann", "", "administrator"), c.user("bob", "", "sales")
		rules := account.DefaultRules()
		rules.FactorRoles, rules.FactorGraceDays = []string{"administrator"}, 7
		rules, err := c.SetRules(c.t.Context(), rules)
		wantCode(c.t, err, "")
		duty := func(u account.User) account.Duty {
			return c.Directory().Duty(account.Session{User: u, Secret: "x"}, c.clock.Now())
		}
		c.clock.Advance(6 * 24 * time.Hour)
		due, needed := c.Directory().FactorDue(ann)
		if !needed || duty(ann) != "" {
			c.t.Errorf("within the grace: due %v %t, duty %q", due, needed, duty(ann))
		}
		if _, needed := c.Directory().FactorDue(bob); needed {
			c.t.Error("asked of another role")
		}
		if _, err := c.SetRules(c.t.Context(), rules); err != nil { // the same again gives no new grace
			c.t.Fatal(err)
		}
		// created_at is the database's time, which the test's clock does not move: the later of both counts.
		c.clock.Advance(due.Sub(c.clock.Now()) + time.Second)
		if duty(ann) != account.EnrolFactor || duty(bob) != "" {
			c.t.Errorf("after the grace: %q, %q", duty(ann), duty(bob))
		}
		c.enrol(ann)
		if duty(ann) != "" {
			c.t.Errorf("enrolled: %q", duty(ann))
		}
	})
}
