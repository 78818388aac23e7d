package notify

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"

	"clew.dev/clew/internal/connector"
	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Robot is a document of kind robot: a group that can be posted into.
type Robot struct {
	Name     string            `json:"-"`
	Vendor   string            `json:"vendor"` // wecom, dingtalk, feishu
	Base     string            `json:"base"`   // "" = Options.Base
	Label    map[string]string `json:"label"`
	Language string            `json:"language"` // "" = zh-CN
	Keyword  string            `json:"keyword"`  // what the group demands in each post
	Fields   []string          `json:"fields"`   // of the record, by API name; nothing else is posted
}

// ParseRobot reads a robot document's body.
func ParseRobot(name string, body json.RawMessage) (Robot, error) {
	r := Robot{Name: name, Language: "zh-CN"}
	if err := json.Unmarshal(body, &r); err != nil {
		return Robot{}, fault.New(fault.Invalid, "invalid_input", fault.Field{Code: "malformed", Detail: err.Error()})
	}
	var faults fault.Collector
	if !slices.Contains(connector.RobotVendors(), r.Vendor) {
		faults.Add(&fault.Field{Path: "vendor", Code: "unknown_vendor", Params: map[string]any{"vendor": r.Vendor}})
	}
	if u, err := url.Parse(r.Base); r.Base != "" && (err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil) {
		faults.Add(&fault.Field{Path: "base", Code: "invalid_url"})
	}
	return r, faults.Err()
}

// Secret is what a vendor gives out for a group's robot.
type Secret struct {
	Key    string `json:"key"`    // webhook key, access token or hook id
	Secret string `json:"secret"` // signs, "" = unsigned
}

// SetSecret keeps a robot's secret, sealed, and lets what waited for it, or
// died of the old one within the last 72 hours, go out.
func (n *Notify) SetSecret(tx *sqldb.Tx, robot string, s Secret) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO robot_secret (robot, sealed, at) VALUES ($1, $2, $3)
		ON CONFLICT (robot) DO UPDATE SET sealed = excluded.sealed, at = excluded.at`,
		robot, n.Box.SealText(string(raw), "robot/"+robot), tx.Now())
	if err != nil {
		return err
	}
	return n.Revive(tx, robot)
}

// Revive puts a robot's rows of the last 72 hours that were given up back in
// line, and ends its waiting after failures.
func (n *Notify) Revive(tx *sqldb.Tx, robot string) error {
	_, err := tx.Exec(`UPDATE outbox SET state = 'waiting', tries = 0, next_try = 0 WHERE robot = $1 AND state = 'dead' AND queued_at > $2`,
		robot, n.Now().Add(-giveUp))
	if err != nil {
		return err
	}
	if _, err = tx.Exec(`UPDATE outbox SET next_try = 0 WHERE robot = $1 AND state = 'waiting'`, robot); err != nil {
		return err
	}
	if _, err = tx.Exec(`UPDATE robot_post SET hold_until = 0, fails = 0 WHERE robot = $1`, robot); err != nil {
		return err
	}
	tx.AfterCommit(n.wake)
	return nil
}

// secret reads a robot's secret; ok is false when none was set.
func (n *Notify) secret(tx *sqldb.Tx, name string) (s Secret, ok bool, err error) {
	var sealed string
	err = tx.QueryRow(`SELECT sealed FROM robot_secret WHERE robot = $1`, name).Scan(&sealed)
	if errors.Is(err, sqldb.ErrNoRows) {
		return Secret{}, false, nil
	}
	if err != nil {
		return Secret{}, false, err
	}
	text, err := n.Box.OpenText(sealed, "robot/"+name)
	if err != nil {
		return Secret{}, false, err
	}
	err = json.Unmarshal([]byte(text), &s)
	return s, true, err
}

func (n *Notify) connect(r Robot, s Secret) (robot.Robot, bool) {
	base := r.Base
	if base == "" {
		base = n.Base(r.Vendor)
	}
	return connector.NewRobot(r.Vendor, robot.Config{
		Base: base, Key: s.Key, Secret: s.Secret, Keyword: r.Keyword, Client: n.Client, Now: n.Now})
}
