package api

import (
	"errors"
	"net/http"
	"slices"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/worktime"
)

func (s *Server) firstStepRoutes() []Route {
	policy := Needs(access.UsersWrite, access.ConfigWrite, access.ChannelsWrite, access.HealthRead)
	return []Route{
		{Method: http.MethodGet, Path: Prefix + "/first-steps", Tag: "home", Summary: "What a company needs before it can work, and what of it is done.", Policy: policy, Out: FirstSteps{}, Handle: s.showFirstSteps},
		{Method: http.MethodPut, Path: Prefix + "/first-steps", Tag: "home", Summary: "Put the first steps away, or take them out again.", Policy: policy, In: PuttingAway{}, Out: FirstSteps{}, Handle: s.putFirstStepsAway},
	}
}

// FirstSteps are the steps of a new company that the caller has the right to
// take, in the order in which they are best taken.
type FirstSteps struct {
	PutAway bool        `json:"put_away"`
	Steps   []FirstStep `json:"steps"`
}

// PuttingAway says whether the caller wants to see the first steps no longer.
type PuttingAway struct {
	PutAway bool `json:"put_away"`
}

// FirstStep is one step: people, departments, pools, intake, robot, calendar
// or backup. Whether it is done is read from what it is about.
type FirstStep struct {
	Name     string `json:"name"`
	Done     bool   `json:"done"`
	Count    int    `json:"count"`              // how many there are of what it asks for
	Of       int    `json:"of,omitempty"`       // how many there could be
	Document string `json:"document,omitempty"` // the configuration document where it is done

	right string
}

const firstStepsName = "first-steps"

func (s *Server) showFirstSteps(c *Call) error {
	var view FirstSteps
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) (err error) {
		view, err = s.firstSteps(c, tx)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

func (s *Server) putFirstStepsAway(c *Call) error {
	var chosen PuttingAway
	if err := c.Decode(&chosen); err != nil {
		return err
	}
	err := c.Write(func(tx *sqldb.Tx) error {
		if !chosen.PutAway {
			_, err := tx.Exec(`DELETE FROM preference WHERE account_id = $1 AND name = $2`, c.User.ID, firstStepsName)
			return err
		}
		return c.prefer(tx, firstStepsName, "{}")
	})
	if err != nil {
		return err
	}
	return s.showFirstSteps(c)
}

func (s *Server) firstSteps(c *Call, tx *sqldb.Tx) (FirstSteps, error) {
	view := FirstSteps{Steps: c.peopleSteps()}
	var value string
	err := tx.QueryRow(`SELECT value FROM preference WHERE account_id = $1 AND name = $2`, c.User.ID, firstStepsName).Scan(&value)
	if err != nil && !errors.Is(err, sqldb.ErrNoRows) {
		return view, err
	}
	view.PutAway = err == nil
	for _, step := range []func(*Call, *sqldb.Tx) (FirstStep, error){s.intakeStep, s.robotStep, s.calendarStep, s.backupStep} {
		one, err := step(c, tx)
		if err != nil {
			return view, err
		}
		view.Steps = append(view.Steps, one)
	}
	view.Steps = slices.DeleteFunc(view.Steps, func(one FirstStep) bool { return !c.Grants.Has(one.right) })
	return view, nil
}

// peopleSteps ask for colleagues, for departments, and for somebody in a pool.
func (c *Call) peopleSteps() []FirstStep {
	active := 0
	for _, user := range c.Directory.Users() {
		if user.Active {
			active++
		}
	}
	pools := c.Snapshot.Documents("pool")
	manned := 0
	for _, pool := range pools {
		if slices.ContainsFunc(c.Directory.PoolMembers(pool.Name), c.works) {
			manned++
		}
	}
	departments := len(c.Directory.Departments())
	steps := []FirstStep{
		{Name: "people", Done: active > 1, Count: active, right: access.UsersWrite},
		{Name: "departments", Done: departments > 0, Count: departments, right: access.UsersWrite},
		{Name: "pools", Done: manned > 0, Count: manned, Of: len(pools), right: access.UsersWrite},
	}
	if len(pools) == 0 { // a company without pools needs nobody in them
		return steps[:2]
	}
	return steps
}

// works says whether a member of a pool can be given something.
func (c *Call) works(member account.PoolMember) bool {
	user, known := c.Directory.User(member.User)
	return known && user.Active
}

// intakeStep is done once a record came in by a channel or a form.
func (s *Server) intakeStep(_ *Call, tx *sqldb.Tx) (FirstStep, error) {
	step := FirstStep{Name: "intake", Of: len(s.Intake.Channels()), right: access.DeliveriesRead}
	err := tx.QueryRow(`SELECT COUNT(DISTINCT channel) FROM channel_day WHERE status IN ('accepted', 'touched')`).Scan(&step.Count)
	step.Done = step.Count > 0
	return step, err
}

// robotStep is done once a group's robot can speak.
func (s *Server) robotStep(c *Call, tx *sqldb.Tx) (FirstStep, error) {
	robots := c.Snapshot.Documents("robot")
	step := FirstStep{Name: "robot", Of: len(robots), right: access.ChannelsWrite}
	connected, err := s.Notify.Connected(tx)
	for _, robot := range robots {
		if connected[robot.Name] {
			step.Count++
		}
	}
	step.Done = step.Count > 0
	return step, err
}

// calendarStep is done while the company's calendar knows this year's public
// days; the health page asks for the next year's in time.
func (s *Server) calendarStep(c *Call, tx *sqldb.Tx) (FirstStep, error) {
	step := FirstStep{Name: "calendar", Document: c.Snapshot.Company.Calendar, right: access.ConfigWrite}
	if calendar, ok := catalog.Compiled[*worktime.Calendar](c.Snapshot, "calendar", step.Document); ok {
		step.Done = len(calendar.Missing(tx.Now(), tx.Now())) == 0
	}
	return step, nil
}

// backupStep is done once a backup was made, as the health page has it.
func (s *Server) backupStep(_ *Call, tx *sqldb.Tx) (FirstStep, error) {
	health, err := s.Health(tx)
	lacking := slices.ContainsFunc(health.Items, func(one Warning) bool { return one.Code == "backup_none" })
	return FirstStep{Name: "backup", Done: !lacking, right: access.HealthRead}, err
}
