package backup

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/sqldb"
)

const (
	lookEvery  = time.Minute
	retryAfter = time.Hour
	filePrefix = "clew-"
	fileEnd    = ".tar.zst"
	sealedEnd  = ".age"
	partialEnd = ".partial" // while a backup is being written
)

// Schedule backs up once a day into a folder and keeps the newest files.
type Schedule struct {
	DB      *sqldb.DB
	Options Options // but File
	Dir     string
	Keep    int           // files kept
	At      time.Duration // since midnight
	Zone    func() *time.Location
	Log     *slog.Logger

	stop context.CancelFunc
	wait sync.WaitGroup
}

// Start looks once a minute whether a backup is due.
func (s *Schedule) Start(ctx context.Context) {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.wait.Go(func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			if _, err := s.Due(ctx); err != nil && ctx.Err() == nil {
				s.Log.Error("backup failed", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

// Stop ends a backup that is being written, which leaves the earlier ones as they are.
func (s *Schedule) Stop() {
	if s.stop != nil {
		s.stop()
		s.wait.Wait()
	}
}

// Due writes a backup if none went well since the last hour for it, and tells whether it did.
func (s *Schedule) Due(ctx context.Context) (bool, error) {
	var good, newest Run
	now := s.Options.Now()
	err := s.DB.Read(ctx, func(tx *sqldb.Tx) (err error) {
		good, newest, err = lastUntil(tx, now)
		return err
	})
	if err != nil {
		return false, err
	}
	if !good.At.Before(s.last(now)) || newest.Problem != "" && now.Sub(newest.Ended) < retryAfter {
		return false, nil
	}
	return true, s.write(ctx, now)
}

// last is the latest moment, up to now, at which a backup was to be made.
func (s *Schedule) last(now time.Time) time.Time {
	local := now.In(s.Zone())
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	if at := midnight.Add(s.At); !at.After(now) {
		return at
	}
	return midnight.AddDate(0, 0, -1).Add(s.At)
}

func (s *Schedule) write(ctx context.Context, now time.Time) error {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	if err := s.sweep(); err != nil {
		return err
	}
	o := s.Options
	o.File = filepath.Join(s.Dir, filePrefix+now.UTC().Format("20060102-150405")+fileEnd)
	if o.Passphrase != "" {
		o.File += sealedEnd
	}
	result, err := WriteNoted(ctx, o, BySchedule)
	if err := errors.Join(err, s.audit(ctx, o.File, result, err)); err != nil {
		return err
	}
	s.Log.Info("backup written", "file", o.File, "bytes", result.Bytes, "rows", result.Manifest.Content.Rows())
	return s.prune()
}

// audit notes the backup among what was done to the system; a failed one too.
func (s *Schedule) audit(ctx context.Context, file string, result Result, failure error) error {
	e := audit.Entry{Kind: "backup.made", Params: map[string]any{"file": filepath.Base(file), "bytes": result.Bytes}}
	if failure != nil {
		e = audit.Entry{Kind: "backup.failed", Failed: true, Params: map[string]any{"file": filepath.Base(file), "problem": failure.Error()}}
	}
	return s.DB.Write(context.WithoutCancel(ctx), func(tx *sqldb.Tx) error { return audit.Write(tx, e) })
}

// sweep removes what backups that were killed left: each night has another
// name, so no later one writes over it. One that is being written is locked.
func (s *Schedule) sweep() error {
	entries, err := os.ReadDir(s.Dir)
	for _, e := range entries {
		at := strings.LastIndex(e.Name(), partialEnd)
		if at < 0 || !strings.HasPrefix(e.Name(), filePrefix) || inUse(filepath.Join(s.Dir, e.Name()[:at+len(partialEnd)])) {
			continue
		}
		err = errors.Join(err, os.Remove(filepath.Join(s.Dir, e.Name())))
	}
	return err
}

// inUse tells whether a backup is being written there.
func inUse(partial string) bool {
	f, err := os.OpenFile(partial, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(disk.Lock(f), disk.ErrLocked)
}

// prune removes the oldest files of ours beyond those that are kept.
func (s *Schedule) prune() error {
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		return err
	}
	var names []string
	for _, e := range entries {
		stem := strings.TrimSuffix(e.Name(), sealedEnd)
		if strings.HasPrefix(stem, filePrefix) && strings.HasSuffix(stem, fileEnd) {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	for len(names) > max(s.Keep, 1) {
		err = errors.Join(err, os.Remove(filepath.Join(s.Dir, names[0])))
		names = names[1:]
	}
	return err
}
