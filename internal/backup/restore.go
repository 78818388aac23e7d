package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// RestoreOptions say what is restored and where to.
type RestoreOptions struct {
	Place      sqldb.Options // an empty data directory and, with a URL, an empty database
	File       string
	Passphrase string
	Key        string // the sealing key's text, where the backup does not have it
}

// Restored is what Restore did.
type Restored struct {
	Manifest Manifest
	KeyThere bool // the key that the secrets need lies in the data directory
	Finished bool // an earlier restore had been interrupted in its last step and was finished
}

// Restore makes a data directory of a backup. Everything is unpacked beside the
// directory and checked against the manifest, then moved into place: whenever
// the process dies, the directory is absent, complete, or refused by the server
// until Restore has run again.
func Restore(ctx context.Context, o RestoreOptions) (Restored, error) {
	s, err := stage(o.Place.Dir)
	if err != nil {
		return Restored{}, err
	}
	defer s.lock.Close()
	if s.unfinished != nil {
		return o.restored(*s.unfinished, true), s.settle()
	}
	m, err := o.fill(ctx, s.dir)
	if err != nil {
		return Restored{}, errors.Join(err, s.drop())
	}
	if err := s.complete(m); err != nil {
		return Restored{}, err
	}
	return o.restored(m, false), s.settle()
}

func (o RestoreOptions) restored(m Manifest, finished bool) Restored {
	return Restored{Manifest: m, KeyThere: m.HasKey() || o.Key != "", Finished: finished}
}

// fill unpacks into dir, loads the database and compares it with the manifest.
func (o RestoreOptions) fill(ctx context.Context, dir string) (Manifest, error) {
	m, err := o.unpack(ctx, dir)
	if err != nil {
		return m, err
	}
	if m.Content.Product != o.Place.Product() {
		return m, fault.New(fault.Conflict, "backup_of_other_database").With("product", m.Content.Product)
	}
	if err := o.placeKey(m, dir); err != nil {
		return m, err
	}
	place := sqldb.Options{URL: o.Place.URL, Dir: dir}
	dump := filepath.Join(dir, databaseName)
	if err := loadOnce(ctx, place, dump, m.Content); err != nil {
		return m, err
	}
	return m, os.Remove(dump)
}

// loadOnce loads the database unless exactly this content is already there: an
// earlier restore into a server may have died after it, or its tool may still
// have been at work and come first.
func loadOnce(ctx context.Context, place sqldb.Options, dump string, want sqldb.Content) error {
	empty, err := sqldb.Empty(ctx, place)
	if err != nil {
		return err
	}
	var loading error
	if empty {
		loading = sqldb.Load(ctx, place, dump)
	}
	got, err := sqldb.ContentOf(ctx, place)
	different := want.Differences(got)
	switch {
	case err == nil && len(different) == 0:
		return nil
	case loading != nil:
		return loading
	case !empty:
		return fault.New(fault.Conflict, "not_empty").With("place", "the database")
	case err != nil:
		return err
	}
	return fault.New(fault.Conflict, "backup_damaged").With("file", strings.Join(different, ", "))
}

// placeKey writes the key that was given, if it is the one that was used.
func (o RestoreOptions) placeKey(m Manifest, dir string) error {
	if o.Key == "" {
		return nil
	}
	given, err := seal.Fingerprint(o.Key)
	if err != nil {
		return err
	}
	if m.Key != "" && given != m.Key {
		return fault.New(fault.Conflict, "wrong_key").With("want", m.Key).With("given", given)
	}
	return disk.WriteFile(filepath.Join(dir, seal.KeyFile), []byte(o.Key), 0o600)
}

// Open reads a backup's manifest alone.
func Open(file, passphrase string) (Manifest, error) {
	a, err := openArchive(file, passphrase)
	if err != nil {
		return Manifest{}, err
	}
	defer a.close()
	return a.manifest, nil
}

