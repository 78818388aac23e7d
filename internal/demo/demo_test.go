package demo

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/bundle"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/conversion"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/notify"
	"clew.dev/clew/internal/outbound"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/timer"
	"clew.dev/clew/internal/worktime"
)

// end is a Tuesday 10:00 in Shanghai.
var end = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

// found wires a company on a database; nothing is generated yet.
func found(t testing.TB, db *sqldb.DB, leads int) Company {
	t.Helper()
	store := config.New(db)
	c, err := catalog.New(db, store, map[string]catalog.Compiler{
		"calendar":  compileCalendar,
		"lexicon":   reaction.CompileLexicon,
		"scorecard": reaction.CompileScorecard, "routing-table": reaction.CompileRoutingTable,
		"clock": reaction.CompileClock, "channel": intake.Compile,
		"conversion": conversion.Compile, "cycle": metric.CompileCycle,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Install(t.Context(), c, "crm"); err != nil {
		t.Fatal(err)
	}
	box, err := seal.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	accounts := account.New(db, account.Options{})
	if err := accounts.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	messages := notify.New(notify.Options{DB: db, Box: box, Client: outbound.New(outbound.Options{}), Person: func(id string) string { return id }})
	clocks := &reaction.Clocks{Version: c.DocumentAt}
	records := &record.Store{DB: db, Snapshot: c.Current, Directory: accounts.Directory}
	records.Reactions = []record.Reaction{
		reaction.Understand(), reaction.Score(), reaction.Route(), clocks.Reaction(), metric.Stages(), reaction.Messages(messages), metric.Reaction(),
		metric.Milestones(func() *record.Store { return records }), reaction.Load(),
	}
	return Company{
		DB: db, Snapshot: c.Current, Accounts: accounts, Records: records, Notify: messages, Leads: leads, End: end,
		Intake: &intake.Service{DB: db, Snapshot: c.Current, Records: records, Secrets: &intake.Secrets{DB: db, Box: box}},
		Timer:  &timer.Timer{DB: db, Snapshot: c.Current, Records: records, Log: slog.New(slog.DiscardHandler)},
	}
}

func compileCalendar(_ *catalog.Snapshot, d config.Document) (any, error) {
	var body worktime.Definition
	if err := unfold(d, &body); err != nil {
		return nil, err
	}
	return worktime.New(body)
}

func unfold(d config.Document, into any) error { return json.Unmarshal(d.Body, into) }
