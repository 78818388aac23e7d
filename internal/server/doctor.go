package server

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// Check is one thing that Doctor looked at.
type Check struct {
	Name   string `json:"name"`
	State  string `json:"state"` // ok, warn or bad
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"`
}

// Runs is the text of the check that found a server at work on the data.
const Runs = "the server is running; its health page knows the rest"

// threadSample is how many threads' chains are verified.
const threadSample = 200

// Doctor checks a company's place and data, and that the addresses can be
// reached. A running server's data are looked at as far as that goes beside it.
func Doctor(ctx context.Context, o Options, language string, reach []string) []Check {
	checks := []Check{checkFolder(o.Data), checkSpace(o.Data)}
	checks = append(checks, checkCompany(ctx, o, language)...)
	for _, address := range reach {
		checks = append(checks, checkReach(ctx, address))
	}
	return checks
}

func checked(name string, err error, ok string) Check {
	if err != nil {
		return Check{Name: name, State: api.Bad, Text: err.Error()}
	}
	return Check{Name: name, State: "ok", Text: ok}
}

// checkFolder writes a file and removes it.
func checkFolder(dir string) Check {
	probe := filepath.Join(dir, ".doctor")
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		err = disk.WriteFile(probe, []byte("doctor"), 0o600)
	}
	if err == nil {
		err = os.Remove(probe)
	}
	return checked("data directory", err, dir+" can be written")
}

func checkSpace(dir string) Check {
	space, err := disk.SpaceOf(dir)
	c := checked("disk", err, fmt.Sprintf("%s free of %s", size(int64(space.Free)), size(int64(space.Total))))
	if err == nil && space.Free < diskBad {
		c.State = api.Bad
	}
	return c
}

func checkCompany(ctx context.Context, o Options, language string) []Check {
	app, err := Open(ctx, o)
	if f, ok := fault.As(err); ok && f.Code == "data_directory_in_use" {
		return []Check{{Name: "lock", State: "ok", Text: Runs}}
	}
	if err != nil {
		return []Check{{Name: "open", State: api.Bad, Text: api.Explain(language, err)}}
	}
	defer app.DB.Close()
	snapshot := app.Catalog.Current()
	if snapshot.Version == 0 {
		return []Check{{Name: "configuration", State: "ok", Text: "none yet: it comes with the first start"}}
	}
	checks := []Check{
		{Name: "lock", State: "ok", Text: "no server is running"},
		{Name: "configuration", State: "ok", Text: fmt.Sprintf("version %d with %d objects compiles", snapshot.Version, len(snapshot.Objects))},
	}
	err = app.DB.Read(ctx, func(tx *sqldb.Tx) error {
		found, err := app.health(tx)
		if err != nil {
			return err
		}
		for _, f := range found.Facts {
			checks = append(checks, Check{Name: f.Code, State: "ok", Text: fmt.Sprint(f.Value)})
		}
		for _, w := range api.Described(language, found.Items) {
			checks = append(checks, Check{Name: w.Code, State: w.State, Text: w.Text, Advice: w.Advice})
		}
		threads, err := checkThreads(tx)
		checks = append(checks, threads)
		return err
	})
	checks = append(checks, checkSoundness(ctx, app.DB))
	if err != nil {
		checks = append(checks, checked("database", err, ""))
	}
	return checks
}

// checkSoundness looks the whole database through.
func checkSoundness(ctx context.Context, db *sqldb.DB) Check {
	found, err := db.Faults(ctx)
	if err != nil || len(found) == 0 {
		return checked("integrity", err, "pages and references of the database fit together")
	}
	return Check{Name: "integrity", State: api.Bad, Text: strings.Join(found, "; "), Advice: "keep a copy of the data directory, then restore the last backup into an empty one"}
}

// checkThreads verifies the chains of some records.
func checkThreads(tx *sqldb.Tx) (Check, error) {
	rows, err := tx.Query("SELECT record FROM thread_entry WHERE seq=1 LIMIT $1", threadSample)
	if err != nil {
		return Check{}, err
	}
	var records []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			_ = rows.Close()
			return Check{}, err
		}
		records = append(records, id)
	}
	if err := rows.Close(); err != nil {
		return Check{}, err
	}
	for _, id := range records {
		broken, err := thread.Verify(tx, id)
		if err != nil {
			return Check{}, err
		}
		if broken != 0 {
			return Check{Name: "threads", State: api.Bad, Text: fmt.Sprintf("the history of record %s was changed at entry %d", id, broken),
				Advice: "compare it with a backup"}, nil
		}
	}
	return Check{Name: "threads", State: "ok", Text: fmt.Sprintf("the chains of %d records hold", len(records))}, nil
}

func checkReach(ctx context.Context, address string) Check {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err == nil {
		var answer *http.Response
		if answer, err = http.DefaultClient.Do(request); err == nil {
			_ = answer.Body.Close()
		}
	}
	return checked("reach", err, address+" answers")
}
