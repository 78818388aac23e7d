package backup

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"clew.dev/clew/internal/sqldb"
)

// What set a backup off.
const (
	ByCommand  = "command"
	BySchedule = "schedule"
)

// Run is one backup that was tried.
type Run struct {
	At, Ended time.Time // real time
	Origin    string
	File      string
	Bytes     int64
	Encrypted bool
	Problem   string // "" when it went well
}

// WriteNoted is Write, noted in the database for the health page. A database of
// an earlier program has no place for the note; the backup is good without it.
func WriteNoted(ctx context.Context, o Options, origin string) (Result, error) {
	run := Run{At: o.Now(), Origin: origin, File: o.File, Encrypted: o.Passphrase != ""}
	result, err := Write(ctx, o)
	run.Ended, run.Bytes = o.Now(), result.Bytes
	if err != nil {
		run.Problem = err.Error()
	}
	if err == nil && result.Manifest.Content.Schema < runsSince {
		return result, nil
	}
	noting := run.note(context.WithoutCancel(ctx), o.Place)
	return result, errors.Join(err, noting)
}

// runsSince is the schema that the table of runs came with.
const runsSince = 16

func (r Run) note(ctx context.Context, place sqldb.Options) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return sqldb.Beside(ctx, place, `INSERT INTO backup_run (id, at, ended_at, origin, file, bytes, encrypted, problem)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, id.String(), r.At, r.Ended, r.Origin, r.File, r.Bytes, encryptedNumber(r.Encrypted), r.Problem)
}

func encryptedNumber(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// Last reads the newest run that went well and the newest of all; a zero At means none.
func Last(tx *sqldb.Tx) (good, newest Run, err error) { return lastUntil(tx, endOfTime) }

// endOfTime is later than any run.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// lastUntil is Last without what a clock that was wrong noted for later.
func lastUntil(tx *sqldb.Tx, now time.Time) (good, newest Run, err error) {
	const columns = "SELECT at, ended_at, origin, file, bytes, encrypted, problem FROM backup_run WHERE at <= $1 "
	if good, err = readRun(tx.QueryRow(columns+"AND problem = '' ORDER BY at DESC LIMIT 1", now)); err != nil {
		return good, newest, err
	}
	newest, err = readRun(tx.QueryRow(columns+"ORDER BY at DESC LIMIT 1", now))
	return good, newest, err
}

func readRun(row sqldb.Row) (r Run, err error) {
	err = row.Scan(&r.At, &r.Ended, &r.Origin, &r.File, &r.Bytes, &r.Encrypted, &r.Problem)
	if errors.Is(err, sqldb.ErrNoRows) {
		return Run{}, nil
	}
	return r, err
}
