package demo

import (
	"context"
	"encoding/json"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/sqldb"
)

// Group is a robot's chat group, as the sandbox's vendors know it.
type Group struct {
	Robot  string // document's name
	Vendor string
	Name   string
	Key    string
	Secret string
}

// Groups are the groups of all robot documents; their secrets are the demo's own.
func Groups(s *catalog.Snapshot) ([]Group, error) {
	var groups []Group
	for _, d := range s.Documents("robot") {
		var body struct {
			Vendor string            `json:"vendor"`
			Label  map[string]string `json:"label"`
		}
		if err := json.Unmarshal(d.Body, &body); err != nil {
			return nil, err
		}
		g := Group{Robot: d.Name, Vendor: body.Vendor, Name: body.Label["zh-CN"], Key: "clew-demo-" + d.Name}
		if body.Vendor != "wecom" { // WeCom's key is its secret
			g.Secret = "SECclewdemo-" + d.Name
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// secrets sets what channels and robots need to work in the demo.
func (w *world) secrets(ctx context.Context) error {
	for channel, secret := range map[string]string{"douyin": DouyinSecret, "website-api": WebsiteSecret} {
		if err := w.Intake.Secrets.Set(ctx, channel, secret); err != nil {
			return err
		}
	}
	groups, err := Groups(w.Snapshot())
	if err != nil {
		return err
	}
	for _, g := range groups {
		err := w.DB.Write(ctx, func(tx *sqldb.Tx) error {
			return w.Notify.SetSecret(tx, g.Robot, notify.Secret{Key: g.Key, Secret: g.Secret})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
