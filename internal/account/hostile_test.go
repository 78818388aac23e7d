package account_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// noise is text that no database can make shorter.
func noise(n int) string {
	source := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for range n {
		b.WriteByte("abcdefghijklmnopqrstuvwxyz0123456789"[source.IntN(36)])
	}
	return b.String()
}

// TestWhateverIsTypedAtTheLogInIsOnlyWrong: nobody has proved who he is there,
// and neither database may be brought to fail by what stands in the fields.
func TestWhateverIsTypedAtTheLogInIsOnlyWrong(t *testing.T) {
	companies(t, func(c *company) {
		c.user("anna", "")
		for i, email := range []string{
			"", " ", "\x00", "anna\x00@example.com", "\xff\xfe", "anna@example.com\x00", "' OR 1=1 --", `"; DROP TABLE account; --`,
			"%", "_nna@example.com", "anna@example.com' --", noise(3000), noise(20_000), strings.Repeat("张", 4000), "\u202eanna@example.com", "😀",
			"anna@example.com\n", "ａｎｎａ@example.com.evil",
		} {
			for _, secret := range []string{password, "\x00" + noise(1000)} {
				if strings.TrimSpace(email) == "anna@example.com" && secret == password {
					continue // blanks around one's own address are no mistake
				}
				err := c.logIn(email, secret, fmt.Sprintf("192.0.2.%d", i))
				if f, ok := fault.As(err); !ok || f.Kind != fault.Unauthorized && f.Kind != fault.TooMany {
					c.t.Errorf("%.40q, %.10q: %v", email, secret, err)
				}
			}
		}
		wantCode(c.t, c.logIn("ANNA@Example.com ", password, "198.51.100.1"), "")
	})
}

// TestSecretsThatNobodyGaveOutOpenNothing, in whatever form they come.
func TestSecretsThatNobodyGaveOutOpenNothing(t *testing.T) {
	companies(t, func(c *company) {
		anna := c.user("anna", "")
		session, err := c.StartSession(c.t.Context(), anna, account.Arrival{Address: address, Device: "x\x00y\xff" + strings.Repeat("长", 500)})
		wantCode(c.t, err, "")
		_, token, err := c.CreateToken(c.t.Context(), anna.ID, "机器人")
		wantCode(c.t, err, "")
		reset, _, err := c.NewReset(c.t.Context(), anna.ID)
		wantCode(c.t, err, "")
		for _, text := range []string{
			"", " ", "\x00", "\xff", "null", "undefined", "[object Object]", noise(100_000), "clew_", "clew_\x00", "clew_" + noise(43),
			session.ID, anna.ID, session.CSRF(), session.Secret + " ", " " + session.Secret, session.Secret[:42], session.Secret + "A", strings.ToUpper(session.Secret),
			token[5:], token + "x", strings.ToUpper(token), reset, "clew_" + session.Secret, "' OR '1'='1",
		} {
			if _, ok, err := c.FindSession(c.t.Context(), text); ok || err != nil {
				c.t.Errorf("a session is opened by %.60q: %v", text, err)
			}
			if _, ok, err := c.PeekSession(c.t.Context(), text); ok || err != nil {
				c.t.Errorf("a session is seen by %.60q: %v", text, err)
			}
			if _, ok, err := c.FindToken(c.t.Context(), text); ok || err != nil {
				c.t.Errorf("a token is %.60q: %v", text, err)
			}
			if text != reset {
				wantCode(c.t, c.UseReset(c.t.Context(), text, "another good one"), "bad_reset")
			}
		}
		if _, ok, err := c.FindSession(c.t.Context(), session.Secret); !ok || err != nil {
			c.t.Errorf("the session itself: %t %v", ok, err)
		}
		if _, ok, err := c.FindToken(c.t.Context(), session.Secret); ok || err != nil {
			c.t.Errorf("a session's secret is a token: %v", err)
		}
		wantCode(c.t, c.UseReset(c.t.Context(), reset, "another good one"), "")
		wantCode(c.t, c.UseReset(c.t.Context(), reset, "yet another good one"), "bad_reset")
	})
}

// TestAClockThatIsPutBackLocksNobodyOut: a machine that thought it was next year
// when somebody mistyped must not keep him out until then.
func TestAClockThatIsPutBackLocksNobodyOut(t *testing.T) {
	companies(t, func(c *company) {
		c.user("anna", "")
		c.clock.Advance(365 * 24 * time.Hour)
		for range 5 {
			wantCode(c.t, c.logIn("anna@example.com", "wrong", address), "bad_credentials")
		}
		wantCode(c.t, c.logIn("anna@example.com", password, address), "locked")
		c.clock.Advance(-365 * 24 * time.Hour)
		wantCode(c.t, c.logIn("anna@example.com", password, address), "")
		// And the lock is still one, at the clock that is right.
		for range 5 {
			wantCode(c.t, c.logIn("anna@example.com", "wrong", address), "bad_credentials")
		}
		c.clock.Advance(14 * time.Minute)
		wantCode(c.t, c.logIn("anna@example.com", password, address), "locked")
		c.clock.Advance(2 * time.Minute)
		wantCode(c.t, c.logIn("anna@example.com", password, address), "")
	})
}

