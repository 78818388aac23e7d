package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/worktime"
)

func (s *Server) alertRoutes() []Route {
	own := SignedIn("everybody has alerts of his own")
	return []Route{
		{Method: http.MethodGet, Path: Prefix + "/alerts", Tag: "inbox", Summary: "Which messages your browser announces.", Policy: own, Out: AlertsView{}, Handle: s.showAlerts},
		{Method: http.MethodPut, Path: Prefix + "/alerts", Tag: "inbox", Summary: "Choose which messages your browser announces.", Policy: own, In: Alerts{}, Out: AlertsView{}, Handle: s.chooseAlerts},
	}
}

// Alerts is what a person wants announced while the app is open.
type Alerts struct {
	Quiet bool     `json:"quiet"` // nothing outside working time but urgent messages
	Off   []string `json:"off"`   // kinds of messages that are not announced
}

// AlertsView is the choice with what there is to choose from.
type AlertsView struct {
	Alerts
	Kinds   []string `json:"kinds"`
	Working bool     `json:"working"` // it is working time now
}

// alertKinds are the kinds that can be switched; all others are "other".
func alertKinds() []string {
	return []string{"assigned", "touched", "clock_fired", "needs_completion", "other"}
}

const alertsName = "alerts"

func (s *Server) showAlerts(c *Call) error {
	return s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		view := AlertsView{Alerts: Alerts{Quiet: true, Off: []string{}}, Kinds: alertKinds(), Working: true}
		var text string
		err := tx.QueryRow(`SELECT value FROM preference WHERE account_id = $1 AND name = $2`, c.User.ID, alertsName).Scan(&text)
		if err == nil {
			err = json.Unmarshal([]byte(text), &view.Alerts)
		}
		if err != nil && !errors.Is(err, sqldb.ErrNoRows) {
			return err
		}
		if calendar, ok := catalog.Compiled[*worktime.Calendar](c.Snapshot, "calendar", c.Snapshot.Company.Calendar); ok {
			view.Working = calendar.IsWorking(tx.Now())
		}
		return c.JSON(view)
	})
}

func (s *Server) chooseAlerts(c *Call) error {
	var chosen Alerts
	if err := c.Decode(&chosen); err != nil {
		return err
	}
	if chosen.Off == nil { // absent, or null: everything is announced
		chosen.Off = []string{}
	}
	for _, kind := range chosen.Off {
		if !slices.Contains(alertKinds(), kind) {
			return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "off", Code: "unknown_choice", Params: map[string]any{"name": kind}})
		}
	}
	slices.Sort(chosen.Off)
	chosen.Off = slices.Compact(chosen.Off)
	text, err := json.Marshal(chosen)
	if err != nil {
		return err
	}
	err = c.Write(func(tx *sqldb.Tx) error {
		return c.prefer(tx, alertsName, string(text))
	})
	if err != nil {
		return err
	}
	return s.showAlerts(c)
}

// prefer keeps a preference of the caller's own.
func (c *Call) prefer(tx *sqldb.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO preference (account_id, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, name) DO UPDATE SET value = excluded.value`, c.User.ID, name, value)
	return err
}
