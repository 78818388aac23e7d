// Package demo makes the company that a visitor meets: a maker of machine
// vision equipment with 40 people and, by default, 5,000 leads of six months.
//
// Nothing is inserted behind the program's back. Deliveries go through the
// channels with their real bodies and signatures, people act through the one
// write path, and the clocks fire as the business clock moves on. The same seed
// gives the same company but for ids. History ends at the next working Tuesday
// at 10:00 of the company, and business time goes on from there.
//
// All phones begin with +86 1700: the demo's own prefix, used for nobody else.
package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/timer"
)

// Name is what the company is called.
const Name = "恒锐智能装备"

// Password is everybody's.
const Password = "clew-demo"

// The channels' secrets.
const (
	DouyinSecret  = "clew-demo-douyin"
	WebsiteSecret = "clew-demo-website"
)

// PhonePrefix begins every phone of the demo, without the country's +86.
// Generated leads lie in 17001…–17009…; SandboxPhone is for what visitors send.
const (
	PhonePrefix  = "1700"
	SandboxPhone = "1700000"
)

// DefaultLeads is the size of the company that a visitor meets.
const DefaultLeads = 5000

// setting is the marker's row: an unfinished company is not mistaken for a whole one.
const setting = "demo_company"

const (
	unfinished = "unfinished"
	complete   = "complete"
)

// Company is what a company is made of; every field but Progress is needed.
type Company struct {
	DB       *sqldb.DB
	Snapshot func() *catalog.Snapshot // of template crm, installed
	Accounts *account.Store
	Intake   *intake.Service
	Records  *record.Store
	Timer    *timer.Timer
	Notify   *notify.Notify
	Leads    int                   // 0 is DefaultLeads
	Seed     uint64                // 0 is the demo's own
	End      time.Time             // of history; zero is the next working Tuesday 10:00
	Progress func(done, total int) // leads so far; may be nil
}

// marker is the setting's value.
type marker struct {
	State string `json:"state"`
	Leads int    `json:"leads"`
	Seed  uint64 `json:"seed"`
}

// Complete tells whether the database holds a whole demo company.
func Complete(ctx context.Context, db *sqldb.DB) (bool, error) {
	m, err := readMarker(ctx, db)
	return m.State == complete, err
}

// Generate makes the company in a database without people. A database that
// already holds a whole one is left as it is. Conflict demo_unfinished: an
// earlier attempt did not come to its end; not_a_demo: it is somebody's own.
func Generate(ctx context.Context, c Company) error {
	m, err := readMarker(ctx, c.DB)
	switch {
	case err != nil:
		return err
	case m.State == complete:
		return nil
	case m.State == unfinished:
		return fmt.Errorf("an earlier start did not finish the demo company: delete the data and start again: %w", fault.New(fault.Conflict, "demo_unfinished"))
	case len(c.Accounts.Directory().Users()) > 0:
		return fmt.Errorf("the database has people who are not the demo's: %w", fault.New(fault.Conflict, "not_a_demo"))
	}
	if c.Leads <= 0 {
		c.Leads = DefaultLeads
	}
	if c.Seed == 0 {
		c.Seed = 20260107
	}
	m = marker{State: unfinished, Leads: c.Leads, Seed: c.Seed}
	if err := writeMarker(ctx, c.DB, m); err != nil {
		return err
	}
	if err := c.make(ctx); err != nil {
		return err
	}
	debug.FreeOSMemory() // half a year's garbage must not count as the server's own
	m.State = complete
	return writeMarker(ctx, c.DB, m)
}

// make lives through the six months and hands the clock back.
func (c Company) make(ctx context.Context) error {
	world, err := newWorld(ctx, c)
	if err != nil {
		return err
	}
	c.DB.SetClock(world.clock.now)
	c.Notify.SetHistory(true)
	defer c.DB.SetClock(nil)
	defer c.Notify.SetHistory(false)
	if err := world.found(ctx); err != nil {
		return fmt.Errorf("demo's people: %w", err)
	}
	if err := world.live(ctx); err != nil {
		return err
	}
	real, err := realNow(ctx, c.DB)
	if err != nil {
		return err
	}
	return c.DB.SetOffset(world.end.Sub(real))
}

func realNow(ctx context.Context, db *sqldb.DB) (now time.Time, err error) {
	err = db.Read(ctx, func(tx *sqldb.Tx) error {
		now = tx.RealNow()
		return nil
	})
	return now, err
}

func readMarker(ctx context.Context, db *sqldb.DB) (m marker, err error) {
	err = db.Read(ctx, func(tx *sqldb.Tx) error {
		var value string
		err := tx.QueryRow("SELECT value FROM setting WHERE name=$1", setting).Scan(&value)
		if errors.Is(err, sqldb.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(value), &m)
	})
	return m, err
}

func writeMarker(ctx context.Context, db *sqldb.DB, m marker) error {
	value, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting(name,value) VALUES($1,$2)
			ON CONFLICT (name) DO UPDATE SET value=excluded.value`, setting, string(value))
		return err
	})
}
