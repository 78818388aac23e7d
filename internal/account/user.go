package account

import (
	"context"
	"errors"
	"net/mail"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Languages are the languages that a person may choose.
func Languages() []string { return []string{"zh-CN", "en"} }

// NewUser is what a person starts with.
type NewUser struct {
	Name         string
	Email        string
	Password     string // "" with PasswordHash set, or nobody can log in as this person yet
	PasswordHash string // made by Hash, for many people of one password
	Language     string
	Zone         string
	Department   string
	Roles        []string
	Capacity     *int
	Inactive     bool
	MustChange   bool // the password, at the first log-in
}

// UserChange is a change of some properties; a nil one stays as it is.
type UserChange struct {
	Name       *string
	Email      *string
	Password   *string
	MustChange *bool // the password, at the next log-in; a new one without it need not be changed
	Language   *string
	Zone       *string
	Department *string
	Roles      *[]string
	Active     *bool
	Capacity   **int // points to nil for "no limit"
}

// Hash makes the stored form of a password.
func (s *Store) Hash(ctx context.Context, password string) (string, error) {
	return s.hasher.hash(ctx, password)
}

// CreateUser adds a person. Whether the roles exist, and whether the caller
// may give them, is checked above. Failures: Invalid with field paths.
func (s *Store) CreateUser(ctx context.Context, n NewUser) (User, error) {
	u := User{
		Name: n.Name, Email: n.Email, Language: n.Language, Zone: n.Zone, Department: n.Department,
		Roles: n.Roles, Capacity: n.Capacity, Active: !n.Inactive,
	}
	var faults fault.Collector
	s.check(&faults, &u)
	if n.Password != "" {
		faults.Add(s.checkPassword("password", n.Password, n.Email))
	}
	if err := faults.Err(); err != nil {
		return User{}, err
	}
	hash := n.PasswordHash
	if n.Password != "" {
		var err error
		if hash, err = s.Hash(ctx, n.Password); err != nil {
			return User{}, err
		}
	}
	u.ID = s.db.NewID()
	err := s.write(ctx, func(tx *sqldb.Tx) error {
		if err := s.insertUser(tx, u, hash, n.MustChange); err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "person.created", Target: personTarget(u.ID), Params: described(u)})
	})
	return u, err
}

