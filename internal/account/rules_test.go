package account_test

import (
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// profile switches the company's password rules.
func (c *company) profile(name string) account.Rules {
	c.t.Helper()
	rules := account.DefaultRules()
	rules.Profile = name
	if name == account.MLPS {
		rules.IdleMinutes = 30
	}
	rules, err := c.SetRules(c.t.Context(), rules)
	if err != nil {
		c.t.Fatal(err)
	}
	return rules
}

// refusal is the code by which a new password is refused, "" when it is taken.
func (c *company) refusal(user, password string) string {
	c.t.Helper()
	c.clock.Advance(time.Second)
	_, err := c.UpdateUser(c.t.Context(), user, account.UserChange{Password: &password})
	f, ok := fault.As(err)
	if !ok || len(f.Fields) == 0 {
		return code(err)
	}
	return f.Fields[0].Code
}

func TestPasswordRulesOfBothProfiles(t *testing.T) {
	for profile, cases := range map[string]map[string]string{
		account.ASVS: {
			"short 1":                   "password_too_short",
			"12345678":                  "password_common",
			"P@ssw0rd":                  "password_common",
			"aaaaaaaaaaaa":              "password_common",
			"abcdefghijkl":              "password_common",
			"987654321098":              "",
			"ann@example.com":           "password_is_email",
			"correct horse battery":     "",
			"一个足够长的中文口令":                "",
			"only small letters please": "",
		},
		account.MLPS: {
			"short 1":        "password_too_short",
			"P@ssw0rd":       "password_common",
			"onlysmall":      "password_too_plain",
			"small and UP":   "", // a space is a sign
			"smallUPPER":     "password_too_plain",
			"smallUPPER1":    "",
			"small-digit-77": "",
		},
	} {
		t.Run(profile, func(t *testing.T) {
			c := newCompany(t, clewtest.Open(t, clewtest.Embedded(t)))
			ann := c.user("ann", "")
			c.profile(profile)
			for password, want := range cases {
				if got := c.refusal(ann.ID, password); got != want {
					t.Errorf("%q: %q, want %q", password, got, want)
				}
			}
		})
	}
}

func TestEarlierPasswordsAreRefusedWhereTheProfileSaysSo(t *testing.T) {
	companies(t, func(c *company) {
		ann := c.user("ann", "")
		for i := range 2 { // without a history, two may take turns
			for _, p := range []string{"Turning-1", "Turning-2"} {
				if got := c.refusal(ann.ID, p); got != "" {
					c.t.Fatalf("round %d: %s", i, got)
				}
			}
		}
		c.profile(account.MLPS)
		if got := c.refusal(ann.ID, "Fresh-one-1"); got != "" {
			c.t.Fatal(got)
		}
		if got := c.refusal(ann.ID, "Turning-2"); got != "password_used_before" {
			c.t.Errorf("the one before the switch: %q", got)
		}
		for _, p := range []string{"Fresh-two-2", "Fresh-three-3", "Fresh-four-4", "Fresh-five-5"} {
			if got := c.refusal(ann.ID, p); got != "" {
				c.t.Fatalf("%s: %s", p, got)
			}
		}
		if got := c.refusal(ann.ID, "Fresh-one-1"); got != "password_used_before" {
			c.t.Errorf("the fifth last: %q", got)
		}
		if got := c.refusal(ann.ID, "Turning-2"); got != "" {
			c.t.Errorf("the sixth last: %q", got)
		}
	})
}

func TestOldPasswordsHaveToBeChangedWhereTheProfileSaysSo(t *testing.T) {
	companies(t, func(c *company) {
		ann := c.user("ann", "")
		duty := func(method string) account.Duty {
			return c.Directory().Duty(account.Session{User: ann, Secret: "x", Arrival: account.Arrival{Method: method}}, c.clock.Now())
		}
		c.clock.Advance(91 * 24 * time.Hour)
		if got := duty(account.ByPassword); got != "" {
			c.t.Errorf("by the default rules: %q", got)
		}
		c.profile(account.MLPS)
		if got := duty(account.ByPassword); got != account.ChangePassword {
			c.t.Errorf("after 91 days: %q", got)
		}
		if got := duty(account.ByProvider); got != "" {
			c.t.Errorf("who came by the provider: %q", got)
		}
		if got := c.refusal(ann.ID, "Changed-now-1"); got != "" {
			c.t.Fatal(got)
		}
		if got := duty(account.ByPassword); got != "" {
			c.t.Errorf("after the change: %q", got)
		}
	})
}

func TestAPasswordThatSomebodyElseChoseHasToBeChanged(t *testing.T) {
	companies(t, func(c *company) {
		ann, must, chosen := c.user("ann", ""), true, "chosen by hr"
		_, err := c.UpdateUser(c.t.Context(), ann.ID, account.UserChange{Password: &chosen, MustChange: &must})
		wantCode(c.t, err, "")
		if !c.Directory().Standing(ann.ID).MustChange {
			c.t.Fatal("nothing to do")
		}
		wantCode(c.t, c.ChangeOwnPassword(c.t.Context(), ann, chosen, chosen, "192.0.2.1"), "invalid_input")
		wantCode(c.t, c.ChangeOwnPassword(c.t.Context(), ann, chosen, "chosen by ann", "192.0.2.1"), "")
		if c.Directory().Standing(ann.ID).MustChange {
			c.t.Error("still to be changed")
		}
	})
}

func TestLockLastsAsLongAsTheProfileSays(t *testing.T) {
	c := newCompany(t, clewtest.Open(t, clewtest.Embedded(t)))
	c.user("ann", "")
	c.profile(account.MLPS)
	for range 5 {
		wantCode(t, c.logIn("ann@example.com", "wrong password", "192.0.2.1"), "bad_credentials")
	}
	c.clock.Advance(29 * time.Minute)
	wantCode(t, c.logIn("ann@example.com", password, "192.0.2.1"), "locked")
	wantCode(t, c.logIn("ann@example.com", password, "192.0.2.2"), "") // nobody can lock her out of another place
	c.clock.Advance(2 * time.Minute)
	wantCode(t, c.logIn("ann@example.com", password, "192.0.2.1"), "")
}

func TestRulesOutOfBoundsAreRefused(t *testing.T) {
	c := newCompany(t, clewtest.Open(t, clewtest.Embedded(t)))
	for name, change := range map[string]func(*account.Rules){
		"profile":           func(r *account.Rules) { r.Profile = "none" },
		"idle_minutes":      func(r *account.Rules) { r.Profile = account.MLPS; r.IdleMinutes = 31 },
		"life_hours":        func(r *account.Rules) { r.LifeHours = 0 },
		"factor_grace_days": func(r *account.Rules) { r.FactorGraceDays = 91 },
	} {
		rules := account.DefaultRules()
		change(&rules)
		_, err := c.SetRules(t.Context(), rules)
		f, ok := fault.As(err)
		if !ok || len(f.Fields) == 0 || f.Fields[0].Path != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSessionsEndByIdlenessAndByAge(t *testing.T) {
	companies(t, func(c *company) {
		ann := c.user("ann", "")
		rules := account.DefaultRules()
		rules.IdleMinutes, rules.LifeHours = 30, 2
		if _, err := c.SetRules(c.t.Context(), rules); err != nil {
			c.t.Fatal(err)
		}
		begin := func() account.Session {
			s, err := c.StartSession(c.t.Context(), ann, account.Arrival{Device: "Firefox", Address: "192.0.2.1"})
			wantCode(c.t, err, "")
			return s
		}
		live := func(find func() (account.Session, bool, error)) bool {
			_, ok, err := find()
			wantCode(c.t, err, "")
			return ok
		}
		used, idle := begin(), begin()
		for range 5 { // 5 × 25 minutes
			c.clock.Advance(25 * time.Minute)
			if c.clock.Now().Sub(used.Created) >= 2*time.Hour {
				break
			}
			if !live(func() (account.Session, bool, error) { return c.FindSession(c.t.Context(), used.Secret) }) {
				c.t.Fatalf("ended after %s though in use", c.clock.Now().Sub(used.Created))
			}
			if live(func() (account.Session, bool, error) { return c.PeekSession(c.t.Context(), idle.Secret) }) != (c.clock.Now().Sub(idle.Created) < 30*time.Minute) {
				c.t.Errorf("looking at a session is no use of it (%s)", c.clock.Now().Sub(idle.Created))
			}
		}
		if live(func() (account.Session, bool, error) { return c.FindSession(c.t.Context(), used.Secret) }) {
			c.t.Error("older than the rules allow")
		}
	})
}

func TestTighterRulesHoldForSessionsThatAreThere(t *testing.T) {
	c := newCompany(t, clewtest.Open(t, clewtest.Embedded(t)))
	session, err := c.StartSession(t.Context(), c.user("ann", ""), account.Arrival{})
	wantCode(t, err, "")
	c.clock.Advance(time.Hour)
	c.profile(account.MLPS)
	if _, ok, _ := c.FindSession(t.Context(), session.Secret); ok {
		t.Error("a session that was idle for an hour went on under a rule of 30 minutes")
	}
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		var told []string
		c := &company{t: t, clock: clewtest.NewClock(time.Date(2026, 11, 3, 2, 0, 0, 0, time.UTC))}
		c.Store = account.New(db, account.Options{Now: c.clock.Now, OnRevoke: func(user string) { told = append(told, user) }})
		wantCode(t, c.Load(t.Context()), "")
		ann, bob := c.user("ann", ""), c.user("bob", "")
		var all []account.Session
		for _, device := range []string{"Firefox", "Chrome", "Safari"} {
			c.clock.Advance(time.Minute)
			s, err := c.StartSession(t.Context(), ann, account.Arrival{Device: device, Address: "192.0.2.1", Method: account.ByFactor})
			wantCode(t, err, "")
			all = append(all, s)
		}
		pending, err := c.StartSession(t.Context(), ann, account.Arrival{Pending: true})
		wantCode(t, err, "")
		found, err := c.Sessions(t.Context(), ann.ID)
		wantCode(t, err, "")
		if len(found) != 3 || found[0].Device != "Safari" || found[0].Address != "192.0.2.1" || found[0].Method != account.ByFactor || found[0].Secret != "" {
			t.Fatalf("sessions %+v", found)
		}
		wantCode(t, c.RevokeSession(t.Context(), bob.ID, all[0].ID), "not_found")
		wantCode(t, c.RevokeSession(t.Context(), ann.ID, all[0].ID), "")
		if _, ok, _ := c.FindSession(t.Context(), all[0].Secret); ok {
			t.Error("revoked, and still good")
		}
		n, err := c.RevokeSessions(t.Context(), ann.ID, all[1].ID)
		if wantCode(t, err, ""); n != 2 { // the third, and the pending one
			t.Errorf("%d ended", n)
		}
		for i, want := range []bool{false, true, false} {
			if _, ok, _ := c.FindSession(t.Context(), all[i].Secret); ok != want {
				t.Errorf("session %d: %t", i, ok)
			}
		}
		if _, ok, _ := c.PeekSession(t.Context(), pending.Secret); ok {
			t.Error("the pending one is still good")
		}
		if len(told) != 2 || told[0] != ann.ID {
			t.Errorf("told %v", told)
		}
	})
}

func TestOneTimeLinks(t *testing.T) {
	companies(t, func(c *company) {
		ann := c.user("ann", "")
		session, err := c.StartSession(c.t.Context(), ann, account.Arrival{})
		wantCode(c.t, err, "")
		first, _, err := c.NewReset(c.t.Context(), ann.ID)
		wantCode(c.t, err, "")
		link, expires, err := c.NewReset(c.t.Context(), ann.ID)
		wantCode(c.t, err, "")
		if life := expires.Sub(c.clock.Now()); life != 30*time.Minute {
			c.t.Errorf("holds for %s", life)
		}
		for what, text := range map[string]string{"replaced": first, "empty": "", "made up": "x"} {
			if err := c.UseReset(c.t.Context(), text, "brand new one"); code(err) != "bad_reset" {
				c.t.Errorf("%s: %v", what, err)
			}
		}
		wantCode(c.t, c.UseReset(c.t.Context(), link, "short"), "invalid_input") // and may be tried again
		wantCode(c.t, c.UseReset(c.t.Context(), link, "brand new one"), "")
		wantCode(c.t, c.UseReset(c.t.Context(), link, "another one"), "bad_reset")
		wantCode(c.t, c.logIn("ann@example.com", "brand new one", "192.0.2.1"), "")
		if _, ok, _ := c.FindSession(c.t.Context(), session.Secret); ok {
			c.t.Error("a session outlived the password")
		}
		late, _, err := c.NewReset(c.t.Context(), ann.ID)
		wantCode(c.t, err, "")
		c.clock.Advance(31 * time.Minute)
		wantCode(c.t, c.UseReset(c.t.Context(), late, "brand new two"), "bad_reset")
	})
}

func TestADisabledPersonsLinkIsGone(t *testing.T) {
	c := newCompany(t, clewtest.Open(t, clewtest.Embedded(t)))
	ann, off := c.user("ann", ""), false
	link, _, err := c.NewReset(t.Context(), ann.ID)
	wantCode(t, err, "")
	_, err = c.UpdateUser(t.Context(), ann.ID, account.UserChange{Active: &off})
	wantCode(t, err, "")
	wantCode(t, c.UseReset(t.Context(), link, "brand new one"), "bad_reset")
}

func TestWhatHappensToPeopleIsAudited(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c := newCompany(t, db)
		ann, name, secret := c.user("ann", "", "sales"), "Anna", "a new password"
		_, err := c.UpdateUser(t.Context(), ann.ID, account.UserChange{Name: &name, Password: &secret})
		wantCode(t, err, "")
		language := "en"
		_, err = c.UpdateUser(t.Context(), ann.ID, account.UserChange{Language: &language}) // nobody's business
		wantCode(t, err, "")
		wantCode(t, c.logIn("ann@example.com", "wrong password", "192.0.2.1"), "bad_credentials")
		wantCode(t, c.logIn("hunter2", "wrong password", "192.0.2.1"), "bad_credentials")
		var entries []audit.Entry
		err = db.Read(t.Context(), func(tx *sqldb.Tx) (err error) {
			entries, err = audit.List(tx, audit.Search{}, audit.Place{}, 20)
			return err
		})
		wantCode(t, err, "")
		want := []string{"session.refused", "session.refused", "person.password_changed", "person.changed", "person.created"}
		if len(entries) != len(want) {
			t.Fatalf("%+v", entries)
		}
		for i, e := range entries {
			if e.Kind != want[i] {
				t.Errorf("%d: %s, want %s", i, e.Kind, want[i])
			}
		}
		if entries[0].Target.ID != "" || entries[1].Target.ID != ann.ID || !entries[0].Failed {
			t.Errorf("refusals %+v", entries[:2])
		}
		after, _ := entries[3].Params["after"].(map[string]any)
		if len(after) != 1 || after["name"] != "Anna" {
			t.Errorf("changed %+v", entries[3].Params)
		}
	})
}
