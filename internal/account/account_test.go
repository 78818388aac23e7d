package account_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

const password = "correct horse"

// company is a store with its clock, on one database.
type company struct {
	*account.Store
	t     *testing.T
	clock *clewtest.Clock
	hash  string
}

// companies runs a test on a fresh company on each database.
func companies(t *testing.T, run func(c *company)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) { run(newCompany(t, db)) })
}

func newCompany(t *testing.T, db *sqldb.DB) *company {
	t.Helper()
	clock := clewtest.NewClock(time.Date(2026, 11, 3, 2, 0, 0, 0, time.UTC))
	store := account.New(db, account.Options{Now: clock.Now})
	c := &company{Store: store, t: t, clock: clock}
	if err := store.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	hash, err := store.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	c.hash = hash
	return c
}

func (c *company) user(name, department string, roles ...string) account.User {
	c.t.Helper()
	u, err := c.CreateUser(c.t.Context(), account.NewUser{
		Name: name, Email: name + "@example.com", PasswordHash: c.hash, Department: department, Roles: roles,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return u
}

func (c *company) department(name, parent string) account.Department {
	c.t.Helper()
	d, err := c.CreateDepartment(c.t.Context(), account.Department{Name: name, Parent: parent})
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

func (c *company) lead(department, leader string) {
	c.t.Helper()
	if _, err := c.UpdateDepartment(c.t.Context(), department, account.DepartmentChange{Leader: &leader}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *company) logIn(email, password, address string) error {
	_, err := c.Authenticate(c.t.Context(), email, password, address)
	return err
}

// code is the fault's code, "" for none.
func code(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	if got := code(err); got != want {
		t.Errorf("got fault %q, want %q (%v)", got, want, err)
	}
}

func TestLogInIsLockedAfterFiveFailuresPerAddress(t *testing.T) {
	companies(t, func(c *company) {
		c.user("ann", "")
		for range 5 {
			wantCode(c.t, c.logIn("ann@example.com", "wrong password", "10.0.0.1"), "bad_credentials")
		}
		wantCode(c.t, c.logIn("ann@example.com", password, "10.0.0.1"), "locked")
		wantCode(c.t, c.logIn("ANN@example.com ", password, "10.0.0.1"), "locked")
		wantCode(c.t, c.logIn("ann@example.com", password, "10.0.0.2"), "")
		c.clock.Advance(14*time.Minute + 59*time.Second)
		wantCode(c.t, c.logIn("ann@example.com", password, "10.0.0.1"), "locked")
		c.clock.Advance(2 * time.Second)
		wantCode(c.t, c.logIn("ann@example.com", password, "10.0.0.1"), "")
	})
}

func TestUnknownUserIsLockedLikeAKnownOne(t *testing.T) {
	companies(t, func(c *company) {
		var known, unknown []string
		c.user("ann", "")
		for range 7 {
			known = append(known, code(c.logIn("ann@example.com", "wrong password", "10.0.0.1")))
			unknown = append(unknown, code(c.logIn("nobody@example.com", "wrong password", "10.0.0.2")))
		}
		if diff := cmp.Diff(known, unknown); diff != "" {
			c.t.Error(diff)
		}
	})
}

func TestParallelGuessesGainNothing(t *testing.T) {
	companies(t, func(c *company) {
		c.user("ann", "")
		var tried sync.WaitGroup
		codes := make(chan string, 30)
		for range 30 {
			tried.Go(func() { codes <- code(c.logIn("ann@example.com", "wrong password", "10.0.0.1")) })
		}
		tried.Wait()
		close(codes)
		checked := 0
		for got := range codes {
			if got == "bad_credentials" {
				checked++
			}
		}
		if checked != 5 {
			c.t.Errorf("%d guesses were checked, want 5", checked)
		}
	})
}

func TestOnePasswordOnManyAccountsIsLockedByAddress(t *testing.T) {
	companies(t, func(c *company) {
		c.user("ann", "")
		for i := range 100 {
			wantCode(c.t, c.logIn(strings.Repeat("x", i+1)+"@example.com", "12345678", "10.0.0.9"), "bad_credentials")
		}
		wantCode(c.t, c.logIn("ann@example.com", password, "10.0.0.9"), "locked")
		wantCode(c.t, c.logIn("ann@example.com", password, "10.0.0.8"), "")
	})
}

func TestDisabledUserCannotComeIn(t *testing.T) {
	companies(t, func(c *company) {
		ann := c.user("ann", "")
		session, err := c.StartSession(c.t.Context(), ann, account.Arrival{})
		if err != nil {
			c.t.Fatal(err)
		}
		_, token, err := c.CreateToken(c.t.Context(), ann.ID, "robot")
		if err != nil {
			c.t.Fatal(err)
		}
		off := false
		if _, err := c.UpdateUser(c.t.Context(), ann.ID, account.UserChange{Active: &off}); err != nil {
			c.t.Fatal(err)
		}
		if _, ok, err := c.FindSession(c.t.Context(), session.Secret); ok || err != nil {
			c.t.Errorf("session of a disabled user: %t, %v", ok, err)
		}
		if _, ok, err := c.FindToken(c.t.Context(), token); ok || err != nil {
			c.t.Errorf("token of a disabled user: %t, %v", ok, err)
		}
		wantCode(c.t, c.logIn("ann@example.com", password, "10.0.0.1"), "bad_credentials")
	})
}

func TestNewPasswordEndsSessionsAndTokens(t *testing.T) {
	companies(t, func(c *company) {
		ann := c.user("ann", "")
		session, err := c.StartSession(c.t.Context(), ann, account.Arrival{})
		if err != nil {
			c.t.Fatal(err)
		}
		_, token, err := c.CreateToken(c.t.Context(), ann.ID, "robot")
		if err != nil {
			c.t.Fatal(err)
		}
		wantCode(c.t, c.ChangeOwnPassword(c.t.Context(), ann, "not the old", "new password", "10.0.0.1"), "invalid_input")
		wantCode(c.t, c.ChangeOwnPassword(c.t.Context(), ann, password, "short", "10.0.0.1"), "invalid_input")
		if _, ok, _ := c.FindSession(c.t.Context(), session.Secret); !ok {
			c.t.Error("a refused change ended the session")
		}
		wantCode(c.t, c.ChangeOwnPassword(c.t.Context(), ann, password, "new password", "10.0.0.1"), "")
		if _, ok, _ := c.FindSession(c.t.Context(), session.Secret); ok {
			c.t.Error("the session outlived the password")
		}
		if _, ok, _ := c.FindToken(c.t.Context(), token); ok {
			c.t.Error("the token outlived the password")
		}
		wantCode(c.t, c.logIn("ann@example.com", password, "10.0.0.1"), "bad_credentials")
		wantCode(c.t, c.logIn("ann@example.com", "new password", "10.0.0.1"), "")
	})
}

func TestSessionSlidesAndExpires(t *testing.T) {
	companies(t, func(c *company) {
		session, err := c.StartSession(c.t.Context(), c.user("ann", ""), account.Arrival{})
		if err != nil {
			c.t.Fatal(err)
		}
		for range 3 {
			c.clock.Advance(13 * 24 * time.Hour)
			if _, ok, err := c.FindSession(c.t.Context(), session.Secret); !ok || err != nil {
				c.t.Fatalf("a session in use ended: %v", err)
			}
		}
		c.clock.Advance(account.SessionLife)
		if _, ok, err := c.FindSession(c.t.Context(), session.Secret); ok || err != nil {
			c.t.Errorf("an unused session lived on: %v", err)
		}
	})
}

func TestSecretsAreNotStored(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c := newCompany(t, db)
		ann := c.user("ann", "")
		session, err := c.StartSession(t.Context(), ann, account.Arrival{})
		if err != nil {
			t.Fatal(err)
		}
		_, token, err := c.CreateToken(t.Context(), ann.ID, "robot")
		if err != nil {
			t.Fatal(err)
		}
		var stored []string
		err = db.Read(t.Context(), func(tx *sqldb.Tx) error {
			rows, err := tx.Query(`SELECT digest FROM session UNION ALL SELECT digest FROM token
				UNION ALL SELECT password_hash FROM account`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var text string
				if err := rows.Scan(&text); err != nil {
					return err
				}
				stored = append(stored, text)
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{session.Secret, session.CSRF(), token, password} {
			for _, text := range stored {
				if strings.Contains(text, secret) {
					t.Errorf("a secret is stored as it is: %s", text)
				}
			}
		}
		if len(stored) != 3 {
			t.Errorf("looked at %d texts, want 3", len(stored))
		}
	})
}

func TestFaultsOfAUserComeAtOnce(t *testing.T) {
	companies(t, func(c *company) {
		capacity := -1
		_, err := c.CreateUser(c.t.Context(), account.NewUser{
			Name: " ", Email: "no address", Password: "short", Language: "tlh", Zone: "Mars/Olympus", Department: "none", Capacity: &capacity,
		})
		f, ok := fault.As(err)
		if !ok {
			c.t.Fatalf("no fault: %v", err)
		}
		got := map[string]string{}
		for _, field := range f.Fields {
			got[field.Path] = field.Code
		}
		want := map[string]string{
			"name": "required", "email": "invalid_email", "password": "password_too_short", "language": "unknown_language",
			"zone": "unknown_zone", "department": "unknown_department", "capacity": "negative",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			c.t.Error(diff)
		}
	})
}

func TestEmailIsTakenInAnyCase(t *testing.T) {
	companies(t, func(c *company) {
		c.user("ann", "")
		_, err := c.CreateUser(c.t.Context(), account.NewUser{Name: "Ann", Email: "ANN@Example.com"})
		wantCode(c.t, err, "email_taken")
	})
}

func TestLastAdministratorStays(t *testing.T) {
	companies(t, func(c *company) {
		ann, off, none := c.user("ann", "", account.AdministratorRole), false, []string{}
		_, err := c.UpdateUser(c.t.Context(), ann.ID, account.UserChange{Active: &off})
		wantCode(c.t, err, "last_administrator")
		_, err = c.UpdateUser(c.t.Context(), ann.ID, account.UserChange{Roles: &none})
		wantCode(c.t, err, "last_administrator")
		c.user("bob", "", account.AdministratorRole)
		_, err = c.UpdateUser(c.t.Context(), ann.ID, account.UserChange{Active: &off})
		wantCode(c.t, err, "")
	})
}

func TestFirstAdministratorOfTwoThatRace(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		one, other := newCompany(t, db), newCompany(t, db)
		made := make(chan account.FirstAdministrator, 2)
		var both sync.WaitGroup
		for _, c := range []*company{one, other} {
			both.Go(func() {
				first, err := c.EnsureAdministrator(t.Context(), "管理员", "", "")
				if err != nil {
					t.Error(err)
				}
				made <- first
			})
		}
		both.Wait()
		close(made)
		created := 0
		for first := range made {
			if !first.Created {
				continue
			}
			created++
			wantCode(t, one.logIn(first.User.Email, first.Password, "10.0.0.1"), "")
		}
		if created != 1 {
			t.Errorf("%d administrators were created, want 1", created)
		}
	})
}

func TestAnotherProcessSeesAChangeAtTheNextLogIn(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		here, there := newCompany(t, db), newCompany(t, db)
		ann := here.user("ann", "", "sales")
		session, err := here.StartSession(t.Context(), ann, account.Arrival{})
		if err != nil {
			t.Fatal(err)
		}
		roles := []string{"marketing"}
		if _, err := here.UpdateUser(t.Context(), ann.ID, account.UserChange{Roles: &roles}); err != nil {
			t.Fatal(err)
		}
		found, ok, err := there.FindSession(t.Context(), session.Secret)
		if err != nil || !ok {
			t.Fatalf("session not found: %v", err)
		}
		if diff := cmp.Diff(roles, found.User.Roles); diff != "" {
			t.Error(diff)
		}
	})
}