// unpack writes the archive's files into dir, each compared with the manifest.
func (o RestoreOptions) unpack(ctx context.Context, dir string) (Manifest, error) {
	a, err := openArchive(o.File, o.Passphrase)
	if err != nil {
		return Manifest{}, err
	}
	defer a.close()
	if err := a.manifest.check(); err != nil {
		return a.manifest, err
	}
	for _, f := range a.manifest.Files {
		if err := a.extract(ctx, f, dir); err != nil {
			return a.manifest, err
		}
	}
	if err := a.end(); err != nil {
		return a.manifest, errors.Join(damaged(o.File), err)
	}
	return a.manifest, nil
}

// archive is a backup being read.
type archive struct {
	manifest Manifest
	files    *tar.Reader
	unzipped io.Reader // what files reads
	close    func()
}

// padding is the most that any tar writes behind an archive's end.
const padding = 64 << 10

// end sees to it that no file follows, and that the archive's own checksum, which
// stands at its very end and is looked at only when all has been read, is right.
func (a *archive) end() error {
	if head, err := a.files.Next(); err == nil {
		return errors.New("not in the manifest: " + head.Name)
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	n, err := io.Copy(io.Discard, io.LimitReader(a.unzipped, padding+1))
	if err == nil && n > padding {
		return errors.New("something follows the archive's end")
	}
	return err
}

const ageMark = "age-encryption.org/"

func openArchive(file, passphrase string) (*archive, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	a, err := readArchive(f, passphrase)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	unzipped := a.close
	a.close = func() { unzipped(); _ = f.Close() }
	return a, nil
}

func readArchive(f io.Reader, passphrase string) (*archive, error) {
	in := bufio.NewReaderSize(f, 1<<20)
	plain := io.Reader(in)
	if start, _ := in.Peek(len(ageMark)); bytes.Equal(start, []byte(ageMark)) {
		var err error
		if plain, err = decrypt(in, passphrase); err != nil {
			return nil, err
		}
	}
	unzipped, err := zstd.NewReader(plain)
	if err != nil {
		return nil, err
	}
	a := &archive{files: tar.NewReader(unzipped), unzipped: unzipped, close: unzipped.Close}
	head, err := a.files.Next()
	if err == nil && head.Name != manifestName {
		err = errors.New(head.Name)
	}
	if err != nil {
		a.close()
		return nil, fault.Wrap(fault.Conflict, "no_backup", err)
	}
	if a.manifest, err = readManifest(a.files); err != nil {
		a.close()
		return nil, err
	}
	return a, nil
}

func decrypt(in io.Reader, passphrase string) (io.Reader, error) {
	if passphrase == "" {
		return nil, fault.New(fault.Conflict, "passphrase_wanted")
	}
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(in, identity)
	if err != nil {
		return nil, fault.Wrap(fault.Conflict, "passphrase_wrong", err)
	}
	return plain, nil
}

func damaged(name string) error {
	return fault.New(fault.Conflict, "backup_damaged").With("file", name)
}

// extract writes the next file, which must be f, durably.
func (a *archive) extract(ctx context.Context, f File, dir string) error {
	head, err := a.files.Next()
	if err != nil || head.Name != f.Name || head.Size != f.Size || head.Typeflag != tar.TypeReg {
		return errors.Join(damaged(f.Name), err)
	}
	path := filepath.Join(dir, filepath.FromSlash(f.Name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	digest := sha256.New()
	_, err = io.Copy(io.MultiWriter(to, digest), reading{ctx, a.files})
	closing := errors.Join(to.Sync(), to.Close())
	var writing *fs.PathError
	if err != nil && ctx.Err() == nil && !errors.As(err, &writing) {
		return fault.Wrap(fault.Conflict, "backup_damaged", err).With("file", f.Name)
	}
	if err = errors.Join(err, closing); err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	if hex.EncodeToString(digest.Sum(nil)) != f.SHA256 {
		return damaged(f.Name)
	}
	return nil
}
