package notify

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"unicode"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/connector"
	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/sqldb"
)

// Robot is a group that can be posted into, as its document of kind robot says.
type Robot struct {
	Name      string
	Vendor    string   // wecom, dingtalk, feishu
	Base      string   // "" = Options.Base
	Language  string   // "" = zh-CN
	Keyword   string   // what the group demands in each post
	Fields    []string // of the record, by API name; nothing else is posted
	PerMinute int      // posts, 0 = 20; never more than the vendor takes
}

func (r Robot) pace() pace {
	most := usual
	if r.Vendor == "feishu" {
		most = 100
	}
	if r.PerMinute <= 0 {
		return usual
	}
	return pace(min(r.PerMinute, most))
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
	if err := n.Revive(tx, robot); err != nil {
		return err
	}
	return audit.Write(tx, audit.Entry{Kind: "secret.set", Target: audit.Target{Kind: "robot", ID: robot}})
}

// Connected are the robots that have a secret.
func (n *Notify) Connected(tx *sqldb.Tx) (map[string]bool, error) {
	rows, err := tx.Query(`SELECT robot FROM robot_secret`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	connected := map[string]bool{}
	for rows.Next() {
		var robot string
		if err := rows.Scan(&robot); err != nil {
			return nil, err
		}
		connected[robot] = true
	}
	return connected, rows.Err()
}

// WebhookKey is a robot's key out of what a person pastes: the key itself, or
// the whole address that the vendor shows. ok is false where there is none.
func WebhookKey(pasted string) (key string, ok bool) {
	key = strings.TrimSpace(pasted)
	if address, err := url.Parse(key); err == nil && address.Host != "" {
		_, hook, _ := strings.Cut(address.Path, "/hook/")
		key = cmp.Or(address.Query().Get("key"), address.Query().Get("access_token"), hook)
	}
	return key, key != "" && !strings.ContainsFunc(key, unicode.IsSpace)
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