// TestAClockThatIsPutBackCountsFailuresAnew: what was counted in the future does
// not add to what is mistyped now.
func TestAClockThatIsPutBackCountsFailuresAnew(t *testing.T) {
	companies(t, func(c *company) {
		c.user("anna", "")
		c.clock.Advance(24 * time.Hour)
		for range 4 {
			wantCode(c.t, c.logIn("anna@example.com", "wrong", address), "bad_credentials")
		}
		c.clock.Advance(-24 * time.Hour)
		wantCode(c.t, c.logIn("anna@example.com", "wrong", address), "bad_credentials")
		wantCode(c.t, c.logIn("anna@example.com", password, address), "")
	})
}

// TestHowLongALockLasts is told in whole seconds, never zero and never more than it is.
func TestHowLongALockLasts(t *testing.T) {
	companies(t, func(c *company) {
		c.user("anna", "")
		for range 5 {
			wantCode(c.t, c.logIn("anna@example.com", "wrong", address), "bad_credentials")
		}
		for _, step := range []time.Duration{0, time.Millisecond, time.Minute, 13*time.Minute + 58*time.Second, 998 * time.Millisecond} {
			c.clock.Advance(step)
			f, ok := fault.As(c.logIn("anna@example.com", password, address))
			if !ok || f.Code != "locked" {
				c.t.Fatalf("after %s: %v", step, f)
			}
			if after, _ := f.Params["retry_after"].(int); after < 1 || after > 15*60+1 {
				c.t.Errorf("wait %v seconds", f.Params["retry_after"])
			}
		}
		wantCode(c.t, c.logIn("anna@example.com", password, "192.0.2.77"), "") // from elsewhere he comes in
	})
}

// TestASessionIsNeverLongerThanTheRules, whatever the clock says when it begins,
// and however often it is used.
func TestASessionIsNeverLongerThanTheRules(t *testing.T) {
	companies(t, func(c *company) {
		anna := c.user("anna", "")
		for _, off := range []time.Duration{0, time.Hour, 400 * 24 * time.Hour} {
			c.clock.Advance(off)
			session, err := c.StartSession(c.t.Context(), anna, account.Arrival{Address: address})
			wantCode(c.t, err, "")
			if life := session.Expires.Sub(c.clock.Now()); life > account.SessionLife {
				c.t.Errorf("lasts %s", life)
			}
			c.clock.Advance(-off)
		}
		// In use every day it still ends after the longest life.
		session, err := c.StartSession(c.t.Context(), anna, account.Arrival{Address: address})
		wantCode(c.t, err, "")
		days := 0
		for ; days < 200; days++ {
			c.clock.Advance(24 * time.Hour)
			if _, ok, err := c.FindSession(c.t.Context(), session.Secret); !ok || err != nil {
				break
			}
		}
		if days < 85 || days > 90 {
			c.t.Errorf("a session in daily use lasted %d days, want 90", days)
		}
	})
}

// TestOthersSessionsAndTokensAreNotTheirs: an id is no right.
func TestOthersSessionsAndTokensAreNotTheirs(t *testing.T) {
	companies(t, func(c *company) {
		anna, bob := c.user("anna", ""), c.user("bob", "")
		session, err := c.StartSession(c.t.Context(), anna, account.Arrival{Address: address})
		wantCode(c.t, err, "")
		token, text, err := c.CreateToken(c.t.Context(), anna.ID, "importer")
		wantCode(c.t, err, "")
		for _, id := range []string{session.ID, token.ID, "", "' OR 1=1 --", noise(5000)} {
			wantCode(c.t, c.RevokeSession(c.t.Context(), bob.ID, id), "not_found")
			wantCode(c.t, c.DeleteToken(c.t.Context(), bob.ID, id), "not_found")
		}
		wantCode(c.t, c.RevokeSession(c.t.Context(), anna.ID, token.ID), "not_found")
		wantCode(c.t, c.DeleteToken(c.t.Context(), anna.ID, session.ID), "not_found")
		if n, err := c.RevokeSessions(c.t.Context(), bob.ID, ""); n != 0 || err != nil {
			c.t.Errorf("bob ended %d sessions, %v", n, err)
		}
		if _, ok, _ := c.FindSession(c.t.Context(), session.Secret); !ok {
			c.t.Error("anna's session is gone")
		}
		if _, ok, _ := c.FindToken(c.t.Context(), text); !ok {
			c.t.Error("anna's token is gone")
		}
		for _, one := range []string{anna.ID, bob.ID} {
			list, err := c.Sessions(c.t.Context(), one)
			if want := map[string]int{anna.ID: 1, bob.ID: 0}[one]; len(list) != want || err != nil {
				c.t.Errorf("%d sessions, want %d, %v", len(list), want, err)
			}
		}
	})
}

