package api

import (
	"net/http"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/sqldb"
)

func (s *Server) robotRoutes() []Route {
	write := Needs(access.ChannelsWrite)
	return []Route{
		{Method: http.MethodGet, Path: Prefix + "/robots", Tag: "inbox", Summary: "The groups' robots, and which can speak.", Policy: write, Out: List[RobotView]{}, Handle: s.listRobots},
		{Method: http.MethodPut, Path: Prefix + "/robots/{name}/secret", Tag: "inbox", Summary: "Set a robot's key and secret; they are never read back.", Policy: write, Status: http.StatusNoContent, In: RobotSecret{}, Handle: s.setRobotSecret},
	}
}

// RobotView is a group's robot; without a secret its messages wait.
type RobotView struct {
	Name      string `json:"name"`
	Label     string `json:"label"`
	Vendor    string `json:"vendor"`
	HasSecret bool   `json:"has_secret"`
}

// RobotSecret is what the vendor gives out for a robot.
type RobotSecret struct {
	Key    string `json:"key"`              // the webhook's address, or the key in it
	Secret string `json:"secret,omitempty"` // signs; absent where the robot is not to sign
}

func (s *Server) listRobots(c *Call) error {
	list := List[RobotView]{Items: []RobotView{}}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		connected, err := s.Notify.Connected(tx)
		if err != nil {
			return err
		}
		for _, document := range c.Snapshot.Documents("robot") {
			var robot struct {
				Vendor string `json:"vendor"`
			}
			if err := document.Decode(&robot); err != nil {
				return err
			}
			list.Items = append(list.Items, RobotView{
				Name: document.Name, Label: c.Label(document.Label()), Vendor: robot.Vendor, HasSecret: connected[document.Name],
			})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(list)
}

func (s *Server) setRobotSecret(c *Call) error {
	var body RobotSecret
	if err := c.Decode(&body); err != nil {
		return err
	}
	name := c.Param("name")
	if _, err := c.Snapshot.Document("robot", name); err != nil {
		return err
	}
	key, ok := notify.WebhookKey(body.Key)
	if !ok {
		return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "key", Code: "no_webhook_key"})
	}
	err := c.Write(func(tx *sqldb.Tx) error {
		return s.Notify.SetSecret(tx, name, notify.Secret{Key: key, Secret: body.Secret})
	})
	if err != nil {
		return err
	}
	return c.NoContent()
}
