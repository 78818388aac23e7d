package server

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"clew.dev/clew/internal/backup"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// BackupOptions are the daily backup's; an empty Dir makes none.
type BackupOptions struct {
	Dir            string
	Keep           int           // files kept
	At             time.Duration // since midnight, in the company's zone
	PassphraseFile string        // "" does not encrypt
}

// Backup writes a company's data to a file, beside the server that may be
// running on them, and says on out what it wrote.
func Backup(ctx context.Context, o Options, file, passphraseFile string, out io.Writer) error {
	passphrase, err := readSecret(passphraseFile)
	if err != nil {
		return err
	}
	began := time.Now()
	result, err := backup.WriteNoted(ctx, o.backupOptions(file, passphrase), backup.ByCommand)
	if err != nil {
		return err
	}
	m := result.Manifest
	fmt.Fprintf(out, "written %s: %s, %d tables, %d rows, %d attachments, schema %d, in %.1f s\n", file,
		size(result.Bytes), len(m.Content.Tables), m.Content.Rows(), m.Attachments(), m.Content.Schema, time.Since(began).Seconds())
	switch {
	case m.HasKey():
		fmt.Fprintln(out, "encrypted; the key that opens stored secrets is in it")
	case m.Key != "":
		fmt.Fprintf(out, "not in it: the key that opens stored secrets (%s, fingerprint %s). Keep a copy of it in another place.\n", keyPlace(o), m.Key)
	}
	return nil
}

func keyPlace(o Options) string {
	if os.Getenv("CLEW_SECRET_KEY") != "" {
		return "CLEW_SECRET_KEY"
	}
	return o.Data + string(os.PathSeparator) + seal.KeyFile
}

func (o Options) backupOptions(file, passphrase string) backup.Options {
	now := o.Now
	if now == nil {
		now = time.Now
	}
	return backup.Options{
		Place: sqldb.Options{URL: o.Database, Dir: o.Data}, File: file, Passphrase: passphrase,
		Secret: os.Getenv("CLEW_SECRET_KEY"), Version: o.Version, Now: now,
	}
}

// Restore makes a data directory, and fills an empty PostgreSQL database where
// one is named, of a backup, and says on out what it restored.
func Restore(ctx context.Context, o Options, file, passphraseFile, keyFile string, out io.Writer) error {
	passphrase, err := readSecret(passphraseFile)
	if err != nil {
		return err
	}
	key, err := readSecret(keyFile)
	if err != nil {
		return err
	}
	done, err := backup.Restore(ctx, backup.RestoreOptions{
		Place: sqldb.Options{URL: o.Database, Dir: o.Data}, File: file, Passphrase: passphrase, Key: key,
	})
	if err != nil {
		return err
	}
	m := done.Manifest
	if done.Finished {
		fmt.Fprintln(out, "an earlier restore had been interrupted in its last step; it is finished now")
	}
	fmt.Fprintf(out, "restored into %s: the state of %s, %d tables, %d rows, %d attachments, schema %d, written by clew %s; all checksums are right\n",
		o.Data, m.At.Format(time.RFC3339), len(m.Content.Tables), m.Content.Rows(), m.Attachments(), m.Content.Schema, m.Program)
	if !done.KeyThere && m.Key != "" {
		fmt.Fprintf(out, "the backup holds no key: copy the %s with fingerprint %s into %s before the first start, or set the secrets of channels, robots and log-in provider anew; who has a second factor then comes in by a recovery code\n", seal.KeyFile, m.Key, o.Data)
	}
	return nil
}

// readSecret is a file's text without the line's end; "" for no file.
func readSecret(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	text, err := os.ReadFile(path)
	secret := strings.TrimRight(string(text), "\r\n")
	if err == nil && secret == "" {
		err = fmt.Errorf("%s is empty", path)
	}
	return secret, err
}

// newSchedule is the daily backup, nil when none is wanted.
func (a *App) newSchedule() (*backup.Schedule, error) {
	if a.Backup.Dir == "" {
		return nil, nil
	}
	passphrase, err := readSecret(a.Backup.PassphraseFile)
	if err != nil {
		return nil, err
	}
	return &backup.Schedule{
		DB: a.DB, Options: a.backupOptions("", passphrase), Dir: a.Backup.Dir, Keep: a.Backup.Keep, At: a.Backup.At,
		Zone: func() *time.Location { return a.Catalog.Current().Zone() }, Log: a.Log,
	}, nil
}

// size is a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}
