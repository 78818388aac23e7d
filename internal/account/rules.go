package account

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Profile is a set of password rules. There are two, because the standards
// contradict each other: one forbids composition rules and forced changes,
// the other asks for both (docs/adr/0013).
type Profile struct {
	Name      string        `json:"name"`
	MinLength int           `json:"min_length"`
	Advised   int           `json:"advised_length"`
	Classes   int           `json:"classes"` // of lower case, upper case, digits and signs, how many are needed
	MaxAge    time.Duration `json:"-"`       // after which a password has to be changed; 0 is never
	History   int           `json:"history"` // how many earlier passwords are refused
	Lock      time.Duration `json:"-"`
	MostIdle  int           `json:"most_idle_minutes"` // upper limit of Rules.IdleMinutes
}

// The names of the profiles.
const (
	ASVS = "asvs" // OWASP ASVS 5.0
	MLPS = "mlps" // GB/T 22239-2019, 等保
)

// Profiles are the two sets, the default first.
func Profiles() []Profile {
	return []Profile{
		{Name: ASVS, MinLength: 8, Advised: 15, Lock: 15 * time.Minute, MostIdle: 90 * 24 * 60},
		{Name: MLPS, MinLength: 8, Advised: 12, Classes: 3, MaxAge: 90 * 24 * time.Hour, History: 5, Lock: 30 * time.Minute, MostIdle: 30},
	}
}

// Rules are what the company demands of log-ins.
type Rules struct {
	Profile         string   `json:"profile"`
	IdleMinutes     int      `json:"idle_minutes"` // after which an unused session ends
	LifeHours       int      `json:"life_hours"`   // after which every session ends
	FactorRoles     []string `json:"factor_roles"` // whose people need a second factor
	FactorGraceDays int      `json:"factor_grace_days"`
	FactorSince     int64    `json:"factor_since,omitempty"` // real time at which FactorRoles last grew
}

// DefaultRules hold until somebody changes them.
func DefaultRules() Rules {
	return Rules{Profile: ASVS, IdleMinutes: int(SessionLife / time.Minute), LifeHours: 90 * 24, FactorRoles: []string{}, FactorGraceDays: 7}
}

// passwords is the profile's rules, the default's for a name that is gone.
func (r Rules) passwords() Profile {
	for _, p := range Profiles() {
		if p.Name == r.Profile {
			return p
		}
	}
	return Profiles()[0]
}

// Separate tells whether the company keeps administration, security and audit
// in different hands, as the 等保 profile asks for.
func (r Rules) Separate() bool { return r.Profile == MLPS }

func (r Rules) idle() time.Duration { return time.Duration(r.IdleMinutes) * time.Minute }

// Life is the longest that a session lasts.
func (r Rules) Life() time.Duration { return time.Duration(r.LifeHours) * time.Hour }

// The limits of what can be set.
const (
	leastIdle  = 5
	mostLife   = 365 * 24
	mostGrace  = 90
	rulesEntry = "rules"
)

func (r Rules) check() error {
	var faults fault.Collector
	between := func(path string, n, least, most int) {
		if n < least || n > most {
			faults.Add(&fault.Field{Path: path, Code: "out_of_range", Params: map[string]any{"min": least, "max": most}})
		}
	}
	if !slices.ContainsFunc(Profiles(), func(p Profile) bool { return p.Name == r.Profile }) {
		faults.Add(&fault.Field{Path: "profile", Code: "unknown_choice"})
	}
	between("idle_minutes", r.IdleMinutes, leastIdle, r.passwords().MostIdle)
	between("life_hours", r.LifeHours, 1, mostLife)
	between("factor_grace_days", r.FactorGraceDays, 0, mostGrace)
	return faults.Err()
}

// SetRules replaces the company's rules; whether the roles exist is checked
// above. Sessions that are too old under the new rules end with their next use.
func (s *Store) SetRules(ctx context.Context, r Rules) (Rules, error) {
	if err := r.check(); err != nil {
		return Rules{}, err
	}
	err := s.write(ctx, func(tx *sqldb.Tx) error {
		before, err := readRules(tx)
		if err != nil {
			return err
		}
		r.FactorSince = before.FactorSince
		if slices.ContainsFunc(r.FactorRoles, func(role string) bool { return !slices.Contains(before.FactorRoles, role) }) {
			r.FactorSince = sqldb.Micros(s.realNow(tx))
		}
		if err := writeSetting(tx, rulesEntry, r, "", s.realNow(tx)); err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "security.rules_changed", Params: map[string]any{"before": before, "after": r}})
	})
	return r, err
}

func readRules(tx *sqldb.Tx) (Rules, error) {
	rules := DefaultRules()
	_, err := readSetting(tx, rulesEntry, &rules)
	return rules, err
}

// readSetting reads a setting's body into target, which stays as it is when
// there is none, and gives what is sealed beside it.
func readSetting(tx *sqldb.Tx, name string, target any) (sealed string, err error) {
	var body string
	err = tx.QueryRow(`SELECT body, sealed FROM security_setting WHERE name = $1`, name).Scan(&body, &sealed)
	if errors.Is(err, sqldb.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return sealed, json.Unmarshal([]byte(body), target)
}

func writeSetting(tx *sqldb.Tx, name string, value any, sealed string, now time.Time) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO security_setting (name, body, sealed, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO UPDATE SET body = excluded.body, sealed = excluded.sealed, at = excluded.at`,
		name, string(body), sealed, sqldb.Micros(now))
	return err
}