// TestWhoIsToldOfAnEndedSession: the edges cut streams by it, so each way to end
// one tells, once, of the right person, and what ends nothing tells nobody.
func TestWhoIsToldOfAnEndedSession(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		box, err := seal.New(make([]byte, 32))
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		c := &company{t: t, clock: clewtest.NewClock(time.Date(2026, 11, 3, 2, 0, 0, 0, time.UTC))}
		c.Store = account.New(db, account.Options{Now: c.clock.Now, Box: box, OnRevoke: func(user string) { told = append(told, user) }})
		wantCode(t, c.Load(t.Context()), "")
		c.hash, err = c.Hash(t.Context(), password)
		wantCode(t, err, "")
		anna := c.user("anna", "")
		c.user("boss", "", account.AdministratorRole)
		in := func() account.Session {
			t.Helper()
			s, err := c.StartSession(t.Context(), anna, account.Arrival{Address: address})
			wantCode(t, err, "")
			return s
		}
		off, on, fresh := false, true, "another good one"
		for _, step := range []struct {
			name string
			do   func() error
			told int
		}{
			{"log-out", func() error { return c.EndSession(t.Context(), in()) }, 1},
			{"log-out twice", func() error { return c.EndSession(t.Context(), account.Session{Secret: "gone"}) }, 0},
			{"one session", func() error { return c.RevokeSession(t.Context(), anna.ID, in().ID) }, 1},
			{"a session that is none", func() error { _ = c.RevokeSession(t.Context(), anna.ID, "none"); return nil }, 0},
			{"a password", func() error {
				_, err := c.UpdateUser(t.Context(), anna.ID, account.UserChange{Password: &fresh})
				return err
			}, 1},
			{"out of the company", func() error {
				_, err := c.UpdateUser(t.Context(), anna.ID, account.UserChange{Active: &off})
				return err
			}, 1},
			{"back", func() error {
				_, err := c.UpdateUser(t.Context(), anna.ID, account.UserChange{Active: &on})
				return err
			}, 0},
			{"a name", func() error {
				name := "Anna B."
				_, err := c.UpdateUser(t.Context(), anna.ID, account.UserChange{Name: &name})
				return err
			}, 0},
		} {
			told = nil
			if err := step.do(); err != nil {
				t.Errorf("%s: %v", step.name, err)
			}
			if len(told) != step.told || step.told > 0 && told[0] != anna.ID {
				t.Errorf("%s: told %v, want %d", step.name, told, step.told)
			}
		}
	})
}

// TestAStoppedRequestLeavesNothingHalf: the browser went away in the middle.
func TestAStoppedRequestLeavesNothingHalf(t *testing.T) {
	companies(t, func(c *company) {
		anna := c.user("anna", "")
		gone, cancel := context.WithCancel(c.t.Context())
		cancel()
		name := "Nobody"
		if _, err := c.UpdateUser(gone, anna.ID, account.UserChange{Name: &name}); err == nil {
			c.t.Error("a change was taken")
		}
		if _, err := c.StartSession(gone, anna, account.Arrival{}); err == nil {
			c.t.Error("a session began")
		}
		if _, err := c.CreateUser(gone, account.NewUser{Name: "x", Email: "x@example.com", PasswordHash: c.hash}); err == nil {
			c.t.Error("a person was added")
		}
		wantCode(c.t, c.Load(c.t.Context()), "")
		if u, _ := c.Directory().User(anna.ID); u.Name != "anna" || len(c.Directory().Users()) != 1 {
			c.t.Errorf("%+v of %d", u, len(c.Directory().Users()))
		}
	})
}

// TestNamesOfPeople: every script is a name; what hides, breaks lines or is none is refused.
func TestNamesOfPeople(t *testing.T) {
	companies(t, func(c *company) {
		for i, one := range []struct{ name, kept, code string }{
			{"张伟", "张伟", ""}, {"𠮷野家", "𠮷野家", ""}, {"O'Brien-Müller", "O'Brien-Müller", ""}, {"  Ａｎｎａ  ", "Anna", ""}, {"محمد", "محمد", ""}, {"Robert'); DROP TABLE account;--", "Robert'); DROP TABLE account;--", ""},
			{strings.Repeat("名", 100), strings.Repeat("名", 100), ""}, {strings.Repeat("名", 101), "", "too_long"}, {"", "", "required"}, {" \t　", "", "required"},
			{"a\nb", "", "invalid_text"}, {"a\x00b", "", "invalid_text"}, {"a\x7fb", "", "invalid_text"}, {"\u202eevil", "", "invalid_text"}, {"a\u2066b", "", "invalid_text"}, {"\u200b", "", "required"},
		} {
			u, err := c.CreateUser(c.t.Context(), account.NewUser{Name: one.name, Email: fmt.Sprintf("p%d@example.com", i), PasswordHash: c.hash})
			if f, ok := fault.As(err); ok && len(f.Fields) == 1 && f.Fields[0].Path == "name" && f.Fields[0].Code == one.code {
				continue
			}
			if one.code != "" || err != nil || u.Name != one.kept {
				c.t.Errorf("%q: %q %v, want %q %q", one.name, u.Name, err, one.kept, one.code)
			}
		}
	})
}