func (s *Store) insertUser(tx *sqldb.Tx, u User, hash string, mustChange bool) error {
	now := sqldb.Micros(tx.Now())
	_, err := tx.Exec(`INSERT INTO account (id, name, email, email_key, language, zone, department_id, active,
		capacity, password_hash, created_at, updated_at, password_at, must_change)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		u.ID, u.Name, u.Email, EmailKey(u.Email), u.Language, u.Zone, textOrNull(u.Department), truth(u.Active),
		nullable(u.Capacity), hash, now, now, sqldb.Micros(s.realNow(tx)), mustChange)
	if err != nil {
		return taken(err)
	}
	return insertRoles(tx, u)
}

func insertRoles(tx *sqldb.Tx, u User) error {
	for i, role := range u.Roles {
		if _, err := tx.Exec(`INSERT INTO account_role (account_id, role, position) VALUES ($1, $2, $3)`,
			u.ID, role, int64(i)); err != nil {
			return err
		}
	}
	return nil
}

// UpdateUser changes a person. A new password, and being disabled, end all
// sessions and tokens in the same transaction. The last active administrator
// can neither be disabled nor lose the role.
func (s *Store) UpdateUser(ctx context.Context, id string, change UserChange) (User, error) {
	before, ok := s.Directory().User(id)
	if !ok {
		return User{}, fault.New(fault.NotFound, "not_found")
	}
	after := change.apply(before)
	hash, err := s.checkChange(ctx, &after, change)
	if err != nil {
		return User{}, err
	}
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		current, err := readUser(tx, id)
		if err != nil {
			return err
		}
		after = change.apply(current)
		s.check(new(fault.Collector), &after) // the same tidying as above
		if err := updateUser(tx, after); err != nil {
			return err
		}
		if err := s.changeEntrance(tx, after, change, hash); err != nil {
			return err
		}
		if err := keepAdministrator(tx, current); err != nil {
			return err
		}
		return auditChange(tx, current, after, hash != "")
	})
	return after, err
}

// changeEntrance writes a new password or the duty to change it, and ends
// sessions and tokens where the person may not go on with them.
func (s *Store) changeEntrance(tx *sqldb.Tx, u User, change UserChange, hash string) error {
	if hash != "" {
		if err := s.setPassword(tx, u.ID, hash, change.MustChange != nil && *change.MustChange); err != nil {
			return err
		}
	} else if change.MustChange != nil {
		if _, err := tx.Exec(`UPDATE account SET must_change = $1 WHERE id = $2`, *change.MustChange, u.ID); err != nil {
			return err
		}
	}
	if hash != "" || !u.Active {
		return s.revoke(tx, u.ID)
	}
	return nil
}

// auditChange keeps what of a person was changed; a language of one's own is nobody's business.
func auditChange(tx *sqldb.Tx, before, after User, password bool) error {
	was, is := described(before), described(after)
	for name := range is {
		if reflect.DeepEqual(was[name], is[name]) {
			delete(was, name)
			delete(is, name)
		}
	}
	if len(is) > 0 {
		e := audit.Entry{Kind: "person.changed", Target: personTarget(after.ID), Params: map[string]any{"before": was, "after": is}}
		if err := audit.Write(tx, e); err != nil {
			return err
		}
	}
	if !password {
		return nil
	}
	return audit.Write(tx, audit.Entry{Kind: "person.password_changed", Target: personTarget(after.ID)})
}

// described is what an audit entry says of a person.
func described(u User) map[string]any {
	return map[string]any{
		"name": u.Name, "email": u.Email, "department": u.Department, "roles": append([]string{}, u.Roles...), "active": u.Active,
	}
}

// checkChange checks the changed person and hashes a new password, "" for none.
func (s *Store) checkChange(ctx context.Context, after *User, change UserChange) (string, error) {
	var faults fault.Collector
	s.check(&faults, after)
	if change.Password != nil {
		faults.Add(s.checkPassword("password", *change.Password, after.Email))
	}
	if err := faults.Err(); err != nil {
		return "", err
	}
	if change.Password == nil {
		return "", nil
	}
	if err := s.refuseEarlier(ctx, "password", after.ID, *change.Password); err != nil {
		return "", err
	}
	return s.Hash(ctx, *change.Password)
}

func (c UserChange) apply(u User) User {
	set(&u.Name, c.Name)
	set(&u.Email, c.Email)
	set(&u.Language, c.Language)
	set(&u.Zone, c.Zone)
	set(&u.Department, c.Department)
	set(&u.Roles, c.Roles)
	set(&u.Active, c.Active)
	set(&u.Capacity, c.Capacity)
	return u
}

func set[T any](target *T, value *T) {
	if value != nil {
		*target = *value
	}
}

func updateUser(tx *sqldb.Tx, u User) error {
	_, err := tx.Exec(`UPDATE account SET name = $1, email = $2, email_key = $3, language = $4, zone = $5,
		department_id = $6, active = $7, capacity = $8, updated_at = $9 WHERE id = $10`,
		u.Name, u.Email, EmailKey(u.Email), u.Language, u.Zone, textOrNull(u.Department), truth(u.Active),
		nullable(u.Capacity), sqldb.Micros(tx.Now()), u.ID)
	if err != nil {
		return taken(err)
	}
	if _, err := tx.Exec(`DELETE FROM account_role WHERE account_id = $1`, u.ID); err != nil {
		return err
	}
	return insertRoles(tx, u)
}

func readUser(tx *sqldb.Tx, id string) (User, error) {
	u, err := scanUser(tx.QueryRow(`SELECT id, name, email, language, zone, COALESCE(department_id, ''), active,
		capacity FROM account WHERE id = $1`, id))
	if errors.Is(err, sqldb.ErrNoRows) {
		return User{}, fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return User{}, err
	}
	err = each(tx, `SELECT role FROM account_role WHERE account_id = $1 ORDER BY position`, func(rows *sqldb.Rows) error {
		var role string
		err := rows.Scan(&role)
		u.Roles = append(u.Roles, role)
		return err
	}, id)
	return u, err
}

// keepAdministrator refuses a change by which a company of administrators would have none.
func keepAdministrator(tx *sqldb.Tx, before User) error {
	if !before.Active || !slices.Contains(before.Roles, AdministratorRole) {
		return nil
	}
	var n int64
	err := tx.QueryRow(`SELECT COUNT(*) FROM account a JOIN account_role r ON r.account_id = a.id
		WHERE a.active = 1 AND r.role = $1`, AdministratorRole).Scan(&n)
	if err != nil || n > 0 {
		return err
	}
	return fault.New(fault.Conflict, "last_administrator")
}

// ChangeOwnPassword sets a new password for somebody who knows the old one.
// All his sessions and tokens end, the present one too.
func (s *Store) ChangeOwnPassword(ctx context.Context, user User, old, fresh, address string) error {
	if _, err := s.Authenticate(ctx, user.Email, old, address); err != nil {
		if fault.KindOf(err) == fault.Unauthorized {
			return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "password.old", Code: "wrong_password"})
		}
		return err
	}
	if f := s.checkPassword("password.new", fresh, user.Email); f != nil {
		return fault.New(fault.Invalid, "invalid_input", *f)
	}
	if fresh == old {
		return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "password.new", Code: "password_unchanged"})
	}
	if err := s.refuseEarlier(ctx, "password.new", user.ID, fresh); err != nil {
		return err
	}
	_, err := s.UpdateUser(ctx, user.ID, UserChange{Password: &fresh})
	return err
}

// check tidies a person's properties and collects what is wrong with them.
func (s *Store) check(faults *fault.Collector, u *User) {
	u.Name = checkName(faults, "name", u.Name)
	u.Email = strings.TrimSpace(u.Email)
	if address, err := mail.ParseAddress(u.Email); err != nil || address.Address != u.Email || len(u.Email) > 254 {
		faults.Add(&fault.Field{Path: "email", Code: "invalid_email"})
	}
	if u.Language != "" && !slices.Contains(Languages(), u.Language) {
		faults.Add(&fault.Field{Path: "language", Code: "unknown_language"})
	}
	if _, err := time.LoadLocation(u.Zone); err != nil || u.Zone == "Local" {
		faults.Add(&fault.Field{Path: "zone", Code: "unknown_zone"})
	}
	if _, ok := s.Directory().Department(u.Department); u.Department != "" && !ok {
		faults.Add(&fault.Field{Path: "department", Code: "unknown_department"})
	}
	if u.Capacity != nil && *u.Capacity < 0 {
		faults.Add(&fault.Field{Path: "capacity", Code: "negative"})
	}
	u.Roles = distinct(u.Roles)
}

// turnsText is the controls that turn what follows around: a name could look like another.
func turnsText(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// seen tells whether a character shows.
func seen(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// checkName normalises a name and refuses an empty, long or control-laden one.
func checkName(faults *fault.Collector, path, name string) string {
	name = strings.TrimSpace(norm.NFKC.String(name))
	switch {
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || turnsText(r) }):
		faults.Add(&fault.Field{Path: path, Code: "invalid_text"})
	case !strings.ContainsFunc(name, seen):
		faults.Add(&fault.Field{Path: path, Code: "required"})
	case utf8.RuneCountInString(name) > nameMax:
		faults.Add(&fault.Field{Path: path, Code: "too_long", Params: map[string]any{"max": nameMax}})
	}
	return name
}

func distinct(list []string) []string {
	var kept []string
	for _, item := range list {
		if !slices.Contains(kept, item) {
			kept = append(kept, item)
		}
	}
	return kept
}

// taken turns a doubled e-mail address into a fault.
func taken(err error) error {
	if _, ok := sqldb.IsUnique(err); ok {
		return fault.New(fault.Conflict, "email_taken", fault.Field{Path: "email", Code: "email_taken"})
	}
	return err
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
