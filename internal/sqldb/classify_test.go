package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestEachErrorIsWhatItMeansToTheCaller: what the server answers, and what breaks on the way to it.
func TestEachErrorIsWhatItMeansToTheCaller(t *testing.T) {
	server := func(code string) error {
		return &pgconn.PgError{Code: code, Message: code, ConstraintName: "o_1_c_2_unique"}
	}
	for about, c := range map[string]struct {
		err        error
		code       string // "" stays as it is
		busy, down bool
		unique     bool
	}{
		"nothing":                        {nil, "", false, false, false},
		"somebody's own error":           {errors.New("mine"), "", false, false, false},
		"a serialisation failure":        {server("40001"), "database_busy", true, false, false},
		"a deadlock":                     {server("40P01"), "database_busy", true, false, false},
		"a lock not had in time":         {server("55P03"), "database_busy", true, false, false},
		"a connection refused":           {server("08001"), "database_unavailable", false, true, false},
		"a connection lost":              {server("08006"), "database_unavailable", false, true, false},
		"an administrator's shutdown":    {server("57P01"), "database_unavailable", false, true, false},
		"a server that is starting":      {server("57P03"), "database_unavailable", false, true, false},
		"too many connections":           {server("53300"), "database_unavailable", false, true, false},
		"an idle transaction cut":        {server("25P03"), "database_unavailable", false, true, false},
		"a full disk":                    {server("53100"), "storage_full", false, false, false},
		"a value taken":                  {server("23505"), "", false, false, true},
		"a reference to nothing":         {server("23503"), "", false, false, false},
		"a wrong statement":              {server("42601"), "", false, false, false},
		"a cancelled statement":          {server("57014"), "", false, false, false},
		"the end of the stream":          {io.EOF, "database_unavailable", false, true, false},
		"half an answer":                 {io.ErrUnexpectedEOF, "database_unavailable", false, true, false},
		"a closed socket":                {net.ErrClosed, "database_unavailable", false, true, false},
		"a host that does not answer":    {&net.OpError{Op: "dial", Err: errors.New("no route")}, "database_unavailable", false, true, false},
		"a deadline":                     {context.DeadlineExceeded, "database_unavailable", false, true, false},
		"a caller who left":              {context.Canceled, "", false, false, false},
		"an error that is wrapped":       {fmt.Errorf("saving: %w", server("40001")), "database_busy", true, false, false},
		"a full disk that is wrapped":    {fmt.Errorf("saving: %w", server("53100")), "storage_full", false, false, false},
		"a taken value that is wrapped":  {fmt.Errorf("saving: %w", server("23505")), "", false, false, true},
		"a fault stays the fault it was": {fault.New(fault.NotFound, "not_found"), "not_found", false, false, false},
	} {
		got := ""
		classified := sqldb.Classify(c.err)
		if problem, ok := fault.As(classified); ok {
			got = problem.Code
		} else if !errors.Is(classified, c.err) {
			t.Errorf("%s became %v", about, classified)
		}
		constraint, unique := sqldb.IsUnique(c.err)
		if got != c.code || sqldb.IsBusy(c.err) != c.busy || sqldb.IsDown(c.err) != c.down || unique != c.unique || unique && constraint != "o_1_c_2_unique" {
			t.Errorf("%s: %q, busy %t, down %t, unique %q %t", about, got, sqldb.IsBusy(c.err), sqldb.IsDown(c.err), constraint, unique)
		}
		if c.err != nil && c.code != "" && !errors.Is(classified, c.err) {
			t.Errorf("%s: the cause is lost", about)
		}
	}
}
