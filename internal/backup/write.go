package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"clew.dev/clew/internal/disk"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// Options say what is backed up and where to.
type Options struct {
	Place      sqldb.Options // URL and Dir
	File       string        // replaced when everything is written
	Passphrase string        // "" does not encrypt, and leaves the key out
	Secret     string        // the key, where it does not lie in Dir
	Version    string
	Now        func() time.Time
}

// Result is what became of a backup.
type Result struct {
	Manifest Manifest
	Bytes    int64 // of the file
}

// Write makes a backup, beside the server that may be running. Until the last
// step the file of that name stays as it was.
func Write(ctx context.Context, o Options) (Result, error) {
	if info, err := os.Stat(o.File); err == nil && !info.Mode().IsRegular() {
		return Result{}, fault.New(fault.Invalid, "not_a_file").With("path", o.File)
	}
	partial := o.File + partialEnd
	out, err := os.OpenFile(partial, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return Result{}, err
	}
	defer out.Close()
	if err := disk.Lock(out); err != nil {
		return Result{}, fault.Wrap(fault.Conflict, "backup_running", err)
	}
	result, err := o.write(ctx, out)
	if err == nil {
		err = disk.Rename(partial, o.File)
	}
	if err != nil {
		return Result{}, errors.Join(err, os.Remove(partial))
	}
	return result, nil
}

func (o Options) write(ctx context.Context, out *os.File) (Result, error) {
	if err := out.Truncate(0); err != nil {
		return Result{}, err
	}
	dump := o.File + partialEnd + ".db"
	defer os.Remove(dump)
	p, err := o.collect(ctx, dump)
	if err != nil {
		return Result{}, err
	}
	if err := p.archive(ctx, out, o.Passphrase); err != nil {
		return Result{}, err
	}
	if err := out.Sync(); err != nil {
		return Result{}, err
	}
	info, err := out.Stat()
	if err != nil {
		return Result{}, err
	}
	return Result{Manifest: p.manifest, Bytes: info.Size()}, nil
}

// parcel is what goes into the archive: the manifest and where its files lie.
type parcel struct {
	manifest Manifest
	paths    []string // beside manifest.Files
}

func (o Options) collect(ctx context.Context, dump string) (*parcel, error) {
	content, err := sqldb.Dump(ctx, o.Place, dump)
	if err != nil {
		return nil, err
	}
	newest, err := sqldb.NewestSchema()
	if err != nil {
		return nil, err
	}
	if content.Schema > newest {
		return nil, fault.New(fault.Conflict, "schema_too_new").With("database", content.Schema).With("program", newest)
	}
	p := &parcel{manifest: Manifest{Format: format, Program: o.Version, At: o.Now().UTC(), Content: content}}
	if err := p.add(ctx, databaseName, dump); err != nil {
		return nil, err
	}
	if err := p.addAttachments(ctx, o.Place.Dir); err != nil {
		return nil, err
	}
	return p, p.addKey(ctx, o)
}

// addKey notes the key's fingerprint and, in an encrypted backup, adds its file.
func (p *parcel) addKey(ctx context.Context, o Options) (err error) {
	if o.Secret != "" {
		p.manifest.Key, err = seal.Fingerprint(o.Secret)
		return err
	}
	path := filepath.Join(o.Place.Dir, seal.KeyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if p.manifest.Key, err = seal.Fingerprint(string(text)); err != nil || o.Passphrase == "" {
		return err
	}
	return p.add(ctx, seal.KeyFile, path)
}

func (p *parcel) addAttachments(ctx context.Context, dir string) error {
	err := filepath.WalkDir(filepath.Join(dir, attachments), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return p.add(ctx, filepath.ToSlash(name), path)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// add notes a file with its size and digest.
func (p *parcel) add(ctx context.Context, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	digest := sha256.New()
	size, err := io.Copy(digest, reading{ctx, f})
	p.manifest.Files = append(p.manifest.Files, File{Name: name, Size: size, SHA256: hex.EncodeToString(digest.Sum(nil))})
	p.paths = append(p.paths, path)
	return err
}

// archive writes manifest and files through tar, zstd and age.
func (p *parcel) archive(ctx context.Context, to io.Writer, passphrase string) (err error) {
	out := io.Writer(to)
	closers := []io.Closer{}
	if passphrase != "" {
		recipient, err := age.NewScryptRecipient(passphrase)
		if err != nil {
			return err
		}
		encrypted, err := age.Encrypt(to, recipient)
		if err != nil {
			return err
		}
		out, closers = encrypted, append(closers, encrypted)
	}
	// One thread at its quickest: the server beside it goes on working.
	packed, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return err
	}
	files := tar.NewWriter(packed)
	closers = append(closers, packed, files)
	if err := p.fill(ctx, files); err != nil {
		return err
	}
	for i := range closers {
		if err := closers[len(closers)-1-i].Close(); err != nil {
			return err
		}
	}
	return nil
}

func (p *parcel) fill(ctx context.Context, files *tar.Writer) error {
	text, err := json.MarshalIndent(p.manifest, "", " ")
	if err != nil {
		return err
	}
	if err := files.WriteHeader(p.header(manifestName, int64(len(text)))); err != nil {
		return err
	}
	if _, err := files.Write(text); err != nil {
		return err
	}
	for i, f := range p.manifest.Files {
		if err := p.copy(ctx, files, f, p.paths[i]); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

func (p *parcel) copy(ctx context.Context, files *tar.Writer, f File, path string) error {
	if err := files.WriteHeader(p.header(f.Name, f.Size)); err != nil {
		return err
	}
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	_, err = io.Copy(files, reading{ctx, from})
	return err
}

func (p *parcel) header(name string, size int64) *tar.Header {
	return &tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: p.manifest.At.Truncate(time.Second), Format: tar.FormatPAX}
}

// reading ends with its context.
type reading struct {
	ctx context.Context
	io.Reader
}

func (r reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
